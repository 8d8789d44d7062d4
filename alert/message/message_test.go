package message_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"driftwatch/alert/internal/sample"
	"driftwatch/alert/message"
	"driftwatch/guard"
	"driftwatch/news"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has changed; got:\n%s", file, got)
	}
}

func ExampleMessage_Text() {
	fmt.Print(message.New(sample.Russian(), sample.Zone).Text())
	// Output:
	// Kazakhstan · Sanctions · level 4 of 5 · away from Russia
	//
	// Подшипники: что меняется на границе
	// Ковыль Медиа, Kazakhstan, and 2 other outlets
	// published 26 Aug 2031 11:28 +05, seen 26 Aug 2031 11:42 +05
	//
	//     Правительство *Казахстана запретило реэкспорт* подшипников в *Россию* без справки о покупателе.
	//
	// https://news.example/a?from=feed
	//
	// Why:
	// - Export control
	//   A ban on re-export closes a way around sanctions.
}

func TestText(t *testing.T) {
	for name, a := range map[string]news.Alert{"kyrgyz.txt": sample.Kyrgyz(), "hostile.txt": sample.Hostile(), "long.txt": sample.Long()} {
		t.Run(name, func(t *testing.T) {
			text := message.New(a, sample.Zone).Text()
			if clean := guard.Text(text); clean != text {
				t.Errorf("the text can act on a terminal: %q", text)
			}
			golden(t, name, text)
		})
	}
}

func TestTestMessageSaysSo(t *testing.T) {
	m := message.New(news.Alert{Article: news.Article{Title: "only a test", Seen: sample.Seen}}, nil)
	if m.Kind != message.Test || !strings.HasPrefix(m.Text(), "Test message from Driftwatch: nothing happened\n") || !strings.Contains(m.Text(), "\nsent 26 Aug 2031 06:42 UTC\n") {
		t.Errorf("%s: %s", m.Kind, m.Text())
	}
}

func TestOnlyLinksOfTheWeb(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/b?c#d":       "https://a.example/b?c#d",
		"http://a.example":              "http://a.example",
		"https://user:pass@a.example/x": "https://a.example/x",
		"javascript:alert(1)":           "",
		"data:text/html,x":              "",
		"//a.example/x":                 "",
		"/x":                            "",
		"https:///x":                    "",
		"https://a.example/\u202ex":     "https://a.example/%E2%80%AEx",
		"https://a.example/\r\nx":       "",
		"https://a.example/?q=<b>|\"x ": "https://a.example/?q=%3Cb%3E%7C%22x",
	} {
		a := sample.Russian()
		a.Article.Link = in
		if got := message.New(a, nil).Link; got != want {
			t.Errorf("link %q became %q, want %q", in, got, want)
		}
	}
}

