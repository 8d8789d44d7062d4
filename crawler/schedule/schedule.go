package schedule

import (
	"cmp"
	"errors"
	"hash/fnv"
	"math"
	"net/http"
	"slices"
	"time"

	"driftwatch/crawler/address"
	"driftwatch/crawler/fetch"
	"driftwatch/news"
)

// The times that polls are apart.
const (
	DefaultInterval = 15 * time.Minute // of a source that names none
	LeastBackoff    = 5 * time.Minute  // after a failure, however short the source's interval
	MaxBackoff      = 24 * time.Hour   // between two attempts at a source that fails
	MaxFresh        = 6 * time.Hour    // the longest that an answer may keep us away
)

// Outcome is what a poll came to. With a nil Err it is a success.
type Outcome struct {
	// Err is why the poll failed; a *[fetch.Error] in it tells of 410 and of
	// Retry-After.
	Err error

	NotModified  bool   // the listing is the one that was handled before; only MaxAge counts besides
	ETag         string // validators to ask with next time
	LastModified string
	Format       string    // rss, atom, json, site, …
	Items        int       // in the listing
	NewestItem   time.Time // newest date in it; zero: none had one

	// Published is when the items were published that weren't known before.
	Published []time.Time

	// Status and Problem are a word and a sentence on what stands in the way
	// although the listing could be read, as a wall before every page.
	Status, Problem string

	// Unasked says that nothing was asked for that shows whether what earlier
	// polls had for Status still stands.
	Unasked bool

	// Moved is where the address leads by permanent redirects alone; empty:
	// nowhere.
	Moved string

	// MaxAge is for how long the listing stays as it is by its own account
	// (Cache-Control max-age, RSS ttl); 0: it doesn't say. It may only make
	// the interval longer, and by no more than MaxFresh.
	MaxAge time.Duration

	// SkipHours and SkipDays are when the listing says that nothing new comes:
	// hours of the day in UTC, bit 0 for the first, and days of the week, bit 0
	// for Sunday. A poll that would fall into one of them waits for its end, by
	// no more than MaxFresh.
	SkipHours uint32
	SkipDays  uint8
}

// clockSlack is how far ahead of the clock an earlier poll may lie: time
// servers set clocks back by less while nothing is wrong.
const clockSlack = 5 * time.Minute

// MovedEnough is how many polls in a row must have led to one place by permanent
// redirects until that is asked at once.
const MovedEnough = 5

// Due are the enabled sources that are to be polled at now, by what states,
// keyed by source id, say of them. Those that never were come first, then those
// waiting longest by the measure of their interval, the more valuable ones
// sooner: by the operator's priority, and by hits, the number of each source's
// in the last months. Sources of one host are kept apart as far as others can be
// put between them. A poll that lies ahead of now was made while the clock was
// wrong: what it put off isn't waited for.
func Due(now time.Time, sources []news.Source, states map[string]news.SourceState, hits map[string]int) []news.Source {
	var due []waiting
	for _, s := range sources {
		if !s.Enabled {
			continue
		}
		st := states[s.ID]
		if st.URL != s.Address() {
			st = news.SourceState{}
		}
		if st.Gone || st.NextPoll.After(now) && !st.LastPoll.After(now.Add(clockSlack)) {
			continue
		}
		due = append(due, waiting{source: s, rank: value(s, hits[s.ID]) * lateness(s, st, now)})
	}
	slices.SortStableFunc(due, func(a, b waiting) int { return cmp.Compare(b.rank, a.rank) })
	return interleave(due)
}

// After is the state of source s after a poll that began at now and came to o,
// state being what was known before. A state learned at another address
// counts for nothing.
func After(state news.SourceState, s news.Source, o Outcome, now time.Time) news.SourceState {
	if state.URL != s.Address() {
		state = news.SourceState{}
	}
	state.Source, state.URL, state.LastPoll = s.ID, s.Address(), now
	if o.Err != nil {
		return failed(state, s, o.Err, now)
	}
	return succeeded(state, s, o, now)
}

// Interval is the least time between two successful polls of s.
func Interval(s news.Source) time.Duration {
	if s.Interval > 0 {
		return s.Interval
	}
	return DefaultInterval
}

type waiting struct {
	source news.Source
	rank   float64 // the higher the sooner
}

