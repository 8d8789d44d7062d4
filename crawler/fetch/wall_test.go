package fetch

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"driftwatch/crawler/wall"
	"driftwatch/guard"
)

func loopbackClient(t *testing.T) *Client {
	t.Helper()
	c, err := New(Config{Policy: guard.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// TestRefusalsThatSayMore: what stands behind a status is told, with and without
// the answer being kept.
func TestRefusalsThatSayMore(t *testing.T) {
	pages := map[string]struct {
		status int
		header string // Cf-Mitigated
		page   string
		want   wall.Kind
	}{
		"/cloud": {403, "challenge", "", wall.Bot},
		"/guard": {503, "", "<title>DDoS-Guard</title>", wall.Bot},
		"/login": {401, "", `<title>Members</title><form><input type="password"></form>`, wall.Login},
		"/nginx": {403, "", "<html><head><title>403 Forbidden</title></head><center>nginx</center></html>", wall.Refused},
		"/plain": {403, "", "<title>Rain</title>", ""},
		"/away":  {404, "", "<title>404</title>", ""},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if p.header != "" {
			w.Header().Set("Cf-Mitigated", p.header)
		}
		w.WriteHeader(p.status)
		fmt.Fprint(w, p.page)
	}))
	defer server.Close()
	for path, p := range pages {
		for _, keep := range []bool{false, true} {
			c := loopbackClient(t) // a host that said 503 is left alone
			_, err := c.Get(t.Context(), Request{URL: server.URL + path, Purpose: Listing, Keep: keep})
			var fe *Error
			if !errors.As(err, &fe) || fe.Status != p.status || fe.Wall.Kind != p.want || keep != (fe.Kept != nil) {
				t.Errorf("%s, kept %v: got %+v", path, keep, fe)
			} else if keep && string(fe.Kept.Body) != p.page {
				t.Errorf("%s: kept %q", path, fe.Kept.Body)
			}
		}
	}
}

// TestIncompleteChain: a certificate that comes without what vouches for it is
// told from one that nobody vouches for.
func TestIncompleteChain(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "An Authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	leaf := &x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "vestnik.example"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IssuingCertificateURL: []string{"http://authority.example/ca.der"},
	}
	for name, tt := range map[string]struct {
		parent *x509.Certificate
		want   Kind
	}{"incomplete": {authority, KindChain}, "self-signed": {leaf, KindTLS}} {
		der, err := x509.CreateCertificate(rand.Reader, leaf, tt.parent, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
		server.StartTLS()
		_, err = loopbackClient(t).Get(t.Context(), Request{URL: server.URL, Purpose: Listing})
		server.Close()
		var fe *Error
		if !errors.As(err, &fe) || fe.Kind != tt.want {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
