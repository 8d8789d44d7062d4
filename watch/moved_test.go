package watch_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"driftwatch/crawler/schedule"
	"driftwatch/news"
	"driftwatch/watch"
)

// TestMovedListings: a listing of any kind that leads elsewhere by a permanent
// redirect is asked for there once that was so several times, and at its own
// address again when nothing is there any more.
func TestMovedListings(t *testing.T) {
	for kind, body := range map[news.Kind]string{
		news.KindFeed:     `<rss version="2.0"><channel><title>T</title><item><title>Water in the valley</title><link>/news/1001</link></item></channel></rss>`,
		news.KindJSON:     `[{"link":"/news/1001","title":{"rendered":"Water in the valley"}}]`,
		news.KindSite:     `<html><body><h2><a href="/news/1001/water-in-the-valley">Water in the valley at last</a></h2></body></html>`,
		news.KindSitemap:  `<urlset><url><loc>/news/1001</loc></url></urlset>`,
		news.KindTelegram: `<div class="tgme_widget_message" data-post="valley/7"><div class="tgme_widget_message_text">Water in the valley.</div></div>`,
	} {
		t.Run(string(kind), func(t *testing.T) {
			var old atomic.Int32
			var gone atomic.Bool
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == "/s/valley":
					old.Add(1)
					if gone.Load() {
						io.WriteString(w, strings.ReplaceAll(body, "<loc>", "<loc>http://"+r.Host))
						return
					}
					http.Redirect(w, r, "/s/moved", http.StatusPermanentRedirect)
				case r.URL.Path == "/s/moved" && !gone.Load():
					io.WriteString(w, strings.ReplaceAll(body, "<loc>", "<loc>http://"+r.Host))
				default:
					http.NotFound(w, r)
				}
			}))
			t.Cleanup(s.Close)
			r := openServed(t, http.NotFoundHandler(), `kind: feed, url: "%s/feed"`)
			r.watch.Sources = []news.Source{{ID: "moves", Name: "Moves", Country: "KG", Languages: []string{"en"}, Kind: kind, URL: s.URL + "/s/valley",
				Fulltext: news.FulltextNever, Interval: time.Minute, Enabled: true}}
			for range schedule.MovedEnough + 3 {
				if sum := r.after(2 * time.Hour); sum.Sources.Polled != 1 || len(sum.Failures) > 0 {
					t.Fatalf("%+v", sum.Failures)
				}
			}
			if n := old.Load(); n != schedule.MovedEnough {
				t.Errorf("the old address was asked %d times, want %d", n, schedule.MovedEnough)
			}
			checks, err := r.watch.Check(t.Context(), nil, func(int, int) {})
			if err != nil || !strings.Contains(checks[0].Problem, "moved for good to "+s.URL+"/s/moved") || checks[0].Status != watch.StatusOK {
				t.Errorf("check: %+v, %v", checks, err)
			}
			gone.Store(true)
			if sum := r.after(2 * time.Hour); sum.Sources.Polled != 1 || len(sum.Failures) > 0 {
				t.Errorf("when it moved back: %+v", sum.Failures)
			}
		})
	}
}
