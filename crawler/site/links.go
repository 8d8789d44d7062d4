package site

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"driftwatch/crawler/address"
)

// maxLinks is how many links of a page are looked at.
const maxLinks = 5000

// link is one address that a page links to, from one or more places.
type link struct {
	url     *url.URL     // absolute, as the page has it
	id      string       // canonical
	page    *url.URL     // that it was found on
	title   string       // the best of its anchors' words
	heading bool         // an anchor stands in a heading or holds one
	chrome  bool         // all anchors stand in menus, footers and the like
	anchor  *html.Node   // the one that the title is from
	anchors []*html.Node // all
}

// collect returns the links of a page to other pages, each address once, in
// the page's order, and how many anchors were found.
func collect(doc *goquery.Document, page string) (links []*link, found int) {
	base := page
	if href, ok := doc.Find("base[href]").First().Attr("href"); ok {
		if abs, err := address.Resolve(page, href); err == nil {
			base = abs
		}
	}
	here, err := address.Parse(page)
	if err != nil {
		return nil, 0
	}
	self, _ := address.Canonical(page)
	byID := make(map[string]*link)
	doc.Find("a[href]").EachWithBreak(func(i int, a *goquery.Selection) bool {
		found++
		l := read(a, base)
		if l == nil || l.id == self {
			return i < maxLinks
		}
		l.page = here
		if known := byID[l.id]; known != nil {
			known.merge(l)
			return i < maxLinks
		}
		byID[l.id] = l
		links = append(links, l)
		return i < maxLinks
	})
	return links, found
}

// read is the link of one anchor; nil where it leads to no page.
func read(a *goquery.Selection, base string) *link {
	href, _ := a.Attr("href")
	abs, err := address.Resolve(base, href)
	if err != nil {
		return nil
	}
	id, err := address.Canonical(abs)
	if err != nil {
		return nil
	}
	u, err := address.Parse(abs)
	if err != nil {
		return nil
	}
	u.Fragment, u.RawFragment = "", ""
	title, heading := titleOf(a)
	n := a.Nodes[0]
	return &link{url: u, id: id, title: title, heading: heading, chrome: inChrome(n), anchor: n, anchors: []*html.Node{n}}
}

// merge adds what another anchor of the same address says.
func (l *link) merge(o *link) {
	l.chrome = l.chrome && o.chrome
	l.anchors = append(l.anchors, o.anchors...)
	if o.title != "" && (l.title == "" || o.heading && !l.heading || o.heading == l.heading && short(l.title) && !short(o.title)) {
		l.title, l.anchor = o.title, o.anchor
	}
	l.heading = l.heading || o.heading
}

// short reports whether a title is more likely a label: "Read more", "12".
func short(title string) bool { return utf8.RuneCountInString(title) < 20 }

var (
	headings = cascadia.MustCompile("h1, h2, h3, h4, h5, h6")
	pictures = cascadia.MustCompile("img[alt]")
)

// titleOf is the title that an anchor gives: that of a heading in it, or its
// words without dates, or what it says of itself or of its picture.
func titleOf(a *goquery.Selection) (title string, heading bool) {
	if h := a.FindMatcher(headings); h.Length() > 0 {
		if t := line(h.First().Text()); t != "" {
			return t, true
		}
	}
	heading = a.ClosestMatcher(headings).Length() > 0
	for _, t := range []string{innerText(a.Nodes[0]), a.AttrOr("title", ""), a.AttrOr("aria-label", ""), a.FindMatcher(pictures).AttrOr("alt", "")} {
		if t = line(t); t != "" {
			return t, heading
		}
	}
	return "", heading
}

// innerText is the text in n, without that of times and scripts in it.
func innerText(n *html.Node) string {
	var b strings.Builder
	gather(&b, n)
	return b.String()
}

func gather(b *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.Time, atom.Script, atom.Style:
		default:
			gather(b, c)
		}
	}
	if n.Type == html.ElementNode {
		b.WriteByte(' ')
	}
}

// line is s on one line, and no longer than a title is.
func line(s string) string {
	const most = 500
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return s
}

// inChrome reports whether n stands in what is the same on every page.
func inChrome(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.DataAtom {
		case atom.Article, atom.Main:
			return false
		case atom.Nav, atom.Footer, atom.Header:
			return true
		}
		for _, a := range p.Attr {
			if (a.Key == "class" || a.Key == "id" || a.Key == "role") && namesChrome(a.Val) {
				return p.DataAtom != atom.Body && p.DataAtom != atom.Html
			}
		}
	}
	return false
}

// namesChrome reports whether the beginning of a class, an id or a role has the
// name of a menu or its like in it.
func namesChrome(class string) bool {
	const most = 256
	class = strings.ToLower(class[:min(len(class), most)])
	for _, part := range []string{"menu", "footer", "breadcrumb", "pagination", "navbar", "navigation", "cookie"} {
		if strings.Contains(class, part) {
			return true
		}
	}
	return false
}
