package watch

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"driftwatch/alert"
	"driftwatch/news"
)

// backlog is an outbox that never runs dry.
type backlog struct {
	alert.Outbox
	sent int
}

func (b *backlog) Silences(context.Context, time.Time) ([]news.Silence, error) { return nil, nil }

func (b *backlog) Lease(context.Context, string, time.Time, time.Time, int) ([]news.Delivery, error) {
	return []news.Delivery{{ID: 1, Created: time.Now()}}, nil
}

func (b *backlog) Alert(context.Context, news.Delivery) (news.Alert, error) {
	return news.Alert{Hits: []news.Hit{{ID: 1}}}, nil
}

func (b *backlog) Sent(context.Context, int64, string, *news.StoryState, time.Time) error {
	b.sent++
	return nil
}

func (b *backlog) Retry(context.Context, int64, string, time.Time) error { return nil }

func (b *backlog) Fail(context.Context, int64, string) error { return nil }

// slow is a channel that takes a message every ten seconds.
type slow struct{ alert.Channel }

func (slow) Send(ctx context.Context, _ news.Alert) (string, error) {
	select {
	case <-time.After(10 * time.Second):
		return "taken", nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// A channel with more to take than there is time for holds no cycle.
func TestSlowChannelHoldsNoCycle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := &backlog{}
		d := alert.NewDrainer(box, map[string]alert.Channel{"slow": slow{}}, alert.DrainOptions{})
		tell := &telling{drainer: d}
		began := time.Now()
		tell.start(t.Context())
		report, err := tell.finish(35 * time.Second)
		if took := time.Since(began); took < 35*time.Second || took > 45*time.Second {
			t.Errorf("deliveries went on for %v", took)
		}
		if err != nil || box.sent != 3 || report.Total().Sent != 3 {
			t.Errorf("%d messages recorded, %+v, %v; want the three that were taken in time", box.sent, report, err)
		}
	})
}

func TestTimeForDeliveries(t *testing.T) {
	for _, c := range []struct {
		order  Order
		polled time.Duration
		want   time.Duration
	}{
		{Order{}, time.Hour, 0},
		{Order{Deadline: 9 * time.Minute}, time.Minute, 8 * time.Minute},
		{Order{Deadline: 9 * time.Minute}, 10 * time.Minute, leastTelling},
		{Order{Enough: 5 * time.Minute}, 2 * time.Minute, 3 * time.Minute},
	} {
		if got := c.order.telling(c.polled); got != c.want {
			t.Errorf("%+v has %v left after %v, want %v", c.order, got, c.polled, c.want)
		}
	}
}
