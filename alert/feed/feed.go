package feed

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/feeds"

	"driftwatch/alert/message"
	"driftwatch/guard"
	"driftwatch/news"
)

// Format is a form of feed.
type Format string

// The formats: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1.
const (
	RSS  Format = "rss"
	Atom Format = "atom"
	JSON Format = "json"
)

// MediaType is what a feed of the format is called over HTTP.
func (f Format) MediaType() string {
	switch f {
	case RSS:
		return "application/rss+xml; charset=utf-8"
	case Atom:
		return "application/atom+xml; charset=utf-8"
	}
	return "application/feed+json"
}

// Formats are all formats.
var Formats = []Format{RSS, Atom, JSON}

// Entry is one story of a feed: an alert of its article that tells it best,
// with that article's hits, and when it was flagged last.
type Entry struct {
	Alert   news.Alert
	Updated time.Time
}

// Settings of a feed.
type Settings struct {
	Title string
	Link  string         // where the feed is served; "": nowhere
	Zone  *time.Location // of the times in texts; nil: UTC
}

// home is the link of a feed that is served nowhere: formats ask for one.
const home = "urn:driftwatch:stories"

// Write gives a feed of entries, the latest first. The same entries give the
// same bytes.
func Write(f Format, s Settings, entries []Entry) ([]byte, error) {
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b Entry) int {
		return cmp.Or(b.Updated.Compare(a.Updated), cmp.Compare(b.Alert.Story.ID, a.Alert.Story.ID))
	})
	title := clean(guard.Header(s.Title))
	out := &feeds.Feed{
		Title: title, Link: &feeds.Link{Href: cmp.Or(s.Link, home)}, Id: cmp.Or(s.Link, home+":"+slug(title)),
		Description: title + ": stories that Driftwatch flagged", Author: &feeds.Author{Name: "Driftwatch"}, Updated: time.Unix(0, 0).UTC(),
	}
	if len(entries) > 0 {
		out.Updated = entries[0].Updated.UTC()
	}
	var tags [][]string
	for _, e := range entries {
		item, its, err := itemOf(e, s.Zone)
		if err != nil {
			return nil, err
		}
		out.Items, tags = append(out.Items, item), append(tags, its)
	}
	doc, err := encode(f, out, tags)
	if err != nil {
		return nil, fmt.Errorf("write the feed %q: %w", title, err)
	}
	return append(bytes.TrimRight(doc, "\n"), '\n'), nil
}

// slug is a title as part of an id.
func slug(title string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(title)), "-")
}

// itemOf is a story as an item, with what it is filed under.
func itemOf(e Entry, zone *time.Location) (*feeds.Item, []string, error) {
	m := message.New(e.Alert, zone)
	var body strings.Builder
	if err := page.Execute(&body, m); err != nil {
		return nil, nil, fmt.Errorf("write story %d: %w", e.Alert.Story.ID, err)
	}
	item := &feeds.Item{
		Title: clean(joined(": ", m.What.String(), cmp.Or(m.Title, "(no title)"))),
		Link:  &feeds.Link{Href: cmp.Or(m.Link, home)},
		Id:    home + ":" + strconv.FormatInt(e.Alert.Story.ID, 10), IsPermaLink: "false",
		Description: clean(joined(", ", m.Source(), m.When())),
		Content:     clean(body.String()),
		Created:     e.Alert.Article.When().UTC(), Updated: e.Updated.UTC(),
	}
	return item, tagsOf(e.Alert.Hits), nil
}

// tagsOf are the themes and countries of hits, each once.
func tagsOf(hits []news.Hit) []string {
	var out []string
	add := func(s string) {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, h := range hits {
		add(string(h.Theme))
		for _, c := range h.Countries {
			add(c)
		}
	}
	return out
}

func joined(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), sep)
}

// encode writes a feed in a format.
func encode(f Format, out *feeds.Feed, tags [][]string) ([]byte, error) {
	switch f {
	case RSS:
		rss := (&feeds.Rss{Feed: out}).RssFeed()
		rss.ManagingEditor = "" // RSS wants a mail address there
		for i, item := range rss.Items {
			item.Category = strings.Join(tags[i], ", ")
		}
		text, err := feeds.ToXML(rss)
		return []byte(text), err
	case Atom:
		atom := (&feeds.Atom{Feed: out}).AtomFeed()
		for i, entry := range atom.Entries {
			entry.Published = out.Items[i].Created.Format(time.RFC3339)
		}
		text, err := feeds.ToXML(atom)
		return []byte(text), err
	case JSON:
		doc := (&feeds.JSON{Feed: out}).JSONFeed()
		doc.Author = nil // of version 1; Authors is that of 1.1
		for i, item := range doc.Items {
			item.Tags = tags[i]
			item.Author = nil
			if item.Url == home {
				item.Url = ""
			}
		}
		return json.MarshalIndent(doc, "", "  ")
	}
	return nil, fmt.Errorf("there is no format %q; one of rss, atom, json", f)
}

// clean takes out what XML can't hold (XML 1.0, 2.2).
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || 0x20 <= r && r <= 0xd7ff || 0xe000 <= r && r <= 0xfffd || 0x10000 <= r && r <= 0x10ffff {
			return r
		}
		return -1
	}, s)
}

// page is the body of an item.
var page = template.Must(template.New("item").Parse(`{{with .Source}}<p>{{.}}</p>
{{end}}<p>{{.When}}</p>
{{range .Quote}}<blockquote>{{range .Pieces}}{{if .Marked}}<mark>{{.Text}}</mark>{{else}}{{.Text}}{{end}}{{end}}</blockquote>
{{end}}{{if .Why}}<ul>
{{range $i, $f := .Why}}<li><b>{{.Signal}}</b>{{$.Apart $i}}{{with .Status}}, {{.}}{{end}}{{with .Why}}: {{.}}{{end}}</li>
{{end}}</ul>
{{end}}`))
