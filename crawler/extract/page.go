package extract

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"driftwatch/crawler/charset"
	"driftwatch/crawler/date"
	"driftwatch/news"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
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
func Page(body []byte, o Options) (*Article, error) {
	decoded, _ := charset.HTML(body, o.ContentType)
	if strings.TrimSpace(string(decoded[:min(len(decoded), 4096)])) == "" {
		return nil, fmt.Errorf("%w: the page is empty", ErrNoArticle)
	}
	if what := notText(body, decoded); what != "" {
		return nil, fmt.Errorf("%w: this is no page but %s", ErrNoArticle, what)
	}
	doc, err := parse(decoded)
	if err != nil {
		return nil, fmt.Errorf("%w: the page can't be read: %w", ErrNoArticle, err)
	}
	prune(doc)
	p := look(doc, o)
	a := &Article{
		URL:       o.URL,
		Canonical: p.canonical(),
		Title:     p.titleOf(doc),
		Authors:   p.authors(),
		Published: p.publishedOf(doc),
		Modified:  p.modified(),
		Language:  p.languageOf(),
		Site:      p.site(),
	}
	b := p.bodyOf(doc)
	a.Text, a.From = b.text, b.from
	if why := p.whyNot(b, decoded); why != "" {
		return nil, fmt.Errorf("%w: %s", ErrNoArticle, why)
	}
	return a, nil
}

// titleOf gives the title where the source's selector points, or as the page
// declares it.
func (p *page) titleOf(doc *html.Node) string {
	if n := query(doc, p.o.Selectors.Title); n != nil {
		if title := clean(textOf(n)); title != "" {
			return title
		}
	}
	return p.headlineOf()
}

// publishedOf gives the date where the source's selector points, or as the page
// declares it.
func (p *page) publishedOf(doc *html.Node) date.Date {
	if n := query(doc, p.o.Selectors.Date); n != nil {
		for _, written := range []string{attr(n, "datetime"), attr(n, "content"), clean(textOf(n))} {
			if d, ok := p.date(written); ok {
				return d
			}
		}
	}
	return p.published()
}

// query gives the first node that a selector names, nil where there is none or
// the selector can't be read.
func query(doc *html.Node, selector string) *html.Node {
	if selector == "" {
		return nil
	}
	s, err := cascadia.ParseGroup(selector)
	if err != nil {
		return nil
	}
	return cascadia.Query(doc, s)
}
