package watch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"syscall"
	"time"

	"driftwatch/alert"
	"driftwatch/alert/channel"
	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/watch/pulse"
)

// pulseMeta is where what the heartbeat remembers is kept.
const pulseMeta = "pulse"

// pingTime is how long the ping may take.
const pingTime = 10 * time.Second

// after does what follows a cycle's work: the feeds, the notes to the operator,
// the ping. What goes wrong with them is for the summary and never the cycle's
// failure.
func (w *Watch) after(ctx context.Context, o Order, s Summary, t *tally, report alert.Report, failed error) []ChannelProblem {
	var out []ChannelProblem
	wrong := func(part string, err error) {
		if err != nil && ctx.Err() == nil {
			out = append(out, ChannelProblem{Channel: part, Problem: err.Error()})
		}
	}
	if ctx.Err() != nil || o.NoAlerts || o.Only != "" {
		return nil
	}
	if w.Feeds.Path != "" {
		wrong("feeds", writeFeeds(ctx, w.Store, w.sources(), w.Feeds, w.Zone, w.Now()))
	}
	if w.Channels[w.Operator.Channel] != nil {
		wrong("operator", w.beat(ctx, s, t, report, failed))
	}
	if w.Operator.Ping.IsSet() && failed == nil {
		wrong("ping", ping(ctx, w.Operator.Ping.Reveal()))
	}
	return out
}

// beat makes the notes that are due, files them with what is remembered of
// them in one transaction, and sends what the operator's channel is owed.
func (w *Watch) beat(ctx context.Context, s Summary, t *tally, report alert.Report, failed error) error {
	facts, err := w.facts(ctx, s, t, report, failed)
	if err != nil {
		return err
	}
	text, err := w.Store.Meta(ctx, pulseMeta)
	if err != nil {
		return fmt.Errorf("read what the operator was told: %w", err)
	}
	var memory pulse.Memory
	if json.Unmarshal([]byte(text), &memory) != nil {
		memory = pulse.Memory{} // not ours: it begins anew
	}
	notes, memory := pulse.Beat(memory, facts, w.limits())
	doc, err := json.Marshal(memory)
	if err != nil {
		return fmt.Errorf("keep what the operator was told: %w", err)
	}
	err = w.Store.Update(ctx, func(tx store.Tx) error {
		for _, n := range notes {
			if _, _, err := tx.PutDelivery(alert.NoteDelivery(w.Operator.Channel, n, facts.Now)); err != nil {
				return err
			}
		}
		return tx.SetMeta(pulseMeta, string(doc))
	})
	if err != nil {
		return fmt.Errorf("file notes to the operator: %w", err)
	}
	if len(notes) == 0 {
		return nil
	}
	return w.sendNotes(ctx, t)
}

// sendNotes sends what the operator's channel is owed, for a short while; what
// is left goes with the next cycle.
func (w *Watch) sendNotes(ctx context.Context, t *tally) error {
	ctx, cancel := context.WithTimeout(ctx, leastTelling)
	defer cancel()
	name := w.Operator.Channel
	options := w.draining(t)
	options.Patience = -1
	report, err := alert.Drain(ctx, w.Store, map[string]alert.Channel{name: w.Channels[name]}, options)
	for _, p := range report.Channels[name].Problems {
		err = errors.Join(err, errors.New(p))
	}
	return err
}

// limits are the operator's, in the words of the heartbeat.
func (w *Watch) limits() pulse.Limits {
	o := w.Operator
	return pulse.Limits{
		Silence: o.Silence, Stall: o.Stall, Pending: o.Pending, Free: o.Disk, At: time.Duration(o.At.Minutes) * time.Minute,
	}
}

// facts are what is known at the end of a cycle.
func (w *Watch) facts(ctx context.Context, s Summary, t *tally, report alert.Report, failed error) (pulse.Facts, error) {
	f := pulse.Facts{Now: w.Now(), Zone: w.Zone, Free: free(w.Database), Trouble: map[string]string{}, Took: map[string]bool{}}
	f.Cycle = pulse.Sums{Cycles: 1, Polled: s.Sources.Polled, Articles: s.Articles.New, Hits: s.Hits, Sent: s.Alerts.Sent, Given: s.Alerts.Failed}
	if failed != nil {
		f.Cycle.Failed = 1
	}
	t.do(func(*Summary) { f.Fresh = t.fresh })
	for name, c := range report.Channels {
		switch {
		case c.Failed > 0 && len(c.Problems) > 0:
			f.Trouble[name] = c.Problems[len(c.Problems)-1]
		case c.Sent > 0:
			f.Took[name] = true
		}
	}
	states, err := w.Store.SourceStates(ctx)
	if err != nil {
		return f, fmt.Errorf("read the sources' states: %w", err)
	}
	for _, src := range w.sources() {
		if src.Enabled {
			st := stateOf(src, states)
			f.Sources = append(f.Sources, pulse.Source{ID: src.ID, Name: src.Name, Failures: st.Failures, Problem: w.hide(st.Problem)})
		}
	}
	if f.Before, err = w.lastEnded(ctx); err != nil {
		return f, err
	}
	f.Pending, f.Oldest, err = w.waiting(ctx)
	return f, err
}

// lastEnded is when the cycle before this one ended; zero: none is known.
func (w *Watch) lastEnded(ctx context.Context) (time.Time, error) {
	last, err := w.Store.Cycles(ctx, 10)
	if err != nil {
		return time.Time{}, fmt.Errorf("look up the last cycle: %w", err)
	}
	for _, c := range last {
		if !c.Ended.IsZero() {
			return c.Ended, nil
		}
	}
	return time.Time{}, nil
}

// waiting counts the deliveries that wait and should have been made.
func (w *Watch) waiting(ctx context.Context) (n int, oldest time.Time, err error) {
	counts, err := w.Store.Counts(ctx)
	if err != nil {
		return 0, oldest, fmt.Errorf("count deliveries: %w", err)
	}
	if counts.Deliveries[news.DeliveryPending] == 0 {
		return 0, oldest, nil
	}
	rows, err := w.Store.Deliveries(ctx, store.DeliveryFilter{States: []news.DeliveryState{news.DeliveryPending}})
	if err != nil {
		return 0, oldest, fmt.Errorf("look up deliveries: %w", err)
	}
	for _, d := range rows {
		if d.Waits != "" {
			continue // quiet hours hold it, nothing is wrong
		}
		if n++; oldest.IsZero() || d.Created.Before(oldest) {
			oldest = d.Created
		}
	}
	return n, oldest, nil
}

// free is how many percent of the disk that holds a file are free for this
// user; -1: that isn't known.
func free(file string) int {
	var fs syscall.Statfs_t
	if file == "" || syscall.Statfs(filepath.Dir(file), &fs) != nil || fs.Blocks == 0 {
		return -1
	}
	return int(fs.Bavail * 100 / fs.Blocks)
}

// ping fetches the operator's address, that host and no other. An error doesn't
// hold the address.
func ping(ctx context.Context, address string) error {
	u, err := channel.Address(address)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, pingTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return errors.New("no request can be made to the address")
	}
	resp, err := channel.Client(u).Do(req)
	if err != nil {
		return errors.New(channel.Network(err))
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)); err != nil {
		return errors.New(channel.Network(err))
	}
	if resp.StatusCode >= 300 {
		return fmt.Errorf("answered %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
	}
	return nil
}
