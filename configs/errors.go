package configs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// Error is one fault in one file.
type Error struct {
	File    string // as the user named it
	Line    int    // from 1; 0: the fault has no place in the file
	Column  int    // from 1, in characters (not bytes, not cells)
	Msg     string // a sentence without its full stop
	Snippet string // the line of the file and, below it, a caret under the fault; empty where there is no place
	Hint    string // the right name, where one is near
}

// Error prints the fault as the first line of file:line:column: message, the
// line it is in, a caret under it, and what was probably meant.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Column)
	}
	if e.File != "" {
		b.WriteString(": ")
	}
	b.WriteString(e.Msg)
	if e.Snippet != "" {
		b.WriteString("\n" + e.Snippet)
	}
	if e.Hint != "" {
		fmt.Fprintf(&b, "\ndid you mean %s?", e.Hint)
	}
	return b.String()
}

// Near sets the hint to the one of names that wrong is most likely a slip of.
// Nothing near leaves the fault as it is.
func (e *Error) Near(wrong string, names []string) *Error {
	e.Hint = Nearest(wrong, names)
	return e
}

// Errors are all the faults that were found, file by file and from top to
// bottom.
type Errors []*Error

// Error prints each fault, with an empty line between two.
func (e Errors) Error() string {
	parts := make([]string, len(e))
	for i, one := range e {
		parts[i] = one.Error()
	}
	return strings.Join(parts, "\n\n")
}

// Unwrap gives the faults to errors.Is and errors.As.
func (e Errors) Unwrap() []error {
	all := make([]error, len(e))
	for i, one := range e {
		all[i] = one
	}
	return all
}

// err is e as an error: nil where there is no fault.
func (e Errors) err() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// sorted puts the faults of one file in the order of their places and drops
// those that say the same of the same place.
func (e Errors) sorted() Errors {
	all := slices.Clone(e)
	slices.SortStableFunc(all, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.CompactFunc(all, func(a, b *Error) bool {
		return a.Line == b.Line && a.Column == b.Column && a.Msg == b.Msg
	})
}

// widestLine is how many cells of a source line are shown; a longer one is cut
// on both sides of the fault.
const widestLine = 120

// Snippet is the line with a caret under its column-th character. Tabs of the
// line are repeated before the caret, so that it stands right whatever a tab's
// width; a wide character takes two cells. What can't be printed is shown as
// a question mark: a file from elsewhere may hold terminal commands.
func Snippet(line string, column int) string {
	shown := printable(line)
	at := min(max(column-1, 0), len(shown))
	before, after := shown[:at], shown[at:]
	prefix, suffix := "", ""
	if width(shown) > widestLine {
		before, prefix = lastCells(before, widestLine/2)
		after, suffix = firstCells(after, widestLine-width(before))
	}
	var pad strings.Builder
	pad.WriteString(strings.Repeat(" ", uniseg.StringWidth(prefix)))
	for text, rest := "", string(before); rest != ""; {
		text, rest, _, _ = uniseg.FirstGraphemeClusterInString(rest, -1)
		if text == "\t" {
			pad.WriteByte('\t')
			continue
		}
		pad.WriteString(strings.Repeat(" ", uniseg.StringWidth(text)))
	}
	return prefix + string(before) + string(after) + suffix + "\n" + pad.String() + "^"
}

// printable is the line with everything that isn't text, a space or a tab
// replaced.
func printable(line string) []rune {
	runes := []rune(line)
	for i, r := range runes {
		if r != '\t' && !unicode.IsPrint(r) {
			runes[i] = '?'
		}
	}
	return runes
}

func width(r []rune) int { return uniseg.StringWidth(string(r)) + strings.Count(string(r), "\t") }

// lastCells cuts r to its last cells, with an ellipsis for what was cut.
func lastCells(r []rune, cells int) (cut []rune, ellipsis string) {
	if width(r) <= cells {
		return r, ""
	}
	from := max(len(r)-cells, 0)
	for from < len(r) && width(r[from:]) > cells {
		from++
	}
	return r[from:], "…"
}

// firstCells cuts r to its first cells, with an ellipsis for what was cut.
func firstCells(r []rune, cells int) (cut []rune, ellipsis string) {
	if width(r) <= cells {
		return r, ""
	}
	to := min(len(r), cells)
	for to > 0 && width(r[:to]) > cells {
		to--
	}
	return r[:to], "…"
}
