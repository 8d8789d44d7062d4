package configs

import (
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"
)

// colour reads itself from a text.
type colour string

func (c *colour) UnmarshalText(text []byte) error {
	if string(text) != "red" && string(text) != "blue" {
		return fmt.Errorf("%q is no colour", text)
	}
	*c = colour("the colour " + string(text))
	return nil
}

// span checks itself.
type span struct {
	From int `yaml:"from"`
	To   int `yaml:"to"`
}

func (s *span) SetDefaults() { s.To = 10 }

func (s span) Check() error {
	var all []error
	if s.From < 0 {
		all = append(all, errors.New("a span can't begin below zero"))
	}
	if s.To < s.From {
		all = append(all, errors.New("a span can't end before it begins"))
	}
	return errors.Join(all...)
}

// either is a text or a group.
type either struct {
	Word  string
	Group struct {
		Word string `yaml:"word"`
	}
}

func (e *either) DecodeNode(n Node) {
	switch n.Kind() {
	case Scalar:
		n.Decode(&e.Word)
	case Group:
		n.Decode(&e.Group)
	default:
		n.Fault("a word or a group is expected here")
	}
}

type shared struct {
	Note string `yaml:"note"`
}

// everything has a field of each kind that is read.
type everything struct {
	shared
	Text      string            `yaml:"text"`
	Yes       bool              `yaml:"yes"`
	Int       int               `yaml:"int"`
	Small     int8              `yaml:"small"`
	Uint      uint16            `yaml:"uint"`
	Float     float64           `yaml:"float"`
	Length    time.Duration     `yaml:"length"`
	Range     netip.Prefix      `yaml:"range"`
	List      []string          `yaml:"list"`
	Lists     [][]int           `yaml:"lists"`
	Map       map[string]string `yaml:"map"`
	Spans     []span            `yaml:"spans"`
	ByName    map[string]*span  `yaml:"by_name"`
	Pointer   *span             `yaml:"pointer"`
	Colour    colour            `yaml:"colour"`
	Either    []either          `yaml:"either"`
	Untagged  string
	Ignored   string `yaml:"-"`
	invisible string
}

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		name, yaml string
		want       everything
	}{
		{"nothing", "", everything{}},
		{"comments only", "# nothing\n", everything{}},
		{"an empty group", "{}", everything{}},
		{"texts", "text: a b\nuntagged: 'it''s'\nnote: \"\\u0416 x\"\n", everything{Text: "a b", Untagged: "it's", shared: shared{Note: "Ж x"}}},
		{"text that looks like something else", "text: \"12\"\nlist: ['true', '~']\n", everything{Text: "12", List: []string{"true", "~"}}},
		{"words of YAML 1.1 are texts", "list: [yes, no, on, off, 2026-11-24, 08:30]", everything{List: []string{"yes", "no", "on", "off", "2026-11-24", "08:30"}}},
		{"block", "text: |\n  a\n   b\n\nuntagged: >-\n  a\n  b\n", everything{Text: "a\n b\n", Untagged: "a b"}},
		{"Windows line ends and a byte order mark", "\ufefftext: \"a\r\n  b\"\r\nuntagged: |\r\n  a\r\n  b\r\n", everything{Text: "a b", Untagged: "a\nb\n"}},
		{"numbers", "int: -1_000\nsmall: 127\nuint: 65535\nfloat: 1.5e3\n", everything{Int: -1000, Small: 127, Uint: 65535, Float: 1500}},
		{"a whole number is a number", "float: 3", everything{Float: 3}},
		{"true and false", "yes: True", everything{Yes: true}},
		{"lengths of time", "length: 2d", everything{Length: 48 * time.Hour}},
		{"ranges", "range: 10.1.2.3/8", everything{Range: netip.MustParsePrefix("10.0.0.0/8")}},
		{"an address is a range", "range: 'fd00::1'", everything{Range: netip.MustParsePrefix("fd00::1/128")}},
		{"lists", "list:\n- a\n- b\nlists: [[1], [], [2, 3]]", everything{List: []string{"a", "b"}, Lists: [][]int{{1}, {}, {2, 3}}}},
		{"an empty list is one", "list: []", everything{List: []string{}}},
		{"nothing after a key leaves the default", "list:\ntext: ~\nint: null\n", everything{}},
		{"maps", "map: {a: b, 24: c, true: d, \"e f\": g}", everything{Map: map[string]string{"a": "b", "24": "c", "true": "d", "e f": "g"}}},
		{"defaults of entries", "spans: [{from: 3}, {to: 4}]\nby_name: {a: {}}\npointer: {from: 1}", everything{Spans: []span{{3, 10}, {0, 4}}, ByName: map[string]*span{"a": {0, 10}}, Pointer: &span{1, 10}}},
		{"a type's own form", "colour: red", everything{Colour: "the colour red"}},
		{"more than one form", "either: [a, {word: b}]", everything{Either: []either{{Word: "a"}, {Group: struct {
			Word string `yaml:"word"`
		}{"b"}}}}},
		{"aliases", "spans: [&s {from: 1, to: 2}, *s]\npointer: *s\ntext: &t x\nuntagged: *t", everything{Spans: []span{{1, 2}, {1, 2}}, Pointer: &span{1, 2}, Text: "x", Untagged: "x"}},
		{"a directive and a document's ends", "%YAML 1.2\n---\ntext: a\n...\n", everything{Text: "a"}},
		{"dollars are dollars", "text: ${X} $$", everything{Text: "${X} $$"}},
	} {
		var got everything
		if err := Decode("f.yaml", []byte(c.yaml), &got); err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

// Each fault is given by its place and the beginning of what is said.
func TestDecodeFaults(t *testing.T) {
	for _, c := range []struct{ name, yaml, want string }{
		{"a number for a text", "text: 12", "1:7 a text is expected here, not the number 12: put it in quotes"},
		{"true for a text", "text: true", "1:7 a text is expected here, not true: put it in quotes"},
		{"a text for true", "yes: 'true'", "1:6 true or false is expected here, not the text"},
		{"yes for true", "yes: yes", "1:6 true or false is expected here, not the text"},
		{"a quoted number", "int: '12'", "1:6 a whole number is expected here, not the text"},
		{"a broken number", "int: 1.5", "1:6 a whole number is expected here, not the number 1.5"},
		{"a hexadecimal number", "int: 0x1f", "1:6 a whole number is expected here"},
		{"too large", "small: 128\nuint: -1", "1:8 a whole number of at most 8 bits; 2:7 a whole number from 0 of at most 16 bits"},
		{"far too large", "int: 99999999999999999999", "1:6 a whole number is expected here"},
		{"not a number", "float: .nan", "1:8 a number is expected here"},
		{"one for a list", "list: a", "1:7 a list is expected here, not the text \"a\": write [a]"},
		{"a list for a group", "pointer: [a]", "1:10 a group of keys and values is expected here, not a list"},
		{"a group for a list", "list:\n  a: b", "2:3 a list is expected here, not a group of keys"},
		{"a group for a length", "length:\n  a: b", "2:3 a length of time is expected here"},
		{"empty entries", "list: [a, ]\nlists:\n  -\n  - [1]", "3:4 this entry of the list is empty"},
		{"nothing for a name", "map:\n  a:\n  b: c", "2:3 there is nothing after this key"},
		{"a type's own reason", "colour: green", "1:9 \"green\" is no colour"},
		{"a list for a type's own form", "colour: [red]", "1:9 a text is expected here, not a list"},
		{"checks", "spans:\n  - {from: -2, to: -3}\n  - from: 20", "2:5 a span can't begin below zero; 2:5 a span can't end before it begins; 3:5 a span can't end before it begins"},
		{"no check of what wasn't read", "pointer: {from: x, to: -3}", "1:17 a whole number is expected here"},
		{"a form of many", "either: [[a], {wrd: b}]", "1:10 a word or a group is expected here; 1:16 unknown key \"wrd\""},
		{"unexported and ignored fields", "ignored: a\nIgnored: b\ninvisible: c", "1:1 unknown key; 2:1 unknown key; 3:1 unknown key"},
		{"keys are as they are written", "Text: a", "1:1 unknown key \"Text\""},
		{"complex keys", "? [a]\n: b", "1:3 this can't be read as YAML; 2:1 this isn't a key"},
		{"a key given twice in an unknown group", "nope: {a: 1, a: 2}", "1:1 unknown key; 1:14 the key \"a\" is given twice"},
		{"an alias of nothing", "text: *nope", "1:7 the alias *nope stands for nothing"},
		{"an alias before its anchor", "text: *a\nuntagged: &a x", "1:7 the alias *a stands for nothing"},
		{"an alias in itself", "lists: &a [*a]", "1:12 the alias *a stands inside"},
		{"a tag", "int: !!int 3", "1:6 tags (!) can't be used here"},
		{"two documents", "text: a\n---\ntext: b", "3:1 a second document begins here"},
		{"a text for the whole", "hello", "1:1 a group of keys and values is expected here, not the text \"hello\""},
		{"below a block", "text: |\n  a\n  b\nnope: 1", "4:1 unknown key"},
		{"below a quoted text of two lines", "text: \"a\n  b\"\nnope: 1", "3:1 unknown key"},
		{"after wide characters", "map: {新华社: [x]}", "1:12 a text is expected here"},
		{"after a tab", "text:\t[x]", "1:7 a text is expected here"},
		{"after many tabs", "lists:\t[[x],\t[y,\tz],\t\t[\t1,\tx]\t]\t# x", "1:10 a whole; 1:15 a whole; 1:18 a whole; 1:28 a whole"},
		{"after tabs in texts", "map: {'a\tb': 'c\td', e: [f]}", "1:24 a text is expected here"},
		{"a tab between double quotes", "text: \"a\tb\"\nnope: 1", "1:9 between double quotes a tab is written \\t; 2:1 unknown key"},
		{"a tab before a key", "map: {a: x,\tb: y}", "1:13 a tab can't stand before a key"},
	} {
		var out everything
		err := Decode("f.yaml", []byte(c.yaml), &out)
		if out.invisible != "" || out.Ignored != "" {
			t.Errorf("%s: a field without a key was filled", c.name)
		}
		var got Errors
		if !errors.As(err, &got) {
			t.Errorf("%s: no faults: %v", c.name, err)
			continue
		}
		want := strings.Split(c.want, "; ")
		if len(got) != len(want) {
			t.Errorf("%s: got\n%v\nwant %q", c.name, got, want)
			continue
		}
		for i, e := range got {
			if text := fmt.Sprintf("%d:%d %s", e.Line, e.Column, e.Msg); !strings.HasPrefix(text, want[i]) {
				t.Errorf("%s: got %q, want %q", c.name, text, want[i])
			}
		}
	}
}

// A document says whether something in it was skipped.
func TestBroken(t *testing.T) {
	for text, want := range map[string]bool{"text: a": false, "text: [a": true, "nope: a": false, "": false} {
		doc := Open("f.yaml", []byte(text))
		if doc.Broken() != want {
			t.Errorf("%q: broken is %t", text, doc.Broken())
		}
	}
}

// What can't be decoded into is a mistake in the program.
func TestDecodePanics(t *testing.T) {
	for name, out := range map[string]any{
		"no pointer":         everything{},
		"a nil pointer":      (*everything)(nil),
		"a channel":          &struct{ A chan int }{},
		"keys aren't a text": &struct{ A map[int]int }{},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("Decode doesn't say so")
				}
			}()
			_ = Decode("f.yaml", []byte("a: {1: 2}"), out)
		})
	}
}

