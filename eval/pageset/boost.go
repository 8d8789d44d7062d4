package pageset

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"sync"

	"driftwatch/crawler/extract/blocks"
)

// Settings of the boosting.
type Settings struct {
	Trees, Leaves, Smallest int     // trees; leaves of each; rows of a leaf at the least
	Rate, Ridge             float64 // how much a tree may say; regularisation of its leaves
	Rows, Columns           float64 // the parts of the rows and features that a tree sees
	Seed                    uint64
}

// Usual are the settings of the built-in model.
var Usual = Settings{Trees: 160, Leaves: 24, Smallest: 40, Rate: 0.1, Ridge: 0.3, Rows: 0.8, Columns: 0.5, Seed: 7}

// table is what is learned from: rows of features, what each should give, from 0
// to 1, and how much it counts.
type table struct {
	features      []float32 // blocks.Features to a row
	want, weights []float32
}

func (t *table) rows() int { return len(t.want) }

// maxBins is how many values of a feature are told apart.
const maxBins = 64

// binned is a table whose features are numbers of bins, one feature after the
// other.
type binned struct {
	n    int
	bins []uint8
	cuts [][]float32 // a value is in the first bin whose cut it isn't above
}

func (t *table) bin() *binned {
	b := &binned{n: t.rows(), bins: make([]uint8, t.rows()*blocks.Features), cuts: make([][]float32, blocks.Features)}
	each(blocks.Features, func(f int) {
		var values []float32
		for i := 0; i < b.n; i += b.n/20000 + 1 {
			values = append(values, t.features[i*blocks.Features+f])
		}
		slices.Sort(values)
		var cuts []float32
		for k := 1; k < maxBins; k++ {
			if v := values[(len(values)-1)*k/maxBins]; len(cuts) == 0 || v > cuts[len(cuts)-1] {
				cuts = append(cuts, v)
			}
		}
		b.cuts[f] = cuts
		column := b.bins[f*b.n : (f+1)*b.n]
		for i := range column {
			v := t.features[i*blocks.Features+f]
			column[i] = uint8(sort.Search(len(cuts), func(k int) bool { return v <= cuts[k] }))
		}
	})
	return b
}

// boost fits trees to a table: logistic loss, second-order steps, leaf-wise
// growth. The same table and settings give the same trees.
func boost(t *table, s Settings) (base float32, trees []blocks.Tree) {
	b := t.bin()
	var want, weight float64
	for i := range t.want {
		want += float64(t.weights[i] * t.want[i])
		weight += float64(t.weights[i])
	}
	base = float32(math.Log(want / (weight - want)))
	g := grower{binned: b, Settings: s, random: rand.New(rand.NewPCG(s.Seed, 1))}
	g.slope, g.curve = make([]float32, b.n), make([]float32, b.n)
	score := make([]float32, b.n)
	for i := range score {
		score[i] = base
	}
	for range s.Trees {
		for i := range score {
			p := 1 / (1 + float32(math.Exp(-float64(score[i]))))
			g.slope[i] = (p - t.want[i]) * t.weights[i]
			g.curve[i] = p * (1 - p) * t.weights[i]
		}
		tree := g.grow()
		trees = append(trees, tree)
		for i := range score {
			score[i] += g.value(tree, i)
		}
	}
	for _, tree := range trees { // from numbers of bins to values
		for i := range tree {
			if n := &tree[i]; n.Feature != blocks.Leaf {
				n.Value = b.cuts[n.Feature][int(n.Value)]
			}
		}
	}
	return base, trees
}

// grower grows trees.
type grower struct {
	*binned
	Settings
	random       *rand.Rand
	slope, curve []float32 // first and second derivatives of the loss
	columns      []int     // the features of this tree
}

// bin is what the rows of a bin add up to.
type bin struct {
	slope, curve float64
	rows         int
}

// leaf is a leaf that may still be split.
type leaf struct {
	rows    []int32
	bins    [][]bin // by the tree's columns
	total   bin
	gain    float64
	feature int
	cut     int
	left    *leaf
	right   *leaf
}

