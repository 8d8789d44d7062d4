package rules

import (
	"time"

	"driftwatch/text"
)

// Cost is what a signal costs.
type Cost struct {
	Asked int           // texts that have all that it needs, so that its query was asked
	Took  time.Duration // of its query, in all texts together
}

// Meter adds up what each signal costs. It belongs to one goroutine.
type Meter struct {
	Texts int
	Costs map[string]Cost // by signal; those that no text asked for are missing
}

// Add flags a text as Flag does, and notes what each signal took.
func (m *Meter) Add(e *Engine, r *text.Reading, a About) {
	s := e.states.Get().(*state)
	defer e.states.Put(s)
	if m.Costs == nil {
		m.Costs = map[string]Cost{}
	}
	m.Texts++
	s.read(r, a)
	if !s.possible() {
		return
	}
	s.who()
	for _, i := range s.candidates {
		g := e.signals[i]
		begun := time.Now()
		s.store = s.store[:0]
		s.find(g, a, nil)
		c := m.Costs[g.ID]
		m.Costs[g.ID] = Cost{c.Asked + 1, c.Took + time.Since(begun)}
	}
}
