package text

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// The endings of Kazakh, Kyrgyz, Uzbek and Turkmen, as school grammars teach
// them: plural, possession, case and what may follow a case; then voice,
// negation, tense and person of verbs.

// kazakhGrammar is after the tables of Kazakh's school grammar; K. Musayev,
// Kazakh (in Languages of the World: Turkic Languages), has the same.
const kazakhGrammar = `
	noun: LAр > plural
	noun plural own: мен бен пен менен бенен пенен > end
	noun plural: -Iм +м -Iң +ң -IмIз +мIз -IңIз +ңIз > own
	noun plural: -I +сI > their
	noun plural own: NIң GA NI DA DAн нAн шA DAй > case
	own: A > case
	noun plural own case: DAGI > noun
	their: н нA нDA нAн нIң мен менен ншA > case
	their: нDAGI > noun
	noun: -IрAK +рAK > end
	noun: мIн бIн пIн сIң сIз мIз бIз пIз > end
	?soft: Iм Iң IмIз IңIз > own
	?soft: I > their

	verb ?voiced: -Iл !Iн +л ^н > ?voiced
	verb ?voiced: -Iс +с > ?together
	?together: DI > end
	?together: GAн > done
	?together: A > now
	?together: AтIн > done
	?together: Iп > having
	?together: у > noun
	?together: MA > not
	verb ?voiced: MA > not
	verb ?voiced not: DI > past
	past: м ң K ңIз ңдAр > end
	verb ?voiced not: GAн > done
	verb ?voiced: -Aр +р > done
	not: с > done
	verb ?voiced: -AтIн +йтIн > done
	not: йтIн > done
	done: мIн сIң сIз мIз бIз пIз DAй шA мен > end
	done: DIK > noun
	done: DIғ DIг > ?soft
	done: LAр > plural
	done: -Iм -Iң -I -IмIз > own
	done: -I > their
	done: NIң GA NI DA DAн нAн > case
	verb ?voiced: -A +й > now
	not: й > now
	now: мIн сIң сIз сIздAр дI мIз сIңдAр > end
	verb ?voiced not: -Iп +п > having
	having: тI пIн сIң сIз пIз > end
	verb ?voiced not: сA > if
	if: м ң K ңIз > end
	verb ?voiced not: сIн -Iңдар -IңIз -Iңдер +ңдAр +ңIз -AйIн +йIн -AйIK +йIK GAлI GAншA > end
	verb ?voiced: MAK MAKшI > done
	not: K > done
	verb ?voiced: -Aм GIм > end
	verb ?voiced: GI > noun
	verb ?voiced not: у > noun
	dropped: у ю > noun
	dropped: и я > now
	dropped: яр > done
	dropped: ятIн > done
`

var kazakh = sync.OnceValue(func() *grammar { return newGrammar(kazakhSounds, kazakhVowels, kazakhGrammar) })

// kazakhLoose takes any ending behind any word, as abbreviations do, which are
// read letter by letter.
var kazakhLoose = sync.OnceValue(func() *grammar { return newGrammar(kazakhLooseSounds, kazakhVowels, kazakhGrammar) })

const kazakhVowels = "аәеэиоөұүыіяё"

// voiceless are the consonants behind which an ending of Kazakh begins with a
// voiceless one; those of loan words that are voiced in Russian only are
// spoken, and written, alike.
const kazakhVoiceless = "кқпстфхцчшщһбвгд"

func kazakhSounds(letter, vowel, before rune) string {
	unvoiced := strings.ContainsRune(kazakhVoiceless, before)
	switch letter {
	case 'L':
		switch {
		case unvoiced:
			return "т"
		case strings.ContainsRune("лмнңзжь", before):
			return "д"
		}
		return "л"
	case 'D':
		if unvoiced {
			return "т"
		}
		return "д"
	case 'N':
		if unvoiced {
			return "т"
		}
		return "нд"
	case 'M':
		if unvoiced {
			return "п"
		}
		return "мб"
	}
	back, front := true, true
	switch vowel {
	case 'а', 'о', 'ұ', 'ы', 'я', 'ё':
		front = false
	case 'ә', 'ө', 'ү', 'і', 'е', 'э':
		back = before == 'в' // Назарбаевтың
	}
	if letter == 'G' {
		return choose(letter, unvoiced, back, front)
	}
	return choose(letter, true, back, front)
}

