package rules

import (
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"driftwatch/text"
)

func TestGaps(t *testing.T) {
	for _, c := range []struct {
		term  string
		parts []string
		after []int32
	}{
		{"take back", []string{"take back"}, []int32{0}},
		{"turn* * back", []string{"turn*", "back"}, []int32{0, 2}},
		{"leave * * seat empty", []string{"leave", "seat empty"}, []int32{0, 4}},
		{"a * b * c", []string{"a", "b", "c"}, []int32{0, 2, 2}},
		{"* lose", []string{"lose"}, []int32{0}},
		{"lose *", []string{"lose"}, []int32{0}},
	} {
		parts, after := gaps(c.term)
		if !slices.Equal(parts, c.parts) || !slices.Equal(after, c.after) {
			t.Errorf("gaps(%q) = %q %v, want %q %v", c.term, parts, after, c.parts, c.after)
		}
	}
}

func TestGappedTermStandsForWordsBetween(t *testing.T) {
	e, err := Load(os.DirFS("testdata/pack"), fstest.MapFS{"gaps.yaml": {Data: []byte(`
concepts:
  turn_away:
    terms:
      en: [turn * back, "hand* * * note", {term: lock * out, near: ["@lorry"], words: 6}]
      ru: ["развернул* * обратно"]
  lorry: {terms: {en: [lorry]}}
`)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lang, body string
		want       int
	}{
		{"en", "Guards turned the lorries back.", 1},
		{"en", "Guards turned back.", 1},
		{"en", "Guards turned nine white lorries back.", 0},
		{"en", "Guards turned. Lorries back up.", 0},
		{"en", "Back they turned.", 0},
		{"en", "Guards turned them back and turned others back.", 2},
		{"en", "The envoy was handed a very long stern note.", 1},
		{"en", "They locked him out.", 0},
		{"en", "They locked him out of his lorry.", 1},
		{"ru", "Таможня развернула фуры обратно.", 1},
	} {
		n := 0
		for _, p := range e.Places(text.Read("", c.body, c.lang)) {
			if p.Concept == "turn_away" {
				n++
			}
		}
		if n != c.want {
			t.Errorf("%q: found %d times, want %d", c.body, n, c.want)
		}
	}
}
