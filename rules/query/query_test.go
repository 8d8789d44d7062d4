package query

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
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
		{`#country AND #KZ AND #third AND #entity AND #halyk-bank`, `#country AND #KZ AND #third AND #entity AND #halyk-bank`},
		{`@a AND (lang:ru OR lang:uz-Cyrl)`, `@a AND (lang:ru OR lang:uz-Cyrl)`},
		{`@a AND NOT source.country:KZ AND source.ownership:public-foreign`, `@a AND NOT source.country:KZ AND source.ownership:public-foreign`},
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
		{`drone`, `drone`, `a phrase stands in quotes: "drone"`},
		{`SENTANCE(@a)`, `SENTANCE`, `unknown operator SENTANCE, did you mean SENTENCE?`},
		{`AFFIRMED(@a OR @b)`, `@a OR @b`, `AFFIRMED takes one @concept, found @a OR @b, did you mean (AFFIRMED(@a) OR AFFIRMED(@b))?`},
		{`NEGATED(@a OR "b")`, `@a OR "b"`, `NEGATED takes one @concept, found @a OR "b"`},
		{`ATLEAST 3 OF (@a, @b)`, `3`, `ATLEAST 3 OF a list of 2 can never match`},
		{`ATLEAST few OF (@a, @b)`, `few`, `ATLEAST takes a number from 1, as in ATLEAST 2 OF (…), found few`},
		{`ATLEAST 99999999999999999999 OF (@a)`, `99999999999999999999`, `ATLEAST takes a number from 1, as in ATLEAST 2 OF (…), found 99999999999999999999`},
		{`ATLEAST 2 (@a, @b)`, `(`, `expected OF after ATLEAST 2, found (`},
		{`ATLEAST 2 OF ()`, `)`, `expected a @concept, a #country, a "phrase" or a parenthesis, found )`},
		{`attack drone AND @a`, `attack drone`, `a phrase stands in quotes: "attack drone"`},
		{`@a NOT @b`, `NOT`, `expected AND, OR, NEAR/n or W/2S before NOT`},
		{`@a -@b`, `-`, `"-" has no meaning here, did you mean AND NOT?`},
		{`-@b AND @a`, `-`, `"-" has no meaning here, did you mean NOT?`},
		{`@a || @b`, `||`, `"||" has no meaning here, did you mean OR?`},
		{`@a AND ownership:state`, `ownership`, `unknown condition ownership, did you mean source.ownership?`},
		{`@a AND source.lang:ru`, `source.lang`, `unknown condition source.lang, did you mean lang?`},
		{`title:drone AND @a`, `title`, `unknown condition title, did you mean TITLE(…)?`},
		{`@a AND theme:csto`, `theme`, `unknown condition "theme:": there are lang, source.country, source.ownership`},
		{`@a AND source.country:kz`, `kz`, `source.country takes the code of a country, as in source.country:KZ, or INT, did you mean KZ?`},
		{"@a AND \xff", "\xff", `"\xff" has no meaning here`},
		{"@a" + strings.Repeat(" NEAR/3 @a", 80), "NEAR/3", "more than 64 parts are joined by NEAR and W/2S"},
		{`@a and @b`, `and`, `an operator is written in capitals, found and, did you mean AND?`},
		{`@a near/4 @b`, `near/4`, `an operator is written in capitals, found near/4, did you mean NEAR/4?`},
		{`@a & @b`, `&`, `"&" has no meaning here, did you mean AND?`},
		{`@ AND @b`, `@`, `expected a name after @`},
		{`@a AND lang:kz`, `kz`, `lang is one of en, ru, kk, ky, uz, tg, tk, uz-Cyrl, kk-Latn, kk-Arab, tk-Cyrl, und, did you mean kk?`},
		{`@a AND source.contry:KZ`, `source.contry`, `unknown condition source.contry, did you mean source.country?`},
		{`@a AND source.country:Kazakhstan`, `Kazakhstan`, `source.country takes the code of a country, as in source.country:KZ, or INT, did you mean KZ?`},
		{`@a AND source.ownership:goverment`, `goverment`, `source.ownership is one of state, private, public, public-foreign, official, thinktank, exile, did you mean state?`},
		{`@a AND source.ownership:`, ``, `source.ownership is one of state, private, public, public-foreign, official, thinktank, exile`},
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

