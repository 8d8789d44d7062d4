package drift

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"driftwatch/news"
)

// Cap is how many stories of one signal and direction count for a country in a
// week.
const Cap = 3

// Event is a hit in an article.
type Event struct {
	Hit      news.Hit      // its Story, Theme, Signal, Direction, Countries, Acts, Status and Background count
	Severity int           // of the signal, 1 to 5, as the rules give it; 0: the hit's level
	When     time.Time     // of the article
	Began    time.Time     // of the story's earliest article, where it may be none of these events; zero: it is one of them
	Outlet   string        // who reports it: the source's id
	Verdict  *news.Verdict // the one that stands; nil: none
}

// Row is one week of one country.
type Row struct {
	Country   string // ISO 3166 alpha-2
	Week      Week
	Apart     Sum
	Closer    Sum
	Pressure  Sum
	Contested []int64 // stories of which something is denied for the country, ascending
	Themes    []Theme // those that count, in the order of their names
	Coverage  Coverage
}

// Theme is what one theme adds to a row.
type Theme struct {
	Theme    news.Theme
	Apart    Sum
	Closer   Sum
	Pressure Sum
}

// Sum is what adds up in one direction.
type Sum struct {
	Weight   float64 // of the stories that count
	Unjudged float64 // the part of Weight that no analyst has called relevant
	Low      float64 // the band: see Band. Low is at most Without
	High     float64
	Stories  []Entry // that count, the weightiest first
	Capped   []Entry // that don't, as Cap others of their signal do

	// Outlet is the one that the sum rests on the most: Without is what the sum
	// would be if it had reported nothing. Of several such the first in the
	// alphabet.
	Outlet  string
	Without float64
}

// Entry is a story in a sum.
type Entry struct {
	Story    int64
	Theme    news.Theme // of the hit that counts, as what follows
	Signal   string
	Severity int
	Status   news.Status
	Weight   float64
	Outlets  []string // those that report it in this direction, in the order of the alphabet
	Judged   bool     // an analyst called it relevant
}

// Week is a week of ISO 8601.
type Week struct{ Year, Number int }

// WeekOf gives the week of a moment, in UTC.
func WeekOf(t time.Time) Week {
	y, n := t.UTC().ISOWeek()
	return Week{y, n}
}

// Monday gives the moment that the week begins with.
func (w Week) Monday() time.Time {
	t := time.Date(w.Year, 1, 4, 0, 0, 0, 0, time.UTC) // always in week 1
	t = t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
	return t.AddDate(0, 0, 7*(w.Number-1))
}

// String gives the week as ISO 8601 writes it: 2026-W07.
func (w Week) String() string { return fmt.Sprintf("%04d-W%02d", w.Year, w.Number) }

// Compare orders weeks by time.
func (w Week) Compare(v Week) int {
	return cmp.Or(cmp.Compare(w.Year, v.Year), cmp.Compare(w.Number, v.Number))
}

// Factor is what an event that has come so far counts of its signal's severity.
func Factor(s news.Status) float64 {
	switch s {
	case news.StatusDecided, news.StatusAnnounced:
		return 0.8
	case news.StatusProposed:
		return 0.5
	case news.StatusDemanded, news.StatusOpinion:
		return 0.25
	case news.StatusDenied:
		return 0
	}
	return 1
}

// Add adds events up, in whatever order they come. With themes, only those
// stories count whose weightiest hit is of one of them. The rows are in the
// order of countries and, for each, of weeks; a week in which nothing counts has
// none: see Fill.
func Add(events []Event, themes ...news.Theme) []Row {
	b := read(events)
	var out []Row
	for p, part := range b.parts {
		row := Row{Country: p.country, Week: p.week, Contested: slices.Sorted(maps.Keys(part.contested))}
		wanted := func(e Entry) bool { return len(themes) == 0 || slices.Contains(themes, e.Theme) }
		row.Apart, row.Closer, row.Pressure = part.sums(wanted)
		for _, t := range part.themes(wanted) {
			theme := Theme{Theme: t}
			theme.Apart, theme.Closer, theme.Pressure = part.sums(func(e Entry) bool { return e.Theme == t })
			row.Themes = append(row.Themes, theme)
		}
		if len(row.Themes) > 0 || len(row.Contested) > 0 {
			out = append(out, row)
		}
	}
	slices.SortFunc(out, func(a, b Row) int {
		return cmp.Or(strings.Compare(a.Country, b.Country), a.Week.Compare(b.Week))
	})
	return out
}

