package pulse_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/watch/pulse"
)

var (
	zone   = time.FixedZone("+05", 5*60*60)
	begin  = time.Date(2031, 8, 26, 0, 0, 0, 0, zone)
	limits = pulse.Limits{Silence: 24 * time.Hour, Stall: 2 * time.Hour, Pending: 100, Free: 5, At: 7 * time.Hour}
)

// life is a run of hourly cycles.
type life struct {
	m     pulse.Memory
	notes []news.Note
	hours int
	last  time.Time // end of the last cycle
}

// live does cycles for a number of hours.
func (l *life) live(hours int, change func(hour int, f *pulse.Facts)) {
	for range hours {
		l.hours++
		now := begin.Add(time.Duration(l.hours) * time.Hour)
		f := pulse.Facts{
			Now: now, Zone: zone, Before: l.last, Free: 40,
			Cycle:   pulse.Sums{Cycles: 1, Polled: 2, Articles: 3, Hits: map[string]int{"csto": 1}, Sent: 1},
			Fresh:   map[string]int{"kovyl": 2},
			Sources: []pulse.Source{{ID: "kovyl", Name: "Ковыль Медиа"}, {ID: "ozgon", Name: "Өзгөн кабары"}},
		}
		if l.hours%4 == 0 {
			f.Fresh["ozgon"] = 1
		}
		if change != nil {
			change(l.hours, &f)
		}
		var notes []news.Note
		notes, l.m = pulse.Beat(l.m, f, limits)
		l.notes, l.last = append(l.notes, notes...), now
	}
}

func (l *life) titles() string {
	var out []string
	for _, n := range l.notes {
		out = append(out, n.Title)
	}
	l.notes = nil
	return strings.Join(out, " | ")
}

func Example() {
	var l life
	l.live(7+24, nil) // from midnight to seven, and on to seven the next day
	for _, n := range l.notes[len(l.notes)-1:] {
		fmt.Println(n.Title + "\n" + strings.Join(n.Lines, "\n"))
	}
	// Output:
	// it runs
	// Since 26 Aug 07:00 +05: 24 cycles, 48 polls of 2 sources.
	// Found: 72 new articles, 24 hits (csto 24).
	// Sent: 24 messages. Waiting: 0. Given up: 0.
	// Failing: no source.
}

func TestTheDailyLineComesOnceADay(t *testing.T) {
	var l life
	l.live(10*24, nil)
	if got := l.titles(); strings.Count(got, "it runs") != 10 || strings.Count(got, "|") != 9 {
		t.Error(got)
	}
	// Nothing ran for two days: one line, not two.
	l.hours += 48
	l.live(1, nil)
	if got := l.titles(); got != "no cycle had ended for a while | it runs" {
		t.Error(got)
	}
	// And what nobody looked for wasn't silent.
	l.live(24, nil)
	if got := l.titles(); got != "it runs" {
		t.Error(got)
	}
}

func TestASourceFallsSilent(t *testing.T) {
	var l life
	l.live(48, nil)
	l.titles()
	silent := func(_ int, f *pulse.Facts) { delete(f.Fresh, "kovyl") }
	l.live(24, silent) // a day is no silence yet
	if got := l.titles(); got != "it runs" {
		t.Error(got)
	}
	l.live(1, func(h int, f *pulse.Facts) {
		silent(h, f)
		f.Sources[0].Failures, f.Sources[0].Problem = 9, "status 503"
	})
	if n := l.notes; len(n) != 1 || !n[0].Alarm || n[0].Lines[0] != "Ковыль Медиа: nothing new for 25 h, usually every 60 min; it can't be read: status 503" {
		t.Errorf("%+v", n)
	}
	l.notes = nil
	l.live(20, silent) // it is told once
	if got := l.titles(); strings.Contains(got, "silent") {
		t.Error(got)
	}
	l.live(1, nil)
	if n := l.notes; len(n) != 1 || n[0].Alarm || !strings.Contains(n[0].Title, "publishes again") || !strings.HasPrefix(n[0].Lines[0], "Ковыль Медиа, told ") {
		t.Errorf("%+v", n)
	}
}

