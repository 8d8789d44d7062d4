package text

import "strings"

// Dates and amounts of time that are written in words, days that stand behind
// their month, and the months' older names.

// numberWords are amounts of time in words, in halves: ýarym is 1, екі is 4.
var numberWords = stems{}

// Amount gives the amount that a folded word is, up to ten, in halves: 1 for
// ярим, 4 for two; 0 for another word.
func Amount(word string) (halves int) { return numberWords[hashString(word)] }

// vagueWords make an amount of time one that can't be counted back.
var vagueWords = hashes(`несколько пару several few many бірнеше нече necha неча чанд birnäçe birnäçä`)

// dayTens and dayOrdinals are the number of a day in words: двадцать четвертого,
// якуми, birinji.
var dayTens, dayOrdinals = stems{}, stems{}

// olderMonths are the names that the months had in Turkmenistan from 2002 to
// 2008, and those that Kyrgyz has of old. They are other words too, and count
// beside the word for a month only: Sanjar aýynyň 25-i, бугу айынын 5и.
var olderMonths = numbered([]string{
	"türkmenbaşy үчтүн", "baýdak бирдин", "nowruz жалган куран", "gurbansoltan чын куран", "magtymguly бугу", "oguz кулжа",
	"gorkut теке", "alp arslan баш оона", "ruhnama аяк оона", "garaşsyzlyk тогуздун", "sanjar жетинин", "bitaraplyk бештин",
})

// olderPairs are those of two words, by the first: the second has another month
// by itself, or none.
var olderPairs = numbered([]string{"", "", "жалган", "чын", "", "", "", "alp баш", "аяк", "", "", ""})

// monthWords are the word for a month, and monthGenitives what it is before a
// day of it.
var (
	monthWords     = hashes(`айы айында айынын айының айындағы айындагы aýy aýynda aýynyň aýyndaky oyi oyida oyining ойи ойида ойининг`)
	monthGenitives = hashes(`айынын айының aýynyň oyining ойининг`)
)

// genitives are the ends of a month's name before a day of it.
var genitives = []string{
	"ның", "нің", "дың", "дің", "тың", "тің", "нын", "нин", "нун", "нүн", "дын", "дин", "дун", "дүн", "тын", "тин", "тун", "түн",
	"ning", "нинг", "yň", "iň", "ың",
}

func init() {
	for n, words := range []string{
		1: "ýarym yarim ярим жарты жарым ним half",
		2: "один одну одна one an a бір бир bir як",
		3: "полтора полторы",
		4: "два две two екі эки ikki икки ду iki",
		6: "три three үш үч uch уч се üç",
		8: "четыре four төрт toʻrt тўрт чор чаҳор dört", 10: "пять five бес беш besh панҷ bäş",
		12: "шесть six алты olti олти шаш alty", 14: "семь seven жеті жети yetti етти ҳафт ýedi",
		16: "восемь eight сегіз сегиз sakkiz саккиз ҳашт sekiz", 18: "девять nine тоғыз тогуз toʻqqiz тўққиз нуҳ dokuz",
		20: "десять ten oʻn ўн даҳ on",
	} {
		for w := range strings.FieldsSeq(words) {
			numberWords[hashString(Fold(w))] = n
		}
	}
	for n, words := range map[int]string{
		10: "он oʻn ўн on", 20: "двадцать twenty жиырма жыйырма yigirma йигирма бисту ýigrimi", 30: "тридцать thirty отыз отуз oʻttiz ўттиз сиву otuz",
	} {
		for w := range strings.FieldsSeq(words) {
			dayTens[hashString(Fold(w))] = n
		}
	}
	for n, words := range []string{
		1:  "first бірінші биринчи birinchi якум якуми birinji",
		2:  "second екінші экинчи ikkinchi иккинчи дуюм дуюми дувум дувуми ikinji",
		3:  "third үшінші үчүнчү uchinchi учинчи сеюм сеюми севум севуми üçünji третьего третье третьему третьим",
		4:  "fourth төртінші төртүнчү toʻrtinchi тўртинчи чорум чоруми чаҳорум чаҳоруми dördünji",
		5:  "fifth бесінші бешинчи beshinchi панҷум панҷуми bäşinji",
		6:  "sixth алтыншы алтынчы oltinchi олтинчи шашум шашуми altynjy",
		7:  "seventh жетінші жетинчи yettinchi еттинчи ҳафтум ҳафтуми ýedinji",
		8:  "eighth сегізінші сегизинчи sakkizinchi саккизинчи ҳаштум ҳаштуми sekizinji",
		9:  "ninth тоғызыншы тогузунчу toʻqqizinchi тўққизинчи нуҳум нуҳуми dokuzynjy",
		10: "tenth оныншы онунчу oʻninchi ўнинчи даҳум даҳуми onunjy", 11: "eleventh ёздаҳум ёздаҳуми", 12: "twelfth дувоздаҳум дувоздаҳуми",
		13: "thirteenth сездаҳум сездаҳуми", 14: "fourteenth чордаҳум чордаҳуми", 15: "fifteenth понздаҳум понздаҳуми",
		16: "sixteenth шонздаҳум шонздаҳуми", 17: "seventeenth ҳабдаҳум ҳабдаҳуми", 18: "eighteenth ҳаждаҳум ҳаждаҳуми",
		19: "nineteenth нуздаҳум нуздаҳуми", 20: "twentieth жиырмасыншы жыйырманчы yigirmanchi йигирманчи бистум бистуми ýigriminji",
		30: "thirtieth отызыншы отузунчу oʻttizinchi ўттизинчи сиюм сиюми otuzynjy",
	} {
		for w := range strings.FieldsSeq(words) {
			dayOrdinals[hashString(Fold(w))] = n
		}
	}
	for i, stem := range strings.Fields("перв втор . четверт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат четырнадцат пятнадцат шестнадцат семнадцат восемнадцат девятнадцат двадцат") {
		for _, end := range []string{"ого", "ое", "ому", "ым"} {
			dayOrdinals[hashString(stem+end)] = i + 1
			dayOrdinals[hashString("тридцат"+end)] = 30
		}
	}
}