// TestAllFaultsAtOnce: what is wrong with one part of a query doesn't hide what is
// wrong with the next.
func TestAllFaultsAtOnce(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`@a @b "x" -@b`, "expected AND, OR, NEAR/n or W/2S before @b\nexpected AND, OR, NEAR/n or W/2S before \"x\"\n\"-\" has no meaning here, did you mean AND NOT?"},
		{`ownership:goverment AND lang:kazakh`, "unknown condition ownership, did you mean source.ownership?\n" +
			"source.ownership is one of state, private, public, public-foreign, official, thinktank, exile, did you mean state?\n" +
			"lang is one of en, ru, kk, ky, uz, tg, tk, uz-Cyrl, kk-Latn, kk-Arab, tk-Cyrl, und, did you mean kk?"},
		{`!@a && ATLEAST two (AFFIRMED("b"), @a NEAR @b)`, "\"!\" has no meaning here, did you mean NOT?\n\"&&\" has no meaning here, did you mean AND?\n" +
			"ATLEAST takes a number from 1, as in ATLEAST 2 OF (…), found two\nexpected OF after ATLEAST 1, found (\n" +
			"AFFIRMED takes one @concept, found \"b\"\nNEAR needs a number of words from 1 to 100, as in NEAR/8, found NEAR"},
	} {
		_, err := Parse(c.in)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s:\n%v\nwant\n%s", c.in, err, c.want)
		}
	}
}

// TestNamesOfBrokenQueries: what can't be put together still has its names, for
// all that are wrong to be told at once.
func TestNamesOfBrokenQueries(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`@a AND AND #KZ OR "@b" @ #third @d-e`, `@a AND #KZ AND #third AND @d-e`},
		{`(@a NEAR/3 @б`, `@a AND @б`},
		{`@a "@b`, `@a`},
		{`AND AND`, `nothing`},
	} {
		tree, err := Parse(c.in)
		got := "nothing"
		if tree != nil {
			got = tree.String()
			for _, n := range append(tree.(*And).Parts, tree) {
				if at := n.Where(); n != tree && c.in[at.Start:at.End] != n.String() {
					t.Errorf("%s: %s is said to stand at %q", c.in, n, c.in[at.Start:at.End])
				}
			}
		}
		if err == nil || got != c.want {
			t.Errorf("%s: %s, want %s; error %v", c.in, got, c.want, err)
		}
	}
}

// letters makes a text of one-letter names: "a.b|c" is two sentences in one
// paragraph and a third in another; a capital letter is negated.
type letters struct{ scan Scan }

