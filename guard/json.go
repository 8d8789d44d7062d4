package guard

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// JSON makes a JSON text safe to print on a terminal without changing what it
// says: each character that [Text] would not let pass as it is, and that stands
// in a string, as only there it can, is written as its \u escape. A text that
// holds none is returned as it is.
func JSON(doc []byte) []byte {
	var out []byte // doc[:from], rewritten; nil: nothing was yet
	from, prev := 0, rune(0)
	for at := 0; at < len(doc); {
		c := doc[at]
		if c < utf8.RuneSelf && c != 0x7f {
			at, prev = at+1, rune(c)
			continue
		}
		r, size := utf8.DecodeRune(doc[at:])
		if size > 1 || c == 0x7f {
			if !visible(r, prev, doc[at+size:]) {
				out = append(out, doc[from:at]...)
				out = appendEscape(out, r)
				from = at + size
			}
		}
		at, prev = at+size, r
	}
	if from == 0 {
		return doc
	}
	return append(out, doc[from:]...)
}

// visible reports whether r, which stands between prev and rest, is printed as
// it is.
func visible(r, prev rune, rest []byte) bool {
	next := string(rest[:min(len(rest), utf8.UTFMax)])
	if i := bytes.IndexByte(rest, '"'); i >= 0 && i < len(next) {
		next = next[:i]
	}
	return harmless(r, utf8.RuneLen(r), prev, next, false) == r
}

// appendEscape appends r as JSON escapes it (RFC 8259, 7).
func appendEscape(out []byte, r rune) []byte {
	if r > 0xffff {
		hi, lo := utf16.EncodeRune(r)
		return fmt.Appendf(out, `\u%04x\u%04x`, hi, lo)
	}
	return fmt.Appendf(out, `\u%04x`, r)
}
