package text

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// batchSize is how many words are taken apart at a time.
const batchSize = 1 << 12

// batch takes new words of terms apart into stems, and makes entries of them. It
// shares nothing with another one, so that several may be at it at once.
type batch struct {
	first uint32 // lexeme
	text  []byte // of the words
	words []newWord
	done  chan struct{} // closed when the entries are made

	stems   []stem
	key     []byte
	entries []entry // their places are those in blob, their paradigms numbers in shapes
	hashes  []uint64
	blob    []byte
	shapes  paradigms
}

// newWord is a word of a term that is met for the first time.
type newWord struct {
	folded, raw uint32 // where both end in text, one behind the other
	flags       Flags
	mode        Mode
	lang        string
}

// add adds a word, folded and as the term has it.
func (o *batch) add(folded, raw string, w newWord) {
	o.text = append(o.text, folded...)
	w.folded = uint32(len(o.text))
	o.text = append(o.text, raw...)
	w.raw = uint32(len(o.text))
	o.words = append(o.words, w)
}

// make makes the entries of all words.
func (o *batch) make() {
	text, at := string(o.text), uint32(0)
	for i := range o.words {
		w := &o.words[i]
		o.form(o.first+uint32(i), text[at:w.folded], text[w.folded:w.raw], w)
		at = w.raw
	}
	o.text, o.words, o.stems = nil, nil, nil
}

// form makes the entries of a word.
func (o *batch) form(lexeme uint32, word, raw string, w *newWord) {
	o.stems = o.stems[:0]
	whole := classExact
	if w.mode == Prefix {
		whole = classPrefix
	}
	o.stem(word, whole)
	respell(raw, w.flags, w.lang, func(s string) { o.stem(s, whole) })
	e := entry{lexeme: lexeme}
	if w.mode == Inflected {
		inflect(word, raw, w.flags, w.lang, o.stem)
		if w.lang == "" {
			e.flags = freeEntry
		}
	}
	for left := o.stems; len(left) > 0; {
		left = o.enter(e, left)
	}
}

// foldLetter makes a capital letter of a folded word small.
func foldLetter(r rune) rune {
	if f, _ := foldAny(r); f != 0 {
		return f
	}
	return r // a full stop or comma in a number
}

func (o *batch) stem(s string, c class) {
	if s != "" && utf8.RuneCountInString(s) <= MaxWord {
		o.stems = append(o.stems, stem{s, c})
	}
}

// enter makes an entry of the first of some stems and of those that differ from
// it in their last letters only, and gives the others, at the front of the same
// slice.
func (o *batch) enter(e entry, stems []stem) []stem {
	prefix := stems[0].text
	for _, s := range stems[1:] {
		if n := common(stems[0].text, s.text); utf8.RuneCountInString(s.text[:n]) >= 2 && short(stems[0].text[n:]) && short(s.text[n:]) {
			prefix = prefix[:min(n, len(prefix))]
		}
	}
	o.key = o.key[:0]
	left := stems[:0]
	count := 0
	for _, s := range stems {
		rest, ok := strings.CutPrefix(s.text, prefix)
		if ok && short(rest) && count < math.MaxUint8 {
			o.key = appendContinuation(o.key, rest, s.class)
			count++
		} else {
			left = append(left, s)
		}
	}
	o.entry(e, prefix)
	return left
}

// common is how many bytes of whole letters two words begin with alike.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && (n < len(a) && !utf8.RuneStart(a[n]) || n < len(b) && !utf8.RuneStart(b[n])) {
		n--
	}
	return n
}

// short reports whether s fits into a continuation.
func short(s string) bool {
	n := 0
	for _, r := range s {
		if n++; n > maxRest || r > math.MaxUint16 {
			return false
		}
	}
	return true
}

func appendContinuation(key []byte, rest string, c class) []byte {
	key = append(key, byte(c), byte(c>>8), byte(utf8.RuneCountInString(rest)))
	return append(key, rest...)
}

// entry keeps an entry with its letters and its paradigm, which o.key describes.
func (o *batch) entry(e entry, letters string) {
	e.off, e.size = uint32(len(o.blob)), uint8(len(letters))
	o.blob = append(o.blob, letters...)
	h := hashSeed
	for _, r := range letters {
		h = step(h, r)
		e.letters++
	}
	e.paradigm = o.shapes.number(o.key)
	o.entries = append(o.entries, e)
	o.hashes = append(o.hashes, h)
}

// paradigms numbers paradigms by their descriptions.
type paradigms struct {
	table  hashTable // hash of a description → its number+1
	spells [][]byte  // the descriptions
}

// number is the number of the paradigm that key describes: the next one where it
// is new.
func (p *paradigms) number(key []byte) uint32 {
	h := hashSeed
	for _, c := range key {
		h = mix(h, uint64(c))
	}
	for ; ; h++ {
		n := p.table.at(h)
		if *n == 0 {
			p.spells = append(p.spells, slices.Clone(key))
			*n = uint32(len(p.spells))
		}
		if string(p.spells[*n-1]) == string(key) {
			return *n - 1
		}
	}
}
