package pulse

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"driftwatch/news"
)

// Memory is what is remembered from one cycle to the next.
type Memory struct {
	Rhythms map[string]Rhythm    `json:"rhythms"` // of the sources, by id
	Told    map[string]time.Time `json:"told"`    // alarms that were told and aren't over, by their id
	Daily   time.Time            `json:"daily"`   // when the daily line was made last
	Since   Sums                 `json:"since"`   // what has happened since then
}

// Rhythm is how often a source publishes.
type Rhythm struct {
	Last time.Time     `json:"last"` // when something new was found last
	Gap  time.Duration `json:"gap"`  // usual time between two finds
	N    int           `json:"n"`    // finds that this rests on
}

// Sums add up cycles.
type Sums struct {
	Cycles   int            `json:"cycles"`
	Failed   int            `json:"failed"` // cycles that ended with an error
	Polled   int            `json:"polled"`
	Articles int            `json:"articles"`
	Hits     map[string]int `json:"hits"` // by theme
	Sent     int            `json:"sent"`
	Given    int            `json:"given_up"` // deliveries
}

// Facts are what is known at the end of a cycle.
type Facts struct {
	Now     time.Time
	Zone    *time.Location
	Cycle   Sums           // what the cycle did
	Fresh   map[string]int // new articles of the cycle, by source
	Sources []Source       // the enabled ones
	Before  time.Time      // when the cycle before this one ended; zero: unknown, or there was none
	Pending int            // deliveries that wait
	Oldest  time.Time      // when the oldest of them was made
	Free    int            // percent of the disk that is free; below 0: not known

	Trouble map[string]string // what channels said that gave deliveries up, by channel
	Took    map[string]bool   // channels that took something and gave nothing up
}

// Source is one source's state.
type Source struct {
	ID       string
	Name     string
	Failures int
	Problem  string
}

// Limits say when there is an alarm.
type Limits struct {
	Silence time.Duration
	Stall   time.Duration
	Pending int
	Free    int           // percent
	At      time.Duration // of the daily line, since midnight
}

// How a rhythm is learned, and when its end is a silence.
const (
	enough = 6 // finds before a source has a rhythm
	beats  = 6 // usual gaps that must have passed
	weight = 8 // of what is known, against one new gap
)

// Beat gives what is to be told now, and what is to be remembered.
func Beat(m Memory, f Facts, l Limits) ([]news.Note, Memory) {
	m = m.learn(f, l)
	var notes []news.Note
	alarms := m.alarms(f, l)
	notes = append(notes, m.begun(alarms, f)...)
	notes = append(notes, m.over(alarms, f)...)
	if at := lastTime(f, l.At); m.Daily.IsZero() {
		m.Daily = f.Now // the first line comes after a day's worth
	} else if m.Daily.Before(at) {
		notes = append(notes, m.daily(f, alarms, at))
		m.Daily, m.Since = f.Now, Sums{}
	}
	return notes, m
}

// lastTime is the latest moment at a time of the day that isn't after now.
func lastTime(f Facts, at time.Duration) time.Time {
	zone := f.Zone
	if zone == nil {
		zone = time.UTC
	}
	now := f.Now.In(zone)
	y, mon, d := now.Date()
	today := time.Date(y, mon, d, int(at.Hours()), int(at.Minutes())%60, 0, 0, zone)
	if today.After(now) {
		return time.Date(y, mon, d-1, int(at.Hours()), int(at.Minutes())%60, 0, 0, zone)
	}
	return today
}

// learn adds a cycle to what is remembered; m itself stays as it is. A time in
// which no cycle ran is no source's silence: their clocks stood still.
func (m Memory) learn(f Facts, l Limits) Memory {
	m.Rhythms, m.Told = maps.Clone(m.Rhythms), maps.Clone(m.Told)
	if m.Rhythms == nil {
		m.Rhythms = map[string]Rhythm{}
	}
	if m.Told == nil {
		m.Told = map[string]time.Time{}
	}
	if gap := f.Now.Sub(f.Before); !f.Before.IsZero() && gap > l.Stall {
		for id, r := range m.Rhythms {
			r.Last = r.Last.Add(gap)
			m.Rhythms[id] = r
		}
	}
	known := map[string]bool{}
	for _, s := range f.Sources {
		known[s.ID] = true
		if f.Fresh[s.ID] > 0 {
			m.Rhythms[s.ID] = m.Rhythms[s.ID].find(f.Now)
		}
	}
	maps.DeleteFunc(m.Rhythms, func(id string, _ Rhythm) bool { return !known[id] })
	m.Since = m.Since.add(f.Cycle)
	return m
}