func kazakhLooseSounds(letter, _, _ rune) string {
	switch letter {
	case 'L':
		return "лдт"
	case 'D':
		return "дт"
	case 'N':
		return "ндт"
	case 'M':
		return "мбп"
	case 'G':
		return "ғқгк"
	}
	return choose(letter, true, true, true)
}

// choose gives the back and front letters of an archiphoneme of Kazakh.
func choose(letter rune, unvoiced, back, front bool) string {
	var both string
	switch letter {
	case 'A':
		both = "ае"
	case 'I':
		both = "ыі"
	case 'G':
		both = "ғг"
		if unvoiced {
			both = "қк"
		}
	case 'K':
		both = "қк"
	}
	at := len(both) / 2
	switch {
	case back && front:
		return both
	case back:
		return both[:at]
	}
	return both[at:]
}

// kyrgyzGrammar is after the tables of Kyrgyz's school grammar; R. Hebert and
// N. Poppe, Kirghiz Manual (1963), has the same. Relation, -лык and -луу, and
// -сыз are among them, which press and treebanks write as freely as cases.
const kyrgyzGrammar = `
	noun: LAр > plural
	noun plural: -Iм +м -Iң +ң -IбIз +бIз -IңIз +ңIз -IңIздAр > own
	noun plural: -I +сI > their
	noun plural own: NIн GA NI DA DAн чA DAй > case
	own: A Aн > case
	noun plural own case: DAGI > noun
	their: н нA нDA нAн нIн нчA нDAй > case
	their: нDAGI > noun
	noun: LUU > quality
	noun: LIK сIз -IрAAк +рAAк > end
	noun plural own: NIкI > their
	quality: LAр > plural
	quality: NIн GA NI DA DAн > case
	noun plural their case quality: мIн бIз сIң сIз сIңAр сIздAр > end
	noun plural own their case quality: BI > end
	?soft: Iм Iң IбIз IңIз > own
	?soft: I > their

	verb ?voiced: -Iл !Iн +л ^н > ?voiced
	verb ?voiced: +т DIр > ?voiced
	verb: -Iш +ш > ?together
	?together: DI > past
	?together: GAн > done
	?together: A > now
	?together: BA > not
	?together: Iп > having
	?together: Aр AAр > done
	?together: сA > if
	?together: чU сIн > end
	verb ?voiced: BA > not
	verb ?voiced not: DI > past
	past: м ң K ңIз ңAр ңIздAр LAр BI > end
	verb ?voiced not: GAн > done
	verb ?voiced: -Aр +р +Aр +Uр -AAр > will
	not: с > done
	will: мIн сIң сIз бIз DAй чA BI > end
	will: LAр > plural
	will: DA > case
	will: -Iм -Iң -IбIз > own
	will: -I > theirs
	theirs: н нA нDA > end
	done: мIн сIң сIз бIз сIңAр сIздAр DAй чA BI > end
	done: DIK > noun
	done: DIг > ?soft
	done: LAр > plural
	done: -Iм -Iң -IбIз > own
	done: -I > their
	done: NIн GA NI DA DAн > case
	done: DAGI > noun
	verb ?voiced: -A +й > now
	not: й > now
	now: мIн мAн сIң сIз бIз сIңAр сIздAр > asked
	now: т BI м тBI йBI > end
	asked: BI > end
	verb ?voiced not: -Iп +п > having
	having: тIр > asked
	having: тIрмIн тIрсIң тIрбIз мIн сIң бIз > end
	verb ?voiced not: сA > if
	if: м ң K ңIз ңAр ңIздAр чI > end
	verb ?voiced not: сIн -IңIз +ңIз -IңIздAр -AйIн +йIн -AйлI +йлI -AйлIK +йлIK GAнчA GAнI GAлI GIчA GIм MAK MAKчI GIлA GIн сIндAр -Aм +йм GIчAктI > end
	verb ?voiced not: чU > asked
	asked: мун мүн суң сүң буз бүз > end
	verb ?voiced: -AткAн > done
	verb ?voiced: -UU -UUчU BOO BOOчU > noun
	not: йIнчA > end
	verb ?voiced not: GIсI GAй GIдAй > end
	dropped: юу юү > noun
	dropped: ю > their
	dropped: юм юң > own
	dropped: я е > now
	dropped: юп > having
	dropped: юл > ?voiced
`

