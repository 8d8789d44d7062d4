package extract

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"driftwatch/crawler/plain"
)

// page is what is found on a page in one walk over its tree.
type page struct {
	address *url.URL // nil where it isn't known
	o       Options

	meta          map[string][]string // of name, property or itemprop in lower case
	title         string              // of <title>
	canonicalLink string
	language      string // of <html lang>
	scripts       []string
	headings      []heading
	times         []moment
	lines         []line // short texts, where a date may be written
	bylines       []string
	headline      int // the line at which the first h1 stands, -1
	articles      int // article elements
	passwords     bool
	ld            linked
	kinds         map[string]bool // the types that its JSON-LD speaks of
}

// heading is an h1.
type heading struct {
	text string
	own  bool // marked as the article's own
}

// moment is a time element, or one marked as a date.
type moment struct {
	value     string // machine-readable, or the text
	published bool   // marked as the publication
	modified  bool   // marked as the change
	aside     bool   // in a part of the page that isn't the article
	line      int
}

// line is a short text of the page.
type line struct {
	text  string
	dated bool // its element is named after a date
	aside bool
}

// Bounds on what is kept of a page.
const (
	maxLine     = 160
	maxLines    = 4000
	maxMeta     = 500
	maxHeadings = 50
)

// look walks over the tree.
func look(doc *html.Node, o Options) *page {
	p := &page{o: o, meta: map[string][]string{}, headline: -1}
	if u, err := url.Parse(o.URL); err == nil && u.Host != "" {
		p.address = u
	}
	p.visit(doc, false)
	p.ld, p.kinds = readLinked(p.scripts, o.URL)
	return p
}

// visit looks at a node and what is in it. aside: it is part of what isn't the
// article, a menu, a list of other news.
func (p *page) visit(n *html.Node, aside bool) {
	if n.Type == html.TextNode {
		p.text(n, aside)
		return
	}
	if n.Type == html.ElementNode {
		if !p.element(n, aside) {
			return
		}
		aside = aside || isAside(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p.visit(c, aside)
	}
}

// element takes down what an element says by itself. It reports whether there
// is more in it to look at.
func (p *page) element(n *html.Node, aside bool) bool {
	switch n.DataAtom {
	case atom.Script:
		if strings.Contains(strings.ToLower(attr(n, "type")), "ld+json") && n.FirstChild != nil && len(p.scripts) < 50 {
			p.scripts = append(p.scripts, n.FirstChild.Data)
		}
		return false
	case atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Select, atom.Iframe:
		return false
	case atom.Html:
		p.language = firstOf(p.language, attr(n, "lang"), attr(n, "xml:lang"))
	case atom.Title:
		p.title = firstOf(p.title, clean(textOf(n)))
		return false
	case atom.Meta:
		p.metaTag(n)
	case atom.Link:
		if strings.EqualFold(attr(n, "rel"), "canonical") {
			p.canonicalLink = firstOf(p.canonicalLink, attr(n, "href"))
		}
	case atom.Article:
		p.articles++
	case atom.Input:
		p.passwords = p.passwords || strings.EqualFold(attr(n, "type"), "password")
	case atom.H1:
		p.heading(n, aside)
	}
	p.marked(n, aside)
	return true
}

// metaTag takes down a meta element.
func (p *page) metaTag(n *html.Node) {
	content := strings.TrimSpace(attr(n, "content"))
	if content == "" || len(p.meta) >= maxMeta {
		return
	}
	for _, key := range []string{"property", "name", "itemprop", "http-equiv"} {
		if name := strings.ToLower(strings.TrimSpace(attr(n, key))); name != "" {
			p.meta[name] = append(p.meta[name], content)
		}
	}
}

func (p *page) heading(n *html.Node, aside bool) {
	text := clean(textOf(n))
	if text == "" || aside || len(p.headings) >= maxHeadings {
		return
	}
	if p.headline < 0 {
		p.headline = len(p.lines)
	}
	own := strings.EqualFold(attr(n, "itemprop"), "headline") || strings.EqualFold(attr(n, "itemprop"), "name")
	for up := n.Parent; up != nil && !own; up = up.Parent {
		own = up.DataAtom == atom.Article
	}
	p.headings = append(p.headings, heading{text, own})
}

// marked takes down what an element's attributes say of its content: a date, an
// author.
func (p *page) marked(n *html.Node, aside bool) {
	item := strings.ToLower(attr(n, "itemprop"))
	published := item == "datepublished" || item == "datecreated" || n.DataAtom == atom.Time && hasAttr(n, "pubdate")
	modified := item == "datemodified"
	if (n.DataAtom == atom.Time || published || modified) && len(p.times) < 200 {
		value := firstOf(attr(n, "datetime"), attr(n, "content"))
		if value == "" && n.DataAtom != atom.Meta {
			value = clean(textOf(n))
		}
		if value != "" {
			p.times = append(p.times, moment{value, published, modified, aside, len(p.lines)})
		}
	}
	if aside || len(p.bylines) >= 10 || n.DataAtom == atom.Meta {
		return
	}
	if item == "author" || attr(n, "rel") == "author" || isByline(attr(n, "class")) {
		if text := clean(textOf(n)); text != "" && len(text) <= maxLine {
			p.bylines = append(p.bylines, text)
		}
	}
}

// text takes down a text that is short enough to be a date or a byline.
func (p *page) text(n *html.Node, aside bool) {
	if len(p.lines) >= maxLines {
		return
	}
	text := strings.TrimSpace(n.Data)
	if text == "" {
		return
	}
	dated := n.Parent != nil && isDated(attr(n.Parent, "class")+" "+attr(n.Parent, "id")+" "+attr(n.Parent, "itemprop"))
	if len(text) > maxLine {
		text = ""
	}
	p.lines = append(p.lines, line{text, dated, aside})
}

// first gives the first content of the first of the named meta elements that has
// one.
func (p *page) first(names ...string) string {
	for _, name := range names {
		for _, content := range p.meta[name] {
			if content != "" {
				return content
			}
		}
	}
	return ""
}

// isAside reports the elements that hold something else than the article.
func isAside(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Nav, atom.Footer, atom.Aside:
		return true
	case atom.Body, atom.Html, atom.Main, atom.Article:
		return false
	}
	return containsAny(attr(n, "class")+" "+attr(n, "id"), asideNames)
}

var (
	asideNames = []string{"related", "sidebar", "footer", "comment", "recommend", "popular", "most-read", "mostread",
		"latest", "last-news", "lastnews", "news-list", "newslist", "news-feed", "newsfeed", "read-also", "readalso", "teaser"}
	bylineNames = []string{"byline", "author-name", "author__name", "article-author", "article__author", "post-author", "news-author"}
	datedNames  = []string{"date", "time", "publish", "posted", "created", "data"}
)

func isByline(class string) bool { return class != "" && containsAny(class, bylineNames) }

func isDated(names string) bool { return containsAny(names, datedNames) }

func containsAny(s string, parts []string) bool {
	if len(s) < 3 {
		return false
	}
	s = strings.ToLower(s)
	for _, part := range parts {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// textOf gives the text of a node, as plain text.
func textOf(n *html.Node) string {
	var b plain.Builder
	writeText(&b, n)
	return b.String()
}
