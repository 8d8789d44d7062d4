package feed

import (
	"bytes"
	"fmt"

	"driftwatch/crawler/date"
	"driftwatch/news"

	"github.com/mmcdole/gofeed"
)

// MaxItems is how many items of a feed are read; the rest is left out.
const MaxItems = 2000

// Feed is a feed as it was read. Its JSON form is what `driftwatch feed`
// prints; what is unknown is left out.
type Feed struct {
	Format      string `json:"format"` // rss, atom or json
	Title       string `json:"title,omitempty"`
	Link        string `json:"link,omitempty"`
	Description string `json:"description,omitempty"`
	Language    string `json:"language,omitempty"`
	Items       []Item `json:"items"`
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

// NotFeedError says what a body is that is no feed.
type NotFeedError struct {
	What string // "an HTML page titled “Kabar”", "nothing", "a sitemap", …
}

// Error is a sentence.
func (e *NotFeedError) Error() string { return "no feed: the address serves " + e.What }

// Parse reads a feed. contentType is the response's Content-Type header and
// base the address that the feed was read at; both may be empty. What is no
// feed is a *NotFeedError.
func Parse(body []byte, contentType, base string) (*Feed, error) {
	g, err := gofeed.NewParser().Parse(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("read feed %s: %w", base, err)
	}
	f := &Feed{Format: g.FeedType, Title: g.Title, Link: g.Link, Description: g.Description, Language: g.Language}
	for _, i := range g.Items {
		f.Items = append(f.Items, Item{ID: i.GUID, Link: i.Link, Title: i.Title, Summary: i.Description, Content: i.Content})
	}
	return f, nil
}

// NewsItems gives the feed's items as items of the source. An item that has
// neither a link nor an id with a text of its own is left out.
func (f *Feed) NewsItems(source string) []news.Item {
	items := make([]news.Item, 0, len(f.Items))
	for _, i := range f.Items {
		if i.Link == "" && (i.ID == "" || i.Content == "") {
			continue
		}
		items = append(items, news.Item{
			Source: source, ID: i.ID, Link: i.Link, Title: i.Title,
			Summary: i.Summary, Content: i.Content, Authors: i.Authors,
			Published: i.Published.UTC(), Updated: i.Updated.UTC(),
		})
	}
	return items
}
