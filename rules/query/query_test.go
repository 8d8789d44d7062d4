package query

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"driftwatch/configs"
)

// TestString: what is printed reads back as the same tree, and needs no more
// parentheses than the author would write.
func TestString(t *testing.T) {
	for _, c := range []struct{ in, out string }{
		{`@a`, `@a`},
		{`@a AND @b OR @c`, `@a AND @b OR @c`},
		{`@a AND (@b OR @c)`, `@a AND (@b OR @c)`},
		{`@a AND @b AND NOT (@c OR "light show")`, `@a AND @b AND NOT (@c OR "light show")`},
		{`(@a OR @b) NEAR/8 #KZ`, `(@a OR @b) NEAR/8 #KZ`},
		{`@a NEAR/3 @b NEAR/4 @c`, `@a NEAR/3 @b NEAR/4 @c`},
		{`@a NEAR/3 (@b NEAR/4 @c)`, `@a NEAR/3 (@b NEAR/4 @c)`},
		{`NOT (NOT @a)`, `NOT NOT @a`},
		{`SENTENCE((@a AND #country))`, `SENTENCE(@a AND #country)`},
		{`TITLE(@a) W/2S PARAGRAPH(@b)`, `TITLE(@a) W/2S PARAGRAPH(@b)`},
		{`ATLEAST 2 OF (@a, @b OR @c , "d")`, `ATLEAST 2 OF (@a, @b OR @c, "d")`},
		{`AFFIRMED( @a ) AND NEGATED(@b)`, `AFFIRMED(@a) AND NEGATED(@b)`},
	} {
		n, err := Parse(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if got := n.String(); got != c.out {
			t.Errorf("%s prints as %s, want %s", c.in, got, c.out)
		}
		again, err := Parse(n.String())
		if err != nil || again.String() != n.String() {
			t.Errorf("%s doesn't read back: %v", n, err)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ in, at, want string }{
		{`@a @b`, `@b`, `expected AND, OR, NEAR/n or W/2S before @b`},
		{`@a AND`, ``, `expected a @concept, a #country, a "phrase" or a parenthesis, found the end`},
		{`@a AND OR @b`, `OR`, `expected a @concept, a #country, a "phrase" or a parenthesis, found OR`},
		{`(@a OR @b`, `(`, `this parenthesis is never closed`},
		{`"drone show`, `"drone show`, `this quote is never closed`},
		{`@a AND ""`, `""`, `these quotes are empty`},
		{`@a NEAR @b`, `NEAR`, `NEAR needs a number of words from 1 to 100, as in NEAR/8, found NEAR`},
		{`@a NEAR/0 @b`, `NEAR/0`, `NEAR needs a number of words from 1 to 100, as in NEAR/8, found NEAR/0`},
		{`drone`, `drone`, `a word stands in quotes: "drone"`},
		{`SENTANCE(@a)`, `SENTANCE`, `unknown operator SENTANCE, did you mean SENTENCE?`},
		{`AFFIRMED(@a OR @b)`, `@a OR @b`, `AFFIRMED takes one @concept, found @a OR @b`},
		{`ATLEAST 3 OF (@a, @b)`, `3`, `ATLEAST 3 OF a list of 2 can never match`},
		{`ATLEAST few OF (@a, @b)`, `few`, `expected a number after ATLEAST, found few`},
		{`@a & @b`, `&`, `"&" has no meaning here`},
		{`@ AND @b`, `@`, `expected a name after @`},
		{strings.Repeat("(", 80) + "@a", `(`, `parentheses nest deeper than 64`},
	} {
		_, err := Parse(c.in)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s: no *Error but %v", c.in, err)
			continue
		}
		if e.Error() != c.want {
			t.Errorf("%s: %q, want %q", c.in, e.Error(), c.want)
		}
		if got := c.in[e.Place.Start:e.Place.End]; got != c.at {
			t.Errorf("%s: the fault is at %q, want %q", c.in, got, c.at)
		}
	}
}

// letters makes a text of one-letter names: "a.b|c" is two sentences in one
// paragraph and a third in another; a capital letter is negated.
type letters struct{ scan Scan }

func read(text string) *letters {
	l := &letters{scan: Scan{Postings: make([][]Span, 26), Stretch: 100}}
	negated := map[int32]bool{}
	word, paragraph := int32(0), int32(0)
	first := word
	end := func() {
		l.scan.Sentences = append(l.scan.Sentences, Sentence{First: first, Last: word - 1, Paragraph: paragraph})
		first = word
	}
	for _, r := range text {
		switch {
		case r == '.':
			end()
		case r == '|':
			end()
			paragraph++
		case r >= 'A' && r <= 'Z':
			negated[word] = true
			r += 'a' - 'A'
			fallthrough
		case r >= 'a' && r <= 'z':
			l.scan.Postings[r-'a'] = append(l.scan.Postings[r-'a'], Span{word, word, int32(len(l.scan.Sentences)), r - 'a'})
			word++
		default:
			word++
		}
	}
	end()
	l.scan.Negated = func(s Span) bool { return negated[s.First] }
	return l
}

func (letters) Concept(name string) ([]int, string, bool) {
	if len(name) != 1 {
		return nil, configs.Nearest(name, []string{"drone", "chip"}), false
	}
	return []int{int(name[0] - 'a')}, "", true
}

func (letters) Country(code string) ([]int, string, bool) {
	return []int{int(code[0] - 'A')}, "", code != "XX"
}

func (letters) Phrase(text string) ([]int, error) {
	if text == "?" {
		return nil, errors.New("this phrase has no words")
	}
	return []int{int(text[0] - 'a')}, nil
}

func compile(t *testing.T, src string) *Query {
	t.Helper()
	n, err := Parse(src)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	q, errs := Compile(n, letters{})
	if len(errs) > 0 {
		t.Fatalf("%s: %v", src, errs)
	}
	return q
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		query, text string
		want        string // places that matched, as word numbers; "-" is no match
	}{
		{`@a AND @b`, `a_b`, `0 2`},
		{`@a AND @b`, `a.b`, `0 1`},
		{`@a AND NOT @b`, `a.b`, `-`},
		{`@a AND NOT @b`, `a.c`, `0`},
		{`SENTENCE(@a AND @b)`, `a.b`, `-`},
		{`SENTENCE(@a AND @b)`, `a.ab`, `1 2`},
		{`@a NEAR/2 @b`, `a_b`, `0 2`},
		{`@a NEAR/2 @b`, `a__b`, `-`},
		{`@a NEAR/2 @b`, `b_a`, `0 2`},
		{`@a NEAR/2 @b`, `a.b`, `-`},
		{`@a NEAR/2 @a`, `a_a`, `0 2`},
		{`@a NEAR/2 @a`, `a`, `-`},
		{`@a NEAR/2 (@b OR @c)`, `b____ca`, `5 6`},
		{`@a NEAR/2 @b NEAR/2 @c`, `abc`, `0 1 2`},
		{`TITLE(@a) AND @b`, `a|b`, `0 1`},
		{`TITLE(@a) AND @b`, `b|a`, `-`},
		{`@a W/2S @b`, `a|b`, `0 1`},
		{`@a W/2S @b`, `_|a|b`, `-`},
		{`@a AND PARAGRAPH(@c)`, `_|a.b.c`, `1 3`},
		{`ATLEAST 2 OF (@a, @b, @c)`, `a_c`, `0 2`},
		{`ATLEAST 2 OF (@a, @b, @c)`, `a_a`, `-`},
		{`AFFIRMED(@a)`, `Aa`, `1`},
		{`NEGATED(@a)`, `Aa`, `0`},
		{`NEGATED(@a)`, `a`, `-`},
		{`#KZ AND "b"`, `kb`, `0 1`},
	} {
		l := read(c.text)
		spans, ok := compile(t, c.query).Match(&l.scan, 0, len(l.scan.Sentences)-1, nil)
		got := "-"
		if ok {
			words := map[int32]bool{}
			for _, s := range spans {
				words[s.First] = true
			}
			var list []string
			for w := range int32(len(c.text)) {
				if words[w] {
					list = append(list, fmt.Sprint(w))
				}
			}
			got = strings.Join(list, " ")
		}
		if got != c.want {
			t.Errorf("%s in %q: %s, want %s", c.query, c.text, got, c.want)
		}
	}
}

