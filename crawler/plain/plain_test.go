package plain

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"
)

func ExampleHTML() {
	fmt.Println(HTML(`<p>The <b>ministry</b> denied&nbsp;it.</p><script>track()</script><p>Talks go on.</p>`))
	// Output:
	// The ministry denied it.
	//
	// Talks go on.
}

func TestHTML(t *testing.T) {
	tests := map[string]string{
		"one":                                  "one",
		" a\n b\t c ":                          "a b c",
		"a б  в \u00ad г ":                     "a б в г",
		"а б \xd0":                             "а б \uFFFD",
		"<p>a</p><p>b</p>":                     "a\n\nb",
		"<div><div>a</div></div>b":             "a\n\nb",
		"<li>a<li>b":                           "a\n\nb",
		"a<br>b":                               "a b",
		"A.<br>B.":                             "A.\n\nB.",
		"a<br/><br />b":                        "a\n\nb",
		"<td>a</td><td>b</td>":                 "a b",
		"<b>bo</b>ld":                          "bold",
		"2 < 3 & 5 > 4":                        "2 < 3 & 5 > 4",
		"AT&amp;T&nbsp;&laquo;x&raquo;":        "AT&T «x»",
		"&#1058;&#x430;&#146;":                 "Та’",
		"&nosuch; &copy=2":                     "&nosuch; &copy=2",
		"a<!-- b -->c":                         "ac",
		"a<!-- b":                              "a",
		"<![CDATA[a]]":                         "a]]",
		"<script>if (a < b) { </script>c":      "c",
		"<SCRIPT>x</SCRIPT >c":                 "c",
		"<script>x":                            "x",
		`<a title="a > b">c</a>`:               "c",
		`<a title="a>b`:                        "b",
		"so\u00adft\u200b hy\ufeffphen\u00a0s": "soft hyphen s",
		"l\u0092amour\u0000\u0007":             "l’amour",
		"ab<c":                                 "ab<c",
		"<x:body>a</x:body>":                   "a",
		"می\u200cشود x\u200cy":                 "می\u200cشود xy",
	}
	for in, want := range tests {
		if got := HTML(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestGuess(t *testing.T) {
	tests := map[string]string{
		"History of the <blink> tag": "History of the <blink> tag",
		"Generics in Go: Map<K, V>":  "Generics in Go: Map<K, V>",
		"a <b>bold</b> claim":        "a bold claim",
		"line<br>line":               "line line",
		"AT&amp;T":                   "AT&T",
		"AT&T":                       "AT&T",
		"2 < 3":                      "2 < 3",
		"First.\nSecond.\n\nThird":   "First.\n\nSecond.\n\nThird",
		"wrapped\nline":              "wrapped line",
	}
	for in, want := range tests {
		if got := Guess(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestGuessRich(t *testing.T) {
	tests := map[string]string{
		"History of the <blink> tag":   "History of the <blink> tag",
		"<p>a</p><x-embed>b</x-embed>": "a\n\nb",
		"<p>the <blink> tag":           "the tag",
		"First.\nSecond.":              "First.\n\nSecond.",
		"&laquo;a&raquo;":              "«a»",
	}
	for in, want := range tests {
		if got := GuessRich(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestLine(t *testing.T) {
	tests := map[string]string{"": "", "tidy": "tidy", " un\ntidy ": "un tidy", "<b>": "<b>", "Ок\u00a0": "Ок"}
	for in, want := range tests {
		if got := Line(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// What is built to make a reader go over it again and again is read once.
func TestHostile(t *testing.T) {
	const n = 200_000
	for name, piece := range map[string]string{
		"open tags":       "<a ",
		"open quotes":     `<a b="`,
		"mixed quotes":    `<a b="<a b='`,
		"open comments":   "<!--",
		"open scripts":    "<script>",
		"closers":         "<script></",
		"ampersands":      "&",
		"long references": "&#x",
		"deep":            "<div>",
	} {
		began := worked()
		HTML(strings.Repeat(piece, n))
		Guess(strings.Repeat(piece, n))
		if took := worked() - began; took > 5*time.Second {
			t.Errorf("%s: %s", name, took)
		}
	}
}

// worked is how long the processors have worked for this process, however many others
// they work for.
func worked() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // Linux knows it of every process
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func FuzzHTML(f *testing.F) {
	f.Add(`<p>a<br>b &amp; c</p><script>x</script>`)
	f.Add(`<a b="<![CDATA[&#0;`)
	f.Fuzz(func(t *testing.T, s string) {
		for _, read := range []func(string) string{HTML, Guess, GuessRich, Text, Line} {
			got := read(s)
			if utf8.ValidString(s) && !utf8.ValidString(got) {
				t.Errorf("%q gave %q, which isn't UTF-8", s, got)
			}
			if got != strings.TrimSpace(got) || strings.Contains(got, "\n\n\n") {
				t.Errorf("%q gave %q, with white space to spare", s, got)
			}
		}
	})
}

func BenchmarkHTML(b *testing.B) {
	s := strings.Repeat("<p>Министерство <b>иностранных</b> дел&nbsp;&mdash; против.</p>\n", 50)
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		HTML(s)
	}
}
