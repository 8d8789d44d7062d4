package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"driftwatch/crawler/extract"
	"driftwatch/eval/section"

	readability "codeberg.org/readeck/go-readability/v2"
)

// checked is a page whose text somebody checked.
type checked struct {
	File, Lang, Set, URL, Title, Date, Text string
}

// group is the set that a page is counted in.
func (c checked) group() string {
	switch {
	case !strings.HasPrefix(c.Set, "waddle"):
		return c.Set
	case c.Lang == "ru":
		return "Russian"
	default:
		return "English"
	}
}

// got is what a reader found on a page.
type got struct{ text, title, date string }

// reader reads a page; an error is an empty answer.
type reader struct {
	name string
	read func(html []byte, address string) got
}

var readers = []reader{
	{"driftwatch", func(html []byte, address string) got {
		a, err := extract.Page(html, extract.Options{URL: address})
		if err != nil {
			return got{}
		}
		return got{a.Text, a.Title, a.Published.UTC().Format(time.DateOnly)}
	}},
	{"go-readability as it is", func(html []byte, address string) got {
		u, _ := url.Parse(address)
		a, err := readability.FromReader(bytes.NewReader(html), u)
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
}

// tally adds up what a reader did on a set.
type tally struct {
	pages, titled, titles, dated, dates int
	f1                                  []float64
	took                                time.Duration
}

// pages prints how well each reader reads the pages of the folders.
func pages(w io.Writer, verbose bool, dirs ...string) error {
	order := []string{"Russian", "English", "fundus", "readability"}
	for _, dir := range dirs {
		all, err := readLines[checked](filepath.Join(dir, "pages.jsonl"))
		if err != nil {
			return err
		}
		tallies := map[string]map[string]*tally{}
		for _, c := range all {
			html, err := unzipped(filepath.Join(dir, c.File))
			if err != nil {
				return err
			}
			for _, r := range readers {
				measure(w, c, html, r, tallies, verbose)
			}
		}
		rows := [][]string{{filepath.Base(dir), "reader", "pages", "text, F1 [95 %]", "title [95 %]", "date [95 %]", "ms a page"}}
		for _, set := range order {
			for _, r := range readers {
				if t := tallies[set][r.name]; t != nil {
					rows = append(rows, []string{set, r.name, strconv.Itoa(t.pages), section.Mean(t.f1),
						section.Share(t.titles, t.titled), section.Share(t.dates, t.dated),
						fmt.Sprintf("%.1f", t.took.Seconds()*1000/float64(t.pages))})
				}
			}
		}
		section.Table(w, rows...)
	}
	return nil
}

// measure has one reader read one page.
func measure(w io.Writer, c checked, html []byte, r reader, tallies map[string]map[string]*tally, verbose bool) {
	set := c.group()
	if tallies[set] == nil {
		tallies[set] = map[string]*tally{}
	}
	t := tallies[set][r.name]
	if t == nil {
		t = &tally{}
		tallies[set][r.name] = t
	}
	began := time.Now()
	g := r.read(html, c.URL)
	t.took += time.Since(began)
	t.pages++
	t.f1 = append(t.f1, f1(c.Text, g.text))
	if c.Set != "fundus" {
		return
	}
	if c.Title != "" {
		t.titled++
		if slices.Equal(words(c.Title), words(g.title)) {
			t.titles++
		} else if verbose && r.name == readers[0].name {
			fmt.Fprintf(w, "%s: title %q, not %q\n", c.File, g.title, c.Title)
		}
	}
	if len(c.Date) >= len(time.DateOnly) {
		t.dated++
		if day(c.Date) == g.date {
			t.dates++
		} else if verbose && r.name == readers[0].name {
			fmt.Fprintf(w, "%s: date %q, not %q\n", c.File, g.date, c.Date)
		}
	}
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

// f1 is the harmonic mean of precision and recall over words, whatever their
// order.
func f1(want, got string) float64 {
	w, g := words(want), words(got)
	count := map[string]int{}
	for _, s := range w {
		count[s]++
	}
	hits := 0
	for _, s := range g {
		if count[s] > 0 {
			count[s]--
			hits++
		}
	}
	if len(w)+len(g) == 0 {
		return 1
	}
	return 2 * float64(hits) / float64(len(w)+len(g))
}

func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_'
	})
}

func unzipped(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return io.ReadAll(z)
}
