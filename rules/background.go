package rules

import (
	"slices"

	"driftwatch/text"
)

// A term fires on everything where it is found in more than a share of the
// background's texts in its language, a signal where it is found in more than a
// smaller one; fewer texts than enough say nothing.
const (
	termShare   = 0.05
	signalShare = 0.01
	enough      = 50
)

// background counts in how many texts each term and signal is found.
func (c *checker) background(texts func(yield func(Text) bool)) {
	count := counts{
		terms: make([]int, len(c.engine.terms)), signals: make(map[string]int), last: make([]int, len(c.engine.terms)),
	}
	for t := range texts {
		r := text.Read(t.Title, t.Body, t.Lang)
		count.add(c.engine, r)
	}
	for i, t := range c.engine.terms {
		name := c.engine.names[t.name]
		at := c.engine.place[i]
		if name.concept == nil || name.country != 0 || AsksFor(name.concept.ID) || at.concept == nil {
			continue
		}
		of := count.in(t.langs)
		if of < enough || float64(count.terms[i]) <= termShare*float64(of) {
			continue
		}
		// A word on both sides of a near condition is wanted often and used seldom.
		if len(t.of) > 0 {
			continue
		}
		written := at.concept.Terms[at.lang][at.index].Text
		c.add(Everywhere, false, c.packs.WhereTerm(at.concept, at.lang, at.index), "@"+at.concept.ID,
			"%q is in %d of %d texts in %s: it tells little by itself", written, count.terms[i], of, at.lang)
	}
	for _, s := range c.engine.signals {
		if n := count.signals[s.ID]; count.texts >= enough && float64(n) > signalShare*float64(count.texts) {
			c.add(Everywhere, true, c.packs.Where(s.Signal, "when"), s.ID, "this fires on %d of %d texts", n, count.texts)
		}
	}
}

// counts are of texts, not of places.
type counts struct {
	texts   int
	langs   [16]int // texts in each language, in the order of the bits of langs
	terms   []int
	last    []int // text in which a term was found last
	signals map[string]int
	raw     []text.Match
}

func (c *counts) add(e *Engine, r *text.Reading) {
	c.texts++
	in := langsOf(r.Lang)
	for i := range c.langs {
		if in&(1<<i) != 0 {
			c.langs[i]++
		}
	}
	for _, f := range []*text.Field{&r.Title, &r.Body} {
		c.raw = e.matcher.Match(f, r.Lang, c.raw[:0])
		for _, m := range c.raw {
			if e.terms[m.Term].langs&(in|langsOf(f.LangAt(int(m.First), r.Lang))) != 0 && c.last[m.Term] != c.texts {
				c.last[m.Term] = c.texts
				c.terms[m.Term]++
			}
		}
	}
	var seen []string
	for _, h := range e.Flag(r, About{}) {
		if !slices.Contains(seen, h.Signal) {
			seen = append(seen, h.Signal)
			c.signals[h.Signal]++
		}
	}
}

// in is how many texts are in one of some languages.
func (c *counts) in(set langs) int {
	n := 0
	for i := range c.langs {
		if set&(1<<i) != 0 {
			n += c.langs[i]
		}
	}
	return min(n, c.texts)
}
