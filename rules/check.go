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
	Seen     Score     `json:"seen"`   // the signals' own tests but for the third below
	Unseen   Score     `json:"unseen"` // the third of them that isn't looked at while tuning
	Findings []Finding `json:"findings"`
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
	Unverified   FindingKind = "unverified"    // a claimed language whose terms nobody has confirmed
	NeverMatches FindingKind = "never-matches" // whatever the text says
	NearTheme    FindingKind = "near-theme"    // a theme of its own that looks like a slip of another
	UnusedName   FindingKind = "unused"        // a concept that nothing asks for
	Covered      FindingKind = "covered"       // a term that another term of its concept finds too
	Everywhere   FindingKind = "everywhere"    // a term or signal that fires on everything
)

// Text is one text of a background corpus.
type Text struct{ Title, Body, Lang string }

// Check compiles packs, runs the signals' own tests, and looks for what can't
// be meant: languages that are claimed and missing, terms that others cover,
// concepts that nothing uses, signals that can never match, and, on a
// background of texts that are mostly about other things, terms and signals
// that fire on everything. The error is Load's. Without a background (nil),
// that part is left out. Only what stands in the packs from own on, numbered
// from 0, is tested and found fault with; those before it are what it builds on.
func Check(background func(yield func(Text) bool), own int, packs ...fs.FS) (*Report, error) {
	e, err := load(packs...)
	if err != nil {
		return nil, err
	}
	c := &checker{engine: e, packs: e.packs, own: own, report: &Report{
		Signals: len(e.signals), Concepts: len(e.packs.Concepts), Findings: []Finding{},
	}}
	for _, s := range e.signals {
		if e.packs.Where(s.Signal).Pack >= own {
			c.tests(s)
		}
		c.languages(s)
		c.never(s)
		c.slipped(s)
	}
	c.unused()
	for _, id := range slices.Sorted(maps.Keys(e.packs.Concepts)) {
		c.covered(e.packs.Concepts[id])
	}
	if background != nil {
		c.background(background)
	}
	c.report.Findings = slices.DeleteFunc(c.report.Findings, func(f Finding) bool { return f.Pack < own })
	slices.SortStableFunc(c.report.Findings, func(a, b Finding) int {
		return cmp.Or(a.Pack-b.Pack, strings.Compare(a.File, b.File), a.Line-b.Line, a.Column-b.Column)
	})
	return c.report, nil
}

type checker struct {
	engine *Engine
	packs  *theme.Packs
	own    int // the first pack that is found fault with
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
		run("match", i, t, unmatched(s, t, c.flag(t)))
	}
	for i, t := range s.Tests.Miss {
		wrong := ""
		if slices.ContainsFunc(c.flag(t), func(h news.Hit) bool { return h.Signal == s.ID }) {
			wrong = "this must not match, and does"
		}
		run("miss", i, t, wrong)
	}
}

func (c *checker) flag(t theme.Case) []news.Hit {
	return c.engine.Flag(text.Read(t.Title, t.Text, t.Lang), About{})
}

// unmatched says what a match lacks; nothing where it is as it should be.
func unmatched(s *signal, t theme.Case, hits []news.Hit) string {
	want := cmp.Or(t.Direction, s.Direction)
	var others []string
	for _, h := range hits {
		if h.Signal != s.ID {
			if h.Theme == s.Theme {
				others = append(others, h.Signal)
			}
			continue
		}
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
	if len(others) > 0 {
		return fmt.Sprintf("this matches %s instead; should %s beat it (beats: [%s])?",
			strings.Join(others, " and "), s.ID, strings.Join(others, ", "))
	}
	return "this doesn't match"
}

// languages looks at what a signal claims: each language needs tests, terms in
// which the query can match, and somebody who has confirmed them.
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
		if lacking := c.lacking(s.when, lang); len(lacking) > 0 {
			c.add(NoTerms, true, at, s.ID, "%s is claimed, and no text in it can match: no terms in it for %s", lang, strings.Join(lacking, " and "))
			continue
		}
		for _, id := range c.unverified(s, lang) {
			c.add(Unverified, false, at, s.ID, "%s is claimed, and nobody has verified the terms of @%s in it", lang, id)
		}
	}
}

