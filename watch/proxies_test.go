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

	"driftwatch/news"
	"driftwatch/watch"
)

// An outlet that keeps us out is asked at its address, then at its mirrors, then through
// its proxy, which its articles' pages come through, too. One that isn't there, or wants
// patience, isn't asked by another way.
func TestProxyComesLast(t *testing.T) {
	var mu sync.Mutex
	var asked []string // in order
	status := http.StatusForbidden
	outlet := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		way := "plain"
		if r.Header.Get("Via") != "" {
			way = "proxied"
		}
		asked = append(asked, way+" "+r.URL.Path)
		switch {
		case way == "plain":
			w.WriteHeader(status)
		case r.URL.Path == "/robots.txt":
			http.NotFound(w, r)
		case r.URL.Path == "/feed":
			fmt.Fprintf(w, "<rss version='2.0'><channel><title>T</title><item><title>Water in the valley</title><link>http://%s/news/1</link></item></channel></rss>", r.Host)
		default:
			io.WriteString(w, "<html><title>Water in the valley</title><article><h1>Water in the valley</h1><p>The council of the valley spoke of water for an hour, and of the road after that.</p></article></html>")
		}
	})
	server := httptest.NewServer(outlet)
	defer server.Close()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Proxy-Authorization") == "" {
			t.Error("the proxy isn't told who asks")
		}
		r.Header.Set("Via", "1.1 proxy")
		outlet(w, r)
	}))
	defer proxy.Close()
	f := open(t)
	f.watch.Sources = []news.Source{{
		ID: "one", Name: "One", Country: "KG", Languages: []string{"en"}, Kind: news.KindFeed, URL: server.URL + "/feed",
		Mirrors: []string{server.URL + "/mirror"}, Proxy: strings.Replace(proxy.URL, "http://", "http://user:secret@", 1),
		Fulltext: news.FulltextAlways, Enabled: true,
	}}
	s := f.cycle(watch.Order{})
	want := []string{"plain /feed", "plain /mirror", "proxied /feed", "proxied /robots.txt", "proxied /news/1"}
	if s.Sources.Polled != 1 || s.Articles.Pages != 1 || strings.Join(asked, ", ") != strings.Join(want, ", ") {
		t.Errorf("asked %q, want %q; %+v, %+v", asked, want, s.Sources, s.Failures)
	}
	checks, err := f.watch.Check(t.Context(), nil, func(int, int) {})
	if err != nil || checks[0].Status != watch.StatusOK || !strings.HasPrefix(checks[0].Problem, "read through its proxy; without: ") || strings.Contains(checks[0].Problem, "secret") {
		t.Errorf("checked: %+v, %v", checks, err)
	}
	for _, other := range []int{http.StatusNotFound, http.StatusTooManyRequests} {
		f.clock.pass(24 * time.Hour)
		asked, status = nil, other
		if s := f.cycle(watch.Order{}); s.Sources.Failed != 1 || strings.Contains(strings.Join(asked, " "), "proxied") {
			t.Errorf("status %d: asked %q; %+v", other, asked, s.Sources)
		}
	}
}

// A source that was barred and could be read through its proxy isn't asked without it
// for a day, pages neither; where the proxy has no luck, it is asked as ever.
func TestABarredSourceIsAskedThroughItsProxyAtOnce(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	barred, broken, feeds := true, false, 0
	serve := func(way string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			asked = append(asked, way+" "+r.URL.Path)
			switch {
			case way == "plain" && barred, way == "proxied" && broken:
				w.WriteHeader(http.StatusForbidden)
			case r.URL.Path == "/robots.txt":
				http.NotFound(w, r)
			case r.URL.Path == "/feed":
				feeds++
				fmt.Fprintf(w, "<rss version='2.0'><channel><title>T</title><item><title>Water in the valley</title><link>http://%s/news/%d</link></item></channel></rss>", r.Host, feeds)
			default:
				io.WriteString(w, "<html><title>Water in the valley</title><article><h1>Water in the valley</h1><p>The council of the valley spoke of water for an hour, and of the road after that.</p></article></html>")
			}
		}
	}
	server, proxy := httptest.NewServer(serve("plain")), httptest.NewServer(serve("proxied"))
	defer server.Close()
	defer proxy.Close()
	f := open(t)
	f.watch.Sources = []news.Source{{
		ID: "one", Name: "One", Country: "KG", Languages: []string{"en"}, Kind: news.KindFeed, URL: server.URL + "/feed",
		Proxy: proxy.URL, Fulltext: news.FulltextAlways, Enabled: true,
	}}
	for _, step := range []struct {
		name           string
		after          time.Duration
		barred, broken bool
		want           string
	}{
		{"barred", 0, true, false, "plain /feed, proxied /feed, proxied /robots.txt, proxied /news/1"},
		{"an hour later", time.Hour, true, false, "proxied /feed, proxied /news/2"},
		{"the proxy is barred too", 2 * time.Hour, false, true, "proxied /feed, plain /feed, plain /robots.txt, plain /news/3"},
		{"a day after it was found barred", 22 * time.Hour, true, false, "plain /feed, proxied /feed, proxied /news/4"},
		{"open again, seen a day later", 25 * time.Hour, false, false, "plain /feed, plain /news/5"},
		{"and from then on", 2 * time.Hour, false, false, "plain /feed, plain /news/6"},
	} {
		f.clock.pass(step.after)
		asked, barred, broken = nil, step.barred, step.broken
		s := f.cycle(watch.Order{})
		if got := strings.Join(asked, ", "); got != step.want || s.Sources.Polled != 1 {
			t.Errorf("%s: asked %q, want %q; %+v", step.name, got, step.want, s.Sources)
		}
	}
}
