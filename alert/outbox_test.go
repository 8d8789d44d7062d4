package alert_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"driftwatch/alert"
	"driftwatch/alert/internal/sample"
	"driftwatch/news"
)

// box is an outbox in memory.
type box struct {
	mu     sync.Mutex
	owed   []*news.Delivery
	log    []string                                  // what was recorded, in order
	broken func(what string, id int64) error         // nil, or what the box fails with
	alerts func(d news.Delivery) (news.Alert, error) // nil: the sample

	silences []news.Silence
}

// file puts n deliveries to a channel into the box.
func (b *box) file(channel string, n int, created time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for range n {
		id := int64(len(b.owed) + 1)
		b.owed = append(b.owed, &news.Delivery{
			ID: id, Route: "all", Channel: channel, Story: id, Version: 1, Key: fmt.Sprintf("key-%d", id),
			State: news.DeliveryPending, Created: created, NextAt: created,
		})
	}
}

func (b *box) Lease(ctx context.Context, channel string, now, until time.Time, n int) ([]news.Delivery, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := cmp.Or(ctx.Err(), b.fails("lease", 0)); err != nil {
		return nil, err
	}
	due := slices.DeleteFunc(slices.Clone(b.owed), func(d *news.Delivery) bool {
		free := d.State == news.DeliveryPending || d.State == news.DeliveryLeased && !d.LeaseUntil.After(now)
		return d.Channel != channel || d.NextAt.After(now) || !free
	})
	slices.SortStableFunc(due, func(a, b *news.Delivery) int { return a.NextAt.Compare(b.NextAt) })
	var out []news.Delivery
	for _, d := range due[:min(n, len(due))] {
		d.State, d.LeaseUntil = news.DeliveryLeased, until
		out = append(out, *d)
	}
	return out, nil
}

func (b *box) Alert(_ context.Context, d news.Delivery) (news.Alert, error) {
	if b.alerts != nil {
		return b.alerts(d)
	}
	a := sample.Russian()
	a.Delivery, a.Source = d, news.Source{ID: "kovyl"}
	return a, nil
}

func (b *box) Sent(ctx context.Context, id int64, receipt string, told *news.StoryState, at time.Time) error {
	return b.record(ctx, "sent", id, func(d *news.Delivery) {
		d.State, d.Receipt, d.Told, d.Sent = news.DeliverySent, receipt, told, at
	})
}

func (b *box) Hold(ctx context.Context, id int64, why string, next time.Time) error {
	return b.record(ctx, "hold", id, func(d *news.Delivery) { d.State, d.Waits, d.NextAt = news.DeliveryPending, why, next })
}

func (b *box) Silenced(ctx context.Context, id, silence int64, told *news.StoryState) error {
	return b.record(ctx, "silence", id, func(d *news.Delivery) { d.State, d.Silence, d.Told = news.DeliverySilenced, silence, told })
}

func (b *box) Cancelled(ctx context.Context, id int64, why string) error {
	return b.record(ctx, "cancel", id, func(d *news.Delivery) { d.State, d.Problem = news.DeliveryCancelled, why })
}

func (b *box) Fold(ctx context.Context, id int64, told *news.StoryState, more news.Delivery) error {
	err := b.record(ctx, "fold", id, func(d *news.Delivery) { d.State, d.Told = news.DeliveryFolded, told })
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	of := b.owed[id-1]
	for _, m := range b.owed {
		if m.Kind == news.DeliveryMore && m.State == news.DeliveryPending && m.Route == of.Route && m.Channel == of.Channel {
			of.Into = m.ID
			return nil
		}
	}
	more.ID, more.Kind, more.Route, more.Channel, more.State = int64(len(b.owed)+1), news.DeliveryMore, of.Route, of.Channel, news.DeliveryPending
	b.owed = append(b.owed, &more)
	of.Into = more.ID
	return nil
}

func (b *box) Folded(_ context.Context, into int64) ([]news.Folded, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []news.Folded
	for _, d := range b.owed {
		if d.Into == into {
			out = append(out, news.Folded{Delivery: *d, Title: fmt.Sprintf("story %d", d.Story)})
		}
	}
	return out, nil
}

func (b *box) SentTimes(_ context.Context, route, channel string, updates bool, after, until time.Time) ([]time.Time, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []time.Time
	for _, d := range b.owed {
		if d.State == news.DeliverySent && d.Kind != news.DeliveryMore && (d.Version == 1 || updates) && d.Route == route && d.Channel == channel && d.Sent.After(after) && !d.Sent.After(until) {
			out = append(out, d.Sent)
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return out, nil
}

func (b *box) Silences(context.Context, time.Time) ([]news.Silence, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.silences), nil
}

func (b *box) Retry(ctx context.Context, id int64, problem string, next time.Time) error {
	return b.record(ctx, "retry", id, func(d *news.Delivery) { d.State, d.Problem, d.NextAt = news.DeliveryPending, problem, next })
}

func (b *box) Fail(ctx context.Context, id int64, problem string) error {
	return b.record(ctx, "fail", id, func(d *news.Delivery) { d.State, d.Problem = news.DeliveryFailed, problem })
}

func (b *box) record(ctx context.Context, what string, id int64, change func(*news.Delivery)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := cmp.Or(ctx.Err(), b.fails(what, id)); err != nil {
		return err
	}
	d := b.owed[id-1]
	if d.State != news.DeliveryLeased {
		return errors.New("it isn't leased")
	}
	d.Attempts++
	change(d)
	b.log = append(b.log, fmt.Sprintf("%s %d", what, id))
	return nil
}

func (b *box) fails(what string, id int64) error {
	if b.broken == nil {
		return nil
	}
	return b.broken(what, id)
}

// states counts the deliveries of a channel by state.
func (b *box) states(channel string) map[news.DeliveryState]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := map[news.DeliveryState]int{}
	for _, d := range b.owed {
		if d.Channel == channel {
			out[d.State]++
		}
	}
	return out
}

// wire is a channel whose answers a test decides.
type wire struct {
	mu    sync.Mutex
	heard []string // keys
	times []time.Time
	say   func(ctx context.Context, a news.Alert, n int) (string, error) // n: 1 for the first; nil: accepts
}

func (w *wire) Send(ctx context.Context, a news.Alert) (string, error) {
	w.mu.Lock()
	w.heard, w.times = append(w.heard, a.Delivery.Key), append(w.times, time.Now())
	n := len(w.heard)
	w.mu.Unlock()
	if w.say == nil {
		return "ok", nil
	}
	return w.say(ctx, a, n)
}

func (w *wire) SendDigest(ctx context.Context, d news.Digest) (string, error) {
	return w.Send(ctx, news.Alert{Delivery: news.Delivery{Route: d.Route, Channel: d.Channel, Key: d.Key}})
}

func (w *wire) SendNote(ctx context.Context, n news.Note) (string, error) {
	return w.Send(ctx, news.Alert{Delivery: news.Delivery{Key: n.Key}})
}

var _ alert.Channel = (*wire)(nil)
