package rules

import (
	"bytes"
	"slices"
	"strings"

	"driftwatch/rules/query"
	"driftwatch/rules/theme"
	"driftwatch/text"
)

// negated reports whether an act is negated where it stands: by a particle
// before it (English, Russian), inside the verb or behind it (the Turkic
// languages), or by the prefix of the verb (Tajik).
func (s *state) negated(at query.Span) bool {
	if c := s.engine.names[at.Name].concept; c != nil && c.Negative {
		return false
	}
	known := &s.polarity[at.First]
	if known.end != at.Last+1 {
		*known = polarity{at.Last + 1, s.unsaid(at)}
	}
	return known.negated
}

// unsaid works out what negated knows for the next time.
func (s *state) unsaid(at query.Span) bool {
	switch base, _, _ := strings.Cut(s.text.Lang, "-"); base {
	case "kk", "ky", "uz", "tk":
		return s.negatedInside(at, turkic[base])
	case "tg":
		return s.negatedByPrefix(at)
	default:
		return s.negatedBefore(at)
	}
}

// before are the particles that negate what follows them, and how many words
// later at most, not counting what a comma parts.
var before = hashed(map[string]int32{
	"not": 4, "never": 4, "no": 3, "cannot": 3, "without": 3, "neither": 4, "nor": 4,
	"wont": 4, "dont": 4, "doesnt": 4, "didnt": 4, "isnt": 4, "arent": 4, "wasnt": 4, "werent": 4,
	"none": 9, "nobody": 4, "yet": 4,
	"hasnt": 4, "havent": 4, "hadnt": 4, "cant": 4, "couldnt": 4, "wouldnt": 4, "shouldnt": 4,
	"не": 3, "нет": 2, "ни": 2, "без": 2, "никогда": 3, "нельзя": 2,
})

// yet is a particle in "has yet to leave" alone.
var yet = text.Hash("yet")

// carries are verbs that hand a negation on to what their object is for, however long
// it is: who won't become a platform for evading sanctions doesn't evade them.
var carries = words(
	"become", "becoming", "serve", "wish", "intention", "intentions", "desire", "allow", "allowing", "let", "permit", "tolerate",
	"стать", "станет", "станут", "является", "являются", "служить", "служит",
	"допустит", "допустить", "допустят", "допускает", "допустим", "потерпит",
	"позволит", "позволить", "позволят", "позволим", "позволяет",
)

// carried is how far a negation reaches that such a verb hands on.
const carried = 9

// noneOf reports that a particle and the words from w on make a subject of which
// nothing is true, however much belongs to it: "not one of its banks", "not a single
// firm", "ни один из заводов".
func (s *state) noneOf(w, sentence int32) bool {
	switch string(s.folded(w-1, sentence)) {
	case "not":
		if next := string(s.folded(w, sentence)); next != "a" {
			return next == "one"
		}
		return w < s.scan.Sentences[sentence].Last && string(s.folded(w+1, sentence)) == "single"
	case "ни":
		switch string(s.folded(w, sentence)) {
		case "один", "одна", "одно", "одного", "одной", "одному":
			return true
		}
	}
	return false
}

// only stands behind a particle that negates nothing: "not only", "не только".
var only = words("only", "just", "merely", "только", "просто")

// begins are the words that begin a clause: a particle before them negates
// nothing behind them.
var begins = words("that", "which", "who", "whether", "что", "чтобы", "который")

// wonders reports that the particle before w asks and doesn't negate: "не идут ли".
func (s *state) wonders(w, sentence int32) bool {
	return w < s.scan.Sentences[sentence].Last && string(s.folded(w+1, sentence)) == "ли" && string(s.folded(w-1, sentence)) == "не"
}

// negatesAnother reports that a denial, a lifting or an end stands between a particle
// and an act: who doesn't lift a ban doesn't unsay the ban.
func (s *state) negatesAnother(particle int32, act query.Span) bool {
	for _, mark := range [...]int{s.engine.marks.deny, s.engine.marks.lifted, s.engine.marks.withheld[0]} {
		if mark < 0 {
			continue
		}
		for _, at := range s.scan.Postings[mark] {
			if at.First > particle && at.Last < act.First {
				return true
			}
		}
	}
	return false
}

func (s *state) negatedBefore(at query.Span) bool {
	first := s.scan.Sentences[at.Sentence].First
	for w := at.First; w > first && at.First-w < carried; w-- {
		word := s.hash(w-1, at.Sentence)
		if s.flags(w, at.Sentence)&text.Apart != 0 || s.scan.Break(w) || begins[word] {
			break
		}
		reach, ok := before[word]
		if !ok || s.wonders(w, at.Sentence) || word == yet && string(s.folded(w, at.Sentence)) != "to" {
			continue
		}
		if s.negatesAnother(w-1, at) {
			return false
		}
		if next := s.hash(w, at.Sentence); at.First-(w-1) <= reach && !only[next] || w < at.First && (carries[next] || s.noneOf(w, at.Sentence)) {
			return true
		}
	}
	return s.negatedByAuxiliary(at)
}

