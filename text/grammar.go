package text

import "strings"

// grammar is how a language puts endings behind one another: states, and the
// endings that lead from one to the next. It is written as lines of
//
//	from …: ending … > to
//
// In an ending a capital letter stands for the letters that its language's
// sounds choose from; - in front of it says that it stands behind a consonant
// only, + behind a vowel only, ! behind an l only, ^ behind a
// vowel with an l shortly before it. A state whose name begins with ? doesn't
// end a word.
type grammar struct {
	states map[string]int
	edges  [][]ending
	open   []bool // the state doesn't end a word
	sounds sounds
	vowels letterSet // what counts as a vowel for - and +
}

// sounds are the letters that a capital in an ending stands for, given the
// last vowel of the word before it (0 where there is none) and the letter
// before it.
type sounds func(letter, vowel, before rune) string

type ending struct {
	form   []rune
	behind byte // '-', '+', '!', '^' or 0
	to     int
}

// vowels of all the languages that a grammar is written for.
const vowels = "аәеэиоөуүұыіюяёӣӯaeiouöüyäıəў"

var anyVowel = newLetterSet(vowels)

func isVowel(r rune) bool { return anyVowel.has(r) }

// letterSet is a set of Latin and Cyrillic letters, a bit for each.
type letterSet [0x600 / 64]uint64

func newLetterSet(s string) letterSet {
	var set letterSet
	for _, r := range s {
		set[r/64] |= 1 << (r % 64)
	}
	return set
}

func (s *letterSet) has(r rune) bool { return r >= 0 && r < 64*rune(len(s)) && s[r/64]>>(r%64)&1 != 0 }

func newGrammar(s sounds, vowels, lines string) *grammar {
	g := &grammar{states: map[string]int{}, sounds: s, vowels: newLetterSet(vowels)}
	for line := range strings.Lines(lines) {
		from, rest, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		forms, to, _ := strings.Cut(rest, ">")
		target := g.state(strings.TrimSpace(to))
		for f := range strings.FieldsSeq(from) {
			at := g.state(f)
			for form := range strings.FieldsSeq(forms) {
				g.edges[at] = append(g.edges[at], newEnding(form, target))
			}
		}
	}
	return g
}

func newEnding(form string, to int) ending {
	e := ending{to: to}
	if strings.IndexByte("-+!^", form[0]) >= 0 {
		e.behind, form = form[0], form[1:]
	}
	e.form = []rune(form)
	return e
}

func (g *grammar) state(name string) int {
	i, ok := g.states[name]
	if !ok {
		i = len(g.edges)
		g.states[name] = i
		g.edges = append(g.edges, nil)
		g.open = append(g.open, strings.HasPrefix(name, "?"))
	}
	return i
}

// accepts reports whether word[at:] is a chain of endings from a state on.
func (g *grammar) accepts(state int, word []rune, at int) bool {
	if at == len(word) {
		return !g.open[state]
	}
	for i := range g.edges[state] {
		e := &g.edges[state][i]
		if g.follows(e, word, at) && g.accepts(e.to, word, at+len(e.form)) {
			return true
		}
	}
	return false
}

// follows reports whether an ending stands in a word at a place. Most don't by
// their plain letters, so these are looked at first.
func (g *grammar) follows(e *ending, word []rune, at int) bool {
	if len(word)-at < len(e.form) {
		return false
	}
	chosen := false
	for i, want := range e.form {
		if word[at+i] == want {
			continue
		}
		if want >= 'a' && want <= 'z' || want >= 'а' {
			return false
		}
		chosen = true
	}
	if e.behind != 0 && !g.stands(e.behind, word[:at]) {
		return false
	}
	if !chosen {
		return true
	}
	for i, want := range e.form {
		if r := word[at+i]; r != want && !strings.ContainsRune(g.sounds(want, lastVowel(word[:at+i]), word[at+i-1]), r) {
			return false
		}
	}
	return true
}

// stands reports whether a word ends as the mark of an ending asks.
func (g *grammar) stands(behind byte, word []rune) bool {
	last := word[len(word)-1]
	switch behind {
	case '!':
		return last == 'л' || last == 'l'
	case '^':
		if !g.vowels.has(last) {
			return false
		}
		switch string(word) {
		case "колдо", "қолда", "qolla", "қулла", "golda": // to support; with an н to use
			return false
		}
		for _, r := range word[max(0, len(word)-3):] {
			if r == 'л' || r == 'l' {
				return true
			}
		}
		return false
	}
	return g.vowels.has(last) == (behind == '+')
}

func lastVowel(word []rune) rune {
	for i := len(word) - 1; i >= 0; i-- {
		if isVowel(word[i]) {
			return word[i]
		}
	}
	return 0
}
