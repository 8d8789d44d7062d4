package feed

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/url"
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
		text = closeJSON(text)
	}
	j, err := (&gofeedjson.Parser{}).Parse(bytes.NewReader(text))
	if err != nil || !strings.Contains(j.Version, "jsonfeed.org") && (j.Items == nil || j.Title == "" && j.HomePageURL == "") {
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

// breaksOff reports whether JSON ends before it is whole.
func breaksOff(text []byte) bool {
	var whole json.RawMessage
	return errors.Is(json.NewDecoder(bytes.NewReader(text)).Decode(&whole), io.ErrUnexpectedEOF)
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

// closeJSON ends a JSON Feed that was cut off after its last whole item. What
// has no whole item comes back as it was.
func closeJSON(text []byte) []byte {
	depth, quoted, whole := 0, false, -1
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
			if depth == 2 && c == '}' {
				whole = i + 1
			}
		}
	}
	if whole < 0 {
		return text
	}
	return append(bytes.Clone(text[:whole]), "]}"...)
}
