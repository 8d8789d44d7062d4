package text

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"
)

// Mode says which forms of a term's words are the term.
type Mode uint8

const (
	// Inflected: every form of each word, by the rules of the term's language.
	Inflected Mode = iota
	// Exact: the word as it stands, folded.
	Exact
	// Prefix: whatever begins with the last word of the term. In any mode a
	// word that ends in * stands for whatever begins with it.
	Prefix
)

// Term is what a Matcher looks for: one to MaxTerm words.
type Term struct {
	Text          string
	Lang          string // whose endings the words take; empty: those of the text's language
	Mode          Mode
	CaseSensitive bool // capitals and small letters must be those of Text; endings are small
}

// MaxTerm is the most words that a term may have.
const MaxTerm = 12

// maxTail is how many letters may follow the stem of a prefix word.
const maxTail = 12

// Match is an occurrence of a term, by the indices of its first and last word.
type Match struct {
	Term        int32 // index into the terms that the Matcher was made of
	First, Last int32 // words, inclusive
}

// Matcher finds terms in fields. It doesn't change after it is made, and any
// number of goroutines may use it at once.
type Matcher struct {
	endings *endings

	lexemes []lexeme
	stems   []stem    // of lexeme after lexeme
	blob    []byte    // the stems' letters
	table   hashTable // a stem's hash → stem+1, the others by next
	begun   bloom     // of table
	longest int       // letters of the longest stem
	lengths [MaxWord + 1]bool

	root  []uint32 // lexeme → node of the terms that begin with it
	edges hashTable
	known bloom    // of edges
	inner []bool   // lexeme → some term has it behind its first word
	first []uint32 // node → term+1 that ends there
	next  []uint32 // term → next term+1 that ends at the same node

	cache   []cached
	shift   uint
	scratch sync.Pool
}

// lexeme is a word of terms: what its forms are.
type lexeme struct {
	stems uint32 // its first one; the last is before the next lexeme's first
	raw   string // as written, where case counts
	free  bool   // takes the endings of the text's language
}

// stem is a part of a word that all forms of a class of endings share.
type stem struct {
	off     uint32 // into blob
	lexeme  uint32
	next    uint32 // stem+1 of the same hash
	class   class
	size    uint8 // bytes
	letters uint8
}

