package sink

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"mime"
	"net"
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"sync"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"driftwatch/newsroom/internal/loopback"
)

// Mail is an SMTP server that keeps what it is sent.
type Mail struct {
	desk
	Host string
	Port int
	// Cert is the certificate of the server, PEM, to be trusted by who sends
	// with STARTTLS; empty without.
	Cert []byte

	ledger   *ledger
	options  Options
	server   *smtp.Server
	listener *countedListener
	ctx      context.Context // of every session: ended by close
	stop     context.CancelFunc
	running  sync.WaitGroup
}

func startMail(ctx context.Context, l *ledger, o Options) (*Mail, error) {
	listener, err := loopback.Listen(ctx, address)
	if err != nil {
		return nil, err
	}
	addr := listener.Addr().(*net.TCPAddr)
	m := &Mail{Host: addr.IP.String(), Port: addr.Port, ledger: l, options: o}
	m.ctx, m.stop = context.WithCancel(ctx)
	m.server = smtp.NewServer(smtp.BackendFunc(m.session))
	m.server.Domain = "mail.newsroom.test"
	m.server.MaxMessageBytes = maxBody
	m.server.ErrorLog = log.New(io.Discard, "", 0) // a client that goes away is no news
	if o.STARTTLS {
		cert, pem, err := selfSigned(addr.IP, o.Now())
		if err != nil {
			return nil, errors.Join(err, listener.Close())
		}
		m.Cert = pem
		m.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	}
	m.listener = &countedListener{Listener: listener, running: &m.running, open: map[*countedConn]struct{}{}}
	m.running.Go(func() { _ = m.server.Serve(m.listener) })
	return m, nil
}

// Messages are the mails that were taken, in order.
func (m *Mail) Messages() []Message { return m.ledger.list(MailSink) }

// close ends the server and waits for its last session.
func (m *Mail) close() error {
	m.stop()
	err := m.server.Close()
	m.listener.hangUp()
	m.running.Wait()
	return err
}

func (m *Mail) session(c *smtp.Conn) (smtp.Session, error) {
	_, secure := c.TLSConnectionState()
	return &session{mail: m, secure: secure, authorized: m.options.Username == ""}, nil
}

// session is one client's connection, from its greeting on.
type session struct {
	mail       *Mail
	secure     bool
	authorized bool
	from       string
	to         []string
}

// Reset forgets the mail that was begun.
func (s *session) Reset() { s.from, s.to = "", nil }

// Logout ends the session.
func (s *session) Logout() error { return nil }

// AuthMechanisms are those that a login may use.
func (s *session) AuthMechanisms() []string {
	if s.mail.options.Username == "" {
		return nil
	}
	return []string{sasl.Plain}
}

// Auth logs a client in.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if username != s.mail.options.Username || password != s.mail.options.Password {
			return smtp.ErrAuthFailed
		}
		s.authorized = true
		return nil
	}), nil
}

// Mail begins a mail.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.mail.options.STARTTLS && !s.secure {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Must issue a STARTTLS command first"}
	}
	if !s.authorized {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

// Rcpt adds a recipient.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

// Data takes the mail.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	manner := s.mail.next()
	if manner.Status != 0 {
		return &smtp.SMTPError{Code: manner.Status, EnhancedCode: smtp.EnhancedCode{manner.Status / 100, 3, 0}, Message: "Not now"}
	}
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "Not a mail"}
	}
	s.mail.ledger.take(Message{
		Sink: MailSink, Key: strings.Trim(parsed.Header.Get("Message-Id"), "<>"),
		Subject: subject(parsed.Header), From: s.from, To: s.to, TLS: s.secure,
		Header: http.Header(parsed.Header), Body: raw, Problems: mailProblems(parsed.Header),
	})
	if !manner.hold(s.mail.ctx) {
		return errors.New("the server is stopping")
	}
	return nil
}

// subject is a mail's subject, its encoded words (RFC 2047) read.
func subject(h mail.Header) string {
	raw := h.Get("Subject")
	plain, err := new(mime.WordDecoder).DecodeHeader(raw)
	if err != nil {
		return raw
	}
	return plain
}

// mailProblems says which of the header fields that RFC 5322 and good manners
// want are missing, doubled or unreadable.
func mailProblems(h mail.Header) []string {
	var problems []string
	for _, name := range []string{"From", "To", "Date", "Message-Id", "Subject", "Mime-Version", "Content-Type"} {
		if n := len(h[name]); n != 1 {
			problems = append(problems, fmt.Sprintf("%d header fields %s, want 1", n, name))
		}
	}
	if _, err := h.Date(); err != nil {
		problems = append(problems, "the date can't be read: "+err.Error())
	}
	if _, err := h.AddressList("From"); err != nil {
		problems = append(problems, "the sender can't be read: "+err.Error())
	}
	return problems
}

// countedListener counts its connections in running until they are closed, as
// smtp.Server.Close doesn't wait for them, and knows them, as it closes neither a
// listener that Serve hasn't come to nor a connection whose greeting hasn't begun.
type countedListener struct {
	net.Listener
	running *sync.WaitGroup

	mu     sync.Mutex
	open   map[*countedConn]struct{}
	closed bool
}

// Accept waits for the next connection.
func (l *countedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		_ = c.Close()
		return nil, net.ErrClosed
	}
	l.running.Add(1)
	counted := &countedConn{Conn: c}
	counted.done = sync.OnceFunc(func() {
		l.mu.Lock()
		delete(l.open, counted)
		l.mu.Unlock()
		l.running.Done()
	})
	l.open[counted] = struct{}{}
	return counted, nil
}

// hangUp closes the listener and every connection.
func (l *countedListener) hangUp() {
	_ = l.Listener.Close() // the server may have closed it before
	l.mu.Lock()
	l.closed = true
	open := slices.Collect(maps.Keys(l.open))
	l.mu.Unlock()
	for _, c := range open {
		_ = c.Close()
	}
}

type countedConn struct {
	net.Conn
	done func()
}

// Close closes the connection.
func (c *countedConn) Close() error {
	defer c.done()
	return c.Conn.Close()
}
