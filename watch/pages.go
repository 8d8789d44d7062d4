package watch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/review"
	"driftwatch/store"
)

// Pages serves the review desk.
type Pages struct {
	Desk   *review.Desk
	URL    string // under which people reach it, without a slash at its end
	watch  *Watch
	server *http.Server
	listen net.Listener
	end    func() // of what the desk does in the background
}

// OpenPages makes the review desk of a Watch and listens, at the given address in
// place of the configuration's where it isn't empty.
func (w *Watch) OpenPages(c configs.Desk, listen string, s Settings) (*Pages, error) {
	if listen == "" {
		listen = c.Listen
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("serve the desk on %s: %w; set serve.desk.listen or --desk to a free address, or to off", listen, err)
	}
	p := &Pages{watch: w, listen: l, URL: c.BaseURL}
	scheme := "http"
	if c.TLS.Cert != "" {
		cert, err := openCertificate(c, s)
		if err != nil {
			l.Close()
			return nil, fmt.Errorf("serve the desk: %w", err)
		}
		scheme = "https"
		p.listen = tls.NewListener(l, &tls.Config{GetCertificate: cert.get, NextProtos: []string{"h2", "http/1.1"}, MinVersion: tls.VersionTLS12})
	}
	if p.URL == "" {
		p.URL = scheme + "://" + reachable(l.Addr().String())
	}
	rules := &deskRules{w: w, writes: c.WriteRules}
	kept := newDriftKept(w)
	life, end := context.WithCancel(context.Background())
	p.end = func() {
		end()
		rules.busy.Wait()
	}
	p.Desk, err = review.New(review.Options{
		Rules: rules, Archive: archivePages{w}, Outbox: deskOutbox{w.Store, w, s.Location}, Data: deskData{w, kept}, Life: life,
		Accepted: func(err error) bool { return errors.Is(err, store.ErrSent) },
		People:   w.Store, Stories: w.Store, Library: library{w}, Drift: &driftPages{kept}, Sources: newSourcePages(w), Shape: shape{w}, Outlets: w.outlets, Told: w.told, Signal: w.signal, Pulse: w.pulse,
		Signals: w.signals, Called: w.called, InboxRead: w.Store.InboxRead, DriftRead: kept.reading.Part,
		Health:    func(ctx context.Context) (review.Health, error) { return w.health(ctx, rules) },
		Missing:   func(err error) bool { return errors.Is(err, store.ErrNotFound) },
		Exists:    func(err error) bool { return errors.Is(err, store.ErrExists) },
		LastAdmin: func(err error) bool { return errors.Is(err, store.ErrLastAdmin) },
		Version:   s.Version, Now: s.Now, Zone: s.Location, Log: s.Log,
		Base: c.BaseURL, Hosts: hosts(c, l.Addr().String()), Secure: strings.HasPrefix(p.URL, "https:"),
		Header: c.Proxy.Header, Proxies: c.Proxy.Prefixes(),
	})
	if err != nil {
		end()
		l.Close()
		return nil, err
	}
	w.searched = true
	// What the first pages would have to wait for.
	rules.busy.Go(func() {
		w.Store.Inbox(life, news.InboxFilter{})
		rules.look()
		w.follow(life, kept)
	})
	p.server = &http.Server{
		Handler: w.way.pages(p.Desk, "/inbox/events"), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
	return p, nil
}

// Addr is the address that the desk listens on.
func (p *Pages) Addr() string { return p.listen.Addr().String() }

// followEvery is how often what is kept for the pages follows what changes, so that a
// page has only what came since then to read.
const followEvery = time.Second

// Of how many stories what is counted is kept for the next start at a time, and how many
// looks at what has changed are between two such times, once all are kept.
const (
	factsAtATime = 2000
	factsEvery   = 10
)

// follow keeps what the pages count up to date until ctx ends. A page looks for what
// has changed itself; here errors are none, since it says them, and what isn't kept
// for the next start is gathered then.
func (w *Watch) follow(ctx context.Context, kept *driftKept) {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	left := true
	for n := 0; ; n++ {
		w.Store.Inbox(ctx, news.InboxFilter{})
		w.Store.SignalCounts(ctx, w.Now().AddDate(0, 0, -30))
		kept.follow(ctx)
		if left || n%factsEvery == 0 {
			left, _ = w.Store.KeepFacts(ctx, factsAtATime)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// reachable is an address of this machine that leads to a listener.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsUnspecified() {
		return addr
	}
	return net.JoinHostPort("127.0.0.1", port)
}

// hosts are the names that the desk answers to: all, where it listens to others
// than this machine and nobody said under which name.
func hosts(c configs.Desk, addr string) []string {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil
	}
	ip := net.ParseIP(host)
	if c.BaseURL == "" && !ip.IsLoopback() {
		return nil
	}
	names := []string{"localhost", "127.0.0.1", "::1"}
	if !ip.IsUnspecified() {
		names = append(names, host)
	}
	if u, err := url.Parse(c.BaseURL); err == nil && u.Host != "" {
		names = append(names, u.Host, u.Hostname())
	}
	return names
}

// Run serves until ctx ends; what is under way has a second to end.
func (p *Pages) Run(ctx context.Context) error {
	streams, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	defer p.end()
	p.server.BaseContext = func(net.Listener) context.Context { return streams }
	p.server.RegisterOnShutdown(stop)
	var older sync.WaitGroup
	defer older.Wait()
	indexing, end := context.WithCancel(ctx)
	defer end()
	older.Go(func() {
		if err := p.watch.IndexOlder(indexing); err != nil && indexing.Err() == nil {
			p.watch.Log.Error("stored articles not made searchable", "problem", err)
		}
	})
	served := make(chan error, 1)
	go func() { served <- p.server.Serve(p.listen) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := p.server.Shutdown(last); err != nil {
		p.server.Close()
	}
	<-served
	return nil
}

// Close closes the desk's address, where Run wasn't called.
func (p *Pages) Close() error {
	p.end()
	return p.listen.Close()
}

// shape merges and splits stories for the desk.
type shape struct{ w *Watch }

func (s shape) Merge(ctx context.Context, into, other int64, by, why string) error {
	return s.w.Store.Update(ctx, func(tx store.Tx) error {
		return tx.MergeStories(into, other, news.StoryAct{By: by, Why: why, At: s.w.Now().UTC()})
	})
}

func (s shape) Split(ctx context.Context, story int64, articles []int64, by, why string) (made int64, err error) {
	err = s.w.Store.Update(ctx, func(tx store.Tx) error {
		made, err = tx.SplitStory(story, articles, news.StoryAct{By: by, Why: why, At: s.w.Now().UTC()})
		return err
	})
	return made, err
}

// outlets are the names of the sources as they are now.
func (w *Watch) outlets() map[string]string {
	list := w.sources()
	w.naming.Lock()
	defer w.naming.Unlock()
	if w.names == nil || !same(w.named, list) {
		w.names, w.named = make(map[string]string, len(list)), list
		for _, s := range list {
			w.names[s.ID] = s.Name
		}
	}
	return w.names
}

// same reports whether two lists are one and the same.
func same(a, b []news.Source) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// signal is what the rules say of a signal now; nothing where there is none of
// that id any more, or the rules can't be read.
func (w *Watch) signal(id string) review.Signal {
	engine, err := w.Rules.Engine()
	if err != nil {
		return review.Signal{}
	}
	for _, s := range engine.Signals() {
		if s.ID == id {
			return review.Signal{When: s.When, Unless: s.Unless, FalsePositives: s.FalsePositives}
		}
	}
	return review.Signal{}
}

// signals names those of the rules, by theme; none where the rules can't be read.
func (w *Watch) signals() []review.SignalName {
	engine, err := w.Rules.Engine()
	if err != nil {
		return nil
	}
	var out []review.SignalName
	for _, s := range engine.Signals() {
		out = append(out, review.SignalName{ID: s.ID, Title: s.Title, Theme: s.Theme})
	}
	slices.SortStableFunc(out, func(a, b review.SignalName) int { return strings.Compare(string(a.Theme), string(b.Theme)) })
	return out
}

// told gives what was sent of a story, the latest first.
func (w *Watch) told(ctx context.Context, story int64) ([]news.Delivery, error) {
	rows, err := w.Store.Deliveries(ctx, store.DeliveryFilter{Stories: []int64{story}})
	out := make([]news.Delivery, len(rows))
	for i, r := range rows {
		out[i] = r.Delivery
	}
	return out, err
}

// pulse says how much of the press is being read.
func (w *Watch) pulse(ctx context.Context) (review.Pulse, error) {
	var p review.Pulse
	states, err := w.Store.SourceStates(ctx)
	if err != nil {
		return p, err
	}
	for _, s := range w.sources() {
		if !s.Enabled {
			continue
		}
		p.Sources++
		switch state := states[s.ID]; {
		case state.Failures > 0 || state.Gone:
			p.Failing++
		case !state.LastSuccess.IsZero():
			p.Read++
		}
	}
	cycles, err := w.Store.Cycles(ctx, 1)
	if err != nil || len(cycles) == 0 {
		return p, err
	}
	p.Last = cycles[0].Ended
	return p, nil
}
