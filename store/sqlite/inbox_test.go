package sqlite

import (
	"database/sql"
	"fmt"
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
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	const stories = 50000
	err = d.write(b.Context(), func(t *sql.Conn) error {
		for n := 1; n <= stories; n++ {
			found := stamp(at.Add(time.Duration(n) * time.Minute))
			for _, q := range []struct {
				text string
				args []any
			}{
				{`INSERT INTO stories (id, title, created) VALUES (?, ?, ?)`, []any{n, fmt.Sprintf("Сообщение %d", n), found}},
				{`INSERT INTO articles (id, story, source, url, link, title, lang, authors, site, published, modified, seen, revision, hash, origin)
					VALUES (?, ?, ?, ?, '', ?, ?, '[]', '', ?, '', ?, 1, 0, 'page')`,
					[]any{n, n, fmt.Sprintf("outlet-%d", n%200), fmt.Sprintf("https://outlet.example/%d", n), fmt.Sprintf("Сообщение %d", n), []string{"ru", "kk", "en"}[n%3], found, found}},
				{`INSERT INTO revisions (article, revision, seen, hash, title, text) VALUES (?, 1, ?, 0, '', '')`, []any{n, found}},
				{`INSERT INTO hits (article, revision, theme, signal, direction, title, why, level, countries, score, background, quiet, pack, found, evidence)
					VALUES (?, 1, ?, 's1', 'apart', '', '', ?, ?, 0.5, 0, '', '', ?, '[]')`,
					[]any{n, []string{"csto", "sanctions"}[n%2], 1 + n%5, list{news.Countries[n%5]}.column(), found}},
			} {
				if _, err := t.ExecContext(inside, q.text, q.args...); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
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
			if _, err := d.JudgeStories(b.Context(), page(b)[:1], news.Verdict{Says: news.Unsure, By: "dana", Given: at}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
