package main

import (
	"fmt"

	bobu "github.com/BobuSumisu/aho-corasick"
	anknown "github.com/anknown/ahocorasick"
	petar "github.com/petar-dambovaliev/aho-corasick"
)

// peer is another matcher.
type peer struct {
	name   string
	passes int
	build  func(terms []string) (counter, error)
}

// counter counts the occurrences in a folded text.
type counter interface {
	count(text string) int
	close()
}

// peers are those that n terms can be asked of: with a million, some take more
// memory than machines have.
func peers(n int) []peer {
	all := append([]peer(nil), vectorscans...)
	if n <= 100_000 {
		all = append(all, peer{"petar-dambovaliev, DFA", 2, func(t []string) (counter, error) { return buildPetar(t, true) }},
			peer{"BobuSumisu", 2, buildBobu})
	}
	return append(all,
		peer{"petar-dambovaliev, NFA", 1, func(t []string) (counter, error) { return buildPetar(t, false) }},
		peer{"anknown", 1, buildAnknown})
}

// petarCounter finds all matches, overlapping ones too.
type petarCounter struct{ ac petar.AhoCorasick }

func buildPetar(terms []string, dfa bool) (counter, error) {
	b := petar.NewAhoCorasickBuilder(petar.Opts{MatchKind: petar.StandardMatch, DFA: dfa})
	return petarCounter{b.Build(terms)}, nil
}

func (p petarCounter) count(text string) int {
	n := 0
	it := p.ac.IterOverlapping(text)
	for m := it.Next(); m != nil; m = it.Next() {
		if bounded(text, m.Start(), m.End()) {
			n++
		}
	}
	return n
}

func (petarCounter) close() {}

// bounded reports whether a place in a folded text is one of whole words.
func bounded(text string, start, end int) bool {
	return (start == 0 || separates(text[start-1])) && (end == len(text) || separates(text[end]))
}

func separates(c byte) bool { return c == ' ' || c == '\n' }

type bobuCounter struct{ trie *bobu.Trie }

func buildBobu(terms []string) (counter, error) {
	return bobuCounter{bobu.NewTrieBuilder().AddStrings(terms).Build()}, nil
}

func (b bobuCounter) count(text string) int {
	n := 0
	b.trie.Walk([]byte(text), func(end, length, _ int64) bool {
		if bounded(text, int(end-length+1), int(end+1)) {
			n++
		}
		return true
	})
	return n
}

func (bobuCounter) close() {}

type anknownCounter struct{ m *anknown.Machine }

func buildAnknown(terms []string) (counter, error) {
	runes := make([][]rune, len(terms))
	for i, t := range terms {
		runes[i] = []rune(t)
	}
	m := new(anknown.Machine)
	if err := m.Build(runes); err != nil {
		return nil, fmt.Errorf("not built: %w", err)
	}
	return anknownCounter{m}, nil
}

func (a anknownCounter) count(text string) int {
	runes := []rune(text)
	n := 0
	for _, t := range a.m.MultiPatternSearch(runes, false) {
		end := t.Pos + len(t.Word)
		if (t.Pos == 0 || runes[t.Pos-1] == ' ') && (end == len(runes) || runes[end] == ' ') {
			n++
		}
	}
	return n
}

func (anknownCounter) close() {}
