package news

import (
	"slices"
	"time"
)

// Silence keeps back messages for a while: of hits that pass all of its lists.
// An empty list passes all.
type Silence struct {
	ID        int64
	Themes    []Theme
	Countries []string // any of them among the hit's
	Signals   []string
	Sources   []string // ids, of the hit's article
	Stories   []int64
	Reason    string
	By        string
	Begins    time.Time
	Ends      time.Time
	Kept      int // deliveries that it keeps back, where a list of silences says so
}

// Active reports whether the silence holds at a time.
func (s Silence) Active(at time.Time) bool { return !at.Before(s.Begins) && at.Before(s.Ends) }

// SilenceState says where a silence stands at a time.
type SilenceState string

// The states of a silence.
const (
	SilenceActive SilenceState = "active"
	SilenceToCome SilenceState = "to come"
	SilenceEnded  SilenceState = "ended"
)

// State is where the silence stands at a time.
func (s Silence) State(at time.Time) SilenceState {
	switch {
	case s.Active(at):
		return SilenceActive
	case at.Before(s.Begins):
		return SilenceToCome
	}
	return SilenceEnded
}

// Whole reports whether the silence names nothing, so that it would take every
// hit.
func (s Silence) Whole() bool {
	return len(s.Themes)+len(s.Countries)+len(s.Signals)+len(s.Sources)+len(s.Stories) == 0
}

// Takes reports whether the silence is for a hit of an article of a source.
func (s Silence) Takes(h Hit, source string) bool {
	return passes(s.Themes, h.Theme) && passes(s.Signals, h.Signal) && passes(s.Sources, source) && passes(s.Stories, h.Story) &&
		(len(s.Countries) == 0 || slices.ContainsFunc(h.Countries, func(c string) bool { return slices.Contains(s.Countries, c) }))
}

func passes[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }
