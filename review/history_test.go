package review

import (
	"strings"
	"testing"
)

func TestBeginning(t *testing.T) {
	for _, c := range []struct {
		text  string
		shown string
		left  int
	}{
		{"", "", 0},
		{"one\ntwo", "one\ntwo", 0},
		{"one\ntwo\nthree", "one\ntwo", 1},
		{"one\ntwo\nthree\nfour\n", "one\ntwo", 2},
		{"longer than that", "longer t…", 0},
		{"ййййййй\nй", "йййй…", 1},
	} {
		if shown, left := beginning(c.text, 8); shown != c.shown || left != c.left {
			t.Errorf("%q: %q and %d more, want %q and %d", c.text, shown, left, c.shown, c.left)
		}
	}
	if shown, _ := beginning(strings.Repeat("a line\n", 1000), historyMost); len(shown) > historyMost {
		t.Errorf("%d bytes are shown", len(shown))
	}
}
