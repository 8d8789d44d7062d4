package feed

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"driftwatch/crawler/date"
	"driftwatch/crawler/plain"

	gofeedjson "github.com/mmcdole/gofeed/json"
)

// readJSON reads a JSON Feed, version 1 or 1.1 (jsonfeed.org); nil where the
// JSON is something else.
func readJSON(text []byte, base *url.URL, dates date.Options) *Feed {
	cut := breaksOff(text)
	if !json.Valid(text) {
		text = closeJSON(text, 2)
	}
	j, err := (&gofeedjson.Parser{}).Parse(bytes.NewReader(text))
	if err != nil || !isJSONFeed(j) {
		if cut && bytes.Contains(text, []byte("jsonfeed.org/version")) {
			return &Feed{Format: "json", Cut: true}
		}
		return nil
	}
	f := &Feed{
		Format:      "json",
		Title:       plain.Line(plain.Guess(j.Title)),
		Link:        absolute(base, j.HomePageURL),
		Description: plain.GuessRich(j.Description),
		Language:    j.Language,
		Authors:     jsonAuthors(j.Author, j.Authors),
		Cut:         cut,
		More:        len(j.Items) > MaxItems,
	}
	for _, i := range j.Items[:min(len(j.Items), MaxItems)] {
		if i == nil {
			continue
		}
		item := jsonItem(i, base, dates)
		if len(item.Authors) == 0 {
			item.Authors = f.Authors
		}
		f.Items = append(f.Items, item)
	}
	return f
}

// isJSONFeed tells a feed from other JSON: by its version, by its items and what it
// says of itself, or by items with a text as only JSON Feed names it.
func isJSONFeed(j *gofeedjson.Feed) bool {
	if strings.Contains(j.Version, "jsonfeed.org") || j.Items != nil && (j.Title != "" || j.HomePageURL != "") {
		return true
	}
	return slices.ContainsFunc(j.Items, func(i *gofeedjson.Item) bool {
		return i != nil && (i.ContentText != "" || i.ContentHTML != "")
	})
}

func jsonItem(i *gofeedjson.Item, base *url.URL, dates date.Options) Item {
	item := Item{
		ID:      i.ID,
		Link:    absolute(base, cmp.Or(i.URL, i.ExternalURL)),
		Title:   plain.Line(plain.Guess(i.Title)),
		Summary: plain.GuessRich(i.Summary),
		Content: plain.HTML(i.ContentHTML),
		Authors: jsonAuthors(i.Author, i.Authors),
	}
	if item.Content == "" {
		item.Content = plain.Text(i.ContentText)
	}
	if item.Link == "" && isAddress(i.ID) {
		item.Link = i.ID
	}
	item.Published, _ = date.Parse(i.DatePublished, dates)
	item.Updated, _ = date.Parse(i.DateModified, dates)
	return item
}

func jsonAuthors(one *gofeedjson.Author, many []*gofeedjson.Author) []string {
	var written []string
	for _, a := range append(many, one) {
		if a != nil {
			written = append(written, plain.Line(a.Name))
		}
	}
	return names(written)
}
