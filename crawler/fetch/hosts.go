package fetch

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"time"

	"driftwatch/guard"
)

// hosts keeps the pace of each host, and which of them asked to be left alone.
// What is no longer needed is forgotten, so it holds as many hosts as are
// under way and were asked within the interval.
type hosts struct {
	interval time.Duration
	same     map[string]string // host → the one whose pace it shares

	mu     sync.Mutex
	before time.Time            // when another client asked last, of whatever host
	asked  time.Time            // when this one did
	queues map[string]*queue    // by name
	paces  map[string]*pace     // by name
	aside  map[string]time.Time // by name and port: not to be asked before
	sweep  int                  // size at which to look for what can be forgotten
	pushed bool                 // some host asked for less since Pushed was called
}

// queue is one host's line. Who holds the only place in turn may go next.
type queue struct {
	turn  chan struct{}
	users int       // waiting, or at the head; guarded by hosts.mu
	last  time.Time // start of the last request; belongs to the holder of turn
}

const leastSweep = 256

func newHosts(interval time.Duration, groups ...[]string) *hosts {
	same := map[string]string{}
	for _, group := range groups {
		for _, host := range group {
			same[paceName(host)] = paceName(group[0])
		}
	}
	return &hosts{
		same:     same,
		interval: interval,
		queues:   make(map[string]*queue),
		paces:    make(map[string]*pace),
		aside:    make(map[string]time.Time),
		sweep:    leastSweep,
	}
}

// aTurn is the right to start the next request to a host; it ends with start
// or giveUp.
type aTurn struct {
	hosts *hosts
	queue *queue
	name  string // of the host
}

// wait returns when it is the caller's turn to ask u's host, first come first
// served. It fails at once when the host wants to be left alone.
func (h *hosts) wait(ctx context.Context, u *url.URL) (*aTurn, error) {
	if err := h.isAside(u); err != nil {
		return nil, err
	}
	if h.interval <= 0 {
		return &aTurn{}, ctx.Err()
	}
	name := h.paceKey(u)
	t := &aTurn{hosts: h, queue: h.join(name), name: name}
	select {
	case t.queue.turn <- struct{}{}:
	case <-ctx.Done():
		h.leave(t.queue)
		return nil, ctx.Err()
	}
	came := false
	defer func() { // whatever keeps the turn from coming, the next in line isn't kept
		if !came {
			t.giveUp()
		}
	}()
	if err := t.sleep(ctx); err != nil {
		return nil, err
	}
	if err := h.isAside(u); err != nil {
		return nil, err
	}
	came = true
	return t, nil
}

// start says that the request starts now.
func (t *aTurn) start() {
	if t.queue == nil {
		return
	}
	t.queue.last = time.Now()
	t.hosts.mu.Lock()
	t.hosts.asked = t.queue.last
	t.hosts.mu.Unlock()
	t.giveUp()
}

// giveUp lets the next in line go.
func (t *aTurn) giveUp() {
	if t.queue == nil {
		return
	}
	<-t.queue.turn
	t.hosts.leave(t.queue)
}

func (t *aTurn) sleep(ctx context.Context) error {
	for { // what the host shows meanwhile may make the wait longer
		d := time.Until(t.queue.last.Add(t.hosts.spacing(t.name)))
		if d <= 0 {
			return ctx.Err()
		}
		timer := time.NewTimer(d)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// join enters the line of a host.
func (h *hosts) join(name string) *queue {
	h.mu.Lock()
	defer h.mu.Unlock()
	q := h.queues[name]
	if q == nil {
		h.forget()
		q = &queue{turn: make(chan struct{}, 1), last: h.before}
		h.queues[name] = q
	}
	q.users++
	return q
}

func (h *hosts) leave(q *queue) {
	h.mu.Lock()
	defer h.mu.Unlock()
	q.users--
}

// forget drops, each time that the table has doubled, the lines that nobody is
// in and whose interval is over, and the waits that have ended.
func (h *hosts) forget() {
	if len(h.queues)+len(h.paces)+len(h.aside) < h.sweep {
		return
	}
	now := time.Now()
	for name, q := range h.queues {
		if q.users == 0 && !q.last.Add(h.spacingOf(name)).After(now) {
			delete(h.queues, name)
		}
	}
	for name, p := range h.paces {
		if now.Sub(p.seen) > paceKept {
			delete(h.paces, name)
		}
	}
	for name, until := range h.aside {
		if !until.After(now) {
			delete(h.aside, name)
		}
	}
	h.sweep = max(leastSweep, 2*(len(h.queues)+len(h.paces)+len(h.aside)))
}

// setAside remembers that u's host is to be left alone for d.
func (h *hosts) setAside(u *url.URL, d time.Duration) {
	if d <= 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.forget()
	key, until := serverKey(u), time.Now().Add(d)
	if until.After(h.aside[key]) {
		h.aside[key], h.pushed = until, true
	}
}

// isAside returns an error of KindWait while u's host is to be left alone.
func (h *hosts) isAside(u *url.URL) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	until, ok := h.aside[serverKey(u)]
	if !ok {
		return nil
	}
	left := time.Until(until)
	if left <= 0 {
		return nil
	}
	return &Error{Kind: KindWait, RetryAfter: left, Err: errors.New("the host asked to be left alone")}
}

// paceKey is the host whose pace u shares: its name, whatever the port, or that
// of the first in its group.
func (h *hosts) paceKey(u *url.URL) string {
	name := paceName(u.Hostname())
	if one, ok := h.same[name]; ok {
		return one
	}
	return name
}

func paceName(host string) string { return strings.TrimPrefix(strings.ToLower(host), "www.") }

// serverKey is the server that speaks for itself at u: the ports of http and
// https are one, others are another's.
func serverKey(u *url.URL) string {
	port := guard.Port(u)
	if port == "443" {
		port = "80"
	}
	return paceName(u.Hostname()) + ":" + port
}
