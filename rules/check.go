package rules

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/rules/query"
	"driftwatch/rules/theme"
	"driftwatch/text"
)

// Report is what Check finds in packs that compile.
type Report struct {
	Signals  int       `json:"signals"`
	Concepts int       `json:"concepts"`
	Terms    int       `json:"terms"`
	Seen     Score     `json:"seen"`    // the signals' own tests but for the third below
	Unseen   Score     `json:"unseen"`  // the third of them that isn't looked at while tuning
	Untried  []string  `json:"untried"` // the ids of signals without a test
	Claims   []Claim   `json:"claims"`  // the languages that signals claim
	Findings []Finding `json:"findings"`
	// Background counts the texts of the background by the language that they were
	// read as; nil without one. Of a language with fewer than Enough nothing is told.
	Background map[string]int `json:"background,omitempty"`
}

// Score is how many tests pass.
type Score struct {
	Passed int `json:"passed"`
	Tests  int `json:"tests"`
}

// Finding is something that is wrong with a pack, or looks it.
type Finding struct {
	Kind    FindingKind `json:"kind"`
	Error   bool        `json:"error"` // false: worth a look
	Pack    int         `json:"-"`     // in the order in which the packs were given, from 0
	File    string      `json:"file"`
	Line    int         `json:"line"`
	Column  int         `json:"column"`
	Name    string      `json:"name"` // of the signal, or @concept
	Message string      `json:"message"`
}

// FindingKind is what a finding is about.
type FindingKind string

// The kinds of finding.
const (
	FailedTest   FindingKind = "failed-test"   // a signal's own test doesn't pass
	Untested     FindingKind = "untested"      // a claimed language without a match and a miss
	NoTerms      FindingKind = "no-terms"      // a claimed language in which the query can't match
	Unverified   FindingKind = "unverified"    // a claimed language that verified terms alone don't bear out
	NeverMatches FindingKind = "never-matches" // whatever the text says
	NearTheme    FindingKind = "near-theme"    // a theme of its own that looks like a slip of another
	Displaced    FindingKind = "displaced"     // a signal of another theme had the id, and is gone
	Breaks       FindingKind = "breaks"        // an earlier pack's signal fails tests that it passes without the checked packs
	UnusedName   FindingKind = "unused"        // a concept that nothing asks for
	Covered      FindingKind = "covered"       // a term that another term finds too, or hides
	StrayStar    FindingKind = "stray-star"    // a * in a term where it stands for nothing
	Everywhere   FindingKind = "everywhere"    // a term or signal that fires on everything
)

// Text is one text of a background corpus.
type Text struct{ Title, Body, Lang string }

// Own says which of the packs given, numbered from 0, are tested and found fault
// with; the others are what they build on.
type Own func(pack int) bool

// From makes the packs from number first on the ones to check.
func From(first int) Own { return func(pack int) bool { return pack >= first } }

// Check compiles packs, runs the signals' own tests, and looks for what can't
// be meant: languages that are claimed and missing, terms that others cover,
// concepts that nothing uses, signals that can never match, and, on a
// background of texts that are mostly about other things, terms and signals
// that fire on everything. The error is Load's. Without a background (nil) the
// tests of the signals that own packs build on stand in, where there are any.
// Only what stands in own packs is tested and found fault with, and what they
// break of the others.
func Check(background func(yield func(Text) bool), own Own, packs ...fs.FS) (*Report, error) {
	e, err := load(packs...)
	if err != nil {
		return nil, err
	}
	c := &checker{engine: e, packs: e.packs, own: own, report: &Report{
		Signals: len(e.signals), Concepts: len(e.packs.Concepts), Untried: []string{}, Claims: []Claim{}, Findings: []Finding{},
	}}
	for _, s := range e.signals {
		if own(e.packs.Where(s.Signal).Pack) {
			c.tests(s)
			c.displaced(s)
			if len(s.Tests.Match)+len(s.Tests.Miss) == 0 {
				c.report.Untried = append(c.report.Untried, s.ID)
			}
		}
		c.languages(s)
		c.never(s)
		c.slipped(s)
	}
	sure, err := loadVerified(packs...)
	if err != nil {
		return nil, err
	}
	c.claimed(sure)
	c.unused()
	for _, id := range slices.Sorted(maps.Keys(e.packs.Concepts)) {
		c.covered(e.packs.Concepts[id])
	}
	if background != nil {
		c.background(background)
	} else {
		c.foreign()
	}
	c.report.Findings = slices.DeleteFunc(c.report.Findings, func(f Finding) bool { return !own(f.Pack) })
	c.broken(packs)
	slices.SortStableFunc(c.report.Findings, func(a, b Finding) int {
		return cmp.Or(a.Pack-b.Pack, strings.Compare(a.File, b.File), a.Line-b.Line, a.Column-b.Column)
	})
	return c.report, nil
}

type checker struct {
	engine *Engine
	packs  *theme.Packs
	own    Own
	report *Report
}

func (c *checker) add(kind FindingKind, isError bool, at theme.Place, name, format string, args ...any) {
	c.report.Findings = append(c.report.Findings, Finding{
		Kind: kind, Error: isError, Pack: at.Pack, File: at.File, Line: at.Line, Column: at.Column,
		Name: name, Message: fmt.Sprintf(format, args...),
	})
}

