package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/alert/message"
	"driftwatch/configs"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/store"
	"driftwatch/watch"
)

// shownChanges is how many lost and how many gained hits a terminal is shown.
const shownChanges = 25

func (a *app) rulesBacktestCommand() *cobra.Command {
	var span, with, page string
	var asJSON bool
	var limit int
	c := &cobra.Command{
		Use:   "backtest",
		Short: "What changed rules would have gained and lost on the stored articles",
		Long: `Reads the stored articles again and compares. With --with DIR: the configured packs
with those of DIR over them, beside the configured packs alone. Without: the
configured packs as they are now, beside what was flagged when the articles came.
Nothing is stored and nothing is sent.

Hits that an analyst called relevant and that would be lost come first. Where other
signals of the theme still find the article, they are named: then the story stays.

Exit codes: 0 done, whatever was found; 1 the articles could not be read; 2 bad
usage, or a fault in the packs.`,
		Example: `  driftwatch rules backtest --since 30d --with drafts
  driftwatch rules backtest --since 30d --with drafts --html backtest.html`,
		Args: cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			if limit < 0 {
				return usage("--limit is negative")
			}
			b, err := a.backtest(cmd, span, with, asJSON)
			if err != nil {
				return err
			}
			if page != "" {
				if err := a.writeBacktestPage(page, b); err != nil {
					return err
				}
				fmt.Fprintf(a.stderr, "driftwatch: the page is in %s\n", page)
			}
			if asJSON {
				return printJSON(a.stdout, backtestDocOf(b))
			}
			a.printBacktest(b, limit)
			return nil
		}),
	}
	fl := c.Flags()
	fl.StringVar(&span, "since", "30d", "articles seen since: a length of time (36h, 30d), a day, or RFC 3339")
	fl.StringVar(&with, "with", "", "a `DIR` of packs to lay over the configured ones")
	fl.StringVar(&page, "html", "", "also write a page to `FILE`, which needs nothing else to be read")
	fl.IntVar(&limit, "limit", shownChanges, "at most so many lost and so many gained on the terminal; 0: all")
	fl.BoolVar(&asJSON, "json", false, "print JSON, with everything that was found")
	return c
}

// backtest runs a backtest on the configured database.
func (a *app) backtest(cmd *cobra.Command, span, with string, quiet bool) (b *watch.Backtest, err error) {
	from, err := since(span, a.now(), a.location)
	if err != nil {
		return nil, err
	}
	c, err := a.load()
	if err != nil {
		return nil, err
	}
	order := watch.BacktestOrder{Since: from}
	if order.Before, order.After, err = backtestEngines(c, with); err != nil {
		return nil, err
	}
	err = a.withStore(cmd, func(st store.Store) error {
		p := a.progress("reading articles again", quiet)
		order.Progress = p.count
		defer p.end()
		b, err = watch.RunBacktest(cmd.Context(), st, watch.Sources(c), order)
		return err
	})
	return b, err
}

// backtestEngines are the rules before (nil: those of then) and after.
func backtestEngines(c *configs.Config, with string) (before, after *rules.Engine, err error) {
	if after, err = loadEngine(c); err != nil || with == "" {
		return nil, after, err
	}
	if info, err := os.Stat(with); err != nil || !info.IsDir() {
		return nil, nil, usage("--with %s is no folder of packs", with)
	}
	changed := *c
	changed.Themes = append(append([]string{}, c.Themes...), with)
	before = after
	after, err = loadEngine(&changed)
	return before, after, err
}

// changeDoc is a gained or lost hit as scripts read it.
type changeDoc struct {
	hitDoc
	Others []string `json:"others"` // other signals of the theme in the version without this hit
}

type shiftDoc struct {
	Key            string `json:"key"`
	Kept           int    `json:"kept"`
	Gained         int    `json:"gained"`
	Lost           int    `json:"lost"`
	LostRelevant   int    `json:"lost_relevant"`
	LostIrrelevant int    `json:"lost_irrelevant"`
}

