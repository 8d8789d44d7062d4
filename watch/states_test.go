package watch_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"driftwatch/crawler/address"
	"driftwatch/crawler/schedule"
	"driftwatch/news"
	"driftwatch/watch"
)

// scripted is an outlet that behaves by the hour of a made-up day.
type scripted struct {
	id      string
	kind    news.Kind
	serve   func(o *scripted, w http.ResponseWriter, r *http.Request)
	every   time.Duration // between two items
	burst   map[int]int   // items at once at the start of an hour
	until   time.Duration // when it publishes last; 0: always
	holds   int           // items in its list
	pages   news.Fulltext
	want    string // the state at the end
	missing bool   // what it publishes can't be seen to the end

	mu    sync.Mutex
	start time.Time
	now   func() time.Time
	base  string
	asked []time.Time // for its list
}

func (o *scripted) hour() float64 { return o.now().Sub(o.start).Hours() }

// out are the items that are out, the newest first.
func (o *scripted) out() (all []news.Item) {
	n := 0
	add := func(at time.Time) {
		n++
		all = append([]news.Item{{Link: fmt.Sprintf("%s/news/%d/water-in-the-valley", o.base, 1000+n), Title: fmt.Sprintf("Water in the valley, report number %d", n), Published: at}}, all...)
	}
	for at := o.start; !at.After(o.now()); at = at.Add(10 * time.Minute) {
		since := at.Sub(o.start)
		if o.until > 0 && since > o.until {
			break
		}
		if since%o.every == 0 {
			add(at)
		}
		if since%time.Hour == 0 {
			for range o.burst[int(since.Hours())] {
				add(at)
			}
		}
	}
	return all
}

func (o *scripted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if r.URL.Path == "/list" {
		o.asked = append(o.asked, o.now())
	}
	o.serve(o, w, r)
}

func list(o *scripted, w http.ResponseWriter, _ *http.Request) {
	all := o.out()
	all = all[:min(len(all), o.holds)]
	if o.kind == news.KindSite {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<html><title>News</title><body><main>")
		for _, it := range all {
			fmt.Fprintf(w, `<h2><a href="%s">%s</a></h2>`, it.Link, it.Title)
		}
		io.WriteString(w, "</main></body></html>")
		return
	}
	w.Header().Set("Content-Type", "application/rss+xml")
	io.WriteString(w, "<rss version='2.0'><channel><title>T</title>")
	for _, it := range all {
		fmt.Fprintf(w, "<item><title>%s</title><link>%s</link><pubDate>%s</pubDate><description>Rain.</description></item>", it.Title, it.Link, it.Published.Format(time.RFC1123Z))
	}
	io.WriteString(w, "</channel></rss>")
}

// from has the outlet answer with its list until an hour, then in another way.
func from(hour float64, then func(w http.ResponseWriter, r *http.Request)) func(*scripted, http.ResponseWriter, *http.Request) {
	return func(o *scripted, w http.ResponseWriter, r *http.Request) {
		if o.hour() >= hour {
			then(w, r)
			return
		}
		list(o, w, r)
	}
}

func page(status int, html string) func(w http.ResponseWriter, r *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		io.WriteString(w, html)
	}
}

