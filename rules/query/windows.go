package query

import "math/bits"

// Windows say in which windows of a text a query may match: bit i of One for
// sentence i by itself, of Two for sentence i with the one behind it, both
// modulo 64. A window whose bit isn't set has no match.
type Windows struct{ One, Two uint64 }

// Everywhere are all windows.
var Everywhere = Windows{^uint64(0), ^uint64(0)}

var nowhere = Windows{}

// Windows works out from the masks alone where the query may match: one walk
// through its tree for all windows together.
func (q *Query) Windows(s *Scan) Windows { return s.windows(q.run) }

func (s *Scan) windows(m matcher) Windows {
	switch m := m.(type) {
	case *postings:
		mask := uint64(0)
		for _, id := range m.ids {
			mask |= s.Masks[id]
		}
		return holding(mask)
	case *all:
		w := Everywhere
		for _, p := range m.parts {
			if w = w.and(s.windows(p)); w == nowhere {
				break
			}
		}
		return w
	case *some:
		w := nowhere
		for _, p := range m.parts {
			w = w.or(s.windows(p))
		}
		return w
	case *near:
		w := s.windows(m.a)
		if w != nowhere {
			w = w.and(s.windows(m.b))
		}
		if single(m) {
			return holding(w.One)
		}
		return w
	case *within:
		return s.windows(m.a).and(s.windows(m.b))
	case *scope:
		return s.scoped(m)
	case *atLeast:
		return s.several(m)
	case *origin:
		if _, ok := m.match(s, window{}, nil); !ok {
			return nowhere
		}
	}
	return Everywhere
}

// scoped is where a SENTENCE may match; what a TITLE or PARAGRAPH asks for may
// stand outside the window.
func (s *Scan) scoped(m *scope) Windows {
	switch m.kind {
	case "SENTENCE":
		return holding(s.windows(m.part).One)
	case "TITLE":
		if len(s.Sentences) == 0 || s.Sentences[0].Paragraph != TitleParagraph {
			return nowhere
		}
		if w := s.paragraph(0); !s.may(m.part, Mask(int(w.from), int(w.to))) {
			return nowhere
		}
	default:
		if !s.may(m.part, ^uint64(0)) {
			return nowhere
		}
	}
	return Everywhere
}

// several is where so many parts of an ATLEAST may match.
func (s *Scan) several(m *atLeast) Windows {
	var counts [8]Windows // where so many parts or more may match, less one
	if m.n > len(counts) {
		return Everywhere
	}
	for _, p := range m.parts {
		w := s.windows(p)
		for n := m.n - 1; n > 0; n-- {
			counts[n] = counts[n].or(counts[n-1].and(w))
		}
		counts[0] = counts[0].or(w)
	}
	return counts[max(m.n, 1)-1]
}

// single reports that whatever places a matcher rests on in a sentence, it
// would rest on without the sentences beside it.
func single(m matcher) bool {
	switch m := m.(type) {
	case *postings:
		return true
	case *some:
		for _, p := range m.parts {
			if !single(p) {
				return false
			}
		}
		return true
	case *near:
		return single(m.a) && single(m.b)
	case *scope:
		return m.kind == "SENTENCE"
	}
	return false
}

// holding are the windows that hold one of some sentences.
func holding(sentences uint64) Windows {
	return Windows{sentences, sentences | bits.RotateLeft64(sentences, -1)}
}

func (w Windows) and(o Windows) Windows { return Windows{w.One & o.One, w.Two & o.Two} }

func (w Windows) or(o Windows) Windows { return Windows{w.One | o.One, w.Two | o.Two} }
