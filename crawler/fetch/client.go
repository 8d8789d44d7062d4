package fetch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptrace"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/net/http/httpguts"
	"golang.org/x/net/publicsuffix"

	"driftwatch/crawler/address"
	"driftwatch/crawler/wall"
	"driftwatch/guard"
	"driftwatch/news"
)

// What a Config that leaves a field empty gets.
const (
	DefaultConcurrency = 16
	DefaultTimeout     = 30 * time.Second
	DefaultMaxBody     = 10 << 20
	DefaultUserAgent   = "Driftwatch"
)

// ProductToken is the name by which robots.txt files address us.
const ProductToken = "driftwatch"

// Config is how a [Client] behaves. The zero value of a field stands for its
// default.
type Config struct {
	UserAgent    string        // product and version, "Driftwatch/1.2"
	Contact      string        // address of a person, told to every server; empty: none
	Concurrency  int           // requests under way at once
	HostInterval time.Duration // least time between the starts of two requests to one host; 0: none
	SameHost     [][]string    // hosts that share one pace, group by group
	Timeout      time.Duration // for one answer, redirects and body included; waiting for a turn doesn't count
	Policy       guard.Policy  // which addresses may be contacted
	Proxy        string        // URL of a proxy; empty: none, whatever the environment says
	MaxBody      int64         // decoded bytes of one answer
}

// Purpose is what a request is for.
type Purpose int

// A Listing was named by the operator and is asked for as it is, like any feed
// reader would; a Page was found by a crawler, and robots.txt is obeyed.
const (
	Listing Purpose = iota
	Page
)

// Request is what to fetch.
type Request struct {
	URL     string
	Purpose Purpose

	// Origin is the address that the operator wrote for the source: its port
	// may be used on its host besides 80 and 443. Empty, a Listing's own URL
	// stands for it, and a Page has none.
	Origin string

	ETag, LastModified string // validators of the copy at hand; empty: none
	UserAgent          string // empty: the client's own
	Accept             string // empty: by purpose
	Keep               bool   // give the answer as it was received too, an error's as well
}

// Response is an answer with status 200 to 299, or "not modified".
type Response struct {
	URL          string // where redirects led to
	Moved        string // the same, where all redirects were permanent ones (301, 308); empty: there was none, or another
	Status       int
	NotModified  bool // the copy that Request's validators came with is good; Body is empty
	ContentType  string
	Header       http.Header
	Body         []byte // decoded, in the charset that the server sent
	ETag         string // as told; those of the request where "not modified" doesn't repeat them
	LastModified string
	MaxAge       time.Duration // for which the answer says that it stays as it is; 0: it doesn't say
	Took         time.Duration // without waiting for turns
	Kept         *news.Capture // where Request.Keep asks for it; nil otherwise, and where nothing was modified
}

// Client fetches. It may be used by many goroutines at once and is to be
// closed.
type Client struct {
	config    Config
	agent     string
	proxy     *url.URL
	transport http.RoundTripper
	idle      func() // closes idle connections
	hosts     *hosts
	slots     chan struct{}
	robots    *robotsCache
	way       string // what stands before the servers in robots, where it asks through a proxy of its own
}

// New makes a client. An error says which field of c can't be used.
func New(c Config) (*Client, error) {
	c = withDefaults(c)
	agent := c.UserAgent
	if c.Contact != "" {
		agent += " (+" + c.Contact + ")"
	}
	if !httpguts.ValidHeaderFieldValue(agent) {
		return nil, errors.New("make a fetch client: user agent and contact have characters that no header may have")
	}
	proxy, err := parseProxy(c.Proxy)
	if err != nil {
		return nil, fmt.Errorf("make a fetch client: %w", err)
	}
	t := newTransport(c, proxy)
	client := &Client{
		config:    c,
		agent:     agent,
		proxy:     proxy,
		transport: t,
		idle:      t.CloseIdleConnections,
		hosts:     newHosts(c.HostInterval, c.SameHost...),
		slots:     make(chan struct{}, c.Concurrency),
		robots:    newRobotsCache(),
	}
	return client, nil
}