// TestADayOfOutlets: over a day, a cycle each ten minutes, outlets change their
// markup, move, die, come back, block, and publish in bursts. Each is in the
// right state at the end, nothing that could be seen was missed, and none was
// asked more often than its interval allows.
func TestADayOfOutlets(t *testing.T) {
	f := open(t)
	f.watch.Sources = nil
	outlets := []*scripted{
		{id: "steady", serve: list, every: 30 * time.Minute, want: "reading"},
		{id: "bursts", serve: list, every: 4 * time.Hour, burst: map[int]int{9: 12, 15: 14}, holds: 15, want: "reading"},
		{id: "section", kind: news.KindSite, serve: list, every: time.Hour, want: "reading"},
		{id: "markup", kind: news.KindSite, serve: from(12, page(200, `<html><title>News</title><body><div id="app" data-src="/api"></div></body></html>`)), every: time.Hour, until: 11 * time.Hour, want: "markup changed"},
		{id: "moves", every: time.Hour, want: "reading", serve: func(o *scripted, w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/list" && o.hour() >= 6 {
				http.Redirect(w, r, "/new/list", http.StatusMovedPermanently)
				return
			}
			list(o, w, r)
		}},
		{id: "dies", serve: from(10, page(500, "")), every: time.Hour, want: "broken", missing: true},
		{id: "closes", serve: from(14, page(410, "")), every: time.Hour, want: "gone", missing: true},
		{id: "returns", every: time.Hour, want: "reading", serve: func(o *scripted, w http.ResponseWriter, r *http.Request) {
			if h := o.hour(); h >= 8 && h < 12 {
				http.Error(w, "", http.StatusInternalServerError)
				return
			}
			list(o, w, r)
		}},
		{id: "challenges", serve: from(10, page(403, "<title>Just a moment...</title>")), every: time.Hour, want: "challenge", missing: true},
		{id: "blocks", serve: from(10, page(403, "<title>No</title>")), every: time.Hour, want: "blocked", missing: true},
		{id: "refuses", serve: from(10, page(403, "<html><head><title>403 Forbidden</title></head><body><center>nginx</center></body></html>")), every: time.Hour, want: "blocked", missing: true},
		{id: "empties", serve: from(10, page(200, "<rss version='2.0'><channel><title>T</title></channel></rss>")), every: time.Hour, until: 9 * time.Hour, want: "empty"},
		{id: "shell", serve: from(10, page(200, "<title>The Valley</title><p>Loading</p><script src=/app.js></script>")), every: time.Hour, want: "homepage", missing: true},
		{id: "waits", every: time.Hour, want: "wait", missing: true, serve: from(10, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
		})},
		{id: "leaves", serve: from(16, page(200, "<title>x</title><p>This domain is for sale.</p>")), every: time.Hour, want: "parked", missing: true},
		{id: "asks", serve: from(13, page(200, "<title>Before you continue</title><p>Accept all cookies</p>")), every: time.Hour, want: "consent", missing: true},
		{id: "loses", serve: from(13, page(200, "<title>Страница не найдена</title>")), every: time.Hour, want: "soft 404", missing: true},
		{id: "drops", serve: from(13, page(404, "")), every: time.Hour, want: "not found", missing: true},
		{id: "fronts", every: time.Hour, want: "homepage", missing: true, serve: func(o *scripted, w http.ResponseWriter, r *http.Request) {
			switch {
			case o.hour() < 11:
				list(o, w, r)
			case r.URL.Path == "/":
				page(200, "<title>The Valley</title><a href=/a>News</a>")(w, r)
			default:
				http.Redirect(w, r, "/", http.StatusFound)
			}
		}},
		{id: "members", every: time.Hour, burst: map[int]int{0: 3, 23: 3}, pages: news.FulltextAlways, want: "login", serve: func(o *scripted, w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/list" {
				list(o, w, r)
				return
			}
			page(200, `<title>Members</title><form><input type="password" name="p"></form>`)(w, r)
		}},
	}
	start := f.clock.now()
	for _, o := range outlets {
		o.start, o.now = start, f.clock.now
		if o.holds == 0 {
			o.holds = 30
		}
		if o.kind == "" {
			o.kind = news.KindFeed
		}
		if o.pages == "" {
			o.pages = news.FulltextNever
		}
		server := httptest.NewServer(o)
		t.Cleanup(server.Close)
		o.base = server.URL
		f.watch.Sources = append(f.watch.Sources, news.Source{
			ID: o.id, Name: o.id, Country: "KG", Languages: []string{"en"}, Kind: o.kind, URL: server.URL + "/list",
			Homepage: server.URL + "/", Fulltext: o.pages, Interval: 15 * time.Minute, Enabled: true,
		})
	}
	for range 24 * 6 {
		if s := f.cycle(watch.Order{}); len(s.Problems) > 0 {
			t.Fatalf("%+v", s.Problems)
		}
		f.clock.pass(10 * time.Minute)
	}
	states, err := f.watch.Store.SourceStates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]bool{}
	for _, s := range watch.States() {
		words[s.Word] = true
	}
	for i, o := range outlets {
		st := states[o.id]
		got := watch.StateOf(f.watch.Sources[i], st)
		if got != o.want || !words[got] || (got != "reading") != (watch.Advice(got) != "") {
			t.Errorf("%s: is %q, want %q: %s", o.id, got, o.want, st.Problem)
		}
		for j := 1; j < len(o.asked); j++ {
			if apart := o.asked[j].Sub(o.asked[j-1]); apart < 13*time.Minute {
				t.Errorf("%s was asked after %v", o.id, apart)
			}
		}
		if !o.missing {
			o.complete(t, f)
		}
	}
	if st := states["moves"]; st.MovedPolls < schedule.MovedEnough || !strings.HasSuffix(st.Moved, "/new/list") {
		t.Errorf("moves: %+v", st)
	}
	if n := len(outlets[0].asked); n < 24 || n > 80 {
		t.Errorf("an outlet with two items an hour was asked %d times", n)
	}
	if st := states["markup"]; !strings.Contains(st.Problem, "it listed 12 before") {
		t.Errorf("markup: %s", st.Problem)
	}
}

