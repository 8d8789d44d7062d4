package blocks

import (
	"bytes"
	"strings"

	"golang.org/x/net/html/atom"

	"driftwatch/crawler/plain"
)

// Read cuts a page, which is UTF-8, into blocks. It takes what it can from any
// bytes. The scripts' texts share the memory of page.
func Read(page []byte) *Page {
	p := pool.Get().(*Page)
	p.reset()
	r := reader{Page: p, t: tokens{page: page[:min(len(page), MaxBytes)]}, block: Block{start: -1}}
	p.HTML5 = hasDoctype(page)
	r.push(element{parent: -1})
	r.read()
	r.cut()
	r.popTo(0)
	p.written = p.text.Bytes()
	r.fillMarks()
	p.measure()
	return p
}

// hasDoctype reports whether a page begins with the doctype of HTML5.
func hasDoctype(page []byte) bool {
	const doctype = "<!doctype html>"
	i := bytes.IndexByte(page[:min(len(page), 1024)], '<')
	return i >= 0 && len(page) >= i+len(doctype) && equalFold(page[i:i+len(doctype)], doctype)
}

// reader is a page while it is read.
type reader struct {
	*Page
	t     tokens
	block Block // the one that is open; its start is -1 before its first letter

	links, bolds, unseen int // how many such elements are open
	beyond               int // elements that are open deeper than MaxDepth
	breaks               int // line breaks since the last letter
	parted               bool
	headings             []int32
}

func (r *reader) read() {
	for {
		r.steps++
		switch r.t.next() {
		case endOfPage:
			return
		case textToken:
			r.write()
		case startTag:
			r.start()
		case endTag:
			r.end()
		}
	}
}

// write adds a text to the open block.
func (r *reader) write() {
	if r.unseen > 0 {
		r.unshown()
		return
	}
	if len(r.Blocks) >= MaxBlocks {
		return
	}
	before := r.text.Len()
	r.text.Escaped(r.t.text)
	after := r.text.Len()
	if after == before {
		return
	}
	top := r.open[len(r.open)-1]
	b := &r.block
	if b.start < 0 {
		b.start = int32(before)
		if before > 0 {
			b.start += int32(len("\n\n"))
		}
		before = int(b.start)
		b.element, b.inner = r.nearestBlock(), top
		b.broken, b.apart = r.breaks > 0 && !r.parted, r.breaks > 1
		r.breaks, r.parted = 0, false
	}
	if b.inner != top {
		b.inner = b.element
	}
	if r.links > 0 {
		b.linked += int32(after - before)
	}
	if r.bolds > 0 {
		b.bold += int32(after - before)
	}
	if len(r.Runs) < maxRuns {
		e := &r.elements[top]
		r.Runs = append(r.Runs, Run{int32(before), int32(after), top, e.aside(), e.own&nameDate != 0})
	}
}

// unshown takes down the text of an element that shows none.
func (r *reader) unshown() {
	e := &r.elements[r.open[len(r.open)-1]]
	switch {
	case e.tag == atom.Title && r.Title == "":
		r.Title = plain.Line(plain.Unescape(string(capped(r.t.text, maxTitle))))
	case e.tag != atom.Script:
	case e.own&scriptLinked != 0 && len(r.Linked) < maxScripts:
		r.Linked = append(r.Linked, r.t.text)
	case (e.own&scriptState != 0 || bytes.HasPrefix(bytes.TrimLeft(r.t.text, " \t\r\n"), []byte("window.__"))) && len(r.State) < maxScripts:
		r.State = append(r.State, r.t.text)
	}
}

// What the own names of a script element say.
const (
	scriptLinked names = 1 << iota
	scriptState
)

// nearestBlock is the innermost open element that stands on lines of its own.
func (r *reader) nearestBlock() int32 {
	for i := len(r.open) - 1; i > 0; i-- {
		r.steps++
		if isBlock(r.elements[r.open[i]].tag) {
			return r.open[i]
		}
	}
	return r.open[0]
}

// cut ends the open block.
func (r *reader) cut() {
	if r.block.start >= 0 {
		r.block.end = int32(r.text.Len())
		r.Blocks = append(r.Blocks, r.block)
	}
	r.text.Paragraph()
	r.block = Block{start: -1}
}

