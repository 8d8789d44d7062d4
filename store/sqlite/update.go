package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// Update implements store.Store. Its commit doesn't wait for the disk.
func (d *DB) Update(ctx context.Context, fn func(store.Tx) error) error {
	var given error
	err := d.take(ctx, false, func(t *sql.Conn) error {
		x := &tx{t: t, ctx: inside, late: &d.late, waits: &d.waits}
		defer d.waits.forget()
		if given = fn(x); given != nil {
			return given
		}
		if x.broken != nil {
			return x.broken
		}
		return x.flush()
	})
	switch {
	case given != nil:
		return given
	case err != nil:
		return fmt.Errorf("write to database %s: %w", d.file, explain(err))
	}
	return nil
}

// write runs fn in a write transaction whose commit waits for the disk, with all
// commits before it.
func (d *DB) write(ctx context.Context, fn func(*sql.Conn) error) error {
	return d.take(ctx, true, fn)
}

// take runs fn in a write transaction, one at a time.
func (d *DB) take(ctx context.Context, durable bool, fn func(*sql.Conn) error) error {
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if err := d.wait(ctx, durable); err != nil {
		return err
	}
	t, err := d.begin(ctx)
	if err != nil {
		return err
	}
	defer t.Close()
	committed := false
	defer func() {
		if !committed { // after some errors SQLite has rolled back itself, and says so
			t.ExecContext(inside, "ROLLBACK")
			d.late.known = false
		}
	}()
	if err := fn(t); err != nil {
		return err
	}
	_, err = t.ExecContext(inside, "COMMIT")
	committed = err == nil
	return err
}

// wait sets whether commits wait for the disk.
func (d *DB) wait(ctx context.Context, durable bool) error {
	if d.full == durable {
		return nil
	}
	pragma := "PRAGMA synchronous = NORMAL"
	if durable {
		pragma = "PRAGMA synchronous = FULL"
	}
	if _, err := d.writer.ExecContext(ctx, pragma); err != nil {
		return err
	}
	d.full = durable
	return nil
}

// begin gives the writing connection, in a transaction that already holds the
// right to write. It is none of database/sql's, which would start a goroutine for
// every query to watch for its end.
func (d *DB) begin(ctx context.Context) (t *sql.Conn, err error) {
	err = d.patiently(ctx, func() error {
		if t, err = d.writer.Conn(inside); err != nil { // the transaction must outlive the context: see Store.Update
			return err
		}
		if _, err = t.ExecContext(inside, "BEGIN IMMEDIATE"); err != nil {
			return errors.Join(err, t.Close())
		}
		return nil
	})
	return t, err
}

// patiently tries again while another process is in the way, in steps between
// which the context can end the wait. SQLite itself waits busyStep for most of
// what can be in the way, but not for another process that opens or closes the
// file.
func (d *DB) patiently(ctx context.Context, try func() error) (err error) {
	for range d.tries {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		begun := time.Now()
		if err = try(); err == nil || !errors.Is(explain(err), store.ErrBusy) {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(busyStep - time.Since(begun)):
		}
	}
	return err
}

// tx implements store.Tx.
type tx struct {
	t      *sql.Conn
	ctx    context.Context // over as soon as the transaction is broken
	broken error           // what made it unfit to be committed
	late   *lateKeys       // of the database; a transaction that isn't kept leaves them unknown
	sure   bool            // they are known to be what is stored
	waits  *waiting        // of the database, as late is
	absent string          // the address that no article has, as was found last
}

// Inside a transaction no context that can end is passed on: the driver would
// start a goroutine for every statement to watch it.
var inside = context.Background()

// over is a context that has ended.
var over = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// exec runs a statement and says how many rows it changed.
func (x *tx) exec(query string, args ...any) (int64, error) {
	r, err := x.run(query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// insert runs a statement that inserts a row, and gives its id.
func (x *tx) insert(query string, args ...any) (int64, error) {
	r, err := x.run(query, args...)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// named are the errors that the interface names: nothing was changed.
var named = []error{store.ErrNotFound, store.ErrExists, store.ErrApart, store.ErrWhole}

// failed wraps an error with what was being done. An error that the interface
// doesn't name may have left half of it done: then nothing may be kept.
func (x *tx) failed(doing string, err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("%s: %w", doing, explain(err))
	if !slices.ContainsFunc(named, func(e error) bool { return errors.Is(err, e) }) {
		x.broken = cmp.Or(x.broken, err)
		x.ctx = over // SQLite may have ended the transaction: no statement may follow
	}
	return err
}

// Item implements store.Tx.
func (x *tx) Item(source, key string) (store.ItemState, bool, error) {
	s := store.ItemState{Source: source, Key: key}
	err := x.row(`SELECT hash, coalesce(article, 0), first FROM items WHERE source = ? AND key = ?`, source, key).
		Scan((*hash)(&s.Hash), &s.Article, when{&s.First})
	if errors.Is(err, sql.ErrNoRows) {
		return store.ItemState{}, false, nil
	}
	return s, err == nil, x.failed("look for an item of "+source, err)
}

// PutItem implements store.Tx.
func (x *tx) PutItem(s store.ItemState) error {
	x.waits.items = append(x.waits.items, s)
	return nil
}

// SaveSourceState implements store.Tx.
func (x *tx) SaveSourceState(s news.SourceState) error {
	x.waits.states = append(x.waits.states, s)
	return nil
}

// rhythm is how a rhythm is stored: in JSON, empty where nothing is known.
func rhythm(r news.Rhythm) string {
	if r == (news.Rhythm{}) {
		return ""
	}
	doc, err := json.Marshal(r)
	if err != nil {
		return "" // of times and finite numbers there is none
	}
	return string(doc)
}

// SetMeta implements store.Tx.
func (x *tx) SetMeta(name, value string) error {
	_, err := x.exec(`INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)`, name, value)
	return x.failed("keep "+name, err)
}
