package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/store"
)

func (a *app) silencesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "silences",
		Short: "Keep messages back for a while: add, list, end",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.silencesAddCommand(), a.silencesListCommand(), a.silencesEndCommand())
	return c
}

// silenceDoc is a silence as scripts read it.
type silenceDoc struct {
	ID        int64             `json:"id"`
	State     news.SilenceState `json:"state"`
	Themes    []news.Theme      `json:"themes,omitempty"`
	Countries []string          `json:"countries,omitempty"`
	Signals   []string          `json:"signals,omitempty"`
	Sources   []string          `json:"sources,omitempty"`
	Stories   []int64           `json:"stories,omitempty"`
	Reason    string            `json:"reason"`
	By        string            `json:"by"`
	Begins    time.Time         `json:"begins"`
	Ends      time.Time         `json:"ends"`
	KeptBack  int               `json:"kept_back"` // deliveries that it keeps back
	Kept      int               `json:"kept"`      // the same, under its name before
}

func silenceOf(s news.Silence, now time.Time) silenceDoc {
	return silenceDoc{
		ID: s.ID, State: s.State(now), Themes: s.Themes, Countries: s.Countries, Signals: s.Signals, Sources: s.Sources, Stories: s.Stories,
		Reason: s.Reason, By: s.By, Begins: s.Begins.UTC(), Ends: s.Ends.UTC(), KeptBack: s.Kept, Kept: s.Kept,
	}
}

// silenceWords say what a silence is for.
func silenceWords(s silenceDoc) string {
	var out []string
	add := func(name string, list []string) {
		if len(list) > 0 {
			out = append(out, name+" "+strings.Join(list, ", "))
		}
	}
	var themes, stories []string
	for _, t := range s.Themes {
		themes = append(themes, string(t))
	}
	for _, id := range s.Stories {
		stories = append(stories, strconv.FormatInt(id, 10))
	}
	add("theme", themes)
	add("country", s.Countries)
	add("signal", s.Signals)
	add("source", s.Sources)
	add("story", stories)
	return strings.Join(out, "; ")
}

func (a *app) silencesAddCommand() *cobra.Command {
	var s news.Silence
	var themes []string
	var stories []int
	var span, until string
	var asJSON bool
	c := &cobra.Command{
		Use:   "add --reason WHY --for SPAN",
		Short: "Keep back what matches, until a time",
		Example: `  driftwatch silences add --story 1 --for 24h --reason "known, being looked at"
  driftwatch silences add --theme sanctions --country KZ,UZ --until 2031-09-01 --reason "conference week"`,
		Long: `Keeps messages back whose hits match all that is given: of one of the themes, of
one of the countries, and so on. What is kept back isn't lost: it stands in
driftwatch alerts list --state silenced, and driftwatch alerts retry ID sends it
once the silence has ended. Digests aren't kept back.

--json prints the silence: {"id","state","themes","countries","signals","sources",
"stories","reason","by","begins","ends","kept_back"}; its state is active, to come or
ended, and "kept" is kept_back under its older name.`,
		Args: cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			for _, t := range themes {
				s.Themes = append(s.Themes, news.Theme(t))
			}
			for _, id := range stories {
				s.Stories = append(s.Stories, int64(id))
			}
			for i, c := range s.Countries {
				if s.Countries[i] = strings.ToUpper(c); !slices.Contains(news.Countries, s.Countries[i]) {
					return usage("--country is %q; it may be of %s", c, strings.Join(news.Countries, ", "))
				}
			}
			s.By, s.Begins = orUser(s.By), a.now().UTC()
			var err error
			if s.Ends, err = a.silenceEnd(span, until); err != nil {
				return err
			}
			switch {
			case s.Whole():
				return usage("a silence needs what it is for: --theme, --country, --signal, --source or --story")
			case strings.TrimSpace(s.Reason) == "":
				return usage("a silence needs a reason: --reason")
			}
			return a.addSilence(cmd, s, asJSON)
		}),
	}
	fl := c.Flags()
	fl.StringSliceVar(&themes, "theme", nil, "of these themes")
	fl.StringSliceVar(&s.Countries, "country", nil, "of these countries")
	fl.StringSliceVar(&s.Signals, "signal", nil, "of these signals")
	fl.StringSliceVar(&s.Sources, "source", nil, "in articles of these sources")
	fl.IntSliceVar(&stories, "story", nil, "of these stories, by number")
	fl.StringVar(&span, "for", "", "for how long: 90m, 24h, 7d")
	fl.StringVar(&until, "until", "", "until when: a day or RFC 3339")
	fl.StringVar(&s.Reason, "reason", "", "why")
	fl.StringVar(&s.By, "by", "", "who says so (default: $USER)")
	fl.BoolVar(&asJSON, "json", false, "print JSON")
	c.MarkFlagRequired("reason")
	c.MarkFlagsMutuallyExclusive("for", "until")
	return c
}