// start handles a start tag.
func (r *reader) start() {
	tag := r.t.name
	switch tag {
	case atom.Meta:
		r.meta()
	case atom.Link:
		r.link()
	case atom.Br:
		r.cut()
		r.breaks++
		return
	case atom.Html:
		if lang, _ := r.t.attr("lang"); len(lang) > 0 && r.Language == "" {
			r.Language = string(lang)
		}
	case atom.Article:
		r.Articles++
	case atom.Input:
		kind, _ := r.t.attr("type")
		r.Passwords = r.Passwords || strings.EqualFold(string(kind), "password")
	}
	if isBlock(tag) {
		r.cut()
		r.parted = true
		r.closeImplied(tag)
	}
	if tag == atom.A {
		r.closeLink()
		r.block.links++
	}
	e := r.describe(tag)
	if isVoid(tag) {
		r.mark(&e, -1)
		return
	}
	if len(r.open) >= MaxDepth || len(r.elements) >= maxElements {
		r.beyond++
		return
	}
	r.push(e)
	at := int32(len(r.elements) - 1)
	r.mark(&r.elements[at], at)
	if tag == atom.H1 && !e.aside() && r.unseen == 0 && len(r.headings) < maxHeadings {
		if r.Headline < 0 {
			r.Headline = len(r.Runs)
		}
		r.headings = append(r.headings, at)
	}
}

// describe makes an element of a start tag.
func (r *reader) describe(tag atom.Atom) element {
	parent := r.open[len(r.open)-1]
	up := &r.elements[parent]
	e := element{
		parent: parent, tag: tag, depth: up.depth + 1, within: up.within, in: up.in | place(tag),
		start: int32(r.text.Len()), first: int32(len(r.tokens)), hidden: up.hidden,
	}
	if tag == atom.Script {
		e.own = scriptKind(&r.t)
		e.last = e.first
		return e
	}
	r.HTML5 = r.HTML5 || e.in&(inHeader|inFooter|inNav|inAside|inArticle|inMain|inFigure|inSection) != 0
	sig := uint32(tag) * hashPrime
	for _, a := range r.t.attrs[:r.t.n] {
		switch {
		case isNamed(a.name, "class"):
			var n names
			n, r.tokens = nameTokens(a.value, r.tokens)
			e.own |= n
			for _, c := range a.value {
				if c < '0' || c > '9' {
					sig = (sig ^ uint32(c)) * hashPrime
				}
			}
		case isNamed(a.name, "id"):
			var n names
			n, r.tokens = nameTokens(a.value, r.tokens)
			e.own |= n
		case isNamed(a.name, "itemprop"):
			if bytes.Contains(a.value, []byte("articleBody")) {
				e.in |= inBody
			}
			if bytes.HasPrefix(a.value, []byte("date")) {
				e.own |= nameDate
			}
		case isNamed(a.name, "role"):
			e.in |= rolePlace(string(a.value))
		case isNamed(a.name, "hidden"):
			e.hidden = true
		case isNamed(a.name, "style"):
			e.hidden = e.hidden || hides(a.value)
		}
	}
	e.last = int32(len(r.tokens))
	e.path = sig ^ up.path>>7*hashPrime
	if tag != atom.Body && tag != atom.Html {
		e.within |= e.own
	}
	if e.hidden {
		e.in |= inHidden
	}
	return e
}

// hides reports whether a style leaves an element out of what is shown.
func hides(style []byte) bool {
	i := bytes.Index(style, []byte("display"))
	return i >= 0 && bytes.HasPrefix(bytes.TrimLeft(style[i+len("display"):], ": "), []byte("none"))
}

// scriptKind tells what a script holds, by its type.
func scriptKind(t *tokens) names {
	kind, _ := t.attr("type")
	switch {
	case len(kind) > 40:
		return 0
	case bytes.Contains(bytes.ToLower(kind), []byte("ld+json")):
		return scriptLinked
	case bytes.HasSuffix(bytes.ToLower(kind), []byte("json")):
		return scriptState
	}
	return 0
}

func (r *reader) push(e element) {
	switch {
	case e.tag == atom.A:
		r.links++
	case isBold(e.tag):
		r.bolds++
	case isUnseen(e.tag):
		r.unseen++
	}
	r.open = append(r.open, int32(len(r.elements)))
	r.elements = append(r.elements, e)
}

// popTo closes the open elements from the n-th on.
func (r *reader) popTo(n int) {
	for len(r.open) > n {
		e := &r.elements[r.open[len(r.open)-1]]
		if !e.closed {
			r.leave(e)
		}
		r.open = r.open[:len(r.open)-1]
	}
}

// leave ends what an element does to the text in it.
func (r *reader) leave(e *element) {
	e.end, e.closed = int32(r.text.Len()), true
	switch {
	case e.tag == atom.A:
		r.links--
	case isBold(e.tag):
		r.bolds--
	case isUnseen(e.tag):
		r.unseen--
	}
}

// end handles an end tag: it closes the last element of that name, though not
// beyond the table cell that it stands in.
func (r *reader) end() {
	tag := r.t.name
	block := isBlock(tag)
	if block {
		r.cut()
		r.parted = true
	}
	if tag == atom.Br || isVoid(tag) {
		return
	}
	if r.beyond > 0 {
		r.beyond--
		return
	}
	table := isTable(tag)
	crossed := false
	for i := len(r.open) - 1; i > 0; i-- {
		r.steps++
		e := &r.elements[r.open[i]]
		switch {
		case e.tag == tag && !e.closed && crossed:
			r.leave(e) // a link's end among blocks that it began outside of
			return
		case e.tag == tag && !e.closed:
			r.popTo(i)
			return
		case !table && isCell(e.tag):
			return
		case !block && isBlock(e.tag):
			crossed = true
		}
	}
}

