package text

import (
	"errors"
	"fmt"
	"runtime"
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

	entries   []entry           // those with the same letters behind one another
	blob      []byte            // the entries' letters
	paradigms []continuation    // one paradigm behind the other
	raw       map[uint32]string // lexeme → as written, where case counts
	table     hashTable         // hash of letters → the first of their entries+1
	begun     bloom             // of table
	longest   int               // letters of the longest entry
	lengths   [MaxWord + 1]bool

	uses   []uses       // lexeme → where in terms it stands
	follow []neighbours // lexeme → lexemes that come second in a term that begins with it
	second []uint32     // lexeme → their branches
	alone  []uint32     // lexeme → term+1 that is this word, with termOfMany
	tree   branches
	next   []uint32 // term → next term+1 that ends at the same node, with termOfMany

	memory  atomic.Pointer[memory]
	scratch sync.Pool
}

// maxLexemes is how many different words terms may have: a candidate has 24
// bits for it, and 8 for languages.
const maxLexemes = 1<<24 - 2

// uses say where in terms a lexeme stands.
type uses uint8

const (
	alone  uses = 1 << iota // it is a term by itself
	inside                  // a term has it behind its first word
	cased                   // its case counts
)

// entry is what all forms of a lexeme begin with, and the paradigm by which
// they go on. A word whose forms have less in common (человек, люди) has several.
type entry struct {
	off       uint32 // of its letters in blob
	lexeme    uint32
	paradigm  uint32 // its first continuation
	continues uint8  // how many
	size      uint8  // bytes of its letters
	letters   uint8
	flags     entryFlags
}

type entryFlags uint8

const (
	freeEntry entryFlags = 1 << iota // takes the endings of the text's language
	lastEntry                        // the next one has other letters
)

// continuation is how a word may go on behind the letters of an entry: the rest
// of a stem, and the class of the endings behind it. Words that end alike share
// their paradigm, the list of their continuations.
type continuation struct {
	rest    [maxRest]uint16
	letters uint8
	langs   uint8 // whose endings they are
	class   class
}

// maxRest is how many letters a stem may have behind those of its entry. With
// more, entries would be few and short, and too many words begin with them.
const maxRest = 4

