package plain

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Builder puts plain text together from pieces of text and the breaks between
// them. The zero Builder is ready to use.
type Builder struct {
	buf   []byte
	gap   gap
	lines int // line breaks since the last letter
}

// gap is what stands between the last letter written and the next one.
type gap uint8

const (
	gapNone gap = iota
	gapSpace
	gapParagraph
)

// Text adds a piece of text without markup. Its white space is closed up; line
// breaks in it are white space.
func (b *Builder) Text(s string) { add(b, s) }

// add is Text for a string or for bytes.
func add[T string | []byte](b *Builder, s T) {
	for i := 0; i < len(s); {
		if n := ordinary(s[i:]); n > 0 {
			b.fill()
			b.buf = append(b.buf, s[i:i+n]...)
			i += n
			continue
		}
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			if c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' {
				b.gap = max(b.gap, gapSpace)
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(string(s[i:min(i+utf8.UTFMax, len(s))]))
		i += size
		switch r = visible(r, b.buf); {
		case r == 0:
		case r == ' ':
			b.gap = max(b.gap, gapSpace)
		default:
			b.fill()
			b.buf = utf8.AppendRune(b.buf, r)
		}
	}
}

// ordinary is how many bytes at the start of s are visible ASCII or Cyrillic
// letters, with nothing among them to close up or leave out: single spaces
// between them count, at the ends they don't.
func ordinary[T string | []byte](s T) int {
	end := 0
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c > ' ' && c < 0x7f:
			i++
			end = i
		case c >= 0xd0 && c <= 0xd3 && i+1 < len(s) && s[i+1] >= 0x80 && s[i+1] < 0xc0:
			i += 2
			end = i
		case c == ' ' && i > 0 && i == end:
			i++
		default:
			return end
		}
	}
	return end
}

// Space makes sure that what follows stands apart from what was.
func (b *Builder) Space() { b.gap = max(b.gap, gapSpace) }

// Line adds a line break. It ends the paragraph after the end of a sentence, and
// where it is the second in a row; within a sentence it is a space.
func (b *Builder) Line() {
	b.lines++
	if b.lines > 1 || Ended(b.buf) {
		b.Paragraph()
		return
	}
	b.Space()
}

// Paragraph ends the paragraph.
func (b *Builder) Paragraph() { b.gap = gapParagraph }

// String is the text so far.
func (b *Builder) String() string { return string(b.buf) }

// Bytes is the text so far. What is added later may overwrite it.
func (b *Builder) Bytes() []byte { return b.buf }

// Len is the number of bytes of the text so far.
func (b *Builder) Len() int { return len(b.buf) }

// Reset forgets the text and keeps its memory.
func (b *Builder) Reset() { *b = Builder{buf: b.buf[:0]} }

// fill writes the gap before a letter.
func (b *Builder) fill() {
	if b.gap != gapNone && len(b.buf) > 0 {
		if b.gap == gapSpace {
			b.buf = append(b.buf, ' ')
		} else {
			b.buf = append(b.buf, '\n', '\n')
		}
	}
	b.gap, b.lines = gapNone, 0
}

// visible gives the character that a reader sees for r: a space for any kind of
// space, 0 for what takes no room, the windows-1252 character for a C1 control,
// which is what such a byte was meant as.
func visible(r rune, before []byte) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case r >= 0x80 && r < 0xa0:
		if w := charmap.Windows1252.DecodeByte(byte(r)); w >= 0xa0 && w != utf8.RuneError {
			return w
		}
		return 0
	case r == '\u00ad' || r == '\u200b' || r == '\u2060' || r == '\ufeff' || r == '\u200e' || r == '\u200f':
		return 0
	case r == '\u200c' || r == '\u200d':
		// They shape letters in Arabic script; elsewhere they only hide words.
		if last, _ := utf8.DecodeLastRune(before); unicode.Is(unicode.Arabic, last) {
			return r
		}
		return 0
	}
	return r
}

// Ended reports whether a text ends as a sentence, a heading or a quotation
// does.
func Ended(text []byte) bool {
	r, _ := utf8.DecodeLastRune(text)
	switch r {
	case '.', '!', '?', '…', ':', ';', '»', '”', '"', ')', '։', '。':
		return true
	}
	return false
}
