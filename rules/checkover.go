package rules

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"driftwatch/rules/theme"
)

// displaced finds signals that took the place of one of another theme: their
// authors are likely not to have known of it.
func (c *checker) displaced(s *signal) {
	if was := c.packs.Displaced(s.Signal); was != nil && was.Theme != s.Theme {
		c.add(Displaced, false, c.packs.Where(s.Signal, "id"), s.ID,
			"this takes the place of %s of the theme %s, “%s”, which isn't asked any more: an id of its own leaves it there", was.ID, was.Theme, was.Title)
	}
}

// broken runs the tests of the signals that own packs build on, and tells those
// that fail and would pass without them.
func (c *checker) broken(packs []fs.FS) {
	var failing []*signal
	for _, s := range c.engine.signals {
		if !c.own(c.packs.Where(s.Signal).Pack) && len(c.failing(c.engine, s)) > 0 {
			failing = append(failing, s)
		}
	}
	if len(failing) == 0 {
		return
	}
	base := c.without(packs)
	for _, s := range failing {
		now := c.failing(c.engine, s)
		if base != nil {
			if i := slices.IndexFunc(base.signals, func(b *signal) bool { return b.ID == s.ID }); i >= 0 {
				before := c.failing(base, base.signals[i])
				now = slices.DeleteFunc(now, func(f failure) bool { return slices.Contains(before, f) })
			}
		}
		if len(now) == 0 {
			continue
		}
		t := c.caseOf(s, now[0])
		what := "a test of this that passes without your packs fails with them"
		if len(now) > 1 {
			what = fmt.Sprintf("%d tests of this that pass without your packs fail with them; the first", len(now))
		}
		c.add(Breaks, false, c.packs.Where(s.Signal, "tests", now[0].key, now[0].index), s.ID,
			"%s: %s: %s", what, t.Lang, strings.TrimSpace(t.Title+" "+t.Text))
	}
}

// failure is a test by its place.
type failure struct {
	key   string // match or miss
	index int
}

// failing lists the tests of a signal that fail, but for the unseen third.
func (c *checker) failing(e *Engine, s *signal) []failure {
	var out []failure
	for i, t := range s.Tests.Match {
		if !t.Unseen() && unmatched(s, t, e.try(t)) != "" {
			out = append(out, failure{"match", i})
		}
	}
	for i, t := range s.Tests.Miss {
		if !t.Unseen() && finds(s, e.try(t)) >= 0 {
			out = append(out, failure{"miss", i})
		}
	}
	return out
}

func (c *checker) caseOf(s *signal, f failure) theme.Case {
	if f.key == "match" {
		return s.Tests.Match[f.index]
	}
	return s.Tests.Miss[f.index]
}

// without is the engine of the packs that own ones build on; nil where they
// don't compile by themselves, or there are none.
func (c *checker) without(packs []fs.FS) *Engine {
	var base []fs.FS
	for i, p := range packs {
		if !c.own(i) {
			base = append(base, p)
		}
	}
	e, err := load(base...)
	if err != nil {
		return nil
	}
	return e
}
