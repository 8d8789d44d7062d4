package rules

import (
	"slices"

	"driftwatch/text"
)

// A term fires on everything where it is found in more than a share of the
// background's texts in its language, a signal where it is found in more than a
// smaller one.
const (
	termShare   = 0.05
	signalShare = 0.01
)

// Enough is how many texts of a background in a language say something of the
// terms in it.
const Enough = 50

// foreignShare is the share of the tests of other signals from which on a term or
// a signal fires on everything: they are all about the same few themes.
const foreignShare = 0.25

// background counts in how many texts each term and signal is found.
func (c *checker) background(texts func(yield func(Text) bool)) {
	count := newCounts(c.engine)
	c.report.Background = map[string]int{}
	for t := range texts {
		r := text.Read(t.Title, t.Body, t.Lang)
		count.add(c.engine, r)
		c.report.Background[r.Lang]++
	}
	c.everywhere(count, termShare, signalShare, "texts")
}

// foreign does the same with the tests of the signals that own packs build on,
// for want of a background.
func (c *checker) foreign() {
	count := newCounts(c.engine)
	for _, s := range c.engine.signals {
		if c.own(c.packs.Where(s.Signal).Pack) {
			continue
		}
		for _, t := range slices.Concat(s.Tests.Match, s.Tests.Miss) {
			count.add(c.engine, text.Read(t.Title, t.Text, t.Lang))
		}
	}
	c.everywhere(count, foreignShare, foreignShare, "tests of other signals")
}

// everywhere tells what fires on more than a share of the texts.
func (c *checker) everywhere(count *counts, termShare, signalShare float64, texts string) {
	for i, t := range c.engine.terms {
		name := c.engine.names[t.name]
		at := c.engine.place[i]
		if name.concept == nil || name.country != 0 || AsksFor(name.concept.ID) || at.concept == nil {
			continue
		}
		of := count.in(t.langs)
		if of < Enough || float64(count.terms[i]) <= termShare*float64(of) {
			continue
		}
		// A word on both sides of a near condition is wanted often and used seldom.
		if len(t.of) > 0 {
			continue
		}
		written := at.concept.Terms[at.lang][at.index].Text
		c.add(Everywhere, false, c.packs.WhereTerm(at.concept, at.lang, at.index), "@"+at.concept.ID,
			"%q is in %d of %d %s in %s: it tells little by itself", written, count.terms[i], of, texts, at.lang)
	}
	for _, s := range c.engine.signals {
		if n := count.signals[s.ID]; count.texts >= Enough && float64(n) > signalShare*float64(count.texts) {
			c.add(Everywhere, true, c.packs.Where(s.Signal, "when"), s.ID, "this fires on %d of %d %s", n, count.texts, texts)
		}
	}
}

func newCounts(e *Engine) *counts {
	return &counts{terms: make([]int, len(e.terms)), signals: make(map[string]int), last: make([]int, len(e.terms))}
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
