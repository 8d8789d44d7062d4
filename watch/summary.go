package watch

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"driftwatch/alert"
	"driftwatch/news"
)

// Summary is what a cycle did, in the words that `run` prints. Its JSON form
// is stable; durations are in seconds.
type Summary struct {
	Started  time.Time `json:"started"`
	Seconds  float64   `json:"seconds"`
	Database string    `json:"database"`
	Stopped  string    `json:"stopped,omitempty"` // why the cycle ended before all was polled: "deadline" or "signal"

	Sources  SourceCount      `json:"sources"`
	Failures []Failure        `json:"failures"` // sorted by source
	Coverage Coverage         `json:"coverage"`
	Articles ArticleCount     `json:"articles"`
	Hits     map[string]int   `json:"hits"`  // by theme
	Quiet    map[string]int   `json:"quiet"` // hits kept without an alert, by reason
	Alerts   DeliveryCount    `json:"deliveries"`
	Evidence EvidenceCount    `json:"evidence"`
	Latency  Latency          `json:"latency"`
	Found    []Found          `json:"-"` // what was flagged, where the order asks to keep it
	Problems []ChannelProblem `json:"channel_problems,omitempty"`

	// LastRead is when an enabled source was read last, in this cycle or an
	// earlier one; null: none ever was.
	LastRead *time.Time `json:"last_read"`

	// remind says that another day has passed since LastRead.
	remind bool
}

// SourceCount counts the sources of a cycle.
type SourceCount struct {
	Enabled   int `json:"enabled"`
	Due       int `json:"due"`
	Polled    int `json:"polled"`    // answered, with news or without
	Unchanged int `json:"unchanged"` // of these, with "not modified"
	Failed    int `json:"failed"`
	Gone      int `json:"gone"`    // of the failed, those that are polled no more
	Left      int `json:"left"`    // due and not asked before the end; they come first next time
	Failing   int `json:"failing"` // of the enabled, those that could not be read when they were asked last, in this cycle or an earlier one
}

// Failure is one source that could not be read.
type Failure struct {
	Source  string `json:"source"`
	Problem string `json:"problem"`
	Gone    bool   `json:"gone,omitempty"`
	InARow  int    `json:"in_a_row"`
}

// Coverage says how much of what is enabled could be read, by country and by
// language. A source that isn't due counts by its last poll.
type Coverage struct {
	Countries []Cover `json:"countries"`
	Languages []Cover `json:"languages"`
}

// Cover is one line of coverage.
type Cover struct {
	Key   string `json:"key"`
	Read  int    `json:"read"`
	Total int    `json:"total"`
}

// ArticleCount counts what was filed.
type ArticleCount struct {
	New     int `json:"new"`
	Revised int `json:"revised"`
	Pages   int `json:"pages"`        // fetched
	Failed  int `json:"pages_failed"` // could not be fetched; the listing's words were used
}

// EvidenceCount counts what was done to keep evidence.
type EvidenceCount struct {
	Kept      int    `json:"kept"`              // pages, in the archive
	Lost      int    `json:"lost"`              // pages that could not be kept
	Problem   string `json:"problem,omitempty"` // why the last of them could not
	Looked    int    `json:"looked"`            // pages of flagged articles that were looked at again
	Changed   int    `json:"changed"`           // what had changed on them
	TakenDown int    `json:"taken_down"`        // of these, pages that were gone
}

// DeliveryCount counts what became of messages.
type DeliveryCount struct {
	Queued  int `json:"queued"` // by this cycle
	Sent    int `json:"sent"`
	Retried int `json:"retried"` // failed, and will be tried again
	Failed  int `json:"failed"`  // given up

	Waiting  int `json:"waiting,omitempty"`  // laid back until quiet hours end
	Silenced int `json:"silenced,omitempty"` // kept back by a silence
	Folded   int `json:"folded,omitempty"`   // over a route's cap, named in a message about several
}

// ChannelProblem is why messages of a channel were not accepted.
type ChannelProblem struct {
	Channel string `json:"channel"`
	Problem string `json:"problem"`
}

