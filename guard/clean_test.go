package guard_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"driftwatch/guard"
)

func ExampleLine() {
	fmt.Println(guard.Line("ОДКБ\x1b[2J\u202eмарх\u202c\r\nBcc: all@example.org"))
	// Output: ОДКБ␛[2Jмарх Bcc: all@example.org
}

func TestLine(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"empty":                      {"", ""},
		"Russian stays":              {"Казахстан запретил реэкспорт", "Казахстан запретил реэкспорт"},
		"Turkic letters stay":        {"ҰҚШҰ, өлкө, Oʻzbekiston, Türkmenistanyň, ғылым", "ҰҚШҰ, өлкө, Oʻzbekiston, Türkmenistanyň, ғылым"},
		"decomposed letters stay":    {"и\u0306 i\u0307", "и\u0306 i\u0307"},
		"family of emoji stays":      {"👩‍👩‍👧 ❤️‍🔥 👍🏽 1️⃣ ™️ ‼️", "👩‍👩‍👧 ❤️‍🔥 👍🏽 1️⃣ ™️ ‼️"},
		"Kazakh in Arabic stays":     {"قازاق می\u200cشود", "قازاق می\u200cشود"},
		"no-break space stays":       {"10 000 ₸", "10 000 ₸"},
		"U+FFFD stays":               {"a\ufffd\ufffdb", "a\ufffd\ufffdb"},
		"colour and title sequences": {"\x1b[31mred\x1b]0;own\x07", "␛[31mred␛]0;own␇"},
		"C1 control introducer":      {"a\u009b31m", "a\ufffd31m"},
		"bare byte of C1":            {"a\x9b31m", "a\ufffd31m"},
		"delete and backspace":       {"a\x7f\x08b", "a␡␈b"},
		"NUL":                        {"a\x00b", "a␀b"},
		"breaks are one space":       {"a\r\nb\n\n\tc\u2028d\u2029e\u0085f\vg\fh", "a b c d e f g h"},
		"written spaces stay":        {"a  b \n c", "a  b   c"},
		"bidi override":              {"a\u202egnp.exe\u202c", "agnp.exe"},
		"bidi isolates and marks":    {"\u2066a\u2067b\u2068c\u2069\u200ed\u200fe\u061c", "abcde"},
		"zero-width":                 {"санк\u200bции\ufeff\u2060", "санкции"},
		"soft hyphen":                {"санк\u00adции", "санкции"},
		"joiner in a Russian word":   {"санк\u200dции, санк\u200cции", "санкции, санкции"},
		"joiner that joins nothing":  {"👩\u200d", "👩"},
		"tags that spell words":      {"ok\U000e0069\U000e0067\U000e006e", "ok"},
		"variation selector smuggle": {"a\ufe0f\ufe01\U000e0101b", "ab"},
		"Hangul fillers":             {"a\u3164\uffa0\u115fb", "ab"},
		"invalid UTF-8, one a run":   {"a\xff\xfe\xfdb\xc3", "a\ufffdb\ufffd"},
		"noncharacter":               {"a\uffff", "a\ufffd"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := guard.Line(c.in); got != c.want {
				t.Errorf("Line(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestTextKeepsLines(t *testing.T) {
	in := "a\tb\r\nc\rd\n\ne\u2028f\u0085g\x1b[0m\u202e"
	want := "a\tb\nc\nd\n\ne\nf\ng␛[0m"
	if got := guard.Text(in); got != want {
		t.Errorf("Text(%q) = %q, want %q", in, got, want)
	}
}

func TestCSV(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Отказ от учений", "Отказ от учений"},
		{"a = b, -5 °C, c@example.org", "a = b, -5 °C, c@example.org"},
		{"=1+1", "'=1+1"},
		{"+7 727", "'+7 727"},
		{"-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"  =1", "  '=1"},
		{"\t=1", "'\t'=1"},
		{"\r=1", "'\n'=1"},
		{"\u200b=1", "'=1"},
		{"＝1＋1", "'＝1＋1"},
		{"－1", "'－1"},
		{"＠A1", "'＠A1"},
		{`title;=HYPERLINK("http://example.org")`, `title;'=HYPERLINK("http://example.org")`},
		{"first\n+second; @third", "first\n'+second; '@third"},
		{"==", "'=="},
	} {
		if got := guard.CSV(c.in); got != c.want {
			t.Errorf("CSV(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestHeader(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"ОДКБ: учения", "ОДКБ: учения"},
		{"a\r\nBcc: b@example.org\r\n\r\nbody", "a Bcc: b@example.org body"},
		{"\r\n a\x00 \n", "a␀"},
	} {
		if got := guard.Header(c.in); got != c.want {
			t.Errorf("Header(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestCleanTextIsNotCopied(t *testing.T) {
	in := strings.Repeat("Кыргызстан ОДКБнын машыгууларынан баш тартты. 👩‍👧 ", 40)
	for name, f := range map[string]func(string) string{"Line": guard.Line, "Text": guard.Text, "CSV": guard.CSV, "Header": guard.Header} {
		in := strings.TrimSpace(in)
		if n := testing.AllocsPerRun(20, func() { f(in) }); n != 0 {
			t.Errorf("%s allocates %v times on clean text", name, n)
		}
	}
}

var hostile = []string{
	"", "Казахстан", "\x1b[31m", "a\r\nb", "\u202e\u2066", "=cmd", "\xff\xfe", "👩‍👩‍👧", "a\u200d\u200c", "\U000e0041", ";\t=1", "\u2028",
}

func FuzzLine(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := guard.Line(s)
		if strings.ContainsFunc(got, func(r rune) bool { return r < ' ' || 0x7f <= r && r < 0xa0 }) || strings.ContainsAny(got, bidi+"\u2028\u2029\u200b\ufeff") {
			t.Errorf("Line(%q) = %q", s, got)
		}
		if !utf8.ValidString(got) {
			t.Errorf("Line(%q) = %q, which is not UTF-8", s, got)
		}
		if again := guard.Line(got); again != got {
			t.Errorf("Line of Line(%q): %q, then %q", s, got, again)
		}
		if h := guard.Header(s); strings.ContainsAny(h, "\r\n\x00") || strings.TrimSpace(h) != h {
			t.Errorf("Header(%q) = %q", s, h)
		}
	})
}

func FuzzText(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := guard.Text(s)
		if strings.ContainsAny(got, "\r\x00\x1b"+bidi) || !utf8.ValidString(got) {
			t.Errorf("Text(%q) = %q", s, got)
		}
		if again := guard.Text(got); again != got {
			t.Errorf("Text of Text(%q): %q, then %q", s, got, again)
		}
	})
}

func FuzzCSV(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := guard.CSV(s)
		for cell := range strings.FieldsFuncSeq(got, func(r rune) bool { return r == ';' || r == '\t' || r == '\n' }) {
			if cell = strings.TrimSpace(cell); cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
				t.Errorf("CSV(%q) = %q, in which %q begins a cell", s, got, cell)
			}
		}
	})
}

const bidi = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
