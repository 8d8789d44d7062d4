package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// server is a mail server for tests; what it answers can be set per step.
type server struct {
	port     int
	roots    *x509.CertPool
	refuse   map[string]error // by "login", "from", a reader's address, "data"
	mu       sync.Mutex
	sent     []envelope
	logins   []string // user:password
	sessions int
}

type envelope struct {
	from string
	to   []string
	mail string
	tls  bool
}

type kind struct {
	implicit bool // TLS from the first byte
	noTLS    bool
	name     string // in the certificate; "": 127.0.0.1
}

const (
	user     = "alerts@driftwatch.example"
	password = "s3cret-Passw0rd"
)

func serve(t *testing.T, k kind) *server {
	t.Helper()
	s := &server{refuse: map[string]error{}}
	back := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.sessions++
		return &visit{server: s, conn: c}, nil
	}))
	back.Domain = "mail.example"
	back.AllowInsecureAuth = k.noTLS
	back.ErrorLog = log.New(io.Discard, "", 0)
	var config *tls.Config
	if !k.noTLS {
		config, s.roots = certificate(t, k.name)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = listener.Addr().(*net.TCPAddr).Port
	if k.implicit {
		listener = tls.NewListener(listener, config)
	} else {
		back.TLSConfig = config
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = back.Serve(listener)
	}()
	t.Cleanup(func() {
		if err := back.Shutdown(t.Context()); err != nil {
			_ = back.Close()
		}
		<-done
	})
	return s
}

// certificate makes one for 127.0.0.1, or for a name alone.
func certificate(t *testing.T, name string) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:        true, BasicConstraintsValid: true,
	}
	if name != "" {
		about.IPAddresses, about.DNSNames = nil, []string{name}
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

func (s *server) got() []envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}

// visit is one client's session.
type visit struct {
	*server
	conn *smtp.Conn
	now  envelope
}

func (v *visit) AuthMechanisms() []string { return []string{sasl.Plain} }

func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, u, p string) error {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.logins = append(v.logins, u+":"+p)
		if u != user || p != password {
			return smtp.ErrAuthFailed
		}
		return v.refuse["login"]
	}), nil
}

func (v *visit) Mail(from string, _ *smtp.MailOptions) error {
	_, encrypted := v.conn.TLSConnectionState()
	v.now = envelope{from: from, tls: encrypted}
	return v.refuse["from"]
}

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := v.refuse[to]; err != nil {
		return err
	}
	v.now.to = append(v.now.to, to)
	return nil
}

func (v *visit) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := v.refuse["data"]; err != nil {
		return err
	}
	v.now.mail = string(b)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.sent = append(v.sent, v.now)
	return nil
}

func (v *visit) Reset()        {}
func (v *visit) Logout() error { return nil }

// answer is a refusal with a text that names the reader, as servers do.
func answer(code int, enhanced ...int) error {
	e := &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: "<bek@readers.example> at mail.example: no; " + password}
	if len(enhanced) == 3 {
		e.EnhancedCode = smtp.EnhancedCode{enhanced[0], enhanced[1], enhanced[2]}
	}
	return e
}
