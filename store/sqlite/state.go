package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// toldColumn is a story's state as it is stored; "" for none. Its names in JSON
// are news.StoryState's own.
func toldColumn(s *news.StoryState) string {
	if s == nil {
		return ""
	}
	b, _ := json.Marshal(s) // strings and numbers can always be written
	return string(b)
}

// toldInto reads such a column.
type toldInto struct{ to **news.StoryState }

// Scan implements sql.Scanner.
func (t toldInto) Scan(v any) error {
	s, ok := v.(string)
	if !ok && v != nil {
		return fmt.Errorf("a story's state is stored as %T", v)
	}
	if s == "" {
		*t.to = nil
		return nil
	}
	*t.to = &news.StoryState{}
	return json.Unmarshal([]byte(s), *t.to)
}

// storyState reads what a story says.
func storyState(ctx context.Context, q querier, story int64) (news.StoryState, []news.Article, error) {
	articles, err := collect(ctx, q, `SELECT `+articleColumns+` FROM articles a WHERE a.story = ? ORDER BY a.seen, a.id`, []any{story},
		func(r *sql.Rows) (a news.Article, err error) { return a, r.Scan(articleInto(&a)...) })
	if err != nil {
		return news.StoryState{}, nil, err
	}
	hits, err := collect(ctx, q, `SELECT h.article, h.theme, h.signal, h.title, h.level, h.direction, h.countries, h.status
		FROM articles a JOIN hits h ON h.article = a.id
		WHERE a.story = ? AND h.withdrawn = 0 AND h.quiet = '' AND h.background = 0 ORDER BY h.id`, []any{story},
		func(r *sql.Rows) (h news.Hit, err error) {
			return h, r.Scan(&h.Article, &h.Theme, &h.Signal, &h.Title, &h.Level, &h.Direction, jsonInto{&h.Countries}, &h.Status)
		})
	if err != nil {
		return news.StoryState{}, nil, err
	}
	state := news.StateOf(articles, hits)
	state.Pages, err = collect(ctx, q, `SELECT p.id, p.article, p.kind, p.subject, p.was, p.becomes, p.found
		FROM articles a JOIN page_changes p ON p.article = a.id WHERE a.story = ? ORDER BY p.id`, []any{story},
		func(r *sql.Rows) (p news.PageChange, err error) { return p, r.Scan(pageChangeInto(&p)...) })
	return state, articles, err
}

// withPages adds to what was told what earlier messages told of pages: those of
// two stories that became one are all told.
func withPages(told *news.StoryState, earlier []news.PageChange) {
	for _, p := range earlier {
		if !slices.ContainsFunc(told.Pages, func(t news.PageChange) bool { return t.ID == p.ID }) {
			told.Pages = append(told.Pages, p)
		}
	}
}

// StoryState implements store.Tx.
func (x *tx) StoryState(story int64) (news.StoryState, error) {
	s, _, err := storyState(x.ctx, x, story)
	return s, x.failed(fmt.Sprintf("add up story %d", story), err)
}

// LastDeliveries implements store.Tx.
func (x *tx) LastDeliveries(story int64) ([]news.Delivery, error) {
	all, err := collect(x.ctx, x, `SELECT `+deliveryColumns+` FROM deliveries WHERE story = ? ORDER BY route, channel, version`, []any{story}, scanDelivery)
	var out []news.Delivery
	for _, d := range all {
		last := len(out) - 1
		if last < 0 || out[last].Route != d.Route || out[last].Channel != d.Channel {
			out = append(out, d)
			continue
		}
		if before := out[last].Told; d.Told == nil {
			d.Told = before
		} else if before != nil {
			withPages(d.Told, before.Pages)
		}
		out[last] = d
	}
	return out, x.failed(fmt.Sprintf("look whom story %d was told to", story), err)
}

// Rouse implements store.Tx.
func (x *tx) Rouse(id int64, at time.Time) error {
	_, err := x.exec(`UPDATE deliveries SET state = 'pending', next_at = min(next_at, ?), waits = '', silence = 0
		WHERE id = ? AND (state = 'silenced' OR state = 'pending' AND waits <> '')`, stamp(at), id)
	return x.failed(fmt.Sprintf("make delivery %d due", id), err)
}

// PutDigestTold implements store.Tx.
func (x *tx) PutDigestTold(digest string, told map[int64]news.StoryState, at, forget time.Time) error {
	_, err := x.exec(`DELETE FROM digest_told WHERE digest = ? AND at < ?`, digest, stamp(forget))
	for story, state := range told {
		if err == nil {
			_, err = x.exec(`INSERT OR REPLACE INTO digest_told (digest, story, at, told) VALUES (?, ?, ?, ?)`, digest, story, stamp(at), toldColumn(&state))
		}
	}
	return x.failed("remember what digest "+digest+" said", err)
}

