package feed

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"driftwatch/crawler/charset"
	"driftwatch/crawler/plain"
)

// Subscription is a feed as a list of feeds names it.
type Subscription struct {
	Title    string
	URL      string // of the feed
	Homepage string
	Language string // BCP 47; empty: not said
	Folder   string // the list's heading that it stands under; empty: none
}

// maxSubscriptions is how many feeds of a list are read.
const maxSubscriptions = 10_000

// ReadOPML reads a list of feeds in OPML (version 1.0 to 2.0, opml.org), in any
// encoding. An error says what the file is instead.
func ReadOPML(body []byte) ([]Subscription, error) {
	text, _ := charset.XML(body, "")
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is UTF-8 already
	var (
		list    []Subscription
		folders []string // open outlines; "" for those that are feeds
		root    bool
	)
	for len(list) < maxSubscriptions {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if !root {
				return nil, notOPML(body, string(text))
			}
			return list, fmt.Errorf("the list breaks off after %d feeds: %w", len(list), err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch strings.ToLower(t.Name.Local) {
			case "opml":
				root = true
			case "outline":
				s := subscription(t)
				if s.URL == "" {
					folders = append(folders, s.Title)
					continue
				}
				s.Folder = strings.Join(folders, "/")
				folders = append(folders, "")
				list = append(list, s)
			}
		case xml.EndElement:
			if strings.EqualFold(t.Name.Local, "outline") && len(folders) > 0 {
				folders = folders[:len(folders)-1]
			}
		}
	}
	if !root {
		return nil, notOPML(body, string(text))
	}
	return list, nil
}

// notOPML says what a text is that is no list of feeds.
func notOPML(body []byte, text string) *NotFeedError {
	e := notFeed(body, text)
	if t := strings.TrimSpace(text); strings.HasPrefix(t, "{") || strings.HasPrefix(t, "[") {
		e.What = "JSON"
	}
	e.List = true
	return e
}

func subscription(t xml.StartElement) Subscription {
	var s Subscription
	var text string
	for _, a := range t.Attr {
		value := plain.Line(a.Value)
		switch strings.ToLower(a.Name.Local) {
		case "title":
			s.Title = value
		case "text":
			text = value
		case "xmlurl":
			s.URL = value
		case "htmlurl":
			s.Homepage = value
		case "language":
			s.Language = value
		}
	}
	if s.Title == "" {
		s.Title = text
	}
	return s
}

// opml is a list of feeds as it is written.
type opml struct {
	XMLName xml.Name  `xml:"opml"`
	Version string    `xml:"version,attr"`
	Title   string    `xml:"head>title"`
	Folders []outline `xml:"body>outline"`
}

type outline struct {
	Text     string    `xml:"text,attr"`
	Title    string    `xml:"title,attr,omitempty"`
	Type     string    `xml:"type,attr,omitempty"`
	URL      string    `xml:"xmlUrl,attr,omitempty"`
	Homepage string    `xml:"htmlUrl,attr,omitempty"`
	Language string    `xml:"language,attr,omitempty"`
	Inner    []outline `xml:"outline"`
}

// WriteOPML writes a list of feeds in OPML 2.0, those of a folder together, the
// folders in the order in which they come.
func WriteOPML(w io.Writer, title string, list []Subscription) error {
	doc := opml{Version: "2.0", Title: title}
	at := map[string]int{}
	for _, s := range list {
		i, ok := at[s.Folder]
		if !ok {
			i = len(doc.Folders)
			at[s.Folder] = i
			doc.Folders = append(doc.Folders, outline{Text: s.Folder})
		}
		doc.Folders[i].Inner = append(doc.Folders[i].Inner, outline{
			Text: s.Title, Title: s.Title, Type: "rss", URL: s.URL, Homepage: s.Homepage, Language: s.Language,
		})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