var kyrgyz = sync.OnceValue(func() *grammar { return newGrammar(kyrgyzSounds, vowels, kyrgyzGrammar) })

// kyrgyzLoose takes any ending behind any word, as abbreviations do.
var kyrgyzLoose = sync.OnceValue(func() *grammar { return newGrammar(kyrgyzLooseSounds, vowels, kyrgyzGrammar) })

func kyrgyzSounds(letter, vowel, before rune) string {
	unvoiced := strings.ContainsRune("кпстфхцчшщ", before)
	either := strings.ContainsRune("бвгдь", before) // loan words are written both ways
	switch letter {
	case 'L':
		switch {
		case unvoiced:
			return "т"
		case either:
			return "лдт"
		case strings.ContainsRune("лмнңзж", before):
			return "д"
		}
		return "л"
	case 'D', 'G', 'N':
		return kyrgyzConsonant(letter, unvoiced, either, isVowel(before))
	case 'B':
		if unvoiced {
			return "п"
		}
		return "б"
	case 'M':
		return "м"
	case 'K':
		return "к"
	}
	return kyrgyzVowel(letter, vowel)
}

func kyrgyzConsonant(letter rune, unvoiced, either, vowel bool) string {
	voiced, hard := "д", "т"
	switch {
	case letter == 'G':
		voiced, hard = "г", "к"
	case letter == 'N' && vowel:
		return "н"
	}
	switch {
	case either:
		return voiced + hard
	case unvoiced:
		return hard
	}
	return voiced
}

func kyrgyzLooseSounds(letter, vowel, _ rune) string {
	switch letter {
	case 'L':
		return "лдт"
	case 'D':
		return "дт"
	case 'N':
		return "ндт"
	case 'B':
		return "бп"
	case 'M':
		return "м"
	case 'G':
		return "гк"
	case 'K':
		return "к"
	}
	return kyrgyzVowel(letter, 0)
}

func kyrgyzVowel(letter, vowel rune) string {
	wide, narrow, long, round := "аеоө", "ыиуү", "уү", "оө"
	switch vowel {
	case 'а', 'я', 'ы':
		wide, narrow, long, round = "а", "ы", "у", "о"
	case 'о', 'ё':
		wide, narrow, long, round = "оа", "уы", "у", "о"
	case 'у', 'ю':
		wide, narrow, long, round = "ао", "уы", "у", "о"
	case 'е', 'э', 'и':
		wide, narrow, long, round = "е", "и", "ү", "ө"
		if vowel == 'и' {
			wide, narrow, long, round = "еа", "иы", "үу", "өо"
		}
	case 'ө', 'ү':
		wide, narrow, long, round = "өе", "үи", "ү", "ө"
	}
	switch letter {
	case 'A':
		return wide
	case 'I':
		return narrow
	case 'O':
		return round
	}
	return long
}

// uzbekGrammar is written in Latin letters; the Cyrillic one is made of it.
const uzbekGrammar = `
	noun: lar > plural
	noun plural: -im +m -ing +ng -imiz +miz -ingiz +ngiz > own
	noun plural: -i +si > their
	noun plural own their: ning ni ga ka qa da dan gacha kacha qacha dek day cha > case
	noun plural own their: dagi > noun
	noun plural own their: siz li > noun
	noun plural own their case: man san miz dir > end
	noun plural own their case: mi > asked
	asked: siz san man > end
	noun: roq > noun
	own: lar > plural
	?soft: im ing imiz ingiz > own
	?soft: i > their

	verb ?voiced: -il !in +l ^n -ish +sh > ?voiced
	verb ?voiced: ma > not
	verb ?voiced not: di > past
	past: m ng k ngiz lar > end
	verb ?voiced not: gan kan qan > done
	verb ?voiced: -ar +r > done
	not: s > done
	verb ?voiced: -ayotgan +yotgan -adigan +ydigan > done
	not: yotgan ydigan > done
	done: man san miz siz lar mi dir > plural
	done: di > past
	done: -im -ing -imiz -ingiz > own
	done: -i > their
	done: ning ni ga da dan dek day cha > case
	done: dagi lik > noun
	done: lig > ?soft
	verb ?voiced: -a +y > now
	not: y > now
	now: man san miz siz di dilar > end
	verb ?voiced not: -ib +b > having
	having: man san miz siz di ti dilar > end
	verb ?voiced: -yap -ayap +yap > having
	verb ?voiced not: sa > if
	if: m ng k ngiz lar > end
	verb ?voiced not: moqda moqdaman moqdamiz moqdalar moqchi sin sinlar -ing -ingiz +ng +ngiz -ay +y -aylik +ylik > end
	verb ?voiced not: gach kach qach guncha gani kani may masdan masa maslik > end
	verb ?voiced: -uvchi +vchi > noun
	verb ?voiced: moq > noun
	verb ?voiced: -ish +sh > noun
	not: slik > noun
`

