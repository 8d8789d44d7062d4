package schedule_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"driftwatch/crawler/fetch"
	"driftwatch/crawler/schedule"
	"driftwatch/news"
)

var now = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

func ExampleAfter() {
	source := news.Source{ID: "outlet", URL: "https://outlet.kz/rss", Interval: time.Hour, Enabled: true}
	var state news.SourceState
	at := now
	for range 4 {
		state = schedule.After(state, source, schedule.Outcome{Err: errors.New("status 500")}, at)
		fmt.Println(state.Failures, state.NextPoll.Sub(at).Round(time.Hour))
		at = state.NextPoll
	}
	state = schedule.After(state, source, schedule.Outcome{Format: "rss", Items: 20}, at)
	fmt.Println(state.Failures, state.NextPoll.Sub(at).Round(time.Hour))
	// Output:
	// 1 1h0m0s
	// 2 2h0m0s
	// 3 4h0m0s
	// 4 7h0m0s
	// 0 1h0m0s
}

func TestDue(t *testing.T) {
	source := func(id, url string) news.Source { return news.Source{ID: id, URL: url, Enabled: true} }
	off := source("off", "https://off.kz/")
	off.Enabled = false
	sources := []news.Source{
		off,
		source("later", "https://later.kz/"),
		source("recent", "https://recent.kz/"),
		source("old", "https://old.kz/"),
		source("new", "https://new.kz/"),
		source("gone", "https://gone.kz/"),
		source("moved", "https://moved.kz/new"),
		source("returned", "https://returned.kz/new"),
		source("now", "https://now.kz/"),
	}
	states := map[string]news.SourceState{
		"later":    {URL: "https://later.kz/", NextPoll: now.Add(time.Second)},
		"recent":   {URL: "https://recent.kz/", NextPoll: now.Add(-time.Minute)},
		"old":      {URL: "https://old.kz/", NextPoll: now.Add(-time.Hour)},
		"gone":     {URL: "https://gone.kz/", Gone: true},
		"moved":    {URL: "https://moved.kz/old", NextPoll: now.Add(time.Hour)},
		"returned": {URL: "https://returned.kz/old", Gone: true},
		"now":      {URL: "https://now.kz/", NextPoll: now},
	}
	want := []string{"new", "moved", "returned", "old", "recent", "now"}
	if got := ids(schedule.Due(now, sources, states, nil)); !slices.Equal(got, want) {
		t.Errorf("due %v, want %v", got, want)
	}
	if got := schedule.Due(now, nil, nil, nil); len(got) != 0 {
		t.Errorf("of no sources, %v are due", got)
	}
}

func TestHostsAreKeptApart(t *testing.T) {
	var sources []news.Source
	for i, url := range []string{
		"https://a.kz/1", "https://www.a.kz/2", "http://A.kz:80/3", "https://b.kz/1", "https://b.kz/2", "https://c.kz/1",
	} {
		sources = append(sources, news.Source{ID: fmt.Sprint(i), URL: url, Enabled: true})
	}
	want := []string{"0", "3", "5", "1", "4", "2"}
	if got := ids(schedule.Due(now, sources, nil, nil)); !slices.Equal(got, want) {
		t.Errorf("due %v, want %v", got, want)
	}
}

func TestSuccess(t *testing.T) {
	s := news.Source{ID: "outlet", URL: "https://outlet.kz/rss", Interval: time.Hour}
	before := news.SourceState{Source: s.ID, URL: s.URL, Failures: 3, Problem: "status 500", ETag: "old"}
	newest := now.Add(-time.Hour)
	got := schedule.After(before, s, schedule.Outcome{ETag: `"1"`, LastModified: "then", Format: "rss", Items: 20, NewestItem: newest}, now)
	want := news.SourceState{
		Source: s.ID, URL: s.URL, ETag: `"1"`, LastModified: "then", LastPoll: now, LastSuccess: now,
		NextPoll: got.NextPoll, Format: "rss", Items: 20, NewestItem: newest,
		Rhythm: news.Rhythm{Since: now, As: now},
	}
	if got != want {
		t.Errorf("state %+v, want %+v", got, want)
	}

	later := now.Add(time.Hour)
	same := schedule.After(got, s, schedule.Outcome{NotModified: true}, later)
	want.LastPoll, want.LastSuccess, want.NextPoll = later, later, same.NextPoll
	want.Rhythm.As = later
	if same != want {
		t.Errorf("after \"not modified\" %+v, want %+v", same, want)
	}
}

