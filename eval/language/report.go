package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"driftwatch/eval/langdata"
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
	fmt.Fprint(w, "## Languages\n\n", preface, "\n\n")
	overall(w, all, detectors)
	perSet(w, all, detectors[0])
	perLanguage(w, all, detectors[0])
	confusions(w, all, detectors[0], o.verbose)
	variants(w, all, detectors[0])
	mixed(w, all)
	speed(w, all, detectors)
	return nil
}

const preface = `Texts of NTREX, SIB-200 and the declaration of human rights that the model was not learned from (every
third, by hash), and the digests, of which it learned from none. In brackets: how many texts, and the 95 % interval
(Wilson). lingua-go and whatlanggo are given only the languages of this test that they have, and aren't asked for the
script; "what it knows" counts only the texts in those.`

// share is how many of some are right.
type share struct{ right, all int }

func (s *share) add(right bool) {
	s.all++
	if right {
		s.right++
	}
}

// String gives a share with its count and 95 % interval after Wilson (1927).
func (s share) String() string {
	if s.all == 0 {
		return "-"
	}
	const z = 1.96
	n, p := float64(s.all), float64(s.right)/float64(s.all)
	mid := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return fmt.Sprintf("%.1f (%d; %.1f–%.1f)", 100*p, s.all, 100*max(mid-half, 0), 100*min(mid+half, 1))
}

func measure(d *detector, samples []sample) share {
	var s share
	for _, x := range samples {
		s.add(d.right(x.text, x.lang))
	}
	return s
}

func table(w io.Writer, head ...string) {
	row(w, head...)
	fmt.Fprintln(w, "|"+strings.Repeat("---|", len(head)))
}

func row(w io.Writer, cells ...string) { fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | ")) }

// overall is each detector on each length, over the seven, over all languages,
// and over those that it knows.
func overall(w io.Writer, all []sample, ds []detector) {
	table(w, "% right", "", "the seven", "all languages", "what it knows")
	for _, l := range lengths {
		samples := l.of(all)
		core := of(samples, func(lang string) bool { return in(seven, lang) })
		for i := range ds {
			known := of(samples, func(lang string) bool { base, _, _ := strings.Cut(lang, "-"); return ds[i].knows(base) })
			row(w, l.name, ds[i].name, measure(&ds[i], core).String(), measure(&ds[i], samples).String(), measure(&ds[i], known).String())
		}
	}
	fmt.Fprintln(w)
}

func perSet(w io.Writer, all []sample, d detector) {
	fmt.Fprint(w, "Driftwatch over the seven, by set:\n\n")
	table(w, "set", "whole texts", "eight words", "four words")
	for _, set := range []string{"ntrex", "sib200", "udhr", "digests"} {
		s := slices.DeleteFunc(of(all, func(lang string) bool { return in(seven, lang) }), func(s sample) bool { return s.set != set })
		row(w, set, measure(&d, s).String(), measure(&d, cut(s, 8)).String(), measure(&d, cut(s, 4)).String())
	}
	fmt.Fprintln(w)
}

func perLanguage(w io.Writer, all []sample, d detector) {
	fmt.Fprint(w, "Driftwatch by language:\n\n")
	table(w, "language", "whole texts", "eight words", "four words")
	for _, lang := range langsOf(all) {
		s := of(all, func(l string) bool { return l == lang })
		row(w, lang, measure(&d, s).String(), measure(&d, cut(s, 8)).String(), measure(&d, cut(s, 4)).String())
	}
	fmt.Fprintln(w)
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
	fmt.Fprint(w, "The same texts in other letters, made by transliteration (Driftwatch; the whole tag must be right):\n\n")
	table(w, "language", "written", "whole texts", "eight words", "four words")
	for _, lang := range langsOf(all) {
		for _, v := range langdata.Variants[lang] {
			s := of(all, func(l string) bool { return l == lang })
			for i := range s {
				s[i].lang, s[i].text = v.Lang, v.Writes(s[i].text)
			}
			row(w, lang, v.Name, measure(&d, s).String(), measure(&d, cut(s, 8)).String(), measure(&d, cut(s, 4)).String())
		}
	}
	fmt.Fprintln(w)
}
