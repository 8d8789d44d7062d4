package charset

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// double are the encodings that UTF-8 is taken for by mistake and encoded again,
// with the two characters that most Cyrillic letters begin with then.
var double = []struct {
	name      string
	m         *charmap.Charmap
	one, more string
}{
	{"windows-1252", charmap.Windows1252, "Ð", "Ñ"},
	{"windows-1251", charmap.Windows1251, "Р", "С"},
}

// twice undoes that a text was encoded as UTF-8 twice: "ÐœÐ¸Ñ€" and "РњРёСЂ" for
// "Мир". It gives nil where it was not.
func twice(b []byte) []byte {
	sample := b[:min(len(b), sampleBytes)]
	letters := 0
	for _, c := range sample {
		if c >= 0xc0 {
			letters++
		}
	}
	for _, d := range double {
		begins := bytes.Count(sample, []byte(d.one)) + bytes.Count(sample, []byte(d.more))
		if begins < 8 || 5*begins < 2*letters {
			continue
		}
		if once, ok := undo(b, d.m); ok {
			return once
		}
	}
	return nil
}

// undo writes a text in an encoding and reports whether that is UTF-8. A
// character that the encoding lacks stays as it is.
func undo(b []byte, m *charmap.Charmap) ([]byte, bool) {
	once := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			once = append(once, b[i])
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if c, ok := m.EncodeRune(r); ok {
			once = append(once, c)
		} else if r < 0xa0 { // a byte that the encoding has no character for
			once = append(once, byte(r))
		} else {
			once = append(once, b[i:i+n]...)
		}
		i += n
	}
	if utf8.Valid(once) {
		return once, true
	}
	if !mostlyUTF8(once) {
		return nil, false
	}
	return bytes.ToValidUTF8(once, []byte("\uFFFD")), true
}
