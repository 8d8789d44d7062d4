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

// branches are the tree of the terms' lexemes: of each node that leads on, a
// hashTable of where to, those of a node in one place. A frequent node's are near
// at hand then. In front of them stands how many there are.
type branches []branch

type branch struct {
	lexeme uint32 // +1; 0: free. In front: how many places there are
	on     uint32 // where the branches of the node that it leads to begin; 0: it leads on to none
	term   uint32 // +1, the last that ends there, with termOfMany
}

const termOfMany uint32 = 1 << 31 // another term ends there too

// newBranches is a tree for nodes that lead on to so many others, of which it
// makes where their branches begin.
func newBranches(nodes []uint32) branches {
	size := uint32(1) // nothing begins at 0
	for _, n := range nodes {
		if n > 0 {
			size += 1 + n + n/4
		}
	}
	t := make(branches, size)
	at := uint32(1)
	for i, n := range nodes {
		if n > 0 {
			t[at].lexeme = n + n/4
			nodes[i] = at
			at += 1 + n + n/4
		}
	}
	return t
}

// put adds a branch to those that begin at a place.
func (t branches) put(at uint32, b branch) {
	list := t[at+1:][:t[at].lexeme]
	i := b.start(len(list))
	for list[i].lexeme != 0 {
		if i++; i == len(list) {
			i = 0
		}
	}
	list[i] = b
}

// get gives the branch of a lexeme among those that begin at a place, nil where
// there is none.
func (t branches) get(at, lexeme uint32) *branch {
	list := t[at+1:][:t[at].lexeme]
	want := branch{lexeme: lexeme + 1}
	i := want.start(len(list))
	for range list {
		b := &list[i]
		if b.lexeme == want.lexeme {
			return b
		}
		if b.lexeme == 0 {
			return nil
		}
		if i++; i == len(list) {
			i = 0
		}
	}
	return nil
}

// start is the place of so many where a branch is looked for first.
func (b branch) start(places int) int {
	return int(uint64(b.lexeme*0x9E3779B1) * uint64(places) >> 32)
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

// place gives the word of a key and its two bits in it.
func (b bloom) place(key uint64) (int, uint64) {
	h := key * 0xD6E8FEB86659FD93
	h ^= h >> 32
	hi, _ := bits.Mul64(h*0x9E3779B97F4A7C15, uint64(len(b)))
	return int(hi), 1<<(h&63) | 1<<(h>>6&63)
}
