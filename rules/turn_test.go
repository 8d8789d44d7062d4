package rules_test

import (
	"os"
	"testing"
	"testing/fstest"

	"driftwatch/rules"
	"driftwatch/text"
)

// clubs is a pack of one predicate, asked for as it is affirmed and as it is negated.
const clubs = `
concepts:
  club: {tie: true, terms: {any: ["zupra*", "зупра*"]}}
  enter:
    terms:
      en: [join]
      ru: [участвовать, присоединиться]
      kk: [қатысу]
      ky: [катышуу]
      uz: [qatnashish]
      tg: [ширкат кардан, пайвастан, баромадан, рафтан, пухтан]
      tk: [gatnaşmak]
signals:
  - {id: DOES, theme: clubs, title: Enters, level: 2, direction: closer, when: "@club AND AFFIRMED(@enter)"}
  - {id: DOESNT, theme: clubs, title: Stays out, level: 2, direction: apart, when: "@club AND NEGATED(@enter)"}
`

// TestNegation: where and how each language negates a predicate, and what only looks
// like it.
func TestNegation(t *testing.T) {
	e, err := rules.Load(os.DirFS("testdata/pack"), fstest.MapFS{"clubs.yaml": {Data: []byte(clubs)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lang    string
		negated bool
		body    string
	}{
		{"en", true, "Kazakhstan has not yet joined Zupra."},
		{"en", true, "Kazakhstan has yet to join Zupra."},
		{"en", false, "Kazakhstan had doubts, yet joined Zupra."},
		{"en", false, "Kazakhstan not only joined Zupra, it leads it."},
		{"ru", true, "Казахстан участвовать в Зупра не будет."},
		{"ru", true, "Казахстан участвовать не намерен, сообщили в Зупра."},
		{"ru", true, "Казахстан подумал, но участвовать в Зупра не будет."},
		{"ru", true, "Казахстан подумал и решил, что участвовать в Зупра не будет."},
		{"ru", true, "Казахстан никогда не присоединится к Зупра."},
		{"ru", false, "Казахстан присоединился к Зупра не сразу."},
		{"ru", false, "Казахстан согласился участвовать в Зупра, но председателем не будет."},
		{"kk", true, "Қазақстан Зупраға қатыспапты."},
		{"kk", true, "Қазақстан Зупраға қатыспақ емес."},
		{"kk", false, "Қазақстан Зупраға қатыспақшы."},
		{"ky", true, "Кыргызстан Зупрага катышпоону чечти."},
		{"ky", true, "Кыргызстан Зупрага катышпаптыр."},
		{"ky", false, "Кыргызстан Зупрага катышканы айтылды."},
		{"uz", true, "O‘zbekiston Zupraga qatnashmabdi."},
		{"uz", true, "O‘zbekiston Zupraga qatnashgani yo‘q."},
		{"uz", false, "O‘zbekiston Zupraga qatnashmoqda."},
		{"tg", true, "Тоҷикистон ба Зупра напайваст."},
		{"tg", true, "Тоҷикистон ба Зупра наравад."},
		{"tg", true, "Тоҷикистон аз Зупра нахоҳад баромад."},
		{"tg", true, "Тоҷикистон дар Зупра ширкат карда натавонист."},
		{"tg", true, "Тоҷикистон дар Зупра нон напухт."},
		{"tg", true, "Тоҷикистон дар Зупра нон напухтааст."},
		{"tg", false, "Тоҷикистон дар Зупра нон пухт."},
		{"tg", false, "Тоҷикистон ба Зупра пайваст ва нархҳо наздик шуданд."},
		{"tk", true, "Türkmenistan Zupra gatnaşanok."},
		{"tk", true, "Zupra gatnaşmaýan Türkmenistan."},
		{"tk", true, "Türkmenistan Zupra gatnaşmazlyk kararyna geldi."},
		{"tk", false, "Türkmenistan Zupra gatnaşýandygyny aýtdy."},
	} {
		want := "DOES"
		if c.negated {
			want = "DOESNT"
		}
		if hits := e.Flag(text.Read("", c.body, c.lang), rules.About{}); len(hits) != 1 || hits[0].Signal != want {
			t.Errorf("%s: %s\ngot  %s\nwant %s", c.lang, c.body, brief(hits), want)
		}
	}
}
