package alert

import (
	"maps"
	"slices"
)

// Report says what became of deliveries.
type Report struct {
	Channels map[string]ChannelReport // of every channel that was drained, by name
}

// ChannelReport says what became of one channel's deliveries.
type ChannelReport struct {
	Sent     int      // accepted
	Retried  int      // attempts that failed and will be made again
	Failed   int      // given up
	Waiting  int      // laid back until quiet hours end
	Silenced int      // kept back by a silence
	Folded   int      // named in a message about several
	Problems []string // what went wrong, a sentence each, each once; at most 5
}

// Total adds up all channels; its problems begin with their channel's name.
func (r Report) Total() ChannelReport {
	var t ChannelReport
	for _, name := range slices.Sorted(maps.Keys(r.Channels)) {
		c := r.Channels[name]
		t.Sent, t.Retried, t.Failed = t.Sent+c.Sent, t.Retried+c.Retried, t.Failed+c.Failed
		t.Waiting, t.Silenced, t.Folded = t.Waiting+c.Waiting, t.Silenced+c.Silenced, t.Folded+c.Folded
		for _, p := range c.Problems {
			t.Problems = append(t.Problems, name+": "+p)
		}
	}
	return t
}

const maxProblems = 5

// note keeps a problem that wasn't noted yet.
func (c *ChannelReport) note(problem string) {
	if len(c.Problems) < maxProblems && !slices.Contains(c.Problems, problem) {
		c.Problems = append(c.Problems, problem)
	}
}