// closeImplied closes the elements that end where one of this tag begins.
func (r *reader) closeImplied(tag atom.Atom) {
	for i := len(r.open) - 1; i > 0; i-- {
		r.steps++
		open := r.elements[r.open[i]].tag
		switch {
		case open == atom.P, isHeading(open) && isHeading(tag),
			open == tag && (tag == atom.Li || tag == atom.Tr || tag == atom.Option),
			isTerm(open) && isTerm(tag), isCell(open) && (isCell(tag) || tag == atom.Tr):
			r.popTo(i)
			if open == atom.P || isCell(open) && tag == atom.Tr {
				continue
			}
			return
		case isBlock(open):
			return
		}
	}
}

// closeLink closes a link that is open where another begins.
func (r *reader) closeLink() {
	if r.links == 0 {
		return
	}
	for i := len(r.open) - 1; i > 0; i-- {
		r.steps++
		e := &r.elements[r.open[i]]
		if e.tag == atom.A && !e.closed {
			r.leave(e)
			return
		}
	}
}

// meta takes down a meta element.
func (r *reader) meta() {
	content, _ := r.t.attr("content")
	content = capped(bytes.TrimSpace(content), maxContent)
	if len(content) == 0 || len(r.Meta) >= maxMeta {
		return
	}
	value := ""
	for _, key := range []string{"property", "name", "itemprop", "http-equiv"} {
		name, _ := r.t.attr(key)
		if name = bytes.TrimSpace(name); len(name) == 0 {
			continue
		}
		if value == "" {
			value = strings.ToValidUTF8(plain.Unescape(string(content)), "")
		}
		r.Meta = append(r.Meta, Meta{strings.ToLower(string(name)), value})
	}
}

// link takes down the canonical address.
func (r *reader) link() {
	rel, _ := r.t.attr("rel")
	if len(rel) == len("canonical") && equalFold(rel, "canonical") && r.Canonical == "" {
		href, _ := r.t.attr("href")
		r.Canonical = plain.Unescape(string(href))
	}
}

// mark takes down what an element's attributes say of its content: a date, an
// author. at is the element's place, -1 for one without content.
func (r *reader) mark(e *element, at int32) {
	if len(r.Marks) >= maxMarks {
		return
	}
	itemprop, _ := r.t.attr("itemprop")
	m := Mark{Item: strings.ToLower(string(itemprop)), Time: e.tag == atom.Time, Aside: e.aside(), Run: len(r.Runs)}
	rel, _ := r.t.attr("rel")
	m.Byline = at >= 0 && (string(rel) == "author" || m.Item == "author" || e.own&nameAuthor != 0)
	if !m.Time && !m.Byline && !strings.HasPrefix(m.Item, "date") && m.Item != "headline" && m.Item != "name" {
		return
	}
	value, ok := r.t.attr("datetime")
	if !ok {
		value, _ = r.t.attr("content")
	}
	m.Value = plain.Unescape(string(value))
	_, m.Pubdate = r.t.attr("pubdate")
	r.Marks = append(r.Marks, m)
	r.s.marked = append(r.s.marked, at)
}

// longMark is how many bytes of an element's text are a date or a name at the
// most.
const longMark = 160

// fillMarks gives the marked elements and the headings their texts.
func (r *reader) fillMarks() {
	text := func(at int32) string {
		e := &r.elements[at]
		return strings.ReplaceAll(string(trimSpace(r.written[e.start:max(e.start, e.end)])), "\n\n", " ")
	}
	own := map[int32]bool{}
	kept := r.Marks[:0]
	for i, m := range r.Marks {
		at := r.s.marked[i]
		if m.Item == "headline" || m.Item == "name" {
			own[at] = true
			if !m.Time && !m.Byline {
				continue
			}
		}
		if at >= 0 && r.elements[at].end-r.elements[at].start <= longMark {
			m.Text = text(at)
		}
		if m.Value == "" {
			m.Value = m.Text
		}
		kept = append(kept, m)
	}
	r.Marks = kept
	for _, at := range r.headings {
		if t := text(at); t != "" {
			r.Headings = append(r.Headings, Heading{strings.ToValidUTF8(string(capped([]byte(t), maxTitle)), ""), own[at] || r.elements[at].in&inArticle != 0})
		}
	}
}

// aside reports whether an element is in a part of the page that isn't the
// article: a menu, a list of other news.
func (e *element) aside() bool {
	return e.in&(inNav|inFooter|inAside) != 0 || e.within&nameAside != 0
}
