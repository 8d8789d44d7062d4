package watch

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"driftwatch/alert"
	"driftwatch/alert/feed"
	"driftwatch/alert/slack"
	"driftwatch/rules"
)

// lookEvery is how often a daemon looks whether the files of the rules changed,
// unless it is told otherwise.
const lookEvery = 5 * time.Second

// patience is how many intervals may pass without a cycle's end before the
// daemon calls itself unwell.
const patience = 5

// Daemon does cycles on a schedule until it is stopped, and tells over HTTP how
// it is. Between cycles it holds no lock, so that a `run` by hand may come in
// between; then its own turn is skipped.
type Daemon struct {
	Watch    *Watch
	Interval time.Duration            // between the starts of two cycles
	Look     time.Duration            // between two looks at the files of the rules
	Report   func(s Summary, e error) // called after each cycle
	// Changed is called when the files of the rules have changed: with what that
	// changes, if anything, or with why they are refused and those before them go on.
	Changed func([]rules.Change, error)
	// Listeners hear the buttons of messages while the daemon runs.
	Listeners []*slack.Listener

	mu    sync.Mutex
	state Health
	blind time.Time // when the cycle began after which nothing can be read; zero: it can
	stats *stats
}

// Health is what /healthz answers.
type Health struct {
	OK        bool       `json:"ok"`
	Started   time.Time  `json:"started"`
	LastCycle *time.Time `json:"last_cycle"` // end of the last cycle that did its work; null: none yet
	LastRead  *time.Time `json:"last_read"`  // when a source was read last; null: never, as far as is known
	Problem   string     `json:"problem,omitempty"`
	Rules     string     `json:"rules,omitempty"`   // why changed rules are refused
	Sources   string     `json:"sources,omitempty"` // why changed sources are
}

// NewDaemon makes a daemon of a Watch.
func NewDaemon(w *Watch, interval time.Duration, report func(Summary, error)) *Daemon {
	return &Daemon{
		Watch: w, Interval: interval, Look: lookEvery, Report: report, Changed: func([]rules.Change, error) {},
		state: Health{OK: true, Started: w.Now().UTC()}, stats: newStats(),
	}
}

// Run does cycles until ctx ends, and serves /healthz and /metrics on the
// listener, which it closes. An error of the HTTP server ends it; errors of
// cycles are reported and counted.
func (d *Daemon) Run(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler: d.pages(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	listen, hush := context.WithCancel(ctx)
	var listening sync.WaitGroup
	listening.Go(func() { Listen(listen, d.Listeners) })
	err := d.cycles(ctx, served)
	hush()
	listening.Wait()
	stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if stopErr := server.Shutdown(stopCtx); stopErr != nil {
		server.Close()
	}
	return err
}

// cycles does one cycle at once, one each interval and one when a digest is due,
// and looks after the rules between them.
func (d *Daemon) cycles(ctx context.Context, served <-chan error) error {
	tick := time.NewTicker(d.Interval)
	defer tick.Stop()
	look := time.NewTicker(d.Look)
	defer look.Stop()
	began := d.Watch.Now()
	d.cycle(ctx)
	digest := d.digestAfter(began)
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-served:
			return err
		case <-look.C:
			d.look(ctx)
			continue
		case <-tick.C:
		case <-digest:
		}
		d.look(ctx)
		began = d.Watch.Now()
		d.cycle(ctx)
		digest = d.digestAfter(began)
	}
}

// digestAfter fires when the first digest after the beginning of a cycle is due, at
// once where that was during the cycle; nil where there are none.
func (d *Daemon) digestAfter(began time.Time) <-chan time.Time {
	var next time.Time
	for _, one := range d.Watch.Digests {
		if at := alert.NextDigest(one.Schedule, began); next.IsZero() || at.Before(next) {
			next = at
		}
	}
	if next.IsZero() {
		return nil
	}
	return time.After(next.Sub(d.Watch.Now()))
}

// Follow takes over changed rules and sources until ctx ends, and does no cycles.
func (d *Daemon) Follow(ctx context.Context) {
	look := time.NewTicker(d.Look)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			d.look(ctx)
		}
	}
}

