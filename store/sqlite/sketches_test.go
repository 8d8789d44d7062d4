package sqlite

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// TestLateKeysAreMoved: keys are found while they are late, after they were moved,
// and where some are here and some there.
func TestLateKeysAreMoved(t *testing.T) {
	file := filepath.Join(t.TempDir(), "watch.db")
	at := time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)
	db, err := Open(t.Context(), file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	added := 0
	add := func() {
		err := db.Update(t.Context(), func(tx store.Tx) error {
			added++
			_, err := tx.NewStory(news.Article{URL: fmt.Sprint("https://outlet.kz/", added), Published: at, Seen: at}, store.Print{Bytes: []byte("print"), Keys: []uint64{7, 8}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	holds := func(late int) {
		t.Helper()
		var n, moved int
		err := db.reader.QueryRow(`SELECT (SELECT count(*) FROM late_keys), (SELECT count(*) FROM story_keys)`).Scan(&n, &moved)
		if err != nil || n != late {
			t.Errorf("%d keys are late and %d moved, want %d late; %v", n, moved, late, err)
		}
		err = db.Update(t.Context(), func(tx store.Tx) error {
			found, err := tx.TextCandidates([]uint64{7, 8}, at, at)
			if len(found) != added || found[0].Shared != 2 {
				t.Errorf("found %+v, want the %d articles with both keys", found, added)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	add()
	holds(2)
	if _, err := db.writer.Exec(`WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO late_keys SELECT 1000 + i, 1 FROM n`, mostLate-6); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil { // the next run counts them
		t.Fatal(err)
	}
	if db, err = Open(t.Context(), file, Options{}); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	add()
	holds(mostLate - 2)
	add()
	holds(0)
	add()
	holds(2)
	if found, err := db.Check(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("%q, %v", found, err)
	}
}
