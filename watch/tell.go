package watch

import (
	"context"
	"fmt"
	"time"

	"driftwatch/alert"
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
	sources := sourcesByID(w.Sources)
	tell := &telling{}
	tell.drainer = alert.NewDrainer(w.Store, w.Channels, alert.DrainOptions{
		Now: w.Now, Pace: func(channel string) time.Duration { return w.Pace[channel] }, Router: w.Router,
		Source: func(id string) (news.Source, bool) {
			s, ok := sources[id]
			return s, ok
		},
		Told: func(a news.Alert, at time.Time) {
			t.do(func(*Summary) { t.told = append(t.told, at.Sub(a.Article.Seen)) })
		},
	})
	tell.start(ctx)
	return tell, nil
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
