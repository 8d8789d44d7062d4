package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"driftwatch/configs"
	"driftwatch/eval/section"
	"driftwatch/news"
	"driftwatch/rules"
)

// markdown writes the section of docs/evaluation.md: the texts that nobody
// tuned on in full, those that were tuned on in a line, and the noise.
func markdown(w io.Writer, data string) error {
	engine, err := rules.Load(configs.FS())
	if err != nil {
		return err
	}
	own, err := parse(strings.NewReader(fresh))
	if err != nil {
		return fmt.Errorf("read fresh.jsonl: %w", err)
	}
	digests, err := read(data, "flags/digests.jsonl")
	if err != nil {
		return err
	}
	m := meter{engine, w}
	ownSeen, ownUnseen := split(own)
	seen, unseen := split(digests)
	m.sectionTable("made-up events, the unseen third", ownUnseen)
	m.sectionTable("digests, the unseen third", unseen)
	rows := [][]string{{"tuned on", "n", "precision", "recall", "F1"}}
	rows = append(rows, m.counted(fmt.Sprintf("made-up events (%d)", len(ownSeen)), ownSeen, themes, everyLanguage)[:5])
	rows = append(rows, m.counted(fmt.Sprintf("digests (%d)", len(seen)), seen, themes, everyLanguage)[:5])
	section.Table(w, rows...)
	m.sectionNearly(slices.Concat(own, digests))
	if err := m.sectionNewsroom(); err != nil {
		return err
	}
	if err := m.sectionNoise(data); err != nil {
		return err
	}
	return m.sectionPosts(data)
}

func everyLanguage(string) bool { return true }

// sectionTable counts a set by language and by theme.
func (m meter) sectionTable(title string, rows []row) {
	out := [][]string{{fmt.Sprintf("%s (%d)", title, len(rows)), "n", "precision", "recall", "F1", "plain words: precision", "recall"}}
	out = append(out, m.counted("all", rows, themes, everyLanguage))
	for _, g := range together {
		out = append(out, m.counted(g.name, rows, themes, g.holds))
		for _, t := range themes {
			out = append(out, m.counted(g.name+": "+string(t), rows, []news.Theme{t}, g.holds))
		}
	}
	for _, lang := range languages {
		out = append(out, m.counted(lang, rows, themes, func(l string) bool { return l == lang }))
	}
	out = append(out, m.counted("context", rows, []news.Theme{news.ThemeContext}, everyLanguage))
	section.Table(m.w, out...)
	m.sectionRight(title, rows)
}

// together are the languages that goals are set for.
var together = []group{
	{"en and ru", func(l string) bool { return l == "en" || l == "ru" }},
	{"the others", func(l string) bool { return l != "en" && l != "ru" }},
}

// languages are counted each by itself as well.
var languages = []string{"en", "ru", "kk", "ky", "uz", "uz-Cyrl", "tg", "tk"}

// sectionRight counts countries and direction where the theme was right: for
// the text, and for each country that is labelled.
func (m meter) sectionRight(title string, rows []row) {
	out := [][]string{{title + ", where the theme was right", "countries [95 %]", "direction [95 %]"}}
	for _, g := range together {
		var who, way tally
		for _, r := range rows {
			if g.holds(r.Lang) {
				m.judge(r, &who, &way)
			}
		}
		out = append(out, []string{g.name, section.Share(who.tp, who.n()), section.Share(way.tp, way.n())})
	}
	for _, country := range news.Countries {
		var who, way tally
		for _, r := range rows {
			m.judgeCountry(r, country, &who, &way)
		}
		out = append(out, []string{country, section.Share(who.tp, who.n()), section.Share(way.tp, way.n())})
	}
	section.Table(m.w, out...)
}

// judgeCountry counts whether a labelled country is named, and which way its
// own acts point.
func (m meter) judgeCountry(r row, country string, who, way *tally) {
	if !slices.Contains(r.Countries, country) {
		return
	}
	hits := m.flag(r)
	if !slices.ContainsFunc(themes, func(t news.Theme) bool { return labelled(r, t) && has(hits, t) }) {
		return
	}
	own := slices.DeleteFunc(hits, func(h news.Hit) bool { return !slices.Contains(h.Countries, country) })
	named := slices.ContainsFunc(own, func(h news.Hit) bool { return labelled(r, h.Theme) })
	who.add(true, named)
	if named {
		way.add(true, direction(r, own) == r.Direction)
	}
}

// counted is a row of a table: what was found of some themes in texts of some
// languages.
func (m meter) counted(name string, rows []row, of []news.Theme, holds func(lang string) bool) []string {
	var t, p tally
	for _, r := range rows {
		if !holds(r.Lang) {
			continue
		}
		hits := m.flag(r)
		for _, theme := range of {
			t.add(labelled(r, theme), has(hits, theme))
			p.add(labelled(r, theme), keywords(r, theme))
		}
	}
	return []string{name, strconv.Itoa(t.n()), section.Share(t.tp, t.tp+t.fp), section.Share(t.tp, t.n()), f1Text(t),
		section.Share(p.tp, p.tp+p.fp), section.Share(p.tp, p.n())}
}

// f1Text is F1 to two digits, "–" where there was nothing to find and nothing
// was found.
func f1Text(t tally) string {
	if t == (tally{}) {
		return "–"
	}
	return fmt.Sprintf("%.2f", t.f1())
}

// sectionPosts counts the graded posts with a hit.
func (m meter) sectionPosts(data string) error {
	rows, err := read(data, "flags/posts_ru.jsonl")
	if err != nil {
		return err
	}
	out := [][]string{{fmt.Sprintf("graded posts (%d) with a hit", len(rows)), "on theme", "borderline", "off theme"}}
	for _, theme := range themes {
		var of, found [3]int
		for _, r := range rows {
			grade := r.Grades[string(theme)]
			of[grade]++
			if has(m.flag(r), theme) {
				found[grade]++
			}
		}
		cells := []string{string(theme)}
		for grade := 2; grade >= 0; grade-- {
			cells = append(cells, section.Share(found[grade], of[grade]))
		}
		out = append(out, cells)
	}
	section.Table(m.w, out...)
	return nil
}
