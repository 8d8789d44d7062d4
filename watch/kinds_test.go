package watch_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/watch"
)

// outlet serves one made-up outlet with a sitemap, a channel's preview and a
// feed, whose article says when it came out without naming a zone.
func outlet(t *testing.T) string {
	t.Helper()
	const text = "<p>Бишкек отменил на своей территории учения ОДКБ «Рубеж». Об этом сообщило министерство обороны Киргизии.</p>"
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := "http://" + r.Host
		switch r.URL.Path {
		case "/sitemap.xml":
			fmt.Fprintf(w, "<urlset><url><loc>%s/news/1</loc></url></urlset>", host)
		case "/s/almalynews":
			fmt.Fprintf(w, `<div class="tgme_widget_message" data-post="almalynews/7"><div class="tgme_widget_message_text">Бишкек отменил учения ОДКБ.</div>
				<a class="tgme_widget_message_date"><time datetime="2026-11-02T05:00:00+00:00"></time></a></div>`)
		case "/news/1":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, `<html lang="ru"><head><title>Бишкек отменил учения ОДКБ</title></head><body><article><h1>Бишкек отменил учения ОДКБ</h1>
				<time>2 ноября 2026, 14:05</time>%s</article></body></html>`, strings.Repeat(text, 4))
		case "/mirror.xml":
			io.WriteString(w, `<rss version="2.0"><channel><title>Алмалы</title><item><title>В Алмалы открыли мост</title>
				<link>https://almaly.example/bridge</link><pubDate>02 Nov 2026 14:05</pubDate><description>Мост.</description></item></channel></rss>`)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// TestEveryKindOfSource: a sitemap's page, a channel's post and a feed that is
// read at its mirror are each an article after one cycle.
func TestEveryKindOfSource(t *testing.T) {
	almaty, err := time.LoadLocation("Asia/Almaty")
	if err != nil {
		t.Fatal(err)
	}
	f := open(t)
	f.watch.AlertFirstPoll, f.watch.MaxAge = true, 100*365*24*time.Hour
	url := outlet(t)
	f.watch.Sources = nil
	for _, s := range []news.Source{
		{ID: "map", Kind: news.KindSitemap, URL: url + "/sitemap.xml"},
		{ID: "channel", Kind: news.KindTelegram, URL: url + "/almalynews"},
		{ID: "feed", Kind: news.KindFeed, URL: url + "/gone.xml", Mirrors: []string{url + "/gone-too.xml", url + "/mirror.xml"}, Fulltext: news.FulltextNever},
	} {
		s.Name, s.Country, s.Languages, s.Enabled, s.Zone = s.ID, "KG", []string{"ru"}, true, almaty
		if s.Fulltext == "" {
			s.Fulltext = news.FulltextAuto
		}
		f.watch.Sources = append(f.watch.Sources, s)
	}
	sum := f.cycle(watch.Order{})
	if sum.Sources.Polled != 3 || len(sum.Failures) != 0 || sum.Articles.New != 3 {
		t.Fatalf("%d polled, %d articles, failures %v", sum.Sources.Polled, sum.Articles.New, sum.Failures)
	}
	published := map[string]string{}
	err = f.watch.Store.EachArticle(t.Context(), time.Time{}, func(a news.Article) error {
		published[a.Source] = a.Published.Format(time.RFC3339)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for source, want := range map[string]string{"map": "2026-11-02T09:05:00Z", "channel": "2026-11-02T05:00:00Z", "feed": "2026-11-02T09:05:00Z"} {
		if published[source] != want {
			t.Errorf("%s: published %s, want %s", source, published[source], want)
		}
	}
	rows, err := f.watch.Store.Hits(t.Context(), store.HitFilter{})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, r := range rows {
		found[r.Article.Source] = true
	}
	if !found["map"] || !found["channel"] {
		t.Errorf("hits of %v, want some of map and channel", found)
	}
	checks, err := f.watch.Check(t.Context(), []string{"feed", "map", "channel"}, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if c.Status != watch.StatusOK {
			t.Errorf("check %s: %+v", c.Source, c)
		}
	}
	if c := checks[0]; !strings.Contains(c.Problem, "read at its mirror "+url+"/mirror.xml") {
		t.Errorf("check says %q of a feed that is read at its mirror", c.Problem)
	}
}
