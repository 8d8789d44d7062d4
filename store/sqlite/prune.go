package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"driftwatch/store"
)

// prunable are the articles a that may go: seen before ?1, of a story without a
// hit, and not reported as missed.
const prunable = `a.seen < ?1 AND NOT EXISTS (SELECT 1 FROM articles o JOIN hits h ON h.article = o.id WHERE o.story = a.story)
	AND NOT EXISTS (SELECT 1 FROM misses m WHERE m.url = a.url OR m.url = a.link)`

// stays holds for a story s that stays though none of its articles does: it was
// merged with others or parted from them, and links lead to it.
const stays = `(s.merged <> 0 OR EXISTS (SELECT 1 FROM stories m WHERE m.merged = s.id AND m.merged <> 0)
	OR EXISTS (SELECT 1 FROM story_acts WHERE story = s.id) OR EXISTS (SELECT 1 FROM story_acts WHERE other = s.id)
	OR EXISTS (SELECT 1 FROM stories_apart WHERE a = s.id OR b = s.id))`

// aRow is what an article takes besides its texts, its entry and indexes
// included, about, in bytes.
const aRow = `700`

// Prunable implements store.Upkeep.
func (d *DB) Prunable(ctx context.Context, b store.PruneBefore) (store.Pruned, error) {
	var p store.Pruned
	err := d.reader.QueryRowContext(ctx, `SELECT count(*), count(DISTINCT r.article), coalesce(sum(`+aRow+` + octet_length(r.text) + 2*octet_length(r.title)), 0),
		(SELECT count(*) FROM stories s WHERE EXISTS (SELECT 1 FROM articles a WHERE a.story = s.id)
		 AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.story = s.id AND NOT (`+prunable+`)) AND NOT `+stays+`)
		FROM articles a JOIN revisions r ON r.article = a.id WHERE `+prunable, stamp(b.Articles)).
		Scan(&p.Revisions, &p.Articles, &p.Bytes, &p.Stories)
	var summaries int64
	if err == nil {
		err = d.reader.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(octet_length(summary)), 0) FROM cycles WHERE `+oldCycles, stamp(b.Cycles)).
			Scan(&p.Cycles, &summaries)
	}
	p.Bytes += summaries
	return p, d.read("look for what is older than is to be kept", err)
}

// oldCycles are those begun before ?1, but for the last one, which says when a
// cycle began last.
const oldCycles = `started < ?1 AND id < (SELECT max(id) FROM cycles)`

// Prune implements store.Upkeep. Entries of listings stay, so that what a listing
// still has isn't taken for new.
func (d *DB) Prune(ctx context.Context, b store.PruneBefore, n int) (store.Pruned, error) {
	var p store.Pruned
	err := d.write(ctx, func(t *sql.Conn) error {
		p = store.Pruned{}
		d.late.known = false
		return errors.Join(d.pruned.articles(t, b.Articles, n, &p), pruneCycles(t, b.Cycles, n, &p))
	})
	return p, d.read("remove what is older than is to be kept", err)
}

// forgotten are the statements that remove articles, from what refers to them to
// themselves. ?1 is a JSON list of their ids.
var forgotten = []string{
	`UPDATE items SET article = NULL WHERE article IN (SELECT value FROM json_each(?1))`,
	`UPDATE pages SET same = NULL WHERE same IN (SELECT id FROM pages WHERE article IN (SELECT value FROM json_each(?1)))`,
	`DELETE FROM pages WHERE article IN (SELECT value FROM json_each(?1))`,
	`DELETE FROM looks WHERE article IN (SELECT value FROM json_each(?1))`,
	`DELETE FROM page_changes WHERE article IN (SELECT value FROM json_each(?1))`,
	`UPDATE articles SET joined = 0 WHERE joined IN (SELECT value FROM json_each(?1))
	 AND story IN (SELECT story FROM articles WHERE id IN (SELECT value FROM json_each(?1)))`,
	`DELETE FROM late_keys WHERE revision IN (` + revisionsOf + `)`,
	`DELETE FROM story_keys WHERE revision IN (` + revisionsOf + `)`,
	// Sketches outlive event_keys: without one of them there is nothing to look through them for.
	`DELETE FROM event_keys WHERE EXISTS (SELECT 1 FROM sketches WHERE revision IN (` + revisionsOf + `)) AND revision IN (` + revisionsOf + `)`,
	`DELETE FROM sketches WHERE revision IN (` + revisionsOf + `)`,
}

const revisionsOf = `SELECT id FROM revisions WHERE article IN (SELECT value FROM json_each(?1))`

// removed are those that remove the articles themselves.
const (
	removeRevisions = `DELETE FROM revisions WHERE article IN (SELECT value FROM json_each(?1)) RETURNING octet_length(text) + 2*octet_length(title) + ` + aRow
	removeArticles  = `DELETE FROM articles WHERE id IN (SELECT value FROM json_each(?1)) RETURNING story`
	removeStories   = `DELETE FROM stories AS s WHERE id IN (SELECT value FROM json_each(?1)) AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.story = s.id) AND NOT ` + stays
)

func integer(r *sql.Rows) (n int64, err error) { return n, r.Scan(&n) }

// pruneFrom is from where on articles are looked for: those seen earlier stay. Without
// it each step would look again at all that stay, which are the more the more steps
// there were.
type pruneFrom struct{ before, seen string }

// articles removes up to n articles.
func (f *pruneFrom) articles(t *sql.Conn, before time.Time, n int, p *store.Pruned) error {
	if b := stamp(before); f.before != b {
		*f = pruneFrom{before: b}
	}
	last := ""
	ids, err := collect(inside, t, `SELECT a.id, a.seen FROM articles a WHERE `+prunable+` AND a.seen >= ?3 ORDER BY a.seen LIMIT ?2`, []any{f.before, n, f.seen},
		func(r *sql.Rows) (id int64, err error) { return id, r.Scan(&id, &last) })
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		f.seen = ""
		return nil
	}
	for _, statement := range forgotten {
		if _, err := t.ExecContext(inside, statement, integers(ids)); err != nil {
			return err
		}
	}
	sizes, err := collect(inside, t, removeRevisions, []any{integers(ids)}, integer)
	if err != nil {
		return err
	}
	stories, err := collect(inside, t, removeArticles, []any{integers(ids)}, integer)
	if err != nil {
		return err
	}
	r, err := t.ExecContext(inside, removeStories, integers(stories))
	if err != nil {
		return err
	}
	p.Articles, p.Revisions = int64(len(ids)), int64(len(sizes))
	for _, size := range sizes {
		p.Bytes += size
	}
	f.seen = last
	p.Stories, err = r.RowsAffected()
	return err
}

// pruneCycles removes up to n cycles.
func pruneCycles(t *sql.Conn, before time.Time, n int, p *store.Pruned) error {
	sizes, err := collect(inside, t, `DELETE FROM cycles WHERE id IN (SELECT id FROM cycles WHERE `+oldCycles+` LIMIT ?2)
		RETURNING octet_length(summary)`, []any{stamp(before), n}, integer)
	p.Cycles += int64(len(sizes))
	for _, size := range sizes {
		p.Bytes += size
	}
	return err
}

// ArchiveFiles implements store.Upkeep.
func (d *DB) ArchiveFiles(ctx context.Context) ([]store.ArchiveFile, error) {
	out, err := collect(ctx, d.reader, `SELECT p.file, count(*), max(p.fetched), max(
		EXISTS (SELECT 1 FROM articles a JOIN articles o ON o.story = a.story JOIN hits h ON h.article = o.id WHERE a.id = p.article)
		OR EXISTS (SELECT 1 FROM pages s WHERE s.same = p.id AND s.file <> p.file))
		FROM pages p GROUP BY p.file ORDER BY p.file`, nil, func(r *sql.Rows) (f store.ArchiveFile, err error) {
		return f, r.Scan(&f.Name, &f.Pages, when{&f.Latest}, &f.Flagged)
	})
	return out, d.read("read which files the archive has", err)
}

// ForgetPages implements store.Upkeep.
func (d *DB) ForgetPages(ctx context.Context, file string) (int, error) {
	var n int64
	err := d.write(ctx, func(t *sql.Conn) error {
		if _, err := t.ExecContext(inside, `UPDATE pages SET same = NULL WHERE same IN (SELECT id FROM pages WHERE file = ?)`, file); err != nil {
			return err
		}
		r, err := t.ExecContext(inside, `DELETE FROM pages WHERE file = ?`, file)
		if err != nil {
			return err
		}
		n, err = r.RowsAffected()
		return err
	})
	return int(n), d.read("forget the pages in "+file, err)
}

// Shrink implements store.Upkeep.
func (d *DB) Shrink(ctx context.Context, n int) (left int64, err error) {
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
	err = d.patiently(ctx, func() error {
		// It frees a page a step, so all its rows have to be read.
		step := func(*sql.Rows) (struct{}, error) { return struct{}{}, nil }
		if _, err := collect(ctx, d.writer, fmt.Sprintf(`PRAGMA incremental_vacuum(%d)`, n), nil, step); err != nil {
			return err
		}
		return d.writer.QueryRowContext(ctx, `PRAGMA freelist_count`).Scan(&left)
	})
	return left, d.read("give free space back", err)
}