func read(text string) *letters {
	l := &letters{scan: Scan{
		Postings: make([][]Span, 26), Masks: make([]uint64, 26), Stretch: 100, Lang: "uz-Cyrl", Country: "KG", Ownership: "state",
	}}
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
			l.scan.Masks[r-'a'] |= 1 << (len(l.scan.Sentences) & 63)
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

func (letters) Entity(id string) ([]int, string, bool) {
	return []int{int(id[0] - 'a')}, "", id != "nobody"
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
		{`#entity AND #b`, `be`, `0 1`},
		{`@a AND lang:uz`, `a`, `0`},
		{`@a AND lang:uz-Cyrl`, `a`, `0`},
		{`@a AND lang:ru`, `a`, `-`},
		{`@a AND source.country:KG`, `a`, `0`},
		{`@a AND NOT source.ownership:state`, `a`, `-`},
		{`@a AND (source.ownership:private OR @b)`, `ab`, `0 1`},
		{`@a AND NOT NOT @b`, `ab`, `0 1`},
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

// TestBreaks: NEAR doesn't reach over a word that parts clauses.
func TestBreaks(t *testing.T) {
	for _, c := range []struct {
		query, text string
		breaks      []int32
		want        bool
	}{
		{`@a NEAR/3 @b`, `a_b`, nil, true},
		{`@a NEAR/3 @b`, `a_b`, []int32{1}, false},
		{`@b NEAR/3 @a`, `a_b`, []int32{1}, false},
		{`@a NEAR/3 @b`, `a_bab`, []int32{1}, true},
		{`@a NEAR/3 @b`, `a__b`, []int32{0, 4}, true},
		{`@a AND @b`, `a_b`, []int32{1}, true},
	} {
		l := read(c.text)
		l.scan.Breaks = c.breaks
		if _, got := compile(t, c.query).Match(&l.scan, 0, 0, nil); got != c.want {
			t.Errorf("%s in %s, parted at %v: %v", c.query, c.text, c.breaks, got)
		}
	}
}

func TestSimplify(t *testing.T) {
	for _, c := range []struct{ in, out string }{
		{`@a AND (@b AND @c)`, `@a AND @b AND @c`},
		{`@a OR (@b OR (@c OR @a))`, `@a OR @b OR @c`},
		{`@a AND @a`, `@a`},
		{`NOT NOT @a`, `@a`},
		{`NOT NOT NOT @a`, `NOT @a`},
		{`ATLEAST 1 OF (@a, @b)`, `@a OR @b`},
		{`ATLEAST 2 OF (@a, @b)`, `@a AND @b`},
		{`ATLEAST 2 OF (@a, @b, @c AND @c)`, `ATLEAST 2 OF (@a, @b, @c)`},
		{`SENTENCE(SENTENCE(@a))`, `SENTENCE(@a)`},
		{`TITLE(SENTENCE(@a))`, `TITLE(SENTENCE(@a))`},
		{`(@a OR @a) NEAR/3 @b`, `@a NEAR/3 @b`},
		{`(@a AND @b) OR (@a AND @b)`, `@a AND @b`},
	} {
		n, err := Parse(c.in)
		if err != nil {
			t.Fatal(err)
		}
		before := n.String()
		if got := Simplify(n).String(); got != c.out {
			t.Errorf("%s simplifies to %s, want %s", c.in, got, c.out)
		}
		if n.String() != before {
			t.Errorf("%s was changed to %s", before, n)
		}
	}
}

// random makes a query of a few names.
func random(r *rand.Rand, depth int) Node {
	if depth == 0 || r.IntN(5) == 0 {
		name := Concept{Name: string(rune('a' + r.IntN(3)))}
		if r.IntN(3) == 0 {
			return &Polarity{Negated: r.IntN(2) == 0, Of: name}
		}
		return &name
	}
	parts := func() []Node {
		some := make([]Node, 2+r.IntN(2))
		for i := range some {
			some[i] = random(r, depth-1)
		}
		return some
	}
	switch r.IntN(7) {
	case 0:
		return &And{Parts: parts()}
	case 1:
		return &Or{Parts: parts()}
	case 2:
		return &Not{Part: random(r, depth-1)}
	case 3:
		p := parts()
		return &AtLeast{N: 1 + r.IntN(len(p)), Parts: p}
	case 4:
		return &Scope{Kind: []string{"SENTENCE", "PARAGRAPH", "TITLE"}[r.IntN(3)], Part: random(r, depth-1)}
	case 5:
		return &Near{Words: 1 + r.IntN(4), A: random(r, 0), B: random(r, 0)}
	default:
		return &Within{A: random(r, 0), B: random(r, 0)}
	}
}

// TestRandomQueries: a query reads back as it prints, simplified it matches the
// same windows, and what it finds it has found in the sets that it needs.
func TestRandomQueries(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	matched := 0
	for range 20_000 {
		tree := random(r, 3)
		again, err := Parse(tree.String())
		if err != nil || again.String() != tree.String() {
			t.Fatalf("%s reads back as %v, %v", tree, again, err)
		}
		c := compiler{bound: map[Node]matcher{}, names: letters{}}
		plain, simple := c.compile(tree), c.compile(Simplify(tree))
		text := ""
		for range r.IntN(8) {
			text += string("abcABC_.|"[r.IntN(9)])
		}
		l := read(text)
		w := window{0, int32(len(l.scan.Sentences) - 1)}
		_, a := plain.match(&l.scan, w, nil)
		_, b := simple.match(&l.scan, w, nil)
		onlyThere(t, tree, simple, l, text)
		if a != b {
			t.Fatalf("%s in %q: %v, simplified to %s: %v", tree, text, a, Simplify(tree), b)
		}
		if !a {
			continue
		}
		matched++
		for _, set := range necessary(simple) {
			if !slices.ContainsFunc(set, func(id int) bool { return len(l.scan.Postings[id]) > 0 }) {
				t.Fatalf("%s matches %q without any of %v", tree, text, set)
			}
		}
	}
	if matched < 3000 {
		t.Errorf("only %d of the queries matched anything", matched)
	}
}

// onlyThere asks each sentence, and each with the next: what matches does so where
// Windows says that it may.
func onlyThere(t *testing.T, tree Node, m matcher, l *letters, text string) {
	t.Helper()
	may := l.scan.windows(m)
	for i := range l.scan.Sentences {
		if _, ok := m.match(&l.scan, window{int32(i), int32(i)}, nil); ok && may.One>>(i&63)&1 == 0 {
			t.Fatalf("%s matches sentence %d of %q, which it may not", tree, i, text)
		}
		if i+1 == len(l.scan.Sentences) {
			break
		}
		if _, ok := m.match(&l.scan, window{int32(i), int32(i + 1)}, nil); ok && may.Two>>(i&63)&1 == 0 {
			t.Fatalf("%s matches sentences %d and %d of %q, which it may not", tree, i, i+1, text)
		}
	}
}

func TestWindows(t *testing.T) {
	for _, c := range []struct {
		query    string
		one, two uint64
	}{
		{"@a AND @b", 0b000001, 0b010001},
		{"@a NEAR/3 @b", 0b000001, 0b000001},
		{"SENTENCE(@a AND @b)", 0b000001, 0b000001},
		{"@d", 0, 0},
		{"ATLEAST 2 OF (@a, @b, @c)", 0b000011, 0b010011},
		{"TITLE(@c) AND @b", 0, 0},
		{"TITLE(@a) AND @c", 0b000110, 0b000111},
	} {
		tree, err := Parse(c.query)
		if err != nil {
			t.Fatal(err)
		}
		q, errs := Compile(tree, letters{})
		if errs != nil {
			t.Fatal(errs)
		}
		l := read("ab|bc.c.e.a.b")
		may := q.Windows(&l.scan)
		if one, two := may.One&0b111111, may.Two&0b111111; one != c.one || two != c.two {
			t.Errorf("%s: %06b and %06b, want %06b and %06b", c.query, one, two, c.one, c.two)
		}
	}
}

func TestMask(t *testing.T) {
	for _, c := range []struct {
		from, to int
		want     uint64
	}{{0, 0, 1}, {1, 2, 6}, {63, 64, 1<<63 | 1}, {64, 65, 3}, {0, 63, ^uint64(0)}, {5, 100, ^uint64(0)}} {
		if got := Mask(c.from, c.to); got != c.want {
			t.Errorf("Mask(%d, %d) = %b, want %b", c.from, c.to, got, c.want)
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
		{`@a NEAR/3 lang:ru`, `NEAR needs words on both sides, and a condition of the source has none`},
		{`#nobody`, `there is no country, set of countries or name nobody`},
		{`lang:ru`, `this would match texts without any of its words: a query needs something that is not under NOT`},
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

// BenchmarkWithinDense: the same for W/2S.
func BenchmarkWithinDense(b *testing.B) {
	for _, n := range []int{1000, 2000, 4000} {
		l := read(strings.Repeat("ab_c.", n/5))
		tree, err := Parse(`PARAGRAPH(@a W/2S (@b OR @c))`)
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

// TestWithinIsComplete compares W/2S with every pair tried.
func TestWithinIsComplete(t *testing.T) {
	q := compile(t, `@a W/2S @b`)
	for n := range 1 << 14 {
		text := ""
		for i := range 7 {
			text += string("ab|."[n>>(2*i)&3])
		}
		l := read(text)
		spans, _ := q.Match(&l.scan, 0, len(l.scan.Sentences)-1, nil)
		want := map[Span]bool{}
		for _, a := range l.scan.Postings[0] {
			for _, b := range l.scan.Postings[1] {
				if l.scan.Neighbours(int(a.Sentence), int(b.Sentence)) {
					want[a], want[b] = true, true
				}
			}
		}
		got := map[Span]bool{}
		for _, s := range spans {
			got[s] = true
		}
		if !maps.Equal(got, want) {
			t.Fatalf("%q: %v, want %v", text, got, want)
		}
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
