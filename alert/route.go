package alert

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"driftwatch/configs"
	"driftwatch/news"
)

// Router says who is told of a hit, and when not.
type Router struct {
	routes   []configs.Route
	named    map[string]*configs.Route
	channels map[string]configs.Channel
}

// Target is one channel of one route.
type Target struct {
	Route   string
	Channel string
}

// Subject is a hit with what else routes choose by. Of the article Lang and
// Source are looked at, of the source Ownership.
type Subject struct {
	Hit     news.Hit
	Article news.Article
	Source  news.Source
}

// Routes makes a router of a configuration's routes.
func Routes(cfg []configs.Route) *Router { return NewRouter(cfg, nil) }

// NewRouter makes a router of a configuration's routes and channels; these have
// quiet hours of their own.
func NewRouter(cfg []configs.Route, channels map[string]configs.Channel) *Router {
	r := &Router{routes: slices.Clone(cfg), named: map[string]*configs.Route{}, channels: channels}
	configs.EachRoute(r.routes, func(one *configs.Route, _ int) { r.named[one.Name] = one })
	return r
}

// Match gives the targets of a hit, in the order of the routes and of their
// channels, each once. What a route leaves out matches everything; a hit that
// is background or kept quiet has no targets.
func (r *Router) Match(s Subject) []Target {
	if s.Hit.Background || s.Hit.Quiet != "" {
		return nil
	}
	var out []Target
	walk(r.routes, s, way{top: true}, func(v visit) {
		for _, to := range v.to() {
			if t := (Target{Route: v.route.Name, Channel: to}); !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	})
	return out
}

// Step is what one route said to a hit.
type Step struct {
	Route string
	Depth int      // of the route in the tree; 0 for the outermost
	To    []string // the channels that it sends the hit to; none: it doesn't take it, or one in it does
	Why   string   // why it takes the hit, or not
}

// Trace is how a hit goes through the routes: each that was asked, in order.
func (r *Router) Trace(s Subject) []Step {
	var out []Step
	switch {
	case s.Hit.Background:
		return []Step{{Why: "the hit is background: kept, never told by itself"}}
	case s.Hit.Quiet != "":
		return []Step{{Why: "the hit is kept quiet: " + s.Hit.Quiet}}
	}
	walk(r.routes, s, way{top: true}, func(v visit) {
		out = append(out, Step{Route: v.route.Name, Depth: v.depth, To: v.to(), Why: v.why()})
	})
	return out
}

// way is where a walk is.
type way struct {
	top     bool
	depth   int
	context bool // a route around names the context theme
}

// visit is one route that was asked.
type visit struct {
	route   *configs.Route
	depth   int
	refused refusal
	inner   bool // a route in it takes the hit
	context bool // the hit is of the context theme, which nothing here names
	stops   bool // the routes after it aren't asked
}

func (v visit) taken() bool { return v.refused.key == "" && !v.inner && !v.context }

func (v visit) to() []string {
	if !v.taken() {
		return nil
	}
	return v.route.To
}

func (v visit) why() string {
	switch {
	case v.refused.key != "":
		return "not taken: " + v.refused.String()
	case v.inner:
		return "left to the routes in it"
	case v.context:
		return "not taken: only a route that names the theme context takes it"
	case v.stops:
		return "taken; the routes after it aren't asked"
	}
	return "taken"
}

// walk asks routes, each before those in it, and tells of each visit after it is
// known who takes the hit. It reports whether one did.
func walk(routes []configs.Route, s Subject, w way, tell func(visit)) (taken bool) {
	for i := range routes {
		r := &routes[i]
		v := visit{route: r, depth: w.depth, refused: refuses(&r.Match, s)}
		if v.refused.key != "" {
			tell(v)
			continue
		}
		context := w.context || slices.Contains(r.Themes, string(news.ThemeContext))
		var inside []visit
		v.inner = walk(r.Routes, s, way{depth: w.depth + 1, context: context}, func(in visit) { inside = append(inside, in) })
		v.context = !v.inner && s.Hit.Theme == news.ThemeContext && !context
		took := v.inner || v.taken()
		v.stops = took && !goesOn(r, w)
		tell(v)
		for _, in := range inside {
			tell(in)
		}
		taken = taken || took
		if v.stops {
			break
		}
	}
	return taken
}

// goesOn reports whether routes after one that took a hit are asked too.
func goesOn(r *configs.Route, w way) bool {
	if r.Continue != nil {
		return *r.Continue
	}
	return w.top
}

// refusal is why a hit isn't taken; the zero one: it is.
type refusal struct {
	key         string
	have, limit int      // of a level
	list        []string // of a list
	not         bool     // the hit is in the list, and must not be
}

// String is the refusal in words.
func (r refusal) String() string {
	switch {
	case r.list == nil:
		return fmt.Sprintf("its level is %d, %s is %d", r.have, r.key, r.limit)
	case r.not:
		return "under not, " + r.key + " has " + strings.Join(r.list, ", ")
	}
	return r.key + " has only " + strings.Join(r.list, ", ")
}

// refuses says why a hit isn't taken.
func refuses(m *configs.Match, s Subject) refusal {
	switch {
	case s.Hit.Level < m.MinLevel:
		return refusal{key: "min_level", have: s.Hit.Level, limit: m.MinLevel}
	case m.MaxLevel > 0 && s.Hit.Level > m.MaxLevel:
		return refusal{key: "max_level", have: s.Hit.Level, limit: m.MaxLevel}
	}
	for _, l := range lists {
		if want := l.of(&m.Lists); len(want) > 0 && !l.in(want, s) {
			return refusal{key: l.key, list: want}
		}
		if not := l.of(&m.Not); len(not) > 0 && l.in(not, s) {
			return refusal{key: l.key, list: not, not: true}
		}
	}
	return refusal{}
}

// lists are the ways of choosing by a list.
var lists = []struct {
	key string
	of  func(*configs.Lists) []string
	in  func(list []string, s Subject) bool
}{
	{"themes", func(l *configs.Lists) []string { return l.Themes }, func(l []string, s Subject) bool { return slices.Contains(l, string(s.Hit.Theme)) }},
	{"signals", func(l *configs.Lists) []string { return l.Signals }, func(l []string, s Subject) bool { return slices.Contains(l, s.Hit.Signal) }},
	{"countries", func(l *configs.Lists) []string { return l.Countries }, func(l []string, s Subject) bool { return meet(l, s.Hit.Countries) }},
	{"directions", func(l *configs.Lists) []string { return l.Directions }, func(l []string, s Subject) bool { return slices.Contains(l, string(s.Hit.Direction)) }},
	{"statuses", func(l *configs.Lists) []string { return l.Statuses }, func(l []string, s Subject) bool { return slices.Contains(l, string(s.Hit.Status)) }},
	{"languages", func(l *configs.Lists) []string { return l.Languages }, func(l []string, s Subject) bool { return speaks(l, s.Article.Lang) }},
	{"sources", func(l *configs.Lists) []string { return l.Sources }, func(l []string, s Subject) bool { return slices.Contains(l, s.Article.Source) }},
	{"ownership", func(l *configs.Lists) []string { return l.Ownership }, func(l []string, s Subject) bool { return slices.Contains(l, s.Source.Ownership) }},
	{"entities", func(l *configs.Lists) []string { return l.Entities }, func(l []string, s Subject) bool { return meet(l, s.Hit.Entities) }},
}

// meet reports whether two lists have something in common, in capitals or not.
func meet(list, has []string) bool {
	return slices.ContainsFunc(has, func(h string) bool {
		return slices.ContainsFunc(list, func(of string) bool { return strings.EqualFold(h, of) })
	})
}

// speaks reports whether a language is one of a list, or a kind of one: uz-Cyrl
// is uz.
func speaks(list []string, lang string) bool {
	return slices.ContainsFunc(list, func(of string) bool {
		return strings.EqualFold(lang, of) || len(lang) > len(of) && lang[len(of)] == '-' && strings.EqualFold(lang[:len(of)], of)
	})
}

// Names gives the names of the routes, in the alphabet's order.
func (r *Router) Names() []string { return slices.Sorted(maps.Keys(r.named)) }

// Has reports whether there is a route with that name that leads to the channel.
func (r *Router) Has(t Target) bool {
	one := r.named[t.Route]
	return one != nil && slices.Contains(one.To, t.Channel)
}

// QuietUntil is when quiet hours end, of the route or the channel, that hold at
// a time for a story of a level; zero where none hold.
func (r *Router) QuietUntil(t Target, level int, at time.Time) time.Time {
	var all []*configs.QuietHours
	if one := r.named[t.Route]; one != nil {
		all = append(all, one.QuietHours)
	}
	if c, ok := r.channels[t.Channel]; ok {
		all = append(all, c.QuietHours)
	}
	until, moved := time.Time{}, true
	for n := 0; moved && n < 14; n++ { // one may begin as the other ends
		moved = false
		from := at
		if !until.IsZero() {
			from = until
		}
		for _, q := range all {
			if end := quietUntil(q, level, from); end.After(until) {
				until, moved = end, true
			}
		}
	}
	return until.UTC()
}

// QuietDigest reports whether a digest follows the quiet hours of the route or the
// channel.
func (r *Router) QuietDigest(t Target) bool {
	is := func(q *configs.QuietHours) bool { return q != nil && q.Then == configs.ThenDigest }
	one := r.named[t.Route]
	return one != nil && is(one.QuietHours) || is(r.channels[t.Channel].QuietHours)
}

// MaxPerHour is how many messages an hour a route may send to each of its
// channels; 0: no limit.
func (r *Router) MaxPerHour(route string) int {
	if one := r.named[route]; one != nil {
		return one.MaxPerHour
	}
	return 0
}

// Takes reports whether a route would get a hit: those around it pass it, and
// none in it or before it keeps it away.
func (r *Router) Takes(route string, s Subject) bool {
	if s.Hit.Background || s.Hit.Quiet != "" {
		return false
	}
	takes := false
	walk(r.routes, s, way{top: true}, func(v visit) { takes = takes || v.route.Name == route && v.taken() })
	return takes
}

// first puts those hits first that a route takes, so that its message speaks of
// what it was asked for; a route that isn't there any more changes nothing.
func (r *Router) first(route string, a news.Alert) []news.Hit {
	if r.named[route] == nil {
		return a.Hits
	}
	takes := func(h news.Hit) bool { return r.Takes(route, Subject{h, a.Article, a.Source}) }
	hits := slices.Clone(a.Hits)
	slices.SortStableFunc(hits, func(a, b news.Hit) int {
		switch ta, tb := takes(a), takes(b); {
		case ta == tb:
			return 0
		case ta:
			return -1
		}
		return 1
	})
	return hits
}

// taken are the hits of an alert that its route takes; all that may be told
// where there is none.
func (r *Router) taken(route string, a news.Alert) []news.Hit {
	out := slices.DeleteFunc(slices.Clone(a.Hits), func(h news.Hit) bool { return !r.Takes(route, Subject{h, a.Article, a.Source}) })
	if len(out) == 0 {
		out = slices.DeleteFunc(slices.Clone(a.Hits), func(h news.Hit) bool { return h.Background || h.Quiet != "" })
	}
	return out
}
