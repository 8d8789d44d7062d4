package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"driftwatch/crawler/date"
	"driftwatch/crawler/feed"
	"driftwatch/crawler/plain"
	"driftwatch/eval/section"

	"github.com/mmcdole/gofeed"
)

// served is the address at which feedparser's cases expect to lie.
const served = "http://127.0.0.1:8097/tests/case.xml"

// feedCase is a feed with what a reader must find in it, each check a path in
// feedparser's names and a value.
type feedCase struct {
	File   string
	Checks [][2]string
}

// feeds prints how many of the cases each reader passes.
func feeds(w io.Writer, dir string, verbose bool) error {
	cases, err := readLines[feedCase](filepath.Join(dir, "cases.jsonl"))
	if err != nil {
		return err
	}
	ours, theirs := 0, 0
	var took, tookTheirs time.Duration
	for _, c := range cases {
		body, err := os.ReadFile(filepath.Join(dir, c.File))
		if err != nil {
			return err
		}
		began := time.Now()
		f, err := feed.Parse(body, feed.Options{ContentType: contentType(body), Base: location(body)})
		took += time.Since(began)
		got := fieldsOf(f, err)
		if failed := fails(c.Checks, got); failed == "" {
			ours++
		} else if verbose {
			fmt.Fprintf(w, "%s: %s\n", c.File, failed)
		}
		began = time.Now()
		g, err := gofeed.NewParser().Parse(bytes.NewReader(body))
		tookTheirs += time.Since(began)
		if fails(c.Checks, gofeedFields(g, err)) == "" {
			theirs++
		}
	}
	section.Table(w,
		[]string{"feeds", "cases passed, % [95 %]", "µs a feed"},
		[]string{"driftwatch", section.Percent(ours, len(cases)), micro(took, len(cases))},
		[]string{"gofeed as it is", section.Percent(theirs, len(cases)), micro(tookTheirs, len(cases))},
	)
	return nil
}

// fails gives the first check that doesn't hold, empty where all do.
func fails(checks [][2]string, got map[string]string) string {
	for _, c := range checks {
		path, want := c[0], c[1]
		if !same(path, want, got[path]) {
			return fmt.Sprintf("%s is %q, not %q", path, got[path], want)
		}
	}
	return ""
}

// same compares what was read with what a case wants, as plain values.
func same(path, want, got string) bool {
	switch {
	case strings.HasSuffix(path, "_parsed"):
		t, err := parsed(want)
		d, ok := date.Parse(got, date.Options{})
		return err == nil && ok && d.UTC().Equal(t)
	case strings.HasSuffix(path, "updated"), strings.HasSuffix(path, "published"):
		w, _ := date.Parse(want, date.Options{})
		d, ok := date.Parse(got, date.Options{})
		return ok && d.UTC().Equal(w.UTC())
	case strings.HasSuffix(path, "author"):
		return got != "" && strings.HasPrefix(want, got)
	}
	return squeeze(want) == squeeze(got) || squeeze(plain.GuessRich(want)) == squeeze(plain.GuessRich(got))
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// parsed reads a time as Python prints it: year, month, day, hour, minute,
// second, and more that follows from them.
func parsed(tuple string) (time.Time, error) {
	var n [6]int
	for i, s := range strings.Split(strings.Trim(tuple, "()"), ",")[:6] {
		v, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil {
			return time.Time{}, err
		}
		n[i] = v
	}
	return time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, time.UTC), nil
}

// fieldsOf gives a feed in feedparser's names.
func fieldsOf(f *feed.Feed, err error) map[string]string {
	if err != nil {
		return nil
	}
	m := map[string]string{
		"feed.title": f.Title, "feed.link": f.Link, "feed.description": f.Description, "feed.subtitle": f.Description,
		"feed.tagline": f.Description, "feed.language": f.Language, "feed.id": f.ID, "feed.author": first(f.Authors),
		"feed.published": f.Published.String(), "feed.updated": f.Updated.String(),
		"feed.published_parsed": f.Published.String(), "feed.updated_parsed": f.Updated.String(),
	}
	if len(f.Items) == 0 {
		return m
	}
	i := f.Items[0]
	return entry(m, i.ID, i.Link, i.Title, i.Summary, i.Content, first(i.Authors), i.Published.String(), i.Updated.String())
}

// gofeedFields does the same for gofeed's own reading.
func gofeedFields(f *gofeed.Feed, err error) map[string]string {
	if err != nil {
		return nil
	}
	m := map[string]string{
		"feed.title": f.Title, "feed.link": f.Link, "feed.description": f.Description, "feed.subtitle": f.Description,
		"feed.tagline": f.Description, "feed.language": f.Language, "feed.author": person(f.Authors),
		"feed.published": f.Published, "feed.updated": f.Updated, "feed.published_parsed": f.Published, "feed.updated_parsed": f.Updated,
	}
	if len(f.Items) == 0 {
		return m
	}
	i := f.Items[0]
	return entry(m, i.GUID, i.Link, i.Title, i.Description, i.Content, person(i.Authors), i.Published, i.Updated)
}

func entry(m map[string]string, id, link, title, summary, content, author, published, updated string) map[string]string {
	m["entries[0].id"], m["entries[0].link"], m["entries[0].title"] = id, link, title
	m["entries[0].summary"], m["entries[0].description"] = cmp.Or(summary, content), cmp.Or(summary, content)
	m["entries[0].content[0].value"] = cmp.Or(content, summary)
	m["entries[0].author"] = author
	m["entries[0].published"], m["entries[0].published_parsed"] = published, published
	m["entries[0].updated"], m["entries[0].updated_parsed"] = cmp.Or(updated, published), cmp.Or(updated, published)
	return m
}

func first(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

func person(p []*gofeed.Person) string {
	if len(p) == 0 {
		return ""
	}
	return cmp.Or(p[0].Name, p[0].Email)
}

var header = regexp.MustCompile(`(?i)(Content-Type|Content-Location):\s*(\S+)`)

// contentType is the header that a case asks to be served with.
func contentType(body []byte) string { return caseHeader(body, "content-type") }

// location is the address that a case is served at.
func location(body []byte) string {
	return cmp.Or(caseHeader(body, "content-location"), served)
}

func caseHeader(body []byte, name string) string {
	for _, m := range header.FindAllSubmatch(body[:min(len(body), 1000)], -1) {
		if strings.EqualFold(string(m[1]), name) {
			return string(m[2])
		}
	}
	return ""
}

// micro is the mean of n times, in microseconds.
func micro(d time.Duration, n int) string {
	return fmt.Sprintf("%.0f", float64(d.Microseconds())/float64(max(n, 1)))
}

// readLines reads a file of JSON Lines. A check is a pair in an array.
func readLines[T any](file string) ([]T, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all []T
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var t T
		if err := json.Unmarshal(lines.Bytes(), &t); err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		all = append(all, t)
	}
	return all, lines.Err()
}
