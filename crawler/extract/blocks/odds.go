package blocks

import "slices"

// weigh gives the blocks the odds of their words, and the elements those of
// their names.
func (m *Model) weigh(p *Page) {
	for i := range p.Blocks {
		b := &p.Blocks[i]
		b.odds, b.least = 0, 0
		if b.words == 0 {
			continue
		}
		for _, stem := range p.s.stems[b.stems:b.stemsEnd] {
			v := m.Words.of(stem)
			b.odds += v
			b.least = min(b.least, v)
		}
		b.odds /= float32(b.stemsEnd - b.stems)
	}
	for i := range p.elements {
		e := &p.elements[i]
		e.nameOdds, e.nameLeast, e.nameMost = 0, 0, 0
		if e.parent >= 0 {
			e.nameLeast, e.nameMost = p.elements[e.parent].nameLeast, p.elements[e.parent].nameMost
		}
		for _, t := range p.tokens[e.first:e.last] {
			v := m.Names.of(t)
			e.nameOdds += v
			e.nameLeast = min(e.nameLeast, v)
			e.nameMost = max(e.nameMost, v)
		}
	}
}

// Stems gives the hashes of the stems of a short block's words, each once; of a
// long block, none. They are what [Model.Words] is about.
func (p *Page) Stems(i int) []uint32 {
	b := &p.Blocks[i]
	if b.runes >= shortRunes {
		return nil
	}
	var stems []uint32
	for at := 0; ; {
		var w word
		if w, at = nextWord(p.Text(b), at); at < 0 {
			return stems
		}
		if w.first >= '0' && w.first <= '9' || w.first >= ideographs || slices.Contains(stems, w.stem) {
			continue
		}
		stems = append(stems, w.stem)
	}
}

// Share is how much of the text in the elements of a name is the article's, and
// how much isn't, added up over the elements.
type Share struct{ Yes, No float64 }

// NameShares gives for the hashes of the words of classes and ids, which are
// what [Model.Names] is about, how much of the text in such elements is the
// article's, given how much of each block is.
func (p *Page) NameShares(article []float32) map[uint32]Share {
	yes, all := make([]float64, len(p.elements)), make([]float64, len(p.elements))
	for i := range p.Blocks {
		b := &p.Blocks[i]
		size := float64(min(b.words, 60))
		for at := b.element; at >= 0; at = p.elements[at].parent {
			yes[at] += size * float64(article[i])
			all[at] += size
		}
	}
	shares := map[uint32]Share{}
	for i := range p.elements {
		if all[i] == 0 {
			continue
		}
		part := yes[i] / all[i]
		for _, t := range p.tokens[p.elements[i].first:p.elements[i].last] {
			s := shares[t]
			shares[t] = Share{s.Yes + part, s.No + 1 - part}
		}
	}
	return shares
}

// Without gives a copy of the page without some of its blocks, as it would be
// with less on it.
func (p *Page) Without(drop func(i int) bool) *Page {
	c := &Page{
		Meta: p.Meta, Title: p.Title, Headings: p.Headings, Articles: p.Articles, HTML5: p.HTML5,
		written: p.written, elements: slices.Clone(p.elements), tokens: p.tokens,
	}
	var told []bool
	for i, b := range p.Blocks {
		if !drop(i) {
			c.Blocks = append(c.Blocks, b)
			told = append(told, b.told)
		}
	}
	c.measure()
	c.s.told = p.s.told
	for i := range c.Blocks {
		c.Blocks[i].told = told[i]
	}
	return c
}
