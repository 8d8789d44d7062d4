package feed

import (
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"driftwatch/crawler/date"
	"driftwatch/crawler/plain"
)

// mended is a feed rewritten for gofeed: well-formed, small, every text plain,
// every date as RFC 3339, every address resolved as far as xml:base goes.
//
// Titles, summaries and bodies are kept aside and stand in the XML by their
// number: what makes up most of a feed needn't be written as XML once more to be
// read from it.
type mended struct {
	xml    []byte
	texts  []string
	format string // rss, atom or cdf
	cut    bool   // the feed breaks off
	more   bool   // it has more than MaxItems items
}

// text gives the text whose number stands in the XML.
func (m mended) text(number string) string {
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n >= len(m.texts) {
		return ""
	}
	return m.texts[n]
}

// mend rewrites a feed in one pass over it. It reports false where s has no
// root element of a feed.
//
// gofeed reads well-formed feeds of the usual kinds. What feeds are in the wild
// (cut off, unescaped, with prefixes that nobody declared, in the elements of
// twenty years ago) is brought to that here, so that one way of reading serves
// all of them.
func mend(s string, base *url.URL, dates date.Options) (mended, bool) {
	m := mender{s: s, dates: dates, bases: []scope{{address: base}}}
	root, ok := m.root()
	if !ok {
		return mended{}, false
	}
	m.begin(root)
	for m.items <= MaxItems && m.next() {
	}
	m.finish()
	return mended{xml: m.out, texts: m.texts, format: m.format, cut: m.items <= MaxItems && !m.ended, more: m.items > MaxItems}, true
}

// mender is a feed being rewritten.
type mender struct {
	s     string
	pos   int
	out   []byte
	dates date.Options

	format     string
	feed, item table
	rootSpace  string // the namespace of the root element, whatever it is

	open   []level // the elements that the reader stands in
	spaces []binding
	bases  []scope
	texts  []string
	ended  bool // the end of the feed was seen: of its root, or of the channel in <rss>
	items  int  // items begun
	began  int  // where in out the item begins that is being read
	again  int  // bytes that were read more than once
}

// level is an element that was opened and not yet closed.
type level struct {
	name  string // as written, in lower case
	place place  // of its children
}

// binding is a prefix bound to a namespace by the element at a depth.
type binding struct {
	prefix, address string
	depth           int
}

// scope is the base address that the element at a depth sets.
type scope struct {
	address *url.URL
	depth   int
}

// maxDepth is how deep elements are followed. What lies deeper is nothing that
// a feed says.
const maxDepth = 32

// root finds the root element of a feed, past whatever stands before it that is
// no page or other document.
func (m *mender) root() (tag, bool) {
	for {
		t, ok := m.tag()
		if !ok {
			return tag{}, false
		}
		switch t.local() {
		case "rss", "rdf", "feed", "channel":
			return t, !t.end
		case "html", "body", "urlset", "sitemapindex", "opml":
			return tag{}, false
		}
	}
}

// begin enters the root element and writes the beginning of the mended feed.
func (m *mender) begin(root tag) {
	m.bind(root)
	prefix, _, _ := strings.Cut(root.name, ":")
	if prefix == root.name {
		prefix = ""
	}
	m.rootSpace = m.address(prefix)
	m.format, m.feed, m.item = "rss", rssFeed, rssItem
	if root.local() == "feed" {
		m.format, m.feed, m.item = "atom", atomFeed, atomItem
	}
	m.out = make([]byte, 0, len(m.s)/4+512)
	// gofeed knows the prefixes that we use without their being declared.
	if m.format == "atom" {
		m.out = append(m.out, "<feed"...)
		if lang := root.attr("lang"); lang != "" {
			m.attribute("lang", lang)
		}
	} else {
		m.out = append(m.out, `<rss version="2.0"`...)
	}
	m.out = append(m.out, '>')
	if m.format == "rss" {
		m.out = append(m.out, "<channel>"...)
		if lang := root.attr("lang"); lang != "" {
			m.write("dc:language", lang)
		}
	}
	m.attributes(root)
	m.push(root, inFeed)
}