// Via is a client that asks through a proxy, for what can't be had without one. It
// keeps to the same pace, limits and addresses, and is to be closed like another. What
// servers' robots files say there is learned and recalled with c's own. The error
// doesn't repeat the proxy's address.
func (c *Client) Via(proxy string) (*Client, error) {
	u, err := parseProxy(proxy)
	if err != nil {
		return nil, err
	}
	t := newTransport(c.config, u)
	v := *c
	v.proxy, v.transport, v.idle = u, t, t.CloseIdleConnections
	v.way = fmt.Sprintf("via %x ", sha256.Sum256([]byte(u.Scheme+"://"+u.Host)))[:len("via ")+16] + " "
	return &v, nil
}

// Close closes the connections that are kept for later. Requests under way go
// on to their end.
func (c *Client) Close() { c.idle() }

// Get fetches r. It waits for the host's turn, then for one of the client's
// slots, and follows redirects, each of which is checked and has its own turn.
// The error is always an *[Error].
func (c *Client) Get(ctx context.Context, r Request) (*Response, error) {
	u, err := address.Parse(r.URL)
	if err != nil {
		return nil, &Error{Kind: KindScheme, URL: withoutUser(r.URL), Err: err}
	}
	j := job{Request: r, max: c.config.MaxBody}
	if r.Origin != "" {
		j.own, _ = address.Parse(r.Origin)
	} else if r.Purpose == Listing {
		j.own = u
	}
	u.Fragment, u.RawFragment = "", ""
	resp, failure := c.follow(ctx, u, j)
	switch {
	case failure == nil:
		return resp, nil
	case ctx.Err() != nil:
		return nil, &Error{Kind: KindCanceled, URL: failure.URL, Err: context.Cause(ctx)}
	default:
		return nil, failure
	}
}

// job is a request with what the client itself knows of it.
type job struct {
	Request
	own *url.URL // whose port may be used
	max int64    // decoded bytes
	cut bool     // stop at max instead of failing
}

// follow asks for u and for what it redirects to.
func (c *Client) follow(ctx context.Context, u *url.URL, j job) (*Response, *Error) {
	left := c.config.Timeout
	jar, _ := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	seen := make(map[string]bool)
	forGood := true
	at := u
	for hop := 0; ; hop++ {
		a, err := c.hop(ctx, at, j, jar, left)
		if isMisdirected(err) {
			c.idle()
		}
		if isMisdirected(err) || isLost(err) {
			a, err = c.hop(ctx, at, j, jar, left)
		}
		if err != nil {
			return nil, located(err, u, at)
		}
		left -= a.Took
		if a.location == "" {
			a.Took = c.config.Timeout - left
			if hop > 0 && forGood {
				a.Moved = a.URL
			}
			return &a.Response, nil
		}
		if len(a.Header["Set-Cookie"]) == 0 {
			seen[at.String()] = true
		}
		forGood = forGood && (a.Status == http.StatusMovedPermanently || a.Status == http.StatusPermanentRedirect)
		next, err := goal(at, a.location)
		switch {
		case err != nil:
			return nil, located(err, u, at)
		case hop == guard.MaxRedirects:
			return nil, located(&Error{Kind: KindRedirect, Err: fmt.Errorf("more than %d redirects", guard.MaxRedirects)}, u, at)
		case seen[next.String()]:
			return nil, located(&Error{Kind: KindRedirect, Err: errors.New("redirects go round in a circle")}, u, at)
		}
		at = next
	}
}

// isMisdirected reports an answer of a server that isn't the host's own; a
// connection made anew may lead to the right one (RFC 9110, 15.5.20).
func isMisdirected(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusMisdirectedRequest
}

// lostError is the loss of a connection that had carried other requests before, at
// one to which no answer had begun. Nothing says that the server has seen that one:
// it may have ended the connection while it was idle. net/http asks anew itself in
// HTTP/1, and in HTTP/2 where the server says that it goes away.
type lostError struct{ error }

func (e *lostError) Unwrap() error { return e.error }

func isLost(err error) bool {
	var lost *lostError
	return errors.As(err, &lost)
}

// goal is where a redirect at at leads. What may not be asked for is left to
// the next hop's checks, which know why.
func goal(at *url.URL, location string) (*url.URL, error) {
	next, err := at.Parse(location)
	if abs, e := address.Resolve(at.String(), location); e == nil {
		next, err = address.Parse(abs)
	}
	if err != nil {
		return nil, &Error{Kind: KindRedirect, Err: errors.New("redirected to what is no address")}
	}
	next.Fragment, next.RawFragment = "", ""
	return next, nil
}

