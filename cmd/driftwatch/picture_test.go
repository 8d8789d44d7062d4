package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// left stands in the picture where lines of the output are left out.
const left = "⋮"

// excerpt is what the picture shows of the demo's output: how it begins, the
// first stories, one message, the summary.
func excerpt(out string) []string {
	lines := strings.Split(out, "\n")
	at := func(from int, prefix string) int {
		for i := from; i < len(lines); i++ {
			if strings.HasPrefix(plainText(lines[i]), prefix) {
				return i
			}
		}
		return len(lines)
	}
	message := at(0, "Messages that arrived")
	mail := at(message, "  Mail")
	summary := at(mail, "The summary")
	second := at(summary, "The outlets print")
	var shown []string
	shown = append(shown, "\x1b[1m$ driftwatch demo\x1b[0m")
	end := min(27, message)
	for strings.HasPrefix(plainText(lines[end]), " ") { // a story is shown whole
		end++
	}
	shown = append(shown, lines[:end]...)
	shown = append(shown, left, "")
	shown = append(shown, lines[message:mail-1]...)
	shown = append(shown, left, "")
	return append(shown, lines[summary:second-1]...)
}

// Measures of the picture, in pixels.
const (
	charWidth  = 8.4
	lineHeight = 19
	margin     = 18
)

// picture draws lines with colours as a terminal shows them. It has a dark
// ground of its own, so that it can be read on pages of any colour.
func picture(lines []string) string {
	width := widest*charWidth + 2*margin
	height := len(lines)*lineHeight + 2*margin
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%d" viewBox="0 0 %.0f %d" xml:space="preserve" role="img" aria-label="driftwatch demo in a terminal">
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;fill:#d8dee9;white-space:pre}
.c1{font-weight:bold;fill:#fff}.c2{fill:#8b949e}.c33{fill:#e3b341}.c35{fill:#d2a8ff}.c36{fill:#56d4dd}</style>
<rect width="100%%" height="100%%" rx="8" fill="#0d1117" stroke="#30363d"/>
`, width, height, width, height)
	for i, line := range lines {
		if plainText(line) == "" {
			continue
		}
		fmt.Fprintf(&b, `<text y="%d">`, margin+i*lineHeight+14)
		drawLine(&b, line)
		b.WriteString("</text>\n")
	}
	b.WriteString("</svg>\n")
	return b.String()
}

var colour = regexp.MustCompile(`\x1b\[(\d+)m`)

// drawLine writes the runs of a line, each at its column and as long as its
// characters, whatever the reader's font has.
func drawLine(b *strings.Builder, line string) {
	column, class := 0, "0"
	run := func(text string) {
		if n := utf8.RuneCountInString(text); strings.TrimSpace(text) != "" {
			fmt.Fprintf(b, `<tspan x="%.1f" textLength="%.1f"`, margin+float64(column)*charWidth, float64(n)*charWidth)
			if class != "0" {
				fmt.Fprintf(b, ` class="c%s"`, class)
			}
			fmt.Fprintf(b, `>%s</tspan>`, html.EscapeString(text))
		}
		column += utf8.RuneCountInString(text)
	}
	at := 0
	for _, m := range colour.FindAllStringSubmatchIndex(line, -1) {
		run(line[at:m[0]])
		class, at = line[m[2]:m[3]], m[1]
	}
	run(line[at:])
}

// plainText is a line without its colours.
func plainText(line string) string { return colour.ReplaceAllString(line, "") }

// drawnLines are the lines of a picture.
func drawnLines(t *testing.T, svg []byte) []string {
	t.Helper()
	var lines []string
	inText := false
	for d := xml.NewDecoder(strings.NewReader(string(svg))); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return lines
		}
		if err != nil {
			t.Fatalf("%s: %v", pictureFile, err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "text" {
				lines, inText = append(lines, ""), true
			}
		case xml.EndElement:
			inText = inText && e.Name.Local != "text"
		case xml.CharData:
			if inText {
				lines[len(lines)-1] += string(e)
			}
		}
	}
}
