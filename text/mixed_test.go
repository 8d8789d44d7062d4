package text

import (
	"slices"
	"testing"
)

// A Russian article with a statement quoted in Kazakh.
const (
	mixedRussian = "Глава ведомства встретился в столице с послом и рассказал журналистам о том, как идут переговоры о поставках. Он добавил, что соглашение подпишут до конца года."
	mixedKazakh  = "«Біз бұл мәселені көптен бері талқылап келеміз, сондықтан кеденнен өткен тауарлардың тізімін қайта қараймыз», — деді министр журналистерге берген сұхбатында."
)

func TestParagraphTakesItsOwnEndings(t *testing.T) {
	m, err := NewMatcher([]Term{{Text: "кеден"}, {Text: "журналист"}, {Text: "посол"}, {Text: "Кеден", CaseSensitive: true}})
	if err != nil {
		t.Fatal(err)
	}
	match := func(body string) []string {
		r := Read("Послы встретились", body, "ru")
		if r.Lang != "ru" {
			t.Fatalf("read as %s", r.Lang)
		}
		var out []string
		for _, h := range m.Match(&r.Body, r.Lang, nil) {
			out = append(out, r.Body.Quote(int(h.First), int(h.Last)))
		}
		return out
	}
	body := mixedRussian + "\n\n" + mixedKazakh + "\n\n" + mixedRussian
	want := []string{"послом", "журналистам", "кеденнен", "журналистерге", "послом", "журналистам"}
	if got := match(body); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	// By itself the Russian text takes Russian endings only.
	if got := match(mixedRussian + "\n\nКеденнен журналистерге послом."); slices.Contains(got, "журналистерге") {
		t.Errorf("a Kazakh ending in a Russian paragraph: %q", got)
	}
}

func TestLangAt(t *testing.T) {
	r := Read("Послы встретились", mixedRussian+"\n\n"+mixedKazakh+"\n\n"+mixedRussian, "ru")
	f := &r.Body
	for i := range f.Words {
		want := "ru"
		if f.Words[i].Paragraph == 1 {
			want = "kk"
		}
		if got := f.LangAt(i, r.Lang); got != want {
			t.Fatalf("word %d, %s: %s, want %s", i, f.Word(i), got, want)
		}
	}
	if got := Read("", mixedKazakh, "").Body.LangAt(0, "ru"); got != "ru" {
		t.Errorf("a text in one language is in %s, not in the one that is asked for", got)
	}
}
