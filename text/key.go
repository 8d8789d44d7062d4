package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// AppendKey appends the key of word i of a text in a language: what is left of
// the word without its ending, written in Latin letters in one way, without
// vowels at its end. Forms of one word have one key, and so have, as far as they
// are spelled by sound, a loanword in several of the languages and a word in the
// scripts of one: санкциями, санкциялар, sanksiyalar and санксияҳо are all
// "sanks". Different words may share a key; it is for finding texts, not for
// telling what they say.
func (f *Field) AppendKey(dst []byte, i int, lang string) []byte {
	var buf [MaxWord + 1]rune
	word := f.foldedRunes(buf[:0], i, false)
	if n := f.Stem(i, lang); n < len(word) {
		word = word[:n]
	}
	begin := len(dst)
	dst = appendSounds(dst, word)
	for begin+3 < len(dst) && strings.IndexByte("aeiouy", dst[len(dst)-1]) >= 0 {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// AppendLetters appends word i of a text with its ending, written as keys are.
func (f *Field) AppendLetters(dst []byte, i int) []byte {
	var buf [MaxWord + 1]rune
	return appendSounds(dst, f.foldedRunes(buf[:0], i, false))
}

// appendSounds appends folded letters to dst.
func appendSounds(dst []byte, word []rune) []byte {
	begin := len(dst)
	for _, r := range word {
		dst = appendSound(dst, begin, r)
	}
	return dst
}

// Keys gives the keys that a word may have, each once: that of lang where it is
// one of the seven languages, else those of all that are written in its script.
func (f *Field) Keys(i int, lang string) []string {
	all := keyLanguages(f.Words[i].Flags)
	if langsOf(lang) != allLangs {
		all = []string{lang}
	}
	var out []string
	for _, l := range all {
		if key := string(f.AppendKey(nil, i, l)); key != "" && !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	return out
}

// keyLanguages are those that a word in a script may be of.
func keyLanguages(f Flags) []string {
	if f&Cyrillic != 0 {
		return []string{"ru", "kk", "ky", "uz", "tg"}
	}
	return []string{"en", "uz", "tk"}
}

// appendSound appends a folded letter to a key that begins at a byte of dst. What
// two orthographies write differently for one sound is written alike: ts and ц are
// s, kh and х are h.
func appendSound(dst []byte, begin int, r rune) []byte {
	s, ok := keyLetters[r]
	if !ok {
		return utf8.AppendRune(dst, r)
	}
	if last := len(dst) - 1; last >= begin && (dst[last] == 't' && s == "s" || dst[last] == 'k' && r == 'h') {
		dst[last] = s[0]
		return dst
	}
	return append(dst, s...)
}

// keyLetters are the letters of the languages as keys write them.
var keyLetters = keyLettersOf("аa әa бb вv гg ғg дd еe жj зz иi йy кk қk лl мm нn ңn оo өo пp рr сs тt уu ұu үu фf хh һh ҳh цs чch ҷj шsh щsh ъ ыi ь " +
	"іi эe юyu яya ӣi ӯu ўo ёe äa öo üu ýy ňn şsh çch žj ñn ğg ıi áa óo úu ǵg ńn qk ss hh")

func keyLettersOf(list string) map[rune]string {
	m := make(map[rune]string)
	for _, entry := range strings.Fields(list) {
		r, n := utf8.DecodeRuneInString(entry)
		m[r] = entry[n:]
	}
	return m
}
