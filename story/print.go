package story

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"sync"

	"driftwatch/text"
)

// Sizes of a print.
const (
	shingleLen  = 3  // words
	maxShingles = 48 // kept of an article
	maxNames    = 32 // kept of an article
	maxSlots    = 24 // kept of a title, and of a body
	maxKeys     = 8
	slotWords   = 3  // kept of the name in a slot
	headWords   = 4  // a shorter headline tells no articles apart
	briefWords  = 10 // a body with fewer words is brief
)

// Print is the fingerprint of an article, in about 1 KB at most. The zero value
// is the print of an empty one, which is the same as nothing.
//
// Of the shingles of an article (three words in a row each) those with the
// smallest hashes are kept. As that choice depends on the hash alone, two prints
// chose alike, and how much of the shorter text the longer one contains can be
// read off what they kept (A. Broder, On the resemblance and containment of
// documents, 1997). Its names and numbers are kept in the same way, and so are
// its slots: which name stands between which two words. The same slot with
// another name tells of another event.
type Print struct {
	words    int    // of title and body, at most 65535
	brief    bool   // the body is too short to compare
	head     uint64 // of the words of the title, of a brief body too where the title is none; 0: too few
	shingles sketch[uint64]
	names    sketch[uint64] // numbers have the bit isNumber
	titled   sketch[slot]   // slots of the title
	slots    sketch[slot]   // slots of the body
}

// sketch is what was kept of many hashes, ascending: those below limit(level).
type sketch[T any] struct {
	level uint8
	kept  []T
}

// slot is a place between two words, and what stands there.
type slot struct {
	place uint64            // of the two words
	name  [slotWords]uint16 // of the first words there, ascending; 0: no more
}

// isNumber marks the hash of a number among names.
const isNumber = 1 << 16

// limit is what the hashes of a level are below; the next level is half as many.
func limit(level uint8) uint64 { return math.MaxUint64 >> level }

// Fingerprint makes the print of an article.
func Fingerprint(r *text.Reading) Print {
	p := Print{
		words: min(len(r.Title.Words)+len(r.Body.Words), math.MaxUint16),
		brief: len(r.Body.Words) < briefWords,
		head:  head(r),
	}
	b := benches.Get().(*bench)
	defer benches.Put(b)
	b.shingles.n, b.shingles.level = 0, 0
	b.shingles.shingles(&r.Title)
	b.shingles.shingles(&r.Body)
	p.shingles = b.shingles.pick(maxShingles)

	b.names.n, b.names.level = 0, 0
	capital := text.Initial
	if allCapitals(&r.Title) {
		capital = 0
	}
	p.titled = b.pickSlots(mentions(sentences(&r.Title), capital|text.Digit))
	p.slots = b.pickSlots(mentions(told(&r.Body), text.Initial|text.Digit))
	p.names = b.names.pick(maxNames)
	return p
}

// bench is the room in which a print is made.
type bench struct {
	shingles, names picker
	slots           []slot
}

// benches are those that nobody uses now: a print is made of every article.
var benches = sync.Pool{New: func() any { return &bench{slots: make([]slot, 0, 4*maxSlots)} }}

// Keys gives what to look up by the prints that may be of the same text, at most
// eight. Two texts of which one contains most of the other share one, with few
// exceptions; others seldom do.
func (p Print) Keys() []uint64 {
	keys := make([]uint64, 0, maxKeys)
	if p.head != 0 {
		keys = append(keys, p.head>>16)
	}
	for _, h := range p.shingles.kept[:min(len(p.shingles.kept), maxKeys-len(keys))] {
		keys = append(keys, h>>16)
	}
	return keys
}

// head is the hash of the headline, or of the whole of an article that has
// hardly more than one.
func head(r *text.Reading) uint64 {
	h, n := uint64(1), 0
	add := func(f *text.Field) {
		for i := range f.Words {
			h, n = mix(h, f.Words[i].Hash), n+1
		}
	}
	add(&r.Title)
	if n < headWords && len(r.Body.Words) < briefWords {
		add(&r.Body)
	}
	if n < headWords {
		return 0
	}
	return short(h)
}

// mix joins two hashes into one that depends on their order. Its last steps are
// those of MurmurHash3, so that every bit of the result is as good as another.
func mix(h, w uint64) uint64 {
	h = (h ^ w) * 0x9ddfea08eb382d69
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	return h ^ h>>33
}

// short leaves the 48 bits of a hash that a print keeps.
func short(h uint64) uint64 { return h &^ 0xffff }

// picker keeps the smallest of many hashes.
type picker struct {
	kept  [4 * maxShingles]uint64
	n     int
	level uint8
}

func (p *picker) add(h uint64) {
	if h >= limit(p.level) {
		return
	}
	if p.n == len(p.kept) {
		p.thin(len(p.kept) / 2)
	}
	if h < limit(p.level) {
		p.kept[p.n] = h
		p.n++
	}
}

// thin drops doubles and, until there are no more than most, the larger half.
func (p *picker) thin(most int) {
	kept := p.kept[:p.n]
	slices.Sort(kept)
	kept = slices.Compact(kept)
	for len(kept) > most {
		p.level++
		n, _ := slices.BinarySearch(kept, limit(p.level))
		kept = kept[:n]
	}
	p.n = len(kept)
}

func (p *picker) pick(most int) sketch[uint64] {
	p.thin(most)
	return sketch[uint64]{p.level, slices.Clone(p.kept[:p.n])}
}

func (p *picker) shingles(f *text.Field) {
	for i := range len(f.Words) - shingleLen + 1 {
		h := uint64(2)
		for j := range shingleLen {
			h = mix(h, f.Words[i+j].Hash)
		}
		p.add(short(h))
	}
}

// allCapitals reports whether most words begin with a capital, as in English
// headlines: a capital says nothing of a name then.
func allCapitals(f *text.Field) bool {
	n := 0
	for i := range f.Words {
		if f.Words[i].Flags&text.Initial != 0 {
			n++
		}
	}
	return n > 3 && 2*n > len(f.Words)
}

// pickSlots makes the slots of mentions, and adds their words to the names: those
// that have a capital only because a sentence begins with them are left out.
func (b *bench) pickSlots(mentions iter.Seq[mention]) sketch[slot] {
	s := sketch[slot]{kept: b.slots[:0]}
	for m := range mentions {
		s.kept = append(s.kept, slot{short(mix(mix(4, m.before), m.after)), slotName(m.words)})
		for i := range m.words {
			h := short(mix(3, m.words[i].Hash)) &^ isNumber
			switch {
			case m.words[i].Flags&text.Digit != 0:
				b.names.add(h | isNumber)
			case i > 0 || m.before != 0:
				b.names.add(h)
			}
		}
	}
	slices.SortFunc(s.kept, func(a, b slot) int {
		return cmp.Or(cmp.Compare(a.place, b.place), slices.Compare(a.name[:], b.name[:]))
	})
	b.slots = s.kept
	s.kept = slices.Compact(s.kept)
	for len(s.kept) > maxSlots {
		s.level++
		s.kept = below(s.kept, limit(s.level))
	}
	s.kept = slices.Clone(s.kept)
	return s
}

func slotName(words []text.Word) (name [slotWords]uint16) {
	for i := range min(len(words), slotWords) {
		name[i] = uint16(words[i].Hash>>48) | 1
	}
	slices.Sort(name[:])
	return name
}

// below gives the slots whose place is below a limit.
func below(s []slot, limit uint64) []slot {
	n, _ := slices.BinarySearchFunc(s, limit, func(s slot, l uint64) int { return cmp.Compare(s.place, l) })
	return s[:n]
}