type backtestDoc struct {
	Since     time.Time   `json:"since"`
	Articles  int         `json:"articles"`
	Seconds   float64     `json:"seconds"`
	Kept      int         `json:"kept"`
	Lost      []changeDoc `json:"lost"`
	Gained    []changeDoc `json:"gained"`
	Signals   []shiftDoc  `json:"signals"`
	Countries []shiftDoc  `json:"countries"`
	Languages []shiftDoc  `json:"languages"`
}

func backtestDocOf(b *watch.Backtest) backtestDoc {
	return backtestDoc{
		Since: b.Since.UTC(), Articles: b.Articles, Seconds: b.Took.Seconds(), Kept: b.Kept,
		Lost: changeDocs(b.Lost), Gained: changeDocs(b.Gained),
		Signals: shiftDocs(b.Signals), Countries: shiftDocs(b.Countries), Languages: shiftDocs(b.Languages),
	}
}

func changeDocs(list []watch.Change) []changeDoc {
	out := make([]changeDoc, len(list))
	for i, c := range list {
		out[i] = changeDoc{hitOf(c.Hit, c.Article, c.Verdict, 0), nonNil(c.Others)}
		out[i].Story = c.Article.Story
	}
	return out
}

func shiftDocs(list []watch.Shift) []shiftDoc {
	out := make([]shiftDoc, len(list))
	for i, s := range list {
		out[i] = shiftDoc(s)
	}
	return out
}

func (a *app) printBacktest(b *watch.Backtest, limit int) {
	fmt.Fprintf(a.stdout, "%d %s since %s read in %s: %d %s, %d %s lost, %d %s gained.\n",
		b.Articles, plural(b.Articles, "article", "articles"), a.moment(b.Since), took(b.Took), b.Kept, plural(b.Kept, "hit stays", "hits stay"),
		len(b.Lost), plural(len(b.Lost), "is", "are"), len(b.Gained), plural(len(b.Gained), "is", "are"))
	if len(b.Lost)+len(b.Gained) == 0 {
		return
	}
	a.printChanges("Lost", "the article still has", b.Lost, limit)
	a.printChanges("Gained", "the article had", b.Gained, limit)
	fmt.Fprintln(a.stdout)
	var rows [][]string
	for _, part := range []struct {
		name string
		of   []watch.Shift
	}{{"signal", b.Signals}, {"country", b.Countries}, {"language", b.Languages}} {
		for _, s := range part.of {
			if s.Gained+s.Lost > 0 {
				rows = append(rows, []string{part.name, s.Key, strconv.Itoa(s.Kept), strconv.Itoa(s.Gained), strconv.Itoa(s.Lost),
					strconv.Itoa(s.LostRelevant), strconv.Itoa(s.LostIrrelevant)})
			}
		}
	}
	table(a.stdout, []string{"BY", "", "KEPT", "GAINED", "LOST", "OF THESE RELEVANT", "IRRELEVANT"}, rows)
}

// printChanges lists hits; others says what the other signals of the theme are
// to the article.
func (a *app) printChanges(name, others string, list []watch.Change, limit int) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(a.stdout, "\n%s:\n", name)
	for i, c := range list {
		if limit > 0 && i == limit {
			fmt.Fprintf(a.stdout, "  … and %d more: --limit 0 shows all\n", len(list)-i)
			return
		}
		fmt.Fprintf(a.stdout, "  %s\n", guard.Line(changeHead(c)))
		fmt.Fprintf(a.stdout, "    %s · %s\n", guard.Line(c.Article.Title), guard.Line(c.Article.Source))
		for _, q := range message.Quotes([]news.Hit{c.Hit})[:min(1, len(c.Hit.Evidence))] {
			fmt.Fprintf(a.stdout, "    “%s”\n", q.Marked("*", "*", guard.Line))
		}
		if len(c.Others) > 0 {
			fmt.Fprintf(a.stdout, "    %s %s\n", others, guard.Line(strings.Join(c.Others, ", ")))
		}
	}
}

