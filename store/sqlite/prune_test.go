package sqlite

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// TestPruneGoesOn: a step of pruning begins where the one before ended, so that what
// stays isn't looked at in each of them; all the same nothing old is left.
func TestPruneGoesOn(t *testing.T) {
	d, err := Open(t.Context(), filepath.Join(t.TempDir(), "watch.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	put := func(from, to int) {
		t.Helper()
		err := d.Update(t.Context(), func(tx store.Tx) error {
			for i := from; i < to; i++ {
				a, err := tx.NewStory(news.Article{Source: "s", URL: fmt.Sprintf("https://one.example/%d", i), Title: "A title", Text: "A text.", Seen: at.Add(time.Duration(i/3) * time.Hour)}, store.Print{})
				if err == nil && i%2 == 0 { // three have the same time
					_, err = tx.PutHits(a.ID, 1, []news.Hit{{Signal: "s", Level: 3, Found: a.Seen}})
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	prune := func(before time.Time, want ...int64) {
		t.Helper()
		for _, n := range want {
			p, err := d.Prune(t.Context(), store.PruneBefore{Articles: before}, 4)
			if err != nil || p.Articles != n {
				t.Fatalf("a step removed %d articles, want %d (%v)", p.Articles, n, err)
			}
		}
	}
	put(0, 20)
	prune(at.AddDate(1, 0, 0), 4)
	if want := stamp(at.Add(2 * time.Hour)); d.pruned.seen != want {
		t.Errorf("the next step begins with what was seen at %q, want %q", d.pruned.seen, want)
	}
	prune(at.AddDate(1, 0, 0), 4, 2, 0)
	put(20, 30)
	prune(at.AddDate(1, 0, 0), 4, 1, 0)
	put(30, 36)
	prune(at.AddDate(1, 0, 1), 3, 0)
	if left, err := d.Counts(t.Context()); err != nil || left.Articles != 18 {
		t.Errorf("%d articles are left (%v)", left.Articles, err)
	}
}