// grow grows a tree; the thresholds in it are numbers of bins.
func (g *grower) grow() blocks.Tree {
	g.columns = g.columns[:0]
	for f := range blocks.Features {
		if g.random.Float64() < g.Settings.Columns {
			g.columns = append(g.columns, f)
		}
	}
	root := &leaf{}
	for i := range g.n {
		if g.random.Float64() < g.Settings.Rows {
			root.rows = append(root.rows, int32(i))
		}
	}
	g.histogram(root)
	g.split(root)
	open := []*leaf{root}
	for leaves := 1; leaves < g.Leaves; leaves++ {
		best := slices.MaxFunc(open, func(a, b *leaf) int { return compare(a.gain, b.gain) })
		if best.gain <= 1e-6 {
			break
		}
		g.part(best)
		at := slices.Index(open, best)
		open[at] = best.left
		open = append(open, best.right)
	}
	var tree blocks.Tree
	g.write(root, &tree)
	return tree
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// histogram adds up a leaf's rows by bins.
func (g *grower) histogram(l *leaf) {
	l.bins = make([][]bin, len(g.columns))
	each(len(g.columns), func(k int) {
		f := g.columns[k]
		bins := make([]bin, len(g.cuts[f])+1)
		column := g.bins[f*g.n : (f+1)*g.n]
		for _, r := range l.rows {
			b := &bins[column[r]]
			b.slope += float64(g.slope[r])
			b.curve += float64(g.curve[r])
			b.rows++
		}
		l.bins[k] = bins
	})
	l.sum(g)
}

func (l *leaf) sum(g *grower) {
	l.total = bin{}
	for _, r := range l.rows {
		l.total.slope += float64(g.slope[r])
		l.total.curve += float64(g.curve[r])
		l.total.rows++
	}
}

// split finds a leaf's best split.
func (g *grower) split(l *leaf) {
	gains, cuts := make([]float64, len(g.columns)), make([]int, len(g.columns))
	part := func(b bin) float64 { return b.slope * b.slope / (b.curve + g.Ridge) }
	whole := part(l.total)
	each(len(g.columns), func(k int) {
		var left bin
		for c := range len(l.bins[k]) - 1 {
			b := l.bins[k][c]
			left.slope, left.curve, left.rows = left.slope+b.slope, left.curve+b.curve, left.rows+b.rows
			right := bin{l.total.slope - left.slope, l.total.curve - left.curve, l.total.rows - left.rows}
			if left.rows < g.Smallest || right.rows < g.Smallest {
				continue
			}
			if gain := part(left) + part(right) - whole; gain > gains[k] {
				gains[k], cuts[k] = gain, c
			}
		}
	})
	for k, gain := range gains {
		if gain > l.gain {
			l.gain, l.feature, l.cut = gain, g.columns[k], cuts[k]
		}
	}
}

// part splits a leaf. The larger part's bins are what the smaller leaves over.
func (g *grower) part(l *leaf) {
	a, b := &leaf{}, &leaf{}
	column := g.bins[l.feature*g.n : (l.feature+1)*g.n]
	for _, r := range l.rows {
		if int(column[r]) <= l.cut {
			a.rows = append(a.rows, r)
		} else {
			b.rows = append(b.rows, r)
		}
	}
	small, large := a, b
	if len(a.rows) > len(b.rows) {
		small, large = b, a
	}
	g.histogram(small)
	for k := range l.bins {
		for c := range l.bins[k] {
			x, y := &l.bins[k][c], small.bins[k][c]
			x.slope, x.curve, x.rows = x.slope-y.slope, x.curve-y.curve, x.rows-y.rows
		}
	}
	large.bins = l.bins
	large.sum(g)
	g.split(a)
	g.split(b)
	l.left, l.right, l.rows, l.bins = a, b, nil, nil
}

// write appends a leaf and what it was split into to a tree.
func (g *grower) write(l *leaf, tree *blocks.Tree) {
	at := len(*tree)
	if l.left == nil {
		*tree = append(*tree, blocks.Node{Value: float32(-l.total.slope / (l.total.curve + g.Ridge) * g.Rate), Feature: blocks.Leaf})
		return
	}
	*tree = append(*tree, blocks.Node{Value: float32(l.cut), Feature: int16(l.feature)})
	g.write(l.left, tree)
	(*tree)[at].Right = int16(len(*tree))
	g.write(l.right, tree)
}

// value is what a tree gives for a row.
func (g *grower) value(tree blocks.Tree, row int) float32 {
	at := 0
	for tree[at].Feature != blocks.Leaf {
		if n := &tree[at]; float32(g.bins[int(n.Feature)*g.n+row]) <= n.Value {
			at++
		} else {
			at = int(n.Right)
		}
	}
	return tree[at].Value
}

// each calls f for 0 to n-1, on two processors.
func each(n int, f func(i int)) {
	var wg sync.WaitGroup
	for start := range 2 {
		wg.Go(func() {
			for i := start; i < n; i += 2 {
				f(i)
			}
		})
	}
	wg.Wait()
}
