package names

import (
	"strings"
	"unicode"
)

// Respell gives a name in the other script, letter by letter: Cyrillic to Latin
// by BGN/PCGN's romanization of Russian (1947) without its marks, with the
// letters of Kazakh, Kyrgyz, Uzbek and Tajik beside it, Latin to Cyrillic by the
// same table read backwards; a word that begins with E gives two spellings, with
// Е and with Э. There is none where there is nothing to respell, or where a
// letter has no equal.
func Respell(name string) []string {
	latin, cyrillic := scripts(name)
	var first, second string
	switch {
	case cyrillic && !latin:
		first = toLatin(name)
	case latin && !cyrillic:
		first, second = toCyrillic(name, "е"), toCyrillic(name, "э")
	}
	switch {
	case first == "":
		return nil
	case second == "" || second == first:
		return []string{first}
	}
	return []string{first, second}
}

func scripts(s string) (latin, cyrillic bool) {
	for _, r := range s {
		latin = latin || unicode.Is(unicode.Latin, r)
		cyrillic = cyrillic || unicode.Is(unicode.Cyrillic, r)
	}
	return latin, cyrillic
}

var latinOf = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "yo", 'ж': "zh", 'з': "z", 'и': "i", 'й': "y",
	'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f",
	'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",
	'ә': "a", 'ғ': "g", 'қ': "q", 'ң': "ng", 'ө': "o", 'ұ': "u", 'ү': "u", 'һ': "h", 'і': "i",
	'ў': "o", 'ҳ': "h", 'ҷ': "j", 'ӣ': "i", 'ӯ': "u", 'є': "ye", 'ї': "yi", 'ґ': "g",
}

func toLatin(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		lower := unicode.ToLower(r)
		s, ok := latinOf[lower]
		switch {
		case !ok && unicode.Is(unicode.Cyrillic, r):
			return ""
		case !ok:
			b.WriteRune(r)
			continue
		case lower == 'й' && i > 0 && i+1 == wordEnd(runes, i) && strings.ContainsRune("ыи", unicode.ToLower(runes[i-1])):
			s = "" // Зелёный: Zeleny, Дмитрий: Dmitri
		}
		if lower != r && s != "" {
			allCapitals := i+1 < len(runes) && unicode.IsUpper(runes[i+1]) || i > 0 && unicode.IsUpper(runes[i-1])
			if allCapitals {
				s = strings.ToUpper(s)
			} else {
				s = strings.ToUpper(s[:1]) + s[1:]
			}
		}
		b.WriteString(s)
	}
	return b.String()
}

// wordEnd is the index behind the word that letter i is in.
func wordEnd(runes []rune, i int) int {
	for i < len(runes) && unicode.IsLetter(runes[i]) {
		i++
	}
	return i
}

// cyrillicOf are what Latin letters stand for, the longest first.
var cyrillicOf = []struct{ latin, cyrillic string }{
	{"shch", "щ"}, {"sch", "щ"},
	{"zh", "ж"}, {"kh", "х"}, {"ts", "ц"}, {"ch", "ч"}, {"sh", "ш"}, {"yu", "ю"}, {"ya", "я"}, {"yo", "ё"}, {"ye", "е"},
	{"iu", "ю"}, {"ia", "ия"}, {"gh", "ғ"}, {"ph", "ф"},
	{"a", "а"}, {"b", "б"}, {"c", "к"}, {"d", "д"}, {"e", "е"}, {"f", "ф"}, {"g", "г"}, {"h", "х"}, {"i", "и"}, {"j", "дж"},
	{"k", "к"}, {"l", "л"}, {"m", "м"}, {"n", "н"}, {"o", "о"}, {"p", "п"}, {"q", "к"}, {"r", "р"}, {"s", "с"}, {"t", "т"},
	{"u", "у"}, {"v", "в"}, {"w", "в"}, {"x", "кс"}, {"z", "з"},
}

func toCyrillic(name, initialE string) string {
	var b strings.Builder
	for i := 0; i < len(name); {
		c := name[i]
		switch {
		case c >= 0x80:
			return "" // a letter with a mark says what language it is of, and not what it sounds like here
		case c|0x20 == 'y' && !startsPair(name[i:]):
			s := "й"
			if end := i+1 == len(name) || !isLatin(name[i+1]); end && i > 0 && !isVowel(name[i-1]) {
				s = "ий" // Dmitry
				if strings.IndexByte("vn", name[i-1]|0x20) >= 0 {
					s = "ый" // Zeleny
				}
			} else if i > 0 && isLatin(name[i-1]) && !isVowel(name[i-1]) {
				s = "ы"
			}
			write(&b, s, c, name, i)
			i++
		case isLatin(c):
			pair := pairAt(name[i:])
			s := pair.cyrillic
			if pair.latin == "e" && (i == 0 || !isLatin(name[i-1])) {
				s = initialE
			}
			write(&b, s, c, name, i)
			i += len(pair.latin)
		default:
			if c != '\'' {
				b.WriteByte(c)
			}
			i++
		}
	}
	return b.String()
}

func startsPair(s string) bool { return len(pairAt(s).latin) > 1 }

func pairAt(s string) (pair struct{ latin, cyrillic string }) {
	for _, p := range cyrillicOf {
		if len(s) >= len(p.latin) && strings.EqualFold(s[:len(p.latin)], p.latin) {
			return p
		}
	}
	return pair
}

func isLatin(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isVowel(c byte) bool { return strings.IndexByte("aeiou", c|0x20) >= 0 }

// write writes s as the Latin letter c at i of name is written: in capitals
// where its neighbour is, with a capital, or small.
func write(b *strings.Builder, s string, c byte, name string, i int) {
	if c >= 'a' {
		b.WriteString(s)
		return
	}
	if i+1 < len(name) && name[i+1] >= 'A' && name[i+1] <= 'Z' || i > 0 && name[i-1] >= 'A' && name[i-1] <= 'Z' {
		b.WriteString(strings.ToUpper(s))
		return
	}
	first := true
	for _, r := range s {
		if first {
			r = unicode.ToUpper(r)
		}
		first = false
		b.WriteRune(r)
	}
}
