package trial_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"driftwatch/rules"
	"driftwatch/rules/trial"
)

const pack = `
concepts:
  kg: {country: KG, terms: {en: [Kyrgyzstan]}}
  bloc: {tie: true, terms: {en: [CSTO]}}
  quit: {terms: {en: [quit]}}
signals:
  - {id: C1, theme: csto, title: Leaves, level: 5, direction: apart, when: "@bloc AND @quit", tie: implied}
  - {id: C0, theme: csto, title: Names, level: 1, direction: none, when: "@bloc", tie: implied, residual: true}
`

func engine(t *testing.T) *rules.Engine {
	t.Helper()
	e, err := rules.Load(fstest.MapFS{"pack.yaml": {Data: []byte(pack)}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestArticlesPassOrSayWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ name, article, want string }{
		{"an expected hit is found", "expect: [{theme: csto, country: KG, direction: apart}]", ""},
		{"what is left out may be anything", "expect: [{theme: csto}]", ""},
		{"the signal counts where it is named", "expect: [{theme: csto, signal: C2}]", "not found: csto · C2"},
		{"another country", "expect: [{theme: csto, country: KZ}]", "not found: csto · KZ"},
		{"another direction", "expect: [{theme: csto, direction: closer}]", "not found: csto · closer"},
		{"the status that it has", "expect: [{theme: csto, status: happened}]", ""},
		{"another status", "expect: [{theme: csto, status: proposed}]", "not found: csto · proposed"},
		{"one that must not be there", "never: [{theme: csto, signal: C1}]", "found, and must not be: csto · C1 · KG · apart"},
		{"another one must not be there", "never: [{theme: sanctions}]", ""},
		{"silence that is broken", "silent: true", "found, and must not be: csto · C1 · KG · apart"},
	} {
		f, err := trial.Read("t.yaml", []byte("articles:\n  - title: Kyrgyzstan will quit the CSTO\n    "+c.article+"\n"))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		r := f.Run(engine(t))
		if got := strings.Join(r[0].Problems, "; "); got != c.want || r[0].Line != 2 {
			t.Errorf("%s: line %d: %q, want %q", c.name, r[0].Line, got, c.want)
		}
	}
}

func TestBackgroundCanBeExpectedAndBreaksNoSilence(t *testing.T) {
	f, err := trial.Read("t.yaml", []byte(`articles:
  - title: Kyrgyzstan and the CSTO
    expect: [{theme: csto, signal: C0}]
  - title: Kyrgyzstan and the CSTO
    silent: true
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range f.Run(engine(t)) {
		if len(r.Problems) > 0 || len(r.Found) != 1 {
			t.Errorf("%v, found %+v", r.Problems, r.Found)
		}
	}
}

func TestFaultsOfAFileComeAllAtOnce(t *testing.T) {
	_, err := trial.Read("t.yaml", []byte(`articles:
  - name: empty
  - title: Something
    date: tomorrow
    silent: true
    expect: [{country: RU, direction: appart, status: hapened}]
`))
	if err == nil {
		t.Fatal("no fault")
	}
	for _, want := range []string{
		"t.yaml:2:5: an article needs a title or a text", "t.yaml:2:5: an article says what it expects",
		"the date must be a day", "a silent article expects nothing", "a hit needs its theme",
		"the country must be one of", "the direction must be one of", "apart", "the status must be one of happened",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the faults lack %q:\n%v", want, err)
		}
	}
}

func Example() {
	e, err := rules.Load(fstest.MapFS{"pack.yaml": {Data: []byte(pack)}})
	if err != nil {
		panic(err)
	}
	f, err := trial.Read("tests.yaml", []byte(`articles:
  - name: a way out
    title: Kyrgyzstan will quit the CSTO
    expect: [{theme: csto, country: KG, direction: closer}]
`))
	if err != nil {
		panic(err)
	}
	for _, r := range f.Run(e) {
		fmt.Printf("%s:%d: %s: %s\n", r.File, r.Line, r.Article.Name, strings.Join(r.Problems, "; "))
	}
	// Output: tests.yaml:2: a way out: not found: csto · KG · closer
}

func TestUnknownThemesAndSignalsAreFaults(t *testing.T) {
	f, err := trial.Read("t.yaml", []byte(`articles:
  - title: Kyrgyzstan will quit the CSTO
    expect: [{theme: csot, signal: C1}]
    never: [{theme: csto, signal: C99}, {theme: csto, signal: C0}]
`))
	if err != nil {
		t.Fatal(err)
	}
	const want = `t.yaml:3:22: no pack has the theme csot
    expect: [{theme: csot, signal: C1}]
                     ^
did you mean csto?

t.yaml:4:35: no pack has the signal C99
    never: [{theme: csto, signal: C99}, {theme: csto, signal: C0}]
                                  ^`
	if err := f.Check(engine(t)); err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}
