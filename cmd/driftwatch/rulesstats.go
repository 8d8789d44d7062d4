package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/drift"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/store"
	"driftwatch/watch"
)

func (a *app) rulesStatsCommand() *cobra.Command {
	var span string
	var asJSON, byLanguage bool
	c := &cobra.Command{
		Use:   "stats",
		Short: "How the signals do: hits over time, verdicts, precision, what never fired",
		Long: `For each signal: its hits, one bar a week, the verdicts that stand, and its
precision: the share of relevant among relevant and irrelevant, with its 95 %
interval (Wilson's score). A precision from few verdicts has a wide interval:
believe the interval. With --by-language each language stands on its own.

COST is the time that its query takes, an article: the mean over late ones.

Then the misses that were reported, by theme; the signals that never fired; and the
words that hits judged irrelevant rest on.`,
		Example: "  driftwatch rules stats --since 90d --by-language",
		Args:    cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			from, err := since(span, a.now(), a.location)
			if err != nil {
				return err
			}
			c, err := a.load()
			if err != nil {
				return err
			}
			engine, err := loadEngine(c)
			if err != nil {
				return err
			}
			return a.withStore(cmd, func(st store.Store) error {
				s, err := watch.Stand(cmd.Context(), st, engine, from, a.now())
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(a.stdout, standingDocOf(s))
				}
				a.printStanding(s, byLanguage)
				return nil
			})
		}),
	}
	c.Flags().StringVar(&span, "since", "90d", "found since: a length of time (36h, 90d), a day, or RFC 3339")
	c.Flags().BoolVar(&byLanguage, "by-language", false, "a line for each language of a signal")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// standingDoc is what `rules stats --json` prints.
type standingDoc struct {
	Since   time.Time   `json:"since"`
	Signals []signalDoc `json:"signals"`
	Never   []string    `json:"never_fired"`
	Misses  []missDoc   `json:"misses"`
	Terms   []termDoc   `json:"terms"` // in hits judged irrelevant, the worst first
}

type recordDoc struct {
	Hits       int           `json:"hits"`
	Relevant   int           `json:"relevant"`
	Irrelevant int           `json:"irrelevant"`
	Unsure     int           `json:"unsure"`
	Precision  *precisionDoc `json:"precision"`  // null: nothing was judged
	Last       *time.Time    `json:"last_fired"` // null: not since then
}

type precisionDoc struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

type signalDoc struct {
	Theme  news.Theme `json:"theme"`
	Signal string     `json:"signal"`
	Title  string     `json:"title"` // empty: the rules no longer have it
	recordDoc
	Weeks     []int         `json:"weeks"` // hits of each, the last one is this week's
	Cost      costDoc       `json:"cost"`
	Languages []languageDoc `json:"languages"`
}

// costDoc is what a signal costs, from late articles.
type costDoc struct {
	Asked float64 `json:"asked"` // part of the articles in which its query is asked
	Nanos float64 `json:"nanos"` // an article, over all of them
}

type languageDoc struct {
	Language string `json:"language"`
	recordDoc
}

type missDoc struct {
	Theme  news.Theme `json:"theme"`
	Misses int        `json:"misses"`
}

type termDoc struct {
	Word       string `json:"word"`
	Signal     string `json:"signal"`
	Language   string `json:"language"`
	Relevant   int    `json:"relevant"`
	Irrelevant int    `json:"irrelevant"`
}

func recordOf(hits int, v watch.Verdicts, last time.Time) recordDoc {
	d := recordDoc{Hits: hits, Relevant: v.Relevant, Irrelevant: v.Irrelevant, Unsure: v.Unsure}
	if n := v.Judged(); n > 0 {
		low, high := drift.Interval(v.Relevant, n)
		d.Precision = &precisionDoc{float64(v.Relevant) / float64(n), low, high}
	}
	if !last.IsZero() {
		last = last.UTC()
		d.Last = &last
	}
	return d
}

func costOf(c rules.Cost, texts int) costDoc {
	n := float64(max(texts, 1))
	return costDoc{float64(c.Asked) / n, float64(c.Took.Nanoseconds()) / n}
}

