package guard_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"driftwatch/guard"
)

func ExamplePolicy() {
	office := guard.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("192.168.7.0/24")}}
	for _, a := range []string{"93.184.216.34", "192.168.7.9", "192.168.8.9", "::ffff:127.0.0.1"} {
		if err := office.Check(netip.MustParseAddr(a)); err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(a, "may be contacted")
	}
	// Output:
	// 93.184.216.34 may be contacted
	// 192.168.7.9 may be contacted
	// 192.168.8.9 is a private address
	// 127.0.0.1 is a loopback address
}

func TestCheck(t *testing.T) {
	public := []string{
		"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "126.255.255.255",
		"128.0.0.1", "168.63.129.17", "169.253.255.255", "172.15.255.255", "172.32.0.1", "192.0.1.1", "192.167.1.1",
		"198.17.255.255", "198.20.0.1", "223.255.255.255", "::ffff:8.8.8.8",
		"2a00:1450:4010::1", "2606:4700:4700::1111", "64:ff9b::8.8.8.8",
	}
	inner := []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "100.127.255.255", "127.0.0.1", "127.255.255.254",
		"168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1",
		"192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1",
		"239.255.255.255", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::ffff:127.0.0.1", "::ffff:10.1.2.3", "::ffff:169.254.169.254", "::127.0.0.1", "::8.8.8.8",
		"::ffff:0:10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b:1::8.8.8.8", "100::1",
		"2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "4000::1", "5f00::1",
		"fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2a00:1450:4010::1%eth0",
	}
	for _, a := range public {
		if err := (guard.Policy{}).Check(netip.MustParseAddr(a)); err != nil {
			t.Errorf("%s is public, but: %v", a, err)
		}
	}
	for _, a := range inner {
		var refused *guard.RefusedError
		if err := (guard.Policy{}).Check(netip.MustParseAddr(a)); !errors.As(err, &refused) {
			t.Errorf("%s: %v, want it refused", a, err)
		}
	}
	if err := (guard.Policy{}).Check(netip.Addr{}); err == nil {
		t.Error("no address at all may be contacted")
	}
}

func TestCheckAllowed(t *testing.T) {
	tests := []struct {
		allow, addr string
		want        bool
	}{
		{"127.0.0.0/8", "127.3.2.1", true},
		{"127.0.0.0/8", "::ffff:127.3.2.1", true},
		{"127.0.0.0/8", "::1", false},
		{"127.0.0.0/8", "10.0.0.1", false},
		{"127.0.0.1/32", "127.0.0.2", false},
		{"::ffff:10.0.0.0/104", "10.9.9.9", true},
		{"::ffff:10.0.0.0/104", "11.9.9.9", true}, // public
		{"10.0.0.0/8", "64:ff9b::10.0.0.1", true},
		{"fe80::/10", "fe80::1%lo", false},
		{"::/0", "::1", true},
		{"::/0", "127.0.0.1", false},
	}
	for _, tt := range tests {
		p := guard.Policy{Allow: []netip.Prefix{netip.MustParsePrefix(tt.allow)}}
		if err := p.Check(netip.MustParseAddr(tt.addr)); (err == nil) != tt.want {
			t.Errorf("%s with %s allowed: %v", tt.addr, tt.allow, err)
		}
	}
}

func TestDialContext(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	address := server.Listener.Addr().String()

	var refused *guard.RefusedError
	if _, err := (guard.Policy{}).DialContext(t.Context(), "tcp", address); !errors.As(err, &refused) {
		t.Errorf("loopback: %v, want it refused", err)
	}
	if _, err := loopback.DialContext(t.Context(), "unix", "/run/docker.sock"); !errors.As(err, &refused) {
		t.Errorf("a Unix socket: %v, want it refused", err)
	}
	c, err := loopback.DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatalf("loopback when allowed: %v", err)
	}
	c.Close()
}

var loopback = guard.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}

// A name that was public when it was looked at, and isn't when it is dialled.
func TestRebinding(t *testing.T) {
	var accepted atomic.Int32
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ConnState = func(net.Conn, http.ConnState) { accepted.Add(1) }
	server.Start()
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())

	p := guard.Policy{Resolver: answering("93.184.216.34", "127.0.0.1")}
	if err := p.CheckHost(t.Context(), "rebinding.example"); err != nil {
		t.Fatalf("first answer: %v", err)
	}
	_, err := p.DialContext(t.Context(), "tcp", "rebinding.example:"+port)
	var refused *guard.RefusedError
	if !errors.As(err, &refused) {
		t.Errorf("second answer: %v, want it refused", err)
	}
	if n := accepted.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
}

