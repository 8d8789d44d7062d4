package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// batch is how many names are written in one transaction: a few hundredths of a
// second, in which nobody else can write.
const batch = 2000

// ImportNames implements store.Names.
func (d *DB) ImportNames(ctx context.Context, s news.NameSource, next func() (news.Name, error), date func() time.Time) (news.NameSource, error) {
	in := &nameImport{d: d, source: s, seen: map[uint64]struct{}{}, seed: maphash.MakeSeed()}
	err := in.run(ctx, next, date)
	if err == nil {
		return in.source, nil
	}
	if in.id != 0 {
		// Where this fails too, what is left is out of force, and the next
		// import removes it.
		_ = d.dropNames(context.WithoutCancel(ctx), in.id)
	}
	if in.given {
		return news.NameSource{}, err
	}
	return news.NameSource{}, d.wrote("import the names of "+s.Name, err)
}

// wrote wraps an error of writing.
func (d *DB) wrote(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s in database %s: %w", doing, d.file, explain(err))
}

// nameImport is an import on its way.
type nameImport struct {
	d      *DB
	source news.NameSource
	id     int64 // of the source's row
	was    int64 // of the row in force when it began; 0: none
	row    int64
	seen   map[uint64]struct{} // hashes of the IDs
	seed   maphash.Seed
	given  bool // the error is next's
}

func (in *nameImport) run(ctx context.Context, next func() (news.Name, error), date func() time.Time) error {
	if err := in.begin(ctx); err != nil {
		return err
	}
	rows := make([]news.Name, 0, batch)
	for {
		n, err := next()
		if err != nil && err != io.EOF {
			in.given = true
			return err
		}
		if err == nil && in.first(n.ID) {
			rows = append(rows, n)
		}
		if len(rows) == batch || err == io.EOF && len(rows) > 0 {
			if err := in.write(ctx, rows); err != nil {
				return err
			}
			rows = rows[:0]
		}
		if err == io.EOF {
			break
		}
	}
	in.source.Date = date()
	if err := in.put(ctx); err != nil {
		return err
	}
	in.id = 0 // it is in force, whatever comes of removing the earlier one
	if in.was != 0 {
		return in.d.dropNames(ctx, in.was)
	}
	return nil
}

// first reports whether an ID wasn't there before.
func (in *nameImport) first(id string) bool {
	before := len(in.seen)
	in.seen[maphash.String(in.seed, id)] = struct{}{}
	return len(in.seen) > before
}

// begin makes a row that is out of force, and removes what imports of the
// source that came to no end have left.
func (in *nameImport) begin(ctx context.Context) error {
	var left []int64
	err := in.d.brief(ctx, func(t *sql.Conn) (err error) {
		if left, err = ints(t, `SELECT id FROM name_sources WHERE name = ? AND NOT live`, in.source.Name); err != nil {
			return err
		}
		var was []int64
		if was, err = ints(t, `SELECT id FROM name_sources WHERE name = ? AND live`, in.source.Name); err != nil {
			return err
		}
		if len(was) > 0 {
			in.was = was[0]
		}
		r, err := t.ExecContext(inside, `INSERT INTO name_sources (name, file, dated, imported) VALUES (?, ?, '', ?)`,
			in.source.Name, in.source.File, stamp(in.source.Imported))
		if err != nil {
			return err
		}
		in.id, err = r.LastInsertId()
		return err
	})
	for _, id := range left {
		if err == nil {
			err = in.d.dropNames(ctx, id)
		}
	}
	return err
}

