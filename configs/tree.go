package configs

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// watched are the countries that a hit can be of.
var watched = []string{"KZ", "KG", "UZ", "TJ", "TM"}

// What a hit and its source can be, as news has it.
var (
	directions = []string{"apart", "closer", "mixed", "contested", "none"}
	statuses   = []string{"happened", "decided", "announced", "proposed", "demanded", "opinion", "denied"}
)

// routes checks the tree of routes, or the list of them, and fills in names and
// what a route has of the one that it is in.
func (l *loader) routes(root *Route) {
	c, channels := l.config, names(l.config.Channels)
	switch {
	case root != nil && l.doc.given(At("routes")):
		l.doc.FaultKey(At("route"), "there are both route, the root of a tree, and routes, a list: keep one")
		return
	case root != nil:
		c.Routes = []Route{*root}
		l.route(At("route"), &c.Routes[0], nil, channels, map[string]bool{})
	case c.Routes == nil && len(channels) > 0 && !l.doc.given(At("routes")):
		c.Routes = []Route{{Name: "all", Match: Match{MinLevel: 1, MaxLevel: 5}, To: channels}}
	default:
		taken := map[string]bool{}
		for i := range c.Routes {
			l.route(At("routes", i), &c.Routes[i], nil, channels, taken)
		}
	}
	l.digests(channels)
	l.unused(channels)
}

// route checks a route and those in it; in is the route that it is in.
func (l *loader) route(at Path, r, in *Route, channels []string, taken map[string]bool) {
	sub := func(steps ...any) Path { return slices.Concat(at, steps) }
	l.match(at, &r.Match)
	l.quiet(sub("quiet_hours"), r.QuietHours)
	if l.doc.given(sub("max_per_hour")) && r.MaxPerHour < 1 {
		l.doc.judge(sub("max_per_hour"), "this has to be 1 or more")
	}
	if in != nil {
		if r.QuietHours == nil {
			r.QuietHours = in.QuietHours
		}
		r.MaxPerHour = cmp.Or(r.MaxPerHour, in.MaxPerHour)
	}
	r.To = l.to(at, "route", r.To, in, channels)
	l.name(sub("name"), &r.Name, "route", strings.Join(r.To, "+"), taken)
	if r.Digest != nil {
		l.schedule(sub("digest"), r.Digest)
	}
	for i := range r.Routes {
		l.route(sub("routes", i), &r.Routes[i], r, channels, taken)
	}
}

// match checks what something is for.
func (l *loader) match(at Path, m *Match) {
	sub := func(steps ...any) Path { return slices.Concat(at, steps) }
	l.doc.judge(sub("min_level"), outside(m.MinLevel, 5))
	l.doc.judge(sub("max_level"), outside(m.MaxLevel, 5))
	if m.MaxLevel < m.MinLevel {
		l.doc.judge(sub("max_level"), "this is lower than min_level: nothing can match")
	}
	l.lists(at, m.Lists)
	l.lists(sub("not"), m.Not)
}

func (l *loader) lists(at Path, m Lists) {
	doc := l.doc
	for _, list := range []struct {
		key     string
		values  []string
		allowed []string
	}{
		{"countries", m.Countries, watched}, {"directions", m.Directions, directions},
		{"statuses", m.Statuses, statuses}, {"ownership", m.Ownership, ownerships},
	} {
		for i, v := range list.values {
			doc.oneOf(slices.Concat(at, At(list.key, i)), v, list.allowed...)
		}
	}
	if !doc.given(At("themes")) { // otherwise CheckThemes is who knows
		for i, theme := range m.Themes {
			doc.oneOf(slices.Concat(at, At("themes", i)), theme, Themes...)
		}
	}
}

// sourceIDs checks the sources that routes and digests name, once these are
// read.
func (l *loader) sourceIDs() {
	var known []string
	for _, s := range l.config.Sources {
		known = append(known, s.ID)
	}
	l.eachLists(func(at Path, m Lists) {
		for i, id := range m.Sources {
			at := slices.Concat(at, At("sources", i))
			if !slices.Contains(known, id) {
				l.doc.judge(at, "no source has the id "+l.doc.quote(at, id)).Hint = l.doc.near(at, id, known)
			}
		}
	})
}

// eachLists calls f with all lists of routes and digests, and where they stand.
func (l *loader) eachLists(f func(at Path, m Lists)) {
	var each func(at Path, r *Route)
	each = func(at Path, r *Route) {
		f(at, r.Lists)
		f(slices.Concat(at, At("not")), r.Not)
		for i := range r.Routes {
			each(slices.Concat(at, At("routes", i)), &r.Routes[i])
		}
	}
	for i := range l.config.Routes {
		at := At("routes", i)
		if l.doc.given(At("route")) {
			at = At("route")
		}
		each(at, &l.config.Routes[i])
	}
	for i, d := range l.config.Digests {
		if i < l.ownDigests {
			f(At("digests", i), d.Lists)
			f(At("digests", i, "not"), d.Not)
		}
	}
}

