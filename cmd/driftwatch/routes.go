package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"driftwatch/alert"
	"driftwatch/configs"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/watch"
)

func (a *app) routesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "routes",
		Short: "Who is told of what: show the routes, try a hit on them",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.routesShowCommand(), a.routesTestCommand())
	return c
}

// routeDoc is a route as scripts read it.
type routeDoc struct {
	Name       string     `json:"name"`
	Match      []string   `json:"match"` // in words; empty: everything
	To         []string   `json:"to"`
	Continue   *bool      `json:"continue,omitempty"`
	QuietHours string     `json:"quiet_hours,omitempty"`
	MaxPerHour int        `json:"max_per_hour,omitempty"`
	Digest     string     `json:"digest,omitempty"`
	Routes     []routeDoc `json:"routes,omitempty"`
}

func routesOf(routes []configs.Route) []routeDoc {
	out := make([]routeDoc, 0, len(routes))
	for _, r := range routes {
		d := routeDoc{Name: r.Name, Match: matchWords(r.Match), To: nonNil(r.To), Continue: r.Continue, MaxPerHour: r.MaxPerHour, QuietHours: quietWords(r.QuietHours)}
		if r.Digest != nil {
			d.Digest = scheduleWords(*r.Digest)
		}
		if len(r.Routes) > 0 {
			d.Routes = routesOf(r.Routes)
		}
		out = append(out, d)
	}
	return out
}

// matchWords says what something is for, a condition each.
func matchWords(m configs.Match) []string {
	out := []string{}
	switch {
	case m.MinLevel > 1 && m.MaxLevel < 5:
		out = append(out, fmt.Sprintf("level %d to %d", m.MinLevel, m.MaxLevel))
	case m.MinLevel > 1:
		out = append(out, fmt.Sprintf("level %d and higher", m.MinLevel))
	case m.MaxLevel < 5:
		out = append(out, fmt.Sprintf("level %d and lower", m.MaxLevel))
	}
	return append(append(out, listWords("", m.Lists)...), listWords("not ", m.Not)...)
}

func listWords(before string, l configs.Lists) []string {
	var out []string
	for _, one := range []struct {
		name string
		list []string
	}{
		{"theme", l.Themes}, {"signal", l.Signals}, {"country", l.Countries}, {"direction", l.Directions}, {"status", l.Statuses},
		{"language", l.Languages}, {"source", l.Sources}, {"ownership", l.Ownership}, {"entity", l.Entities},
	} {
		if len(one.list) > 0 {
			out = append(out, before+one.name+" "+strings.Join(one.list, ", "))
		}
	}
	return out
}

func quietWords(q *configs.QuietHours) string {
	if q == nil {
		return ""
	}
	s := q.From.String() + " to " + q.To.String()
	if len(q.Days) > 0 {
		s += " on " + strings.Join(q.Days, ", ")
	}
	s += " " + q.Timezone.Location().String()
	if q.ExceptLevel > 0 {
		s += fmt.Sprintf(", but for level %d and higher", q.ExceptLevel)
	}
	if q.Then == configs.ThenDigest {
		s += ", then one digest"
	}
	return s
}

func scheduleWords(s configs.Schedule) string {
	at := s.At.String()
	switch s.Every {
	case "hourly":
		at = fmt.Sprintf("minute %d", s.At.Minutes%60)
	case "weekly":
		at = s.Weekday + " " + at
	}
	return s.Every + ", " + at + " " + s.Timezone.Location().String()
}

// digestDoc is a digest of the configuration as scripts read it.
type digestDoc struct {
	Name  string   `json:"name"`
	When  string   `json:"when"`
	Match []string `json:"match"`
	Route string   `json:"route,omitempty"`
	To    []string `json:"to"`
}

// routesDoc is what `routes show --json` prints.
type routesDoc struct {
	Routes  []routeDoc  `json:"routes"`
	Digests []digestDoc `json:"digests"`
}

