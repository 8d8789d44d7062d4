package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/store/sqlite"
)

// open opens a database that the test closes.
func open(t testing.TB, file string, o sqlite.Options) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), file, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// raw changes a database behind the back of the store.
func raw(t *testing.T, file, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite3", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(statements); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// one keeps an article with a hit and a delivery.
func one(t testing.TB, db *sqlite.DB) {
	t.Helper()
	err := db.Update(t.Context(), func(tx store.Tx) error {
		a, err := tx.NewStory(news.Article{URL: "https://a.example/1", Title: "t", Text: "x", Seen: time.Unix(1e9, 0)}, store.Print{Keys: []uint64{1}})
		if err != nil {
			return err
		}
		if _, err := tx.PutHits(a.ID, 1, []news.Hit{{Signal: "s", Level: 1, Found: time.Unix(1e9, 0)}}); err != nil {
			return err
		}
		_, _, err = tx.PutDelivery(news.Delivery{Story: a.Story, Channel: "c", Key: "k", Version: 1})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOnlyTheOwnerCanRead(t *testing.T) {
	old := syscall.Umask(0)
	defer syscall.Umask(old)
	dir := filepath.Join(t.TempDir(), "new", "folder")
	file := filepath.Join(dir, "watch.db")
	db := open(t, file, sqlite.Options{})
	one(t, db)
	for name, want := range map[string]os.FileMode{dir: 0o700, file: 0o600, file + "-wal": 0o600, file + "-shm": 0o600} {
		i, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if i.Mode().Perm() != want {
			t.Errorf("%s has %v, want %v", name, i.Mode().Perm(), want)
		}
	}
	loose := filepath.Join(dir, "loose.db")
	if err := os.WriteFile(loose, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	open(t, loose, sqlite.Options{})
	if i, err := os.Stat(loose); err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("a file that others could read has %v, %v", i.Mode(), err)
	}
}

func TestNamesOfFiles(t *testing.T) {
	for _, name := range []string{"a b.db", "what?mode=memory", "100%.db", "#1", "дрейф.db", "x&y=z;.db"} {
		file := filepath.Join(t.TempDir(), name, name)
		one(t, open(t, file, sqlite.Options{}))
		if i, err := os.Stat(file); err != nil || i.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsNoDatabase(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	foreign := filepath.Join(dir, "foreign.db")
	raw(t, foreign, "CREATE TABLE bookmarks (url TEXT)")
	before, err := os.ReadFile(foreign)
	if err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(dir, "newer.db")
	written(t, newer)
	raw(t, newer, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)")
	damaged := filepath.Join(dir, "damaged.db")
	written(t, damaged)
	garble(t, damaged, 0, 200)

	for _, c := range []struct {
		name, file string
		kind       error
		says       string
	}{
		{"a folder", dir, nil, "it is a folder; name a file in it"},
		{"a text", write("text.db", strings.Repeat("no database at all\n", 100)), store.ErrCorrupt, "copy a backup in its place"},
		{"a damaged database", damaged, store.ErrCorrupt, "copy a backup in its place"},
		{"another program's", foreign, store.ErrCorrupt, "of some other program; name another file"},
		{"a newer form", newer, store.ErrTooNew, "it has form 999, this program knows forms up to"},
		{"a device", "/dev/null", nil, "it is no regular file"},
		{"a file in a file", filepath.Join(newer, "x.db"), nil, "not a directory"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, err := sqlite.Open(t.Context(), c.file, sqlite.Options{})
			if err == nil {
				db.Close()
				t.Fatal("opened")
			}
			if c.kind != nil && !errors.Is(err, c.kind) {
				t.Errorf("error %v, want %v", err, c.kind)
			}
			if !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), c.file) {
				t.Errorf("it says %q", err)
			}
			if c.kind != nil {
				if _, err := sqlite.Status(t.Context(), c.file); !errors.Is(err, c.kind) {
					t.Errorf("its status is %v", err)
				}
			}
		})
	}
	if after, err := os.ReadFile(foreign); err != nil || string(after) != string(before) {
		t.Errorf("another program's file was changed, %v", err)
	}
}

// written makes a database with something in it.
func written(t *testing.T, file string) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	one(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// garble overwrites bytes of a file.
func garble(t *testing.T, file string, from int64, n int) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt([]byte(strings.Repeat("?", n)), from)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestStatus(t *testing.T) {
	file := filepath.Join(t.TempDir(), "watch.db")
	s, err := sqlite.Status(t.Context(), file)
	if err != nil || s.Version != 0 || s.Newest < 1 {
		t.Errorf("of no file: %+v, %v", s, err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Error("a look at it made the file")
	}
	written(t, file)
	s, err = sqlite.Status(t.Context(), file)
	if err != nil || s.Version != s.Newest || s.From != s.Newest {
		t.Errorf("of a new one: %+v, %v", s, err)
	}
}

// TestManyOpenAtOnce: only one of them may make the tables.
func TestManyOpenAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "watch.db")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			db, err := sqlite.Open(t.Context(), file, sqlite.Options{})
			if err != nil {
				t.Error(err)
				return
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestBusy(t *testing.T) {
	file := filepath.Join(t.TempDir(), "watch.db")
	db := open(t, file, sqlite.Options{})
	other := open(t, file, sqlite.Options{BusyTimeout: time.Millisecond})
	err := db.Update(t.Context(), func(tx store.Tx) error {
		if err := other.Judge(t.Context(), news.Verdict{Hit: 1}); !errors.Is(err, store.ErrBusy) {
			t.Errorf("error %v", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestBusyEndsWithItsContext: the wait for another process does too.
func TestBusyEndsWithItsContext(t *testing.T) {
	file := filepath.Join(t.TempDir(), "watch.db")
	db := open(t, file, sqlite.Options{})
	other := open(t, file, sqlite.Options{BusyTimeout: time.Hour})
	err := db.Update(t.Context(), func(tx store.Tx) error {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := other.Judge(ctx, news.Verdict{Hit: 1}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestCheckFinds(t *testing.T) {
	for _, c := range []struct{ name, harm, says string }{
		{"a delivery of no story", "PRAGMA foreign_keys = OFF; UPDATE deliveries SET story = 99", "a row of deliveries names a row of stories that is not there"},
		{"a story of no article", "INSERT INTO stories (title, created) VALUES ('', '')", "story 2 has no article"},
		{"a text that is gone", "PRAGMA foreign_keys = OFF; DELETE FROM revisions", "article 1 has no text of its revision 1"},
		{"a hit of no article", "PRAGMA foreign_keys = OFF; UPDATE hits SET article = 9", "hit 1 has no article or story"},
		{"another text", "UPDATE articles SET hash = 1", "article 1 differs from its latest revision"},
		{"an endless lease", "UPDATE deliveries SET state = 'leased'", "delivery 1 is leased without an end"},
		{"sent at no time", "UPDATE deliveries SET state = 'sent'", "delivery 1 is sent at no time"},
		{"a delivery about nothing", "DELETE FROM hits", "delivery 1 is about story 1, which has no hit"},
		{"withdrawn too early", "UPDATE hits SET withdrawn = -1", "hit 1 is withdrawn by revision -1"},
		{"a key of nothing", "INSERT INTO story_keys VALUES (5, 77)", "the index of stories names a text that is not stored"},
		{"a late key of nothing", "INSERT INTO late_keys VALUES (77, zeroblob(8))", "the index of stories names a text that is not stored"},
		{"a revision too many", "UPDATE articles SET revision = 0", "revision 1 of article 1 is not among 1 to 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "watch.db")
			written(t, file)
			raw(t, file, c.harm)
			found, err := open(t, file, sqlite.Options{}).Check(t.Context())
			if err != nil || !strings.Contains(strings.Join(found, "\n"), c.says) {
				t.Errorf("found %q, %v", found, err)
			}
		})
	}
}

func TestCheckFindsDamage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "watch.db")
	written(t, file)
	garble(t, file, 3*4096, 20*4096)
	found, err := open(t, file, sqlite.Options{}).Check(t.Context())
	if err != nil || len(found) == 0 {
		t.Errorf("found %q, %v", found, err)
	}
}

func TestFormOfTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "watch.db")
	written(t, file)
	db, err := sql.Open("sqlite3", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for pragma, want := range map[string]string{"auto_vacuum": "2", "journal_mode": "wal", "application_id": "1148348020"} {
		var got string
		if err := db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, %v; want %s", pragma, got, err, want)
		}
	}
	var fts int
	if err := db.QueryRow("SELECT sqlite_compileoption_used('ENABLE_FTS5')").Scan(&fts); err != nil || fts != 1 {
		t.Errorf("built without FTS5, %v", err)
	}
}

// TestUnwritable runs in a process without the rights of root.
func TestUnwritable(t *testing.T) {
	if os.Getenv("SQLITE_TEST_FILE") == "" {
		dir := t.TempDir()
		file := filepath.Join(dir, "watch.db")
		written(t, file)
		for _, c := range []struct {
			name, file string
			mode, dir  os.FileMode
		}{{"file", file, 0o400, 0o700}, {"folder", filepath.Join(dir, "new.db"), 0o600, 0o500}} {
			if err := errors.Join(os.Chmod(file, c.mode), os.Chmod(dir, c.dir)); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestUnwritable$")
			cmd.Env = append(os.Environ(), "SQLITE_TEST_FILE="+c.file)
			if os.Getuid() == 0 {
				cmd.Env = append(cmd.Env, "SQLITE_TEST_OWNER=65534")
				chown(t, dir, file, filepath.Dir(dir))
			}
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", c.name, err, out)
			}
		}
		return
	}
	if os.Getenv("SQLITE_TEST_OWNER") != "" {
		if err := syscall.Setuid(65534); err != nil {
			t.Fatal(err)
		}
	}
	db, err := sqlite.Open(t.Context(), os.Getenv("SQLITE_TEST_FILE"), sqlite.Options{})
	if err == nil {
		db.Close()
	}
	if !errors.Is(err, store.ErrReadOnly) {
		t.Fatalf("error %v", err)
	}
}

func chown(t *testing.T, names ...string) {
	t.Helper()
	for _, n := range names {
		if err := os.Chown(n, 65534, 65534); err != nil {
			t.Fatal(err)
		}
	}
}
