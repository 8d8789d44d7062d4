package watch

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"driftwatch/drift"
	"driftwatch/drift/chart"
	"driftwatch/news"
	"driftwatch/review"
)

// driftPages is what the desk shows of the drift.
type driftPages struct{ kept *driftKept }

func (p *driftPages) add(ctx context.Context, weeks int, theme news.Theme) ([]drift.Row, error) {
	now := p.kept.w.Now()
	o := DriftOrder{Since: now.AddDate(0, 0, -7*(weeks-1)), Now: now}
	if theme != "" {
		o.Themes = []news.Theme{theme}
	}
	return p.kept.add(ctx, o)
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
	out := review.DriftSum{Weight: s.Weight, Low: s.Low, High: s.High, Unjudged: s.Unjudged, Events: make([]review.DriftEvent, 0, len(s.Stories)+len(s.Capped))}
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
	var themes []news.Theme
	if theme != "" {
		themes = append(themes, theme)
	}
	switch format {
	case "svg":
		return chart.SVG(w, rows, themes...)
	case "png":
		return chart.PNG(w, rows, themes...)
	case "csv":
		return drift.CSV(w, rows)
	}
	return fmt.Errorf("the drift can't be written as %s", format)
}
