package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Uzbek is written in Latin and in Cyrillic letters, Kazakh in Cyrillic and in
// three Latin orthographies, Turkmen in Latin and, until the nineties, in Cyrillic
// letters. A term in either Uzbek script, in Cyrillic Kazakh or in Latin Turkmen is
// looked for in all of them: its stems are spelled anew, and the endings of Latin
// Kazakh and Cyrillic Turkmen are spelled back before the grammar is asked.

// respell gives the other spellings of a word of a term, folded, where the
// term's language is written in more than one script. raw is the word as the
// term has it: folding drops the apostrophes that tell oʻ from o.
func respell(raw string, flags Flags, lang string, emit func(string)) {
	switch langs := langsOf(lang); {
	case langs == langUzbek && flags&Latin != 0:
		for _, s := range uzbekInCyrillic(raw) {
			emit(s)
		}
	case langs == langUzbek && flags&Cyrillic != 0:
		emit(uzbekInLatin(raw))
	case langs == langKazakh && flags&Cyrillic != 0:
		word := string(foldWord(nil, raw, false))
		for o := range kazakhLatins {
			for _, s := range kazakhLatins[o].spell(word) {
				emit(s)
			}
		}
	case langs == langTurkmen && flags&Latin != 0:
		word := string(foldWord(nil, raw, false))
		for _, s := range turkmenInCyrillic(word) {
			emit(s)
		}
	case langs == langKyrgyz && flags&Cyrillic != 0:
		word := string(foldWord(nil, raw, false))
		if strings.ContainsAny(word, "үөң") {
			emit(kyrgyzLegacy.spell(word)[0])
		}
		if plain := kyrgyzUnmarked(word); plain != "" {
			emit(plain)
		}
	case langs == langTajik && flags&Cyrillic != 0:
		word := string(foldWord(nil, raw, false))
		if plain := tajikPlain.Replace(word); plain != word {
			emit(plain)
		}
		if s := strings.ReplaceAll(word, "ӯ", "ў"); s != word {
			emit(s)
		}
	}
}

// respelledStems gives the stems of a word's other spellings.
func respelledStems(word, raw string, flags Flags, lang string, emit func(string, class)) {
	script := flags&^(Latin|Cyrillic) | Latin
	switch langs := langsOf(lang); {
	case langs == langUzbek && flags&Latin != 0:
		for _, s := range uzbekInCyrillic(raw) {
			turkicUzbekCyrillic.stems(s, flags&^Latin|Cyrillic, emit)
		}
	case langs == langUzbek && flags&Cyrillic != 0:
		turkicUzbek.stems(uzbekInLatin(raw), script, emit)
	case langs == langKazakh && flags&Cyrillic != 0:
		turkicKazakh.stems(word, flags, func(s string, c class) {
			for o := range kazakhLatins {
				for _, latin := range kazakhLatins[o].spell(s) {
					emit(latin, kazakhLatins[o].class(c))
				}
			}
		})
	case langs == langTurkmen && flags&Latin != 0:
		turkicTurkmen.stems(word, flags, func(s string, c class) {
			for _, s := range turkmenInCyrillic(s) {
				emit(s, turkmenCyrillic.class(c))
			}
		})
	}
}

// lowered is a word in small letters, composed, its apostrophes all ʻ.
func lowered(raw string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case isApostrophe(r):
			return 'ʻ'
		case isIgnorable(r):
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFC.String(raw))
}

// uzbekInCyrillic spells an Uzbek word in Cyrillic letters, folded, by the
// rules of 1995 (Basic spelling rules of the Uzbek language) read backwards.
// Where they write s for ц (sanksiya), both are given.
func uzbekInCyrillic(raw string) []string {
	s := uzbekPairs.Replace(lowered(raw))
	var b strings.Builder
	start := true
	for _, r := range s {
		switch to, ok := uzbekLetters[r]; {
		case r == 'e' && start:
			b.WriteRune('э')
		case ok:
			b.WriteRune(to)
		default:
			b.WriteRune(r)
		}
		start = false
	}
	s = b.String()
	if ts := uzbekLoans.Replace(s); ts != s {
		return []string{s, ts}
	}
	return []string{s}
}

// ё is folded to е.
var (
	uzbekPairs = strings.NewReplacer(
		"yoʻ", "йў", "oʻ", "ў", "gʻ", "ғ", "sh", "ш", "ch", "ч", "yo", "е", "ya", "я", "yu", "ю", "ye", "е", "ts", "ц")
	uzbekLoans   = strings.NewReplacer("ксия", "кция", "нсия", "нция")
	uzbekLetters = map[rune]rune{
		'a': 'а', 'b': 'б', 'd': 'д', 'e': 'е', 'f': 'ф', 'g': 'г', 'h': 'ҳ', 'i': 'и', 'j': 'ж', 'k': 'к',
		'l': 'л', 'm': 'м', 'n': 'н', 'o': 'о', 'p': 'п', 'q': 'қ', 'r': 'р', 's': 'с', 't': 'т', 'u': 'у',
		'v': 'в', 'x': 'х', 'y': 'й', 'z': 'з', 'ʻ': 'ъ',
	}
)

