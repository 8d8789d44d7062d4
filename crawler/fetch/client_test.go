package fetch_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
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
	"go.uber.org/goleak"

	"driftwatch/crawler/fetch"
	"driftwatch/guard"
	"driftwatch/news"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quiet is where servers log what hostile tests make them say.
var quiet = log.New(io.Discard, "", 0)

// loopback lets a client reach the servers of these tests.
var loopback = guard.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}

func ExampleClient_Get() {
	outlet := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"monday"`)
		if r.Header.Get("If-None-Match") == `"monday"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, "<rss/>")
	}))
	defer outlet.Close()

	client, err := fetch.New(fetch.Config{UserAgent: "Driftwatch/1.0", Contact: "desk@example.org", Policy: loopback})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	first, err := client.Get(context.Background(), fetch.Request{URL: outlet.URL})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(first.Status, string(first.Body), first.ETag)
	second, err := client.Get(context.Background(), fetch.Request{URL: outlet.URL, ETag: first.ETag})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(second.Status, second.NotModified)
	// Output:
	// 200 <rss/> "monday"
	// 304 true
}

func TestWhatIsSent(t *testing.T) {
	var got http.Header
	url := serve(t, func(w http.ResponseWriter, r *http.Request) { got = r.Header.Clone() })
	c := client(t, fetch.Config{UserAgent: "Driftwatch/1.2", Contact: "desk@example.org"})
	get(t, c, fetch.Request{URL: url, ETag: `W/"1"`, LastModified: "Mon, 02 Nov 2026 10:00:00 GMT"})
	for key, want := range map[string]string{
		"User-Agent":        "Driftwatch/1.2 (+desk@example.org)",
		"Accept-Encoding":   "gzip, deflate, br",
		"If-None-Match":     `W/"1"`,
		"If-Modified-Since": "Mon, 02 Nov 2026 10:00:00 GMT",
	} {
		if got.Get(key) != want {
			t.Errorf("%s: %q, want %q", key, got.Get(key), want)
		}
	}
	if accept := got.Get("Accept"); !strings.Contains(accept, "rss") {
		t.Errorf("a listing is asked for as %q", accept)
	}
	get(t, c, fetch.Request{URL: url, UserAgent: "Outlet's own/1"})
	if agent := got.Get("User-Agent"); agent != "Outlet's own/1" {
		t.Errorf("the source's own User-Agent is sent as %q", agent)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []fetch.Config{
		{Contact: "desk\r\nX-Injected: 1"},
		{UserAgent: "a\x00b"},
		{Proxy: "ftp://user:secret@proxy.example"},
		{Proxy: "://secret"},
		{Proxy: "proxy.example:secret"},
	} {
		if _, err := fetch.New(c); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v, want an error without the password", c, err)
		}
	}
}

func TestBodies(t *testing.T) {
	const text = "Новости Бишкека, новости Ташкента, новости Астаны"
	cp1251 := "\xcd\xee\xe2\xee\xf1\xf2\xe8"
	tests := []struct{ name, encoding, sent, want string }{
		{"plain", "", text, text},
		{"gzip", "gzip", gzipped(text), text},
		{"deflate", "deflate", zlibbed(text), text},
		{"Brotli", "br", brotlied(text), text},
		{"Brotli in gzip", "br, gzip", gzipped(brotlied(text)), text},
		{"another charset in Brotli", "br", brotlied(cp1251), cp1251},
		{"another charset", "", cp1251, cp1251},
		{"another charset, packed", "gzip", gzipped(cp1251), cp1251},
		{"nothing", "", "", ""},
		{"nothing, said to be packed", "gzip", "", ""},
		{"as large as may be", "", strings.Repeat("x", 1000), strings.Repeat("x", 1000)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/xml; charset=windows-1251")
				if tt.encoding != "" {
					w.Header().Set("Content-Encoding", tt.encoding)
				}
				w.Header().Set("Last-Modified", "Mon, 02 Nov 2026 10:00:00 GMT")
				w.Header().Set("Cache-Control", "public, max-age=600")
				io.WriteString(w, tt.sent)
			})
			r := get(t, client(t, fetch.Config{MaxBody: 1000}), fetch.Request{URL: url})
			if string(r.Body) != tt.want {
				t.Errorf("body %q, want %q", r.Body, tt.want)
			}
			if r.ContentType != "application/xml; charset=windows-1251" || r.LastModified == "" || r.MaxAge != 10*time.Minute || r.URL != url {
				t.Errorf("answer %+v", r)
			}
		})
	}
}

