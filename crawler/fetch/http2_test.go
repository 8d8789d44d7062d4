package fetch

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"driftwatch/guard"
)

// A server that speaks HTTP/2 is asked in HTTP/2: its feed comes packed in Brotli,
// its redirects, its "not modified" and its robots file count as ever.
func TestHTTP2(t *testing.T) {
	const feed = `<rss version="2.0"><channel><title>Вестник</title></channel></rss>`
	var connections atomic.Int32
	server := overHTTP2(t, func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("%s was asked for in %s", r.URL.Path, r.Proto)
		}
		switch r.URL.Path {
		case "/old":
			http.Redirect(w, r, "/feed", http.StatusMovedPermanently)
		case "/robots.txt":
			io.WriteString(w, "User-agent: *\nDisallow: /closed\n")
		case "/feed":
			if r.Header.Get("If-None-Match") == `"1"` {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			w.Header().Set("Etag", `"1"`)
			w.Header().Set("Content-Encoding", "br")
			w.Write(brotlied(feed))
		default:
			http.NotFound(w, r)
		}
	}, &connections)
	c := trusting(t, server, Config{})
	first, err := c.Get(t.Context(), Request{URL: server.URL + "/old"})
	if err != nil {
		t.Fatal(err)
	}
	if string(first.Body) != feed || first.Moved != server.URL+"/feed" || first.ETag != `"1"` {
		t.Errorf("answer %+v", first)
	}
	if again, err := c.Get(t.Context(), Request{URL: server.URL + "/feed", ETag: `"1"`}); err != nil || !again.NotModified {
		t.Errorf("asked again: %+v, %v", again, err)
	}
	var e *Error
	if _, err := c.Get(t.Context(), Request{URL: server.URL + "/closed/1", Origin: server.URL, Purpose: Page}); !errors.As(err, &e) || e.Kind != KindRobots {
		t.Errorf("what robots.txt closes: %v", err)
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections were made, want one for all", n)
	}
}

// A server that ends a connection says so (GOAWAY), and the next request makes
// another.
func TestHTTP2GoAway(t *testing.T) {
	var connections atomic.Int32
	server := overHTTP2(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close") // which in HTTP/2 is a GOAWAY
		io.WriteString(w, "text")
	}, &connections)
	c := trusting(t, server, Config{})
	for i := range 5 {
		if r, err := c.Get(t.Context(), Request{URL: server.URL}); err != nil || string(r.Body) != "text" {
			t.Errorf("request %d: %+v, %v", i, r, err)
		}
	}
	if n := connections.Load(); n < 2 {
		t.Errorf("%d connections were made", n)
	}
}

