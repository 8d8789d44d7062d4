package blocks

import (
	"reflect"
	"testing"
)

// What is encoded is decoded again, and nothing else is.
func TestEncode(t *testing.T) {
	m := &Model{
		Words: NewOdds(map[uint32]float32{7: 0.5, 9: -2.25}), Names: NewOdds(map[uint32]float32{1: 1}), Base: -1.5,
		Trees: []Tree{{{Value: 3, Feature: 2, Right: 2}, {Value: -1, Feature: Leaf}, {Value: 1, Feature: Leaf}}, {{Value: 0.25, Feature: Leaf}}},
	}
	b, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, tree := range got.Trees { // a leaf has no right
		for i := range tree {
			if tree[i].Feature == Leaf {
				tree[i].Right = 0
			}
		}
	}
	if !reflect.DeepEqual(got, m) {
		t.Errorf("got %+v, want %+v", got, m)
	}
	for n := range b {
		if _, err := Decode(b[:n]); err == nil {
			t.Errorf("the first %d bytes of %d are taken for a model", n, len(b))
		}
	}
	if _, err := Decode(append(b, 0)); err == nil {
		t.Error("a byte too many is taken for a part of the model")
	}
}

// A tree's way is that of the features: up to the threshold left, beyond it
// right.
func TestScore(t *testing.T) {
	p := Read([]byte("<p>aa</p><p>aaaa</p>"))
	defer p.Release()
	m := &Model{Trees: []Tree{{{Value: 3, Feature: 0, Right: 2}, {Value: -5, Feature: Leaf}, {Value: 5, Feature: Leaf}}}}
	if s := m.Score(p); s[0] > 0.01 || s[1] < 0.99 {
		t.Errorf("scores %v: the first feature is the length in letters", s)
	}
}
