package mail

import (
	"bytes"
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"driftwatch/alert/channel"
	"driftwatch/alert/message"
	"driftwatch/configs"
	"driftwatch/news"
)

// Settings of a mail channel.
type Settings struct {
	Host     string
	Port     int    // 0: 587, 465 for TLS from the first byte, 25 for none
	TLS      string // configs.TLSStartTLS (or ""), configs.TLSImplicit or configs.TLSNone
	Username string // with Password empty: no login
	Password string
	From     string   // RFC 5322 address, with or without a name
	To       []string // RFC 5322 addresses

	// Unsubscribe is where a wish to get no more mail goes, a mailto: or https:
	// address; "": a mail to From.
	Unsubscribe string

	Roots *x509.CertPool   // of the server's certificate; nil: the system's
	Zone  *time.Location   // of the times in messages; nil: UTC
	Now   func() time.Time // for the Date field
}

// Channel sends alerts through one SMTP server.
type Channel struct {
	s    Settings
	from *mail.Address
	to   []string // addresses alone
}

// New makes a channel of its settings. An error names the setting that is wrong
// and doesn't hold its value.
func New(s Settings) (*Channel, error) {
	s.TLS = cmp.Or(s.TLS, configs.TLSStartTLS)
	ports := map[string]int{configs.TLSStartTLS: 587, configs.TLSImplicit: 465, configs.TLSNone: 25}
	standard, known := ports[s.TLS]
	s.Port = cmp.Or(s.Port, standard)
	switch {
	case s.Host == "":
		return nil, errors.New("host: is missing")
	case !known:
		return nil, errors.New("tls: must be starttls, implicit or none")
	case s.Port < 1 || s.Port > 65535:
		return nil, errors.New("port: must be from 1 to 65535")
	case (s.Username == "") != (s.Password == ""):
		return nil, errors.New("username, password: one is set without the other")
	case strings.ContainsAny(s.Unsubscribe, "<>\r\n, "):
		return nil, errors.New("unsubscribe: must be an address such as mailto:desk@example.org")
	case len(s.To) == 0:
		return nil, errors.New("to: is missing")
	}
	from, err := address(s.From)
	if err != nil {
		return nil, errors.New("from: is not one mail address")
	}
	c := &Channel{s: s, from: from}
	for i, to := range s.To {
		a, err := address(to)
		if err != nil {
			return nil, fmt.Errorf("to: entry %d is not one mail address", i+1)
		}
		c.to = append(c.to, a.Address)
	}
	return c, nil
}

// address reads one address that SMTP can carry.
func address(s string) (*mail.Address, error) {
	a, err := mail.ParseAddress(s)
	if err != nil {
		return nil, err
	}
	if strings.ContainsAny(a.Address, "\r\n\x00<> ") || domain(a.Address) == "" {
		return nil, errors.New("not an address for SMTP")
	}
	return a, nil
}

func domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// Send hands an alert to the server. The receipt is the server's code and for
// how many readers it was accepted. Errors: [*channel.RetryError] for what
// fails on the way and for codes from 400, [*channel.PermanentError] for codes
// from 500 and for a server that lacks the TLS or the login asked for,
// [*channel.PartialError] where some readers were refused.
func (c *Channel) Send(ctx context.Context, a news.Alert) (string, error) {
	l, err := c.story(a)
	return c.send(ctx, l, a.Delivery.Attempts, err)
}

// SendDigest hands a digest to the server. Receipt and errors are those of Send.
func (c *Channel) SendDigest(ctx context.Context, d news.Digest) (string, error) {
	l, err := digest(message.NewDigest(d, c.s.Zone))
	return c.send(ctx, l, 0, err)
}

// SendNote hands a note to the server. Receipt and errors are those of Send.
func (c *Channel) SendNote(ctx context.Context, n news.Note) (string, error) {
	l, err := note(message.NewNote(n))
	return c.send(ctx, l, 0, err)
}

// Preview gives the mail that Send hands over.
func (c *Channel) Preview(a news.Alert) (content []byte, mediaType string, err error) {
	l, err := c.story(a)
	if err != nil {
		return nil, "", err
	}
	msg, err := c.compose(l)
	if err != nil {
		return nil, "", err
	}
	var b bytes.Buffer
	_, err = msg.WriteTo(&b)
	return b.Bytes(), "message/rfc822", err
}

// story is an alert as a letter, an update as a reply to the story's first.
func (c *Channel) story(a news.Alert) (letter, error) {
	first := ""
	if a.First != nil {
		first = a.First.Key
	}
	return story(message.New(a, c.s.Zone), first)
}

// send hands a letter to the server; attempts were made before.
func (c *Channel) send(ctx context.Context, l letter, attempts int, err error) (string, error) {
	var msg *gomail.Msg
	if err == nil {
		msg, err = c.compose(l)
	}
	if err != nil {
		return "", &channel.PermanentError{Problem: "the mail could not be composed"}
	}
	s, err := c.dial(ctx)
	if err != nil {
		return "", err
	}
	defer s.close()
	return s.send(c.from.Address, c.to, msg, attempts+1 >= patientTries)
}

// patientTries is the attempt from which on readers whom the server puts off no
// longer hold up the others.
const patientTries = 5
