package guard

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line makes text from outside safe to print on one line of a terminal or a
// log, and to put into a message. Line breaks and tabs become one space a run;
// other control characters, ESC and CSI among them, become their visible
// pictures (U+2400…), so that an escape sequence is seen and not obeyed; what
// can't be seen or turns the direction of reading (bidi controls, zero-width
// and tag characters, fillers, soft hyphens) is left out, except for joiners
// inside an emoji or a word of a script that is written with them; invalid
// UTF-8 becomes U+FFFD, one a run.
//
// Text that holds none of these is returned as it is, byte for byte and
// without allocating. Line(Line(s)) is Line(s).
func Line(s string) string { return clean(s, true) }

// Text is [Line] for text of several lines: every kind of line break becomes a
// line feed, tabs stay.
func Text(s string) string { return clean(s, false) }

// Header is a mail header's value, or any other protocol's line, that can't
// begin a second header: [Line] without spaces at either end.
func Header(s string) string { return strings.TrimSpace(Line(s)) }

// CSV is a cell that no spreadsheet runs as a formula: [Text], with an
// apostrophe before a character that would begin a formula (= + - @, their
// full-width and small forms) where a cell begins. A cell begins at the start
// of the text, and for a spreadsheet that splits at other separators than the
// file's (Excel in a Russian locale splits at semicolons) also after a
// semicolon, a tab or a line break.
//
// Numbers that the program made itself need no CSV; it would turn -1 into '-1.
func CSV(s string) string {
	s = leadingBreaksQuoted(s)
	at := formulaStart(s, 0)
	if at < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 4)
	from := 0
	for at >= 0 {
		b.WriteString(s[from:at])
		b.WriteByte('\'')
		from = at
		at = formulaStart(s, at+1)
	}
	b.WriteString(s[from:])
	return b.String()
}

// leadingBreaksQuoted is Text(s), quoted where it begins with a tab or a line
// break: spreadsheets drop these before they look for a formula.
func leadingBreaksQuoted(s string) string {
	s = Text(s)
	if s != "" && (s[0] == '\t' || s[0] == '\n') {
		return "'" + s
	}
	return s
}

// formulaStart finds the first character at or after from that begins a cell
// and a formula; -1 where there is none.
func formulaStart(s string, from int) int {
	for i, r := range s[from:] {
		if beginsFormula(r) && beginsCell(s[:from+i]) {
			return from + i
		}
	}
	return -1
}

func beginsFormula(r rune) bool {
	switch r {
	case '=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫':
		return true
	}
	return false
}

// beginsCell reports whether what follows before could be taken for the start
// of a cell.
func beginsCell(before string) bool {
	before = strings.TrimRightFunc(before, func(r rune) bool {
		return unicode.IsSpace(r) && r != '\t' && r != '\n'
	})
	return before == "" || strings.IndexByte(";\t\n", before[len(before)-1]) >= 0
}

func clean(s string, oneLine bool) string {
	at, prev := 0, rune(0)
	for at < len(s) {
		if c := s[at]; ' ' <= c && c < 0x7f {
			at, prev = at+1, rune(c)
			continue
		}
		r, size := utf8.DecodeRuneInString(s[at:])
		if out := harmless(r, size, prev, s[at+size:], oneLine); out != r || r == utf8.RuneError && size == 1 {
			return rewrite(s, at, prev, oneLine)
		}
		at, prev = at+size, r
	}
	return s
}

// rewrite cleans s, of which s[:at] needs nothing done and ends in prev.
func rewrite(s string, at int, prev rune, oneLine bool) string {
	var b strings.Builder
	b.Grow(len(s) + 8)
	b.WriteString(s[:at])
	folded := false // the last thing read became the run's one space or U+FFFD
	for at < len(s) {
		r, size := utf8.DecodeRuneInString(s[at:])
		rest := s[at+size:]
		out := harmless(r, size, prev, rest, oneLine)
		at += size
		bad := r == utf8.RuneError && size == 1
		fold := bad || oneLine && out == ' ' && r != ' '
		switch {
		case out == drop, fold && folded && prev == out:
			continue
		case out == '\n' && r == '\r' && strings.HasPrefix(rest, "\n"):
			continue
		}
		b.WriteRune(out)
		prev, folded = out, fold
	}
	return b.String()
}

// drop stands for a character that is left out.
const drop rune = -1

// harmless is what becomes of r, which follows prev and comes before rest.
func harmless(r rune, size int, prev rune, rest string, oneLine bool) rune {
	switch {
	case r == utf8.RuneError && size == 1, r&0xfffe == 0xfffe, 0xfdd0 <= r && r <= 0xfdef:
		return utf8.RuneError // not UTF-8, or not a character
	case isBreak(r) && oneLine, r == '\t' && oneLine:
		return ' '
	case isBreak(r):
		return '\n'
	case r == '\t':
		return r
	case r < ' ':
		return '␀' + r
	case r == 0x7f:
		return '␡'
	case 0x80 <= r && r < 0xa0:
		return utf8.RuneError // C1, of which no pictures exist
	case r == zwj || r == zwnj:
		return joiner(r, prev, rest)
	case r == 0xfe0e || r == 0xfe0f:
		return presentation(r, prev, rest)
	case invisible(r):
		return drop
	}
	return r
}

func isBreak(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

const (
	zwnj = 0x200c
	zwj  = 0x200d
)

// joiner keeps a joiner that does its work: between two parts of an emoji, or
// inside a word of a script that is spelled with joiners.
func joiner(r, prev rune, rest string) rune {
	next, _ := utf8.DecodeRuneInString(rest)
	switch {
	case prev == utf8.RuneError || next == utf8.RuneError: // a symbol by Unicode's table, and what stands for the end of a text
		return drop
	case r == zwj && (unicode.Is(unicode.So, prev) || unicode.Is(unicode.Sk, prev) || prev == 0xfe0f) && unicode.Is(unicode.So, next):
		return r
	case unicode.In(prev, joined...) && unicode.In(next, joined...):
		return r
	}
	return drop
}

// joined are the scripts whose spelling uses joiners.
var joined = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mongolian, unicode.Devanagari, unicode.Bengali,
	unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada,
	unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar,
}

// presentation keeps a variation selector that says how a symbol is drawn, as
// text or as emoji, keycaps among them.
func presentation(r, prev rune, rest string) rune {
	switch {
	case unicode.IsSymbol(prev) && prev != utf8.RuneError, prev > 0x7f && unicode.IsPunct(prev):
		return r
	case strings.HasPrefix(rest, "\u20e3"):
		return r
	}
	return drop
}

// invisible reports whether r is drawn as nothing, or only changes how its
// neighbours are read: formats (category Cf, bidi controls and tags among
// them) but for the signs that are drawn around numbers, fillers and variation
// selectors.
func invisible(r rune) bool {
	switch {
	case 0xae <= r && r < 0x34f, 0x350 <= r && r < 0x600: // letters and accents of most of what is read here
		return false
	case r == 0x34f, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0x3164, r == 0xffa0,
		0x180b <= r && r <= 0x180f, 0xfe00 <= r && r <= 0xfe0d, 0xfff0 <= r && r <= 0xfff8, 0xe0000 <= r && r <= 0xe0fff:
		return true
	}
	return unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}
