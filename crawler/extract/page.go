package extract

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"driftwatch/crawler/date"
	"driftwatch/news"

	readability "codeberg.org/readeck/go-readability/v2"
)

// Article is what a page says. Its JSON form is what `driftwatch extract`
// prints; what is unknown is left out.
type Article struct {
	URL       string    `json:"url,omitempty"`
	Canonical string    `json:"canonical,omitempty"`
	Title     string    `json:"title,omitempty"`
	Text      string    `json:"text,omitempty"` // paragraphs separated by an empty line
	Authors   []string  `json:"authors,omitempty"`
	Published date.Date `json:"published,omitzero"`
	Modified  date.Date `json:"modified,omitzero"`
	Language  string    `json:"language,omitempty"` // BCP 47, as the page declares it
	Site      string    `json:"site,omitempty"`     // the outlet's name, as the page gives it

	From string `json:"-"` // where the text came from: FromSelectors, FromReadability, FromJSONLD
}

// Where an article's text came from.
const (
	FromSelectors   = "selectors"
	FromReadability = "readability"
	FromJSONLD      = "json-ld"
)

// Options is what is known of a page before it is read. All of it may be left
// out.
type Options struct {
	URL         string         // the address that the page was read at
	ContentType string         // the response's Content-Type header
	Selectors   news.Selectors // the source's CSS selectors
	Fetched     time.Time      // when the page was fetched: no date after it is believed
}

// ErrNoArticle is what an error of Page wraps where the page holds no article.
var ErrNoArticle = errors.New("no article")

// Page reads the article of a page. Where there is none, the error wraps
// ErrNoArticle and says what the page looks like instead.
func Page(html []byte, o Options) (*Article, error) {
	u, _ := url.Parse(o.URL)
	r, err := readability.FromReader(bytes.NewReader(html), u)
	if err != nil || r.Node == nil {
		return nil, fmt.Errorf("%w: the page has no text", ErrNoArticle)
	}
	var b strings.Builder
	if err := r.RenderText(&b); err != nil {
		return nil, fmt.Errorf("read page %s: %w", o.URL, err)
	}
	return &Article{URL: o.URL, Title: r.Title(), Text: b.String(), From: FromReadability}, nil
}
