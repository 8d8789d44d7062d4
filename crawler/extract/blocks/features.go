package blocks

import (
	"golang.org/x/net/html/atom"
)

// Features is how many features a block has.
const Features = 20 + noticeKinds + 3 + placeKinds + nameKinds + 5*neighbours + 27 + 19

const neighbours = 4

// features gives the features of all blocks, one block after the other. It
// needs the odds of the model.
func (p *Page) features() []float32 {
	n := len(p.Blocks) * Features
	if cap(p.s.features) < n {
		p.s.features = make([]float32, n+n/4)
	}
	f := p.s.features[:n]
	w := walk{Page: p, since: since{heading: far, notice: far, prose: far}, lastHeading: -1}
	w.begin()
	p.title = w.title
	for i := range p.Blocks {
		row := row{f[i*Features : i*Features : (i+1)*Features]}
		b := &p.Blocks[i]
		w.ofText(&row, b)
		w.ofPlace(&row, b)
		for _, d := range []int{-2, -1, 1, 2} {
			w.ofNeighbour(&row, i, i+d)
		}
		w.ofElements(&row, i, b)
		w.ofOrder(&row, i, b)
		if len(row.f) != Features {
			panic("blocks: the number of features is another than declared")
		}
		w.pass(i, b)
	}
	return f
}

// row is a block's features as they are put together.
type row struct{ f []float32 }

func (r *row) put(values ...float32) { r.f = append(r.f, values...) }

// walk is what is known at a block of those before it.
type walk struct {
	*Page
	best        int32 // the element that holds the most prose for its links
	title       int   // the block that is the headline, -1
	since       since
	lastHeading int
	runes       int32 // before it
	afterTitle  int32 // prose since the headline
	inP         int32 // runes of prose in paragraphs, over the whole page
	prose       int   // long blocks of prose so far
	proseSince  int   // since the headline
}

// since are how many blocks went by since a heading, a notice, a prose block.
type since struct{ heading, notice, prose int }

const far = 100

func (w *walk) begin() {
	w.title = -1
	best := float32(0)
	for i := range w.Blocks {
		b := &w.Blocks[i]
		if b.isProse() && w.elements[b.element].tag == atom.P {
			w.inP += b.runes
		}
		if b.runes > 300 || b.words < 2 {
			continue
		}
		s := b.titled
		switch in := w.elements[b.inner].in; {
		case w.elements[b.element].tag == atom.H1:
			s += 0.3
		case in&inHeading != 0:
			s += 0.12
		}
		if s > best && s > 0.55 {
			best, w.title = s, i
		}
	}
	if w.title < 0 && len(w.Headings) == 1 {
		w.title = w.onlyHeading()
	}
	most := float32(-1)
	for i := range w.elements {
		e := &w.elements[i]
		if e.score <= 0 {
			continue
		}
		s := e.score * (1 - share(e.linked, e.runes))
		if e.within&nameComment != 0 {
			s *= 0.3
		}
		if s > most {
			most, w.best = s, int32(i)
		}
	}
}

// onlyHeading is the block of the page's h1.
func (w *walk) onlyHeading() int {
	for i := range w.Blocks {
		if w.elements[w.Blocks[i].element].tag == atom.H1 {
			return i
		}
	}
	return -1
}

// ofText are the features of a block's own text.
func (w *walk) ofText(r *row, b *Block) {
	size := b.end - b.start
	r.put(most(b.runes, 3000), float32(b.words), share(b.linked, size), float32(b.links), share(b.bold, size),
		share(b.function, b.words), share(b.commas, b.words), share(b.ends, b.words), share(b.digits, b.words),
		share(b.capital, b.words), share(b.bars, b.words), share(b.runes, b.words),
		bit(b.ended), bit(b.lowered), bit(b.broken)+bit(b.apart), b.odds, b.least, b.titled, bit(b.repeated),
		bit(b.told)+2*bit(len(w.s.told) > 0))
	for k := range noticeKinds {
		r.put(bit(b.notices&(1<<k) != 0))
	}
}

// ofPlace are the features of the elements' kinds and names.
func (w *walk) ofPlace(r *row, b *Block) {
	e, inner := &w.elements[b.element], &w.elements[b.inner]
	r.put(rank(e.tag), rank(w.up(e, 1).tag), bit(e.tag == inner.tag))
	for k := range placeKinds {
		r.put(bit(inner.in&(1<<k) != 0))
	}
	for k := range nameKinds {
		r.put(bit(inner.within&(1<<k) != 0) + bit(e.own&(1<<k) != 0))
	}
}

// ofNeighbour are the features of the block at j beside the one at i.
func (w *walk) ofNeighbour(r *row, i, j int) {
	if j < 0 || j >= len(w.Blocks) {
		r.put(0, 1, 0, 0, 0)
		return
	}
	b, n := &w.Blocks[i], &w.Blocks[j]
	r.put(most(n.runes, 2000), share(n.linked, n.end-n.start), rank(w.elements[n.element].tag),
		bit(n.ended)+2*bit(n.element == b.element)+4*bit(w.elements[n.element].path == w.elements[b.element].path), n.odds)
}

// up is the element so many levels above, or the topmost.
func (w *walk) up(e *element, levels int) *element {
	for ; levels > 0 && e.parent >= 0; levels-- {
		e = &w.elements[e.parent]
	}
	return e
}

