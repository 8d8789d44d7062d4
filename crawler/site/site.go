package site

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/gocolly/colly/v2"

	"driftwatch/crawler/address"
	"driftwatch/crawler/charset"
	"driftwatch/crawler/fetch"
	"driftwatch/crawler/wall"
	"driftwatch/guard"
	"driftwatch/news"
)

// Format is the name of this kind of listing.
const Format = "site"

// MaxItems is how many articles are taken from one section page.
const MaxItems = 200

// Listing is what a section page lists.
type Listing struct {
	Items              []news.Item // in the page's order, each article once
	ETag, LastModified string      // to ask with next time
	NotModified        bool        // the page is the one that state tells of; no Items
	MaxAge             time.Duration
	Moved              string // where permanent redirects led to; empty: nowhere
	Format             string // Format
}

// EmptyError says that a section page or a sitemap was read and lists nothing.
type EmptyError struct {
	URL     string       // of the page
	Links   int          // links of any kind that it has
	Wall    wall.Finding // what the page is, where it is one that stands before the list
	sitemap bool
}

// Error is a sentence that says what to do.
func (e *EmptyError) Error() string {
	switch {
	case e.Wall.What != "":
		return fmt.Sprintf("section page %s lists nothing: it is %s", e.URL, e.Wall.What)
	case e.sitemap && e.Links == 0:
		return fmt.Sprintf("sitemap %s lists nothing: look for another one in the outlet's robots.txt", e.URL)
	case e.sitemap:
		return fmt.Sprintf("sitemap %s has %d addresses, none of which the source's links let through: mend links.allow and links.deny", e.URL, e.Links)
	case e.Links == 0:
		return fmt.Sprintf("section page %s has no links at all: its list may be made by a script, or the page meant for browsers alone", e.URL)
	}
	return fmt.Sprintf("section page %s has %d links, none of which looks like an article: give the source links.allow", e.URL, e.Links)
}

// Discover reads the section page of s and returns the articles that it links
// to. Of state, the validators are used when it was learned at s.URL. The
// error is an *[EmptyError], an *[fetch.Error], or says which of the source's
// link rules can't be compiled or what the page is instead.
func Discover(ctx context.Context, c *fetch.Client, s news.Source, state news.SourceState) (*Listing, error) {
	accept, err := compile(s.Links)
	if err != nil {
		return nil, fmt.Errorf("read section page %s: %w", s.URL, err)
	}
	v := &visit{listing: &Listing{Format: Format}, source: s, accept: accept}
	if state.URL == s.Address() {
		v.etag, v.modified = state.ETag, state.LastModified
	}
	err = v.collector(ctx, c).Visit(s.URL)
	switch {
	case v.listing.NotModified:
		return v.listing, nil
	case v.err != nil:
		return nil, v.err
	case err != nil:
		return nil, explain(err, s.URL)
	}
	return v.listing, nil
}

// PageURL is the address of the nth page of the list of s, n from 2 on, by its
// links.pages; "" where it has none.
func PageURL(s news.Source, n int) string {
	if s.Links.Pages == "" {
		return ""
	}
	u, err := address.Resolve(s.URL, strings.Replace(s.Links.Pages, "%d", strconv.Itoa(n), 1))
	if err != nil {
		return ""
	}
	return u
}

// Page reads the nth page of the list of s, as [Discover] reads the first. A
// page that lists nothing is the end: no items and no error.
func Page(ctx context.Context, c *fetch.Client, s news.Source, n int) ([]news.Item, error) {
	if n > 1 {
		if s.URL = PageURL(s, n); s.URL == "" {
			return nil, nil
		}
		s.Shown = ""
	}
	l, err := Discover(ctx, c, s, news.SourceState{})
	var empty *EmptyError
	if n > 1 && errors.As(err, &empty) && empty.Wall.Kind == "" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return l.Items, nil
}

// Archive reads what an outlet lists of a day, by the links.archive of s. A day that
// lists nothing gives no items and no error.
func Archive(ctx context.Context, c *fetch.Client, s news.Source, day time.Time) ([]news.Item, error) {
	at, err := address.Resolve(s.URL, strings.NewReplacer("{date}", day.Format(time.DateOnly),
		"{year}", day.Format("2006"), "{month}", day.Format("01"), "{day}", day.Format("02")).Replace(s.Links.Archive))
	if err != nil {
		return nil, fmt.Errorf("read the archive of %s: %w", day.Format(time.DateOnly), err)
	}
	s.URL, s.Shown = at, ""
	l, err := Discover(ctx, c, s, news.SourceState{})
	var empty *EmptyError
	switch {
	case errors.As(err, &empty) && empty.Wall.Kind == "":
		return nil, nil
	case err != nil:
		return nil, err
	}
	return l.Items, nil
}