func standingDocOf(s *watch.Standing) standingDoc {
	d := standingDoc{Since: s.Since.UTC(), Signals: []signalDoc{}, Never: []string{}, Misses: []missDoc{}, Terms: []termDoc{}}
	for _, x := range s.Signals {
		one := signalDoc{Theme: x.Theme, Signal: x.Signal, Title: x.Title, recordDoc: recordOf(x.Hits, x.Verdicts, x.Last), Weeks: x.Weeks, Cost: costOf(x.Cost, s.Metered), Languages: []languageDoc{}}
		for _, l := range x.Languages {
			one.Languages = append(one.Languages, languageDoc{l.Language, recordOf(l.Hits, l.Verdicts, l.Last)})
		}
		if x.Hits == 0 {
			d.Never = append(d.Never, x.Signal)
		}
		d.Signals = append(d.Signals, one)
	}
	for _, m := range s.Misses {
		d.Misses = append(d.Misses, missDoc(m))
	}
	for _, t := range s.Terms {
		d.Terms = append(d.Terms, termDoc{t.Word, t.Signal, t.Language, t.Relevant, t.Irrelevant})
	}
	return d
}

// shownTerms is how many words a terminal is shown.
const shownTerms = 15

func (a *app) printStanding(s *watch.Standing, byLanguage bool) {
	var rows [][]string
	var never []string
	for _, x := range s.Signals {
		if x.Hits == 0 {
			never = append(never, x.Signal)
			continue
		}
		title := x.Title
		if title == "" {
			title = "(no longer in the rules)"
		}
		rows = append(rows, a.recordRow(string(x.Theme), x.Signal, x.Hits, x.Verdicts, x.Last, spark(x.Weeks), costWords(x.Cost, s.Metered), title))
		if !byLanguage {
			continue
		}
		for _, l := range x.Languages {
			rows = append(rows, a.recordRow("", "  "+l.Language, l.Hits, l.Verdicts, l.Last, "", "", ""))
		}
	}
	if len(rows) == 0 {
		fmt.Fprintf(a.stdout, "No signal has fired since %s.\n", a.moment(s.Since))
	} else {
		a.folded([]string{"THEME", "SIGNAL", "HITS", "RELEVANT", "IRRELEVANT", "PRECISION", "LAST", "WEEKS", "COST", "TITLE"}, rows, 48)
	}
	for _, m := range s.Misses {
		fmt.Fprintf(a.stdout, "\n%s: %d reported as missed", m.Theme, m.Misses)
	}
	if len(s.Misses) > 0 {
		fmt.Fprintln(a.stdout)
	}
	if len(s.Terms) > 0 {
		fmt.Fprintln(a.stdout, "\nWords that hits judged irrelevant rest on:")
		rows = nil
		for _, t := range s.Terms[:min(len(s.Terms), shownTerms)] {
			rows = append(rows, []string{t.Word, t.Signal, t.Language, strconv.Itoa(t.Irrelevant), strconv.Itoa(t.Relevant)})
		}
		table(a.stdout, []string{"WORD", "SIGNAL", "LANGUAGE", "IRRELEVANT", "RELEVANT"}, rows)
	}
	if len(never) > 0 {
		words := wrap(never, 90)
		if a.width > 0 {
			words = strings.Join(never, ", ") // broken to the terminal's width
		}
		fmt.Fprintln(a.stdout)
		a.fold(a.stdout, fmt.Sprintf("Never fired since %s: %s", a.moment(s.Since), words), "  ")
	}
}

func (a *app) recordRow(theme, signal string, hits int, v watch.Verdicts, last time.Time, weeks, cost, title string) []string {
	precision := "–"
	if n := v.Judged(); n > 0 {
		low, high := drift.Interval(v.Relevant, n)
		precision = fmt.Sprintf("%.2f [%.2f, %.2f]", float64(v.Relevant)/float64(n), low, high)
	}
	return []string{theme, signal, strconv.Itoa(hits), strconv.Itoa(v.Relevant), strconv.Itoa(v.Irrelevant), precision, a.moment(last), weeks, cost, title}
}

// costWords is a signal's time an article, in microseconds.
func costWords(c rules.Cost, texts int) string {
	if texts == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f µs", costOf(c, texts).Nanos/1e3)
}

// spark draws numbers as bars of eight heights; a week without hits is a dot.
func spark(weeks []int) string {
	most := 1
	for _, n := range weeks {
		most = max(most, n)
	}
	out := make([]rune, len(weeks))
	for i, n := range weeks {
		if out[i] = '·'; n > 0 {
			out[i] = []rune("▁▂▃▄▅▆▇█")[(n*8-1)/most]
		}
	}
	return string(out)
}

// wrap joins words with commas into lines of at most n characters.
func wrap(words []string, n int) string {
	out, line := "", 0
	for i, w := range words {
		if i > 0 {
			out += ","
			if line += len(w) + 2; line > n {
				out, line = out+"\n", len(w)
			} else {
				out += " "
			}
		}
		out += w
	}
	return out
}