// grown fills in what an alert says beside its best article: the whole story's
// state, its other reports, and what the channel was told before.
func (d *DB) grown(ctx context.Context, a *news.Alert) error {
	state, articles, err := storyState(ctx, d.reader, a.Story.ID)
	if err != nil {
		return err
	}
	a.State = state
	for _, one := range slices.Backward(articles) {
		if one.ID != a.Article.ID && len(a.Reports) < store.MaxReports {
			a.Reports = append(a.Reports, news.Report{
				Article: one.ID, Title: one.Title, Source: one.Source, Link: one.Link, Lang: one.Lang, Published: one.Published, Seen: one.Seen,
			})
		}
	}
	before, err := collect(ctx, d.reader, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE story = ? AND route = ? AND channel = ? AND id <> ? ORDER BY version`,
		[]any{a.Story.ID, a.Delivery.Route, a.Delivery.Channel, a.Delivery.ID}, scanDelivery)
	for i, one := range before {
		if one.State == news.DeliverySent && (a.First == nil || strings.HasPrefix(one.Receipt, news.Posted)) {
			a.First = &before[i]
		}
		if one.Told != nil && (one.State == news.DeliverySent || one.State == news.DeliveryFolded) {
			if a.Last != nil {
				withPages(one.Told, a.Last.Told.Pages)
			}
			a.Last = &before[i]
		}
	}
	return err
}

// Hold implements store.Outbox.
func (d *DB) Hold(ctx context.Context, id int64, why string, next time.Time) error {
	return d.settle(ctx, id, "lay it back", false, `state = 'pending', attempts = max(attempts - 1, 0), waits = ?, next_at = ?`, why, stamp(next))
}

// Silenced implements store.Outbox.
func (d *DB) Silenced(ctx context.Context, id, silence int64, told *news.StoryState) error {
	return d.settle(ctx, id, "silence it", false, `state = 'silenced', attempts = max(attempts - 1, 0), silence = ?, told = ?`, silence, toldColumn(told))
}

// Cancelled implements store.Outbox.
func (d *DB) Cancelled(ctx context.Context, id int64, why string) error {
	return d.settle(ctx, id, "cancel it", false, `state = 'cancelled', problem = ?`, why)
}

// Fold implements store.Outbox.
func (d *DB) Fold(ctx context.Context, id int64, told *news.StoryState, more news.Delivery) error {
	err := d.write(ctx, func(t *sql.Conn) error {
		var of news.Delivery
		err := t.QueryRowContext(inside, `SELECT state, route, channel FROM deliveries WHERE id = ?`, id).Scan(&of.State, &of.Route, &of.Channel)
		switch {
		case err != nil:
			return missing(err)
		case of.State == news.DeliverySent:
			return store.ErrSent
		}
		if _, err := t.ExecContext(inside, `INSERT INTO deliveries (kind, route, channel, version, key, state, next_at, created, content)
			SELECT 'more', ?1, ?2, 1, ?3, 'pending', ?4, ?5, ?6 WHERE NOT EXISTS
			(SELECT 1 FROM deliveries WHERE kind = 'more' AND route = ?1 AND channel = ?2 AND content = ?6 AND state = 'pending' AND attempts = 0)`,
			of.Route, of.Channel, more.Key, stamp(more.NextAt), stamp(more.Created), more.Content); err != nil {
			return err
		}
		_, err = t.ExecContext(inside, `UPDATE deliveries SET state = 'folded', lease_until = '', waits = '', told = ?1, folded_into =
			(SELECT max(id) FROM deliveries WHERE kind = 'more' AND route = ?2 AND channel = ?3 AND content = ?5 AND state = 'pending' AND attempts = 0) WHERE id = ?4`,
			toldColumn(told), of.Route, of.Channel, id, more.Content)
		return err
	})
	return d.read(fmt.Sprintf("delivery %d: name it with others", id), err)
}

// Folded implements store.Outbox.
func (d *DB) Folded(ctx context.Context, into int64) ([]news.Folded, error) {
	rows, err := d.Deliveries(ctx, store.DeliveryFilter{Into: into})
	out := make([]news.Folded, 0, len(rows))
	for _, r := range slices.Backward(rows) {
		out = append(out, news.Folded{Delivery: r.Delivery, Title: r.Title})
	}
	return out, err
}

// SentTimes implements store.Outbox.
func (d *DB) SentTimes(ctx context.Context, route, channel string, updates bool, after, until time.Time) ([]time.Time, error) {
	out, err := collect(ctx, d.reader, `SELECT sent FROM deliveries WHERE state = 'sent' AND route = ? AND channel = ? AND sent > ? AND sent <= ?
		AND kind = 'story' AND (version = 1 OR ?) ORDER BY sent`, []any{route, channel, stamp(after), stamp(until), updates},
		func(r *sql.Rows) (t time.Time, err error) { return t, r.Scan(when{&t}) })
	return out, d.read("count what route "+route+" was sent", err)
}

// CancelDeliveries implements store.Outbox.
func (d *DB) CancelDeliveries(ctx context.Context, why string, ids ...int64) (int, error) {
	n, err := d.eachDelivery(ctx, ids, func(t *sql.Conn, id int64, state news.DeliveryState) (bool, error) {
		if state != news.DeliveryPending && state != news.DeliveryFailed && state != news.DeliverySilenced {
			return false, nil
		}
		_, err := t.ExecContext(inside, `UPDATE deliveries SET state = 'cancelled', waits = '', silence = 0, problem = ? WHERE id = ?`, why, id)
		return true, err
	})
	return n, d.read("cancel deliveries", err)
}

// AddSilence implements store.Outbox.
func (d *DB) AddSilence(ctx context.Context, s news.Silence) (id int64, err error) {
	err = d.write(ctx, func(t *sql.Conn) error {
		r, err := t.ExecContext(inside, `INSERT INTO silences (themes, countries, signals, sources, stories, reason, author, begins, ends)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, list(texts(s.Themes)).column(), list(s.Countries).column(), list(s.Signals).column(),
			list(s.Sources).column(), integers(s.Stories), s.Reason, s.By, stamp(s.Begins), stamp(s.Ends))
		if err != nil {
			return err
		}
		id, err = r.LastInsertId()
		return err
	})
	return id, d.read("keep a silence", err)
}

