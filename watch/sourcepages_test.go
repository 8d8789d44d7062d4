package watch

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"driftwatch/crawler/fetch"
	"driftwatch/guard"
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
	client, err := fetch.New(fetch.Config{UserAgent: "test", Concurrency: 2, Timeout: 5 * time.Second,
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