func TestNotModified(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNotModified) })
	c := client(t, fetch.Config{})
	r := get(t, c, fetch.Request{URL: url, ETag: `"1"`, LastModified: "then"})
	if !r.NotModified || r.ETag != `"1"` || r.LastModified != "then" || len(r.Body) != 0 {
		t.Errorf("answer %+v", r)
	}
	fails(t, c, fetch.Request{URL: url}, fetch.KindStatus, "status 304")
}

func TestStatus(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var status int
		fmt.Sscanf(r.URL.Path, "/%d", &status)
		w.WriteHeader(status)
	})
	c := client(t, fetch.Config{})
	for _, status := range []int{204, 300, 305, 400, 401, 403, 404, 410, 429, 451, 500, 502, 503} {
		r, err := c.Get(t.Context(), fetch.Request{URL: fmt.Sprintf("%s/%d", url, status)})
		if status < 300 {
			if err != nil || r.Status != status {
				t.Errorf("%d: %+v, %v", status, r, err)
			}
			continue
		}
		var e *fetch.Error
		if !errors.As(err, &e) || e.Kind != fetch.KindStatus || e.Status != status {
			t.Errorf("%d: %v", status, err)
			continue
		}
		if want := fmt.Sprintf("fetch %s/%d: status %d", url, status, status); err.Error() != want {
			t.Errorf("%q, want %q", err, want)
		}
	}
}

func TestNoEnvironmentProxy(t *testing.T) {
	var asked atomic.Int32
	proxy := serve(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	for _, key := range []string{"HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY", "COLLY_PROXY_URL"} {
		t.Setenv(key, proxy)
	}
	url := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "outlet") })
	if r := get(t, client(t, fetch.Config{}), fetch.Request{URL: url}); string(r.Body) != "outlet" || asked.Load() != 0 {
		t.Errorf("%q came, the proxy was asked %d times", r.Body, asked.Load())
	}
}

func TestProxy(t *testing.T) {
	var asked []string
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String())
		io.WriteString(w, "through the proxy")
	})
	c, err := fetch.New(fetch.Config{Proxy: proxy}) // though it is on loopback
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if r := get(t, c, fetch.Request{URL: "http://93.184.216.34/feed"}); string(r.Body) != "through the proxy" {
		t.Errorf("body %q", r.Body)
	}
	fails(t, c, fetch.Request{URL: "http://127.0.0.1/feed"}, fetch.KindRefused, "loopback")
	fails(t, c, fetch.Request{URL: "http://169.254.169.254/latest/meta-data"}, fetch.KindRefused, "link-local")
	if len(asked) != 1 {
		t.Errorf("the proxy was asked for %v", asked)
	}
}

// What a robots file says through a proxy is kept beside what it says without one, and
// without the proxy's address.
func TestRobotsFilesThroughAProxyAreRecalled(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	answer := func(way string, status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			asked = append(asked, way+" "+r.URL.Path)
			mu.Unlock()
			w.WriteHeader(status)
			if r.URL.Path == "/robots.txt" {
				io.WriteString(w, "User-agent: *\nDisallow: /closed\n")
			}
		}
	}
	outlet, proxy := serve(t, answer("plain", http.StatusForbidden)), serve(t, answer("proxied", http.StatusOK))
	var kept []news.RobotsFile
	for _, want := range []string{"plain /robots.txt, plain /closed, proxied /robots.txt, proxied /open", "plain /closed, proxied /open"} {
		c := client(t, fetch.Config{})
		c.RecallRobots(kept)
		v, err := c.Via(strings.Replace(proxy, "http://", "http://user:secret@", 1))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(v.Close)
		asked = nil
		page := func(path string) fetch.Request {
			return fetch.Request{URL: outlet + path, Origin: outlet, Purpose: fetch.Page}
		}
		fails(t, c, page("/closed"), fetch.KindStatus, "status 403")
		get(t, v, page("/open"))
		fails(t, v, page("/closed"), fetch.KindRobots, "forbids")
		if got := strings.Join(asked, ", "); got != want {
			t.Errorf("asked for %s, want %s", got, want)
		}
		kept = append(kept, c.LearnedRobots()...)
	}
	if len(kept) != 2 {
		t.Errorf("%d files are kept, want 2: %+v", len(kept), kept)
	}
	for _, f := range kept {
		if strings.Contains(f.Server, strings.TrimPrefix(proxy, "http://")) || strings.Contains(f.Server, "secret") {
			t.Errorf("%q names the proxy", f.Server)
		}
	}
}