// value is how much a source is worth beside others.
func value(s news.Source, hits int) float64 {
	v := 1 + math.Log2(1+float64(hits))
	switch s.Priority {
	case news.PriorityHigh:
		return 8 * v
	case news.PriorityLow:
		return v / 8
	}
	return v
}

// lateness is how long a source has waited to be polled, in its intervals, from
// 1 on: whatever its value, a source's turn comes. One that was never polled is
// later than any.
func lateness(s news.Source, st news.SourceState, now time.Time) float64 {
	if st.NextPoll.IsZero() {
		return 1e9
	}
	return 1 + max(0, float64(now.Sub(st.NextPoll))/float64(Interval(s)))
}

// interleave deals the sources out in rounds, one of each host a round; the
// order within a round, and of a host's own sources, stays.
func interleave(due []waiting) []news.Source {
	round := make(map[string]int, len(due))
	type dealt struct {
		source news.Source
		round  int
	}
	all := make([]dealt, 0, len(due))
	for _, w := range due {
		host := address.Host(w.source.URL)
		all = append(all, dealt{source: w.source, round: round[host]})
		round[host]++
	}
	slices.SortStableFunc(all, func(a, b dealt) int { return cmp.Compare(a.round, b.round) })
	out := make([]news.Source, 0, len(all))
	for _, d := range all {
		out = append(out, d.source)
	}
	return out
}

func succeeded(state news.SourceState, s news.Source, o Outcome, now time.Time) news.SourceState {
	state.LastSuccess = now
	if state.Failures > 0 {
		state.Status, state.Problem = "", ""
	}
	state.Failures, state.Gone = 0, false
	state.Rhythm = Learn(state.Rhythm, o.Published, now)
	state.NextPoll = o.awake(now.Add(wait(s, adapted(s, state.Rhythm, now), o.MaxAge)))
	if state.Moved != o.Moved {
		state.Moved, state.MovedPolls = o.Moved, 0
	}
	if state.Moved != "" {
		state.MovedPolls = min(state.MovedPolls+1, MovedEnough)
	}
	if o.NotModified {
		return state
	}
	if !o.Unasked {
		state.Status, state.Problem = o.Status, o.Problem
	}
	state.ETag, state.LastModified = o.ETag, o.LastModified
	state.Format, state.Items, state.NewestItem = o.Format, o.Items, o.NewestItem
	return state
}

// wait is the time until the next poll of a source that answered and is to be
// polled every so often. It is a
// tenth short of the interval, less a little that differs from source to
// source: a cron job that runs once an interval finds the source due each
// time, however its start wavers. For as long as the answer stays fresh by its
// own account it isn't asked again, but for the minute that a start may waver.
func wait(s news.Source, every, fresh time.Duration) time.Duration {
	slack := every / 10
	every -= slack + time.Duration(share(s.ID)*float64(slack)/2)
	fresh = min(fresh, MaxFresh)
	return max(every, fresh-min(fresh/10, time.Minute))
}

// awake is the first moment from t on in which the listing may have something
// new by its own account.
func (o Outcome) awake(t time.Time) time.Time {
	until := t.Add(MaxFresh)
	for u := t; ; u = u.UTC().Truncate(time.Hour).Add(time.Hour) {
		if !u.Before(until) {
			return until
		}
		if at := u.UTC(); o.SkipHours>>at.Hour()&1 == 0 && o.SkipDays>>at.Weekday()&1 == 0 {
			return u
		}
	}
}

// share is a number in [0,1) that is always the same for an id.
func share(id string) float64 {
	h := fnv.New32a()
	h.Write([]byte(id))
	return float64(h.Sum32()) / (math.MaxUint32 + 1)
}

func failed(state news.SourceState, s news.Source, err error, now time.Time) news.SourceState {
	state.Failures++
	state.Problem, state.Status = err.Error(), ""
	state.Moved, state.MovedPolls = "", 0
	var f *fetch.Error
	var asked time.Duration
	if errors.As(err, &f) {
		asked = f.RetryAfter
		state.Gone = f.Status == http.StatusGone
	}
	state.NextPoll = now.Add(max(backoff(s, state.Failures), min(asked, MaxBackoff)))
	return state
}

// backoff is the source's interval after the first failure, and doubles with
// each further one, up to MaxBackoff.
func backoff(s news.Source, failures int) time.Duration {
	d := max(wait(s, Interval(s), 0), LeastBackoff)
	for range min(failures-1, 16) {
		d = min(2*d, MaxBackoff)
	}
	return min(d, MaxBackoff)
}
