package configs

import (
	"encoding"
	"fmt"
	"math"
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/goccy/go-yaml/ast"
)

// Defaulter fills in what a list's entry, a map's value or a pointer's target
// has before the file is read into it.
type Defaulter interface{ SetDefaults() }

// Checker says what is wrong with a value that was read without fault. The
// error is reported where the value stands; errors that were joined, each.
type Checker interface{ Check() error }

// NodeDecoder reads a value that may have more than one form. It reports what
// is wrong by the node's Fault.
type NodeDecoder interface{ DecodeNode(n Node) }

// Node is one value of a document.
type Node struct {
	doc *Document
	n   ast.Node
}

// Kind is what a value is in YAML.
type Kind int

// The kinds of value.
const (
	Nothing Kind = iota // a key without a value, or null
	Scalar              // a text, number, true or false
	List
	Group // keys and values
)

// Kind tells what the value is, aliases followed.
func (n Node) Kind() Kind {
	switch n.doc.resolve(n.n).(type) {
	case nil, *ast.NullNode:
		return Nothing
	case *ast.SequenceNode:
		return List
	case *ast.MappingNode, *ast.MappingValueNode:
		return Group
	}
	return Scalar
}

// Has reports whether the value is a group of keys with this one among them.
func (n Node) Has(key string) bool {
	return slices.ContainsFunc(pairs(n.doc.resolve(n.n)), func(p *ast.MappingValueNode) bool {
		return keyText(p.Key) == key
	})
}

// Decode reads the value into out, a pointer, and reports whether it found no
// fault. A type's own DecodeNode mustn't pass itself.
func (n Node) Decode(out any) bool { return n.doc.decode(n.n, out) }

// Pos is where the value stands.
func (n Node) Pos() Position { return n.doc.place(n.n, nil) }

// Fault adds a fault at the value.
func (n Node) Fault(msg string) *Error { return n.doc.fault(n.Pos(), msg) }

// decode reads n into what out points to, and reports whether it found no
// fault.
func (d *Document) decode(n ast.Node, out any) bool {
	v := reflect.ValueOf(out)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		panic("configs: Decode needs a pointer that isn't nil")
	}
	before := len(d.faults)
	if n != nil {
		d.value(n, v.Elem())
	}
	return len(d.faults) == before
}

// value reads n into v, which can be set.
func (d *Document) value(n ast.Node, v reflect.Value) {
	n = d.resolve(n)
	if n == nil { // an alias that was reported
		return
	}
	if own, ok := v.Addr().Interface().(NodeDecoder); ok {
		own.DecodeNode(Node{d, n})
		return
	}
	if _, nothing := n.(*ast.NullNode); nothing {
		return
	}
	before := len(d.faults)
	d.plain(n, v)
	if len(d.faults) > before {
		return
	}
	if own, ok := v.Addr().Interface().(Checker); ok {
		for _, err := range unjoin(own.Check()) {
			d.fault(d.place(n, nil), d.reason(n, err))
		}
	}
}

// plain reads n into v by v's type.
func (d *Document) plain(n ast.Node, v reflect.Value) {
	switch v.Interface().(type) {
	case time.Duration:
		d.duration(n, v)
		return
	case netip.Prefix:
		d.prefix(n, v)
		return
	}
	if own, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if text, ok := d.text(n); ok {
			if err := own.UnmarshalText([]byte(text)); err != nil {
				d.fault(d.place(n, nil), d.reason(n, err))
			}
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		if text, ok := d.text(n); ok {
			v.SetString(text)
		}
	case reflect.Bool:
		d.boolean(n, v)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		d.integer(n, v)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		d.unsigned(n, v)
	case reflect.Float32, reflect.Float64:
		d.float(n, v)
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(fresh(v.Type().Elem()))
		}
		d.value(n, v.Elem())
	case reflect.Slice:
		d.list(n, v)
	case reflect.Map:
		d.table(n, v)
	case reflect.Struct:
		d.group(n, v)
	default:
		panic("configs: Decode can't fill a " + v.Type().String())
	}
}

// fresh is a pointer to a new value with its defaults.
func fresh(t reflect.Type) reflect.Value {
	p := reflect.New(t)
	if own, ok := p.Interface().(Defaulter); ok {
		own.SetDefaults()
	}
	return p
}

func (d *Document) list(n ast.Node, v reflect.Value) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		e := d.wrong(n, "a list")
		if text, isText := scalarText(n); isText && !d.private(n) && !strings.ContainsAny(text, "[]{},#:") {
			e.Msg += fmt.Sprintf(": write [%s]", abridge(text))
		}
		return
	}
	out := reflect.MakeSlice(v.Type(), 0, len(list.Values))
	for _, one := range list.Values {
		p := fresh(v.Type().Elem())
		if d.empty(one) {
			d.fault(d.place(one, nil), "this entry of the list is empty")
		} else {
			d.value(one, p.Elem())
		}
		out = reflect.Append(out, p.Elem())
	}
	v.Set(out)
}

