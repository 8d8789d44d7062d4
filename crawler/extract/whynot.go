package extract

import (
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"
)

const (
	minText  = 200 // bytes: less is an article only where the page says that it is one
	lineText = 40  // bytes: less is none in any case
)

// whyNot says why a page holds no article, empty where it does.
func (p *page) whyNot(b body) string {
	length := len(b.text)
	letters := utf8.RuneCountInString(b.text)
	switch {
	case !p.declared() && listed(b.items, b.links, b.whole), length < minText && !(length >= lineText && p.declared()) && listed(p.Listed()):
		n, _, _ := p.Listed()
		return fmt.Sprintf("the page is a list of links (%d of them)", max(n, b.items))
	case length >= minText || length >= lineText && p.declared():
		return ""
	case p.Passwords:
		return "the page asks for a password"
	case length == 0:
		return "no text was found on the page"
	default:
		return fmt.Sprintf("the page has only %d letters of text and doesn't say that it is an article", letters)
	}
}

// listed reports whether a text of so many bytes, of them so many in links, is a
// list of items that are links.
func listed(items, links, whole int) bool { return items >= 5 && 2*links > whole }

// notText says what a body is that is no text; empty where it may be a page.
// The kinds are those of the WHATWG's MIME Sniffing standard; what has no kind
// there is told by its control characters, of which a page has a few at most.
func notText(body, decoded []byte) string {
	kind := http.DetectContentType(body)
	switch major, _, _ := strings.Cut(kind, "/"); {
	case major == "image" || major == "audio" || major == "video" || major == "font":
		return "a file of type " + kind
	case kind == "application/octet-stream":
		return binary(decoded)
	case major == "application":
		return "a file of type " + kind
	}
	return ""
}

// binary tells data from text.
func binary(decoded []byte) string {
	head := decoded[:min(len(decoded), 4096)]
	controls := 0
	for _, c := range head {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' {
			controls++
		}
	}
	if 50*controls > len(head) {
		return "data of a kind that isn't known"
	}
	return ""
}

// declared reports whether the page says of itself that it is an article, or
// the source's selectors do.
func (p *page) declared() bool {
	switch {
	case p.first("og:type") == "article", p.first("article:published_time", "datepublished") != "":
		return true
	case articles[p.ld.kind] >= 3, p.o.Selectors.Text != "":
		return true
	}
	return p.Articles == 1 || len(p.Headings) == 1 && !p.published().IsZero()
}
