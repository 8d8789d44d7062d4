package drift_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"driftwatch/drift"
	"driftwatch/news"
)

var monday = time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)

// event makes a hit of a story, some days after the Monday.
func event(story int64, day int, theme news.Theme, signal string, level int, d news.Direction, countries ...string) drift.Event {
	return drift.Event{
		Hit:    news.Hit{Story: story, Theme: theme, Signal: signal, Level: level, Direction: d, Countries: countries},
		When:   monday.AddDate(0, 0, day),
		Outlet: "lantern",
	}
}

// the changes that a test makes to an event.
func status(e drift.Event, s news.Status) drift.Event { e.Hit.Status = s; return e }
func outlet(e drift.Event, id string) drift.Event     { e.Outlet = id; return e }
func article(e drift.Event, id int64) drift.Event     { e.Hit.Article = id; return e }
func verdict(e drift.Event, says news.Judgement, hour int) drift.Event {
	e.Verdict = &news.Verdict{Says: says, Given: monday.Add(time.Duration(hour) * time.Hour)}
	return e
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

// told shows a sum in short: weight, "(unjudged)" and the stories that count,
// with those that the cap leaves out behind a stroke.
func told(s drift.Sum) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:", drift.Figure(s.Weight))
	for _, e := range s.Stories {
		fmt.Fprintf(&b, " %d%s", e.Story, e.Signal)
	}
	if len(s.Capped) > 0 {
		b.WriteString(" /")
	}
	for _, e := range s.Capped {
		fmt.Fprintf(&b, " %d%s", e.Story, e.Signal)
	}
	return b.String()
}

