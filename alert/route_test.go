package alert_test

import (
	"slices"
	"strings"
	"testing"

	"driftwatch/alert"
	"driftwatch/configs"
	"driftwatch/news"
)

// The context theme goes only to routes that name it.
func TestContextIsAskedFor(t *testing.T) {
	routes := alert.Routes([]configs.Route{
		{Name: "all", To: []string{"desk"}},
		{Name: "everything", Match: configs.Match{Lists: configs.Lists{Themes: []string{"csto", "context"}}}, To: []string{"mail"}},
	})
	for theme, want := range map[news.Theme][]string{
		news.ThemeCSTO:    {"desk", "mail"},
		news.ThemeContext: {"mail"},
	} {
		targets := routes.Match(alert.Subject{Hit: news.Hit{Theme: theme, Level: 2, Countries: []string{"KG"}}})
		var got []string
		for _, one := range targets {
			got = append(got, one.Channel)
		}
		if len(got) != len(want) {
			t.Errorf("%s goes to %v, not to %v", theme, got, want)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s goes to %v, not to %v", theme, got, want)
			}
		}
	}
}

func match(lists configs.Lists) configs.Match { return configs.Match{Lists: lists} }

// A hit that is of all that a route can choose by.
func rich() alert.Subject {
	return alert.Subject{
		Hit: news.Hit{
			Theme: news.ThemeCSTO, Signal: "C3", Level: 3, Direction: news.Apart, Status: news.StatusDecided,
			Countries: []string{"KG", "KZ"}, Entities: []string{"csto", "q123"},
		},
		Article: news.Article{Lang: "uz-Cyrl", Source: "kovyl"},
		Source:  news.Source{ID: "kovyl", Ownership: "state"},
	}
}

func TestEveryListChooses(t *testing.T) {
	for key, c := range map[string]struct{ yes, no configs.Lists }{
		"themes":     {configs.Lists{Themes: []string{"sanctions", "csto"}}, configs.Lists{Themes: []string{"sanctions"}}},
		"signals":    {configs.Lists{Signals: []string{"C3"}}, configs.Lists{Signals: []string{"C4"}}},
		"countries":  {configs.Lists{Countries: []string{"TM", "KZ"}}, configs.Lists{Countries: []string{"TM"}}},
		"directions": {configs.Lists{Directions: []string{"apart"}}, configs.Lists{Directions: []string{"closer"}}},
		"statuses":   {configs.Lists{Statuses: []string{"decided"}}, configs.Lists{Statuses: []string{"opinion"}}},
		"languages":  {configs.Lists{Languages: []string{"uz"}}, configs.Lists{Languages: []string{"uz-Latn", "u"}}},
		"sources":    {configs.Lists{Sources: []string{"kovyl"}}, configs.Lists{Sources: []string{"mangysh"}}},
		"ownership":  {configs.Lists{Ownership: []string{"state"}}, configs.Lists{Ownership: []string{"private"}}},
		"entities":   {configs.Lists{Entities: []string{"q123"}}, configs.Lists{Entities: []string{"q1"}}},
	} {
		for _, try := range []struct {
			m    configs.Match
			want bool
		}{{match(c.yes), true}, {match(c.no), false}, {configs.Match{Not: c.yes}, false}, {configs.Match{Not: c.no}, true}} {
			r := alert.Routes([]configs.Route{{Name: "r", Match: try.m, To: []string{"c"}}})
			if got := len(r.Match(rich())) == 1; got != try.want {
				t.Errorf("%s %+v: taken %t", key, try.m, got)
			}
			if step := r.Trace(rich())[0]; !try.want && !strings.Contains(step.Why, key) {
				t.Errorf("%s: the reason is %q", key, step.Why)
			}
		}
	}
	r := alert.Routes([]configs.Route{{Name: "r", Match: configs.Match{MinLevel: 1, MaxLevel: 2}, To: []string{"c"}}})
	if step := r.Trace(rich())[0]; len(r.Match(rich())) != 0 || step.Why != "not taken: its level is 3, max_level is 2" {
		t.Errorf("a level too high: %q", step.Why)
	}
}