// answer is a response, or where to ask instead.
type answer struct {
	Response
	location string
}

// hop makes one request, in its turn and within left.
func (c *Client) hop(ctx context.Context, u *url.URL, j job, jar http.CookieJar, left time.Duration) (*answer, error) {
	if err := c.admit(ctx, u, j); err != nil {
		return nil, err
	}
	release, err := c.turn(ctx, u)
	if err != nil {
		return nil, err
	}
	defer release()
	began := time.Now()
	inner, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	a, err := c.ask(inner, u, j, jar)
	if err != nil {
		if inner.Err() != nil && ctx.Err() == nil {
			err = &Error{Kind: KindTimeout, Err: fmt.Errorf("no whole answer came within %v", c.config.Timeout)}
		}
		return nil, err
	}
	a.Took = time.Since(began)
	c.hosts.answered(u, a.Took)
	return a, nil
}

// admit checks whether u may be asked for at all.
func (c *Client) admit(ctx context.Context, u *url.URL, j job) error {
	if err := guard.CheckURL(u, j.own); err != nil {
		if u.Scheme != "http" && u.Scheme != "https" {
			return &Error{Kind: KindScheme, Err: err}
		}
		return err
	}
	if c.proxy != nil {
		if err := c.config.Policy.CheckHost(ctx, u.Hostname()); err != nil {
			return err
		}
	}
	if j.Purpose == Page {
		return c.checkRobots(ctx, u, j)
	}
	return nil
}

// turn waits for the host's turn and for a slot, and returns what gives the
// slot back. Whoever waits holds no slot.
func (c *Client) turn(ctx context.Context, u *url.URL) (release func(), err error) {
	t, err := c.hosts.wait(ctx, u)
	if err != nil {
		return nil, err
	}
	select {
	case c.slots <- struct{}{}:
		t.start()
		return func() { <-c.slots }, nil
	case <-ctx.Done():
		t.giveUp()
		return nil, ctx.Err()
	}
}

// ask sends one request and reads the answer to it.
func (c *Client) ask(ctx context.Context, u *url.URL, j job, jar http.CookieJar) (*answer, error) {
	req, err := c.request(ctx, u, j, jar)
	if err != nil {
		return nil, err
	}
	keep := newKeeper(req, j)
	req, reused := watchReuse(keep.watch(req, c.proxy != nil))
	resp, err := c.transport.RoundTrip(req)
	switch {
	case err != nil && reused.Load() && ctx.Err() == nil && kindOf(err) == KindNetwork:
		return nil, &lostError{err}
	case err != nil:
		return nil, err
	}
	defer resp.Body.Close()
	jar.SetCookies(u, resp.Cookies())
	a := &answer{Response: Response{
		URL:         u.String(),
		Status:      resp.StatusCode,
		ContentType: resp.Header.Get("Content-Type"),
		Header:      resp.Header,
		MaxAge:      MaxAge(resp.Header, time.Now()),
	}}
	a.ETag, a.LastModified = Validators(resp.Header)
	switch {
	case resp.StatusCode == http.StatusNotModified && (j.ETag != "" || j.LastModified != ""):
		a.NotModified = true
		if a.ETag == "" && a.LastModified == "" {
			a.ETag, a.LastModified = j.ETag, j.LastModified
		}
		return a, nil
	case isRedirect(resp.StatusCode) && resp.Header.Get("Location") != "":
		a.location = resp.Header.Get("Location")
		return a, nil
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		e := c.refusal(u, resp)
		e.Kept = keep.refused(resp)
		e.Wall = wallOf(resp, e.Kept)
		return nil, e
	}
	keep.tee(resp)
	a.Body, err = readBody(resp, j)
	if err != nil {
		return nil, err
	}
	a.Kept = keep.capture(resp, a.Body)
	return a, nil
}

// watchReuse gives the request with which it is learned whether its connection had
// carried others, where that may speak HTTP/2.
func watchReuse(req *http.Request) (*http.Request, *atomic.Bool) {
	reused := new(atomic.Bool)
	if req.URL.Scheme != "https" {
		return req, reused
	}
	return req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		GotConn: func(c httptrace.GotConnInfo) { reused.Store(c.Reused) },
	})), reused
}

