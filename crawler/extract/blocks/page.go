package blocks

import (
	"sync"

	"golang.org/x/net/html/atom"

	"driftwatch/crawler/plain"
)

// Bounds on what is kept of a page.
const (
	MaxBytes  = 4 << 20 // of a page; what lies beyond is cut off
	MaxDepth  = 120     // of open elements; a tag beyond is as good as absent
	MaxBlocks = 6000

	maxElements = 60_000
	maxRuns     = 4000
	maxMarks    = 400
	maxHeadings = 50
	maxScripts  = 60
	maxMeta     = 500
	maxTitle    = 1000      // bytes of a title or a headline
	maxContent  = 8 << 10   // bytes of what a meta element says
	maxTold     = 128 << 10 // bytes of a body that is looked for on the page
)

// Page is a page cut into blocks, and what it declares. It is only good until
// its Release.
type Page struct {
	Blocks []Block

	Meta      []Meta
	Title     string   // of the title element
	Canonical string   // of the canonical link
	Language  string   // of the html element
	Linked    [][]byte // the texts of JSON-LD scripts
	State     [][]byte // the texts of other scripts that hold JSON
	Headings  []Heading
	Marks     []Mark
	Runs      []Run
	Headline  int // the run before which the first h1 stands, -1
	Articles  int // article elements
	Passwords bool
	HTML5     bool // it says that it is HTML5, by its doctype or its elements

	text     plain.Builder
	written  []byte // the text, once the page is read
	elements []element
	tokens   []uint32 // hashes of the words of classes and ids
	open     []int32  // the elements that are open while reading
	s        scratch
	title    int // the block that is the headline, -1; known once there are features
	steps    int // that were taken to read it, for tests
}

// Block is a run of text that no block-level tag and no line break interrupts.
type Block struct {
	start, end int32 // its bytes in the page's text
	element    int32 // the block-level element that it is in
	inner      int32 // the element that it ends in
	linked     int32 // bytes of text in links
	bold       int32
	links      int32 // how many links
	broken     bool  // a line break goes before it, and no block-level tag
	apart      bool  // at least two line breaks do

	stats
}

// Meta is a meta element: its name, property or itemprop in lower case.
type Meta struct{ Name, Content string }

// Heading is an h1.
type Heading struct {
	Text string
	Own  bool // marked as the article's own
}

// Mark is an element that says that it is a date or an author.
type Mark struct {
	Item    string // the itemprop, in lower case
	Value   string // machine-readable, or else the text
	Text    string // the text, where it is short
	Time    bool   // it is a time element
	Pubdate bool
	Byline  bool // its class or rel names an author
	Aside   bool // it is in a part of the page that isn't the article
	Run     int  // the run before which it stands
}

// Run is a run of text that no tag at all interrupts.
type Run struct {
	start, end int32
	element    int32
	Aside      bool // in a part of the page that isn't the article
	Dated      bool // its element is named after a date
}

// element is a node of the page's tree, without the tree.
type element struct {
	parent     int32
	tag        atom.Atom
	start, end int32 // of its text
	depth      uint8
	hidden     bool
	closed     bool // its end tag came, though others within it are open still
	own        names
	within     names // of its own and of those that it is in
	in         places
	first      int32 // its tokens
	last       int32
	path       uint32 // a hash of its tag and class, and of its parents'

	sums
}

// places are the kinds of elements that something stands in.
type places uint32

const (
	inList places = 1 << iota
	inTable
	inForm
	inHeader
	inFooter
	inNav
	inAside
	inArticle
	inMain
	inFigure
	inHeading
	inQuote
	inCaption
	inParagraph
	inBody // marked as the article's body
	inHidden
	inSection

	placeKinds = 17
)

var pool = sync.Pool{New: func() any { return new(Page) }}

// Release gives the page's memory back. Nothing of the page may be used after
// it, but the strings that were got from it.
func (p *Page) Release() {
	if cap(p.elements) <= maxElements/4 { // a monster's memory isn't kept
		pool.Put(p)
	}
}

func (p *Page) reset() {
	clear(p.Linked)
	clear(p.State)
	*p = Page{
		Blocks: p.Blocks[:0], Meta: p.Meta[:0], Linked: p.Linked[:0], State: p.State[:0], Headings: p.Headings[:0],
		Marks: p.Marks[:0], Runs: p.Runs[:0], Headline: -1,
		text: p.text, elements: p.elements[:0], tokens: p.tokens[:0], open: p.open[:0], s: p.s,
	}
	p.text.Reset()
}

// Text is the text of a block. It shares the page's memory.
func (p *Page) Text(b *Block) []byte { return p.written[b.start:b.end] }

