package text

import (
	"encoding/binary"
	"slices"
	"sync"
	"sync/atomic"
)

// memory holds what the words of texts were found to be, so that each is taken
// apart once. Words are only added, never changed or taken out, so that a word
// that is found may be read without a lock. When it is worn, the Matcher begins
// a new one.
type memory struct {
	lines []line
	shift uint

	mu      sync.Mutex // for adding
	chunks  []*chunk
	used    uint32 // bytes of the chunks
	refused int
}

// line is four words' places, a line of the processor's cache. A word belongs
// into one line, and where that is full, into the one beside it.
type line [4]slot

// slot is a word: its tag is set last.
type slot struct {
	tag atomic.Uint64 // the lower 40 bits of the hash, the record's place, aloneTag; 0: free
	links
}

const (
	placeBits = 23
	aloneTag  = 1
	tagBits   = placeBits + 1
)

// links say of a word with which neighbours it may stand in a term.
type links struct {
	follow neighbours // which may stand behind it at the beginning of a term
	inside neighbours // as which it may itself stand behind a term's first word
}

// neighbours are a set of lexemes, a bit for every one in 32: most words that
// aren't in the set are told from those that are.
type neighbours uint32

func neighbour(lexeme uint32) neighbours { return 1 << (lexeme * 0x9E3779B1 >> 27) }

const (
	chunkSize = 1 << 16
	unit      = 8 // what places count
)

type chunk [chunkSize]byte

// newMemory is a memory for a Matcher of so many entries. How many different
// words texts have doesn't depend on the terms, but looking a word up among few
// terms is cheap anyway.
func newMemory(entries int) *memory {
	bits := uint(18)
	if entries < 20_000 {
		bits = 16
	}
	return &memory{
		lines:  make([]line, 1<<bits/4),
		shift:  64 + 2 - bits,
		chunks: make([]*chunk, 1<<bits*64/chunkSize), // of most words the records are shorter
		used:   unit,                                 // place 0 is that of words that are in no term
	}
}

// touch fetches the places of some words from the machine's memory.
func (me *memory) touch(words []Word) uint64 {
	var all uint64
	for i := range words {
		all |= me.lines[words[i].Hash>>me.shift][0].tag.Load()
	}
	return all
}

// find fills in what a word was found to be; it reports false where it isn't
// known.
func (me *memory) find(hash uint64, w *looked) bool {
	at := hash >> me.shift
	for range 2 {
		l := &me.lines[at]
		for i := range l {
			s := &l[i]
			tag := s.tag.Load()
			if tag == 0 {
				return false
			}
			if is := tag ^ hash<<tagBits; is < 1<<tagBits {
				*w = looked{links: s.links, place: uint32(is >> 1), alone: is&aloneTag != 0}
				return true
			}
		}
		at ^= 1
	}
	return false
}

// keep keeps a word with its record, nil for one that is in no term, and sets
// the record's place in w. It reports false where there is no room, and whether
// that was so for so many words that a new memory is due.
func (me *memory) keep(hash uint64, record []byte, w *looked) (kept, worn bool) {
	me.mu.Lock()
	defer me.mu.Unlock()
	if me.find(hash, w) { // another goroutine was faster
		return true, false
	}
	s := me.free(hash)
	place, ok := me.room(len(record))
	if s == nil || !ok {
		me.refused++
		return false, me.refused > len(me.lines)/2
	}
	if record != nil {
		at := place * unit
		c := &me.chunks[at/chunkSize]
		if *c == nil {
			*c = new(chunk)
		}
		copy((*c)[at%chunkSize:], record)
		me.used = at + uint32(len(record)+unit-1)/unit*unit
	}
	w.place = place
	tag := hash<<tagBits | uint64(place)<<1
	if w.alone {
		tag |= aloneTag
	}
	s.links = w.links
	s.tag.Store(tag)
	return true, false
}

// free is the slot for a new word, nil where there is none.
func (me *memory) free(hash uint64) *slot {
	at := hash >> me.shift
	for _, at := range [2]uint64{at, at ^ 1} {
		for i := range me.lines[at] {
			if s := &me.lines[at][i]; s.tag.Load() == 0 {
				return s
			}
		}
	}
	return nil
}

// room is the place for a record of so many bytes, false where there is none.
func (me *memory) room(size int) (uint32, bool) {
	if size == 0 {
		return 0, true
	}
	at := int(me.used)
	if at%chunkSize+size > chunkSize {
		at = (at/chunkSize + 1) * chunkSize
	}
	return uint32(at / unit), size <= chunkSize && at/chunkSize < len(me.chunks) && at/unit < 1<<placeBits
}

// record gives the record at a place.
func (me *memory) record(place uint32) record {
	at := place * unit
	return record(me.chunks[at/chunkSize][at%chunkSize:])
}

// record is a word's candidates, each with the set of those that follow it, and
// its spelling. It begins with the number of both; what stands behind it is
// another's.
type record []byte

const (
	headerSize   = 8
	possibleSize = 12
)

func appendHeader(dst []byte, candidates, spelling int) []byte {
	return binary.LittleEndian.AppendUint64(dst, uint64(spelling)<<32|uint64(candidates))
}

// possible is a candidate with the set of those that follow it.
type possible uint64

func appendPossible(dst []byte, c candidate, follow neighbours, second uint32) []byte {
	dst = binary.LittleEndian.AppendUint64(dst, uint64(follow)<<32|uint64(c))
	return binary.LittleEndian.AppendUint32(dst, second)
}

func (p possible) candidate() candidate { return candidate(p) }
func (p possible) follow() neighbours   { return neighbours(p >> 32) }

func (r record) len() int { return int(binary.LittleEndian.Uint32(r)) }

func (r record) at(i int) possible {
	return possible(binary.LittleEndian.Uint64(r[headerSize+possibleSize*i:]))
}

// second is where the branches of candidate i begin.
func (r record) second(i int) uint32 {
	return binary.LittleEndian.Uint32(r[headerSize+possibleSize*i+8:])
}

// spelling is the word as the text had it in which it was first met.
func (r record) spelling() []byte {
	at := headerSize + possibleSize*r.len()
	return r[at : at+int(binary.LittleEndian.Uint32(r[4:]))]
}

// sameWord reports whether two words are the same when folded.
func sameWord(a string, b []byte) bool {
	if a == string(b) {
		return true
	}
	var bufA, bufB [MaxWord + 1]rune
	return slices.Equal(foldWord(bufA[:0], a, false), foldWord(bufB[:0], string(b), false))
}
