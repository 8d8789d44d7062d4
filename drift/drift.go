package drift

import (
	"cmp"
	"fmt"
	"maps"
	"math"
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
		all := part.voices()
		row.Apart, row.Closer, row.Pressure = part.sums(all, wanted)
		for _, t := range themesOf(all, wanted) {
			theme := Theme{Theme: t}
			theme.Apart, theme.Closer, theme.Pressure = part.sums(all, func(e Entry) bool { return e.Theme == t })
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
	kinds     map[kind]int // numbers of the signals that speak; see voices
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

// voice is a vote with the report that it rests on.
type voice struct {
	entry   Entry
	kind    int // the same for entries of one signal
	reports []report
}

// voices gives what speaks in each direction, the weightiest first.
func (p *part) voices() map[news.Direction][]voice {
	kinds := map[kind]int{}
	out := map[news.Direction][]voice{}
	for v, reports := range p.votes {
		e, _ := strongest(reports, "")
		e.Outlets = outletsOf(reports)
		out[v.direction] = append(out[v.direction], voice{entry: e, kind: kindOf(&e, kinds), reports: reports})
	}
	for _, all := range out {
		slices.SortFunc(all, func(a, b voice) int {
			return cmp.Or(cmp.Compare(b.entry.Weight, a.entry.Weight), cmp.Compare(a.entry.Story, b.entry.Story))
		})
	}
	for _, reports := range p.votes { // so that what is left without an outlet has its number too
		for i := range reports {
			kindOf(&reports[i].entry, kinds)
		}
	}
	p.kinds = kinds
	return out
}

// kind is a signal.
type kind struct {
	theme  news.Theme
	signal string
}

// kindOf numbers the signals.
func kindOf(e *Entry, kinds map[kind]int) int {
	name := kind{e.Theme, e.Signal}
	n, known := kinds[name]
	if !known {
		n = len(kinds)
		kinds[name] = n
	}
	return n
}

func outletsOf(reports []report) []string {
	var out []string
	for _, r := range reports {
		out = append(out, r.outlet)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sums adds up the stories that are wanted, in each direction.
func (p *part) sums(all map[news.Direction][]voice, wanted func(Entry) bool) (apart, closer, pressure Sum) {
	return p.sum(all[news.Apart], wanted), p.sum(all[news.Closer], wanted), p.sum(all[news.None], wanted)
}

func (p *part) sum(all []voice, wanted func(Entry) bool) Sum {
	var s Sum
	var weights []float64
	outlets := map[string]bool{}
	taken := make([]int, len(p.kinds))
	for _, v := range all {
		if !wanted(v.entry) {
			continue
		}
		if taken[v.kind]++; taken[v.kind] > Cap {
			s.Capped = append(s.Capped, v.entry)
			continue
		}
		s.Stories = append(s.Stories, v.entry)
		s.Weight += v.entry.Weight
		weights = append(weights, v.entry.Weight)
		if !v.entry.Judged {
			s.Unjudged += v.entry.Weight
		}
		for _, o := range v.entry.Outlets {
			outlets[o] = true
		}
	}
	s.Weight, s.Unjudged = tidy(s.Weight), tidy(s.Unjudged)
	s.Low, s.High = Band(weights)
	s.Without = s.Weight
	rest := p.rest(all, wanted)
	for _, o := range slices.Sorted(maps.Keys(outlets)) {
		if w := rest.without(o); w < s.Without || s.Outlet == "" {
			s.Outlet, s.Without = o, w
		}
	}
	s.Low = min(s.Low, s.Without)
	return s
}

// rest is what of a sum is left without one outlet. Only the signals that the outlet
// speaks for are looked at again.
type rest struct {
	*part
	all    []voice
	wanted func(Entry) bool
	kinds  [][]int          // the voices of each kind that are wanted, the weightiest first
	tells  map[string][]int // those that an outlet speaks for, wanted or not
	whole  [][Cap]float64   // the weights that count of each kind
	best   [][Cap]float64   // the same without an outlet
}

func (p *part) rest(all []voice, wanted func(Entry) bool) *rest {
	r := &rest{part: p, all: all, wanted: wanted, kinds: make([][]int, len(p.kinds)), tells: map[string][]int{},
		whole: make([][Cap]float64, len(p.kinds)), best: make([][Cap]float64, len(p.kinds))}
	for i, v := range all {
		for _, o := range v.entry.Outlets {
			r.tells[o] = append(r.tells[o], i)
		}
		if wanted(v.entry) {
			r.kinds[v.kind] = append(r.kinds[v.kind], i)
			insert(&r.whole[v.kind], v.entry.Weight)
		}
	}
	return r
}

// without is what the sum would be if one outlet had reported nothing.
func (r *rest) without(outlet string) float64 {
	copy(r.best, r.whole)
	for _, i := range r.tells[outlet] {
		if r.wanted(r.all[i].entry) {
			r.best[r.all[i].kind] = r.others(r.all[i].kind, outlet)
		}
	}
	for _, i := range r.tells[outlet] {
		if e, ok := strongest(r.all[i].reports, outlet); ok && r.wanted(e) {
			insert(&r.best[kindOf(&e, r.part.kinds)], e.Weight)
		}
	}
	sum := 0.0
	for _, b := range r.best {
		for _, w := range b {
			sum += w
		}
	}
	return tidy(sum)
}

// others are the highest weights of a kind among the voices that an outlet doesn't
// speak for.
func (r *rest) others(kind int, outlet string) (best [Cap]float64) {
	n := 0
	for _, i := range r.kinds[kind] {
		if _, tells := slices.BinarySearch(r.all[i].entry.Outlets, outlet); tells {
			continue
		}
		if best[n] = r.all[i].entry.Weight; n == Cap-1 {
			break
		}
		n++
	}
	return best
}

// tidy takes off what adding up tenths leaves behind.
func tidy(sum float64) float64 { return math.Round(sum*1e9) / 1e9 }

// insert keeps a weight among the highest.
func insert(best *[Cap]float64, w float64) {
	for i := range best {
		if w > best[i] {
			best[i], w = w, best[i]
		}
	}
}

// strongest is the report that a vote rests on, without its outlets; ok is false
// where no other outlet than the one left out speaks for the vote.
func strongest(reports []report, without string) (best Entry, ok bool) {
	for i := range reports {
		r := &reports[i]
		if without != "" && r.outlet == without {
			continue
		}
		if !ok || weightier(&r.entry, &best) {
			best, ok = r.entry, true
		}
	}
	return best, ok
}

func weightier(a, b *Entry) bool {
	return cmp.Or(cmp.Compare(b.Weight, a.Weight), strings.Compare(a.Signal, b.Signal),
		strings.Compare(string(a.Theme), string(b.Theme)), cmp.Compare(Factor(b.Status), Factor(a.Status)),
		strings.Compare(string(a.Status), string(b.Status))) < 0
}

// themesOf are those of the stories that are wanted.
func themesOf(all map[news.Direction][]voice, wanted func(Entry) bool) []news.Theme {
	seen := map[news.Theme]bool{}
	for _, voices := range all {
		for _, v := range voices {
			if wanted(v.entry) {
				seen[v.entry.Theme] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}
