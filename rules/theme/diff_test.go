package theme_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"driftwatch/rules/theme"
)

func packs(t *testing.T, yaml string) *theme.Packs {
	t.Helper()
	p, err := theme.Load(fstest.MapFS{"pack.yaml": {Data: []byte(yaml)}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const before = `
concepts:
  bloc:
    terms:
      en: [CSTO, {term: Treaty, case: true}]
      ru: [ОДКБ]
  gone:
    terms:
      en: [gone]
signals:
  - id: kept
    theme: csto
    title: Kept
    why: As it was.
    level: 2
    direction: none
    when: "@bloc AND
           @gone"
  - id: old
    theme: csto
    title: Old
    level: 3
    direction: apart
    when: "@bloc"
`

const after = `
signals:
  - id: new
    theme: csto
    title: New
    level: 5
    direction: closer
    when: "@bloc NEAR/4 @far"
  - id: kept
    theme: csto
    title: Kept
    why: As it was.
    level: 3
    direction: none
    when: "@bloc AND @far"
    countries: [KZ]
concepts:
  far:
    terms:
      en: [far away]
  bloc:
    terms:
      ru: [ОДКБ, {term: договор, near: [far], words: 4}]
      en: [CSTO]
`

func TestDiffTellsWhatChangedInAnAuthorsWords(t *testing.T) {
	var got []string
	for _, c := range theme.Diff(packs(t, before), packs(t, after)) {
		got = append(got, c.String())
	}
	want := []string{
		"kept changed\n  level: 2 → 3\n  when was: @bloc AND @gone\n  when is:  @bloc AND @far\n  countries: + KZ",
		"new added\n  csto: New\n  level 5, closer\n  when: @bloc NEAR/4 @far",
		"old removed",
		"@bloc changed\n  en: − Treaty (case)\n  ru: + договор (within 4 words of far)",
		"@far added\n  en: far away",
		"@gone removed",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestDiffTellsNothingOfAnotherArrangement(t *testing.T) {
	lines := strings.Replace(before, "\n           @gone", " @gone", 1)
	lines = strings.Replace(lines, "[CSTO, {term: Treaty, case: true}]", "[{case: true, term: Treaty}, CSTO]", 1)
	if d := theme.Diff(packs(t, before), packs(t, lines)); len(d) != 0 {
		t.Errorf("%v", d)
	}
}

func TestArchiveGivesTheSamePacksBack(t *testing.T) {
	p, err := theme.Load(fstest.MapFS{"themes/a.yaml": {Data: []byte(before)}}, fstest.MapFS{"b.yaml": {Data: []byte("signals: []\n")}})
	if err != nil {
		t.Fatal(err)
	}
	archive, err := p.Archive()
	if err != nil {
		t.Fatal(err)
	}
	layers, err := theme.Unpack(archive)
	if err != nil || len(layers) != 2 {
		t.Fatalf("%d packs, %v", len(layers), err)
	}
	again, err := theme.Load(layers...)
	if err != nil || again.Digest != p.Digest {
		t.Errorf("digest %q, %v; want %q", again.Digest, err, p.Digest)
	}
	if _, err := theme.Unpack([]byte("no zip")); err == nil {
		t.Error("what is no archive was unpacked")
	}
}