func TestRedirects(t *testing.T) {
	var other string
	mux := http.NewServeMux()
	moved := func(from, to string, status int) {
		mux.HandleFunc(from, func(w http.ResponseWriter, r *http.Request) {
			if to == "OTHER" {
				to = other
			}
			w.Header().Set("Location", to)
			w.WriteHeader(status)
		})
	}
	moved("/relative", "feed?x=1", 301)
	moved("/absolute", "/feed#top", 302)
	moved("/see", "/feed", 303)
	moved("/temporary", "/feed", 307)
	moved("/permanent", "/feed", 308)
	moved("/spaces", " /a b ", 301)
	moved("/circle", "/circle2", 302)
	moved("/circle2", "/circle", 302)
	moved("/self", "/self", 302)
	moved("/port", "OTHER", 302)
	moved("/inner", "http://10.0.0.1/", 302)
	moved("/metadata", "http://169.254.169.254/latest/meta-data/", 302)
	moved("/mapped", "http://[::ffff:10.0.0.1]/", 302)
	moved("/ssh", "http://127.0.0.1:22/", 302)
	moved("/file", "file:///etc/passwd", 302)
	moved("/script", "javascript:alert(1)", 302)
	moved("/user", "http://user:secret@127.0.0.1/", 302)
	moved("/nowhere", "http://[::1", 302)
	mux.HandleFunc("/endless/", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
	})
	mux.HandleFunc("/nolocation", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(302) })
	mux.HandleFunc("/cookie", func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie("seen"); err == nil && c.Value == "1" {
			io.WriteString(w, "/cookie")
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
		http.Redirect(w, r, "/cookie", http.StatusFound)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.String()) })
	url := serve(t, mux.ServeHTTP)
	other = serve(t, mux.ServeHTTP) + "/feed"
	c := client(t, fetch.Config{})

	for from, want := range map[string]string{
		"/relative": "/feed?x=1", "/absolute": "/feed", "/see": "/feed", "/temporary": "/feed", "/permanent": "/feed",
		"/spaces": "/a%20b", "/cookie": "/cookie",
	} {
		r := get(t, c, fetch.Request{URL: url + from})
		if string(r.Body) != want || r.URL != url+want {
			t.Errorf("%s led to %q at %s, want %s", from, r.Body, r.URL, want)
		}
	}
	for from, want := range map[string]struct {
		kind fetch.Kind
		says string
	}{
		"/circle":     {fetch.KindRedirect, "circle"},
		"/self":       {fetch.KindRedirect, "circle"},
		"/endless/":   {fetch.KindRedirect, "more than 10 redirects"},
		"/nolocation": {fetch.KindStatus, "status 302"},
		"/nowhere":    {fetch.KindRedirect, "no address"},
		"/port":       {fetch.KindRefused, "neither 80 nor 443"},
		"/ssh":        {fetch.KindRefused, "port 22"},
		"/inner":      {fetch.KindRefused, "redirected to http://10.0.0.1/: connect: 10.0.0.1 is a private address"},
		"/metadata":   {fetch.KindRefused, "link-local"},
		"/mapped":     {fetch.KindRefused, "private"},
		"/file":       {fetch.KindScheme, "scheme file"},
		"/script":     {fetch.KindScheme, "scheme javascript"},
		"/user":       {fetch.KindRefused, "user or password"},
	} {
		err := fails(t, c, fetch.Request{URL: url + from}, want.kind, want.says)
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error repeats a password: %v", err)
		}
	}
}

