package rules

import (
	"bytes"
	"cmp"
	"slices"

	"driftwatch/news"
	"driftwatch/rules/query"
	"driftwatch/rules/theme"
	"driftwatch/text"
)

// country is a country's role: watched ones are 1 to 5 in the order of
// news.Countries.
type country int8

const (
	nobody  country = 0
	russia  country = 6
	neutral country = 7 // a country that acts on the watched ones: who imposes, who asks
	third   country = 8
	bloc    country = 9 // third, and a member of the blocs whose lists name the watched ones
)

func codeOf(c *theme.Concept) country {
	if i := slices.Index(news.Countries, c.Country); i >= 0 {
		return country(i + 1)
	}
	switch {
	case c.Country == "RU":
		return russia
	case c.Neutral:
		return neutral
	case c.Country == "AM" || c.Country == "BY":
		return bloc
	}
	return third
}

func (c country) watched() bool { return c >= 1 && c <= 5 }

func (c country) foreign() bool { return c == third || c == bloc }

func (c country) code() string { return news.Countries[c-1] }

// mention is a country named in the text.
type mention struct {
	query.Span
	who  country
	weak bool // a venue or a dateline: who, only if nobody else is named
	out  bool // a list of members, "not X": nobody
}

// who finds the countries that a text names, in order.
func (s *state) who() {
	for _, n := range s.touched {
		who := s.engine.names[n].country
		if who == nobody {
			continue
		}
		place := s.engine.names[n].concept.Place
		for _, at := range s.scan.Postings[n] {
			s.mentions = append(s.mentions, mention{Span: at, who: who, weak: s.venue(at, place)})
		}
	}
	slices.SortFunc(s.mentions, func(a, b mention) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(b.Last, a.Last), cmp.Compare(a.who, b.who))
	})
	s.mentions = longest(s.mentions)
	s.lists()
	for i := range s.mentions {
		if m := &s.mentions[i]; s.denied(m.Span) || s.prints(m.Span) {
			m.out = true
		}
	}
}

// longest drops the mentions that overlap an earlier, longer one.
func longest(all []mention) []mention {
	kept := all[:0]
	for _, m := range all {
		if len(kept) > 0 && m.First <= kept[len(kept)-1].Last {
			continue
		}
		kept = append(kept, m)
	}
	return kept
}

// venue reports that a country or its capital is named as a place: behind "in" or in
// the locative near an event; a capital in a dateline too.
func (s *state) venue(at query.Span, capital bool) bool {
	sentence := s.scan.Sentences[at.Sentence]
	if capital && int(at.Sentence) == s.titleSentences && at.First == sentence.First && at.Last < sentence.Last &&
		s.flags(at.Last+1, at.Sentence)&text.Apart != 0 {
		return true
	}
	return s.engine.marks.venue >= 0 && s.inside(at) && s.anyNear(s.engine.marks.venue, at, venueWithin)
}

// venueWithin is how near to an event its venue is named.
const venueWithin = 6

// locatives are the endings of "in" the country, by script: who stays away from an
// exercise in Tajikistan is somebody else.
var locatives = []string{"да", "де", "та", "те", "до", "дагы", "дағы", "дегі", "тагы", "тағы", "даги", "da", "de", "dagi", "daky", "däki"}

// soil are the words for a country's land, beside which its name tells where.
var soil = words("territory", "soil", "территории", "земле", "хоки")

// inside reports a place behind "in" or beside "soil", or in the locative of the
// Turkic languages.
func (s *state) inside(at query.Span) bool {
	if at.First > s.scan.Sentences[at.Sentence].First {
		switch string(s.folded(at.First-1, at.Sentence)) {
		case "in", "at", "near", "outside", "в", "под", "дар":
			return true
		}
		if soil[s.hash(at.First-1, at.Sentence)] {
			return true
		}
	}
	if at.Last < s.scan.Sentences[at.Sentence].Last && soil[s.hash(at.Last+1, at.Sentence)] {
		return true
	}
	word := s.folded(at.Last, at.Sentence)
	return len(word) > 12 && slices.ContainsFunc(locatives, func(e string) bool { return bytes.HasSuffix(word, []byte(e)) })
}

// lists takes out the lists of members: four countries or more in a row, one of
// them from outside the region.
func (s *state) lists() {
	for i := 0; i < len(s.mentions); {
		j := i + 1
		for j < len(s.mentions) && s.mentions[j].Sentence == s.mentions[i].Sentence &&
			s.listed(s.mentions[j-1], s.mentions[j]) {
			j++
		}
		run := s.mentions[i:j]
		if distinct(run) >= 4 && slices.ContainsFunc(run, func(m mention) bool { return m.who == russia || m.who == bloc }) {
			for k := range run {
				run[k].out = true
			}
		}
		i = j
	}
}