// behindVerb is how far behind a Russian act the words stand that negate it.
const behindVerb = 8

// auxiliaries stand behind "не" where a Russian infinitive is negated from behind.
var auxiliaries = words(
	"будет", "будут", "буду", "будем", "стал", "стали", "станет", "станут",
	"планирует", "планируют", "планируется", "собирается", "собираются", "собираемся",
	"намерен", "намерены", "намерена", "рассматривается", "стоит", "хочет", "хотят",
)

// isInfinitive reports how infinitives of Russian end.
func isInfinitive(word []byte) bool {
	return bytes.HasSuffix(word, []byte("ть")) || bytes.HasSuffix(word, []byte("ться")) || bytes.HasSuffix(word, []byte("ти"))
}

// negatedByAuxiliary finds the Russian "изучать не будут" and "ограничивать торговлю
// страны Брюссель не планирует", where the particle follows the infinitive, and
// "запрета на вывоз товаров нет".
func (s *state) negatedByAuxiliary(at query.Span) bool {
	last := s.scan.Sentences[at.Sentence].Last
	infinitive := isInfinitive(s.folded(at.First, at.Sentence)) || isInfinitive(s.folded(at.Last, at.Sentence))
	for w := at.Last + 1; w <= min(last, at.Last+behindVerb); w++ {
		if s.flags(w, at.Sentence)&text.Apart != 0 || s.scan.Break(w) || begins[s.hash(w, at.Sentence)] {
			return false
		}
		switch string(s.folded(w, at.Sentence)) {
		case "нет":
			return w == last || s.flags(w+1, at.Sentence)&text.Apart != 0
		case "не":
			return w < last && (infinitive || w == at.Last+1) && auxiliaries[s.hash(w+1, at.Sentence)]
		}
	}
	return false
}

// turkicNegation is how a language negates: endings inside a verb, with others
// behind them or at its very end, and particles that follow a predicate. The
// stems only look as if they held an ending: "отбасы" is a family, "көбейту" to
// increase; what negates them stands behind them.
type turkicNegation struct{ inside, last, after, stems []string }

// turkic are the negations of a language: endings of a verb, as they stand in
// one, and the particles that follow a predicate.
var turkic = map[string]turkicNegation{
	"kk": {
		inside: []string{"майды", "мейді", "байды", "бейді", "пайды", "пейді", "мады", "меді", "бады", "беді", "пады", "педі",
			"маған", "меген", "баған", "беген", "паған", "пеген", "мау", "меу", "бау", "беу", "пау", "пеу", "майтын", "мейтін",
			"байтын", "бейтін", "пайтын", "пейтін", "мапты", "мепті", "бапты", "бепті", "папты", "пепті", "мас", "мес", "бас", "бес", "пас", "пес", "май", "мей", "бай", "бей", "пай", "пей"},
		after: []string{"емес", "жоқ"},
		stems: []string{"отбас", "баспас", "жолбас", "қолбас", "елбас", "қама", "жұма", "алмас", "көбей"},
	},
	"ky": {
		inside: []string{"байт", "бейт", "бойт", "бөйт", "пайт", "пейт", "пойт", "пөйт", "бады", "беди", "боду", "бөдү",
			"пады", "педи", "поду", "пөдү", "баган", "беген", "богон", "бөгөн", "паган", "пеген", "погон", "пөгөн",
			"боо", "бөө", "поо", "пөө", "баптыр", "бептир", "боптур", "бөптүр", "паптыр", "пептир", "поптур", "пөптүр",
			"башы", "беши", "пашы", "пеши", "бас", "бес", "бос", "бөс", "пас", "пес", "бай", "бей", "бой", "бөй", "пай", "пей", "пой", "пөй"},
		after: []string{"эмес", "жок"},
		stems: []string{"көбөй", "арбай", "колбаш", "жолбаш"},
	},
	"uz": {
		inside: []string{"maydi", "madi", "magan", "mayap", "mayot", "maslig", "maslik", "masdan", "masin", "mabdi", "may",
			"майди", "мади", "маган", "маяп", "маёт", "маслиг", "маслик", "масдан", "масин", "мабди", "май"},
		last:  []string{"mas", "мас"},
		after: []string{"emas", "yoq", "эмас", "йуқ", "йўқ"},
	},
	"tk": {
		inside: []string{"majak", "mejek", "maz", "mez", "mady", "medi", "maýar", "meýär", "maýan", "meýän", "mandyr", "mändir", "mändi", "mandy"},
		last:   []string{"anok", "enok", "änok", "amok", "emok", "ämok"},
		after:  []string{"däl", "ýok"},
	},
}

