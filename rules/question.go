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
var suppose = hashed(map[string]bool{
	"whether": true, "if": true, "ли": true, "если": true,
	"егер": true, "эгер": true, "эгерде": true, "agar": true, "агар": true, "eger": true,
})

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
var because = hashed(map[string]bool{"after": true, "because": true, "since": true, "once": true, "после": true, "потому": true})

// beforeIf make an "if" that supposes nothing: "as if", "even if".
var beforeIf = hashed(map[string]bool{"as": true, "even": true})

// reasons are the words that ask for something about an act which is done.
var reasons = hashed(map[string]bool{
	"why": true, "how": true, "what": true, "who": true, "where": true, "which": true, "whose": true,
	"почему": true, "зачем": true, "как": true, "что": true, "кто": true, "где": true, "какой": true, "какие": true, "кому": true, "чем": true, "сколько": true, "куда": true,
	"неге": true, "неліктен": true, "қалай": true, "кім": true, "қандай": true, "қайда": true, "қанша": true, "нені": true,
	"эмнеге": true, "эмне": true, "кандай": true, "кантип": true, "ким": true, "кайда": true, "канча": true,
	"nega": true, "nima": true, "qanday": true, "kim": true, "qayerda": true, "qancha": true, "нега": true, "нима": true,
	"чаро": true, "чӣ": true, "чи": true, "чӣтавр": true, "кӣ": true, "куҷо": true,
	"näme": true, "nähili": true, "nädip": true, "nirede": true, "näçe": true,
})

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
