package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"io"

	"driftwatch/news"
	"driftwatch/store"
)

// waiting are the rows of a transaction that aren't written yet: those of new
// articles, and what is kept of entries and sources. They are written many with a
// statement, which takes a fraction of the time, before the next statement that
// might see them, and at the latest before the commit.
type waiting struct {
	stories   []filedStory
	articles  []filedArticle
	revisions []filedRevision
	items     []store.ItemState
	states    []news.SourceState
	urls      map[string]bool // of the articles

	counted                  bool  // the last ids are known
	story, article, revision int64 // the last ids that are given

	args  []any
	named []driver.NamedValue
}

// forget drops all rows, but not the room that they took.
func (w *waiting) forget() {
	clear(w.urls)
	clear(w.stories)
	clear(w.articles)
	clear(w.revisions)
	clear(w.items)
	clear(w.states)
	w.stories, w.articles, w.revisions, w.items, w.states = w.stories[:0], w.articles[:0], w.revisions[:0], w.items[:0], w.states[:0]
	w.counted = false // other statements give ids, too
}

type filedStory struct {
	id          int64
	title, seen string
}

type filedArticle struct {
	news.Article
	hash uint64
}

// filedRevision is the text of an article, with what it is found by.
type filedRevision struct {
	id      int64
	article news.Article // with the number of the revision
	hash    uint64
	seen    string
	print   store.Print
}

// holds reports whether a revision isn't written yet.
func (w *waiting) holds(revision int64) bool {
	return len(w.revisions) > 0 && revision >= w.revisions[0].id
}

// ids makes sure that the last ids are known.
func (x *tx) ids() error {
	w := x.waits
	if w.counted {
		return nil
	}
	err := x.beside(`SELECT coalesce((SELECT max(id) FROM stories), 0), coalesce((SELECT max(id) FROM articles), 0), coalesce((SELECT max(id) FROM revisions), 0)`).
		Scan(&w.story, &w.article, &w.revision)
	w.counted = err == nil
	return err
}

// flush writes what waits.
func (x *tx) flush() error {
	w := x.waits
	if len(w.articles)+len(w.revisions)+len(w.items)+len(w.states) > 0 {
		if err := x.write(); err != nil {
			return x.failed("write what was filed", err)
		}
	}
	w.forget()
	return nil
}

func (x *tx) write() error {
	w := x.waits
	err := inserted(x, intoStories, w.stories, func(args []any, s *filedStory) []any {
		return append(args, s.id, s.title, s.seen)
	})
	if err == nil {
		err = inserted(x, intoArticles, w.articles, articleRow)
	}
	if err == nil {
		err = inserted(x, intoRevisions, w.revisions, func(args []any, r *filedRevision) []any {
			return append(args, r.id, r.article.ID, r.article.Revision, r.seen, int64(r.hash), r.article.Title, r.article.Text)
		})
	}
	if err == nil {
		err = x.writePrints(w.revisions)
	}
	if err == nil {
		err = inserted(x, intoItems, w.items, func(args []any, s *store.ItemState) []any {
			return append(args, s.Source, s.Key, int64(s.Hash), s.Article, stamp(s.First))
		})
	}
	if err == nil {
		err = inserted(x, intoStates, w.states, stateRow)
	}
	return err
}

// insertion is an INSERT of one row, of some, and of many: few enough statements
// that all of them stay prepared.
type insertion struct{ one, some, many string }

// How many rows some and many are.
const (
	someRows = 8
	manyRows = 32
)

// into makes an insertion of its beginning, the places of a row and its end.
func into(begin, row, end string) insertion {
	rows := func(n int) string { return begin + " VALUES " + repeat(row, ", ", n) + end }
	return insertion{rows(1), rows(someRows), rows(manyRows)}
}

