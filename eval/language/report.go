package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"driftwatch/eval/langdata"
	"driftwatch/eval/section"
)

type options struct{ verbose, peers, tune bool }

// lengths are what of a text is shown to the detectors.
var lengths = []struct {
	name string
	of   func([]sample) []sample
}{
	{"articles", func(s []sample) []sample {
		return slices.DeleteFunc(slices.Clone(s), func(s sample) bool { return s.set != "ntrex" && s.set != "digests" })
	}},
	{"sentences and paragraphs", func(s []sample) []sample {
		return slices.DeleteFunc(slices.Clone(s), func(s sample) bool { return s.set != "sib200" && s.set != "udhr" })
	}},
	{"eight words", func(s []sample) []sample { return cut(s, 8) }},
	{"four words", func(s []sample) []sample { return cut(s, 4) }},
}

// report writes all that is measured as Markdown.
func report(w io.Writer, data string, o options) error {
	var all []sample
	for _, set := range []string{"ntrex", "sib200", "udhr"} {
		s, err := load(data, o.tune, set)
		if err != nil {
			return err
		}
		all = append(all, s...)
	}
	d, err := digests(data)
	if err != nil {
		return err
	}
	all = append(all, d...)
	detectors := []detector{own()}
	if o.peers {
		detectors = append(detectors, linguaGo(), whatlang())
	}
	overall(w, all, detectors)
	perSet(w, all, detectors[0])
	perLanguage(w, all, detectors[0])
	confusions(w, all, detectors[0], o.verbose)
	variants(w, all, detectors[0])
	mixed(w, all)
	speed(w, all, detectors)
	return nil
}

// share is how many of some are right.
type share struct{ right, all int }

func (s *share) add(right bool) {
	s.all++
	if right {
		s.right++
	}
}

// String gives a share in percent with its 95 % interval and count.
func (s share) String() string { return section.Percent(s.right, s.all) }

func measure(d *detector, samples []sample) share {
	var s share
	for _, x := range samples {
		s.add(d.right(x.text, x.lang))
	}
	return s
}

// byLength is how much of whole texts, and of their first words, is told rightly.
func byLength(d *detector, s []sample) []string {
	return []string{measure(d, s).String(), measure(d, cut(s, 8)).String(), measure(d, cut(s, 4)).String()}
}

// overall is each detector on each length, over the seven, over all languages,
// and over those that it knows.
func overall(w io.Writer, all []sample, ds []detector) {
	rows := [][]string{{"right", "", "the seven", "all languages", "what it knows", "Driftwatch on the same"}}
	for _, l := range lengths {
		samples := l.of(all)
		core := of(samples, func(lang string) bool { return in(seven, lang) })
		for i := range ds {
			known := of(samples, func(lang string) bool { base, _, _ := strings.Cut(lang, "-"); return ds[i].knows(base) })
			rows = append(rows, []string{l.name, ds[i].name, measure(&ds[i], core).String(), measure(&ds[i], samples).String(), measure(&ds[i], known).String(), measure(&ds[0], known).String()})
		}
	}
	section.Table(w, rows...)
}

func perSet(w io.Writer, all []sample, d detector) {
	fmt.Fprint(w, "Driftwatch over the seven, by set:\n\n")
	rows := [][]string{{"set", "whole texts", "eight words", "four words"}}
	for _, set := range []string{"ntrex", "sib200", "udhr", "digests"} {
		s := slices.DeleteFunc(of(all, func(lang string) bool { return in(seven, lang) }), func(s sample) bool { return s.set != set })
		rows = append(rows, append([]string{set}, byLength(&d, s)...))
	}
	section.Table(w, rows...)
}

func perLanguage(w io.Writer, all []sample, d detector) {
	fmt.Fprint(w, "Driftwatch by language:\n\n")
	rows := [][]string{{"language", "whole texts", "eight words", "four words"}}
	for _, lang := range langsOf(all) {
		s := of(all, func(l string) bool { return l == lang })
		rows = append(rows, append([]string{lang}, byLength(&d, s)...))
	}
	section.Table(w, rows...)
}

// langsOf lists the languages of some samples, the seven first.
func langsOf(samples []sample) []string {
	langs := slices.Clone(seven)
	var more []string
	for _, s := range samples {
		if !in(langs, s.lang) && !in(more, s.lang) {
			more = append(more, s.lang)
		}
	}
	slices.Sort(more)
	return append(langs, more...)
}

func confusions(w io.Writer, all []sample, d detector, verbose bool) {
	type pair struct{ is, told string }
	counts := map[pair]int{}
	for _, s := range cut(all, 4) {
		got := d.tell(s.text)
		if got != s.lang {
			counts[pair{s.lang, got}]++
			if verbose {
				fmt.Fprintf(w, "    %s %s told as %s: %s\n", s.set, s.lang, got, s.text)
			}
		}
	}
	var pairs []pair
	for p := range counts {
		pairs = append(pairs, p)
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return strings.Compare(a.is+" "+a.told, b.is+" "+b.told)
	})
	fmt.Fprint(w, "Of four words, told wrongly most often: ")
	for i, p := range pairs[:min(len(pairs), 20)] {
		if i > 0 {
			fmt.Fprint(w, ", ")
		}
		fmt.Fprintf(w, "%s as %s %d", p.is, p.told, counts[p])
	}
	fmt.Fprint(w, ".\n\n")
}

// variants is the same text as it is typed or written otherwise.
func variants(w io.Writer, all []sample, d detector) {
	fmt.Fprint(w, "The same texts in other letters, made by transliteration (the whole tag must be right):\n\n")
	rows := [][]string{{"language", "written", "whole texts", "eight words", "four words"}}
	for _, lang := range langsOf(all) {
		for _, v := range langdata.Variants[lang] {
			s := of(all, func(l string) bool { return l == lang })
			for i := range s {
				s[i].lang, s[i].text = v.Lang, v.Writes(s[i].text)
			}
			rows = append(rows, append([]string{lang, v.Name}, byLength(&d, s)...))
		}
	}
	section.Table(w, rows...)
}
