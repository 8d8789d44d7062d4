package main

import (
	"fmt"
	"io"
	"math/bits"
	"slices"
	"strings"

	"driftwatch/eval/section"
	"driftwatch/story"
)

// confusion counts what a way of joining made of labelled pairs.
type confusion struct{ hit, wrong, missed, right int }

func (c *confusion) add(joined, same bool) {
	switch {
	case joined && same:
		c.hit++
	case joined:
		c.wrong++
	case same:
		c.missed++
	default:
		c.right++
	}
}

func (c confusion) f1() float64 {
	if c.hit == 0 {
		return 0
	}
	return 2 * float64(c.hit) / float64(2*c.hit+c.wrong+c.missed)
}

func (c confusion) row(name string) []string {
	n := c.hit + c.missed
	return []string{
		name, fmt.Sprintf("%d : %d", n, c.wrong+c.right),
		section.Share(c.hit, c.hit+c.wrong), section.Share(c.hit, n), fmt.Sprintf("%.3f", c.f1()),
	}
}

var head = []string{"", "same : different", "precision [95 %]", "recall [95 %]", "F1"}

// way is a way to decide whether two articles belong together.
type way func(a, b *article) bool

func measure(pairs []pair, joins way) (c confusion) {
	for _, p := range pairs {
		c.add(joins(p.a, p.b), p.same)
	}
	return c
}

// grouped is how the program decides.
func grouped(a, b *article) bool { return story.Together(a.sketch, b.sketch) }

// peers are what others do.
func peers(learn []pair) []struct {
	name  string
	joins way
} {
	t := newTFIDF(learn)
	best, at := 0.0, 0.0
	for i := range 100 {
		limit := float64(i) / 100
		if f := measure(learn, t.over(limit)).f1(); f > best {
			best, at = f, limit
		}
	}
	return []struct {
		name  string
		joins way
	}{
		{"title Jaccard from 0.5", titleJaccard},
		{"simhash, up to 3 of 64 bits", simhash},
		{fmt.Sprintf("TF-IDF cosine from %.2f (the best where it was tuned)", at), t.over(at)},
	}
}

// words are the hashes of the words of an article's title, or of its first ones
// where it has none; of all of it if all.
func (a *article) words(all bool) []uint64 {
	var out []uint64
	for i := range a.reading.Title.Words {
		out = append(out, a.reading.Title.Words[i].Hash)
	}
	for i := range a.reading.Body.Words {
		if all || len(a.reading.Title.Words) == 0 && i < 12 {
			out = append(out, a.reading.Body.Words[i].Hash)
		}
	}
	return out
}

func titleJaccard(a, b *article) bool {
	x, y := set(a.words(false)), set(b.words(false))
	both := 0
	for w := range x {
		if y[w] {
			both++
		}
	}
	return both > 0 && float64(both)/float64(len(x)+len(y)-both) >= .5
}

func set(words []uint64) map[uint64]bool {
	s := map[uint64]bool{}
	for _, w := range words {
		s[w] = true
	}
	return s
}

// simhash compares as M. Charikar's (2002) with 64 bits, of words.
func simhash(a, b *article) bool { return bits.OnesCount64(a.simhash()^b.simhash()) <= 3 }

func (a *article) simhash() (h uint64) {
	var sums [64]int
	for _, w := range a.words(true) {
		for i := range sums {
			sums[i] += int(w>>i&1)*2 - 1
		}
	}
	for i, s := range sums {
		if s > 0 {
			h |= 1 << i
		}
	}
	return h
}

// report writes the section.
func (r reader) report(w io.Writer, data string, verbose bool) error {
	if err := r.reportPairs(w, data, verbose); err != nil {
		return err
	}
	if err := r.reportAcross(w, data, verbose); err != nil {
		return err
	}
	if err := r.reportStream(w, data, verbose); err != nil {
		return err
	}
	return r.reportReplay(w, data)
}

func (r reader) reportPairs(w io.Writer, data string, verbose bool) error {
	learn, test, err := r.readPairs(data)
	if err != nil {
		return err
	}
	if verbose {
		section.Table(w, head, measure(learn, grouped).row("learned from"))
		listErrors(w, learn)
	}
	rows := [][]string{named(head, "labelled pairs, one language"), measure(test, grouped).row("**Driftwatch**")}
	for _, p := range peers(learn) {
		rows = append(rows, measure(test, p.joins).row(p.name))
	}
	section.Table(w, rows...)
	return nil
}

func named(head []string, name string) []string {
	out := slices.Clone(head)
	out[0] = name
	return out
}

func listErrors(w io.Writer, pairs []pair) {
	for _, p := range pairs {
		if joined := grouped(p.a, p.b); joined != p.same {
			score, _ := story.Event(p.a.sketch, p.b.sketch)
			_, veto := story.Features(p.a.sketch, p.b.sketch)
			fmt.Fprintf(w, "%v joined=%v score=%.2f veto=%v\n   %s | %.90s\n   %s | %.90s\n", p.same, joined, score, veto, p.a.id, p.a.title, p.b.id, p.b.title)
		}
	}
}

