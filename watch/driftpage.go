package watch

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"sync"

	"driftwatch/drift"
	"driftwatch/drift/chart"
	"driftwatch/news"
	"driftwatch/review"
)

// driftPages adds up what the desk shows of the drift. What was added up is kept
// until something of a story, a cycle or the rules changes.
type driftPages struct {
	w    *Watch
	mu   sync.Mutex
	of   driftMoment
	rows map[driftSpan][]drift.Row
}

// driftMoment is what sums depend on.
type driftMoment struct {
	stories, cycle int64
	ended          bool
	digest         string
	week           drift.Week
}

type driftSpan struct {
	weeks int
	theme news.Theme
}

func (p *driftPages) add(ctx context.Context, weeks int, theme news.Theme) ([]drift.Row, error) {
	engine, err := p.w.Rules.Engine()
	if err != nil {
		return nil, err
	}
	now := p.w.Now()
	m := driftMoment{digest: engine.Digest(), week: drift.WeekOf(now)}
	if _, m.stories, err = p.w.Store.StoryChanges(ctx, -1); err != nil {
		return nil, err
	}
	cycles, err := p.w.Store.Cycles(ctx, 1)
	if err != nil {
		return nil, err
	}
	if len(cycles) > 0 {
		m.cycle, m.ended = cycles[0].ID, !cycles[0].Ended.IsZero()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if m != p.of {
		p.of, p.rows = m, map[driftSpan][]drift.Row{}
	}
	span := driftSpan{weeks, theme}
	if rows, ok := p.rows[span]; ok {
		return rows, nil
	}
	o := DriftOrder{Since: now.AddDate(0, 0, -7*(weeks-1)), Now: now}
	if theme != "" {
		o.Themes = []news.Theme{theme}
	}
	rows, err := Drift(ctx, p.w.Store, engine, o)
	if err == nil {
		p.rows[span] = rows
	}
	return rows, err
}

// Weeks implements review.Drift.
func (p *driftPages) Weeks(ctx context.Context, weeks int, theme news.Theme) ([]review.DriftWeek, error) {
	rows, err := p.add(ctx, weeks, theme)
	out := make([]review.DriftWeek, len(rows))
	for i, r := range rows {
		out[i] = review.DriftWeek{Country: r.Country, Week: r.Week.String(), Monday: r.Week.Monday(), Apart: driftSum(r.Apart), Closer: driftSum(r.Closer),
			Coverage: r.Coverage.Share, Poor: r.Coverage.Poor(), Notes: r.Notes()}
		for _, t := range r.Themes {
			out[i].Themes = append(out[i].Themes, review.DriftTheme{Theme: t.Theme, Apart: t.Apart.Weight, Closer: t.Closer.Weight})
		}
	}
	return out, err
}

func driftSum(s drift.Sum) review.DriftSum {
	out := review.DriftSum{Weight: s.Weight, Low: s.Low, High: s.High, Unjudged: s.Unjudged}
	for _, e := range s.Stories {
		out.Events = append(out.Events, driftEvent(e, e.Weight))
	}
	for _, e := range s.Capped {
		out.Events = append(out.Events, driftEvent(e, 0))
	}
	return out
}

func driftEvent(e drift.Entry, adds float64) review.DriftEvent {
	return review.DriftEvent{Story: e.Story, Theme: e.Theme, Signal: e.Signal, Severity: cmp.Or(e.Severity, 1), Status: e.Status,
		Weight: adds, Outlets: e.Outlets, Judged: e.Judged}
}

// WriteDrift implements review.Drift.
func (p *driftPages) WriteDrift(ctx context.Context, w io.Writer, format string, weeks int, theme news.Theme) error {
	rows, err := p.add(ctx, weeks, theme)
	if err != nil {
		return err
	}
	switch format {
	case "svg":
		return chart.SVG(w, rows)
	case "png":
		return chart.PNG(w, rows)
	case "csv":
		return drift.CSV(w, rows)
	}
	return fmt.Errorf("the drift can't be written as %s", format)
}