// find adds a find to a rhythm.
func (r Rhythm) find(now time.Time) Rhythm {
	if gap := now.Sub(r.Last); !r.Last.IsZero() && gap > 0 {
		if r.N <= 1 {
			r.Gap = gap
		} else {
			r.Gap += (gap - r.Gap) / time.Duration(min(r.N, weight))
		}
	}
	return Rhythm{Last: now, Gap: r.Gap, N: r.N + 1}
}

func (s Sums) add(c Sums) Sums {
	hits := maps.Clone(s.Hits)
	if hits == nil {
		hits = map[string]int{}
	}
	for theme, n := range c.Hits {
		hits[theme] += n
	}
	return Sums{
		Cycles: s.Cycles + c.Cycles, Failed: s.Failed + c.Failed, Polled: s.Polled + c.Polled,
		Articles: s.Articles + c.Articles, Hits: hits, Sent: s.Sent + c.Sent, Given: s.Given + c.Given,
	}
}

// alarm is something that needs a hand.
type alarm struct {
	id    string // of what is wrong: the same as long as it is
	group string // alarms of a group are told in one note
	line  string
}

// The groups, with what a note about them is called.
var titles = map[string][2]string{ // begun, over
	"silent":   {"sources have fallen silent", "sources publish again"},
	"stall":    {"no cycle had ended for a while", ""},
	"pending":  {"deliveries pile up", "the deliveries have gone out"},
	"disk":     {"the disk is nearly full", "the disk has room again"},
	"channels": {"a channel takes nothing", "the channels take messages again"},
}

var groups = []string{"silent", "stall", "pending", "disk", "channels"}

// alarms are all that there is reason for.
func (m Memory) alarms(f Facts, l Limits) []alarm {
	var out []alarm
	for _, s := range f.Sources {
		r := m.Rhythms[s.ID]
		quiet := f.Now.Sub(r.Last)
		if r.N < enough || quiet <= max(l.Silence, beats*r.Gap) {
			continue
		}
		line := fmt.Sprintf("%s: nothing new for %s, usually every %s", cmp.Or(s.Name, s.ID), span(quiet), span(r.Gap))
		if s.Failures > 0 {
			line += "; it can't be read: " + s.Problem
		}
		out = append(out, alarm{"silent " + s.ID, "silent", line})
	}
	if gap := f.Now.Sub(f.Before); !f.Before.IsZero() && gap > l.Stall {
		out = append(out, alarm{"stall", "stall", fmt.Sprintf("The cycle before this one ended %s ago: is cron, or the daemon, running?", span(gap))})
	}
	if f.Pending > l.Pending {
		out = append(out, alarm{"pending", "pending", fmt.Sprintf("%s, the oldest for %s. See: driftwatch alerts list --state pending", counted(f.Pending, "delivery waits", "deliveries wait"), span(f.Now.Sub(f.Oldest)))})
	}
	if f.Free >= 0 && f.Free < l.Free {
		out = append(out, alarm{"disk", "disk", fmt.Sprintf("%d %% of the disk that holds the database is free.", f.Free)})
	}
	for _, name := range slices.Sorted(maps.Keys(f.Trouble)) {
		out = append(out, alarm{"channel " + name, "channels", name + ": " + f.Trouble[name]})
	}
	for id := range m.Told { // a channel that was given nothing is no better than it was
		if name, ok := strings.CutPrefix(id, "channel "); ok && f.Trouble[name] == "" && !f.Took[name] {
			out = append(out, alarm{id: id, group: "channels"})
		}
	}
	return out
}

// begun are notes about alarms that weren't told, which are told from now on.
func (m Memory) begun(alarms []alarm, f Facts) []news.Note {
	var out []news.Note
	for _, g := range groups {
		var lines []string
		for _, a := range alarms {
			if _, told := m.Told[a.id]; a.group == g && !told {
				lines = append(lines, a.line)
				m.Told[a.id] = f.Now
			}
		}
		if len(lines) > 0 {
			title := titles[g][0]
			if g == "silent" {
				title = counted(len(lines), "source has fallen silent", title)
			}
			out = append(out, note(g, title, lines, true, f))
		}
	}
	return out
}

