package alert

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"driftwatch/alert/channel"
	"driftwatch/alert/mail"
	"driftwatch/alert/message"
	"driftwatch/alert/shoutrrr"
	"driftwatch/alert/slack"
	"driftwatch/alert/stdout"
	"driftwatch/alert/webhook"
	"driftwatch/configs"
	"driftwatch/news"
)

// Channel is a way to people. Each method answers with a receipt once what it
// was given was accepted: a few words without secrets. Errors: [*RetryError]
// where it may be accepted later, [*PermanentError] where it never will be,
// [*PartialError] beside a receipt; any other is taken for a RetryError. All
// obey ctx.
type Channel interface {
	// Send tells of one story. An alert without hits is a test message, and says
	// so. An alert with First is an update of what its receipt names.
	Send(ctx context.Context, a news.Alert) (receipt string, err error)
	// SendDigest tells of many stories, or that there were none.
	SendDigest(ctx context.Context, d news.Digest) (receipt string, err error)
	// SendNote tells the operator something.
	SendNote(ctx context.Context, n news.Note) (receipt string, err error)
}

// Previewer is a channel that can show what it would send.
type Previewer interface {
	// Preview gives the message as it would go out and the media type of that.
	Preview(a news.Alert) (content []byte, mediaType string, err error)
}

// Reader is a channel whose message isn't shown as it is sent.
type Reader interface {
	// Read gives what a person sees of what Preview gave, as text.
	Read(content []byte) string
}

// The errors of a [Channel].
type (
	RetryError     = channel.RetryError
	PermanentError = channel.PermanentError
	PartialError   = channel.PartialError
)

// Options are what channels need beside their own settings.
type Options struct {
	Zone      *time.Location   // of the times in messages; nil: UTC
	Out       io.Writer        // of channels of type stdout; nil: os.Stdout
	JSON      bool             // channels of type stdout print JSON Lines
	Listens   bool             // somebody hears the buttons of Slack's messages
	UserAgent string           // of the requests of channels that use HTTP
	Now       func() time.Time // nil: time.Now
}

// Open makes a channel of its configuration. An error names the channel and the
// setting that is wrong, and holds no setting's value.
func Open(name string, c configs.Channel, o Options) (Channel, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Out == nil {
		o.Out = os.Stdout
	}
	ch, err := open(c, o)
	if err != nil {
		return nil, fmt.Errorf("channel %s: %w", name, err)
	}
	return timed{ch, cmp.Or(c.Timeout, defaultTimeout)}, nil
}

// defaultTimeout is how long one attempt may take where the configuration
// doesn't say.
const defaultTimeout = 30 * time.Second

// OpenAll opens every channel of a configuration, by name.
func OpenAll(all map[string]configs.Channel, o Options) (map[string]Channel, error) {
	out := make(map[string]Channel, len(all))
	for name, c := range all {
		ch, err := Open(name, c, o)
		if err != nil {
			return nil, err
		}
		out[name] = ch
	}
	return out, nil
}

func open(c configs.Channel, o Options) (Channel, error) {
	switch c.Type {
	case configs.ChannelSlack:
		if c.Token.IsSet() {
			return slack.NewBot(slack.BotSettings{
				Token: c.Token.Reveal(), Channel: c.Channel, API: c.API, UserAgent: o.UserAgent, Zone: o.Zone,
				Buttons: o.Listens && c.AppToken.IsSet(),
			})
		}
		return slack.New(slack.Settings{WebhookURL: c.WebhookURL.Reveal(), UserAgent: o.UserAgent, Zone: o.Zone})
	case configs.ChannelMail:
		return mail.New(mail.Settings{
			Host: c.Host, Port: c.Port, TLS: c.TLS, Username: c.Username.Reveal(), Password: c.Password.Reveal(),
			From: c.From, To: c.To, Unsubscribe: c.Unsubscribe, Zone: o.Zone, Now: o.Now,
		})
	case configs.ChannelWebhook:
		return webhook.New(webhook.Settings{URL: c.URL.Reveal(), Secret: c.Secret.Reveal(), UserAgent: o.UserAgent, Now: o.Now})
	case configs.ChannelShoutrrr:
		return shoutrrr.New(shoutrrr.Settings{URL: c.URL.Reveal(), Zone: o.Zone})
	case configs.ChannelStdout:
		return stdout.New(stdout.Settings{Out: o.Out, JSON: o.JSON || c.Form == "json", Zone: o.Zone, Now: o.Now}), nil
	}
	return nil, fmt.Errorf("type: there is none called %q; one of slack, mail, webhook, shoutrrr, stdout", c.Type)
}

// timed is a channel whose attempts take no longer than the operator said.
type timed struct {
	Channel
	timeout time.Duration
}

// Send sends within the channel's own timeout.
func (t timed) Send(ctx context.Context, a news.Alert) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	return t.Channel.Send(ctx, a)
}

// SendDigest sends within the channel's own timeout.
func (t timed) SendDigest(ctx context.Context, d news.Digest) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	return t.Channel.SendDigest(ctx, d)
}

// SendNote sends within the channel's own timeout.
func (t timed) SendNote(ctx context.Context, n news.Note) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	return t.Channel.SendNote(ctx, n)
}

// Read gives what a person sees of what Preview gave of a channel; empty where that is
// the same.
func Read(c Channel, content []byte) string {
	if t, ok := c.(timed); ok {
		c = t.Channel
	}
	if r, ok := c.(Reader); ok {
		return r.Read(content)
	}
	return ""
}

// Preview shows what a channel would send, as the channel itself writes it, or
// as text where it has no form of its own to show.
func Preview(c Channel, a news.Alert, zone *time.Location) (content []byte, mediaType string, err error) {
	if t, ok := c.(timed); ok {
		c = t.Channel
	}
	if p, ok := c.(Previewer); ok {
		return p.Preview(a)
	}
	return []byte(message.New(a, zone).Text()), "text/plain; charset=utf-8", nil
}
