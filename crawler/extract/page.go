package extract

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"driftwatch/crawler/charset"
	"driftwatch/crawler/date"
	"driftwatch/crawler/extract/blocks"
	"driftwatch/crawler/wall"
	"driftwatch/news"
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
	Section   string    `json:"section,omitempty"`  // of the outlet, as the page names it
	Site      string    `json:"site,omitempty"`     // the outlet's name, as the page gives it

	From Origin `json:"from,omitzero"`
}

// Origin says where each part of an article was found: FromSelectors, FromJSONLD
// and so on; empty where there is none.
type Origin struct {
	Title     string `json:"title,omitempty"`
	Text      string `json:"text,omitempty"`
	Authors   string `json:"authors,omitempty"`
	Published string `json:"published,omitempty"`
	Modified  string `json:"modified,omitempty"`
	Language  string `json:"language,omitempty"`
	Section   string `json:"section,omitempty"`
}

// Where a part of an article was found.
const (
	FromSelectors = "selectors"
	FromJSONLD    = "json-ld"
	FromOpenGraph = "open graph" // Twitter's cards, which fall back to it, too
	FromMicrodata = "microdata"
	FromMeta      = "meta"    // other meta elements
	FromBlocks    = "page"    // what it shows; of the text, what the model of blocks took for it
	FromScript    = "script"  // data that a script of the page holds
	FromAddress   = "address" // of the page
)

// fromMeta is where the meta element of a name belongs to.
func fromMeta(name string) string {
	switch {
	case strings.HasPrefix(name, "og:"), strings.HasPrefix(name, "article:"), strings.HasPrefix(name, "twitter:"):
		return FromOpenGraph
	case name == "datepublished", name == "datemodified", name == "datecreated", name == "articlesection":
		return FromMicrodata
	}
	return FromMeta
}

// Options is what is known of a page before it is read. All of it may be left
// out.
type Options struct {
	URL         string         // the address that the page was read at
	ContentType string         // the response's Content-Type header
	Selectors   news.Selectors // the source's CSS selectors
	Fetched     time.Time      // when the page was fetched: no date after it is believed
	Zone        *time.Location // of times that are written without one; nil is UTC
	Model       *blocks.Model  // what tells the article's blocks; nil is the built-in one
}

// ErrNoArticle is what an error of Page wraps where the page holds no article.
var ErrNoArticle = errors.New("no article")

// WallError says that a page stands before the article. It wraps ErrNoArticle.
type WallError struct{ Wall wall.Finding }

// Error is a phrase.
func (e *WallError) Error() string { return ErrNoArticle.Error() + ": this is " + e.Wall.What }

// Unwrap is ErrNoArticle.
func (e *WallError) Unwrap() error { return ErrNoArticle }

// Page reads the article of a page. Where there is none, the error wraps
// ErrNoArticle and says what the page looks like instead.
func Page(body []byte, o Options) (*Article, error) {
	decoded, _ := charset.HTML(body, o.ContentType)
	if len(bytes.TrimSpace(decoded[:min(len(decoded), 4096)])) == 0 {
		return nil, fmt.Errorf("%w: the page is empty", ErrNoArticle)
	}
	if what := notText(body, decoded); what != "" {
		return nil, fmt.Errorf("%w: this is no page but %s", ErrNoArticle, what)
	}
	p := look(decoded, o)
	defer p.Release()
	s := selected(decoded, o.Selectors)
	a := &Article{
		URL:       o.URL,
		Canonical: p.canonical(),
		Title:     firstOf(s.title, p.title),
		Authors:   p.people,
		Published: p.publishedAs(s.dates),
		Modified:  p.modified(),
		Language:  p.languageOf(),
		Section:   p.section(),
		Site:      p.site(),
	}
	if s.title != "" {
		p.from.Title = FromSelectors
	}
	b := p.bodyOf(s.paragraphs)
	if len(b.text) < 3*minText {
		if f := wall.Guarded(string(decoded)); f.Kind != "" {
			return nil, &WallError{f}
		}
	}
	p.from.Text = b.from
	a.Text, a.From = b.text, p.from
	if why := p.whyNot(b); why != "" {
		if found := wall.Look(string(decoded)); found.Kind != "" {
			return nil, &WallError{found}
		}
		return nil, fmt.Errorf("%w: %s", ErrNoArticle, why)
	}
	return a, nil
}

// publishedAs gives the first date of what the source's selector points to, or
// as the page declares it.
func (p *page) publishedAs(written []string) date.Date {
	for _, w := range written {
		if d, ok := p.date(w); ok {
			p.from.Published = FromSelectors
			return d
		}
	}
	return p.published()
}
