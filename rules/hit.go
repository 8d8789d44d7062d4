package rules

import (
	"cmp"
	"math"
	"slices"

	"driftwatch/news"
	"driftwatch/rules/query"
)

// settle weighs the matches of a text against each other: residual signals
// give way to specific ones, a signal to those that beat it, and in short texts
// a side remark to what the title's country does.
func (s *state) settle(found []match) []match {
	lost := s.losses(found)
	kept := found[:0]
	for i := range found {
		if lost[i].why == won {
			kept = append(kept, found[i])
		}
	}
	agree(kept)
	return kept
}

// agree turns what rests on things alone the way of what another theme says is done
// with them: chips on their way to Russia that customs seized bring nobody closer.
// Two acts point both ways only where there are two. What somebody from outside
// does about it is no act of the country's.
func agree(kept []match) {
	for i := range kept {
		if kept[i].actor == news.ActorForeigner {
			continue
		}
		for j := range kept {
			if kept[i].signal.Theme != kept[j].signal.Theme && outdone(&kept[i], &kept[j]) {
				kept[i].direction, kept[i].status = kept[j].direction, kept[j].status
				break
			}
		}
	}
}

// loss is why a match gives no hit beside another one of its theme.
type loss struct {
	why lossKind
	to  *signal
}

type lossKind uint8

const (
	won      lossKind = iota
	residual          // a residual signal, beside a specific one
	beaten            // the other one stands for it
	aside             // a remark about countries that the title doesn't name
	doubled           // the other one tells of the same act, more strongly
)

// losses say of each match whether it gives way to another; valid until the next
// call.
func (s *state) losses(found []match) []loss {
	lost := slices.Grow(s.lost[:0], len(found))[:len(found)]
	s.lost = lost
	clear(lost)
	for i := range found {
		m := &found[i]
		for j := range found {
			o := &found[j]
			if i == j || o.signal.Theme != m.signal.Theme {
				continue
			}
			switch {
			case m.signal.Residual && !o.signal.Residual:
				lost[i] = loss{residual, o.signal}
			case s.beaten(m, o):
				lost[i] = loss{beaten, o.signal}
			case s.aside(m, o):
				lost[i] = loss{aside, o.signal}
			}
		}
	}
	for i := range found {
		m := &found[i]
		for j := 0; j < len(found) && lost[i].why == won; j++ {
			o := &found[j]
			if lost[j].why == won && o.signal.Theme == m.signal.Theme && (s.repeats(m, o) || outdone(m, o)) {
				lost[i] = loss{doubled, o.signal}
			}
		}
	}
	return lost
}

// beaten reports whether o stands for m too: it rests on the same sentences, and
// not on another clause of them; or it is what the title of a short text says of
// sanctions, and m what its body says.
func (s *state) beaten(m, o *match) bool {
	if m.signal.Theme == news.ThemeSanctions && !s.long && o.to < s.titleSentences && m.from >= s.titleSentences && slices.Contains(o.signal.beats, m.signal.index) {
		return true
	}
	return slices.Contains(o.signal.beats, m.signal.index) && m.from <= o.to && o.from <= m.to && !s.parted(m, o) && !s.another(m, o)
}

// another reports that a match of two neighbouring sentences tells of another act
// than the one that stands for its signal, as strong, which points the other way and
// stands in no clause of its acts: lessons are cut, and a school is opened. Where goods go and
// who is stopped with them is one story, however many sentences tell it.
func (s *state) another(m, o *match) bool {
	if conduct(m.signal.Theme) || m.signal.Level < o.signal.Level || !m.predicates || !o.predicates || !opposite(m, o) {
		return false
	}
	return !slices.ContainsFunc(m.acts, func(a query.Span) bool {
		return slices.ContainsFunc(o.acts, func(b query.Span) bool { return a.Sentence == b.Sentence && s.scan.SameClause(a, b) })
	})
}

// conduct reports a theme about what helps or hinders Russia.
func conduct(t news.Theme) bool { return t == news.ThemeSanctions || t == news.ThemeDualUse }

