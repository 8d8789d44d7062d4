package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestFoldedPutsTitlesBelowWhereTheTerminalIsNarrow(t *testing.T) {
	title := strings.Repeat("word ", 15) + "end"
	print := func(columns int) string {
		var out bytes.Buffer
		a := &app{stdout: &out, columns: columns, width: min(columns, widest)}
		a.folded([]string{"ID", "SOURCE", "TITLE"}, [][]string{{"1", "gazette", title}}, maxTitle)
		return out.String()
	}
	wide := "ID  SOURCE   TITLE\n1   gazette  " + shorten(title, maxTitle) + "\n"
	if got := print(0); got != wide {
		t.Errorf("elsewhere than on a terminal:\n%s", got)
	}
	if got := print(120); got != wide {
		t.Errorf("120 columns:\n%s", got)
	}
	got := print(50)
	if !strings.HasPrefix(got, "ID  SOURCE\n1   gazette\n  word ") || !strings.Contains(got, "end") {
		t.Errorf("50 columns:\n%s", got)
	}
	for line := range strings.Lines(got) {
		if n := visible(strings.TrimSuffix(line, "\n")); n > 50 {
			t.Errorf("50 columns: %d characters: %s", n, line)
		}
	}
}

func TestFoldedGoesOnBelowWhereTheTerminalIsNarrow(t *testing.T) {
	print := func(columns int, rows ...[]string) string {
		var out bytes.Buffer
		a := &app{stdout: &out, columns: columns, width: min(columns, widest)}
		a.folded([]string{"ID", "STATE", "LAST READ", "NEWEST", "STORY", "PROBLEM"}, rows, 10, 12)
		return out.String()
	}
	row := []string{"gazette", "failing", "2026-11-24 09:30", "2026-11-24 09:00", "a story that is long", "a problem that is long"}
	for _, tt := range []struct {
		columns int
		want    string
	}{
		{0, `
ID       STATE    LAST READ         NEWEST            STORY       PROBLEM
gazette  failing  2026-11-24 09:30  2026-11-24 09:00  a story t…  a problem t…
`},
		{50, `
ID       STATE    LAST READ
  NEWEST
gazette  failing  2026-11-24 09:30
  2026-11-24 09:00  a story that is long
  a problem that is long
`},
		{40, `
ID       STATE    LAST READ
  NEWEST
gazette  failing  2026-11-24 09:30
  2026-11-24 09:00
  a story that is long
  a problem that is long
`},
	} {
		if got := "\n" + print(tt.columns, row); got != tt.want {
			t.Errorf("%d columns:\n%s\nwant\n%s", tt.columns, got, tt.want)
		}
	}
	if got := print(40, []string{"gazette", "reading", "", "", "", ""}); !strings.HasSuffix(got, "\ngazette  reading\n") {
		t.Errorf("a row with nothing to go on with:\n%s", got)
	}
}

func TestBrokenLinesFitAndLoseNothing(t *testing.T) {
	for _, tt := range []struct {
		text          string
		width, indent int
		want          []string
	}{
		{"one two three", 0, 0, []string{"one two three"}},
		{"one two three", 7, 0, []string{"one two", "three"}},
		{"one two three four", 9, 4, []string{"one two", "three", "four"}},
		{"  one two", 6, 2, []string{"  one", "two"}},
		{"averylongword that", 5, 0, []string{"averylongword", "that"}},
		{"\x1b[1mone\x1b[0m two three", 7, 0, []string{"\x1b[1mone\x1b[0m two", "three"}},
		{"", 7, 0, []string{""}},
	} {
		if got := broken(tt.text, tt.width, tt.indent); strings.Join(got, "|") != strings.Join(tt.want, "|") {
			t.Errorf("broken(%q, %d, %d) = %q, want %q", tt.text, tt.width, tt.indent, got, tt.want)
		}
	}
}