func plainSounds(rune, rune, rune) string { return "" }

var uzbek = sync.OnceValue(func() *grammar { return newGrammar(plainSounds, "aeiou", uzbekGrammar) })

var uzbekCyrillic = sync.OnceValue(func() *grammar {
	var b strings.Builder
	for line := range strings.Lines(uzbekGrammar) {
		from, rest, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		forms, to, _ := strings.Cut(rest, ">")
		b.WriteString(from + ":" + uzbekToCyrillic.Replace(forms) + ">" + to)
	}
	return newGrammar(plainSounds, "аеиоуўэюя", b.String())
})

// uzbekToCyrillic spells Uzbek endings in Cyrillic letters, folded (ё is е).
var uzbekToCyrillic = strings.NewReplacer(
	"sh", "ш", "ch", "ч", "yo", "е", "ya", "я", "yu", "ю",
	"a", "а", "b", "б", "d", "д", "e", "е", "g", "г", "i", "и", "k", "к", "l", "л", "m", "м", "n", "н", "o", "о",
	"q", "қ", "r", "р", "s", "с", "t", "т", "u", "у", "v", "в", "y", "й", "z", "з",
)

// turkmenGrammar is after the tables of L. Clark, Turkmen Reference Grammar
// (1998).
const turkmenGrammar = `
	noun: lAr > plural
	noun plural: -Im +m -Iň +ň -ImIz +mIz -IňIz +ňIz > own
	noun plural: -I +sI > their
	noun plural own: -Iň +nIň -A +A -nA +nA -I +nI dA dAn çA > case
	noun plural own: dAKy dAKi > noun
	their: nIň nA nI n ndA ndAn nçA > case
	their: ndAKy ndAKi > noun
	noun plural: sIz lI > noun
	noun plural own their case: dIr > end
	?soft: Im Iň ImIz IňIz > own
	?soft: I > their

	verb ?voiced: -Il !In +l ^n > ?voiced
	verb ?voiced: mA > not
	verb ?voiced not: dI > past
	past: m ň k IňIz ňIz lAr > end
	verb ?voiced: -An +n ýAn JAk > done
	not: ýAn JAk n > done
	verb ?voiced not: JAg > ?soft
	verb ?voiced not: dIk > done
	verb ?voiced not: dIg > ?soft
	verb ?voiced: -Ar +r > done
	not: z > done
	done: dIr dIrlAr > end
	done: dIk > noun
	done: dIg > ?soft
	done: lAr > plural
	done: -Im -Iň -ImIz > own
	done: -I > their
	done: -Iň -A -I dA dAn dAKy dAKi > case
	verb ?voiced: -Anok +nok -Amok +mok > end
	not: zlIk > noun
	verb ?voiced: ýAr > now
	not: ýAr > now
	now: In Im Iň sIň Is IkIs sIňIz lAr dI dIlAr > end
	verb ?voiced not: -Ip +p > having
	having: dIr dIrlAr > end
	verb ?voiced not: sA > if
	if: m ň k ňIz lAr > end
	verb ?voiced not: sIn sInlAr -Iň +ň -AlIň +lIň mAly mAli mAkçI > end
	verb ?voiced: mAk > noun
	verb ?voiced: mAg > ?soft
	verb ?voiced: mAgA mAgI > end
	verb ?voiced: -Iş +ş mAklIk > noun
`

var turkmen = sync.OnceValue(func() *grammar { return newGrammar(turkmenSounds, vowels, turkmenGrammar) })

