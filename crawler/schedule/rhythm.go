package schedule

import (
	"math"
	"time"

	"driftwatch/news"
)

// How a source's interval follows what it publishes.
const (
	// LongestInterval is the longest time between two polls of a source that
	// answers and whose own interval isn't longer, however little it publishes.
	LongestInterval = time.Hour

	// mostTimes is how many times a source's own interval that may be at the most.
	mostTimes = 6

	halfLife    = 21 * 24 * time.Hour // after which an item counts half
	leastKnown  = 6 * time.Hour       // of items before the rhythm says anything
	hoursKnown  = 3 * 24 * time.Hour  // before it tells hours of the day apart
	daysKnown   = 14 * 24 * time.Hour // before it tells days of the week apart
	farthest    = 90 * 24 * time.Hour // older items count for nothing
	evenHours   = 12.0                // items as if spread evenly over the day
	evenDays    = 14.0                // items as if spread evenly over the week
	decayPerDay = math.Ln2 * float64(24*time.Hour) / float64(halfLife)
)

// Learn adds items published at some times, none of which was counted before,
// to what is known of a source. Times after now count as now.
func Learn(r news.Rhythm, published []time.Time, now time.Time) news.Rhythm {
	now = now.UTC()
	if r.As.After(now) { // learned while the clock was wrong
		r = news.Rhythm{}
	}
	if r.As.IsZero() {
		r.Since, r.As = now, now
		for _, t := range published {
			if t.Before(r.Since) && now.Sub(t) <= farthest {
				r.Since = t.UTC()
			}
		}
	}
	keep := decay(now.Sub(r.As))
	for i := range r.Hours {
		r.Hours[i] *= keep
	}
	for i := range r.Days {
		r.Days[i] *= keep
	}
	r.As = now
	for _, t := range published {
		if t = t.UTC(); t.After(now) {
			t = now
		}
		if now.Sub(t) > farthest {
			continue
		}
		weight := decay(now.Sub(t))
		r.Hours[t.Hour()] += weight
		r.Days[t.Weekday()] += weight
	}
	return r
}

// decay is what is left of an item's weight after a time.
func decay(after time.Duration) float64 { return math.Exp(-decayPerDay * days(after)) }

func days(d time.Duration) float64 { return float64(d) / float64(24*time.Hour) }

// PerDay is how many items a source publishes a day, the latest weeks counting
// most; false while too little is known.
func PerDay(r news.Rhythm) (float64, bool) {
	known := r.As.Sub(r.Since)
	if known < leastKnown {
		return 0, false
	}
	watched := (1 - decay(known)) / decayPerDay // days, each counting as its items do
	return sum(r.Hours[:]) / watched, true
}

func sum(of []float64) (s float64) {
	for _, v := range of {
		s += v
	}
	return s
}

// ahead is the time from now until the rhythm has so many items expected, at
// most the given time; false while too little is known.
func ahead(r news.Rhythm, items float64, now time.Time, most time.Duration) (time.Duration, bool) {
	perDay, ok := PerDay(r)
	if !ok {
		return 0, false
	}
	known := r.As.Sub(r.Since)
	total := sum(r.Hours[:])
	expected, at := 0.0, now.UTC()
	for end := now.Add(most); at.Before(end); {
		rate := perDay / 24
		if known >= hoursKnown {
			rate *= 24 * (r.Hours[at.Hour()] + evenHours/24) / (total + evenHours)
		}
		if known >= daysKnown {
			rate *= 7 * (r.Days[at.Weekday()] + evenDays/7) / (total + evenDays)
		}
		next := at.Truncate(time.Hour).Add(time.Hour)
		if next.After(end) {
			next = end
		}
		if here := rate * next.Sub(at).Hours(); expected+here >= items {
			return at.Sub(now) + time.Duration((items-expected)/rate*float64(time.Hour)), true
		} else {
			expected += here
		}
		at = next
	}
	return most, true
}

// worthAPoll is how many items of a source are to be expected before it is
// polled again.
func worthAPoll(p news.Priority) float64 {
	switch p {
	case news.PriorityHigh:
		return 0.5
	case news.PriorityLow:
		return 2
	}
	return 1
}

// adapted is the time between two polls of s at now: what its rhythm asks for,
// from its own interval up to six times that, and up to LongestInterval.
func adapted(s news.Source, r news.Rhythm, now time.Time) time.Duration {
	least := Interval(s)
	wanted, ok := ahead(r, worthAPoll(s.Priority), now, min(LongestInterval, mostTimes*least))
	if !ok {
		return least
	}
	return max(least, wanted)
}
