package configs

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
)

// Decode reads YAML into out, a pointer to a struct, map or slice. It is
// strict: an unknown key, a value of the wrong type, a key given twice and bad
// syntax are faults, and all of a file's faults are returned together, as
// Errors. What out holds already are the defaults: only what the file says is
// overwritten.
//
// A struct's keys are its fields' yaml tags. Strings, booleans, numbers,
// time.Duration (as ParseDuration reads it), netip.Prefix, slices, maps with
// string keys, structs, pointers and every type with an UnmarshalText are
// read; Defaulter, Checker and NodeDecoder let a type do more. A key without a
// value is a key left out. Anchors and aliases work within limits; tags, merge
// keys and several documents in one file are faults.
func Decode(file string, data []byte, out any) error {
	doc := Open(file, data)
	doc.Decode(out)
	return doc.Err()
}

// Document is a YAML file that remembers where everything stood, so that what
// is found wrong with a decoded value later is reported like any other fault.
// It isn't safe for concurrent use.
//
//	doc := configs.Open(name, data)
//	doc.Decode(&pack)
//	for i, s := range pack.Signals {
//		if !known[s.Concept] {
//			doc.Fault(configs.At("signals", i, "concept"), "no such concept").Near(s.Concept, names)
//		}
//	}
//	return doc.Err()
type Document struct {
	file   string
	lines  []string // of the source, without line ends
	root   ast.Node // nil: empty, or nothing could be read
	broken bool     // something couldn't be read as YAML and was skipped

	resting []byte       // the source, while root is let go of; see Rest
	form    reflect.Type // what the document was decoded into last

	aliases map[*ast.AliasNode]ast.Node // what each alias stands for
	slips   map[slip]bool               // keys that were taken for slips of others
	faults  Errors

	expand   func(string) (string, error) // nil: values are taken as they are
	expanded map[ast.Node]bool            // values that aren't what the file says
	unfilled map[ast.Node]bool            // values with a ${…} that couldn't be replaced
	public   *public                      // nil: every line may be shown
}

// Position is a place in a file, in lines and characters from 1.
type Position struct{ Line, Column int }

// Path leads to a value in a document: a string is a key, an int the index of
// a list's entry.
type Path []any

// At is the path made of these keys and indices.
func At(steps ...any) Path { return steps }

// Open reads data as YAML. It always gives a document: bad syntax is among
// the faults that Err returns, and what could be read beside it is there.
func Open(file string, data []byte) *Document {
	return open(&Document{file: file}, data)
}

// Decode reads the document into out, as the function Decode does, and reports
// whether it found no fault in doing so.
func (d *Document) Decode(out any) bool {
	d.wake()
	d.form = reflect.TypeOf(out)
	return d.decode(d.root, out)
}

// Rest lets go of the document's syntax tree, which takes many times the room of
// the file, until a place in it is asked for; then it is read again from data,
// the bytes that the document was opened with. One with faults stays awake.
func (d *Document) Rest(data []byte) {
	if len(d.faults) == 0 && d.root != nil {
		d.root, d.aliases, d.expanded, d.unfilled, d.resting = nil, nil, nil, nil, data
	}
}

// wake reads a resting document again. Which of its values aren't what the file
// says shows only when it is decoded.
func (d *Document) wake() {
	if d.resting == nil {
		return
	}
	again := open(&Document{file: d.file, expand: d.expand, public: d.public}, d.resting)
	if d.expand != nil && d.form != nil {
		again.Decode(reflect.New(d.form.Elem()).Interface())
	}
	d.root, d.aliases, d.expanded, d.unfilled, d.resting = again.root, again.aliases, again.expanded, again.unfilled, nil
}

// Broken reports whether parts of the document were skipped for bad syntax:
// what seems to be missing from it may be there.
func (d *Document) Broken() bool { return d.broken }

// Pos gives the place of the value at path. A value that is a group of keys, or
// a list below its key, stands where its key stands.
func (d *Document) Pos(path Path) (Position, bool) {
	n, key, ok := d.find(path)
	if !ok {
		return Position{}, false
	}
	return d.place(n, key), true
}

// Fault adds a fault at the value that path leads to; where the document
// doesn't have it, at the last step that it has. The fault is returned for a
// hint to be added. msg is a sentence without its full stop.
func (d *Document) Fault(path Path, msg string) *Error {
	n, key, _ := d.find(path)
	return d.fault(d.place(n, key), msg)
}

