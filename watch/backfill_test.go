package watch_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/watch"
)

// pastOutlet serves an outlet with a hundred days of news, one a day, the newest
// number 100: a list in pages, a WordPress-like feed, an index of sitemaps, a
// channel. broken says from which page of the list on nothing is served.
type pastOutlet struct {
	newest time.Time
	broken int
	down   string // what can't be had for now, a path
	asked  int    // pages of articles
}

func (a *pastOutlet) date(n int) time.Time { return a.newest.AddDate(0, 0, n-100) }

func (a *pastOutlet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host := "http://" + r.Host
	q := r.URL.Query()
	if a.down != "" && (r.URL.Path == a.down || r.URL.RequestURI() == a.down) {
		http.Error(w, "", http.StatusBadGateway)
		return
	}
	pageOf := func(name string, size int) (from, to int) {
		n, err := strconv.Atoi(q.Get(name))
		if err != nil {
			n = 1
		}
		return 100 - (n-1)*size, max(0, 100-n*size)
	}
	switch r.URL.Path {
	case "/robots.txt":
		fmt.Fprintf(w, "Sitemap: %s/sitemap.xml\n", host)
	case "/sitemap.xml":
		io.WriteString(w, "<sitemapindex>")
		for i := 1; i <= 10; i++ {
			fmt.Fprintf(w, "<sitemap><loc>%s/sitemap-%d.xml</loc><lastmod>%s</lastmod></sitemap>", host, i, a.date(10*i).Format(time.RFC3339))
		}
		io.WriteString(w, "</sitemapindex>")
	case "/archive":
		io.WriteString(w, "<html><body><a href='/about/the-valley-and-its-people'>About</a>")
		first, _ := strconv.Atoi(q.Get("first"))
		for n := 100; n > first; n-- {
			if n%3 > 0 && a.date(n).Format(time.DateOnly) == q.Get("day") {
				fmt.Fprintf(w, `<div><h2><a href="/news/%d/report-from-the-valley">Report number %d from the valley</a></h2></div>`, n, n)
			}
		}
		io.WriteString(w, "</body></html>")
	case "/list":
		from, to := pageOf("page", 10)
		if n, _ := strconv.Atoi(q.Get("page")); a.broken > 0 && n >= a.broken {
			http.Error(w, "", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<html><body>")
		for n := from; n > to; n-- {
			fmt.Fprintf(w, `<div><h2><a href="/news/%d/report-from-the-valley">Report number %d from the valley</a></h2><time datetime="%s"></time></div>`, n, n, a.date(n).Format(time.RFC3339))
		}
		io.WriteString(w, "</body></html>")
	case "/feed":
		from, to := pageOf("paged", 10)
		if from <= 0 {
			http.NotFound(w, r)
			return
		}
		io.WriteString(w, "<rss version='2.0'><channel><title>T</title>")
		for n := from; n > to; n-- {
			fmt.Fprintf(w, "<item><title>Report %d</title><link>%s/news/%d/report-from-the-valley</link><pubDate>%s</pubDate></item>", n, host, n, a.date(n).Format(time.RFC1123Z))
		}
		io.WriteString(w, "</channel></rss>")
	case "/wp-json/wp/v2/posts":
		from, to := pageOf("page", 10)
		if from <= 0 {
			http.Error(w, `{"code":"rest_post_invalid_page_number","message":"No"}`, http.StatusBadRequest)
			return
		}
		io.WriteString(w, "[")
		for n := from; n > to; n-- {
			fmt.Fprintf(w, `{"link":"%s/news/%d/","date_gmt":"%s","title":{"rendered":"Report %d"}}`, host, n, a.date(n).UTC().Format("2006-01-02T15:04:05"), n)
			if n > to+1 {
				io.WriteString(w, ",")
			}
		}
		io.WriteString(w, "]")
	case "/api":
		before, err := time.Parse(time.RFC3339, q.Get("before"))
		if err != nil {
			before = a.date(101)
		}
		io.WriteString(w, `{"total":100,"data":{"list":[null`)
		for n, left := 100, 10; n > 0 && left > 0; n-- {
			if d := a.date(n); d.Before(before) {
				left--
				fmt.Fprintf(w, `,{"name":"Report %d","slug":"%d/report","at":%d}`, n, n, d.Unix())
			}
		}
		io.WriteString(w, "]}}")
	case "/s/valley":
		before, err := strconv.Atoi(q.Get("before"))
		if err != nil {
			before = 101
		}
		for n := max(1, before-20); n < before; n++ {
			fmt.Fprintf(w, `<div class="tgme_widget_message" data-post="valley/%d"><div class="tgme_widget_message_text">Бишкек отменил учения ОДКБ, сообщение %d.</div>
				<a class="tgme_widget_message_date"><time datetime="%s"></time></a></div>`, n, n, a.date(n).Format(time.RFC3339))
		}
	default:
		var i, n int
		if _, err := fmt.Sscanf(r.URL.Path, "/sitemap-%d.xml", &i); err == nil {
			io.WriteString(w, "<urlset>")
			for n := 10*i - 9; n <= 10*i; n++ {
				fmt.Fprintf(w, "<url><loc>%s/news/%d/report-from-the-valley</loc><lastmod>%s</lastmod></url>", host, n, a.date(n).Format(time.RFC3339))
			}
			io.WriteString(w, "</urlset>")
			return
		}
		if _, err := fmt.Sscanf(r.URL.Path, "/news/%d/", &n); err != nil {
			http.NotFound(w, r)
			return
		}
		a.asked++
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<html lang="ru"><head><meta property="og:type" content="article"><meta property="article:published_time" content="%s"><title>Отчёт %d</title></head>
			<body><article><h1>Отчёт %d</h1><p>Бишкек отменил на своей территории учения ОДКБ «Рубеж». Об этом сообщило министерство обороны Киргизии, отчёт %d.</p></article></body></html>`, a.date(n).Format(time.RFC3339), n, n, n)
	}
}

func past(t *testing.T, sources ...news.Source) (*fixture, *pastOutlet) {
	t.Helper()
	f := open(t)
	a := &pastOutlet{newest: f.clock.now().Add(-time.Hour)}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	f.watch.Sources = nil
	for _, s := range sources {
		s.URL, s.Name, s.Country, s.Languages, s.Enabled = server.URL+s.URL, s.ID, "KG", []string{"ru"}, true
		s.Homepage = "https://valley.example/"
		if s.Kind == news.KindFeed || s.Kind == news.KindSitemap {
			s.Homepage = server.URL + "/"
		}
		f.watch.Sources = append(f.watch.Sources, s)
	}
	return f, a
}

// TestBackfill: each kind of source gives its past since a day, all of it and
// nothing that is older, and nobody is told.
func TestBackfill(t *testing.T) {
	f, a := past(t,
		news.Source{ID: "list", Kind: news.KindSite, URL: "/list", Links: news.LinkRules{Pages: "?page=%d"}},
		news.Source{ID: "feed", Kind: news.KindFeed, URL: "/feed", Fulltext: news.FulltextNever},
		news.Source{ID: "map", Kind: news.KindSitemap, URL: "/sitemap.xml"},
		news.Source{ID: "latest", Kind: news.KindSitemap, URL: "/sitemap-10.xml"}, // as a sitemap of news, which has the last days alone
		news.Source{ID: "channel", Kind: news.KindTelegram, URL: "/s/valley"},
		news.Source{ID: "posts", Kind: news.KindJSON, URL: "/wp-json/wp/v2/posts?per_page=10", Fulltext: news.FulltextNever},
		news.Source{ID: "endpoint", Kind: news.KindJSON, URL: "/api", Fulltext: news.FulltextNever, Links: news.LinkRules{Pages: "?before={before}"},
			JSON: news.JSONPaths{Items: "data.list", Title: "name", URL: "/news/{slug}", Date: "at"}},
	)
	since := a.date(66) // 35 items
	for _, id := range []string{"list", "feed", "map", "latest", "channel", "posts", "endpoint"} {
		dry, err := f.watch.Backfill(t.Context(), watch.BackfillOrder{Source: id, Since: since, DryRun: true})
		if err != nil || dry.New != 35 {
			t.Errorf("%s, dry: %+v, %v", id, dry, err)
		}
		b, err := f.watch.Backfill(t.Context(), watch.BackfillOrder{Source: id, Since: since})
		if err != nil || !b.Done || b.Listed != 35 || b.Known != 0 {
			t.Errorf("%s: %+v, %v", id, b, err)
		}
		again, err := f.watch.Backfill(t.Context(), watch.BackfillOrder{Source: id, Since: since})
		if err != nil || !again.Done || again.Lists != 0 {
			t.Errorf("%s, a second time: %+v, %v", id, again, err)
		}
	}
	if a.asked != 105 { // by the list and by the two sitemaps
		t.Errorf("%d pages were asked for", a.asked)
	}
	quiet, err := f.watch.Store.Hits(t.Context(), store.HitFilter{})
	if err != nil || len(quiet) == 0 {
		t.Fatalf("no hits, %v", err)
	}
	for _, h := range quiet {
		if h.Hit.Quiet != news.QuietBackfill && h.Hit.Quiet != news.QuietBackground {
			t.Errorf("a hit is quiet for %q", h.Hit.Quiet)
		}
	}
	deliveries, err := f.watch.Store.Deliveries(t.Context(), store.DeliveryFilter{})
	if err != nil || len(deliveries) != 0 {
		t.Errorf("%d deliveries, %v", len(deliveries), err)
	}
}

// An archive is read day by day, over days without news; a day that can't be had is asked
// for again; an archive of which nothing new comes for a month has an end.
func TestBackfillByArchive(t *testing.T) {
	f, a := past(t,
		news.Source{ID: "days", Kind: news.KindFeed, URL: "/none", Fulltext: news.FulltextNever, Links: news.LinkRules{Archive: "/archive?day={date}", Allow: []string{"/news/[0-9]+/"}}},
		news.Source{ID: "pages", Kind: news.KindSite, URL: "/none", Links: news.LinkRules{Archive: "/archive?day={year}-{month}-{day}", Allow: []string{"/news/[0-9]+/"}}},
		news.Source{ID: "all", Kind: news.KindSite, URL: "/none", Fulltext: news.FulltextNever, Links: news.LinkRules{Archive: "/archive?first=91&day={date}", Allow: []string{"/news/[0-9]+/"}}},
	)
	f.watch.Sources[0].Homepage = "https://valley.example/" // without sitemaps
	since := a.date(84)
	at := a.date(92).Format(time.DateOnly)
	a.down = "/archive?day=" + at
	first, err := f.watch.Backfill(t.Context(), watch.BackfillOrder{Source: "days", Since: since})
	if err != nil || first.Done || first.New != 5 || len(first.Problems) != 2 { // the feed isn't there, either
		t.Errorf("while a day is down: %+v, %v", first, err)
	}
	a.down = ""
	rest, err := f.watch.Backfill(t.Context(), watch.BackfillOrder{Source: "days", Since: since})
	if err != nil || !rest.Done || rest.New != 6 {
		t.Errorf("the rest: %+v, %v", rest, err)
	}
	when, err := f.watch.Store.ArticleAt(t.Context(), strings.TrimSuffix(f.watch.Sources[0].URL, "/none")+"/news/85/report-from-the-valley")
	if err != nil || when.Published.Format(time.DateOnly) != a.date(85).Format(time.DateOnly) {
		t.Errorf("published %v, %v; want the archive's day, %v", when.Published, err, a.date(85))
	}
	paged, err := f.watch.Backfill(t.Context(), watch.BackfillOrder{Source: "pages", Since: since})
	if err != nil || !paged.Done || paged.Listed != 11 || a.asked != 11 {
		t.Errorf("with pages: %+v, %d asked, %v", paged, a.asked, err)
	}
	whole, err := f.watch.Backfill(t.Context(), watch.BackfillOrder{Source: "all", Since: a.date(-400)})
	if lists := whole.Lists; err != nil || !whole.Done || whole.Listed != 6 || lists < 9+31 || lists > 10+31 || len(whole.Problems) != 1 { // of which the first may be of today
		t.Errorf("to its end: %+v, %v", whole, err)
	}
}

// TestBackfillGoesOn: what was stopped goes on where it came to; what is stored
// isn't asked for again; another day begins anew.
func TestBackfillGoesOn(t *testing.T) {
	f, a := past(t, news.Source{ID: "list", Kind: news.KindSite, URL: "/list", Links: news.LinkRules{Pages: "?page=%d"}})
	ctx, stop := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	o := watch.BackfillOrder{Source: "list", Since: a.date(1), Step: func(b watch.Backfilled) {
		if b.Lists == 3 {
			stop(enough)
		}
	}}
	if b, err := f.watch.Backfill(ctx, o); !errors.Is(err, enough) || b.Done || b.Lists != 3 {
		t.Fatalf("stopped: %+v, %v", b, err)
	}
	o.Step = nil
	b, err := f.watch.Backfill(t.Context(), o)
	if err != nil || !b.Done || b.Known > 10 || a.asked != 100 {
		t.Errorf("went on: %+v, %v; %d pages", b, err, a.asked)
	}
	if _, err := f.watch.Backfill(t.Context(), watch.BackfillOrder{Source: "nobody", Since: a.date(1)}); err == nil {
		t.Error("an unknown source has a past")
	}
}

// TestBackfillComesBack: what an outlet can't give for a while (a page of its list, a
// sitemap, an article) isn't taken for the end of its past: the same command asks for
// it, and for nothing that is stored. What it never gives ends it after some runs.
func TestBackfillComesBack(t *testing.T) {
	list := news.Source{ID: "list", Kind: news.KindSite, URL: "/list", Links: news.LinkRules{Pages: "?page=%d"}}
	index := news.Source{ID: "map", Kind: news.KindSitemap, URL: "/sitemap.xml"}
	for _, tt := range []struct {
		name     string
		source   news.Source
		broken   int
		down     string
		articles int // that the first run files
		pages    int // of articles, that both ask for
	}{
		{"a page of the list", list, 4, "", 30, 100},
		{"a sitemap of an index", index, 0, "/sitemap-3.xml", 90, 100},
		{"an article", list, 0, "/news/42/report-from-the-valley", 100, 100},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, a := past(t, tt.source)
			a.broken, a.down = tt.broken, tt.down
			order := watch.BackfillOrder{Source: tt.source.ID, Since: a.date(1)}
			b, err := f.watch.Backfill(t.Context(), order)
			if err != nil || b.Done || len(b.Problems) != 1 || b.New != tt.articles {
				t.Errorf("while it is down: %+v, %v", b, err)
			}
			a.broken, a.down = 0, ""
			b, err = f.watch.Backfill(t.Context(), order)
			if err != nil || !b.Done || len(b.Problems) != 0 || b.New != 100-tt.articles || a.asked != tt.pages {
				t.Errorf("when it is back: %+v, %v; %d pages were asked for", b, err, a.asked)
			}
			if b, err = f.watch.Backfill(t.Context(), order); err != nil || !b.Done || b.Lists > 0 {
				t.Errorf("in the end: %+v, %v", b, err)
			}
			rows, err := f.watch.Store.Hits(t.Context(), store.HitFilter{})
			if err != nil || len(rows) < 100 {
				t.Errorf("%d articles were flagged, %v", len(rows), err)
			}
		})
	}
	f, a := past(t, list)
	a.down = "/news/42/report-from-the-valley"
	for run := 1; ; run++ {
		b, err := f.watch.Backfill(t.Context(), watch.BackfillOrder{Source: "list", Since: a.date(1)})
		if err != nil || run > 5 {
			t.Fatalf("run %d: %+v, %v", run, b, err)
		}
		if b.Done {
			break
		}
	}
}

// TestBackfillWaitsForCycles: nothing is asked for while a cycle holds the lock.
func TestBackfillWaitsForCycles(t *testing.T) {
	f, a := past(t, news.Source{ID: "list", Kind: news.KindSite, URL: "/list", Links: news.LinkRules{Pages: "?page=%d"}})
	release, err := watch.Lock(f.watch.Database)
	if err != nil {
		t.Fatal(err)
	}
	waits := 0
	b, err := f.watch.Backfill(t.Context(), watch.BackfillOrder{Source: "list", Since: a.date(95), Sleep: func(context.Context, time.Duration) error {
		if waits++; waits == 3 {
			release()
		}
		if a.asked > 0 {
			t.Error("a page was asked for during a cycle")
		}
		return nil
	}})
	if err != nil || waits != 3 || !b.Done {
		t.Errorf("%d waits, %+v, %v", waits, b, err)
	}
}

// TestFurtherPagesOfAList: a poll reads on while a page brings something new.
func TestFurtherPagesOfAList(t *testing.T) {
	f, a := past(t, news.Source{ID: "list", Kind: news.KindSite, URL: "/list", Fulltext: news.FulltextNever, Links: news.LinkRules{Pages: "?page=%d", Depth: 3}})
	if s := f.cycle(watch.Order{}); s.Articles.New != 30 {
		t.Errorf("first: %+v", s.Articles)
	}
	a.broken = 2 // the first page has nothing new: the others aren't asked for
	f.clock.pass(2 * time.Hour)
	if s := f.cycle(watch.Order{}); s.Articles.New != 0 || s.Sources.Polled != 1 {
		t.Errorf("second: %+v", s)
	}
}