func (d *Document) empty(n ast.Node) bool {
	_, nothing := d.resolve(n).(*ast.NullNode)
	return nothing
}

func (d *Document) table(n ast.Node, v reflect.Value) {
	if !isGroup(n) {
		d.wrong(n, "a group of keys and values")
		return
	}
	if v.Type().Key().Kind() != reflect.String {
		panic("configs: Decode needs maps with string keys, not " + v.Type().String())
	}
	out := reflect.MakeMap(v.Type())
	for _, pair := range d.first(n) {
		if d.empty(pair.Value) {
			d.fault(d.place(pair.Key, nil), "there is nothing after this key")
			continue
		}
		p := fresh(v.Type().Elem())
		d.value(pair.Value, p.Elem())
		out.SetMapIndex(reflect.ValueOf(keyText(pair.Key)).Convert(v.Type().Key()), p.Elem())
	}
	v.Set(out)
}

func (d *Document) group(n ast.Node, v reflect.Value) {
	if !isGroup(n) {
		d.wrong(n, "a group of keys and values")
		return
	}
	fields := fieldsOf(v.Type())
	for _, pair := range d.first(n) {
		name := keyText(pair.Key)
		index, known := fields.index[name]
		if !known {
			d.unknown(n, pair.Key, fields.names)
			continue
		}
		d.value(pair.Value, v.FieldByIndex(index))
	}
}

func isGroup(n ast.Node) bool {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return true
	}
	return false
}

// first are the pairs of a mapping without those whose key was reported: given
// before, or no plain word.
func (d *Document) first(n ast.Node) []*ast.MappingValueNode {
	var out []*ast.MappingValueNode
	seen := map[string]bool{}
	for _, pair := range pairs(n) {
		switch pair.Key.(type) {
		case *ast.MergeKeyNode, *ast.MappingKeyNode, *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
			continue
		}
		if name := keyText(pair.Key); !seen[name] {
			seen[name] = true
			out = append(out, pair)
		}
	}
	return out
}

// unknown reports a key that the type of the group in doesn't have.
func (d *Document) unknown(in ast.Node, key ast.MapKeyNode, known []string) {
	name := keyText(key)
	e := d.fault(d.place(key, nil), fmt.Sprintf("unknown key %q", abridge(name))).Near(name, known)
	if e.Hint == "" {
		e.Msg += ": the keys here are " + strings.Join(known, ", ")
		return
	}
	d.slips[slip{in, e.Hint}] = true
}

// slip is a key that a group has under a wrong name.
type slip struct {
	in  ast.Node
	key string
}

// Slipped reports whether the group at path has a key that was taken for a slip
// of this one.
func (d *Document) Slipped(path Path, key string) bool {
	n, _, ok := d.find(path)
	return ok && d.slips[slip{d.resolve(n), key}]
}

// Faulty reports whether a fault has been found at the value at path.
func (d *Document) Faulty(path Path) bool {
	if len(d.faults) == 0 {
		return false // without waking it
	}
	at, ok := d.Pos(path)
	return ok && slices.ContainsFunc(d.faults, func(f *Error) bool { return f.Line == at.Line && f.Column == at.Column })
}

// fields are a struct's keys, in the order of its fields, and where they lead.
type fields struct {
	names []string
	index map[string][]int
}

var fieldCache sync.Map // reflect.Type → fields

func fieldsOf(t reflect.Type) fields {
	if known, ok := fieldCache.Load(t); ok {
		return known.(fields)
	}
	all := fields{index: map[string][]int{}}
	for _, f := range reflect.VisibleFields(t) {
		tag := f.Tag.Get("yaml")
		name, options, _ := strings.Cut(tag, ",")
		inlined := f.Anonymous && (options == "inline" || tag == "")
		if !f.IsExported() || name == "-" || inlined {
			continue
		}
		if name == "" {
			name = strings.ToLower(f.Name)
		}
		all.names = append(all.names, name)
		all.index[name] = f.Index
	}
	fieldCache.Store(t, all)
	return all
}

// text is the value of a scalar that has to be a text, with its ${…} replaced.
func (d *Document) text(n ast.Node) (string, bool) {
	raw, ok := scalarText(n)
	if !ok {
		e := d.wrong(n, "a text")
		switch n.(type) {
		case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
			e.Msg += ": put it in quotes"
		}
		return "", false
	}
	return d.expanding(n, raw)
}

// loose is the text of any scalar, for values that are read from their text.
func (d *Document) loose(n ast.Node) (string, bool) {
	if raw, ok := scalarText(n); ok {
		return d.expanding(n, raw)
	}
	switch n.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", true
}

// expanding replaces the ${…} of a text where this document has any.
func (d *Document) expanding(n ast.Node, raw string) (string, bool) {
	if d.expand == nil || !strings.Contains(raw, "$") {
		return raw, true
	}
	text, err := d.expand(raw)
	if err != nil {
		at := d.place(n, nil)
		if e, ok := err.(*expandError); ok {
			at = d.within(n, e.offset)
		}
		d.fault(at, err.Error())
		d.unfilled[n] = true
		return "", false
	}
	if strings.Contains(raw, "${") {
		d.expanded[n] = true
	}
	return text, true
}

