package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"driftwatch/store"
)

// Options are what may be set on a database; the zero value is fine.
type Options struct {
	// BusyTimeout is how long a write waits for another process. Default: 10 s.
	BusyTimeout time.Duration
	// Readers is how many reads run at once. Default: 4, or one a processor
	// where there are more.
	Readers int
	// MaxPages limits the size of the file, in pages of 4 KiB. 0: no limit.
	MaxPages int
}

// DB is a store in one SQLite file.
type DB struct {
	file   string
	writer *sql.DB       // one connection
	reader *sql.DB       // several, which can't write
	turn   chan struct{} // holds a value while a write is running
	tries  int           // how often a write tries to begin, busyStep each
	full   bool          // the writer's commits wait for the disk; owned by the turn
	late   lateKeys      // owned by the turn
	waits  waiting       // owned by the turn
	schema store.Schema
	inbox  inboxIndex
	keyer  keyer

	signals   signalIndex
	factsKept factsKept
	pruned    pruneFrom // owned by the turn

	backlog backlog
	sought  sought
}

var _ store.Store = (*DB)(nil)

// busyStep is how long one try to begin a write waits inside SQLite, where no
// context can end the wait.
const busyStep = 100 * time.Millisecond

// Open opens the database in a file, and makes it, and its folder, where it
// isn't there. An older form is brought up to date first, after a copy of the
// file was put beside it. Errors: store.ErrTooNew, ErrCorrupt, ErrReadOnly,
// ErrBusy, ErrFull.
func Open(ctx context.Context, file string, o Options) (*DB, error) {
	d, err := open(ctx, file, o, ours)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", file, explain(err))
	}
	return d, nil
}

func open(ctx context.Context, file string, o Options, known func() (forms, error)) (*DB, error) {
	if o.BusyTimeout <= 0 {
		o.BusyTimeout = 10 * time.Second
	}
	if o.Readers <= 0 {
		o.Readers = max(4, runtime.NumCPU())
	}
	file, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	if err := prepare(file); err != nil {
		return nil, err
	}
	f, err := known()
	if err != nil {
		return nil, err
	}
	found, err := f.inspect(ctx, file)
	if err != nil {
		return nil, err
	}
	d := &DB{
		file:   file,
		turn:   make(chan struct{}, 1),
		tries:  max(1, int(o.BusyTimeout/busyStep)),
		schema: found,
	}
	d.inbox.reading = store.NewReading()
	if found.Version < found.Newest {
		if d.schema, err = f.migrate(ctx, file, o.BusyTimeout); err != nil {
			return nil, err
		}
	}
	if d.writer, err = sql.Open("sqlite3", dsn(file, writing(busyStep))); err != nil {
		return nil, err
	}
	d.writer.SetMaxOpenConns(1)
	if d.reader, err = sql.Open("sqlite3", dsn(file, reading(o.BusyTimeout))); err != nil {
		return nil, errors.Join(err, d.writer.Close())
	}
	d.reader.SetMaxOpenConns(o.Readers)
	d.reader.SetMaxIdleConns(o.Readers)
	if err := d.tune(ctx, o.MaxPages); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// tune sets what the driver has no parameter for. Checkpoints are rarer than
// SQLite's own, so that a first cycle over many sources doesn't write each page
// many times; the log is cut back to 64 MB after one.
func (d *DB) tune(ctx context.Context, maxPages int) error {
	pragmas := "PRAGMA wal_autocheckpoint = 16000; PRAGMA journal_size_limit = 67108864;"
	if maxPages > 0 {
		pragmas += fmt.Sprintf("PRAGMA max_page_count = %d;", maxPages)
	}
	return d.patiently(ctx, func() error {
		_, err := d.writer.ExecContext(ctx, pragmas)
		return err
	})
}

// prepare makes the file and its folder where they are missing, and sees to it
// that nobody but the owner can read the file. SQLite gives the files beside it
// the same permissions.
func prepare(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return unwritable(err)
	}
	i, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return unwritable(err)
		}
		return f.Close()
	}
	switch {
	case err != nil:
		return unwritable(err)
	case i.IsDir():
		return errors.New("it is a folder; name a file in it")
	case !i.Mode().IsRegular():
		return errors.New("it is no regular file")
	case i.Mode().Perm()&0o077 != 0:
		if err := os.Chmod(file, i.Mode().Perm()&0o700); err != nil {
			return fmt.Errorf("others can read it, and that can't be changed: %w", err)
		}
	}
	return nil
}

// unwritable names a failure to make or look at the file.
func unwritable(err error) error {
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("%w: %w", store.ErrReadOnly, err)
	}
	return err
}

// dsn is the driver's name for a file with parameters. The path is escaped, so
// that no character of it is taken for a parameter.
func dsn(file string, q url.Values) string {
	u := url.URL{Scheme: "file", Path: file, RawQuery: q.Encode()}
	return u.String()
}

func writing(busy time.Duration) url.Values {
	return url.Values{
		"_auto_vacuum":     {"incremental"}, // counts only when the file is made
		"_busy_timeout":    {strconv.FormatInt(busy.Milliseconds(), 10)},
		"_cache_size":      {"-4000"}, // KiB
		"_foreign_keys":    {"on"},
		"_journal_mode":    {"WAL"},
		"_stmt_cache_size": {"64"},
		"_synchronous":     {"NORMAL"},
	}
}

func reading(busy time.Duration) url.Values {
	return url.Values{
		"_busy_timeout":    {strconv.FormatInt(busy.Milliseconds(), 10)},
		"_cache_size":      {"-500"}, // KiB, of each reader; what it drops the system still has
		"_query_only":      {"on"},
		"_stmt_cache_size": {"64"},
	}
}