// attributes writes what CDF says in attributes: where the channel or item
// leads, and when it was changed.
func (m *mender) attributes(t tag) {
	if m.format == "atom" || t.local() == "rss" || t.local() == "rdf" {
		return
	}
	if href := t.attr("href"); href != "" {
		m.format = "cdf"
		m.write("link", m.resolve(href))
	}
	if d, ok := date.Parse(t.attr("lastmod"), m.dates); ok {
		m.write("dcterms:modified", d.String())
	}
	if about := t.attr("about"); about != "" && t.local() == "item" {
		m.write("dc:identifier", m.resolve(about))
	}
}

// next reads up to and with the next tag. It reports false at the end.
func (m *mender) next() bool {
	t, ok := m.tag()
	if !ok {
		return false
	}
	if t.end {
		return m.close(t.name)
	}
	m.bind(t)
	e := m.lookup(t)
	switch e.reading {
	case opens:
		m.openItem(t, e.name)
	case holds:
		m.push(t, inFeed)
		m.attributes(t)
	case asPerson:
		m.person(t, e)
	case skip:
		if !m.loose(t) {
			m.push(t, outside)
		}
	default:
		return m.field(t, e)
	}
	return true
}

// lookup finds what to do with an element where it stands. An item that begins
// where another hasn't ended, or after the channel was closed, is an item.
func (m *mender) lookup(t tag) element {
	at := m.place()
	v := m.vocabulary(t)
	if v == unknown {
		return element{}
	}
	if v == atom && m.format == "atom" {
		v = core
	}
	switch at {
	case inItem:
		return m.item[v][t.local()]
	case inFeed:
		return m.feed[v][t.local()]
	case inPerson:
		return person[core][t.local()]
	}
	if e := m.feed[v][t.local()]; e.reading == opens && m.within(inItem) {
		return e
	}
	return element{}
}

// loose reports an element of a foreign vocabulary that holds nothing but an
// address, as media:thumbnail: feeds forget to close it, and nothing that we
// read could stand in it.
func (m *mender) loose(t tag) bool {
	return m.vocabulary(t) == unknown && (t.attr("url") != "" || t.attr("href") != "")
}

// place is where the reader stands.
func (m *mender) place() place {
	if len(m.open) == 0 {
		return inFeed
	}
	return m.open[len(m.open)-1].place
}

func (m *mender) within(p place) bool {
	for _, l := range m.open {
		if l.place == p {
			return true
		}
	}
	return false
}

// openItem begins an item, ending the one that is still open.
func (m *mender) openItem(t tag, name string) {
	for m.within(inItem) {
		m.pop()
	}
	if m.items++; m.items > MaxItems {
		return
	}
	m.began = len(m.out)
	m.out = append(m.out, '<')
	m.out = append(m.out, name...)
	m.out = append(m.out, '>')
	m.push(t, inItem)
	m.attributes(t)
}

// person begins an author, or reads one that is bare text.
func (m *mender) person(t tag, e element) {
	if t.empty {
		return
	}
	if m.format == "atom" {
		m.out = append(m.out, "<author>"...)
	}
	if rest := strings.TrimLeft(m.s[m.pos:], " \t\r\n"); strings.HasPrefix(rest, "<") && !strings.HasPrefix(rest, "<![") {
		m.push(t, inPerson)
		return
	}
	if raw, ok := m.inner(t.name); ok {
		name := e.name
		if m.format == "atom" {
			name = "name"
		}
		m.write(name, plain.Line(characters(raw)))
	}
	if m.format == "atom" {
		m.out = append(m.out, "</author>"...)
	}
	m.unbind()
}

// field reads an element that holds a text, a link or a date, and writes it. It
// reports false where the feed is cut off within it.
func (m *mender) field(t tag, e element) bool {
	if m.place() == inPerson && m.format == "rss" {
		if t.local() != "name" {
			return true
		}
		e.name = "dc:creator"
	}
	raw := ""
	if !t.empty {
		var ok bool
		if raw, ok = m.inner(t.name); !ok {
			m.pos = len(m.s)
			return false
		}
	}
	outer := len(m.bases)
	m.rebase(t)
	m.writeField(t, e, raw)
	m.bases = m.bases[:outer]
	m.unbind()
	return true
}

func (m *mender) writeField(t tag, e element, raw string) {
	switch e.reading {
	case asTitle:
		m.aside(e.name, plain.Line(text(t, raw, plain.Guess)))
	case asBody:
		m.aside(e.name, text(t, raw, plain.GuessRich))
	case asWord:
		m.write(e.name, plain.Line(text(t, raw, plain.Guess)))
	case asDate:
		if d, ok := date.Parse(characters(raw), m.dates); ok {
			m.write(e.name, d.String())
		}
	case asLink:
		m.link(t, e.name, raw)
	case asID:
		m.id(t, e.name, raw)
	}
}