// NewMatcher makes a Matcher for terms. A term without words, of more than
// MaxTerm words, or with a word of more than MaxWord letters is an error; all
// such errors are returned together.
func NewMatcher(terms []Term) (*Matcher, error) {
	b := newBuilder(len(terms))
	var errs []error
	for i := range terms {
		if err := b.add(&terms[i], i); err != nil {
			errs = append(errs, fmt.Errorf("term %d, %q: %w", i, terms[i].Text, err))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return b.matcher(), nil
}

// Match appends the occurrences of all terms in f to dst, by first word. lang
// is the language of the text: terms without a language of their own take its
// endings, those of all languages where it is empty or Unknown.
func (m *Matcher) Match(f *Field, lang string, dst []Match) []Match {
	sc := m.scratch.Get().(*scratch)
	sc.of(m, f)
	langs := langsOf(lang)
	for i := range f.Words {
		for k := sc.start[i]; k < sc.start[i+1]; k++ {
			if node := m.root[sc.ids[k]]; node != 0 {
				sc.path[0] = k
				dst = m.follow(f, sc, langs, i, i, node, dst)
			}
		}
	}
	if cap(sc.ids) < 1<<16 {
		m.scratch.Put(sc)
	}
	return dst
}

// follow reports the terms that end at node with word last, and goes on to the
// words behind it. sc.path holds the candidates that led to node.
func (m *Matcher) follow(f *Field, sc *scratch, langs langSet, first, last int, node uint32, dst []Match) []Match {
	if t := m.first[node]; t != 0 && m.verify(f, sc, first, last, langs) {
		for ; t != 0; t = m.next[t-1] {
			dst = append(dst, Match{Term: int32(t - 1), First: int32(first), Last: int32(last)})
		}
	}
	n := last + 1
	if n == len(f.Words) || f.Words[n].Flags&Apart != 0 || f.Words[n].Sentence != f.Words[last].Sentence {
		return dst
	}
	for k := sc.start[n]; k < sc.start[n+1]; k++ {
		id := sc.ids[k]
		if !m.inner[id] || !m.known.may(edge(node, id)) {
			continue
		}
		if to := m.edges.get(edge(node, id)); to != 0 {
			sc.path[n-first] = k
			dst = m.follow(f, sc, langs, first, n, to, dst)
		}
	}
	return dst
}

func edge(node, lexeme uint32) uint64 {
	return uint64(node)<<32 | uint64(lexeme)
}

// verify compares the words from first to last with the lexemes they are taken
// for, letter by letter, each at most once.
func (m *Matcher) verify(f *Field, sc *scratch, first, last int, langs langSet) bool {
	for i := first; i <= last; i++ {
		k := sc.path[i-first]
		if sc.state[k] == unknown {
			sc.state[k] = wrong
			if m.isForm(f, i, sc.ids[k], langs) {
				sc.state[k] = right
			}
		}
		if sc.state[k] == wrong {
			return false
		}
	}
	return true
}

// What is known of a candidate.
const (
	unknown uint8 = iota
	right
	wrong
)

func (m *Matcher) isForm(f *Field, i int, id uint32, langs langSet) bool {
	var buf [MaxWord + 1]rune
	word := f.foldedRunes(buf[:0], i, false)
	lex := &m.lexemes[id]
	for s := lex.stems; s < m.lexemes[id+1].stems; s++ {
		st := &m.stems[s]
		if lex.free && m.endings.langs[st.class]&langs == 0 {
			continue
		}
		if m.hasStem(word, st) && m.endings.has(st.class, word, int(st.letters)) {
			return lex.raw == "" || sameCase(f.foldedRunes(word[:0], i, true), lex.raw, int(st.letters))
		}
	}
	return false
}

func (m *Matcher) hasStem(word []rune, st *stem) bool {
	if len(word) < int(st.letters) {
		return false
	}
	b := m.blob[st.off : st.off+uint32(st.size)]
	for _, r := range word[:st.letters] {
		w, size := utf8.DecodeRune(b)
		if w != r {
			return false
		}
		b = b[size:]
	}
	return true
}

// sameCase compares the case of a word with that of a term's: the stem like
// the term, letter by letter, the ending in small letters.
func sameCase(word []rune, raw string, stem int) bool {
	if first, _ := utf8.DecodeRuneInString(raw); raw != "" && first < 0x400 != (word[0] < 0x400) {
		return alikeCase(word, raw)
	}
	for i, r := range word {
		want := false
		if raw != "" && i < stem {
			t, size := utf8.DecodeRuneInString(raw)
			want = unicode.IsUpper(t)
			raw = raw[size:]
		}
		if unicode.IsUpper(r) != want {
			return false
		}
	}
	return true
}

// alikeCase compares the case of a word with that of a term in another script,
// whose letters aren't one to one: the first, and whether there are more
// capitals.
func alikeCase(word []rune, raw string) bool {
	capitals := 0
	for _, r := range word {
		if unicode.IsUpper(r) {
			capitals++
		}
	}
	first, want := rune(0), 0
	for i, r := range raw {
		if i == 0 {
			first = r
		}
		if unicode.IsUpper(r) {
			want++
		}
	}
	return unicode.IsUpper(word[0]) == unicode.IsUpper(first) && capitals > 1 == (want > 1)
}

// scratch is what one Match needs: the candidates of each word.
type scratch struct {
	ids   []uint32 // lexemes, of all words
	state []uint8  // of each of ids
	start []uint32 // of word i: ids[start[i]:start[i+1]]
	path  [MaxTerm]uint32
	runes []rune
}

func (sc *scratch) of(m *Matcher, f *Field) {
	sc.ids, sc.start = sc.ids[:0], append(sc.start[:0], 0)
	for i := range f.Words {
		w := &f.Words[i]
		if w.Letters <= MaxWord {
			c := &m.cache[w.Hash>>m.shift]
			var ok bool
			if sc.ids, ok = c.load(w.Hash, sc.ids); !ok {
				n := len(sc.ids)
				sc.runes = f.foldedRunes(sc.runes[:0], i, false)
				sc.ids = m.analyse(sc.runes, sc.ids)
				c.store(w.Hash, sc.ids[n:])
			}
		}
		sc.start = append(sc.start, uint32(len(sc.ids)))
	}
	sc.state = slices.Grow(sc.state[:0], len(sc.ids))[:len(sc.ids)]
	clear(sc.state)
}

// analyse appends the lexemes that a word may be a form of.
func (m *Matcher) analyse(word []rune, ids []uint32) []uint32 {
	n := len(ids)
	h := hashSeed
	for l := 1; l <= len(word) && l <= m.longest; l++ {
		h = mix(h, uint64(word[l-1]))
		if !m.lengths[l] || !m.begun.may(h) {
			continue
		}
		for s := m.table.get(h); s != 0; s = m.stems[s-1].next {
			st := &m.stems[s-1]
			if m.hasStem(word, st) && m.endings.has(st.class, word, l) {
				ids = addOnce(ids, n, st.lexeme)
			}
		}
	}
	return ids
}

func addOnce(ids []uint32, from int, id uint32) []uint32 {
	for _, have := range ids[from:] {
		if have == id {
			return ids
		}
	}
	return append(ids, id)
}

// cached is what the lexemes of a word were found to be. It is written and
// read without a lock: check is the word's hash mixed with the ids, so that an
// entry of which two goroutines wrote one half each is taken for a miss.
type cached struct {
	check atomic.Uint64
	ids   [3]atomic.Uint64 // two lexemes+1 each
}

func (c *cached) load(hash uint64, ids []uint32) ([]uint32, bool) {
	check := c.check.Load()
	a := c.ids[0].Load()
	if a == 0 {
		return ids, check == hash
	}
	b, d := c.ids[1].Load(), c.ids[2].Load()
	if check != hash^spread(a, b, d) {
		return ids, false
	}
	for _, two := range [3]uint64{a, b, d} {
		if two == 0 {
			break
		}
		ids = append(ids, uint32(two)-1)
		if two>>32 != 0 {
			ids = append(ids, uint32(two>>32)-1)
		}
	}
	return ids, true
}

func (c *cached) store(hash uint64, ids []uint32) {
	if len(ids) > 6 {
		return
	}
	var v [3]uint64
	for i, id := range ids {
		v[i/2] |= uint64(id+1) << (32 * (i % 2))
	}
	for i := range v {
		c.ids[i].Store(v[i])
	}
	if v[0] != 0 {
		hash ^= spread(v[0], v[1], v[2])
	}
	c.check.Store(hash)
}

func spread(a, b, c uint64) uint64 {
	return mix(mix(mix(hashSeed, a), b), c)
}

// cacheBits is the size of the cache, as a power of two: how many different
// words texts have doesn't depend on the terms, but looking a word up among few
// terms is cheap anyway.
func cacheBits(stems int) uint {
	switch {
	case stems < 500:
		return 13
	case stems < 20_000:
		return 17
	}
	return 19
}

// hashTable maps 64-bit keys to numbers other than 0, by open addressing.
type hashTable struct {
	slots []slot
	used  int
}

type slot struct {
	key   uint64
	value uint32 // 0: free
}

func (t *hashTable) get(key uint64) uint32 {
	if t.used == 0 {
		return 0
	}
	mask := uint64(len(t.slots) - 1)
	for i := spot(key) & mask; ; i = (i + 1) & mask {
		s := &t.slots[i]
		if s.key == key || s.value == 0 {
			return s.value
		}
	}
}

func (t *hashTable) put(key uint64, value uint32) {
	if 3*t.used >= 2*len(t.slots) {
		t.grow()
	}
	mask := uint64(len(t.slots) - 1)
	i := spot(key) & mask
	for t.slots[i].value != 0 && t.slots[i].key != key {
		i = (i + 1) & mask
	}
	if t.slots[i].value == 0 {
		t.used++
	}
	t.slots[i] = slot{key, value}
}

func (t *hashTable) grow() {
	old := t.slots
	*t = hashTable{slots: make([]slot, max(16, 2*len(old)))}
	for _, s := range old {
		if s.value != 0 {
			t.put(s.key, s.value)
		}
	}
}

func spot(key uint64) uint64 { return key * 0x9E3779B97F4A7C15 >> 20 }

// bloom says of most keys that aren't in a table that they aren't, in an
// eighth of the table's memory.
type bloom []uint64

func newBloom(t *hashTable) bloom {
	b := make(bloom, max(1, len(t.slots)/4))
	for _, s := range t.slots {
		if s.value != 0 {
			word, bits := b.place(s.key)
			b[word] |= bits
		}
	}
	return b
}

func (b bloom) may(key uint64) bool {
	word, bits := b.place(key)
	return b[word]&bits == bits
}

// place gives the word of a key and its two bits in it. The number of words is
// a power of two.
func (b bloom) place(key uint64) (int, uint64) {
	h := key * 0xD6E8FEB86659FD93
	h ^= h >> 32
	return int(h>>12) & (len(b) - 1), 1<<(h&63) | 1<<(h>>6&63)
}

// builder collects the terms of a Matcher.
type builder struct {
	m       *Matcher
	scanner scanner
	field   Field
	known   map[string]uint32 // a lexeme's description → its id
	key     []byte
}

func newBuilder(n int) *builder {
	m := &Matcher{endings: allEndings(), next: make([]uint32, n), first: []uint32{0}}
	return &builder{m: m, known: make(map[string]uint32, n)}
}

func (b *builder) add(t *Term, id int) error {
	b.scanner.scan(t.Text, &b.field)
	f := &b.field
	switch {
	case len(f.Words) == 0:
		return errors.New("has no word")
	case len(f.Words) > MaxTerm:
		return fmt.Errorf("has %d words, at most %d are looked for", len(f.Words), MaxTerm)
	}
	var node uint32
	for i := range f.Words {
		if f.Words[i].Letters > MaxWord {
			return fmt.Errorf("has a word of more than %d letters", MaxWord)
		}
		lex := b.lexeme(t, i)
		if i == 0 {
			node = b.rootOf(lex)
			continue
		}
		b.m.inner[lex] = true
		to := b.m.edges.get(edge(node, lex))
		if to == 0 {
			to = b.node()
			b.m.edges.put(edge(node, lex), to)
		}
		node = to
	}
	b.m.next[id], b.m.first[node] = b.m.first[node], uint32(id+1)
	return nil
}

func (b *builder) rootOf(lex uint32) uint32 {
	if b.m.root[lex] == 0 {
		b.m.root[lex] = b.node()
	}
	return b.m.root[lex]
}

func (b *builder) node() uint32 {
	b.m.first = append(b.m.first, 0)
	return uint32(len(b.m.first) - 1)
}

// lexeme is the id of word i of a term, made if no term before had it.
func (b *builder) lexeme(t *Term, i int) uint32 {
	f := &b.field
	w := &f.Words[i]
	mode := t.Mode
	switch {
	case int(w.End) < len(f.Text) && f.Text[w.End] == '*':
		mode = Prefix
	case mode == Prefix && (i < len(f.Words)-1 || strings.Contains(f.Text, "*")):
		mode = Inflected
	}
	raw := f.Text[w.Start:w.Stem]
	folded := string(foldWord(nil, raw, false))
	cased := string(foldWord(nil, raw, true))
	b.key = append(append(b.key[:0], cased...), 0, byte(mode))
	b.key = append(b.key, t.Lang...)
	if langsOf(t.Lang) == langUzbek { // the apostrophes tell how it is spelled in Cyrillic
		b.key = append(append(b.key, 0), raw...)
	}
	if t.CaseSensitive {
		b.key = append(b.key, 1)
	}
	if id, ok := b.known[string(b.key)]; ok {
		return id
	}
	id := uint32(len(b.m.lexemes))
	b.known[string(b.key)] = id
	lex := lexeme{stems: uint32(len(b.m.stems)), free: mode == Inflected && t.Lang == ""}
	if t.CaseSensitive {
		lex.raw = cased
	}
	b.m.lexemes = append(b.m.lexemes, lex)
	b.m.root = append(b.m.root, 0)
	b.m.inner = append(b.m.inner, false)
	switch mode {
	case Prefix:
		b.stem(id, folded, classPrefix)
		respell(raw, w.Flags, t.Lang, func(s string) { b.stem(id, s, classPrefix) })
	default:
		b.stem(id, folded, classExact)
		respell(raw, w.Flags, t.Lang, func(s string) { b.stem(id, s, classExact) })
	}
	if mode == Inflected {
		inflect(folded, raw, w.Flags, t.Lang, func(s string, c class) { b.stem(id, s, c) })
	}
	return id
}

func (b *builder) stem(lex uint32, s string, c class) {
	m := b.m
	letters := utf8.RuneCountInString(s)
	if letters == 0 || letters > MaxWord {
		return
	}
	h := hashSeed
	for _, r := range s {
		h = mix(h, uint64(r))
	}
	m.stems = append(m.stems, stem{
		off: uint32(len(m.blob)), lexeme: lex, next: m.table.get(h), class: c,
		size: uint8(len(s)), letters: uint8(letters),
	})
	m.blob = append(m.blob, s...)
	m.table.put(h, uint32(len(m.stems)))
	m.longest = max(m.longest, letters)
	m.lengths[letters] = true
}

func (b *builder) matcher() *Matcher {
	m := b.m
	m.lexemes = append(m.lexemes, lexeme{stems: uint32(len(m.stems))})
	m.known, m.begun = newBloom(&m.edges), newBloom(&m.table)
	size := cacheBits(len(m.stems))
	m.cache, m.shift = make([]cached, 1<<size), 64-size
	m.scratch.New = func() any { return new(scratch) }
	return m
}