func ints(t querier, query string, args ...any) ([]int64, error) {
	rows, err := t.QueryContext(inside, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []int64
	for rows.Next() {
		var i int64
		if err := rows.Scan(&i); err != nil {
			return nil, err
		}
		all = append(all, i)
	}
	return all, rows.Err()
}

func (in *nameImport) write(ctx context.Context, rows []news.Name) error {
	return in.d.brief(ctx, func(t *sql.Conn) error {
		if mine, err := ints(t, `SELECT id FROM name_sources WHERE id = ?`, in.id); err != nil || len(mine) == 0 {
			return cmp.Or(err, in.met())
		}
		insert, err := t.PrepareContext(inside, `INSERT INTO names (source, row, id, kind, countries, spellings, respelled) VALUES (?, ?, ?, ?, ?, ?, ?)`)
		if err != nil {
			return err
		}
		defer insert.Close()
		for _, n := range rows {
			in.row++
			if _, err := insert.Exec(in.id, in.row, n.ID, n.Kind, list(n.Countries).column(), list(n.Spellings).column(), list(n.Respelled).column()); err != nil {
				return err
			}
			in.source.Names++
			in.source.Spellings += len(n.Spellings) + len(n.Respelled)
		}
		return nil
	})
}

// put puts the new list in force, in place of the earlier one.
func (in *nameImport) put(ctx context.Context) error {
	return in.d.write(ctx, func(t *sql.Conn) error {
		var there int64
		if err := t.QueryRowContext(inside, `SELECT count(*) FROM names WHERE source = ?`, in.id).Scan(&there); err != nil {
			return err
		}
		now, err := ints(t, `SELECT id FROM name_sources WHERE name = ? AND live`, in.source.Name)
		if err != nil {
			return err
		}
		if there != in.row || len(now) > 0 && now[0] != in.was {
			return in.met()
		}
		if _, err := t.ExecContext(inside, `UPDATE name_sources SET live = 0 WHERE name = ?`, in.source.Name); err != nil {
			return err
		}
		_, err = t.ExecContext(inside, `UPDATE name_sources SET live = 1, dated = ?, names = ?, spellings = ? WHERE id = ?`,
			stamp(in.source.Date), in.source.Names, in.source.Spellings, in.id)
		return err
	})
}

// met is the error of an import that another one of its source came in between.
func (in *nameImport) met() error {
	return fmt.Errorf("%w: another import of %s was made at the same time; import again", store.ErrExists, in.source.Name)
}

// dropNames removes a source's row that is out of force, and its names, in
// steps.
func (d *DB) dropNames(ctx context.Context, id int64) error {
	for {
		var n int64
		err := d.brief(ctx, func(t *sql.Conn) error {
			r, err := t.ExecContext(inside, `DELETE FROM names WHERE source = ? AND row IN (SELECT row FROM names WHERE source = ? LIMIT ?)`, id, id, 5*batch)
			if err != nil {
				return err
			}
			if n, err = r.RowsAffected(); err != nil || n > 0 {
				return err
			}
			_, err = t.ExecContext(inside, `DELETE FROM name_sources WHERE id = ?`, id)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// brief runs fn in a write transaction whose commit doesn't wait for the disk.
func (d *DB) brief(ctx context.Context, fn func(*sql.Conn) error) error {
	return d.take(ctx, false, fn)
}

// RemoveNames implements store.Names.
func (d *DB) RemoveNames(ctx context.Context, source string) (int, error) {
	var id int64
	var names int
	err := d.write(ctx, func(t *sql.Conn) error {
		err := t.QueryRowContext(inside, `SELECT id, names FROM name_sources WHERE name = ? AND live`, source).Scan(&id, &names)
		if errors.Is(err, sql.ErrNoRows) {
			return store.ErrNotFound
		}
		if err != nil {
			return err
		}
		_, err = t.ExecContext(inside, `UPDATE name_sources SET live = 0 WHERE id = ?`, id)
		return err
	})
	if err == nil {
		err = d.dropNames(ctx, id)
	}
	return names, d.wrote("remove the names of "+source, err)
}

// NameSources implements store.Names.
func (d *DB) NameSources(ctx context.Context) ([]news.NameSource, error) {
	out, err := collect(ctx, d.reader, `SELECT name, file, dated, imported, names, spellings FROM name_sources WHERE live ORDER BY name`, nil,
		func(r *sql.Rows) (s news.NameSource, err error) {
			return s, r.Scan(&s.Name, &s.File, when{&s.Date}, when{&s.Imported}, &s.Names, &s.Spellings)
		})
	return out, d.read("list the sources of names", err)
}

// EachName implements store.Names.
func (d *DB) EachName(ctx context.Context, f store.NameFilter, do func(news.Name) error) error {
	left := f.Limit
	end, args := nameFilter(f).end(`s.name, n.row`, 0)
	rows, err := d.reader.QueryContext(ctx, `SELECT s.name, n.id, n.kind, n.countries, n.spellings, n.respelled
		FROM name_sources s JOIN names n ON n.source = s.id`+end, args...)
	if err != nil {
		return d.read("list names", err)
	}
	defer rows.Close()
	for rows.Next() {
		var n news.Name
		var countries, spellings, respelled sql.RawBytes
		if err := rows.Scan(&n.SourceName, &n.ID, &n.Kind, &countries, &spellings, &respelled); err != nil {
			return d.read("list names", err)
		}
		for _, l := range []struct {
			column sql.RawBytes
			to     *[]string
		}{{countries, &n.Countries}, {spellings, &n.Spellings}, {respelled, &n.Respelled}} {
			if err := (jsonInto{l.to}).Scan(string(l.column)); err != nil {
				return d.read("list names", err)
			}
		}
		if !f.Passes(n) {
			continue
		}
		if err := do(n); err != nil {
			return err
		}
		if left--; left == 0 {
			return nil
		}
	}
	return d.read("list names", rows.Err())
}

func nameFilter(f store.NameFilter) conditions {
	c := conditions{all: []string{`s.live`}}
	c.among(`s.name`, list(f.Sources).column())
	c.among(`n.kind`, list(f.Kinds).column())
	if len(f.Countries) > 0 {
		c.add(`EXISTS (SELECT 1 FROM json_each(n.countries) c WHERE c.value IN (SELECT value FROM json_each(?)))`, list(f.Countries).column())
	}
	if f.ID != "" {
		c.add(`n.id = ?`, f.ID)
	}
	return c
}
