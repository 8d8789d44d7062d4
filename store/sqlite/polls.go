package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// read wraps what a read of the database returned.
func (d *DB) read(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, explain(err))
}

// SourceStates implements store.Polls.
func (d *DB) SourceStates(ctx context.Context) (map[string]news.SourceState, error) {
	all, err := collect(ctx, d.reader, `SELECT source, url, etag, last_modified, last_poll, last_success, next_poll,
		failures, problem, gone, format, items, newest_item, status, rhythm, moved, moved_polls FROM source_states`, nil,
		func(r *sql.Rows) (s news.SourceState, err error) {
			var known string
			err = r.Scan(&s.Source, &s.URL, &s.ETag, &s.LastModified, when{&s.LastPoll}, when{&s.LastSuccess}, when{&s.NextPoll},
				&s.Failures, &s.Problem, &s.Gone, &s.Format, &s.Items, when{&s.NewestItem}, &s.Status, &known, &s.Moved, &s.MovedPolls)
			if err == nil && known != "" {
				err = json.Unmarshal([]byte(known), &s.Rhythm)
			}
			return s, err
		})
	if err != nil {
		return nil, d.read("read the states of the sources", err)
	}
	out := make(map[string]news.SourceState, len(all))
	for _, s := range all {
		out[s.Source] = s
	}
	return out, nil
}

// HitsBySource implements store.Polls.
func (d *DB) HitsBySource(ctx context.Context, since time.Time) (map[string]int, error) {
	type count struct {
		source string
		hits   int
	}
	all, err := collect(ctx, d.reader, `SELECT a.source, count(*) FROM hits h JOIN articles a ON a.id = h.article
		WHERE h.withdrawn = 0 AND h.found >= ? AND h.quiet <> 'background' GROUP BY a.source`, []any{stamp(since)},
		func(r *sql.Rows) (c count, err error) { return c, r.Scan(&c.source, &c.hits) })
	out := make(map[string]int, len(all))
	for _, c := range all {
		out[c.source] = c.hits
	}
	return out, d.read("count the hits of the sources", err)
}

// KnownItems implements store.Polls.
func (d *DB) KnownItems(ctx context.Context, source string, keys []string) (map[string]store.ItemState, error) {
	out := make(map[string]store.ItemState, len(keys))
	if len(keys) == 0 {
		return out, nil
	}
	all, err := collect(ctx, d.reader, `SELECT i.key, i.hash, coalesce(i.article, 0), i.first
		FROM json_each(?) j CROSS JOIN items i ON i.source = ? AND i.key = j.value`, []any{list(keys).column(), source},
		func(r *sql.Rows) (store.ItemState, error) {
			s := store.ItemState{Source: source}
			return s, r.Scan(&s.Key, (*hash)(&s.Hash), &s.Article, when{&s.First})
		})
	for _, s := range all {
		out[s.Key] = s
	}
	return out, d.read("look for the items of "+source, err)
}

