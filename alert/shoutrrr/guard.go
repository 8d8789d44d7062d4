package shoutrrr

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// homes are the hosts of the services whose URL doesn't name one.
var homes = map[string][]string{
	"discord":    {"discord.com"},
	"googlechat": {"chat.googleapis.com"},
	"hangouts":   {"chat.googleapis.com"},
	"ifttt":      {"maker.ifttt.com"},
	"join":       {"joinjoaomgcd.appspot.com"},
	"notifiarr":  {"notifiarr.com"},
	"pushbullet": {"api.pushbullet.com"},
	"pushover":   {"api.pushover.net"},
	"slack":      {"slack.com", "hooks.slack.com"},
	"telegram":   {"api.telegram.org"},
	"wecom":      {"qyapi.weixin.qq.com"},
	"opsgenie":   {"api.opsgenie.com"},
	"pagerduty":  {"events.pagerduty.com"},
	"lark":       {"open.larksuite.com", "open.feishu.cn"},
}

// hosts are those that the opened channels are for.
var hosts = struct {
	sync.RWMutex
	known map[string]bool
}{known: map[string]bool{}}

// allow lets the hosts of a service's URL be reached.
func allow(service, raw string) {
	hosts.Lock()
	defer hosts.Unlock()
	for _, h := range homes[service] {
		hosts.known[h] = true
	}
	if u, err := url.Parse(raw); err == nil {
		hosts.known[strings.ToLower(u.Hostname())] = true
		hosts.known[strings.ToLower(u.Query().Get("host"))] = true // where Teams has it
	}
}

// Guard is a transport for net/http's default: it reaches the hosts that the
// opened channels are for and refuses all others, by redirect too, and uses no
// proxy. A program sets it before anything else uses the default; nothing else
// in it should.
func Guard() http.RoundTripper {
	return guarded{&http.Transport{
		TLSHandshakeTimeout: 15 * time.Second, ResponseHeaderTimeout: time.Minute, DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10,
	}}
}

type guarded struct{ next http.RoundTripper }

var errOther = errors.New("not a host that a channel is for")

// RoundTrip makes a request to a host that a channel is for.
func (g guarded) RoundTrip(r *http.Request) (*http.Response, error) {
	hosts.RLock()
	known := hosts.known[strings.ToLower(r.URL.Hostname())] && r.URL.Hostname() != ""
	hosts.RUnlock()
	if !known {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, errOther
	}
	return g.next.RoundTrip(r)
}
