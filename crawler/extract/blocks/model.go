package blocks

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
)

// Model tells the blocks of an article from those that aren't: gradient-boosted
// regression trees (Friedman, Greedy function approximation, Annals of
// Statistics 29, 2001) on the features of a block.
type Model struct {
	Words Odds    // of word stems in short blocks
	Names Odds    // of the words of classes and ids
	Base  float32 // log odds of a block
	Trees []Tree
}

// Tree is a regression tree: its first node is the root, and what it gives is
// added to the log odds.
type Tree []Node

// Node is a node of a tree. Where the feature is at most Value, the next node of
// the list is the child, otherwise the node at Right.
type Node struct {
	Value   float32 // the threshold; of a leaf, what the tree gives
	Feature int16   // Leaf in a leaf
	Right   int16
}

// Leaf is the feature of a node without children.
const Leaf = -1

// Score gives for each block of a page the probability that it is a part of the
// article. The result is good until the next call and the page's Release.
func (m *Model) Score(p *Page) []float32 {
	features := m.Features(p)
	if cap(p.s.scores) < len(p.Blocks) {
		p.s.scores = make([]float32, len(p.Blocks)*5/4)
	}
	scores := p.s.scores[:len(p.Blocks)]
	for i := range scores {
		scores[i] = m.score(features[i*Features : (i+1)*Features])
	}
	return scores
}

// Features gives the features of all blocks of a page, [Features] for each,
// which are what Score decides by. The result is good as long as that of Score.
func (m *Model) Features(p *Page) []float32 {
	m.weigh(p)
	return p.features()
}

// A block whose log odds are below hopeless after the first trees is not looked
// at any further: the rest wouldn't bring it up.
const (
	firstTrees = 40
	hopeless   = -4
)

func (m *Model) score(f []float32) float32 {
	sum := m.Base
	for i, t := range m.Trees {
		if i == firstTrees && sum < hopeless {
			break
		}
		n := &t[0]
		for at := 0; n.Feature != Leaf; n = &t[at] {
			right := int(n.Right)
			at++
			if f[n.Feature] > n.Value { // a conditional move: a jump would be foreseen half of the time
				at = right
			}
		}
		sum += n.Value
	}
	return 1 / (1 + float32(math.Exp(-float64(sum))))
}

// mark begins a model's file; the digit counts versions of the format.
const mark = "driftwatch blocks 1\n"

// oddsSteps are the steps of odds in a file, which keeps them in a byte.
const oddsSteps = 24

// Encode writes a model as Decode reads it: odds in steps of 1/24, nodes of six
// bytes.
func (m *Model) Encode() ([]byte, error) {
	b := []byte(mark)
	b = binary.LittleEndian.AppendUint16(b, uint16(Features))
	for _, words := range []*Odds{&m.Words, &m.Names} {
		odds := maps.Collect(words.all())
		b = binary.LittleEndian.AppendUint32(b, uint32(len(odds)))
		for _, hash := range slices.Sorted(maps.Keys(odds)) {
			b = binary.LittleEndian.AppendUint32(b, hash)
			b = append(b, byte(int8(math.Round(float64(max(-5, min(odds[hash], 5)))*oddsSteps))))
		}
	}
	b = binary.LittleEndian.AppendUint32(b, math.Float32bits(m.Base))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(m.Trees)))
	for _, t := range m.Trees {
		b = append(b, byte(len(t)))
		for i, n := range t {
			if len(t) > 255 || n.Feature >= 255 {
				return nil, errors.New("a tree is too large to be written")
			}
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(n.Value))
			b = append(b, byte(n.Feature), byte(max(int(n.Right)-i, 0)))
		}
	}
	return b, nil
}

var errModel = errors.New("this is no model of blocks, or it is broken")

// Decode reads what Encode wrote. It refuses a model of other features.
func Decode(b []byte) (*Model, error) {
	d := decoder{b: b}
	if string(d.take(len(mark))) != mark {
		return nil, errModel
	}
	if n := binary.LittleEndian.Uint16(d.take(2)); n != Features {
		return nil, fmt.Errorf("the model has %d features, the program %d: train it anew with eval/extracttrain", n, Features)
	}
	m := &Model{}
	for _, words := range []*Odds{&m.Words, &m.Names} {
		n := d.count(5)
		odds := make(map[uint32]float32, n)
		for range n {
			e := d.take(5)
			odds[binary.LittleEndian.Uint32(e)] = float32(int8(e[4])) / oddsSteps
		}
		*words = NewOdds(odds)
	}
	m.Base = math.Float32frombits(binary.LittleEndian.Uint32(d.take(4)))
	m.Trees = make([]Tree, d.count(1))
	for i := range m.Trees {
		t := make(Tree, d.take(1)[0])
		for k := range t {
			e := d.take(6)
			t[k] = Node{math.Float32frombits(binary.LittleEndian.Uint32(e)), int16(e[4]), int16(k + int(e[5]))}
			if e[4] == 0xff {
				t[k].Feature = Leaf
			}
		}
		if !t.sound() {
			return nil, errModel
		}
		m.Trees[i] = t
	}
	if d.short || len(d.b) > 0 {
		return nil, errModel
	}
	return m, nil
}

// sound reports whether every way through a tree ends in a leaf.
func (t Tree) sound() bool {
	for i, n := range t {
		if n.Feature != Leaf && (n.Feature >= Features || i+1 >= len(t) || int(n.Right) <= i || int(n.Right) >= len(t)) {
			return false
		}
	}
	return len(t) > 0
}

// decoder takes bytes off the front; where there are too few, it gives zeros.
type decoder struct {
	b     []byte
	short bool
}

func (d *decoder) take(n int) []byte {
	if len(d.b) < n {
		d.short, d.b = true, nil
		return make([]byte, n)
	}
	part := d.b[:n]
	d.b = d.b[n:]
	return part
}

// count reads how many entries of at least so many bytes follow.
func (d *decoder) count(bytes int) int {
	n := int(binary.LittleEndian.Uint32(d.take(4)))
	if n*cmp.Or(bytes, 1) > len(d.b) {
		d.short = true
		return 0
	}
	return n
}