// and are the words that join the names of a list.
var and = words(
	"and", "the", "и", "және", "мен", "пен", "бен", "жана", "менен",
	"va", "ва", "bilan", "билан", "hamda", "we", "bilen", "бо",
)

// notBefore and notBehind are the words that take a name out.
var (
	notBefore = words("not", "не")
	notBehind = words("емес", "эмес", "emas", "эмас", "dal", "däl")
)

// listed reports whether two names follow one another in a list: side by side,
// or with one word that joins them. "Putin visited Kazakhstan" is no list.
func (s *state) listed(a, b mention) bool {
	switch b.First - a.Last {
	case 0, 1:
		return true
	case 2:
		return and[s.hash(a.Last+1, a.Sentence)]
	}
	return false
}

func distinct(run []mention) int {
	n := 0
	for i, m := range run {
		if m.who.foreign() || !slices.ContainsFunc(run[:i], func(o mention) bool { return o.who == m.who }) {
			n++
		}
	}
	return n
}

// denied reports "not X" before, and the Turkic "X is not" behind a name.
func (s *state) denied(at query.Span) bool {
	sentence := s.scan.Sentences[at.Sentence]
	return at.First > sentence.First && notBefore[s.hash(at.First-1, at.Sentence)] ||
		at.Last < sentence.Last && notBehind[s.hash(at.Last+1, at.Sentence)]
}

// outlets are how the words for an outlet begin, says how those for what it does.
var (
	outlets = []string{"outlet", "media", "newspaper", "portal", "news", "издани", "сми", "газет", "портал", "басылым", "бақ", "басылма", "ммк", "nashr", "oav", "нашр", "оав", "рузнома", "рӯзнома", "neşir", "metbugat"}
	says    = []string{"report", "write", "wrote", "сообщ", "пиш", "передат", "передал", "жаз", "хабарла", "кабарла", "билдир", "yoz", "xabar", "ёз", "хабар", "навишт", "менавис", "ýaz", "habar"}
)

// printsWithin is how far from the name of an outlet stands that it writes.
const printsWithin = 4

// prints reports a country that is named for its outlets alone, which write of
// somebody: "Kazakh media report", "сообщают казахстанские СМИ".
func (s *state) prints(at query.Span) bool {
	sentence := s.scan.Sentences[at.Sentence]
	starts := func(w int32, stems []string) bool {
		if w < sentence.First || w > sentence.Last {
			return false
		}
		word := s.folded(w, at.Sentence)
		return slices.ContainsFunc(stems, func(stem string) bool { return bytes.HasPrefix(word, []byte(stem)) })
	}
	if !starts(at.Last+1, outlets) {
		return false
	}
	if starts(at.First-1, says) {
		return true
	}
	for w := at.Last + 2; w <= at.Last+1+printsWithin; w++ {
		if starts(w, says) {
			return true
		}
	}
	return false
}

// tally counts how often each watched country is named.
type tally [6]int

func (t tally) any() bool { return t != tally{} }

// count adds up the watched countries named from one sentence to another; the
// weak ones count where no other is named.
func (s *state) count(from, to int) tally { return s.tally(from, to, nil) }

// doers counts as count does, and of a sentence in which a "but" parts the acts from
// what else is told those in the clauses of the acts alone, where one is named there.
func (s *state) doers(acts []query.Span, from, to int) tally {
	if len(s.scan.Breaks) == 0 {
		return s.count(from, to)
	}
	return s.tally(from, to, func(m mention) bool {
		return s.ofClause(m, acts) || !slices.ContainsFunc(s.mentions, func(o mention) bool {
			return o.Sentence == m.Sentence && o.who.watched() && !o.out && !o.weak && s.ofClause(o, acts)
		})
	})
}

// ofClause reports that a country is named in the clause of one of the acts.
func (s *state) ofClause(m mention, acts []query.Span) bool {
	return slices.ContainsFunc(acts, func(act query.Span) bool { return act.Sentence == m.Sentence && s.scan.SameClause(act, m.Span) })
}

