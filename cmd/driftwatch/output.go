package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"driftwatch/guard"
)

// harmlessJSON writes what a JSON encoder hands it, a document at a time, so
// that nothing in it acts in a terminal.
type harmlessJSON struct{ io.Writer }

func (w harmlessJSON) Write(doc []byte) (int, error) {
	if _, err := w.Writer.Write(guard.JSON(doc)); err != nil {
		return 0, err
	}
	return len(doc), nil
}

// printJSON writes v as one indented JSON document.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(harmlessJSON{w})
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// jsonAnyway gives a command that prints JSON anyway the flag that others have, so
// that a script need not know which is which.
func jsonAnyway(c *cobra.Command) {
	c.Flags().Bool("json", false, "what it prints is JSON anyway")
}

// jsonLines is an encoder of JSON Lines.
func jsonLines(w io.Writer) *json.Encoder {
	e := json.NewEncoder(harmlessJSON{w})
	e.SetEscapeHTML(false)
	return e
}

// table prints rows under a head, aligned; each cell is made harmless.
func table(w io.Writer, head []string, rows [][]string) {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, strings.Join(head, "\t"))
	for _, r := range rows {
		cells := make([]string, len(r))
		for i, c := range r {
			cells[i] = strings.ReplaceAll(guard.Line(c), "\t", " ")
		}
		fmt.Fprintln(t, strings.Join(cells, "\t"))
	}
	t.Flush()
}

// leastText is the room, in characters, in which a text may stand beside cells.
const leastText = 30

// folded prints rows under a head. The last columns are texts, each shown as far
// as most says, in characters. On a terminal that is too narrow for the table,
// what doesn't fit of a row goes on below it, and texts are shown whole.
func (a *app) folded(head []string, rows [][]string, most ...int) {
	n := len(head) - len(most)
	whole := append([][]string{head}, harmlessRows(rows)...)
	short := make([][]string, len(whole))
	for i, r := range whole {
		short[i] = slices.Clone(r)
		for k := range most {
			short[i][n+k] = shorten(r[n+k], most[k])
		}
	}
	if a.columns == 0 || fits(short, a.columns) {
		table(a.stdout, head, short[1:])
		return
	}
	lines := packed(whole, n, a.columns)
	for i, r := range whole {
		if i == 0 {
			r = append(slices.Clone(r[:n]), make([]string, len(most))...)
		}
		for _, l := range a.unfolded(r, lines, n) {
			if i == 0 {
				l = a.style.faint(l)
			}
			fmt.Fprintln(a.stdout, l)
		}
	}
}

// harmlessRows are rows whose cells can't act in a terminal.
func harmlessRows(rows [][]string) [][]string {
	out := make([][]string, len(rows))
	for i, r := range rows {
		out[i] = make([]string, len(r))
		for k, c := range r {
			out[i][k] = strings.ReplaceAll(guard.Line(c), "\t", " ")
		}
	}
	return out
}

// fits reports whether a table of the rows is no wider than a terminal.
func fits(rows [][]string, width int) bool {
	return !slices.ContainsFunc(columns(rows), func(l string) bool { return utf8.RuneCountInString(l) > width })
}

// cell is where a column begins on its line, and how wide it is.
type cell struct{ at, wide int }

// packed deals the first n columns out to as many lines as they need, each but
// the first set in.
func packed(rows [][]string, n, width int) (lines [][]cell) {
	at := width // so that the first column begins a line
	for k := range n {
		wide := 0
		for _, r := range rows {
			wide = max(wide, utf8.RuneCountInString(r[k]))
		}
		if k == 0 || at+wide > width {
			if at = 0; k > 0 {
				at = len(below)
			}
			lines = append(lines, nil)
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], cell{at, wide})
		at += wide + 2
	}
	return lines
}

// below stands before what goes on below a row.
const below = "  "

// unfolded gives the lines of a row: its first n cells as they were packed, then
// its texts, the first of them beside the cells where there is room. A line
// without anything is left out.
func (a *app) unfolded(row []string, lines [][]cell, n int) []string {
	var out []string
	texts, k := row[n:], 0
	for i, cells := range lines {
		var b strings.Builder
		for _, c := range cells {
			fmt.Fprintf(&b, "%*s%s", max(0, c.at-utf8.RuneCountInString(b.String())), "", row[k])
			k++
		}
		last := cells[len(cells)-1]
		if at := last.at + last.wide + 2; i > 0 && i == len(lines)-1 && len(texts) > 0 && a.columns-at >= leastText {
			if texts[0] != "" {
				fmt.Fprintf(&b, "%*s", max(0, at-utf8.RuneCountInString(b.String())), "")
			}
			out = append(out, a.set(b.String(), texts[0])...)
			texts = texts[1:]
		} else {
			out = append(out, strings.TrimRight(b.String(), " "))
		}
	}
	for _, t := range texts {
		out = append(out, a.set(below, t)...)
	}
	return slices.DeleteFunc(out, func(l string) bool { return strings.TrimSpace(l) == "" })
}

// set puts a text behind what its first line begins with, broken to the
// terminal's width.
func (a *app) set(begin, text string) []string {
	indent := utf8.RuneCountInString(begin)
	lines := broken(text, max(leastText, a.width-indent), 0)
	for i, l := range lines {
		if i > 0 {
			begin = strings.Repeat(" ", indent)
		}
		lines[i] = strings.TrimRight(begin+l, " ")
	}
	return lines
}

// maxTitle is how much of a title a table shows, in characters.
const maxTitle = 60

// shorten cuts s to at most n characters, with an ellipsis for what was cut.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimRight(string(r[:n-1]), " ") + "…"
}

// moment shows a time in the user's zone, to the minute; "–" for none.
func (a *app) moment(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.In(a.location).Format("2006-01-02 15:04")
}

// took shows a duration to a readable number of digits.
func took(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
