package rules

import (
	"cmp"
	"slices"
	"strings"

	"driftwatch/rules/query"
	"driftwatch/rules/theme"
	"driftwatch/text"
)

// gapWords is how many words of a text a * by itself stands for at most; none
// will do too.
const gapWords = 2

// gapped is a term with gaps: "turn* * back". Its parts are looked for each by
// itself, and stand for the term where they follow one another.
type gapped struct {
	term
	parts []part
	at    termPlace
}

// part is a run of a gapped term's words.
type part struct {
	name  int   // what its places are posted under
	after int32 // words that may stand between the part before and this one
}

// isGap reports a word of a term that stands for others: * by itself.
func isGap(word string) bool { return strings.Trim(word, "*") == "" }

// gaps parts a term at its gaps; one part is a term without any. A gap at its
// beginning or end stands for nothing.
func gaps(term string) (parts []string, after []int32) {
	var run []string
	wide, next := int32(0), int32(0)
	end := func() {
		if len(run) > 0 {
			parts, after = append(parts, strings.Join(run, " ")), append(after, next)
			run, next = nil, 0
		}
	}
	for _, w := range strings.Fields(term) {
		if !isGap(w) {
			if wide > 0 {
				end()
				next, wide = wide, 0
			}
			run = append(run, w)
			continue
		}
		wide += gapWords
	}
	end()
	if len(after) > 0 {
		after[0] = 0
	}
	return parts, after
}

// gap gives the matcher the parts of a term with gaps.
func (c *compiler) gap(t theme.Term, lang string, parts []string, after []int32, held term, at termPlace) {
	g := gapped{term: held, at: at}
	for i, words := range parts {
		one := theme.Term{Text: words, Exact: t.Exact, Case: t.Case}
		if _, err := text.NewMatcher([]text.Term{matcherTerm(one, lang)}); err != nil {
			c.packs.FaultConcept(at.concept, at.lang, at.index, "this term "+innermost(err).Error())
			return
		}
		key := partKey{one.Text, lang, t.Exact, t.Case}
		id, ok := c.parts[key]
		if !ok {
			id = len(c.engine.names)
			c.engine.names = append(c.engine.names, name{})
			c.parts[key] = id
			c.term(one, lang, id, termPlace{})
		}
		g.parts = append(g.parts, part{id, after[i]})
	}
	c.engine.gaps = append(c.engine.gaps, g)
}

// partKey is a part of a gapped term as several may have it.
type partKey struct {
	words, lang string
	exact, caps bool
}

// byPart lists, for each name, the gapped terms that begin with it.
func (c *compiler) byPart() {
	e := c.engine
	e.gapsBy = make([][]int, len(e.names))
	for i, g := range e.gaps {
		first := g.parts[0].name
		e.gapsBy[first] = append(e.gapsBy[first], i)
	}
}

// join posts the terms with gaps whose parts stand one behind the other in a
// sentence.
func (s *state) join() {
	for _, n := range s.touched[:len(s.touched):len(s.touched)] {
		if n >= len(s.engine.gapsBy) {
			continue // a question's own phrase
		}
		for _, i := range s.engine.gapsBy[n] {
			g := &s.engine.gaps[i]
			if slices.ContainsFunc(g.parts, func(p part) bool { return len(s.scan.Postings[p.name]) == 0 }) {
				continue
			}
			posted := false
			for _, at := range s.scan.Postings[n] {
				if whole, ok := s.follow(at, g.parts[1:]); ok {
					whole.Name = g.name
					s.postTerm(&g.term, whole)
					posted = true
				}
			}
			if posted {
				s.inOrder(int(g.name))
			}
		}
	}
}

// gapStands reports whether a gapped term stands in the text.
func (s *state) gapStands(g *gapped) bool {
	return slices.ContainsFunc(s.scan.Postings[g.parts[0].name], func(at query.Span) bool {
		_, ok := s.follow(at, g.parts[1:])
		return ok
	})
}

// follow finds the nearest places of the parts behind a place, each within its
// reach.
func (s *state) follow(at query.Span, parts []part) (query.Span, bool) {
	for _, p := range parts {
		list := s.scan.Postings[p.name]
		i := slices.IndexFunc(list, func(o query.Span) bool { return o.First > at.Last })
		if i < 0 || list[i].Sentence != at.Sentence || list[i].First-at.Last-1 > p.after {
			return at, false
		}
		at.Last = list[i].Last
	}
	return at, true
}

// inOrder sorts the places of a name.
func (s *state) inOrder(name int) {
	slices.SortStableFunc(s.scan.Postings[name], func(a, b query.Span) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last))
	})
}
