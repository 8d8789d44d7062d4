package pageset

import (
	"maps"
	"math"
	"slices"

	"driftwatch/crawler/extract/blocks"
)

// oddsFolds is in how many parts the training pages are cut, so that the odds
// which a page is trained with were not counted on it.
const oddsFolds = 4

// leastMatched is how much of a page's checked text must stand on the page for
// it to be learned from.
const leastMatched = 0.5

// Fit trains a model on pages that were cut. The same pages and settings give the
// same model.
func Fit(pages []*Page, s Settings) *blocks.Model {
	var sound []*Page
	for _, p := range pages {
		if p.matched >= leastMatched {
			sound = append(sound, p)
		}
	}
	var t table
	for fold := range oddsFolds {
		var others, these []*Page
		for _, p := range sound {
			if p.fold(oddsFolds, "odds ") == fold {
				these = append(these, p)
			} else {
				others = append(others, p)
			}
		}
		m := &blocks.Model{Words: wordOdds(others), Names: nameOdds(others)}
		for _, p := range these {
			t.features = append(t.features, m.Features(p.Blocks)...)
			t.want = append(t.want, p.want...)
			t.weights = append(t.weights, p.weights...)
			if q := p.short(); q != nil {
				t.features = append(t.features, (&blocks.Model{Names: m.Names}).Features(q.Blocks)...)
				t.want = append(t.want, q.want...)
				t.weights = append(t.weights, q.weights...)
			}
		}
	}
	for i := range t.weights {
		t.weights[i] *= 50
	}
	m := &blocks.Model{Words: wordOdds(sound), Names: nameOdds(sound)}
	m.Base, m.Trees = boost(&t, s)
	return m
}

// votes are an outlet's pages for and against.
type votes struct{ yes, no float64 }

// ballot holds the votes of outlets on words, so that an outlet with many pages
// counts no more than one with few.
type ballot map[uint32]map[string]*votes

func (b ballot) vote(word uint32, outlet string, yes, no float64) {
	if b[word] == nil {
		b[word] = map[string]*votes{}
	}
	v := b[word][outlet]
	if v == nil {
		v = &votes{}
		b[word][outlet] = v
	}
	v.yes += yes
	v.no += no
}

// odds gives the log odds of the words that enough outlets have voted on and
// that say something.
func (b ballot) odds(outlets int, prior, low, high float64) blocks.Odds {
	odds := map[uint32]float32{}
	for word, by := range b {
		if len(by) < outlets {
			continue
		}
		var yes, no float64
		for _, outlet := range slices.Sorted(maps.Keys(by)) { // in order, so that the sums are the same each time
			v := by[outlet]
			yes += v.yes / (v.yes + v.no)
			no += v.no / (v.yes + v.no)
		}
		if v := math.Log((yes + prior) / (no + 2*prior)); v > high || v < -low {
			odds[word] = float32(math.Round(v*24) / 24)
		}
	}
	return blocks.NewOdds(odds)
}

// wordOdds counts the words of short blocks.
func wordOdds(pages []*Page) blocks.Odds {
	b := ballot{}
	for _, p := range pages {
		for i := range p.Blocks.Blocks {
			for _, stem := range p.Blocks.Stems(i) {
				b.vote(stem, p.Outlet(), float64(p.want[i]), float64(1-p.want[i]))
			}
		}
	}
	return b.odds(4, 1, 0.7, 0.7)
}

// nameOdds counts the words of the elements' classes and ids, by how much of the
// text in such an element is the article's.
func nameOdds(pages []*Page) blocks.Odds {
	b := ballot{}
	for _, p := range pages {
		for name, share := range p.Blocks.NameShares(p.want) {
			b.vote(name, p.Outlet(), share.Yes, share.No)
		}
	}
	return b.odds(4, 0.5, 0.7, 0.3)
}

// shortWeight is how much a shortened page counts beside a whole one.
const shortWeight = 0.15

// short gives a page as it would be with only the first paragraphs of its
// article, as many outlets write them. It gives nil where there aren't more.
// Such pages are trained on without the odds of words: as pages of a language
// that no training page is in.
func (p *Page) short() *Page {
	const paragraphs, letters = 4, 60
	var drop []bool
	kept := 0
	for i, want := range p.want {
		long := want > 0.5 && len(p.Blocks.Text(&p.Blocks.Blocks[i])) >= letters
		if long {
			kept++
		}
		drop = append(drop, long && kept > paragraphs)
	}
	if kept <= paragraphs {
		return nil
	}
	q := &Page{Blocks: p.Blocks.Without(func(i int) bool { return drop[i] })}
	article := 0
	for i, want := range p.want {
		if !drop[i] && want > 0.5 {
			article += p.sizes[i]
		}
	}
	for i := range p.want {
		if !drop[i] {
			q.want = append(q.want, p.want[i])
			q.weights = append(q.weights, weight(p.sizes[i], article)*shortWeight)
		}
	}
	return q
}
