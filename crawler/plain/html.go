package plain

import (
	"bytes"
	"html"
	"strings"
)

// HTML gives the text of a piece of HTML. It takes time in proportion to the
// length of s, whatever s is.
func HTML(s string) string {
	b := Builder{buf: make([]byte, 0, len(s)*3/4)}
	return b.html(s)
}

// Line gives the text of s as one line. s is plain already: markup in it stays.
func Line(s string) string {
	if tidy(s) {
		return s
	}
	b := Builder{buf: make([]byte, 0, len(s))}
	b.Text(s)
	return b.String()
}

// Text closes up the white space of a plain text and keeps its paragraphs: an
// empty line parts them, and so does a line break after the end of a sentence.
func Text(s string) string {
	b := Builder{buf: make([]byte, 0, len(s))}
	for line := range strings.Lines(s) {
		b.Text(strings.TrimRight(line, "\r\n"))
		b.Line()
	}
	return b.String()
}

// Guess gives the text of s as one that may be HTML or plain, as feeds put
// either into a title: HTML where it has tags that HTML knows, and no others, or
// character references.
func Guess(s string) string {
	return guess(s, looksHTML)
}

// GuessRich is Guess for the longer fields, a summary or a body: there one tag
// that HTML knows is enough.
func GuessRich(s string) string {
	return guess(s, hasMarkup)
}

func guess(s string, isHTML func(string) bool) string {
	if strings.IndexByte(s, '<') < 0 && strings.IndexByte(s, '&') < 0 || !isHTML(s) {
		return Text(s)
	}
	return HTML(s)
}

// tidy reports whether s is ASCII without anything to close up or leave out.
func tidy(s string) bool {
	space := true
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return !space || s == ""
}

// IsBlock reports whether an element of HTML, named in lower case, stands on
// lines of its own.
func IsBlock(name string) bool { return blocks[name] }

// html appends the text of a piece of HTML and gives the whole.
func (b *Builder) html(s string) string {
	t := scanner{s: s}
	for t.next() {
		switch {
		case t.tag == "":
			b.escaped(t.text)
		case t.tag == "br":
			b.Line()
		case blocks[t.tag]:
			b.Paragraph()
		case t.tag == "td" || t.tag == "th":
			b.Space()
		}
	}
	return b.String()
}

// escaped adds a piece of text in which character references stand.
func (b *Builder) escaped(s string) {
	for {
		at := strings.IndexByte(s, '&')
		if at < 0 {
			b.Text(s)
			return
		}
		b.Text(s[:at])
		n, text := reference(s[at:])
		b.Text(text)
		s = s[at+n:]
	}
}

// Escaped adds a piece of text in which character references stand.
func (b *Builder) Escaped(s []byte) {
	for {
		at := bytes.IndexByte(s, '&')
		if at < 0 {
			add(b, s)
			return
		}
		add(b, s[:at])
		n, text := reference(string(s[at:min(len(s), at+maxReference)]))
		add(b, text)
		s = s[at+n:]
	}
}

// Unescape resolves character references. A name without its semicolon stays as
// it is: it is a parameter of an address more often than a letter.
func Unescape(s string) string {
	at := strings.IndexByte(s, '&')
	if at < 0 {
		return s
	}
	var b strings.Builder
	for at >= 0 {
		b.WriteString(s[:at])
		s = s[at:]
		n, text := reference(s)
		b.WriteString(text)
		s = s[n:]
		at = strings.IndexByte(s, '&')
	}
	b.WriteString(s)
	return b.String()
}

// maxReference is longer than any name of HTML's table.
const maxReference = 36

// reference reads the character reference at the start of s, which begins with
// an ampersand: how many bytes it has, and what it stands for.
func reference(s string) (n int, text string) {
	end := strings.IndexByte(s[:min(len(s), maxReference)], ';')
	if end < 2 {
		return 1, "&"
	}
	if text, ok := references[s[1:end]]; ok {
		return end + 1, text
	}
	text = html.UnescapeString(s[:end+1])
	if strings.HasPrefix(text, "&") && text != "&" || strings.HasSuffix(text, ";") {
		return 1, "&"
	}
	return end + 1, text
}

// references are the commonest, so that they needn't be looked up in HTML's
// whole table.
var references = map[string]string{
	"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'", "#39": "'", "#039": "'", "nbsp": "\u00a0",
	"laquo": "«", "raquo": "»", "ndash": "–", "mdash": "—", "hellip": "…", "rsquo": "’", "lsquo": "‘",
	"ldquo": "“", "rdquo": "”", "bdquo": "„", "#8211": "–", "#8212": "—", "#8217": "’", "#8230": "…",
}

// scanner cuts HTML into text and tags.
type scanner struct {
	s    string
	text string // a run of text, when tag is empty
	tag  string // the name of a tag in lower case, opening or closing
	end  bool   // it is a closing tag

	tagged   bool            // there was a tag so far
	dropped  bool            // something was left out: a comment, a script
	literal  bool            // no tag closes any more: what is left is text
	unclosed map[string]bool // raw elements and quotes that never close
}