// opposite reports that one match points apart and the other closer.
func opposite(m, o *match) bool {
	return m.direction == news.Apart && o.direction == news.Closer || m.direction == news.Closer && o.direction == news.Apart
}

// repeats reports that another signal tells of the same act, the same way and
// of the same countries, and more strongly: an act is told once.
func (s *state) repeats(m, o *match) bool {
	if m.signal == o.signal || m.direction != o.direction || m.who != o.who || m.signal.Residual != o.signal.Residual {
		return false
	}
	if a, b := m.level(), o.level(); b < a || a == b && o.signal.index > m.signal.index {
		return false
	}
	if m.direction == news.Contested { // what a report denies is one thing
		return !s.long || m.from <= o.to && o.from <= m.to
	}
	return m.predicates && o.predicates && slices.ContainsFunc(m.acts, func(a query.Span) bool {
		return slices.ContainsFunc(o.acts, func(b query.Span) bool { return a.First == b.First && a.Last == b.Last })
	})
}

// outdone reports that m rests on things alone ("sights for Russia") while o
// says what is done with the same things, and that points the other way; or that m
// was turned round by a refusal which is what o tells of.
func outdone(m, o *match) bool {
	if !opposite(m, o) || m.who != o.who {
		return false
	}
	if m.withheld && !o.withheld && slices.ContainsFunc(o.acts, func(at query.Span) bool { return overlap(at, m.by) }) {
		return true
	}
	if m.predicates || !o.predicates {
		return false
	}
	return slices.ContainsFunc(m.spans, func(a query.Span) bool {
		return slices.ContainsFunc(o.spans, func(b query.Span) bool { return a.First <= b.Last && b.First <= a.Last })
	})
}

// parted reports that the acts of two matches stand in different clauses: one
// thing is done, but another too.
func (s *state) parted(m, o *match) bool {
	behind := func(act query.Span) bool {
		return slices.ContainsFunc(s.scan.Breaks, func(but int32) bool {
			return but <= act.First && but >= s.scan.Sentences[act.Sentence].First
		})
	}
	for _, a := range m.acts {
		apart := behind(a)
		for _, b := range o.acts {
			if a.Sentence == b.Sentence {
				if s.scan.SameClause(a, b) {
					return false
				}
				apart = true
			}
		}
		if !apart {
			return false
		}
	}
	return len(m.acts) > 0
}

func shares(a, b tally) bool {
	for c := range a {
		if a[c] > 0 && b[c] > 0 {
			return true
		}
	}
	return false
}

// aside reports that m is a remark in the body of a short text about countries
// that its title doesn't name, while o is what the title tells.
func (s *state) aside(m, o *match) bool {
	if s.long || s.titleSentences == 0 || m.from < s.titleSentences || !m.own {
		return false
	}
	title := s.count(0, s.titleSentences-1)
	return title.any() && !shares(title, m.who) && shares(title, o.who) && o.from <= s.titleSentences
}

// hits makes one hit of the matches of a signal and direction.
func (s *state) hits(found []match) []news.Hit {
	slices.SortStableFunc(found, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.signal.index, b.signal.index), cmp.Compare(a.direction, b.direction), a.from-b.from)
	})
	if len(found) == 0 {
		return nil
	}
	out := make([]news.Hit, 0, groups(found))
	for len(found) > 0 {
		n := 1
		for n < len(found) && found[n].signal == found[0].signal && found[n].direction == found[0].direction {
			n++
		}
		out = append(out, s.hit(found[:n]))
		found = found[n:]
	}
	slices.SortStableFunc(out, func(a, b news.Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Level, a.Level))
	})
	return out
}

// groups counts the signals and directions of matches, which are in order.
func groups(found []match) int {
	n := 1
	for i := 1; i < len(found); i++ {
		if found[i].signal != found[i-1].signal || found[i].direction != found[i-1].direction {
			n++
		}
	}
	return n
}

