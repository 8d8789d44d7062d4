// Command flags measures what rules says of texts that are labelled by hand:
// for each theme precision, recall and F1 with a 95 % interval (Wilson), how
// often the countries and the direction are right where the theme was, and the
// same for a plain list of keywords, as alert services have.
//
// It reads the digests of $DRIFTWATCH_EVAL_DATA, or of ../../shared/data beside
// the repository, and its own sentences of made-up events (fresh.jsonl), a
// third of which, chosen by hash, is kept from whoever tunes the packs: that
// third is the figure to quote. With -v it lists the errors in the rest.
//
// Files of other labelled texts, a line each as in fresh.jsonl, are measured
// whole in place of all that.
//
//	go run ./flags [-v] [-noise] [-data DIR] [FILE…] | [-markdown]
package main

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"driftwatch/configs"
	"driftwatch/eval/section"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/text"
)

//go:embed fresh.jsonl
var fresh string

// row is a labelled text.
type row struct {
	ID, Lang, Title, Text string
	Date, Source, URL     string
	Themes, Countries     []string
	Direction, Why        string
	Grades                map[string]int
}

func main() {
	verbose := flag.Bool("v", false, "list errors")
	noise := flag.Bool("noise", false, "list every hit on texts that are mostly off theme")
	asMarkdown := flag.Bool("markdown", false, "print the section of docs/evaluation.md")
	data := flag.String("data", section.Folder(), "folder of the measuring data")
	flag.Parse()
	if *asMarkdown {
		section.Main("flags", markdown)
		return
	}
	measure := func() error { return run(os.Stdout, *data, *verbose, *noise) }
	if flag.NArg() > 0 {
		measure = func() error { return runFiles(os.Stdout, flag.Args(), *verbose) }
	}
	if err := measure(); err != nil {
		fmt.Fprintln(os.Stderr, "flags:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, data string, verbose, noise bool) error {
	engine, err := rules.Load(configs.FS())
	if err != nil {
		return err
	}
	own, err := parse(strings.NewReader(fresh))
	if err != nil {
		return fmt.Errorf("read fresh.jsonl: %w", err)
	}
	seen, unseen := split(own)
	m := meter{engine, w}
	m.table("made-up events, the two thirds that are tuned on", seen, verbose)
	m.table("made-up events, the unseen third", unseen, false)
	digests, err := read(data, "flags/digests.jsonl")
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(w, "no measuring data in %s: set DRIFTWATCH_EVAL_DATA\n", data)
		return nil
	}
	if err != nil {
		return err
	}
	seen, unseen = split(digests)
	m.table("digests, the two thirds that are tuned on", seen, verbose)
	m.table("digests, the rest", unseen, false)
	return m.noise(data, noise)
}

// runFiles measures labelled texts of the caller's own, each file whole.
func runFiles(w io.Writer, files []string, verbose bool) error {
	engine, err := rules.Load(configs.FS())
	if err != nil {
		return err
	}
	m := meter{engine, w}
	for _, f := range files {
		rows, err := read(filepath.Dir(f), filepath.Base(f))
		if err != nil {
			return err
		}
		m.table(f, rows, verbose)
	}
	return nil
}

func read(dir, name string) ([]row, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := parse(f)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return rows, nil
}

func parse(r io.Reader) ([]row, error) {
	var rows []row
	err := scan(r, func(line []byte) error {
		var one row
		if err := json.Unmarshal(line, &one); err != nil {
			return err
		}
		rows = append(rows, one)
		return nil
	})
	return rows, err
}

// lines gives each line of a file of the data.
func lines(dir, name string, take func(line []byte) error) error {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := scan(f, take); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

func scan(r io.Reader, take func(line []byte) error) error {
	s := bufio.NewScanner(r)
	s.Buffer(nil, 8<<20)
	for s.Scan() {
		if err := take(s.Bytes()); err != nil {
			return err
		}
	}
	return s.Err()
}

// split keeps a third apart by hash.
func split(rows []row) (seen, unseen []row) {
	for _, r := range rows {
		sum := sha256.Sum256([]byte(r.ID))
		n := 0
		for _, b := range sum { // the whole sum as a number, modulo 3
			n = (n*256 + int(b)) % 3
		}
		if n == 0 {
			unseen = append(unseen, r)
			continue
		}
		seen = append(seen, r)
	}
	return seen, unseen
}

// meter counts and prints.
type meter struct {
	engine *rules.Engine
	w      io.Writer
}

// group is a set of languages that is counted together.
type group struct {
	name  string
	holds func(lang string) bool
}

var groups = []group{
	{"en", func(l string) bool { return l == "en" }},
	{"ru", func(l string) bool { return l == "ru" }},
	{"others", func(l string) bool { return l != "en" && l != "ru" }},
}

var themes = []news.Theme{news.ThemeSanctions, news.ThemeCSTO, news.ThemeDecolonization, news.ThemeDualUse}

func (m meter) table(title string, rows []row, verbose bool) {
	fmt.Fprintf(m.w, "\n%s (%d)\n", title, len(rows))
	fmt.Fprintf(m.w, "%-8s%-16s%5s  %-30s%-30s%6s   %s\n", "", "theme", "n", "precision", "recall", "F1", "plain words: P R F1")
	for _, g := range groups {
		var total, plain tally
		var who, way tally
		for _, theme := range themes {
			var t, p tally
			for _, r := range rows {
				if !g.holds(r.Lang) {
					continue
				}
				hits := m.flag(r)
				t.add(labelled(r, theme), has(hits, theme))
				p.add(labelled(r, theme), keywords(r, theme))
			}
			total.join(t)
			plain.join(p)
			m.line(g.name, string(theme), t, p)
		}
		m.line(g.name, "all", total, plain)
		for _, r := range rows {
			if !g.holds(r.Lang) {
				continue
			}
			if bad := m.judge(r, &who, &way); verbose && bad != "" {
				defer fmt.Fprintf(m.w, "%s %s %v %v %s | %s\n    %s || %s\n    %s\n", r.ID, r.Lang, r.Themes, r.Countries, r.Direction, r.Why, r.Title, r.Text, bad)
			}
		}
		fmt.Fprintf(m.w, "%-8s%-16s%5d  %s\n", g.name, "countries", who.n(), section.Share(who.tp, who.n()))
		fmt.Fprintf(m.w, "%-8s%-16s%5d  %s\n", g.name, "direction", way.n(), section.Share(way.tp, way.n()))
	}
}

func (m meter) line(group, theme string, t, p tally) {
	fmt.Fprintf(m.w, "%-8s%-16s%5d  %-30s%-30s%6.2f   %.2f %.2f %.2f\n", group, theme, t.n(),
		section.Share(t.tp, t.tp+t.fp), section.Share(t.tp, t.n()), t.f1(), ratio(p.tp, p.tp+p.fp), ratio(p.tp, p.n()), p.f1())
}

// judge counts countries and direction, and says what is wrong with a text.
func (m meter) judge(r row, who, way *tally) string {
	hits := m.flag(r)
	var bad []string
	right := false
	for _, theme := range themes {
		switch want, got := labelled(r, theme), has(hits, theme); {
		case want && !got:
			bad = append(bad, "missed "+string(theme))
		case got && !want:
			bad = append(bad, "wrong "+string(theme)+" "+describe(hits, theme))
		}
		right = right || labelled(r, theme) && has(hits, theme)
	}
	if right {
		got := countries(r, hits)
		ok := covers(got, r.Countries)
		who.add(true, ok)
		if !ok {
			bad = append(bad, fmt.Sprintf("countries %v", got))
		}
		d := direction(r, hits)
		way.add(true, d == r.Direction)
		if d != r.Direction {
			bad = append(bad, "direction "+d+": "+describe(hits, ""))
		}
	}
	return strings.Join(bad, "; ")
}

func (m meter) flag(r row) []news.Hit {
	return m.engine.Flag(text.Read(r.Title, r.Text, r.Lang), rules.About{Source: r.Source, URL: r.URL})
}

func labelled(r row, t news.Theme) bool { return slices.Contains(r.Themes, string(t)) }

func has(hits []news.Hit, t news.Theme) bool {
	return slices.ContainsFunc(hits, func(h news.Hit) bool { return h.Theme == t })
}

func describe(hits []news.Hit, t news.Theme) string {
	var out []string
	for _, h := range hits {
		if t == "" || h.Theme == t {
			out = append(out, fmt.Sprintf("%s(%s %s %q)", h.Signal, h.Direction, strings.Join(h.Countries, "+"), h.Evidence[0].Quote))
		}
	}
	return strings.Join(out, " ")
}

// countries are those of the hits of the labelled themes.
func countries(r row, hits []news.Hit) []string {
	var all []string
	for _, h := range hits {
		if labelled(r, h.Theme) {
			all = append(all, h.Countries...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// covers: all that are labelled, and at most one more.
func covers(got, want []string) bool {
	for _, c := range want {
		if !slices.Contains(got, c) {
			return false
		}
	}
	return len(got) <= len(want)+1
}

// direction of a text: contested and none don't count, both ways is mixed.
func direction(r row, hits []news.Hit) string {
	ways := map[news.Direction]bool{}
	for _, h := range hits {
		if labelled(r, h.Theme) {
			ways[h.Direction] = true
		}
	}
	switch apart, closer := ways[news.Apart], ways[news.Closer]; {
	case apart && closer || ways[news.Mixed]:
		return "mixed"
	case apart:
		return "apart"
	case closer:
		return "closer"
	}
	return "none"
}
