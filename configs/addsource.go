package configs

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// sourceText is a source as it is written for an operator: what is usual is
// left out.
type sourceText struct {
	ID        string   `yaml:"id"`
	Name      string   `yaml:"name"`
	Country   string   `yaml:"country"`
	Languages []string `yaml:"languages,flow"`
	Kind      string   `yaml:"kind"`
	URL       string   `yaml:"url"`
	Homepage  string   `yaml:"homepage,omitempty"`
	Ownership string   `yaml:"ownership,omitempty"`
	Enabled   *bool    `yaml:"enabled,omitempty"`
	Note      string   `yaml:"note,omitempty"`
}

// SourceYAML writes sources as entries of a list, for a file of sources. Only
// what says which source it is and how it is read is written.
func SourceYAML(sources ...Source) []byte {
	list := make([]sourceText, len(sources))
	for i, s := range sources {
		list[i] = textOf(s)
	}
	data, err := yaml.MarshalWithOptions(list, yaml.IndentSequence(false))
	if err != nil {
		panic(err) // words and lists of words have a YAML form
	}
	return bytes.ReplaceAll(data, []byte("\n- id:"), []byte("\n\n- id:"))
}

func textOf(s Source) sourceText {
	t := sourceText{
		ID: s.ID, Name: s.Name, Country: s.Country, Languages: s.Languages, Kind: s.Kind, URL: s.URL,
		Homepage: s.Homepage, Ownership: s.Ownership, Note: s.Note,
	}
	if !s.Enabled {
		t.Enabled = &s.Enabled
	}
	return t
}

// ErrLayout says that a file of sources is laid out in a way in which no source can
// be added to it: where the list is an alias, for example.
var ErrLayout = errors.New("it is laid out in a way in which nothing can be added to it; put the sources into it by hand")

// AddSources writes sources at the end of a file of sources, which is made
// where there is none. What is there stays as it is, with its comments; what is
// added is indented, or put in brackets, as the list is. The file is read back before
// it is put in its place: an error says what is wrong with it or with a source, and
// nothing has changed. Errors: ErrLayout.
func AddSources(file string, sources ...Source) error {
	old, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	before := sourcesDocument(file, old)
	had := readSources(before)
	if err := before.Err(); err != nil {
		return err
	}
	text, ok := appended(before, old, sources)
	if !ok {
		return fmt.Errorf("%s: %w", file, ErrLayout)
	}
	doc := sourcesDocument(file, text)
	found := readSources(doc)
	if len(found) != len(had)+len(sources) {
		return fmt.Errorf("%s: %w", file, ErrLayout)
	}
	seen := map[string]bool{}
	for _, f := range found {
		checkSource(f)
		if seen[f.ID] {
			doc.FaultKey(f.at, fmt.Sprintf("the id %s is there twice", f.ID))
		}
		seen[f.ID] = true
	}
	if err := doc.Err(); err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if info, err := os.Stat(file); err == nil {
		mode = info.Mode().Perm()
	}
	return writeFile(file, text, mode)
}

func sourcesDocument(file string, text []byte) *Document {
	return open(&Document{file: file, expand: expander(os.LookupEnv, ".", func(string) {})}, text)
}

// appended is a file's text with further sources; ok is false where the list isn't one
// to which something can be added.
func appended(doc *Document, old []byte, sources []Source) (text []byte, ok bool) {
	list, margin, within := sourceList(doc)
	eol := "\n"
	if bytes.Contains(old, []byte("\r\n")) {
		eol = "\r\n"
	}
	at := func(t *token.Token) int { return byteAt(old, position(t)) }
	switch v := list.(type) {
	case nil:
	case *ast.NullNode: // a key with nothing, or with null
		if t := v.GetToken(); t.Type == token.NullType && t.Value != "" {
			if from := at(t); bytes.HasPrefix(old[from:], []byte(t.Value)) {
				old = slices.Concat(old[:from], old[from+len(t.Value):])
			}
		}
	case *ast.SequenceNode:
		switch {
		case !v.IsFlowStyle:
			margin = v.Start.Position.Column - 1
		case within || len(v.Values) > 0 || v.Start.Position.Line != v.End.Position.Line:
			return inBrackets(old, v, eol, sources), true
		default: // [], whose place the entries take
			old = slices.Concat(bytes.TrimRight(old[:at(v.Start)], " "), old[at(v.End)+1:])
		}
	default:
		return nil, false
	}
	return atTheEnd(old, margin, eol, sources), true
}