func TestQuotes(t *testing.T) {
	const text = "Бир. Эки үч төрт, беш. Алты."
	sentence := func(s string, words ...string) news.Evidence {
		return sample.Evidence(news.FieldText, text, s, words...)
	}
	bad := sentence("Эки үч төрт, беш.")
	bad.Words = []news.Span{{Start: -5, End: 2}, {Start: 9, End: 11}, {Start: 12, End: 400}, {Start: 14, End: 14}}
	whole := sentence("Эки үч төрт, беш.")
	whole.Start += len("Эки ")
	whole.End -= len(" төрт, беш.")
	for name, c := range map[string]struct {
		evidence []news.Evidence
		want     []string
	}{
		"none":                        {nil, nil},
		"words apart":                 {[]news.Evidence{sentence("Эки үч төрт, беш.", "Эки", "төрт")}, []string{"[Эки] үч [төрт], беш."}},
		"words side by side":          {[]news.Evidence{sentence("Эки үч төрт, беш.", "үч", "төрт")}, []string{"Эки [үч төрт], беш."}},
		"words out of order":          {[]news.Evidence{sentence("Эки үч төрт, беш.", "беш", "Эки")}, []string{"[Эки] үч төрт, [беш]."}},
		"words over each other":       {[]news.Evidence{sentence("Эки үч төрт, беш.", "Эки үч", "үч төрт")}, []string{"[Эки үч төрт], беш."}},
		"spaces inside a mark":        {[]news.Evidence{sentence("Эки үч төрт, беш.", " үч ")}, []string{"Эки [үч] төрт, беш."}},
		"no words: the quote":         {[]news.Evidence{whole}, []string{"Эки [үч] төрт, беш."}},
		"words that aren't there":     {[]news.Evidence{bad}, []string{"Эки үч төрт, беш."}},
		"the same sentence twice":     {[]news.Evidence{sentence("Эки үч төрт, беш.", "Эки"), sentence("Эки үч төрт, беш.", "беш")}, []string{"[Эки] үч төрт, [беш]."}},
		"a sentence inside another":   {[]news.Evidence{sentence(text, "Бир"), sentence("Алты.", "Алты")}, []string{"[Бир]. Эки үч төрт, беш. [Алты]."}},
		"no sentence":                 {[]news.Evidence{{Field: news.FieldText}}, nil},
		"more sentences than we show": {[]news.Evidence{sentence("Бир."), sentence("Алты."), sentence("Эки үч"), sentence("төрт, беш.")}, []string{"[Бир.]", "[Алты.]", "[Эки үч]"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := sample.Russian()
			a.Hits = []news.Hit{{Evidence: c.evidence}}
			got := message.New(a, nil).Quote
			if len(got) != len(c.want) {
				t.Fatalf("%d quotes, want %d: %v", len(got), len(c.want), got)
			}
			for i, q := range got {
				if s := q.Marked("[", "]", strings.Clone); s != c.want[i] {
					t.Errorf("quote %d is %q, want %q", i, s, c.want[i])
				}
			}
		})
	}
}

func TestLongSentencesKeepWhatMatched(t *testing.T) {
	m := message.New(sample.Long(), nil)
	if len(m.Quote) != 1 || len(m.Why) != 5 || m.More != 7 {
		t.Fatalf("%d quotes, %d reasons, %d more", len(m.Quote), len(m.Why), m.More)
	}
	s := m.Quote[0].Marked("[", "]", strings.Clone)
	if n := utf8.RuneCountInString(s); n > 700 {
		t.Errorf("the quote has %d characters: %s", n, s)
	}
	for _, w := range []string{"[Узбекистан]", "[обходит]", "[санкции]"} {
		if !strings.Contains(s, w) {
			t.Errorf("%s is missing in: %s", w, s)
		}
	}
}

func TestJSONHoldsWhatTheOutletWrote(t *testing.T) {
	a := sample.Hostile()
	raw, err := message.NewJSON(a).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if s := string(raw); guard.Line(s) != s {
		t.Errorf("the line can act on a terminal: %q", s)
	}
	var back message.JSON
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if e := back.Data.Hits[0].Evidence[0]; e.Sentence != a.Hits[0].Evidence[0].Sentence || back.Data.Article.Title != a.Article.Title {
		t.Errorf("got %+v", back)
	}
	if back.ID != a.Delivery.Key || back.Type != message.Flagged || !back.Timestamp.Equal(a.Delivery.Created) {
		t.Errorf("envelope: %+v", back)
	}
}

func TestJSON(t *testing.T) {
	raw, err := message.NewJSON(sample.Kyrgyz()).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	var pretty any
	if err := json.Unmarshal(raw, &pretty); err != nil {
		t.Fatal(err)
	}
	out, err := json.MarshalIndent(pretty, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "kyrgyz.json", string(out)+"\n")
}

func FuzzQuote(f *testing.F) {
	f.Add("Правительство Казахстана запретило", 0, 10, 26, "x")
	f.Add("\xff\u202e 👩‍👩‍👧", 2, 1, 9, "a\u0301")
	f.Fuzz(func(t *testing.T, sentence string, at, start, end int, more string) {
		for len(sentence) < 2000 && more != "" {
			sentence += more
		}
		a := sample.Russian()
		a.Hits = []news.Hit{{Evidence: []news.Evidence{{
			Field: news.FieldText, Sentence: sentence, SentenceStart: at, Start: start, End: end,
			Words: []news.Span{{Start: start, End: end}, {Start: at, End: at + 3}},
		}}}}
		for _, q := range message.New(a, time.UTC).Quote {
			s := q.String()
			if guard.Line(s) != s || utf8.RuneCountInString(s) > 800 {
				t.Errorf("quote %q of %q", s, sentence)
			}
		}
	})
}