func TestRefused(t *testing.T) {
	c := client(t, fetch.Config{})
	tests := []struct {
		request fetch.Request
		kind    fetch.Kind
		says    string
	}{
		{fetch.Request{URL: "http://10.1.2.3/"}, fetch.KindRefused, "private address"},
		{fetch.Request{URL: "http://[::1]/"}, fetch.KindRefused, "loopback"},
		{fetch.Request{URL: "http://[64:ff9b::a00:1]/"}, fetch.KindRefused, "private address"},
		{fetch.Request{URL: "http://localhost:1/", Purpose: fetch.Page}, fetch.KindRefused, "port 1 of localhost"},
		{fetch.Request{URL: "http://127.0.0.1:1/a", Purpose: fetch.Page, Origin: "http://127.0.0.1:2/feed"}, fetch.KindRefused, "port 1"},
		{fetch.Request{URL: "http://user:secret@127.0.0.1/"}, fetch.KindScheme, "user or password"},
		{fetch.Request{URL: "ftp://127.0.0.1/"}, fetch.KindScheme, "neither http nor https"},
		{fetch.Request{URL: "file:///etc/passwd"}, fetch.KindScheme, "neither http nor https"},
		{fetch.Request{URL: ""}, fetch.KindScheme, "empty"},
		{fetch.Request{URL: "http://127.0.0.1/", ETag: "a\r\nX-Injected: 1"}, fetch.KindNetwork, "no header may have"},
	}
	for _, tt := range tests {
		if err := fails(t, c, tt.request, tt.kind, tt.says); strings.Contains(err.Error(), "secret") {
			t.Errorf("the error repeats a password: %v", err)
		}
	}
}

func TestUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	l.Close()
	c := client(t, fetch.Config{})
	fails(t, c, fetch.Request{URL: "http://" + closed}, fetch.KindNetwork, ": connect: connection refused")

	nodns := loopback
	nodns.Resolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("no resolver")
	}}
	c = client(t, fetch.Config{Policy: nodns})
	fails(t, c, fetch.Request{URL: "http://outlet.example/"}, fetch.KindDNS, "outlet.example")
}

func TestTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = quiet
	server.StartTLS()
	defer server.Close()
	c := client(t, fetch.Config{})
	fails(t, c, fetch.Request{URL: server.URL}, fetch.KindTLS, "certificate")
	plain := serve(t, func(http.ResponseWriter, *http.Request) {})
	fails(t, c, fetch.Request{URL: "https" + strings.TrimPrefix(plain, "http")}, fetch.KindTLS, "TLS handshake")
}

// Servers that do what no server should.
func TestHostile(t *testing.T) {
	const most = 100 << 10
	zeros := strings.Repeat("\x00", 64<<10)
	tests := []struct {
		name string
		kind fetch.Kind
		talk func(net.Conn, <-chan struct{})
	}{
		{"hangs up at once", fetch.KindNetwork, func(net.Conn, <-chan struct{}) {}},
		{"hangs up in the header", fetch.KindNetwork, func(c net.Conn, _ <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Le")
		}},
		{"hangs up in the body", fetch.KindNetwork, func(c net.Conn, _ <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
		}},
		{"hangs up in a chunk", fetch.KindNetwork, func(c net.Conn, _ <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\nshort")
		}},
		{"hangs up in packed data", fetch.KindNetwork, func(c net.Conn, _ <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 100\r\n\r\n"+gzipped("text")[:15])
		}},
		{"packs wrongly", fetch.KindEncoding, func(c net.Conn, _ <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\ntext")
		}},
		{"says that it packs in Brotli", fetch.KindEncoding, func(c net.Conn, _ <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 4\r\n\r\ntext")
		}},
		{"hangs up in Brotli", fetch.KindNetwork, func(c net.Conn, _ <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 100\r\n\r\n"+brotlied(zeros)[:10])
		}},
		{"packs as it wasn't asked to", fetch.KindEncoding, func(c net.Conn, _ <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: 4\r\n\r\ntext")
		}},
		{"isn't HTTP", fetch.KindNetwork, func(c net.Conn, _ <-chan struct{}) {
			io.WriteString(c, "220 mail.outlet.kz ESMTP \x1b[31m\r\n")
		}},
		{"answers with two lengths", fetch.KindNetwork, func(c net.Conn, _ <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\ntext")
		}},
		{"floods the header", fetch.KindTooLarge, func(c net.Conn, _ <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\n")
			for i := 0; ; i++ {
				if _, err := fmt.Fprintf(c, "X-%d: %s\r\n", i, strings.Repeat("x", 1000)); err != nil {
					return
				}
			}
		}},
		{"sends one endless header line", fetch.KindTooLarge, func(c net.Conn, _ <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nX: ")
			flood(c, strings.Repeat("x", 64<<10))
		}},
		{"continues for ever", fetch.KindTooLarge, func(c net.Conn, _ <-chan struct{}) {
			flood(c, strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 1000))
		}},
		{"sends an endless body", fetch.KindTooLarge, func(c net.Conn, _ <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
			flood(c, zeros)
		}},
		{"announces more than is read", fetch.KindTooLarge, func(c net.Conn, done <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
			<-done
		}},
		{"sends a bomb", fetch.KindTooLarge, func(c net.Conn, _ <-chan struct{}) {
			bomb := gzipped(strings.Repeat(zeros, 160))
			fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(bomb), bomb)
		}},
		{"sends a Brotli bomb", fetch.KindTooLarge, func(c net.Conn, _ <-chan struct{}) {
			bomb := brotlied(strings.Repeat(zeros, 160))
			fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: %d\r\n\r\n%s", len(bomb), bomb)
		}},
		{"sends a bomb in a bomb", fetch.KindTooLarge, func(c net.Conn, _ <-chan struct{}) {
			bomb := gzipped(brotlied(strings.Repeat(zeros, 160)))
			fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Encoding: br, gzip\r\nContent-Length: %d\r\n\r\n%s", len(bomb), bomb)
		}},
		{"never answers", fetch.KindTimeout, func(_ net.Conn, done <-chan struct{}) { <-done }},
		{"never goes on", fetch.KindTimeout, func(c net.Conn, done <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
			<-done
		}},
		{"drips the header", fetch.KindTimeout, func(c net.Conn, done <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nX: ")
			drip(c, done)
		}},
		{"drips the body", fetch.KindTimeout, func(c net.Conn, done <-chan struct{}) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
			drip(c, done)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			url := serveRaw(t, tt.talk)
			timeout := 5 * time.Minute // a bomb takes a while to be packed and unpacked
			if tt.kind == fetch.KindTimeout {
				timeout = 100 * time.Millisecond
			}
			c := client(t, fetch.Config{MaxBody: most, Timeout: timeout})
			err := fails(t, c, fetch.Request{URL: url}, tt.kind, "")
			if len(err.Error()) > 500 || strings.ContainsAny(err.Error(), "\x00\x1b\r\n") {
				t.Errorf("the sentence is %q", err)
			}
		})
	}
}

