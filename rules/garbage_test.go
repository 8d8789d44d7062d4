//go:build !race

// The race detector lets pools forget at random, which makes garbage.

package rules_test

import (
	"testing"

	"driftwatch/configs"
	"driftwatch/rules"
	"driftwatch/text"
)

// TestNoGarbage: an article without a hit, as most are, makes none.
func TestNoGarbage(t *testing.T) {
	e, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range benchTexts[:2] {
		r := text.Read(c.title, c.body, "en")
		if hits := e.Flag(r, rules.About{}); len(hits) > 0 {
			t.Errorf("%s: %s", c.name, brief(hits))
		}
		if n := testing.AllocsPerRun(50, func() { e.Flag(r, rules.About{}) }); n > 0 {
			t.Errorf("%s: %v allocations", c.name, n)
		}
	}
}

// TestGarbageOfHits: what a hit shows is allocated once each, its lists not
// grown step by step.
func TestGarbageOfHits(t *testing.T) {
	e, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	c := benchTexts[2]
	r := text.Read(c.title, c.body, "en")
	hits := e.Flag(r, rules.About{})
	if len(hits) == 0 {
		t.Fatal("no hits")
	}
	const lists = 6 // evidence, its words, countries, acts, entities, parts
	most := float64(1 + lists*len(hits))
	if n := testing.AllocsPerRun(50, func() { e.Flag(r, rules.About{}) }); n > most {
		t.Errorf("%d hits in %v allocations, want at most %v", len(hits), n, most)
	}
}