func (d *Document) duration(n ast.Node, v reflect.Value) {
	text, ok := d.loose(n)
	if !ok {
		return
	}
	length, err := ParseDuration(text)
	if err != nil {
		d.fault(d.place(n, nil), err.Error()+d.found(n))
		return
	}
	v.SetInt(int64(length))
}

// prefix reads a range of addresses, or one address as the range of itself.
func (d *Document) prefix(n ast.Node, v reflect.Value) {
	text, ok := d.loose(n)
	if !ok {
		return
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		var a netip.Addr
		if a, err = netip.ParseAddr(text); err == nil && a.Zone() == "" {
			p, err = a.Prefix(a.BitLen())
		}
	}
	if err != nil || !p.IsValid() {
		d.wrong(n, "a range of addresses such as 10.0.0.0/8 or fd00::/8, or one address,")
		return
	}
	v.Set(reflect.ValueOf(p.Masked()))
}

func (d *Document) boolean(n ast.Node, v reflect.Value) {
	text, ok := d.loose(n)
	if !ok {
		return
	}
	_, isBool := n.(*ast.BoolNode)
	b, err := strconv.ParseBool(strings.ToLower(text))
	if !isBool && !d.expanded[n] || err != nil {
		d.wrong(n, "true or false")
		return
	}
	v.SetBool(b)
}

func (d *Document) integer(n ast.Node, v reflect.Value) {
	text, ok := d.number(n)
	if !ok {
		return
	}
	i, err := strconv.ParseInt(text, 10, v.Type().Bits())
	if err != nil {
		d.wrong(n, "a whole number"+bounds(v))
		return
	}
	v.SetInt(i)
}

func (d *Document) unsigned(n ast.Node, v reflect.Value) {
	text, ok := d.number(n)
	if !ok {
		return
	}
	u, err := strconv.ParseUint(text, 10, v.Type().Bits())
	if err != nil {
		d.wrong(n, "a whole number from 0"+bounds(v))
		return
	}
	v.SetUint(u)
}

func (d *Document) float(n ast.Node, v reflect.Value) {
	text, ok := d.number(n)
	if !ok {
		return
	}
	f, err := strconv.ParseFloat(text, v.Type().Bits())
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		d.wrong(n, "a number")
		return
	}
	v.SetFloat(f)
}

// number is the text of a scalar that isn't a quoted text; of one that is,
// nothing that is a number.
func (d *Document) number(n ast.Node) (string, bool) {
	text, ok := d.loose(n)
	if _, quoted := scalarText(n); quoted && !d.expanded[n] {
		return "", ok
	}
	return strings.ReplaceAll(text, "_", ""), ok
}

// bounds says which numbers a small type can hold.
func bounds(v reflect.Value) string {
	if v.Type().Bits() == 64 {
		return ""
	}
	return fmt.Sprintf(" of at most %d bits", v.Type().Bits())
}

// wrong reports a value of another type than the one expected.
func (d *Document) wrong(n ast.Node, expected string) *Error {
	return d.fault(d.place(n, nil), expected+" is expected here"+d.found(n))
}

// found says what stands there instead, without what mustn't be seen.
func (d *Document) found(n ast.Node) string {
	if d.private(n) {
		return ""
	}
	switch v := n.(type) {
	case *ast.StringNode, *ast.LiteralNode:
		text, _ := scalarText(v)
		return fmt.Sprintf(", not the text %q", abridge(text))
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return ", not the number " + abridge(n.GetToken().Value)
	case *ast.BoolNode:
		return ", not " + n.GetToken().Value
	case *ast.SequenceNode:
		return ", not a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		return ", not a group of keys"
	}
	return ""
}

// private reports whether the value of n must not be printed.
func (d *Document) private(n ast.Node) bool {
	if d.expanded[n] {
		return true
	}
	_, hide := d.hides(d.place(n, nil).Line)
	return hide
}

// reason is an error's text, unless it might quote a value that must not be
// printed.
func (d *Document) reason(n ast.Node, err error) string {
	if d.private(n) {
		return "this value can't be used here"
	}
	return err.Error()
}

// unjoin gives the errors that errors.Join put together.
func unjoin(err error) []error {
	if err == nil {
		return nil
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		return many.Unwrap()
	}
	return []error{err}
}

// abridge makes a text from a file fit for a message: one line, nothing that
// can't be printed, and not long.
func abridge(text string) string {
	const most = 60
	runes := []rune(text)
	cut := len(runes) > most
	if cut {
		runes = runes[:most]
	}
	for i, r := range runes {
		if !unicode.IsPrint(r) {
			runes[i] = ' '
		}
	}
	if cut {
		return string(runes) + "…"
	}
	return string(runes)
}
