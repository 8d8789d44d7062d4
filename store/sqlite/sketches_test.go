package sqlite

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// TestLateKeysAreMoved: keys are found while they are late, after they were moved,
// where some are here and some there, and where another process has added some.
func TestLateKeysAreMoved(t *testing.T) {
	file := filepath.Join(t.TempDir(), "watch.db")
	at := time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)
	db, other := opened(t, file), opened(t, file)
	added := 0
	add := func(db *DB) {
		t.Helper()
		err := db.Update(t.Context(), func(tx store.Tx) error {
			added++
			_, err := tx.NewStory(news.Article{URL: fmt.Sprint("https://outlet.kz/", added), Published: at, Seen: at}, store.Print{Bytes: []byte("print"), Keys: []uint64{7, 8}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	finds := func(db *DB) {
		t.Helper()
		err := db.Update(t.Context(), func(tx store.Tx) error {
			found, err := tx.TextCandidates([]uint64{8, 7, 8}, at, at)
			if len(found) != added || added > 0 && found[0].Shared != 2 {
				t.Errorf("found %+v, want the %d articles with both keys", found, added)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	holds := func(late, moved int) {
		t.Helper()
		var n, m int
		err := db.reader.QueryRow(`SELECT (SELECT count(*) FROM late_keys), (SELECT count(*) FROM story_keys)`).Scan(&n, &m)
		if err != nil || n != late || m != moved {
			t.Errorf("%d revisions are late and %d keys moved, want %d and %d; %v", n, m, late, moved, err)
		}
	}
	move := func() {
		t.Helper()
		err := db.Update(t.Context(), func(t store.Tx) error {
			x := t.(*tx)
			l, err := x.lateKeys()
			if err != nil {
				return err
			}
			return x.moveKeys(l)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	finds(db)
	add(db)
	add(other)
	holds(2, 0)
	finds(db)
	finds(other)
	move()
	holds(0, 4)
	finds(db)
	finds(other)
	add(other)
	add(db)
	holds(2, 4)
	finds(db)
	finds(other)
	finds(opened(t, file))

	undone := errors.New("undone")
	if err := db.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.NewStory(news.Article{URL: "https://outlet.kz/undone", Published: at, Seen: at}, store.Print{Bytes: []byte("print"), Keys: []uint64{7, 8}})
		return cmp.Or(err, undone)
	}); err != undone {
		t.Errorf("error %v", err)
	}
	finds(db)
	move()
	holds(0, 8)
	if found, err := db.Check(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("%q, %v", found, err)
	}
}

// TestLateKeysInMemory: the revisions of a key are given in the order in which
// they came, however often the table has grown.
func TestLateKeysInMemory(t *testing.T) {
	var l lateKeys
	l.clear()
	want := map[int64][]int64{}
	r := rand.New(rand.NewPCG(1, 2))
	for revision := range int64(5000) {
		keys := []int64{int64(r.Uint64() >> 16), int64(r.IntN(40)), -1 - int64(r.IntN(2000))}
		l.put(revision+1, keys)
		for _, k := range keys {
			want[k] = append(want[k], revision+1)
		}
	}
	for k, w := range want {
		if got := l.of(nil, k); !slices.Equal(got, w) {
			t.Fatalf("key %d: %d, want %d", k, got, w)
		}
	}
	if got := l.of(nil, 1<<60); got != nil {
		t.Errorf("a key that was never put has %d", got)
	}
}

// TestSieve: what was put is never missed, and what wasn't is hardly ever taken for
// it, in one layer and in several, until there is no more room.
func TestSieve(t *testing.T) {
	var s sieve
	n := int64(0)
	misses := func() {
		t.Helper()
		wrong := 0
		for k := range int64(50_000) {
			if k < n && !s.may(k*k) {
				t.Fatalf("of %d keys, %d is missed", n, k*k)
			}
			if s.may(-k - 1) {
				wrong++
			}
		}
		if wrong > 50_000/20 {
			t.Errorf("with %d keys, %d of 50,000 others are taken for one of them", n, wrong)
		}
	}
	misses()
	for ; s.put(n * n); n++ {
		if n == 100_000 || n == 400_000 {
			misses()
		}
	}
	if n != keysOfLine*firstLines*(1<<mostLayers-1) {
		t.Errorf("there was room for %d keys", n)
	}
	misses()
}

// opened is a database that is closed at the end of the test.
func opened(t *testing.T, file string) *DB {
	t.Helper()
	db, err := Open(t.Context(), file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}
