package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

const deliveryColumns = `id, kind, route, channel, coalesce(story, 0), version, key, state, next_at, attempts, lease_until, receipt, problem,
	created, sent, waits, silence, folded_into, told, content`

func deliveryInto(d *news.Delivery) []any {
	return []any{&d.ID, &d.Kind, &d.Route, &d.Channel, &d.Story, &d.Version, &d.Key, &d.State, when{&d.NextAt}, &d.Attempts,
		when{&d.LeaseUntil}, &d.Receipt, &d.Problem, when{&d.Created}, when{&d.Sent},
		&d.Waits, &d.Silence, &d.Into, toldInto{&d.Told}, &d.Content}
}

func scanDelivery(r *sql.Rows) (d news.Delivery, err error) {
	return d, r.Scan(deliveryInto(&d)...)
}

// Lease implements store.Outbox.
func (d *DB) Lease(ctx context.Context, channel string, now, until time.Time, n int) ([]news.Delivery, error) {
	var out []news.Delivery
	due, err := d.due(ctx, channel, now)
	if err == nil && due {
		err = d.write(ctx, func(t *sql.Conn) (err error) {
			out, err = collect(inside, t, `UPDATE deliveries SET state = 'leased', attempts = attempts + 1, lease_until = ?1, waits = '' WHERE id IN
				(SELECT id FROM deliveries WHERE channel = ?2 AND `+isDue+` ORDER BY next_at, id LIMIT ?4)
				RETURNING `+deliveryColumns, []any{stamp(until), channel, stamp(now), n}, scanDelivery)
			return err
		})
	}
	slices.SortFunc(out, func(a, b news.Delivery) int { // RETURNING keeps no order
		return cmp.Or(a.NextAt.Compare(b.NextAt), cmp.Compare(a.ID, b.ID))
	})
	return out, d.read("lease the deliveries of "+channel, err)
}

// isDue holds for a delivery that may be leased at the time ?3. Its first part
// lets SQLite use the index over what is owed.
const isDue = `state IN ('pending', 'leased') AND next_at <= ?3 AND (state = 'pending' OR lease_until <= ?3)
	AND NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.story = deliveries.story AND e.route = deliveries.route
		AND e.channel = deliveries.channel AND e.version < deliveries.version AND e.state IN ('pending', 'leased'))`

// due reports whether a channel has anything to lease, without a write and its
// wait for the disk.
func (d *DB) due(ctx context.Context, channel string, now time.Time) (due bool, err error) {
	err = d.reader.QueryRowContext(ctx, `SELECT EXISTS (SELECT ?1 FROM deliveries WHERE channel = ?2 AND `+isDue+`)`,
		1, channel, stamp(now)).Scan(&due)
	return due, err
}

// Alert implements store.Outbox.
func (d *DB) Alert(ctx context.Context, of news.Delivery) (news.Alert, error) {
	a, err := d.alert(ctx, of)
	return a, d.read(fmt.Sprintf("write the message of delivery %d about story %d", of.ID, of.Story), err)
}

// strongest orders hits: standing ones, then those that may be alerted, then by
// strength.
const strongest = `h.withdrawn <> 0, h.quiet <> '', h.level DESC, h.score DESC`

func (d *DB) alert(ctx context.Context, of news.Delivery) (news.Alert, error) {
	out := news.Alert{Delivery: of}
	var err error
	if out.Story, err = d.story(ctx, of.Story); err != nil {
		return news.Alert{}, err
	}
	of.Story = out.Story.ID // it may have been merged since
	err = d.reader.QueryRowContext(ctx, `SELECT `+articleColumns+`, r.text FROM hits h JOIN articles a ON a.id = h.article
		JOIN revisions r ON r.article = a.id AND r.revision = a.revision
		WHERE a.story = ? ORDER BY `+strongest+`, a.seen, a.id LIMIT 1`, of.Story).
		Scan(append(articleInto(&out.Article), &out.Article.Text)...)
	if err != nil {
		return news.Alert{}, missing(err)
	}
	out.Source.ID = out.Article.Source
	out.Hits, err = collect(ctx, d.reader, `SELECT `+hitColumns+` FROM hits h JOIN articles a ON a.id = h.article
		WHERE h.article = ?1 AND (h.withdrawn = 0 OR NOT EXISTS (SELECT 1 FROM hits WHERE article = ?1 AND withdrawn = 0))
		ORDER BY `+strongest+`, h.id`, []any{out.Article.ID},
		func(r *sql.Rows) (h news.Hit, err error) {
			return h, r.Scan(hitInto(&h)...)
		})
	if err != nil {
		return out, err
	}
	return out, d.grown(ctx, &out)
}

// Sent implements store.Outbox.
func (d *DB) Sent(ctx context.Context, id int64, receipt string, told *news.StoryState, at time.Time) error {
	return d.settle(ctx, id, "record that it was accepted", true, `state = 'sent', receipt = ?, told = ?, sent = ?, problem = ''`,
		receipt, toldColumn(told), stamp(at))
}

// Retry implements store.Outbox.
func (d *DB) Retry(ctx context.Context, id int64, problem string, next time.Time) error {
	return d.settle(ctx, id, "put it off", false, `state = 'pending', problem = ?, next_at = ?`, problem, stamp(next))
}

