package text

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// The benchmarks read made-up articles of 3.7 KB: words of Russian syllables
// with endings, some of them names, in sentences and paragraphs.

var syllables = strings.Fields(`са ко ре ла ми но ту ва де го ри ста пре ка зах мо лен дра ни по бо сер та ша чи во ер ге
	лю пан кро ма тор си зи ну рок фа`)

func fakeWord(rnd *rand.Rand) string {
	var b strings.Builder
	for range 1 + rnd.IntN(4) {
		b.WriteString(syllables[rnd.IntN(len(syllables))])
	}
	return b.String() + []string{"", "н", "т", "ка", "ция", "р"}[rnd.IntN(6)]
}

func fakeVocabulary(rnd *rand.Rand, n int) []string {
	words := make([]string, n)
	for i := range words {
		words[i] = fakeWord(rnd)
	}
	return words
}

func fakeArticle(rnd *rand.Rand, vocabulary []string) string {
	endings := []string{"", "", "а", "у", "ом", "ы", "ов", "ам"}
	var b strings.Builder
	for b.Len() < 3700 {
		for i := range 5 + rnd.IntN(15) {
			// A few words make most of a text.
			w := vocabulary[int(float64(len(vocabulary))*rnd.Float64()*rnd.Float64()*rnd.Float64()*rnd.Float64())]
			if i == 0 || rnd.IntN(12) == 0 {
				r := []rune(w)
				w = strings.ToUpper(string(r[:1])) + string(r[1:])
			}
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(w + endings[rnd.IntN(len(endings))])
			if rnd.IntN(12) == 0 {
				b.WriteByte(',')
			}
		}
		b.WriteString([]string{". ", ". ", ".\n\n"}[rnd.IntN(3)])
	}
	return b.String()
}

func fakeArticles(rnd *rand.Rand, vocabulary []string) (articles []string, size int64) {
	articles = make([]string, 500)
	for i := range articles {
		articles[i] = fakeArticle(rnd, vocabulary)
		size += int64(len(articles[i]))
	}
	return articles, size / int64(len(articles))
}

func BenchmarkRead(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 1))
	articles, size := fakeArticles(rnd, fakeVocabulary(rnd, 30000))
	var rd Reader
	var r Reading
	b.SetBytes(size)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		rd.Read(&r, "", articles[i%len(articles)], "ru")
	}
}

func BenchmarkWords(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 1))
	articles, size := fakeArticles(rnd, fakeVocabulary(rnd, 30000))
	var s scanner
	var f Field
	b.SetBytes(size)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.scan(articles[i%len(articles)], &f)
	}
}

func BenchmarkDetect(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 1))
	articles, size := fakeArticles(rnd, fakeVocabulary(rnd, 30000))
	readings := make([]*Reading, len(articles))
	for i, a := range articles {
		readings[i] = Read("", a, "")
	}
	b.SetBytes(size)
	b.ReportAllocs()
	var lr langReader
	for i := 0; b.Loop(); i++ {
		lr.read(readings[i%len(readings)], "ru")
	}
}

func fakeTerms(rnd *rand.Rand, vocabulary []string, n int, mode Mode) []Term {
	terms := make([]Term, n)
	for i := range terms {
		words := make([]string, 1+min(rnd.IntN(4), 2))
		for k := range words {
			words[k] = vocabulary[rnd.IntN(len(vocabulary))]
			if rnd.IntN(2) == 0 {
				words[k] = fakeWord(rnd) + fakeWord(rnd)
			}
		}
		terms[i] = Term{Text: strings.Join(words, " "), Lang: "ru", Mode: mode}
	}
	return terms
}

func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{2_000, 30_000, 1_000_000} {
		for _, mode := range []Mode{Exact, Inflected} {
			b.Run(fmt.Sprintf("%d/%s", n, []string{"inflected", "exact"}[mode]), func(b *testing.B) {
				if n > 100_000 && testing.Short() {
					b.Skip("a million terms take a while to make")
				}
				rnd := rand.New(rand.NewPCG(1, 1))
				vocabulary := fakeVocabulary(rnd, 30000)
				articles, size := fakeArticles(rnd, vocabulary)
				m, err := NewMatcher(fakeTerms(rnd, vocabulary, n, mode))
				if err != nil {
					b.Fatal(err)
				}
				var s scanner
				var f Field
				var ms []Match
				b.SetBytes(size)
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					s.scan(articles[i%len(articles)], &f)
					ms = m.Match(&f, "ru", ms[:0])
				}
			})
		}
	}
}

// BenchmarkArticle is all that is done to an article before the rules: words,
// sentences, language, and 30,000 terms in all their forms.
func BenchmarkArticle(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 1))
	vocabulary := fakeVocabulary(rnd, 30000)
	articles, size := fakeArticles(rnd, vocabulary)
	m, err := NewMatcher(fakeTerms(rnd, vocabulary, 30_000, Inflected))
	if err != nil {
		b.Fatal(err)
	}
	var rd Reader
	var r Reading
	var ms []Match
	b.SetBytes(size)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		rd.Read(&r, "", articles[i%len(articles)], "")
		ms = m.Match(&r.Body, r.Lang, ms[:0])
	}
}