// link writes a link, from the text or from href. What isn't the item's own
// page (a feed's address, an enclosure, replies) is left out.
func (m *mender) link(t tag, name, raw string) {
	address := strings.TrimSpace(plain.Unescape(t.attr("href")))
	if written := strings.TrimSpace(characters(raw)); written != "" {
		address = written
	}
	rel := strings.ToLower(t.attr("rel"))
	if address == "" || rel != "" && rel != "alternate" {
		return
	}
	if m.format != "atom" {
		m.write(name, m.resolve(address))
		return
	}
	m.out = append(m.out, "<link"...)
	m.attribute("href", m.resolve(address))
	if kind := t.attr("type"); kind != "" {
		m.attribute("type", kind)
	}
	m.out = append(m.out, "/>"...)
}

// id writes an identifier. RSS's guid is an address unless it says otherwise;
// only addresses are resolved.
func (m *mender) id(t tag, name, raw string) {
	id := strings.TrimSpace(characters(raw))
	if id == "" {
		return
	}
	if name != "guid" {
		if strings.ContainsAny(id, "/") && !strings.Contains(id, ":") {
			id = m.resolve(id)
		}
		m.write(name, id)
		return
	}
	m.out = append(m.out, "<guid"...)
	if strings.EqualFold(t.attr("ispermalink"), "false") {
		m.attribute("isPermaLink", "false")
	}
	m.out = append(m.out, '>')
	m.escape(id, false)
	m.out = append(m.out, "</guid>"...)
}

// text gives the text of an element, as its attributes say it is written, and
// where they say nothing as guess finds.
func text(t tag, raw string, guess func(string) string) string {
	kind, mode := strings.ToLower(t.attr("type")), strings.ToLower(t.attr("mode"))
	if mode == "base64" || binary(kind) {
		if b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(characters(raw)), "")); err == nil && utf8.Valid(b) {
			return guess(string(b))
		}
	}
	switch {
	case kind == "xhtml" || mode == "xml" || strings.HasSuffix(kind, "+xml"):
		return plain.HTML(raw)
	case kind == "html" || kind == "text/html":
		if inline(raw) {
			return guess(plain.HTML(raw))
		}
		return plain.HTML(characters(raw))
	case inline(raw):
		return plain.HTML(raw)
	default:
		return guess(characters(raw))
	}
}

// binary reports a media type that Atom writes in base64.
func binary(kind string) bool {
	return strings.Contains(kind, "/") && !strings.HasPrefix(kind, "text/") && !strings.HasSuffix(kind, "xml")
}

// inline reports whether a content has tags written out, neither escaped nor in
// a CDATA section.
func inline(raw string) bool {
	for {
		i := strings.IndexByte(raw, '<')
		if i < 0 {
			return false
		}
		raw = raw[i:]
		if !strings.HasPrefix(raw, cdata) {
			return !strings.HasPrefix(raw, "<!--")
		}
		_, after, ok := strings.Cut(raw, "]]>")
		if !ok {
			return false
		}
		raw = after
	}
}

const cdata = "<![CDATA["

// characters gives the characters that a content of XML stands for: references
// resolved, CDATA sections as they are.
func characters(raw string) string {
	if strings.IndexByte(raw, '<') < 0 {
		return plain.Unescape(raw)
	}
	if body, ok := strings.CutPrefix(strings.TrimSpace(raw), cdata); ok && strings.Index(body, "]]>") == len(body)-3 {
		return body[:len(body)-3]
	}
	var b strings.Builder
	for raw != "" {
		before, section, found := strings.Cut(raw, cdata)
		b.WriteString(plain.Unescape(before))
		if !found {
			break
		}
		section, raw, _ = strings.Cut(section, "]]>")
		b.WriteString(section)
	}
	return b.String()
}

