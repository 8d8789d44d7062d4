package fetch

import (
	"cmp"
	"slices"
	"time"

	"driftwatch/news"
)

// keptAnew is how old what is kept of a host may become before it is kept again
// as it stands: a store forgets what nobody has seen for longer.
const keptAnew = 7 * 24 * time.Hour

// Recall takes in what an earlier client's [Client.Learned] and [Client.Asked]
// gave, so that each host is asked at the pace that it has shown, from the first
// request on: any may have been the last that was asked. What this client has seen
// of a host itself stands over it.
func (c *Client) Recall(all []news.HostPace, asked time.Time) {
	h := c.hosts
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	if h.before = asked; asked.After(now) { // by a clock that was wrong
		h.before = now
	}
	for _, k := range all {
		if k.Aside.After(now) && k.Aside.After(h.aside[k.Host]) {
			h.aside[k.Host] = k.Aside
		}
		if h.interval <= 0 || h.paces[k.Host] != nil || k.Idle() {
			continue
		}
		p := &pace{extra: min(k.Extra, maxExtra), delay: min(k.Delay, maxDelay), usual: k.Usual, seen: k.Seen, kept: k}
		if p.seen.After(now) { // by a clock that was wrong
			p.seen = now
		}
		h.paces[k.Host] = p
	}
}

// Learned gives what hosts have shown since it was called last that is worth
// keeping for another client, by name. A host that is asked at the operator's
// pace again is given once more, idle.
func (c *Client) Learned() []news.HostPace {
	h := c.hosts
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	var out []news.HostPace
	for name, p := range h.paces {
		k := news.HostPace{Host: name, Extra: p.extra, Delay: p.delay, Usual: roughly(p.usual), Seen: p.seen.UTC()}
		if p.added(now) == 0 {
			k.Extra = 0
		}
		same := k.Extra == p.kept.Extra && k.Delay == p.kept.Delay && k.Usual == p.kept.Usual
		if same && (k.Idle() || k.Seen.Sub(p.kept.Seen) < keptAnew) {
			continue
		}
		p.kept = k
		out = append(out, k)
	}
	for name, until := range h.aside {
		if until.After(now) {
			out = append(out, news.HostPace{Host: name, Aside: until.UTC(), Seen: now.UTC()})
		}
	}
	slices.SortFunc(out, func(a, b news.HostPace) int { return cmp.Compare(a.Host, b.Host) })
	return out
}

// Pushed reports whether some host has asked for less, or slowed down, since it was
// called last: then what was learned is worth keeping at once, for a run may be
// killed.
func (c *Client) Pushed() bool {
	c.hosts.mu.Lock()
	defer c.hosts.mu.Unlock()
	was := c.hosts.pushed
	c.hosts.pushed = false
	return was
}

// Asked is when this client began its latest request; zero: it made none, or keeps
// no pace.
func (c *Client) Asked() time.Time {
	c.hosts.mu.Lock()
	defer c.hosts.mu.Unlock()
	return c.hosts.asked
}

// roughly is how long answers usually take, as far as it matters: up to the next
// power of two of the time below which none is slow. So what is kept of a host
// seldom changes.
func roughly(usual time.Duration) time.Duration {
	if usual <= 0 {
		return 0
	}
	r := slowAnswer / 4
	for r < usual {
		r *= 2
	}
	return r
}