// tally adds up those of the watched countries named from one sentence to another that
// are to be counted, all where it isn't said which.
func (s *state) tally(from, to int, counts func(mention) bool) tally {
	var strong, weak tally
	for _, m := range s.mentions {
		if m.out || !m.who.watched() || int(m.Sentence) < from || int(m.Sentence) > to || counts != nil && !counts(m) {
			continue
		}
		if m.weak {
			weak[m.who]++
			continue
		}
		strong[m.who]++
	}
	if strong.any() {
		return strong
	}
	return weak
}

// codes lists the countries of a tally, the most named first.
func (t tally) codes() []string {
	var all [5]country
	list := all[:0]
	for c := country(1); c <= 5; c++ {
		if t[c] > 0 {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b country) int { return t[b] - t[a] })
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = c.code()
	}
	return out
}

// only keeps the countries that a signal is about.
func (t tally) only(codes []string) tally {
	if len(codes) == 0 {
		return t
	}
	for c := country(1); c <= 5; c++ {
		if !slices.Contains(codes, c.code()) {
			t[c] = 0
		}
	}
	return t
}

// governed reports whether a third country does every one of the acts: it is
// the last one named before the act, or the only one in the window.
func (s *state) governed(acts []query.Span, from, to int) bool {
	foreign, watched := false, false
	for _, m := range s.mentions {
		if int(m.Sentence) >= from && int(m.Sentence) <= to && !m.out {
			foreign = foreign || m.who.foreign()
			watched = watched || m.who.watched()
		}
	}
	if !foreign {
		return false
	}
	if !watched {
		return true
	}
	for _, act := range acts {
		if who := s.doer(act, from); !who.foreign() {
			return false
		}
	}
	return len(acts) > 0
}

// doer is who is named last before an act, in its sentence or in one of the
// window before it, and not as its venue; the first behind it where nobody is.
func (s *state) doer(act query.Span, from int) country {
	who := nobody
	for _, m := range s.mentions {
		if m.weak || int(m.Sentence) < from || m.Sentence > act.Sentence || m.out || !m.who.watched() && !m.who.foreign() {
			continue
		}
		if m.First > act.First {
			break
		}
		who = m.who
	}
	if who == nobody {
		return s.subject(act)
	}
	return who
}

// beforeAct: before an act, so many words at most, stands who does it.
const beforeAct = 6

// imposed reports whether every act is somebody's from outside: Russia or who
// acts on the region is named shortly before it, and none of the watched
// countries is named before it in the sentence.
func (s *state) imposed(acts []query.Span) bool {
	for _, act := range acts {
		outside, own := false, false
		for _, m := range s.mentions {
			if m.Sentence == act.Sentence && m.Last < act.First && !m.out {
				outside = outside || !m.who.watched() && !m.weak && act.First-m.Last <= beforeAct && !s.route(m.Span)
				own = own || m.who.watched()
			}
		}
		if own || !outside {
			return false
		}
	}
	return len(acts) > 0
}

// others reports that every act is somebody's from outside, and that the watched
// countries of its sentence are told of in another clause: of "China supplies drones
// to Russia; Kazakhstan watches" the second supplies nothing.
func (s *state) others(acts []query.Span) bool {
	return len(s.scan.Breaks) > 0 && s.imposed(acts) && !slices.ContainsFunc(acts, func(act query.Span) bool {
		beside := false
		for _, m := range s.mentions {
			if m.Sentence == act.Sentence && m.who.watched() && !m.out {
				if s.scan.SameClause(m.Span, act) {
					return true
				}
				beside = true
			}
		}
		return !beside
	})
}

// route reports that Russia or the West is named as where goods go or come from, or for its
// language: "to Russia" before a verb, as the Turkic languages have it, and "Russian
// lessons" are nobody's act, nor are "goods from the EU".
func (s *state) route(at query.Span) bool {
	if at.First > s.scan.Sentences[at.Sentence].First {
		switch string(s.folded(at.First-1, at.Sentence)) {
		case "from", "из":
			return true
		}
	}
	for _, mark := range [...]int{s.engine.marks.toRussia, s.engine.marks.fromRussia, s.engine.marks.language} {
		if mark < 0 {
			continue
		}
		for _, o := range s.scan.Postings[mark] {
			if o.First <= at.First && at.Last <= o.Last {
				return true
			}
		}
	}
	return false
}

// subject is who is named last before an act in its sentence, or first after it
// where nobody is.
func (s *state) subject(act query.Span) country {
	who := nobody
	for _, m := range s.mentions {
		if m.Sentence != act.Sentence || m.out || !m.who.watched() && !m.who.foreign() {
			continue
		}
		if m.First > act.First {
			if who == nobody {
				who = m.who
			}
			break
		}
		who = m.who
	}
	return who
}
