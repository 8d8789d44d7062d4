package watch

import (
	"context"
	"maps"
	"slices"
	"time"

	"driftwatch/alert"
	"driftwatch/drift"
	"driftwatch/news"
	"driftwatch/review"
	"driftwatch/store"
)

// deskOutbox is what is owed to the channels, for the desk.
type deskOutbox struct {
	store.Store
	w    *Watch
	zone *time.Location
}

// DeliveryList implements review.Outbox.
func (d deskOutbox) DeliveryList(ctx context.Context, f review.DeliveryFilter) ([]review.DeliveryLine, error) {
	rows, err := d.Store.Deliveries(ctx, store.DeliveryFilter{States: f.States, Channels: f.Channels, Routes: f.Routes, IDs: f.IDs, Stories: f.Stories, Before: f.Before, Limit: f.Limit})
	out := make([]review.DeliveryLine, len(rows))
	for i, r := range rows {
		out[i] = review.DeliveryLine{Delivery: r.Delivery, Title: r.Title}
	}
	return out, err
}

// Retry implements review.Outbox.
func (d deskOutbox) Retry(ctx context.Context, now time.Time, ids ...int64) (int, error) {
	return d.RetryDeliveries(ctx, now, ids...)
}

// Cancel implements review.Outbox.
func (d deskOutbox) Cancel(ctx context.Context, why string, ids ...int64) (int, error) {
	return d.CancelDeliveries(ctx, why, ids...)
}

// Message implements review.Outbox.
func (d deskOutbox) Message(ctx context.Context, owed news.Delivery) (review.Message, error) {
	if owed.Story == 0 {
		read, err := alert.Kept(owed, func(one news.Delivery) (news.Alert, error) { return d.alert(ctx, one) }, d.zone)
		return review.Message{Text: owed.Content, Type: "application/json", Read: read}, err
	}
	ch, ok := d.w.Channels[owed.Channel]
	if !ok {
		return review.Message{}, store.ErrNotFound
	}
	a, err := d.alert(ctx, news.Delivery{Kind: news.DeliveryStory, Route: "preview", Channel: owed.Channel, Story: owed.Story, Version: 1, Key: "preview"})
	if err != nil {
		return review.Message{}, err
	}
	text, kind, err := alert.Preview(ch, a, d.zone)
	if err != nil {
		return review.Message{}, err
	}
	return review.Message{Text: string(text), Type: kind, Read: alert.Read(ch, text)}, nil
}

// alert is what is told of a delivery's story.
func (d deskOutbox) alert(ctx context.Context, owed news.Delivery) (news.Alert, error) {
	a, err := d.Store.Alert(ctx, owed)
	if err != nil {
		return a, err
	}
	sources := sourcesByID(d.w.sources())
	return alert.Complete(a, d.w.Router, func(id string) (news.Source, bool) { s, ok := sources[id]; return s, ok }), nil
}

// Names implements review.Outbox.
func (d deskOutbox) Names() (channels, routes []string) {
	channels = slices.Sorted(maps.Keys(d.w.Channels))
	routes = d.w.Router.Names()
	for _, g := range d.w.Digests {
		if !slices.Contains(routes, g.Name) {
			routes = append(routes, g.Name)
		}
	}
	return channels, routes
}

// deskData is what the desk's API tells.
type deskData struct {
	w     *Watch
	drift *driftKept
}

// HitList implements review.Data.
func (d deskData) HitList(ctx context.Context, f review.HitFilter) ([]review.HitLine, error) {
	rows, err := d.w.Store.Hits(ctx, store.HitFilter{Themes: f.Themes, Countries: f.Countries, Since: f.Since, Until: f.Until, Unjudged: f.Unjudged, Limit: f.Limit})
	out := make([]review.HitLine, len(rows))
	for i, r := range rows {
		out[i] = review.HitLine{Hit: r.Hit, Article: r.Article, Verdict: r.Verdict}
	}
	return out, err
}

// SourceList implements review.Data.
func (d deskData) SourceList(ctx context.Context) ([]review.SourceLine, error) {
	states, err := d.w.Store.SourceStates(ctx)
	if err != nil {
		return nil, err
	}
	at := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		t = t.UTC()
		return &t
	}
	out := make([]review.SourceLine, len(d.w.sources()))
	for i, s := range d.w.sources() {
		shown := s.Shown
		if shown == "" {
			shown = s.URL
		}
		st := states[s.ID]
		out[i] = review.SourceLine{ID: s.ID, Name: s.Name, Country: s.Country, Languages: append([]string{}, s.Languages...), Kind: string(s.Kind), URL: shown, Enabled: s.Enabled,
			LastPoll: at(st.LastPoll), LastGood: at(st.LastSuccess), NextPoll: at(st.NextPoll), Failures: st.Failures, Problem: st.Problem, Gone: st.Gone}
	}
	return out, nil
}

// DriftWeeks implements review.Data.
func (d deskData) DriftWeeks(ctx context.Context, countries []string, themes []news.Theme, since time.Time) ([]review.ToldWeek, error) {
	rows, err := d.drift.add(ctx, DriftOrder{Countries: countries, Themes: themes, Since: since, Now: d.w.Now()})
	out := make([]review.ToldWeek, len(rows))
	for i, r := range rows {
		w := review.ToldWeek{Country: r.Country, Week: r.Week.String(), Monday: r.Week.Monday(), Apart: deskSum(r.Apart), Closer: deskSum(r.Closer),
			Pressure: deskSum(r.Pressure), Themes: []review.ToldTheme{}, Poor: r.Coverage.Poor(), Notes: append([]string{}, r.Notes()...)}
		if r.Coverage.Known {
			w.Coverage = &r.Coverage.Share
		}
		for _, t := range r.Themes {
			w.Themes = append(w.Themes, review.ToldTheme{Theme: t.Theme, Apart: deskSum(t.Apart), Closer: deskSum(t.Closer), Pressure: deskSum(t.Pressure)})
		}
		out[i] = w
	}
	return out, err
}

func deskSum(s drift.Sum) review.ToldSum {
	out := review.ToldSum{Weight: s.Weight, Unjudged: s.Unjudged, Low: s.Low, High: s.High, Stories: make([]int64, len(s.Stories))}
	for i, e := range s.Stories {
		out.Stories[i] = e.Story
	}
	return out
}