// tests runs a signal's own tests. What fails of the unseen third is counted
// and not shown: whoever reads it has seen it.
func (c *checker) tests(s *signal) {
	run := func(key string, i int, t theme.Case, wrong string) {
		score := &c.report.Seen
		if t.Unseen() {
			score = &c.report.Unseen
		}
		score.Tests++
		if wrong == "" {
			score.Passed++
			return
		}
		if !t.Unseen() {
			at := c.packs.Where(s.Signal, "tests", key, i)
			c.add(FailedTest, true, at, s.ID, "%s: %s: %s", wrong, t.Lang, strings.TrimSpace(t.Title+" "+t.Text))
		}
	}
	for i, t := range s.Tests.Match {
		wrong := unmatched(s, t, c.engine.try(t))
		if wrong == notMatched && !t.Unseen() {
			wrong = c.why(s, t)
		}
		run("match", i, t, wrong)
	}
	for i, t := range s.Tests.Miss {
		wrong := ""
		hits := c.engine.try(t)
		if n := finds(s, hits); n >= 0 {
			wrong = "this must not match, and does"
			if found := hits[n].Evidence; len(found) > 0 {
				wrong += fmt.Sprintf(", by “%s”", found[0].Quote)
			}
		}
		run("miss", i, t, wrong)
	}
}

// try flags the text of a test.
func (e *Engine) try(t theme.Case) []news.Hit {
	return e.Flag(text.Read(t.Title, t.Text, t.Lang), About{})
}

// finds is the number of the signal's hit among hits; -1 where it has none.
func finds(s *signal, hits []news.Hit) int {
	return slices.IndexFunc(hits, func(h news.Hit) bool { return h.Signal == s.ID })
}

// unmatched says what a match lacks; nothing where it is as it should be.
func unmatched(s *signal, t theme.Case, hits []news.Hit) string {
	want := cmp.Or(t.Direction, s.Direction)
	n := finds(s, hits)
	if n < 0 {
		return notMatched
	}
	h := hits[n]
	if h.Direction != want {
		return fmt.Sprintf("this is %s, not %s", h.Direction, want)
	}
	for _, code := range t.Countries {
		if !slices.Contains(h.Countries, code) {
			return fmt.Sprintf("this names %s, not %s", strings.Join(h.Countries, " and "), code)
		}
	}
	if len(t.Countries) > 0 && len(h.Countries) > len(t.Countries) {
		return fmt.Sprintf("this names %s, not only %s", strings.Join(h.Countries, " and "), strings.Join(t.Countries, " and "))
	}
	return ""
}

const notMatched = "this doesn't match"

// why says what a test's text lacks for a signal to match it, or which other
// signal tells it instead.
func (c *checker) why(s *signal, t theme.Case) string {
	x := c.engine.Explain(text.Read(t.Title, t.Text, t.Lang), About{}, s.ID)
	if len(x.Traces) == 0 {
		return notMatched
	}
	var parts []string
	for _, m := range x.Traces[0].Missing {
		if m.Other != "" {
			return fmt.Sprintf("this matches %s instead; should %s beat it (beats: [%s])?", m.Other, s.ID, m.Other)
		}
		parts = append(parts, m.What+" "+m.Why)
	}
	if len(parts) == 0 {
		return notMatched
	}
	return notMatched + ", since " + strings.Join(parts, " and ")
}

// languages looks at what a signal claims: each language needs tests, and terms in
// which the query can match.
func (c *checker) languages(s *signal) {
	for i, lang := range s.Languages {
		at := c.packs.Where(s.Signal, "languages", i)
		in := func(t theme.Case) bool { return t.Lang == lang }
		if !s.Residual {
			switch match, miss := slices.ContainsFunc(s.Tests.Match, in), slices.ContainsFunc(s.Tests.Miss, in); {
			case !match && !miss:
				c.add(Untested, true, at, s.ID, "%s is claimed without a test: it needs a natural match and a near miss", lang)
			case !match:
				c.add(Untested, true, at, s.ID, "%s is claimed without a match among the tests", lang)
			case !miss:
				c.add(Untested, true, at, s.ID, "%s is claimed without a near miss among the tests", lang)
			}
		}
		if lacking := c.engine.lacking(s.when, lang); len(lacking) > 0 {
			c.add(NoTerms, true, at, s.ID, "%s is claimed, and no text in it can match: no terms in it for %s", lang, strings.Join(lacking, " and "))
		}
	}
}

// lacking names what a query needs and has no terms for in a language.
func (e *Engine) lacking(q *query.Query, lang string) []string {
	var names []string
	for _, set := range q.Necessary() {
		if slices.ContainsFunc(set, func(id int) bool { return e.speaks(id, lang) }) {
			continue
		}
		var set1 []string
		for _, id := range set {
			if concept := e.names[id].concept; concept != nil {
				set1 = append(set1, "@"+concept.ID)
			}
		}
		names = append(names, strings.Join(set1, " or "))
	}
	return names
}

