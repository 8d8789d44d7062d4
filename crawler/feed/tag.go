package feed

import (
	"iter"
	"strings"

	"driftwatch/crawler/plain"
)

// tag is a start or end tag as it was written.
type tag struct {
	name  string // with its prefix
	attrs string // what stands between the name and the bracket
	end   bool   // an end tag
	empty bool   // a start tag that ends itself
}

// tag moves past the next start or end tag and gives it. It reports false where
// there is none any more. Text, comments, instructions and declarations are
// passed over.
func (m *mender) tag() (tag, bool) {
	for {
		i := strings.IndexByte(m.s[m.pos:], '<')
		if i < 0 {
			m.pos = len(m.s)
			return tag{}, false
		}
		m.pos += i + 1
		rest := m.s[m.pos:]
		switch {
		case strings.HasPrefix(rest, "!--"):
			m.skipTo("-->")
		case strings.HasPrefix(rest, cdata[1:]):
			m.skipTo("]]>")
		case strings.HasPrefix(rest, "?"):
			m.skipTo(">")
		case strings.HasPrefix(rest, "!"):
			m.skipDeclaration()
		default:
			if t, ok := m.tagHere(); ok {
				return t, true
			}
		}
	}
}

// skipTo moves past the next mark, or nowhere where there is none.
func (m *mender) skipTo(mark string) {
	if i := strings.Index(m.s[m.pos:], mark); i >= 0 {
		m.pos += i + len(mark)
	} else if mark != ">" {
		m.pos = len(m.s)
	}
}

// skipDeclaration moves past a document type declaration, with the entities
// that it declares: none of them is ever expanded.
func (m *mender) skipDeclaration() {
	end := strings.IndexByte(m.s[m.pos:], '>')
	subset := strings.IndexByte(m.s[m.pos:], '[')
	if subset >= 0 && subset < end {
		m.skipTo("]")
	}
	m.skipTo(">")
}

// tagHere reads the tag whose bracket was just passed.
func (m *mender) tagHere() (tag, bool) {
	t := tag{}
	start := m.pos
	if strings.HasPrefix(m.s[start:], "/") {
		t.end = true
		start++
	}
	t.name = nameAt(m.s[start:])
	if t.name == "" {
		return tag{}, false
	}
	from := start + len(t.name)
	end := bracket(m.s[from:])
	if end < 0 {
		if t.end {
			// The last end tag of a feed may lack its bracket.
			m.pos = len(m.s)
			return t, true
		}
		m.pos = len(m.s)
		return tag{}, false
	}
	m.pos = from + end + 1
	t.attrs = m.s[from : from+end]
	if !t.end && strings.HasSuffix(t.attrs, "/") {
		t.empty, t.attrs = true, t.attrs[:len(t.attrs)-1]
	}
	return t, true
}

// bracket finds the ">" that ends a tag. A ">" in a value doesn't; a quote that
// never closes is no quote, and neither is one that closes only after more than
// any tag has.
func bracket(s string) int {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '>':
			return i
		case '"', '\'':
			if i == 0 || s[i-1] != '=' && s[i-1] != ' ' {
				continue
			}
			if n := strings.IndexByte(s[i+1:min(len(s), i+maxValue)], c); n >= 0 {
				i += n + 1
			}
		}
	}
	return -1
}

// maxValue is how long an attribute's value may be.
const maxValue = 8 << 10

// nameAt gives the name at the start of s, with its prefix.
func nameAt(s string) string {
	n := 0
	for n < len(s) && n < 64 && isNameByte(s[n], n > 0) {
		n++
	}
	return s[:n]
}

func isNameByte(c byte, inside bool) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80 ||
		inside && (c >= '0' && c <= '9' || c == '-' || c == ':' || c == '.')
}

// local is the name without its prefix, in lower case.
func (t tag) local() string {
	if i := strings.LastIndexByte(t.name, ':'); i >= 0 {
		return strings.ToLower(t.name[i+1:])
	}
	return strings.ToLower(t.name)
}

// attr gives the value of the attribute of that name, in any case and, unless
// the name has one, with any prefix.
func (t tag) attr(name string) string {
	if len(t.attrs) < len(name) {
		return ""
	}
	for key, value := range t.all() {
		if key == name {
			return value
		}
		if i := strings.IndexByte(key, ':'); i >= 0 && key[i+1:] == name {
			return value
		}
	}
	return ""
}

// all gives the attributes, their names in lower case.
func (t tag) all() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		s := t.attrs
		for {
			s = strings.TrimLeft(s, " \t\r\n/\"'=")
			name := nameAt(s)
			if name == "" {
				if s == "" {
					return
				}
				s = s[1:]
				continue
			}
			var value string
			value, s = valueAt(s[len(name):])
			if !yield(strings.ToLower(name), plain.Unescape(value)) {
				return
			}
		}
	}
}

// valueAt reads the value after an attribute's name, and what follows it.
func valueAt(s string) (value, rest string) {
	trimmed := strings.TrimLeft(s, " \t\r\n")
	after, ok := strings.CutPrefix(trimmed, "=")
	if !ok {
		return "", s
	}
	after = strings.TrimLeft(after, " \t\r\n")
	if after == "" {
		return "", ""
	}
	if q := after[0]; q == '"' || q == '\'' {
		if end := strings.IndexByte(after[1:], q); end >= 0 {
			return after[1 : 1+end], after[2+end:]
		}
		after = after[1:]
	}
	end := strings.IndexAny(after, " \t\r\n")
	if end < 0 {
		end = len(after)
	}
	return after[:end], after[end:]
}

// equalFold is strings.EqualFold for names, which are short and mostly differ
// in their length.
func equalFold(a, b string) bool {
	return len(a) == len(b) && strings.EqualFold(a, b)
}
