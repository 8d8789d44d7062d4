package rules

import (
	"bytes"
	"slices"
	"strings"

	"driftwatch/news"
	"driftwatch/rules/query"
	"driftwatch/text"
)

// How far from a refusal or an end stands the act that it governs, in words:
// "rejected a Russian request to expand the base", "deliveries of chips to
// Russia were stopped". Tajik puts what is refused, with all that belongs to
// it, between the act and the refusal.
const (
	governsBehind  = 6
	governedBefore = 10
	governsTurkic  = 5
	governsTajik   = 9
)

// parts are the words behind which something else is told: what a refusal or
// an end governs doesn't reach past them. Who is punished for an act did it.
var parts = words(
	"that", "which", "who", "whether", "while", "and", "after", "for", "over", "because", "despite", "as",
	"что", "который", "которая", "которые", "пока", "и", "а", "после", "за", "потому", "несмотря",
)

// withheld reports that what a match rests on isn't done: every act of it is
// refused, rejected or brought to an end, or, where the match names no act
// ("chips to Russia"), every thing. It gives the word that says so. A match that
// rests on a refusal or an end itself isn't withheld by it, but is where this
// one is refused in its turn ("refused to stop").
func (s *state) withheld(g *signal, spans, acts []query.Span) (by query.Span, ok bool) {
	s.objects = s.objects[:0]
	for _, at := range acts {
		if s.engine.verbs[at.Name] {
			s.objects = append(s.objects, at)
		}
	}
	if len(s.objects) == 0 {
		for _, at := range acts {
			if s.engine.names[at.Name].country == nobody {
				s.objects = append(s.objects, at)
			}
		}
	}
	for _, at := range s.objects {
		if by, ok = s.refused(g, at); ok {
			continue
		}
		by, ok = s.withholds(at)
		if !ok || slices.ContainsFunc(spans, func(at query.Span) bool { return overlap(at, by) && !s.rests(g, at) }) {
			return query.Span{}, false
		}
	}
	return by, ok
}

// rests reports that a refusal or an end is told of another act of the signal.
func (s *state) rests(g *signal, at query.Span) bool {
	_, ok := s.refused(g, at)
	return ok
}

func overlap(a, b query.Span) bool { return a.First <= b.Last && b.First <= a.Last }

// ends lists the refusals and ends of a sentence that aren't negated.
func (s *state) ends(sentence int32) []query.Span {
	s.endings = s.endings[:0]
	for _, mark := range s.engine.marks.withheld {
		if mark < 0 {
			continue
		}
		for _, at := range s.scan.Postings[mark] {
			if at.Sentence == sentence && !s.negated(at) {
				s.endings = append(s.endings, at)
			}
		}
	}
	return s.endings
}

// withholds finds the refusal or end that governs an act. Two of them, one the
// other's object, leave the act as it is.
func (s *state) withholds(act query.Span) (by query.Span, ok bool) {
	n := 0
	for _, at := range s.ends(act.Sentence) {
		if !overlap(at, act) && s.governs(at, act) {
			by, n = at, n+1
		}
	}
	return by, n == 1
}

// refused reports that an act which is a refusal or an end itself is another
// one's object, has another one as its object, or another act of the signal
// that is no such word: "refused to ban".
func (s *state) refused(g *signal, act query.Span) (by query.Span, ok bool) {
	all := s.ends(act.Sentence)
	for _, at := range all {
		if !overlap(at, act) {
			continue
		}
		for _, other := range all {
			if !overlap(at, other) && (s.governs(at, other) || s.governs(other, at)) {
				return other, true
			}
		}
		for _, n := range g.affirmed {
			if n != int(act.Name) && slices.ContainsFunc(s.scan.Postings[n], func(o query.Span) bool {
				return o.Sentence == at.Sentence && !overlap(o, at) && !s.marksEnd(o.First) && s.governs(at, o)
			}) {
				return at, true
			}
		}
	}
	return query.Span{}, false
}

