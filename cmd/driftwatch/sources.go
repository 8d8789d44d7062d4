package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/configs"
	polls "driftwatch/crawler/schedule"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/watch"
)

func (a *app) sourcesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "sources",
		Short: "The outlets that are read: list them, check them, add some",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.sourcesListCommand(), a.sourcesCheckCommand(), a.sourcesAddCommand(), a.sourcesImportCommand(), a.sourcesExportCommand())
	return c
}

// sourceDoc is a source with its health, as scripts read it.
type sourceDoc struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Country     string     `json:"country"`
	Languages   []string   `json:"languages"`
	Kind        news.Kind  `json:"kind"`
	URL         string     `json:"url"`
	Ownership   string     `json:"ownership"`
	Leaning     string     `json:"leaning,omitempty"`
	PerDay      int        `json:"per_day,omitempty"` // as the catalogue has it
	SeenPerDay  *float64   `json:"seen_per_day"`      // as the polls showed it; null while too little is known
	Enabled     bool       `json:"enabled"`
	State       string     `json:"state"` // a word of watch.States
	LastPoll    *time.Time `json:"last_poll"`
	LastSuccess *time.Time `json:"last_success"`
	NextPoll    *time.Time `json:"next_poll"`
	Failures    int        `json:"failures"`
	Problem     string     `json:"problem,omitempty"`
	Advice      string     `json:"advice,omitempty"`
	Moved       string     `json:"moved,omitempty"`    // where the address has led to for good, several times in a row
	Priority    string     `json:"priority,omitempty"` // high or low
	Format      string     `json:"format,omitempty"`
	Items       int        `json:"items"`
	Newest      *time.Time `json:"newest"`
	Note        string     `json:"note,omitempty"`
}

func sourceOf(s news.Source, st news.SourceState) sourceDoc {
	d := sourceDoc{
		ID: s.ID, Name: s.Name, Country: s.Country, Languages: nonNil(s.Languages), Kind: s.Kind, URL: s.Address(),
		Ownership: s.Ownership, Leaning: s.Leaning, PerDay: s.PerDay, Enabled: s.Enabled, Failures: st.Failures, Problem: st.Problem,
		Format: st.Format, Items: st.Items, Note: s.Note,
		LastPoll: timeOrNull(st.LastPoll), LastSuccess: timeOrNull(st.LastSuccess),
		NextPoll: timeOrNull(st.NextPoll), Newest: timeOrNull(st.NewestItem),
	}
	if seen, ok := polls.PerDay(st.Rhythm); ok {
		seen = math.Round(seen*10) / 10
		d.SeenPerDay = &seen
	}
	d.State = watch.StateOf(s, st)
	if s.Enabled {
		d.Advice = watch.Advice(d.State)
	}
	if st.MovedPolls >= polls.MovedEnough {
		d.Moved = st.Moved
	}
	if s.Priority != news.PriorityNormal {
		d.Priority = string(s.Priority)
	}
	return d
}

// perDay shows how many items a day were seen, and how many are expected where
// that is known.
func (d sourceDoc) perDay() string {
	seen := "–"
	if d.SeenPerDay != nil {
		seen = strconv.FormatFloat(*d.SeenPerDay, 'f', -1, 64)
	}
	if d.PerDay > 0 {
		return fmt.Sprintf("%s of %d", seen, d.PerDay)
	}
	return seen
}

