package configs

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits on what a file may make the reader do.
const (
	maxBytes  = 8 << 20 // of one file
	maxDepth  = 64      // of lists and groups in each other
	maxCopies = 20_000  // values that aliases may add up to
	maxBroken = 20      // places of bad syntax looked for in one file
)

// open fills the document from data: bytes, then syntax, then anchors.
func open(d *Document, data []byte) *Document {
	d.expanded, d.unfilled = map[ast.Node]bool{}, map[ast.Node]bool{}
	d.aliases, d.slips = map[*ast.AliasNode]ast.Node{}, map[slip]bool{}
	if len(data) > maxBytes {
		d.fault(Position{}, fmt.Sprintf("the file is larger than %d MiB", maxBytes>>20))
		d.broken = true
		return d
	}
	d.root = d.parse(d.clean(data))
	if d.root != nil {
		l := linker{doc: d, anchors: map[string]ast.Node{}, sizes: map[ast.Node]int{}}
		l.link(d.root, 1)
		if l.cut {
			d.root = nil
		}
	}
	return d
}

// parse reads the source. At bad syntax it reports it, blanks the list entry
// or section that it is in, and reads the rest.
func (d *Document) parse(src string) ast.Node {
	for range maxBroken {
		file, bad := parseYAML(src)
		if bad == nil {
			return d.only(file)
		}
		d.broken = true
		at := d.onSource(bad.at)
		if d.bareExpansion(at) {
			at.Column, bad.msg = at.Column-1, "between brackets a ${…} has to stand in quotes"
		} else if tab := quotedTab.FindStringIndex(d.lines[at.Line-1]); tab != nil {
			at.Column, bad.msg = utf8.RuneCountInString(d.lines[at.Line-1][:tab[1]]), `between double quotes a tab is written \t`
		} else if quoted := closedEarly.FindStringIndex(d.lines[at.Line-1]); quoted != nil {
			at.Column, bad.msg = utf8.RuneCountInString(d.lines[at.Line-1][:quoted[1]]), `the quotes ended before this: inside "…" a quote is written \"; or put all of it between ' and '`
		}
		d.fault(at, bad.msg)
		rest, ok := blank(src, bad.at.Line)
		if !ok {
			return nil
		}
		src = rest
	}
	return nil
}

// only is the body of the file's one document.
func (d *Document) only(file *ast.File) ast.Node {
	var body ast.Node
	for _, one := range file.Docs {
		if _, directive := one.Body.(*ast.DirectiveNode); directive || one.Body == nil {
			continue
		}
		if body != nil {
			d.fault(d.place(one.Body, nil), "a second document begins here: one file holds one document, without ---")
			return body
		}
		body = one.Body
	}
	return body
}

// onSource moves a place that the parser gave to one that the source has.
func (d *Document) onSource(p Position) Position {
	p.Line = min(max(p.Line, 1), len(d.lines))
	p.Column = min(max(p.Column, 1), utf8.RuneCountInString(d.lines[p.Line-1])+1)
	return p
}

// bareExpansion reports whether the parser stumbled over the brace of a ${…}.
func (d *Document) bareExpansion(p Position) bool {
	line := []rune(d.lines[p.Line-1])
	return d.expand != nil && p.Column > 1 && p.Column <= len(line) && line[p.Column-1] == '{' && line[p.Column-2] == '$'
}

// quotedTab ends at a tab between double quotes, which the library stumbles over.
var quotedTab = regexp.MustCompile(`^[^"#]*(?:"[^"\t]*"[^"#]*)*"[^"\t]*\t`)

// closedEarly ends at what stands behind the closing quote of a key's value with
// nothing between them, as where a text in quotes has quotes in it.
var closedEarly = regexp.MustCompile(`^(?:\s|- )*[\w.-]+:\s+"(?:[^"\\]|\\.)*"[^\s,\]}:#"]`)

// badSyntax is why and where a source isn't YAML.
type badSyntax struct {
	at  Position
	msg string
}

