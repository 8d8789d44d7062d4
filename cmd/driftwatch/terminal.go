package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"

	"driftwatch/news"
)

// widest is the longest line that is still read with ease.
const widest = 100

// terminal says how to write to w: colours where it is a terminal and neither
// $NO_COLOR (no-color.org) nor a dumb terminal forbids them, and its width in
// characters, 0 where it is none.
func terminal(w io.Writer, env func(string) string) (s style, columns int) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return false, 0
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil || columns < 40 {
		columns = 80
	}
	return style(env("NO_COLOR") == "" && env("TERM") != "dumb"), columns
}

// style writes text with colours (ECMA-48), or without.
type style bool

// Colours as parameters of SGR.
const (
	bold    = "1"
	dim     = "2"
	yellow  = "33"
	magenta = "35"
	cyan    = "36"
)

func (s style) open(code string) string {
	if !s {
		return ""
	}
	return "\x1b[" + code + "m"
}

func (s style) shut() string {
	if !s {
		return ""
	}
	return "\x1b[0m"
}

func (s style) faint(text string) string { return s.open(dim) + text + s.shut() }

func (s style) strong(text string) string { return s.open(bold) + text + s.shut() }

// underlined sets text apart: underlined on a terminal, between low lines where
// it goes elsewhere.
func (s style) underlined(text string) string {
	if !s {
		return "_" + text + "_"
	}
	return "\x1b[4m" + text + "\x1b[24m"
}

// direction colours a line by the way that it tells of.
func (s style) direction(d news.Direction, line string) string {
	switch d {
	case news.Apart:
		return s.open(cyan) + line + s.shut()
	case news.Closer:
		return s.open(yellow) + line + s.shut()
	}
	return s.open(magenta) + line + s.shut()
}

// fold writes a text of one line, broken at spaces to the terminal's width,
// with indent before each further line. Elsewhere than on a terminal it stays
// one line, so that it can be searched.
func (a *app) fold(out io.Writer, text, indent string) {
	for i, line := range broken(text, a.width, utf8.RuneCountInString(indent)) {
		if i > 0 {
			line = indent + line
		}
		fmt.Fprintln(out, line)
	}
}

// broken breaks a text at spaces into lines of at most width characters, all
// but the first shorter by indent; width 0 breaks nothing. Colours take no
// room. A word that is longer than a line stays whole.
func broken(text string, width, indent int) []string {
	if width == 0 {
		return []string{text}
	}
	var lines []string
	line, room := "", width
	for i, word := range strings.Split(text, " ") {
		switch {
		case i == 0:
			line = word
		case visible(line)+1+visible(word) > room && strings.TrimSpace(line) != "":
			lines = append(lines, line)
			line, room = word, width-indent
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

// visible counts the characters of a text without its colours.
func visible(text string) int {
	n := 0
	for {
		at := strings.Index(text, "\x1b[")
		if at < 0 {
			return n + utf8.RuneCountInString(text)
		}
		n += utf8.RuneCountInString(text[:at])
		end := strings.IndexByte(text[at:], 'm')
		if end < 0 {
			return n
		}
		text = text[at+end+1:]
	}
}
