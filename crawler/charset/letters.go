package charset

import (
	"slices"
	"unicode"

	"golang.org/x/text/encoding/charmap"
)

// trials are the one-byte encodings that a text may be in although nothing, or
// something else, was declared.
var trials = map[string]*charmap.Charmap{
	"windows-1251": charmap.Windows1251,
	"koi8-r":       charmap.KOI8R,
	"ibm866":       charmap.CodePage866,
	"iso-8859-5":   charmap.ISO8859_5,
	"windows-1252": charmap.Windows1252,
}

// order is the order in which trials are made, the likelier first: it decides
// between equals.
var order = []string{"windows-1251", "koi8-r", "windows-1252", "ibm866", "iso-8859-5"}

const (
	sampleBytes = 64 << 10 // how much of a body is judged
	trust       = 0.2      // what a declaration adds to a letter's mean score
)

// likeliest gives the one-byte encoding in which the bytes read best. What was
// declared wins unless another reads clearly better.
func likeliest(b []byte, hints []string) string {
	b = b[:min(len(b), sampleBytes)]
	best, bestScore := "windows-1252", -1e9
	for _, name := range candidates(hints) {
		score := -1.0
		if m, ok := trials[name]; ok {
			score = reads(b, m)
		} else if alone(b) {
			score = 0.5
		}
		if slices.Contains(hints, name) {
			score += trust
		}
		if score > bestScore {
			best, bestScore = name, score
		}
	}
	return best
}

// candidates are the declared encodings that can be meant, then the trials.
func candidates(hints []string) []string {
	var names []string
	for _, h := range hints {
		if h != "" && h != "utf-8" && !multibyte[h] && !slices.Contains(names, h) {
			names = append(names, h)
		}
	}
	for _, name := range order {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// reads judges how much the bytes decoded by m look like a written language:
// the mean over all bytes above ASCII. Cyrillic letters count by how common
// they are in Russian; a capital or a sign inside a word, and a Cyrillic letter
// after a Latin one, count against it: what one Cyrillic encoding takes for
// small letters, another takes for capitals or for boxes.
func reads(b []byte, m *charmap.Charmap) float64 {
	score, n := 0.0, 0
	var before rune
	for i, c := range b {
		r := m.DecodeByte(c)
		if c >= 0x80 {
			n++
			score += fits(r, before, neighbour(b, i))
		}
		before = r
	}
	if n == 0 {
		return 0
	}
	return score / float64(n)
}

// neighbour reports whether the byte at i has another byte above ASCII beside
// it, as the letters of a Cyrillic word have.
func neighbour(b []byte, i int) bool {
	return i > 0 && b[i-1] >= 0x80 || i+1 < len(b) && b[i+1] >= 0x80
}

// alone reports whether most bytes above ASCII stand alone, as the accented
// letters of a Latin text do.
func alone(b []byte) bool {
	single, n := 0, 0
	for i, c := range b {
		if c >= 0x80 {
			n++
			if !neighbour(b, i) {
				single++
			}
		}
	}
	return single*2 > n
}

func fits(r, before rune, together bool) float64 {
	switch {
	case r == '\uFFFD' || unicode.IsControl(r):
		return -2
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillic(r, before)
	case unicode.IsLetter(r):
		if together {
			return -0.5
		}
		return 0.6
	case isTypography(r):
		return 0.3
	case unicode.IsLetter(before):
		return -1
	}
	return -0.5
}

func cyrillic(r, before rune) float64 {
	switch {
	case unicode.Is(unicode.Latin, before), unicode.IsUpper(r) && unicode.IsLower(before):
		return -1.5
	case unicode.IsUpper(r):
		return 0.8 * frequency[unicode.ToLower(r)]
	default:
		return frequency[r]
	}
}

// frequency is how common the letters are in Russian, relative to the commonest.
// The letters that only the region's other languages have count as rare ones.
var frequency = map[rune]float64{
	'о': 1, 'е': 0.77, 'а': 0.73, 'и': 0.67, 'н': 0.61, 'т': 0.57, 'с': 0.5, 'р': 0.43, 'в': 0.41, 'л': 0.4,
	'к': 0.32, 'м': 0.29, 'д': 0.27, 'п': 0.26, 'у': 0.24, 'я': 0.18, 'ы': 0.17, 'ь': 0.16, 'г': 0.15, 'з': 0.15,
	'б': 0.14, 'ч': 0.13, 'й': 0.11, 'х': 0.09, 'ж': 0.09, 'ш': 0.07, 'ю': 0.06, 'ц': 0.04, 'щ': 0.03, 'э': 0.03,
	'ф': 0.02, 'ё': 0.02,
}

// isTypography reports the signs that any printed text has.
func isTypography(r rune) bool {
	switch r {
	case '«', '»', '„', '“', '”', '‘', '’', '–', '—', '…', '№', '\u00a0', '\u00ad', '·', '•', '§', '©', '®', '°', '€', '™':
		return true
	}
	return false
}