// addSilence keeps a silence, whose themes, sources and stories there must be.
func (a *app) addSilence(cmd *cobra.Command, s news.Silence, asJSON bool) error {
	c, err := a.load()
	if err != nil {
		return err
	}
	for _, t := range s.Themes {
		if err := knownTheme(c, string(t)); err != nil {
			return err
		}
	}
	for _, id := range s.Sources {
		if !slices.ContainsFunc(c.Sources, func(src configs.Source) bool { return src.ID == id }) {
			return usage("--source is %q; no source has that id; see: driftwatch sources list", id)
		}
	}
	return a.withStore(cmd, func(st store.Store) error {
		for _, id := range s.Stories {
			if _, err := st.Story(cmd.Context(), id); errors.Is(err, store.ErrNotFound) {
				return usage("there is no story %d; see: driftwatch hits list --json", id)
			} else if err != nil {
				return err
			}
		}
		id, err := st.AddSilence(cmd.Context(), s)
		if err != nil {
			return err
		}
		s.ID = id
		doc := silenceOf(s, a.now())
		if asJSON {
			return printJSON(a.stdout, doc)
		}
		fmt.Fprintf(a.stdout, "Silence %d is active until %s: %s.\n", id, a.moment(s.Ends), silenceWords(doc))
		return nil
	})
}

// silenceEnd is when a silence ends, by one of its flags.
func (a *app) silenceEnd(span, until string) (time.Time, error) {
	now := a.now().UTC()
	switch {
	case span != "":
		d, err := parseSpan(span)
		if err != nil || d <= 0 {
			return now, usage("--for %q: give a length of time, such as 90m, 24h or 7d", span)
		}
		return now.Add(d), nil
	case until != "":
		t, err := time.ParseInLocation(time.DateOnly, until, a.location)
		if err != nil {
			if t, err = time.Parse(time.RFC3339, until); err != nil {
				return now, usage("--until %q: give a day (2031-09-01) or an RFC 3339 time", until)
			}
		}
		if !t.After(now) {
			return now, usage("--until %q is over already", until)
		}
		return t.UTC(), nil
	}
	return now, usage("a silence needs an end: --for 24h, or --until a day")
}

func (a *app) silencesListCommand() *cobra.Command {
	var all, asJSON bool
	c := &cobra.Command{
		Use:     "list",
		Short:   "List silences, with how many messages each keeps back",
		Example: `  driftwatch silences list --all`,
		Args:    cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			return a.withStore(cmd, func(st store.Store) error {
				after := a.now()
				if all {
					after = time.Time{}
				}
				rows, err := st.Silences(cmd.Context(), after)
				if err != nil {
					return err
				}
				list := make([]silenceDoc, len(rows))
				for i, r := range rows {
					list[i] = silenceOf(r, a.now())
				}
				if asJSON {
					return printJSON(a.stdout, list)
				}
				a.printSilences(list)
				return nil
			})
		}),
	}
	c.Flags().BoolVar(&all, "all", false, "those that have ended, too")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (a *app) printSilences(list []silenceDoc) {
	if len(list) == 0 {
		fmt.Fprintln(a.stdout, "No silence is active. Those that have ended: driftwatch silences list --all")
		return
	}
	var cells [][]string
	for _, s := range list {
		cells = append(cells, []string{
			strconv.FormatInt(s.ID, 10), string(s.State), a.moment(s.Ends), strconv.Itoa(s.Kept), s.By, silenceWords(s), s.Reason,
		})
	}
	a.folded([]string{"ID", "STATE", "ENDS", "KEPT BACK", "BY", "WHAT", "REASON"}, cells, 50, 60)
}

func (a *app) silencesEndCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "end ID",
		Short:   "End a silence now",
		Example: `  driftwatch silences end 3`,
		Long: `Ends a silence now. What it kept back stays in driftwatch alerts list --state
silenced, and can be sent with driftwatch alerts retry ID.

--json prints {"ended"}: the silence's number.`,
		Args: cobra.ExactArgs(1),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || id < 1 {
				return usage("%q is no silence's number; see: driftwatch silences list", args[0])
			}
			return a.withStore(cmd, func(st store.Store) error {
				err := st.EndSilence(cmd.Context(), id, a.now())
				switch {
				case errors.Is(err, store.ErrNotFound):
					return fmt.Errorf("there is no silence %d; see: driftwatch silences list --all", id)
				case errors.Is(err, store.ErrExists):
					return fmt.Errorf("silence %d has ended already", id)
				case err != nil:
					return err
				}
				if asJSON {
					return printJSON(a.stdout, endedDoc{id})
				}
				fmt.Fprintf(a.stdout, "Silence %d has ended.\n", id)
				return nil
			})
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// endedDoc is what `silences end --json` prints.
type endedDoc struct {
	Ended int64 `json:"ended"`
}
