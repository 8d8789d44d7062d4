package theme_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"driftwatch/configs"
	"driftwatch/rules/theme"
)

// files is a pack of files.
func files(list ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(list); i += 2 {
		m[list[i]] = &fstest.MapFile{Data: []byte(list[i+1])}
	}
	return m
}

const builtIn = `
concepts:
  drill:
    tie: true
    terms:
      en: [drill, exercise]
      ru: [учения]
signals:
  - {id: A, theme: csto, title: First, level: 2, direction: apart, when: "@drill", beats: [B]}
  - {id: B, theme: csto, title: Second, level: 2, direction: closer, when: "@drill"}
`

func load(t *testing.T, packs ...fs.FS) *theme.Packs {
	t.Helper()
	p, err := theme.Load(packs...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func signals(p *theme.Packs) string {
	var all []string
	for _, s := range p.Signals {
		all = append(all, fmt.Sprintf("%s %s", s.ID, s.Title))
	}
	return strings.Join(all, "; ")
}

func terms(c *theme.Concept) string {
	var all []string
	for _, lang := range slices.Sorted(maps.Keys(c.Terms)) {
		for _, t := range c.Terms[lang] {
			all = append(all, lang+" "+t.Text)
		}
	}
	return strings.Join(all, "; ")
}

// TestOwnPack: what an operator's pack does to the embedded one.
func TestOwnPack(t *testing.T) {
	for _, c := range []struct{ name, own, signals, terms string }{
		{"nothing", "", "A First; B Second", "en drill; en exercise; ru учения"},
		{"a new signal", `signals: [{id: C, theme: csto, title: Third, level: 1, direction: none, when: "@drill"}]`,
			"A First; B Second; C Third", "en drill; en exercise; ru учения"},
		{"a signal replaced", `signals: [{id: A, theme: csto, title: Own, level: 1, direction: none, when: "@drill"}]`,
			"A Own; B Second", "en drill; en exercise; ru учения"},
		{"a signal switched off", `off: [B]`, "A First", "en drill; en exercise; ru учения"},
		{"a concept replaced", `concepts: {drill: {terms: {en: [manoeuvre]}}}`, "A First; B Second", "en manoeuvre"},
		{"terms added", `concepts: {drill: {add: true, terms: {en: [manoeuvre], tg: [машқ]}}}`,
			"A First; B Second", "en drill; en exercise; en manoeuvre; ru учения; tg машқ"},
		{"terms taken away", `concepts: {drill: {add: true, without: {en: [exercise]}}}`, "A First; B Second", "en drill; ru учения"},
		{"terms exchanged", `concepts: {drill: {add: true, without: {en: [exercise]}, terms: {en: [{term: exercise, case: true}]}}}`,
			"A First; B Second", "en drill; en exercise; ru учения"},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := load(t, files("lexicon/a.yaml", builtIn))
			p := load(t, files("lexicon/a.yaml", builtIn), files("own.yaml", c.own))
			if got := signals(p); got != c.signals {
				t.Errorf("signals %s, want %s", got, c.signals)
			}
			if got := terms(p.Concepts["drill"]); got != c.terms {
				t.Errorf("terms %s, want %s", got, c.terms)
			}
			if strings.Contains(c.own, "add") && !p.Concepts["drill"].Tie {
				t.Error("added terms lose the concept's other keys")
			}
			if again := load(t, files("lexicon/a.yaml", builtIn)); terms(again.Concepts["drill"]) != terms(base.Concepts["drill"]) {
				t.Error("the embedded pack was changed")
			}
		})
	}
}

