package section

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"driftwatch/drift"
)

// NoData is the exit code of a program whose data isn't there (EX_NOINPUT of
// sysexits.h).
const NoData = 66

// Folder is where the measuring data lies: $DRIFTWATCH_EVAL_DATA, or
// shared/data beside the repository, from the root or from eval.
func Folder() string {
	if dir := os.Getenv("DRIFTWATCH_EVAL_DATA"); dir != "" {
		return dir
	}
	for _, dir := range []string{"../shared/data", "../../shared/data"} {
		if _, err := os.Stat(dir); err == nil {
			return dir
		}
	}
	return "../shared/data"
}

// Main writes a section to stdout and ends the program where that fails: with
// NoData where a file isn't there, else with 1.
func Main(name string, write func(w io.Writer, data string) error) {
	data := Folder()
	err := write(os.Stdout, data)
	switch {
	case err == nil:
		return
	case errors.Is(err, fs.ErrNotExist):
		fmt.Fprintf(os.Stderr, "%s: %v\nThere is no data for it in %s: set DRIFTWATCH_EVAL_DATA to the folder that holds it.\n", name, err, data)
		os.Exit(NoData)
	}
	fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
	os.Exit(1)
}

// Table writes a table in Markdown, its columns aligned so that it can be read
// in a terminal as well, and an empty line. The first row is the head; a row
// may be shorter than it.
func Table(w io.Writer, rows ...[]string) {
	if len(rows) == 0 {
		return
	}
	widths := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, cell := range r {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell), 3)
		}
	}
	rule := make([]string, len(widths))
	for i, n := range widths {
		rule[i] = strings.Repeat("-", n)
	}
	for _, r := range slices.Insert(slices.Clone(rows), 1, rule) {
		for i, n := range widths {
			cell := ""
			if i < len(r) {
				cell = r[i]
			}
			fmt.Fprintf(w, "| %s%s ", cell, strings.Repeat(" ", n-utf8.RuneCountInString(cell)))
		}
		fmt.Fprintln(w, "|")
	}
	fmt.Fprintln(w)
}

// z is the normal quantile of a 95 % interval.
const z = 1.959964

// Share is k of n with its 95 % interval by Wilson's score (Wilson 1927):
// "0.97 [0.86, 1.00] 35/36"; "–" where n is 0.
func Share(k, n int) string {
	if n == 0 {
		return "–"
	}
	low, high := drift.Interval(k, n)
	return fmt.Sprintf("%.2f [%.2f, %.2f] %d/%d", float64(k)/float64(n), low, high, k, n)
}

// Percent is the same in percent, to one digit: "99.5 % [98.9, 99.8] 995/1000".
func Percent(k, n int) string {
	if n == 0 {
		return "–"
	}
	low, high := drift.Interval(k, n)
	return fmt.Sprintf("%.1f %% [%.1f, %.1f] %d/%d", 100*float64(k)/float64(n), 100*low, 100*high, k, n)
}

// Mean is the mean of values with its 95 % interval, from their standard error:
// "0.915 [0.902, 0.928]"; "–" where there are none.
func Mean(values []float64) string {
	if len(values) == 0 {
		return "–"
	}
	n := float64(len(values))
	sum, squares := 0.0, 0.0
	for _, v := range values {
		sum += v
	}
	mean := sum / n
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	half := 0.0
	if n > 1 {
		half = z * math.Sqrt(squares/(n-1)/n)
	}
	return fmt.Sprintf("%.3f [%.3f, %.3f]", mean, mean-half, mean+half)
}
