package configs

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Lists say what a hit may be of. An empty list passes all; of each other list
// the hit has to be in.
type Lists struct {
	Themes     []string `yaml:"themes"`     // theme ids
	Signals    []string `yaml:"signals"`    // signal ids
	Countries  []string `yaml:"countries"`  // of KZ, KG, UZ, TJ, TM; any of the hit's
	Directions []string `yaml:"directions"` // apart, closer, mixed, contested, none
	Statuses   []string `yaml:"statuses"`   // happened, decided, announced, proposed, demanded, opinion, denied
	Languages  []string `yaml:"languages"`  // of the article, BCP 47; ru takes ru-KZ too
	Sources    []string `yaml:"sources"`    // ids of sources
	Ownership  []string `yaml:"ownership"`  // of the source
	Entities   []string `yaml:"entities"`   // ids of names in the evidence; any of the hit's
}

// Empty reports whether nothing is listed.
func (l Lists) Empty() bool {
	for _, list := range [][]string{l.Themes, l.Signals, l.Countries, l.Directions, l.Statuses, l.Languages, l.Sources, l.Ownership, l.Entities} {
		if len(list) > 0 {
			return false
		}
	}
	return true
}

// Match says which hits something is for.
type Match struct {
	Lists    `yaml:",inline"`
	MinLevel int   `yaml:"min_level"` // 1 to 5
	MaxLevel int   `yaml:"max_level"` // 1 to 5
	Not      Lists `yaml:"not"`       // a hit that is in one of these lists isn't taken
}

// SetDefaults lets every level through.
func (m *Match) SetDefaults() { m.MinLevel, m.MaxLevel = 1, 5 }

// Route says which hits go to which channels.
type Route struct {
	Name  string `yaml:"name"`
	Match `yaml:",inline"`
	To    []string `yaml:"to"` // names of channels; not given: those of the route that this is in

	// Continue says whether routes after this one in its list are asked too. Not
	// given: yes in the list `routes` of the file, no in a route's own.
	Continue *bool   `yaml:"continue"`
	Routes   []Route `yaml:"routes"` // asked first; what none of them takes is this route's own

	QuietHours *QuietHours `yaml:"quiet_hours"`  // nil: those of the route that this is in
	MaxPerHour int         `yaml:"max_per_hour"` // messages an hour to each channel; 0: that of the route that this is in, or no limit
	Digest     *Schedule   `yaml:"digest"`       // tells together what this route takes; nil: none
}

// SetDefaults lets a route match every level.
func (r *Route) SetDefaults() { r.Match.SetDefaults() }

// QuietHours are a time of day in which nobody is to be disturbed.
type QuietHours struct {
	From        Clock    `yaml:"from"`
	To          Clock    `yaml:"to"`           // the next day where it isn't after From
	Days        []string `yaml:"days"`         // on which it begins: mon, tue, …; empty: every day
	ExceptLevel int      `yaml:"except_level"` // goes out all the same, and what is higher; 0: nothing does
	Then        string   `yaml:"then"`         // what becomes of what waited: ThenMessages or ThenDigest
	Timezone    Zone     `yaml:"timezone"`
}

// What follows quiet hours.
const (
	ThenMessages = "messages" // each story's message
	ThenDigest   = "digest"   // one digest of them
)

// SetDefaults has messages follow.
func (q *QuietHours) SetDefaults() { q.Then = ThenMessages }

// Schedule is when a digest is made.
type Schedule struct {
	Every    string `yaml:"every"`   // hourly, daily or weekly
	At       Clock  `yaml:"at"`      // local time; of an hourly one the minute counts
	Weekday  string `yaml:"weekday"` // of a weekly one: mon, tue, …
	Timezone Zone   `yaml:"timezone"`
}

// SetDefaults is Monday morning.
func (s *Schedule) SetDefaults() { s.At, s.Weekday = Clock{8 * 60}, "mon" }

