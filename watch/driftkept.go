package watch

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"driftwatch/drift"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/store"
)

// driftKept is what the drift of the last year is added up from, so that a page
// needs to read only what has changed since the last one: of each story its hits,
// of each country and day how much of its press was read at best. The sums of a
// week are kept until one of its stories changes.
type driftKept struct {
	w  *Watch
	mu sync.Mutex

	begins time.Time // of what is kept; zero: nothing was read yet
	seq    int64     // up to which the changes of stories were read
	moves  map[int64][]keptMove
	kinds  map[moveKindKey]*news.Hit
	weeks  map[drift.Week]*keptWeek
	cycle  time.Time // from which on cycles may have changed
	days   map[countryDay]drift.Day
	digest string // of the rules

	sums map[string]map[drift.Week][]drift.Row // by what is added up

	reading *store.Reading
}

func newDriftKept(w *Watch) *driftKept { return &driftKept{w: w, reading: store.NewReading()} }

// keptWeek is what counts in a week.
type keptWeek struct {
	stories map[int64]bool
	latest  milliseconds // no hit of them was found later
}

type countryDay struct {
	country string
	day     time.Time
}

// driftKeeps is how much is kept: the longest span that the pages show, and some.
const driftKeeps = 54 * 7 * 24 * time.Hour

// sumsMost is how many kinds of sums are kept, each of other countries or themes.
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
	return k.sum(engine, o), nil
}

// follow reads what has changed, so that a page has less to read.
func (k *driftKept) follow(ctx context.Context) error {
	engine, err := k.w.Rules.Engine()
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.refresh(ctx, engine, k.w.Now())
}

// refresh reads what has changed.
func (k *driftKept) refresh(ctx context.Context, engine *rules.Engine, now time.Time) error {
	if k.begins.IsZero() {
		k.begins = drift.WeekOf(now.Add(-driftKeeps)).Monday()
		k.cycle = k.begins
		k.moves, k.days, k.weeks = map[int64][]keptMove{}, map[countryDay]drift.Day{}, map[drift.Week]*keptWeek{}
		k.kinds = map[moveKindKey]*news.Hit{}
		k.sums = map[string]map[drift.Week][]drift.Row{}
	}
	stories, seq, err := k.w.Store.StoryChanges(ctx, k.seq)
	if err != nil {
		return err
	}
	k.reading.Begin(len(stories))
	slices.Sort(stories)                                 // as they are kept
	for part := range slices.Chunk(stories, movesPart) { // the first time these are all
		if err := k.reread(ctx, part); err != nil {
			return err
		}
		k.reading.Add(len(part))
	}
	k.seq = seq
	if k.digest != engine.Digest() {
		k.digest = engine.Digest()
		clear(k.sums)
	}
	err = k.readDays(ctx)
	if err == nil {
		k.reading.End()
	}
	return err
}

// movesPart is of how many stories the hits are read at a time.
const movesPart = 1000

// reread reads the hits of stories anew.
func (k *driftKept) reread(ctx context.Context, stories []int64) error {
	moves, err := k.w.Store.StoryMoves(ctx, stories, k.begins)
	if err != nil {
		return err
	}
	for _, id := range stories {
		k.place(id, false)
		delete(k.moves, id)
	}
	for i := range moves {
		story := moves[i].Hit.Story
		k.moves[story] = append(k.moves[story], k.kept(&moves[i]))
	}
	for _, id := range stories {
		k.place(id, true)
	}
	return nil
}

// place puts a story among those of its week, or takes it away, and forgets the sums
// of that week. A story counts in the week of its earliest article.
func (k *driftKept) place(story int64, there bool) {
	moves := k.moves[story]
	if len(moves) == 0 {
		return
	}
	began, latest := moves[0].when, noTime
	for _, m := range moves {
		for _, t := range []milliseconds{m.when, m.began} {
			if t != noTime && t < began {
				began = t
			}
		}
		latest = max(latest, m.found)
	}
	week := drift.WeekOf(began.time())
	for _, kept := range k.sums {
		delete(kept, week)
	}
	in := k.weeks[week]
	switch {
	case !there:
		delete(in.stories, story)
		return
	case in == nil:
		in = &keptWeek{stories: map[int64]bool{}, latest: noTime}
		k.weeks[week] = in
	}
	in.stories[story] = true
	in.latest = max(in.latest, latest)
}

// readDays reads what cycles say that began after those that have been read; one
// that hasn't ended is read again.
func (k *driftKept) readDays(ctx context.Context) error {
	from, waits := k.cycle, time.Time{}
	err := k.w.Store.EachCycle(ctx, from, func(c store.Cycle) error {
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
				k.days[at] = d
			}
		}
		return err
	})
	if !waits.IsZero() && k.w.Now().Sub(waits) < time.Hour { // one that was killed never ends
		k.cycle = waits
	}
	return err
}

// sum adds up what is kept, of each week what hasn't been added up yet. Of stories of
// earlier weeks only what was found since then counts, as it does for Drift.
func (k *driftKept) sum(engine *rules.Engine, o DriftOrder) []drift.Row {
	of := fmt.Sprint(o.Countries, o.Themes)
	kept, ok := k.sums[of]
	if !ok {
		if len(k.sums) >= sumsMost {
			clear(k.sums)
		}
		kept = map[drift.Week][]drift.Row{}
		k.sums[of] = kept
	}
	severity, from := severities(engine), drift.WeekOf(o.Since).Monday()
	var rows []drift.Row
	var earlier []drift.Event
	for week, in := range k.weeks {
		if week.Monday().Before(from) {
			if in.latest >= millisecondsOf(from) {
				earlier = k.events(earlier, in.stories, severity, from, o.Countries)
			}
			continue
		}
		sums, ok := kept[week]
		if !ok {
			sums = drift.Add(k.events(nil, in.stories, severity, time.Time{}, o.Countries), o.Themes...)
			kept[week] = sums
		}
		rows = append(rows, sums...)
	}
	rows = append(rows, drift.Add(earlier, o.Themes...)...)
	slices.SortFunc(rows, func(a, b drift.Row) int {
		return cmp.Or(strings.Compare(a.Country, b.Country), a.Week.Compare(b.Week))
	})
	var days []drift.Day
	for _, d := range k.days {
		if !d.When.Before(from) {
			days = append(days, d)
		}
	}
	return filled(rows, days, from, o)
}

// events appends those of stories that were found at or after a time, of some of the
// countries.
func (k *driftKept) events(out []drift.Event, stories map[int64]bool, severity map[string]int, from time.Time, countries []string) []drift.Event {
	n, since := 0, millisecondsOf(from)
	for id := range stories {
		n += len(k.moves[id])
	}
	out = slices.Grow(out, n) // events are large
	verdicts := make([]news.Verdict, n)
	for id := range stories {
		for i := range k.moves[id] {
			m := &k.moves[id][i]
			if m.found < since || !slices.ContainsFunc(m.kind.Countries, func(c string) bool { return slices.Contains(countries, c) }) {
				continue
			}
			e := m.event(id, severity)
			if m.says != "" {
				verdicts[0] = news.Verdict{Says: m.says, Given: m.given.time()}
				e.Verdict, verdicts = &verdicts[0], verdicts[1:]
			}
			out = append(out, e)
		}
	}
	return out
}