// inWords reads a date that begins with a number in words: двадцать четвертого
// ноября, якуми сентябри соли 2026.
func (r *dateReader) inWords(i int) (d Dated, next int, ok bool) {
	n, at := 0, i
	if tens := dayTens[r.hash(at)]; tens != 0 && r.near(at+1) {
		n, at = tens, at+1
	}
	unit := dayOrdinals[r.hash(at)]
	if unit == 0 || n > 0 && unit > 9 {
		return d, 0, false
	}
	at = r.ordinal(at + 1)
	if !r.near(at) {
		return d, 0, false
	}
	m := r.month(at)
	if n += unit; m == 0 || n > 31 || englishMonths[r.hash(at)] && r.f.Words[at].Flags&Initial == 0 {
		return d, 0, false
	}
	year, next := r.yearBehind(at+1, m, n)
	return r.dayOf(year, m, n, n), next, valid(year, m, n)
}

// wordsAgo reads an amount of time in words: два года назад, ýarym sagat öň,
// half an hour ago.
func (r *dateReader) wordsAgo(i int) (d Dated, next int, ok bool) {
	halves := numberWords[r.hash(i)]
	if halves == 0 {
		return d, 0, false
	}
	at := i + 1
	if halves == 1 && (r.is(at, "an") || r.is(at, "a")) {
		at++
	}
	if !r.near(at) || !r.isAgo(at+1) {
		return d, 0, false
	}
	d, ok = r.back(halves, at)
	return d, r.behindAgo(at + 1), ok
}

// isAgo reports whether word i turns the amount of time before it into a moment.
func (r *dateReader) isAgo(i int) bool { return r.near(i) && agoWords[r.hash(i)] }

// behindAgo is the word behind those that say "ago", of which there may be two:
// тому назад.
func (r *dateReader) behindAgo(i int) int {
	if r.isAgo(i + 1) {
		return i + 2
	}
	return i + 1
}

// is reports whether word i is a folded word.
func (r *dateReader) is(i int, word string) bool { return r.hash(i) == hashString(word) }

// olderMonth is the month that word i and those behind it give its older name,
// with the word for a month behind it, and the word behind that.
func (r *dateReader) olderMonth(i int) (m, next int) {
	m, at := olderMonths[r.hash(i)], i
	if pair := olderPairs[r.hash(i)]; pair != 0 && r.near(i+1) && olderMonths[r.hash(i+1)] == pair {
		m, at = pair, i+1
	}
	if m == 0 || !r.near(at+1) || !monthWords[r.hash(at+1)] {
		return 0, 0
	}
	return m, at + 2
}

// dayBehind is the day that stands behind its month, where the month's name or
// the word for a month is in the genitive, and the word behind it: қарашаның
// 24-і, noyabr oyining 24-kuni. i is the word behind the name.
func (r *dateReader) dayBehind(i int) (day, next int, ok bool) {
	at := i
	switch {
	case monthGenitives[r.hash(at)] && r.near(at):
		at++
	case monthGenitives[r.hash(at-1)]:
	default:
		word := r.f.Text[r.f.Words[i-1].Start:r.f.Words[i-1].End]
		if !hasAny(word, genitives...) {
			return 0, 0, false
		}
	}
	if at >= len(r.f.Words) || !r.near(at) {
		return 0, 0, false
	}
	w := &r.f.Words[at]
	s := r.f.Text[w.Start:w.Stem]
	day, digits := parseDigits(s)
	if digits == 0 || digits > 2 || day < 1 || day > 31 || len(s)-digits > 10 {
		return 0, 0, false
	}
	next = at + 1
	if next < len(r.f.Words) && r.between(next) == "-" && r.letters(next) < 10 { // 24-sanasida
		next++
	}
	return day, next, true
}
