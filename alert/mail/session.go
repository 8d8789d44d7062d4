package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"driftwatch/alert/channel"
	"driftwatch/configs"
)

// maxAnswers is how many bytes a server may say in one session.
const maxAnswers = 256 << 10

// session is a connection to the server, ready for a message.
type session struct {
	*smtp.Client
	conn    net.Conn
	release func() bool
}

// dial connects, greets, encrypts and logs in, all before ctx ends.
func (c *Channel) dial(ctx context.Context) (*session, error) {
	var d net.Dialer
	raw, err := d.DialContext(ctx, "tcp", net.JoinHostPort(c.s.Host, strconv.Itoa(c.s.Port)))
	if err != nil {
		return nil, &channel.RetryError{Problem: channel.Network(err)}
	}
	s := &session{conn: raw, release: context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Unix(1, 0)) })}
	if err := s.open(c.s, &quiet{Conn: raw, left: maxAnswers}); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// quiet is a connection to a server that may say only so much.
type quiet struct {
	net.Conn
	left int
}

func (q *quiet) Read(p []byte) (int, error) {
	if q.left <= 0 {
		return 0, errTooMuch
	}
	n, err := q.Conn.Read(p[:min(len(p), q.left)])
	q.left -= n
	return n, err
}

var errTooMuch = errors.New("the server says too much")

// open begins the session on conn.
func (s *session) open(set Settings, conn net.Conn) error {
	config := &tls.Config{ServerName: set.Host, RootCAs: set.Roots, MinVersion: tls.VersionTLS12}
	if set.TLS == configs.TLSImplicit {
		conn = tls.Client(conn, config)
	}
	var err error
	if s.Client, err = smtp.NewClient(conn, set.Host); err != nil {
		return failed("its greeting", err)
	}
	s.SkipSMTPUTF8(true)
	if err := s.Hello(localName()); err != nil {
		return failed("EHLO", err)
	}
	if set.TLS == configs.TLSStartTLS {
		if offered, _ := s.Extension("STARTTLS"); !offered {
			return &channel.PermanentError{Down: true, Problem: "the server offers no STARTTLS, and nothing is sent without it; if its port speaks TLS from the first byte, set tls: implicit"}
		}
		if err := s.StartTLS(config); err != nil {
			return failed("STARTTLS", err)
		}
	}
	return s.login(set)
}

// localName is what the server is greeted with.
func localName() string {
	if name, err := os.Hostname(); err == nil && name != "" && !strings.ContainsAny(name, " \r\n") {
		return name
	}
	return "localhost"
}

// login proves who is sending, where that was configured, by the safest way
// that the server offers.
func (s *session) login(set Settings) error {
	if set.Username == "" {
		return nil
	}
	_, offered := s.Extension("AUTH")
	auth := pick(strings.Fields(offered), set)
	if auth == nil {
		return &channel.PermanentError{Down: true, Problem: "the server offers no way to log in that is known here"}
	}
	err := s.Auth(auth)
	if errors.Is(err, smtp.ErrUnencrypted) {
		return &channel.PermanentError{Down: true, Problem: "the password isn't sent without TLS; set tls: starttls or implicit"}
	}
	if err != nil {
		return failed("the login", err)
	}
	return nil
}

func pick(offered []string, set Settings) smtp.Auth {
	for _, way := range []struct {
		name gomail.SMTPAuthType
		auth smtp.Auth
	}{
		{gomail.SMTPAuthSCRAMSHA256, smtp.ScramSHA256Auth(set.Username, set.Password)},
		{gomail.SMTPAuthPlain, smtp.PlainAuth("", set.Username, set.Password, set.Host, false)},
		{gomail.SMTPAuthLogin, smtp.LoginAuth(set.Username, set.Password, set.Host, false)},
		{gomail.SMTPAuthCramMD5, smtp.CRAMMD5Auth(set.Username, set.Password)},
	} {
		if slices.Contains(offered, string(way.name)) {
			return way.auth
		}
	}
	return nil
}