// inner gives the content of the element that was just opened, and moves past
// its end. Where the element is never closed before the one around it ends, its
// content is what stands before the next tag. It reports false where the feed is
// cut off before.
func (m *mender) inner(name string) (string, bool) {
	start, depth := m.pos, 0
	for {
		i := strings.IndexByte(m.s[m.pos:], '<')
		if i < 0 {
			return "", false
		}
		m.pos += i
		at := m.pos
		rest := m.s[at:]
		switch {
		case strings.HasPrefix(rest, cdata):
			end := strings.Index(rest, "]]>")
			if end < 0 {
				return "", false
			}
			m.pos += end + 3
		case strings.HasPrefix(rest, "</"):
			found := nameAt(rest[2:])
			if equalFold(found, name) {
				if depth--; depth < 0 {
					m.pos += 2 + len(found)
					m.pastBracket()
					return m.s[start:at], true
				}
			} else if m.isOpen(found) {
				return m.unclosed(start, at), true
			}
			m.pos += 2
		case equalFold(nameAt(rest[1:]), name):
			end := strings.IndexByte(rest, '>')
			if end < 0 {
				return "", false
			}
			m.pos += end + 1
			if rest[end-1] != '/' {
				depth++
			}
		case m.begins(rest):
			return m.unclosed(start, at), true
		default:
			m.pos++
		}
	}
}

// unclosed gives the content of an element that isn't closed from start to end,
// and goes back to the first tag in there, unless the feed has been gone back
// over too often already.
func (m *mender) unclosed(start, end int) string {
	m.pos = end
	for at := start; at < end; {
		i := strings.IndexByte(m.s[at:end], '<')
		if i < 0 {
			break
		}
		at += i
		if !strings.HasPrefix(m.s[at:], cdata) {
			m.pos = at
			break
		}
		section := strings.Index(m.s[at:end], "]]>")
		if section < 0 {
			break
		}
		at += section + len("]]>")
	}
	content := m.s[start:m.pos]
	if m.again += end - m.pos; m.again > 2*len(m.s) {
		m.pos = end
	}
	return content
}

// begins reports whether rest begins an item, so that a content which goes on
// until there was never closed.
func (m *mender) begins(rest string) bool {
	name := nameAt(rest[1:])
	return equalFold(name, "item") && m.format != "atom" || equalFold(name, "entry") && m.format == "atom"
}

func (m *mender) isOpen(name string) bool {
	for _, l := range m.open {
		if l.place != outside && equalFold(l.name, name) {
			return true
		}
	}
	return false
}

// pastBracket moves past the next ">".
func (m *mender) pastBracket() {
	if i := strings.IndexByte(m.s[m.pos:], '>'); i >= 0 {
		m.pos += i + 1
		return
	}
	m.pos = len(m.s)
}

// push enters an element.
func (m *mender) push(t tag, p place) {
	if t.empty {
		if p == inItem {
			m.out = m.out[:m.began]
		}
		m.unbind()
		return
	}
	if len(m.open) >= maxDepth {
		return
	}
	m.open = append(m.open, level{name: strings.ToLower(t.name), place: p})
	m.rebase(t)
}

// close leaves the element of that name and whatever was left open in it. An end
// tag for which nothing is open is passed over. It reports false after the end
// of the root.
func (m *mender) close(name string) bool {
	for i := len(m.open) - 1; i >= 0; i-- {
		if equalFold(m.open[i].name, name) {
			for len(m.open) > i {
				m.pop()
			}
			m.ended = m.ended || i == 0 || i == 1 && m.open[0].name == "rss" && equalFold(name, "channel")
			return i > 0
		}
	}
	return true
}

// pop leaves the innermost element.
func (m *mender) pop() {
	l := m.open[len(m.open)-1]
	m.open = m.open[:len(m.open)-1]
	switch {
	case l.place == inItem && m.format == "atom":
		m.out = append(m.out, "</entry>"...)
	case l.place == inItem:
		m.out = append(m.out, "</item>"...)
	case l.place == inPerson && m.format == "atom":
		m.out = append(m.out, "</author>"...)
	}
	for n := len(m.bases) - 1; n > 0 && m.bases[n].depth > len(m.open); n-- {
		m.bases = m.bases[:n]
	}
	m.unbind()
}

// finish ends the mended feed. An item that the feed broke off in is left out.
func (m *mender) finish() {
	if m.within(inItem) && m.items <= MaxItems {
		m.out = m.out[:m.began]
	}
	for i, l := range m.open {
		if l.place == inItem {
			m.open = m.open[:i]
			break
		}
	}
	for len(m.open) > 0 {
		m.pop()
	}
	if m.format == "atom" {
		m.out = append(m.out, "</feed>"...)
		return
	}
	m.out = append(m.out, "</channel></rss>"...)
}