// next moves to the next run of text or tag; it reports false at the end.
func (t *scanner) next() bool {
	for len(t.s) > 0 {
		at := strings.IndexByte(t.s, '<')
		if t.literal {
			at = -1
		}
		if at != 0 {
			if at < 0 {
				at = len(t.s)
			}
			t.text, t.tag, t.s = t.s[:at], "", t.s[at:]
			return true
		}
		if t.markup() {
			return true
		}
	}
	return false
}

// markup reads what begins with the "<" at the start of the rest. It reports
// whether there is something to show for it.
func (t *scanner) markup() bool {
	switch {
	case strings.HasPrefix(t.s, "<!--"):
		t.dropped = true
		t.skipPast("-->")
		return false
	case strings.HasPrefix(t.s, "<![CDATA["):
		t.s = t.s[len("<![CDATA["):]
		return false
	}
	name, end := tagName(t.s)
	if name == "" && !strings.HasPrefix(t.s, "<!") && !strings.HasPrefix(t.s, "<?") && !strings.HasPrefix(t.s, "</") {
		t.text, t.tag, t.s = "<", "", t.s[1:]
		return true
	}
	n := t.tagEnd()
	if n < 0 {
		t.literal = true
		return false
	}
	t.s = t.s[n:]
	if name == "" {
		return false
	}
	if raw[name] && !end {
		t.dropped = true
		t.skipElement(name)
		return false
	}
	t.tag, t.end, t.tagged = name, end, true
	return true
}

// skipPast drops everything up to the end of mark, or only the "<" where the
// mark never comes.
func (t *scanner) skipPast(mark string) {
	if !t.never(mark) {
		if i := strings.Index(t.s, mark); i >= 0 {
			t.s = t.s[i+len(mark):]
			return
		}
		t.mark(mark)
	}
	if n := strings.IndexByte(t.s, '>'); n >= 0 {
		t.s = t.s[n+1:]
		return
	}
	t.s = ""
}

// tagEnd is the length of the tag at the start of the rest, -1 where it never
// ends. A ">" between quotes doesn't end it.
func (t *scanner) tagEnd() int {
	for i := 1; i < len(t.s); i++ {
		switch c := t.s[i]; c {
		case '>':
			return i + 1
		case '"', '\'':
			if quote := t.s[i : i+1]; t.s[i-1] == '=' && !t.never(quote) {
				n := strings.IndexByte(t.s[i+1:], c)
				if n < 0 {
					t.mark(quote)
					continue
				}
				i += n + 1
			}
		}
	}
	return -1
}

// skipElement drops everything up to the end tag of an element whose content is
// no text.
func (t *scanner) skipElement(name string) {
	if t.never(name) {
		return
	}
	for rest := t.s; ; {
		i := strings.Index(rest, "</")
		if i < 0 {
			t.mark(name)
			return
		}
		rest = rest[i:]
		if found, _ := tagName(rest); found == name {
			t.s = rest
			if n := t.tagEnd(); n >= 0 {
				t.s = t.s[n:]
			}
			return
		}
		rest = rest[2:]
	}
}

func (t *scanner) never(mark string) bool { return t.unclosed[mark] }

func (t *scanner) mark(mark string) {
	if t.unclosed == nil {
		t.unclosed = make(map[string]bool)
	}
	t.unclosed[mark] = true
}

// tagName gives the name of the tag at the start of s in lower case, empty where
// there is none, and whether it is a closing one. A prefix is no part of it.
func tagName(s string) (name string, end bool) {
	i := 1
	if strings.HasPrefix(s, "</") {
		i, end = 2, true
	}
	start := i
	for i < len(s) && i-start < 40 && isNameByte(s[i], i > start) {
		if s[i] == ':' {
			start = i + 1
		}
		i++
	}
	if name, ok := spelt[s[start:i]]; ok {
		return name, end
	}
	return strings.ToLower(s[start:i]), end
}

func isNameByte(c byte, inside bool) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || inside && (c >= '0' && c <= '9' || c == '-' || c == ':' || c == '_')
}

// looksHTML reports whether s is HTML rather than text with a "<" in it: all of
// its tags are HTML's and one of them closes or needs no closing, or it has no
// tags and a character reference.
func looksHTML(s string) bool {
	t := scanner{s: s}
	sure := false
	for t.next() {
		if t.tag != "" && !known[t.tag] {
			return false
		}
		sure = sure || t.tag != "" && (t.end || void[t.tag])
	}
	return sure || t.dropped || !t.tagged && Unescape(s) != s
}

// hasMarkup reports whether s has any tag that HTML knows, or that closes, or a
// character reference and no tags.
func hasMarkup(s string) bool {
	t := scanner{s: s}
	for t.next() {
		if t.tag != "" && (known[t.tag] || t.end) {
			return true
		}
	}
	return t.dropped || !t.tagged && Unescape(s) != s
}
