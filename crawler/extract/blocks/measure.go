package blocks

import (
	"bytes"
	"math"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// stats is what is counted in a block's text.
type stats struct {
	runes, words    int32
	function        int32 // words that stand in sentences
	digits, capital int32 // words that begin with a digit, with a capital
	commas, ends    int32
	bars            int32 // "|" and "/"
	cyrillic        int32 // letters
	ended           bool  // it ends as a sentence does
	lowered         bool  // it begins with a small letter
	repeated        bool  // the same text stood before on the page
	told            bool  // it is in the article's body as JSON-LD has it
	notices         notices
	titled          float32 // how much of it is the page's title, and the reverse
	odds            float32 // of its words: that a block with them is the article's
	least           float32 // of its words
	hash            uint64
	stems, stemsEnd int32 // the stems of its first words, in the page's scratch
}

// sums are what the blocks in an element add up to.
type sums struct {
	firstBlock, lastBlock int32
	blocks                int32
	runes, linked, prose  int32 // runes; prose: in long blocks that are no links
	score                 float32
	siblings              int32 // elements like it in its parent
	nameOdds              float32
	nameLeast, nameMost   float32 // of those that it is in, too
}

// scratch is memory that is used again for the next page.
type scratch struct {
	marked   []int32
	title    map[uint32]bool
	hints    uint64   // a bit for each of the title's words: where a word's isn't set, it is none of them
	stems    []uint32 // of the words of short blocks, and of the first of long ones
	seen     map[uint64]bool
	cyrillic float32          // the part of the title's letters that is Cyrillic
	paths    map[uint32]int32 // a path's place in groups
	groups   []group
	twins    map[uint64]int32
	taken    map[int32]taken
	told     map[uint32]bool // hashes of runs of words in the body that JSON-LD tells
	features []float32
	scores   []float32
}

// group is the blocks whose elements have the same tags and classes.
type group struct{ blocks, runes, linked, prose int32 }

// proseRunes is how long a block is at the least that is counted as prose.
const proseRunes = 80

// shortRunes is up to where a block's words are looked at: what a longer one is
// shows in its length.
const shortRunes = 220

// longStems is how many words of a longer one are looked at all the same.
const longStems = 12

// measure counts what is in the blocks, and adds it up for the elements.
func (p *Page) measure() {
	p.s.marked, p.s.stems = p.s.marked[:0], p.s.stems[:0]
	clear(p.s.told)
	p.titleWords()
	if p.s.seen == nil {
		p.s.seen = map[uint64]bool{}
	}
	clear(p.s.seen)
	for i := range p.elements {
		p.elements[i].sums = sums{firstBlock: -1, lastBlock: -1}
	}
	for i := range p.Blocks {
		b := &p.Blocks[i]
		p.count(b)
		p.sum(int32(i), b)
	}
	p.group()
}

// titleWords takes down the words of the title that the page declares.
func (p *Page) titleWords() {
	if p.s.title == nil {
		p.s.title = map[uint32]bool{}
	}
	clear(p.s.title)
	p.s.hints = 0
	title := []byte(p.declaredTitle())
	t := Block{}
	p.marks(&t, title)
	p.s.cyrillic = share(t.cyrillic, t.runes)
	for at := 0; at >= 0 && len(p.s.title) < 60; {
		var w word
		if w, at = nextWord(title, at); at >= 0 {
			p.s.title[w.whole] = true
			p.s.hints |= hint(w.whole)
		}
	}
}

// hint is a word's bit.
func hint(whole uint32) uint64 { return 1 << (whole & 63) }

func (p *Page) declaredTitle() string {
	for _, m := range p.Meta {
		if m.Name == "og:title" || m.Name == "twitter:title" {
			return m.Content
		}
	}
	return p.Title
}

// count counts what is in a block's text.
func (p *Page) count(b *Block) {
	text := p.Text(b)
	b.stats = stats{hash: 14695981039346656037, stems: int32(len(p.s.stems))}
	p.marks(b, text)
	most := int32(longStems)
	if b.runes < shortRunes {
		most = math.MaxInt32
	}
	var matched int32
	for at := 0; ; {
		var w word
		if w, at = nextWord(text, at); at < 0 {
			break
		}
		b.words++
		b.hash = (b.hash ^ uint64(w.whole)) * 1099511628211
		switch {
		case w.first >= '0' && w.first <= '9':
			b.digits++
		case isUpper(w.first):
			b.capital++
		}
		if w.runes <= 8 && functionWords.of(w.whole) {
			b.function++
		}
		if b.words <= most {
			p.s.stems = append(p.s.stems, w.stem)
		}
		if b.words <= 40 {
			b.notices |= noticeWords.of(w.stem)
			if p.s.hints&hint(w.whole) != 0 && p.s.title[w.whole] {
				matched++
			}
		}
	}
	b.stemsEnd = int32(len(p.s.stems))
	if n := int32(len(p.s.title)); n > 0 && b.words > 0 && b.words <= 40 {
		precision, recall := float32(matched)/float32(b.words), float32(matched)/float32(n)
		if matched > 0 {
			b.titled = min(2*precision*recall/(precision+recall), 1)
		}
		if precision > 0.95 && b.words >= 4 {
			b.titled = max(b.titled, 0.75)
		}
	}
	if b.words > 1 {
		b.repeated = p.s.seen[b.hash]
		p.s.seen[b.hash] = true
	}
}

// marks counts a block's letters and punctuation.
func (p *Page) marks(b *Block, text []byte) {
	highest := byte(0)
	for i, c := range text {
		if c&0xc0 != 0x80 {
			b.runes++
			if c >= 0xd0 && c <= 0xd3 {
				b.cyrillic++
			}
			highest = max(highest, c)
		}
		switch c {
		case ',', ';':
			b.commas++
		case '.', '!', '?':
			if i+1 == len(text) || text[i+1] == ' ' || text[i+1] >= 0x80 || text[i+1] == '"' {
				b.ends++
			}
		case '|', '/':
			b.bars++
		}
	}
	if highest >= 0xe3 {
		if ideographic := int32(bytes.Count(text, []byte("。"))); ideographic > 0 {
			b.ends += ideographic
			b.commas += int32(bytes.Count(text, []byte("，")) + bytes.Count(text, []byte("、")))
		}
	}
	if highest >= 0xc2 && bytes.Contains(text, []byte("©")) {
		b.notices |= noticeRights
	}
	last := bytes.TrimRight(text, "\"'»”“’)] ")
	b.ended = bytes.HasSuffix(last, []byte(".")) || bytes.HasSuffix(last, []byte("!")) || bytes.HasSuffix(last, []byte("?")) ||
		bytes.HasSuffix(last, []byte("…")) || bytes.HasSuffix(last, []byte("。"))
	r, _ := utf8.DecodeRune(text)
	b.lowered = unicode.IsLower(r)
}

// sum adds a block to the elements that it is in. Scores are given as
// readability does: a long block speaks for its parent, less for those above.
func (p *Page) sum(i int32, b *Block) {
	linked := int32(0)
	if b.end > b.start {
		linked = int32(int64(b.runes) * int64(b.linked) / int64(b.end-b.start))
	}
	var prose int32
	var score float32
	if b.runes > proseRunes && 3*linked < b.runes {
		prose = b.runes - linked
		score = 1 + float32(b.commas) + float32(min(b.runes/100, 4))
		if p.elements[b.element].tag == atom.P {
			score *= 1.2
		}
	}
	share := float32(1)
	for at, up := b.element, 0; at >= 0; at, up = p.elements[at].parent, up+1 {
		p.steps++
		e := &p.elements[at]
		e.runes += b.runes
		e.linked += linked
		e.prose += prose
		e.blocks++
		if e.firstBlock < 0 {
			e.firstBlock = i
		}
		e.lastBlock = i
		if up > 1 {
			share /= 2
		}
		if up < 5 {
			e.score += score * share
		}
	}
}

// group adds up the blocks of the same path, and counts the elements that have
// twins in their parent.
func (p *Page) group() {
	if p.s.paths == nil {
		p.s.paths, p.s.twins = map[uint32]int32{}, map[uint64]int32{}
	}
	clear(p.s.paths)
	clear(p.s.twins)
	p.s.groups = p.s.groups[:0]
	for i := range p.Blocks {
		b := &p.Blocks[i]
		path := p.elements[b.element].path
		at, ok := p.s.paths[path]
		if !ok {
			at = int32(len(p.s.groups))
			p.s.paths[path] = at
			p.s.groups = append(p.s.groups, group{})
		}
		g := &p.s.groups[at]
		g.blocks++
		g.runes += b.runes
		g.linked += b.linkedRunes()
		if b.isProse() {
			g.prose += b.runes
		}
	}
	for i := range p.elements {
		e := &p.elements[i]
		if e.blocks > 0 && e.parent >= 0 {
			p.s.twins[uint64(e.parent)<<32|uint64(e.path)]++
		}
	}
	for i := range p.elements {
		e := &p.elements[i]
		if e.blocks > 0 && e.parent >= 0 && e.tag != atom.P {
			e.siblings = p.s.twins[uint64(e.parent)<<32|uint64(e.path)]
		}
	}
}

func (b *Block) linkedRunes() int32 {
	return int32(int64(b.runes) * int64(b.linked) / int64(max(b.end-b.start, 1)))
}

func (b *Block) isProse() bool { return b.runes > proseRunes && 3*b.linked < b.end-b.start }

// toldWords is how many words in a row are found again.
const toldWords = 4

// Tell gives the page the article's body as it is told elsewhere, in JSON-LD:
// blocks that begin like a part of it are marked for the model.
func (p *Page) Tell(body string) {
	if p.s.told == nil {
		p.s.told = map[uint32]bool{}
	}
	clear(p.s.told)
	if len(body) < shortRunes {
		return
	}
	runs(capped([]byte(body), maxTold), func(hash uint32) bool { p.s.told[hash] = true; return true })
	for i := range p.Blocks {
		b := &p.Blocks[i]
		runs(p.Text(b), func(hash uint32) bool { b.told = p.s.told[hash]; return false })
	}
}

func capped(b []byte, limit int) []byte { return b[:min(len(b), limit)] }

// runs calls f with a hash of each run of toldWords words, until it reports
// false.
func runs(text []byte, f func(hash uint32) bool) {
	var last [toldWords]uint32
	for at, n := 0, 0; ; n++ {
		var w word
		if w, at = nextWord(text, at); at < 0 {
			return
		}
		copy(last[:], last[1:])
		last[toldWords-1] = w.whole
		if n+1 < toldWords {
			continue
		}
		hash := hashSeed
		for _, h := range last {
			hash = (hash ^ h) * hashPrime
		}
		if !f(hash) {
			return
		}
	}
}
