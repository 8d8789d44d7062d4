package text

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxWord is the longest word, in letters, that terms are compared with. A
// longer one is still a word of its text, but no term matches it.
const MaxWord = 64

// Fold gives s as the matcher compares it: every word in small letters, ё as
// е, composed, without soft hyphens, zero-width characters, stress marks and
// the apostrophes inside words, Latin look-alikes inside a Cyrillic word as
// Cyrillic and the reverse. What stands between words becomes one space.
func Fold(s string) string {
	var f Field
	var sc scanner
	sc.scan(s, &f)
	out := make([]byte, 0, len(s))
	for i := range f.Words {
		if i > 0 {
			out = append(out, ' ')
		}
		out = f.AppendFolded(out, i)
	}
	return string(out)
}

// The kinds of a letter, as bits, so that a word's kinds are the union of its
// letters'.
const (
	kindUpper uint16 = 1 << iota
	kindLower
	kindCyrillic
	kindLatin
	kindDigit
	kindOther // a letter of another script

	kindNone uint16 = 1 << 15 // no letter
)

// letter is what the scanner has to know of a character below tableSize:
// what it is folded to (0: it is no part of a word) and its kinds.
type letter struct {
	fold uint16
	kind uint16
}

const tableSize = 0x800

var letters = buildLetters()

func buildLetters() *[tableSize]letter {
	var t [tableSize]letter
	for r := range rune(tableSize) {
		f, k := foldRune(r)
		t[r] = letter{uint16(f), k}
	}
	return &t
}

// foldRune is the folding of one character by itself, 0 where it can't stand
// in a word.
func foldRune(r rune) (rune, uint16) {
	switch {
	case unicode.IsDigit(r):
		return r, kindDigit
	case !unicode.IsLetter(r) || isApostrophe(r):
		return 0, 0
	}
	f := unicode.ToLower(r)
	kind := kindOther
	switch {
	case f >= 0x400 && f < 0x530:
		kind = kindCyrillic
	case f < 0x250 || f == 'ə' || f >= 0x1e00 && f < 0x1f00:
		kind = kindLatin
	}
	if f != r {
		kind |= kindUpper
	} else {
		kind |= kindLower
	}
	switch f {
	case 'ё':
		f = 'е'
	case 'њ': // fonts made before Unicode had Tajik letters show these as ҳ, ҷ, қ and ғ
		f = 'ҳ'
	case 'љ':
		f = 'ҷ'
	case 'ќ':
		f = 'қ'
	case 'ѓ':
		f = 'ғ'
	case 'ي', 'ى': // Arabic letters that Persian and Kazakh keyboards give in two codes
		f = 'ی'
	case 'ك':
		f = 'ک'
	}
	return f, kind
}

// isApostrophe reports the marks that people type for the Uzbek and Ukrainian
// apostrophe, and for the English one.
func isApostrophe(r rune) bool {
	switch r {
	case '\'', '`', '´', '‘', '’', 'ʻ', 'ʼ', 'ʹ', 'ʽ', 'ˈ', 'ʾ', 'ʿ', '‛', '′', '＇':
		return true
	}
	return false
}

// isIgnorable reports characters that may stand inside a word without being
// part of it: soft hyphen, zero-width space and joiners, direction marks,
// byte order mark.
func isIgnorable(r rune) bool {
	switch r {
	case 0xad, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2060, 0xfeff:
		return true
	}
	return false
}

func isMark(r rune) bool { return r >= 0x300 && unicode.Is(unicode.Mn, r) }