// to checks the channels that a route or digest leads to: those given, else
// those of what it is in, else all.
func (l *loader) to(at Path, what string, given []string, in *Route, channels []string) []string {
	doc := l.doc
	sub := func(steps ...any) Path { return slices.Concat(at, steps) }
	switch {
	case doc.broken || !doc.isGroup(at) || doc.slip(At(), "channels"):
		return given // the channels may be in what wasn't read
	case len(channels) == 0:
		doc.Fault(sub("to"), "the "+what+" leads nowhere: there are no channels")
		return given
	case !doc.given(sub("to")) && in != nil:
		return in.To
	case !doc.given(sub("to")):
		return channels
	case len(given) == 0:
		doc.judge(sub("to"), "the "+what+" leads nowhere: the list is empty")
	}
	for i, to := range given {
		if at := sub("to", i); !slices.Contains(channels, to) {
			doc.judge(at, "no channel has the name "+doc.quote(at, to)+": there are "+strings.Join(channels, ", ")).Hint = doc.near(at, to, channels)
		}
	}
	return given
}

// name gives a route or a digest without a name a usual one, with a number where
// that is taken: deliveries remember the name, and what moves up or down in the
// file keeps it. what is what it is called in a fault.
func (l *loader) name(at Path, name *string, what, usual string, taken map[string]bool) {
	if *name == "" && !l.doc.faulty(at) {
		*name = usual
		for n := 2; taken[*name]; n++ {
			*name = usual + "-" + strconv.Itoa(n)
		}
	} else if unprintable(*name) {
		l.doc.judge(at, "a "+what+"'s name can't hold line ends or other control characters")
	} else if taken[*name] {
		l.doc.judge(at, "another "+what+" has this name already")
	}
	taken[*name] = true
}

// quiet checks quiet hours.
func (l *loader) quiet(at Path, q *QuietHours) {
	if q == nil || !l.doc.isGroup(at) {
		return
	}
	sub := func(steps ...any) Path { return slices.Concat(at, steps) }
	if lacks := l.doc.missing(at, "from", "to"); len(lacks) > 0 {
		l.doc.FaultKey(at, "quiet hours need "+strings.Join(lacks, " and "))
	} else if q.From == q.To {
		l.doc.judge(sub("to"), "quiet hours end when they begin: they would be all day, or none of it")
	}
	for i, d := range q.Days {
		l.doc.oneOf(sub("days", i), d, Weekdays...)
	}
	l.doc.oneOf(sub("then"), q.Then, ThenMessages, ThenDigest)
	if l.doc.given(sub("except_level")) {
		l.doc.judge(sub("except_level"), outside(q.ExceptLevel, 5))
	}
	if !q.Timezone.Set() {
		q.Timezone = l.config.Alerts.Timezone
	}
}

func (l *loader) schedule(at Path, s *Schedule) {
	if !l.doc.isGroup(at) {
		return
	}
	if len(l.doc.missing(at, "every")) > 0 {
		l.doc.FaultKey(at, "a digest needs every: hourly, daily or weekly")
	}
	sub := func(steps ...any) Path { return slices.Concat(at, steps) }
	l.doc.oneOf(sub("every"), s.Every, periods...)
	l.doc.oneOf(sub("weekday"), s.Weekday, Weekdays...)
	if l.doc.given(sub("weekday")) && s.Every != "weekly" {
		l.doc.judge(sub("weekday"), "only a weekly digest has a weekday")
	}
	if !s.Timezone.Set() {
		s.Timezone = l.config.Alerts.Timezone
	}
}

// digests checks the digests, and adds those of routes.
func (l *loader) digests(channels []string) {
	c := l.config
	l.ownDigests = len(c.Digests)
	routes := map[string]bool{}
	EachRoute(c.Routes, func(r *Route, _ int) { routes[r.Name] = true })
	taken := map[string]bool{}
	for i := range c.Digests {
		at, d := At("digests", i), &c.Digests[i]
		l.schedule(at, &d.Schedule)
		l.match(at, &d.Match)
		d.To = l.to(at, "digest", d.To, nil, channels)
		if name := slices.Concat(at, At("route")); d.Route != "" && !routes[d.Route] {
			l.doc.judge(name, "no route has the name "+l.doc.quote(name, d.Route)).Hint = l.doc.near(name, d.Route, names(routes))
		}
		l.name(slices.Concat(at, At("name")), &d.Name, "digest", d.Every+"-"+strings.Join(d.To, "+"), taken)
	}
	EachRoute(c.Routes, func(r *Route, _ int) {
		if r.Digest == nil {
			return
		}
		d := Digest{Name: r.Name, Schedule: *r.Digest, Match: Match{MinLevel: 1, MaxLevel: 5}, Route: r.Name, To: r.To}
		for n := 2; taken[d.Name]; n++ {
			d.Name = fmt.Sprintf("%s-%d", r.Name, n)
		}
		taken[d.Name] = true
		c.Digests = append(c.Digests, d)
	})
}

// EachRoute calls f with all routes, those in a route after it, each with how
// deep it lies.
func EachRoute(routes []Route, f func(r *Route, depth int)) { eachRoute(routes, 0, f) }

func eachRoute(routes []Route, depth int, f func(r *Route, depth int)) {
	for i := range routes {
		f(&routes[i], depth)
		eachRoute(routes[i].Routes, depth+1, f)
	}
}

// unused warns of channels that neither a route nor a digest leads to.
func (l *loader) unused(channels []string) {
	used := map[string]bool{}
	EachRoute(l.config.Routes, func(r *Route, _ int) {
		for _, to := range r.To {
			used[to] = true
		}
	})
	for _, d := range l.config.Digests {
		for _, to := range d.To {
			used[to] = true
		}
	}
	for _, name := range channels {
		if !used[name] {
			l.warn("no route leads to channel %s", name)
		}
	}
}
