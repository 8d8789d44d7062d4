package text

import (
	"fmt"
	"reflect"
	"runtime"
	"testing"
)

// TestSameMatcher: on however many cores the words of terms are taken apart, the
// Matcher is the same.
func TestSameMatcher(t *testing.T) {
	langs := []string{"", "en", "ru", "kk", "ky", "uz", "tg", "tk"}
	var terms []Term
	for i := range 3 * batchSize {
		terms = append(terms, Term{
			Text: fmt.Sprintf("%s%s завод%s", fewLetters(i), fewLetters(i*7), fewLetters(i/3)),
			Lang: langs[i%len(langs)], Mode: Mode(i % 3), CaseSensitive: i%5 == 0,
		})
	}
	made := func(cores int) *Matcher {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		m, err := NewMatcher(terms)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	one, more := made(1), made(4)
	if len(one.uses) <= 2*batchSize {
		t.Fatalf("only %d words", len(one.uses))
	}
	for _, c := range []struct {
		of   string
		a, b any
	}{
		{"entries", one.entries, more.entries}, {"letters", one.blob, more.blob}, {"paradigms", one.paradigms, more.paradigms},
		{"table", one.table, more.table}, {"words as written", one.raw, more.raw}, {"uses", one.uses, more.uses}, {"tree", one.tree, more.tree},
	} {
		if !reflect.DeepEqual(c.a, c.b) {
			t.Errorf("the %s differ", c.of)
		}
	}
}

// fewLetters writes a number in letters.
func fewLetters(n int) string {
	word := ""
	for ; n > 0; n /= 20 {
		word += string(rune('а' + n%20))
	}
	return word
}
