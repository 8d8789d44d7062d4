package drift_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"driftwatch/drift"
	"driftwatch/news"
)

// day is a cycle that began on a day after the Monday.
func day(country string, days, hour, read, total int) drift.Day {
	return drift.Day{Country: country, When: monday.AddDate(0, 0, days).Add(time.Duration(hour) * time.Hour), Read: read, Total: total}
}

func TestFillMarksWeeksThatWerePoorlyRead(t *testing.T) {
	var days []drift.Day
	for d := range 7 {
		days = append(days, day("KZ", d, 3, 1, 4), day("KZ", d, 9, 4, 4), day("KZ", d, 20, 0, 4)) // the best of a day counts
		if d != 2 && d != 3 {
			days = append(days, day("KG", d, 5, 4, 4)) // no cycle on two days
		}
	}
	days = append(days, day("KZ", 7, 1, 4, 4), day("KG", 7, 1, 1, 2))
	rows := drift.Fill(drift.Add([]drift.Event{event(1, 8, news.ThemeCSTO, "C3", 4, news.Apart, "KZ")}),
		[]string{"KZ", "KG"}, monday.AddDate(0, 0, -7), monday.AddDate(0, 0, 7).Add(5*time.Hour), days)
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%s %s %v %v %.2f %v\n", r.Country, r.Week, r.Apart.Weight, r.Coverage.Known, r.Coverage.Share, r.Coverage.Poor())
	}
	want := `KZ 2026-W10 0 false 0.00 true
KZ 2026-W11 0 true 1.00 false
KZ 2026-W12 4 true 1.00 false
KG 2026-W10 0 false 0.00 true
KG 2026-W11 0 true 0.71 true
KG 2026-W12 0 true 0.50 true
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

func TestNotes(t *testing.T) {
	add := func(events ...drift.Event) drift.Row { return drift.Add(events)[0] }
	read := drift.Coverage{Known: true, Share: 1}
	for _, c := range []struct {
		name string
		row  drift.Row
		read drift.Coverage
		want string
	}{
		{"nothing to say", add(
			outlet(event(1, 0, news.ThemeCSTO, "C1", 2, news.Apart, "KG"), "a"),
			outlet(event(2, 0, news.ThemeCSTO, "C2", 2, news.Apart, "KG"), "b"),
			outlet(event(3, 0, news.ThemeCSTO, "C3", 2, news.Apart, "KG"), "c")), read, ""},
		{"one story", add(event(1, 0, news.ThemeCSTO, "C1", 2, news.Closer, "KG")), read, "closer rests on 1 story"},
		{"one outlet", add(
			event(1, 0, news.ThemeCSTO, "C1", 2, news.Apart, "KG"), event(2, 0, news.ThemeCSTO, "C2", 2, news.Apart, "KG"),
			outlet(event(3, 0, news.ThemeCSTO, "C3", 1, news.Apart, "KG"), "c")), read, "apart rests on lantern: 1 without it"},
		{"a denial", add(event(1, 0, news.ThemeCSTO, "C1", 2, news.Contested, "KG")), read, "1 denied story counts for nothing"},
		{"half of the press", drift.Row{}, drift.Coverage{Known: true, Share: 0.5}, "only 50 % of the sources were read"},
		{"none of it", drift.Row{}, drift.Coverage{}, "nothing was read then"},
	} {
		c.row.Coverage = c.read
		if got := strings.Join(c.row.Notes(), "; "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestLinesAreThoseOfTheLastWeek(t *testing.T) {
	rows := drift.Fill(drift.Add([]drift.Event{
		event(1, 0, news.ThemeCSTO, "C3", 4, news.Apart, "KG"),
		event(2, 7, news.ThemeCSTO, "C3", 3, news.Mixed, "KG"),
	}), []string{"KG", "KZ"}, monday, monday.AddDate(0, 0, 13), nil)
	got := drift.Lines(rows)
	if len(got) != 2 || got[0].Country != "KZ" || got[1].Apart != 3 || got[1].Closer != 3 || got[1].Events != 1 || got[0].Events != 0 {
		t.Errorf("%+v", got)
	}
}