// look takes over changed rules and sources, and records the rules, or says why it
// doesn't.
func (d *Daemon) look(ctx context.Context) {
	d.lookAtSources()
	changes, changed, err := d.Watch.Rules.Look()
	if !changed {
		return
	}
	if err == nil {
		var engine *rules.Engine
		if engine, err = d.Watch.Rules.Engine(); err == nil {
			err = d.Watch.Rules.Record(ctx, d.Watch.Store, engine, d.Watch.Now().UTC())
		}
	}
	d.mu.Lock()
	d.state.Rules = ""
	if err != nil {
		d.state.Rules = "the changed rules are refused; see the log"
	}
	d.stats.rules(err)
	d.mu.Unlock()
	d.Changed(changes, err)
}

// lookAtSources takes over changed sources.
func (d *Daemon) lookAtSources() {
	changes, changed, err := d.Watch.LookAtSources()
	if !changed {
		return
	}
	d.mu.Lock()
	d.state.Sources = ""
	if err != nil {
		d.state.Sources = "the changed configuration is refused; see the log"
	}
	d.mu.Unlock()
	if err != nil {
		d.Watch.Log.Error("sources not changed", "problem", d.Watch.hide(err.Error()))
	} else if len(changes) > 0 {
		d.Watch.Log.Warn("sources changed", "changes", strings.Join(changes, "; "))
	}
}

// cycle does one cycle under its lock, or none where another holds it.
func (d *Daemon) cycle(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	release, err := Lock(d.Watch.Database)
	if errors.Is(err, ErrLocked) {
		return
	}
	var s Summary
	if err == nil {
		s, err = d.Watch.Cycle(ctx, Order{Enough: d.Interval})
		release()
	}
	d.note(s, err)
	d.Report(s, err)
}

func (d *Daemon) note(s Summary, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.state.OK = err == nil
	if err != nil {
		d.state.Problem = "the last cycle failed; see the log"
	} else {
		end := d.Watch.Now().UTC()
		d.state.LastCycle, d.state.LastRead, d.state.Problem = &end, s.LastRead, ""
		d.see(s)
	}
	d.stats.cycle(s, err)
	if err == nil {
		d.stats.read(s.LastRead, !d.blind.IsZero())
	}
}

// fewSources is how many sources that could be read before must fail in a cycle
// that reads nothing until the daemon calls itself unwell. One alone may be down
// by itself, and what has failed for long says nothing new.
const fewSources = 3

// see calls the daemon unwell while nothing can be read: when all sources failed
// as they were asked last, or several began to fail in a cycle that read none.
// It is well again once anything was read, by itself or by a run by hand.
func (d *Daemon) see(s Summary) {
	began := 0
	for _, f := range s.Failures {
		if f.InARow == 1 {
			began++
		}
	}
	nothing := s.Blind() || s.NothingPolled() && began >= fewSources
	switch {
	case nothing:
		d.blind = s.Started
	case s.LastRead != nil && !s.LastRead.Before(d.blind):
		d.blind = time.Time{}
	}
	switch {
	case d.blind.IsZero():
	case s.Blind():
		d.state.OK, d.state.Problem = false, s.BlindWords(time.UTC)
	default:
		d.state.OK, d.state.Problem = false, "nothing could be read in the last cycle that asked, and several sources began to fail; see: driftwatch sources list"
	}
}

// health is how the daemon is now.
func (d *Daemon) health() Health {
	d.mu.Lock()
	defer d.mu.Unlock()
	h := d.state
	last := h.Started
	if h.LastCycle != nil {
		last = *h.LastCycle
	}
	if h.OK && d.Watch.Now().Sub(last) > max(patience*d.Interval, 30*time.Minute) {
		h.OK, h.Problem = false, "no cycle has ended for a while"
	}
	return h
}

// pages serves what monitoring asks for, without titles and addresses, and the
// feeds, where there are any.
func (d *Daemon) pages() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		h := d.health()
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if !h.OK {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		json.NewEncoder(w).Encode(h)
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(d.stats.registry, promhttp.HandlerOpts{}))
	if folder := d.Watch.Feeds.Path; folder != "" {
		mux.HandleFunc("GET /feeds/{file}", func(w http.ResponseWriter, r *http.Request) {
			file := r.PathValue("file")
			format := feed.Format(strings.TrimPrefix(path.Ext(file), "."))
			if !slices.Contains(feed.Formats, format) {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Content-Type", format.MediaType())
			http.ServeFileFS(w, r, os.DirFS(folder), file)
		})
	}
	return mux
}
