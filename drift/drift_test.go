package drift_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"driftwatch/drift"
	"driftwatch/news"
)

var monday = time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)

// event makes a hit of a story, some days after the Monday.
func event(story int64, day int, theme news.Theme, signal string, level int, d news.Direction, countries ...string) drift.Event {
	return drift.Event{
		Hit:  news.Hit{Story: story, Theme: theme, Signal: signal, Level: level, Direction: d, Countries: countries},
		When: monday.AddDate(0, 0, day),
	}
}

func Example() {
	rows := drift.Add([]drift.Event{
		event(1, 0, news.ThemeCSTO, "C3", 4, news.Apart, "KG"),
		event(1, 1, news.ThemeCSTO, "C3", 4, news.Apart, "KG"), // another article of that story
		event(2, 3, news.ThemeSanctions, "S4", 5, news.Closer, "KG"),
		event(3, 9, news.ThemeDecolonization, "D4", 2, news.Apart, "KG", "KZ"),
	})
	for _, r := range rows {
		fmt.Println(r.Country, r.Week, r.Apart.Weight, r.Closer.Weight)
	}
	// Output:
	// KG 2026-W11 4 5
	// KG 2026-W12 2 0
	// KZ 2026-W12 2 0
}

func TestAdd(t *testing.T) {
	const csto, sanctions = news.ThemeCSTO, news.ThemeSanctions
	type sum = drift.Sum
	for _, c := range []struct {
		name   string
		events []drift.Event
		apart  sum
		closer sum
		themes []drift.Theme
	}{
		{"mixed counts in both", []drift.Event{event(1, 0, csto, "C3", 3, news.Mixed, "KG")}, sum{3, 1, 0}, sum{3, 1, 0},
			[]drift.Theme{{csto, sum{3, 1, 0}, sum{3, 1, 0}}}},
		{"a story counts once, with its strongest hit", []drift.Event{
			event(1, 0, csto, "C5", 2, news.Apart, "KG"),
			event(1, 0, sanctions, "S1", 4, news.Apart, "KG"),
			event(1, 2, csto, "C3", 3, news.Apart, "KG"),
		}, sum{4, 1, 0}, sum{}, []drift.Theme{{sanctions, sum{4, 1, 0}, sum{}}}},
		{"and once in each direction", []drift.Event{
			event(1, 0, csto, "C3", 4, news.Apart, "KG"),
			event(1, 0, sanctions, "S4", 5, news.Closer, "KG"),
			event(1, 0, csto, "C8", 2, news.Mixed, "KG"),
		}, sum{4, 1, 0}, sum{5, 1, 0}, []drift.Theme{{csto, sum{4, 1, 0}, sum{}}, {sanctions, sum{}, sum{5, 1, 0}}}},
		{"of the same level the first signal counts", []drift.Event{
			event(1, 0, sanctions, "S1", 3, news.Apart, "KG"),
			event(1, 0, csto, "C3", 3, news.Apart, "KG"),
		}, sum{3, 1, 0}, sum{}, []drift.Theme{{csto, sum{3, 1, 0}, sum{}}}},
		{"three stories of a signal, the strongest", []drift.Event{
			event(1, 0, csto, "C3", 1, news.Apart, "KG"), event(2, 0, csto, "C3", 2, news.Apart, "KG"),
			event(3, 0, csto, "C3", 5, news.Apart, "KG"), event(4, 0, csto, "C3", 4, news.Apart, "KG"),
			event(5, 0, csto, "C3", 3, news.Closer, "KG"), event(6, 0, csto, "C4", 1, news.Apart, "KG"),
		}, sum{12, 4, 1}, sum{3, 1, 0}, []drift.Theme{{csto, sum{12, 4, 1}, sum{3, 1, 0}}}},
		{"a story counts in the week of its earliest article", []drift.Event{
			event(1, 8, csto, "C3", 4, news.Apart, "KG"),
			event(1, 6, csto, "C5", 2, news.Apart, "KG"),
		}, sum{4, 1, 0}, sum{}, []drift.Theme{{csto, sum{4, 1, 0}, sum{}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := []drift.Row{{Country: "KG", Week: drift.Week{Year: 2026, Number: 11}, Apart: c.apart, Closer: c.closer, Themes: c.themes}}
			for range 10 { // in any order
				rand.Shuffle(len(c.events), func(i, j int) { c.events[i], c.events[j] = c.events[j], c.events[i] })
				if got := drift.Add(c.events); !reflect.DeepEqual(got, want) {
					t.Fatalf("got  %+v\nwant %+v", got, want)
				}
			}
		})
	}
}

func TestNothingCounts(t *testing.T) {
	got := drift.Add([]drift.Event{
		event(1, 0, news.ThemeCSTO, "P1", 5, news.None, "KZ"),
		event(2, 0, news.ThemeCSTO, "C3", 5, news.Contested, "KZ"),
		event(3, 0, news.ThemeCSTO, "C3", 5, news.Apart),
	})
	if len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestWeek(t *testing.T) {
	for _, c := range []struct{ day, week, monday string }{
		{"2026-03-09T00:00:00Z", "2026-W11", "2026-03-09"},
		{"2026-03-15T23:59:59Z", "2026-W11", "2026-03-09"},
		{"2026-03-09T02:00:00+06:00", "2026-W10", "2026-03-02"},
		{"2025-12-31T12:00:00Z", "2026-W01", "2025-12-29"},
		{"2027-01-01T12:00:00Z", "2026-W53", "2026-12-28"},
		{"2023-01-01T12:00:00Z", "2022-W52", "2022-12-26"},
	} {
		day, err := time.Parse(time.RFC3339, c.day)
		if err != nil {
			t.Fatal(err)
		}
		w := drift.WeekOf(day)
		if w.String() != c.week || w.Monday().Format(time.DateOnly) != c.monday {
			t.Errorf("%s is in %s from %s, want %s from %s", c.day, w, w.Monday().Format(time.DateOnly), c.week, c.monday)
		}
	}
}