// TestFaultsOfAddedTerms: a fault of an added term is shown where it stands.
func TestFaultsOfAddedTerms(t *testing.T) {
	_, err := theme.Load(files("lexicon/a.yaml", builtIn), files("own.yaml", `concepts:
  drill:
    add: true
    terms:
      en:
        - manoeuvre
        - {term: war game, near: ["@dril"]}
`))
	want := `own.yaml:7:11: there is no concept @dril
        - {term: war game, near: ["@dril"]}
          ^
did you mean @drill?`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestDigest(t *testing.T) {
	a := load(t, files("a.yaml", builtIn)).Digest
	if b := load(t, files("a.yaml", builtIn)).Digest; b != a {
		t.Errorf("%s, then %s", a, b)
	}
	if b := load(t, files("a.yaml", builtIn+"# a comment\n")).Digest; b == a {
		t.Error("another file has the same digest")
	}
	if b := load(t, files("a.yaml", builtIn), files("own.yaml", "off: [B]")).Digest; b == a {
		t.Error("an own pack has the same digest")
	}
}

func TestFormat(t *testing.T) {
	in := `# A comment.


concepts:
  drill:   # another
    terms: {en: [drill]}
signals:
  - id: A   
    # why this
    when: '@drill   AND (@drill)'
    theme: csto
    title: First

  - id: B
    theme: csto
    unless: "@a OR @b"  # kept as it is
    when: >-
      @drill NEAR/8 (@aaaaaaaaaaaaaaaaaaaaaaaa OR @bbbbbbbbbbbbbbbbbbbbbb) OR
      @drill AND "a phrase that is rather long" OR (@cccccccccccccccccccccc OR (@ddddddddddddddddddddd AND @eeeeeeeeeeeeeeeeeee AND @ffffffff))
    title: Second
  - when: '"in quotes" AND @drill'
    id: C


`
	want := `# A comment.

concepts:
  drill:   # another
    terms: {en: [drill]}
signals:
  - id: A
    # why this
    when: "@drill AND @drill"
    theme: csto
    title: First

  - id: B
    theme: csto
    unless: "@a OR @b"  # kept as it is
    when: >-
      @drill NEAR/8 (@aaaaaaaaaaaaaaaaaaaaaaaa OR @bbbbbbbbbbbbbbbbbbbbbb)
      OR @drill AND "a phrase that is rather long"
      OR @cccccccccccccccccccccc
      OR @ddddddddddddddddddddd AND @eeeeeeeeeeeeeeeeeee AND @ffffffff
    title: Second
  - when: '"in quotes" AND @drill'
    id: C
`
	got, err := theme.Format("a.yaml", []byte(in))
	if err != nil || string(got) != want {
		t.Errorf("%v, got\n%s\nwant\n%s", err, got, want)
	}
	again, err := theme.Format("a.yaml", got)
	if err != nil || string(again) != string(got) {
		t.Errorf("formatted again: %v\n%s", err, again)
	}
	_, err = theme.Format("bad.yaml", []byte("signals:\n  - id: A\n    when: '@a @b'\n"))
	if err == nil || !strings.HasPrefix(err.Error(), "bad.yaml:3:15: expected AND") {
		t.Errorf("a faulty query: %v", err)
	}
}

// TestFormatEmbedded: the embedded packs keep their meaning, and formatted
// twice is formatted once.
func TestFormatEmbedded(t *testing.T) {
	eachEmbedded(t, func(name string, data []byte) {
		once, err := theme.Format(name, data)
		if err != nil {
			t.Error(err)
			return
		}
		if twice, err := theme.Format(name, once); err != nil || string(twice) != string(once) {
			t.Errorf("%s: formatted again it changes: %v", name, err)
		}
	})
}

func eachEmbedded(t *testing.T, do func(name string, data []byte)) {
	t.Helper()
	for _, dir := range []string{"lexicon", "themes"} {
		names, err := fs.Glob(configs.FS(), dir+"/*.yaml")
		if err != nil || len(names) == 0 {
			t.Fatal("no packs:", err)
		}
		for _, name := range names {
			data, err := fs.ReadFile(configs.FS(), name)
			if err != nil {
				t.Fatal(err)
			}
			do(name, data)
		}
	}
}

// TestSchemaHasEveryKey: what a pack may say and what the schema lets it say
// are the same keys, and each is described.
func TestSchemaHasEveryKey(t *testing.T) {
	var schema struct {
		Properties map[string]any
		Defs       map[string]struct{ Properties map[string]any } `json:"$defs"`
	}
	if err := json.Unmarshal(theme.Schema, &schema); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		of   any
		keys map[string]any
	}{
		{"file", theme.File{}, schema.Properties},
		{"concept", theme.Concept{}, schema.Defs["concept"].Properties},
		{"signal", theme.Signal{}, schema.Defs["signal"].Properties},
		{"case", theme.Case{}, schema.Defs["case"].Properties},
	} {
		var want []string
		for i := range reflect.TypeOf(c.of).NumField() {
			if key := reflect.TypeOf(c.of).Field(i).Tag.Get("yaml"); key != "" && key != "-" {
				want = append(want, key)
			}
		}
		slices.Sort(want)
		if got := slices.Sorted(maps.Keys(c.keys)); !slices.Equal(got, want) {
			t.Errorf("%s: the schema has %v, the program %v", c.name, got, want)
		}
		for name, key := range c.keys {
			if said, ok := key.(map[string]any)["description"].(string); !ok || said == "" {
				t.Errorf("%s: an editor has nothing to show of %s", c.name, name)
			}
		}
	}
}

