package rules_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/text"
)

// sound holds every hit to what the package promises of it.
func sound(t *testing.T, title, body string, hits []news.Hit) {
	t.Helper()
	seen := map[string]bool{}
	for _, h := range hits {
		key := h.Signal + string(h.Direction)
		if seen[key] {
			t.Errorf("two hits of %s %s", h.Signal, h.Direction)
		}
		seen[key] = true
		if len(h.Countries) == 0 || len(h.Acts) != len(h.Countries) || len(h.Evidence) == 0 {
			t.Errorf("%s: countries %v, acts %v, %d places", h.Signal, h.Countries, h.Acts, len(h.Evidence))
		}
		if h.Level < 1 || h.Level > 5 || h.Score < 0 || h.Score > 1 || h.Status == "" {
			t.Errorf("%s: level %d, score %v, status %q", h.Signal, h.Level, h.Score, h.Status)
		}
		for _, e := range h.Evidence {
			field := map[string]string{news.FieldTitle: title, news.FieldText: body}[e.Field]
			if e.Start < 0 || e.End > len(field) || e.Start >= e.End || field[e.Start:e.End] != e.Quote {
				t.Fatalf("%s: the quote %q isn't %s[%d:%d]", h.Signal, e.Quote, e.Field, e.Start, e.End)
			}
			end := e.SentenceStart + len(e.Sentence)
			if e.SentenceStart < 0 || end > len(field) || field[e.SentenceStart:end] != e.Sentence || e.Start < e.SentenceStart || e.End > end {
				t.Fatalf("%s: the sentence %q isn't at %d", h.Signal, e.Sentence, e.SentenceStart)
			}
			last := e.SentenceStart
			for _, w := range e.Words {
				if w.Start < last || w.End <= w.Start || w.End > end {
					t.Fatalf("%s: the word at [%d:%d] isn't in the sentence, in order", h.Signal, w.Start, w.End)
				}
				last = w.End
			}
		}
	}
}

func TestEvidence(t *testing.T) {
	for _, c := range []struct {
		title, body string
		want        []string // field: quote
	}{
		{"Kyrgyzstan cancels CSTO drill", "", []string{"title: cancels CSTO drill"}},
		{"", "Rain fell. Kyrgyzstan cancels the “CSTO” drill, again.", []string{"text: cancels the “CSTO” drill"}},
		{"The CSTO is told", "Kyrgyzstan cancels its drill.", []string{"title: CSTO", "text: cancels its drill"}},
		{"", "\u00adKyrgyz\u00adstan  can\u00adcels  CSTO\u00a0drill.", []string{"text: can\u00adcels  CSTO\u00a0drill"}},
		{"", "Кыргызстан отменил учения ОДКБ.", []string{"text: отменил учения ОДКБ"}},
	} {
		hits := small(t).Flag(text.Read(c.title, c.body, ""), rules.About{})
		sound(t, c.title, c.body, hits)
		if len(hits) != 1 {
			t.Errorf("%s | %s: %s", c.title, c.body, brief(hits))
			continue
		}
		var got []string
		for _, e := range hits[0].Evidence {
			got = append(got, e.Field+": "+e.Quote)
		}
		if strings.Join(got, "; ") != strings.Join(c.want, "; ") {
			t.Errorf("%s | %s: got %q, want %q", c.title, c.body, got, c.want)
		}
	}
}

// TestWords: what a word is to its hit.
func TestWords(t *testing.T) {
	body := "Kazakhstan denies that it bans drones to Russia."
	hits := small(t).Flag(text.Read("", body, "en"), rules.About{})
	if len(hits) != 1 {
		t.Fatal(brief(hits))
	}
	var got []string
	for _, w := range hits[0].Evidence[0].Words {
		got = append(got, body[w.Start:w.End]+" "+w.Leg)
	}
	want := "Kazakhstan country; denies turn; bans theme; drones theme; Russia tie"
	if s := strings.Join(got, "; "); s != want {
		t.Errorf("got %s, want %s", s, want)
	}
}

// TestSameTwice: a text read after others gives what it gave at first.
func TestSameTwice(t *testing.T) {
	e := small(t)
	texts := []string{
		"Kyrgyzstan cancels CSTO drill.", "Rain.", "", "Kazakhstan denies that it bans drones to Russia.",
		"Kazakhstan bans drones to Russia. " + filler(20), "Armenia cancels CSTO drill.",
	}
	first := make([]string, len(texts))
	for i, body := range texts {
		first[i] = brief(e.Flag(text.Read("", body, "en"), rules.About{}))
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		i := r.IntN(len(texts))
		if got := brief(e.Flag(text.Read("", texts[i], "en"), rules.About{})); got != first[i] {
			t.Fatalf("%.40s: %s, at first %s", texts[i], got, first[i])
		}
	}
}

// FuzzFlag: any text is read without a panic, and every hit keeps its promises.
func FuzzFlag(f *testing.F) {
	e := small(f)
	full, err := rules.Load(configs.FS())
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{
		"Kyrgyzstan cancels CSTO drill", "Кыргызстан отменил учения ОДКБ, но примет учения ОДКБ весной.",
		"Armenia, Belarus, Kazakhstan, Kyrgyzstan, Russia and Tajikistan: CSTO drill cancelled in 2014.",
		"не не не Казахстан запретил дроны в Россию", "Qozog‘iston KXShT mashg‘ulotini bekor qilmadi", "\xff\xfe", "but but but",
	} {
		f.Add(s, s, "en")
		f.Add("", s+". "+filler(16)+s, "ru")
	}
	f.Fuzz(func(t *testing.T, title, body, lang string) {
		for _, engine := range []*rules.Engine{e, full} {
			sound(t, title, body, engine.Flag(text.Read(title, body, lang), rules.About{Country: "KZ"}))
		}
	})
}

// words of the fuzz seeds and of the small pack, put together at random: texts
// that match far more often than a fuzzer's.
func TestFlagOnRandomSentences(t *testing.T) {
	words := strings.Fields("Kyrgyzstan Kazakhstan Armenia Russia Moscow CSTO drill drill cancel cancelled hosts hold not never but denies " +
		"denied lifts bans drones shipped to Russia from Russia , . . in 2014 Bishkek summit Soviet streets renamed analyst president may will " +
		"Кыргызстан отменил учения ОДКБ не но опроверг Long Farewell\n\n that")
	r := rand.New(rand.NewPCG(3, 4))
	e := small(t)
	hit := 0
	for range 3000 {
		var b strings.Builder
		for range r.IntN(60) {
			b.WriteString(words[r.IntN(len(words))])
			b.WriteByte(' ')
		}
		title, body := b.String()[:b.Len()/4], b.String()[b.Len()/4:]
		hits := e.Flag(text.Read(title, body, ""), rules.About{})
		hit += len(hits)
		sound(t, title, body, hits)
	}
	if hit < 500 {
		t.Errorf("only %d hits in 3000 texts: the test tries nothing", hit)
	}
}
