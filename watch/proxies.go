package watch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"driftwatch/crawler/fetch"
	"driftwatch/crawler/wall"
	"driftwatch/news"
	"driftwatch/store"
)

// proxies are the clients that ask through sources' proxies, made when they are first
// needed. The zero value has none.
type proxies struct {
	mu  sync.Mutex
	all map[string]*fetch.Client // by the proxy's address
}

// via is the client of the program that asks through a proxy.
func (x *proxies) via(c *fetch.Client, proxy string) (*fetch.Client, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if v := x.all[proxy]; v != nil {
		return v, nil
	}
	v, err := c.Via(proxy)
	if err != nil {
		return nil, err
	}
	if x.all == nil {
		x.all = map[string]*fetch.Client{}
	}
	x.all[proxy] = v
	return v, nil
}

func (x *proxies) close() {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, c := range x.all {
		c.Close()
	}
}

// client is the one that the source is asked with.
func (p *poll) client() *fetch.Client {
	if p.proxied != nil {
		return p.proxied
	}
	return p.w.Fetch
}

// throughProxy has everything further asked through the source's proxy. It reports
// false where it has none, or is asked through it already.
func (p *poll) throughProxy() bool {
	if p.source.Proxy == "" || p.proxied != nil {
		return false
	}
	c, err := p.w.proxies.via(p.w.Fetch, p.source.Proxy)
	if err != nil { // the configuration was read: it is an address
		return false
	}
	p.proxied = c
	return true
}

// barredFor is for how long a source that was barred to us, and not to its proxy, is
// asked through that at once: an outlet that keeps us out isn't to see us at each poll.
const barredFor = 24 * time.Hour

// barredMeta begins the name under which it is kept when a source was found barred last.
const barredMeta = "barred "

// barredLately gives those of the sources that have a proxy and were found barred without
// it in the last day. What can't be known costs a request.
func (w *Watch) barredLately(ctx context.Context, sources []news.Source) map[string]bool {
	if !slices.ContainsFunc(sources, func(s news.Source) bool { return s.Proxy != "" }) {
		return nil
	}
	kept, err := w.Store.Metas(ctx, barredMeta)
	if err != nil {
		w.Log.Info("not known which sources are barred", "problem", err)
	}
	out := map[string]bool{}
	for id, at := range kept {
		found, err := time.Parse(time.RFC3339, at)
		ago := w.Now().Sub(found)
		out[id] = err == nil && ago >= 0 && ago < barredFor
	}
	return out
}

// listAsLately asks for the listing through the source's proxy where it was barred
// without in the last day. It reports false where it wasn't, and where the proxy has
// no better luck.
func (p *poll) listAsLately(ctx context.Context) (listing, bool) {
	if !p.barred || !p.throughProxy() {
		return listing{}, false
	}
	l, err := p.listHere(ctx)
	if err != nil {
		p.proxied = nil
		return listing{}, false
	}
	l.proxied = true
	return l, true
}

// noteBarred keeps it that the source is barred to us now. What can't be kept costs a
// request.
func (p *poll) noteBarred(ctx context.Context) {
	if p.w.Store == nil || p.desk == nil {
		return
	}
	err := p.w.Store.Update(ctx, func(tx store.Tx) error {
		return tx.SetMeta(barredMeta+p.source.ID, p.w.Now().UTC().Format(time.RFC3339))
	})
	if err != nil {
		p.w.Log.Info("not kept that a source is barred", "source", p.source.ID, "problem", err)
	}
}

// get fetches an article's page, through the source's proxy where it is barred to us
// without, as what follows is then.
func (p *poll) get(ctx context.Context, r fetch.Request) (*fetch.Response, error) {
	res, err := p.client().Get(ctx, r)
	if err == nil || ctx.Err() != nil || !barred(err) {
		return res, err
	}
	q := *p
	if !q.throughProxy() {
		return res, err
	}
	if again, proxyErr := q.client().Get(ctx, r); proxyErr == nil {
		p.proxied = q.proxied
		return again, nil
	}
	return res, err
}

// listProxied asks for the listing through the source's proxy, where what kept us from
// it without may not keep the proxy. The pages of its articles are asked for there,
// too.
func (p *poll) listProxied(ctx context.Context, failed error) (listing, error) {
	if ctx.Err() != nil || !barred(failed) || !p.throughProxy() {
		return listing{}, failed
	}
	l, err := p.listHere(ctx)
	if err != nil {
		p.proxied = nil
		return listing{}, fmt.Errorf("%w (nor could it be read through its proxy)", failed)
	}
	l.proxied, l.failed = true, failed
	p.noteBarred(ctx)
	p.w.Log.Info("source read through its proxy", "source", p.source.ID, "problem", p.w.hide(failed.Error()))
	return l, nil
}

// barred reports whether an error means that somebody keeps this network or program
// out, rather than that there is nothing.
func barred(err error) bool {
	switch wallOf(err) {
	case wall.Bot, wall.Refused:
		return true
	}
	var fe *fetch.Error
	if !errors.As(err, &fe) {
		return false
	}
	switch fe.Kind {
	case fetch.KindStatus:
		return fe.Status == http.StatusForbidden || fe.Status == http.StatusUnavailableForLegalReasons
	case fetch.KindDNS, fetch.KindTimeout, fetch.KindNetwork, fetch.KindTLS:
		return true
	case fetch.KindWait: // for a robots file that can't be had
		return fe.Err != nil && barred(fe.Err)
	}
	return false
}
