package blocks

// What Choose decides by. The values were tried by cross-validation over
// outlets; around them little changes.
const (
	// Enough is the probability from which a block is taken for the article's,
	// where not less than that promises more.
	Enough = 0.45

	// least is the probability that a block of some length must have for the
	// page to have an article.
	least = 0.05

	// doubtful is the part of what is enough that is enough for a block most of
	// whose neighbours in the same element are taken.
	doubtful = 2. / 3
)

// fewWords is up to how many words a block says nothing of whether the page has
// an article at all.
const fewWords = 10

// Choose tells from the scores of a page's blocks which are the article. On a
// page without one it chooses what looks most like one: whether that is enough
// is for the caller to say.
func (p *Page) Choose(scores []float32) []bool {
	best := float32(0)
	for i, s := range scores {
		if p.Blocks[i].words > fewWords {
			best = max(best, s)
		}
	}
	bar := float32(Enough)
	if best >= least {
		bar = min(bar, p.worth(scores)/2)
	}
	if p.s.taken == nil {
		p.s.taken = map[int32]taken{}
	}
	clear(p.s.taken)
	chosen := make([]bool, len(scores))
	for i, s := range scores {
		b := &p.Blocks[i]
		t := p.s.taken[p.around(b)]
		t.all += b.words
		if s >= bar {
			chosen[i] = true
			t.words += b.words
		}
		p.s.taken[p.around(b)] = t
	}
	for i, s := range scores {
		if t := p.s.taken[p.around(&p.Blocks[i])]; s >= doubtful*bar && 2*t.words >= t.all {
			chosen[i] = true
		}
	}
	p.trim(chosen)
	return chosen
}

// worth is the F1 over words that is to be expected of the best choice of blocks
// from some probability on. That probability is half of it (Lipton, Elkan and
// Naryanaswamy, Optimal thresholding of classifiers to maximize F1 measure, ECML
// PKDD 2014), so that on a page that the model is unsure of, less is enough.
func (p *Page) worth(scores []float32) (best float32) {
	const steps = 100
	var words, article [steps + 1]float32 // of the blocks, by probability: all words, those to be expected
	all := float32(0)
	for i, s := range scores {
		n := float32(p.Blocks[i].words)
		words[int(s*steps)] += n
		article[int(s*steps)] += s * n
		all += s * n
	}
	var chosen, right float32
	for k := steps; k >= 0; k-- {
		chosen, right = chosen+words[k], right+article[k]
		if chosen > 0 {
			best = max(best, 2*right/(chosen+all))
		}
	}
	return best
}

// trim gives up what stands before the headline and is no sentence, and a list
// after the last sentence: rubrics, and menus without links.
func (p *Page) trim(chosen []bool) {
	for i := range min(p.title, len(chosen)) {
		chosen[i] = chosen[i] && p.Blocks[i].ended
	}
	last := len(chosen) - 1
	blocks, runes := 0, int32(0)
	for last >= 0 && !(chosen[last] && p.Blocks[last].isSentence()) {
		if chosen[last] {
			blocks++
			runes += p.Blocks[last].runes
		}
		last--
	}
	if last < 0 || blocks < listBlocks && runes < listRunes {
		return
	}
	for i := last + 1; i < len(chosen); i++ {
		chosen[i] = false
	}
}

// A list has so many blocks or letters at the least. What is shorter may be a
// signature.
const (
	listBlocks = 3
	listRunes  = 60
)

// isSentence reports a block that ends as a sentence does, or is too long to be
// anything else and stands on the page once.
func (b *Block) isSentence() bool { return b.ended || b.isProse() && !b.repeated }

// taken is how many words of those in an element are taken for the article's.
type taken struct{ words, all int32 }

// around is the element whose other blocks are a block's neighbours: its own
// where line breaks part them, else the one that its own is in.
func (p *Page) around(b *Block) int32 {
	if b.broken {
		return b.element
	}
	return max(p.elements[b.element].parent, 0)
}
