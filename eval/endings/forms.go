package main

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"driftwatch/eval/section"
	"driftwatch/text"
)

// row is a form of a lemma, as a treebank has it.
type row struct{ lang, lemma, form, pos string }

// readForms reads a table of forms with a head line: lang, lemma, form, pos,
// count.
func readForms(path string) ([]row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var rows []row
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		cell := strings.Split(lines.Text(), "\t")
		if len(cell) < 4 {
			return nil, fmt.Errorf("%s:%d: %d columns, want lang, lemma, form, pos", path, n, len(cell))
		}
		if n > 1 {
			rows = append(rows, row{cell[0], cell[1], cell[2], cell[3]})
		}
	}
	return rows, lines.Err()
}

// unseen reports whether a lemma is of the half that isn't tuned on.
func unseen(r row) bool {
	sum := sha256.Sum256([]byte(r.lang + " " + r.lemma))
	return sum[0]&1 == 0
}

// tally counts forms.
type tally struct{ n, found, wrong, other int }

func (t *tally) add(o tally) {
	t.n, t.found, t.wrong, t.other = t.n+o.n, t.found+o.found, t.wrong+o.wrong, t.other+o.other
}

var parts = []string{"NOUN", "PROPN", "ADJ", "VERB"}

func reportForms(w io.Writer, rows []row, verbose bool) error {
	table := [][]string{{"language", "part", "found", "with a wrong match", "with another word"}}
	for _, lang := range []string{"ru", "kk", "ky", "uz"} {
		mine := slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.lang != lang })
		m, err := newMeter(mine)
		if err != nil {
			return err
		}
		for _, part := range []string{"tuned on", "rest"} {
			var all tally
			byPos := map[string]*tally{}
			for _, r := range mine {
				if unseen(r) != (part == "rest") {
					continue
				}
				t := m.measure(r, w, verbose && part == "tuned on")
				all.add(t)
				if byPos[r.pos] == nil {
					byPos[r.pos] = new(tally)
				}
				byPos[r.pos].add(t)
			}
			table = append(table, all.row(lang, part))
			for _, p := range parts {
				if part == "rest" && byPos[p] != nil {
					table = append(table, byPos[p].row("", "rest, "+p))
				}
			}
		}
	}
	section.Table(w, table...)
	return nil
}

func (t tally) row(lang, part string) []string {
	return []string{lang, part, section.Percent(t.found, t.n), section.Percent(t.wrong, t.n), section.Percent(t.other, t.n)}
}

// meter looks for all lemmas of a language.
type meter struct {
	lang    string
	matcher *text.Matcher
	lemmas  []string
	id      map[string]int
	owners  map[string][]string // folded form → folded lemmas that have it
}

func newMeter(rows []row) (*meter, error) {
	m := &meter{lang: rows[0].lang, id: map[string]int{}, owners: map[string][]string{}}
	var terms []text.Term
	for _, r := range rows {
		t := term(r)
		if _, ok := m.id[t]; !ok && text.Fold(t) != "" {
			m.id[t] = len(terms)
			terms = append(terms, text.Term{Text: t, Lang: r.lang})
			m.lemmas = append(m.lemmas, t)
		}
		f := text.Fold(r.form)
		m.owners[f] = append(m.owners[f], text.Fold(r.lemma))
		m.owners[text.Fold(r.lemma)] = append(m.owners[text.Fold(r.lemma)], text.Fold(r.lemma))
	}
	var err error
	m.matcher, err = text.NewMatcher(terms)
	return m, err
}

// term is a lemma as an author would write it: names with a capital, verbs of
// the treebanks that give bare stems as they are.
func term(r row) string {
	if r.pos != "PROPN" {
		return r.lemma
	}
	c, size := utf8.DecodeRuneInString(r.lemma)
	return string(unicode.ToUpper(c)) + r.lemma[size:]
}

// measure asks for one form.
func (m *meter) measure(r row, w io.Writer, list bool) (t tally) {
	form := text.Fold(r.form)
	id, ok := m.id[term(r)]
	if form == text.Fold(r.lemma) || !ok {
		return t
	}
	t.n = 1
	f := &text.Read("", r.form, r.lang).Body
	var wrong []string
	for _, h := range m.matcher.Match(f, m.lang, nil) {
		if h.First != 0 || int(h.Last) != len(f.Words)-1 {
			continue
		}
		lemma := m.lemmas[h.Term]
		switch {
		case int(h.Term) == id:
			t.found = 1
		case !slices.Contains(m.owners[form], text.Fold(lemma)):
			t.wrong = 1
			if !sameVerb(r.lang, text.Fold(lemma), text.Fold(r.lemma)) {
				t.other = 1
			}
			wrong = append(wrong, lemma)
		}
	}
	if list && t.found == 0 {
		fmt.Fprintf(w, "missed %s %s: %s > %s\n", r.lang, r.pos, r.lemma, r.form)
	}
	if list && t.wrong > 0 {
		fmt.Fprintf(w, "wrong %s %s: %s > %s: also %v\n", r.lang, r.pos, r.lemma, r.form, wrong)
	}
	return t
}

// voices are the endings of passive, reflexive and mutual stems, infinitives
// those of verbal nouns, which dictionaries give verbs by.
var (
	voices = map[string][]string{
		"ru": {"ся", "сь"},
		"kk": {"ыл", "іл", "ын", "ін", "л", "н", "ыс", "іс", "с"},
		"ky": {"ыл", "ил", "ул", "үл", "ын", "ин", "ун", "үн", "л", "н", "ыш", "иш", "уш", "үш", "ш"},
		"uz": {"il", "in", "l", "n", "ish", "sh"},
	}
	infinitives = map[string][]string{
		"kk": {"у", "ю"}, "ky": {"уу", "үү", "оо", "өө", "юу", "юү"}, "uz": {"moq", "ish", "sh"},
	}
)

// sameVerb reports whether two lemmas are one verb in voices or in the
// infinitive: whether what is left without these endings is the same but for a
// last vowel.
func sameVerb(lang, a, b string) bool {
	for x := range bare(lang, a) {
		for y := range bare(lang, b) {
			if x == y && utf8.RuneCountInString(x) > 1 {
				return true
			}
		}
	}
	return false
}

func bare(lang, lemma string) map[string]bool {
	out := map[string]bool{lemma: true, strings.TrimRight(lemma, "аеоөыиуүіa"): true}
	for range 2 {
		for s := range out {
			for _, list := range [][]string{infinitives[lang], voices[lang]} {
				for _, end := range list {
					if t, ok := strings.CutSuffix(s, end); ok {
						out[t] = true
						out[strings.TrimRight(t, "аеоөыиуүіa")] = true
					}
				}
			}
		}
	}
	return out
}
