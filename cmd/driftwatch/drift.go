package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/drift"
	"driftwatch/drift/chart"
	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/watch"
)

// driftFlags say what is added up, and how it is shown.
type driftFlags struct {
	countries, themes []string
	since             string
	json, csv         bool
	svg, png          string
}

func (a *app) driftCommand() *cobra.Command {
	var f driftFlags
	c := &cobra.Command{
		Use:   "drift [THEME…]",
		Short: "Apart and closer, side by side, by country and week",
		Example: `  driftwatch drift
  driftwatch drift --country KZ,KG --since 26w --theme
  driftwatch drift --theme csto --png csto.png`,
		Long: `Adds up what was flagged: for each country and week (ISO 8601, UTC) the weight of
the stories that point apart from Russia and of those that point closer to it. The
two sums stand side by side: both rise at once more often than not, and their
difference would hide it.

A story's weight is its signal's severity (1 to 5) times a factor for how far the
event has come: happened 1; decided, announced 0.8; proposed 0.5; demanded, opinion
0.25; denied 0. Each story counts once a direction, at most three of a signal, country
and week. Mixed counts for both; what has no direction, such as an envoy's warning,
is pressure and has a sum of its own; background and what was judged irrelevant
count for nothing.

In the bars, what an analyst has called relevant is drawn full, the rest light. Behind
a sum stands its 95 % band: wide where few stories or outlets carry it. A week in
which a fifth or more of the country's sources could not be read is marked with !.

With --theme each theme has a line of its own; with themes behind it, only these
count. --json has the stories behind each sum. docs/drift.md explains the method.

Exit codes: 0 done, whatever was found; 1 the database can't be read, or the picture
not written; 2 bad usage or configuration.`,
		Args: cobra.ArbitraryArgs,
		RunE: does(func(cmd *cobra.Command, args []string) error { return a.drift(cmd, f, args) }),
	}
	c.Flags().StringSliceVar(&f.countries, "country", nil, "only these: KZ, KG, UZ, TJ, TM")
	c.Flags().StringVar(&f.since, "since", "12w", "from the week of this time on: a length of time (12w, 90d), a day, or RFC 3339")
	c.Flags().StringSliceVar(&f.themes, "theme", nil, "each theme by itself; with names behind it, only these")
	c.Flags().Lookup("theme").NoOptDefVal = everyTheme
	c.Flags().BoolVar(&f.json, "json", false, "print JSON, with the stories behind each sum")
	c.Flags().BoolVar(&f.csv, "csv", false, "print CSV: a row for each country and week, and one for each of its themes")
	c.Flags().StringVar(&f.svg, "svg", "", "draw to this file as SVG (- is standard output)")
	c.Flags().StringVar(&f.png, "png", "", "draw to this file as PNG (- is standard output)")
	c.MarkFlagsMutuallyExclusive("json", "csv")
	return c
}

// everyTheme is what --theme means by itself.
const everyTheme = "each"

// order is what the flags ask for.
func (f driftFlags) order(a *app, args []string) (watch.DriftOrder, error) {
	given := filterFlags{countries: f.countries, since: f.since}
	filter, err := given.filter(a.now(), a.location)
	if err != nil {
		return watch.DriftOrder{}, err
	}
	if len(args) > 0 && len(f.themes) == 0 {
		return watch.DriftOrder{}, usage("%q: themes stand behind --theme, for example --theme csto", args[0])
	}
	o := watch.DriftOrder{Countries: filter.Countries, Since: filter.Since, Now: a.now()}
	for _, t := range slices.Concat(f.themes, args) {
		if t != everyTheme {
			o.Themes = append(o.Themes, news.Theme(t))
		}
	}
	return o, nil
}

func (a *app) drift(cmd *cobra.Command, f driftFlags, args []string) error {
	o, err := f.order(a, args)
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
	for _, t := range o.Themes {
		if !slices.Contains(engine.Themes(), string(t)) {
			return usage("--theme %s is none of %s", t, strings.Join(engine.Themes(), ", "))
		}
	}
	return a.withStore(cmd, func(st store.Store) error {
		rows, err := watch.Drift(cmd.Context(), st, engine, o)
		if err != nil {
			return err
		}
		return a.showDrift(rows, f, o.Themes)
	})
}

