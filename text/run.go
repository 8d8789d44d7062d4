package text

import (
	"math/bits"
	"unicode"
	"unicode/utf8"
)

// run is a run of letters and digits, as far as it was read. Its hash is that of
// hashRunes: Cyrillic letters are read four at a time, ASCII eight, and the
// hash's steps for them, h = (h + letter) * k each, are taken at once: the
// letters times the powers of k that they would have been multiplied with.
type run struct {
	hash    uint64
	end     int
	letters int
	kinds   uint16 // the union of the letters'
	first   uint16 // kind
}

// powers are those of the hash's factor: power n is at n+7; below power 0 they
// don't count.
var powers = func() (p [16]uint64) {
	p[7] = 1
	for i := 8; i < len(p); i++ {
		p[i] = p[i-1] * hashFactor
	}
	return p
}()

// cyrillicLetters are the letters from U+0400 to U+04FF, from 0x100 on, as fold
// and kind in the lower and upper half. Below are zeros, for places behind the
// end of a word.
var cyrillicLetters = func() (t [0x200]uint32) {
	for i := range 0x100 {
		l := letters[0x400+i]
		if l.fold == 0 {
			l.kind = kindNone
		}
		t[0x100+i] = uint32(l.fold) | uint32(l.kind)<<16
	}
	return t
}()

// load8 gives eight bytes from i on, the first in the lowest bits.
func load8(s string, i int) uint64 {
	b := s[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// cyrillic reads on as far as there are letters of U+0400 to U+04FF and eight
// bytes to be loaded. Where a character of that block is no letter, kindNone is
// among the kinds.
func (l *run) cyrillic(text string) {
	i, h, kinds := l.end, l.hash, uint32(0)
	for i+8 <= len(text) {
		x := load8(text, i)
		// The lead bytes are 0xd0 to 0xd3; what follows is 0x80 to 0xbf.
		n := bits.TrailingZeros64(x&0xc0fc_c0fc_c0fc_c0fc^0x80d0_80d0_80d0_80d0) / 16
		if n < 4 {
			x &= 1<<(16*n&63) - 1
		}
		// In each 16 bits the character's place in the table.
		x = x&0x0003_0003_0003_0003<<6 | x>>8&0x003f_003f_003f_003f | x>>7&0x0100_0100_0100_0100
		a, b, c, d := cyrillicLetters[x&0x1ff], cyrillicLetters[x>>16&0x1ff], cyrillicLetters[x>>32&0x1ff], cyrillicLetters[x>>48&0x1ff]
		h = (h+uint64(a&0xffff))*powers[(n+7)&15] + uint64(b&0xffff)*powers[(n+6)&15] +
			uint64(c&0xffff)*powers[(n+5)&15] + uint64(d&0xffff)*powers[(n+4)&15]
		if i == l.end {
			l.first = uint16(a >> 16)
		}
		kinds |= a | b | c | d
		i += 2 * n
		if n < 4 {
			break
		}
	}
	l.letters = (i - l.end) / 2
	l.hash, l.end, l.kinds = h, i, uint16(kinds>>16)
}

// ascii reads on as far as there are ASCII letters and digits and eight bytes to
// be loaded.
func (l *run) ascii(text string) {
	const (
		all  = 0x0101_0101_0101_0101
		high = 0x80 * all // the highest bit of each byte
	)
	i, h := l.end, l.hash
	var capitals, small, digits uint64
	for i+8 <= len(text) {
		x := load8(text, i)
		low := x &^ high
		folded := low | 0x20*all
		// A byte's highest bit is set by adding where it is at least so much.
		letter := (folded + (0x80-'a')*all) &^ (folded + (0x80-'z'-1)*all) & high &^ x
		digit := (low + (0x80-'0')*all) &^ (low + (0x80-'9'-1)*all) & high &^ x
		n := bits.TrailingZeros64(^(letter|digit)&high) / 8
		if n < 8 {
			mask := uint64(1)<<(8*n&63) - 1
			x, letter, digit = x&mask, letter&mask, digit&mask
		}
		capitals |= letter &^ (x << 2)
		small |= letter & (x << 2)
		digits |= digit
		if i == l.end {
			l.first = uint16((letter&^(x<<2))>>7&1) * kindUpper
		}
		x |= letter >> 2 // 0x20: a small letter
		h = (h+x&0xff)*powers[(n+7)&15] + x>>8&0xff*powers[(n+6)&15] + x>>16&0xff*powers[(n+5)&15] + x>>24&0xff*powers[(n+4)&15] +
			x>>32&0xff*powers[(n+3)&15] + x>>40&0xff*powers[(n+2)&15] + x>>48&0xff*powers[(n+1)&15] + x>>56*powers[n&15]
		i += n
		if n < 8 {
			break
		}
	}
	l.letters = i - l.end
	l.hash, l.end = h, i
	if capitals != 0 {
		l.kinds |= kindUpper | kindLatin
	}
	if small != 0 {
		l.kinds |= kindLower | kindLatin
	}
	if digits != 0 {
		l.kinds |= kindDigit
	}
}

// any reads on letter by letter, as far as there are letters of the table.
func (l *run) any(text string) {
	i, h, n := l.end, l.hash, l.letters
	for i < len(text) {
		var at letter
		c, size := text[i], 1
		if c < utf8.RuneSelf {
			at = letters[c]
		} else if c >= 0xc2 && c < 0xe0 && i+1 < len(text) && text[i+1]&0xc0 == 0x80 {
			at = letters[(int(c&0x1f)<<6|int(text[i+1]&0x3f))&(tableSize-1)]
			size = 2
		}
		if at.fold == 0 {
			break
		}
		h = step(h, rune(at.fold))
		if n == 0 {
			l.first = at.kind
		}
		l.kinds |= at.kind
		n++
		i += size
	}
	l.hash, l.end, l.letters = h, i, n
}

// smallLetters are the characters of the table that unicode.IsLower reports.
var smallLetters = func() (set [tableSize / 64]uint64) {
	for r := range rune(tableSize) {
		if unicode.IsLower(r) {
			set[r/64] |= 1 << (r % 64)
		}
	}
	return set
}()

func isLower(r rune) bool {
	if r < tableSize {
		return smallLetters[r/64]>>(r%64)&1 != 0
	}
	return unicode.IsLower(r)
}
