package watch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"driftwatch/configs"
	"driftwatch/crawler/fetch"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/review"
)

// A look at an address can't be used to reach inside: not directly, and not by a
// redirect from an address that may be asked.
func TestLookStaysOutside(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Skip(err)
	}
	var asked atomic.Int32
	inner := &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) })}}
	inner.Start()
	defer inner.Close()
	outer := httptest.NewServer(http.RedirectHandler(inner.URL+"/secret", http.StatusFound))
	defer outer.Close()
	client, err := fetch.New(fetch.Config{UserAgent: "test", Concurrency: 2,
		Policy: guard.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	p := newSourcePages(&Watch{Fetch: client, Now: time.Now})
	for _, address := range []string{inner.URL, outer.URL, "http://[::1]/", "http://169.254.169.254/latest", "file:///etc/passwd", "gopher://x/", "javascript:alert(1)"} {
		found, err := p.Look(t.Context(), address)
		var r *review.Refused
		if !errors.As(err, &r) || len(found) > 0 || strings.TrimSpace(r.Why) == "" {
			t.Errorf("%s: %v, %v", address, found, err)
		}
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("the inner address was asked %d times", n)
	}
}

// A name that leads inside only when it is asked for the second time reaches nothing
// there either.
func TestLookIsntReboundInside(t *testing.T) {
	outside, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := outside.Addr().(*net.TCPAddr).Port
	inside, err := net.Listen("tcp", fmt.Sprintf("127.0.0.2:%d", port))
	if err != nil {
		t.Skip(err)
	}
	var asked, seen atomic.Int32
	inner := &httptest.Server{Listener: inside, Config: &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) })}}
	inner.Start()
	defer inner.Close()
	outer := &httptest.Server{Listener: outside, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen.Add(1)
		w.Header().Set("Connection", "close") // the next request looks the name up again
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, `<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head><body><a href="/news/1">One</a></body></html>`)
	})}}
	outer.Start()
	defer outer.Close()
	client, err := fetch.New(fetch.Config{UserAgent: "test", Concurrency: 2,
		Policy: guard.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Resolver: turning("127.0.0.1", "127.0.0.2")}})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	p := newSourcePages(&Watch{Fetch: client, Now: time.Now, Rules: NewRulebook(&configs.Config{})})
	found, err := p.Look(t.Context(), fmt.Sprintf("http://outlet.example:%d/", port))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if f.Problem == "" {
			t.Errorf("%s could be read", f.URL)
		}
	}
	if asked.Load() > 0 || seen.Load() != 1 {
		t.Errorf("the inner address was asked %d times, the outer one %d times", asked.Load(), seen.Load())
	}
}

// turning is a resolver whose names lead to one address when they are looked up
// first, and to another one from then on.
func turning(first, then string) *net.Resolver {
	var looked atomic.Int32
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			for {
				size := make([]byte, 2)
				if _, err := io.ReadFull(theirs, size); err != nil {
					return
				}
				raw := make([]byte, int(size[0])<<8|int(size[1]))
				if _, err := io.ReadFull(theirs, raw); err != nil {
					return
				}
				var m dnsmessage.Message
				if m.Unpack(raw) != nil {
					return
				}
				m.Response, m.Additionals = true, nil
				if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
					to := then
					if looked.Add(1) == 1 {
						to = first
					}
					m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}, Body: &dnsmessage.AResource{A: netip.MustParseAddr(to).As4()}}}
				}
				answer, err := m.Pack()
				if err != nil {
					return
				}
				if _, err := theirs.Write(append([]byte{byte(len(answer) >> 8), byte(len(answer))}, answer...)); err != nil {
					return
				}
			}
		}()
		return ours, nil
	}}
}

// Each fault of a query is told for itself.
func TestFaultsOfAQueryAreToldApart(t *testing.T) {
	l := library{&Watch{Now: time.Now, Rules: NewRulebook(&configs.Config{})}}
	answer, err := l.Ask(t.Context(), "@sanctions AND @nothing_of_that_name AND NEAR", news.SearchFilter{})
	if err != nil || len(answer.Faults) < 2 {
		t.Errorf("%d faults: %q (%v)", len(answer.Faults), answer.Faults, err)
	}
}