// FaultKey is Fault with the caret under the last step's key.
func (d *Document) FaultKey(path Path, msg string) *Error {
	n, key, _ := d.find(path)
	if key != nil {
		n = key
	}
	return d.fault(d.place(n, nil), msg)
}

// FaultIn is Fault with the caret under the offset-th byte of the text at
// path, be it plain, quoted or a block.
func (d *Document) FaultIn(path Path, offset int, msg string) *Error {
	n, key, ok := d.find(path)
	if !ok {
		return d.fault(d.place(n, key), msg)
	}
	return d.fault(d.within(n, offset), msg)
}

// Err gives all faults found so far, from top to bottom, as Errors; nil where
// there is none.
func (d *Document) Err() error { return d.all().err() }

// all renders the faults: only now is it known which lines may be shown.
func (d *Document) all() Errors {
	for _, f := range d.faults {
		if f.Line > 0 && f.Line <= len(d.lines) {
			f.Snippet = d.snippet(f.Line, f.Column)
		}
	}
	return d.faults.sorted()
}

func (d *Document) fault(p Position, msg string) *Error {
	if len(d.lines) > 0 {
		p = d.onSource(p)
	}
	e := &Error{File: d.file, Line: p.Line, Column: p.Column, Msg: msg}
	d.faults = append(d.faults, e)
	return e
}

// find follows path as far as the document has it. It gives the last node, the
// key that it stands at (nil in a list), and whether the whole path is there.
func (d *Document) find(path Path) (n, key ast.Node, ok bool) {
	d.wake()
	n = d.root
	for _, step := range path {
		var next, at ast.Node
		switch step := step.(type) {
		case string:
			for _, pair := range pairs(d.resolve(n)) {
				if keyText(pair.Key) == step {
					next, at = pair.Value, pair.Key
					break
				}
			}
		case int:
			if list, isList := d.resolve(n).(*ast.SequenceNode); isList && step >= 0 && step < len(list.Values) {
				next = list.Values[step]
			}
		}
		if next == nil {
			return n, key, false
		}
		n, key = next, at
	}
	return n, key, n != nil
}

// place is where a caret for n belongs: at the value, or at its key where the
// value stands on lines of its own or is nothing.
func (d *Document) place(n, key ast.Node) Position {
	if n == nil {
		return Position{1, 1}
	}
	if key != nil {
		switch v := n.(type) {
		case *ast.NullNode:
			return d.place(key, nil)
		case *ast.MappingNode:
			if !v.IsFlowStyle {
				return d.place(key, nil)
			}
		case *ast.SequenceNode:
			if !v.IsFlowStyle {
				return d.place(key, nil)
			}
		case *ast.MappingValueNode:
			return d.place(key, nil)
		}
	}
	switch v := n.(type) {
	case *ast.MappingNode:
		if !v.IsFlowStyle && len(v.Values) > 0 {
			return d.place(v.Values[0].Key, nil)
		}
	case *ast.MappingValueNode:
		return d.place(v.Key, nil)
	}
	t := n.GetToken()
	return d.onSource(position(t))
}

// resolve is what n stands for: aliases followed, anchors and tags passed
// through; nil where that was reported.
func (d *Document) resolve(n ast.Node) ast.Node {
	for {
		switch v := n.(type) {
		case *ast.AnchorNode:
			n = v.Value
		case *ast.AliasNode:
			n = d.aliases[v]
		case *ast.TagNode:
			n = v.Value
		default:
			return n
		}
	}
}

// within is the place of the offset-th byte of n's text: the text and its
// source are read side by side, over escapes, quotes, folds and indentation.
// Where they part, it is the beginning of n.
func (d *Document) within(n ast.Node, offset int) Position {
	start := d.place(n, nil)
	text, ok := scalarText(n)
	if !ok || d.expanded[n] {
		return start
	}
	lit, isBlock := n.(*ast.LiteralNode)
	if isBlock {
		start = Position{lit.Start.Position.Line + 1, 1}
	}
	source := newCursor(d.lines, start)
	if q := source.peek(); !isBlock && (q == '"' || q == '\'') {
		source.quote = source.next()
	}
	for i, r := range text {
		at, ok := source.match(r)
		if !ok {
			return d.place(n, nil)
		}
		if i >= offset {
			return at
		}
	}
	return source.pos
}

