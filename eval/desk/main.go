// Command desk measures the review desk over a large database: it fills one with
// made-up articles in seven languages, whose words are drawn by Zipf's law, with
// the hits that the rules find in some of them, verdicts, deliveries and a history
// of cycles and of what was done. Then `driftwatch serve` serves it, as a process
// of its own, while its cycles file what made-up feeds have new all the time, and a
// signed-in user asks for each page in turns.
//
// For each page it prints the median and the 99th percentile of the times, as who
// asks sees them, and the bytes that went over the wire, packed.
//
// It is run from the module that it is in:
//
//	cd eval && go run -tags sqlite_fts5 ./desk
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"driftwatch/configs"
	"driftwatch/eval/section"
	"driftwatch/news"
	"driftwatch/store/sqlite"
	"driftwatch/watch"
)

// plan is what is to be measured.
type plan struct {
	Articles, Stories, Rounds int
	Interval, For             time.Duration
	Keep, Root, Binary        string
	Fill, Log, Unread         bool
	Only                      *regexp.Regexp
}

func main() {
	var p plan
	only := flag.String("only", "", "only the pages whose names match")
	flag.IntVar(&p.Articles, "articles", 1_000_000, "articles to store")
	flag.IntVar(&p.Stories, "stories", 0, "stories that are flagged; 0: a twentieth of the articles")
	flag.IntVar(&p.Rounds, "rounds", 50, "how often each page is asked for")
	flag.DurationVar(&p.For, "for", 200*time.Second, "how long pages are asked for at most")
	flag.DurationVar(&p.Interval, "interval", 5*time.Second, "between the starts of two cycles")
	flag.StringVar(&p.Keep, "keep", "", "the folder in which the database is left, and taken from where it is there")
	flag.BoolVar(&p.Fill, "fill", false, "only fill the database in the folder of -keep")
	flag.BoolVar(&p.Unread, "unread", false, "leave it to serve to make the articles findable")
	flag.StringVar(&p.Root, "root", "..", "folder of Driftwatch's module")
	flag.StringVar(&p.Binary, "driftwatch", "", "the program to measure, instead of one built from root")
	flag.BoolVar(&p.Log, "v", false, "say what each request took, and what the program logs")
	flag.Parse()
	if p.Stories == 0 {
		p.Stories = p.Articles / 20
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	if p.Only, err = regexp.Compile(*only); err == nil {
		err = p.measure(ctx, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "desk:", err)
		stop()
		os.Exit(1)
	}
}

// filled is what filling a database took so far, in seconds. It is kept beside it,
// so that filling goes on where it was ended.
type filled struct {
	Articles, Stories int
	End               time.Time // when the last article was seen
	Parts             int       // that are done
	Filled, Indexed   float64
	Findable          bool
}

// measure fills a database, unless one is there, and measures the desk.
func (p plan) measure(ctx context.Context, out io.Writer) error {
	home := p.Keep
	if home == "" {
		var err error
		if home, err = os.MkdirTemp("", "driftwatch-desk-"); err != nil {
			return err
		}
		defer os.RemoveAll(home)
	}
	sources := madeUp()
	database := filepath.Join(home, "driftwatch.db")
	took, err := p.prepare(ctx, database, sources)
	if err != nil || p.Fill {
		return err
	}
	fmt.Fprintf(out, "%s articles, %s flagged stories: filled in %.0f s, made findable in %.0f s, %.0f MB on disk.\n\n",
		thousands(took.Articles), thousands(took.Stories), took.Filled, took.Indexed, float64(size(database))/1e6)
	binary := p.Binary
	if binary == "" {
		binary = filepath.Join(home, "driftwatch")
		build := exec.CommandContext(ctx, "go", "build", "-tags", "sqlite_fts5", "-trimpath", "-o", binary, "./cmd/driftwatch")
		build.Dir, build.Stderr = p.Root, os.Stderr
		if err := build.Run(); err != nil {
			return fmt.Errorf("build driftwatch in %s: %w", p.Root, err)
		}
	}
	return p.serve(ctx, out, binary, home, database, sources)
}

// prepare fills a database, unless it is there, and gives what that took.
func (p plan) prepare(ctx context.Context, database string, sources []news.Source) (took filled, err error) {
	notes := filepath.Join(filepath.Dir(database), "filled.json")
	if doc, err := os.ReadFile(notes); err == nil {
		if err := json.Unmarshal(doc, &took); err != nil {
			return took, fmt.Errorf("read %s: %w", notes, err)
		}
	} else {
		took = filled{Articles: p.Articles, Stories: p.Stories, End: time.Now().UTC().Add(-5 * time.Minute).Truncate(time.Minute)}
	}
	p.Articles, p.Stories = took.Articles, took.Stories
	err = p.fill(ctx, database, sources, &took)
	if err == nil && !p.Unread && !took.Findable {
		err = index(ctx, database, &took)
	}
	return took, errors.Join(err, took.note(notes))
}

// note keeps what filling took beside the database.
func (f filled) note(file string) error {
	doc, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return os.WriteFile(file, doc, 0o600)
}

// serve runs the program and asks it.
func (p plan) serve(ctx context.Context, out io.Writer, binary, home, database string, sources []news.Source) error {
	engine, err := watch.LoadRules(&configs.Config{})
	if err != nil {
		return err
	}
	press := &press{tongues: newTongues(engine.Signals()), flagged: samples(engine.Signals())}
	wait, err := press.serve(ctx, sources)
	if err != nil {
		return err
	}
	config, err := p.configure(home, database, sources)
	if err != nil {
		return err
	}
	key, err := token(ctx, database)
	if err != nil {
		return err
	}
	begun := time.Now()
	s, err := p.start(ctx, binary, config, home)
	if err != nil {
		return err
	}
	started := time.Since(begun)
	measured, lists, first, err := p.askAll(ctx, s.URL, key, press.tongues)
	memory, memoryErr := s.memory()
	for _, e := range []error{err, memoryErr, s.stop(), wait()} {
		if e != nil {
			return e
		}
	}
	report(out, measured)
	reportExports(out, lists)
	share, n, filed, err := cyclesSince(ctx, database, begun, time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "serve was there after %.1f s; its first answer took %.0f ms, the inbox was there after %.0f ms and then the drift after %.0f ms. Cycles ran %.0f %% of the time: %d of them filed %s articles. Memory at most: %.0f MB.\n",
		started.Seconds(), first.answer, first.inbox, first.drift, 100*share, n, thousands(filed), memory)
	return nil
}

// firstPages is what the first pages after a start took, in ms.
type firstPages struct{ answer, inbox, drift float64 }

// askAll signs in and asks for all pages.
func (p plan) askAll(ctx context.Context, base, key string, tongues []tongue) (out []measuredPage, lists []exported, first firstPages, err error) {
	c, err := signIn(ctx, base, key)
	if err != nil {
		return nil, nil, first, err
	}
	if first.answer, first.inbox, err = c.shown(ctx, "/inbox"); err != nil {
		return nil, nil, first, err
	}
	if _, first.drift, err = c.shown(ctx, "/drift"); err != nil {
		return nil, nil, first, err
	}
	all, err := c.pages(ctx, tongues)
	if err != nil {
		return nil, nil, first, err
	}
	var wanted []page
	for _, one := range all {
		if p.Only.MatchString(one.name) {
			wanted = append(wanted, one)
		}
	}
	if out, err = p.ask(ctx, c, wanted); err == nil {
		lists, err = p.exports(ctx, c, wanted)
	}
	return out, lists, first, err
}

// cyclesSince says what part of a time cycles ran, how many, and what they filed.
func cyclesSince(ctx context.Context, file string, from, to time.Time) (share float64, n, filed int, err error) {
	db, err := sqlite.Open(ctx, file, sqlite.Options{})
	if err != nil {
		return 0, 0, 0, err
	}
	defer db.Close()
	all, err := db.Cycles(ctx, 1000)
	if err != nil {
		return 0, 0, 0, err
	}
	var ran time.Duration
	for _, c := range all {
		if c.Started.Before(from.Add(-time.Second)) || c.Ended.IsZero() {
			continue
		}
		var s watch.Summary
		if err := json.Unmarshal(c.Summary, &s); err != nil {
			return 0, 0, 0, err
		}
		ran += c.Ended.Sub(c.Started)
		n, filed = n+1, filed+s.Articles.New
	}
	return ran.Seconds() / to.Sub(from).Seconds(), n, filed, nil
}

// The limits.
const (
	pageMost   = 100 // ms
	searchMost = 200 // ms, of the median
	bytesMost  = 100_000
)

// report prints what the pages took.
func report(out io.Writer, all []measuredPage) {
	rows := [][]string{{"page", "n", "median, ms", "99 %, ms", "most, ms", "kB over the wire", ""}}
	over := 0
	for _, m := range all {
		median, late, most, kb := at(m.ms, .5), at(m.ms, .99), at(m.ms, 1), at(m.bytes, 1)
		limit := pageMost
		if m.search {
			limit = searchMost
		}
		mark := ""
		if median > float64(limit) || kb > bytesMost && !m.starts {
			mark = "over"
			over++
		}
		wire := fmt.Sprintf("%.1f", float64(kb)/1e3)
		if m.starts {
			wire = "time to the first byte"
		}
		rows = append(rows, []string{m.name, fmt.Sprint(len(m.ms)), fmt.Sprintf("%.1f", median), fmt.Sprintf("%.1f", late), fmt.Sprintf("%.1f", most), wire, mark})
	}
	section.Table(out, rows...)
	fmt.Fprintf(out, "Medians must be under %d ms, of searches under %d ms, and pages under %d kB: %d are over.\n\n", pageMost, searchMost, bytesMost/1000, over)
}

// reportExports prints what whole lists took. A list is no page: it is as long as it
// is.
func reportExports(out io.Writer, all []exported) {
	if len(all) == 0 {
		return
	}
	rows := [][]string{{"list, to its end", "s", "MB over the wire"}}
	for _, e := range all {
		rows = append(rows, []string{e.name, fmt.Sprintf("%.1f", e.seconds), fmt.Sprintf("%.1f", float64(e.bytes)/1e6)})
	}
	section.Table(out, rows...)
	fmt.Fprintln(out)
}

// thousands is a number as people write it.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return strings.TrimSpace(s)
}
