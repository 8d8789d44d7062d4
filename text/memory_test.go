package text

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// When more different words were read than there is room for, a new memory is
// begun, and what is found stays the same.
func TestMemoryIsRenewed(t *testing.T) {
	m, err := NewMatcher([]Term{{Text: "слово*"}, {Text: "слово77 слово78", Mode: Exact}, {Text: "мир", Lang: "ru"}})
	if err != nil {
		t.Fatal(err)
	}
	first := m.memory.Load()
	for part := range 60 {
		var b strings.Builder
		for i := range 2000 {
			fmt.Fprintf(&b, "слово%d ", part*2000+i)
		}
		f := &Read("", b.String()+"миру, слово77 слово78", "ru").Body
		got := m.Match(f, "ru", nil)
		fresh, err := NewMatcher([]Term{{Text: "слово*"}, {Text: "слово77 слово78", Mode: Exact}, {Text: "мир", Lang: "ru"}})
		if err != nil {
			t.Fatal(err)
		}
		if want := fresh.Match(f, "ru", nil); !slices.Equal(got, want) || len(got) < 2004 {
			t.Fatalf("part %d: %d found, a new matcher finds %d", part, len(got), len(want))
		}
	}
	if m.memory.Load() == first {
		t.Error("120,000 different words were read, and the memory is the first")
	}
}

// Two words of one hash aren't taken for each other.
func TestHashesAreNotBelieved(t *testing.T) {
	m, err := NewMatcher([]Term{{Text: "мир", Lang: "ru"}})
	if err != nil {
		t.Fatal(err)
	}
	peace, house := &Read("", "Мира", "ru").Body, &Read("", "дома", "ru").Body
	house.Words[0].Hash = peace.Words[0].Hash
	for range 2 {
		if got := m.Match(peace, "ru", nil); len(got) != 1 {
			t.Errorf("%v found, want one", got)
		}
		if got := m.Match(house, "ru", nil); len(got) != 0 {
			t.Errorf("%v found in a word of the same hash", got)
		}
	}
}