// place is where something counts.
type place struct {
	country string
	week    Week
}

// part is what is said of one place.
type part struct {
	votes     map[vote][]report
	contested map[int64]bool
}

// vote is a story's say in one direction.
type vote struct {
	story     int64
	direction news.Direction
}

// report is a hit that speaks for a vote.
type report struct {
	entry  Entry // without Outlets
	outlet string
}

// sums adds up the stories that are wanted, in each direction.
func (p *part) sums(wanted func(Entry) bool) (apart, closer, pressure Sum) {
	return p.sum(news.Apart, wanted), p.sum(news.Closer, wanted), p.sum(news.None, wanted)
}

func (p *part) sum(d news.Direction, wanted func(Entry) bool) Sum {
	counts, capped := p.pick(d, wanted, "")
	s := Sum{Weight: weigh(counts), Stories: counts, Capped: capped}
	weights := make([]float64, len(counts))
	outlets := map[string]bool{}
	for i, e := range counts {
		weights[i] = e.Weight
		if !e.Judged {
			s.Unjudged += e.Weight
		}
		for _, o := range e.Outlets {
			outlets[o] = true
		}
	}
	s.Low, s.High = Band(weights)
	s.Without = s.Weight
	for _, o := range slices.Sorted(maps.Keys(outlets)) {
		rest, _ := p.pick(d, wanted, o)
		if w := weigh(rest); w < s.Without || s.Outlet == "" {
			s.Outlet, s.Without = o, w
		}
	}
	s.Low = min(s.Low, s.Without)
	return s
}

// pick gives the stories that count in a direction, and those that the cap
// leaves out, as if one outlet had reported nothing.
func (p *part) pick(d news.Direction, wanted func(Entry) bool, without string) (counts, capped []Entry) {
	var all []Entry
	for v, reports := range p.votes {
		if v.direction != d {
			continue
		}
		if e, ok := strongest(reports, without); ok && wanted(e) {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Story, b.Story))
	})
	bySignal := map[string]int{}
	for _, e := range all {
		kind := string(e.Theme) + " " + e.Signal
		if bySignal[kind]++; bySignal[kind] > Cap {
			capped = append(capped, e)
		} else {
			counts = append(counts, e)
		}
	}
	return counts, capped
}

// strongest is the report that a vote rests on, with all the outlets that speak
// for the vote; ok is false where no other than the one left out does.
func strongest(reports []report, without string) (best Entry, ok bool) {
	var outlets []string
	for _, r := range reports {
		if without != "" && r.outlet == without {
			continue
		}
		outlets = append(outlets, r.outlet)
		if !ok || weightier(r.entry, best) {
			best, ok = r.entry, true
		}
	}
	slices.Sort(outlets)
	best.Outlets = slices.Compact(outlets)
	return best, ok
}

func weightier(a, b Entry) bool {
	return cmp.Or(cmp.Compare(b.Weight, a.Weight), strings.Compare(a.Signal, b.Signal),
		strings.Compare(string(a.Theme), string(b.Theme)), cmp.Compare(Factor(b.Status), Factor(a.Status)),
		strings.Compare(string(a.Status), string(b.Status))) < 0
}

// themes are those of the stories that are wanted.
func (p *part) themes(wanted func(Entry) bool) []news.Theme {
	seen := map[news.Theme]bool{}
	for _, reports := range p.votes {
		if e, ok := strongest(reports, ""); ok && wanted(e) {
			seen[e.Theme] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func weigh(entries []Entry) float64 {
	sum := 0.0
	for _, e := range entries {
		sum += e.Weight
	}
	return sum
}