// A source that publishes once in a few days isn't silent after one.
func TestASourceThatPublishesSeldom(t *testing.T) {
	var l life
	l.live(24*60, func(hour int, f *pulse.Facts) {
		delete(f.Fresh, "ozgon")
		if hour%72 == 0 {
			f.Fresh["ozgon"] = 1
		}
	})
	if got := l.titles(); strings.Contains(got, "silent") {
		t.Error(got)
	}
	l.live(24*17, func(_ int, f *pulse.Facts) { delete(f.Fresh, "ozgon") })
	if got := l.titles(); strings.Contains(got, "silent") {
		t.Error("silent before six times its usual gap: " + got)
	}
	l.live(24*2, func(_ int, f *pulse.Facts) { delete(f.Fresh, "ozgon") })
	if got := l.titles(); strings.Count(got, "1 source has fallen silent") != 1 {
		t.Error(got)
	}
}

// A source that is new, or that was taken out, is no alarm.
func TestSourcesThatComeAndGo(t *testing.T) {
	var l life
	l.live(5, nil)
	l.live(100, func(_ int, f *pulse.Facts) { f.Fresh, f.Sources = nil, f.Sources[1:] })
	if got := l.titles(); strings.Contains(got, "silent") {
		t.Error(got)
	}
	if _, kept := l.m.Rhythms["kovyl"]; kept {
		t.Error("a source that is gone is remembered")
	}
}

func TestOtherAlarmsAreToldOnceAndOver(t *testing.T) {
	for name, c := range map[string]struct {
		change      func(*pulse.Facts)
		begun, over string
	}{
		"stall":    {func(f *pulse.Facts) { f.Before = f.Now.Add(-3 * time.Hour) }, "no cycle had ended for a while", ""},
		"pending":  {func(f *pulse.Facts) { f.Pending, f.Oldest = 101, f.Now.Add(-time.Hour) }, "deliveries pile up", "the deliveries have gone out"},
		"disk":     {func(f *pulse.Facts) { f.Free = 4 }, "the disk is nearly full", "the disk has room again"},
		"channels": {func(f *pulse.Facts) { f.Trouble = map[string]string{"desk": "token_revoked"} }, "a channel takes nothing", "the channels take messages again"},
	} {
		var l life
		l.live(1, nil)
		l.titles()
		l.live(3, func(_ int, f *pulse.Facts) { c.change(f) })
		if got := l.titles(); got != c.begun {
			t.Errorf("%s: %q", name, got)
		}
		l.live(2, func(hour int, f *pulse.Facts) { f.Took = map[string]bool{"desk": true} })
		if got := l.titles(); got != c.over {
			t.Errorf("%s, over: %q", name, got)
		}
		l.live(1, func(_ int, f *pulse.Facts) { c.change(f) })
		if got := l.titles(); got != c.begun && got != c.begun+" | it runs" {
			t.Errorf("%s, again: %q", name, got)
		}
	}
}

// A channel that is down and was given nothing isn't well again.
func TestAChannelThatWasGivenNothing(t *testing.T) {
	var l life
	l.live(1, nil)
	l.live(1, func(_ int, f *pulse.Facts) { f.Trouble = map[string]string{"desk": "token_revoked"} })
	if got := l.titles(); got != "a channel takes nothing" {
		t.Error(got)
	}
	l.live(3, nil)
	if got := l.titles(); got != "" {
		t.Error(got)
	}
}

func TestADiskThatIsNotKnown(t *testing.T) {
	var l life
	l.live(2, func(_ int, f *pulse.Facts) { f.Free = -1 })
	if got := l.titles(); got != "" {
		t.Error(got)
	}
}

// A cycle's facts don't change what was remembered before it.
func TestBeatChangesNothingThatItWasGiven(t *testing.T) {
	var l life
	l.live(30, nil)
	before := l.m.Rhythms["kovyl"]
	pulse.Beat(l.m, pulse.Facts{Now: begin.Add(99 * time.Hour), Fresh: map[string]int{"kovyl": 1}, Sources: []pulse.Source{{ID: "kovyl"}}, Free: 1}, limits)
	if l.m.Rhythms["kovyl"] != before || len(l.m.Told) != 0 {
		t.Errorf("%+v", l.m)
	}
}