func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func (a *app) sourcesListCommand() *cobra.Command {
	var asJSON, enabledOnly bool
	var countries []string
	c := &cobra.Command{
		Use:     "list",
		Short:   "List the sources and how their last polls went",
		Example: `  driftwatch sources list --country TJ,TM --enabled`,
		Args:    cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			c, err := a.load()
			if err != nil {
				return err
			}
			states, err := a.states(cmd.Context(), c)
			if err != nil {
				return err
			}
			if countries, err = countriesOf(c, countries); err != nil {
				return err
			}
			list := []sourceDoc{}
			for _, s := range watch.Sources(c) {
				if enabledOnly && !s.Enabled || len(countries) > 0 && !slices.Contains(countries, s.Country) {
					continue
				}
				st := states[s.ID]
				if st.URL != s.Address() {
					st = news.SourceState{}
				}
				list = append(list, sourceOf(s, st))
			}
			if asJSON {
				return printJSON(a.stdout, list)
			}
			a.printSources(list)
			return nil
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().BoolVar(&enabledOnly, "enabled", false, "only those that are polled")
	c.Flags().StringSliceVar(&countries, "country", nil, "only sources of these countries (KZ, KG, UZ, TJ, TM, INT, …)")
	return c
}

// countriesOf checks countries that were asked for against those that the
// configured sources have.
func countriesOf(c *configs.Config, asked []string) ([]string, error) {
	var known []string
	for _, s := range c.Sources {
		known = append(known, s.Country)
	}
	slices.Sort(known)
	known = slices.Compact(known)
	out := make([]string, len(asked))
	for i, country := range asked {
		if out[i] = strings.ToUpper(country); !slices.Contains(known, out[i]) {
			return nil, usage("--country %s is that of no source; there are: %s", country, strings.Join(known, ", "))
		}
	}
	return out, nil
}

// states reads what earlier polls said, where there is a database.
func (a *app) states(ctx context.Context, c *configs.Config) (map[string]news.SourceState, error) {
	file, err := watch.DatabaseFile(c, os.LookupEnv)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	st, err := watch.OpenStore(ctx, file)
	if err != nil {
		return nil, err
	}
	defer st.Close()
	return st.SourceStates(ctx)
}

func (a *app) printSources(list []sourceDoc) {
	var rows [][]string
	states := map[string]int{}
	for _, s := range list {
		states[s.State]++
		newest := "–"
		if s.Newest != nil {
			newest = a.moment(*s.Newest)
		}
		last := "–"
		if s.LastSuccess != nil {
			last = a.moment(*s.LastSuccess)
		}
		rows = append(rows, []string{s.ID, s.Country, strings.Join(s.Languages, ","), string(s.Kind), s.State, last, strconv.Itoa(s.Items), s.perDay(), newest, s.Problem})
	}
	a.folded([]string{"ID", "COUNTRY", "LANGUAGES", "KIND", "STATE", "LAST READ", "ITEMS", "A DAY", "NEWEST", "PROBLEM"}, rows, 70)
	fmt.Fprintln(a.stdout)
	a.printAdvice(list, states)
	a.fold(a.stdout, fmt.Sprintf("%d %s: %s. Try one: driftwatch sources check ID", len(list), plural(len(list), "source", "sources"), counts(states, "none")), "")
}

// printAdvice says once for each state what can be done, and which addresses have
// moved for good.
func (a *app) printAdvice(list []sourceDoc, states map[string]int) {
	said := false
	for _, s := range watch.States() {
		if states[s.Word] == 0 || s.Advice == "" {
			continue
		}
		said = true
		a.fold(a.stdout, fmt.Sprintf("%s: %s", s.Word, s.Means), "  ")
		a.fold(a.stdout, "  → "+s.Advice, "    ")
	}
	for _, s := range list {
		if s.Moved != "" {
			said = true
			a.fold(a.stdout, fmt.Sprintf("%s has moved for good to %s: write that into the configuration", s.ID, guard.Line(s.Moved)), "  ")
		}
	}
	if said {
		fmt.Fprintln(a.stdout)
	}
}

func (a *app) sourcesCheckCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "check [ID…]",
		Short: "Poll sources now and say what was found, and what to do where nothing was",
		Example: `  driftwatch sources check
  driftwatch sources check kabar 24-kg`,
		Long: `Polls all enabled sources, or those named, and says for each what it found.
Nothing is stored. Exit code 1 where none could be read.`,
		RunE: finishes(func(cmd *cobra.Command, args []string) error {
			c, err := a.load()
			if err != nil {
				return err
			}
			w, err := a.asker(cmd.Context(), c)
			if err != nil {
				return err
			}
			defer w.Close()
			p := a.progress("polling", asJSON)
			checks, err := w.Check(cmd.Context(), args, p.step)
			p.end()
			if err != nil {
				return configFault(err)
			}
			if asJSON {
				err = printJSON(a.stdout, checks)
			} else {
				a.printChecks(checks)
			}
			if err == nil && len(checks) > 0 && !slices.ContainsFunc(checks, func(c watch.Checked) bool { return c.Status == watch.StatusOK }) {
				return &exitError{code: exitFailed}
			}
			return err
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// asker is a Watch that keeps nothing, and asks the outlets as the cycles do, at the
// pace that they have shown.
func (a *app) asker(ctx context.Context, c *configs.Config) (*watch.Watch, error) {
	w, err := watch.New(c, a.settings(""))
	if err != nil {
		return nil, err
	}
	if file, err := watch.DatabaseFile(c, os.LookupEnv); err == nil {
		w.Heed(ctx, file)
	}
	return w, nil
}

func (a *app) printChecks(checks []watch.Checked) {
	var rows [][]string
	ok := 0
	for _, c := range checks {
		if c.Status == watch.StatusOK {
			ok++
		}
		newest := "–"
		if c.Newest != nil {
			newest = a.moment(*c.Newest)
		}
		rows = append(rows, []string{c.Source, c.Status, orDash(c.Format), strconv.Itoa(c.Items), newest, orDash(c.Language), took(time.Duration(c.Seconds * float64(time.Second)))})
	}
	a.folded([]string{"SOURCE", "STATUS", "FORMAT", "ITEMS", "NEWEST", "LANGUAGE", "TOOK"}, rows)
	fmt.Fprintln(a.stdout)
	for _, c := range checks {
		if c.Problem != "" {
			mark := "✗"
			if c.Status == watch.StatusOK {
				mark = "!" // it is read, and something should be known of it
			}
			a.fold(a.stdout, fmt.Sprintf("%s %s: %s", mark, c.Source, guard.Line(c.Problem)), "  ")
			a.fold(a.stdout, "  → "+guard.Line(c.Advice), "    ")
		}
	}
	fmt.Fprintf(a.stdout, "%d of %d could be read.\n", ok, len(checks))
}