func (s *state) hit(same []match) news.Hit {
	g := same[0].signal
	h := news.Hit{
		Theme: g.Theme, Signal: g.ID, Title: same[0].title(), Why: g.Why,
		Direction: same[0].direction, Pack: s.engine.packs.Digest,
	}
	var who tally
	told := &same[0]
	for i := range same {
		m := &same[i]
		for c := range m.who {
			who[c] += m.who[c]
		}
		if m.level() > told.level() || m.level() == told.level() && s.sum(m) > s.sum(told) {
			told = m
		}
	}
	h.Evidence = s.evidence(same)
	h.Level, h.Status, h.Actor = told.level(), told.status, told.actor
	h.Countries = who.codes()
	h.Acts = make([]news.Act, len(h.Countries))
	for i, c := range h.Countries {
		h.Acts[i] = news.Act{Country: c, Direction: h.Direction}
	}
	h.Entities = s.entities(same)
	h.Background = g.Residual || s.long && places(same) < 2 || all(same, func(m *match) bool { return m.retold })
	h.Parts = s.parts(same, h.Background)
	for _, p := range h.Parts {
		h.Score += p.Value
	}
	h.Score = hundredths(min(max(h.Score, 0), 1))
	return h
}

// title is the signal's, in the words that fit a match which points the other
// way than the signal does.
func (m *match) title() string {
	turned := m.direction != m.signal.Direction && m.direction != news.Contested
	if turned && m.signal.Turned != "" {
		return m.signal.Turned
	}
	return m.signal.Title
}

func all(list []match, is func(*match) bool) bool {
	for i := range list {
		if !is(&list[i]) {
			return false
		}
	}
	return true
}

// level is a signal's for an act that happened, less for what is only proposed,
// demanded or believed, and for who can't decide; the larger of the two drops
// counts, since the demand of a member of parliament is one thing, not two.
func (m *match) level() int {
	return max(1, m.signal.Level-max(drop(m.status), lowers(m.actor)))
}

// places counts the evidence that doesn't overlap.
func places(same []match) int {
	n, end := 0, -1
	for i := range same {
		m := &same[i]
		if m.from > end {
			n, end = n+1, m.to
		}
	}
	return n
}

// What a hit's score is made of.
const (
	partSignal     = "signal"     // a specific signal, or a residual one
	partLead       = "lead"       // in the title or the first sentence
	partCountry    = "country"    // named in the evidence itself
	partStatus     = "status"     // only an opinion
	partRepeated   = "repeated"   // a second place says the same
	partBackground = "background" // a side remark of a long text, the past, a residual signal
)

// mostParts is how many of them there are at most.
const mostParts = 6

// parts are what the score of a hit is made of, that of its surest match, in
// an order that doesn't change. They add up to the score.
func (s *state) parts(same []match, background bool) []news.Part {
	surest := &same[0]
	for i := range same {
		if s.sum(&same[i]) > s.sum(surest) {
			surest = &same[i]
		}
	}
	parts := s.matchParts(surest, make([]news.Part, 0, mostParts))
	if places(same) > 1 {
		parts = append(parts, news.Part{Name: partRepeated, Value: 0.15})
	}
	if background {
		sum := 0.0
		for _, p := range parts {
			sum += p.Value
		}
		parts = append(parts, news.Part{Name: partBackground, Value: hundredths(-0.6 * sum)})
	}
	return parts
}

// hundredths rounds a score to what it is worth.
func hundredths(x float64) float64 { return math.Round(x*100) / 100 }

// sum is how sure a match is, from 0 to 1.
func (s *state) sum(m *match) float64 {
	var some [mostParts]news.Part
	sum := 0.0
	for _, p := range s.matchParts(m, some[:0]) {
		sum += p.Value
	}
	return sum
}