// bind takes down the prefixes that an element declares. They hold until it is
// left.
func (m *mender) bind(t tag) {
	if !strings.Contains(t.attrs, "xmlns") {
		return
	}
	for name, value := range t.all() {
		if prefix, ok := strings.CutPrefix(name, "xmlns"); ok && len(m.spaces) < 100 {
			m.spaces = append(m.spaces, binding{strings.TrimPrefix(prefix, ":"), value, len(m.open) + 1})
		}
	}
}

// unbind forgets the prefixes that elements declared which were left.
func (m *mender) unbind() {
	n := len(m.spaces)
	for n > 0 && m.spaces[n-1].depth > len(m.open) && m.spaces[n-1].depth > 1 {
		n--
	}
	m.spaces = m.spaces[:n]
}

// address gives the namespace that a prefix is bound to.
func (m *mender) address(prefix string) string {
	for i := len(m.spaces) - 1; i >= 0; i-- {
		if m.spaces[i].prefix == prefix {
			return m.spaces[i].address
		}
	}
	return ""
}

// vocabulary gives the vocabulary of an element's name: by the namespace its
// prefix is bound to, by the prefix where it is bound to none.
func (m *mender) vocabulary(t tag) vocabulary {
	prefix, _, found := strings.Cut(t.name, ":")
	if !found {
		prefix = ""
	}
	prefix = strings.ToLower(prefix)
	address := m.address(prefix)
	if address == m.rootSpace && (address != "" || prefix == "") {
		return core
	}
	if address == "" {
		if v, ok := prefixes[prefix]; ok {
			return v
		}
		return unknown
	}
	return vocabularyOf(address)
}

// rebase sets the base address that an element declares.
func (m *mender) rebase(t tag) {
	value := t.attr("xml:base")
	if value == "" && m.format != "atom" {
		value = t.attr("base")
	}
	if value == "" {
		return
	}
	u, err := url.Parse(strings.TrimSpace(value))
	if err != nil {
		return
	}
	if outer := m.bases[len(m.bases)-1].address; outer != nil {
		u = outer.ResolveReference(u)
	}
	m.bases = append(m.bases, scope{u, len(m.open)})
}

// resolve makes an address absolute, as far as a base is known.
func (m *mender) resolve(address string) string {
	return absolute(m.bases[len(m.bases)-1].address, address)
}

// write writes an element with a text, nothing where there is no text.
func (m *mender) write(name, s string) {
	if s == "" {
		return
	}
	m.out = append(m.out, '<')
	m.out = append(m.out, name...)
	m.out = append(m.out, '>')
	m.escape(s, false)
	m.out = append(m.out, '<', '/')
	m.out = append(m.out, name...)
	m.out = append(m.out, '>')
}

// aside keeps a text and writes an element with its number.
func (m *mender) aside(name, s string) {
	if s == "" {
		return
	}
	m.write(name, strconv.Itoa(len(m.texts)))
	m.texts = append(m.texts, s)
}

func (m *mender) attribute(name, value string) {
	m.out = append(m.out, ' ')
	m.out = append(m.out, name...)
	m.out = append(m.out, '=', '"')
	m.escape(value, true)
	m.out = append(m.out, '"')
}

// escape writes characters so that XML gives them back, without those that XML
// can't hold.
func (m *mender) escape(s string, quoted bool) {
	from := 0
	for i := range len(s) {
		replacement := ""
		switch c := s[i]; {
		case c == '&':
			replacement = "&amp;"
		case c == '<':
			replacement = "&lt;"
		case c == '>' && i > 0 && s[i-1] == ']':
			replacement = "&gt;"
		case c == '"' && quoted:
			replacement = "&quot;"
		case c < ' ' && c != '\n' && c != '\t':
		case c == 0xef && (strings.HasPrefix(s[i:], "\uFFFE") || strings.HasPrefix(s[i:], "\uFFFF")):
			m.out = append(m.out, s[from:i]...)
			from = i + 3
			continue
		default:
			continue
		}
		m.out = append(m.out, s[from:i]...)
		m.out = append(m.out, replacement...)
		from = i + 1
	}
	m.out = append(m.out, s[from:]...)
}

// absolute resolves an address against a base. What has a scheme already, and
// what can't be read as an address, stays as it is.
func absolute(base *url.URL, address string) string {
	address = strings.TrimSpace(address)
	if strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://") || base == nil || address == "" {
		return strings.ReplaceAll(address, " ", "%20")
	}
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return base.ResolveReference(u).String()
}
