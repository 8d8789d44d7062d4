package watch

import (
	"math"
	"strings"
	"time"

	"driftwatch/drift"
	"driftwatch/news"
	"driftwatch/store"
)

// keptMove is what counts of a move. There are many, and few kinds of hits.
type keptMove struct {
	article            int64
	kind               *news.Hit // what is the same in many hits; shared
	outlet             string
	found, when, began milliseconds
	says               news.Judgement // of the verdict that stands; "": none does
	given              milliseconds
}

// milliseconds is a moment since 1970, in UTC, as exactly as moments are stored.
type milliseconds int64

// noTime is the zero time.
const noTime = milliseconds(math.MinInt64)

func millisecondsOf(t time.Time) milliseconds {
	if t.IsZero() {
		return noTime
	}
	return milliseconds(t.UnixMilli())
}

func (m milliseconds) time() time.Time {
	if m == noTime {
		return time.Time{}
	}
	return time.UnixMilli(int64(m)).UTC()
}

// moveKindKey tells kinds of hits apart.
type moveKindKey struct {
	theme           news.Theme
	signal          string
	direction       news.Direction
	status          news.Status
	level           int
	background      bool
	countries, acts string
}

// kept is what is kept of a move.
func (k *driftKept) kept(m *store.Move) keptMove {
	h := &m.Hit
	var acts strings.Builder
	for _, a := range h.Acts {
		acts.WriteString(a.Country + "=" + string(a.Direction) + " ")
	}
	key := moveKindKey{h.Theme, h.Signal, h.Direction, h.Status, h.Level, h.Background, strings.Join(h.Countries, " "), acts.String()}
	kind := k.kinds[key]
	if kind == nil {
		kind = &news.Hit{Theme: h.Theme, Signal: h.Signal, Direction: h.Direction, Status: h.Status, Level: h.Level, Background: h.Background, Countries: h.Countries, Acts: h.Acts}
		k.kinds[key] = kind
	}
	out := keptMove{article: h.Article, kind: kind, outlet: m.Outlet, found: millisecondsOf(h.Found), when: millisecondsOf(m.When), began: millisecondsOf(m.Began)}
	if m.Verdict != nil {
		out.says, out.given = m.Verdict.Says, millisecondsOf(m.Verdict.Given)
	}
	return out
}

// event is a move of a story as the drift takes it, but for its verdict.
func (m *keptMove) event(story int64, severity map[string]int) drift.Event {
	e := drift.Event{Hit: *m.kind, Severity: severity[m.kind.Signal], When: m.when.time(), Began: m.began.time(), Outlet: m.outlet}
	e.Hit.Article, e.Hit.Story, e.Hit.Found = m.article, story, m.found.time()
	return e
}