func (s *state) negatedInside(at query.Span, n turkicNegation) bool {
	last := s.scan.Sentences[at.Sentence].Last
	for w := at.Last; w <= min(last, at.Last+3); w++ {
		if w > at.Last && (s.flags(w, at.Sentence)&text.Apart != 0 || s.marksEnd(w)) {
			return false
		}
		word := s.folded(w, at.Sentence)
		for _, particle := range n.after {
			if w > at.Last && string(word) == particle {
				return true
			}
		}
		if n.inWord(word) {
			return true
		}
	}
	return false
}

// inWord reports a negation inside a verb.
func (n turkicNegation) inWord(word []byte) bool {
	for _, stem := range n.stems {
		if rest, ok := bytes.CutPrefix(word, []byte(stem)); ok {
			return slices.ContainsFunc(n.inside, func(in string) bool { return bytes.HasPrefix(rest, []byte(in)) })
		}
	}
	for _, in := range n.inside {
		if ends(word, in) {
			return true
		}
	}
	for _, last := range n.last {
		if bytes.HasSuffix(word, []byte(last)) && len(word)-len(last) >= 3 {
			return true
		}
	}
	return false
}

// ends reports a negation in a word behind three letters of stem or more (two
// where they are Cyrillic, and two bytes each, or "et", to do), with at most eight bytes of
// other endings behind it: a stem may well contain the letters.
func ends(word []byte, in string) bool {
	i := bytes.LastIndex(word, []byte(in))
	return (i >= 3 || i == 2 && word[0] == 'e' && word[1] == 't') && len(word)-i-len(in) <= 8
}

// tajik are the beginnings of negated Tajik verbs: наме- of the present, and на- before
// the stems of common verbs, past and present, also without the special letters.
var tajik = []string{"наме", "нахо", "набо", "нест",
	"накард", "накун", "нашуд", "нашав", "надод", "надиҳ", "надих", "надор", "надошт", "набуд", "наомад", "наоя",
	"нарафт", "нарав", "нагу", "нагӯ", "нагир", "набаро", "набаст", "набанд", "напайв", "нафирист", "натавон",
	"наефт", "наеб", "нарас", "намонд", "намонад", "насупор", "насохт", "насоз", "нафурӯ", "нафуру", "напардо", "нанав", "нанам",
	"напаз", "нагашт", "нагард", "наовар", "набурд", "нахар", "надонист", "надид", "набин", "назад", "накуш", "нахост"}

// tajikBefore are the beginnings of negated auxiliaries of Tajik, which the verb
// follows: "нахоҳад баромад" will not leave.
var tajikBefore = []string{"нахоҳ", "нахох", "натавон", "наметавон"}

func (s *state) negatedByPrefix(at query.Span) bool {
	sentence := s.scan.Sentences[at.Sentence]
	if at.First > sentence.First {
		before := s.folded(at.First-1, at.Sentence)
		if slices.ContainsFunc(tajikBefore, func(auxiliary string) bool { return bytes.HasPrefix(before, []byte(auxiliary)) }) {
			return true
		}
	}
	if n := &s.engine.names[at.Name]; n.concept != nil && !n.na && (s.tajikNot(at.First, at.Sentence) || s.tajikNot(at.Last, at.Sentence)) {
		return true
	}
	last := sentence.Last
	for w := at.First; w <= min(last, at.Last+2); w++ {
		if w > at.Last && s.marksEnd(w) {
			return false
		}
		word := s.folded(w, at.Sentence)
		for _, prefix := range tajik {
			if bytes.HasPrefix(word, []byte(prefix)) {
				return true
			}
		}
	}
	return false
}

// tajikNot reports that a word begins as a negated verb does.
func (s *state) tajikNot(w, sentence int32) bool {
	return bytes.HasPrefix(s.folded(w, sentence), []byte("на"))
}

// beginsWithNa reports that a Tajik term has a word that begins as negated verbs do, so
// that the beginning says nothing. Where none has, it stands before a term's word.
func beginsWithNa(t *theme.Concept) bool {
	for _, lang := range []string{"tg", "any"} {
		for _, term := range t.Terms[lang] {
			for _, w := range strings.Fields(strings.ToLower(term.Text)) {
				if strings.HasPrefix(w, "на") {
					return true
				}
			}
		}
	}
	return false
}
