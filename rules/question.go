package rules

import (
	"strings"

	"driftwatch/rules/query"
	"driftwatch/text"
)

// asked reports that nobody says that an act is done: it is asked for ("Will
// Kyrgyzstan quit the CSTO?") or only supposed ("if Kyrgyzstan quits"). A question
// for the reason, the manner or the doer of an act takes it as done.
func (s *state) asked(act query.Span) bool {
	return s.supposed(act) || s.questioned(act)
}

// allAsked reports that of acts none is said to be done.
func (s *state) allAsked(acts []query.Span) bool {
	for _, act := range acts {
		if !s.asked(act) {
			return false
		}
	}
	return len(acts) > 0
}

// suppose are the words that make what follows them in their clause a supposition.
var suppose = words(
	"whether", "if", "ли", "если",
	"егер", "эгер", "эгерде", "agar", "агар", "eger",
)

// supposed reports a word before an act that makes it a supposition, or the Russian
// "ли" behind it; what a comma parts doesn't count.
func (s *state) supposed(act query.Span) bool {
	sentence := s.scan.Sentences[act.Sentence]
	for w := act.First; w > sentence.First && s.flags(w, act.Sentence)&text.Apart == 0 && !s.scan.Break(w); w-- {
		word := s.hash(w-1, act.Sentence)
		if begins[word] && !suppose[word] || because[word] {
			break
		}
		if suppose[word] {
			return string(s.folded(w-1, act.Sentence)) != "if" || w-1 == sentence.First || !beforeIf[s.hash(w-2, act.Sentence)]
		}
	}
	return act.Last < sentence.Last && string(s.folded(act.Last+1, act.Sentence)) == "ли"
}

// because are the words that begin the reason or the time of what is supposed, which
// is no supposition.
var because = words("after", "because", "since", "once", "после", "потому")

// beforeIf make an "if" that supposes nothing: "as if", "even if".
var beforeIf = words("as", "even")

// reasons are the words that ask for something about an act which is done.
var reasons = words(
	"why", "how", "what", "who", "where", "which", "whose",
	"почему", "зачем", "как", "что", "кто", "где", "какой", "какие", "кому", "чем", "сколько", "куда",
	"неге", "неліктен", "қалай", "кім", "қандай", "қайда", "қанша", "нені",
	"эмнеге", "эмне", "кандай", "кантип", "ким", "кайда", "канча",
	"nega", "nima", "qanday", "kim", "qayerda", "qancha", "нега", "нима",
	"чаро", "чӣ", "чи", "чӣтавр", "кӣ", "куҷо",
	"näme", "nähili", "nädip", "nirede", "näçe",
)

// reasonWithin is among how many of the first words of an English or Russian question
// such a word stands; in the other languages it may stand anywhere.
const reasonWithin = 2

// questioned reports that an act's clause ends in a question mark and asks whether
// it is done.
func (s *state) questioned(act query.Span) bool {
	f, words, sentences := s.field(act.Sentence)
	sentence := f.Sentences[act.Sentence-sentences]
	if !asks(f.Text[sentence.Start:sentence.End]) || strings.ContainsAny(f.Text[f.Words[act.Last-words].End:sentence.End], ":;—–…") {
		return false
	}
	first, reach := sentence.FirstWord+words, sentence.LastWord+words
	if i := strings.LastIndexAny(f.Text[sentence.Start:f.Words[act.First-words].Start], ":;—–…"); i >= 0 {
		for first < act.First && f.Words[first-words].Start < sentence.Start+int32(i) {
			first++
		}
	}
	if langsOf(s.text.Lang)&(langsOf("en")|langsOf("ru")) != 0 {
		reach = min(reach, first+reasonWithin-1)
	}
	for w := first; w <= sentence.LastWord+words; w++ {
		apart := w > first && s.flags(w, act.Sentence)&text.Apart != 0
		if w > act.Last && s.scan.Break(w) {
			return false
		}
		if (w <= reach || apart && w > act.Last) && reasons[s.hash(w, act.Sentence)] {
			return w < sentence.LastWord+words && suppose[s.hash(w+1, act.Sentence)] // "What if"
		}
	}
	return true
}

// asks reports that a sentence ends in a question mark, whatever closes it.
func asks(sentence string) bool {
	return strings.HasSuffix(strings.TrimRight(sentence, " \t\n\u00a0!.…)»”’\"'"), "?")
}
