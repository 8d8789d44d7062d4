package configs

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// What a route leaves out it has of the one around it, but not the matchers, and
// a digest has the zone of alerts.
func TestTreeInherits(t *testing.T) {
	c := load(t, `
alerts: {timezone: Asia/Bishkek}
channels: {a: {type: stdout}, b: {type: stdout}}
route:
  to: [a]
  min_level: 2
  max_per_hour: 5
  quiet_hours: {from: "22:00", to: "07:00"}
  digest: {every: weekly}
  routes:
    - {name: inner, countries: [KG], continue: true}
    - {name: other, to: [b], max_per_hour: 9, quiet_hours: {from: "01:00", to: "02:00", timezone: UTC}, not: {signals: [C3]}}
digests:
  - {every: hourly, at: "00:30", route: inner, to: [b]}
`)
	root := c.Routes[0]
	inner, other := root.Routes[0], root.Routes[1]
	if len(c.Routes) != 1 || root.Name != "a" || root.MinLevel != 2 || root.QuietHours.Timezone.Location().String() != "Asia/Bishkek" {
		t.Errorf("the root is %+v", root)
	}
	if !slices.Equal(inner.To, []string{"a"}) || inner.MaxPerHour != 5 || inner.QuietHours != root.QuietHours || inner.MinLevel != 1 || !*inner.Continue {
		t.Errorf("the inner route is %+v", inner)
	}
	if !slices.Equal(other.To, []string{"b"}) || other.MaxPerHour != 9 || other.QuietHours.Timezone.Location() != time.UTC || other.Continue != nil || !slices.Equal(other.Not.Signals, []string{"C3"}) {
		t.Errorf("the other route is %+v", other)
	}
	if len(c.Digests) != 2 {
		t.Fatalf("digests %+v", c.Digests)
	}
	own, routes := c.Digests[0], c.Digests[1]
	if own.Name != "hourly-b" || own.Route != "inner" || own.At.Minutes != 30 || own.Timezone.Location().String() != "Asia/Bishkek" || own.MaxLevel != 5 {
		t.Errorf("the digest is %+v", own)
	}
	if routes.Name != "a" || routes.Route != "a" || routes.Every != "weekly" || routes.Weekday != "mon" || routes.At.String() != "08:00" || !slices.Equal(routes.To, []string{"a"}) {
		t.Errorf("the digest of the route is %+v", routes)
	}
	depths := ""
	EachRoute(c.Routes, func(r *Route, depth int) { depths += strings.Repeat(">", depth) + r.Name + " " })
	if depths != "a >inner >other " {
		t.Errorf("the routes are %s", depths)
	}
}

func TestCheckSignals(t *testing.T) {
	c := load(t, "channels: {a: {type: stdout}}\nroutes: [{routes: [{signals: [C3, C33]}], not: {signals: [c4]}}]\ndigests: [{every: daily, signals: [D9]}]\n")
	err := c.CheckSignals([]string{"C3", "C4", "D9"})
	if err == nil || strings.Count(err.Error(), "no pack has the signal") != 2 || !strings.Contains(err.Error(), ":2:35: ") || !strings.Contains(err.Error(), `"C33"`) {
		t.Errorf("%v", err)
	}
	if err := c.CheckSignals([]string{"C3", "C33", "c4", "D9"}); err != nil {
		t.Error(err)
	}
}

func TestWeekdayOf(t *testing.T) {
	for i, name := range Weekdays {
		if want := time.Weekday((i + 1) % 7); WeekdayOf(name) != want || !strings.EqualFold(want.String()[:3], name) {
			t.Errorf("%s is %v", name, WeekdayOf(name))
		}
	}
}

// Channels that a digest alone leads to are used.
func TestDigestUsesAChannel(t *testing.T) {
	c := load(t, "channels: {a: {type: stdout}, b: {type: stdout}}\nroutes: [{to: [a]}]\ndigests: [{every: daily, to: [b]}]\n")
	if slices.ContainsFunc(c.Warnings, func(w string) bool { return strings.Contains(w, "channel b") }) {
		t.Errorf("warned: %q", c.Warnings)
	}
}
