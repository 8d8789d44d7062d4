package sqlite

import (
	"path/filepath"
	"testing"
	"time"

	"driftwatch/news"
)

// BenchmarkInbox is a page of the inbox, with its counts, out of 50,000 stories,
// and the same after one of them got a verdict.
func BenchmarkInbox(b *testing.B) {
	d, err := Open(b.Context(), filepath.Join(b.TempDir(), "inbox.db"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	putStories(b, d, 50_000, 1)
	f := news.InboxFilter{Limit: 50, Facets: map[news.Facet][]string{news.FacetCountry: {"KZ", "KG"}}}
	page := func(b *testing.B) []int64 {
		box, err := d.Inbox(b.Context(), f)
		if err != nil || len(box.Stories) != 50 {
			b.Fatalf("%d stories (%v)", len(box.Stories), err)
		}
		return box.Stories
	}
	started := time.Now()
	page(b)
	b.Logf("the first page, with the index made: %s", time.Since(started))
	b.Run("page", func(b *testing.B) {
		for b.Loop() {
			page(b)
		}
	})
	b.Run("files", func(b *testing.B) {
		for b.Loop() {
			if _, err := d.StoryFiles(b.Context(), page(b)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("after a verdict", func(b *testing.B) {
		for b.Loop() {
			if _, err := d.JudgeStories(b.Context(), page(b)[:1], news.Verdict{Says: news.Unsure, By: "dana", Given: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