func turkmenSounds(letter, vowel, _ rune) string {
	if letter == 'J' {
		return "j"
	}
	back, front := true, true
	switch vowel {
	case 'a', 'o', 'u', 'y':
		front = false
	case 'e', 'ä', 'i', 'ö', 'ü':
		back = false
	}
	var b, f string
	switch letter {
	case 'A':
		b, f = "a", "eä"
	case 'I':
		b, f = "yu", "iü"
	case 'K':
		b, f = "k", "k"
	}
	switch {
	case back && front:
		return b + f
	case back:
		return b
	}
	return f
}

// turkic gives the stems of a Turkic word: itself, and, before endings that
// begin with a vowel, the stem with its last consonant voiced or its last
// vowel lost. A verb given in its infinitive also gives its bare stem. A word that
// may be the owned one of two nouns, as the names of most bodies end, also takes
// the cases of such nouns.
type turkic struct {
	lang                 langSet
	grammar              func() *grammar
	noun, verb           class
	nounVowel, verbVowel class           // before a vowel only
	loose                func() *grammar // of abbreviations; nil: the grammar
	looseNoun            class
	voiced, unvoiced     map[rune]rune     // last consonants before a vowel, and back
	lost                 string            // vowels that a last syllable may lose
	byInfinitive         bool              // a bare stem is no verb's dictionary form
	infinitives          []string          // ends of a verb's dictionary form
	dropped              class             // of a verb's stem without its last letter
	drops                string            // last letters that a verb's stem may drop
	verbal               map[rune]string   // last vowel of a verb's stem → the end of its infinitive
	agents               map[string]string // the end of an infinitive → what makes an agent of it
	nominal              string            // last letters that a verb's stem of two syllables hasn't
	nominalEnds          []string          // as nominal
	adjectives           []string          // ends of words that look like infinitives and aren't
	owned                class             // of a noun with a third person's possession
	possessed            string            // last letters of such nouns; empty: they take a noun's endings
}

var turkicKazakh = turkic{
	lang: langKazakh, grammar: kazakh, loose: kazakhLoose, looseNoun: kkLoose,
	noun: kkNoun, verb: kkVerb, nounVowel: kkNounVowel, verbVowel: kkVerbVowel,
	voiced: map[rune]rune{'к': 'г', 'қ': 'ғ', 'п': 'б'}, unvoiced: map[rune]rune{'г': 'к', 'ғ': 'қ', 'б': 'п'}, lost: "ыіи",
	dropped: kkDropped, drops: "ыій", infinitives: []string{"у", "ю"}, verbal: map[rune]string{'ы': "у", 'і': "у"},
	nominal: "бвгғджмңфхцщэюяиоу", nominalEnds: []string{"ақ", "ек"},
	owned: kkOwned, possessed: "ыі",
}

var turkicKyrgyz = turkic{
	lang: langKyrgyz, grammar: kyrgyz, loose: kyrgyzLoose, looseNoun: kyLoose,
	noun: kyNoun, verb: kyVerb, nounVowel: kyNounVowel, verbVowel: kyVerbVowel,
	voiced: map[rune]rune{'к': 'г', 'п': 'б'}, unvoiced: map[rune]rune{'г': 'к', 'б': 'п'}, lost: "ыиуү",
	dropped: kyDropped, drops: "й", infinitives: []string{"юу", "юү", "уу", "үү", "оо", "өө"},
	verbal:  map[rune]string{'а': "оо", 'о': "оо", 'е': "өө", 'ө': "өө", 'ы': "уу", 'у': "уу", 'и': "үү", 'ү': "үү"},
	agents:  map[string]string{"оо": "чу", "өө": "чү"},
	nominal: "бвгджмңфхцчщэюя", nominalEnds: []string{"ак", "ек", "ок", "өк", "уу", "үү", "оо", "өө", "ия"},
	adjectives: []string{"ттуу", "ттүү", "ндуу", "ндүү", "лдуу", "лдүү", "мдуу", "мдүү", "здуу", "здүү", "ңдуу", "ңдүү", "рлуу", "рлүү"},
	owned:      kyOwned, possessed: "ыиуү",
}

