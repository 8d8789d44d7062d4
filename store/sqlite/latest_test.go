package sqlite

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// Where a few of the latest are enough, the latest are looked through first, and it
// is said that there may be more; where they are too few, all are.
func TestSearchEnough(t *testing.T) {
	before, long := steps, stepsFor
	steps, stepsFor = []int64{3, 6}, time.Hour
	t.Cleanup(func() { steps, stepsFor = before, long })
	d, err := Open(t.Context(), filepath.Join(t.TempDir(), "watch.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	err = d.Update(t.Context(), func(tx store.Tx) error {
		for i, title := range []string{"drone one", "drone two", "drone rare three", "drone four", "drone five", "drone six", "drone seven", "drone eight"} {
			if _, err := tx.NewStory(news.Article{Source: "outlet", URL: fmt.Sprintf("https://one.example/%d", i), Title: title, Text: "Text.", Lang: "en", Seen: at}, store.Print{}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.IndexArticles(t.Context(), 100); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		words  string
		enough int
		total  int
		more   bool
	}{
		{"drone", 0, 8, false}, {"drone", 1, 3, true}, {"drone", 3, 3, true}, {"drone", 4, 6, true}, {"drone", 7, 8, false},
		{"rare", 1, 1, true}, {"rare", 2, 1, false}, {"nothing", 1, 0, false},
	} {
		s, err := d.Search(t.Context(), news.SearchFilter{Words: c.words, Enough: c.enough, Limit: 10})
		if err != nil || s.Total != c.total || s.More != c.more || len(s.Articles) != c.total {
			t.Errorf("%s, %d enough: %d of %d, more %t (%v), want %d, more %t", c.words, c.enough, len(s.Articles), s.Total, s.More, err, c.total, c.more)
		}
	}
	stepsFor = -1 // what is found late is enough
	if s, err := d.Search(t.Context(), news.SearchFilter{Words: "drone", Enough: 8, Limit: 10}); err != nil || s.Total != 3 || !s.More {
		t.Errorf("when it takes long: %d, more %t (%v)", s.Total, s.More, err)
	}
}