func TestAdd(t *testing.T) {
	const csto, sanctions = news.ThemeCSTO, news.ThemeSanctions
	const apart, closer, mixed, contested, none = news.Apart, news.Closer, news.Mixed, news.Contested, news.None
	for _, c := range []struct {
		name   string
		events []drift.Event
		want   string // apart | closer | pressure | contested
	}{
		{"mixed counts in both", []drift.Event{event(1, 0, csto, "C3", 3, mixed, "KG")}, "3: 1C3 | 3: 1C3 | 0: | []"},
		{"a story counts once, with its weightiest hit", []drift.Event{
			event(1, 0, csto, "C5", 2, apart, "KG"),
			event(1, 0, sanctions, "S1", 4, apart, "KG"),
			event(1, 2, csto, "C3", 3, apart, "KG"),
		}, "4: 1S1 | 0: | 0: | []"},
		{"and once in each direction", []drift.Event{
			event(1, 0, csto, "C3", 4, apart, "KG"),
			event(1, 0, sanctions, "S4", 5, closer, "KG"),
			event(1, 0, csto, "C8", 2, mixed, "KG"),
		}, "4: 1C3 | 5: 1S4 | 0: | []"},
		{"of the same weight the first signal counts", []drift.Event{
			event(1, 0, sanctions, "S1", 3, apart, "KG"),
			event(1, 0, csto, "C3", 3, apart, "KG"),
		}, "3: 1C3 | 0: | 0: | []"},
		{"three stories of a signal, the weightiest", []drift.Event{
			event(1, 0, csto, "C3", 1, apart, "KG"), event(2, 0, csto, "C3", 2, apart, "KG"),
			event(3, 0, csto, "C3", 5, apart, "KG"), event(4, 0, csto, "C3", 4, apart, "KG"),
			event(5, 0, csto, "C3", 3, closer, "KG"), event(6, 0, csto, "C4", 1, apart, "KG"),
		}, "12: 3C3 4C3 2C3 6C4 / 1C3 | 3: 5C3 | 0: | []"},
		{"a story counts in the week of its earliest article", []drift.Event{
			event(1, 8, csto, "C3", 4, apart, "KG"),
			event(1, 6, csto, "C5", 2, apart, "KG"),
		}, "4: 1C3 | 0: | 0: | []"},
		{"pressure has a sum of its own", []drift.Event{event(1, 0, sanctions, "S8", 2, none, "KG")}, "0: | 0: | 2: 1S8 | []"},
		{"status factors", []drift.Event{
			status(event(1, 0, csto, "C1", 5, apart, "KG"), news.StatusHappened),
			status(event(2, 0, csto, "C2", 5, apart, "KG"), news.StatusDecided),
			status(event(3, 0, csto, "C3", 5, apart, "KG"), news.StatusAnnounced),
			status(event(4, 0, csto, "C4", 5, apart, "KG"), news.StatusProposed),
			status(event(5, 0, csto, "C5", 5, apart, "KG"), news.StatusDemanded),
			status(event(6, 0, csto, "C6", 5, apart, "KG"), news.StatusOpinion),
		}, "18: 1C1 2C2 3C3 4C4 5C5 6C6 | 0: | 0: | []"},
		{"a story that goes on counts as far as it has come", []drift.Event{
			status(event(1, 0, csto, "C1", 5, apart, "KG"), news.StatusProposed),
			status(event(1, 2, csto, "C1", 5, apart, "KG"), news.StatusDecided),
		}, "4: 1C1 | 0: | 0: | []"},
		{"the severity, not the level that is shown", []drift.Event{
			func() drift.Event {
				e := status(event(1, 0, csto, "C1", 3, apart, "KG"), news.StatusProposed)
				e.Severity = 5
				return e
			}(),
		}, "2.5: 1C1 | 0: | 0: | []"},
		{"a later denial takes the story back", []drift.Event{
			event(1, 0, sanctions, "S2", 4, apart, "KG"),
			event(1, 1, sanctions, "S2", 4, contested, "KG"),
		}, "0: | 0: | 0: | [1]"},
		{"a repost of the first report doesn't bring it again", []drift.Event{
			event(1, 0, sanctions, "S2", 4, apart, "KG"),
			status(event(1, 1, sanctions, "S2", 4, apart, "KG"), news.StatusDenied),
			event(1, 3, sanctions, "S2", 4, apart, "KG"),
		}, "0: | 0: | 0: | [1]"},
		{"a denial older than the first report takes nothing back", []drift.Event{
			event(1, 0, sanctions, "S2", 4, contested, "KG"),
			event(1, 1, sanctions, "S2", 4, apart, "KG"),
		}, "4: 1S2 | 0: | 0: | []"},
		{"an article that denies and reports at once reports", []drift.Event{
			article(event(1, 0, sanctions, "S2", 4, apart, "KG"), 7),
			article(event(1, 0, sanctions, "S2", 4, contested, "KG"), 7),
		}, "4: 1S2 | 0: | 0: | []"},
		{"what is judged irrelevant is left out, with the copies", []drift.Event{
			verdict(event(1, 0, csto, "C3", 4, apart, "KG"), news.Irrelevant, 1),
			outlet(event(1, 1, csto, "C3", 4, apart, "KG"), "tulpar"),
			event(1, 1, csto, "C5", 2, apart, "KG"),
		}, "2: 1C5 | 0: | 0: | []"},
		{"the last verdict stands", []drift.Event{
			verdict(event(1, 0, csto, "C3", 4, apart, "KG"), news.Irrelevant, 1),
			verdict(event(1, 1, csto, "C3", 4, apart, "KG"), news.Relevant, 2),
		}, "4: 1C3 | 0: | 0: | []"},
		{"a side remark counts for nothing", []drift.Event{
			event(2, 0, csto, "C3", 1, apart, "KG"),
			func() drift.Event {
				e := event(1, 0, csto, "C3", 4, apart, "KG")
				e.Hit.Background = true
				return e
			}(),
		}, "1: 2C3 | 0: | 0: | []"},
		{"each country moves its own way", []drift.Event{
			func() drift.Event {
				e := event(1, 0, csto, "C3", 4, mixed, "KG", "KZ")
				e.Hit.Acts = []news.Act{{Country: "KG", Direction: apart}, {Country: "KZ", Direction: closer}}
				return e
			}(),
		}, "4: 1C3 | 0: | 0: | []"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range 10 { // in any order
				rand.Shuffle(len(c.events), func(i, j int) { c.events[i], c.events[j] = c.events[j], c.events[i] })
				r := drift.Add(c.events)[0]
				if r.Country != "KG" || r.Week != (drift.Week{Year: 2026, Number: 11}) {
					t.Fatalf("%s %s", r.Country, r.Week)
				}
				got := fmt.Sprintf("%s | %s | %s | %v", told(r.Apart), told(r.Closer), told(r.Pressure), r.Contested)
				if got != c.want {
					t.Fatalf("got  %s\nwant %s", got, c.want)
				}
			}
		})
	}
}