var (
	intoStories  = into(`INSERT INTO stories (id, title, created)`, `(?, ?, ?)`, ``)
	intoArticles = into(`INSERT INTO articles (id, story, source, url, link, title, lang, authors, site, section, published, modified, seen, revision,
		hash, origin, relation, joined, score, pinned)`, `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, ``)
	intoRevisions = into(`INSERT INTO revisions (id, article, revision, seen, hash, title, text)`, `(?, ?, ?, ?, ?, ?, ?)`, ``)
	intoItems     = into(`INSERT INTO items (source, key, hash, article, first)`, `(?, ?, ?, nullif(?, 0), ?)`,
		` ON CONFLICT DO UPDATE SET hash = excluded.hash, article = excluded.article`)
	intoStates = into(`INSERT OR REPLACE INTO source_states (source, url, etag, last_modified, last_poll, last_success, next_poll, failures, problem,
		gone, format, items, newest_item, status, rhythm, moved, moved_polls)`, `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, ``)
)

// inserted inserts the rows of all.
func inserted[T any](x *tx, in insertion, all []T, row func(args []any, of *T) []any) error {
	for len(all) > 0 {
		n, insert := 1, in.one
		switch {
		case len(all) >= manyRows:
			n, insert = manyRows, in.many
		case len(all) >= someRows:
			n, insert = someRows, in.some
		}
		args := x.waits.args[:0]
		for i := range all[:n] {
			args = row(args, &all[i])
		}
		if err := x.do(insert, args); err != nil {
			return err
		}
		clear(args)
		x.waits.args, all = args, all[n:]
	}
	return nil
}

// do runs a statement that gives no rows, without writing before it what waits. It
// goes past database/sql, which makes a copy of all arguments, and is run as a
// query is, for which the driver goes to SQLite once and not for each of them.
func (x *tx) do(statement string, args []any) error {
	if err := x.ctx.Err(); err != nil {
		return err
	}
	named := x.waits.named[:0]
	defer func() {
		clear(named)
		x.waits.named = named
	}()
	for i, a := range args {
		v, err := driver.DefaultParameterConverter.ConvertValue(a)
		if err != nil {
			return err
		}
		named = append(named, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return x.t.Raw(func(conn any) error {
		rows, err := conn.(driver.QueryerContext).QueryContext(x.ctx, statement, named)
		if err != nil {
			return err
		}
		err = rows.Next(nil)
		if closed := rows.Close(); err == nil || err == io.EOF {
			err = closed
		}
		return err
	})
}

func articleRow(args []any, a *filedArticle) []any {
	return append(args, a.ID, a.Story, a.Source, a.URL, a.Link, a.Title, a.Lang, list(a.Authors).column(), a.Site, a.Section,
		stamp(a.Published), stamp(a.Modified), stamp(a.Seen), a.Revision, int64(a.hash), a.From,
		string(a.Join.Relation), a.Join.To, a.Join.Score, a.Join.Pinned)
}

func stateRow(args []any, s *news.SourceState) []any {
	return append(args, s.Source, s.URL, s.ETag, s.LastModified, stamp(s.LastPoll), stamp(s.LastSuccess), stamp(s.NextPoll),
		s.Failures, s.Problem, s.Gone, s.Format, s.Items, stamp(s.NewestItem),
		s.Status, rhythm(s.Rhythm), s.Moved, s.MovedPolls)
}

// QueryContext is a query that sees what was filed.
func (x *tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := x.flush(); err != nil {
		return nil, err
	}
	return x.t.QueryContext(ctx, query, args...)
}

// run runs a statement that changes rows.
func (x *tx) run(query string, args ...any) (sql.Result, error) {
	if err := x.flush(); err != nil {
		return nil, err
	}
	return x.t.ExecContext(x.ctx, query, args...)
}

// row is the one row of a query that sees what was filed.
func (x *tx) row(query string, args ...any) row {
	if err := x.flush(); err != nil {
		return row{err: err}
	}
	return row{of: x.beside(query, args...)}
}

// beside is the one row of a query that needn't see what waits.
func (x *tx) beside(query string, args ...any) *sql.Row {
	return x.t.QueryRowContext(x.ctx, query, args...)
}

type row struct {
	of  *sql.Row
	err error
}

// Scan is [sql.Row.Scan].
func (r row) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.of.Scan(into...)
}
