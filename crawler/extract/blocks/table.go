package blocks

import (
	"iter"
	"maps"
	"math/bits"
	"slices"
)

// table is a map of hashes that isn't written to any more, for lookups at every
// word of a page: open addressing with half of the slots free. A zero value is as
// good as none.
type table[V comparable] struct {
	slots []slot[V] // their number is a power of two
	shift uint8
}

type slot[V comparable] struct {
	key   uint32
	value V
}

func newTable[V comparable](m map[uint32]V) table[V] {
	size := bits.Len(uint(2*len(m) + 1))
	t := table[V]{slots: make([]slot[V], 1<<size), shift: uint8(32 - size)}
	var none V
	for _, key := range slices.Sorted(maps.Keys(m)) { // in order, so that the same map gives the same table
		if m[key] == none {
			continue
		}
		at := t.first(key)
		for t.slots[at].value != none {
			at = t.after(at)
		}
		t.slots[at] = slot[V]{key, m[key]}
	}
	return t
}

// first is the slot that a key is looked for in first. Fibonacci hashing (Knuth,
// The Art of Computer Programming 3, 6.4) spreads the hashes of short words.
func (t *table[V]) first(key uint32) int { return int(key * 2654435769 >> t.shift) }

// after is the next slot to look in.
func (t *table[V]) after(at int) int { return (at + 1) & (len(t.slots) - 1) }

// of is the value of a key, zero where it has none.
func (t *table[V]) of(key uint32) (value V) {
	if len(t.slots) == 0 {
		return value
	}
	for at := t.first(key); ; at = t.after(at) {
		if s := &t.slots[at]; s.key == key || s.value == value {
			return s.value
		}
	}
}

// Odds are log odds of words, by hash. The zero Odds know no word.
type Odds struct{ table[float32] }

// NewOdds keeps the odds of words that aren't 0.
func NewOdds(odds map[uint32]float32) Odds { return Odds{newTable(odds)} }

// all gives the hashes and their odds, in no order.
func (o *Odds) all() iter.Seq2[uint32, float32] {
	return func(yield func(uint32, float32) bool) {
		for _, s := range o.slots {
			if s.value != 0 && !yield(s.key, s.value) {
				return
			}
		}
	}
}