// parseYAML is the library's parser behind the limits on depth. A panic of
// the parser is bad syntax too: the file may come from anywhere.
func parseYAML(src string) (file *ast.File, bad *badSyntax) {
	var last *token.Token
	defer func() {
		if recover() != nil {
			file, bad = nil, newBadSyntax("", last)
		}
	}()
	tokens := lexer.Tokenize(src)
	if deep := tooDeep(tokens); deep != nil {
		return nil, &badSyntax{position(deep), fmt.Sprintf("lists and groups stand more than %d deep in each other", maxDepth)}
	}
	if len(tokens) > 0 {
		last = tokens[0]
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	straighten(src, tokens)
	var syntax *yaml.SyntaxError
	switch {
	case err == nil:
		return file, nil
	case errors.As(err, &syntax):
		if quote := runaway(tokens, syntax.Token); quote != nil {
			return nil, newBadSyntax(openQuotes[quote.Type], quote)
		}
		if open := unclosed(tokens, syntax.Token); open != nil && strings.Contains(syntax.Message, "must be specified") {
			return nil, newBadSyntax(openWords[open.Type], open)
		}
		return nil, newBadSyntax(syntax.Message, syntax.Token)
	}
	return nil, newBadSyntax("", last)
}

// tooDeep is the token at which flow lists and groups, or list entries on one
// line, stand too deep in each other for a parser that calls itself.
func tooDeep(tokens token.Tokens) *token.Token {
	flow, entries, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, entries = t.Position.Line, 0
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			flow++
		case token.MappingEndType, token.SequenceEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType, token.AnchorType, token.TagType:
			entries++
		}
		if flow > maxDepth || entries > maxDepth {
			return t
		}
	}
	return nil
}

// straighten gives the tokens on lines with tabs their columns: the scanner
// doesn't count every tab. The parser has used the columns by then.
func straighten(src string, tokens token.Tokens) {
	if !strings.Contains(src, "\t") {
		return
	}
	lines := strings.Split(src, "\n")
	line, at := 0, 0 // bytes of the line that tokens were found in
	for _, t := range tokens {
		if t.Position.Line != line {
			line, at = t.Position.Line, 0
		}
		text, _, _ := strings.Cut(strings.TrimSpace(t.Origin), "\n")
		if line < 1 || line > len(lines) || text == "" || !strings.Contains(lines[line-1], "\t") {
			continue
		}
		if i := strings.Index(lines[line-1][at:], text); i >= 0 {
			t.Position.Column = utf8.RuneCountInString(lines[line-1][:at+i]) + 1
			at += i + len(text)
		}
	}
}

// openWords are the parser's words for a bracket without an end.
var openWords = map[token.Type]string{
	token.MappingStartType:  "flow mapping end token",
	token.SequenceStartType: "sequence end token",
}

// openQuotes are the parser's words for a quote without an end.
var openQuotes = map[token.Type]string{
	token.DoubleQuoteType: "end character of double-quot",
	token.SingleQuoteType: "end character of single-quot",
}

// runaway is the text in quotes that began on an earlier line and ends on the line
// that the parser stumbled over: where its own closing quote is missing, the
// opening one of the next text closes it.
func runaway(tokens token.Tokens, at *token.Token) *token.Token {
	for _, t := range tokens {
		if at == nil || t.Position.Line >= at.Position.Line {
			break
		}
		if _, quoted := openQuotes[t.Type]; quoted && t.Position.Line+strings.Count(strings.TrimSpace(t.Origin), "\n") == at.Position.Line {
			return t
		}
	}
	return nil
}

// unclosed is the bracket that is open where the parser stumbled over at, if
// that is on a later line: what it takes for an entry is the next key then.
func unclosed(tokens token.Tokens, at *token.Token) *token.Token {
	var open []*token.Token
	for _, t := range tokens {
		if at == nil || t == at || t.Position.Line > at.Position.Line {
			break
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			open = append(open, t)
		case token.MappingEndType, token.SequenceEndType:
			open = open[:max(len(open)-1, 0)]
		}
	}
	if len(open) == 0 || open[len(open)-1].Position.Line == at.Position.Line {
		return nil
	}
	return open[len(open)-1]
}

func position(t *token.Token) Position {
	if t == nil || t.Position == nil {
		return Position{1, 1}
	}
	return Position{t.Position.Line, t.Position.Column}
}

// newBadSyntax says in plain words what the parser found.
func newBadSyntax(msg string, t *token.Token) *badSyntax {
	for _, m := range syntaxWords {
		if strings.Contains(msg, m.has) {
			return &badSyntax{position(t), m.says}
		}
	}
	return &badSyntax{position(t), "this can't be read as YAML: look at the indentation, colons, quotes and brackets here and in the line above"}
}

