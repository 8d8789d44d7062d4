package text

import (
	"math/bits"
	"sync/atomic"
)

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

// place spreads keys over n slots (D. Lemire, Fast random integer generation in
// an interval, 2019).
func place(key uint64, n int) int {
	h := key * 0x9E3779B97F4A7C15
	h ^= h >> 29
	hi, _ := bits.Mul64(h*0xBF58476D1CE4E5B9, uint64(n))
	return int(hi)
}

// bloom says of most keys that aren't in a table that they aren't, in a sixth
// of the table's memory.
type bloom []uint64

func newBloom(t *hashTable) bloom {
	b := make(bloom, max(1, t.used/4))
	for i, v := range t.values {
		if v != 0 {
			word, bits := b.place(t.keys[i])
			b[word] |= bits
		}
	}
	return b
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

// cached is what the lexemes of a word were found to be. It is written and
// read without a lock: check is the word's hash mixed with the candidates, so
// that an entry of which two goroutines wrote one half each is taken for a miss.
type cached struct {
	check atomic.Uint64
	ids   [maxCached / 2]atomic.Uint64 // two candidates each
}

// maxCached is how many candidates most words have at most.
const maxCached = 6

// cachedMany is the same for a word with more candidates.
type cachedMany struct {
	check atomic.Uint64
	ids   [maxMany / 2]atomic.Uint64
}

// maxMany is the most candidates that are kept of a word.
const maxMany = 30

// manyBits is how many such words are kept, as a power of two.
const manyBits = 12

// pair are the two places of a word in the cache, a line of the processor's.
// The word that came first keeps its place: most often it is a frequent one.
type pair [2]cached

// keep stores what was found of a word.
func (m *Matcher) keep(hash uint64, found []candidate) {
	switch {
	case len(found) <= maxCached:
		c := &m.cache[hash>>m.shift][0]
		if c.check.Load() != 0 {
			c = &m.cache[hash>>m.shift][1]
		}
		store(&c.check, c.ids[:], hash, found)
	case len(found) <= maxMany:
		c := &m.many[hash>>(64-manyBits)]
		store(&c.check, c.ids[:], hash, found)
	}
}

func store(check *atomic.Uint64, ids []atomic.Uint64, hash uint64, found []candidate) {
	for i := range ids {
		var two uint64
		if 2*i < len(found) {
			two = uint64(found[2*i])
		}
		if 2*i+1 < len(found) {
			two |= uint64(found[2*i+1]) << 32
		}
		ids[i].Store(two)
		if two != 0 {
			hash = checkOf(hash, two)
		}
	}
	check.Store(hash)
}

// checkOf goes on from a check to that of two more candidates.
func checkOf(check, two uint64) uint64 { return mix(check, two) }

// load appends the lexemes that a word was found to be in a text in in; false
// where the entry isn't that word's.
func (c *cached) load(hash uint64, in candidate, ids []uint32) ([]uint32, bool) {
	check, a := c.check.Load(), c.ids[0].Load()
	if a == 0 {
		return ids, check == hash
	}
	b, d := c.ids[1].Load(), c.ids[2].Load()
	want := checkOf(hash, a)
	if b != 0 {
		want = checkOf(want, b)
	}
	if d != 0 {
		want = checkOf(want, d)
	}
	if check != want {
		return ids, false
	}
	ids = appendTwo(ids, a, in)
	if b != 0 {
		ids = appendTwo(ids, b, in)
	}
	if d != 0 {
		ids = appendTwo(ids, d, in)
	}
	return ids, true
}

func (c *cachedMany) load(hash uint64, in candidate, ids []uint32) ([]uint32, bool) {
	var copied [maxMany / 2]uint64
	n := 0
	for n < len(copied) {
		two := c.ids[n].Load()
		if two == 0 {
			break
		}
		copied[n] = two
		hash = checkOf(hash, two)
		n++
	}
	if n == 0 || c.check.Load() != hash {
		return ids, false
	}
	for _, two := range copied[:n] {
		ids = appendTwo(ids, two, in)
	}
	return ids, true
}

// appendTwo appends those of two candidates that there are in a text in in.
func appendTwo(ids []uint32, two uint64, in candidate) []uint32 {
	ids = appendIn(ids, candidate(two), in)
	return appendIn(ids, candidate(two>>32), in)
}

func appendIn(ids []uint32, c, in candidate) []uint32 {
	if c&in&0xff != 0 {
		ids = append(ids, c.lexeme())
	}
	return ids
}

// cacheBits is the number of pairs, as a power of two: how many different words
// texts have doesn't depend on the terms, but looking a word up among few terms
// is cheap anyway.
func cacheBits(entries int) uint {
	switch {
	case entries < 200:
		return 12
	case entries < 20_000:
		return 16
	}
	return 18
}
