package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// JudgeStories implements store.Desk.
func (d *DB) JudgeStories(ctx context.Context, stories []int64, v news.Verdict) (act int64, err error) {
	act, err = d.judge(ctx, `SELECT h.id FROM json_each(?) w JOIN articles a ON a.story = w.value
		JOIN hits h ON h.article = a.id WHERE h.withdrawn = 0 ORDER BY h.id`, integers(stories), v)
	return act, d.read(fmt.Sprintf("judge stories %v", stories), err)
}

// JudgeHit implements store.Desk.
func (d *DB) JudgeHit(ctx context.Context, v news.Verdict) (act int64, err error) {
	act, err = d.judge(ctx, `SELECT id FROM hits WHERE id = ?`, v.Hit, v)
	return act, d.read(fmt.Sprintf("judge hit %d", v.Hit), err)
}

// judge adds a verdict on each hit that a query gives.
func (d *DB) judge(ctx context.Context, which string, of any, v news.Verdict) (act int64, err error) {
	err = d.write(ctx, func(t *sql.Conn) error {
		hits, err := collect(inside, t, which, []any{of}, func(r *sql.Rows) (id int64, err error) { return id, r.Scan(&id) })
		if err == nil && len(hits) == 0 {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		if err := t.QueryRowContext(inside, `SELECT coalesce(max(id), 0) + 1 FROM verdicts`).Scan(&act); err != nil {
			return err
		}
		for _, hit := range hits {
			_, err := t.ExecContext(inside, `INSERT INTO verdicts (hit, says, judge, note, given, act) VALUES (?, ?, ?, ?, ?, ?)`,
				hit, string(v.Says), v.By, v.Note, stamp(v.Given), act)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return act, err
}

// TakeBack implements store.Desk.
func (d *DB) TakeBack(ctx context.Context, act int64, by string, at time.Time) (stories []int64, err error) {
	err = d.write(ctx, func(t *sql.Conn) error {
		stories, err = collect(inside, t, `SELECT DISTINCT a.story FROM verdicts v JOIN hits h ON h.id = v.hit JOIN articles a ON a.id = h.article
			WHERE v.act = ? AND v.act > 0 AND v.judge = ? AND v.undone = '' ORDER BY a.story`, []any{act, by},
			func(r *sql.Rows) (id int64, err error) { return id, r.Scan(&id) })
		if err != nil {
			return err
		}
		return oneRow(t.ExecContext(inside, `UPDATE verdicts SET undone = ? WHERE act = ? AND act > 0 AND judge = ? AND undone = ''`, stamp(at), act, by))
	})
	return stories, d.read("take verdicts back", err)
}

// JudgedSince implements store.Desk.
func (d *DB) JudgedSince(ctx context.Context, since time.Time) (map[string]int, error) {
	out := map[string]int{}
	err := each(ctx, d.reader, `SELECT v.judge, count(DISTINCT a.story) FROM verdicts v JOIN hits h ON h.id = v.hit
		JOIN articles a ON a.id = h.article WHERE v.given >= ? AND v.undone = '' GROUP BY v.judge`, []any{stamp(since)},
		func(r *sql.Rows) error {
			var by string
			var n int
			err := r.Scan(&by, &n)
			out[by] = n
			return err
		})
	return out, d.read("count verdicts", err)
}

// Revisions implements store.Desk.
func (d *DB) Revisions(ctx context.Context, article int64) ([]news.Revision, error) {
	out, err := collect(ctx, d.reader, `SELECT article, revision, seen, title, text FROM revisions WHERE article = ? ORDER BY revision`, []any{article},
		func(r *sql.Rows) (v news.Revision, err error) {
			return v, r.Scan(&v.Article, &v.Revision, when{&v.Seen}, &v.Title, &v.Text)
		})
	if err == nil && len(out) == 0 {
		err = store.ErrNotFound
	}
	return out, d.read(fmt.Sprintf("read the revisions of article %d", article), err)
}

// AddRemark implements store.Desk.
func (d *DB) AddRemark(ctx context.Context, m news.Remark) error {
	err := d.write(ctx, func(t *sql.Conn) error {
		return oneRow(t.ExecContext(inside, `INSERT INTO notes (story, who, text, given) SELECT id, ?, ?, ? FROM stories WHERE id = ?`,
			m.By, m.Text, stamp(m.Given), m.Story))
	})
	return d.read(fmt.Sprintf("note on story %d", m.Story), err)
}

// Remarks implements store.Desk.
func (d *DB) Remarks(ctx context.Context, story int64) ([]news.Remark, error) {
	out, err := collect(ctx, d.reader, `SELECT id, story, who, text, given FROM notes
		WHERE story IN (SELECT id FROM stories WHERE id = ?1 OR merged = ?1 AND merged <> 0) ORDER BY id`, []any{story},
		func(r *sql.Rows) (m news.Remark, err error) {
			return m, r.Scan(&m.ID, &m.Story, &m.By, &m.Text, when{&m.Given})
		})
	return out, d.read(fmt.Sprintf("read the notes on story %d", story), err)
}
