package rules

import (
	"math"
	"slices"

	"driftwatch/news"
	"driftwatch/text"
)

// commonShare is the share of foreign texts from which on a word tells nothing
// of the theme that it was found for.
const commonShare = 0.03

// fewTexts are too few to tell how common a word is.
const fewTexts = 50

// rarities say of each name how much its being in a text tells of the signals
// that ask for it: 0 for countries, ways to and from Russia, and words that stand in many texts of other themes ("open", "government", "goods"); up
// to 1 for what stands in none. The texts are the tests of the packs' own signals:
// one counts for a name where no signal of its theme asks for that name.
func (e *Engine) rarities() []float64 {
	asked := map[news.Theme][]bool{}
	for _, g := range e.signals {
		if asked[g.Theme] == nil {
			asked[g.Theme] = make([]bool, len(e.names))
		}
		for _, n := range g.when.Concepts() {
			asked[g.Theme][n] = true
		}
	}
	found, texts := e.foreign(asked)
	out := make([]float64, len(e.names))
	for n := range out {
		c := e.names[n].concept
		switch share := float64(found[n]) / float64(max(texts[n], 1)); {
		case c != nil && c.Country != "" || n == e.marks.toRussia || n == e.marks.fromRussia:
		case texts[n] >= fewTexts && share >= commonShare:
		case texts[n] < fewTexts:
			out[n] = 1
		default:
			out[n] = 1 - math.Sqrt(share)
		}
	}
	return out
}

// foreign counts, for each name, the tests of themes that don't ask for it, and
// those of them in which it stands.
func (e *Engine) foreign(asked map[news.Theme][]bool) (found, texts []int) {
	found, texts = make([]int, len(e.names)), make([]int, len(e.names))
	s := e.states.Get().(*state)
	defer e.states.Put(s)
	for _, g := range e.signals {
		own := asked[g.Theme]
		for _, c := range slices.Concat(g.Tests.Match, g.Tests.Miss) {
			s.read(text.Read(c.Title, c.Text, c.Lang), About{})
			for _, n := range s.touched {
				if !own[n] {
					found[n]++
				}
			}
			for n := range texts {
				if !own[n] {
					texts[n]++
				}
			}
		}
	}
	return found, texts
}
