package watch

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"syscall"
	"time"

	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/review"
	"driftwatch/store"
)

// health is how the program is, for the desk.
func (w *Watch) health(ctx context.Context, rules *deskRules) (review.Health, error) {
	h := review.Health{Free: -1}
	cycles, err := w.Store.Cycles(ctx, 1)
	if err != nil {
		return h, err
	}
	if len(cycles) > 0 {
		c := cycles[0]
		h.Cycle, h.Ended = c.Started, c.Ended
		if len(c.Summary) > 0 {
			var s Summary
			if err := json.Unmarshal(c.Summary, &s); err != nil {
				return h, fmt.Errorf("read the last cycle's summary: %w", err)
			}
			h.Took, h.Polled, h.Failed = time.Duration(s.Seconds*float64(time.Second)), s.Sources.Polled, s.Sources.Failed
			for _, line := range s.Hand() {
				h.Problems = append(h.Problems, guard.Line(line))
			}
		}
	}
	for state, n := range map[news.DeliveryState]*int{news.DeliveryPending: &h.Pending, news.DeliveryFailed: &h.Undone} {
		rows, err := w.Store.Deliveries(ctx, store.DeliveryFilter{States: []news.DeliveryState{state}, Limit: review.HealthMost})
		if err != nil {
			return h, err
		}
		*n = len(rows)
	}
	if s, err := rules.look(); err == nil {
		h.Refused = s.engine == nil
	}
	if engine, err := w.Rules.Engine(); err == nil {
		h.Rules = engine.Digest()
	}
	if info, err := os.Stat(w.Database); err == nil {
		h.Database = info.Size()
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(w.Database, &fs); err == nil {
		h.Free = int64(fs.Bavail) * fs.Bsize
	}
	return h, nil
}
