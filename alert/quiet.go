package alert

import (
	"slices"
	"time"

	"driftwatch/configs"
)

// quietUntil is when the quiet hours end that hold at a time for what is of a
// level; zero where none hold.
func quietUntil(q *configs.QuietHours, level int, at time.Time) time.Time {
	if q == nil || q.ExceptLevel > 0 && level >= q.ExceptLevel {
		return time.Time{}
	}
	local := at.In(q.Timezone.Location())
	for _, day := range []time.Time{local.AddDate(0, 0, -1), local} {
		if len(q.Days) > 0 && !slices.ContainsFunc(q.Days, func(d string) bool { return configs.WeekdayOf(d) == day.Weekday() }) {
			continue
		}
		from, to := q.From.On(day), q.To.On(day)
		if q.To.Minutes <= q.From.Minutes {
			to = q.To.On(day.AddDate(0, 0, 1))
		}
		if !local.Before(from) && local.Before(to) {
			return to
		}
	}
	return time.Time{}
}

// due is the latest moment up to now at which a digest is to be made.
func due(s configs.Schedule, now time.Time) time.Time {
	local := now.In(s.Timezone.Location())
	switch s.Every {
	case "hourly":
		at := local.Truncate(time.Minute).Add(-time.Duration(local.Minute()-s.At.Minutes%60) * time.Minute)
		if at.After(local) {
			at = at.Add(-time.Hour)
		}
		return at.UTC()
	case "weekly":
		for back := range 8 {
			at := s.At.On(local.AddDate(0, 0, -back))
			if at.Weekday() == configs.WeekdayOf(s.Weekday) && !at.After(local) {
				return at.UTC()
			}
		}
	}
	at := s.At.On(local)
	if at.After(local) {
		at = s.At.On(local.AddDate(0, 0, -1))
	}
	return at.UTC()
}

// NextDigest is the first moment after now at which a digest is to be made.
func NextDigest(s configs.Schedule, now time.Time) time.Time {
	if s.Every == "hourly" {
		return due(s, now).Add(time.Hour)
	}
	local := now.In(s.Timezone.Location())
	for ahead := 0; ; ahead++ {
		at := s.At.On(local.AddDate(0, 0, ahead))
		if at.After(local) && (s.Every != "weekly" || at.Weekday() == configs.WeekdayOf(s.Weekday)) {
			return at.UTC()
		}
	}
}

// Span is the time that a digest is about.
type Span struct{ From, To time.Time }

// DueDigest says whether a digest is due that was made last up to a time, zero
// for never, and which time it is then about. Of several that were missed there
// is one, about all of it. A digest that was never made begins now: made is when
// it counts as made, whether it is due or not.
func DueDigest(s configs.Schedule, last, now time.Time) (span Span, made time.Time, isDue bool) {
	latest := due(s, now)
	switch {
	case last.IsZero():
		return Span{}, now.UTC(), false
	case last.After(now): // the clock was ahead when it was made
		return Span{}, now.UTC(), false
	case !latest.After(last):
		return Span{}, last, false
	}
	return Span{last, latest}, latest, true
}
