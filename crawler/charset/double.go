package charset

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// double are the encodings that UTF-8 is taken for by mistake and encoded again.
var double = []*charmap.Charmap{charmap.Windows1252, charmap.Windows1251}

// twice undoes that a text was encoded as UTF-8 twice: "ÐœÐ¸Ñ€" and "РњРёСЂ" for
// "Мир". It gives nil where it was not.
func twice(b []byte) []byte {
	sample := b[:min(len(b), sampleBytes)]
	letters := 0
	var begins [2]int // of double: the two characters that most Cyrillic letters begin with then
	for i := 0; i < len(sample); i++ {
		for i+8 <= len(sample) && binary.LittleEndian.Uint64(sample[i:])&0x8080808080808080 == 0 {
			i += 8 // of ASCII
		}
		if i == len(sample) {
			break
		}
		c := sample[i]
		if c < 0xc0 {
			continue
		}
		letters++
		if i+1 == len(sample) {
			break
		}
		switch next := sample[i+1]; {
		case c == 0xc3 && (next == 0x90 || next == 0x91): // Ð and Ñ
			begins[0]++
		case c == 0xd0 && (next == 0xa0 || next == 0xa1): // Р and С
			begins[1]++
		}
	}
	for i, n := range begins {
		if n < 8 || 5*n < 2*letters {
			continue
		}
		if once, ok := undo(b, double[i]); ok {
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