// A redirect that takes its time leaves less for what it leads to.
func TestTimeoutIsForAllHops(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(60 * time.Millisecond):
		case <-r.Context().Done():
		}
		http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
	})
	c := client(t, fetch.Config{Timeout: 150 * time.Millisecond})
	fails(t, c, fetch.Request{URL: url}, fetch.KindTimeout, "no whole answer came within 150ms")
}

func TestCanceled(t *testing.T) {
	url := serveRaw(t, func(_ net.Conn, done <-chan struct{}) { <-done })
	c := client(t, fetch.Config{Concurrency: 1})
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("the cycle is over")
	var wg sync.WaitGroup
	for range 3 { // one under way, two waiting for its slot
		wg.Go(func() {
			_, err := c.Get(ctx, fetch.Request{URL: url})
			var e *fetch.Error
			if !errors.As(err, &e) || e.Kind != fetch.KindCanceled || !errors.Is(err, cause) {
				t.Errorf("canceled: %v", err)
			}
		})
	}
	cancel(cause)
	wg.Wait()
	deadline, stop := context.WithTimeout(t.Context(), time.Millisecond)
	defer stop()
	failsIn(deadline, t, c, fetch.Request{URL: url}, fetch.KindCanceled, "deadline")
}

func TestRobots(t *testing.T) {
	const forbids = "User-agent: driftwatch\nDisallow: /private"
	tests := []struct {
		name   string
		robots http.HandlerFunc
		path   string
		kind   fetch.Kind // "": allowed
		says   string
	}{
		{"allowed", say(200, forbids), "/a", "", ""},
		{"forbidden", say(200, forbids), "/private/a", fetch.KindRobots, "robots.txt forbids it"},
		{"missing", say(404, forbids), "/private/a", "", ""},
		{"not to be read", say(403, forbids), "/private/a", "", ""},
		{"broken for now", say(500, ""), "/a", fetch.KindWait, "robots.txt can't be had"},
		{"patience asked for", say(429, ""), "/a", fetch.KindWait, "status 429"},
		{"elsewhere", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				http.Redirect(w, r, "/r/robots.txt", http.StatusMovedPermanently)
				return
			}
			io.WriteString(w, forbids)
		}, "/private/a", fetch.KindRobots, ""},
		{"in a circle", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/robots.txt", http.StatusFound)
		}, "/private/a", "", ""},
		{"at an inner address", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://10.0.0.1/robots.txt", http.StatusFound)
		}, "/private/a", "", ""},
		{"packed", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, gzipped(forbids))
		}, "/private/a", fetch.KindRobots, ""},
		{"endless", func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, forbids+"\n")
			for r.Context().Err() == nil {
				io.WriteString(w, strings.Repeat("# nothing\n", 1000))
			}
		}, "/private/a", fetch.KindRobots, ""},
		{"cut off", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, forbids)
		}, "/a", fetch.KindWait, "robots.txt can't be had"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var files, pages atomic.Int32
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "robots.txt") {
					files.Add(1)
					tt.robots(w, r)
					return
				}
				pages.Add(1)
			})
			c := client(t, fetch.Config{})
			for range 2 {
				r := fetch.Request{URL: url + tt.path, Purpose: fetch.Page, Origin: url}
				if tt.kind == "" {
					get(t, c, r)
				} else {
					fails(t, c, r, tt.kind, tt.says)
				}
			}
			before := files.Load()
			get(t, c, fetch.Request{URL: url + tt.path}) // a listing was named by the operator
			if n := files.Load(); n != before || tt.name == "allowed" && n != 1 {
				t.Errorf("robots.txt was asked for %d times", n)
			}
		})
	}
}

