package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/pressly/goose/v3"

	"driftwatch/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// forms are the migrations that lead from one form of the database to the next,
// and the number of the last one.
type forms struct {
	fs.FS
	newest int64
}

// ours are the forms that this program knows.
func ours() (forms, error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return forms{}, err
	}
	return formsIn(dir)
}

// formsIn reads the numbers that the names of migrations begin with.
func formsIn(dir fs.FS) (forms, error) {
	names, err := fs.Glob(dir, "*.sql")
	if err != nil {
		return forms{}, err
	}
	f := forms{FS: dir}
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		v, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return forms{}, fmt.Errorf("migration %s: %w", name, err)
		}
		f.newest = max(f.newest, v)
	}
	return f, nil
}

// applicationID marks a SQLite file as one of ours: "Drft", set by the first
// migration (https://sqlite.org/fileformat.html, section 1.3.7).
const applicationID = 0x44726674

// Status says which form the database in a file has and which one the program
// writes, and changes nothing. A file that isn't there has the form 0. Errors:
// store.ErrTooNew, ErrCorrupt, ErrReadOnly.
func Status(ctx context.Context, file string) (store.Schema, error) {
	s, err := status(ctx, file)
	if err != nil {
		return store.Schema{}, fmt.Errorf("look at database %s: %w", file, explain(err))
	}
	return s, nil
}

func status(ctx context.Context, file string) (store.Schema, error) {
	f, err := ours()
	if err != nil {
		return store.Schema{}, err
	}
	switch _, err := os.Stat(file); {
	case errors.Is(err, fs.ErrNotExist):
		return store.Schema{Newest: f.newest}, nil
	case err != nil:
		return store.Schema{}, unwritable(err)
	}
	if file, err = filepath.Abs(file); err != nil {
		return store.Schema{}, err
	}
	return f.inspect(ctx, file)
}

// inspect reads the form of a database without changing it.
func (f forms) inspect(ctx context.Context, file string) (store.Schema, error) {
	db, err := sql.Open("sqlite3", dsn(file, url.Values{"mode": {"ro"}, "_busy_timeout": {"10000"}}))
	if err != nil {
		return store.Schema{}, err
	}
	defer db.Close()
	var id, tables int64
	err = db.QueryRowContext(ctx, `SELECT application_id, (SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name <> 'goose_db_version' AND name NOT LIKE 'sqlite_%') FROM pragma_application_id`).Scan(&id, &tables)
	switch {
	case err != nil:
		return store.Schema{}, err
	case tables == 0:
		return store.Schema{Newest: f.newest}, nil
	case id != applicationID:
		return store.Schema{}, fmt.Errorf("%w: it is a SQLite file of some other program; name another file", store.ErrCorrupt)
	}
	s := store.Schema{Newest: f.newest}
	err = db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&s.Version)
	if err != nil {
		return store.Schema{}, err
	}
	if s.Version > s.Newest {
		return store.Schema{}, fmt.Errorf("%w: it has form %d, this program knows forms up to %d; install the newer program, or go back to the copy made before the change",
			store.ErrTooNew, s.Version, s.Newest)
	}
	s.From = s.Version
	return s, nil
}

// migrate brings a database up to date, one process at a time.
func (f forms) migrate(ctx context.Context, file string, busy time.Duration) (store.Schema, error) {
	unlock, err := lockFolder(filepath.Dir(file))
	if err != nil {
		return store.Schema{}, err
	}
	defer unlock()
	s, err := f.inspect(ctx, file) // another process may have been faster
	if err != nil || s.Version == s.Newest {
		return s, err
	}
	if s.Version > 0 {
		s.Backup = fmt.Sprintf("%s.form%d", file, s.Version)
		if err := copyTo(ctx, file, s.Backup); err != nil && !errors.Is(err, store.ErrExists) {
			return s, fmt.Errorf("copy it before its form is changed: %w", err)
		}
	}
	if err := f.up(ctx, file, busy); err != nil {
		return s, fmt.Errorf("bring it from form %d to %d: %w", s.Version, s.Newest, err)
	}
	s.Version = s.Newest
	return s, nil
}

// up runs the migrations that the database lacks, each in a transaction.
func (f forms) up(ctx context.Context, file string, busy time.Duration) error {
	db, err := sql.Open("sqlite3", dsn(file, writing(busy)))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	p, err := goose.NewProvider(goose.DialectSQLite3, db, f.FS, goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// lockFolder keeps other processes from migrating in the same folder. It locks
// the folder, not the file: closing any handle of the file would drop the locks
// that SQLite holds on it (https://sqlite.org/howtocorrupt.html, section 2.2).
func lockFolder(dir string) (unlock func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock folder %s: %w", dir, err)
	}
	return func() { f.Close() }, nil
}
