package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"driftwatch/newsroom/sink"
)

// playWeek runs demo --week and gives what it wrote, and its error.
func playWeek(t *testing.T, width int, asJSON bool) (dir, out string, err error) {
	t.Helper()
	dir = t.TempDir()
	var b bytes.Buffer
	a := &app{stdout: &b, stderr: io.Discard, now: time.Now, location: time.UTC, width: width}
	err = a.demoWeek(t.Context(), dir, asJSON, false)
	return dir, b.String(), err
}

// TestWeekOfNews plays the week: whatever the newsroom's list wants told is told
// on each route, nothing else is, and no story is told twice.
func TestWeekOfNews(t *testing.T) {
	dir, out, err := playWeek(t, 0, true)
	var doc weekDoc
	if broken := json.Unmarshal([]byte(out), &doc); broken != nil {
		t.Fatal(cmp.Or(err, broken))
	}
	for _, f := range doc.Faults {
		t.Error(f)
	}
	if (err != nil) != (len(doc.Faults) > 0) {
		t.Errorf("%d faults, and ended with %v", len(doc.Faults), err)
	}
	copies := []string{"uz-mir-stop-copy", "uz-mir-stop-repost", "kg-sights-copy", "kg-drill-copy", "kg-bank-listed-copy"}
	for _, a := range doc.Arrivals {
		if a.Kind == kindMessage && slices.Contains(copies, a.Articles[0]) {
			t.Errorf("%s tells a copy: %s", a.Sink, a.Articles[0])
		}
	}
	if len(doc.Unread) != 1 || doc.Unread[0].Until.IsZero() {
		t.Errorf("outlets that couldn't be read for a while: %+v", doc.Unread)
	}
	week := map[string]driftDoc{}
	for _, r := range doc.Drift {
		week[r.Country] = r
	}
	if kz := week["KZ"]; len(kz.Contested) == 0 || kz.Pressure.Weight == 0 || kz.Apart.Weight == 0 || kz.Closer.Weight == 0 {
		t.Errorf("Kazakhstan's week: %+v", kz)
	}
	if kg := week["KG"]; kg.Apart.Unjudged == 0 || kg.Apart.Unjudged >= kg.Apart.Weight {
		t.Errorf("of Kyrgyzstan's %v %v are unjudged", kg.Apart.Weight, kg.Apart.Unjudged)
	}
	for _, name := range []string{"drift.svg", "drift.png"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

func TestWeekFitsItsTerminal(t *testing.T) {
	const width = 80
	_, out, _ := playWeek(t, width, false)
	for line := range strings.Lines(out) {
		line = strings.TrimSuffix(line, "\n")
		if long := utf8.RuneCountInString(line) > width; long && !strings.Contains(line, "driftwatch.") && !strings.Contains(line, "127.77.") && !strings.Contains(line, "/drift.") {
			t.Errorf("%d characters: %s", utf8.RuneCountInString(line), line)
		}
	}
	for _, want := range []string{"Monday 2 March", "Sunday 8 March", "The drift of the week", "Against the newsroom's own list"} {
		if !strings.Contains(out, want) {
			t.Errorf("it doesn't show %q", want)
		}
	}
}

func TestWhatArrivedIsTold(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{`{"type":"story.flagged","data":{"version":1}}`, kindMessage},
		{`{"type":"story.updated","data":{"version":2}}`, kindUpdate},
		{`{"type":"digest.weekly","data":{}}`, kindDigest},
		{`{"type":"note","data":{}}`, kindNote},
	} {
		if got := hookKind([]byte(c.body)); got != c.want {
			t.Errorf("%s is %s, not %s", c.body, got, c.want)
		}
	}
	d := &weekDemo{}
	if a := d.arrival(sink.Message{Sink: sink.MailSink, Subject: "Hello", Body: []byte("Subject: Hello\r\n\r\nno address\r\n")}); a.Title != "Hello" || len(a.Articles) != 0 {
		t.Errorf("%+v", a)
	}
}