// pairs are the keys and values of a mapping, nothing for any other node.
func pairs(n ast.Node) []*ast.MappingValueNode {
	switch v := n.(type) {
	case *ast.MappingNode:
		return v.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{v}
	}
	return nil
}

// keyText is a key as the file has it, without quotes.
func keyText(key ast.MapKeyNode) string {
	if t := key.GetToken(); t != nil {
		return t.Value
	}
	return ""
}

// scalarText is the text of a string node, as YAML means it.
func scalarText(n ast.Node) (string, bool) {
	switch v := n.(type) {
	case *ast.StringNode:
		return v.Value, true
	case *ast.LiteralNode:
		return v.Value.Value, true
	}
	return "", false
}

// clean makes the source one that can be shown and parsed: line ends become
// \n, a byte order mark is dropped, and each line with bytes that no YAML file
// may hold is reported once.
func (d *Document) clean(data []byte) string {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		d.lines = []string{""}
		d.fault(Position{1, 1}, "this is UTF-16: save the file as UTF-8")
		return ""
	}
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	src := string(data)
	d.lines = strings.Split(src, "\n")
	if utf8.ValidString(src) && !strings.ContainsFunc(src, forbidden) {
		return src
	}
	for i, line := range d.lines {
		if !utf8.ValidString(line) {
			at := invalidAt(line)
			d.fault(Position{i + 1, at + 1}, "this isn't UTF-8: save the file in that encoding")
		} else if at := strings.IndexFunc(line, forbidden); at >= 0 {
			r, _ := utf8.DecodeRuneInString(line[at:])
			d.fault(Position{i + 1, utf8.RuneCountInString(line[:at]) + 1}, fmt.Sprintf("the control character %U can't stand in YAML", r))
		}
		d.lines[i] = strings.Map(func(r rune) rune {
			if forbidden(r) {
				return '?'
			}
			return r
		}, strings.ToValidUTF8(line, "?"))
	}
	return strings.Join(d.lines, "\n")
}

// forbidden are the characters that YAML 1.2, section 5.1, doesn't allow.
func forbidden(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' || r >= 0x7f && r < 0xa0 && r != 0x85 || r == 0xfffe || r == 0xffff
}

// invalidAt counts the characters before the first byte that isn't UTF-8.
func invalidAt(line string) int {
	at := 0
	for len(line) > 0 {
		r, size := utf8.DecodeRuneInString(line)
		if r == utf8.RuneError && size == 1 {
			break
		}
		line = line[size:]
		at++
	}
	return at
}

// snippet is the line with its caret, without what mustn't be seen.
func (d *Document) snippet(line, column int) string {
	text := userinfo.ReplaceAllString(d.lines[line-1], "://"+hidden+"@")
	if from, hide := d.hides(line); hide {
		text = string([]rune(text)[:from]) + hidden
		column = min(column, from+1)
	}
	return Snippet(text, column)
}

// userinfo is the name and password in an address.
var userinfo = regexp.MustCompile(`://[^/\s"']*@`)

// public is what a document with secrets may still show of itself: the lines of
// some sections, and elsewhere those of some keys.
type public struct{ sections, keys []string }

// hides reports whether a line may hold a secret, and from which character on.
// Outside the public sections and keys only a line's key may be seen, and of a
// line without one nothing. It goes by lines, since a file that can't be
// parsed has secrets too.
func (d *Document) hides(line int) (from int, hide bool) {
	if d.public == nil || slices.Contains(d.public.sections, d.section(line)) {
		return 0, false
	}
	text := d.lines[line-1]
	trimmed := strings.TrimLeft(text, " \t")
	if trimmed == "" || trimmed[0] == '#' {
		return 0, false
	}
	m := keyLine.FindStringSubmatch(text)
	if m == nil {
		return utf8.RuneCountInString(text) - utf8.RuneCountInString(trimmed), true
	}
	value := m[3]
	plain := Nearest(strings.Trim(m[2], `"'`), d.public.keys) != "" && !strings.ContainsAny(value, "{&*")
	if value == "" || plain || onlyNames.MatchString(value) {
		return 0, false
	}
	return utf8.RuneCountInString(text) - utf8.RuneCountInString(value), true
}

// section is the key at the left margin that a line stands below.
func (d *Document) section(line int) string {
	for i := line - 1; i >= 0; i-- {
		if m := keyLine.FindStringSubmatch(d.lines[i]); m != nil && m[1] == "" {
			return strings.Trim(m[2], `"'`)
		}
	}
	return ""
}
