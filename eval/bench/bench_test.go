package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
)

var now = time.Date(2026, time.November, 24, 9, 30, 0, 0, time.UTC)

func TestFeedXML(t *testing.T) {
	titles, texts := map[string]bool{}, map[string]bool{}
	const feeds, items = 30, 20
	var length int
	for n := range feeds {
		f, err := gofeed.NewParser().Parse(bytes.NewReader(feedXML("http://127.0.0.1", n, items, now)))
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Items) != items {
			t.Errorf("feed %d has %d items, want %d", n, len(f.Items), items)
		}
		for _, item := range f.Items {
			if item.PublishedParsed == nil || item.PublishedParsed.After(now) {
				t.Errorf("%s: published %v", item.Link, item.PublishedParsed)
			}
			n := utf8.RuneCountInString(item.Description)
			if n < 150 || n > 900 {
				t.Errorf("%s: a text of %d characters", item.Link, n)
			}
			length += n
			titles[item.Title], texts[item.Description] = true, true
		}
	}
	if len(titles) != feeds*items || len(texts) != feeds*items {
		t.Errorf("%d titles and %d texts in %d items", len(titles), len(texts), feeds*items)
	}
	if mean := length / (feeds * items); mean < 300 || mean > 600 {
		t.Errorf("texts of %d characters on average, want 300 to 600", mean)
	}
	if !bytes.Equal(feedXML("a", 3, items, now), feedXML("a", 3, items, now)) {
		t.Error("the same numbers give other words")
	}
}

func TestTally(t *testing.T) {
	var counted tally
	feed := counted.feed([]byte("<rss/>"), now)
	ask := func(path, etag string) *http.Response {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("If-None-Match", etag)
		w := httptest.NewRecorder()
		feed.ServeHTTP(w, r)
		return w.Result()
	}
	etag := ask("/feed.xml", "").Header.Get("Etag")
	if res := ask("/feed.xml", etag); res.StatusCode != http.StatusNotModified {
		t.Errorf("asked again: %s, want 304", res.Status)
	}
	ask("/robots.txt", "")

	for _, tt := range []struct{ path, want string }{
		{"/counts", `{"requests":3,"ok":1,"not_modified":1}`},
		{"/reset", `{"requests":0,"ok":0,"not_modified":0}`},
	} {
		w := httptest.NewRecorder()
		counted.handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, tt.path, nil))
		if got := strings.TrimSpace(w.Body.String()); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.path, got, tt.want)
		}
	}
}

func TestReport(t *testing.T) {
	p := plan{feeds: 10}
	readers := []reader{driftwatch{}, newsboat{}}
	all := results{}
	for i, wall := range []int{3, 1, 2} {
		all.add("driftwatch", cold, measurement{time.Duration(wall) * time.Second, time.Second, 50, counts{10, 10, 0}})
		all.add("newsboat", cold, measurement{time.Duration(4*wall) * time.Second, 2 * time.Second, 100, counts{10, 10, 0}})
		all.add("driftwatch", unchanged, measurement{time.Second, time.Second, 50, counts{10, 0, 10}})
		all.add("newsboat", unchanged, measurement{time.Second, time.Second, 50, counts{10, i, 10 - i}})
	}
	var b strings.Builder
	report(&b, p, readers, all)
	var ratios []string
	for line := range strings.Lines(b.String()) {
		if strings.Contains(line, "driftwatch/newsboat") {
			ratios = append(ratios, strings.Join(strings.Fields(strings.ReplaceAll(line, "|", " "))[2:], " "))
		}
	}
	if got, want := strings.Join(ratios, "; "), "0.25 0.50 0.50; 1.00 1.00 1.00"; got != want {
		t.Errorf("ratios %q, want %q\n%s", got, want, &b)
	}
	for _, want := range []string{"2.00 (1.00–3.00)", "newsboat got 304 from 9 of 10 feeds", "newsboat got 304 from 8 of 10 feeds"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
}