func TestDecodeLimits(t *testing.T) {
	for name, c := range map[string]struct{ yaml, want string }{
		"size":         {"# " + strings.Repeat("x", maxBytes), "larger than 8 MiB"},
		"brackets":     {"lists: " + strings.Repeat("[", 100_000), "deep in each other"},
		"dashes":       {strings.Repeat("- ", 100_000), "deep in each other"},
		"question":     {strings.Repeat("? ", 100_000), "deep in each other"},
		"anchors":      {strings.Repeat("&a ", 100_000), "deep in each other"},
		"indentation":  {indented(200), "deep in each other"},
		"many aliases": {"list: &a [x, x, x, x, x, x, x, x, x]\nlists: [" + strings.Repeat("*a, ", 2001) + "]", "unfold to more than 20000"},
	} {
		t.Run(name, func(t *testing.T) {
			var out everything
			err := Decode("f.yaml", []byte(c.yaml), &out)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %.300v, want %q", err, c.want)
			}
		})
	}
}

func indented(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func TestDocumentPlaces(t *testing.T) {
	const text = `title: Опыт
list:
  - a
  - {name: "b", tags: [x, y]}
  - name: c
    when: >-
      one two
      three
group:
  inner:
    deep: 1
alias: &a {k: v}
same: *a
empty:
`
	doc := Open("f.yaml", []byte(text))
	for _, c := range []struct {
		path Path
		want string
	}{
		{At("title"), "1:8"},
		{At("list"), "2:1"},
		{At("list", 0), "3:5"},
		{At("list", 1), "4:5"},
		{At("list", 1, "name"), "4:12"},
		{At("list", 1, "tags"), "4:23"},
		{At("list", 1, "tags", 1), "4:27"},
		{At("list", 2), "5:5"},
		{At("list", 2, "when"), "6:11"},
		{At("group"), "9:1"},
		{At("group", "inner"), "10:3"},
		{At("group", "inner", "deep"), "11:11"},
		{At("alias"), "12:8"},
		{At("same", "k"), "12:15"},
		{At("empty"), "14:1"},
		{At(), "1:1"},
	} {
		pos, ok := doc.Pos(c.path)
		if got := fmt.Sprintf("%d:%d", pos.Line, pos.Column); !ok || got != c.want {
			t.Errorf("Pos(%v) = %s, %t, want %s", c.path, got, ok, c.want)
		}
	}
	for _, c := range []struct {
		path Path
		want string
	}{
		{At("nope"), "1:1"},
		{At("list", 7), "2:1"},
		{At("list", -1), "2:1"},
		{At("group", "inner", "nope"), "10:3"},
		{At("title", "below"), "1:8"},
		{At("list", 1, 3.5), "4:5"},
	} {
		if _, ok := doc.Pos(c.path); ok {
			t.Errorf("Pos(%v) is known", c.path)
		}
		e := doc.Fault(c.path, "x")
		if got := fmt.Sprintf("%d:%d", e.Line, e.Column); got != c.want {
			t.Errorf("a fault at %v is at %s, want %s", c.path, got, c.want)
		}
	}
	if e := doc.FaultKey(At("list", 1, "tags"), "x"); e.Line != 4 || e.Column != 17 {
		t.Errorf("FaultKey gives %d:%d", e.Line, e.Column)
	}
	if e := doc.FaultKey(At("list", 0), "x"); e.Line != 3 || e.Column != 5 {
		t.Errorf("FaultKey of an entry gives %d:%d", e.Line, e.Column)
	}
}

// The caret stands at the letter of the source that made the letter of the
// value, which is marked by §.
func TestFaultIn(t *testing.T) {
	for name, c := range map[string]struct{ yaml, at string }{
		"plain word":        {"a: one §two", "1:8"},
		"Cyrillic":          {"ключ: да и §нет", "1:12"},
		"beginning":         {"a: §one", "1:4"},
		"end":               {"a: one§", "1:7"},
		"double quotes":     {`a: "one §two"`, "1:9"},
		"escapes":           {`a: "\"x\u0416\n §two"`, "1:17"},
		"single quotes":     {"a: 'it''s §two'", "1:11"},
		"folded lines":      {"a: one\n  two\n  §three", "3:3"},
		"block":             {"a: |\n    one\n      §two\n", "3:7"},
		"block after space": {"a: |\n\n    one\n\n    §two\n", "5:5"},
		"folded block":      {"a: >-\n    one\n    §two\n", "3:5"},
		"quotes of lines":   {"a: \"one\n  two\n\n  §three\"", "4:3"},
		"in a list":         {"- x\n- a: [y, 'o §n']", "2:13"},
	} {
		source := strings.Replace(c.yaml, "§", "", 1)
		doc, path := Open("f.yaml", []byte(source)), firstText(source)
		marked := Open("f.yaml", []byte(c.yaml))
		n, _, _ := marked.find(path)
		text, ok := scalarText(n)
		if !ok {
			t.Errorf("%s: no text in %q", name, c.yaml)
			continue
		}
		e := doc.FaultIn(path, strings.Index(text, "§"), "x")
		if got := fmt.Sprintf("%d:%d", e.Line, e.Column); got != c.at {
			t.Errorf("%s: got %s, want %s", name, got, c.at)
		}
	}
}

// firstText is the path of the text in the sources of TestFaultIn.
func firstText(source string) Path {
	if strings.HasPrefix(source, "- ") {
		return At(1, "a", 1)
	}
	key, _, _ := strings.Cut(source, ":")
	return At(key)
}

func TestParseDuration(t *testing.T) {
	for _, c := range []struct {
		text string
		want time.Duration
		ok   bool
	}{
		{"90s", 90 * time.Second, true},
		{"15m", 15 * time.Minute, true},
		{"48h", 48 * time.Hour, true},
		{"2d", 48 * time.Hour, true},
		{"1d12h30m", 36*time.Hour + 30*time.Minute, true},
		{"0d", 0, true},
		{"0", 0, true},
		{"1.5h", 90 * time.Minute, true},
		{"", 0, false},
		{"5", 0, false},
		{"-2d", 0, false},
		{"+2d", 0, false},
		{"2d-1h", 0, false},
		{"1d1d", 0, false},
		{"1.5d", 0, false},
		{"d", 0, false},
		{"2 d", 0, false},
		{"2D", 0, false},
		{"99999d", 0, false},
		{"9999999h", 0, false},
	} {
		got, err := ParseDuration(c.text)
		if got != c.want || (err == nil) != c.ok {
			t.Errorf("ParseDuration(%q) = %v, %v", c.text, got, err)
		}
	}
}

// Whatever is read, each fault has a place that the file has, a caret under
// it, and nothing panics.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"text: a\nlist: [b, \"c\"]\nspans:\n  - from: 1\n    to: 0\n",
		"map: {a: &x b, c: *x}\nlength: 2d\ncolour: green\n",
		"text: |\n  a\n b\nuntagged: 'c\nlists: [[1, [2]\n",
		"\ufefftext: \"\\x41\r\n\tb\"\n? k\n: - v\n---\n...\n%TAG\n<<: *x\n!t u: !!int 3\n",
		"新华社:\t[x]\n- \x00\xff\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		doc := Open("f.yaml", []byte(source))
		var out everything
		doc.Decode(&out)
		doc.FaultIn(At("text"), 3, "in the text")
		for _, e := range doc.Err().(Errors) {
			if e.Line < 1 || e.Line > len(doc.lines) || e.Column < 1 {
				t.Fatalf("a fault at %d:%d of %d lines", e.Line, e.Column, len(doc.lines))
			}
			if line, caret, _ := strings.Cut(e.Snippet, "\n"); strings.TrimLeft(caret, " \t") != "^" || strings.ContainsAny(line, "\x1b\x00") {
				t.Fatalf("the snippet %q", e.Snippet)
			}
		}
	})
}

// TestRestingDocumentWakesUp: a document that let go of its tree reports faults
// where they stand.
func TestRestingDocumentWakesUp(t *testing.T) {
	data := []byte("a: &x one\nb:\n  - *x\n  - two\n")
	doc := Open("t.yaml", data)
	var out struct {
		A string   `yaml:"a"`
		B []string `yaml:"b"`
	}
	if !doc.Decode(&out) {
		t.Fatal(doc.Err())
	}
	doc.Rest(data)
	if doc.root != nil {
		t.Error("it holds its tree")
	}
	if p, ok := doc.Pos(At("b", 1)); !ok || p != (Position{4, 5}) {
		t.Errorf("b[1] stands at %v, %t", p, ok)
	}
	doc.Fault(At("b", 0), "no")
	if err := doc.Err(); err == nil || !strings.Contains(err.Error(), "t.yaml:3:5: no") {
		t.Errorf("fault %v", err)
	}

	broken := Open("t.yaml", []byte("a: [\n"))
	broken.Rest([]byte("a: [\n"))
	if broken.Err() == nil {
		t.Error("the fault is gone")
	}
}
