package watch

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"driftwatch/crawler/address"
	"driftwatch/crawler/feed"
	"driftwatch/crawler/fetch"
	"driftwatch/crawler/site"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/text"
)

// Discovered is an address at which an outlet lists what it publishes, as it
// was read. The JSON names are stable.
type Discovered struct {
	URL      string     `json:"url"`
	Kind     news.Kind  `json:"kind"`
	Title    string     `json:"title,omitempty"` // of the feed or the page
	Why      string     `json:"why"`             // where the address was found
	Items    int        `json:"items"`
	Newest   *time.Time `json:"newest"` // null: no item has a date
	Language string     `json:"language,omitempty"`
	Problem  string     `json:"problem,omitempty"` // why it can't be read

	items []news.Item
}

// maxTried is how many addresses are asked for at most when an outlet's
// listings are looked for.
const maxTried = 16

// Discover looks for where an outlet lists what it publishes: at the address
// itself, be it a feed, a channel or a page, and at those that its page, its
// robots.txt and habit name. What could be read stands first, the likeliest of
// it first; progress is called with each address that is tried. The error says
// why the address itself can't be asked, or what it answers where nothing beside it
// can be read either.
func (w *Watch) Discover(ctx context.Context, given string, progress func(url string)) ([]Discovered, error) {
	u, err := address.Parse(given)
	if err != nil {
		return nil, err
	}
	if u.Host == "t.me" || u.Host == "telegram.me" {
		progress(given)
		return []Discovered{w.try(ctx, given, site.Candidate{URL: given, Kind: news.KindTelegram, Why: "the address itself"})}, nil
	}
	progress(given)
	res, err := w.Fetch.Get(ctx, fetch.Request{URL: given, Purpose: fetch.Listing})
	switch {
	case answered(err):
		return w.beside(ctx, u, err, progress)
	case err != nil:
		return nil, err
	}
	own := site.Candidate{URL: given, Why: "the address itself"}
	if f, err := feed.Parse(res.Body, feed.Options{ContentType: res.ContentType, Base: res.URL}); err == nil {
		return []Discovered{discovered(own, news.KindFeed, f.Title, f.NewsItems(""))}, nil
	}
	if f, err := feed.ParseJSON(res.Body, feed.Options{ContentType: res.ContentType, Base: res.URL}, news.JSONPaths{}); err == nil {
		return []Discovered{discovered(own, news.KindJSON, f.Title, f.NewsItems(""))}, nil
	}
	all := site.Listings(res.Body, res.ContentType, res.URL)
	all = append(all, w.sitemaps(ctx, u, progress)...)
	own.Kind = news.KindSite
	all = slices.Insert(all, firstGuess(all), own)
	return w.tryAll(ctx, given, all, progress)
}

// answered reports whether an error is a server's answer that lets us go on asking it
// for something else.
func answered(err error) bool {
	var fe *fetch.Error
	return errors.As(err, &fe) && fe.Kind == fetch.KindStatus && fe.RetryAfter == 0 && fe.Status != http.StatusTooManyRequests
}

// beside looks for an outlet's listings where its page can't be read: outlets that keep
// programs off their pages leave feeds and sitemaps open. The error is the page's, where
// nothing else can be read either.
func (w *Watch) beside(ctx context.Context, u *url.URL, refused error, progress func(string)) ([]Discovered, error) {
	all := site.Listings(nil, "", u.String())
	all = slices.Concat(w.sitemaps(ctx, u, progress), all)
	found, err := w.tryAll(ctx, u.String(), all, progress)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0 || found[0].Problem != "":
		return nil, refused
	}
	own := Discovered{URL: u.String(), Kind: news.KindSite, Why: "the address itself", Problem: w.hide(refused.Error())}
	return append(found, own), nil
}

// tryAll reads candidates; what could be read comes first, the kind that is read best
// before the others.
func (w *Watch) tryAll(ctx context.Context, given string, all []site.Candidate, progress func(string)) ([]Discovered, error) {
	var found, failed []Discovered
	for _, c := range all[:min(len(all), maxTried)] {
		progress(c.URL)
		d := w.try(ctx, given, c)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if d.Problem == "" {
			found = append(found, d)
		} else {
			failed = append(failed, d)
		}
	}
	slices.SortStableFunc(found, func(a, b Discovered) int { return rank(a.Kind) - rank(b.Kind) })
	return append(found, failed...), nil
}

