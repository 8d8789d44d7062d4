package sqlite

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// Whatever is filed, rewritten and made findable between two searches, what is found
// of that which is kept is what the whole index has.
func TestSeekIsTheIndex(t *testing.T) {
	for _, words := range []string{"drone", "dro*", "seized -dron*"} {
		seekIsTheIndex(t, words)
	}
}

func seekIsTheIndex(t *testing.T, words string) {
	t.Helper()
	asks := func() *asked { return askFor(news.SearchFilter{Words: words}) }
	match := asks().match()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "watch.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	r := rand.New(rand.NewPCG(1, 2))
	var all []news.Article
	text := func() string {
		return [...]string{"A drone was seized.", fmt.Sprintf("A dronet%d was seized.", len(all)), "Nothing of the kind."}[r.IntN(3)]
	}
	kept := 0
	for step := range 120 {
		err := db.Update(t.Context(), func(tx store.Tx) error {
			for range 1 + r.IntN(3) {
				a := news.Article{Source: "s", URL: fmt.Sprintf("https://one.example/%d", len(all)), Title: "A title", Text: text(), Lang: "en", Seen: at}
				a, err := tx.NewStory(a, store.Print{})
				if err != nil {
					return err
				}
				all = append(all, a)
			}
			for range r.IntN(3) {
				i := r.IntN(len(all))
				a := all[i]
				a.Text = text()
				a, err := tx.PutRevision(a, store.Print{}, at)
				if err != nil {
					return err
				}
				all[i] = a
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for range r.IntN(4) { // some are left for later
			if _, err := db.IndexArticles(t.Context(), 1+r.IntN(3)); err != nil {
				t.Fatal(err)
			}
		}
		if db.sought.of(match) != nil {
			kept++
		}
		got, err := db.seek(t.Context(), asks())
		if err != nil {
			t.Fatal(err)
		}
		want, err := db.matches(t.Context(), match, "")
		if err != nil {
			t.Fatal(err)
		}
		for id := range int64(len(all) + 2) {
			if id > 0 && got.has(id) != want.has(id) {
				t.Fatalf("%s: step %d: article %d: found %t, want %t", words, step, id, got.has(id), want.has(id))
			}
		}
	}
	if kept == 0 {
		t.Errorf("%s: nothing was kept", words)
	}
}

// The searches kept are the latest.
func TestSoughtKeepsTheLatest(t *testing.T) {
	var s sought
	for i := range soughtMost + 3 {
		s.keep(&soughtSet{match: fmt.Sprint(i)})
	}
	s.keep(&soughtSet{match: "5", mark: 7})
	var have []string
	for _, k := range s.kept {
		have = append(have, k.match)
	}
	if len(have) != soughtMost || have[0] != "5" || s.of("5").mark != 7 || slices.Contains(have, "2") || s.of("2") != nil {
		t.Errorf("kept %q", have)
	}
}