func TestThemesAddUpToTheRow(t *testing.T) {
	var events []drift.Event
	themes := []news.Theme{news.ThemeCSTO, news.ThemeSanctions, news.ThemeDualUse}
	for i := range 60 {
		theme := themes[i%3]
		events = append(events, outlet(event(int64(i%40), i%7, theme, fmt.Sprint(theme, i%5), 1+i%5,
			[]news.Direction{news.Apart, news.Closer, news.Mixed, news.None}[i%4], "KZ"), fmt.Sprint("o", i%4)))
	}
	row := drift.Add(events)[0]
	var apart, closer float64
	for _, th := range row.Themes {
		apart, closer = apart+th.Apart.Weight, closer+th.Closer.Weight
		alone := drift.Add(events, th.Theme)[0]
		if !reflect.DeepEqual(alone.Apart, th.Apart) || !reflect.DeepEqual(alone.Closer, th.Closer) {
			t.Errorf("%s asked for alone isn't what it adds to the row", th.Theme)
		}
	}
	if len(row.Themes) != 3 || apart != row.Apart.Weight || closer != row.Closer.Weight {
		t.Errorf("%d themes, apart %v of %v, closer %v of %v", len(row.Themes), apart, row.Apart.Weight, closer, row.Closer.Weight)
	}
}

func TestNothingCounts(t *testing.T) {
	got := drift.Add([]drift.Event{
		event(3, 0, news.ThemeCSTO, "C3", 5, news.Apart),
		verdict(event(4, 0, news.ThemeCSTO, "C3", 5, news.Apart, "KZ"), news.Irrelevant, 1),
	})
	if len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestUnjudgedIsShown(t *testing.T) {
	r := drift.Add([]drift.Event{
		verdict(event(1, 0, news.ThemeCSTO, "C3", 4, news.Apart, "KG"), news.Relevant, 1),
		verdict(event(2, 0, news.ThemeCSTO, "C4", 3, news.Apart, "KG"), news.Unsure, 1),
		event(3, 0, news.ThemeCSTO, "C5", 2, news.Apart, "KG"),
	})[0]
	if r.Apart.Weight != 9 || r.Apart.Unjudged != 5 {
		t.Errorf("%v, %v of it unjudged", r.Apart.Weight, r.Apart.Unjudged)
	}
}

func TestOutletThatASumRestsOn(t *testing.T) {
	r := drift.Add([]drift.Event{
		outlet(event(1, 0, news.ThemeCSTO, "C3", 4, news.Apart, "KG"), "tulpar"),
		outlet(event(1, 0, news.ThemeCSTO, "C3", 4, news.Apart, "KG"), "chinar"), // told by two: it stays
		outlet(event(2, 0, news.ThemeCSTO, "C1", 5, news.Apart, "KG"), "tulpar"),
		outlet(event(3, 0, news.ThemeCSTO, "C4", 3, news.Apart, "KG"), "chinar"),
		outlet(event(4, 0, news.ThemeCSTO, "C5", 2, news.Apart, "KG"), "tulpar"),
	})[0]
	if s := r.Apart; s.Outlet != "tulpar" || s.Without != 7 || s.Weight != 14 || s.Low > s.Without {
		t.Errorf("%v, without %s %v, from %v", s.Weight, s.Outlet, s.Without, s.Low)
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
