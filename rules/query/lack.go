package query

import (
	"fmt"
	"slices"
)

// Lack is a part of a query that a window of a text doesn't fulfil.
type Lack struct {
	Part  Node   // as the author typed it
	Why   string // what is wrong, without a full stop: "isn't there"
	Found []Span // what there is of the part, in the window or elsewhere
	near  bool   // all words are there, only not as they must stand
}

// Lacking says what a window of sentences lacks for the query to match: of the
// alternatives the one that is nearest to it. No lack: it matches. nearness
// orders windows and queries: 0 where it matches, 1 for each part that isn't
// there, half for one that is there but negated, too far off or elsewhere in the
// text. present is how many parts are there as they must be.
func (q *Query) Lacking(s *Scan, from, to int) (lacks []Lack, nearness float64, present int) {
	return q.lacking(q.simple, s, window{int32(from), int32(to)})
}

// has asks a part of the query of a window.
func (q *Query) has(n Node, s *Scan, w window) ([]Span, bool) {
	m, ok := q.bound[n]
	if !ok {
		return nil, false
	}
	return m.match(s, w, nil)
}

func (q *Query) lacking(n Node, s *Scan, w window) ([]Lack, float64, int) {
	switch n := n.(type) {
	case *And:
		return q.together(n.Parts, s, w)
	case *Or:
		return q.nearest(n.Parts, 1, s, w)
	case *AtLeast:
		return q.nearest(n.Parts, n.N, s, w)
	case *Not:
		if found, ok := q.has(n.Part, s, w); ok {
			return one(Lack{Part: n.Part, Why: "is there, and must not be", Found: found})
		}
		return nil, 0, 0
	case *Near:
		return q.apart(n, n.A, n.B, s, w, func(a, b []Span) string { return tooFar(s, a, b, int32(n.Words)) })
	case *Within:
		return q.apart(n, n.A, n.B, s, w, func(_, _ []Span) string { return "stand in sentences that aren't neighbours" })
	case *Scope:
		return q.scoped(n, s, w)
	case *Polarity:
		return q.polarity(n, s, w)
	}
	return q.leaf(n, s, w)
}

func one(l Lack) ([]Lack, float64, int) {
	if l.near || len(l.Found) > 0 {
		return []Lack{l}, .5, 0
	}
	return []Lack{l}, 1, 0
}

// together needs all of its parts.
func (q *Query) together(parts []Node, s *Scan, w window) (lacks []Lack, nearness float64, present int) {
	for _, p := range parts {
		l, n, there := q.lacking(p, s, w)
		lacks, nearness, present = append(lacks, l...), nearness+n, present+there
	}
	return lacks, nearness, present
}

// nearest needs n of its parts: it takes those that lack the least.
func (q *Query) nearest(parts []Node, n int, s *Scan, w window) (lacks []Lack, nearness float64, present int) {
	type tried struct {
		lacks    []Lack
		nearness float64
		present  int
	}
	all := make([]tried, len(parts))
	for i, p := range parts {
		all[i].lacks, all[i].nearness, all[i].present = q.lacking(p, s, w)
	}
	slices.SortStableFunc(all, func(a, b tried) int {
		switch {
		case a.nearness < b.nearness:
			return -1
		case a.nearness > b.nearness:
			return 1
		}
		return b.present - a.present
	})
	for _, t := range all[:min(n, len(all))] {
		lacks, nearness, present = append(lacks, t.lacks...), nearness+t.nearness, present+t.present
	}
	return lacks, nearness, present
}

// apart is for two parts that must stand near each other.
func (q *Query) apart(n, a, b Node, s *Scan, w window, why func(a, b []Span) string) ([]Lack, float64, int) {
	if _, ok := q.has(n, s, w); ok {
		return nil, 0, 2
	}
	lacks, nearness, present := q.together([]Node{a, b}, s, w)
	if len(lacks) > 0 {
		return lacks, nearness, present
	}
	x, _ := q.has(a, s, w)
	y, _ := q.has(b, s, w)
	return []Lack{{Part: n, Why: why(x, y), Found: append(slices.Clone(x), y...), near: true}}, .5, 1
}

// tooFar says how far the nearest two places are from each other.
func tooFar(s *Scan, a, b []Span, words int32) string {
	best, clauses := int32(-1), false
	for _, x := range a {
		for _, y := range b {
			if x.Sentence != y.Sentence || x.First <= y.Last && y.First <= x.Last {
				continue
			}
			d := max(x.First-y.Last, y.First-x.Last)
			if best < 0 || d < best {
				best, clauses = d, !s.SameClause(x, y)
			}
		}
	}
	reach := words * s.Stretch / 100
	switch {
	case best < 0:
		return "are there, but in no sentence together"
	case clauses && best <= reach:
		return "are parted by a word such as “but”"
	}
	return fmt.Sprintf("are %d words apart; at most %d are allowed", best, reach)
}

// scoped asks a part in its own window.
func (q *Query) scoped(n *Scope, s *Scan, w window) ([]Lack, float64, int) {
	switch n.Kind {
	case "TITLE":
		if len(s.Sentences) == 0 || s.Sentences[0].Paragraph != TitleParagraph {
			return one(Lack{Part: n, Why: "asks for the title, and there is none"})
		}
		return q.lacking(n.Part, s, s.paragraph(0))
	case "PARAGRAPH":
		return q.lacking(n.Part, s, s.paragraph(int(w.to)))
	}
	lacks, nearness, present := q.lacking(n.Part, s, window{w.from, w.from})
	for i := w.from + 1; i <= w.to && nearness > 0; i++ {
		if l, near, there := q.lacking(n.Part, s, window{i, i}); near < nearness {
			lacks, nearness, present = l, near, there
		}
	}
	return lacks, nearness, present
}

func (q *Query) polarity(n *Polarity, s *Scan, w window) ([]Lack, float64, int) {
	if _, ok := q.has(n, s, w); ok {
		return nil, 0, 1
	}
	p, ok := q.bound[n].(*postings)
	if !ok {
		return nil, 0, 0
	}
	any := postings{ids: p.ids}
	if found, ok := any.match(s, w, nil); ok {
		why := "is negated here"
		if n.Negated {
			why = "isn't negated here"
		}
		return one(Lack{Part: n, Why: why, Found: found})
	}
	return q.elsewhere(n, &any, s)
}

func (q *Query) leaf(n Node, s *Scan, w window) ([]Lack, float64, int) {
	m := q.bound[n]
	if m == nil {
		return nil, 0, 0
	}
	if _, ok := m.match(s, w, nil); ok {
		return nil, 0, 1
	}
	return q.elsewhere(n, m, s)
}

// elsewhere looks for a part in the whole text.
func (q *Query) elsewhere(n Node, m matcher, s *Scan) ([]Lack, float64, int) {
	if found, ok := m.match(s, window{0, int32(len(s.Sentences)) - 1}, nil); ok && len(found) > 0 {
		return one(Lack{Part: n, Why: "stands elsewhere in the text", Found: found})
	}
	return one(Lack{Part: n, Why: "isn't there"})
}
