//go:build !race

// The race detector lets pools forget at random, which makes garbage.

package names

import (
	"strings"
	"testing"

	"driftwatch/news"
	"driftwatch/text"
)

func TestFindingMakesNoGarbage(t *testing.T) {
	g := gazetteer(t, "", news.Name{ID: "p", Kind: "person", Spellings: []string{"Иван Петренков", "Петренков"}})
	r := text.Read("Петренков", strings.Repeat("Иван Петренков и Петренков. ", 50), "ru")
	var fd Finder
	fd.Find(g, r)
	if n := testing.AllocsPerRun(20, func() { fd.Find(g, r) }); n > 2 {
		t.Errorf("%v allocations an article", n)
	}
}