// NewMatcher makes a Matcher for terms. A term without words, of more than
// MaxTerm words, or with a word of more than MaxWord letters is an error; all
// such errors are returned together.
func NewMatcher(terms []Term) (*Matcher, error) {
	b := NewBuilder()
	var errs []error
	for i := range terms {
		if _, err := b.Add(&terms[i]); err != nil {
			errs = append(errs, fmt.Errorf("term %d, %q: %w", i, terms[i].Text, err))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return b.Matcher(), nil
}

// Match appends the occurrences of all terms in f to dst, by first word. lang
// is the language of the text: terms without a language of their own take its
// endings, those of all languages where it is empty or Unknown. A paragraph that
// was read as another of the seven languages has that one's.
func (m *Matcher) Match(f *Field, lang string, dst []Match) []Match {
	sc := m.scratch.Get().(*scratch)
	if !f.mixed {
		dst = m.match(f, langsOf(lang), sc, dst)
	} else {
		dst = m.matchMixed(f, lang, sc, dst)
	}
	if cap(sc.words) < 1<<16 {
		m.scratch.Put(sc)
	}
	return dst
}

// matchMixed matches each run of paragraphs in one language by itself.
func (m *Matcher) matchMixed(f *Field, lang string, sc *scratch, dst []Match) []Match {
	for first := 0; first < len(f.Words); {
		end, in := f.run(first, lang)
		part := Field{Text: f.Text, Words: f.Words[first:end]}
		n := len(dst)
		dst = m.match(&part, langsOf(in), sc, dst)
		for i := range dst[n:] {
			dst[n+i].First += int32(first)
			dst[n+i].Last += int32(first)
		}
		first = end
	}
	return dst
}

func (m *Matcher) match(f *Field, langs langSet, sc *scratch, dst []Match) []Match {
	in := candidate(langs) | everyLang
	sc.look(m, f)
	sc.pair(m, f, in)
	at := 0
	for i := range sc.words {
		if sc.words[i].alone {
			dst = m.reportAlone(f, sc, langs, i, dst)
		}
		for ; at < len(sc.pairs) && sc.pairs[at].word == int32(i); at++ {
			p := &sc.pairs[at]
			sc.path[0], sc.path[1] = p.first, p.second
			dst = m.report(f, sc, langs, i, i+1, p.to.term, dst)
			if p.to.on != 0 {
				dst = m.follows(f, sc, langs, i, i+1, p.to.on, dst)
			}
		}
	}
	return dst
}

// wordPair are lexemes of two neighbours with which a term may begin.
type wordPair struct {
	first, second uint32
	from          uint32 // the first's branches
	word          int32  // the first
	to            *branch
}

// pair collects the pairs of neighbours with which terms begin, in steps: what
// the next step will look at is fetched from memory meanwhile, as in touch.
func (sc *scratch) pair(m *Matcher, f *Field, in candidate) {
	sc.pairs = sc.pairs[:0]
	sc.neighbours(f)
	sc.possiblePairs(m, in)
	all := uint32(0)
	left := sc.pairs[:0]
	for _, p := range sc.pairs {
		if p.to = m.tree.get(p.from, p.second); p.to != nil {
			left = append(left, p)
			all |= m.tree[p.to.on].lexeme
		}
	}
	sc.pairs = left
	sc.touched |= uint64(all)
}

// neighbours collects the words that with the next may begin a term.
func (sc *scratch) neighbours(f *Field) {
	sc.firsts = sc.firsts[:0]
	var all byte
	for i := 0; i+1 < len(sc.words); i++ {
		if sc.words[i].follow&sc.words[i+1].inside != 0 && goesOn(f, i) {
			sc.firsts = append(sc.firsts, int32(i))
			all |= sc.record(sc.words[i].place)[0] | sc.record(sc.words[i+1].place)[0]
		}
	}
	sc.touched |= uint64(all)
}

// possiblePairs collects their lexemes in pairs.
func (sc *scratch) possiblePairs(m *Matcher, in candidate) {
	all := uint32(0)
	for _, i := range sc.firsts {
		inside := sc.words[i+1].inside
		first, second := sc.record(sc.words[i].place), sc.record(sc.words[i+1].place)
		for k := range first.len() {
			a := first.at(k)
			if a.follow()&inside == 0 || a.candidate()&in&0xff == 0 {
				continue
			}
			for l := range second.len() {
				sc.steps++
				b := second.at(l).candidate()
				if a.follow()&neighbour(b.lexeme()) != 0 && b&in&0xff != 0 {
					p := wordPair{first: a.candidate().lexeme(), second: b.lexeme(), from: first.second(k), word: i}
					sc.pairs = append(sc.pairs, p)
					all |= m.tree[p.from].lexeme
				}
			}
		}
	}
	sc.touched |= uint64(all)
}

// goesOn reports whether a term may go on from word i to the next one.
func goesOn(f *Field, i int) bool {
	n := i + 1
	return n < len(f.Words) && f.Words[n].Flags&Apart == 0 && f.Words[n].Sentence == f.Words[i].Sentence
}

// reportAlone appends the terms that are word i by itself.
func (m *Matcher) reportAlone(f *Field, sc *scratch, langs langSet, i int, dst []Match) []Match {
	in := candidate(langs) | everyLang
	r := sc.record(sc.words[i].place)
	for k := range r.len() {
		c := r.at(k).candidate()
		if c&in&0xff != 0 {
			sc.path[0] = c.lexeme()
			dst = m.report(f, sc, langs, i, i, m.alone[c.lexeme()], dst)
		}
	}
	return dst
}

// report appends the terms from t on, which end with word last, if the words
// are what they were taken for.
func (m *Matcher) report(f *Field, sc *scratch, langs langSet, first, last int, t uint32, dst []Match) []Match {
	if t == 0 || !m.verify(f, sc, first, last, langs) {
		return dst
	}
	for {
		dst = append(dst, Match{Term: int32(t&^termOfMany - 1), First: int32(first), Last: int32(last)})
		if t&termOfMany == 0 {
			return dst
		}
		t = m.next[t&^termOfMany-1]
	}
}

// follows goes on from the branches that were reached with word last to the words
// behind it. sc.path holds the lexemes that led there.
func (m *Matcher) follows(f *Field, sc *scratch, langs langSet, first, last int, from uint32, dst []Match) []Match {
	n := last + 1
	if !goesOn(f, last) || sc.words[n].inside == 0 {
		return dst
	}
	in := candidate(langs) | everyLang
	r := sc.record(sc.words[n].place)
	for k := range r.len() {
		sc.steps++
		c := r.at(k).candidate()
		if c&in&0xff == 0 {
			continue
		}
		if to := m.tree.get(from, c.lexeme()); to != nil {
			sc.path[n-first] = c.lexeme()
			dst = m.report(f, sc, langs, first, n, to.term, dst)
			if to.on != 0 {
				dst = m.follows(f, sc, langs, first, n, to.on, dst)
			}
		}
	}
	return dst
}

func edge(node, lexeme uint32) uint64 {
	return uint64(node)<<32 | uint64(lexeme)
}

// verify compares the words from first to last, letter by letter, with those
// that their lexemes were found for, each at most once, and the case of those
// where it counts.
func (m *Matcher) verify(f *Field, sc *scratch, first, last int, langs langSet) bool {
	for i := first; i <= last; i++ {
		w := &sc.words[i]
		if w.state == unknown {
			w.state = wrong
			if at := &f.Words[i]; sameWord(f.Text[at.Start:at.Stem], sc.record(w.place).spelling()) {
				w.state = right
			}
		}
		if w.state == wrong {
			return false
		}
		if m.raw != nil && !m.rightCase(f, i, sc.path[i-first], langs) {
			return false
		}
	}
	return true
}

// rightCase reports whether word i is a form of a lexeme also where case counts.
func (m *Matcher) rightCase(f *Field, i int, lexeme uint32, langs langSet) bool {
	return m.uses[lexeme]&cased == 0 || m.isForm(f, i, lexeme, langs)
}

// What is known of a word.
const (
	unknown uint8 = iota
	right
	wrong
)

// isForm reports whether word i is a form of a lexeme, in its case too.
func (m *Matcher) isForm(f *Field, i int, id uint32, langs langSet) bool {
	var buf [MaxWord + 1]rune
	word := f.foldedRunes(buf[:0], i, false)
	h := hashSeed
	for l := 1; l <= len(word) && l <= m.longest; l++ {
		h = step(h, word[l-1])
		if !m.lengths[l] || !m.begun.may(h) {
			continue
		}
		for n := m.table.get(h); n != 0; n = m.after(n) {
			e := &m.entries[n-1]
			if e.lexeme == id && m.hasLetters(word, e) && m.isFormBy(f, i, word, e, langs) {
				return true
			}
		}
	}
	return false
}

// isFormBy reports whether word i of f, folded as word, goes on behind the
// letters of e as one of its lexeme's forms.
func (m *Matcher) isFormBy(f *Field, i int, word []rune, e *entry, langs langSet) bool {
	if e.flags&freeEntry == 0 {
		langs = allLangs
	}
	raw, withCase := m.raw[e.lexeme]
	list := m.paradigm(e)
	for k := range list {
		c := &list[k]
		at := int(e.letters) + int(c.letters)
		if c.langs&uint8(langs) == 0 || !c.startsWith(word[e.letters:]) || !m.endings.has(c.class, word, at) {
			continue
		}
		var buf [MaxWord + 1]rune
		if !withCase || sameCase(f.foldedRunes(buf[:0], i, true), raw, at) {
			return true
		}
	}
	return false
}

// after is the number of the entry behind entry n of the same letters, 0 where
// it is the last of them.
func (m *Matcher) after(n uint32) uint32 {
	if m.entries[n-1].flags&lastEntry != 0 {
		return 0
	}
	return n + 1
}

// paradigm gives the continuations of e.
func (m *Matcher) paradigm(e *entry) []continuation {
	return m.paradigms[e.paradigm : e.paradigm+uint32(e.continues)]
}

// hasLetters reports whether a folded word begins with the letters of e.
func (m *Matcher) hasLetters(word []rune, e *entry) bool {
	if len(word) < int(e.letters) {
		return false
	}
	b := m.blob[e.off : e.off+uint32(e.size)]
	for _, r := range word[:e.letters] {
		w, size := utf8.DecodeRune(b)
		if w != r {
			return false
		}
		b = b[size:]
	}
	return true
}

// startsWith reports whether what stands behind an entry's letters begins with
// the rest of the stem.
func (c *continuation) startsWith(word []rune) bool {
	if len(word) < int(c.letters) {
		return false
	}
	for i := range c.letters {
		if word[i] != rune(c.rest[i]) {
			return false
		}
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

// scratch is what one Match needs.
type scratch struct {
	memory  *memory
	words   []looked
	firsts  []int32 // words that with the next may begin a term
	pairs   []wordPair
	path    [MaxTerm]uint32 // lexemes
	found   []candidate
	runes   []rune
	made    []byte // the record that is made
	own     []byte // records that memory has no room for
	has     verdicts
	touched uint64
	steps   int // entries and edges looked at, for tests of how work grows
}

// looked is what a word of the text was found to be.
type looked struct {
	links
	place uint32 // of its record; in own where isOwn is set
	alone bool   // it may be a term by itself
	state uint8
}

const isOwn = 1 << 31

// record gives the record at a place.
func (sc *scratch) record(place uint32) record {
	if place&isOwn != 0 {
		return record(sc.own[place&^isOwn:])
	}
	return sc.memory.record(place)
}

// candidate is a lexeme that a word may be a form of, with the languages by
// whose endings it is; zero is none.
type candidate uint32

// everyLang is set beside all languages for a lexeme whose endings don't
// depend on the text's.
const everyLang = 1 << 7

const _ = uint8(everyLang - 1 - allLangs) // a candidate has seven bits for languages

func newCandidate(lexeme uint32, langs uint8) candidate {
	return candidate((lexeme+1)<<8 | uint32(langs))
}

func (c candidate) lexeme() uint32 { return uint32(c>>8) - 1 }

// look finds what each word of f may be, in any language.
func (sc *scratch) look(m *Matcher, f *Field) {
	sc.memory, sc.own = m.remembered(), sc.own[:0]
	sc.words = slices.Grow(sc.words[:0], len(f.Words))[:len(f.Words)]
	for i := 0; i < len(f.Words); i += ahead {
		end := min(i+ahead, len(f.Words))
		sc.touched = sc.memory.touch(f.Words[i:end])
		for k := i; k < end; k++ {
			w := &sc.words[k]
			switch ok := sc.memory.find(f.Words[k].Hash, w); {
			case ok:
			case f.Words[k].Letters <= MaxWord:
				sc.take(m, f, k)
			default:
				*w = looked{}
			}
		}
	}
}

// ahead is how many words' places in the memory are fetched at once, before the
// first of them is looked at. One by one, each would be waited for.
const ahead = 32

// remembered is the Matcher's memory. It is made when it is first used: many
// Matchers are made only to see whether a term can be.
func (m *Matcher) remembered() *memory {
	if me := m.memory.Load(); me != nil {
		return me
	}
	m.memory.CompareAndSwap(nil, newMemory(len(m.entries)))
	return m.memory.Load()
}

// take finds out what word i of f may be, and keeps it.
func (sc *scratch) take(m *Matcher, f *Field, i int) {
	at := &f.Words[i]
	sc.runes = f.foldedRunes(sc.runes[:0], i, false)
	sc.found = m.analyse(sc.runes, sc)
	w := &sc.words[i]
	*w = looked{}
	var record []byte
	if len(sc.found) > 0 {
		sc.made = m.appendRecord(sc.made[:0], sc.found, f.Text[at.Start:at.Stem], w)
		record = sc.made
	}
	kept, worn := sc.memory.keep(at.Hash, record, w)
	if !kept && record != nil {
		w.place = isOwn | uint32(len(sc.own))
		sc.own = append(sc.own, record...)
	}
	if worn && m.memory.Load() == sc.memory {
		m.memory.CompareAndSwap(sc.memory, newMemory(len(m.entries)))
	}
}

// appendRecord appends the record of a word with its candidates, and sets in w
// what it may be part of.
func (m *Matcher) appendRecord(dst []byte, found []candidate, spelling string, w *looked) []byte {
	dst = appendHeader(dst, len(found), len(spelling))
	for _, c := range found {
		id := c.lexeme()
		dst = appendPossible(dst, c, m.follow[id], m.second[id])
		w.follow |= m.follow[id]
		if m.uses[id]&inside != 0 {
			w.inside |= neighbour(id)
		}
		w.alone = w.alone || m.uses[id]&alone != 0
	}
	return append(dst, spelling...)
}

// analyse gives the lexemes that a word is a form of, in any language, but for
// its case. It finds them by the hashes of the word's first letters, and
// compares the letters.
func (m *Matcher) analyse(word []rune, sc *scratch) []candidate {
	out := sc.found[:0]
	sc.has.reset(len(word))
	h := hashSeed
	for l := 1; l <= len(word) && l <= m.longest; l++ {
		h = step(h, word[l-1])
		if !m.lengths[l] || !m.begun.may(h) {
			continue
		}
		for n := m.table.get(h); n != 0; n = m.after(n) {
			sc.steps++
			e := &m.entries[n-1]
			if !m.hasLetters(word, e) {
				continue
			}
			if langs := m.formIn(word, e, &sc.has); langs != 0 {
				out = addCandidate(out, e.lexeme, langs)
			}
		}
	}
	return out
}

// formIn gives the languages in which a word that begins with the letters of e
// is a form of its lexeme.
func (m *Matcher) formIn(word []rune, e *entry, known *verdicts) (langs uint8) {
	rest := word[e.letters:]
	list := m.paradigm(e)
	for k := range list {
		c := &list[k]
		if langs&c.langs == c.langs || !c.startsWith(rest) || !known.has(m.endings, c.class, word, len(word)-len(rest)+int(c.letters)) {
			continue
		}
		if e.flags&freeEntry == 0 {
			return 0xff
		}
		langs |= c.langs
	}
	return langs
}

func addCandidate(list []candidate, lexeme uint32, langs uint8) []candidate {
	for i, c := range list {
		if c.lexeme() == lexeme {
			list[i] |= candidate(langs)
			return list
		}
	}
	return append(list, newCandidate(lexeme, langs))
}

// verdicts are what is known of the ends of a word: whether what stands from a
// letter on is an ending of a class.
type verdicts struct {
	asked, yes [MaxWord + 2]classSet
}

func (v *verdicts) reset(letters int) { clear(v.asked[:min(letters+1, len(v.asked))]) }

func (v *verdicts) has(e *endings, c class, word []rune, at int) bool {
	bit := uint64(1) << (c % 64)
	if v.asked[at][c/64]&bit == 0 {
		v.asked[at][c/64] |= bit
		v.yes[at][c/64] &^= bit
		if e.has(c, word, at) {
			v.yes[at][c/64] |= bit
		}
	}
	return v.yes[at][c/64]&bit != 0
}

// Builder collects the terms of a Matcher. It holds on to no string that it is
// given. It isn't safe for concurrent use.
type Builder struct {
	m       *Matcher
	scanner scanner
	field   Field
	word    []rune
	key     []byte

	lexemes hashTable // hash of a lexeme's description → its id+1
	about   []byte    // the descriptions
	ends    []uint32  // lexeme → the end of its description
	langs   []string  // the languages of terms
	starts  []uint32  // lexeme → the last term that is this word, +1
	edges   hashTable // edge → the node that it leads to
	deep    []uint32  // node behind maxLexemes → the last term that ends there, +1

	open    *batch   // of the newest lexemes
	batches []*batch // of those before them
	slots   chan struct{}

	shapes paradigms
	shape  []span   // a paradigm's number → where in Matcher.paradigms
	groups []uint32 // entry → its group, those of the same letters
	sizes  []uint32 // group → entries
}

// stem is a part of a word that all forms of a class share.
type stem struct {
	text  string
	class class
}

// span is a stretch of Matcher.paradigms.
type span struct {
	first uint32
	count uint8
}

// NewBuilder makes a Builder without terms.
func NewBuilder() *Builder {
	return &Builder{m: &Matcher{endings: allEndings()}, open: new(batch), slots: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

// Add adds a term and gives its number: the first has 0. Of a term with an
// error nothing is added, but its number is used up.
func (b *Builder) Add(t *Term) (int, error) {
	id := len(b.m.next)
	b.m.next = append(b.m.next, 0)
	b.scanner.scan(t.Text, &b.field)
	f := &b.field
	switch {
	case len(f.Words) == 0:
		return id, errors.New("has no word")
	case len(f.Words) > MaxTerm:
		return id, fmt.Errorf("has %d words, at most %d are looked for", len(f.Words), MaxTerm)
	}
	var words [MaxTerm]uint32
	for i := range f.Words {
		if f.Words[i].Letters > MaxWord {
			return id, fmt.Errorf("has a word of more than %d letters", MaxWord)
		}
	}
	for i := range f.Words {
		var ok bool
		if words[i], ok = b.lexeme(t, i); !ok {
			return id, fmt.Errorf("has a new word; %d are there already, and no more can be told apart", maxLexemes)
		}
	}
	b.path(words[:len(f.Words)], uint32(id))
	return id, nil
}

// path leads from the first of a term's words to its end.
func (b *Builder) path(words []uint32, id uint32) {
	m := b.m
	if len(words) == 1 {
		m.uses[words[0]] |= alone
		m.add(&b.starts[words[0]], id)
		return
	}
	node := words[0]
	for _, lex := range words[1:] {
		m.uses[lex] |= inside
		to := b.edges.at(edge(node, lex))
		if *to == 0 {
			b.deep = append(b.deep, 0)
			*to = maxLexemes + uint32(len(b.deep))
		}
		node = *to
	}
	m.add(&b.deep[node-maxLexemes-1], id)
}

// add puts a term before those that end where it does.
func (m *Matcher) add(first *uint32, id uint32) {
	m.next[id] = *first
	if *first != 0 {
		*first = id + 1 | termOfMany
		return
	}
	*first = id + 1
}

// lexeme is the id of word i of a term, made if no term before had it; false
// where there are too many.
func (b *Builder) lexeme(t *Term, i int) (uint32, bool) {
	w := &b.field.Words[i]
	mode := wordMode(t, &b.field, i)
	b.word = foldWord(b.word[:0], b.field.Text[w.Start:w.Stem], t.CaseSensitive)
	b.key = b.key[:0]
	for _, r := range b.word {
		b.key = utf8.AppendRune(b.key, r)
	}
	letters := len(b.key)
	how := byte(mode)
	if t.CaseSensitive {
		how |= 1 << 7
	}
	b.key = append(b.key, 0, how, byte(b.lang(t.Lang)))
	if mode == Inflected {
		written := w.Flags &^ Apart
		b.key = append(b.key, byte(written), byte(written>>8))
	}
	if langsOf(t.Lang) == langUzbek { // the apostrophes tell how it is spelled in Cyrillic
		b.key = append(append(b.key, 0), b.field.Text[w.Start:w.Stem]...)
	}
	h := w.Hash
	for _, c := range b.key[letters:] {
		h = mix(h, uint64(c))
	}
	for {
		id := b.lexemes.at(h)
		switch {
		case *id == 0:
			if len(b.starts) >= maxLexemes {
				return 0, false
			}
			b.newLexeme(t, mode, w, string(b.key[:letters]))
			*id = uint32(len(b.starts))
			return *id - 1, true
		case string(b.description(*id-1)) == string(b.key):
			return *id - 1, true
		}
		h++ // another word of the same hash
	}
}

// wordMode is the mode of word i of a term.
func wordMode(t *Term, f *Field, i int) Mode {
	end := int(f.Words[i].End)
	switch {
	case end < len(f.Text) && f.Text[end] == '*':
		return Prefix
	case t.Mode == Prefix && (i < len(f.Words)-1 || strings.Contains(f.Text, "*")):
		return Inflected
	}
	return t.Mode
}

func (b *Builder) description(lexeme uint32) []byte {
	start := uint32(0)
	if lexeme > 0 {
		start = b.ends[lexeme-1]
	}
	return b.about[start:b.ends[lexeme]]
}

// lang is the number of a language among those of the terms.
func (b *Builder) lang(name string) int {
	i := slices.Index(b.langs, name)
	if i < 0 {
		i = len(b.langs)
		b.langs = append(b.langs, strings.Clone(name))
	}
	return i
}

// newLexeme makes a lexeme of a word, which b.key describes. Its entries are made
// with those of others.
func (b *Builder) newLexeme(t *Term, mode Mode, w *Word, word string) {
	id := uint32(len(b.starts))
	b.about = append(b.about, b.key...)
	b.ends = append(b.ends, uint32(len(b.about)))
	b.starts = append(b.starts, 0)
	b.m.uses = append(b.m.uses, 0)
	if t.CaseSensitive {
		if b.m.raw == nil {
			b.m.raw = map[uint32]string{}
		}
		b.m.raw[id] = word
		b.m.uses[id] = cased
		word = strings.Map(foldLetter, word)
	}
	b.open.add(word, b.field.Text[w.Start:w.Stem], newWord{flags: w.Flags, mode: mode, lang: b.langs[b.lang(t.Lang)]})
	if len(b.open.words) == batchSize {
		b.close()
	}
}

// close has the entries of the open batch made, beside what goes on.
func (b *Builder) close() {
	o := b.open
	b.batches = append(b.batches, o)
	b.open = &batch{first: uint32(len(b.starts))}
	o.done = make(chan struct{})
	slots := b.slots // the Builder may be used up before the last goroutine has ended
	slots <- struct{}{}
	go func() {
		o.make()
		<-slots
		close(o.done)
	}()
}

// merge takes over the entries of all batches, in the order of their lexemes: what
// becomes of them doesn't depend on which was made first.
func (b *Builder) merge() {
	b.close()
	entries, letters := 0, 0
	for _, o := range b.batches {
		<-o.done
		entries, letters = entries+len(o.entries), letters+len(o.blob)
	}
	m := b.m
	m.entries, m.blob = make([]entry, 0, entries), make([]byte, 0, letters)
	b.groups = make([]uint32, 0, entries)
	m.table.resize(entries + entries/2 + 16)
	for i, o := range b.batches {
		b.take(o)
		b.batches[i] = nil
	}
}

// take takes over the entries of a batch.
func (b *Builder) take(o *batch) {
	m := b.m
	numbers := make([]uint32, len(o.shapes.spells))
	for i, key := range o.shapes.spells {
		numbers[i] = b.shapes.number(key)
		if int(numbers[i]) == len(b.shape) {
			b.shape = append(b.shape, b.spellOut(key))
		}
	}
	base := uint32(len(m.blob))
	m.blob = append(m.blob, o.blob...)
	for i, e := range o.entries {
		shape := b.shape[numbers[e.paradigm]]
		e.off, e.paradigm, e.continues = base+e.off, shape.first, shape.count
		group := m.table.at(o.hashes[i])
		if *group == 0 {
			b.sizes = append(b.sizes, 0)
			*group = uint32(len(b.sizes))
		}
		b.sizes[*group-1]++
		b.groups = append(b.groups, *group-1)
		m.entries = append(m.entries, e)
		m.longest = max(m.longest, int(e.letters))
		m.lengths[e.letters] = true
	}
}

// spellOut makes a paradigm of its description, each continuation once.
func (b *Builder) spellOut(key []byte) span {
	m := b.m
	first := len(m.paradigms)
	for len(key) > 0 {
		c := continuation{class: class(key[0]) | class(key[1])<<8, letters: key[2]}
		c.langs = uint8(m.endings.langs[c.class])
		key = key[3:]
		for i := range c.letters {
			r, size := utf8.DecodeRune(key)
			c.rest[i], key = uint16(r), key[size:]
		}
		if !slices.Contains(m.paradigms[first:], c) {
			m.paradigms = append(m.paradigms, c)
		}
	}
	return span{uint32(first), uint8(len(m.paradigms) - first)}
}

// Matcher gives the Matcher of all terms added. The Builder is used up.
func (b *Builder) Matcher() *Matcher {
	b.merge()
	m := b.m
	b.gather()
	b.join()
	m.begun = newBloom(m.table.used)
	m.table.each(func(key uint64, _ uint32) { m.begun.add(key) })
	m.blob, m.next, m.uses, m.alone = slices.Clip(m.blob), slices.Clip(m.next), slices.Clip(m.uses), slices.Clip(b.starts)
	m.scratch.New = func() any { return new(scratch) }
	*b = Builder{}
	return m
}

// join makes the Matcher's tree of the edges.
func (b *Builder) join() {
	m := b.m
	m.follow = make([]neighbours, len(b.starts))
	lexemes := uint32(len(b.starts))
	number := func(node uint32) uint32 { // the lexemes come first
		if node > maxLexemes {
			return node - maxLexemes - 1 + lexemes
		}
		return node
	}
	places := make([]uint32, len(b.starts)+len(b.deep))
	b.edges.each(func(key uint64, _ uint32) {
		from := number(uint32(key >> 32))
		places[from]++
		if from < lexemes {
			m.follow[from] |= neighbour(uint32(key))
		}
	})
	m.tree = newBranches(places)
	b.edges.each(func(key uint64, node uint32) {
		to := branch{lexeme: uint32(key) + 1, on: places[number(node)], term: b.deep[node-maxLexemes-1]}
		m.tree.put(places[number(uint32(key>>32))], to)
	})
	m.second = slices.Clone(places[:lexemes])
}

// gather puts the entries of a group behind one another, and lets the table
// lead to the first.
func (b *Builder) gather() {
	m := b.m
	at := make([]uint32, len(b.sizes))
	sum := uint32(0)
	for i, n := range b.sizes {
		at[i] = sum
		sum += n
	}
	m.table = m.table.fitted(func(key uint64, group uint32) (uint64, uint32) { return key, at[group-1] + 1 })
	sorted := make([]entry, len(m.entries))
	ended := make([]bool, len(b.sizes)) // the group's last entry is there
	for i := len(m.entries) - 1; i >= 0; i-- {
		e := m.entries[i]
		group := b.groups[i]
		if !ended[group] {
			ended[group] = true
			e.flags |= lastEntry
		}
		b.sizes[group]--
		sorted[at[group]+b.sizes[group]] = e
	}
	m.entries = sorted
}
