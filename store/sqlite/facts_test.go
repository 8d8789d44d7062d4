package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"driftwatch/news"
)

// putStories stores flagged stories, each of one article with one hit, with numbers from
// 1 to n times step.
func putStories(t testing.TB, d *DB, n, step int) {
	t.Helper()
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	err := d.write(context.Background(), func(c *sql.Conn) error {
		for i := 1; i <= n; i++ {
			id, found := i*step, stamp(at.Add(time.Duration(i)*time.Minute))
			for _, q := range []struct {
				text string
				args []any
			}{
				{`INSERT INTO stories (id, title, created) VALUES (?, '', ?)`, []any{id, found}},
				{`INSERT INTO articles (id, story, source, url, link, title, lang, authors, site, published, modified, seen, revision, hash, origin)
					VALUES (?, ?, ?, ?, '', '', ?, '[]', '', ?, '', ?, 1, 0, 'page')`,
					[]any{id, id, fmt.Sprintf("outlet-%d", i%20), fmt.Sprintf("https://outlet.example/%d", i), []string{"ru", "kk", "en"}[i%3], found, found}},
				{`INSERT INTO revisions (article, revision, seen, hash, title, text) VALUES (?, 1, ?, 0, '', '')`, []any{id, found}},
				{`INSERT INTO hits (article, revision, theme, signal, direction, title, why, level, countries, acts, score, background, quiet, pack, found, evidence)
					VALUES (?, 1, ?, 's1', 'apart', '', '', ?, ?, '[{"country":"KZ","direction":"apart"}]', 0.5, 0, '', '', ?, '[]')`,
					[]any{id, []string{"csto", "sanctions"}[i%2], 1 + i%5, list{news.Countries[i%5]}.column(), found}},
			} {
				if _, err := c.ExecContext(inside, q.text, q.args...); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// counted is what the inbox counts of all stories, and the moves.
func counted(t *testing.T, d *DB) (all news.Inbox, moves any) {
	t.Helper()
	all, err := d.Inbox(t.Context(), news.InboxFilter{State: news.WaitingAny, Limit: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	stories, _, err := d.StoryChanges(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	m, err := d.StoryMoves(t.Context(), stories, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return all, m
}

// keepAll keeps the facts of all stories, some at a time, and gives in how many steps.
func keepAll(t *testing.T, d *DB, n int) (steps int) {
	t.Helper()
	for left := true; left; steps++ {
		if steps > 10_000 {
			t.Fatal("it comes to no end")
		}
		var err error
		if left, err = d.KeepFacts(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	return steps
}

// TestFactsAreKept: after the next start the lists count what is kept of stories, and
// gather anew what has changed since, or can't be read.
func TestFactsAreKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "facts.db")
	reopened := func() *DB {
		d, err := Open(t.Context(), file, Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d
	}
	do := func(d *DB, statement string) {
		t.Helper()
		if err := d.write(t.Context(), func(c *sql.Conn) error { _, err := c.ExecContext(inside, statement); return err }); err != nil {
			t.Fatal(err)
		}
	}
	level := func(d *DB, want int, n int) {
		t.Helper()
		if box, _ := counted(t, d); box.Counts[news.FacetLevel][fmt.Sprint(want)] != n || box.Total != 2*keptFrom {
			t.Errorf("of %d stories %v have level %d, want %d", box.Total, box.Counts[news.FacetLevel], want, n)
		}
	}
	d := reopened()
	putStories(t, d, 2*keptFrom, 7)
	if _, err := d.JudgeStories(t.Context(), []int64{7, 70}, news.Verdict{Says: news.Unsure, By: "dana", Given: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	box, moves := counted(t, d)
	if steps := keepAll(t, d, 300); steps < 4 {
		t.Errorf("%d stories were kept in %d steps of 300", 2*keptFrom, steps)
	}
	d = reopened()
	if again, m := counted(t, d); !reflect.DeepEqual(again, box) || !reflect.DeepEqual(m, moves) {
		t.Errorf("what is kept of stories is something else:\n%+v\n%+v", again, box)
	}

	// Without the trigger nobody learns of a change: what is kept counts.
	var trigger string
	if err := d.reader.QueryRowContext(t.Context(), `SELECT sql FROM sqlite_schema WHERE name = 'hits_changed'`).Scan(&trigger); err != nil {
		t.Fatal(err)
	}
	do(d, `DROP TRIGGER hits_changed; UPDATE hits SET level = 9 WHERE article = 77; `+trigger)
	level(reopened(), 9, 0)
	do(d, `UPDATE hits SET level = 8 WHERE article IN (84, 91)`)
	level(reopened(), 8, 2)
	if keepAll(t, d, 300); d.factsKept.seq == 0 {
		t.Error("nothing was kept")
	}
	level(reopened(), 8, 2)
	do(d, `UPDATE hits SET level = 7 WHERE article IN (84, 91)`)
	if _, err := d.KeepFacts(t.Context(), 300); err != nil { // of what has changed alone
		t.Fatal(err)
	}
	level(reopened(), 7, 2)
	level(reopened(), 9, 0)

	for _, broken := range []string{`substr(facts, 1, 40)`, `x'01ffff'`, `x'00' || substr(facts, 2)`, `x''`} {
		do(d, `UPDATE story_facts SET facts = CAST(`+broken+` AS BLOB) WHERE part = 0`)
		level(reopened(), 9, 1)
	}
}

// TestFactsAsBytes: facts are read back as they were, and a part of them isn't taken for
// facts.
func TestFactsAsBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	for range 50 {
		f := &storyFacts{articles: []articleFacts{}, hits: []hitFacts{}}
		for range r.IntN(3) {
			f.articles = append(f.articles, articleFacts{id: r.Int64N(1 << 40), source: pick("", "outlet-1"), lang: pick("ru", "kk"), told: moment(r.Int64())})
		}
		for range r.IntN(4) {
			h := hitFacts{id: r.Int64(), article: r.Int64N(1000), level: r.IntN(6), score: r.Float64(), background: r.IntN(2) == 0, theme: pick("csto", "drones"), signal: pick("a", "Б"),
				direction: "apart", status: pick("", "decided"), countries: `["KZ"]`, acts: "[]", found: noMoment}
			for range r.IntN(3) {
				h.said = append(h.said, saidFacts{pick("relevant", "unsure"), "dana", moment(r.Int64N(1 << 50))})
			}
			f.hits = append(f.hits, h)
		}
		b := f.bytes()
		if got, ok := readFacts(b, spellings{}); !ok || !reflect.DeepEqual(got, f) {
			t.Fatalf("%+v is read as %+v (%t)", f, got, ok)
		}
		for n := 1; n < len(b); n++ {
			if got, ok := readFacts(b[:n], spellings{}); ok {
				t.Fatalf("%d of %d bytes are read as %+v", n, len(b), got)
			}
		}
	}
	all := []keptFacts{{story: 5, seq: 9, facts: []byte("x")}, {story: 6, seq: 2, facts: []byte{}}}
	row, err := packed(all)
	if err != nil || row[0] != factsForm {
		t.Fatalf("packed: %v (%v)", row, err)
	}
	if got := partsOf([]int64{5000, 1, 1023, 1024}); !slices.Equal(got, []int64{0, 1, 4}) {
		t.Errorf("the parts are %v", got)
	}
}
