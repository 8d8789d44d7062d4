package watch

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"driftwatch/drift"
	"driftwatch/drift/chart"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/store"
)

// DriftOrder chooses what Drift adds up.
type DriftOrder struct {
	Countries []string     // empty: all
	Themes    []news.Theme // empty: all
	Since     time.Time    // from the week of this time; zero: from the first week in which anything is known
	Now       time.Time    // to the week of this time
}

// Drift adds up what is stored, a row for each country and week: see
// drift.Add. A story counts with all its hits, whenever they were found. The
// engine says how severe each signal is; of signals that it no longer has, the
// level of the hit counts.
func Drift(ctx context.Context, st store.Store, engine *rules.Engine, o DriftOrder) ([]drift.Row, error) {
	if len(o.Countries) == 0 {
		o.Countries = news.Countries
	}
	from := o.Since
	if !from.IsZero() {
		from = drift.WeekOf(from).Monday()
	}
	events, err := driftEvents(ctx, st, engine, from, o)
	if err != nil {
		return nil, err
	}
	days, err := driftDays(ctx, st, from)
	if err != nil {
		return nil, err
	}
	return filled(drift.Add(events, o.Themes...), days, from, o), nil
}

// filled puts the weeks between beside those in which something adds up.
func filled(rows []drift.Row, days []drift.Day, from time.Time, o DriftOrder) []drift.Row {
	begin := firstKnown(rows, days)
	if begin.IsZero() {
		return nil
	}
	if begin.After(from) {
		from = begin
	}
	return drift.Fill(rows, o.Countries, from, o.Now, days)
}

// severities are the levels of the signals.
func severities(engine *rules.Engine) map[string]int {
	out := make(map[string]int)
	for _, s := range engine.Signals() {
		out[s.ID] = s.Level
	}
	return out
}

// driftEvents are the hits that stand, each with the time at which its story
// was first told.
func driftEvents(ctx context.Context, st store.Store, engine *rules.Engine, from time.Time, o DriftOrder) ([]drift.Event, error) {
	severity := severities(engine)
	hits, err := st.Hits(ctx, store.HitFilter{Countries: o.Countries, Since: from})
	if err != nil {
		return nil, err
	}
	stories := make(map[int64]time.Time)
	out := make([]drift.Event, 0, len(hits))
	for _, h := range hits {
		began, known := stories[h.Hit.Story]
		if !known {
			s, err := st.Story(ctx, h.Hit.Story)
			if err != nil {
				return nil, fmt.Errorf("read story %d: %w", h.Hit.Story, err)
			}
			began = s.Published
			stories[h.Hit.Story] = began
		}
		out = append(out, drift.Event{
			Hit: h.Hit, Severity: severity[h.Hit.Signal], When: h.Article.When(), Began: began,
			Outlet: h.Article.Source, Verdict: h.Verdict,
		})
	}
	return out, nil
}

// driftDays is what the cycles say of how much they could read.
func driftDays(ctx context.Context, st store.Store, from time.Time) ([]drift.Day, error) {
	var out []drift.Day
	err := st.EachCycle(ctx, from, func(c store.Cycle) error {
		days, err := daysOf(c)
		out = append(out, days...)
		return err
	})
	return out, err
}

// daysOf is what a cycle says of how much it could read; nothing where it never
// came to its end.
func daysOf(c store.Cycle) ([]drift.Day, error) {
	if c.Summary == nil {
		return nil, nil
	}
	var s struct{ Coverage Coverage }
	if err := json.Unmarshal(c.Summary, &s); err != nil {
		return nil, fmt.Errorf("read the summary of cycle %d: %w", c.ID, err)
	}
	var out []drift.Day
	for _, k := range s.Coverage.Countries {
		out = append(out, drift.Day{Country: k.Key, When: c.Started, Read: k.Read, Total: k.Total})
	}
	return out, nil
}

// firstKnown is the first week in which something was flagged or read; zero:
// there is none.
func firstKnown(rows []drift.Row, days []drift.Day) time.Time {
	var first time.Time
	earlier := func(t time.Time) {
		if first.IsZero() || t.Before(first) {
			first = t
		}
	}
	for _, r := range rows {
		earlier(r.Week.Monday())
	}
	for _, d := range days {
		earlier(drift.WeekOf(d.When).Monday())
	}
	return first
}

// digestWeeks is how many weeks the picture of a digest shows.
const digestWeeks = 8

// DigestDrift is what a weekly digest that ends at a time has of the drift: the
// figures of the week before that time, and a picture (PNG) of that week and
// those before it. Nothing where nothing was ever read.
func DigestDrift(ctx context.Context, st store.Store, engine *rules.Engine, countries []string, end time.Time) ([]news.DriftLine, []byte, error) {
	last := end.Add(-time.Nanosecond)
	if monday := drift.WeekOf(end).Monday(); end.Sub(monday) < 24*time.Hour {
		last = monday.Add(-time.Nanosecond) // sent on a Monday morning: the week that is over
	}
	rows, err := Drift(ctx, st, engine, DriftOrder{Countries: countries, Since: last.AddDate(0, 0, -7*(digestWeeks-1)), Now: last})
	if err != nil || len(rows) == 0 {
		return nil, nil, err
	}
	var picture bytes.Buffer
	if err := chart.PNG(&picture, rows); err != nil {
		return nil, nil, err
	}
	return drift.Lines(rows), picture.Bytes(), nil
}

// digestDrift is DigestDrift of a Watch's own store and rules.
func (w *Watch) digestDrift(ctx context.Context, _, to time.Time) ([]news.DriftLine, []byte, error) {
	engine, err := w.Rules.Engine()
	if err != nil {
		return nil, nil, err
	}
	return DigestDrift(ctx, w.Store, engine, nil, to)
}
