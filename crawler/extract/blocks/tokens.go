package blocks

import (
	"bytes"

	"golang.org/x/net/html/atom"
)

// tokens cuts a page into tags and texts, as the HTML standard's tokenizer does
// (https://html.spec.whatwg.org/multipage/parsing.html#tokenization), without
// copying any of it. golang.org/x/net/html's tokenizer copies each name and
// value and keeps a map of a tag's attributes, which a hostile page can make
// large.
type tokens struct {
	page []byte
	at   int

	kind  kind
	text  []byte    // of a text: as written, with its character references
	name  atom.Atom // of a tag; 0 for what HTML doesn't know
	attrs [maxAttributes]attribute
	n     int // of attributes

	raw atom.Atom // the element whose content is next and no markup
}

type kind uint8

const (
	endOfPage kind = iota
	textToken
	startTag
	endTag
)

// attribute is a name and a value as written.
type attribute struct{ name, value []byte }

// maxAttributes is how many attributes of a tag are read.
const maxAttributes = 24

// next moves to the next token. Comments, doctypes and processing instructions
// are passed over.
func (t *tokens) next() kind {
	t.kind = t.token()
	return t.kind
}

func (t *tokens) token() kind {
	if t.raw != 0 {
		if t.rawText() {
			return textToken
		}
	}
	for t.at < len(t.page) {
		rest := t.page[t.at:]
		if rest[0] != '<' || len(rest) == 1 || string(rest) == "</" {
			return t.run(1)
		}
		switch c := rest[1]; {
		case isLetter(c):
			if t.tag(t.at + 1) {
				return startTag
			}
		case c == '/' && len(rest) > 2 && isLetter(rest[2]):
			if t.tag(t.at + 2) {
				return endTag
			}
		case c == '!' || c == '?' || c == '/':
			t.skip(rest)
		default:
			return t.run(1)
		}
	}
	return endOfPage
}

// run takes the text up to the next "<", beginning to look for it after skip
// bytes.
func (t *tokens) run(skip int) kind {
	start := t.at
	if i := bytes.IndexByte(t.page[start+skip:], '<'); i >= 0 {
		t.at = start + skip + i
	} else {
		t.at = len(t.page)
	}
	t.text = t.page[start:t.at]
	return textToken
}

// skip passes over what begins with "<!", "<?" or "</" and is no tag.
func (t *tokens) skip(rest []byte) {
	mark, from := ">", 2
	switch {
	case bytes.HasPrefix(rest, []byte("<!-->")), bytes.HasPrefix(rest, []byte("<!--->")):
	case bytes.HasPrefix(rest, []byte("<!--")):
		mark, from = "-->", len("<!--")
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		mark, from = ">", len("<![CDATA[")
	}
	if i := bytes.Index(rest[from:], []byte(mark)); i >= 0 {
		t.at += from + i + len(mark)
	} else {
		t.at = len(t.page)
	}
}

// rawText takes the content of an element in which there is no markup. It
// reports false where there is none.
func (t *tokens) rawText() bool {
	name := t.raw.String()
	t.raw = 0
	start := t.at
	for i := start; ; {
		j := bytes.Index(t.page[i:], []byte("</"))
		if j < 0 {
			t.at = len(t.page)
			break
		}
		i += j
		rest := t.page[i+2:]
		if len(rest) > len(name) && equalFold(rest[:len(name)], name) && endsName(rest[len(name)]) {
			t.at = i
			break
		}
		i += 2
	}
	t.text = t.page[start:t.at]
	return t.at > start
}

// tag reads the tag whose name begins at i. It reports false where the page
// ends within it.
func (t *tokens) tag(i int) bool {
	start := i
	for i < len(t.page) && !endsName(t.page[i]) {
		i++
	}
	t.name = lookup(t.page[start:i])
	t.n = 0
	for {
		for i < len(t.page) && (isSpace(t.page[i]) || t.page[i] == '/') {
			i++
		}
		if i >= len(t.page) {
			t.at = i
			return false
		}
		if t.page[i] == '>' {
			break
		}
		i = t.attribute(i)
	}
	isEnd := t.page[start-1] == '/'
	t.at = i + 1
	if !isEnd && isRaw(t.name) {
		t.raw = t.name
	}
	return true
}

// attribute reads the attribute that begins at i and gives where it ends.
func (t *tokens) attribute(i int) int {
	start := i
	i++ // a "=" at the start belongs to the name
	for i < len(t.page) && t.page[i] != '=' && !endsName(t.page[i]) {
		i++
	}
	name := t.page[start:i]
	for i < len(t.page) && isSpace(t.page[i]) {
		i++
	}
	var value []byte
	if i < len(t.page) && t.page[i] == '=' {
		value, i = t.value(i + 1)
	}
	if t.n < maxAttributes {
		t.attrs[t.n] = attribute{name, value}
		t.n++
	}
	return i
}

// value reads an attribute's value from i on and gives where it ends.
func (t *tokens) value(i int) ([]byte, int) {
	for i < len(t.page) && isSpace(t.page[i]) {
		i++
	}
	if i >= len(t.page) || t.page[i] == '>' {
		return nil, i
	}
	if quote := t.page[i]; quote == '"' || quote == '\'' {
		i++
		j := bytes.IndexByte(t.page[i:], quote)
		if j < 0 {
			return nil, len(t.page)
		}
		return t.page[i : i+j], i + j + 1
	}
	start := i
	for i < len(t.page) && !isSpace(t.page[i]) && t.page[i] != '>' {
		i++
	}
	return t.page[start:i], i
}

// attr gives the value of a tag's attribute, named in lower case, and whether it
// is there.
func (t *tokens) attr(name string) ([]byte, bool) {
	for _, a := range t.attrs[:t.n] {
		if isNamed(a.name, name) {
			return a.value, true
		}
	}
	return nil, false
}

// lookup gives the atom of a tag's name in any case.
func lookup(name []byte) atom.Atom {
	var lower [16]byte
	if len(name) > len(lower) {
		return 0
	}
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		lower[i] = c
	}
	return atom.Lookup(lower[:len(name)])
}

// isRaw reports the elements whose content is no markup. The content of noscript
// is, for a reader without scripts.
func isRaw(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Textarea, atom.Title, atom.Iframe, atom.Noembed, atom.Noframes, atom.Xmp, atom.Plaintext:
		return true
	}
	return false
}

func isLetter(c byte) bool { c |= 0x20; return c >= 'a' && c <= 'z' }

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

func endsName(c byte) bool { return c == '>' || c == '/' || isSpace(c) }

// isNamed reports whether b is a name, given in lower case, in any case.
func isNamed(b []byte, name string) bool { return len(b) == len(name) && equalFold(b, name) }

// equalFold reports whether b is s, which is ASCII in lower case, in any case.
func equalFold(b []byte, s string) bool {
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != s[i] {
			return false
		}
	}
	return true
}