// TestSchemaTakesTheEmbeddedPacks validates them by the schema, and some that
// are wrong.
func TestSchemaTakesTheEmbeddedPacks(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(theme.Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("pack.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("pack.json")
	if err != nil {
		t.Fatal(err)
	}
	eachEmbedded(t, func(name string, data []byte) {
		if err := schema.Validate(value(t, data)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
	for _, wrong := range []string{
		"concept: {}", "concepts: {a: {term: {en: [x]}}}", "concepts: {a: {terms: {kz: [x]}}}", "concepts: {a: {terms: {en: [{near: [b]}]}}}",
		`concepts: {a: {terms: {en: ["@b"]}}}`, `concepts: {"a b": {}}`,
		"signals: [{id: A}]", "signals: [{id: A, theme: t, title: T, level: 9, direction: none, when: x}]",
		"signals: [{id: A, theme: t, title: T, level: 1, direction: away, when: x}]",
		"signals: [{id: A, theme: t, title: T, level: 1, direction: none, when: x, tests: {match: [{text: T}]}}]",
	} {
		if schema.Validate(value(t, []byte(wrong))) == nil {
			t.Errorf("the schema takes %s", wrong)
		}
	}
}

// value is a YAML document as a JSON Schema sees it.
func value(t *testing.T, data []byte) any {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON(data)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func FuzzFormat(f *testing.F) {
	f.Add(builtIn)
	f.Add("signals:\n  - when: >\n      @a\n\n      OR @b\n    id: A\n")
	f.Add("signals: [{id: A, when: '@a'}]")
	f.Add("off: [A]\r \r\r\rbase: 1\r")
	f.Add("\r ")
	f.Fuzz(func(t *testing.T, src string) {
		once, err := theme.Format("a.yaml", []byte(src))
		if err != nil {
			return
		}
		if twice, err := theme.Format("a.yaml", once); err != nil || string(twice) != string(once) {
			t.Fatalf("%q\nformatted\n%q\nand again\n%q, %v", src, once, twice, err)
		}
	})
}

func ExampleLoad() {
	p, err := theme.Load(files("lexicon/a.yaml", builtIn), files("own.yaml", "off: [B]"))
	fmt.Println(signals(p), err)
	_, err = theme.Load(files("own.yaml", "off: [B]"))
	fmt.Println(err)
	// Output:
	// A First <nil>
	// own.yaml:1:7: there is no signal B to switch off
	// off: [B]
	//       ^
}

// TestDoubledConcept: of a concept that two files of a pack have, the faults of both
// are told.
func TestDoubledConcept(t *testing.T) {
	_, err := theme.Load(files(
		"a.yaml", "concepts:\n  drill:\n    hides: [none]\n    terms: {kz: [жаттығу]}\n",
		"b.yaml", "concepts:\n  drill:\n    terms:\n      en: [\"@drill\"]\n",
	))
	want := `a.yaml:3:13: there is no concept none
    hides: [none]
            ^

a.yaml:4:13: kz is none of the languages that are read: en, ru, kk, ky, uz, tg, tk, any
    terms: {kz: [жаттығу]}
            ^
did you mean kk?

b.yaml:2:3: the concept drill is in another file of this pack too
  drill:
  ^

b.yaml:4:12: a term is words, not a name: where one name or another may stand, the query says (@one OR @other)
      en: ["@drill"]
           ^`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}