var syntaxWords = []struct{ has, says string }{
	{"end character of double-quot", `a text begins here with " and never ends: the closing " is missing`},
	{"end character of single-quot", `a text begins here with ' and never ends: the closing ' is missing`},
	{"flow mapping end token", "a group begins here with { and never ends: the closing } is missing"},
	{"sequence end token", "a list begins here with [ and never ends: the closing ] is missing"},
	{"',' or '}'", "a comma or the closing } is missing before this"},
	{"',' or ']'", "a comma or the closing ] is missing before this"},
	{"corresponding to ']'", "this ] closes nothing"},
	{"corresponding to '}'", "this } closes nothing"},
	{"tab character", "a tab can't stand before a key: use spaces"},
	{"found character '\t'", "a tab can't indent in YAML: use spaces"},
	{"non-map value is specified", "a key and a colon are expected here, as above"},
	{"unexpected key name", "a colon is missing after this key, or the line is indented too far or too little"},
	{"mapping value is not allowed", "a second colon can't stand in this value: put the value in quotes, or, if the next key was meant, look at its indentation"},
	{"map key-value is pre-defined", "the indentation doesn't fit: this belongs neither to the key above nor to the list above"},
	{"value is not allowed in this context", "the indentation doesn't fit: this belongs to nothing above"},
	{"found expected ',' or", "a comma or the closing bracket is missing before this"},
	{"reserved character", "a value can't begin with this character: put it in quotes"},
	{"cannot start any token", "a value can't begin with this character: put it in quotes"},
	{"invalid key", "this isn't a key that YAML can read"},
	{"anchor", "this anchor (&) isn't one that YAML can read"},
	{"alias", "this alias (*) isn't one that YAML can read: put the value in quotes if it is a text"},
	{"tag", "tags (!) can't be used here: put the value in quotes if it is a text"},
}

// keyLine takes a line apart into its indentation and dashes, its key, and
// what follows the colon.
var keyLine = regexp.MustCompile(`^((?:\s|- )*)("[^"]*"|'[^']*'|[^\s:#{}\[\]"'&*!|>-][^:]*?)\s*:(?:\s+(.*))?$`)

// onlyNames is a value that says where a secret is, not what, or nothing.
var onlyNames = regexp.MustCompile(`^(?:["']?\$\{[\w:/.-]*\}["']?|\{\}|\[\])$`)

// blank empties the lines of the smallest part around the line that can be
// left out: a list's entry, or a section from its key at the left margin.
func blank(src string, line int) (string, bool) {
	lines := strings.Split(src, "\n")
	at := min(line, len(lines)) - 1
	for at > 0 && isSpace(lines[at]) {
		at--
	}
	first, depth := at, indent(lines[at])
	for first > 0 && !begins(lines[first], depth) {
		first--
		if !isSpace(lines[first]) {
			depth = min(depth, indent(lines[first]))
		}
	}
	last := at
	for last+1 < len(lines) && (isSpace(lines[last+1]) || indent(lines[last+1]) > indent(lines[first])) {
		last++
	}
	done := false
	for i := first; i <= last; i++ {
		done = done || lines[i] != ""
		lines[i] = ""
	}
	return strings.Join(lines, "\n"), done
}

// begins reports whether a list's entry that holds a line as deep as depth, or
// a section, begins here.
func begins(line string, depth int) bool {
	if isSpace(line) {
		return false
	}
	in := indent(line)
	return in == 0 || in <= depth && strings.HasPrefix(line[in:], "- ")
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

// isSpace reports whether a line says nothing.
func isSpace(line string) bool {
	t := strings.TrimSpace(line)
	return t == "" || t[0] == '#'
}

// linker finds what aliases stand for, and the faults that only a look at the
// whole tree shows: keys given twice, aliases that unfold without end, tags
// and merge keys.
type linker struct {
	doc     *Document
	anchors map[string]ast.Node // nil while the anchor's own value is read
	sizes   map[ast.Node]int    // of the values that anchors name, aliases unfolded
	copies  int
	cut     bool // the tree mustn't be walked
}

// link goes through n and gives the number of values in it, aliases unfolded.
func (l *linker) link(n ast.Node, depth int) int {
	if depth > maxDepth {
		l.doc.fault(l.doc.place(n, nil), fmt.Sprintf("lists and groups stand more than %d deep in each other", maxDepth))
		l.cut = true
		return 1
	}
	size := 1
	switch v := n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		size += l.pairs(pairs(v), depth)
	case *ast.SequenceNode:
		for _, one := range v.Values {
			size += l.link(one, depth+1)
		}
	case *ast.AnchorNode:
		size = l.anchor(v, depth)
	case *ast.AliasNode:
		size = l.alias(v)
	case *ast.TagNode:
		l.doc.fault(l.doc.place(v, nil), "tags (!) can't be used here: put the value in quotes if it is a text")
		if v.Value != nil {
			size = l.link(v.Value, depth+1)
		}
	}
	return size
}

