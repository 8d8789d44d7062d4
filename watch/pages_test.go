package watch_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/watch"
)

// visitor is somebody at the desk of a watch.
type visitor struct {
	t      *testing.T
	server *httptest.Server
	client *http.Client
}

// visit opens the desk of a watch and signs a new admin in.
func visit(t *testing.T, w *watch.Watch) *visitor {
	t.Helper()
	pages, err := w.OpenPages(configs.Desk{}, "127.0.0.1:0", watch.Settings{Version: "test", Now: w.Now, Location: time.UTC, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pages.Close() })
	if _, err := w.Store.AddUser(t.Context(), news.User{Name: "dana", Role: news.RoleAdmin, Created: w.Now()}, true); err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t, httptest.NewServer(pages.Desk), &http.Client{Jar: jar, Timeout: time.Minute}}
	t.Cleanup(v.server.Close)
	v.post(pages.Desk.Link("dana"))
	return v
}

func (v *visitor) read(res *http.Response, err error) (int, string) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func (v *visitor) get(path string) (int, string) {
	v.t.Helper()
	return v.read(v.client.Get(v.server.URL + path))
}

func (v *visitor) post(path string, pairs ...string) (int, string) {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return v.read(v.client.PostForm(v.server.URL+path, form))
}

// The page of a flagged article is there as it was received, as text, whatever has
// become of it.
func TestDeskShowsTheArchivedCopy(t *testing.T) {
	r := openOutlet(t, &paper{})
	r.after(time.Minute)
	r.change(func(o *paper) { o.status = http.StatusGone })
	r.after(25 * time.Hour)
	v := visit(t, r.watch)
	if _, body := v.get("/stories/1"); !strings.Contains(body, `href="/stories/1/articles/1"`) {
		t.Error("the story leads to no article")
	}
	status, body := v.get("/stories/1/articles/1?copy=1")
	for _, want := range []string{story[0], "&lt;meta property=", "sha256:", "taken down"} {
		if !strings.Contains(body, want) {
			t.Errorf("%d: nothing of %q", status, want)
		}
	}
	res, err := v.client.Get(v.server.URL + "/stories/1/articles/1/copies/1")
	if err != nil {
		t.Fatal(err)
	}
	kind, saved := res.Header.Get("Content-Type"), res.Header.Get("Content-Disposition")
	if _, body := v.read(res, nil); !strings.HasPrefix(body, "<html") || kind != "text/plain; charset=utf-8" || !strings.HasPrefix(saved, "attachment") {
		t.Errorf("the file: %q %q %.80s", kind, saved, body)
	}
	for _, path := range []string{"/stories/1/articles/2", "/stories/1/articles/1/copies/0", "/stories/1/articles/1/copies/9", "/stories/1/articles/x/copies/1"} {
		if status, _ := v.get(path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

// served is a desk that listens as its configuration says, with the admin dana.
func served(t *testing.T, c configs.Desk) *watch.Pages {
	t.Helper()
	r := openOutlet(t, &paper{})
	pages, err := r.watch.OpenPages(c, "127.0.0.1:0", watch.Settings{Version: "test", Now: r.watch.Now, Location: time.UTC, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.watch.Store.AddUser(t.Context(), news.User{Name: "dana", Role: news.RoleAdmin, Created: r.watch.Now()}, true); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- pages.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return pages
}

// certificate writes a certificate for 127.0.0.1 and its key as PEM files.
func certificate(t *testing.T) (files configs.TLS, roots *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files = configs.TLS{Cert: filepath.Join(dir, "desk.pem"), Key: filepath.Join(dir, "desk.key")}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for name, data := range map[string][]byte{files.Cert: cert, files.Key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots = x509.NewCertPool()
	roots.AppendCertsFromPEM(cert)
	return files, roots
}

// With files of a certificate the desk speaks TLS, and its cookies go over nothing else.
func TestDeskSpeaksTLS(t *testing.T) {
	files, roots := certificate(t)
	pages := served(t, configs.Desk{TLS: files})
	if !strings.HasPrefix(pages.URL, "https://127.0.0.1:") {
		t.Fatalf("the desk is at %s", pages.URL)
	}
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	res, err := client.PostForm(pages.URL+pages.Desk.Link("dana"), nil)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	cookie, err := http.ParseSetCookie(res.Header.Get("Set-Cookie"))
	if err != nil || res.StatusCode != http.StatusSeeOther || !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Name != "__Host-driftwatch" {
		t.Errorf("the login: %d %q %v", res.StatusCode, res.Header.Get("Set-Cookie"), err)
	}
	if res.ProtoMajor != 2 || res.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%s %v", res.Proto, res.Header)
	}
	if plain, err := http.Get(strings.Replace(pages.URL, "https:", "http:", 1) + "/login"); err == nil {
		plain.Body.Close()
		if plain.StatusCode != http.StatusBadRequest {
			t.Errorf("without TLS: %d", plain.StatusCode)
		}
	}
	old := &http.Client{Timeout: time.Minute, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MaxVersion: tls.VersionTLS11}}}
	if res, err := old.Get(pages.URL + "/login"); err == nil {
		res.Body.Close()
		t.Errorf("TLS 1.1 is answered: %d", res.StatusCode)
	}
	r := openOutlet(t, &paper{})
	_, err = r.watch.OpenPages(configs.Desk{TLS: configs.TLS{Cert: files.Key, Key: files.Key}}, "127.0.0.1:0", watch.Settings{Now: r.watch.Now, Log: slog.New(slog.DiscardHandler)})
	if err == nil || !strings.Contains(err.Error(), "serve.desk.tls") {
		t.Errorf("a key in place of a certificate: %v", err)
	}
}

// A certificate that is renewed counts from the next connection on, and one that can't
// be read, or whose key is still the old one, leaves the one before it.
func TestCertificateIsReadAnew(t *testing.T) {
	files, first := certificate(t)
	renewed, second := certificate(t)
	pages := served(t, configs.Desk{TLS: files})
	trusted := func(roots *x509.CertPool) bool {
		conn, err := tls.Dial("tcp", pages.Addr(), &tls.Config{RootCAs: roots})
		if err == nil {
			conn.Close()
		}
		return err == nil
	}
	later := time.Now()
	replace := func(name, by string) {
		later = later.Add(time.Minute) // a file system may have written all of them at one time
		if err := errors.Join(os.Chtimes(by, later, later), os.Rename(by, name)); err != nil {
			t.Fatal(err)
		}
	}
	if !trusted(first) || trusted(second) {
		t.Error("the first certificate isn't the one that is shown")
	}
	replace(files.Cert, renewed.Cert)
	if !trusted(first) {
		t.Error("a certificate without its key put out the one before")
	}
	replace(files.Key, renewed.Key)
	if !trusted(second) || trusted(first) {
		t.Error("the renewed certificate isn't shown")
	}
	if err := os.WriteFile(files.Cert, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	if !trusted(second) {
		t.Error("a broken file put out the certificate before it")
	}
}

// What browsers will say against a certificate is said before they do, and files that
// can't be taken are named.
func TestCertificateIsChecked(t *testing.T) {
	files, _ := certificate(t) // of an hour ago, for two hours
	other, _ := certificate(t)
	for _, c := range []struct {
		desk configs.Desk
		at   time.Duration
		want []string
	}{
		{configs.Desk{}, 0, nil},
		{configs.Desk{TLS: files, BaseURL: "https://127.0.0.1:9106"}, 0, []string{"ends on"}},
		{configs.Desk{TLS: files}, 24 * time.Hour, []string{"ended on"}},
		{configs.Desk{TLS: files}, -24 * time.Hour, []string{"begins on"}},
		{configs.Desk{TLS: files, BaseURL: "https://desk.example.org"}, 24 * time.Hour, []string{"ended on", "isn't for desk.example.org"}},
	} {
		faults, err := watch.CheckCertificate(c.desk, time.Now().Add(c.at))
		if err != nil || len(faults) != len(c.want) {
			t.Errorf("%+v: %q, %v; want %q", c, faults, err, c.want)
			continue
		}
		for i, want := range c.want {
			if !strings.Contains(faults[i], want) {
				t.Errorf("%+v: %q doesn't say %q", c, faults[i], want)
			}
		}
	}
	for want, tls := range map[string]configs.TLS{
		other.Key + " isn't the key of the certificate in " + files.Cert: {Cert: files.Cert, Key: other.Key},
		files.Key + ".old: no such file":                                 {Cert: files.Cert, Key: files.Key + ".old"},
		"cert " + files.Key + " has to hold":                             {Cert: files.Key, Key: files.Cert},
	} {
		if _, err := watch.CheckCertificate(configs.Desk{TLS: tls}, time.Now()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v doesn't say %q", err, want)
		}
	}
}

// A user whom a proxy names in its header is signed in; the same header from an address
// that isn't the proxy's means nothing, and neither does one that a visitor sends.
func TestProxyNamesTheUser(t *testing.T) {
	const proxyAt = "127.0.0.5"
	if l, err := net.Listen("tcp", proxyAt+":0"); err != nil {
		t.Skip(err)
	} else {
		l.Close()
	}
	pages := served(t, configs.Desk{BaseURL: "https://desk.example.org", Proxy: configs.DeskProxy{From: []string{proxyAt}, Header: "X-Forwarded-User"}})
	inside, err := url.Parse("http://" + pages.Addr())
	if err != nil {
		t.Fatal(err)
	}
	from := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(proxyAt)}}
	way := &http.Transport{DialContext: from.DialContext}
	defer way.CloseIdleConnections()
	proxy := httptest.NewServer(&httputil.ReverseProxy{Transport: way, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(inside)
		r.SetXForwarded()
		r.Out.Host = "desk.example.org"
		r.Out.Header.Set("X-Forwarded-User", r.In.Header.Get("As")) // whom it has signed in
	}})
	defer proxy.Close()
	client := &http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	ask := func(to string, head ...string) int {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, to+"/users", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = "desk.example.org"
		for i := 0; i < len(head); i += 2 {
			req.Header.Set(head[i], head[i+1])
		}
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	for name, c := range map[string]struct{ got, want int }{
		"whom the proxy names":            {ask(proxy.URL, "As", "dana"), http.StatusOK},
		"a stranger":                      {ask(proxy.URL, "As", "mallory"), http.StatusForbidden},
		"nobody":                          {ask(proxy.URL), http.StatusSeeOther},
		"a header of the visitor's":       {ask(proxy.URL, "X-Forwarded-User", "dana"), http.StatusSeeOther},
		"past the proxy, with its header": {ask(inside.String(), "X-Forwarded-User", "dana"), http.StatusSeeOther},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", name, c.got, c.want)
		}
	}
}
