package fetch

import (
	"net/url"
	"time"

	"driftwatch/news"
)

// How a host's pace follows what the host shows.
const (
	maxExtra   = 5 * time.Minute // added to the operator's interval at most
	maxDelay   = time.Minute     // of a robots file's crawl-delay
	slowAnswer = time.Second     // an answer that came sooner is never slow
	paceKept   = 24 * time.Hour  // for which a host's pace is remembered when it isn't asked
)

// pace is what a host has shown of how often it may be asked. The zero pace is
// the operator's.
type pace struct {
	extra time.Duration // on top of the operator's interval
	delay time.Duration // what its robots file asks for at least; 0: nothing
	usual time.Duration // how long its answers take; 0: not known
	seen  time.Time     // when it showed anything last

	kept news.HostPace // as it was recalled, or given away to be kept, last
}

// added is what of extra is left at a time: each whole hour in which the host
// isn't asked takes an eighth.
func (p *pace) added(now time.Time) time.Duration {
	idle := now.Sub(p.seen)
	if idle > paceKept {
		return 0
	}
	left := p.extra
	for ; idle >= time.Hour && left > 0; idle -= time.Hour {
		left -= max(left/8, 1)
	}
	return left
}

// refused doubles the time between requests at once.
func (p *pace) refused(interval time.Duration) {
	p.extra = min(2*(interval+p.extra)-interval, maxExtra)
}

// answered makes the time longer by half where an answer took four times as long
// as usual, and otherwise takes an eighth off what was added.
func (p *pace) answered(interval, took time.Duration) {
	switch {
	case p.usual == 0:
		p.usual = max(took, 1)
	case took > slowAnswer && took > 4*p.usual:
		p.extra = min((interval+p.extra)*3/2-interval, maxExtra)
		p.usual += (took - p.usual) / 8
		return
	default:
		p.usual = max(p.usual+(took-p.usual)/8, 1)
	}
	if p.extra -= max(p.extra/8, interval/16); p.extra < 0 {
		p.extra = 0
	}
}

// paceOf is the pace of u's host. The caller holds h.mu.
func (h *hosts) paceOf(u *url.URL) *pace {
	name := h.paceKey(u)
	p := h.paces[name]
	if p == nil {
		h.forget()
		p = new(pace)
		h.paces[name] = p
	}
	now := time.Now()
	p.extra, p.seen = p.added(now), now
	return p
}

// refused notes that u's host asked for less.
func (h *hosts) refused(u *url.URL) {
	if h.interval <= 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.paceOf(u).refused(h.interval)
	h.pushed = true
}

// answered notes how long u's host took for an answer.
func (h *hosts) answered(u *url.URL, took time.Duration) {
	if h.interval <= 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.paceOf(u)
	before := p.extra
	p.answered(h.interval, took)
	h.pushed = h.pushed || p.extra > before
}

// delayed notes the crawl-delay of the robots file on u's host, 0 where it has
// none. Of hosts that share a pace, only the first makes a delay shorter.
func (h *hosts) delayed(u *url.URL, delay time.Duration) {
	if h.interval <= 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.paces[h.paceKey(u)] == nil && delay <= 0 {
		return
	}
	if p := h.paceOf(u); delay >= p.delay || paceName(u.Hostname()) == h.paceKey(u) {
		p.delay = min(delay, maxDelay)
	}
}

// spacing is the time between the starts of two requests to a host: never less
// than the operator's, nor than what the host's robots file asks for.
func (h *hosts) spacing(name string) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.spacingOf(name)
}

// spacingOf is spacing for a caller that holds h.mu.
func (h *hosts) spacingOf(name string) time.Duration {
	p := h.paces[name]
	if p == nil {
		return h.interval
	}
	return max(h.interval+p.added(time.Now()), p.delay)
}
