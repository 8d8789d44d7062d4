package rules

import (
	"io/fs"
	"slices"
	"strings"

	"driftwatch/rules/theme"
)

// loadVerified compiles packs with their verified terms alone.
func loadVerified(packs ...fs.FS) (*Engine, error) {
	lists := make([]theme.Verified, len(packs))
	for i, pack := range packs {
		var err error
		if lists[i], err = theme.ReadVerified(pack); err != nil {
			return nil, err
		}
	}
	p, err := theme.Load(packs...)
	if err != nil {
		return nil, err
	}
	for _, c := range p.Concepts {
		for lang, terms := range c.Terms {
			var kept []theme.Term
			for i, t := range terms {
				if lists[p.TermPack(c, lang, i)].Has(c, lang, t) {
					kept = append(kept, t)
				}
			}
			c.Terms[lang] = kept
		}
	}
	return compile(p)
}

// UnverifiedLanguages lists, for each signal by its id, the languages that it claims and
// for which none of its own tests is passed by verified terms alone; a signal
// without tests needs verified terms with which its query can match. Signals all of
// whose languages are verified aren't in it.
func UnverifiedLanguages(packs ...fs.FS) (map[string][]string, error) {
	e, err := loadVerified(packs...)
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, s := range e.signals {
		for _, lang := range s.Languages {
			if !e.claims(s, lang) {
				out[s.ID] = append(out[s.ID], lang)
			}
		}
	}
	return out, nil
}

// claims reports that a signal of packs with verified terms alone is found in a
// language.
func (e *Engine) claims(s *signal, lang string) bool {
	if len(s.Tests.Match) == 0 {
		return len(e.lacking(s.when, lang)) == 0
	}
	return slices.ContainsFunc(s.Tests.Match, func(t theme.Case) bool {
		return t.Lang == lang && unmatched(s, t, e.try(t)) == ""
	})
}

// Claim is a language with how many signals claim it, and for how many of them
// verified terms bear it out.
type Claim struct {
	Lang     string `json:"lang"`
	Signals  int    `json:"signals"`
	Verified int    `json:"verified"`
}

// claimed adds up the languages of own signals, and tells of those that aren't
// verified.
func (c *checker) claimed(sure *Engine) {
	unverified := map[*signal][]string{}
	for _, lang := range theme.Languages {
		claim := Claim{Lang: lang}
		for _, s := range sure.signals {
			if !slices.Contains(s.Languages, lang) || !c.own(c.packs.Where(c.inFull(s).Signal).Pack) {
				continue
			}
			claim.Signals++
			if sure.claims(s, lang) {
				claim.Verified++
				continue
			}
			if !c.engine.claims(c.inFull(s), lang) {
				continue // that has been said of all its terms
			}
			unverified[s] = append(unverified[s], lang)
		}
		if claim.Signals > 0 {
			c.report.Claims = append(c.report.Claims, claim)
		}
	}
	for s, langs := range unverified {
		what, them := "none of its tests in %s is passed by verified terms alone", "it"
		if len(langs) > 1 {
			them = "them"
		}
		if len(s.Tests.Match) == 0 {
			what = "its query can't match in %s by verified terms alone"
		}
		at := c.packs.Where(c.inFull(s).Signal, "languages", slices.Index(s.Languages, langs[0]))
		c.add(Unverified, false, at, s.ID, "claimed and unverified: %s: "+what, strings.Join(langs, ", "), them)
	}
}

// inFull is the signal with all terms of one with verified terms alone.
func (c *checker) inFull(s *signal) *signal { return c.engine.signals[s.index] }
