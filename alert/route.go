package alert

import (
	"slices"
	"strings"

	"driftwatch/configs"
	"driftwatch/news"
)

// Router says who is told of a hit.
type Router struct {
	routes []configs.Route
}

// Target is one channel of one route.
type Target struct {
	Route   string
	Channel string
}

// Routes makes a router of a configuration's routes.
func Routes(cfg []configs.Route) *Router { return &Router{routes: slices.Clone(cfg)} }

// Match gives the targets of a hit, in the order of the routes and of their
// channels, each once. What a route leaves out matches everything; a hit that
// is background or kept quiet has no targets.
func (r *Router) Match(h news.Hit) []Target {
	if h.Background || h.Quiet != "" {
		return nil
	}
	var out []Target
	for _, route := range r.routes {
		if !takes(route, h) {
			continue
		}
		for _, to := range route.To {
			if t := (Target{Route: route.Name, Channel: to}); !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	return out
}

// first puts those hits first that a route takes, so that its message speaks of
// what it was asked for; a route that isn't there any more changes nothing.
func (r *Router) first(route string, hits []news.Hit) []news.Hit {
	at := slices.IndexFunc(r.routes, func(c configs.Route) bool { return c.Name == route })
	if at < 0 {
		return hits
	}
	var taken, others []news.Hit
	for _, h := range hits {
		if takes(r.routes[at], h) {
			taken = append(taken, h)
		} else {
			others = append(others, h)
		}
	}
	return append(taken, others...)
}

// takes reports whether a route is for a hit. The context theme goes only to
// routes that name it.
func takes(route configs.Route, h news.Hit) bool {
	if len(route.Themes) == 0 && h.Theme == news.ThemeContext {
		return false
	}
	if len(route.Themes) > 0 && !slices.Contains(route.Themes, string(h.Theme)) {
		return false
	}
	if len(route.Countries) > 0 && !slices.ContainsFunc(h.Countries, func(c string) bool {
		return slices.ContainsFunc(route.Countries, func(of string) bool { return strings.EqualFold(c, of) })
	}) {
		return false
	}
	return h.Level >= route.MinLevel
}