func (a *app) routesShowCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "show",
		Short:   "Print the routes as a tree, and the digests",
		Example: `  driftwatch routes show`,
		Long: `Prints the routes of the configuration as a tree, each with what it takes and
where to, and the digests.

--json prints {"routes":[{"name","match","to","continue","quiet_hours",
"max_per_hour","digest","routes"}],"digests":[{"name","when","match","route","to"}]}.`,
		Args: cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			c, err := a.load()
			if err != nil {
				return err
			}
			doc := routesDoc{Routes: routesOf(c.Routes), Digests: []digestDoc{}}
			for _, d := range c.Digests {
				doc.Digests = append(doc.Digests, digestDoc{d.Name, scheduleWords(d.Schedule), matchWords(d.Match), d.Route, nonNil(d.To)})
			}
			if asJSON {
				return printJSON(a.stdout, doc)
			}
			a.printRoutes(doc)
			return nil
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (a *app) printRoutes(doc routesDoc) {
	if len(doc.Routes) == 0 {
		fmt.Fprintln(a.stdout, "No route: nobody is told of anything. Add channels and routes in driftwatch.yaml.")
	}
	a.printTree(doc.Routes, "")
	for _, d := range doc.Digests {
		what := orAll(d.Match)
		if d.Route != "" {
			what = "what route " + d.Route + " takes"
		}
		fmt.Fprintf(a.stdout, "digest %s: %s; %s → %s\n", guard.Line(d.Name), d.When, guard.Line(what), guard.Line(strings.Join(d.To, ", ")))
	}
}

func orAll(match []string) string {
	if len(match) == 0 {
		return "everything"
	}
	return strings.Join(match, "; ")
}

func (a *app) printTree(routes []routeDoc, in string) {
	for _, r := range routes {
		line := fmt.Sprintf("%s%s: %s → %s", in, r.Name, orAll(r.Match), strings.Join(r.To, ", "))
		if r.Continue != nil {
			line += fmt.Sprintf("; continue: %t", *r.Continue)
		}
		if r.MaxPerHour > 0 {
			line += fmt.Sprintf("; at most %d an hour", r.MaxPerHour)
		}
		if r.QuietHours != "" {
			line += "; quiet " + r.QuietHours
		}
		fmt.Fprintln(a.stdout, guard.Line(line))
		a.printTree(r.Routes, in+"  ")
	}
}

// tryFlags make a hit.
type tryFlags struct {
	hit       int64
	theme     string
	countries []string
	level     int
	signal    string
	direction string
	status    string
	language  string
	source    string
	ownership string
	entities  []string
}

// stepDoc is what one route said.
type stepDoc struct {
	Route string   `json:"route"`
	Depth int      `json:"depth"`
	Why   string   `json:"why"`
	To    []string `json:"to"`
}

// targetDoc is one channel of one route.
type targetDoc struct {
	Route   string `json:"route"`
	Channel string `json:"channel"`
	Quiet   string `json:"quiet_until,omitempty"` // RFC 3339; the message would wait until then
}

// triedDoc is what `routes test --json` prints.
type triedDoc struct {
	Steps   []stepDoc   `json:"steps"`
	Targets []targetDoc `json:"targets"`
}

func (a *app) routesTestCommand() *cobra.Command {
	var f tryFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "test [FILE|-]",
		Short: "Show where a hit goes, and why",
		Example: `  driftwatch routes test --theme csto --country KG --level 4
  driftwatch routes test --hit 1
  driftwatch hits export | head -1 | driftwatch routes test -`,
		Long: `Shows which routes take a hit and which don't, each with the reason, and which
channels it goes to. The hit is one that is stored (--hit), one made of the flags,
or a JSON object as hits export writes them, from FILE or standard input.

Silences and caps are asked when a message is sent, and not here; of quiet hours
it says whether they hold now.

--json prints {"steps":[{"route","depth","why","to"}],"targets":[{"route",
"channel","quiet_until"}]}.`,
		Args: cobra.MaximumNArgs(1),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			c, err := a.load()
			if err != nil {
				return err
			}
			s, err := a.trySubject(cmd, c, f, args)
			if err != nil {
				return err
			}
			router := alert.NewRouter(c.Routes, c.Channels)
			doc := triedDoc{Steps: []stepDoc{}, Targets: []targetDoc{}}
			for _, step := range router.Trace(s) {
				doc.Steps = append(doc.Steps, stepDoc{step.Route, step.Depth, step.Why, nonNil(step.To)})
			}
			for _, t := range router.Match(s) {
				d := targetDoc{Route: t.Route, Channel: t.Channel}
				if until := router.QuietUntil(t, s.Hit.Level, a.now()); !until.IsZero() {
					d.Quiet = until.In(a.location).Format("2006-01-02T15:04:05Z07:00")
				}
				doc.Targets = append(doc.Targets, d)
			}
			if asJSON {
				return printJSON(a.stdout, doc)
			}
			a.printTried(doc)
			return nil
		}),
	}
	fl := c.Flags()
	fl.Int64Var(&f.hit, "hit", 0, "the stored hit with this `ID`")
	fl.StringVar(&f.theme, "theme", "", "its theme")
	fl.StringSliceVar(&f.countries, "country", nil, "its countries")
	fl.IntVar(&f.level, "level", 3, "its level, 1 to 5")
	fl.StringVar(&f.signal, "signal", "", "its signal")
	fl.StringVar(&f.direction, "direction", "", "its direction: apart, closer, mixed, contested or none")
	fl.StringVar(&f.status, "status", "", "its status: happened, decided, announced, proposed, demanded, opinion or denied")
	fl.StringVar(&f.language, "language", "", "the article's language")
	fl.StringVar(&f.source, "source", "", "the id of the article's source")
	fl.StringVar(&f.ownership, "ownership", "", "the source's ownership, where it isn't known by its id")
	fl.StringSliceVar(&f.entities, "entity", nil, "ids of names in its evidence")
	fl.BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// trySubject is the hit that is to be tried.
