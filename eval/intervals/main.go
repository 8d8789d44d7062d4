// Command intervals measures what it saves to follow a source's rhythm, and what
// it costs: it lets the scheduler of Driftwatch's cycles poll made-up outlets, and
// beside it one that asks every so often, whatever an outlet publishes. It prints
// polls a day, how late items are seen, and how many left the listing unseen.
//
//	cd eval && go run ./intervals
package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"driftwatch/crawler/schedule"
	"driftwatch/eval/section"
	"driftwatch/news"
)

// What is simulated.
const (
	learning = 14 * 24 * time.Hour // from the first poll on; not counted
	counted  = 42 * 24 * time.Hour
	cron     = 5 * time.Minute // between two cycles
	own      = 15 * time.Minute
	listed   = 20 // items that a listing has
)

// begin is a Monday, at midnight in the outlets' zone.
var begin = time.Date(2026, time.March, 2, 0, 0, 0, 0, zone)

var zone = time.FixedZone("+05", 5*60*60)

// outlet is a way to publish: how many items an hour are to be expected at a time.
type outlet struct {
	name string
	rate func(time.Time) float64
}

// between gives a rate at the hours from from to before to.
func between(t time.Time, from, to int, rate float64) float64 {
	if h := t.Hour(); h >= from && h < to {
		return rate
	}
	return 0
}

func weekend(t time.Time) bool { return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday }

var outlets = []outlet{
	{"agency: 200 a day, by day and by night", func(t time.Time) float64 { return 4 + between(t, 8, 21, 8) }},
	{"daily: 40 a working day, 8 on others", func(t time.Time) float64 {
		if weekend(t) {
			return between(t, 9, 19, .8)
		}
		return between(t, 9, 19, 4)
	}},
	{"ministry: 6 a working day", func(t time.Time) float64 {
		if weekend(t) {
			return 0
		}
		return between(t, 9, 18, 6./9)
	}},
	{"evening channel: 15 a day", func(t time.Time) float64 { return between(t, 18, 24, 2.5) }},
	{"in bursts: 10 at once, four times a day", func(t time.Time) float64 {
		if h := t.Hour(); (h == 8 || h == 12 || h == 16 || h == 20) && t.Minute() < 5 {
			return 120
		}
		return 0
	}},
	{"weekly: 12 each Thursday morning", func(t time.Time) float64 {
		if t.Weekday() != time.Thursday {
			return 0
		}
		return between(t, 8, 11, 4)
	}},
	{"think tank: one a week at any hour", func(time.Time) float64 { return 1. / (7 * 24) }},
	{"from day to night in mid-course: 30 a day", func(t time.Time) float64 {
		if t.Sub(begin) < learning+counted/2 {
			return between(t, 9, 19, 3)
		}
		return between(t, 20, 24, 5) + between(t, 0, 2, 5)
	}},
}

// publish draws the times of an outlet's items, minute by minute.
func (o outlet) publish(seed uint64) (times []time.Time) {
	r := rand.New(rand.NewPCG(seed, 5))
	for t := begin; t.Before(begin.Add(learning + counted)); t = t.Add(time.Minute) {
		for n := o.rate(t) / 60; n > 0; n-- {
			if r.Float64() < n {
				times = append(times, t.Add(time.Duration(r.IntN(60))*time.Second))
			}
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// watched is what came of watching an outlet in the time that is counted.
type watched struct {
	polls int
	late  []time.Duration // from publication to the poll that saw the item
	lost  int             // items that had left the listing
}

// watch polls an outlet in each cycle in which it is due. Where it is steady, it is
// asked every interval, as if nothing were known of its rhythm.
func watch(times []time.Time, interval time.Duration, steady bool) (w watched) {
	s := news.Source{ID: "outlet", URL: "https://outlet.example/rss", Enabled: true, Interval: interval}
	state := news.SourceState{}
	seen := 0
	for at := begin; at.Before(begin.Add(learning + counted)); at = at.Add(cron) {
		if len(schedule.Due(at, []news.Source{s}, map[string]news.SourceState{s.ID: state}, nil)) == 0 {
			continue
		}
		first := seen
		for seen < len(times) && !times[seen].After(at) {
			seen++
		}
		from := max(first, seen-listed)
		if at.Sub(begin) >= learning {
			w.polls++
			w.lost += from - first
			for _, t := range times[from:seen] {
				w.late = append(w.late, at.Sub(t))
			}
		}
		state = schedule.After(state, s, schedule.Outcome{Format: "rss", Items: listed, Published: times[from:seen]}, at)
		if steady {
			state.Rhythm = news.Rhythm{}
			state = schedule.After(state, s, schedule.Outcome{Format: "rss", Items: listed}, at)
		}
	}
	slices.Sort(w.late)
	return w
}

// row is a line of the table.
func (w watched) row(name, how string) []string {
	quantile := func(q float64) string {
		if len(w.late) == 0 {
			return "–"
		}
		return fmt.Sprintf("%.0f", w.late[int(q*float64(len(w.late)-1))].Minutes())
	}
	days := counted.Hours() / 24
	return []string{
		name, how, fmt.Sprintf("%.1f", float64(w.polls)/days), fmt.Sprintf("%.1f", float64(len(w.late))/days),
		quantile(.5), quantile(.95), quantile(1), fmt.Sprint(w.lost),
	}
}

// add counts another outlet in.
func (w *watched) add(o watched) {
	w.polls += o.polls
	w.lost += o.lost
	w.late = append(w.late, o.late...)
	slices.Sort(w.late)
}

// ways are the ways to watch.
var ways = []struct {
	name     string
	interval time.Duration
	steady   bool
}{
	{"by its rhythm, from 15 min", own, false},
	{"every 15 min", own, true},
	{"every 30 min", 2 * own, true},
	{"every 60 min", 4 * own, true},
}

func report(w io.Writer) {
	fmt.Fprintf(w, "%d outlets with listings of %d items, cycles every %v; %.0f days after %.0f to learn from\n\n",
		len(outlets), listed, cron, counted.Hours()/24, learning.Hours()/24)
	rows := [][]string{{"outlet", "asked", "polls a day", "items seen a day", "late, min: median", "95 %", "most", "lost"}}
	all := make([]watched, len(ways))
	for i, o := range outlets {
		times := o.publish(uint64(i))
		for j, way := range ways {
			of := watch(times, way.interval, way.steady)
			all[j].add(of)
			rows = append(rows, of.row(o.name, way.name))
		}
	}
	for j, way := range ways {
		rows = append(rows, all[j].row("all", way.name))
	}
	section.Table(w, rows...)
}

func main() { report(os.Stdout) }
