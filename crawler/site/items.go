package site

import (
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"driftwatch/crawler/date"
	"driftwatch/news"
)

// items makes items of the links that accept lets through. Where that is none,
// the page may be built such that all of it looks like a menu, and what stands
// where counts no more.
func items(links []*link, accept func(*link) bool, source string) []news.Item {
	kept := pick(links, accept)
	if len(kept) == 0 {
		for _, l := range links {
			l.chrome = false
		}
		kept = pick(links, accept)
	}
	c := newCards(kept)
	list := make([]news.Item, 0, len(kept))
	for _, l := range kept {
		list = append(list, news.Item{Source: source, Link: l.url.String(), Title: l.title, Published: c.date(l)})
	}
	return list
}

// pick returns the first MaxItems of links that accept lets through.
func pick(links []*link, accept func(*link) bool) []*link {
	var kept []*link
	for _, l := range links {
		if len(kept) == MaxItems {
			break
		}
		if accept(l) {
			kept = append(kept, l)
		}
	}
	return kept
}

// cards knows which anchors of a page lead to which article.
type cards map[*html.Node]*link

func newCards(kept []*link) cards {
	c := make(cards)
	for _, l := range kept {
		for _, a := range l.anchors {
			c[a] = l
		}
	}
	return c
}

// date is the date beside l: that of the only time element in the widest part
// of the page around its anchor that holds no other article. It is zero where
// there is none.
func (c cards) date(l *link) (published time.Time) {
	const (
		widest  = 6    // steps up from the anchor
		largest = 2000 // nodes of such a part
	)
	at := l.anchor
	for range widest {
		p := part{cards: c, of: l, left: largest}
		if !p.read(at) || len(p.times) > 1 {
			break
		}
		if len(p.times) == 1 {
			published = when(p.times[0])
		}
		at = at.Parent
		if at == nil || at.DataAtom == atom.Body {
			break
		}
	}
	return published
}

// part is a part of a page that may be the card of an article.
type part struct {
	cards cards
	of    *link
	left  int // nodes that may still be read
	times []*html.Node
}

// read gathers the time elements in n. It reports false when n holds an anchor
// of another article, or is larger than a card.
func (p *part) read(n *html.Node) bool {
	p.left--
	if other := p.cards[n]; p.left < 0 || other != nil && other != p.of {
		return false
	}
	if n.DataAtom == atom.Time {
		p.times = append(p.times, n)
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if !p.read(child) {
			return false
		}
	}
	return true
}

// when reads a time element: its datetime, or else its words.
func when(n *html.Node) time.Time {
	for _, a := range n.Attr {
		if a.Key == "datetime" {
			if d, ok := date.Parse(a.Val, date.Options{}); ok {
				return d.UTC()
			}
		}
	}
	d, _ := date.Parse(innerText(n), date.Options{})
	return d.UTC()
}