// uzbekInLatin spells an Uzbek word in Latin letters, folded: without
// apostrophes.
func uzbekInLatin(raw string) string {
	var b strings.Builder
	before := rune(0)
	for _, r := range lowered(raw) {
		soft := before == 0 || before == 'ъ' || before == 'ь' || strings.ContainsRune("аеиоуўэюяёы", before)
		switch {
		case r == 'е' && soft:
			b.WriteString("ye")
		case r == 'ц' && before != 0 && soft:
			b.WriteString("ts")
		default:
			if to, ok := uzbekLatin[r]; ok {
				b.WriteString(to)
			} else {
				b.WriteRune(r)
			}
		}
		before = r
	}
	return b.String()
}

var uzbekLatin = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'ғ': "g", 'д': "d", 'е': "e", 'ё': "yo", 'ж': "j", 'з': "z", 'и': "i",
	'й': "y", 'к': "k", 'қ': "q", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'ў': "o", 'п': "p", 'р': "r", 'с': "s",
	'т': "t", 'у': "u", 'ф': "f", 'х': "x", 'ҳ': "h", 'ц': "s", 'ч': "ch", 'ш': "sh", 'щ': "sh", 'ъ': "", 'ы': "i",
	'ь': "", 'э': "e", 'ю': "yu", 'я': "ya", 'ʻ': "",
}

// orthography is another way to write Kazakh or Kyrgyz.
type orthography struct {
	index   int
	of, to  class           // the first of the language's classes, and of this orthography's
	classes class           // how many
	letters map[rune]string // Cyrillic, folded → Latin, folded
	back    map[rune]rune   // Latin → Cyrillic, of letters that endings have
	pairs   map[[2]rune]rune
	wide    map[rune][2]rune // one letter that is two
	// yot is a letter that is й behind a vowel and what back says elsewhere.
	yot rune
}

// kazakhLatins are the alphabet of decree 637 of 19 February 2018 (acutes), the
// one presented in January 2021 (umlauts), and the romanisation with gh and ng
// that some sites make of their Cyrillic pages.
var kazakhLatins = []orthography{
	newKazakhLatin(0, 'ı', "аa әá бb вv гg ғǵ дd еe жj зz иı йı кk қq лl мm нn ңń оo өó пp рr сs тt уý ұu үú фf хh һh цts чch шsh щsh ъ ыy іi ь эe юıý яıa"),
	newKazakhLatin(1, 'i', "аa әä бb вv гg ғğ дd еe жj зz иi йi кk қq лl мm нn ңñ оo өö пp рr сs тt уu ұū үü фf хh һh цts чtş шş щş ъ ыy іı ь эe юiu яia"),
	newKazakhLatin(2, 'y', "аa әə бb вv гg ғgh дd еe жj зz иi йy кk қq лl мm нn ңng оo өó пp рr сs тt уu ұú үý фf хh һh цs чch шsh щsh ъ ыy іi ь эe юyu яya"),
}

func newKazakhLatin(index int, yot rune, table string) orthography {
	k := orthography{index: index, of: kkNoun, classes: kazakhClasses, to: kkLatin + class(index)*kazakhClasses, yot: yot, letters: map[rune]string{}, back: map[rune]rune{}, pairs: map[[2]rune]rune{}}
	for pair := range strings.FieldsSeq(table) {
		r := []rune(pair)
		k.letters[r[0]] = string(r[1:])
		switch len(r) {
		case 2:
			if _, taken := k.back[r[1]]; !taken {
				k.back[r[1]] = r[0]
			}
		case 3:
			if _, taken := k.pairs[[2]rune{r[1], r[2]}]; !taken {
				k.pairs[[2]rune{r[1], r[2]}] = r[0]
			}
		}
	}
	// What is one letter in two words of the table is, in endings, the native one.
	k.back['i'] = 'і'
	return k
}

// kyrgyzLegacy is what fonts made before Unicode had Kyrgyz letters leave in a
// text.
var kyrgyzLegacy = orthography{
	index: -1, of: kyNoun, to: kyLegacy, classes: kazakhClasses,
	letters: map[rune]string{'ү': "ї", 'ө': "є", 'ң': "ў"},
	back:    map[rune]rune{'ї': 'ү', 'є': 'ө', 'ў': 'ң'},
}

// turkmenCyrillic is the alphabet of 1940, folded (ё is е).
var turkmenCyrillic = newTurkmenCyrillic("aа bб çч dд eе äә fф gг hх iи jҗ žж kк lл mм nн ňң oо öө pп rр sс tт uу üү wв yы ýй zз şш")

func newTurkmenCyrillic(table string) orthography {
	k := orthography{index: -1, of: tkNoun, to: tkCyrillic, classes: turkmenClasses, letters: map[rune]string{}, back: map[rune]rune{}}
	for pair := range strings.FieldsSeq(table) {
		r := []rune(pair)
		k.letters[r[0]] = string(r[1])
		k.back[r[1]] = r[0]
	}
	k.back['э'] = 'e'
	k.wide = map[rune][2]rune{'я': {'ý', 'a'}, 'ю': {'ý', 'u'}}
	return k
}

