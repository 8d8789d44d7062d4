package mail

import (
	"context"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"driftwatch/alert/channel"
	"driftwatch/alert/message"
	"driftwatch/guard"
	"driftwatch/news"
)

// SendDigest mails a digest as text. Receipt and errors: as of Send.
func (c *Channel) SendDigest(ctx context.Context, d news.Digest) (string, error) {
	return c.plain(ctx, d.Key, message.PlainDigest(d, c.s.Zone))
}

// SendNote mails a note as text. Receipt and errors: as of Send.
func (c *Channel) SendNote(ctx context.Context, n news.Note) (string, error) {
	return c.plain(ctx, n.Key, message.PlainNote(n))
}

// plain mails a text whose first line is its subject.
func (c *Channel) plain(ctx context.Context, key, text string) (string, error) {
	subject, _, _ := strings.Cut(text, "\n")
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(c.from)
	if len(c.to) == 1 {
		if err := msg.To(c.to[0]); err != nil {
			return "", &channel.PermanentError{Problem: "the mail could not be composed"}
		}
	} else {
		msg.SetGenHeaderPreformatted("To", "undisclosed-recipients:;")
	}
	msg.Subject(guard.Header(subject))
	msg.SetDateWithValue(c.s.Now().In(zone(c.s.Zone)))
	msg.SetMessageIDWithValue(messageID(key, domain(c.from.Address)))
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(gomail.TypeTextPlain, text)
	s, err := c.dial(ctx)
	if err != nil {
		return "", err
	}
	defer s.close()
	return s.send(c.from.Address, c.to, msg, false)
}