// send makes one transaction. Where some readers were put off, it goes on only
// if force says so.
func (s *session) send(from string, to []string, msg io.WriterTo, force bool) (string, error) {
	if err := s.Mail("<" + from + ">"); err != nil {
		return "", failed("the sender", err)
	}
	var refused []error
	lasting := 0
	for i, reader := range to {
		err := s.Rcpt("<" + reader + ">")
		if err == nil {
			continue
		}
		problem := failed(fmt.Sprintf("reader %d of %d", i+1, len(to)), err)
		switch code := codeOf(err); {
		case code >= 500:
			lasting++
		case code < 400, code == closing, !force:
			return "", problem
		}
		refused = append(refused, problem)
	}
	switch {
	case len(refused) == len(to) && lasting == len(to):
		return "", &channel.PermanentError{Problem: problems(refused), Down: true}
	case len(refused) == len(to):
		return "", &channel.RetryError{Problem: problems(refused)}
	}
	if err := s.data(msg); err != nil {
		return "", err
	}
	receipt := fmt.Sprintf("250, accepted for %d of %d", len(to)-len(refused), len(to))
	if len(refused) > 0 {
		return receipt, &channel.PartialError{Problem: "not everybody gets the mail: " + problems(refused)}
	}
	return receipt, nil
}

// data hands the message over.
func (s *session) data(msg io.WriterTo) error {
	w, err := s.Data()
	if err != nil {
		return failed("the message", err)
	}
	if _, err := msg.WriteTo(w); err != nil {
		return failed("the message", err)
	}
	if err := w.Close(); err != nil {
		return failed("the message", err)
	}
	return nil
}

// close says goodbye, which may not take long, and ends the connection.
func (s *session) close() {
	s.release()
	if s.Client != nil {
		_ = s.conn.SetDeadline(time.Now().Add(time.Second))
		_ = s.Quit()
	}
	_ = s.conn.Close()
}

// failed is what becomes of an error that the server answered to part, or that
// came up on the way.
func failed(part string, err error) error {
	var said *textproto.Error
	if !errors.As(err, &said) {
		return &channel.RetryError{Problem: network(err)}
	}
	problem := fmt.Sprintf("the server answered %d", said.Code)
	if enhanced := enhancedCode.FindString(said.Msg); enhanced != "" {
		problem += " " + enhanced
	}
	problem += " to " + part
	if words := codes[said.Code]; words != "" {
		problem += ": " + words
	}
	if said.Code >= 500 {
		return &channel.PermanentError{Problem: problem, Down: part == "the login" || part == "its greeting" || part == "the sender"}
	}
	return &channel.RetryError{Problem: problem}
}

// enhancedCode is a status code of RFC 3463 where an answer begins with one.
var enhancedCode = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)

// codeOf is the code that the server answered; 0 where it answered none.
func codeOf(err error) int {
	var said *textproto.Error
	if !errors.As(err, &said) {
		return 0
	}
	return said.Code
}

// closing is the code with which a server ends the session.
const closing = 421

// codes are the meanings of RFC 5321 (4.2.3) and RFC 4954 (6), in our words.
var codes = map[int]string{
	closing: "it is closing", 450: "the mailbox is busy", 451: "it failed by itself", 452: "it is out of room", 454: "logging in doesn't work for now",
	530: "it wants a login", 534: "it wants another way of logging in", 535: "it doesn't accept the username and password",
	550: "there is no such mailbox, or its rules forbid it", 552: "there is no room in the mailbox", 553: "it doesn't allow the address", 554: "it refuses",
}

func network(err error) string {
	if errors.Is(err, errTooMuch) {
		return errTooMuch.Error()
	}
	return channel.Network(err)
}

// problems puts several into one sentence, the first three of them.
func problems(errs []error) string {
	var b strings.Builder
	for i, err := range errs {
		if i == 3 {
			fmt.Fprintf(&b, "; and %d more", len(errs)-i)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(err.Error())
	}
	return b.String()
}
