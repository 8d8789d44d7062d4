package rules_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"driftwatch/rules"
)

// pack is a pack of one file.
func pack(src string) fstest.MapFS { return fstest.MapFS{"own.yaml": {Data: []byte(src)}} }

// findings puts those in the second pack in lines: kind, place, name, message.
func findings(t *testing.T, background []rules.Text, src string) ([]string, *rules.Report) {
	t.Helper()
	var texts func(func(rules.Text) bool)
	if background != nil {
		texts = slices.Values(background)
	}
	r, err := rules.Check(texts, rules.From(0), os.DirFS("testdata/pack"), pack(src))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, f := range r.Findings {
		if f.Pack == 1 {
			lines = append(lines, fmt.Sprintf("%s %d:%d %s: %s", f.Kind, f.Line, f.Column, f.Name, f.Message))
		}
	}
	return lines, r
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name, src string
		want      []string
	}{
		{"nothing wrong", `
signals:
  - {id: X, theme: csto, title: T, level: 2, direction: apart, when: "@bloc AND @drill", tie: implied}
`, nil},
		{"tests", `
signals:
  - id: X
    theme: csto
    title: T
    level: 2
    direction: apart
    when: "@bloc AND AFFIRMED(@rename)"
    tie: implied
    languages: [en, ru, kk, tg]
    tests:
      match:
        - {lang: en, text: Kazakhstan renamed the CSTO., countries: [KZ]}
        - {lang: en, text: Kazakhstan and Kyrgyzstan have renamed the CSTO., countries: [KZ]}
        - {lang: en, text: Kazakhstan has renamed the CSTO., countries: [KG]}
        - {lang: en, title: Kazakhstan denies that it renamed the CSTO}
        - {lang: en, title: "Kazakhstan, a CSTO member, is calm today"}
        - {lang: ru, text: Казахстан переименовал ОДКБ}
      miss:
        - {lang: en, text: Kazakhstan did not rename the CSTO.}
        - {lang: en, text: "Kazakhstan renames the CSTO now, at last."}
        - {lang: kk, text: Қазақстан ҰҚШҰ туралы айтты.}
`, []string{
			"untested 10:21 X: ru is claimed without a near miss among the tests",
			"untested 10:25 X: kk is claimed without a match among the tests",
			"untested 10:29 X: tg is claimed without a test: it needs a natural match and a near miss",
			"no-terms 10:29 X: tg is claimed, and no text in it can match: no terms in it for @rename",
			"failed-test 14:11 X: this names KZ and KG, not only KZ: en: Kazakhstan and Kyrgyzstan have renamed the CSTO.",
			"failed-test 15:11 X: this names KZ, not KG: en: Kazakhstan has renamed the CSTO.",
			"failed-test 21:11 X: this must not match, and does, by “renames the CSTO”: en: Kazakhstan renames the CSTO now, at last.",
		}},
		{"a theme with a slip", `
signals:
  - {id: Y1, theme: cstoo, title: T, level: 1, direction: none, when: "@bloc", tie: implied}
  - {id: Y2, theme: launches, title: T, level: 1, direction: none, when: "@bloc", tie: implied}
`, []string{"near-theme 3:21 Y1: the theme cstoo is new; did you mean csto?"}},
		{"what can't match", `
concepts:
  nothing: {}
signals:
  - {id: X, theme: csto, title: T, level: 2, direction: apart, when: "@bloc AND @nothing", tie: implied}
  - {id: Y, theme: csto, title: T, level: 2, direction: apart, when: "@bloc AND @drill AND NOT (@bloc OR @street)", tie: implied}
  - {id: Z, theme: csto, title: T, level: 2, direction: apart, when: "@bloc AND @drill", unless: "@goods OR @drill", tie: implied}
  - {id: OK, theme: csto, title: T, level: 2, direction: apart, when: "@bloc AND (@drill OR @goods)", unless: "@drill AND @goods OR TITLE(@bloc)", tie: implied}
`, []string{
			"never-matches 5:70 X: this can never match: no terms for @nothing",
			"never-matches 6:70 Y: this can never match: what it needs is under NOT",
			"never-matches 7:98 Z: this signal can never match: what when needs is enough for unless",
		}},
		{"terms and names that do nothing", `
concepts:
  idle:
    terms:
      en: [tractor]
  used:
    unverified: [en]
    terms:
      en: [ban, bans, "ban*", {term: embargo, exact: true}, embargo, "export halt", {term: halt, near: ["@idle2"]}, halt]
  idle2:
    terms:
      en: [tractor]
signals:
  - {id: X, theme: csto, title: T, level: 2, direction: apart, when: "@bloc AND @used", tie: implied}
`, []string{
			"unused 3:3 @idle: nothing asks for @idle",
			`covered 9:12 @used: "ban" finds nothing in en that "ban*" doesn't find too`,
			`covered 9:17 @used: "bans" finds nothing in en that "ban" doesn't find too`,
			`covered 9:31 @used: "embargo" is among the terms of en already`,
			`covered 9:85 @used: "halt" is among the terms of en already`,
		}},
		{"one of two terms that find the same, and one that a name swallows", `
concepts:
  way_out:
    terms:
      en: [walk out, walks out, long farewell, farewell, bring home, brings home, "bring* home", turn home, "turn* home", "walkout's", walkout]
signals:
  - {id: X, theme: csto, title: T, level: 2, direction: apart, when: "@bloc AND @way_out", tie: implied}
`, []string{
			`covered 5:22 @way_out: "walks out" finds nothing in en that "walk out" doesn't find too`,
			`covered 5:33 @way_out: "long farewell" is never counted: it is a name of @drill_name, which swallows the words in it`,
			`covered 5:70 @way_out: "brings home" finds nothing in en that "bring home" doesn't find too`,
			`covered 5:98 @way_out: "turn home" finds nothing in en that "turn* home" doesn't find too`,
			`covered 5:123 @way_out: "walkout's" finds nothing in en that "walkout" doesn't find too`,
		}},
		{"stars that stand for nothing", `
concepts:
  starred:
    terms:
      en: [lose * names, "lose names", lose *, "ren*med", "Search 20*", "renam*", "shell*-firm*"]
signals:
  - {id: X, theme: csto, title: T, level: 2, direction: apart, when: "@bloc AND @starred", tie: implied}
`, []string{
			`covered 5:26 @starred: "lose names" finds nothing in en that "lose * names" doesn't find too`,
			`stray-star 5:40 @starred: "lose *": a * by itself stands for words between others; at a term's end it stands for nothing`,
			`stray-star 5:48 @starred: "ren*med": a * stands at a word's end; here it parts ren*med into two words`,
		}},
		{"conditions that no text fulfils", `
concepts:
  stay_away: {negative: true, terms: {en: [did not attend]}}
signals:
  - {id: X, theme: csto, title: T, level: 2, direction: apart, when: "@bloc AND lang:en AND lang:ru", tie: implied}
  - {id: Y, theme: csto, title: T, level: 2, direction: apart, when: "@bloc AND NEGATED(@stay_away)", tie: implied}
  - {id: Z, theme: csto, title: T, level: 2, direction: apart, when: "TITLE(@bloc) AND NOT TITLE(@bloc)", tie: implied}
  - {id: ZZ, theme: csto, title: T, level: 2, direction: apart, when: "SENTENCE(@bloc AND lang:en AND NOT lang:en) OR @bloc AND lang:kk AND lang:ky", tie: implied}
  - {id: OK, theme: csto, title: T, level: 2, direction: apart, when: "@bloc AND lang:uz AND lang:uz-Cyrl AND (NEGATED(@stay_away) OR @stay_away)", tie: implied}
  - {id: ONE, theme: csto, title: T, level: 2, direction: apart, when: "@bloc AND lang:en AND lang:ru OR @bloc AND NOT TITLE(@bloc)", tie: implied}
`, []string{
			"never-matches 5:70 X: this can never match: no text is lang:en and lang:ru",
			"never-matches 6:70 Y: this can never match: the terms of @stay_away carry their own negation (negative: true), and are never NEGATED",
			"never-matches 7:70 Z: this can never match: no text is TITLE(@bloc) and NOT TITLE(@bloc)",
			"never-matches 8:71 ZZ: this can never match: no text is lang:en and NOT lang:en",
		}},
		{"the id of another theme's signal", `
signals:
  - {id: CANCELS, theme: space, title: T, level: 2, direction: apart, when: "@bloc", tie: implied}
  - {id: HOSTS, theme: csto, title: T, level: 2, direction: apart, when: "@bloc AND @drill", tie: implied}
`, []string{
			"displaced 3:10 CANCELS: this takes the place of CANCELS of the theme csto, “An exercise of the bloc is cancelled”, which isn't asked any more: an id of its own leaves it there",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, _ := findings(t, nil, c.src)
			if !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// TestUnseen: a third of the tests is counted and never shown.
func TestUnseen(t *testing.T) {
	var b strings.Builder
	for i := range 60 {
		fmt.Fprintf(&b, "        - {lang: en, text: Rain fell on day %d.}\n", i)
	}
	lines, r := findings(t, nil, `
signals:
  - id: X
    theme: csto
    title: T
    level: 2
    direction: apart
    when: "@bloc"
    tie: implied
    tests:
      match:
`+b.String())
	if n := r.Seen.Tests + r.Unseen.Tests; n != 60 || r.Seen.Passed+r.Unseen.Passed != 0 {
		t.Errorf("%d tests, %d pass", n, r.Seen.Passed+r.Unseen.Passed)
	}
	if r.Unseen.Tests < 12 || r.Unseen.Tests > 28 || len(lines) != r.Seen.Tests {
		t.Errorf("%d of 60 are unseen, %d are shown", r.Unseen.Tests, len(lines))
	}
}

func TestCheckBackground(t *testing.T) {
	var texts []rules.Text
	for i := range 100 {
		body := "The weather in the hills is fine."
		if i%4 == 0 {
			body += " Snow fell on a bridge."
		}
		if i%30 == 0 {
			body += " Kazakhstan was told of the CSTO."
		}
		texts = append(texts, rules.Text{Body: body, Lang: "en"}, rules.Text{Body: "Погода в горах сегодня хорошая, дождя не будет.", Lang: "ru"})
	}
	got, _ := findings(t, texts, `
concepts:
  loud:
    terms:
      en: [weather, "weather * * hills", "the * glacier", snow, glacier, {term: hills, near: ["@bloc"]}]
      ru: [погода]
signals:
  - {id: X, theme: csto, title: T, level: 2, direction: apart, when: "@bloc AND NOT @loud OR @bloc", tie: implied}
  - {id: Y, theme: csto, title: T, level: 2, direction: apart, when: "@bloc AND @street", tie: implied}
`)
	want := []string{
		`everywhere 5:12 @loud: "weather" is in 100 of 100 texts in en: it tells little by itself`,
		`everywhere 5:21 @loud: "weather * * hills" is in 100 of 100 texts in en: it tells little by itself`,
		`everywhere 5:59 @loud: "snow" is in 25 of 100 texts in en: it tells little by itself`,
		`everywhere 6:12 @loud: "погода" is in 100 of 100 texts in ru: it tells little by itself`,
		"everywhere 8:70 X: this fires on 4 of 200 texts",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestFailedTestSaysWhy: what doesn't match is told with what it lacks.
func TestFailedTestSaysWhy(t *testing.T) {
	got, _ := findings(t, nil, `
signals:
  - id: X
    theme: dual-use
    title: T
    level: 2
    direction: apart
    when: "AFFIRMED(@ban) NEAR/2 @goods"
    countries: [KZ]
    tests:
      match:
        - {lang: en, text: Kazakhstan did not ban the drones to Russia.}
        - {lang: en, text: Kazakhstan bans all of the many drones to Russia.}
        - {lang: en, text: A government bans drones to Russia.}
        - {lang: en, text: Kazakhstan bans drones in the north.}
        - {lang: en, text: Kazakhstan bans the drones to Armenia.}
`)
	want := []string{
		"failed-test 12:11 X: this doesn't match, since AFFIRMED(@ban) is negated here: en: Kazakhstan did not ban the drones to Russia.",
		"failed-test 13:11 X: this doesn't match, since AFFIRMED(@ban) NEAR/2 @goods are 5 words apart; at most 2 are allowed: en: Kazakhstan bans all of the many drones to Russia.",
		"failed-test 14:11 X: this doesn't match, since KZ isn't named as the one who acts: en: A government bans drones to Russia.",
		"failed-test 15:11 X: this doesn't match, since a tie to Russia isn't there: en: Kazakhstan bans drones in the north.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestCheckOver: of the packs that checked ones build on it is told what these
// break, and their tests stand in for a background.
func TestCheckOver(t *testing.T) {
	var base strings.Builder
	base.WriteString(`
signals:
  - id: FAREWELL
    theme: csto
    title: T
    level: 2
    direction: apart
    when: "@bloc AND @farewell"
    tie: implied
    tests:
      match:
        - {lang: en, text: Kazakhstan bade the CSTO farewell.}
        - {lang: en, text: Kazakhstan told the CSTO farewell.}
        - {lang: en, text: Kazakhstan wished the CSTO farewell.}
        - {lang: en, text: Kazakhstan sang the CSTO farewell.}
        - {lang: en, text: Kazakhstan thought of the CSTO and said goodbye.}
      miss:
`)
	for i := range 100 {
		fmt.Fprintf(&base, "        - {lang: en, text: The rain fell on day %d.}\n", i)
	}
	r, err := rules.Check(nil, rules.From(2), os.DirFS("testdata/pack"), pack(base.String()), pack(`
concepts:
  farewell: {terms: {en: [adieu]}}
  rain: {terms: {en: [the, drizzle]}}
signals:
  - {id: X, theme: csto, title: T, level: 2, direction: apart, when: "@rain AND @bloc", tie: implied}
`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range r.Findings {
		got = append(got, fmt.Sprintf("%s %d:%d %s: %s", f.Kind, f.Line, f.Column, f.Name, f.Message))
	}
	want := []string{
		"breaks 12:11 FAREWELL: 4 tests of this that pass without your packs fail with them; the first: en: Kazakhstan bade the CSTO farewell.",
		`everywhere 4:23 @rain: "the" is in 105 of 105 tests of other signals in en: it tells little by itself`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// ExampleCheck checks a pack of one signal that promises too much.
func ExampleCheck() {
	r, err := rules.Check(nil, rules.From(0), os.DirFS("testdata/pack"), pack(`
signals:
  - id: STREETS
    theme: decolonization
    title: A street is renamed
    level: 2
    direction: apart
    when: "@street NEAR/5 AFFIRMED(@rename)"
    beats: [RENAMES]
    languages: [en, tk]
    tests:
      match: [{lang: en, text: Kazakhstan renames Soviet streets., countries: [KZ]}]
      miss: [{lang: en, text: Kazakhstan did not rename Soviet streets.}]
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range r.Findings {
		if f.Pack == 1 {
			fmt.Printf("%s:%d:%d: %s\n", f.File, f.Line, f.Column, f.Message)
		}
	}
	// Output:
	// own.yaml:10:21: tk is claimed without a test: it needs a natural match and a near miss
	// own.yaml:10:21: tk is claimed, and no text in it can match: no terms in it for @street and @rename
}