// Robots rules hold for where a redirect leads, too.
func TestRobotsAfterRedirect(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			io.WriteString(w, "User-agent: *\nDisallow: /private")
		case "/a":
			http.Redirect(w, r, "/private/a", http.StatusFound)
		default:
			t.Errorf("%s was asked for", r.URL)
		}
	})
	fails(t, client(t, fetch.Config{}), fetch.Request{URL: url + "/a", Purpose: fetch.Page, Origin: url}, fetch.KindRobots, "redirected to "+url+"/private/a")
}

func TestRobotsOnce(t *testing.T) {
	var files atomic.Int32
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			files.Add(1)
		}
	})
	c := client(t, fetch.Config{})
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			get(t, c, fetch.Request{URL: fmt.Sprintf("%s/%d", url, i), Purpose: fetch.Page, Origin: url})
		})
	}
	wg.Wait()
	if n := files.Load(); n != 1 {
		t.Errorf("robots.txt was asked for %d times", n)
	}
}

func TestRetryAfter(t *testing.T) {
	for _, tt := range []struct {
		status int
		header string
		least  time.Duration
		most   time.Duration
	}{
		{429, "120", 2 * time.Minute, 2 * time.Minute},
		{503, "3600", time.Hour, time.Hour},
		{429, "99999999999999999999", fetch.MaxRetryAfter, fetch.MaxRetryAfter},
		{503, time.Now().Add(time.Hour).UTC().Format(http.TimeFormat), 58 * time.Minute, time.Hour},
		{429, "", 0, 0},
		{429, "soon", 0, 0},
		{503, "Mon, 02 Jan 2006 15:04:05 GMT", 0, 0},
		{429, "-5", 0, 0},
		{404, "120", 0, 0},
	} {
		t.Run(fmt.Sprint(tt.status, " ", tt.header), func(t *testing.T) {
			var asked atomic.Int32
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				if tt.header != "" {
					w.Header().Set("Retry-After", tt.header)
				}
				w.WriteHeader(tt.status)
			})
			c := client(t, fetch.Config{})
			err := fails(t, c, fetch.Request{URL: url}, fetch.KindStatus, fmt.Sprintf("status %d", tt.status))
			if err.RetryAfter < tt.least || err.RetryAfter > tt.most {
				t.Errorf("wait for %v, want %v to %v", err.RetryAfter, tt.least, tt.most)
			}
			if tt.most == 0 {
				fails(t, c, fetch.Request{URL: url}, fetch.KindStatus, "")
				return
			}
			again := fails(t, c, fetch.Request{URL: url + "/other"}, fetch.KindWait, "asked to be left alone")
			if again.RetryAfter <= 0 || again.RetryAfter > tt.most || asked.Load() != 1 {
				t.Errorf("asked %d times, then told to wait for %v", asked.Load(), again.RetryAfter)
			}
		})
	}
}

