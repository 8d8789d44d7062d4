package rules

import (
	"cmp"
	"slices"

	"driftwatch/text"
)

// Place is where a concept of the packs occurs in a text.
type Place struct {
	Concept     string
	Country     string // ISO 3166, of a concept that names a country or a place in it; else empty
	City        bool   // of a concept that names the cities and regions of a country
	Shared      bool   // of a concept with terms in each language, which articles in any two can have in common
	Title       bool   // in the title; else in the text
	First, Last int    // words of the field, inclusive
}

// Places gives the occurrences of the packs' concepts in a text, in order:
// what signals are made of, without those that a condition of their pack drops.
func (e *Engine) Places(r *text.Reading) []Place {
	s := e.states.Get().(*state)
	defer e.states.Put(s)
	s.read(r, About{})
	return s.occurrences()
}

// occurrences gives the occurrences of concepts, in order.
func (s *state) occurrences() []Place {
	n := 0
	for _, name := range s.touched {
		n += len(s.scan.Postings[name])
	}
	out := make([]Place, 0, n)
	for _, n := range s.touched {
		concept := s.engine.names[n].concept
		if concept == nil {
			continue
		}
		for _, at := range s.scan.Postings[n] {
			_, words, _ := s.field(at.Sentence)
			out = append(out, Place{
				Concept: concept.ID, Country: concept.Country, City: concept.Place, Shared: s.engine.names[n].shared, Title: int(at.Sentence) < s.titleSentences,
				First: int(at.First - words), Last: int(at.Last - words),
			})
		}
	}
	slices.SortFunc(out, func(a, b Place) int {
		if a.Title != b.Title {
			if a.Title {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last), cmp.Compare(a.Concept, b.Concept))
	})
	return out
}
