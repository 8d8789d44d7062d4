package rules_test

import (
	"maps"
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"driftwatch/rules"
)

// TestUnverified: a claimed language stands where verified terms alone pass one of
// its tests.
func TestUnverified(t *testing.T) {
	const paved = `
concepts:
  pave:
    unverified: [kk]
    terms:
      en: [pave, "lay * asphalt"]
      ru: [мостить]
      kk: [төсеу]
signals:
  - id: PAVED
    theme: sanctions
    title: A road is paved
    level: 2
    direction: closer
    when: "@pave"
    tie: implied
    languages: [en, ru, kk]
    tests:
      match:
        - {lang: en, text: Kazakhstan paves a road.}
        - {lang: en, text: Kazakhstan lays new asphalt.}
        - {lang: ru, text: В Казахстане мостят дорогу.}
        - {lang: kk, text: Қазақстан жолға тас төседі.}
  - {id: REST, theme: sanctions, title: T, level: 1, direction: none, when: "@pave", residual: true, languages: [en, ru]}
`
	for _, c := range []struct {
		name  string
		files map[string]string
		want  map[string][]string
	}{
		{"a pack without lists: as its concepts say", nil, map[string][]string{"PAVED": {"kk"}}},
		{"one of two terms is in the list", map[string]string{"lexicon/verified/en.txt": "# seen\nlay * asphalt\n", "lexicon/verified/kk.txt": "төсеу\r\n"},
			map[string][]string{"PAVED": {"ru"}, "REST": {"ru"}}},
		{"in a pack that is a folder of concepts", map[string]string{"verified/ru.txt": "мостить\n"},
			map[string][]string{"PAVED": {"en", "kk"}, "REST": {"en"}}},
	} {
		pack := fstest.MapFS{"own.yaml": {Data: []byte(paved)}}
		for name, data := range c.files {
			pack[name] = &fstest.MapFile{Data: []byte(data)}
		}
		got, err := rules.UnverifiedLanguages(os.DirFS("testdata/pack"), pack)
		if err != nil {
			t.Fatal(err)
		}
		maps.DeleteFunc(got, func(id string, _ []string) bool { return id != "PAVED" && id != "REST" })
		if !maps.EqualFunc(got, c.want, slices.Equal[[]string]) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestCountTerms(t *testing.T) {
	texts := []rules.Text{
		{Body: "Workers lay fresh asphalt, and lay more asphalt.", Lang: "en"},
		{Body: "They lay bricks. Asphalt is dear.", Lang: "en"},
		{Body: "Roads were paved.", Lang: "en"},
	}
	got, err := rules.CountTerms(slices.Values(texts), pack(`
concepts:
  pave:
    terms:
      en: [pave, "lay * asphalt", {term: brick, near: ["@pave"]}]
      ru: [pave]
`))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, c := range got {
		counts[c.Lang+" "+c.Term] = c.Texts
	}
	if want := map[string]int{"en pave": 1, "en lay * asphalt": 1, "en brick": 1, "ru pave": 0}; !maps.Equal(counts, want) {
		t.Errorf("%v, want %v", counts, want)
	}
}
