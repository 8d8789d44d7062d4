package watch_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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
