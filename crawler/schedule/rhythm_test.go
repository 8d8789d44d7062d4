package schedule_test

import (
	"slices"
	"testing"
	"time"

	"driftwatch/crawler/schedule"
	"driftwatch/news"
)

// follow polls an outlet by a clock as its state asks for, from now on for some
// days, and returns the times between polls by the hour of the day (UTC) and,
// for the last week, of the day of the week, with the longest time that an item
// waited to be seen in the last week.
func follow(s news.Source, publishes func(time.Time) bool, forDays int) (byHour map[int][]time.Duration, byDay map[time.Weekday][]time.Duration, waited time.Duration) {
	byHour, byDay = map[int][]time.Duration{}, map[time.Weekday][]time.Duration{}
	var state news.SourceState
	end := now.AddDate(0, 0, forDays)
	seen := now
	for at := now; at.Before(end); at = state.NextPoll {
		var published []time.Time
		for t := seen.Truncate(time.Minute).Add(time.Minute); !t.After(at); t = t.Add(time.Minute) {
			if publishes(t) {
				published = append(published, t)
				if end.Sub(at) < 7*24*time.Hour {
					waited = max(waited, at.Sub(t))
				}
			}
		}
		seen = at
		state = schedule.After(state, s, schedule.Outcome{Format: "rss", Items: 20, Published: published}, at)
		if end.Sub(at) < 7*24*time.Hour {
			byHour[at.Hour()] = append(byHour[at.Hour()], state.NextPoll.Sub(at))
			byDay[at.Weekday()] = append(byDay[at.Weekday()], state.NextPoll.Sub(at))
		}
	}
	return byHour, byDay, waited
}

func mean(of []time.Duration) time.Duration {
	var sum time.Duration
	for _, d := range of {
		sum += d
	}
	return sum / time.Duration(max(1, len(of)))
}

// TestIntervalFollowsThePress: an outlet that prints in the morning of workdays
// is asked often then and seldom at night, within bounds; one that prints twice a
// month is asked once an hour; one that prints always, as often as it may be.
func TestIntervalFollowsThePress(t *testing.T) {
	s := news.Source{ID: "outlet", URL: "https://outlet.kz/rss", Interval: 10 * time.Minute}
	morning := func(t time.Time) bool {
		return t.Hour() >= 4 && t.Hour() < 8 && t.Weekday() != time.Sunday && t.Minute()%6 == 0
	}
	byHour, byDay, waited := follow(s, morning, 60)
	if m, n := mean(byHour[5]), mean(byHour[20]); m > 15*time.Minute || n < 45*time.Minute {
		t.Errorf("%v apart in the morning, %v in the evening", m, n)
	}
	if w, sun := mean(byDay[time.Wednesday]), mean(byDay[time.Sunday]); sun < w+5*time.Minute {
		t.Errorf("%v apart on Wednesdays, %v on Sundays", w, sun)
	}
	if waited > time.Hour {
		t.Errorf("an item waited for %v", waited)
	}
	_, seldom, _ := follow(s, func(t time.Time) bool { return (t.Day() == 3 || t.Day() == 20) && t.Hour() == 9 && t.Minute() == 0 }, 60)
	for _, d := range slices.Concat(seldom[0], seldom[3]) {
		if d < 51*time.Minute || d > time.Hour {
			t.Errorf("an outlet that publishes twice a month is polled after %v", d)
		}
	}
	_, always, _ := follow(s, func(t time.Time) bool { return true }, 20)
	for _, d := range slices.Concat(always[0], always[3]) {
		if d < 8*time.Minute || d > 10*time.Minute {
			t.Errorf("an outlet that publishes each minute is polled after %v", d)
		}
	}
}

