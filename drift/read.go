package drift

import (
	"time"

	"driftwatch/news"
)

// book is what all events say, by place.
type book struct {
	parts    map[place]*part
	first    map[int64]time.Time // of each story, its earliest article
	verdicts map[judged]news.Verdict
	denials  map[claim]time.Time // the last denial that its article doesn't take back itself
	reports  map[claim]time.Time // the first report
}

// judged is what a verdict is on.
type judged struct {
	story     int64
	signal    string
	direction news.Direction
}

// claim is what can be denied.
type claim struct {
	story   int64
	country string
	signal  string
}

// read sorts events by place, without those that count for nothing.
func read(events []Event) *book {
	b := &book{
		parts: map[place]*part{}, first: map[int64]time.Time{}, verdicts: map[judged]news.Verdict{},
		denials: map[claim]time.Time{}, reports: map[claim]time.Time{},
	}
	for i := range events { // they are large
		e := &events[i]
		began := e.When
		if !e.Began.IsZero() && e.Began.Before(began) {
			began = e.Began
		}
		if t, known := b.first[e.Hit.Story]; !known || began.Before(t) {
			b.first[e.Hit.Story] = began
		}
		if e.Verdict == nil {
			continue
		}
		if v, known := b.verdicts[onHit(&e.Hit)]; !known || e.Verdict.Given.After(v.Given) {
			b.verdicts[onHit(&e.Hit)] = *e.Verdict
		}
	}
	left := make([]*Event, 0, len(events))
	for i := range events {
		if e := &events[i]; !e.Hit.Background && b.verdicts[onHit(&e.Hit)].Says != news.Irrelevant {
			left = append(left, e)
		}
	}
	b.contests(left)
	for _, e := range left {
		for _, a := range acts(&e.Hit) {
			b.post(e, a)
		}
	}
	return b
}

func onHit(h *news.Hit) judged { return judged{h.Story, h.Signal, h.Direction} }

// acts says which way each country moves by a hit.
func acts(h *news.Hit) []news.Act {
	if len(h.Acts) > 0 {
		return h.Acts
	}
	out := make([]news.Act, len(h.Countries))
	for i, c := range h.Countries {
		out[i] = news.Act{Country: c, Direction: h.Direction}
	}
	return out
}

func denies(h *news.Hit, a news.Act) bool {
	return a.Direction == news.Contested || h.Status == news.StatusDenied
}

// contests notes when what was first reported, and denied last. An article that
// both denies and reports a thing reports it.
func (b *book) contests(events []*Event) {
	type told struct {
		article int64
		claim
	}
	affirmed := map[told]bool{}
	for _, e := range events {
		for _, a := range acts(&e.Hit) {
			c := claim{e.Hit.Story, a.Country, e.Hit.Signal}
			if denies(&e.Hit, a) {
				continue
			}
			affirmed[told{e.Hit.Article, c}] = e.Hit.Article != 0
			if t, known := b.reports[c]; !known || e.When.Before(t) {
				b.reports[c] = e.When
			}
		}
	}
	for _, e := range events {
		for _, a := range acts(&e.Hit) {
			c := claim{e.Hit.Story, a.Country, e.Hit.Signal}
			if denies(&e.Hit, a) && !affirmed[told{e.Hit.Article, c}] && e.When.After(b.denials[c]) {
				b.denials[c] = e.When
			}
		}
	}
}

// post notes what an event says of one country.
func (b *book) post(e *Event, a news.Act) {
	at := place{a.Country, WeekOf(b.first[e.Hit.Story])}
	p := b.parts[at]
	if p == nil {
		p = &part{votes: map[vote][]report{}, contested: map[int64]bool{}}
		b.parts[at] = p
	}
	c := claim{e.Hit.Story, a.Country, e.Hit.Signal}
	denied, isDenied := b.denials[c]
	reported, isReported := b.reports[c]
	if isDenied && (!isReported || !denied.Before(reported)) {
		p.contested[e.Hit.Story] = true
		return
	}
	if denies(&e.Hit, a) {
		return
	}
	severity := e.Severity
	if severity == 0 {
		severity = e.Hit.Level
	}
	r := report{outlet: e.Outlet, entry: Entry{
		Story: e.Hit.Story, Theme: e.Hit.Theme, Signal: e.Hit.Signal, Severity: severity, Status: e.Hit.Status,
		Weight: float64(severity) * Factor(e.Hit.Status), Judged: b.verdicts[onHit(&e.Hit)].Says == news.Relevant,
	}}
	for _, d := range directions(a.Direction) {
		v := vote{e.Hit.Story, d}
		p.votes[v] = append(p.votes[v], r)
	}
}

// directions gives the sums that a direction counts in.
func directions(d news.Direction) []news.Direction {
	if d == news.Mixed {
		return []news.Direction{news.Apart, news.Closer}
	}
	return []news.Direction{d}
}