// sourceList is the node of the list of sources, the margin that entries have where it
// is empty, and whether it stands between brackets.
func sourceList(doc *Document) (list ast.Node, margin int, within bool) {
	group := pairs(doc.root)
	for _, p := range group {
		if keyText(p.Key) == "sources" {
			whole, _ := doc.root.(*ast.MappingNode)
			return p.Value, p.Key.GetToken().Position.Column + 1, whole != nil && whole.IsFlowStyle
		}
	}
	return doc.root, 0, false
}

// atTheEnd puts sources behind all that a file has, but before the mark of its end.
func atTheEnd(old []byte, margin int, eol string, sources []Source) []byte {
	text := bytes.TrimRight(old, " \t\r\n")
	rest := ""
	if before, is := bytes.CutSuffix(text, []byte("\n...")); is {
		text, rest = bytes.TrimRight(before, " \t\r\n"), "..."+eol
	}
	if len(text) > 0 {
		text = append(slices.Clip(text), eol+eol...)
	}
	for line := range strings.Lines(string(SourceYAML(sources...))) {
		if line != "\n" {
			text = append(text, strings.Repeat(" ", margin)...)
		}
		text = append(text, strings.TrimSuffix(line, "\n")+eol...)
	}
	return append(text, rest...)
}

// inBrackets puts sources before the bracket that ends a list: on lines of their own
// where that stands on one.
func inBrackets(old []byte, v *ast.SequenceNode, eol string, sources []Source) []byte {
	entries := make([]string, len(sources))
	for i, s := range sources {
		line, err := yaml.MarshalWithOptions(textOf(s), yaml.JSON())
		if err != nil {
			panic(err) // as of SourceYAML
		}
		entries[i] = strings.TrimSpace(string(line))
	}
	end := byteAt(old, position(v.End))
	line := bytes.LastIndexByte(old[:end], '\n') + 1
	last := v.End.Prev
	for last.Type == token.CommentType {
		last = last.Prev
	}
	open := last.Type == token.CollectEntryType || len(v.Values) == 0
	if len(bytes.TrimSpace(old[line:end])) > 0 || line == 0 {
		between := ", "
		if open {
			between = " "
		}
		if len(v.Values) == 0 {
			between = ""
		}
		return slices.Concat(old[:end], []byte(between+strings.Join(entries, ", ")), old[end:])
	}
	margin := strings.Repeat(" ", v.End.Position.Column+1)
	added := margin + strings.Join(entries, ","+eol+margin) + eol
	if open || last.Type != token.MappingEndType {
		if !open {
			added = strings.Replace(added, margin, margin+", ", 1)
		}
		return slices.Concat(old[:line], []byte(added), old[line:])
	}
	comma := byteAt(old, position(last)) + 1
	return slices.Concat(old[:comma], []byte(","), old[comma:line], []byte(added), old[line:])
}

// byteAt is where a place is in the bytes of a file.
func byteAt(text []byte, p Position) int {
	at := 0
	for range p.Line - 1 {
		at += bytes.IndexByte(text[at:], '\n') + 1
	}
	if p.Line == 1 && bytes.HasPrefix(text, []byte("\ufeff")) {
		at += len("\ufeff")
	}
	for range p.Column - 1 {
		_, size := utf8.DecodeRune(text[at:])
		at += size
	}
	return at
}

var notID = regexp.MustCompile(`[^a-z0-9]+`)

// SourceID makes an id for a source from its name or its host's, one that isn't
// taken yet.
func SourceID(name string, taken []string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if r < unicode.MaxASCII {
			b.WriteRune(r)
		}
	}
	id := strings.Trim(notID.ReplaceAllString(b.String(), "-"), "-")
	if id == "" {
		id = "source"
	}
	has := map[string]bool{}
	for _, t := range taken {
		has[t] = true
	}
	for n := 2; has[id]; n++ {
		if next := fmt.Sprintf("%s-%d", id, n); !has[next] {
			return next
		}
	}
	return id
}