// foldWord appends the letters of raw, one word, folded. With keepCase capital
// letters stay capitals. No more than MaxWord+1 letters are appended.
func foldWord(dst []rune, raw string, keepCase bool) []rune {
	first := len(dst)
	var kinds uint16
	for i := 0; i < len(raw) && len(dst)-first <= MaxWord; {
		r, size := rune(raw[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(raw[i:])
		}
		i += size
		switch f, kind := foldAny(r); {
		case f != 0:
			kinds |= kind
			if keepCase && kind&kindUpper != 0 {
				f = unicode.ToUpper(f)
			}
			dst = append(dst, f)
		case isMark(r):
			if len(dst) > first {
				dst[len(dst)-1] = compose(dst[len(dst)-1], r)
			}
		case (r == '.' || r == ',') && len(dst) > first:
			dst = append(dst, r)
		}
	}
	if kinds&(kindCyrillic|kindLatin) == kindCyrillic|kindLatin {
		oneScript(dst[first:])
	}
	return dst
}

func foldAny(r rune) (rune, uint16) {
	if r < tableSize {
		l := letters[r]
		return rune(l.fold), l.kind
	}
	return foldRune(r)
}

// compose is the letter that base and a combining mark make together, folded;
// base itself where there is none, as for a stress mark.
func compose(base, mark rune) rune {
	if base >= 0x400 && base < 0x530 && (mark == 0x300 || mark == 0x301) {
		return base
	}
	var buf [2 * utf8.UTFMax]byte
	b := utf8.AppendRune(utf8.AppendRune(buf[:0], base), mark)
	b = norm.NFC.Bytes(b)
	r, size := utf8.DecodeRune(b)
	if size != len(b) {
		return base
	}
	if unicode.IsUpper(r) {
		return r
	}
	f, _ := foldAny(r)
	return f
}

// lookAlikes are the letters that are typed or drawn alike: Latin, Cyrillic.
var lookAlikes = [][2]rune{
	{'a', 'а'}, {'c', 'с'}, {'e', 'е'}, {'o', 'о'}, {'p', 'р'}, {'x', 'х'}, {'y', 'у'},
	{'i', 'і'}, {'j', 'ј'}, {'s', 'ѕ'}, {'h', 'һ'}, {'ə', 'ә'}, {'ɵ', 'ө'},
	{'ö', 'ӧ'}, {'ï', 'ї'}, {'k', 'к'},
	{'A', 'А'}, {'B', 'В'}, {'C', 'С'}, {'E', 'Е'}, {'H', 'Н'}, {'I', 'І'}, {'K', 'К'},
	{'M', 'М'}, {'O', 'О'}, {'P', 'Р'}, {'T', 'Т'}, {'X', 'Х'}, {'Y', 'У'}, {'Ə', 'Ә'},
}

var (
	toCyrillic = map[rune]rune{}
	toLatin    = map[rune]rune{}
)

func init() {
	for _, p := range lookAlikes {
		toCyrillic[p[0]], toLatin[p[1]] = p[1], p[0]
	}
	// A capital's small form looks like another letter than the capital does;
	// folded words have only small ones.
	for _, p := range [][2]rune{{'b', 'в'}, {'m', 'м'}, {'t', 'т'}} {
		toCyrillic[p[0]], toLatin[p[1]] = p[1], p[0]
	}
	toCyrillic['n'] = 'п'
}

// oneScript makes a word of mixed scripts one of a single script, if all
// letters of the rarer script have a look-alike in the other.
func oneScript(w []rune) {
	var cyr, lat, onlyCyr, onlyLat int
	for _, r := range w {
		switch {
		case r >= 0x400 && r < 0x530:
			cyr++
			if _, ok := toLatin[r]; !ok {
				onlyCyr++
			}
		case unicode.Is(unicode.Latin, r):
			lat++
			if _, ok := toCyrillic[r]; !ok {
				onlyLat++
			}
		}
	}
	switch {
	case onlyCyr > 0 && onlyLat > 0:
	case onlyLat > 0 || onlyCyr == 0 && lat > cyr:
		replace(w, toLatin)
	default:
		replace(w, toCyrillic)
	}
}

func replace(w []rune, by map[rune]rune) {
	for i, r := range w {
		if o, ok := by[r]; ok {
			w[i] = o
		}
	}
}

// hashRunes is the hash of a folded word, or of a part of one.
func hashRunes(w []rune) uint64 {
	h := hashSeed
	for _, r := range w {
		h = step(h, r)
	}
	return h
}

// step goes on from the hash of a word to that of the word with one more letter.
func step(h uint64, r rune) uint64 { return (h + uint64(r)) * hashFactor }

const (
	hashSeed   uint64 = 0x9E3779B97F4A7C15
	hashFactor uint64 = 0x9E3779B97F4A7C15
)

func mix(h, r uint64) uint64 {
	h = (h ^ r) * 0x9E3779B97F4A7C15
	return h ^ h>>29
}