// ofElements are the features of the elements around a block.
func (w *walk) ofElements(r *row, i int, b *Block) {
	page, best, e := &w.elements[0], &w.elements[w.best], &w.elements[b.element]
	up, up2 := w.up(e, 1), w.up(e, 2)
	r.put(share(e.prose, e.runes), share(up.linked, up.runes), most(up.prose, 5000), share(up.prose, page.prose), up.score/(best.score+1),
		share(up2.prose, page.prose), share(up2.linked, up2.runes), up2.score/(best.score+1),
		float32(int32(i)-up.firstBlock), float32(up.lastBlock-int32(i)), float32(e.depth))

	at := int32(i)
	switch {
	case at < best.firstBlock:
		r.put(0, -most(best.firstBlock-at, 50))
	case at > best.lastBlock:
		r.put(0, 1+most(at-best.lastBlock, 50))
	default:
		r.put(1, float32(at-best.firstBlock)/float32(best.lastBlock-best.firstBlock+1))
	}
	levels := float32(0) // up to an element that holds the best one, too
	for q := b.element; q >= 0; q = w.elements[q].parent {
		x := &w.elements[q]
		if x.firstBlock <= best.firstBlock && x.lastBlock >= best.lastBlock {
			break
		}
		levels++
	}
	r.put(levels, e.nameOdds, e.nameLeast, e.nameMost, up.nameOdds)

	w.ofTitle(r, b)
	g := &w.s.groups[w.s.paths[e.path]]
	r.put(float32(g.blocks), share(g.runes, g.blocks), share(g.linked, g.runes), share(g.prose, page.prose))

	var twins, size int32
	for q, n := b.element, 0; q >= 0 && n < 6; q, n = w.elements[q].parent, n+1 {
		if x := &w.elements[q]; x.siblings > twins && x.tag != atom.Tr && x.tag != atom.Tbody {
			twins, size = x.siblings, x.runes
		}
	}
	r.put(float32(twins), float32(size))
}

// ofTitle are the features of where a block stands to the headline: how many
// levels up the first element is that holds both, from either, and how much of
// the page's prose it holds.
func (w *walk) ofTitle(r *row, b *Block) {
	if w.title < 0 {
		r.put(-1, -1, -1)
		return
	}
	title := w.Blocks[w.title].element
	x, y := b.element, title
	var from, to float32
	for x != y {
		if w.elements[x].depth >= w.elements[y].depth && w.elements[x].parent >= 0 {
			x = w.elements[x].parent
			from++
		} else {
			y = w.elements[y].parent
			to++
		}
	}
	r.put(from, to, share(w.elements[x].prose, w.elements[0].prose))
}

// ofOrder are the features of where a block stands on the page, and of the page.
func (w *walk) ofOrder(r *row, i int, b *Block) {
	page := &w.elements[0]
	r.put(share(w.runes, page.runes))
	if w.title < 0 {
		r.put(-1000)
	} else {
		r.put(float32(max(-100, min(i-w.title, 300))))
	}
	r.put(most(w.afterTitle, 20000), float32(w.since.heading), float32(w.since.notice), float32(w.since.prose), float32(min(w.prose, 50)))
	if w.lastHeading >= 0 {
		r.put(w.Blocks[w.lastHeading].odds)
	} else {
		r.put(0)
	}
	r.put(bit(w.HTML5), most(page.prose, 30000), share(page.linked, page.runes), share(w.inP, page.prose),
		float32(min(w.Articles, 20)), float32(min(len(w.Blocks), 1000)), most(b.runes, 300)*share(b.function, b.words),
		bit(w.title >= 0 && b.element == w.Blocks[w.title].element))
	r.put(float32(min(len(w.Headings), 10)), float32(min(w.proseSince, 50)), w.foreign(b))
}

// foreign is how far a block is from being in the alphabet of the title.
func (w *walk) foreign(b *Block) float32 {
	d := share(b.cyrillic, b.runes) - w.s.cyrillic
	return max(d, -d)
}

// pass takes a block down as one that went before.
func (w *walk) pass(i int, b *Block) {
	w.runes += b.runes
	if i == w.title {
		w.afterTitle, w.proseSince = 0, 0
	}
	if i > w.title {
		w.afterTitle += b.runes - b.linkedRunes()
	}
	w.since.heading = min(w.since.heading+1, far)
	w.since.notice = min(w.since.notice+1, far)
	w.since.prose = min(w.since.prose+1, far)
	text := w.Text(b)
	if b.runes < 60 && (w.elements[b.inner].in&inHeading != 0 || 2*b.bold > b.end-b.start || text[len(text)-1] == ':') {
		w.since.heading, w.lastHeading = 0, i
	}
	if b.runes < 60 && b.notices&(noticeAlso|noticeComments|noticeSubscribe) != 0 && b.titled < 0.5 {
		w.since.notice = 0
	}
	if b.runes > 120 && b.isProse() {
		w.since.prose = 0
		w.prose++
		w.proseSince++
	}
}

// rank orders tags by how often prose is in them.
func rank(a atom.Atom) float32 {
	switch a {
	case atom.P:
		return 12
	case atom.Blockquote:
		return 11
	case atom.Article:
		return 10
	case atom.Section, atom.Main:
		return 9
	case atom.Div:
		return 8
	case atom.Td:
		return 7
	case atom.Body:
		return 6
	case atom.H1:
		return 5
	case atom.H2:
		return 4.5
	case atom.H3, atom.H4, atom.H5, atom.H6:
		return 4
	case atom.Li:
		return 3
	case atom.Figcaption:
		return 1
	}
	return 0
}

func bit(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

// share is a part of a whole, a little less than that where the whole is small.
func share(part, whole int32) float32 { return float32(part) / float32(whole+1) }

func most(n, limit int32) float32 { return float32(min(n, limit)) }