// Digest is one message about many stories, at fixed times.
type Digest struct {
	Name     string `yaml:"name"`
	Schedule `yaml:",inline"`
	Match    `yaml:",inline"`
	Route    string   `yaml:"route"` // only what this route takes; empty: whatever matches
	To       []string `yaml:"to"`    // names of channels
}

// SetDefaults is every level, Monday morning.
func (d *Digest) SetDefaults() {
	d.Match.SetDefaults()
	d.Schedule.SetDefaults()
}

// Periods, as `every` has them.
var periods = []string{"hourly", "daily", "weekly"}

// Weekdays are the days of a week as the configuration names them.
var Weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// WeekdayOf is the day that a name of Weekdays means.
func WeekdayOf(name string) time.Weekday {
	for i, w := range Weekdays {
		if w == name {
			return time.Weekday((i + 1) % 7)
		}
	}
	return time.Monday
}

// Clock is a time of day, in minutes since midnight.
type Clock struct{ Minutes int }

// UnmarshalText reads 07:30.
func (c *Clock) UnmarshalText(text []byte) error {
	t, err := time.Parse("15:04", strings.TrimSpace(string(text)))
	if err != nil {
		return errors.New(`a time of day is expected here, such as "07:30"`)
	}
	c.Minutes = t.Hour()*60 + t.Minute()
	return nil
}

// String is the time as 07:30.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c.Minutes/60, c.Minutes%60) }

// On is that time of a day.
func (c Clock) On(day time.Time) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, c.Minutes/60, c.Minutes%60, 0, 0, day.Location())
}

// Zone is a time zone by its name. The zero Zone is the system's.
type Zone struct{ at *time.Location }

// ZoneAt is a zone.
func ZoneAt(l *time.Location) Zone { return Zone{l} }

// UnmarshalText reads a name of the IANA time zone database.
func (z *Zone) UnmarshalText(text []byte) error {
	name := strings.TrimSpace(string(text))
	at, err := time.LoadLocation(name)
	if err != nil || name == "" {
		return errors.New("a time zone is expected here, such as Asia/Almaty, Europe/Berlin or UTC")
	}
	z.at = at
	return nil
}

// Set reports whether a zone was named.
func (z Zone) Set() bool { return z.at != nil }

// Location is the zone's, or the system's.
func (z Zone) Location() *time.Location {
	if z.at == nil {
		return time.Local
	}
	return z.at
}

// Manner is how a channel tells what is new in a story.
type Manner string

// The manners.
const (
	MannerEdits    Manner = "edits"    // the first message is edited, and a reply says what is new
	MannerEvents   Manner = "events"   // an event with a version
	MannerMessages Manner = "messages" // a further message, where it is worth one; the digest has the rest
	MannerAlone    Manner = "alone"    // a further message, where it is worth one; no digest has the rest
)

// Manner is how the channel tells what is new in a story, where a digest goes to it.
func (c Channel) Manner() Manner {
	switch {
	case c.Type == ChannelWebhook:
		return MannerEvents
	case c.Type == ChannelSlack && c.Token.IsSet():
		return MannerEdits
	}
	return MannerMessages
}

// Covers reports whether the digest has all that a route leads to a channel. One that
// chooses by lists and levels of its own may leave some of it out.
func (d Digest) Covers(route, channel string) bool {
	all := d.Lists.Empty() && d.Not.Empty() && d.MinLevel <= 1 && d.MaxLevel >= 5
	return all && slices.Contains(d.To, channel) && (d.Route == "" || d.Route == route)
}

// WithoutDigest are the channels to people that routes lead to, that can't change a
// message, and that no digest goes to: what waits for a digest is never told there.
func (c *Config) WithoutDigest() []string {
	routed, digested := map[string]bool{}, map[string]bool{}
	EachRoute(c.Routes, func(r *Route, _ int) {
		for _, to := range r.To {
			routed[to] = true
		}
	})
	for _, d := range c.Digests {
		for _, to := range d.To {
			digested[to] = true
		}
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(routed)) {
		if ch := c.Channels[name]; ch.Manner() == MannerMessages && ch.Type != ChannelStdout && !digested[name] {
			out = append(out, name)
		}
	}
	return out
}