// matchParts appends what a single match adds.
func (s *state) matchParts(m *match, parts []news.Part) []news.Part {
	base := news.Part{Name: partSignal, Value: 0.45}
	if m.signal.Residual {
		base.Value = 0.3
	}
	parts = append(parts, base)
	if m.from <= s.titleSentences {
		parts = append(parts, news.Part{Name: partLead, Value: 0.2})
	}
	if m.own {
		parts = append(parts, news.Part{Name: partCountry, Value: 0.2})
	}
	if m.status == news.StatusOpinion {
		parts = append(parts, news.Part{Name: partStatus, Value: -0.15})
	}
	return parts
}

// evidence shows matches: of each a place in each field that it touches.
func (s *state) evidence(same []match) []news.Evidence {
	s.evident, s.marked = s.evident[:0], s.marked[:0]
	for i := range same {
		m := &same[i]
		s.place(m, m.from, min(m.to, s.titleSentences-1))
		s.place(m, max(m.from, s.titleSentences), m.to)
	}
	if len(s.evident) == 0 {
		return nil
	}
	out, words := slices.Clone(s.evident), slices.Clone(s.marked)
	for i := range out {
		n := len(out[i].Words)
		out[i].Words, words = words[:n:n], words[n:]
	}
	return out
}

// place adds to evident the part of a match in the sentences from one to another
// of one field, if it has any there, and its words to marked.
func (s *state) place(m *match, from, to int) {
	if from > to {
		return
	}
	begin := len(s.marked)
	f, words, sentences := s.field(int32(from))
	e := news.Evidence{Field: news.FieldText, Start: -1}
	if from < s.titleSentences {
		e.Field = news.FieldTitle
	}
	for _, at := range s.legs(m, from, to) {
		span := news.Span{Start: int(f.Words[at.First-words].Start), End: int(f.Words[at.Last-words].End), Leg: at.leg}
		if n := len(s.marked); n > begin && span.Start < s.marked[n-1].End {
			continue
		}
		s.marked = append(s.marked, span)
		if at.asked {
			if e.Start < 0 {
				e.Start = span.Start
			}
			e.End = max(e.End, span.End)
		}
	}
	if e.Start < 0 {
		s.marked = s.marked[:begin]
		return
	}
	e.Words = s.marked[begin:]
	first, last := f.Sentences[from-int(sentences)], f.Sentences[to-int(sentences)]
	e.Quote = f.Text[e.Start:e.End]
	e.SentenceStart = int(first.Start)
	e.Sentence = f.Text[first.Start:last.End]
	s.evident = append(s.evident, e)
}

// The legs of a hit, and the words that turn its meaning.
const (
	legTheme   = "theme"
	legCountry = "country"
	legTie     = "tie"
	legTurn    = "turn"
)

type leg struct {
	query.Span
	leg   string
	asked bool // the signal's query rests on it
}

// legs are the words of a match in some sentences, ascending; where two
// overlap, the longer one comes first. They are valid until the next call.
func (s *state) legs(m *match, from, to int) []leg {
	all := s.shown[:0]
	add := func(as string, asked bool, at query.Span) {
		if int(at.Sentence) >= from && int(at.Sentence) <= to {
			all = append(all, leg{at, as, asked})
		}
	}
	for _, at := range m.spans {
		as := legTheme
		if n := s.engine.names[at.Name]; n.country.watched() {
			as = legCountry
		} else if n.country == russia {
			as = legTie
		}
		add(as, true, at)
	}
	for _, c := range s.mentions {
		switch {
		case c.out:
		case c.who.watched() && m.who[c.who] > 0:
			add(legCountry, false, c.Span)
		case c.who == russia:
			add(legTie, false, c.Span)
		}
	}
	if m.direction == news.Contested && s.engine.marks.deny >= 0 {
		for _, at := range s.scan.Postings[s.engine.marks.deny] {
			add(legTurn, false, at)
		}
	}
	s.shown = all
	slices.SortStableFunc(all, func(a, b leg) int {
		return cmp.Or(cmp.Compare(a.First, b.First), rank(a)-rank(b), cmp.Compare(b.Last, a.Last))
	})
	return all
}

// rank puts the words that the query rests on before others at the same place.
func rank(l leg) int {
	if l.asked {
		return 0
	}
	return 1
}
