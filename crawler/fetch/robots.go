package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"driftwatch/guard"
	"driftwatch/news"
)

// Bounds on what is kept of robots files.
const (
	robotsMax     = 500 << 10        // bytes read of one (RFC 9309, 2.5)
	robotsFresh   = 24 * time.Hour   // for which one holds (RFC 9309, 2.4)
	robotsTrouble = 10 * time.Minute // before asking again for one that couldn't be had
	robotsKept    = 4096             // servers remembered
	rulesKept     = 32 << 10         // bytes of rules that are given away to be kept
)

// robotsCache remembers the robots files of the servers met lately.
type robotsCache struct {
	mu    sync.Mutex
	files map[string]*robotsFile
}

// robotsFile is one server's; its other fields may be read when done is
// closed.
type robotsFile struct {
	done  chan struct{}
	rules *rules
	err   error     // why it can't be had; nil: rules hold
	until time.Time // for how long this holds; zero: whoever fetched it gave up
	fresh bool      // it was fetched, and not yet given away to be kept; guarded by robotsCache.mu
}

func newRobotsCache() *robotsCache { return &robotsCache{files: make(map[string]*robotsFile)} }

// RecallRobots takes in what an earlier client's [Client.LearnedRobots] gave: those
// files aren't asked for as long as they hold.
func (c *Client) RecallRobots(all []news.RobotsFile) {
	r, now, done := c.robots, time.Now(), make(chan struct{})
	close(done)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, k := range all {
		if left := k.Until.Sub(now); left <= 0 || left > robotsFresh || len(r.files) >= robotsKept {
			continue // it holds no longer, or by a clock that was wrong
		}
		if r.files[k.Server] == nil {
			r.files[k.Server] = &robotsFile{done: done, rules: parseRobots([]byte(k.Rules), ProductToken), until: k.Until}
		}
	}
}

// LearnedRobots gives the robots files that were fetched since it was called last,
// and those that weren't there, by server.
func (c *Client) LearnedRobots() []news.RobotsFile {
	r := c.robots
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []news.RobotsFile
	for server, f := range r.files {
		if f.stale() || !f.settled() || !f.fresh {
			continue
		}
		f.fresh = false
		if said := f.rules.String(); len(said) <= rulesKept {
			out = append(out, news.RobotsFile{Server: server, Rules: said, Until: f.until.UTC()})
		}
	}
	slices.SortFunc(out, func(a, b news.RobotsFile) int { return cmp.Compare(a.Server, b.Server) })
	return out
}

// checkRobots returns an error unless the robots file of u's server lets us
// fetch u.
func (c *Client) checkRobots(ctx context.Context, u *url.URL, j job) error {
	f, err := c.robotsFile(ctx, u, j)
	switch {
	case err != nil:
		return err
	case f.err != nil:
		return f.err
	case !f.rules.allow(u):
		return &Error{Kind: KindRobots, Err: errors.New("robots.txt forbids it")}
	}
	return nil
}

// robotsFile returns the file of u's server. Of several callers at once, one
// fetches it and the others wait for that.
func (c *Client) robotsFile(ctx context.Context, u *url.URL, j job) (*robotsFile, error) {
	key := c.way + u.Scheme + "://" + u.Hostname() + ":" + guard.Port(u)
	for {
		f, mine := c.robots.claim(key)
		if mine {
			c.fillRobots(ctx, f, u, j)
			return f, ctx.Err()
		}
		select {
		case <-f.done:
			if !f.until.IsZero() {
				return f, nil
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// fillRobots fills f and lets those go on who wait for it, also where the program
// itself fails at the file: to them it is one that can't be had.
func (c *Client) fillRobots(ctx context.Context, f *robotsFile, u *url.URL, j job) {
	defer close(f.done)
	f.until = time.Now().Add(robotsTrouble)
	f.err = &Error{Kind: KindWait, RetryAfter: robotsTrouble, Err: errors.New("its robots.txt can't be had: Driftwatch itself fails at it")}
	c.fetchRobots(ctx, f, u, j)
	if ctx.Err() != nil {
		f.until = time.Time{}
	}
}

// claim returns the file of key, or a new one that the caller must fill.
func (r *robotsCache) claim(key string) (f *robotsFile, mine bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if f := r.files[key]; f != nil && !f.stale() {
		return f, false
	}
	if len(r.files) >= robotsKept {
		r.makeRoom()
	}
	f = &robotsFile{done: make(chan struct{})}
	r.files[key] = f
	return f, true
}

// makeRoom forgets the files that hold no longer, and others until a quarter of
// the room is free.
func (r *robotsCache) makeRoom() {
	maps.DeleteFunc(r.files, func(_ string, f *robotsFile) bool { return f.stale() })
	for key := range r.files {
		if len(r.files) <= robotsKept*3/4 {
			return
		}
		delete(r.files, key)
	}
}

// stale reports whether f was fetched, or given up, and holds no longer.
func (f *robotsFile) stale() bool { return f.settled() && !time.Now().Before(f.until) }

// settled reports whether f was fetched, or given up.
func (f *robotsFile) settled() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}

// fetchRobots fills f (RFC 9309, 2.3.1): a file that isn't there allows
// everything, one that can't be reached forbids everything for now.
func (c *Client) fetchRobots(ctx context.Context, f *robotsFile, page *url.URL, j job) {
	resp, e := c.follow(ctx, page.ResolveReference(&url.URL{Path: "/robots.txt"}), job{
		Request: Request{UserAgent: j.UserAgent, Accept: "text/plain, */*;q=0.5"},
		own:     j.own, max: robotsMax, cut: true,
	})
	fetched := func(r *rules) {
		c.hosts.delayed(page, r.delay)
		f.rules, f.err, f.fresh, f.until = r, nil, true, time.Now().Add(robotsFresh)
	}
	switch {
	case e == nil:
		fetched(parseRobots(resp.Body, ProductToken))
	case isMissing(e):
		fetched(&rules{})
	case e.Kind == KindRefused && e.At == "":
		f.err, f.until = &Error{Kind: KindRefused, Err: e.Err}, time.Now().Add(robotsFresh)
	default:
		wait := max(e.RetryAfter, robotsTrouble)
		f.until = time.Now().Add(wait)
		f.err = &Error{Kind: KindWait, RetryAfter: wait, Err: fmt.Errorf("its robots.txt can't be had: %w", e)}
	}
}

// isMissing reports whether e means that a server has no robots file: a status
// of the 400s that doesn't ask for patience, or redirects that lead nowhere.
func isMissing(e *Error) bool {
	switch e.Kind {
	case KindStatus:
		return e.Status >= 400 && e.Status < 500 && e.Status != http.StatusTooManyRequests || e.Status < 400
	case KindRedirect, KindEncoding:
		return true
	case KindRefused, KindScheme:
		return e.At != ""
	}
	return false
}