// speaks reports whether a name has terms in a language; phrases and entities
// have no language.
func (e *Engine) speaks(id int, lang string) bool {
	concept := e.names[id].concept
	return concept == nil || len(concept.Terms[lang])+len(concept.Terms["any"]) > 0
}

// slipped finds themes that begin with a slip: what is nearly a theme of the
// embedded packs, or of an earlier one, and isn't it.
func (c *checker) slipped(s *signal) {
	at := c.packs.Where(s.Signal, "theme")
	known := []string{
		string(news.ThemeSanctions), string(news.ThemeCSTO), string(news.ThemeDecolonization),
		string(news.ThemeDualUse), string(news.ThemeContext),
	}
	for _, o := range c.engine.signals {
		if c.packs.Where(o.Signal).Pack < at.Pack {
			known = append(known, string(o.Theme))
		}
	}
	if slices.Contains(known, string(s.Theme)) {
		return
	}
	if near := configs.Nearest(string(s.Theme), known); near != "" {
		c.add(NearTheme, false, at, s.ID, "the theme %s is new; did you mean %s?", s.Theme, near)
	}
}

// never finds signals that no text can match: what they need has no terms, or
// ends the match by unless or NOT.
func (c *checker) never(s *signal) {
	if lacking := c.lackingEverywhere(s.when); len(lacking) > 0 {
		c.add(NeverMatches, true, c.packs.Where(s.Signal, "when"), s.ID, "this can never match: no terms for %s", strings.Join(lacking, " and "))
		return
	}
	for _, set := range s.when.Necessary() {
		if id := c.deniesNegative(s, set); id != "" {
			c.add(NeverMatches, true, c.packs.Where(s.Signal, "when"), s.ID,
				"this can never match: the terms of @%s carry their own negation (negative: true), and are never NEGATED", id)
			return
		}
		if inside(set, s.when.Excluded()) {
			c.add(NeverMatches, true, c.packs.Where(s.Signal, "when"), s.ID, "this can never match: what it needs is under NOT")
			return
		}
		if s.unless != nil && inside(set, s.unless.Sufficient()) {
			c.add(NeverMatches, true, c.packs.Where(s.Signal, "unless"), s.ID, "this signal can never match: what when needs is enough for unless")
			return
		}
	}
	if both := s.when.Contradiction(); both != "" {
		c.add(NeverMatches, true, c.packs.Where(s.Signal, "when"), s.ID, "this can never match: no text is %s", both)
	}
}

// deniesNegative names a concept of a set that a query needs negated, where all of
// the set count as affirmed wherever they stand.
func (c *checker) deniesNegative(s *signal, set []int) string {
	denied, id := s.when.Denied(), ""
	for _, n := range set {
		concept := c.engine.names[n].concept
		if concept == nil || !concept.Negative || !slices.Contains(denied, n) || slices.Contains(s.when.Plain(), n) {
			return ""
		}
		id = concept.ID
	}
	return id
}

// lackingEverywhere names what a query needs and has no terms for in any
// language.
func (c *checker) lackingEverywhere(q *query.Query) []string {
	var everywhere []string
	for i, lang := range theme.Languages {
		lacking := c.engine.lacking(q, lang)
		if i == 0 {
			everywhere = lacking
			continue
		}
		everywhere = slices.DeleteFunc(everywhere, func(name string) bool { return !slices.Contains(lacking, name) })
	}
	return everywhere
}

// inside reports that all of a set is in another; no set is inside nothing.
func inside(set, other []int) bool {
	return len(set) > 0 && !slices.ContainsFunc(set, func(id int) bool { return !slices.Contains(other, id) })
}

// unused finds concepts that no query, term or rule of the engine asks for.
func (c *checker) unused() {
	used := map[string]bool{}
	for _, s := range c.engine.signals {
		for _, q := range []*query.Query{s.when, s.unless} {
			if q == nil {
				continue
			}
			for _, id := range q.Concepts() {
				if concept := c.engine.names[id].concept; concept != nil {
					used[concept.ID] = true
				}
			}
		}
	}
	for _, concept := range c.packs.Concepts {
		for _, terms := range concept.Terms {
			for _, t := range terms {
				for _, n := range t.Near {
					used[strings.TrimPrefix(n, "@")] = true
				}
			}
		}
	}
	for id, concept := range c.packs.Concepts {
		if !used[id] && !AsksFor(id) && concept.Country == "" && !concept.Tie && !concept.Swallows && len(concept.Hides) == 0 {
			c.add(UnusedName, false, c.packs.WhereConcept(concept), "@"+id, "nothing asks for @%s", id)
		}
	}
}

// AsksFor reports whether the engine itself asks for a concept by its name.
func AsksFor(concept string) bool { return slices.Contains(AskedFor(), concept) }

// AskedFor lists the concepts that the engine itself asks for by their names, to
// give hits their status, actor and direction.
func AskedFor() []string {
	ids := slices.Clone(otherMarks)
	for _, m := range statusMarks {
		ids = append(ids, m.concept)
	}
	for _, m := range actorMarks {
		ids = append(ids, m.concept)
	}
	return ids
}