// explain takes the layers off what fetching the page came to.
func explain(err error, page string) error {
	var f *fetch.Error
	if errors.As(err, &f) {
		return f
	}
	return fmt.Errorf("read section page %s: %w", page, err)
}

// visit is one reading of one section page.
type visit struct {
	source         news.Source
	accept         func(*link) bool
	etag, modified string

	contentType string // as the server sent it
	seen        bool   // the page was read as HTML
	unread      error  // why it can't be
	listing     *Listing
	err         error
}

// collector is a colly collector for this visit alone: what one remembers only
// grows. Robots, pace and limits are the client's.
func (v *visit) collector(ctx context.Context, c *fetch.Client) *colly.Collector {
	col := colly.NewCollector(colly.StdlibContext(ctx))
	col.UserAgent = v.source.UserAgent
	col.IgnoreRobotsTxt = true
	col.Async = false
	col.CacheDir = ""
	col.MaxBodySize = 0
	col.SetRequestTimeout(0)
	col.WithTransport(c.Transport(func(r *fetch.Response) { v.listing.Moved, v.listing.MaxAge = r.Moved, r.MaxAge }))
	col.OnRequest(v.ask)
	col.OnResponseHeaders(v.head)
	col.OnResponse(v.body)
	col.OnHTML("html", v.page)
	col.OnScraped(v.done)
	col.OnError(v.failed)
	return col
}

// ask makes the request conditional.
func (v *visit) ask(r *colly.Request) {
	if v.etag != "" {
		r.Headers.Set("If-None-Match", v.etag)
	}
	if v.modified != "" {
		r.Headers.Set("If-Modified-Since", v.modified)
	}
	r.Headers.Set("Accept", "text/html, application/xhtml+xml, */*;q=0.5")
}

// head notes the validators, and the charset, which is left to body: servers
// declare it wrongly too often to be believed unread.
func (v *visit) head(r *colly.Response) {
	v.contentType = r.Headers.Get("Content-Type")
	v.listing.ETag, v.listing.LastModified = fetch.Validators(*r.Headers)
	if media, _, _ := strings.Cut(v.contentType, ";"); media != "" {
		r.Headers.Set("Content-Type", media+"; charset=utf-8")
	}
}

func (v *visit) body(r *colly.Response) {
	r.Body, _ = charset.HTML(r.Body, v.contentType)
	if v.contentType == "" {
		r.Headers.Set("Content-Type", http.DetectContentType(r.Body))
	}
}

// page takes the items out of the page.
func (v *visit) page(e *colly.HTMLElement) {
	if v.seen {
		return
	}
	v.seen = true
	page := e.Request.URL.String()
	links, found := collect(goquery.NewDocumentFromNode(e.DOM.Nodes[0]), page)
	v.listing.Items = items(links, v.accept, v.source.ID)
	if len(v.listing.Items) == 0 {
		v.err = &EmptyError{URL: page, Links: found, Wall: wall.Look(string(e.Response.Body))}
	}
}

// done finds out what a page is that wasn't read as HTML.
func (v *visit) done(r *colly.Response) {
	if v.seen {
		return
	}
	if v.unread != nil {
		v.err = fmt.Errorf("section page %s can't be read as HTML: %w", r.Request.URL, v.unread)
		return
	}
	what := "of no type that it names"
	if v.contentType != "" {
		what = "of type " + guard.Line(v.contentType)
	}
	wants := "an address of a feed wants kind: feed"
	if strings.Contains(what, "json") {
		wants = "an endpoint wants kind: json, with json: where its items are"
	}
	v.err = fmt.Errorf("section page %s isn't HTML but %s: %s", r.Request.URL, what, wants)
}

// failed is called for errors and for "not modified", which colly takes for
// one; Visit returns the errors too.
func (v *visit) failed(r *colly.Response, err error) {
	v.listing.NotModified = r.StatusCode == http.StatusNotModified
	if r.StatusCode == http.StatusOK && err != nil { // of the answer itself
		v.unread = err
	}
}