// turkmenInCyrillic spells a folded Turkmen word or stem in Cyrillic letters:
// as the rules have it, and with the ц and я of loans from Russian.
func turkmenInCyrillic(word string) []string {
	s := turkmenPairs.Replace(word)
	if rest, ok := strings.CutPrefix(s, "e"); ok {
		s = "э" + rest
	}
	s = turkmenCyrillic.spell(s)[0]
	if ts := uzbekLoans.Replace(s); ts != s {
		return []string{s, ts}
	}
	return []string{s}
}

var turkmenPairs = strings.NewReplacer("ýa", "я", "ýu", "ю", "ýo", "е", "ýe", "е")

// kyrgyzPlain is Kyrgyz typed without its special letters.
var kyrgyzPlain = strings.NewReplacer("ү", "у", "ө", "о", "ң", "н")

// kyrgyzStems gives the stems of a Kyrgyz word, also as it is typed without its
// special letters, whose endings are in harmony still, and in fonts that lack
// them.
func kyrgyzStems(word string, flags Flags, emit func(string, class)) {
	turkicKyrgyz.stems(word, flags, func(s string, c class) {
		emit(s, c)
		if strings.ContainsAny(s, "үөң") {
			emit(kyrgyzLegacy.spell(s)[0], kyrgyzLegacy.class(c))
		}
	})
	if plain := kyrgyzUnmarked(word); plain != "" {
		emit(plain, kyNoun)
	}
}

// kyrgyzUnmarked is a word without its special letters; empty where it has none,
// or is so short that it would be another word: көз, коз.
func kyrgyzUnmarked(word string) string {
	if plain := kyrgyzPlain.Replace(word); plain != word && utf8.RuneCountInString(word) > 4 {
		return plain
	}
	return ""
}

// class is the class of a spelled stem whose Cyrillic one is of class c.
func (k *orthography) class(c class) class {
	if c < k.of || c >= k.of+k.classes {
		return c
	}
	return k.to + c - k.of
}

// spell gives the spellings of a folded Cyrillic word or stem. There are more
// than one where a capital letter or habit hides a difference: İ and I, й and
// и before a consonant.
func (k *orthography) spell(word string) []string {
	var b strings.Builder
	for _, r := range word {
		if to, ok := k.letters[r]; ok {
			b.WriteString(to)
		} else {
			b.WriteRune(r)
		}
	}
	s := b.String()
	out := []string{s}
	switch k.index {
	case 0:
		if t, ok := strings.CutPrefix(s, "ı"); ok {
			out = append(out, "i"+t)
		}
	case 1:
		if t := strings.ReplaceAll(s, "ı", "i"); t != s {
			out = append(out, t)
		}
		if t := strings.ReplaceAll(s, "iia", "ia"); t != s { // sanksia
			out = append(out, t)
		}
	case 2:
		if t := kazakhGlides.Replace(word); t != word {
			out = append(out, k.spell(t)...)
		}
		if t := kazakhLoans.Replace(word); t != word {
			out = append(out, k.spell(t)...)
		}
	}
	if k.index >= 0 && strings.Contains(word, "ц") { // sanksııa beside sanktsııa
		for _, s := range out {
			out = append(out, strings.ReplaceAll(s, "ts", "s"))
		}
	}
	return out
}

// kazakhLoans are the endings of Russian loans as the romanisation also has them:
// sanktsiya, ministrligi.
var kazakhLoans = strings.NewReplacer("ция", "тсiya", "сия", "сiya")

// kazakhGlides are й and и as the romanisation has them before a consonant:
// ainaldy, iyger-.
var kazakhGlides = strings.NewReplacer(
	"йб", "іб", "йд", "ід", "йк", "ік", "йқ", "іқ", "йл", "іл", "йм", "ім", "йн", "ін", "йп", "іп", "йр", "ір",
	"йс", "іс", "йт", "іт", "йғ", "іғ", "йг", "іг", "йз", "із", "иг", "ійг", "ин", "ійн", "ил", "ійл", "иқ", "ійқ",
	"ия", "ійя", "ие", "ійе")

// read appends a Latin word, or a part of one, in Cyrillic letters, as far as
// endings go.
func (k *orthography) read(dst, word []rune) []rune {
	for i := 0; i < len(word); i++ {
		r := word[i]
		if i+1 < len(word) {
			if c, ok := k.pairs[[2]rune{r, word[i+1]}]; ok {
				dst = append(dst, c)
				i++
				continue
			}
		}
		if two, ok := k.wide[r]; ok {
			dst = append(dst, two[0], two[1])
			continue
		}
		c, ok := k.back[r]
		switch {
		case r == k.yot && len(dst) > 0 && strings.ContainsRune(kazakhVowels, dst[len(dst)-1]):
			c = 'й'
		case r == k.yot && k.index == 2:
			c = 'ы'
		case r == k.yot && k.index == 1:
			c = 'і'
		case !ok:
			c = r
		}
		dst = append(dst, c)
	}
	return dst
}