// A server that ends a connection at a request without a word (GOAWAY) may not have
// seen it: it is asked once more, over another connection. Where the first request
// of a connection ends so, it isn't.
func TestHTTP2ConnectionIsLost(t *testing.T) {
	tests := []struct {
		name   string
		served int // requests that the first connection answers before it ends
		kind   Kind
	}{
		{"at a later request", 1, ""},
		{"at its first", 0, KindNetwork},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := framed(t, func(s *stream) {
				for range tt.served {
					s.head(false, ":status", "200")
					s.WriteData(s.id, true, []byte("text"))
					s.next()
				}
			})
			c := trusting(t, server, Config{})
			for range tt.served {
				if _, err := c.Get(t.Context(), Request{URL: server.URL}); err != nil {
					t.Fatal(err)
				}
			}
			r, err := c.Get(t.Context(), Request{URL: server.URL})
			var e *Error
			if tt.kind == "" && (err != nil || string(r.Body) != "text") || tt.kind != "" && (!errors.As(err, &e) || e.Kind != tt.kind) {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

// 421 says that this connection is the wrong one for the host (RFC 9110, 15.5.20):
// the request is made once more, in its turn, over another one.
func TestMisdirected(t *testing.T) {
	var connections, asked atomic.Int32
	server := overHTTP2(t, func(w http.ResponseWriter, r *http.Request) {
		if n := asked.Add(1); r.URL.Path == "/always" || n == 1 {
			http.Error(w, "another host's server", http.StatusMisdirectedRequest)
			return
		}
		io.WriteString(w, "text")
	}, &connections)
	c := trusting(t, server, Config{})
	if r, err := c.Get(t.Context(), Request{URL: server.URL + "/"}); err != nil || string(r.Body) != "text" {
		t.Errorf("%+v, %v", r, err)
	}
	if n := connections.Load(); n != 2 {
		t.Errorf("%d connections were made, want two", n)
	}
	asked.Store(0)
	var e *Error
	if _, err := c.Get(t.Context(), Request{URL: server.URL + "/always"}); !errors.As(err, &e) || e.Status != http.StatusMisdirectedRequest {
		t.Errorf("a host that is never right: %v", err)
	}
	if n := asked.Load(); n != 2 {
		t.Errorf("it was asked %d times, want twice", n)
	}
}

// Servers that break off or misuse HTTP/2. First is what they do on the first
// connection; on any other they answer as they should.
func TestHostileHTTP2(t *testing.T) {
	const most = 100 << 10
	bomb := brotlied(strings.Repeat("\x00", 10<<20))
	tests := []struct {
		name  string
		first func(s *stream)
		kind  Kind // empty: the answer comes all the same
	}{
		{"goes away before it has looked at the request", func(s *stream) { s.WriteGoAway(0, http2.ErrCodeNo, nil) }, ""},
		{"refuses the stream", func(s *stream) {
			s.WriteRSTStream(s.id, http2.ErrCodeRefusedStream)
			if s.next() == nil {
				s.answer()
			}
		}, ""},
		{"goes away in the body", func(s *stream) {
			s.head(false, ":status", "200")
			s.WriteData(s.id, false, []byte("te"))
			s.WriteGoAway(s.id, http2.ErrCodeNo, nil)
		}, KindNetwork},
		{"resets the body", func(s *stream) {
			s.head(false, ":status", "200")
			s.WriteData(s.id, false, []byte("te"))
			s.WriteRSTStream(s.id, http2.ErrCodeInternal)
			s.drain()
		}, KindNetwork},
		{"says another length", func(s *stream) {
			s.head(false, ":status", "200", "content-length", "100")
			s.WriteData(s.id, true, []byte("text"))
			s.drain()
		}, KindNetwork},
		{"floods the header", func(s *stream) {
			s.head(true, ":status", "200")
			for s.WriteContinuation(s.id, false, s.fields("x-flood", strings.Repeat("x", 8<<10))) == nil {
			}
		}, KindNetwork},
		{"sends an endless body", func(s *stream) {
			s.head(false, ":status", "200")
			for s.WriteData(s.id, false, make([]byte, 8<<10)) == nil {
			}
		}, KindTooLarge},
		{"sends a Brotli bomb", func(s *stream) {
			s.head(false, ":status", "200", "content-encoding", "br")
			s.WriteData(s.id, true, bomb)
			s.drain()
		}, KindTooLarge},
		{"never answers", func(s *stream) { s.drain() }, KindTimeout},
		{"speaks of anything but the answer", func(s *stream) {
			for s.WritePing(false, [8]byte{}) == nil && s.WriteSettings(http2.Setting{ID: http2.SettingMaxFrameSize, Val: 1 << 14}) == nil {
			}
		}, KindTimeout},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := framed(t, tt.first)
			timeout := 5 * time.Minute // a bomb takes a while to be unpacked
			if tt.kind == KindTimeout {
				timeout = 200 * time.Millisecond
			}
			c := trusting(t, server, Config{MaxBody: most, Timeout: timeout})
			r, err := c.Get(t.Context(), Request{URL: server.URL + "/"})
			var e *Error
			switch {
			case tt.kind == "" && (err != nil || string(r.Body) != "text"):
				t.Errorf("%+v, %v", r, err)
			case tt.kind != "" && (!errors.As(err, &e) || e.Kind != tt.kind):
				t.Errorf("%+v, %v; want an error of kind %s", r, err, tt.kind)
			case tt.kind != "" && (len(err.Error()) > 500 || strings.ContainsAny(err.Error(), "\x00\x1b\r\n")):
				t.Errorf("the sentence is %q", err)
			}
		})
	}
}

// overHTTP2 is a server that speaks HTTP/2 and counts its connections.
func overHTTP2(t *testing.T, h http.HandlerFunc, connections *atomic.Int32) *httptest.Server {
	s := httptest.NewUnstartedServer(h)
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// trusting is a client that may reach loopback and trusts a test server.
func trusting(t *testing.T, s *httptest.Server, config Config) *Client {
	t.Helper()
	config.Policy = guard.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	c.transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: roots}
	t.Cleanup(c.Close)
	return c
}

// framed is a server that speaks HTTP/2 frame by frame: on its first connection as
// first has it, on others it answers "text".
func framed(t *testing.T, first func(*stream)) *httptest.Server {
	var seen atomic.Int32
	var open sync.WaitGroup
	s := httptest.NewUnstartedServer(nil)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.TLS = &tls.Config{NextProtos: []string{http2.NextProtoTLS}}
	s.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){
		http2.NextProtoTLS: func(_ *http.Server, c *tls.Conn, _ http.Handler) {
			open.Add(1)
			defer open.Done()
			defer c.Close()
			in, err := accept(c)
			switch {
			case err != nil:
			case seen.Add(1) == 1:
				first(in)
			default:
				in.answer()
			}
		},
	}
	s.StartTLS()
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
		open.Wait()
	})
	return s
}

