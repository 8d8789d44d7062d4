package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	petar "github.com/petar-dambovaliev/aho-corasick"

	"driftwatch/text"
)

// hit is a term and the words that it is found in.
type hit struct{ term, first, last int }

func sorted(hits []hit) []hit {
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.last, b.last), cmp.Compare(a.term, b.term))
	})
	return hits
}

// flat is a field's words, folded; what no term may stand across is a new line.
// at says which word begins and which ends at a byte.
func flat(f *text.Field) (s string, begins, ends map[int]int) {
	var b []byte
	begins, ends = map[int]int{}, map[int]int{}
	for i, w := range f.Words {
		if i > 0 {
			sep := byte(' ')
			if w.Flags&text.Apart != 0 || w.Sentence != f.Words[i-1].Sentence {
				sep = '\n'
			}
			b = append(b, sep)
		}
		begins[len(b)] = i
		b = f.AppendFolded(b, i)
		ends[len(b)] = i
	}
	return string(b), begins, ends
}

// byAhoCorasick finds terms with the library, and keeps what stands between
// word boundaries.
func byAhoCorasick(terms []string, f *text.Field) []hit {
	folded := make([]string, len(terms))
	same := map[string][]int{}
	var once []string
	for i, t := range terms {
		folded[i] = text.Fold(t)
		if same[folded[i]] == nil {
			once = append(once, folded[i])
		}
		same[folded[i]] = append(same[folded[i]], i)
	}
	b := petar.NewAhoCorasickBuilder(petar.Opts{MatchKind: petar.StandardMatch})
	ac := b.Build(once)
	s, begins, ends := flat(f)
	var out []hit
	it := ac.IterOverlapping(s)
	for m := it.Next(); m != nil; m = it.Next() {
		first, ok := begins[m.Start()]
		last, ok2 := ends[m.End()]
		if ok && ok2 {
			for _, t := range same[once[m.Pattern()]] {
				out = append(out, hit{t, first, last})
			}
		}
	}
	return sorted(out)
}

func byMatcher(t *testing.T, terms []string, f *text.Field) []hit {
	t.Helper()
	list := make([]text.Term, len(terms))
	for i, s := range terms {
		list[i] = text.Term{Text: s, Mode: text.Exact}
	}
	m, err := text.NewMatcher(list)
	if err != nil {
		t.Fatal(err)
	}
	var out []hit
	for range 2 { // the second time from its cache
		out = out[:0]
		for _, h := range m.Match(f, "", nil) {
			out = append(out, hit{int(h.Term), int(h.First), int(h.Last)})
		}
	}
	return sorted(out)
}

// usable keeps the terms that a matcher takes.
func usable(terms []string) []string {
	return slices.DeleteFunc(terms, func(s string) bool {
		n := len(strings.Fields(text.Fold(s)))
		return n == 0 || n > text.MaxTerm
	})
}

// The matcher in exact mode finds what an Aho-Corasick library finds between
// word boundaries: in random texts of few letters, so that everything overlaps.
func TestSameAsAhoCorasick(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for _, letters := range []string{"а", "аб", "abc", "абвгдabc", "ёеЕЁoоaа", "aб-’.,1 «\n", "ұқшүabş'ʻ-", "а\u00adб\u0306и"} {
		alphabet := []rune(letters)
		word := func() string {
			w := make([]rune, 1+rnd.IntN(5))
			for i := range w {
				w[i] = alphabet[rnd.IntN(len(alphabet))]
			}
			return string(w)
		}
		phrase := func(n int) string {
			var b strings.Builder
			for range n {
				b.WriteString(word() + []string{" ", " ", " ", "-", ", ", ". ", "\n\n"}[rnd.IntN(7)])
			}
			return b.String()
		}
		for range 40 {
			var terms []string
			for range 60 {
				var words []string
				for range 1 + rnd.IntN(5) {
					words = append(words, word())
				}
				terms = append(terms, strings.Join(words, " "))
			}
			terms = usable(terms)
			f := &text.Read("", phrase(300), "").Body
			if got, want := byMatcher(t, terms, f), byAhoCorasick(terms, f); !slices.Equal(got, want) {
				t.Fatalf("letters %q, text %q:\n got %v\nwant %v", letters, f.Text, got, want)
			}
		}
	}
}

// The same with terms made to be hard: every prefix of one phrase, all orders of
// few words, terms inside terms, a text of nothing but terms.
func TestSameAsAhoCorasickOnHardTerms(t *testing.T) {
	var prefixes, orders, nested []string
	words := strings.Fields("а б а б а б в а б а б в")
	for i := range words {
		for k := i + 1; k <= len(words); k++ {
			prefixes = append(prefixes, strings.Join(words[i:k], " "))
		}
	}
	for n := range 3 * 3 * 3 * 3 {
		orders = append(orders, fmt.Sprintf("%c %c %c %c", 'а'+n%3, 'а'+n/3%3, 'а'+n/9%3, 'а'+n/27))
	}
	for n := 1; n <= text.MaxTerm; n++ {
		nested = append(nested, strings.Repeat("о ", n), strings.Repeat("о ", n-1)+"оо")
	}
	for name, terms := range map[string][]string{"prefixes": prefixes, "orders": orders, "nested": nested} {
		t.Run(name, func(t *testing.T) {
			f := &text.Read("", strings.Join(terms, " ")+strings.Repeat(" "+terms[len(terms)-1], 20), "").Body
			got, want := byMatcher(t, terms, f), byAhoCorasick(terms, f)
			if !slices.Equal(got, want) {
				t.Fatalf("got %d, want %d", len(got), len(want))
			}
			if len(got) < len(terms) {
				t.Errorf("%d terms, %d places", len(terms), len(got))
			}
		})
	}
}

// The same with names and articles as the bench has them.
func TestSameAsAhoCorasickOnNames(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 9))
	pools := fakeSentences(rnd)
	var known []string
	for _, s := range append(pools["en"], pools["ru"]...) {
		known = append(known, strings.Fields(text.Fold(s))...)
	}
	terms := fakeNames(known, pools["ru"], 20_000)
	found := 0
	for range 30 {
		f := &text.Read("", article(rnd, pools["ru"])+strings.Join(terms[rnd.IntN(1000):][:50], ", "), "ru").Body
		got, want := byMatcher(t, terms[:3000], f), byAhoCorasick(terms[:3000], f)
		if !slices.Equal(got, want) {
			t.Fatalf("got %v\nwant %v", got, want)
		}
		found += len(got)
	}
	if found == 0 {
		t.Error("nothing was found")
	}
}
