package main

import (
	"bytes"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"driftwatch/crawler/extract"
	"driftwatch/crawler/extract/blocks"
	"driftwatch/crawler/plain"
	"driftwatch/eval/pageset"
	"driftwatch/eval/section"

	readability "codeberg.org/readeck/go-readability/v2"
	"github.com/markusmobius/go-trafilatura"
)

// got is what a reader found on a page.
type got struct{ text, title, date string }

// reader reads a page; an error is an empty answer.
type reader struct {
	name string
	read func(p *pageset.Page, m *blocks.Model) got
}

var readers = []reader{
	{"driftwatch", func(p *pageset.Page, m *blocks.Model) got {
		a, err := extract.Page(p.HTML, extract.Options{URL: p.URL, Model: m})
		if err != nil {
			return got{}
		}
		return got{a.Text, a.Title, a.Published.UTC().Format(time.DateOnly)}
	}},
	{"go-readability as it is", func(p *pageset.Page, _ *blocks.Model) got {
		u, _ := url.Parse(p.URL)
		a, err := readability.FromReader(bytes.NewReader(p.HTML), u)
		if err != nil || a.Node == nil {
			return got{}
		}
		var b strings.Builder
		if a.RenderText(&b) != nil {
			return got{}
		}
		g := got{text: b.String(), title: a.Title()}
		if t, err := a.PublishedTime(); err == nil {
			g.date = t.UTC().Format(time.DateOnly)
		}
		return g
	}},
	{"go-trafilatura as it is", func(p *pageset.Page, _ *blocks.Model) got {
		u, _ := url.Parse(p.URL)
		r, err := trafilatura.Extract(bytes.NewReader(p.HTML), trafilatura.Options{OriginalURL: u, EnableFallback: true, ExcludeComments: true})
		if err != nil {
			return got{}
		}
		g := got{text: r.ContentText, title: r.Metadata.Title}
		if !r.Metadata.Date.IsZero() {
			g.date = r.Metadata.Date.UTC().Format(time.DateOnly)
		}
		return g
	}},
}

// tally adds up what a reader did on a set.
type tally struct {
	pages, titled, titles, dated, dates int
	f1                                  []float64
	took                                time.Duration
	garbage                             uint64
}

// folds is in how many parts the pages are cut, by outlet, so that no page is
// read with a model that has seen pages of its outlet.
const folds = 3

// pages prints, as Markdown, how well each reader reads the pages of the
// folders.
func pages(w io.Writer, verbose bool, dirs ...string) error {
	var all []*pageset.Page
	for _, dir := range dirs {
		more, err := pageset.Load(dir)
		if err != nil {
			return err
		}
		all = append(all, more...)
	}
	pageset.CutAll(all)
	models := map[*pageset.Page]*blocks.Model{}
	if err := pageset.Cross(all, folds, pageset.Usual, func(p *pageset.Page, m *blocks.Model) { models[p] = m }); err != nil {
		return err
	}
	tallies := map[string]*tally{}
	for _, r := range readers { // one after the other, so that none works in another's garbage
		runtime.GC()
		for _, p := range all {
			measure(w, p, r, models[p], tallies, verbose)
		}
	}
	fmt.Fprintf(w, "%d pages. Driftwatch's model is cross-validated in %d parts, no outlet in two of them: each page is read with a model that\n"+
		"has seen nothing of its outlet. (The built-in model is trained on all of them.) Time is that of\n"+
		"the process, as the kernel counts it.\n\n", len(all), folds)
	rows := [][]string{{"pages", "reader", "n", "text, F1 [95 %]", "title [95 %]", "date [95 %]", "CPU ms a page", "KB of garbage"}}
	for _, set := range []string{"Russian", "English", "fundus", "readability"} {
		for _, r := range readers {
			if t := tallies[set+r.name]; t != nil {
				rows = append(rows, []string{set, r.name, strconv.Itoa(t.pages), section.Mean(t.f1),
					section.Share(t.titles, t.titled), section.Share(t.dates, t.dated),
					fmt.Sprintf("%.1f", t.took.Seconds()*1000/float64(t.pages)), strconv.Itoa(int(t.garbage/1024) / t.pages)})
			}
		}
	}
	section.Table(w, rows...)
	return nil
}

// measure has one reader read one page.
func measure(w io.Writer, p *pageset.Page, r reader, m *blocks.Model, tallies map[string]*tally, verbose bool) {
	t := tallies[p.Group()+r.name]
	if t == nil {
		t = &tally{}
		tallies[p.Group()+r.name] = t
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := cpu()
	g := r.read(p, m)
	t.took += cpu() - began
	runtime.ReadMemStats(&after)
	t.garbage += after.TotalAlloc - before.TotalAlloc
	t.pages++
	t.f1 = append(t.f1, pageset.F1(p.Gold, pageset.Words(g.text)))
	if p.Set == "readability" { // its titles are the library's own
		return
	}
	name := filepath.Join(p.Dir, p.File)
	if title := p.Headline(); title != "" {
		t.titled++
		if slices.Equal(pageset.Words(plain.Line(title)), pageset.Words(plain.Line(g.title))) {
			t.titles++
		} else if verbose && r.name == readers[0].name {
			fmt.Fprintf(w, "%s: title %q, not %q\n", name, g.title, title)
		}
	}
	if p.Set != "fundus" { // the dates of the others are the days they were fetched
		return
	}
	if len(p.Date) >= len(time.DateOnly) {
		t.dated++
		if day(p.Date) == g.date {
			t.dates++
		} else if verbose && r.name == readers[0].name {
			fmt.Fprintf(w, "%s: date %q, not %q\n", name, g.date, p.Date)
		}
	}
}

// cpu is the time that the process has taken of the processors so far.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// day is the day in UTC of a date as the sets write it.
func day(s string) string {
	for _, layout := range []string{"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05.999999Z07:00", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC().Format(time.DateOnly)
		}
	}
	return s[:len(time.DateOnly)]
}