func TestCheckHost(t *testing.T) {
	tests := []struct {
		host, answer string
		refused      bool
	}{
		{"outlet.example", "93.184.216.34", false},
		{"outlet.example", "10.0.0.7", true},
		{"127.0.0.1", "", true},
		{"8.8.8.8", "", false},
		{"::1", "", true},
	}
	for _, tt := range tests {
		err := guard.Policy{Resolver: answering(tt.answer)}.CheckHost(t.Context(), tt.host)
		var refused *guard.RefusedError
		if errors.As(err, &refused) != tt.refused || err != nil && !tt.refused {
			t.Errorf("%s at %q: %v, want refused %v", tt.host, tt.answer, err, tt.refused)
		}
	}
}

func TestCheckURL(t *testing.T) {
	tests := []struct {
		url, own string
		ok       bool
	}{
		{"http://outlet.kz/", "", true},
		{"https://outlet.kz/", "", true},
		{"https://outlet.kz:80/", "", true},
		{"http://outlet.kz:8080/", "", false},
		{"http://outlet.kz:22/", "", false},
		{"http://outlet.kz:8080/a", "http://outlet.kz:8080/feed", true},
		{"http://www.outlet.kz:8080/a", "http://outlet.kz:8080/feed", true},
		{"http://OUTLET.kz:8080/a", "http://outlet.kz:8080/feed", true},
		{"http://other.kz:8080/a", "http://outlet.kz:8080/feed", false},
		{"http://outlet.kz:8081/a", "http://outlet.kz:8080/feed", false},
		{"https://outlet.kz/a", "http://outlet.kz:8080/feed", true},
		{"http://user@outlet.kz/", "", false},
		{"http://user:secret@outlet.kz/", "", false},
		{"ftp://outlet.kz/", "", false},
		{"file:///etc/passwd", "", false},
		{"gopher://outlet.kz:70/", "gopher://outlet.kz:70/", false},
		{"//outlet.kz/", "", false},
		{"http:///path", "", false},
	}
	for _, tt := range tests {
		u, err := url.Parse(tt.url)
		if err != nil {
			t.Fatal(err)
		}
		var own *url.URL
		if tt.own != "" {
			own, _ = url.Parse(tt.own)
		}
		if err := guard.CheckURL(u, own); (err == nil) != tt.ok {
			t.Errorf("%s beside %q: %v", tt.url, tt.own, err)
		}
	}
}

// answering is a resolver whose every name has the next of addrs, and the last
// of them from then on.
func answering(addrs ...string) *net.Resolver {
	var asked atomic.Int32
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			for {
				// Counted before the answer goes out: whoever has it may ask
				// again at once.
				next := func() netip.Addr {
					n := int(asked.Add(1)) - 1
					return netip.MustParseAddr(addrs[min(n, len(addrs)-1)])
				}
				if err := serveDNS(theirs, next); err != nil {
					return
				}
			}
		}()
		return ours, nil
	}}
}

// serveDNS answers one question, as over TCP. A question for an IPv4 address
// gets next; one for anything else, that there is none.
func serveDNS(c net.Conn, next func() netip.Addr) error {
	size := make([]byte, 2)
	if _, err := io.ReadFull(c, size); err != nil {
		return err
	}
	raw := make([]byte, int(size[0])<<8|int(size[1]))
	if _, err := io.ReadFull(c, raw); err != nil {
		return err
	}
	var m dnsmessage.Message
	if err := m.Unpack(raw); err != nil {
		return err
	}
	m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
	q := m.Questions[0]
	if q.Type == dnsmessage.TypeA {
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1},
			Body:   &dnsmessage.AResource{A: next().As4()},
		}}
	}
	out, err := m.AppendPack([]byte{0, 0})
	if err != nil {
		return err
	}
	out[0], out[1] = byte((len(out)-2)>>8), byte(len(out)-2)
	_, err = c.Write(out)
	return err
}
