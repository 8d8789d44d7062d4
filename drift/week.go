package drift

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"driftwatch/news"
)

// Coverage is how much of a country's press was read in a week.
type Coverage struct {
	Known bool    // false: nothing was read before or in this week
	Share float64 // of the country's enabled sources, 0 to 1: the mean of the week's days
}

// Poor is the share of sources below which a week is marked: what wasn't
// reported may not have been read.
const Poor = 0.8

// Poor reports whether the week has to be marked.
func (c Coverage) Poor() bool { return !c.Known || c.Share < Poor }

// Day is how much of a country's press a cycle could read.
type Day struct {
	Country string
	When    time.Time // when the cycle began
	Read    int       // sources that could be read when they were asked last
	Total   int       // enabled ones
}

// Fill gives the countries a row for each week from the one of from to the one
// of now, whether something counts or not, drops all others, and says of each
// how well it was covered. A day is as well covered as its best cycle: an outlet
// that is read once a day loses little, since its listing holds what was new. A
// day without any cycle is not covered. Days after now don't count, nor do
// weeks before the first cycle.
func Fill(rows []Row, countries []string, from, now time.Time, days []Day) []Row {
	shares, first := bestOfDay(days)
	at := make(map[place]int, len(rows))
	for i := range rows {
		at[place{rows[i].Country, rows[i].Week}] = i
	}
	var out []Row
	for _, c := range countries {
		for m := WeekOf(from).Monday(); !m.After(now); m = m.AddDate(0, 0, 7) {
			week := WeekOf(m)
			row := Row{Country: c, Week: week}
			if i, ok := at[place{c, week}]; ok {
				row = rows[i]
			}
			row.Coverage = covered(shares[c], first, m, now)
			out = append(out, row)
		}
	}
	return out
}

// bestOfDay gives the best share of each country and day, and the first day.
func bestOfDay(days []Day) (shares map[string]map[time.Time]float64, first time.Time) {
	shares = map[string]map[time.Time]float64{}
	for _, d := range days {
		day := midnight(d.When)
		if first.IsZero() || day.Before(first) {
			first = day
		}
		if shares[d.Country] == nil {
			shares[d.Country] = map[time.Time]float64{}
		}
		if d.Total > 0 {
			shares[d.Country][day] = max(shares[d.Country][day], float64(d.Read)/float64(d.Total))
		}
	}
	return shares, first
}

func covered(shares map[time.Time]float64, first, monday, now time.Time) Coverage {
	if first.IsZero() || !first.Before(monday.AddDate(0, 0, 7)) {
		return Coverage{}
	}
	sum, n := 0.0, 0
	for day := monday; n < 7 && !day.After(now); day = day.AddDate(0, 0, 1) {
		sum += shares[day]
		n++
	}
	return Coverage{Known: n > 0, Share: sum / max(1, float64(n))}
}

func midnight(t time.Time) time.Time {
	y, m, d := t.UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// few is the number of stories below which a sum is said to rest on few.
const few = 3

// Notes say what a row's figures rest on, where that is little, and what could
// not be read; none: nothing to say.
func (r Row) Notes() []string {
	var out []string
	out = append(out, r.Apart.notes("apart")...)
	out = append(out, r.Closer.notes("closer")...)
	switch n := len(r.Contested); {
	case n == 1:
		out = append(out, "1 denied story counts for nothing")
	case n > 1:
		out = append(out, fmt.Sprintf("%d denied stories count for nothing", n))
	}
	switch {
	case !r.Coverage.Known:
		out = append(out, "nothing was read then")
	case r.Coverage.Poor():
		out = append(out, fmt.Sprintf("only %.0f %% of the sources were read", 100*r.Coverage.Share))
	}
	return out
}

func (s Sum) notes(direction string) []string {
	n := len(s.Stories)
	switch {
	case n == 0:
		return nil
	case n < few:
		return []string{fmt.Sprintf("%s rests on %d %s", direction, n, map[bool]string{true: "story", false: "stories"}[n == 1])}
	case s.Lean():
		return []string{fmt.Sprintf("%s rests on %s: %s without it", direction, s.Outlet, Figure(s.Without))}
	}
	return nil
}

// Lean reports whether more than half of the sum rests on one outlet.
func (s Sum) Lean() bool { return s.Weight > 0 && s.Without < s.Weight/2 }

// Figure shows a sum: one digit behind the point at most.
func Figure(w float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", w), ".0") }

// Lines are the rows of the last week among some, as a digest has them.
func Lines(rows []Row) []news.DriftLine {
	if len(rows) == 0 {
		return nil
	}
	last := slices.MaxFunc(rows, func(a, b Row) int { return a.Week.Compare(b.Week) }).Week
	var out []news.DriftLine
	for _, r := range rows {
		if r.Week != last {
			continue
		}
		out = append(out, news.DriftLine{
			Country: r.Country, Apart: r.Apart.Weight, Closer: r.Closer.Weight,
			Events: r.Events(), Note: strings.Join(r.Notes(), "; "),
		})
	}
	slices.SortStableFunc(out, func(a, b news.DriftLine) int {
		return cmp.Compare(slices.Index(news.Countries, a.Country), slices.Index(news.Countries, b.Country))
	})
	return out
}

// Events counts the stories behind apart and closer, each once.
func (r Row) Events() int {
	seen := map[int64]bool{}
	for _, e := range slices.Concat(r.Apart.Stories, r.Closer.Stories) {
		seen[e.Story] = true
	}
	return len(seen)
}