func (r reader) reportAcross(w io.Writer, data string, verbose bool) error {
	rows := [][]string{named(head, "two languages")}
	for _, s := range []struct {
		name string
		part part
	}{{"translations, whole articles", whole}, {"translations, title and three sentences", lead}} {
		learn, test, err := r.readTranslations(data, s.part)
		if err != nil {
			return err
		}
		if verbose {
			rows = append(rows, measure(across(learn, learn), grouped).row("learned from: "+s.name))
			if s.part == lead {
				listErrors(w, across(learn, learn))
			}
		}
		pairs := across(test, test)
		rows = append(rows, measure(pairs, grouped).row(s.name))
		if s.part == lead {
			rows = append(rows, measure(pairs, titleJaccard).row("the same, title Jaccard from 0.5"))
		}
	}
	learn, test := r.readEvents()
	if verbose {
		rows = append(rows, measure(across(learn, learn), grouped).row("learned from: short reports"))
		listErrors(w, across(learn, learn))
	}
	pairs := across(test, test)
	rows = append(rows, measure(pairs, grouped).row("short reports, each written by itself"))
	rows = append(rows, measure(pairs, titleJaccard).row("the same, title Jaccard from 0.5"))
	section.Table(w, rows...)
	return nil
}

func (r reader) reportStream(w io.Writer, data string, verbose bool) error {
	learn, test, err := readStream(data)
	if err != nil {
		return err
	}
	posts := test
	if verbose {
		posts = learn
	}
	near := r.misses(posts[:min(len(posts), 600)])
	joined, jaccard := 0, 0
	for _, p := range near {
		if grouped(p.a, p.b) {
			joined++
			if verbose && joined < 10 {
				fmt.Fprintf(w, "%.300s\n%.300s\n\n", p.a.text, p.b.text)
			}
		}
		if titleJaccard(p.a, p.b) {
			jaccard++
		}
	}
	alike := r.alike(posts[:min(len(posts), 1500)])
	far := 0
	for _, p := range alike {
		if grouped(p.a, p.b) {
			far++
			if verbose && far < 12 {
				fmt.Fprintf(w, "%.300s\n%.300s\n\n", p.a.text, p.b.text)
			}
		}
	}
	digests, ordinary, n := r.digests(posts)
	learned, packs := r.readPacks()
	if verbose {
		packs = learned
	}
	var packed [2]confusion
	for i := range packed {
		pairs := packPairs(packs, i == 1)
		packed[i] = measure(pairs, grouped)
		if verbose {
			listErrors(w, pairs)
		}
	}
	_, reports := r.readEvents()
	kinds, kindsJoined := 0, 0
	for i, a := range reports {
		for _, b := range reports[:i] {
			if a.lang == b.lang {
				kinds++
				if grouped(a, b) {
					kindsJoined++
				}
			}
		}
	}
	_, docs, err := r.readTranslations(data, lead)
	if err != nil {
		return err
	}
	var sample []*article
	for _, p := range posts[:min(len(posts), 600)] {
		sample = append(sample, r.post(p, p.Text))
	}
	foreign := across(sample, slices.Concat(docs, reports))
	section.Table(w,
		[]string{"what mustn't be joined", "joined [95 %]"},
		[]string{"the packs' own tests, one language", section.Percent(packed[0].wrong, packed[0].wrong+packed[0].right)},
		[]string{"the packs' own tests, two languages", section.Percent(packed[1].wrong, packed[1].wrong+packed[1].right)},
		[]string{"reports of other made-up events of the same kinds, one language", section.Percent(kindsJoined, kinds)},
		[]string{"posts with articles of other years in other languages", section.Percent(measure(foreign, grouped).wrong, len(foreign))},
		[]string{"posts with other names and numbers", section.Percent(joined, len(near))},
		[]string{"the same, title Jaccard from 0.5", section.Percent(jaccard, len(near))},
		[]string{"the three most alike posts, over 12 days apart", section.Percent(far, len(alike))},
	)
	section.Table(w,
		[]string{"digests", "taken for one [95 %]"},
		[]string{"eight posts under one title", section.Percent(digests, n)},
		[]string{"single posts", section.Percent(ordinary, len(posts))},
	)
	return nil
}

// digests joins eight posts to one page, and counts the pages that are taken
// for digests, and the single posts that are.
func (r reader) digests(posts []post) (found, ordinary, n int) {
	for at := 0; at+8 <= len(posts) && n < 100; at += 8 {
		var b strings.Builder
		for _, p := range posts[at : at+8] {
			first, _, _ := strings.Cut(p.Text, ". ")
			b.WriteString(first + ".\n\n")
		}
		a := r.draw(&article{lang: "ru", title: "Главное за день", text: b.String()})
		if a.sketch.Digest {
			found++
		}
		n++
	}
	for _, p := range posts {
		if r.post(p, p.Text).sketch.Digest {
			ordinary++
		}
	}
	return found, ordinary, n
}
