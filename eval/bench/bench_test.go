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
		f, err := gofeed.NewParser().Parse(bytes.NewReader(feedXML("http://127.0.0.1", n, items, 0, now)))
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
	if !bytes.Equal(feedXML("a", 3, items, 0, now), feedXML("a", 3, items, 0, now)) {
		t.Error("the same numbers give other words")
	}
}

func TestTally(t *testing.T) {
	var counted tally
	one := &feed{tally: &counted, base: "http://127.0.0.1", items: 2}
	one.edit(0, now)
	control := counted.handler([]*feed{one})
	ask := func(h http.Handler, path, etag string) (*http.Response, string) {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("If-None-Match", etag)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result(), w.Body.String()
	}
	res, first := ask(one, "/feed.xml", "")
	etag := res.Header.Get("Etag")
	if res, _ := ask(one, "/feed.xml", etag); res.StatusCode != http.StatusNotModified {
		t.Errorf("asked again: %s, want 304", res.Status)
	}
	ask(one, "/robots.txt", "")
	if res, page := ask(one, "/news/1", ""); res.StatusCode != http.StatusOK || !strings.Contains(page, "<article>") {
		t.Errorf("a page: %s, %s", res.Status, page)
	}
	if _, got := ask(control, "/publish", ""); strings.TrimSpace(got) != `{"requests":4,"ok":1,"not_modified":1,"pages":1}` {
		t.Errorf("counted %s", got)
	}
	res, second := ask(one, "/feed.xml", etag)
	if res.StatusCode != http.StatusOK || strings.Contains(first, "/news/-1") || !strings.Contains(second, "/news/-1") || !strings.Contains(second, "/news/0") {
		t.Errorf("with a new item: %s\n%s\nfirst it was\n%s", res.Status, second, first)
	}
	if _, got := ask(control, "/reset", ""); strings.TrimSpace(got) != `{"requests":0,"ok":0,"not_modified":0,"pages":0}` {
		t.Errorf("set to zero: %s", got)
	}
}

func TestReport(t *testing.T) {
	p := plan{feeds: 10, phases: []string{cold, unchanged}}
	readers := []reader{driftwatch{}, newsboat{}}
	all := results{}
	for i, wall := range []int{3, 1, 2} {
		all.add("driftwatch", cold, measurement{time.Duration(wall) * time.Second, time.Second, 50, 7, counts{10, 10, 0, 0}})
		all.add("newsboat", cold, measurement{time.Duration(4*wall) * time.Second, 2 * time.Second, 100, 7, counts{10, 10, 0, 0}})
		all.add("driftwatch", unchanged, measurement{time.Second, time.Second, 50, 7, counts{10, 0, 10, 0}})
		all.add("newsboat", unchanged, measurement{time.Second, time.Second, 50, 7, counts{10, i, 10 - i, 0}})
	}
	var b strings.Builder
	report(&b, p, readers, all, nil)
	var ratios []string
	for line := range strings.Lines(b.String()) {
		if strings.Contains(line, "driftwatch/newsboat") {
			ratios = append(ratios, strings.Join(strings.Fields(strings.ReplaceAll(line, "|", " "))[2:], " "))
		}
	}
	if got, want := strings.Join(ratios, "; "), "0.25 0.50 0.50 1.00; 1.00 1.00 1.00 1.00"; got != want {
		t.Errorf("ratios %q, want %q\n%s", got, want, &b)
	}
	for _, want := range []string{"2.00 (1.00–3.00)", "newsboat got 304 from 9 of 10 feeds", "newsboat got 304 from 8 of 10 feeds"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
}

// TestReportOfGrowth: what many feeds take is told in times of what few took, and
// what steady cycles would take all day.
func TestReportOfGrowth(t *testing.T) {
	few, many := results{}, results{}
	few.add("driftwatch", cold, measurement{time.Second, 2 * time.Second, 50, 7, counts{10, 10, 0, 0}})
	many.add("driftwatch", cold, measurement{11 * time.Second, 25 * time.Second, 100, 7, counts{100, 100, 0, 0}})
	many.add("driftwatch", steady, measurement{2 * time.Second, 30 * time.Second, 100, 7, counts{100, 10, 89, 0}})
	var b strings.Builder
	report(&b, plan{feeds: 100, phases: []string{cold, steady}}, []reader{driftwatch{}}, many, few)
	got := strings.Join(strings.Fields(strings.ReplaceAll(b.String(), "|", " ")), " ")
	for _, want := range []string{"times those of fewer feeds 11.00 12.50 2.00 1.00", "takes 0.050 of a core", "driftwatch read 10 of 100 feeds when 10 had a new item"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
}