// TestBoundsOfTheRhythm: a source's own interval stays the least, a fresh one
// isn't judged, a priority shifts it, and a clock that was wrong is forgotten.
func TestBoundsOfTheRhythm(t *testing.T) {
	next := func(s news.Source, r news.Rhythm, at time.Time) time.Duration {
		return schedule.After(news.SourceState{URL: s.URL, Rhythm: r}, s, schedule.Outcome{}, at).NextPoll.Sub(at)
	}
	quiet := news.Rhythm{Since: now.AddDate(0, 0, -30), As: now}
	second := news.Source{ID: "a", URL: "https://a.kz/", Interval: time.Second}
	if d := next(second, quiet, now); d > 6*time.Second {
		t.Errorf("a source with an interval of a second is polled after %v", d)
	}
	day := news.Source{ID: "a", URL: "https://a.kz/", Interval: 24 * time.Hour}
	if d := next(day, quiet, now); d < 20*time.Hour || d > 24*time.Hour {
		t.Errorf("a source with an interval of a day is polled after %v", d)
	}
	short := news.Source{ID: "a", URL: "https://a.kz/"}
	if d := next(short, news.Rhythm{Since: now.Add(-time.Hour), As: now}, now); d > 15*time.Minute || d < 12*time.Minute {
		t.Errorf("one that is new: after %v", d)
	}
	if d := next(short, news.Rhythm{Since: now.AddDate(1, 0, 0), As: now.AddDate(1, 0, 0)}, now); d > 15*time.Minute || d < 12*time.Minute {
		t.Errorf("one whose rhythm was learned in the future: after %v", d)
	}
	even := news.Rhythm{Since: now.AddDate(0, 0, -2), As: now} // two an hour
	for i := range even.Hours {
		even.Hours[i] = 4
	}
	for p, want := range map[news.Priority]time.Duration{news.PriorityHigh: 15 * time.Minute, "": 30 * time.Minute, news.PriorityLow: time.Hour} {
		if d := next(news.Source{ID: "a", URL: "https://a.kz/", Priority: p}, even, now); d > want || d < want*8/10 {
			t.Errorf("priority %q: after %v, want %v", p, d, want)
		}
	}
}

func TestPerDay(t *testing.T) {
	var r news.Rhythm
	for d := range 30 {
		at := now.AddDate(0, 0, d)
		r = schedule.Learn(r, []time.Time{at.Add(-time.Hour), at.Add(-2 * time.Hour), at.Add(time.Minute)}, at)
	}
	if got, ok := schedule.PerDay(r); !ok || got < 2.8 || got > 3.3 {
		t.Errorf("three a day: got %v, %v", got, ok)
	}
	if _, ok := schedule.PerDay(news.Rhythm{}); ok {
		t.Error("nothing is known, yet told")
	}
}

// TestTheMostValuableComeFirst: by priority, hits and how late they are; what is
// worth little has its turn, too.
func TestTheMostValuableComeFirst(t *testing.T) {
	source := func(id string, p news.Priority) news.Source {
		return news.Source{ID: id, URL: "https://" + id + ".kz/", Enabled: true, Priority: p}
	}
	sources := []news.Source{source("low", news.PriorityLow), source("plain", ""), source("hit", ""), source("high", news.PriorityHigh)}
	states := map[string]news.SourceState{}
	late := func(by time.Duration) {
		for _, s := range sources {
			states[s.ID] = news.SourceState{URL: s.URL, NextPoll: now.Add(-by)}
		}
	}
	late(time.Minute)
	hits := map[string]int{"hit": 12}
	if got := ids(schedule.Due(now, sources, states, hits)); !slices.Equal(got, []string{"high", "hit", "plain", "low"}) {
		t.Errorf("got %v", got)
	}
	st := states["low"]
	st.NextPoll = now.AddDate(0, 0, -2)
	states["low"] = st
	if got := ids(schedule.Due(now, sources, states, hits)); got[0] != "low" {
		t.Errorf("one that has waited for two days: got %v", got)
	}
}

// TestPermanentRedirects: several in a row count, another answer ends them.
func TestPermanentRedirects(t *testing.T) {
	s := news.Source{ID: "a", URL: "https://a.kz/rss"}
	var st news.SourceState
	for range schedule.MovedEnough {
		if st.MovedPolls == schedule.MovedEnough {
			t.Fatal("too early")
		}
		st = schedule.After(st, s, schedule.Outcome{Moved: "https://b.kz/rss"}, now)
	}
	if st.Moved != "https://b.kz/rss" || st.MovedPolls != schedule.MovedEnough {
		t.Errorf("got %+v", st)
	}
	if st = schedule.After(st, s, schedule.Outcome{NotModified: true}, now); st.Moved != "" || st.MovedPolls != 0 {
		t.Errorf("after a poll that led nowhere: %+v", st)
	}
}