func (a *app) showDrift(rows []drift.Row, f driftFlags, themes []news.Theme) error {
	drawn := false
	for _, d := range []struct {
		file string
		draw func(io.Writer, []drift.Row, ...news.Theme) error
	}{{f.svg, chart.SVG}, {f.png, chart.PNG}} {
		if d.file == "" {
			continue
		}
		drawn = true
		if err := a.drawTo(d.file, func(w io.Writer) error { return d.draw(w, rows, themes...) }); err != nil {
			return err
		}
	}
	switch {
	case f.json:
		return printJSON(a.stdout, driftDocs(rows))
	case f.csv:
		return drift.CSV(a.stdout, rows)
	case !drawn:
		a.printDrift(rows, len(f.themes) > 0)
	}
	return nil
}

// drawTo writes a picture to a file, whole or not at all; "-" is standard
// output.
func (a *app) drawTo(file string, draw func(io.Writer) error) error {
	if file == "-" {
		return draw(a.stdout)
	}
	t, err := os.CreateTemp(filepath.Dir(file), ".driftwatch-*")
	if err != nil {
		return fmt.Errorf("draw to %s: %w", file, err)
	}
	defer os.Remove(t.Name())
	err = draw(t)
	if e := t.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Chmod(t.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(t.Name(), file)
	}
	if err != nil {
		return fmt.Errorf("draw to %s: %w", file, err)
	}
	return nil
}

// driftDoc is a week of a country as scripts read it.
type driftDoc struct {
	Country   string     `json:"country"`
	Week      string     `json:"week"` // 2026-W48
	Monday    time.Time  `json:"monday"`
	Apart     sumDoc     `json:"apart"`
	Closer    sumDoc     `json:"closer"`
	Pressure  sumDoc     `json:"pressure"`
	Contested []int64    `json:"contested"` // stories of which something is denied
	Themes    []themeDoc `json:"themes"`
	Coverage  *float64   `json:"coverage"` // share of the country's sources that were read; null: none was read before or then
	Poor      bool       `json:"poor_coverage"`
	Notes     []string   `json:"notes"`
}

type themeDoc struct {
	Theme    news.Theme `json:"theme"`
	Apart    sumDoc     `json:"apart"`
	Closer   sumDoc     `json:"closer"`
	Pressure sumDoc     `json:"pressure"`
}

type sumDoc struct {
	Weight   float64    `json:"weight"`
	Unjudged float64    `json:"unjudged"`
	Low      float64    `json:"low"` // of the 95 % band
	High     float64    `json:"high"`
	Outlet   string     `json:"outlet,omitempty"` // that it rests on the most
	Without  float64    `json:"without_outlet"`   // what it would be without that outlet
	Stories  []entryDoc `json:"stories"`          // that count
	Capped   []entryDoc `json:"over_cap"`         // that don't, as others of their signal do
}

type entryDoc struct {
	Story    int64       `json:"story"`
	Theme    news.Theme  `json:"theme"`
	Signal   string      `json:"signal"`
	Severity int         `json:"severity"`
	Status   news.Status `json:"status,omitempty"`
	Weight   float64     `json:"weight"`
	Outlets  []string    `json:"outlets"`
	Judged   bool        `json:"judged"`
}

func driftDocs(rows []drift.Row) []driftDoc {
	out := make([]driftDoc, len(rows))
	for i, r := range rows {
		d := driftDoc{
			Country: r.Country, Week: r.Week.String(), Monday: r.Week.Monday(),
			Apart: sumOf(r.Apart), Closer: sumOf(r.Closer), Pressure: sumOf(r.Pressure),
			Contested: append([]int64{}, r.Contested...), Themes: []themeDoc{},
			Poor: r.Coverage.Poor(), Notes: append([]string{}, r.Notes()...),
		}
		if r.Coverage.Known {
			d.Coverage = &r.Coverage.Share
		}
		for _, t := range r.Themes {
			d.Themes = append(d.Themes, themeDoc{t.Theme, sumOf(t.Apart), sumOf(t.Closer), sumOf(t.Pressure)})
		}
		out[i] = d
	}
	return out
}

