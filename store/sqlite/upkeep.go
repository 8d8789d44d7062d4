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

	"driftwatch/store"
)

// Backup implements store.Upkeep.
func (d *DB) Backup(ctx context.Context, file string) error {
	return Copy(ctx, d.file, file)
}

// copyTo writes a whole copy of the database under a temporary name, waits for
// the disk, and only then gives it its name.
func copyTo(ctx context.Context, from, to string) (err error) {
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			return fmt.Errorf("%w: name a file that isn't there yet", store.ErrExists)
		}
		return err
	}
	dir := filepath.Dir(to)
	f, err := os.CreateTemp(dir, "."+filepath.Base(to)+".*") // 0600
	if err != nil {
		return unwritable(err)
	}
	defer func() {
		err = errors.Join(err, f.Close(), os.Remove(f.Name()))
	}()
	if err := vacuumInto(ctx, from, f.Name()); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	// A link fails where a rename would replace what came there meanwhile.
	if err := os.Link(f.Name(), to); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%w: name a file that isn't there yet", store.ErrExists)
		}
		return err
	}
	return syncFolder(dir)
}

func vacuumInto(ctx context.Context, from, to string) error {
	db, err := sql.Open("sqlite3", dsn(from, url.Values{"_busy_timeout": {"10000"}}))
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", to)
	return err
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// invariants are queries that give one sentence for each thing that should
// never be.
var invariants = []string{
	`SELECT 'article ' || a.id || ' has no text of its revision ' || a.revision FROM articles a
	 WHERE NOT EXISTS (SELECT 1 FROM revisions r WHERE r.article = a.id AND r.revision = a.revision)`,
	`SELECT 'article ' || a.id || ' differs from its latest revision' FROM articles a
	 JOIN revisions r ON r.article = a.id AND r.revision = a.revision WHERE r.hash <> a.hash`,
	`SELECT 'revision ' || r.revision || ' of article ' || r.article || ' is not among 1 to ' || a.revision FROM revisions r
	 JOIN articles a ON a.id = r.article WHERE r.revision NOT BETWEEN 1 AND a.revision`,
	`SELECT 'story ' || s.id || ' has ' || iif(s.merged = 0, 'no article', 'articles though it was merged') FROM stories s
	 WHERE (s.merged = 0) <> EXISTS (SELECT 1 FROM articles a WHERE a.story = s.id) AND (s.merged <> 0 OR NOT ` + stays + `)`,
	`SELECT 'story ' || s.id || ' was merged into story ' || s.merged || ', which is none' FROM stories s
	 WHERE s.merged <> 0 AND NOT EXISTS (SELECT 1 FROM stories t WHERE t.id = s.merged AND t.merged = 0)`,
	`SELECT 'hit ' || h.id || ' has no article or story' FROM hits h
	 LEFT JOIN articles a ON a.id = h.article LEFT JOIN stories s ON s.id = a.story WHERE s.id IS NULL`,
	`SELECT 'hit ' || id || ' is withdrawn by revision ' || withdrawn || ', before revision ' || revision || ' that carries it' FROM hits
	 WHERE withdrawn <> 0 AND withdrawn < revision`,
	`SELECT 'delivery ' || d.id || ' is about story ' || d.story || ', which has no hit' FROM deliveries d
	 WHERE d.kind = 'story' AND NOT EXISTS (SELECT 1 FROM articles a JOIN hits h ON h.article = a.id WHERE a.story = d.story)`,
	`SELECT 'delivery ' || id || ' is leased without an end' FROM deliveries WHERE state = 'leased' AND lease_until = ''`,
	`SELECT 'delivery ' || id || ' is sent at no time' FROM deliveries WHERE state = 'sent' AND sent = ''`,
	`SELECT 'delivery ' || d.id || ' is folded into ' || d.folded_into || ', which is no message about several' FROM deliveries d
	 WHERE d.state = 'folded' AND NOT EXISTS (SELECT 1 FROM deliveries m WHERE m.id = d.folded_into AND m.kind = 'more')`,
	`SELECT 'the index of stories names a text that is not stored' WHERE EXISTS
	 (SELECT 1 FROM (SELECT revision FROM late_keys UNION ALL SELECT revision FROM story_keys) k LEFT JOIN revisions r ON r.id = k.revision WHERE r.id IS NULL)`,
}

// Check implements store.Upkeep.
func (d *DB) Check(ctx context.Context) ([]string, error) {
	found, err := d.check(ctx)
	if err = explain(err); errors.Is(err, store.ErrCorrupt) {
		return append(found, err.Error()), nil
	}
	if err != nil {
		return nil, fmt.Errorf("check database %s: %w", d.file, err)
	}
	return found, nil
}

// check looks for damage first: what a damaged file answers to other questions
// means nothing.
func (d *DB) check(ctx context.Context) ([]string, error) {
	found, err := d.sentences(ctx, `SELECT 'the file is damaged: ' || integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'`)
	if err != nil || len(found) > 0 {
		return found, err
	}
	questions := append([]string{
		`SELECT 'a row of ' || "table" || ' names a row of ' || parent || ' that is not there' FROM pragma_foreign_key_check`,
	}, invariants...)
	for _, q := range questions {
		more, err := d.sentences(ctx, q)
		if err != nil {
			return found, err
		}
		found = append(found, more...)
	}
	return found, nil
}

func (d *DB) sentences(ctx context.Context, query string) ([]string, error) {
	return collect(ctx, d.reader, query, nil, func(r *sql.Rows) (s string, err error) {
		return s, r.Scan(&s)
	})
}

// Schema implements store.Upkeep.
func (d *DB) Schema(context.Context) (store.Schema, error) { return d.schema, nil }

// Close implements store.Upkeep. The writer goes last, so that the log is
// folded into the file and removed.
func (d *DB) Close() error {
	d.turn <- struct{}{}
	defer func() { <-d.turn }()
	if err := errors.Join(d.reader.Close(), d.writer.Close()); err != nil {
		return fmt.Errorf("close database %s: %w", d.file, explain(err))
	}
	return nil
}
