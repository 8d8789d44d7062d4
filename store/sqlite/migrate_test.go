package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"driftwatch/news"
	"driftwatch/store"
)

// later are our forms and one more, made by some statements.
func later(statements string) func() (forms, error) {
	return func() (forms, error) {
		f, err := ours()
		if err != nil {
			return f, err
		}
		dir := fstest.MapFS{"90000_later.sql": {Data: []byte("-- +goose Up\n" + statements)}}
		err = fs.WalkDir(f.FS, ".", func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := fs.ReadFile(f.FS, name)
			dir[name] = &fstest.MapFile{Data: b}
			return err
		})
		if err != nil {
			return f, err
		}
		return formsIn(dir)
	}
}

// withValue makes a database that holds something.
func withValue(t *testing.T, file string) {
	t.Helper()
	db, err := Open(t.Context(), file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(tx store.Tx) error { return tx.SetMeta("kept", "yes") })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// holdsValue fails the test where a database of an older form doesn't hold it.
func holdsValue(t *testing.T, file string) {
	t.Helper()
	db, err := Open(t.Context(), file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := db.Meta(t.Context(), "kept")
	if err := errors.Join(err, db.Close()); err != nil || v != "yes" {
		t.Errorf("%s holds %q, %v", file, v, err)
	}
}

// newestForm is the form that this program writes.
func newestForm(t *testing.T) int64 {
	t.Helper()
	f, err := ours()
	if err != nil {
		t.Fatal(err)
	}
	return f.newest
}

// beforeNames are our forms up to the one without names.
func beforeNames() (forms, error) { return upTo("00004") }

// upTo are our forms before a migration.
func upTo(migration string) (forms, error) {
	f, err := ours()
	if err != nil {
		return f, err
	}
	dir := fstest.MapFS{}
	err = fs.WalkDir(f.FS, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || name >= migration {
			return err
		}
		b, err := fs.ReadFile(f.FS, name)
		dir[name] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		return f, err
	}
	return formsIn(dir)
}

// TestFormOfNames: a database without names gets room for them, and what it was
// stays beside it.
func TestFormOfNames(t *testing.T) {
	file := filepath.Join(t.TempDir(), "watch.db")
	old, err := open(t.Context(), file, Options{}, beforeNames)
	if err != nil {
		t.Fatal(err)
	}
	was := old.schema.Version
	err = old.Update(t.Context(), func(tx store.Tx) error { return tx.SetMeta("kept", "yes") })
	if err := errors.Join(err, old.Close()); err != nil {
		t.Fatal(err)
	}
	db, err := Open(t.Context(), file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	copied := fmt.Sprintf("%s.form%d", file, was)
	if s, err := db.Schema(t.Context()); err != nil || s.From != was || s.Version != newestForm(t) || s.Backup != copied {
		t.Errorf("the form is %+v, %v", s, err)
	}
	if v, err := db.Meta(t.Context(), "kept"); err != nil || v != "yes" {
		t.Errorf("it holds %q, %v", v, err)
	}
	if all, err := db.NameSources(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("it has names of %v, %v", all, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if old, err = open(t.Context(), copied, Options{}, beforeNames); err != nil {
		t.Fatalf("the copy: %v", err)
	}
	if v, err := old.Meta(t.Context(), "kept"); err != nil || v != "yes" {
		t.Errorf("the copy holds %q, %v", v, err)
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestFormOfStories: what was stored before articles had relations keeps its
// stories, and its texts are found by their prints.
func TestFormOfStories(t *testing.T) {
	file := filepath.Join(t.TempDir(), "watch.db")
	old, err := open(t.Context(), file, Options{}, func() (forms, error) { return upTo("00005") })
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO stories (id, title, created) VALUES (1, 'One', ''), (2, 'Two', '')`,
		`INSERT INTO articles SELECT value, 1 + (value = 3), 's', 'u' || value, '', 't', 'ru', '[]', '', '2026-03-14T00:00:00.000Z', '',
		 '2026-03-14T01:00:00.000Z', 1, 0, '' FROM json_each('[1, 2, 3]')`,
		`INSERT INTO revisions SELECT value, value, 1, '2026-03-14T01:00:00.000Z', 0, iif(value = 3, NULL, CAST('print' || value AS BLOB)), 't', 'x' FROM json_each('[1, 2, 3]')`,
		`INSERT INTO story_keys VALUES (7, 1), (7, 2)`,
	} {
		if _, err := old.writer.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := Open(t.Context(), file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all, err := db.ArticlesOf(t.Context(), 1)
	if err != nil || len(all) != 2 || all[0].Join.Relation != "first" || all[1].Join.Relation != "same-text" || all[1].Join.To != 1 {
		t.Errorf("%+v, %v", all, err)
	}
	err = db.Update(t.Context(), func(tx store.Tx) error {
		c, err := tx.TextCandidates([]uint64{7}, all[0].Published, all[0].Published)
		if len(c) != 2 || string(c[1].Sketch) != "print2" || c[1].Story != 1 {
			t.Errorf("%+v", c)
		}
		return err
	})
	found, checkErr := db.Check(t.Context())
	if err := errors.Join(err, checkErr); err != nil || len(found) > 0 {
		t.Errorf("%v, %v", found, err)
	}
}

// TestFormOfWords: what was made findable before the words were kept is found by the
// beginnings of its words.
func TestFormOfWords(t *testing.T) {
	file := filepath.Join(t.TempDir(), "watch.db")
	old, err := open(t.Context(), file, Options{}, func() (forms, error) { return upTo("00022") })
	if err != nil {
		t.Fatal(err)
	}
	_, err = old.writer.ExecContext(t.Context(), `INSERT INTO found (rowid, title, body, about) VALUES (7, 'dronet', 'it''s reb-2', 'l:en o:one m:2026-03')`)
	if err := errors.Join(err, old.Close()); err != nil {
		t.Fatal(err)
	}
	db, err := Open(t.Context(), file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	words, err := db.wordsThatBegin(t.Context(), []string{"dro", "i", "r", "s", "l", "x"})
	if got := fmt.Sprint(words); err != nil || got != "map[dro:[dronet] i:[it] l:[] r:[reb-2] s:[s] x:[]]" {
		t.Errorf("words: %s, %v", got, err)
	}
	ids, err := db.seek(t.Context(), askFor(news.SearchFilter{Words: "dron*"}))
	if err != nil || !ids.has(7) {
		t.Errorf("found %v, %v", ids, err)
	}
}

// TestPutWords: keys are taken apart as the index takes apart what it is given.
func TestPutWords(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "watch.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	keys := []string{"dron", "it's", "a.b:c_d-e", "наш", "№5", "dron", "x&y\u00a0z"}
	err = db.write(t.Context(), func(c *sql.Conn) error {
		if err := putWords(c, keys); err != nil {
			return err
		}
		_, err := c.ExecContext(t.Context(), `INSERT INTO found (rowid, title, body, about) VALUES (1, ?, '', '')`, strings.Join(keys, " "))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	const differ = `SELECT group_concat(word) FROM (SELECT word FROM words EXCEPT SELECT term FROM temp.there UNION ALL SELECT term FROM (SELECT term FROM temp.there EXCEPT SELECT word FROM words))`
	var odd sql.NullString
	_, err = db.writer.ExecContext(t.Context(), `CREATE VIRTUAL TABLE temp.there USING fts5vocab (main, 'found', 'row')`)
	if err == nil {
		err = db.writer.QueryRowContext(t.Context(), differ).Scan(&odd)
	}
	if err != nil || odd.Valid {
		t.Errorf("words that only one of both has: %q, %v", odd.String, err)
	}
}

func TestNewForm(t *testing.T) {
	file := filepath.Join(t.TempDir(), "watch.db")
	withValue(t, file)
	db, err := open(t.Context(), file, Options{}, later("CREATE TABLE later (x TEXT);"))
	if err != nil {
		t.Fatal(err)
	}
	last := newestForm(t)
	s, err := db.Schema(t.Context())
	if err != nil || s.Version != 90000 || s.Newest != 90000 || s.From != last || s.Backup != fmt.Sprintf("%s.form%d", file, last) {
		t.Errorf("the form is %+v, %v", s, err)
	}
	if v, err := db.Meta(t.Context(), "kept"); err != nil || v != "yes" {
		t.Errorf("it holds %q, %v", v, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	holdsValue(t, s.Backup)
	if i, err := os.Stat(s.Backup); err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("the copy has %v, %v", i.Mode(), err)
	}

	// The program that knows only the older form refuses, and changes nothing.
	_, err = Open(t.Context(), file, Options{})
	if !errors.Is(err, store.ErrTooNew) || !strings.Contains(err.Error(), fmt.Sprintf("has form 90000, this program knows forms up to %d;", last)) {
		t.Errorf("error %v", err)
	}
}

// TestNewFormThatFails: the database stays as it was, and the copy is there.
func TestNewFormThatFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "watch.db")
	withValue(t, file)
	last := newestForm(t)
	for range 2 { // the second time the copy is there already
		_, err := open(context.Background(), file, Options{}, later("CREATE TABLE later (x TEXT); CREATE TABLE meta (x TEXT);"))
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("bring it from form %d to 90000", last)) {
			t.Fatalf("error %v", err)
		}
	}
	holdsValue(t, file)
	holdsValue(t, fmt.Sprintf("%s.form%d", file, last))
	s, err := Status(t.Context(), file)
	if err != nil || s.Version != last {
		t.Errorf("its status is %+v, %v", s, err)
	}
}