// Meta implements store.Polls.
func (d *DB) Meta(ctx context.Context, name string) (value string, err error) {
	err = d.reader.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = ?`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, d.read("read "+name, err)
}

// Metas implements store.Polls.
func (d *DB) Metas(ctx context.Context, prefix string) (map[string]string, error) {
	all, err := collect(ctx, d.reader, `SELECT substr(name, 1 + length(?1)), value FROM meta WHERE substr(name, 1, length(?1)) = ?1`, []any{prefix},
		func(r *sql.Rows) (m [2]string, err error) { return m, r.Scan(&m[0], &m[1]) })
	out := make(map[string]string, len(all))
	for _, m := range all {
		out[m[0]] = m[1]
	}
	return out, d.read("read "+prefix+"…", err)
}

// PutCycle implements store.Polls.
func (d *DB) PutCycle(ctx context.Context, c store.Cycle) (int64, error) {
	err := d.write(ctx, func(t *sql.Conn) error {
		if c.ID == 0 {
			return t.QueryRowContext(inside, `INSERT INTO cycles (started, ended, summary) VALUES (?, ?, ?) RETURNING id`,
				stamp(c.Started), stamp(c.Ended), string(c.Summary)).Scan(&c.ID)
		}
		return oneRow(t.ExecContext(inside, `UPDATE cycles SET started = ?, ended = ?, summary = ? WHERE id = ?`,
			stamp(c.Started), stamp(c.Ended), string(c.Summary), c.ID))
	})
	return c.ID, d.read("record the cycle", err)
}

// oneRow says ErrNotFound where a statement changed nothing.
func oneRow(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := r.RowsAffected()
	if err == nil && n == 0 {
		return store.ErrNotFound
	}
	return err
}

// Cycles implements store.Polls.
func (d *DB) Cycles(ctx context.Context, n int) ([]store.Cycle, error) {
	out, err := collect(ctx, d.reader, `SELECT id, started, ended, summary FROM cycles ORDER BY id DESC LIMIT ?`, []any{n}, cycleOf)
	return out, d.read("read the cycles", err)
}

// EachCycle implements store.Polls.
func (d *DB) EachCycle(ctx context.Context, since time.Time, fn func(store.Cycle) error) error {
	rows, err := d.reader.QueryContext(ctx, `SELECT id, started, ended, summary FROM cycles WHERE started >= ? ORDER BY id`, stamp(since))
	if err != nil {
		return d.read("read the cycles", err)
	}
	defer rows.Close()
	for rows.Next() {
		c, err := cycleOf(rows)
		if err != nil {
			return d.read("read the cycles", err)
		}
		if err := fn(c); err != nil {
			return err
		}
	}
	return d.read("read the cycles", rows.Err())
}

func cycleOf(r *sql.Rows) (c store.Cycle, err error) {
	var summary string
	if err := r.Scan(&c.ID, when{&c.Started}, when{&c.Ended}, &summary); err != nil {
		return c, err
	}
	if summary != "" {
		c.Summary = []byte(summary)
	}
	return c, nil
}

// Counts implements store.Polls. All figures are of one moment.
func (d *DB) Counts(ctx context.Context) (store.Counts, error) {
	c, err := d.counts(ctx)
	return c, d.read("count what is stored", err)
}

func (d *DB) counts(ctx context.Context) (store.Counts, error) {
	c := store.Counts{Hits: make(map[news.Theme]int64), Deliveries: make(map[news.DeliveryState]int64)}
	var hits, deliveries string
	err := d.reader.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM articles), (SELECT count(*) FROM revisions), (SELECT count(*) FROM stories WHERE merged = 0),
		(SELECT count(*) FROM hits h WHERE withdrawn = 0 AND NOT EXISTS (SELECT 1 FROM verdicts v WHERE v.hit = h.id AND v.undone = '')),
		(SELECT count(*) FROM verdicts WHERE undone = ''), (SELECT count(*) FROM misses),
		(SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size),
		(SELECT json_group_object(theme, n) FROM (SELECT theme, count(*) AS n FROM hits WHERE withdrawn = 0 GROUP BY theme)),
		(SELECT json_group_object(state, n) FROM (SELECT state, count(*) AS n FROM deliveries GROUP BY state))`).
		Scan(&c.Articles, &c.Revisions, &c.Stories, &c.Unjudged, &c.Verdicts, &c.Misses, &c.Bytes, &hits, &deliveries)
	if err != nil {
		return store.Counts{}, err
	}
	return c, errors.Join(json.Unmarshal([]byte(hits), &c.Hits), json.Unmarshal([]byte(deliveries), &c.Deliveries))
}

// Latencies implements store.Polls.
func (d *DB) Latencies(ctx context.Context, since time.Time) ([]store.Latency, error) {
	out, err := collect(ctx, d.reader, `SELECT
		(SELECT published FROM articles WHERE story = d.story ORDER BY seen, id LIMIT 1),
		(SELECT min(seen) FROM articles WHERE story = d.story), d.sent
		FROM deliveries d WHERE d.state = 'sent' AND d.sent >= ? ORDER BY d.sent, d.id`, []any{stamp(since)},
		func(r *sql.Rows) (l store.Latency, err error) {
			return l, r.Scan(when{&l.Published}, when{&l.Seen}, when{&l.Sent})
		})
	return out, d.read("read how long deliveries took", err)
}
