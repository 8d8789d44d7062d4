package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// together is how many waiting updates are written in one transaction at most.
const together = 32

// job is an update on its way. Whoever has the turn owns what is in it until
// done is closed.
type job struct {
	fn    func(store.Tx) error
	given error // by fn
	err   error // of the writing
	done  chan struct{}
}

// queue holds the updates that wait for a turn.
type queue struct {
	mu   sync.Mutex
	jobs []*job
}

func (q *queue) add(j *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.jobs = append(q.jobs, j)
}

// take removes the first few jobs.
func (q *queue) take() []*job {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.jobs), together)
	out := slices.Clone(q.jobs[:n])
	q.jobs = slices.Delete(q.jobs, 0, n)
	return out
}

// leave removes a job that nobody has taken yet.
func (q *queue) leave(j *job) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.jobs, j)
	if i < 0 {
		return false
	}
	q.jobs = slices.Delete(q.jobs, i, i+1)
	return true
}

// Update implements store.Store. Updates that wait while another one is being
// written go on together, each behind a savepoint of its own, in one
// transaction: a commit costs more than the update of a poll. Whoever gets the
// turn writes for all of them.
func (d *DB) Update(ctx context.Context, fn func(store.Tx) error) error {
	j := &job{fn: fn, done: make(chan struct{})}
	d.waiting.add(j)
	select {
	case <-j.done:
	case d.turn <- struct{}{}:
		d.serve(ctx, j)
	case <-ctx.Done():
		if d.waiting.leave(j) {
			return context.Cause(ctx)
		}
		<-j.done
	}
	switch {
	case j.given != nil:
		return j.given
	case j.err != nil:
		return fmt.Errorf("write to database %s: %w", d.file, explain(j.err))
	}
	return nil
}

// serve writes what waits until the job that has the turn is done, and gives
// the turn back.
func (d *DB) serve(ctx context.Context, own *job) {
	defer func() { <-d.turn }()
	for {
		select {
		case <-own.done:
			return
		default:
		}
		if ctx.Err() != nil && d.waiting.leave(own) {
			own.err = context.Cause(ctx)
			return
		}
		d.writeTogether(ctx, own, d.waiting.take())
	}
}

var errStopped = errors.New("the program stopped in the middle of an update that was written together with this one")

// writeTogether writes some jobs in one transaction.
func (d *DB) writeTogether(ctx context.Context, own *job, jobs []*job) {
	err := errStopped // where a job ends the goroutine
	defer func() {
		for _, j := range jobs {
			j.err = cmp.Or(j.err, err)
			close(j.done)
		}
	}()
	t, failed := d.start(ctx, false)
	if failed != nil {
		if err = failed; ctx.Err() != nil { // that is the own job's trouble alone
			jobs = d.putBack(own, jobs)
		}
		return
	}
	defer t.Rollback() // after a commit it does nothing
	if err = runAll(t, jobs); err == nil {
		err = t.Commit()
	}
}

// putBack lets all jobs but the own one wait again.
func (d *DB) putBack(own *job, jobs []*job) []*job {
	d.waiting.mu.Lock()
	defer d.waiting.mu.Unlock()
	others := slices.DeleteFunc(slices.Clone(jobs), func(j *job) bool { return j == own })
	d.waiting.jobs = append(others, d.waiting.jobs...)
	if len(others) == len(jobs) {
		return nil
	}
	return []*job{own}
}

// runAll runs jobs one after the other. One that fails leaves nothing behind; an
// error here is the end of the transaction, for all.
func runAll(t *sql.Tx, jobs []*job) error {
	for _, j := range jobs {
		if _, err := t.ExecContext(inside, "SAVEPOINT job"); err != nil {
			return err
		}
		x := &tx{t: t, ctx: inside}
		if j.given = j.fn(x); j.given == nil {
			j.err = x.broken
		}
		end := "RELEASE job"
		if j.given != nil || j.err != nil {
			// Fails where SQLite itself has given the transaction up, as it
			// does when the disk is full.
			end = "ROLLBACK TO job; RELEASE job"
		}
		if _, err := t.ExecContext(inside, end); err != nil {
			return cmp.Or(x.broken, err)
		}
	}
	return nil
}

// write runs fn in a write transaction of its own whose commit waits for the
// disk, with all commits before it.
func (d *DB) write(ctx context.Context, fn func(*sql.Tx) error) error {
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	t, err := d.start(ctx, true)
	if err != nil {
		return err
	}
	defer t.Rollback() // after a commit it does nothing
	if err := fn(t); err != nil {
		return err
	}
	return t.Commit()
}

// start begins a transaction for whoever has the turn. Where durable, its commit
// waits for the disk.
func (d *DB) start(ctx context.Context, durable bool) (*sql.Tx, error) {
	if err := d.wait(ctx, durable); err != nil {
		return nil, err
	}
	return d.begin(ctx)
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

// begin starts a transaction that already holds the right to write.
func (d *DB) begin(ctx context.Context) (t *sql.Tx, err error) {
	err = d.patiently(ctx, func() error {
		// The transaction must outlive the context: see Store.Update.
		t, err = d.writer.BeginTx(context.WithoutCancel(ctx), nil)
		return err
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
	t      *sql.Tx
	ctx    context.Context // over as soon as the transaction is broken
	broken error           // what made it unfit to be committed
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
	r, err := x.t.ExecContext(x.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// insert runs a statement that inserts a row, and gives its id.
func (x *tx) insert(query string, args ...any) (int64, error) {
	r, err := x.t.ExecContext(x.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

func (x *tx) row(query string, args ...any) *sql.Row {
	return x.t.QueryRowContext(x.ctx, query, args...)
}

// failed wraps an error with what was being done. An error that the interface
// doesn't name may have left half of it done: then nothing may be kept.
func (x *tx) failed(doing string, err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("%s: %w", doing, explain(err))
	if !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrExists) {
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
	_, err := x.exec(`INSERT INTO items (source, key, hash, article, first) VALUES (?, ?, ?, nullif(?, 0), ?)
		ON CONFLICT DO UPDATE SET hash = excluded.hash, article = excluded.article`,
		s.Source, s.Key, int64(s.Hash), s.Article, stamp(s.First))
	return x.failed("remember an item of "+s.Source, err)
}

// SaveSourceState implements store.Tx.
func (x *tx) SaveSourceState(s news.SourceState) error {
	_, err := x.exec(`INSERT OR REPLACE INTO source_states
		(source, url, etag, last_modified, last_poll, last_success, next_poll, failures, problem, gone, format, items, newest_item)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.Source, s.URL, s.ETag, s.LastModified, stamp(s.LastPoll), stamp(s.LastSuccess), stamp(s.NextPoll),
		s.Failures, s.Problem, s.Gone, s.Format, s.Items, stamp(s.NewestItem))
	return x.failed("save the state of "+s.Source, err)
}

// SetMeta implements store.Tx.
func (x *tx) SetMeta(name, value string) error {
	_, err := x.exec(`INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)`, name, value)
	return x.failed("keep "+name, err)
}
