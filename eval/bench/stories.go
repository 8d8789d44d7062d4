package main

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"driftwatch/eval/section"
	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/store/sqlite"
	"driftwatch/story"
	"driftwatch/text"
	"driftwatch/watch"
)

// How the story of an article is found is measured with so many articles stored,
// spread evenly over the window of texts, the last one now. They are made up of
// everyday words and of names, some of which very many share. A few thousand are
// drawn; the others are those again, with half of their keys replaced, so that a
// million are made in minutes.
const (
	drawnSketches = 5000
	pooledNames   = 30000
	assigned      = 400
)

// benchNow is the time at which the last stored article was seen.
var benchNow = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// storyTimes is what is measured in one database.
type storyTimes struct {
	Open   float64   // ms
	Memory float64   // greatest resident set, in MB of 10^6 bytes
	Assign []float64 // ms an article, ascending
	File   []float64 // ms an article, with writing it, ascending
	Joined int
}

// stories measures with each of some numbers of stored articles, each in a
// process of its own.
// Where keep names a folder, the databases stay there.
func stories(ctx context.Context, numbers, keep string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	dir := keep
	if dir == "" {
		if dir, err = os.MkdirTemp("", "driftwatch-stories-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	rows := [][]string{{"articles stored", "open, ms", "find a story, ms: median", "95 %", "most", "with writing it: median", "memory, MB", "file, MB", "joined"}}
	for _, s := range strings.Split(numbers, ",") {
		n, err := strconv.Atoi(s)
		if err != nil {
			return fmt.Errorf("-stories %q: %w", s, err)
		}
		file := filepath.Join(dir, s+".db")
		if err := fill(ctx, file, n); err != nil {
			return fmt.Errorf("store %d articles: %w", n, err)
		}
		c := exec.CommandContext(ctx, self, "-database", file)
		var out strings.Builder
		c.Stdout = &out
		if _, err := measured(c); err != nil {
			return err
		}
		var t storyTimes
		if err := json.Unmarshal([]byte(out.String()), &t); err != nil {
			return err
		}
		info, err := os.Stat(file)
		if err != nil {
			return err
		}
		at := func(list []float64, part float64) string {
			return fmt.Sprintf("%.2f", list[int(part*float64(len(list)-1))])
		}
		rows = append(rows, []string{s, fmt.Sprintf("%.0f", t.Open), at(t.Assign, .5), at(t.Assign, .95), at(t.Assign, 1), at(t.File, .5),
			fmt.Sprintf("%.0f", t.Memory), fmt.Sprintf("%.0f", float64(info.Size())/1e6), strconv.Itoa(t.Joined)})
		if keep == "" {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
	}
	section.Table(os.Stdout, rows...)
	return nil
}

// assign finds the stories of new articles in a database, and prints the times.
func assign(ctx context.Context, file string) error {
	var t storyTimes
	begun := time.Now()
	db, err := sqlite.Open(ctx, file, sqlite.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.Meta(ctx, "opened"); err != nil {
		return err
	}
	t.Open = ms(begun)
	author := newAuthor()
	for i := range assigned {
		a, sketch := author.article(1_000_000_000 + i)
		err := db.Update(ctx, func(tx store.Tx) error {
			begun := time.Now()
			j, err := story.Assign(watch.Shelf(tx, benchNow), sketch, a.When())
			if err != nil {
				return err
			}
			t.Assign = append(t.Assign, ms(begun))
			if j.To == story.None {
				_, err = tx.NewStory(a, watch.Print(sketch))
			} else {
				t.Joined++
				_, err = tx.AddToStory(j.Story, a, watch.Print(sketch))
			}
			t.File = append(t.File, ms(begun))
			return err
		})
		if err != nil {
			return err
		}
	}
	slices.Sort(t.Assign)
	slices.Sort(t.File)
	if t.Memory, err = resident(); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(t)
}

// resident is the greatest resident set of this process since it began, in MB.
// What the kernel tells its parent counts in what the parent had when it forked.
func resident() (float64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(after)
	if len(fields) == 0 {
		return 0, errors.New("/proc/self/status has no VmHWM")
	}
	kb, err := strconv.ParseFloat(fields[0], 64)
	return kb * 1024 / 1e6, err
}

func ms(since time.Time) float64 { return float64(time.Since(since).Microseconds()) / 1000 }

// author writes made-up articles.
type author struct {
	names []string
	zipf  *rand.Zipf
}

func newAuthor() *author {
	w := newWriter(1, 1)
	a := &author{zipf: rand.NewZipf(rand.New(rand.NewPCG(7, 8)), 1.1, 20, pooledNames-1)}
	for range pooledNames {
		a.names = append(a.names, w.name())
	}
	return a
}

// article is the n-th one, and its sketch.
func (au *author) article(n int) (news.Article, *story.Sketch) {
	w := newWriter(n, 0)
	var sentences []string
	for range 8 {
		words := strings.Fields(w.run(14))
		for range 3 {
			words[w.rand.IntN(len(words))] = au.names[au.zipf.Uint64()]
		}
		sentences = append(sentences, capital(strings.Join(words, " "))+".")
	}
	a := news.Article{
		Source: "made-up", URL: fmt.Sprintf("https://made-up.example/%d", n), Title: w.title(), Text: strings.Join(sentences, " "),
		Published: benchNow, Seen: benchNow,
	}
	r := text.Read(a.Title, a.Text, "")
	a.Lang = r.Lang
	return a, story.Draw(r, nil, benchNow)
}

// storedPrint is what is written again and again.
type storedPrint struct {
	article news.Article
	print   store.Print
}

// key is a row of an index of keys.
type key struct {
	key      int64
	revision int64
	weight   uint8
}

// fill makes a database with n articles, all at once and in the order of the
// keys, as fast as SQLite takes them.
func fill(ctx context.Context, file string, n int) error {
	db, err := sqlite.Open(ctx, file, sqlite.Options{})
	if err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	raw, err := sql.Open("sqlite3", "file:"+file+"?_synchronous=OFF&_journal_mode=OFF")
	if err != nil {
		return err
	}
	defer raw.Close()
	raw.SetMaxOpenConns(1)
	if _, err := raw.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	author := newAuthor()
	base := make([]storedPrint, min(n, drawnSketches))
	for i := range base {
		a, s := author.article(i)
		base[i] = storedPrint{a, watch.Print(s)}
	}
	f := filling{ctx: ctx, db: raw, base: base, n: n}
	f.articles()
	f.keys()
	if f.err == nil {
		_, f.err = raw.ExecContext(ctx, "COMMIT")
	}
	return f.err
}

// filling is a database that is being filled; err is the first error.
type filling struct {
	ctx  context.Context
	db   *sql.DB
	base []storedPrint
	n    int
	err  error
}

// at is when the i-th article was published.
func (f *filling) at(i int) time.Time {
	return benchNow.Add(-time.Duration(float64(story.TextWindow) * float64(f.n-1-i) / float64(f.n)))
}

// insert writes rows with as few statements as there can be.
func (f *filling) insert(into string, columns int, rows int, row func(i int, args []any) []any) {
	const most = 30000 // parameters
	group := most / columns
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", columns), ",") + ")"
	for from := 0; from < rows && f.err == nil; from += group {
		to := min(from+group, rows)
		args := make([]any, 0, most)
		for i := from; i < to; i++ {
			args = row(i, args)
		}
		_, f.err = f.db.ExecContext(f.ctx, "INSERT INTO "+into+" VALUES "+strings.TrimSuffix(strings.Repeat(one+",", to-from), ","), args...)
	}
}

func (f *filling) articles() {
	const layout = "2006-01-02T15:04:05.000Z"
	f.insert("stories (id, title, created)", 3, f.n, func(i int, args []any) []any {
		return append(args, i+1, f.base[i%len(f.base)].article.Title, f.at(i).Format(layout))
	})
	f.insert("articles (id, story, source, url, link, title, lang, authors, site, published, modified, seen, revision, hash, origin)", 15, f.n, func(i int, args []any) []any {
		a := f.base[i%len(f.base)].article
		at := f.at(i).Format(layout)
		return append(args, i+1, i+1, a.Source, fmt.Sprintf("https://stored.example/2026/03/%d", i), "", a.Title, a.Lang, "[]", "", at, "", at, 1, i, "page")
	})
	f.insert("revisions (id, article, revision, seen, hash, title, text)", 7, f.n, func(i int, args []any) []any {
		a := f.base[i%len(f.base)].article
		return append(args, i+1, i+1, 1, f.at(i).Format(layout), i, a.Title, a.Text[:min(300, len(a.Text))])
	})
	f.insert("sketches (revision, article, at, sketch)", 4, f.n, func(i int, args []any) []any {
		return append(args, i+1, i+1, f.at(i).Format(layout), f.base[i%len(f.base)].print.Bytes)
	})
}

// keys writes the indexes. Of what repeats a drawn article, every other key is
// another one: but for those of the drawn articles themselves, names and words
// that many share stay as common as they are, and those that few share as rare.
func (f *filling) keys() {
	var texts, events []key
	for i := range f.n {
		p := f.base[i%len(f.base)].print
		round := uint64(i / len(f.base))
		for j, k := range p.Keys {
			if round > 0 && j%2 == 0 {
				k ^= round * 0x9e3779b97f4a7c15 >> 16
			}
			texts = append(texts, key{int64(k), int64(i + 1), 0})
		}
		if benchNow.Sub(f.at(i)) > 2*story.EventWindow {
			continue
		}
		for j, k := range p.Events {
			if round > 0 && j%2 == 0 {
				k.Key ^= uint32(round * 0x9e3779b97f4a7c15 >> 32)
			}
			events = append(events, key{int64(k.Key), int64(i + 1), k.Weight})
		}
	}
	for _, list := range [][]key{texts, events} {
		slices.SortFunc(list, func(a, b key) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.revision, b.revision)) })
	}
	texts = slices.Compact(texts)
	f.insert("story_keys (key, revision)", 2, len(texts), func(i int, args []any) []any {
		return append(args, texts[i].key, texts[i].revision)
	})
	events = slices.CompactFunc(events, func(a, b key) bool { return a.key == b.key && a.revision == b.revision })
	f.insert("event_keys (key, revision, weight)", 3, len(events), func(i int, args []any) []any {
		return append(args, events[i].key, events[i].revision, int64(events[i].weight))
	})
}