func TestFailure(t *testing.T) {
	s := news.Source{ID: "outlet", URL: "https://outlet.kz/rss", Interval: time.Hour}
	before := news.SourceState{Source: s.ID, URL: s.URL, ETag: `"1"`, LastSuccess: now.Add(-time.Hour), Format: "rss", Items: 20}
	got := schedule.After(before, s, schedule.Outcome{Err: errors.New("fetch it: status 500")}, now)
	want := before
	want.LastPoll, want.NextPoll, want.Failures, want.Problem = now, got.NextPoll, 1, "fetch it: status 500"
	if got != want {
		t.Errorf("state %+v, want %+v", got, want)
	}
	if got.FirstPoll() {
		t.Error("a failure makes the next success a first poll")
	}
}

func TestAnotherAddress(t *testing.T) {
	s := news.Source{ID: "outlet", URL: "https://outlet.kz/new"}
	before := news.SourceState{Source: s.ID, URL: "https://outlet.kz/old", ETag: `"1"`, LastSuccess: now, Failures: 9, Gone: true}
	got := schedule.After(before, s, schedule.Outcome{Err: errors.New("no")}, now)
	if got.Failures != 1 || got.Gone || got.ETag != "" || !got.FirstPoll() || got.URL != s.URL {
		t.Errorf("state %+v, want one that starts anew", got)
	}
}

// A cron job that runs once an interval, a little early or late, finds each
// source due each time; one that runs more often doesn't poll more often.
func TestIntervalAndCron(t *testing.T) {
	for _, every := range []time.Duration{0, time.Minute, 15 * time.Minute, time.Hour, 24 * time.Hour} {
		for i := range 100 {
			s := news.Source{ID: fmt.Sprint("outlet-", i), URL: "https://outlet.kz/", Interval: every, Enabled: true}
			state := schedule.After(news.SourceState{}, s, schedule.Outcome{}, now)
			interval := schedule.Interval(s)
			early := now.Add(interval - interval/20)
			if len(schedule.Due(early, []news.Source{s}, map[string]news.SourceState{s.ID: state}, nil)) != 1 {
				t.Errorf("%s isn't due again %v after a poll", s.ID, early.Sub(now))
			}
			if wait := state.NextPoll.Sub(now); wait < interval*8/10 || wait > interval {
				t.Errorf("%s is due %v after a poll, its interval being %v", s.ID, wait, interval)
			}
			if again := schedule.After(news.SourceState{}, s, schedule.Outcome{}, now); again != state {
				t.Errorf("the same poll gave %+v and %+v", state, again)
			}
		}
	}
}

func TestFresh(t *testing.T) {
	s := news.Source{ID: "outlet", URL: "https://outlet.kz/", Interval: time.Hour}
	wait := func(maxAge time.Duration) time.Duration {
		return schedule.After(news.SourceState{}, s, schedule.Outcome{MaxAge: maxAge}, now).NextPoll.Sub(now)
	}
	if wait(time.Minute) != wait(0) {
		t.Errorf("an answer that is fresh for a minute makes the interval %v", wait(time.Minute))
	}
	if w := wait(2 * time.Hour); w < 119*time.Minute || w > 2*time.Hour {
		t.Errorf("an answer that is fresh for two hours makes the interval %v", w)
	}
	if w := wait(1000 * time.Hour); w > schedule.MaxFresh {
		t.Errorf("an answer that is fresh for ever makes the interval %v", w)
	}
}

