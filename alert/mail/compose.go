package mail

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"html/template"
	"regexp"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"driftwatch/alert/message"
	"driftwatch/guard"
)

// compose writes the mail: text and HTML of the same content (RFC 2046, 5.1.4),
// no images, nothing to load.
func (c *Channel) compose(m message.Message) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(c.from)
	if len(c.to) == 1 {
		if err := msg.To(c.to[0]); err != nil {
			return nil, err
		}
	} else {
		msg.SetGenHeaderPreformatted("To", "undisclosed-recipients:;")
	}
	msg.Subject(subject(m))
	msg.SetDateWithValue(c.s.Now().In(zone(c.s.Zone)))
	msg.SetMessageIDWithValue(messageID(m.Key, domain(c.from.Address)))
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834
	html, err := HTML(m)
	if err != nil {
		return nil, err
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text()+"\n-- \n"+footer(m)+"\n")
	msg.AddAlternativeString(gomail.TypeTextHTML, html)
	return msg, nil
}

func zone(z *time.Location) *time.Location {
	if z == nil {
		return time.UTC
	}
	return z
}

func subject(m message.Message) string {
	if m.Title == "" {
		return guard.Header(m.Headline())
	}
	return guard.Header(m.Headline() + ": " + m.Title)
}

func footer(m message.Message) string { return "Driftwatch, route " + m.Route }

// plainKey is a key that can stand in a Message-ID as it is (RFC 5322, 3.2.3).
var plainKey = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)

// messageID is the same for the same key, whatever is in it.
func messageID(key, domain string) string {
	if len(key) > 100 || !plainKey.MatchString(key) {
		sum := sha256.Sum256([]byte(key))
		key = hex.EncodeToString(sum[:16])
	}
	return key + "@" + domain
}

//go:embed mail.html
var page string

var pages = template.Must(template.New("mail").Parse(page))

// HTML is the message as a page of its own.
func HTML(m message.Message) (string, error) {
	var b strings.Builder
	err := pages.Execute(&b, struct {
		message.Message
		Subject, Footer string
	}{m, subject(m), footer(m)})
	return b.String(), err
}