var turkicUzbek = turkic{
	lang: langUzbek, grammar: uzbek,
	noun: uzNoun, verb: uzVerb, nounVowel: uzNounVowel, verbVowel: uzVerbVowel,
	voiced: map[rune]rune{'k': 'g', 'q': 'g'}, lost: "iua",
	infinitives: []string{"moq", "ish"}, verbal: map[rune]string{'a': "ovchi"},
	nominal: "bdfgjmvx", nominalEnds: []string{"aq", "ak", "ek", "ah", "oh", "ih", "uh"},
}

var turkicUzbekCyrillic = turkic{
	lang: langUzbek, grammar: uzbekCyrillic,
	noun: uzcNoun, verb: uzcVerb, nounVowel: uzcNounVowel, verbVowel: uzcVerbVowel,
	voiced: map[rune]rune{'к': 'г', 'қ': 'ғ'}, lost: "иуа",
	infinitives: []string{"моқ", "иш"}, verbal: map[rune]string{'а': "овчи"},
	nominal: "бдфгғҳжмвхцэюя", nominalEnds: []string{"ақ", "ак", "ек"},
}

var turkicTurkmen = turkic{
	lang: langTurkmen, grammar: turkmen,
	noun: tkNoun, verb: tkVerb, nounVowel: tkNounVowel, verbVowel: tkVerbVowel,
	voiced: map[rune]rune{'k': 'g', 'p': 'b', 't': 'd', 'ç': 'j'}, lost: "yiuü",
	infinitives: []string{"mak", "mek"}, byInfinitive: true,
	owned: tkOwned, possessed: "yiuü",
}

func (t *turkic) stems(word string, flags Flags, emit func(string, class)) {
	w := []rune(word)
	if len(w) < 2 {
		return
	}
	if t.loose != nil && (flags&Lower == 0 || lastVowel(w) == 0) {
		emit(word, t.looseNoun)
		return
	}
	emit(word, t.noun)
	last := w[len(w)-1]
	if len(w) > 3 && strings.ContainsRune(t.possessed, last) { // даму банкі: даму банкіне
		emit(word, t.owned)
	}
	if v, ok := t.voiced[last]; ok {
		emit(string(w[:len(w)-1])+string(v), t.nounVowel)
	}
	if s, ok := t.syncope(w); ok {
		emit(s, t.nounVowel)
	}
	t.changedStems(word, last, emit)
	if flags&Initial != 0 { // a name
		return
	}
	if !t.byInfinitive && t.maybeVerb(word, w) {
		t.verbStems(word, emit)
	}
	for _, end := range t.infinitives {
		if s, ok := strings.CutSuffix(word, end); ok && !hasAny(word, t.adjectives...) {
			t.infinitive(s, end, emit)
		}
	}
}

// changedStems gives the stems of words that end as they don't before an ending:
// фестиваль: фестивалі, субъект: субъектісі, köçe: köçäni.
func (t *turkic) changedStems(word string, last rune, emit func(string, class)) {
	switch {
	case t.lang == langTurkmen && last == 'e': // köçe: köçäni, işle-: işläp
		emit(strings.TrimSuffix(word, "e")+"ä", t.noun)
	case t.loose == nil:
	case last == 'ь':
		s := strings.TrimSuffix(word, "ь")
		emit(s, t.noun)
		emit(s, t.looseNoun)
	case t.lang == langKazakh && hasAny(word, "кт", "нк", "ск", "пт"):
		emit(word+"і", t.noun)
	case t.lang == langKyrgyz && hasAny(word, "кт"): // объект: объектилер, факт: фактылар
		emit(word+"и", t.noun)
		emit(word+"ы", t.noun)
		emit(word, t.looseNoun)
	case hasAny(word, "ев") || t.lang == langKyrgyz && isCluster([]rune(word)): // Назарбаевтың, Назарбаевқа
		emit(word, t.looseNoun)
	case t.lang == langKyrgyz && hasAny(word, "ой", "уй"): // той: тою, тоюна
		emit(strings.TrimSuffix(word, "й"), t.dropped)
	case t.lang == langKyrgyz && softened[word]: // орун: орду
		w := []rune(word)
		emit(string(w[:len(w)-2])+"д", t.nounVowel)
	}
}

