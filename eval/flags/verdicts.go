package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"driftwatch/eval/section"
	"driftwatch/news"
)

// verdicts are what a person thinks of the hits on texts that are hardly on
// theme, a line a text and signal, so that another can disagree: right,
// borderline or wrong, and why.
//
//go:embed verdicts.jsonl
var verdicts string

// verdict is a line of verdicts.jsonl. The id is the text's, with its set.
type verdict struct{ ID, Signal, Verdict, Why string }

// judged reads the verdicts, by text and signal.
func judged() (map[[2]string]verdict, error) {
	all := map[[2]string]verdict{}
	for i, line := range strings.Split(strings.TrimSpace(verdicts), "\n") {
		var v verdict
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			return nil, fmt.Errorf("read verdicts.jsonl, line %d: %w", i+1, err)
		}
		all[[2]string{v.ID, v.Signal}] = v
	}
	return all, nil
}

// offTheme are texts of which hardly any is on a theme: posts of the region,
// sentences in its languages, and articles and pages from elsewhere.
var offTheme = []struct{ file, langs string }{
	{"stream/uzbekistan_ru.jsonl", "ru"},
	{"language/train.jsonl", "kk ky uz"},
	{"language/sib200.jsonl", "en ru kk ky uz tg tk"},
	{"language/ntrex.jsonl", ""},
	{"stories/pairs.jsonl", ""},
	{"pages/pages.jsonl", ""},
}

// offThemeRows reads a set: rows without a language are in the only one of the
// set, rows of another language are left out, and those without an id have
// their number.
func offThemeRows(data, file, langs string) ([]row, error) {
	if strings.HasPrefix(file, "stories/") {
		return pairRows(data, file)
	}
	all, err := read(data, file)
	if err != nil {
		return nil, err
	}
	kept := all[:0]
	for i, r := range all {
		if r.Lang == "" && !strings.Contains(langs, " ") {
			r.Lang = langs
		}
		if r.ID == "" {
			r.ID = strconv.Itoa(i + 1)
		}
		if strings.Contains(langs, " ") && !slices.Contains(strings.Fields(langs), r.Lang) {
			continue
		}
		kept = append(kept, r)
	}
	return kept, nil
}

// pairRows reads the articles of pairs, each once.
func pairRows(data, file string) ([]row, error) {
	var out []row
	seen := map[string]bool{}
	err := lines(data, file, func(line []byte) error {
		var p struct{ A, B row }
		if err := json.Unmarshal(line, &p); err != nil {
			return err
		}
		for _, r := range []row{p.A, p.B} {
			if key := r.Title + "\n" + r.Text; !seen[key] {
				seen[key] = true
				r.ID = strconv.Itoa(len(out) + 1)
				out = append(out, r)
			}
		}
		return nil
	})
	return out, err
}

// sectionNoise counts the hits on texts that are hardly on theme, and lists
// each with what a person thinks of it.
func (m meter) sectionNoise(data string) error {
	known, err := judged()
	if err != nil {
		return err
	}
	counts := [][]string{{"hardly on theme", "texts", "with a hit of the four themes", "of these not only in the background", "wrong [95 %]", "with a hit of context"}}
	list := [][]string{{"text", "signal", "which way", "verdict", "why"}}
	for _, set := range offTheme {
		rows, err := offThemeRows(data, set.file, set.langs)
		if err != nil {
			return err
		}
		c := m.countNoise(set.file, rows, known)
		counts = append(counts, []string{set.file, strconv.Itoa(len(rows)), strconv.Itoa(c.hit), strconv.Itoa(c.loud),
			section.Percent(c.wrong, len(rows)), strconv.Itoa(c.context)})
		list = append(list, c.list...)
	}
	section.Table(m.w, counts...)
	section.Table(m.w, list...)
	return nil
}

// noiseCount is what a set of texts gave.
type noiseCount struct {
	hit, loud, wrong, context int
	list                      [][]string
}

func (m meter) countNoise(set string, rows []row, known map[[2]string]verdict) (c noiseCount) {
	for _, r := range rows {
		id := set[:strings.IndexByte(set, '/')+1] + r.ID
		if strings.HasPrefix(set, "language/") {
			id = strings.TrimSuffix(set, ".jsonl") + "/" + r.ID
		}
		hit, loud, wrong, context := false, false, false, false
		for _, h := range m.flag(r) {
			v := known[[2]string{id, h.Signal}]
			c.list = append(c.list, []string{id, h.Signal, string(h.Direction) + " " + strings.Join(h.Countries, " "), orNone(v.Verdict), v.Why})
			if h.Theme == news.ThemeContext {
				context = true
				continue
			}
			hit, loud, wrong = true, loud || !h.Background, wrong || v.Verdict == "wrong"
		}
		c.hit += one(hit)
		c.loud += one(loud)
		c.wrong += one(wrong)
		c.context += one(context)
	}
	return c
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func orNone(verdict string) string {
	if verdict == "" {
		return "not judged"
	}
	return verdict
}