// EndSilence implements store.Outbox.
func (d *DB) EndSilence(ctx context.Context, id int64, at time.Time) error {
	err := d.write(ctx, func(t *sql.Conn) error {
		var ended bool
		err := t.QueryRowContext(inside, `SELECT ends <= ? FROM silences WHERE id = ?`, stamp(at), id).Scan(&ended)
		switch {
		case err != nil:
			return missing(err)
		case ended:
			return store.ErrExists
		}
		_, err = t.ExecContext(inside, `UPDATE silences SET ends = ? WHERE id = ?`, stamp(at), id)
		return err
	})
	return d.read(fmt.Sprintf("end silence %d", id), err)
}

// Silences implements store.Outbox.
func (d *DB) Silences(ctx context.Context, after time.Time) ([]news.Silence, error) {
	out, err := collect(ctx, d.reader, `SELECT id, themes, countries, signals, sources, stories, reason, author, begins, ends,
		(SELECT count(*) FROM deliveries WHERE silence = s.id AND state = 'silenced') FROM silences s WHERE ends > ? ORDER BY id`,
		[]any{stamp(after)}, func(r *sql.Rows) (s news.Silence, err error) {
			return s, r.Scan(&s.ID, jsonInto{&s.Themes}, jsonInto{&s.Countries}, jsonInto{&s.Signals}, jsonInto{&s.Sources},
				jsonInto{&s.Stories}, &s.Reason, &s.By, when{&s.Begins}, when{&s.Ends}, &s.Kept)
		})
	return out, d.read("list silences", err)
}

// DigestStories implements store.Outbox.
func (d *DB) DigestStories(ctx context.Context, digest string, from, to time.Time) ([]store.DigestStory, error) {
	out, err := collect(ctx, d.reader, `SELECT s.story, t.told FROM
		(SELECT story FROM articles WHERE seen >= ?1 AND seen < ?2
		 UNION SELECT a.story FROM hits h JOIN articles a ON a.id = h.article WHERE h.found >= ?1 AND h.found < ?2
		 UNION SELECT a.story FROM revisions r JOIN articles a ON a.id = r.article WHERE r.revision > 1 AND r.seen >= ?1 AND r.seen < ?2
		 UNION SELECT a.story FROM page_changes p JOIN articles a ON a.id = p.article WHERE p.found >= ?1 AND p.found < ?2) s
		LEFT JOIN digest_told t ON t.digest = ?3 AND t.story = s.story
		WHERE EXISTS (SELECT 1 FROM articles a JOIN hits h ON h.article = a.id
		              WHERE a.story = s.story AND h.quiet = '' AND h.background = 0 AND (h.withdrawn = 0 OR t.told IS NOT NULL
		              OR EXISTS (SELECT 1 FROM page_changes p WHERE p.article = h.article AND p.found >= ?1 AND p.found < ?2)))
		ORDER BY s.story`, []any{stamp(from), stamp(to), digest},
		func(r *sql.Rows) (s store.DigestStory, err error) { return s, r.Scan(&s.Story, toldInto{&s.Told}) })
	return out, d.read("read the stories of digest "+digest, err)
}
