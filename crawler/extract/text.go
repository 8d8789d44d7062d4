package extract

import (
	"net/url"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"driftwatch/crawler/plain"
)

// body is the text that was found on a page.
type body struct {
	text  string
	from  string
	whole int // bytes that there were before tidying
	links int // of them, in links
	items int // links among them that are long enough to be headlines
}

// bodyOf finds the article's text: where the source's selectors point, else
// where readability finds it, else in JSON-LD.
func (p *page) bodyOf(doc *html.Node) body {
	if b := p.selected(doc); b.text != "" {
		return b
	}
	b := p.readable(doc)
	if told := plain.Text(plain.GuessRich(p.ld.body)); len(b.text) < minText && len(told) > len(b.text) {
		return body{text: p.tidy(told, nil), from: FromJSONLD}
	}
	return b
}

// selected gives the text of the elements that the source's selector names, in
// the order of the page.
func (p *page) selected(doc *html.Node) body {
	if p.o.Selectors.Text == "" {
		return body{}
	}
	selector, err := cascadia.ParseGroup(p.o.Selectors.Text)
	if err != nil {
		return body{}
	}
	var w writer
	for _, n := range cascadia.QueryAll(doc, selector) {
		if !within(n, doc, selector) {
			w.write(n, 0)
			w.Paragraph()
		}
	}
	return w.body(FromSelectors, p)
}

// within reports whether a node lies in another that the selector matches, so
// that its text is there already.
func within(n, doc *html.Node, selector cascadia.Matcher) bool {
	for up := n.Parent; up != nil && up != doc; up = up.Parent {
		if up.Type == html.ElementNode && selector.Match(up) {
			return true
		}
	}
	return false
}

// readable gives the text that readability finds. It takes the tree apart.
func (p *page) readable(doc *html.Node) body {
	strip(doc)
	address := p.address
	if address == nil {
		address = &url.URL{}
	}
	r := readability.NewParser()
	r.DisableJSONLD = true
	article, err := r.ParseAndMutate(doc, address)
	if err != nil || article.Node == nil {
		return body{}
	}
	var w writer
	w.write(article.Node, 0)
	return w.body(FromReadability, p)
}

// strip takes out of the tree what is never part of an article's text and
// misleads readability.
func strip(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.CommentNode || c.Type == html.ElementNode && isClutter(c) {
			n.RemoveChild(c)
		} else {
			strip(c)
		}
		c = next
	}
}

// writer writes a tree as plain text and takes down which of it is links.
type writer struct {
	plain.Builder
	links int    // bytes of text
	spans []span // of the links
}

// span is a run of bytes of a text.
type span struct{ start, end int }

func (w *writer) write(n *html.Node, depth int) {
	switch {
	case n.Type == html.TextNode:
		w.Text(n.Data)
		return
	case n.Type == html.ElementNode && unseen(n):
		return
	case n.DataAtom == atom.Br:
		w.Line()
		return
	}
	block := n.Type == html.ElementNode && plain.IsBlock(n.Data)
	if block {
		w.Paragraph()
	}
	start := w.Len()
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.write(c, depth+1)
	}
	if n.DataAtom == atom.A && w.Len() > start {
		w.links += w.Len() - start
		w.spans = append(w.spans, span{start, w.Len()})
	}
	if block {
		w.Paragraph()
	} else if n.DataAtom == atom.Td || n.DataAtom == atom.Th {
		w.Space()
	}
}

// headlineLink is how long a link is at the least that may be a headline.
const headlineLink = 25

func (w *writer) body(from string, p *page) body {
	b := body{from: from, whole: w.Len(), links: w.links}
	for _, s := range w.spans {
		if s.end-s.start >= headlineLink {
			b.items++
		}
	}
	b.text = p.tidy(w.String(), w.spans)
	return b
}

// unseen reports the elements that show no text.
func unseen(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Iframe, atom.Object, atom.Form,
		atom.Button, atom.Select, atom.Textarea, atom.Input, atom.Audio, atom.Video, atom.Figcaption:
		return true
	}
	return strings.Contains(strings.ReplaceAll(attr(n, "style"), " ", ""), "display:none")
}

func writeText(b *plain.Builder, n *html.Node) {
	w := writer{Builder: *b}
	w.write(n, 0)
	*b = w.Builder
}