// NoHTTPS reports whether an error means that a server doesn't speak https at all:
// nobody listens for it, or what answers speaks something else.
func NoHTTPS(err error) bool {
	var fe *fetch.Error
	return errors.As(err, new(tls.RecordHeaderError)) || errors.Is(err, http.ErrSchemeMismatch) || errors.As(err, &fe) && fe.Kind == fetch.KindNetwork
}

// rank orders kinds by how well they can be read.
func rank(k news.Kind) int {
	return slices.Index([]news.Kind{news.KindFeed, news.KindJSON, news.KindSite, news.KindSitemap, news.KindTelegram}, k)
}

// firstGuess is where in all the addresses begin that only habit names.
func firstGuess(all []site.Candidate) int {
	i := slices.IndexFunc(all, func(c site.Candidate) bool { return c.Why == "where feeds usually are" })
	if i < 0 {
		return len(all)
	}
	return i
}

// sitemaps are those that the outlet's robots.txt names.
func (w *Watch) sitemaps(ctx context.Context, u *url.URL, progress func(string)) []site.Candidate {
	robots := *u
	robots.Path, robots.RawPath, robots.RawQuery, robots.Fragment = "/robots.txt", "", "", ""
	progress(robots.String())
	res, err := w.Fetch.Get(ctx, fetch.Request{URL: robots.String(), Purpose: fetch.Listing})
	if err != nil {
		return nil
	}
	return site.SitemapsIn(res.Body)
}

// try reads a candidate as a cycle would.
func (w *Watch) try(ctx context.Context, homepage string, c site.Candidate) Discovered {
	p := poll{w: w, source: news.Source{ID: "new", Kind: c.Kind, URL: c.URL, Homepage: homepage}}
	l, err := p.list(ctx)
	if err != nil {
		_, problem, _ := diagnose(p.source, err)
		return Discovered{URL: c.URL, Kind: c.Kind, Title: c.Title, Why: c.Why, Problem: w.hide(problem)}
	}
	d := discovered(c, c.Kind, cmp.Or(l.title, c.Title), l.items)
	if len(l.items) == 0 {
		d.Problem = "it lists nothing"
	}
	return d
}

func discovered(c site.Candidate, kind news.Kind, title string, items []news.Item) Discovered {
	d := Discovered{URL: c.URL, Kind: kind, Title: title, Why: c.Why, Items: len(items), items: items, Language: languageOf(items)}
	if newest := outcome(items, "", "", "", 0).NewestItem; !newest.IsZero() {
		newest = newest.UTC()
		d.Newest = &newest
	}
	return d
}

// Preview is an item of a listing with what its own words would be flagged for.
type Preview struct {
	Title string
	Link  string
	Hits  []news.Hit
}

// WouldFlag gives the items of a listing whose own words, without their pages,
// would be flagged.
func (d Discovered) WouldFlag(engine *rules.Engine, src news.Source) []Preview {
	var out []Preview
	for _, it := range d.items {
		body := it.Content
		if body == "" {
			body = it.Summary
		}
		hits := engine.Flag(text.Read(it.Title, body, ""), rules.About{Country: src.Country, Ownership: src.Ownership, Languages: src.Languages, URL: it.Link, Date: it.Published})
		hits = slices.DeleteFunc(hits, func(h news.Hit) bool { return h.Background })
		if len(hits) > 0 {
			out = append(out, Preview{Title: it.Title, Link: it.Link, Hits: hits})
		}
	}
	return out
}

// String is the address and what was found there.
func (d Discovered) String() string {
	if d.Problem != "" {
		return fmt.Sprintf("%s %s: %s", d.Kind, d.URL, d.Problem)
	}
	return fmt.Sprintf("%s %s: %d items", d.Kind, d.URL, d.Items)
}
