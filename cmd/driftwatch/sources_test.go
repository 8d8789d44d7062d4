package main

import (
	"testing"
	"time"

	"driftwatch/news"
)

// What the polls saw of a source is shown beside what is expected of it.
func TestItemsADay(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	seen := news.Rhythm{Since: now.Add(-24 * time.Hour), As: now}
	seen.Hours[9] = 20
	for _, c := range []struct {
		name     string
		expected int
		rhythm   news.Rhythm
		want     string
	}{
		{"neither is known", 0, news.Rhythm{}, "–"},
		{"expected alone", 100, news.Rhythm{}, "– of 100"},
		{"seen alone", 0, seen, "20.3"},
		{"both", 100, seen, "20.3 of 100"},
		{"nothing came", 7, news.Rhythm{Since: now.Add(-24 * time.Hour), As: now}, "0 of 7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := news.Source{ID: "a", URL: "https://a.example/feed", PerDay: c.expected, Enabled: true}
			if got := sourceOf(s, news.SourceState{Rhythm: c.rhythm}).perDay(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
