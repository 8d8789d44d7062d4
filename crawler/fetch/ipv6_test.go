package fetch_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"driftwatch/crawler/fetch"
	"driftwatch/guard"
)

// A host that has IPv6 alone: by its address, by its name, with its robots file and
// redirects, and only where the operator allows the address.
func TestIPv6(t *testing.T) {
	server, port := serveIPv6(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			io.WriteString(w, "User-agent: *\nDisallow: /closed\n")
		case "/old":
			http.Redirect(w, r, "/feed", http.StatusMovedPermanently)
		case "/mapped":
			http.Redirect(w, r, "http://[::ffff:10.0.0.1]/", http.StatusFound)
		default:
			io.WriteString(w, r.Host)
		}
	})
	onlyIPv6 := guard.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("::1/128")}, Resolver: zone(nil, netip.IPv6Loopback())}
	c := client(t, fetch.Config{Policy: onlyIPv6})
	r := get(t, c, fetch.Request{URL: server + "/old"})
	if string(r.Body) != "[::1]:"+port || r.Moved != server+"/feed" {
		t.Errorf("answer %+v", r)
	}
	named := "http://vestnik.example:" + port
	if r := get(t, c, fetch.Request{URL: named + "/feed"}); string(r.Body) != "vestnik.example:"+port {
		t.Errorf("by its name: %+v", r)
	}
	fails(t, c, fetch.Request{URL: server + "/closed/1", Origin: server, Purpose: fetch.Page}, fetch.KindRobots, "robots.txt")
	fails(t, c, fetch.Request{URL: server + "/mapped"}, fetch.KindRefused, "10.0.0.1 is a private address")

	for name, allow := range map[string]string{"no inner address": "", "IPv4's loopback alone": "127.0.0.0/8"} {
		strict := guard.Policy{Allow: []netip.Prefix{}, Resolver: onlyIPv6.Resolver}
		if allow != "" {
			strict.Allow = append(strict.Allow, netip.MustParsePrefix(allow))
		}
		c := client(t, fetch.Config{Policy: strict})
		for _, at := range []string{server, named} {
			t.Run(name, func(t *testing.T) {
				fails(t, c, fetch.Request{URL: at}, fetch.KindRefused, "::1 is a loopback address")
			})
		}
	}
}

// A name with addresses of both kinds is reached by the one that answers.
func TestIPv6AndIPv4(t *testing.T) {
	both := guard.Policy{
		Allow:    []netip.Prefix{netip.MustParsePrefix("::1/128"), netip.MustParsePrefix("127.0.0.0/8")},
		Resolver: zone([]netip.Addr{netip.MustParseAddr("127.0.0.1")}, netip.IPv6Loopback()),
	}
	hello := func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "text") }
	_, port6 := serveIPv6(t, hello)
	_, port4, _ := strings.Cut(strings.TrimPrefix(serve(t, hello), "http://"), ":")
	for kind, port := range map[string]string{"IPv6": port6, "IPv4": port4} {
		c := client(t, fetch.Config{Policy: both})
		if r := get(t, c, fetch.Request{URL: "http://vestnik.example:" + port}); string(r.Body) != "text" {
			t.Errorf("only %s answers: %+v", kind, r)
		}
	}
}

// serveIPv6 starts a server on [::1].
func serveIPv6(t *testing.T, h http.HandlerFunc) (url, port string) {
	t.Helper()
	l, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Skipf("this machine has no IPv6: %v", err)
	}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: h, ErrorLog: quiet}}
	s.Start()
	t.Cleanup(s.Close)
	return s.URL, fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}

// zone is a resolver for which every name has these addresses.
func zone(v4 []netip.Addr, v6 ...netip.Addr) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			answerName(theirs, v4, v6)
		}()
		return ours, nil
	}}
}

// answerName answers one question about a name, in the form that DNS has over TCP.
func answerName(c net.Conn, v4, v6 []netip.Addr) {
	var size [2]byte
	if _, err := io.ReadFull(c, size[:]); err != nil {
		return
	}
	question := make([]byte, int(size[0])<<8|int(size[1]))
	if _, err := io.ReadFull(c, question); err != nil {
		return
	}
	var m dnsmessage.Message
	if m.Unpack(question) != nil || len(m.Questions) != 1 {
		return
	}
	q := m.Questions[0]
	m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
	head := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 60}
	switch q.Type {
	case dnsmessage.TypeA:
		for _, a := range v4 {
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AResource{A: a.As4()}})
		}
	case dnsmessage.TypeAAAA:
		for _, a := range v6 {
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
		}
	}
	packed, err := m.Pack()
	if err != nil {
		return
	}
	c.Write(append([]byte{byte(len(packed) >> 8), byte(len(packed))}, packed...))
}