// Hundreds of hosts, each on its own address, and few connections left over.
func TestManyHosts(t *testing.T) {
	var open, most atomic.Int32
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Host) })
	server := &http.Server{Handler: handler, ConnState: func(_ net.Conn, s http.ConnState) {
		switch s {
		case http.StateNew:
			most.Store(max(most.Load(), open.Add(1)))
		case http.StateClosed:
			open.Add(-1)
		}
	}}
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() { server.Serve(l) })
	defer serving.Wait()
	defer server.Close()
	port := l.Addr().(*net.TCPAddr).Port

	c := client(t, fetch.Config{Concurrency: 8, HostInterval: time.Minute})
	var wg sync.WaitGroup
	for i := range 500 {
		wg.Go(func() {
			host := fmt.Sprintf("127.7.%d.%d:%d", i/250, 1+i%250, port)
			if r := get(t, c, fetch.Request{URL: "http://" + host + "/feed"}); string(r.Body) != host {
				t.Errorf("%s answered %q", host, r.Body)
			}
		})
	}
	wg.Wait()
	if n := most.Load(); n > 8*8 { // the server learns late of those that were closed
		t.Errorf("%d connections were open at once, with 8 requests under way", n)
	}
}

func BenchmarkGet(b *testing.B) {
	body := gzipped(strings.Repeat("<item><title>Новости</title></item>\n", 400))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		io.WriteString(w, body)
	}))
	defer server.Close()
	c, err := fetch.New(fetch.Config{Policy: loopback})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	for name, r := range map[string]fetch.Request{
		"changed":   {URL: server.URL},
		"unchanged": {URL: server.URL, ETag: `"1"`},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.Get(b.Context(), r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// client is a client that may reach loopback unless config says otherwise.
func client(t *testing.T, config fetch.Config) *fetch.Client {
	t.Helper()
	if config.Policy.Allow == nil {
		config.Policy = loopback
	}
	c, err := fetch.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func get(t *testing.T, c *fetch.Client, r fetch.Request) *fetch.Response {
	t.Helper()
	resp, err := c.Get(t.Context(), r)
	if err != nil {
		t.Error(err)
		return &fetch.Response{}
	}
	return resp
}

// fails expects an error of a kind whose sentence has says in it.
func fails(t *testing.T, c *fetch.Client, r fetch.Request, kind fetch.Kind, says string) *fetch.Error {
	t.Helper()
	return failsIn(t.Context(), t, c, r, kind, says)
}

func failsIn(ctx context.Context, t *testing.T, c *fetch.Client, r fetch.Request, kind fetch.Kind, says string) *fetch.Error {
	t.Helper()
	resp, err := c.Get(ctx, r)
	var e *fetch.Error
	if !errors.As(err, &e) {
		t.Fatalf("%s: %+v, %v; want an error of kind %s", r.URL, resp, err, kind)
	}
	if e.Kind != kind || !strings.Contains(e.Error(), says) {
		t.Errorf("%s: kind %s, %q; want kind %s and %q", r.URL, e.Kind, e, kind, says)
	}
	return e
}

// serve starts a server on loopback and returns its URL.
func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = quiet
	s.Start()
	t.Cleanup(s.Close)
	return s.URL
}

// serveRaw starts a server that reads a request and then talks as it likes;
// done is closed when the test ends.
func serveRaw(t *testing.T, talk func(c net.Conn, done <-chan struct{})) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				c.Read(make([]byte, 4096))
				talk(c, done)
			})
		}
	})
	t.Cleanup(func() {
		close(done)
		l.Close()
		wg.Wait()
	})
	return "http://" + l.Addr().String()
}

// say answers with a status and a text.
func say(status int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, text)
	}
}

// flood writes s until nobody listens.
func flood(c net.Conn, s string) {
	for {
		if _, err := io.WriteString(c, s); err != nil {
			return
		}
	}
}

// drip writes a byte now and then until nobody listens.
func drip(c net.Conn, done <-chan struct{}) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			if _, err := io.WriteString(c, "x"); err != nil {
				return
			}
		}
	}
}

func gzipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, s)
	w.Close()
	return b.String()
}

func brotlied(s string) string {
	var b bytes.Buffer
	w := brotli.NewWriter(&b)
	io.WriteString(w, s)
	w.Close()
	return b.String()
}

func zlibbed(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	io.WriteString(w, s)
	w.Close()
	return b.String()
}