func TestBackoff(t *testing.T) {
	tests := []struct {
		name        string
		interval    time.Duration
		failures    int // before
		retryAfter  time.Duration
		least, most time.Duration
	}{
		{"the first failure", time.Hour, 0, 0, 50 * time.Minute, time.Hour},
		{"the second", time.Hour, 1, 0, 100 * time.Minute, 2 * time.Hour},
		{"a short interval", time.Second, 0, 0, schedule.LeastBackoff, schedule.LeastBackoff},
		{"many", time.Minute, 30, 0, schedule.MaxBackoff, schedule.MaxBackoff},
		{"more than can be counted", time.Minute, 1 << 30, 0, schedule.MaxBackoff, schedule.MaxBackoff},
		{"an interval of days", 72 * time.Hour, 0, 0, schedule.MaxBackoff, schedule.MaxBackoff},
		{"asked to wait longer", time.Minute, 0, 3 * time.Hour, 3 * time.Hour, 3 * time.Hour},
		{"asked to wait less", time.Hour, 1, time.Minute, 100 * time.Minute, 2 * time.Hour},
		{"asked to wait for weeks", time.Hour, 0, 1000 * time.Hour, schedule.MaxBackoff, schedule.MaxBackoff},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := news.Source{ID: "outlet", URL: "https://outlet.kz/", Interval: tt.interval}
			err := fmt.Errorf("poll outlet: %w", &fetch.Error{Kind: fetch.KindStatus, Status: 503, RetryAfter: tt.retryAfter})
			state := schedule.After(news.SourceState{URL: s.URL, Failures: tt.failures}, s, schedule.Outcome{Err: err}, now)
			if wait := state.NextPoll.Sub(now); wait < tt.least || wait > tt.most {
				t.Errorf("left alone for %v, want %v to %v", wait, tt.least, tt.most)
			}
		})
	}
}

func TestGone(t *testing.T) {
	s := news.Source{ID: "outlet", URL: "https://outlet.kz/", Enabled: true}
	state := schedule.After(news.SourceState{}, s, schedule.Outcome{Err: &fetch.Error{Kind: fetch.KindStatus, Status: 410}}, now)
	years := now.AddDate(5, 0, 0)
	if !state.Gone || len(schedule.Due(years, []news.Source{s}, map[string]news.SourceState{s.ID: state}, nil)) != 0 {
		t.Errorf("a source that is gone is polled again: %+v", state)
	}
	s.URL = "https://outlet.kz/new"
	if len(schedule.Due(now, []news.Source{s}, map[string]news.SourceState{s.ID: state}, nil)) != 1 {
		t.Error("a source with a new address isn't polled")
	}
}

func ids(sources []news.Source) []string {
	var all []string
	for _, s := range sources {
		all = append(all, s.ID)
	}
	return all
}

func TestClockSetBack(t *testing.T) {
	source := news.Source{ID: "outlet", URL: "https://outlet.kz/rss", Enabled: true}
	ahead := schedule.After(news.SourceState{}, source, schedule.Outcome{Items: 1}, now.AddDate(4, 0, 0))
	states := map[string]news.SourceState{"outlet": ahead}
	if due := schedule.Due(now, []news.Source{source}, states, nil); len(due) != 1 {
		t.Error("a source polled while the clock was four years ahead isn't due")
	}
	states["outlet"] = schedule.After(news.SourceState{}, source, schedule.Outcome{Items: 1}, now.Add(2*time.Minute))
	if due := schedule.Due(now, []news.Source{source}, states, nil); len(due) != 0 {
		t.Error("a source is due because the clock was set back by two minutes")
	}
}

func TestListingsRest(t *testing.T) {
	src := news.Source{ID: "a", URL: "https://a.example/rss", Interval: time.Hour}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, time.UTC) } // the 22nd is a Sunday
	next := func(now time.Time, o schedule.Outcome) time.Time {
		return schedule.After(news.SourceState{}, src, o, now).NextPoll
	}
	night := uint32(0b111_1110) // 1:00 to 6:59
	if got := next(at(24, 0, 30), schedule.Outcome{SkipHours: night}); !got.Equal(at(24, 7, 0)) {
		t.Errorf("at night: %v, want 7:00", got)
	}
	if got := next(at(24, 12, 30), schedule.Outcome{SkipHours: night}); got.After(at(24, 13, 30)) {
		t.Errorf("by day: %v", got)
	}
	if got := next(at(22, 10, 0), schedule.Outcome{SkipDays: 1 << time.Sunday}); got.After(at(22, 17, 0)) || got.Before(at(22, 16, 0)) {
		t.Errorf("on a Sunday: %v, want no more than %v later", got, schedule.MaxFresh)
	}
}