// Fail implements store.Outbox.
func (d *DB) Fail(ctx context.Context, id int64, problem string) error {
	return d.settle(ctx, id, "give it up", false, `state = 'failed', problem = ?`, problem)
}

// settle records how an attempt ended. One that was sent stays sent: again says
// whether hearing so once more is fine.
func (d *DB) settle(ctx context.Context, id int64, doing string, again bool, set string, args ...any) error {
	err := d.write(ctx, func(t *sql.Conn) error {
		var sent bool
		err := t.QueryRowContext(inside, `SELECT state = 'sent' FROM deliveries WHERE id = ?`, id).Scan(&sent)
		switch {
		case err != nil:
			return missing(err)
		case sent && again:
			return nil
		case sent:
			return store.ErrSent
		}
		_, err = t.ExecContext(inside, `UPDATE deliveries SET lease_until = '', waits = '', `+set+` WHERE id = ?`, append(args, id)...)
		return err
	})
	return d.read(fmt.Sprintf("delivery %d: %s", id, doing), err)
}

// longestHold is longer than quiet hours can be.
const longestHold = 25 * time.Hour

// ReleaseLeases implements store.Outbox.
func (d *DB) ReleaseLeases(ctx context.Context, now time.Time) (int, error) {
	const held = `state = 'leased' OR state = 'pending' AND next_at > ?1 AND (created > ?1 OR waits <> '' AND next_at > ?2)`
	var n int64
	var some bool
	err := d.reader.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM deliveries WHERE `+held+`)`, stamp(now), stamp(now.Add(longestHold))).Scan(&some)
	if err == nil && some {
		n, err = d.change(ctx, `UPDATE deliveries SET state = 'pending', lease_until = '', waits = '', next_at = min(next_at, ?1) WHERE `+held, stamp(now), stamp(now.Add(longestHold)))
	}
	return int(n), d.read("release what was being sent", err)
}

// change runs one durable statement and says how many rows it changed.
func (d *DB) change(ctx context.Context, query string, args ...any) (n int64, err error) {
	err = d.write(ctx, func(t *sql.Conn) error {
		r, err := t.ExecContext(inside, query, args...)
		if err != nil {
			return err
		}
		n, err = r.RowsAffected()
		return err
	})
	return n, err
}

// RetryDeliveries implements store.Outbox.
func (d *DB) RetryDeliveries(ctx context.Context, now time.Time, ids ...int64) (int, error) {
	const again = `UPDATE deliveries SET state = 'pending', next_at = ?, attempts = 0, waits = '', silence = 0, folded_into = 0,
		problem = iif(state = 'cancelled', '', problem) WHERE `
	if len(ids) == 0 {
		n, err := d.change(ctx, again+`state = 'failed'`, stamp(now))
		return int(n), d.read("retry what was given up", err)
	}
	n, err := d.eachDelivery(ctx, ids, func(t *sql.Conn, id int64, state news.DeliveryState) (bool, error) {
		if state == news.DeliveryLeased {
			return false, nil
		}
		_, err := t.ExecContext(inside, again+`id = ?`, stamp(now), id)
		return true, err
	})
	return n, d.read("retry deliveries", err)
}

// eachDelivery calls do with deliveries and their states, in one transaction, and
// counts those that it changed. Where one isn't there, was sent, or do fails,
// nothing has changed.
func (d *DB) eachDelivery(ctx context.Context, ids []int64, do func(t *sql.Conn, id int64, state news.DeliveryState) (changed bool, err error)) (n int, err error) {
	err = d.write(ctx, func(t *sql.Conn) error {
		for _, id := range ids {
			var state news.DeliveryState
			err := t.QueryRowContext(inside, `SELECT state FROM deliveries WHERE id = ?`, id).Scan(&state)
			if err == nil && state == news.DeliverySent {
				err = store.ErrSent
			}
			if err != nil {
				return fmt.Errorf("delivery %d: %w", id, missing(err))
			}
			changed, err := do(t, id, state)
			if err != nil {
				return err
			}
			if changed {
				n++
			}
		}
		return nil
	})
	if err != nil {
		n = 0
	}
	return n, err
}

// Deliveries implements store.Outbox.
func (d *DB) Deliveries(ctx context.Context, f store.DeliveryFilter) ([]store.DeliveryRow, error) {
	var c conditions
	c.among(`state`, list(texts(f.States)).column())
	c.among(`channel`, list(f.Channels).column())
	c.among(`route`, list(f.Routes).column())
	c.among(`kind`, list(texts(f.Kinds)).column())
	c.amongStories(`story`, f.Stories)
	c.among(`id`, integers(f.IDs))
	if f.Into != 0 {
		c.add(`folded_into = ?`, f.Into)
	}
	if !f.Since.IsZero() {
		c.add(`created >= ?`, stamp(f.Since))
	}
	if f.Before != 0 {
		c.add(`id < ?`, f.Before)
	}
	end, args := c.end(`id DESC`, f.Limit)
	out, err := collect(ctx, d.reader, `SELECT `+deliveryColumns+`, coalesce((SELECT title FROM stories s WHERE s.id = story), '') FROM deliveries`+end, args,
		func(r *sql.Rows) (x store.DeliveryRow, err error) {
			return x, r.Scan(append(deliveryInto(&x.Delivery), &x.Title)...)
		})
	return out, d.read("list deliveries", err)
}
