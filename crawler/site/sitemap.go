package site

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"driftwatch/crawler/address"
	"driftwatch/crawler/charset"
	"driftwatch/crawler/date"
	"driftwatch/crawler/fetch"
	"driftwatch/crawler/plain"
	"driftwatch/guard"
	"driftwatch/news"
)

// SitemapFormat is the name of the listings that [Sitemap] reads.
const SitemapFormat = "sitemap"

// Bounds of a sitemap. The protocol (sitemaps.org) allows 50,000 addresses and
// 50 MB a file, more than outlets use; a news sitemap holds the last two days.
const (
	maxEntries = 50_000   // addresses that are looked at in one file
	maxXML     = 20 << 20 // bytes of one file, unpacked; what is beyond isn't read
	maxParts   = 5        // sitemaps of an index that are read, the latest ones
	maxIndexes = 3        // indexes within indexes
)

// Sitemap reads the sitemap of s, or the latest of the sitemaps of its index,
// packed or not, and returns the newest MaxItems of the addresses that its link
// rules let through. Titles and dates are those of the sitemap's news entries,
// where it has any. Of state, the validators are used when it was learned at
// s.URL. The error is an *[EmptyError], an *[fetch.Error], or says which link
// rule can't be compiled or what the file is instead.
func Sitemap(ctx context.Context, c *fetch.Client, s news.Source, state news.SourceState) (*Listing, error) {
	allow, err := compileAll("allow", s.Links.Allow)
	if err != nil {
		return nil, fmt.Errorf("read sitemap %s: %w", s.URL, err)
	}
	deny, err := compileAll("deny", s.Links.Deny)
	if err != nil {
		return nil, fmt.Errorf("read sitemap %s: %w", s.URL, err)
	}
	r := sitemaps{client: c, source: s, allow: allow, deny: deny, listing: &Listing{Format: SitemapFormat}}
	req := fetch.Request{URL: s.URL, Purpose: fetch.Listing, UserAgent: s.UserAgent, Accept: acceptXML}
	if state.URL == s.Address() {
		req.ETag, req.LastModified = state.ETag, state.LastModified
	}
	r.most, r.mostParts = MaxItems, maxParts
	if err := r.read(ctx, req, 0); err != nil {
		return nil, err
	}
	r.finish()
	if len(r.listing.Items) == 0 && !r.listing.NotModified {
		return nil, &EmptyError{URL: s.URL, Links: r.seen, sitemap: true}
	}
	return r.listing, nil
}

// Bounds of what is read of the past.
const (
	maxPast      = 100_000 // addresses
	maxPastParts = 500     // sitemaps of an index
)

// Past reads all that the sitemap at address at has since a time, and of an
// index all its sitemaps that were changed since, the newest first. What has no
// date is given too. Link rules and errors are those of [Sitemap]; where some of an
// index's sitemaps can't be read, the error says why the first of them can't, and the
// items of the others are given.
func Past(ctx context.Context, c *fetch.Client, s news.Source, at string, since time.Time) ([]news.Item, error) {
	allow, err := compileAll("allow", s.Links.Allow)
	if err != nil {
		return nil, fmt.Errorf("read sitemap %s: %w", at, err)
	}
	deny, err := compileAll("deny", s.Links.Deny)
	if err != nil {
		return nil, fmt.Errorf("read sitemap %s: %w", at, err)
	}
	r := sitemaps{client: c, source: s, allow: allow, deny: deny, listing: &Listing{}, most: maxPast, mostParts: maxPastParts, since: since}
	err = r.read(ctx, fetch.Request{URL: at, Purpose: fetch.Listing, Origin: s.URL, UserAgent: s.UserAgent, Accept: acceptXML}, 0)
	if err != nil {
		return nil, err
	}
	r.finish()
	return r.listing.Items, r.failed
}

const acceptXML = "application/xml, text/xml, application/gzip;q=0.9, */*;q=0.5"

// sitemaps is one reading of a source's sitemaps.
type sitemaps struct {
	client      *fetch.Client
	source      news.Source
	allow, deny []*regexp.Regexp
	listing     *Listing
	entries     []sitemapEntry
	seen        int   // addresses, kept or not
	parts       int   // sitemaps of indexes that were asked for
	failed      error // why the first of them that can't be read can't

	most      int       // items
	mostParts int       // sitemaps of indexes
	since     time.Time // what is older is left out; zero: nothing is
}

// sitemapEntry is an address with what the sitemap says of it.
type sitemapEntry struct {
	url       string
	title     string
	published time.Time
	modified  time.Time
	at        int // its place among all
}

