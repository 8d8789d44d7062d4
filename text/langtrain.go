package text

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// LangSource is text to learn a language from.
type LangSource struct {
	Lang   string   // BCP 47, Unknown for what isn't to be told
	Weight float64  // how often it is drawn from, beside the other sources
	Texts  []string // sentences or paragraphs
}

// LangTraining says how to learn.
type LangTraining struct {
	Steps  int     // pieces of text to learn from; 0 is 1,000,000
	Rows   [3]int  // of the tables for Cyrillic, Latin and Arabic letters, powers of two; 0 is the default
	Seed   uint64  // the same sources, steps and seed give the same model
	Decay  float64 // of weights, L2; 0 is the default
	Rate   float64 // of learning; 0 is the default
	Report func(script, step int, loss float64)
}

// TrainLanguages learns the model that Detect uses, and gives the file that is
// embedded as lang.model. It is a softmax regression on the n-grams of pieces
// of one to sixteen words, learned by AdaGrad (Duchi, Hazan and Singer, 2011)
// one piece after another. A table has a row for the n-grams that tell most:
// among those that fall into one row the one that has the highest number of
// occurrences times the Kullback-Leibler divergence of its languages from
// those of all n-grams.
func TrainLanguages(sources []LangSource, how LangTraining) ([]byte, error) {
	how.fill()
	m := new(langModel)
	for sc := range scriptCount {
		c, err := newLangCourse(sc, sources, how)
		if err != nil {
			return nil, err
		}
		c.choose()
		c.learn()
		m[sc] = c.table()
	}
	return m.appendTo(nil), nil
}

func (how *LangTraining) fill() {
	if how.Steps == 0 {
		how.Steps = 1_000_000
	}
	for i, n := range [...]int{1 << 15, 1 << 15, 1 << 12} {
		if how.Rows[i] == 0 {
			how.Rows[i] = n
		}
	}
	if how.Rate == 0 {
		how.Rate = 0.05
	}
	if how.Decay == 0 {
		how.Decay = 1e-3
	}
	if how.Report == nil {
		how.Report = func(int, int, float64) {}
	}
}

// langCourse is the training for one script.
type langCourse struct {
	script  script
	how     LangTraining
	rand    *rand.Rand
	langs   []string
	sources []langPupil
	sum     float64 // of weights
	shift   uint
	check   []int16 // of each row, -1 where nothing is in it
	weights [][maxLangs]float32
	squares [][maxLangs]float32 // of gradients, summed
}

// langPupil is a source as the training reads it: the n-grams of each word.
type langPupil struct {
	lang   int
	upTo   float64 // sum of the weights up to this source
	texts  [][][]uint64
	weight float64
}

func newLangCourse(sc script, sources []LangSource, how LangTraining) (*langCourse, error) {
	rows := how.Rows[sc]
	if bits.OnesCount(uint(rows)) != 1 || rows < 2 {
		return nil, fmt.Errorf("train languages: %d rows: must be a power of two", rows)
	}
	c := &langCourse{
		script: sc, how: how, rand: rand.New(rand.NewPCG(how.Seed, uint64(sc))),
		shift: uint(64 - bits.TrailingZeros(uint(rows))),
		check: make([]int16, rows), weights: make([][maxLangs]float32, rows), squares: make([][maxLangs]float32, rows),
	}
	for _, src := range sources {
		c.add(src)
	}
	if len(c.langs) < 2 {
		return nil, fmt.Errorf("train languages: script %d has %d languages: two are needed", sc, len(c.langs))
	}
	if len(c.langs) > maxLangs {
		return nil, fmt.Errorf("train languages: script %d has %d languages: %d fit", sc, len(c.langs), maxLangs)
	}
	if c.sum <= 0 {
		return nil, errors.New("train languages: the weights are nothing")
	}
	return c, nil
}

// add reads a source, as far as it is in the script.
func (c *langCourse) add(src LangSource) {
	p := langPupil{weight: src.Weight}
	var sc scanner
	var f Field
	for _, text := range src.Texts {
		sc.scan(text, &f)
		if words := c.words(&f); 2*len(words) > len(f.Words) {
			p.texts = append(p.texts, words)
		}
	}
	if 2*len(p.texts) < len(src.Texts) {
		return // of another script
	}
	p.lang = slices.Index(c.langs, src.Lang)
	if p.lang < 0 {
		p.lang = len(c.langs)
		c.langs = append(c.langs, src.Lang)
	}
	c.sum += src.Weight
	p.upTo = c.sum
	c.sources = append(c.sources, p)
}

func (c *langCourse) words(f *Field) [][]uint64 {
	var words [][]uint64
	var w spelled
	for i := range f.Words {
		if sc, ok := w.spell(f, i); ok && sc == c.script {
			words = append(words, slices.Clone(w.grams(f.Words[i].Hash)))
		}
	}
	return words
}