func sumOf(s drift.Sum) sumDoc {
	return sumDoc{
		Weight: s.Weight, Unjudged: s.Unjudged, Low: s.Low, High: s.High, Outlet: s.Outlet, Without: s.Without,
		Stories: entriesOf(s.Stories), Capped: entriesOf(s.Capped),
	}
}

func entriesOf(all []drift.Entry) []entryDoc {
	out := make([]entryDoc, len(all))
	for i, e := range all {
		out[i] = entryDoc(e)
	}
	return out
}

// driftBar is how long the longest bar is, in characters.
const driftBar = 14

// printDrift prints a line for each week, the countries one below the other,
// 80 characters wide at most.
func (a *app) printDrift(rows []drift.Row, themes bool) {
	if len(rows) == 0 {
		fmt.Fprintln(a.stdout, "Nothing has been read yet. See: driftwatch sources list")
		return
	}
	most := 1.0
	for _, r := range rows {
		most = max(most, r.Apart.Weight, r.Closer.Weight)
	}
	fmt.Fprintln(a.stdout, a.style.faint(fmt.Sprintf("%-9s %-27s%-27s%s", "", "  apart (band)", "  closer (band)", "pressure")))
	country := ""
	for _, r := range rows {
		if r.Country != country {
			country = r.Country
			fmt.Fprintln(a.stdout, a.style.strong(country))
		}
		a.driftLine(r.Week.String(), r.Apart, r.Closer, r.Pressure, most, mark(r))
		for _, t := range r.Themes {
			if themes {
				a.driftLine(" "+shorten(string(t.Theme), 8), t.Apart, t.Closer, t.Pressure, most, "")
			}
		}
	}
	a.printNotes(rows)
	a.fold(a.stdout, "\n"+driftMethod, "")
}

// driftMethod is what stands below the figures.
const driftMethod = `Severity (1-5) × how far the event has come; each story once, at most 3 of a signal and week; irrelevant left out. █ judged relevant, ░ unjudged. Band: 95 %, wide where little carries the sum. ! poor coverage. Method: docs/drift.md`

// mark stands behind a week that isn't like the others.
func mark(r drift.Row) string {
	if r.Coverage.Poor() {
		return "!"
	}
	return ""
}

func (a *app) driftLine(name string, apart, closer, pressure drift.Sum, most float64, mark string) {
	p := ""
	if pressure.Weight > 0 {
		p = drift.Figure(pressure.Weight)
	}
	line := fmt.Sprintf("%-9s %s%s%5s %s", name, a.driftCell(news.Apart, apart, most), a.driftCell(news.Closer, closer, most), p, mark)
	fmt.Fprintln(a.stdout, strings.TrimRight(line, " "))
}

// driftCell is a sum with its bar and its band, 27 characters wide.
func (a *app) driftCell(d news.Direction, s drift.Sum, most float64) string {
	if s.Weight == 0 {
		return fmt.Sprintf("%5s%22s", "·", "")
	}
	long := func(w float64) int { return int(w/most*driftBar + 0.5) }
	all := max(1, long(s.Weight))
	judged := min(all, long(s.Weight-s.Unjudged))
	bar := strings.Repeat("█", judged) + strings.Repeat("░", all-judged)
	band := fmt.Sprintf("%.0f–%.0f", s.Low, s.High)
	room := 27 - 5 - 1 - all - 1
	return fmt.Sprintf("%5s ", drift.Figure(s.Weight)) + a.style.direction(d, bar) + " " + a.style.faint(fmt.Sprintf("%-*s", room, band))
}

// printNotes says what the figures of the last week rest on, and which weeks
// were poorly read.
func (a *app) printNotes(rows []drift.Row) {
	last := rows[len(rows)-1].Week
	head := false
	for _, r := range rows {
		notes := r.Notes()
		if r.Week != last || len(notes) == 0 {
			continue
		}
		if !head {
			fmt.Fprintf(a.stdout, "\n%s:\n", last)
			head = true
		}
		a.fold(a.stdout, "  "+r.Country+": "+strings.Join(notes, "; "), "      ")
	}
}