// read reads one sitemap or index, which is depth indexes deep.
func (r *sitemaps) read(ctx context.Context, req fetch.Request, depth int) error {
	res, err := r.client.Get(ctx, req)
	if err != nil {
		return err
	}
	if depth == 0 {
		r.listing.ETag, r.listing.LastModified, r.listing.MaxAge = res.ETag, res.LastModified, res.MaxAge
		r.listing.NotModified, r.listing.Moved = res.NotModified, res.Moved
	}
	if res.NotModified {
		return nil
	}
	entries, parts, err := parseSitemap(res.Body, res.ContentType, res.URL)
	if err != nil {
		return fmt.Errorf("read sitemap %s: %w", res.URL, err)
	}
	for _, e := range entries {
		r.add(e)
	}
	if len(parts) == 0 {
		return nil
	}
	// What an index leads to changes while the index stays as it is.
	r.listing.ETag, r.listing.LastModified = "", ""
	if depth == maxIndexes {
		return fmt.Errorf("read sitemap %s: indexes lead to indexes more than %d deep", res.URL, maxIndexes)
	}
	return r.readParts(ctx, parts, depth)
}

// readParts reads the latest of an index's sitemaps. One that can't be read is
// an error only where none can.
func (r *sitemaps) readParts(ctx context.Context, parts []sitemapEntry, depth int) error {
	read := 0
	for _, p := range latestParts(parts) {
		if r.parts == r.mostParts {
			break
		}
		if r.old(p.modified) {
			continue
		}
		r.parts++
		err := r.read(ctx, fetch.Request{
			URL: p.url, Purpose: fetch.Page, Origin: r.source.URL, UserAgent: r.source.UserAgent, Accept: acceptXML,
		}, depth+1)
		switch {
		case err == nil:
			read++
		case ctx.Err() != nil:
			return err
		default:
			r.failed = cmp.Or(r.failed, err)
		}
	}
	if read > 0 {
		return nil
	}
	return r.failed
}

// old reports whether a time is before what is wanted.
func (r *sitemaps) old(t time.Time) bool { return !t.IsZero() && t.Before(r.since) }

// add keeps an entry that the source's rules let through.
func (r *sitemaps) add(e sitemapEntry) {
	r.seen++
	matches := func(p *regexp.Regexp) bool { return p.MatchString(e.url) }
	if slices.ContainsFunc(r.deny, matches) || len(r.allow) > 0 && !slices.ContainsFunc(r.allow, matches) {
		return
	}
	e.at = r.seen
	r.entries = append(r.entries, e)
}

// finish makes items of the newest entries.
func (r *sitemaps) finish() {
	forgetStamps(r.entries)
	slices.SortStableFunc(r.entries, func(a, b sitemapEntry) int {
		return b.when().Compare(a.when())
	})
	kept := r.entries
	if n := undated(kept); n == len(kept) && n > r.most {
		// New ones come at the start or at the end, and nothing says at which.
		kept = slices.Concat(kept[:r.most/2], kept[n-r.most/2:])
	}
	seen := map[string]bool{}
	for _, e := range kept {
		id, err := address.Canonical(e.url)
		if err != nil || seen[id] || r.old(e.when()) {
			continue
		}
		if len(r.listing.Items) == r.most {
			break
		}
		seen[id] = true
		r.listing.Items = append(r.listing.Items, news.Item{
			Source: r.source.ID, Link: e.url, Title: e.title, Published: e.published, Updated: e.modified,
		})
	}
}

// when is the moment by which entries are ordered.
func (e sitemapEntry) when() time.Time {
	if e.published.IsZero() {
		return e.modified
	}
	return e.published
}

// undated counts the entries without a date.
func undated(entries []sitemapEntry) (n int) {
	for _, e := range entries {
		if e.when().IsZero() {
			n++
		}
	}
	return n
}

// forgetStamps clears the times of change where most of them are one and the
// same: then they say when the sitemap was made, not when a page was changed.
func forgetStamps(entries []sitemapEntry) {
	const few = 10
	count := map[time.Time]int{}
	most := 0
	for _, e := range entries {
		if !e.modified.IsZero() {
			day := e.modified.Truncate(24 * time.Hour)
			if clock := e.modified.Sub(day); clock != 0 { // to the minute
				day = e.modified.Truncate(time.Minute)
			}
			count[day]++
			most = max(most, count[day])
		}
	}
	if len(entries) <= few || most*2 < len(entries) {
		return
	}
	for i := range entries {
		entries[i].modified = time.Time{}
	}
}

