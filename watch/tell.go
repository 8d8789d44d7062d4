package watch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"driftwatch/alert"
	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/store"
)

// telling makes deliveries while the polls file them.
type telling struct {
	drainer *alert.Drainer // nil: nothing is to be sent
	report  alert.Report
	err     error
	stop    func() // what is in hand is finished, nothing more begun
	ended   chan struct{}
}

// startTelling begins with what earlier cycles left. Leases that a killed cycle
// held are freed: under the cycle's lock nothing else is sending.
func (w *Watch) startTelling(ctx context.Context, t *tally, o Order) (*telling, error) {
	if o.NoAlerts {
		return &telling{}, nil
	}
	if _, err := w.Store.ReleaseLeases(ctx, w.Now()); err != nil {
		return nil, fmt.Errorf("take up deliveries: %w", err)
	}
	if err := w.giveUpOrphans(ctx, t); err != nil {
		return nil, fmt.Errorf("take up deliveries: %w", err)
	}
	tell := &telling{drainer: alert.NewDrainer(w.Store, w.Channels, w.draining(t))}
	tell.start(ctx)
	return tell, nil
}

// draining says how deliveries are made.
func (w *Watch) draining(t *tally) alert.DrainOptions {
	sources := sourcesByID(w.sources())
	return alert.DrainOptions{
		Now: w.Now, Pace: func(channel string) time.Duration { return w.Pace[channel] }, Router: w.Router,
		Manner: w.manner,
		Source: func(id string) (news.Source, bool) {
			s, ok := sources[id]
			return s, ok
		},
		Told: func(a news.Alert, at time.Time) {
			if a.Last == nil { // how long the way took is asked of first messages
				t.do(func(*Summary) { t.told = append(t.told, at.Sub(a.Article.Seen)) })
			}
		},
	}
}

// manner is how a route's channel tells what is new in a story.
func (w *Watch) manner(t alert.Target) configs.Manner {
	m, ok := w.Manners[t.Channel]
	if ok && m != configs.MannerMessages {
		return m
	}
	if slices.ContainsFunc(w.Digests, func(d configs.Digest) bool { return d.Covers(t.Route, t.Channel) }) {
		return configs.MannerMessages
	}
	return configs.MannerAlone
}

// tellOf writes what is owed to the routes for an article that was filed, in the
// transaction that filed it: the first message of its story where one of its
// hits is the first that a route wants, and where a route was told of the story,
// what is new, as far as it is worth telling there. What is new while a message
// waits to be sent goes out with it.
func (w *Watch) tellOf(tx store.Tx, source news.Source, a news.Article, hits []store.PutHit, c *counted) error {
	last, err := tx.LastDeliveries(a.Story)
	if err != nil {
		return err
	}
	known := make(map[alert.Target]bool, len(last))
	for _, d := range last {
		known[alert.Target{Route: d.Route, Channel: d.Channel}] = true
	}
	for _, h := range hits {
		for _, target := range w.Router.Match(alert.Subject{Hit: h.Hit, Article: a, Source: source}) {
			if known[target] {
				continue
			}
			known[target] = true
			if err := w.owe(tx, target, a.Story, 1, c); err != nil {
				return err
			}
		}
	}
	return w.tellNews(tx, a.Story, last, c)
}

// owe writes one version of a story for a route's channel.
func (w *Watch) owe(tx store.Tx, target alert.Target, story int64, version int, c *counted) error {
	now := w.Now().UTC()
	_, made, err := tx.PutDelivery(news.Delivery{
		Kind: news.DeliveryStory, Route: target.Route, Channel: target.Channel, Story: story, Version: version,
		Key: alert.NewKey(), NextAt: now, Created: now,
	})
	if made {
		c.queued++
	}
	return err
}

// tellNews looks what is new in a story for those who were told of it; last is
// what each was told last.
func (w *Watch) tellNews(tx store.Tx, story int64, last []news.Delivery, c *counted) error {
	var state *news.StoryState
	for _, d := range last {
		target := alert.Target{Route: d.Route, Channel: d.Channel}
		if !w.Router.Has(target) {
			continue // the route is no more
		}
		if d.State == news.DeliveryPending && d.Waits == "" || d.State != news.DeliveryPending && d.State != news.DeliveryLeased && d.Told == nil {
			continue // it will be told with what waits; or nothing is known to have been told, and a later version has nothing to go by
		}
		if state == nil {
			now, err := tx.StoryState(story)
			if err != nil {
				return err
			}
			state = &now
		}
		if err := w.tellOne(tx, d, *state, c); err != nil {
			return err
		}
	}
	return nil
}

// tellOne looks what is new for one route's channel.
func (w *Watch) tellOne(tx store.Tx, last news.Delivery, state news.StoryState, c *counted) error {
	switch {
	case last.State == news.DeliveryPending: // it waits for quiet hours to end, and may not have to any more
		c.queued++
		return tx.Rouse(last.ID, w.Now())
	case last.State == news.DeliveryLeased: // it may be on its way already, with what was known then
	case !alert.WorthVersion(*last.Told, state, w.manner(alert.Target{Route: last.Route, Channel: last.Channel})):
		return nil
	case last.State == news.DeliverySilenced:
		c.queued++
		return tx.Rouse(last.ID, w.Now())
	}
	return w.owe(tx, alert.Target{Route: last.Route, Channel: last.Channel}, last.Story, last.Version+1, c)
}

// giveUpOrphans gives up what waited for as long as any delivery may for a
// channel that isn't in the configuration: the operator hears of it once, and
// can have it sent after all with `alerts retry` when the channel is back.
func (w *Watch) giveUpOrphans(ctx context.Context, t *tally) error {
	waiting, err := w.Store.Deliveries(ctx, store.DeliveryFilter{States: []news.DeliveryState{news.DeliveryPending}})
	if err != nil {
		return err
	}
	told := map[string]bool{}
	for _, d := range waiting {
		if _, there := w.Channels[d.Channel]; there || w.Now().Sub(d.Created) < alert.GiveUpAge {
			continue
		}
		const problem = "the configuration has no such channel"
		if err := w.Store.Fail(ctx, d.ID, problem); err != nil {
			return err
		}
		t.do(func(s *Summary) {
			s.Alerts.Failed++
			if !told[d.Channel] {
				s.Problems = append(s.Problems, ChannelProblem{Channel: d.Channel, Problem: problem})
			}
		})
		told[d.Channel] = true
	}
	return nil
}

// start makes deliveries until ctx ends or finish returns.
func (t *telling) start(ctx context.Context) {
	ctx, t.stop = context.WithCancel(ctx)
	t.ended = make(chan struct{})
	go func() {
		defer close(t.ended)
		t.report, t.err = t.drainer.Run(ctx)
	}()
}

// kick says that something was filed that is owed.
func (t *telling) kick() {
	if t.drainer != nil {
		t.drainer.Kick()
	}
}

// finish waits until nothing more is due, or d has passed where d isn't 0.
func (t *telling) finish(d time.Duration) (alert.Report, error) {
	if t.drainer == nil {
		return alert.Report{}, nil
	}
	t.drainer.Finish()
	defer t.stop()
	if d > 0 {
		defer time.AfterFunc(d, t.stop).Stop()
	}
	<-t.ended
	return t.report, t.err
}
