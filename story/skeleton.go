package story

import (
	"strings"
	"unicode/utf8"

	"driftwatch/text"
)

// skeletonLetters is how many consonants of a word its skeleton keeps. Endings
// stand behind them.
const skeletonLetters = 5

// consonants says which sound a letter stands for, in the letters that the
// region's languages are written in. What isn't there is a vowel or silent.
var consonants = soundTable(
	"bбb pпp fфf vвf wf dдd tтt kкk qқk gгg ғg zзz sсs цs cs хh ҳh һh hh jжj ҷj žj чc çc шx щx şx lлl mмm nнn ңn ňn ñn rрr")

// digraphs are two letters that are one sound.
var digraphs = map[[2]rune]rune{
	{'s', 'h'}: 'x', {'c', 'h'}: 'c', {'z', 'h'}: 'j', {'k', 'h'}: 'h', {'g', 'h'}: 'g', {'p', 'h'}: 'f', {'t', 's'}: 's',
	{'c', 'k'}: 'k', {'t', 'h'}: 't', {'n', 'g'}: 'n', {'н', 'г'}: 'n', {'д', 'ж'}: 'j', {'d', 'j'}: 'j', {'т', 'с'}: 's',
}

// soundTable reads groups of letters, of which the last one is the sound.
func soundTable(groups string) map[rune]rune {
	table := map[rune]rune{}
	for g := range strings.FieldsSeq(groups) {
		letters := []rune(g)
		for _, r := range letters[:len(letters)-1] {
			table[r] = letters[len(letters)-1]
		}
	}
	return table
}

// skeleton gives the consonants of a folded word by their sound, without
// doubles, and how many there are. A vowel counts at the beginning alone. So a
// name has one skeleton however it is transliterated: Токаев, Tokayev, Toqayev.
func skeleton(word []byte, lang string) (key uint64, n int) {
	last := rune(0)
	key = 5
	for i := 0; i < len(word) && n < skeletonLetters; {
		r, size := utf8.DecodeRune(word[i:])
		next, nextSize := utf8.DecodeRune(word[i+size:])
		sound, two := digraphs[[2]rune{r, next}]
		switch {
		case two:
			size += nextSize
		case r == 'c' && !softens(next):
			sound = 'k'
		case r == 'x' && lang != "uz":
			sound = 's'
		case r == 'x':
			sound = 'h'
		default:
			sound = consonants[r]
		}
		if i == 0 && sound == 0 {
			sound = 'a'
		}
		i += size
		if sound != 0 && sound != last {
			key, n = mix(key, uint64(sound)), n+1
		}
		last = sound
	}
	return key, n
}

// softens reports whether c before r is s.
func softens(r rune) bool { return r == 'e' || r == 'i' || r == 'y' }

// russianCases are endings of names in Russian, of those that have a consonant.
// -ов, -ев and -ин are no endings here: they are what surnames end in.
var russianCases = []string{"ского", "скому", "ским", "ском", "ого", "ому", "ами", "ями", "ым", "им", "ом", "ем", "ам", "ям", "ах", "ях"}

// nameStem is a folded name without its case.
func nameStem(f *text.Field, i int, folded []byte, lang string) []byte {
	switch lang {
	case "en", text.Unknown:
		return folded
	case "ru":
		for _, e := range russianCases {
			if stem, ok := strings.CutSuffix(string(folded), e); ok && utf8.RuneCountInString(stem) >= 3 {
				return folded[:len(stem)]
			}
		}
		return folded
	}
	return folded[:runeBytes(folded, f.Stem(i, lang))]
}

// runeBytes is how many bytes the first n letters take.
func runeBytes(b []byte, n int) int {
	at := 0
	for ; n > 0 && at < len(b); n-- {
		_, size := utf8.DecodeRune(b[at:])
		at += size
	}
	return at
}
