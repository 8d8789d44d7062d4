package site

import (
	"bytes"
	"mime"
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"driftwatch/crawler/address"
	"driftwatch/crawler/charset"
	"driftwatch/crawler/plain"
	"driftwatch/crawler/telegram"
	"driftwatch/news"
)

// Candidate is an address at which an outlet may list what it publishes.
type Candidate struct {
	URL   string
	Kind  news.Kind
	Title string // what the page says of it; empty: nothing
	Why   string // where it was found, a phrase
}

// maxCandidates is how many addresses of a kind and place are taken.
const maxCandidates = 6

// Listings finds where an outlet lists what it publishes, by its front page:
// the feeds that the page declares, those that it links to, the posts of
// WordPress's REST interface, the addresses at which feeds usually are, the
// outlet's Telegram channel. The likeliest stand
// first, each once. body is the page as it came, contentType its header, page
// its address.
func Listings(body []byte, contentType, page string) []Candidate {
	var all []Candidate
	seen := map[string]bool{}
	add := func(c Candidate) {
		id, err := address.Canonical(c.URL)
		if err != nil || seen[id] {
			return
		}
		seen[id] = true
		all = append(all, c)
	}
	decoded, _ := charset.HTML(body, contentType)
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(decoded))
	if err == nil {
		for _, c := range declared(doc, page) {
			add(c)
		}
		for _, c := range linked(doc, page) {
			add(c)
		}
		for _, c := range endpoints(doc, page) {
			add(c)
		}
	}
	for _, p := range usual {
		if abs, err := address.Resolve(page, p); err == nil {
			add(Candidate{URL: abs, Kind: news.KindFeed, Why: "where feeds usually are"})
		}
	}
	if err == nil {
		for _, c := range channels(doc, page) {
			add(c)
		}
	}
	return all
}

// usual are the paths of the feeds of the systems that outlets use.
var usual = []string{"/feed/", "/rss", "/rss.xml", "/feed.xml", "/api/"}

// feedTypes are the media types of feeds.
var feedTypes = map[string]bool{
	"application/rss+xml": true, "application/atom+xml": true, "application/feed+json": true,
	"application/rdf+xml": true, "application/xml": true, "text/xml": true,
}

// declared are the feeds that a page names in its head, without those of
// comments.
func declared(doc *goquery.Document, page string) []Candidate {
	var all []Candidate
	for _, n := range doc.Find("link[rel~=alternate][href]").EachIter() {
		media, _, _ := mime.ParseMediaType(n.AttrOr("type", ""))
		title := plain.Line(n.AttrOr("title", ""))
		if !feedTypes[media] || ofComments(title, n.AttrOr("href", "")) || len(all) == maxCandidates {
			continue
		}
		if abs, err := address.Resolve(page, strings.TrimSpace(n.AttrOr("href", ""))); err == nil {
			all = append(all, Candidate{URL: abs, Kind: news.KindFeed, Title: title, Why: "the page declares it"})
		}
	}
	return all
}

var comments = regexp.MustCompile(`(?i)comment|комментари|пікір|изоҳ|izoh`)

func ofComments(title, href string) bool {
	return comments.MatchString(title) || comments.MatchString(href)
}

// linked are links of a page to what is called as feeds are.
func linked(doc *goquery.Document, page string) []Candidate {
	var all []Candidate
	for _, n := range doc.Find("a[href]").EachIter() {
		abs, err := address.Resolve(page, n.AttrOr("href", ""))
		if err != nil || address.Domain(abs) != address.Domain(page) || len(all) == maxCandidates {
			continue
		}
		u, err := url.Parse(abs)
		if err != nil || !namesFeed(u) || ofComments("", u.Path) {
			continue
		}
		all = append(all, Candidate{URL: abs, Kind: news.KindFeed, Title: line(n.Text()), Why: "the page links to it"})
	}
	return all
}

// endpoints are the posts of the WordPress whose REST interface a page names, as
// WordPress does on each of its pages, with no more of each than is read.
func endpoints(doc *goquery.Document, page string) []Candidate {
	href := strings.TrimSpace(doc.Find(`link[rel="https://api.w.org/"][href]`).First().AttrOr("href", ""))
	if href == "" {
		return nil
	}
	abs, err := address.Resolve(page, href)
	if err != nil {
		return nil
	}
	u, err := url.Parse(abs)
	if err != nil {
		return nil
	}
	q := u.Query()
	if route := q.Get("rest_route"); route != "" { // where addresses are plain
		q.Set("rest_route", strings.TrimSuffix(route, "/")+"/wp/v2/posts")
	} else {
		u = u.JoinPath("wp/v2/posts")
	}
	q.Set("per_page", "50")
	q.Set("_embed", "author")
	q.Set("_fields", "guid,link,title,excerpt,content,date,date_gmt,modified,modified_gmt,_links,_embedded")
	u.RawQuery = q.Encode()
	return []Candidate{{URL: u.String(), Kind: news.KindJSON, Why: "the page names WordPress's REST interface"}}
}

// namesFeed reports whether an address ends as those of feeds do.
func namesFeed(u *url.URL) bool {
	last := strings.ToLower(path.Base(strings.TrimSuffix(u.Path, "/")))
	switch path.Ext(last) {
	case ".rss", ".atom", ".rdf":
		return true
	}
	return last == "rss" || last == "feed" || last == "rss.xml" || last == "feed.xml" || last == "atom.xml" || last == "news.xml"
}

// channels are the public Telegram channels that a page links to.
func channels(doc *goquery.Document, page string) []Candidate {
	var all []Candidate
	for _, n := range doc.Find("a[href]").EachIter() {
		abs, err := address.Resolve(page, n.AttrOr("href", ""))
		if err != nil || len(all) == maxCandidates {
			continue
		}
		u, err := url.Parse(abs)
		if err != nil || u.Host != "t.me" && u.Host != "telegram.me" {
			continue
		}
		if name := telegram.Name(u); name != "" && name != "share" && name != "joinchat" && !strings.HasSuffix(strings.ToLower(name), "bot") {
			all = append(all, Candidate{URL: "https://t.me/s/" + name, Kind: news.KindTelegram, Title: name, Why: "the page links to the channel"})
		}
	}
	return all
}

// SitemapsIn are the sitemaps that a robots.txt file names, those of news first.
func SitemapsIn(robots []byte) []Candidate {
	var first, rest []Candidate
	for l := range strings.Lines(string(robots)) {
		name, value, ok := strings.Cut(l, ":")
		if !ok || !strings.EqualFold(strings.TrimSpace(name), "sitemap") {
			continue
		}
		u, err := address.Parse(strings.TrimSpace(value))
		if err != nil || len(first)+len(rest) == maxCandidates {
			continue
		}
		c := Candidate{URL: u.String(), Kind: news.KindSitemap, Why: "robots.txt names it"}
		if aboutNews.MatchString(u.Path) {
			first = append(first, c)
		} else {
			rest = append(rest, c)
		}
	}
	return append(first, rest...)
}
