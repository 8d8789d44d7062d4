package watch_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"driftwatch/crawler/feed"
	"driftwatch/news"
	"driftwatch/watch"
)

// TestListingsThatAreNotWhole: a feed that breaks off is a failure where it has
// no item, and what was left out of one is said by Check.
func TestListingsThatAreNotWhole(t *testing.T) {
	item := func(i int) string {
		return fmt.Sprintf("<item><title>Rain %d</title><link>https://v.example/%d</link><description>Rain.</description></item>", i, i)
	}
	var long strings.Builder
	for i := range feed.MaxItems + 1 {
		long.WriteString(item(i))
	}
	bodies := map[string]string{
		"cut":  "<rss><channel><title>T</title><item><title>O",
		"half": "<rss><channel><title>T</title>" + item(1) + "<item><title>O",
		"long": "<rss><channel><title>T</title>" + long.String() + "</channel></rss>",
	}
	f := open(t)
	f.watch.Sources = nil
	for id, body := range bodies {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") != "" {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			w.Header().Set("Content-Type", "application/rss+xml")
			w.Header().Set("ETag", `"1"`)
			fmt.Fprint(w, body)
		}))
		t.Cleanup(server.Close)
		f.watch.Sources = append(f.watch.Sources, news.Source{
			ID: id, Name: id, Country: "KG", Languages: []string{"en"}, Kind: news.KindFeed, URL: server.URL, Fulltext: news.FulltextNever, Enabled: true,
		})
	}
	checks, err := f.watch.Check(context.Background(), []string{"cut", "half", "long"}, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []watch.Checked{
		{Status: "cut off", Problem: "a feed that is cut off before its first item is whole"},
		{Status: watch.StatusOK, Problem: "the feed is cut off; of its items 1 could be read"},
		{Status: watch.StatusOK, Problem: "the feed has more than 2000 items; only the first 2000 are read"},
	} {
		if got := checks[i]; got.Status != want.Status || !strings.Contains(got.Problem, want.Problem) || got.Advice == "" {
			t.Errorf("check %s: %+v", got.Source, got)
		}
	}
	s := f.cycle(watch.Order{})
	if s.Sources.Polled != 2 || len(s.Failures) != 1 || s.Failures[0].Source != "cut" || !strings.Contains(s.Failures[0].Problem, "cut off") {
		t.Errorf("%+v\n%+v", s.Sources, s.Failures)
	}
	for id, validated := range map[string]bool{"half": false, "long": true} {
		states, err := f.watch.Store.SourceStates(t.Context())
		if err != nil || (states[id].ETag != "") != validated {
			t.Errorf("%s: %+v, %v", id, states[id], err)
		}
	}
}

// Where a page came instead of a feed, the front page is asked for once, to compare
// them: what was found stands while the source fails.
func TestAFrontPageIsComparedOnce(t *testing.T) {
	for name, c := range map[string]struct{ front, want string }{
		"the front page": {"<title>The Valley</title><p>Loading</p>", "homepage"},
		"another page":   {"<title>The Valley</title><p>News of the valley, of its river and of its roads</p>", "no feed"},
	} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			asked := map[string]int{}
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				asked[r.URL.Path]++
				w.Header().Set("Content-Type", "text/html")
				switch r.URL.Path {
				case "/robots.txt":
					http.NotFound(w, r)
				case "/":
					io.WriteString(w, c.front)
				default:
					io.WriteString(w, "<title>The Valley</title><p>Loading</p>")
				}
			}))
			defer server.Close()
			f := open(t)
			f.watch.Sources = []news.Source{{ID: "one", Name: "One", Country: "KG", Languages: []string{"en"}, Kind: news.KindFeed, URL: server.URL + "/rss", Enabled: true}}
			for range 3 {
				f.cycle(watch.Order{})
				states, err := f.watch.Store.SourceStates(t.Context())
				if got := watch.StateOf(f.watch.Sources[0], states["one"]); err != nil || got != c.want {
					t.Errorf("it is %q, want %q, %v", got, c.want, err)
				}
				f.clock.pass(25 * time.Hour)
			}
			if asked["/rss"] != 3 || asked["/"] != 1 {
				t.Errorf("asked %v", asked)
			}
		})
	}
}

// An outlet that refuses its front page may have left a feed and a sitemap open. Where
// nothing is, its answer is the error.
func TestDiscoverBesideARefusedPage(t *testing.T) {
	closed := false
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case closed:
			w.WriteHeader(http.StatusForbidden)
		case r.URL.Path == "/robots.txt":
			fmt.Fprintf(w, "Sitemap: %s/map.xml\n", server.URL)
		case r.URL.Path == "/map.xml":
			fmt.Fprintf(w, "<urlset><url><loc>%s/news/1</loc></url></urlset>", server.URL)
		case r.URL.Path == "/rss":
			io.WriteString(w, "<rss version='2.0'><channel><title>T</title><item><title>Water</title><link>/news/1</link></item></channel></rss>")
		default:
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	defer server.Close()
	f := open(t)
	found, err := f.watch.Discover(t.Context(), server.URL, func(string) {})
	if err != nil || len(found) < 3 || found[0].URL != server.URL+"/rss" || found[0].Problem != "" || found[1].Kind != news.KindSitemap || found[1].Problem != "" {
		t.Fatalf("found %v, %v", found, err)
	}
	if last := found[len(found)-1]; last.URL != server.URL || !strings.Contains(last.Problem, "status 403") {
		t.Errorf("of the page itself: %v", last)
	}
	closed = true
	if found, err := f.watch.Discover(t.Context(), server.URL, func(string) {}); err == nil || !strings.Contains(err.Error(), "status 403") || watch.NoHTTPS(err) {
		t.Errorf("of an outlet that is closed: %v, %v", found, err)
	}
	if _, err := f.watch.Discover(t.Context(), strings.Replace(server.URL, "http:", "https:", 1), func(string) {}); !watch.NoHTTPS(err) {
		t.Errorf("without https: %v", err)
	}
}

// A channel that has said nothing yet is told from one that shows no preview.
func TestAQuietChannelHasAPreview(t *testing.T) {
	for want, page := range map[string]string{
		"empty":      `<div class="tgme_channel_info">The Valley</div>`,
		"no preview": `<div class="tgme_page"><div class="tgme_page_title">The Valley</div></div>`,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, page) }))
		f := open(t)
		f.watch.Sources = []news.Source{{ID: "one", Kind: news.KindTelegram, URL: server.URL + "/s/valley", Enabled: true}}
		checks, err := f.watch.Check(t.Context(), nil, func(int, int) {})
		server.Close()
		if err != nil || checks[0].Status != want || checks[0].Advice == "" {
			t.Errorf("%+v, want %q, %v", checks, want, err)
		}
	}
}
