package rules

import (
	"io/fs"
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
	tell := func(t *term, at termPlace, n int) {
		name := c.engine.names[t.name]
		if name.concept == nil || name.country != 0 || AsksFor(name.concept.ID) || at.concept == nil {
			return
		}
		of := count.in(t.langs)
		// A word on both sides of a near condition is wanted often and used seldom.
		if of < Enough || float64(n) <= termShare*float64(of) || len(t.of) > 0 {
			return
		}
		written := at.concept.Terms[at.lang][at.index].Text
		c.add(Everywhere, false, c.packs.WhereTerm(at.concept, at.lang, at.index), "@"+at.concept.ID,
			"%q is in %d of %d %s in %s: it tells little by itself", written, n, of, texts, at.lang)
	}
	for i := range c.engine.terms {
		tell(&c.engine.terms[i], c.engine.place[i], count.terms[i])
	}
	for i := range c.engine.gaps {
		g := &c.engine.gaps[i]
		tell(&g.term, g.at, count.gaps[i])
	}
	for _, s := range c.engine.signals {
		if n := count.signals[s.ID]; count.texts >= Enough && float64(n) > signalShare*float64(count.texts) {
			c.add(Everywhere, true, c.packs.Where(s.Signal, "when"), s.ID, "this fires on %d of %d %s", n, count.texts, texts)
		}
	}
}

func newCounts(e *Engine) *counts {
	return &counts{terms: make([]int, len(e.terms)), gaps: make([]int, len(e.gaps)), signals: make(map[string]int), last: make([]int, len(e.terms))}
}

// counts are of texts, not of places.
type counts struct {
	texts   int
	langs   [16]int // texts in each language, in the order of the bits of langs
	terms   []int
	gaps    []int // the terms with gaps, as a whole
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
	c.whole(e, r)
	var seen []string
	for _, h := range e.Flag(r, About{}) {
		if !slices.Contains(seen, h.Signal) {
			seen = append(seen, h.Signal)
			c.signals[h.Signal]++
		}
	}
}

// whole counts the terms with gaps, whose parts say nothing by themselves.
func (c *counts) whole(e *Engine, r *text.Reading) {
	s := e.states.Get().(*state)
	defer e.states.Put(s)
	s.read(r, About{})
	for _, n := range s.touched {
		if n >= len(e.gapsBy) {
			continue
		}
		for _, i := range e.gapsBy[n] {
			if s.gapStands(&e.gaps[i]) {
				c.gaps[i]++
			}
		}
	}
}

// TermCount is in how many texts a term of a concept is found, whatever must stand
// near it.
type TermCount struct {
	Concept, Lang, Term string
	Texts               int
}

// CountTerms counts each term of packs in texts.
func CountTerms(texts func(yield func(Text) bool), packs ...fs.FS) ([]TermCount, error) {
	e, err := load(packs...)
	if err != nil {
		return nil, err
	}
	count := newCounts(e)
	for t := range texts {
		count.add(e, text.Read(t.Title, t.Body, t.Lang))
	}
	var all []TermCount
	add := func(at termPlace, n int) {
		if at.concept != nil {
			all = append(all, TermCount{at.concept.ID, at.lang, at.concept.Terms[at.lang][at.index].Text, n})
		}
	}
	for i := range e.terms {
		add(e.place[i], count.terms[i])
	}
	for i := range e.gaps {
		add(e.gaps[i].at, count.gaps[i])
	}
	return all, nil
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
