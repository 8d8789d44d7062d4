package main

import (
	"encoding/json"
	"fmt"
	"io"
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

// maxTitle is how much of a title a table shows, in characters.
const maxTitle = 60

// titled prints rows under a head whose last column is a title: as a table, or,
// on a terminal that is too narrow for it, with each whole title below its row.
func (a *app) titled(head []string, rows [][]string) {
	last := len(head) - 1
	short := [][]string{head[:last]}
	for _, r := range rows {
		cells := make([]string, last)
		for i, c := range r[:last] {
			cells[i] = guard.Line(c)
		}
		short = append(short, cells)
	}
	lines, widest := columns(short), 0
	for _, l := range lines {
		widest = max(widest, utf8.RuneCountInString(l))
	}
	if a.columns == 0 || widest+2+maxTitle <= a.columns {
		for _, r := range rows {
			r[last] = shorten(guard.Line(r[last]), maxTitle)
		}
		table(a.stdout, head, rows)
		return
	}
	fmt.Fprintln(a.stdout, a.style.faint(lines[0]))
	for i, l := range lines[1:] {
		fmt.Fprintln(a.stdout, l)
		a.fold(a.stdout, "  "+guard.Line(rows[i][last]), "  ")
	}
}

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