func TestTree(t *testing.T) {
	yes, no := true, false
	of := func(name, country string, more ...configs.Route) configs.Route {
		return configs.Route{Name: name, Match: match(configs.Lists{Countries: []string{country}}), To: []string{name}, Routes: more}
	}
	goesOn := func(r configs.Route, c *bool) configs.Route { r.Continue = c; return r }
	for name, c := range map[string]struct {
		routes []configs.Route
		want   string
	}{
		"the first that takes it":         {[]configs.Route{{Name: "root", To: []string{"root"}, Routes: []configs.Route{of("tm", "TM"), of("kg", "KG"), of("kz", "KZ")}}}, "kg"},
		"and those after it":              {[]configs.Route{{Name: "root", To: []string{"root"}, Routes: []configs.Route{goesOn(of("kg", "KG"), &yes), of("kz", "KZ"), of("kg2", "KG")}}}, "kg kz"},
		"none: the root is the fallback":  {[]configs.Route{{Name: "root", To: []string{"root"}, Routes: []configs.Route{of("tm", "TM")}}}, "root"},
		"the innermost":                   {[]configs.Route{{Name: "root", To: []string{"root"}, Routes: []configs.Route{of("kg", "KG", of("kz", "KZ"), of("kg3", "KG"))}}}, "kz"},
		"a list: each that takes it":      {[]configs.Route{of("kg", "KG"), of("tm", "TM"), of("kz", "KZ")}, "kg kz"},
		"a list that is told to stop":     {[]configs.Route{goesOn(of("kg", "KG"), &no), of("kz", "KZ")}, "kg"},
		"what isn't taken stops nothing":  {[]configs.Route{goesOn(of("tm", "TM"), &no), of("kz", "KZ")}, "kz"},
		"the outer one refuses":           {[]configs.Route{of("tm", "TM", of("kg", "KG")), of("kz", "KZ")}, "kz"},
		"a route that others are in only": {[]configs.Route{of("kg", "KG", of("tm", "TM"))}, "kg"},
	} {
		r := alert.Routes(c.routes)
		var got []string
		for _, t := range r.Match(rich()) {
			got = append(got, t.Channel)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: goes to %v, want %s", name, got, c.want)
		}
		var traced []string
		for _, step := range r.Trace(rich()) {
			traced = append(traced, step.To...)
			if step.Why == "" {
				t.Errorf("%s: route %s says nothing", name, step.Route)
			}
		}
		if !slices.Equal(traced, got) {
			t.Errorf("%s: traced to %v, goes to %v", name, traced, got)
		}
	}
}

// The context theme comes to a route inside of one that names it, and to none
// that doesn't.
func TestContextInATree(t *testing.T) {
	named := match(configs.Lists{Themes: []string{"context"}})
	for name, c := range map[string]struct {
		routes []configs.Route
		want   int
	}{
		"the inner one names it": {[]configs.Route{{Name: "root", To: []string{"a"}, Routes: []configs.Route{{Name: "in", Match: named, To: []string{"b"}}}}}, 1},
		"the outer one names it": {[]configs.Route{{Name: "root", Match: named, To: []string{"a"}, Routes: []configs.Route{{Name: "in", To: []string{"b"}}}}}, 1},
		"none names it":          {[]configs.Route{{Name: "root", To: []string{"a"}, Routes: []configs.Route{{Name: "in", To: []string{"b"}}}}}, 0},
	} {
		if got := len(alert.Routes(c.routes).Match(alert.Subject{Hit: news.Hit{Theme: news.ThemeContext, Level: 3}})); got != c.want {
			t.Errorf("%s: %d targets", name, got)
		}
	}
}
