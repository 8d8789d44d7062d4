package feed

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"driftwatch/crawler/charset"
	"driftwatch/crawler/date"
	"driftwatch/news"
)

// MaxItems is how many items of a feed are read; the rest is left out.
const MaxItems = 2000

// Feed is a feed as it was read. Its JSON form is what `driftwatch feed`
// prints; what is unknown is left out.
type Feed struct {
	Format      string    `json:"format"` // rss (of any version, RSS 1.0 in RDF too), atom, json or cdf
	ID          string    `json:"id,omitempty"`
	Title       string    `json:"title,omitempty"`
	Link        string    `json:"link,omitempty"`
	Description string    `json:"description,omitempty"`
	Language    string    `json:"language,omitempty"`
	Authors     []string  `json:"authors,omitempty"`
	Published   date.Date `json:"published,omitzero"`
	Updated     date.Date `json:"updated,omitzero"`
	Items       []Item    `json:"items"`
	Cut         bool      `json:"cut_off,omitempty"` // the feed breaks off; Items are those before that are whole
	More        bool      `json:"more,omitempty"`    // the feed has more than MaxItems items; Items are the first ones
	Rest        Rest      `json:"-"`
}

// Rest is when a feed says that it need not be asked.
type Rest struct {
	TTL   time.Duration // it stays as it is for so long; 0: it doesn't say
	Hours uint32        // hours of the day in UTC in which nothing new comes, bit 0 for the first
	Days  uint8         // days of the week, bit 0 for Sunday
}

// Item is one entry of a feed. Links are absolute where an address to resolve
// them against was known, texts are plain.
type Item struct {
	ID        string    `json:"id,omitempty"`
	Link      string    `json:"link,omitempty"`
	Title     string    `json:"title,omitempty"`
	Summary   string    `json:"summary,omitempty"`
	Content   string    `json:"content,omitempty"` // paragraphs separated by an empty line
	Published date.Date `json:"published,omitzero"`
	Updated   date.Date `json:"updated,omitzero"`
	Authors   []string  `json:"authors,omitempty"`
}

// Options say what is known of a feed beside its body; each may be left out.
type Options struct {
	ContentType string         // the response's header
	Base        string         // the address that the feed was read at
	Zone        *time.Location // of dates that are written without one; nil is UTC
}

// Parse reads a feed. What is no feed is a *NotFeedError. A feed that is cut off
// gives the items that are whole, and is a *CutOffError where there are none.
func Parse(body []byte, o Options) (*Feed, error) {
	decoded, _ := charset.XML(body, o.ContentType)
	text := string(decoded)
	address, err := url.Parse(o.Base)
	if err != nil || o.Base == "" {
		address = nil
	}
	f, err := read(text, decoded, address, date.Options{Zone: o.Zone})
	if err != nil {
		return nil, fmt.Errorf("read feed: %w", err)
	}
	if f == nil {
		return nil, notFeed(body, text)
	}
	f.settle(address)
	if f.Cut && len(f.Items) == 0 {
		return nil, &CutOffError{}
	}
	return f, nil
}

// CutOffError says that a feed breaks off before any item of it is whole: what
// it lists isn't known.
type CutOffError struct{}

// Error is a sentence.
func (*CutOffError) Error() string {
	return "this is a feed that is cut off before its first item is whole"
}

// read reads a feed of any format, nil where the text is none.
func read(text string, decoded []byte, base *url.URL, dates date.Options) (*Feed, error) {
	if start := strings.TrimLeft(text, " \t\r\n\uFEFF"); strings.HasPrefix(start, "{") {
		return readJSON(decoded, base, dates), nil
	}
	m, ok := mend(text, base, dates)
	if !ok {
		return nil, nil
	}
	reader := readRSS
	if m.format == "atom" {
		reader = readAtom
	}
	f, err := reader(m)
	if err != nil {
		return nil, err
	}
	f.Format, f.Cut, f.More = m.format, m.cut, m.more
	return f, nil
}

// settle gives every item an absolute link and an id of its own, and leaves out
// the ones that say nothing or are there already.
func (f *Feed) settle(base *url.URL) {
	f.Language = strings.TrimSpace(f.Language)
	f.Link = pageLink(base, f.Link)
	if base == nil {
		base, _ = url.Parse(f.Link)
	}
	seen := make(map[string]bool, len(f.Items))
	kept := f.Items[:0]
	for _, i := range f.Items {
		i.Link = pageLink(base, i.Link)
		if !i.says() {
			continue
		}
		if i.ID == "" || seen[i.ID] {
			i.ID = cmp.Or(i.Link, i.digest())
		}
		if !seen[i.ID] {
			kept = append(kept, i)
			seen[i.ID] = true
		}
	}
	f.Items = slices.Clip(kept)
	if f.Items == nil {
		f.Items = []Item{}
	}
}

// pageLink makes a link absolute. What leads to no page by http or https is no
// link: a script, a mail address.
func pageLink(base *url.URL, link string) string {
	link = absolute(base, link)
	if u, err := url.Parse(link); err != nil || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return link
}

// says reports whether there is anything in the item.
func (i Item) says() bool {
	return i.ID != "" || i.Link != "" || i.Title != "" || i.Summary != "" || i.Content != "" || !i.Published.IsZero() || !i.Updated.IsZero() || i.Authors != nil
}

// digest is the id of an item that has neither an id nor a link.
func (i Item) digest() string {
	sum := sha256.Sum256([]byte(i.Title + "\x00" + i.Summary + "\x00" + i.Content + "\x00" + i.Published.String()))
	return "sha256:" + hex.EncodeToString(sum[:16])
}

// NewsItems gives the feed's items as items of the source. An item that has
// neither a link nor an id with a text of its own is left out. Where a feed says
// only when an item was updated, that is when it was published.
func (f *Feed) NewsItems(source string) []news.Item {
	items := make([]news.Item, 0, len(f.Items))
	for _, i := range f.Items {
		if !isAddress(i.Link) {
			i.Link = ""
		}
		if i.Link == "" && (i.ID == "" || i.Content == "" && i.Summary == "") {
			continue
		}
		published := i.Published
		if published.IsZero() {
			published = i.Updated
		}
		items = append(items, news.Item{
			Source: source, ID: i.ID, Link: i.Link, Title: i.Title,
			Summary: i.Summary, Content: i.Content, Authors: i.Authors,
			Published: published.UTC(), Updated: i.Updated.UTC(),
		})
	}
	return items
}
