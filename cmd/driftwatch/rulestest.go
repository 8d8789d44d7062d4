package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"driftwatch/configs"
	"driftwatch/crawler/address"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/rules/trial"
	"driftwatch/store"
)

func (a *app) rulesTestCommand() *cobra.Command {
	var asJSON, all bool
	c := &cobra.Command{
		Use:   "test [FILE|DIR…]",
		Short: "Put files of articles to the rules: what must be found, and what must not",
		Long: `Reads files of articles with what must be found in them, and says where the rules as
configured do otherwise. Without a name: tests/*.yaml beside the configuration and in
each of its folders of packs.

  articles:
    - name: a member stays out of a drill
      title: Kyrgyzstan will not host the CSTO exercise
      lang: en
      expect:
        - {theme: csto, country: KG, direction: apart}
    - name: a court's sanction
      title: The court sanctioned the arrest
      silent: true

expect: each must be found; never: none of these may be; silent: nothing may be. What a
hit leaves out (signal, country, direction, status) may be anything. Verdicts and misses
become such a file with: driftwatch hits export --as-tests

Exit codes: 0 all pass; 1 some don't; 2 bad usage, or a fault in a file.`,
		Example: "  driftwatch rules test tests/verdicts.yaml",
		RunE: does(func(_ *cobra.Command, args []string) error {
			return a.testRules(args, asJSON, all)
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().BoolVar(&all, "all", false, "list the articles that pass too")
	return c
}

// trialDoc is one article's result as scripts read it.
type trialDoc struct {
	File     string     `json:"file"`
	Line     int        `json:"line"`
	Name     string     `json:"name"`
	Pass     bool       `json:"pass"`
	Problems []string   `json:"problems"`
	Found    []foundDoc `json:"found"`
}

// foundDoc is a hit in a few words.
type foundDoc struct {
	Theme      news.Theme     `json:"theme"`
	Signal     string         `json:"signal"`
	Direction  news.Direction `json:"direction"`
	Countries  []string       `json:"countries"`
	Background bool           `json:"background,omitempty"`
}

func (a *app) testRules(names []string, asJSON, all bool) error {
	c, err := a.load()
	if err != nil {
		return err
	}
	engine, err := loadEngine(c)
	if err != nil {
		return err
	}
	files, err := trialFiles(c, names)
	if err != nil {
		return err
	}
	results, err := runTrials(engine, files)
	if err != nil {
		return err
	}
	failed := 0
	docs := make([]trialDoc, len(results))
	for i, r := range results {
		docs[i] = trialDocOf(r)
		if len(r.Problems) > 0 {
			failed++
		}
	}
	if asJSON {
		if err := printJSON(a.stdout, docs); err != nil {
			return err
		}
	} else {
		a.printTrials(docs, failed, all)
	}
	if failed > 0 {
		return &exitError{code: exitFailed}
	}
	return nil
}

// trialFiles lists the files to run: those named, those in folders named, or,
// where nothing is, those of the configuration.
func trialFiles(c *configs.Config, names []string) ([]string, error) {
	var folders, files []string
	for _, name := range names {
		info, err := os.Stat(name)
		switch {
		case err != nil:
			return nil, usage("%w", noSuch(name, err))
		case info.IsDir():
			folders = append(folders, name)
		default:
			files = append(files, name)
		}
	}
	if len(names) == 0 {
		folders = append(folders, filepath.Join(filepath.Dir(c.File), "tests"))
		for _, dir := range c.Themes {
			folders = append(folders, filepath.Join(dir, "tests"))
		}
	}
	for _, dir := range folders {
		in, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
		if err != nil {
			return nil, err
		}
		files = append(files, in...)
	}
	if len(files) == 0 {
		return nil, usage("there is no file of tests in %s; write one, or make one of verdicts: driftwatch hits export --as-tests", strings.Join(folders, ", "))
	}
	return files, nil
}

// runTrials reads all files, so that all faults come at once, then runs them.
func runTrials(engine *rules.Engine, names []string) ([]trial.Result, error) {
	var faults configs.Errors
	var files []*trial.File
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		f, err := trial.Read(name, data)
		if err == nil {
			err = f.Check(engine)
		}
		var some configs.Errors
		if errors.As(err, &some) {
			faults = append(faults, some...)
			continue
		}
		files = append(files, f)
	}
	if len(faults) > 0 {
		return nil, &exitError{exitUsage, faults}
	}
	var out []trial.Result
	for _, f := range files {
		out = append(out, f.Run(engine)...)
	}
	return out, nil
}

func trialDocOf(r trial.Result) trialDoc {
	d := trialDoc{
		File: r.File, Line: r.Line, Name: cmp.Or(r.Article.Name, r.Article.Title),
		Pass: len(r.Problems) == 0, Problems: nonNil(r.Problems), Found: []foundDoc{},
	}
	for _, h := range r.Found {
		d.Found = append(d.Found, foundDoc{h.Theme, h.Signal, h.Direction, nonNil(h.Countries), h.Background})
	}
	return d
}

func (a *app) printTrials(docs []trialDoc, failed int, all bool) {
	for _, d := range docs {
		switch {
		case !d.Pass:
			fmt.Fprintf(a.stdout, "✗ %s:%d: %s\n", guard.Line(d.File), d.Line, guard.Line(d.Name))
			for _, p := range d.Problems {
				fmt.Fprintf(a.stdout, "    %s\n", guard.Line(p))
			}
			if len(d.Found) == 0 {
				fmt.Fprintln(a.stdout, "    nothing was found; why: driftwatch explain")
			}
			for _, f := range d.Found {
				fmt.Fprintf(a.stdout, "    found: %s · %s · %v · %s%s\n", f.Theme, f.Signal, f.Countries, f.Direction, map[bool]string{true: " (background)"}[f.Background])
			}
		case all:
			fmt.Fprintf(a.stdout, "✓ %s:%d: %s\n", guard.Line(d.File), d.Line, guard.Line(d.Name))
		}
	}
	fmt.Fprintf(a.stdout, "%d of %d %s.\n", len(docs)-failed, len(docs), plural(len(docs), "article passes", "articles pass"))
}

// exportTests writes judged articles, and missed ones, as a file of tests.
func (a *app) exportTests(ctx context.Context, st store.Store, filter store.HitFilter) error {
	if filter.Unjudged {
		return usage("--as-tests needs verdicts; leave --unjudged out")
	}
	if len(filter.Verdicts) == 0 {
		filter.Verdicts = []news.Judgement{news.Relevant, news.Irrelevant}
	}
	rows, err := st.Hits(ctx, filter)
	if err != nil {
		return err
	}
	var out trial.File
	at := map[int64]int{} // article → index
	for _, r := range rows {
		i, ok := at[r.Article.ID]
		if !ok {
			d, err := st.Hit(ctx, r.Hit.ID)
			if err != nil {
				return err
			}
			i = len(out.Articles)
			at[r.Article.ID] = i
			out.Articles = append(out.Articles, a.trialArticle(d.Article, d.Title, d.Text))
		}
		wants := wantsOf(r)
		if r.Verdict.Says == news.Relevant {
			out.Articles[i].Expect = append(out.Articles[i].Expect, wants...)
		} else if r.Verdict.Says == news.Irrelevant {
			out.Articles[i].Never = append(out.Articles[i].Never, wants...)
		}
	}
	if err := a.exportMisses(ctx, st, filter, &out, at); err != nil {
		return err
	}
	out.Articles = slices.DeleteFunc(out.Articles, func(t trial.Article) bool { return len(t.Expect)+len(t.Never) == 0 })
	if len(out.Articles) == 0 {
		return errors.New("nothing was judged or reported as missed yet; see: driftwatch hits judge --help")
	}
	return yaml.NewEncoder(a.stdout, yaml.UseLiteralStyleIfMultiline(true), yaml.IndentSequence(true)).Encode(out)
}

// wantsOf is a judged hit as a test says it, one for each country. A wrong one is
// wrong in whatever status.
func wantsOf(r store.HitRow) []trial.Hit {
	status := r.Hit.Status
	if r.Verdict.Says == news.Irrelevant {
		status = ""
	}
	var out []trial.Hit
	for _, c := range r.Hit.Countries {
		out = append(out, trial.Hit{Theme: r.Hit.Theme, Signal: r.Hit.Signal, Country: c, Direction: r.Hit.Direction, Status: status, Note: r.Verdict.Note})
	}
	return out
}

// trialArticle is a stored article as a test says it.
func (a *app) trialArticle(art news.Article, title, body string) trial.Article {
	t := trial.Article{
		Name: fmt.Sprintf("article %d", art.ID), Title: title, Text: body, Lang: art.Lang,
		Date: art.When().UTC().Format(time.DateOnly), URL: art.Address(), Source: art.Source,
	}
	if c, err := a.load(); err == nil {
		if i := slices.IndexFunc(c.Sources, func(s configs.Source) bool { return s.ID == art.Source }); i >= 0 && c.Sources[i].Country != "INT" {
			t.Country = c.Sources[i].Country
		}
	}
	return t
}

// exportMisses adds what was reported as missed and is stored; of the rest it
// says so.
func (a *app) exportMisses(ctx context.Context, st store.Store, filter store.HitFilter, out *trial.File, at map[int64]int) error {
	misses, err := st.Misses(ctx)
	if err != nil {
		return err
	}
	for _, m := range misses {
		if m.Given.Before(filter.Since) || len(filter.Themes) > 0 && !slices.Contains(filter.Themes, m.Theme) {
			continue
		}
		url := m.URL
		if c, err := address.Canonical(url); err == nil {
			url = c
		}
		art, err := st.ArticleAt(ctx, url)
		if errors.Is(err, store.ErrNotFound) {
			fmt.Fprintf(a.stderr, "driftwatch: miss %d isn't stored, so its text isn't known: %s\n", m.ID, guard.Line(m.URL))
			continue
		}
		if err != nil {
			return err
		}
		i, ok := at[art.ID]
		if !ok {
			i = len(out.Articles)
			at[art.ID] = i
			out.Articles = append(out.Articles, a.trialArticle(art, art.Title, art.Text))
		}
		out.Articles[i].Expect = append(out.Articles[i].Expect, trial.Hit{Theme: m.Theme, Signal: m.Signal, Country: m.Country, Note: m.Note})
	}
	return nil
}