// Latency is how long the way took, in seconds.
type Latency struct {
	PublishedSeen Spread `json:"published_to_seen"`
	SeenAlerted   Spread `json:"seen_to_alerted"`
}

// Spread is the median and the 95th percentile of N durations, in seconds.
type Spread struct {
	N      int     `json:"n"`
	Median float64 `json:"median"`
	P95    float64 `json:"p95"`
}

// Found is one hit with the article that it was found in.
type Found struct {
	Hit     news.Hit
	Article news.Article
	Source  news.Source
}

// Hand lists what needs an operator's hand, a sentence each; empty when nothing
// does. It is what `run --quiet` prints.
func (s Summary) Hand() []string {
	var out []string
	switch {
	case s.NothingPolled() && s.Sources.Failed == 1:
		out = append(out, fmt.Sprintf("nothing could be polled: the one source that was due failed: %s: %s", s.Failures[0].Source, s.Failures[0].Problem))
	case s.NothingPolled():
		out = append(out, fmt.Sprintf("nothing could be polled: all %d sources that were due failed; the first: %s: %s",
			s.Sources.Failed, s.Failures[0].Source, s.Failures[0].Problem))
	case s.ToRemind():
		out = append(out, s.BlindWords(time.UTC)+"; see: driftwatch sources list")
	}
	switch {
	case s.Alerts.Failed == 1:
		out = append(out, "1 delivery was given up; see: driftwatch alerts list --state failed")
	case s.Alerts.Failed > 0:
		out = append(out, fmt.Sprintf("%d deliveries were given up; see: driftwatch alerts list --state failed", s.Alerts.Failed))
	}
	if n := s.Evidence.Lost; n > 0 {
		out = append(out, fmt.Sprintf("pages that should be kept as evidence could not be (%d): %s", n, s.Evidence.Problem))
	}
	for _, f := range s.Failures {
		if f.Gone {
			out = append(out, fmt.Sprintf("source %s is gone: %s; give it a new address or disable it", f.Source, f.Problem))
		}
	}
	return out
}

// NothingPolled reports whether sources were asked and none could be read.
func (s Summary) NothingPolled() bool {
	return s.Sources.Polled == 0 && s.Sources.Failed > 0
}

// Blind reports whether no enabled source could be read when it was asked last:
// while this is so, that nothing was flagged says nothing about the press. All
// of them may be waiting after their failures, so that none is due.
func (s Summary) Blind() bool {
	read := 0
	for _, c := range s.Coverage.Countries {
		read += c.Read
	}
	return read == 0 && s.Sources.Failing > 0
}

// ToRemind reports whether a blind cycle is to be told of though it asked
// nothing: the first one after each 24 hours in which nothing was read.
func (s Summary) ToRemind() bool { return s.Blind() && s.remind }

// BlindWords says of a blind cycle since when nothing was read, in the zone.
func (s Summary) BlindWords(zone *time.Location) string {
	failing := fmt.Sprintf("all %d sources failed when they were asked last", s.Sources.Failing)
	if s.Sources.Failing == 1 {
		failing = "the one source failed when it was asked last"
	}
	if s.LastRead == nil {
		return "nothing has ever been read: " + failing
	}
	return fmt.Sprintf("nothing has been read since %s: %s", s.LastRead.In(zone).Format("2006-01-02 15:04 MST"), failing)
}

// dayOver reports whether, between two times, another 24 hours since the last
// reading were over; where nothing was ever read, another day in UTC.
func dayOver(before, now time.Time, read *time.Time) bool {
	since := time.Unix(0, 0)
	if read != nil {
		since = *read
	}
	const day = 24 * time.Hour
	return now.Sub(since)/day > before.Sub(since)/day
}

// spread sorts d and takes its median and 95th percentile (nearest rank).
func spread(d []time.Duration) Spread {
	if len(d) == 0 {
		return Spread{}
	}
	slices.Sort(d)
	rank := func(p int) float64 { return d[(len(d)*p+99)/100-1].Seconds() }
	return Spread{N: len(d), Median: rank(50), P95: rank(95)}
}

