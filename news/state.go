package news

import (
	"cmp"
	"slices"
	"time"
)

// statuses are those that a report may bring forward, the strongest first.
var statuses = []Status{StatusHappened, StatusDecided, StatusAnnounced, StatusProposed, StatusDemanded, StatusOpinion}

// StateOf is what a story says, by all of its articles and those of their hits
// that stand. Hits that are background or quiet don't count.
//
// A signal's status is the strongest that any article gives it, or denied where
// an article seen later than the first of those denies it: a copy of the older
// report changes nothing, a further step does.
func StateOf(articles []Article, hits []Hit) StoryState {
	articles = slices.Clone(articles)
	slices.SortStableFunc(articles, func(a, b Article) int { return cmp.Or(a.Seen.Compare(b.Seen), cmp.Compare(a.ID, b.ID)) })
	s := StoryState{Articles: len(articles)}
	seen := make(map[int64]time.Time, len(articles))
	for _, a := range articles {
		seen[a.ID] = a.Seen
		s.Outlets = addOnce(s.Outlets, a.Source)
		s.Languages = addOnce(s.Languages, a.Lang)
	}
	said := map[signalKey]*saying{}
	for _, h := range hits {
		if h.Background || h.Quiet != "" {
			continue
		}
		s.Level = max(s.Level, h.Level)
		k := signalKey{h.Signal, h.Direction}
		if said[k] == nil {
			said[k] = &saying{SignalState: SignalState{Theme: h.Theme, Signal: h.Signal, Title: h.Title, Direction: h.Direction}}
		}
		said[k].add(h, seen[h.Article])
	}
	var countries []string
	for _, one := range said {
		s.Signals = append(s.Signals, one.state())
		for _, c := range one.Countries {
			countries = addOnce(countries, c)
		}
	}
	s.Countries = inOrder(countries)
	slices.SortFunc(s.Signals, func(a, b SignalState) int {
		return cmp.Or(b.Level-a.Level, cmp.Compare(a.Signal, b.Signal), cmp.Compare(a.Direction, b.Direction))
	})
	return s
}

type signalKey struct {
	signal    string
	direction Direction
}

// saying is a signal's state while hits are added.
type saying struct {
	SignalState
	since  time.Time // when Status was first reported
	denied time.Time // when it was last denied; zero: never
}

func (s *saying) add(h Hit, seen time.Time) {
	s.Level = max(s.Level, h.Level)
	for _, c := range h.Countries {
		s.Countries = addOnce(s.Countries, c)
	}
	if h.Status == StatusDenied && !seen.Before(s.denied) {
		s.denied = seen
	}
	rank := slices.Index(statuses, h.Status)
	have := slices.Index(statuses, s.Status)
	switch {
	case rank < 0:
	case have < 0 || rank < have:
		s.Status, s.since = h.Status, seen
	case rank == have && seen.Before(s.since):
		s.since = seen
	}
}

func (s *saying) state() SignalState {
	out := s.SignalState
	out.Countries = inOrder(out.Countries)
	if !s.denied.IsZero() && (s.Status == "" || !s.denied.Before(s.since)) {
		out.Status = StatusDenied
	}
	return out
}

// inOrder sorts countries as Countries has them, others after them by code.
func inOrder(countries []string) []string {
	place := func(c string) int {
		if i := slices.Index(Countries, c); i >= 0 {
			return i
		}
		return len(Countries)
	}
	slices.SortFunc(countries, func(a, b string) int { return cmp.Or(place(a)-place(b), cmp.Compare(a, b)) })
	return countries
}

func addOnce(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
