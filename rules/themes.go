package rules

import "slices"

// Themes lists the ids of the themes that have signals, in their order.
func (e *Engine) Themes() []string {
	var ids []string
	for _, s := range e.signals {
		if id := string(s.Theme); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// SignalIDs lists the ids of all signals, those that are switched off among
// them.
func (e *Engine) SignalIDs() []string {
	ids := e.packs.Off()
	for _, s := range e.signals {
		ids = append(ids, s.ID)
	}
	slices.Sort(ids)
	return ids
}