// tally collects a summary from the goroutines of a cycle.
type tally struct {
	mu    sync.Mutex
	s     Summary
	seen  []time.Duration // published → seen
	told  []time.Duration // seen → alerted
	fresh map[string]int  // new articles by source
	ready map[string]bool // sources that this cycle read, or failed to read
	empty map[string]bool // of those that it read, whether they listed nothing
}

func newTally(started time.Time) *tally {
	return &tally{
		s: Summary{
			Started: started.UTC(), Failures: []Failure{},
			Hits: map[string]int{}, Quiet: map[string]int{},
		},
		ready: map[string]bool{}, empty: map[string]bool{}, fresh: map[string]int{},
	}
}

func (t *tally) do(f func(s *Summary)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f(&t.s)
}

// filed is how many articles were filed so far.
func (t *tally) filed() (n int) {
	t.do(func(s *Summary) { n = s.Articles.New + s.Articles.Revised })
	return n
}

// close adds up the summary at the end of the cycle; before is when the one
// before it began, zero for none.
func (t *tally) close(now, before time.Time, sources []news.Source, states map[string]news.SourceState, report alert.Report) Summary {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.s
	s.Seconds = now.Sub(s.Started).Seconds()
	slices.SortFunc(s.Failures, func(a, b Failure) int { return cmp.Compare(a.Source, b.Source) })
	s.Coverage = t.coverage(sources, states)
	s.Sources.Failing, s.LastRead = t.health(now, sources, states)
	s.remind = !before.IsZero() && dayOver(before, s.Started, s.LastRead)
	s.Latency = Latency{PublishedSeen: spread(t.seen), SeenAlerted: spread(t.told)}
	countReport(&s, report)
	return s
}

// health counts the enabled sources that failed when they were asked last, and
// finds when one was read last.
func (t *tally) health(now time.Time, sources []news.Source, states map[string]news.SourceState) (failing int, last *time.Time) {
	read := func(at time.Time) {
		if at = at.UTC(); !at.IsZero() && (last == nil || at.After(*last)) {
			last = &at
		}
	}
	for _, src := range sources {
		if !src.Enabled {
			continue
		}
		st := stateOf(src, states)
		read(st.LastSuccess)
		ready, polled := t.ready[src.ID]
		switch {
		case polled && ready:
			read(now)
		case polled || st.Failures > 0:
			failing++
		}
	}
	return failing, last
}

// coverage counts the enabled sources that could be read. One that lists nothing
// isn't among them: no news must not look like no drift.
func (t *tally) coverage(sources []news.Source, states map[string]news.SourceState) Coverage {
	countries, languages := map[string]*Cover{}, map[string]*Cover{}
	count := func(m map[string]*Cover, key string, read bool) {
		c := m[key]
		if c == nil {
			c = &Cover{Key: key}
			m[key] = c
		}
		c.Total++
		if read {
			c.Read++
		}
	}
	for _, src := range sources {
		if !src.Enabled {
			continue
		}
		read, polled := t.ready[src.ID]
		read = read && !t.empty[src.ID]
		if !polled {
			read = isRead(stateOf(src, states))
		}
		count(countries, src.Country, read)
		for _, l := range src.Languages {
			count(languages, l, read)
		}
	}
	return Coverage{Countries: inOrder(countries), Languages: inOrder(languages)}
}

func inOrder(m map[string]*Cover) []Cover {
	out := make([]Cover, 0, len(m))
	for _, c := range m {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b Cover) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// countReport adds what became of deliveries.
func countReport(s *Summary, r alert.Report) {
	total := r.Total()
	s.Alerts.Sent, s.Alerts.Retried = total.Sent, total.Retried
	s.Alerts.Failed += total.Failed
	s.Alerts.Waiting, s.Alerts.Silenced, s.Alerts.Folded = total.Waiting, total.Silenced, total.Folded
	for _, name := range slices.Sorted(maps.Keys(r.Channels)) {
		for _, p := range r.Channels[name].Problems {
			s.Problems = append(s.Problems, ChannelProblem{Channel: name, Problem: p})
		}
	}
}