// refusal is the error of an answer that isn't what was asked for; a host that
// wants to be left alone is remembered.
func (c *Client) refusal(u *url.URL, resp *http.Response) *Error {
	e := &Error{Kind: KindStatus, Status: resp.StatusCode}
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable {
		e.RetryAfter = retryAfter(resp.Header.Get("Retry-After"), time.Now())
		c.hosts.setAside(u, e.RetryAfter)
		c.hosts.refused(u)
	}
	return e
}

// wallOf says what kind of page a refusal is. Of its body no more is read than
// what is kept of one.
func wallOf(resp *http.Response, kept *news.Capture) wall.Finding {
	switch resp.StatusCode {
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusTooManyRequests, http.StatusServiceUnavailable:
	default:
		return wall.Finding{}
	}
	if resp.Header.Get("Cf-Mitigated") == "challenge" {
		return wall.Finding{Kind: wall.Bot, What: "a challenge page of Cloudflare"}
	}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		return wall.Finding{}
	}
	if kept != nil {
		resp.Body = io.NopCloser(bytes.NewReader(kept.Body))
	}
	page, err := readBody(resp, job{max: maxRefusal, cut: true})
	if err != nil {
		return wall.Finding{}
	}
	found := wall.Look(string(page))
	if found.Kind == wall.Missing { // the status says better what this is
		return wall.Finding{}
	}
	return found
}

// Accept headers by purpose.
const (
	acceptListing = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.7, */*;q=0.5"
	acceptPage    = "text/html, application/xhtml+xml, */*;q=0.5"
)

// request writes the request for u.
func (c *Client) request(ctx context.Context, u *url.URL, j job, jar http.CookieJar) (*http.Request, error) {
	req := (&http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: make(http.Header, 8)}).WithContext(ctx)
	set := func(key, value string) {
		if value != "" {
			req.Header[key] = []string{value}
		}
	}
	accept := j.Accept
	switch {
	case accept != "":
	case j.Purpose == Listing:
		accept = acceptListing
	default:
		accept = acceptPage
	}
	set("Accept", accept)
	set("Accept-Encoding", guard.AcceptEncoding)
	set("User-Agent", c.agent)
	set("User-Agent", j.UserAgent)
	set("If-None-Match", j.ETag)
	set("If-Modified-Since", j.LastModified)
	for _, cookie := range jar.Cookies(u) {
		req.AddCookie(cookie)
	}
	for _, values := range req.Header {
		if !httpguts.ValidHeaderFieldValue(values[0]) {
			return nil, errors.New("a header of the request has characters that no header may have")
		}
	}
	return req, nil
}

// located makes an *Error of err that happened at at, on the way from u. An
// error that others may hold too is left as it is.
func located(err error, u, at *url.URL) *Error {
	e := &Error{Kind: kindOf(err), Err: plain(err)}
	var known *Error
	if errors.As(err, &known) {
		*e = *known
	}
	e.URL = u.Redacted()
	if at != u {
		e.At = at.Redacted()
	}
	return e
}

// plain takes the layers from a network error that only repeat the address.
func plain(err error) error {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "dial" || op.Err == nil {
		return err
	}
	var call *os.SyscallError
	if errors.As(op.Err, &call) && call.Syscall == "connect" {
		return fmt.Errorf("connect: %w", call.Err)
	}
	return fmt.Errorf("connect: %w", op.Err)
}

// withoutUser is an address that couldn't be read, without the user and
// password that may stand before an @ in it.
func withoutUser(raw string) string {
	if i := strings.LastIndexByte(raw, '@'); i >= 0 {
		raw = "…" + raw[i:]
	}
	return clip(raw)
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

func withDefaults(c Config) Config {
	if c.UserAgent == "" {
		c.UserAgent = DefaultUserAgent
	}
	if c.Concurrency <= 0 {
		c.Concurrency = DefaultConcurrency
	}
	if c.Timeout <= 0 {
		c.Timeout = DefaultTimeout
	}
	if c.MaxBody <= 0 {
		c.MaxBody = DefaultMaxBody
	}
	return c
}

// parseProxy reads a proxy's address; the error doesn't repeat it, for it may
// hold a password.
func parseProxy(raw string) (*url.URL, error) {
	if raw == "" {
		return nil, nil
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return nil, errors.New("the proxy's address can't be read")
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https", "socks5", "socks5h":
		return u, nil
	}
	return nil, fmt.Errorf("a proxy's scheme is http, https or socks5, not %s", u.Scheme)
}