func (a *app) trySubject(cmd *cobra.Command, c *configs.Config, f tryFlags, args []string) (alert.Subject, error) {
	s := alert.Subject{
		Hit: news.Hit{
			Theme: news.Theme(f.theme), Signal: f.signal, Level: f.level, Direction: news.Direction(f.direction),
			Status: news.Status(f.status), Entities: f.entities,
		},
		Article: news.Article{Lang: f.language, Source: f.source},
	}
	for _, one := range f.countries {
		s.Hit.Countries = append(s.Hit.Countries, strings.ToUpper(one))
	}
	switch {
	case f.hit != 0 && len(args) > 0:
		return s, usage("--hit and a hit as JSON exclude each other")
	case f.hit != 0:
		err := a.withStore(cmd, func(st store.Store) error {
			h, err := st.Hit(cmd.Context(), f.hit)
			if errors.Is(err, store.ErrNotFound) {
				return usage("there is no hit %d; see: driftwatch hits list", f.hit)
			}
			s.Hit, s.Article = h.Hit, h.Article
			return err
		})
		if err != nil {
			return s, err
		}
	case len(args) > 0:
		data, err := a.readAll(args)
		if err != nil {
			return s, err
		}
		var doc hitDoc
		if err := json.Unmarshal(data, &doc); err != nil {
			return s, usage("the hit can't be read: it must be one JSON object, as driftwatch hits export writes them: %v", err)
		}
		s.Hit = news.Hit{
			ID: doc.ID, Story: doc.Story, Theme: doc.Theme, Signal: doc.Signal, Level: doc.Level, Direction: doc.Direction, Countries: doc.Countries,
			Status: doc.Status, Entities: doc.Entities, Quiet: doc.Quiet, Background: doc.Background,
		}
		s.Article = news.Article{Lang: doc.Language, Source: doc.Source}
	case f.theme == "":
		return s, usage("which hit? give --theme and other flags, --hit ID, or a hit as JSON: driftwatch routes test -")
	}
	if s.Hit.Level < 1 || s.Hit.Level > 5 {
		return s, usage("--level is %d; it may be from 1 to 5", s.Hit.Level)
	}
	sources := watch.Sources(c)
	if i := slices.IndexFunc(sources, func(src news.Source) bool { return src.ID == s.Article.Source }); i >= 0 {
		s.Source = sources[i]
	}
	if f.ownership != "" {
		s.Source.Ownership = f.ownership
	}
	return s, nil
}

func (a *app) printTried(doc triedDoc) {
	for _, s := range doc.Steps {
		name := s.Route
		if name == "" {
			fmt.Fprintln(a.stdout, guard.Line(s.Why))
			continue
		}
		line := strings.Repeat("  ", s.Depth) + name + ": " + s.Why
		if len(s.To) > 0 {
			line += " → " + strings.Join(s.To, ", ")
		}
		fmt.Fprintln(a.stdout, guard.Line(line))
	}
	if len(doc.Targets) == 0 {
		fmt.Fprintln(a.stdout, "Nobody is told.")
		return
	}
	var to []string
	for _, t := range doc.Targets {
		one := t.Channel + " (route " + t.Route
		if t.Quiet != "" {
			one += ", quiet until " + t.Quiet
		}
		to = append(to, one+")")
	}
	fmt.Fprintf(a.stdout, "It goes to %s.\n", guard.Line(strings.Join(to, ", ")))
}