var (
	aboutNews = regexp.MustCompile(`(?i)(google)?news|latest|recent|novosti|today`)
	notNews   = regexp.MustCompile(`(?i)(^|[^a-z])(tags?|categor|authors?|pages?|images?|videos?|static)([^a-z]|$)`)
)

// latestParts orders an index's sitemaps by how likely new articles stand in
// them: by the time of their last change where they have one; else those that
// are called so, then the one with the highest number.
func latestParts(parts []sitemapEntry) []sitemapEntry {
	parts = slices.Clone(parts)
	forgetStamps(parts)
	rank := func(p sitemapEntry) int {
		u, err := url.Parse(p.url)
		switch {
		case err != nil, notNews.MatchString(u.Path):
			return 2
		case aboutNews.MatchString(u.Path):
			return 0
		}
		return 1
	}
	slices.SortStableFunc(parts, func(a, b sitemapEntry) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), b.modified.Compare(a.modified), compareNumbers(numbersIn(b.url), numbersIn(a.url)))
	})
	return parts
}

var digits = regexp.MustCompile(`\d+`)

// numbersIn are the numbers in an address, without leading zeros.
func numbersIn(s string) []string {
	all := digits.FindAllString(s, -1)
	for i := range all {
		all[i] = strings.TrimLeft(all[i], "0")
	}
	return all
}

func compareNumbers(a, b []string) int {
	return slices.CompareFunc(a, b, func(x, y string) int {
		return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y))
	})
}

// parseSitemap reads the entries of a sitemap and those of an index, packed by
// gzip or not. A file that breaks off gives what is whole before that.
func parseSitemap(body []byte, contentType, base string) (entries, parts []sitemapEntry, err error) {
	if bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		if body, err = unpack(body); err != nil {
			return nil, nil, err
		}
	}
	text, _ := charset.XML(body, contentType)
	p := sitemapParser{base: base}
	err = p.parse(text)
	if !p.root {
		if err == nil || errors.Is(err, io.EOF) {
			err = errors.New("it is no XML")
		}
		return nil, nil, fmt.Errorf("this is no sitemap: %w", err)
	}
	return p.entries, p.parts, nil
}

// unpack gives what a gzip file holds, and of one that breaks off what is before
// that.
func unpack(body []byte) ([]byte, error) {
	z, err := guard.Decode(bytes.NewReader(body), "gzip", maxXML)
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(z)
	if len(out) == 0 && err != nil {
		return nil, err
	}
	return out, nil
}

type sitemapParser struct {
	base           string
	root           bool
	entries, parts []sitemapEntry
	at             sitemapEntry
	text           strings.Builder
}

// parse goes through the document until it ends or breaks off.
func (p *sitemapParser) parse(text []byte) error {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is UTF-8 already
	for len(p.entries)+len(p.parts) < maxEntries {
		t, err := d.RawToken()
		if err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := p.open(strings.ToLower(t.Name.Local)); err != nil {
				return err
			}
		case xml.EndElement:
			p.close(t.Name)
		case xml.CharData:
			if p.text.Len() < 1<<14 {
				p.text.Write(t)
			}
		}
	}
	return nil
}

func (p *sitemapParser) open(name string) error {
	switch name {
	case "urlset", "sitemapindex":
		p.root = true
	case "url", "sitemap":
		p.at = sitemapEntry{}
	default:
		if !p.root {
			return fmt.Errorf("it begins with <%s>", guard.Line(name))
		}
	}
	p.text.Reset()
	return nil
}

func (p *sitemapParser) close(name xml.Name) {
	text := plain.Line(p.text.String())
	switch strings.ToLower(name.Local) {
	case "loc":
		if name.Space == "" { // image:loc, video:… are no pages
			p.at.url, _ = address.Resolve(p.base, text)
		}
	case "lastmod":
		p.at.modified = moment(text)
	case "publication_date":
		p.at.published = moment(text)
	case "title":
		if name.Space == "news" || name.Space == "n" {
			p.at.title = line(plain.Guess(p.text.String()))
		}
	case "url":
		if p.at.url != "" {
			p.entries = append(p.entries, p.at)
		}
	case "sitemap":
		if p.at.url != "" {
			p.parts = append(p.parts, p.at)
		}
	}
	p.text.Reset()
}

// moment reads a date of a sitemap, zero where it is none.
func moment(s string) time.Time {
	d, _ := date.Parse(s, date.Options{})
	return d.UTC()
}
