package watch

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"driftwatch/drift"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/store"
)

// driftKept is what the drift of the last year is added up from, so that a page
// needs to read only what has changed since the last one: of each story its hits,
// of each country and day how much of its press was read at best.
type driftKept struct {
	w  *Watch
	mu sync.Mutex

	begins time.Time // of what is kept; zero: nothing was read yet
	seq    int64     // up to which the changes of stories were read
	moves  map[int64][]store.Move
	cycle  time.Time // from which on cycles may have changed
	days   map[countryDay]drift.Day
	digest string // of the rules
	week   drift.Week

	rows map[string][]drift.Row // by order
}

type countryDay struct {
	country string
	day     time.Time
}

// driftKeeps is how much is kept: the longest span that the pages show, and some.
const driftKeeps = 54 * 7 * 24 * time.Hour

// sumsMost is how many sums are kept, each of another order.
const sumsMost = 64

// add gives the same rows as Drift.
func (k *driftKept) add(ctx context.Context, o DriftOrder) ([]drift.Row, error) {
	engine, err := k.w.Rules.Engine()
	if err != nil {
		return nil, err
	}
	if len(o.Countries) == 0 {
		o.Countries = news.Countries
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.refresh(ctx, engine, o.Now); err != nil {
		return nil, err
	}
	if drift.WeekOf(o.Since).Monday().Before(k.begins) {
		return Drift(ctx, k.w.Store, engine, o)
	}
	of := fmt.Sprint(o.Countries, o.Themes, drift.WeekOf(o.Since))
	if rows, ok := k.rows[of]; ok {
		return rows, nil
	}
	if len(k.rows) >= sumsMost {
		clear(k.rows)
	}
	rows := k.sum(engine, o)
	k.rows[of] = rows
	return rows, nil
}

// refresh reads what has changed.
func (k *driftKept) refresh(ctx context.Context, engine *rules.Engine, now time.Time) error {
	if k.begins.IsZero() {
		k.begins = drift.WeekOf(now.Add(-driftKeeps)).Monday()
		k.cycle = k.begins
		k.moves, k.days, k.rows = map[int64][]store.Move{}, map[countryDay]drift.Day{}, map[string][]drift.Row{}
	}
	stories, seq, err := k.w.Store.StoryChanges(ctx, k.seq)
	if err != nil {
		return err
	}
	moves, err := k.w.Store.StoryMoves(ctx, stories, k.begins)
	if err != nil {
		return err
	}
	for _, id := range stories {
		delete(k.moves, id)
	}
	for _, m := range moves {
		k.moves[m.Hit.Story] = append(k.moves[m.Hit.Story], m)
	}
	k.seq = seq
	read, err := k.readDays(ctx)
	if err != nil {
		return err
	}
	if week := drift.WeekOf(now); len(stories) > 0 || read || k.digest != engine.Digest() || k.week != week {
		k.digest, k.week = engine.Digest(), week
		clear(k.rows)
	}
	return nil
}

// readDays reads what cycles say that began after those that have been read; one
// that hasn't ended is read again.
func (k *driftKept) readDays(ctx context.Context) (changed bool, err error) {
	from, waits := k.cycle, time.Time{}
	err = k.w.Store.EachCycle(ctx, from, func(c store.Cycle) error {
		if c.Summary == nil {
			if waits.IsZero() {
				waits = c.Started
			}
			return nil
		}
		k.cycle = c.Started.Add(time.Millisecond)
		days, err := daysOf(c)
		for _, d := range days {
			at := countryDay{d.Country, d.When.UTC().Truncate(24 * time.Hour)}
			if best, ok := k.days[at]; d.Total > 0 && (!ok || d.Read*best.Total > best.Read*d.Total) {
				k.days[at], changed = d, true
			}
		}
		return err
	})
	if !waits.IsZero() && k.w.Now().Sub(waits) < time.Hour { // one that was killed never ends
		k.cycle = waits
	}
	return changed, err
}

// sum adds up what is kept.
func (k *driftKept) sum(engine *rules.Engine, o DriftOrder) []drift.Row {
	severity := severities(engine)
	from := drift.WeekOf(o.Since).Monday()
	var events []drift.Event
	for _, moves := range k.moves {
		for _, m := range moves {
			if m.Hit.Found.Before(from) || !slices.ContainsFunc(m.Hit.Countries, func(c string) bool { return slices.Contains(o.Countries, c) }) {
				continue
			}
			events = append(events, drift.Event{Hit: m.Hit, Severity: severity[m.Hit.Signal], When: m.When, Began: m.Began, Outlet: m.Outlet, Verdict: m.Verdict})
		}
	}
	var days []drift.Day
	for _, d := range k.days {
		if !d.When.Before(from) {
			days = append(days, d)
		}
	}
	return driftRows(events, days, from, o)
}
