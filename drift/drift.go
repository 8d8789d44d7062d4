package drift

import (
	"cmp"
	"fmt"
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
	Hit  news.Hit  // its Story, Theme, Signal, Level, Direction and Countries count
	When time.Time // the article's When
}

// Row is one week of one country.
type Row struct {
	Country string // ISO 3166 alpha-2
	Week    Week
	Apart   Sum
	Closer  Sum
	Themes  []Theme // those that count, in the order of their names
}

// Theme is what one theme adds to a row.
type Theme struct {
	Theme  news.Theme
	Apart  Sum
	Closer Sum
}

// Sum is what adds up in one direction.
type Sum struct {
	Weight  float64 // the levels of the stories that count
	Stories int     // that count
	Capped  int     // stories that don't, as Cap others of their signal do
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

func (w Week) compare(v Week) int {
	return cmp.Or(cmp.Compare(w.Year, v.Year), cmp.Compare(w.Number, v.Number))
}

// Add adds events up, in whatever order they come. The rows are in the order of
// countries and, for each, of weeks; a week in which nothing counts has none.
func Add(events []Event) []Row {
	rows := make(map[place]*Row)
	for key, stories := range bySignal(strongest(events)) {
		slices.SortFunc(stories, func(a, b entry) int {
			return cmp.Or(cmp.Compare(b.level, a.level), cmp.Compare(a.story, b.story))
		})
		row := rows[key.place]
		if row == nil {
			row = &Row{Country: key.country, Week: key.week}
			rows[key.place] = row
		}
		theme := row.theme(key.theme)
		for i, s := range stories {
			side(&row.Apart, &row.Closer, key.direction).add(s.level, i < Cap)
			side(&theme.Apart, &theme.Closer, key.direction).add(s.level, i < Cap)
		}
	}
	out := make([]Row, 0, len(rows))
	for _, r := range rows {
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b Row) int {
		return cmp.Or(strings.Compare(a.Country, b.Country), a.Week.compare(b.Week))
	})
	return out
}

// place is where something counts.
type place struct {
	country string
	week    Week
}

// vote is a story's say for a country in one direction.
type vote struct {
	story     int64
	country   string
	direction news.Direction
}

// strongest gives, for each vote, the hit that it rests on.
func strongest(events []Event) map[vote]Event {
	first := make(map[int64]time.Time)
	for _, e := range events {
		if t, known := first[e.Hit.Story]; !known || e.When.Before(t) {
			first[e.Hit.Story] = e.When
		}
	}
	out := make(map[vote]Event)
	for _, e := range events {
		e.When = first[e.Hit.Story]
		for _, c := range e.Hit.Countries {
			for _, d := range directions(e.Hit.Direction) {
				v := vote{e.Hit.Story, c, d}
				if known, ok := out[v]; !ok || weightier(e.Hit, known.Hit) {
					out[v] = e
				}
			}
		}
	}
	return out
}

// directions gives those that a hit counts in.
func directions(d news.Direction) []news.Direction {
	switch d {
	case news.Apart, news.Closer:
		return []news.Direction{d}
	case news.Mixed:
		return []news.Direction{news.Apart, news.Closer}
	}
	return nil
}

func weightier(a, b news.Hit) bool {
	return cmp.Or(cmp.Compare(b.Level, a.Level), strings.Compare(a.Signal, b.Signal), strings.Compare(string(a.Theme), string(b.Theme))) < 0
}

// kind is what at most Cap stories count for.
type kind struct {
	place
	theme     news.Theme
	signal    string
	direction news.Direction
}

// entry is a story with its weight.
type entry struct {
	story int64
	level int
}

func bySignal(votes map[vote]Event) map[kind][]entry {
	out := make(map[kind][]entry)
	for v, e := range votes {
		k := kind{place{v.country, WeekOf(e.When)}, e.Hit.Theme, e.Hit.Signal, v.direction}
		out[k] = append(out[k], entry{v.story, e.Hit.Level})
	}
	return out
}

// theme finds the theme's part of a row, or makes it at its place.
func (r *Row) theme(t news.Theme) *Theme {
	i, found := slices.BinarySearchFunc(r.Themes, t, func(x Theme, t news.Theme) int { return strings.Compare(string(x.Theme), string(t)) })
	if !found {
		r.Themes = slices.Insert(r.Themes, i, Theme{Theme: t})
	}
	return &r.Themes[i]
}

func side(apart, closer *Sum, d news.Direction) *Sum {
	if d == news.Apart {
		return apart
	}
	return closer
}

func (s *Sum) add(level int, counts bool) {
	if !counts {
		s.Capped++
		return
	}
	s.Weight += float64(level)
	s.Stories++
}