// over are notes about alarms that were told and are no more.
func (m Memory) over(alarms []alarm, f Facts) []news.Note {
	var out []news.Note
	names := map[string]string{}
	for _, s := range f.Sources {
		names["silent "+s.ID] = cmp.Or(s.Name, s.ID)
	}
	for _, g := range groups {
		var lines []string
		for _, id := range slices.Sorted(maps.Keys(m.Told)) {
			if groupOf(id) != g || slices.ContainsFunc(alarms, func(a alarm) bool { return a.id == id }) {
				continue
			}
			lines = append(lines, strings.TrimPrefix(cmp.Or(names[id], id), "channel ")+", told "+f.in(m.Told[id]))
			delete(m.Told, id)
		}
		title := titles[g][1]
		if len(lines) == 0 || title == "" {
			continue
		}
		if g == "silent" {
			title = counted(len(lines), "source publishes again, or is no longer asked", "sources publish again, or are no longer asked")
		}
		if g != "silent" && g != "channels" {
			lines = nil
		}
		out = append(out, note(g+"-over", title, lines, false, f))
	}
	return out
}

func groupOf(id string) string {
	kind, _, _ := strings.Cut(id, " ")
	if kind == "channel" {
		return "channels"
	}
	return kind
}

// note is a note whose key is that of its moment.
func note(kind, title string, lines []string, isAlarm bool, f Facts) news.Note {
	return news.Note{Key: fmt.Sprintf("note_%s_%d", kind, f.Now.UnixNano()), Title: title, Lines: lines, Alarm: isAlarm}
}

// daily is the sign of life.
func (m Memory) daily(f Facts, alarms []alarm, at time.Time) news.Note {
	s := m.Since
	hits := 0
	var themes []string
	for _, t := range slices.Sorted(maps.Keys(s.Hits)) {
		if n := s.Hits[t]; n > 0 {
			hits += n
			themes = append(themes, fmt.Sprintf("%s %d", t, n))
		}
	}
	found := fmt.Sprintf("Found: %s, %s", counted(s.Articles, "new article", "new articles"), counted(hits, "hit", "hits"))
	if len(themes) > 0 {
		found += " (" + strings.Join(themes, ", ") + ")"
	}
	var failing []string
	for _, src := range f.Sources {
		if src.Failures > 0 {
			failing = append(failing, cmp.Or(src.Name, src.ID))
		}
	}
	lines := []string{
		fmt.Sprintf("Since %s: %s, %s of %s.", f.in(m.Daily), counted(s.Cycles, "cycle", "cycles"), counted(s.Polled, "poll", "polls"), counted(len(f.Sources), "source", "sources")),
		found + ".",
		fmt.Sprintf("Sent: %s. Waiting: %d. Given up: %d.", counted(s.Sent, "message", "messages"), f.Pending, s.Given),
	}
	switch {
	case len(failing) == 0:
		lines = append(lines, "Failing: no source.")
	default:
		lines = append(lines, fmt.Sprintf("Failing: %s (%s). See: driftwatch sources list", counted(len(failing), "source", "sources"), listed(failing)))
	}
	if s.Failed > 0 {
		lines = append(lines, fmt.Sprintf("%s with an error; see the log.", counted(s.Failed, "cycle ended", "cycles ended")))
	}
	if n := len(alarms); n > 0 {
		lines = append(lines, fmt.Sprintf("Standing alarms: %d.", n))
	}
	n := note("daily", "it runs", lines, false, f)
	n.Key = "note_daily_" + at.UTC().Format("20060102T1504")
	return n
}

// in is a moment as people read it.
func (f Facts) in(t time.Time) string {
	if f.Zone != nil {
		t = t.In(f.Zone)
	}
	return t.Format("2 Jan 15:04 MST")
}

func listed(all []string) string {
	const most = 5
	if len(all) > most {
		return strings.Join(all[:most], ", ") + fmt.Sprintf(" and %d more", len(all)-most)
	}
	return strings.Join(all, ", ")
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// span is a length of time in the unit that fits.
func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Round(time.Minute).Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Round(time.Hour).Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}
