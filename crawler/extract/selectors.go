package extract

import (
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"driftwatch/crawler/plain"
	"driftwatch/news"
)

// selection is what a source's selectors point to.
type selection struct {
	title      string
	dates      []string // what may be the date, the likeliest first
	paragraphs []paragraph
}

// selected reads what the selectors point to. Only this needs the page's tree.
func selected(decoded []byte, s news.Selectors) selection {
	if s == (news.Selectors{}) {
		return selection{}
	}
	doc, err := parse(decoded)
	if err != nil {
		return selection{}
	}
	prune(doc)
	var found selection
	if n := query(doc, s.Title); n != nil {
		found.title = clean(textOf(n))
	}
	if n := query(doc, s.Date); n != nil {
		found.dates = []string{attr(n, "datetime"), attr(n, "content"), clean(textOf(n))}
	}
	found.paragraphs = selectedText(doc, s.Text)
	return found
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

// selectedText gives the text of the elements that a selector names, in the
// order of the page.
func selectedText(doc *html.Node, written string) []paragraph {
	if written == "" {
		return nil
	}
	selector, err := cascadia.ParseGroup(written)
	if err != nil {
		return nil
	}
	var w writer
	for _, n := range cascadia.QueryAll(doc, selector) {
		if !within(n, doc, selector) {
			w.write(n)
			w.Paragraph()
		}
	}
	return w.paragraphs()
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

// writer writes a tree as plain text and takes down which of it is links.
type writer struct {
	plain.Builder
	spans []span // of the links
}

// span is a run of bytes of a text.
type span struct{ start, end int }

func (w *writer) write(n *html.Node) {
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
		w.write(c)
	}
	if n.DataAtom == atom.A && w.Len() > start {
		w.spans = append(w.spans, span{start, w.Len()})
	}
	if block {
		w.Paragraph()
	} else if n.DataAtom == atom.Td || n.DataAtom == atom.Th {
		w.Space()
	}
}

// paragraphs gives what was written.
func (w *writer) paragraphs() []paragraph {
	var all []paragraph
	at, links := 0, w.spans
	for text := range strings.SplitSeq(w.String(), "\n\n") {
		var linked int
		linked, links = overlap(links, at, at+len(text))
		all = append(all, paragraph{text: text, linked: linked})
		at += len(text) + len("\n\n")
	}
	return all
}

// overlap is how many bytes from start to end are links, and the links that are
// left for what follows.
func overlap(links []span, start, end int) (linked int, rest []span) {
	for len(links) > 0 && links[0].start < end {
		linked += max(0, min(links[0].end, end)-max(links[0].start, start))
		if links[0].end > end {
			break
		}
		links = links[1:]
	}
	return linked, links
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

// textOf gives the text of a node, as plain text.
func textOf(n *html.Node) string {
	var w writer
	w.write(n)
	return w.String()
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
