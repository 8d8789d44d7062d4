package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/drift"
	"driftwatch/news"
	"driftwatch/store"
)

func (a *app) driftCommand() *cobra.Command {
	var f filterFlags
	var asJSON bool
	c := &cobra.Command{
		Use:     "drift",
		Short:   "Apart and closer, side by side, by country and week",
		Example: `  driftwatch drift --country KZ,KG --since 90d`,
		Long: `Adds up what was flagged: for each country and week (ISO 8601, UTC) the levels of
the stories that point apart from Russia and of those that point closer to it. Each
story counts once for its signal, at most three stories a signal, country and week;
mixed counts for both, contested and none for neither; background and what was
judged irrelevant for nothing. The two sums stand side by side: both rise at once
more often than not, and their difference would hide it.`,
		Args: cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			return a.withStore(cmd, func(st store.Store) error {
				filter, err := f.filter(a.now(), a.location)
				if err != nil {
					return err
				}
				hits, err := st.Hits(cmd.Context(), filter)
				if err != nil {
					return err
				}
				rows := drift.Add(events(hits))
				rows = slices.DeleteFunc(rows, func(r drift.Row) bool {
					return len(filter.Countries) > 0 && !slices.Contains(filter.Countries, r.Country)
				})
				if asJSON {
					return printJSON(a.stdout, driftDocs(rows))
				}
				a.printDrift(rows)
				return nil
			})
		}),
	}
	c.Flags().StringSliceVar(&f.countries, "country", nil, "only these: KZ, KG, UZ, TJ, TM")
	c.Flags().StringVar(&f.since, "since", "90d", "found since: a length of time (36h, 90d), a day, or RFC 3339")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// events are the hits that count.
func events(rows []store.HitRow) []drift.Event {
	var out []drift.Event
	for _, r := range rows {
		if r.Hit.Background || r.Verdict != nil && r.Verdict.Says == news.Irrelevant {
			continue
		}
		out = append(out, drift.Event{Hit: r.Hit, When: r.Article.When()})
	}
	return out
}

// driftDoc is a week of a country as scripts read it.
type driftDoc struct {
	Country string     `json:"country"`
	Week    string     `json:"week"` // 2026-W48
	Monday  time.Time  `json:"monday"`
	Apart   sumDoc     `json:"apart"`
	Closer  sumDoc     `json:"closer"`
	Themes  []themeDoc `json:"themes"`
}

type themeDoc struct {
	Theme  news.Theme `json:"theme"`
	Apart  sumDoc     `json:"apart"`
	Closer sumDoc     `json:"closer"`
}

type sumDoc struct {
	Weight  float64 `json:"weight"`
	Stories int     `json:"stories"`
	Capped  int     `json:"capped"`
}

func driftDocs(rows []drift.Row) []driftDoc {
	out := make([]driftDoc, len(rows))
	for i, r := range rows {
		out[i] = driftDoc{
			Country: r.Country, Week: r.Week.String(), Monday: r.Week.Monday(),
			Apart: sumDoc(r.Apart), Closer: sumDoc(r.Closer), Themes: []themeDoc{},
		}
		for _, t := range r.Themes {
			out[i].Themes = append(out[i].Themes, themeDoc{t.Theme, sumDoc(t.Apart), sumDoc(t.Closer)})
		}
	}
	return out
}

func (a *app) printDrift(rows []drift.Row) {
	if len(rows) == 0 {
		fmt.Fprintln(a.stdout, "Nothing was flagged in this time. Is the coverage good? See: driftwatch sources list")
		return
	}
	most := 1.0
	for _, r := range rows {
		most = max(most, r.Apart.Weight, r.Closer.Weight)
	}
	bar := func(w float64) string { return strings.Repeat("█", int(w/most*20+0.5)) }
	number := func(w float64) string { return strconv.FormatFloat(w, 'g', 3, 64) }
	const row = "%-8s %-9s %6s %-20s %6s %-20s\n"
	fmt.Fprintf(a.stdout, row, "COUNTRY", "WEEK", "APART", "", "CLOSER", "")
	for _, r := range rows {
		fmt.Fprintf(a.stdout, row, r.Country, r.Week, number(r.Apart.Weight), bar(r.Apart.Weight), number(r.Closer.Weight), bar(r.Closer.Weight))
	}
	fmt.Fprintln(a.stdout, "\nSums of levels, each story once, at most 3 a signal and week. Method: driftwatch drift --help")
}
