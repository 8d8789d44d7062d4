// Extracttrain makes the model that tells an article's blocks from the rest of
// its page, crawler/extract/model.bin, from the pages with checked text that lie
// in $DRIFTWATCH_EVAL_DATA.
//
//	go run ./extracttrain                    write the model
//	go run ./extracttrain -folds 3 [-v]      measure by cross-validation, write nothing
//	go run ./extracttrain -show pages/html/fundus-120.html.gz
//
// The same pages give the same model. What it reaches is part of what command
// readers prints.
package main

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"driftwatch/crawler/extract"
	"driftwatch/crawler/extract/blocks"
	"driftwatch/eval/pageset"
	"driftwatch/eval/section"
)

func main() {
	folds := flag.Int("folds", 0, "measure by cross-validation in so many folds and write nothing")
	verbose := flag.Bool("v", false, "print each page's F1")
	show := flag.String("show", "", "print the blocks of this page of the sets, with what the model gives them")
	model := flag.String("model", "../crawler/extract/model.bin", "the model's file")
	s := pageset.Usual
	flag.IntVar(&s.Trees, "trees", s.Trees, "how many trees")
	flag.IntVar(&s.Leaves, "leaves", s.Leaves, "how many leaves a tree has")
	flag.Float64Var(&s.Rate, "rate", s.Rate, "how much a tree may say")
	flag.Uint64Var(&s.Seed, "seed", s.Seed, "what the random choices begin with")
	flag.Parse()
	section.Main("extracttrain", func(w io.Writer, data string) error {
		pages, err := load(data)
		switch {
		case err != nil:
			return err
		case *show != "":
			return showPage(w, pages, *show, *model)
		case *folds > 0:
			return measure(w, pages, *folds, s, *verbose)
		}
		return train(w, pages, s, *model)
	})
}

func load(data string) ([]*pageset.Page, error) {
	var pages []*pageset.Page
	for _, dir := range []string{"pages", "pages-train"} {
		more, err := pageset.Load(filepath.Join(data, dir))
		if err != nil {
			return nil, err
		}
		pages = append(pages, more...)
	}
	return pages, nil
}

func train(w io.Writer, pages []*pageset.Page, s pageset.Settings, model string) error {
	pageset.CutAll(pages)
	file, err := pageset.Fit(pages, s).Encode()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d pages, %d bytes\n", len(pages), len(file))
	return os.WriteFile(model, file, 0o644)
}

// measure prints the F1 of the words by set.
func measure(w io.Writer, pages []*pageset.Page, folds int, s pageset.Settings, verbose bool) error {
	pageset.CutAll(pages)
	scores := map[string][]float64{}
	err := pageset.Cross(pages, folds, s, func(p *pageset.Page, m *blocks.Model) {
		var text string
		if a, err := extract.Page(p.HTML, extract.Options{URL: p.URL, Model: m}); err == nil {
			text = a.Text
		}
		score := pageset.F1(p.Gold, pageset.Words(text))
		scores[p.Group()] = append(scores[p.Group()], score)
		if verbose {
			fmt.Fprintf(w, "%.3f %s %s/%s\n", score, p.Group(), p.Dir, p.File)
		}
	})
	rows := [][]string{{"set", "pages", "F1 [95 %]"}}
	for _, set := range slices.Sorted(maps.Keys(scores)) {
		rows = append(rows, []string{set, fmt.Sprint(len(scores[set])), section.Mean(scores[set])})
	}
	section.Table(w, rows...)
	return err
}

// showPage prints a page's blocks: how much of each is in the checked text, its
// score and its beginning, marked where the model is wrong.
func showPage(w io.Writer, pages []*pageset.Page, name, model string) error {
	file, err := os.ReadFile(model)
	if err != nil {
		return err
	}
	m, err := blocks.Decode(file)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(pages, func(p *pageset.Page) bool { return p.Dir+"/"+p.File == name })
	if at < 0 {
		return fmt.Errorf("no page %s is in the sets", name)
	}
	p := pages[at]
	p.Cut()
	scores := m.Score(p.Blocks)
	for i := range p.Blocks.Blocks {
		text := []rune(string(p.Blocks.Text(&p.Blocks.Blocks[i])))
		wrong := " "
		if p.Wanted(i) != (scores[i] >= blocks.Enough) {
			wrong = "!"
		}
		fmt.Fprintf(w, "%s %4d %5v %.2f  %s\n", wrong, i, p.Wanted(i), scores[i], string(text[:min(len(text), 100)]))
	}
	a, err := extract.Page(p.HTML, extract.Options{URL: p.URL, Model: m})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%.3f, from %s\n%s\n", pageset.F1(p.Gold, pageset.Words(a.Text)), a.From.Text, strings.TrimSpace(a.Text))
	return nil
}