// stream is the server's end of one request in HTTP/2.
type stream struct {
	*http2.Framer
	id uint32
}

// accept reads what a client sends up to its first request.
func accept(c net.Conn) (*stream, error) {
	preface := make([]byte, len(http2.ClientPreface))
	if _, err := io.ReadFull(c, preface); err != nil || string(preface) != http2.ClientPreface {
		return nil, fmt.Errorf("no HTTP/2 preface: %q, %w", preface, err)
	}
	s := &stream{Framer: http2.NewFramer(c, c)}
	if err := s.WriteSettings(); err != nil {
		return nil, err
	}
	return s, s.next()
}

// next reads on to the next request.
func (s *stream) next() error {
	for {
		f, err := s.ReadFrame()
		if err != nil {
			return err
		}
		switch f := f.(type) {
		case *http2.SettingsFrame:
			if !f.IsAck() {
				s.WriteSettingsAck()
			}
		case *http2.HeadersFrame:
			s.id = f.StreamID
			return nil
		}
	}
}

// answer answers as a server should.
func (s *stream) answer() {
	s.head(false, ":status", "200")
	s.WriteData(s.id, true, []byte("text"))
	s.drain()
}

// head sends the answer's header; with more, continuations follow.
func (s *stream) head(more bool, fields ...string) {
	s.WriteHeaders(http2.HeadersFrameParam{StreamID: s.id, BlockFragment: s.fields(fields...), EndHeaders: !more})
}

// fields are names and values as HPACK writes them.
func (s *stream) fields(pairs ...string) []byte {
	var b bytes.Buffer
	e := hpack.NewEncoder(&b)
	e.SetMaxDynamicTableSizeLimit(0)
	for i := 0; i+1 < len(pairs); i += 2 {
		e.WriteField(hpack.HeaderField{Name: pairs[i], Value: pairs[i+1]})
	}
	return b.Bytes()
}

// drain reads on until the client hangs up.
func (s *stream) drain() {
	for {
		if _, err := s.ReadFrame(); err != nil {
			return
		}
	}
}

func brotlied(s string) []byte {
	var b bytes.Buffer
	w := brotli.NewWriter(&b)
	io.WriteString(w, s)
	w.Close()
	return b.Bytes()
}