// governs reports that a refusal or an end has an act as its object.
func (s *state) governs(mark, act query.Span) bool {
	switch base, _, _ := strings.Cut(s.text.Lang, "-"); base {
	case "kk", "ky", "uz", "tk":
		return mark.First > act.Last && mark.First-act.Last <= governsTurkic && s.unparted(act.Last, mark.First, act.Sentence)
	case "tg":
		return mark.First > act.Last && mark.First-act.Last <= governsTajik && s.unparted(act.Last, mark.First, act.Sentence) ||
			act.First > mark.Last && act.First-mark.Last <= governsTurkic && s.unparted(mark.Last, act.First, act.Sentence)
	}
	if act.First > mark.Last {
		return act.First-mark.Last <= governsBehind && s.unparted(mark.Last, act.First, act.Sentence)
	}
	return mark.First > act.Last && mark.First-act.Last <= governedBefore && s.passive(mark) && !s.past(act) &&
		s.unparted(act.Last, mark.First, act.Sentence)
}

// unparted reports that nothing between two words of a sentence parts what they
// tell: no comma, no conjunction.
func (s *state) unparted(from, to, sentence int32) bool {
	for w := from + 1; w <= to; w++ {
		if s.flags(w, sentence)&text.Apart != 0 || s.scan.Break(w) {
			return false
		}
		if w < to && parts[s.hash(w, sentence)] {
			return false
		}
	}
	return true
}

// passive reports that a refusal or an end is told of what stands before it:
// "deliveries have been stopped", "поставки прекращены", and at the end of a title
// "renaming shelved".
func (s *state) passive(mark query.Span) bool {
	sentence := s.scan.Sentences[mark.Sentence]
	if mark.First == sentence.First {
		return false
	}
	if int(mark.Sentence) < s.titleSentences && bytes.HasSuffix(s.folded(mark.Last, mark.Sentence), []byte("ed")) &&
		(mark.Last == sentence.Last || s.flags(mark.Last+1, mark.Sentence)&text.Apart != 0 || behindPassive[s.hash(mark.Last+1, mark.Sentence)]) {
		return true
	}
	switch string(s.folded(mark.First-1, mark.Sentence)) {
	case "was", "were", "is", "are", "been", "be", "being", "have", "has", "had", "to":
		return true
	}
	word := s.folded(mark.Last, mark.Sentence)
	for _, ending := range [...]string{"ны", "на", "но", "ен", "снят", "снята", "снято", "сняты", "ись", "ась", "ось"} {
		if bytes.HasSuffix(word, []byte(ending)) {
			return true
		}
	}
	return false
}

// behindPassive are the words that begin what belongs to an English passive, and no
// object: "ban lifted in Kazakhstan", "exports halted by customs".
var behindPassive = words("in", "by", "after", "from", "over", "amid", "until", "as", "at", "for")

// past reports an English verb in the past, or one of a relative clause: "which
// supplied", whatever then was stopped.
func (s *state) past(act query.Span) bool {
	if bytes.HasSuffix(s.folded(act.First, act.Sentence), []byte("ed")) {
		return true
	}
	return act.First > s.scan.Sentences[act.Sentence].First && begins[s.hash(act.First-1, act.Sentence)]
}

// marksEnd reports that a word belongs to a refusal or an end: a negation at it
// is that of the refusal, not of what it governs.
func (s *state) marksEnd(word int32) bool {
	for _, mark := range s.engine.marks.withheld {
		if mark < 0 {
			continue
		}
		if slices.ContainsFunc(s.scan.Postings[mark], func(at query.Span) bool { return at.First <= word && word <= at.Last }) {
			return true
		}
	}
	return false
}

// opposite is the direction of an act that is withheld: of one that brings the
// country closer it is a move apart, and the other way round. Where somebody
// from outside withholds it, it is no move of the country's.
func (s *state) opposite(d news.Direction, by query.Span) news.Direction {
	switch {
	case s.imposed([]query.Span{by}):
		return news.None
	case d == news.Closer:
		return news.Apart
	case d == news.Apart:
		return news.Closer
	}
	return d
}