// RunText is the text of a run.
func (p *Page) RunText(r *Run) string {
	return string(trimSpace(p.written[r.start:r.end]))
}

// Len is how many bytes of text a run has, before white space is cut off.
func (r *Run) Len() int { return int(r.end - r.start) }

func trimSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\n') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\n') {
		b = b[:len(b)-1]
	}
	return b
}

// Linked is how many bytes of a block's text are links.
func (b *Block) Linked() int { return int(b.linked) }

// Joint is how two blocks of a text go together.
type Joint uint8

// The joints.
const (
	Apart    Joint = iota // as two paragraphs
	Together              // as one
)

// Join tells how the blocks at i and j go together, when both are of the article
// and nothing between them is: a line break within a sentence and the cells of
// a row of a table don't end a paragraph.
func (p *Page) Join(i, j int) Joint {
	a, b := &p.Blocks[i], &p.Blocks[j]
	switch {
	case j != i+1:
		return Apart
	case b.broken && !b.apart && !plain.Ended(p.Text(a)) && !p.IsTitle(a) && a.isBold() == b.isBold():
		return Together
	case p.isCell(a) && p.isCell(b) && p.elements[a.element].parent == p.elements[b.element].parent:
		return Together
	}
	return Apart
}

// isCell reports whether a block is all there is in a cell of a table.
func (p *Page) isCell(b *Block) bool {
	e := &p.elements[b.element]
	return isCell(e.tag) && e.blocks == 1 && b.runes < longCell
}

// isBold reports whether all of a block is bold.
func (b *Block) isBold() bool { return b.bold > 0 && 10*b.bold >= 9*(b.end-b.start) }

// longCell is how many letters a table's cell has at the most that isn't a
// column of the page.
const longCell = 60

// IsTitle reports whether a block is the page's title over again.
func (p *Page) IsTitle(b *Block) bool {
	return b.titled > 0.8 && b.runes < 250
}

// HeadlineLink is how many bytes a link has at the least that may be a headline.
const HeadlineLink = 25

// Listed gives how many blocks of the page are links to something with a
// headline, how many bytes of its text are links, and how many there are.
func (p *Page) Listed() (items, links, whole int) {
	for i := range p.Blocks {
		b := &p.Blocks[i]
		size := int(b.end - b.start)
		whole += size
		links += int(b.linked)
		if b.linked >= HeadlineLink && 10*int(b.linked) >= 9*size {
			items++
		}
	}
	return items, links, whole
}

// Box gives the last block of the box that the block at i is the heading of: of
// the largest element that begins with it. It gives i where there is no more in
// it.
func (p *Page) Box(i int) (last int) {
	last = i
	for at := p.Blocks[i].element; at >= 0 && p.elements[at].firstBlock == int32(i); at = p.elements[at].parent {
		last = int(p.elements[at].lastBlock)
	}
	return last
}

// Beside gives the first and the last block of the largest element around the
// block at i that doesn't hold the headline. It is known once the page is scored.
func (p *Page) Beside(i int) (first, last int) {
	first, last = i, i
	for at := p.Blocks[i].element; at >= 0; at = p.elements[at].parent {
		e := &p.elements[at]
		if e.parent < 0 || p.holds(e, p.title) {
			break
		}
		first, last = int(e.firstBlock), int(e.lastBlock)
	}
	return first, last
}

// holds reports whether a block is in an element.
func (p *Page) holds(e *element, block int) bool {
	return e.blocks > 0 && int(e.firstBlock) <= block && block <= int(e.lastBlock)
}

// NextArticles calls found with the first and the last block of each article
// element after the page's headline that has an h1 of its own: sites put the next
// story below the one that was asked for. It is known once the page is scored.
func (p *Page) NextArticles(found func(first, last int)) {
	if p.title < 0 || p.Articles < 2 {
		return
	}
	var article *element
	for i := range p.elements {
		e := &p.elements[i]
		switch {
		case e.tag == atom.Article && int(e.firstBlock) > p.title && !p.nested(e):
			article = e
		case e.tag == atom.H1 && article != nil && e.blocks > 0 && p.holds(article, int(e.firstBlock)) && !p.IsTitle(&p.Blocks[e.firstBlock]):
			found(int(article.firstBlock), int(article.lastBlock))
			article = nil
		}
	}
}

// nested reports whether an article is a part of the one with the headline.
func (p *Page) nested(e *element) bool {
	for at := e.parent; at >= 0; at = p.elements[at].parent {
		if up := &p.elements[at]; up.tag == atom.Article && p.holds(up, p.title) {
			return true
		}
	}
	return false
}
