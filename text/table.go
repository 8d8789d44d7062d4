package text

import "math/bits"

// hashTable maps 64-bit keys to numbers other than 0, by open addressing.
type hashTable struct {
	keys   []uint64
	values []uint32 // 0: free
	used   int
}

// get gives the number of a key, 0 where it has none.
func (t *hashTable) get(key uint64) uint32 {
	n := len(t.keys)
	if n == 0 {
		return 0
	}
	for i := place(key, n); ; {
		if v := t.values[i]; v == 0 || t.keys[i] == key {
			return v
		}
		if i++; i == n {
			i = 0
		}
	}
}

// at gives the place of a key's number, to be set at once to one other than 0
// where there is none yet. It is valid until the next call.
func (t *hashTable) at(key uint64) *uint32 {
	if 4*t.used >= 3*len(t.keys) {
		t.resize(max(16, 2*len(t.keys)))
	}
	i := t.find(key)
	if t.values[i] == 0 {
		t.keys[i] = key
		t.used++
	}
	return &t.values[i]
}

// put sets a key's number.
func (t *hashTable) put(key uint64, value uint32) { *t.at(key) = value }

// find is the index of a key, or the free one where it belongs.
func (t *hashTable) find(key uint64) int {
	n := len(t.keys)
	i := place(key, n)
	for t.values[i] != 0 && t.keys[i] != key {
		if i++; i == n {
			i = 0
		}
	}
	return i
}

func (t *hashTable) resize(n int) {
	*t = t.of(n, func(key uint64, value uint32) (uint64, uint32) { return key, value })
}

// fitted is a table of no more slots than it takes, each key and number as as
// gives it.
func (t *hashTable) fitted(as func(uint64, uint32) (uint64, uint32)) hashTable {
	return t.of(t.used+t.used/3+1, as)
}

func (t *hashTable) of(n int, as func(uint64, uint32) (uint64, uint32)) hashTable {
	out := hashTable{keys: make([]uint64, n), values: make([]uint32, n), used: t.used}
	for i, v := range t.values {
		if v != 0 {
			key, value := as(t.keys[i], v)
			at := out.find(key)
			out.keys[at], out.values[at] = key, value
		}
	}
	return out
}

// each gives all keys with their numbers.
func (t *hashTable) each(f func(key uint64, value uint32)) {
	for i, v := range t.values {
		if v != 0 {
			f(t.keys[i], v)
		}
	}
}

// place spreads keys over n slots (D. Lemire, Fast random integer generation in
// an interval, 2019).
func place(key uint64, n int) int {
	h := key * 0x9E3779B97F4A7C15
	h ^= h >> 29
	hi, _ := bits.Mul64(h*0xBF58476D1CE4E5B9, uint64(n))
	return int(hi)
}

// edgeTable maps edges to where they lead: a hashTable that doesn't grow, each
// slot of which is one place in memory.
type edgeTable struct {
	slots []edgeSlot
	used  int
}

type edgeSlot struct {
	key  uint64
	node uint32 // to which it leads, with nodeGoesOn; 0: free
	term uint32 // +1, the last that ends there, with termOfMany
}

const (
	nodeGoesOn uint32 = 1 << 31 // an edge leads on from it
	termOfMany uint32 = 1 << 31 // another term ends there too
)

func (s *edgeSlot) goesOn() bool { return s.node&nodeGoesOn != 0 }

// newEdgeTable is one for so many edges.
func newEdgeTable(edges int) edgeTable {
	return edgeTable{slots: make([]edgeSlot, edges+edges/3+1), used: edges}
}

// put adds an edge that isn't there yet.
func (t *edgeTable) put(s edgeSlot) {
	i := place(s.key, len(t.slots))
	for t.slots[i].node != 0 {
		if i++; i == len(t.slots) {
			i = 0
		}
	}
	t.slots[i] = s
}

// get gives an edge, nil where there is none.
func (t *edgeTable) get(key uint64) *edgeSlot {
	for i := place(key, len(t.slots)); ; {
		s := &t.slots[i]
		if s.node == 0 {
			return nil
		}
		if s.key == key {
			return s
		}
		if i++; i == len(t.slots) {
			i = 0
		}
	}
}

// bloom says of most keys that aren't in a table that they aren't, in a sixth
// of the table's memory.
type bloom []uint64

// newBloom is one for so many keys.
func newBloom(keys int) bloom { return make(bloom, max(1, keys/4)) }

func (b bloom) add(key uint64) {
	word, bits := b.place(key)
	b[word] |= bits
}

func (b bloom) may(key uint64) bool {
	word, bits := b.place(key)
	return b[word]&bits == bits
}

// word is the one that tells of a key.
func (b bloom) word(key uint64) uint64 {
	word, _ := b.place(key)
	return b[word]
}

// place gives the word of a key and its two bits in it.
func (b bloom) place(key uint64) (int, uint64) {
	h := key * 0xD6E8FEB86659FD93
	h ^= h >> 32
	hi, _ := bits.Mul64(h*0x9E3779B97F4A7C15, uint64(len(b)))
	return int(hi), 1<<(h&63) | 1<<(h>>6&63)
}