// A source that lists nothing is none that was read: in a country that has no other, no
// news is said to be no news.
func TestNothingListedIsNotCovered(t *testing.T) {
	f := open(t)
	items := "<item><title>Water in the valley</title><link>http://v.example/1</link></item>"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "<rss version='2.0'><channel><title>T</title>%s</channel></rss>", items)
	}))
	defer server.Close()
	f.watch.Sources = []news.Source{{
		ID: "one", Name: "One", Country: "TM", Languages: []string{"en"}, Kind: news.KindFeed, URL: server.URL, Fulltext: news.FulltextNever, Enabled: true,
	}}
	states := func() map[string]news.SourceState {
		all, err := f.watch.Store.SourceStates(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	covers := func(want int) {
		t.Helper()
		if s := f.cycle(watch.Order{}); s.Coverage.Countries[0] != (watch.Cover{Key: "TM", Read: want, Total: 1}) {
			t.Errorf("coverage is %+v, want %d", s.Coverage.Countries, want)
		}
	}
	covers(1)
	items = ""
	f.clock.pass(time.Hour)
	covers(0)
	covers(0) // it isn't due
	st := states()["one"]
	if st.Problem != "the feed lists nothing (it listed 1 before)" || st.Failures > 0 {
		t.Errorf("%+v", st)
	}
	checks, err := f.watch.Check(t.Context(), nil, func(int, int) {})
	if err != nil || checks[0].Status != watch.StateEmpty || checks[0].Advice == "" {
		t.Errorf("checked: %+v, %v", checks, err)
	}
	items = "<item><title>Water in the valley</title><link>http://v.example/2</link></item>"
	f.clock.pass(time.Hour)
	covers(1)
	if st := states()["one"]; watch.StateOf(f.watch.Sources[0], st) != watch.StateReading || st.Problem != "" {
		t.Errorf("%+v", st)
	}
}

// complete checks that what the outlet published until an hour ago was found.
func (o *scripted) complete(t *testing.T, f *fixture) {
	t.Helper()
	var keys []string
	for _, it := range o.out() {
		if f.clock.now().Sub(it.Published) > 70*time.Minute {
			key, err := address.Canonical(it.Link)
			if err != nil {
				t.Fatal(err)
			}
			keys = append(keys, key)
		}
	}
	known, err := f.watch.Store.KnownItems(t.Context(), o.id, keys)
	if err != nil || len(known) != len(keys) || len(keys) < 5 {
		t.Errorf("%s: %d of %d items were found, %v", o.id, len(known), len(keys), err)
	}
}
