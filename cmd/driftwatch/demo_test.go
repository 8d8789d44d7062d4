package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"driftwatch/newsroom"
)

var update = flag.Bool("update", false, "write docs/demo.svg and the golden files anew")

// shown runs the demo as on a terminal that is 100 characters wide, and gives
// what it wrote.
func shown(t *testing.T, s style, width int, asJSON bool) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "driftwatch-demo-") // a name to be seen in the picture
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	var out bytes.Buffer
	a := &app{stdout: &out, stderr: io.Discard, now: time.Now, location: time.UTC, style: s, width: width}
	if err := a.demo(t.Context(), dir, asJSON); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestDemoTellsTheSecondEditionsStoryAlone(t *testing.T) {
	var doc struct {
		Cycles []struct {
			Summary struct {
				Found []struct {
					Story int64
					Title string
				}
			}
			Messages []struct{ Channel, Body string }
		}
	}
	if err := json.Unmarshal([]byte(shown(t, false, 0, true)), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Cycles) != 2 {
		t.Fatalf("%d cycles", len(doc.Cycles))
	}
	stories := func(cycle int) []int64 {
		var ids []int64
		for _, f := range doc.Cycles[cycle].Summary.Found {
			ids = append(ids, f.Story)
		}
		slices.Sort(ids)
		return slices.Compact(ids)
	}
	if n := len(stories(0)); n < 30 {
		t.Errorf("%d stories flagged in the first cycle", n)
	}
	if n := len(stories(1)); n != 1 {
		t.Errorf("%d stories flagged in the second cycle", n)
	}
	by := map[string]int{}
	for _, m := range doc.Cycles[1].Messages {
		by[m.Channel]++
	}
	if len(by) != 3 || by["slack"] != 1 || by["mail"] != 1 || by["webhook"] != 1 {
		t.Errorf("messages of the second cycle: %v", by)
	}
}

func TestDemoFitsItsTerminal(t *testing.T) {
	const width = 80
	for line := range strings.Lines(shown(t, false, width, false)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.Contains(line, "\x1b") {
			t.Errorf("a colour that wasn't asked for: %q", line)
		}
		long := utf8.RuneCountInString(line) > width
		if long && !strings.Contains(line, "http://127.") && !strings.Contains(line, "driftwatch.") {
			t.Errorf("%d characters: %s", utf8.RuneCountInString(line), line)
		}
	}
}

const pictureFile = "../../docs/demo.svg"

// TestPicture holds docs/demo.svg to what the demo prints: each line that is
// drawn is in the demo's output, whatever its numbers, times and folders, and
// wherever its lines are broken. A story of several articles may be drawn with the
// title of any: it has that of the one which came first.
// With -update it draws the picture.
func TestPicture(t *testing.T) {
	out := shown(t, true, widest, false)
	if *update {
		if err := os.WriteFile(pictureFile, []byte(picture(excerpt(out))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	drawn, err := os.ReadFile(pictureFile)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(drawn); n > 40_000 {
		t.Errorf("the picture has %d bytes", n)
	}
	printed := steady("$ driftwatch demo " + left + " " + strings.ReplaceAll(plainText(out), "\n", " "))
	room, err := newsroom.Start(t.Context(), newsroom.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	for _, a := range room.Articles() {
		if len(a.Labels) > 0 {
			printed += steady(a.Title)
		}
	}
	lines := drawnLines(t, drawn)
	if len(lines) < 30 {
		t.Errorf("the picture has %d lines", len(lines))
	}
	for _, line := range lines {
		if !strings.Contains(printed, steady(line)) {
			t.Errorf("the demo doesn't print what is drawn (make picture draws it anew): %s", line)
		}
	}
}

// changing is what differs from one run to the next.
var changing = regexp.MustCompile(`127\.77\.\d+\.\d+:\d+|\d+(\.\d+)?(ms|s|µs)\b|\d\d? \w{3} \d{4} \d\d:\d\d UTC|\d{4}-\d\d-\d\d \d\d:\d\d|\S*/driftwatch\.\w+|\d+[hm]\d+\w*|\d+`)

// steady is text without what differs from one run to the next, and without
// spaces and the strokes before a message.
func steady(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(changing.ReplaceAllString(text, "~"), "│", "")), "")
}
