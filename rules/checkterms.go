package rules

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"driftwatch/rules/theme"
	"driftwatch/text"
)

// covered finds terms of a concept that another of its terms finds wherever
// they stand.
func (c *checker) covered(concept *theme.Concept) {
	for _, lang := range slices.Sorted(maps.Keys(concept.Terms)) {
		terms := concept.Terms[lang]
		c.report.Terms += len(terms)
		if !c.ownTerms(concept, lang) {
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
		by := make([][]int, len(terms))
		for i := range terms {
			by[i] = coveredBy(m, terms, i, lang)
		}
		for i, t := range terms {
			c.stars(concept, lang, i)
			if n := slices.IndexFunc(by[i], func(o int) bool { return !slices.Contains(by[o], i) || kept(terms, o, i) }); n >= 0 {
				said := fmt.Sprintf("%q finds nothing in %s that %q doesn't find too", t.Text, lang, terms[by[i][n]].Text)
				if terms[by[i][n]].Text == t.Text {
					said = fmt.Sprintf("%q is among the terms of %s already", t.Text, lang)
				}
				c.add(Covered, false, c.packs.WhereTerm(concept, lang, i), "@"+concept.ID, "%s", said)
				continue
			}
			c.swallowed(concept, lang, i)
		}
	}
}

// kept reports that of two terms which find the same the first is the one to keep: the
// shorter one, which is the plainer, or the one that stands before the other.
func kept(terms []theme.Term, a, b int) bool {
	return cmp.Or(cmp.Compare(len(terms[a].Text), len(terms[b].Text)), cmp.Compare(a, b)) < 0
}

// ownTerms reports whether a term of a concept's is of a pack that is checked.
func (c *checker) ownTerms(concept *theme.Concept, lang string) bool {
	for i := range concept.Terms[lang] {
		if c.own(c.packs.TermPack(concept, lang, i)) {
			return true
		}
	}
	return false
}

// stars finds the signs in a term that its author took for more than they are: a
// * stands for the rest of the word that it ends, or by itself for a word or two
// between others.
func (c *checker) stars(concept *theme.Concept, lang string, i int) {
	written := concept.Terms[lang][i].Text
	words := strings.Fields(strings.ReplaceAll(written, "*-", "* ")) // a hyphen ends a word too
	for n, w := range words {
		switch at := strings.IndexByte(w, '*'); {
		case isGap(w) && (n == 0 || n == len(words)-1):
			c.add(StrayStar, false, c.packs.WhereTerm(concept, lang, i), "@"+concept.ID,
				"%q: a * by itself stands for words between others; at a term's end it stands for nothing", written)
			return
		case at >= 0 && strings.ContainsFunc(w[at:], unicode.IsLetter):
			c.add(StrayStar, false, c.packs.WhereTerm(concept, lang, i), "@"+concept.ID,
				"%q: a * stands at a word's end; here it parts %s into two words", written, w)
			return
		}
	}
}

// swallowed finds terms that are never counted, since a name that swallows what
// is inside it has the same words.
func (c *checker) swallowed(concept *theme.Concept, lang string, i int) {
	if concept.Swallows || lang == "any" || !c.own(c.packs.TermPack(concept, lang, i)) {
		return
	}
	e := c.engine
	r := text.Read("", strings.ReplaceAll(concept.Terms[lang][i].Text, "*", ""), lang)
	last := int32(len(r.Body.Words) - 1)
	for _, found := range e.matcher.Match(&r.Body, lang, nil) {
		t := e.terms[found.Term]
		by := e.names[t.name]
		if by.swallows && len(t.of) == 0 && found.First == 0 && found.Last == last {
			c.add(Covered, false, c.packs.WhereTerm(concept, lang, i), "@"+concept.ID,
				"%q is never counted: it is a name of @%s, which swallows the words in it", concept.Terms[lang][i].Text, by.concept.ID)
			return
		}
	}
}

// coveredBy finds the terms that stand for whatever term i stands for: each
// matches the same words of i's text, takes all endings that i takes, and asks
// for no more.
func coveredBy(m *text.Matcher, terms []theme.Term, i int, lang string) []int {
	r := text.Read("", strings.ReplaceAll(terms[i].Text, "*", ""), lang)
	last := int32(len(r.Body.Words) - 1)
	var all []int
	for _, found := range m.Match(&r.Body, lang, nil) {
		by := int(found.Term)
		if by != i && found.First == 0 && found.Last == last && covers(terms[by], terms[i], lang) {
			all = append(all, by)
		}
	}
	return all
}

// covers reports that b's forms and conditions take in a's, given that b
// matches a's words.
func covers(b, a theme.Term, lang string) bool {
	if !a.Exact && !beginsAll(b, a, lang) {
		return false
	}
	if strings.Count(b.Text, "*") < strings.Count(a.Text, "*") || gapsIn(b.Text) < gapsIn(a.Text) || b.Case && !a.Case || len(b.Near) > 0 {
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

// beginsAll reports that what b has before a * also begins the other forms of a's
// words: "bring*" finds "bring", and not "brought".
func beginsAll(b, a theme.Term, lang string) bool {
	if lang == "any" {
		lang = ""
	}
	forms, prefixes := text.Read("", a.Text, lang).Body, text.Read("", b.Text, lang).Body
	for i := range prefixes.Words {
		if !starred(&prefixes, i) {
			continue
		}
		prefix := prefixes.Text[prefixes.Words[i].Start:prefixes.Words[i].End]
		begun := false
		for j := range forms.Words {
			if len(forms.Words) == len(prefixes.Words) && j != i {
				continue // a gap of b's stands for no word of a's
			}
			begun = begun || starred(&forms, j) || forms.FormsBegin(j, lang, prefix)
		}
		if !begun {
			return false
		}
	}
	return true
}

// starred reports a word that a * ends.
func starred(f *text.Field, word int) bool {
	end := int(f.Words[word].End)
	return end < len(f.Text) && f.Text[end] == '*'
}

// gapsIn counts the words of a term that stand for others.
func gapsIn(term string) int {
	n := 0
	for _, w := range strings.Fields(term) {
		if isGap(w) {
			n++
		}
	}
	return n
}

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