// changeHead is a change in a line: what was said of it, what it is.
func changeHead(c watch.Change) string {
	head := fmt.Sprintf("%s · %s · %s · level %d · %s", c.Hit.Signal, c.Hit.Theme, strings.Join(c.Hit.Countries, " "), c.Hit.Level, c.Hit.Direction)
	if c.Verdict != nil {
		head = "judged " + string(c.Verdict.Says) + ": " + head
	}
	return head
}

//go:embed backtest.html
var backtestHTML string

var backtestPage = template.Must(template.New("backtest").Funcs(template.FuncMap{
	"head":    changeHead,
	"quotes":  func(c watch.Change) []message.Quote { return message.Quotes([]news.Hit{c.Hit}) },
	"link":    func(c watch.Change) string { return webLink(c.Article.Address()) },
	"join":    func(s []string) string { return strings.Join(s, ", ") },
	"seconds": func(d time.Duration) string { return took(d) },
}).Parse(backtestHTML))

// webLink is an address that a page may link to: http or https, or nothing.
func webLink(s string) string {
	if isAddress(s) {
		return s
	}
	return ""
}

// writeBacktestPage writes the page to a file, whole or not at all.
func (a *app) writeBacktestPage(file string, b *watch.Backtest) error {
	return writeWhole(file, func(w io.Writer) error {
		return backtestPage.Execute(w, struct {
			*watch.Backtest
			Since string
		}{b, a.moment(b.Since)})
	})
}

// writeWhole writes a file beside its place and moves it there when it is whole.
func writeWhole(file string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(file), ".driftwatch-*")
	if err != nil {
		return err
	}
	err = errors.Join(f.Chmod(0o644), write(f), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

func (a *app) rulesApplyCommand() *cobra.Command {
	var span string
	var asJSON bool
	c := &cobra.Command{
		Use:   "apply",
		Short: "Flag stored articles again with the rules as they are now; nobody is alerted",
		Long: `Reads the articles seen since a time with the configured packs and keeps what they
say now. New hits are kept without an alert (quiet: rules); hits that are no longer
found are marked as withdrawn, with their verdicts; what is found again stays as it
is. See first what would change: driftwatch rules backtest.

Exit codes: 0 done; 1 it could not be done; 2 bad usage, or a fault in the packs;
75 a cycle holds the lock.`,
		Example: "  driftwatch rules apply --since 30d",
		Args:    cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			from, err := since(span, a.now(), a.location)
			if err != nil {
				return err
			}
			done, err := a.apply(cmd.Context(), from, asJSON)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(a.stdout, done)
			}
			fmt.Fprintf(a.stdout, "%d %s read in %s; %d of them changed: %d %s gained, %d withdrawn. Nobody was alerted.\n",
				done.Articles, plural(done.Articles, "article", "articles"), took(time.Duration(done.Seconds*float64(time.Second))), done.Changed, done.Gained, plural(done.Gained, "hit", "hits"), done.Withdrawn)
			return nil
		}),
	}
	c.Flags().StringVar(&span, "since", "30d", "articles seen since: a length of time (36h, 30d), a day, or RFC 3339")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (a *app) apply(ctx context.Context, from time.Time, quiet bool) (watch.Reflagged, error) {
	c, err := a.load()
	if err != nil {
		return watch.Reflagged{}, err
	}
	file, err := existingDatabase(c)
	if err != nil {
		return watch.Reflagged{}, err
	}
	release, err := lock(file)
	if err != nil {
		return watch.Reflagged{}, err
	}
	defer release()
	w, err := watch.Open(ctx, c, a.settings(file))
	if err != nil {
		return watch.Reflagged{}, configFault(err)
	}
	defer w.Close()
	p := a.progress("flagging again", quiet)
	defer p.end()
	done, err := w.Reflag(ctx, from, p.count)
	return done, configFault(err)
}