// TestNearIsComplete compares the walk with every pair tried.
func TestNearIsComplete(t *testing.T) {
	q := compile(t, `@a NEAR/3 @b`)
	for n := range 1 << 14 {
		text := ""
		for i := range 7 {
			text += string("ab_."[n>>(2*i)&3])
		}
		l := read(text)
		_, got := q.Match(&l.scan, 0, len(l.scan.Sentences)-1, nil)
		want := false
		for _, a := range l.scan.Postings[0] {
			for _, b := range l.scan.Postings[1] {
				want = want || a.Sentence == b.Sentence && max(a.First-b.First, b.First-a.First) <= 3
			}
		}
		if got != want {
			t.Fatalf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestNecessary(t *testing.T) {
	for _, c := range []struct{ query, want string }{
		{`@a AND @b`, `[[0] [1]]`},
		{`@a OR @b`, `[[0 1]]`},
		{`@a AND NOT @b`, `[[0]]`},
		{`(@a AND @b) OR @c`, `[[0 2]]`},
		{`@a NEAR/3 (@b OR @c)`, `[[0] [1 2]]`},
		{`ATLEAST 2 OF (@a, @b, @c)`, `[[0 1 2]]`},
		{`TITLE(AFFIRMED(@a))`, `[[0]]`},
	} {
		if got := fmt.Sprint(compile(t, c.query).Necessary()); got != c.want {
			t.Errorf("%s needs %s, want %s", c.query, got, c.want)
		}
	}
}

func TestCompileErrors(t *testing.T) {
	for _, c := range []struct{ query, want string }{
		{`@drones AND @chipp`, `there is no concept drones, did you mean @drone?; there is no concept chipp, did you mean @chip?`},
		{`#XX`, `there is no country XX`},
		{`"?"`, `this phrase has no words`},
		{`@a NEAR/3 (@b OR NOT @c)`, `NEAR needs words on both sides, and NOT has none`},
		{`NOT @a`, `this would match texts without any of its words: a query needs something that is not under NOT`},
		{`@a OR NOT @b`, `this would match texts without any of its words: a query needs something that is not under NOT`},
	} {
		n, err := Parse(c.query)
		if err != nil {
			t.Fatalf("%s: %v", c.query, err)
		}
		_, errs := Compile(n, letters{})
		var got []string
		for _, e := range errs {
			got = append(got, e.Error())
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%s: %s, want %s", c.query, s, c.want)
		}
	}
}

func TestConcepts(t *testing.T) {
	if got := compile(t, `@b AND NOT @a OR @b NEAR/2 @c`).Concepts(); !slices.Equal(got, []int{0, 1, 2}) {
		t.Error(got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`@a AND (#KZ OR "b c") NEAR/8 @d`, `ATLEAST 2 OF (@a, NOT @b)`, `TITLE(`, "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		n, err := Parse(src)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Place.Start < 0 || e.Place.End > len(src) || e.Place.Start > e.Place.End {
				t.Fatalf("%q: %#v", src, err)
			}
			return
		}
		again, err := Parse(n.String())
		if err != nil || again.String() != n.String() {
			t.Fatalf("%q prints as %q, which reads as %v, %v", src, n, again, err)
		}
	})
}

// BenchmarkNearDense: twice the words must take about twice the time.
func BenchmarkNearDense(b *testing.B) {
	for _, n := range []int{1000, 2000, 4000} {
		l := read(strings.Repeat("ab_c", n/4))
		tree, err := Parse(`@a NEAR/8 (@b OR @c)`)
		if err != nil {
			b.Fatal(err)
		}
		q, _ := Compile(tree, letters{})
		var dst []Span
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				dst, _ = q.Match(&l.scan, 0, 0, dst[:0])
			}
		})
	}
}

func ExampleParse() {
	n, err := Parse(`@export_ban NEAR/8 (@goods OR "dual use") AND NOT TITLE(#third)`)
	fmt.Println(n, err)
	_, err = Parse(`@export_ban @goods`)
	fmt.Println(err)
	// Output:
	// @export_ban NEAR/8 (@goods OR "dual use") AND NOT TITLE(#third) <nil>
	// expected AND, OR, NEAR/n or W/2S before @goods
}