func (l *linker) pairs(all []*ast.MappingValueNode, depth int) int {
	size := 0
	first := make(map[string]ast.Node, len(all))
	for _, pair := range all {
		name := keyText(pair.Key)
		switch key := pair.Key.(type) {
		case *ast.MergeKeyNode:
			l.doc.fault(l.doc.place(key, nil), "merge keys (<<) can't be used here: write the keys out")
		case *ast.MappingKeyNode, *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
			l.doc.fault(l.doc.place(key, nil), "a key is a plain word here")
		default:
			if before, twice := first[name]; twice {
				l.doc.fault(l.doc.place(key, nil), fmt.Sprintf("the key %q is given twice: it stands in line %d already", name, l.doc.place(before, nil).Line))
				break
			}
			first[name] = key
		}
		size += l.link(pair.Value, depth+1)
	}
	return size
}

func (l *linker) anchor(v *ast.AnchorNode, depth int) int {
	name := v.Name.GetToken().Value
	l.anchors[name] = nil
	size := l.link(v.Value, depth+1)
	l.anchors[name] = v.Value
	l.sizes[v.Value] = size
	return size
}

func (l *linker) alias(v *ast.AliasNode) int {
	name := v.Value.GetToken().Value
	target, known := l.anchors[name]
	switch {
	case !known:
		if !l.doc.broken {
			l.doc.fault(l.doc.place(v, nil), fmt.Sprintf("the alias *%s stands for nothing: no &%s comes before it", name, name))
		}
		return 1
	case target == nil:
		l.doc.fault(l.doc.place(v, nil), fmt.Sprintf("the alias *%s stands inside the value that it stands for", name))
		return 1
	}
	size := l.sizes[target]
	if l.copies+size > maxCopies {
		if !l.cut {
			l.doc.fault(l.doc.place(v, nil), fmt.Sprintf("the aliases unfold to more than %d values", maxCopies))
		}
		l.cut = true
		return 1
	}
	l.copies += size
	l.doc.aliases[v] = target
	return size
}

// cursor reads source text beside the value that was made of it.
type cursor struct {
	lines []string
	pos   Position
	line  []rune // the rest of the line at pos
	quote rune   // " or ' where the text is quoted
}

func newCursor(lines []string, at Position) *cursor {
	c := &cursor{lines: lines, pos: at}
	c.fill()
	return c
}

// fill reads the line at the cursor, from its column on.
func (c *cursor) fill() {
	c.line = nil
	if c.pos.Line <= len(c.lines) {
		line := []rune(c.lines[c.pos.Line-1])
		c.line = line[min(c.pos.Column-1, len(line)):]
	}
}

// peek is the character at the cursor; \n at the end of a line, 0 at the end.
func (c *cursor) peek() rune {
	switch {
	case len(c.line) > 0:
		return c.line[0]
	case c.pos.Line <= len(c.lines):
		return '\n'
	}
	return 0
}

// next is the character at the cursor, which goes past it.
func (c *cursor) next() rune {
	r := c.peek()
	switch {
	case len(c.line) > 0:
		c.line = c.line[1:]
		c.pos.Column++
	case r == '\n':
		c.pos = Position{c.pos.Line + 1, 1}
		c.fill()
	}
	return r
}

// match finds the place of the value's next character, r.
func (c *cursor) match(r rune) (Position, bool) {
	if r != ' ' && r != '\n' && r != '\t' {
		for c.peek() == ' ' || c.peek() == '\n' || c.peek() == '\t' {
			c.next() // folds and indentation
		}
	}
	at := c.pos
	switch got := c.next(); {
	case got == '\\' && c.quote == '"':
		c.escape()
		return at, true
	case got == '\'' && c.quote == '\'' && r == '\'':
		c.next()
		return at, true
	case got == r:
		return at, true
	case (r == ' ' || r == '\n') && (got == ' ' || got == '\n'):
		return at, true
	}
	return at, false
}

// escape goes past an escape whose backslash has been read, YAML 1.2, 5.7.
func (c *cursor) escape() {
	for range map[rune]int{'x': 2, 'u': 4, 'U': 8}[c.next()] {
		c.next()
	}
}