// choose decides which n-grams have a row.
func (c *langCourse) choose() {
	counts := map[uint64]*[maxLangs]float64{}
	var all [maxLangs]float64
	for _, p := range c.sources {
		n := 0
		for _, t := range p.texts {
			for _, w := range t {
				n += len(w)
			}
		}
		// Sources count by their weight, not by their size.
		share := p.weight / c.sum / float64(n) * 1e6
		for _, t := range p.texts {
			for _, w := range t {
				for _, g := range w {
					if counts[g] == nil {
						counts[g] = new([maxLangs]float64)
					}
					counts[g][p.lang] += share
					all[p.lang] += share
				}
			}
		}
	}
	best := make([]float64, len(c.check))
	keys := make([]uint64, len(c.check))
	for i := range c.check {
		c.check[i] = -1
	}
	for g, n := range counts {
		i := g >> c.shift
		if v := tells(n, &all); v > best[i] || v == best[i] && g > keys[i] {
			best[i], keys[i] = v, g
			c.check[i] = int16(g & 0xff)
		}
	}
}

// tells is how much an n-gram tells: its occurrences times the divergence of
// its languages from all.
func tells(n, all *[maxLangs]float64) float64 {
	var sum, total float64
	for i := range n {
		sum += n[i]
		total += all[i]
	}
	d := 0.0
	for i := range n {
		if n[i] > 0 {
			p := n[i] / sum
			d += p * math.Log(p/(all[i]/total))
		}
	}
	return sum * d
}

// learn goes through pieces of the sources.
func (c *langCourse) learn() {
	var rows []uint32
	loss := 0.0
	for step := range c.how.Steps {
		var lang int
		rows, lang = c.piece(rows[:0])
		rate := c.how.Rate * (1 - float64(step)/float64(c.how.Steps))
		loss += c.step(rows, lang, float32(rate))
		if (step+1)%100_000 == 0 {
			c.how.Report(int(c.script), step+1, loss/100_000)
			loss = 0
		}
	}
}

// piece draws some words that follow each other.
func (c *langCourse) piece(rows []uint32) ([]uint32, int) {
	at := c.rand.Float64() * c.sum
	p := &c.sources[len(c.sources)-1]
	for i := range c.sources {
		if at < c.sources[i].upTo {
			p = &c.sources[i]
			break
		}
	}
	t := p.texts[c.rand.IntN(len(p.texts))]
	n := min(1+c.rand.IntN(4), len(t))
	if c.rand.IntN(3) == 0 {
		n = min(4+c.rand.IntN(13), len(t))
	}
	from := c.rand.IntN(len(t) - n + 1)
	for _, w := range t[from : from+n] {
		for _, g := range w {
			if i := g >> c.shift; c.check[i] == int16(g&0xff) {
				rows = append(rows, uint32(i))
			}
		}
	}
	return rows, p.lang
}

// step moves the weights of a piece's n-grams towards its language, and gives
// the loss before.
func (c *langCourse) step(rows []uint32, lang int, rate float32) float64 {
	var sums, p [maxLangs]float32
	for _, r := range rows {
		for i := range c.langs {
			sums[i] += c.weights[r][i]
		}
	}
	top := slices.Max(sums[:len(c.langs)])
	total := float32(0)
	for i := range c.langs {
		p[i] = float32(math.Exp(float64(sums[i] - top)))
		total += p[i]
	}
	for i := range c.langs {
		p[i] /= total
	}
	loss := -math.Log(max(float64(p[lang]), 1e-12))
	p[lang]--
	decay := float32(c.how.Decay)
	for _, r := range rows {
		w, q := &c.weights[r], &c.squares[r]
		for i := range c.langs {
			g := p[i] + float32(decay*w[i])
			q[i] += float32(g * g)
			w[i] -= float32(rate * g / (float32(math.Sqrt(float64(q[i]))) + 1e-3))
		}
	}
	return loss
}

// table writes the weights in bytes.
func (c *langCourse) table() langTable {
	var sizes []float32
	for i := range c.weights {
		c.center(&c.weights[i])
		for k := range c.langs {
			if w := c.weights[i][k]; w != 0 {
				sizes = append(sizes, max(w, -w))
			}
		}
	}
	slices.Sort(sizes)
	most := sizes[len(sizes)*999/1000]
	t := langTable{langs: c.langs, shift: c.shift, scale: 127 / most, rows: make([]byte, rowSize*len(c.check))}
	for i := range c.check {
		row := t.rows[i*rowSize:][:rowSize]
		for k := range row {
			row[k] = neutral
		}
		for k := range c.langs {
			v := math.Round(float64(c.weights[i][k] * t.scale))
			row[k] = byte(neutral + min(max(v, -neutral), neutral-1))
		}
		row[checkLane] = byte(c.check[i])
	}
	return t
}

// center takes away what is said for all languages alike.
func (c *langCourse) center(w *[maxLangs]float32) {
	mean := float32(0)
	for i := range c.langs {
		mean += w[i] / float32(len(c.langs))
	}
	for i := range c.langs {
		w[i] -= mean
	}
}