// maybeVerb reports whether a word may be a verb's bare stem, as treebanks and
// some authors give verbs: stems of more than one syllable end as few nouns do.
//
// No stem ends in two consonants, unless the first of them is a sonorant and the
// second a stop or a ч: тарт-, айт-, чалк-, not банкт, акт.
func (t *turkic) maybeVerb(word string, w []rune) bool {
	if t.lang == langKyrgyz && (uninflected[word] || isCluster(w)) {
		return false
	}
	syllables, inside := 0, false
	for _, r := range w {
		vowel := t.grammar().vowels.has(r)
		if vowel && !inside {
			syllables++
		}
		inside = vowel
	}
	return syllables < 2 || !strings.ContainsRune(t.nominal, w[len(w)-1]) && !hasAny(word, t.nominalEnds...)
}

// isCluster reports whether a word ends in two consonants with which no verb and
// no native word of Kyrgyz ends.
func isCluster(word []rune) bool {
	if len(word) < 3 {
		return false
	}
	one, two := word[len(word)-2], word[len(word)-1]
	if isVowel(one) || isVowel(two) || two == 'ь' {
		return false
	}
	return !strings.ContainsRune("рлйнң", one) || !strings.ContainsRune("тпкчс", two)
}

// uninflected are words of Kyrgyz that end like a verb's stem of two syllables
// and take no ending: postpositions and adverbs.
var uninflected = set(`бери нары ары бүт чогу кийин чейин кайра дагы кайта илгери дароо азыр бирге тууралуу менен эле дейре сайын`)

// softened are words of Kyrgyz whose last vowel and consonant change together.
var softened = set(`орун мурун бурун эрин карын`)

// verbStems gives the stems of a verb by its bare stem.
func (t *turkic) verbStems(word string, emit func(string, class)) {
	w := []rune(word)
	last := w[len(w)-1]
	emit(word, t.verb)
	if v, ok := t.voiced[last]; ok {
		emit(string(w[:len(w)-1])+string(v), t.verbVowel)
		if t.lang == langTurkmen { // togtat-: togtadýar
			emit(string(w[:len(w)-1])+string(v), t.verb)
		}
	}
	if len(w) < 3 {
		return
	}
	if t.lang == langTurkmen && last == 'e' {
		emit(string(w[:len(w)-1])+"ä", t.verb)
	}
	if strings.ContainsRune(t.drops, last) {
		emit(string(w[:len(w)-1]), t.dropped)
	}
	if end, ok := t.verbal[last]; ok { // башта: баштоо, баштоочу
		emit(string(w[:len(w)-1])+end, t.noun)
		if agent := t.agents[end]; agent != "" {
			emit(string(w[:len(w)-1])+end+agent, t.noun)
		}
	}
}

// infinitive gives the stems of a verb by its dictionary form, which is s and
// end: тарту: тарт-, жою: жой-, оқу: оқы-, токтоо: токто-.
func (t *turkic) infinitive(s, end string, emit func(string, class)) {
	n := utf8.RuneCountInString(s)
	last := lastRune(s)
	switch {
	case n < 2 || n == 2 && isVowel(last) && !strings.HasPrefix(end, "ю"):
		return
	case end == "ю", end == "юу", end == "юү":
		t.verbStems(s+"й", emit)
	case end == "оо":
		t.verbStems(s+"а", emit)
		t.verbStems(s+"о", emit)
		return
	case end == "өө":
		t.verbStems(s+"е", emit)
		t.verbStems(s+"ө", emit)
		return
	case t.lang == langKazakh && !isVowel(last):
		t.verbStems(s, emit)
		for _, v := range []string{"ы", "і"} {
			emit(s+v, t.verb)
		}
	default:
		t.verbStems(s, emit)
	}
	if v := t.unvoiced[last]; v != 0 { // чыгуу: чык-
		t.verbStems(strings.TrimSuffix(s, string(last))+string(v), emit)
	}
}

// syncope drops the vowel of a last syllable: орын: орны, bagʻir: bagʻri.
func (t *turkic) syncope(w []rune) (string, bool) {
	n := len(w)
	if n < 4 || isVowel(w[n-1]) || isVowel(w[n-3]) || !isVowel(w[n-4]) && (n < 5 || !isVowel(w[n-5])) {
		return "", false
	}
	if !strings.ContainsRune(t.lost, w[n-2]) || !strings.ContainsRune("рлнмзкқпхrlnmzkqhgгғ", w[n-1]) {
		return "", false
	}
	return string(w[:n-2]) + string(w[n-1]), true
}