// lacking names what a query needs and has no terms for in a language.
func (c *checker) lacking(q *query.Query, lang string) []string {
	var names []string
	for _, set := range q.Necessary() {
		if slices.ContainsFunc(set, func(id int) bool { return c.speaks(id, lang) }) {
			continue
		}
		var set1 []string
		for _, id := range set {
			if concept := c.engine.names[id].concept; concept != nil {
				set1 = append(set1, "@"+concept.ID)
			}
		}
		names = append(names, strings.Join(set1, " or "))
	}
	return names
}

// speaks reports whether a name has terms in a language; phrases and entities
// have no language.
func (c *checker) speaks(id int, lang string) bool {
	concept := c.engine.names[id].concept
	return concept == nil || len(concept.Terms[lang])+len(concept.Terms["any"]) > 0
}

func (c *checker) unverified(s *signal, lang string) []string {
	var ids []string
	for _, id := range s.when.Concepts() {
		if concept := c.engine.names[id].concept; concept != nil && slices.Contains(concept.Unverified, lang) {
			ids = append(ids, concept.ID)
		}
	}
	return ids
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
		if inside(set, s.when.Excluded()) {
			c.add(NeverMatches, true, c.packs.Where(s.Signal, "when"), s.ID, "this can never match: what it needs is under NOT")
			return
		}
		if s.unless != nil && inside(set, s.unless.Sufficient()) {
			c.add(NeverMatches, true, c.packs.Where(s.Signal, "unless"), s.ID, "this signal can never match: what when needs is enough for unless")
			return
		}
	}
}

// lackingEverywhere names what a query needs and has no terms for in any
// language.
func (c *checker) lackingEverywhere(q *query.Query) []string {
	var everywhere []string
	for i, lang := range theme.Languages {
		lacking := c.lacking(q, lang)
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

// covered finds terms of a concept that another of its terms finds wherever
// they stand.
func (c *checker) covered(concept *theme.Concept) {
	for _, lang := range slices.Sorted(maps.Keys(concept.Terms)) {
		terms := concept.Terms[lang]
		c.report.Terms += len(terms)
		if len(terms) < 2 || c.packs.TermPack(concept, lang, len(terms)-1) < c.own {
			continue // nothing of it can be found fault with
		}
		all := make([]text.Term, len(terms))
		for i, t := range terms {
			all[i] = matcherTerm(t, lang)
		}
		m, err := text.NewMatcher(all)
		if err != nil {
			continue // Load has said so
		}
		for i, t := range terms {
			if by := coveredBy(m, terms, i, lang); by >= 0 {
				c.add(Covered, false, c.packs.WhereTerm(concept, lang, i), "@"+concept.ID,
					"%q finds nothing in %s that %q doesn't find too", t.Text, lang, terms[by].Text)
			}
		}
	}
}

// coveredBy finds a term that stands for whatever term i stands for: it matches
// the same words of i's text, takes all endings that i takes, and asks for no
// more.
func coveredBy(m *text.Matcher, terms []theme.Term, i int, lang string) int {
	r := text.Read("", strings.ReplaceAll(terms[i].Text, "*", ""), lang)
	last := int32(len(r.Body.Words) - 1)
	for _, found := range m.Match(&r.Body, lang, nil) {
		by := int(found.Term)
		if by == i || found.First != 0 || found.Last != last {
			continue
		}
		a, b := terms[i], terms[by]
		if covers(b, a) && (by < i || !covers(a, b) || !sameForms(a, b)) {
			return by
		}
	}
	return -1
}

// covers reports that b's forms and conditions take in a's, given that b
// matches a's words.
func covers(b, a theme.Term) bool {
	if stars(b.Text) < stars(a.Text) || b.Case && !a.Case || len(b.Near) > 0 {
		return false
	}
	switch {
	case b.Exact:
		return a.Exact
	case strings.HasSuffix(b.Text, "*"):
		return true
	default:
		return a.Exact || !strings.HasSuffix(a.Text, "*")
	}
}

// sameForms reports that two terms are written alike, so that one of them is
// kept: the first.
func sameForms(a, b theme.Term) bool {
	return strings.EqualFold(a.Text, b.Text)
}

func stars(s string) int { return strings.Count(s, "*") }

func matcherTerm(t theme.Term, lang string) text.Term {
	out := text.Term{Text: t.Text, CaseSensitive: t.Case}
	if t.Exact {
		out.Mode = text.Exact
	}
	if lang != "any" {
		out.Lang = lang
	}
	return out
}
