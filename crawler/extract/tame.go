package extract

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
)

// Bounds on what a page may cost. Pages of newspapers stay far below them.
const (
	maxBytes      = 4 << 20 // of a page; what lies beyond is cut off
	maxDepth      = 100     // of open elements, counted generously
	maxFormatting = 30      // of open formatting elements, which parsers reopen in each paragraph
	maxNodes      = 25_000  // of a page
	maxAttributes = 30      // of an element
)

// formatting are the elements that the HTML standard has a parser open again
// after a misplaced end tag.
var formatting = set("a b big code em font i nobr s small strike strong tt u")

// loose are the elements that close themselves when another begins, so that a
// missing end tag isn't depth.
var loose = set(`p li dt dd option optgroup tr td th thead tbody tfoot colgroup html head body`)

// voids are the elements without an end tag.
var voids = set(`area base br col embed hr img input link meta param source track wbr`)

// parse parses a page of any size and shape in bounded time. A page that is
// nested beyond bounds is parsed without the tags that go too far.
func parse(page []byte) (*html.Node, error) {
	page = page[:min(len(page), maxBytes)]
	if wild(page) {
		page = tame(page)
	}
	return html.Parse(bytes.NewReader(page))
}

// wild reports whether a page's elements may be open deeper than maxDepth. It
// errs on the side of yes.
func wild(page []byte) bool {
	var d depth
	for {
		i := bytes.IndexByte(page, '<')
		if i < 0 {
			return false
		}
		page = page[i+1:]
		if len(page) == 0 {
			return false
		}
		end := page[0] == '/'
		name := page
		if end {
			name = name[1:]
		}
		n := 0
		for n < len(name) && n < 16 && (name[n]|0x20 >= 'a' && name[n]|0x20 <= 'z' || name[n] >= '0' && name[n] <= '9') {
			n++
		}
		if n > 0 && !d.tag(strings.ToLower(string(name[:n])), end) {
			return true
		}
	}
}

// depth counts how many elements are open, as far as can be told without
// building a tree.
type depth struct {
	elements, formatting int
}

// tag counts a tag. It reports false where a start tag goes too deep; that tag
// isn't counted.
func (d *depth) tag(name string, end bool) bool {
	if voids[name] || loose[name] {
		return true
	}
	counter, limit := &d.elements, maxDepth
	if formatting[name] {
		counter, limit = &d.formatting, maxFormatting
	}
	if end {
		*counter = max(*counter-1, 0)
		return true
	}
	if *counter >= limit {
		return false
	}
	*counter++
	return true
}

// tame leaves out the start tags that go too deep.
func tame(page []byte) []byte {
	var d depth
	var out bytes.Buffer
	z := html.NewTokenizer(bytes.NewReader(page))
	z.SetMaxBuf(maxBytes)
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out.Bytes()
		}
		raw := z.Raw()
		if kind == html.StartTagToken || kind == html.EndTagToken {
			name, _ := z.TagName()
			if !d.tag(string(name), kind == html.EndTagToken) {
				continue
			}
		}
		out.Write(raw)
	}
}

// prune drops the attributes beyond any use, and the nodes after the first
// maxNodes.
func prune(doc *html.Node) {
	nodes := 0
	var visit func(n *html.Node)
	visit = func(n *html.Node) {
		if len(n.Attr) > maxAttributes {
			n.Attr = n.Attr[:maxAttributes]
		}
		for c := n.FirstChild; c != nil; {
			next := c.NextSibling
			if nodes++; nodes > maxNodes {
				n.RemoveChild(c)
			} else {
				visit(c)
			}
			c = next
		}
	}
	visit(doc)
}

func set(names string) map[string]bool {
	m := make(map[string]bool)
	for name := range strings.FieldsSeq(names) {
		m[name] = true
	}
	return m
}
