// Package slack tells messages to a Slack channel: through an incoming webhook
// ([Channel]), which can only post, or with a bot token ([Bot]), which edits the
// first message of a story as the story grows and says in its thread what is
// new. [Listener] hears the buttons of a bot's messages.
//
// What an outlet wrote can't act in Slack: & < > are escaped as Slack asks, so
// that neither a mention nor a link can be made of them; the characters of
// emphasis are replaced by others of their look; nothing is parsed for names,
// and no link is unfurled. The webhook's address and the tokens are secrets and in
// no error or receipt. No message passes the limits of Block Kit.
package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"driftwatch/alert/channel"
	"driftwatch/alert/message"
	"driftwatch/news"
)

// Settings of a Slack channel.
type Settings struct {
	WebhookURL string // the incoming webhook's address
	UserAgent  string
	Zone       *time.Location // of the times in messages; nil: UTC
}

// Channel posts messages to one incoming webhook.
type Channel struct {
	post      *channel.Post
	userAgent string
	zone      *time.Location
}

// New makes a channel of its settings. An error names the setting that is wrong
// and doesn't hold its value. The address must be https, but on this machine.
func New(s Settings) (*Channel, error) {
	post, err := channel.NewPost(s.WebhookURL)
	if err != nil {
		return nil, fmt.Errorf("webhook_url: %w", err)
	}
	if post.Plain() {
		return nil, errors.New("webhook_url: must begin with https://, since the address is a secret")
	}
	return &Channel{post: post, userAgent: s.UserAgent, zone: s.Zone}, nil
}

// Send posts an alert; an update names the first message of its story and says
// what is new, since what an incoming webhook posted can't be edited. The
// receipt is what Slack answered, "200 ok". Errors: as of [channel.Post.Send]:
// 429 and 5xx are for later; invalid_payload, no_service, channel_is_archived
// and the like are permanent
// (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
func (c *Channel) Send(ctx context.Context, a news.Alert) (string, error) {
	return c.send(ctx, a.Delivery.Key, Of(message.New(a, c.zone)))
}

// SendDigest posts a digest. Receipt and errors are those of Send.
func (c *Channel) SendDigest(ctx context.Context, d news.Digest) (string, error) {
	return c.send(ctx, d.Key, DigestCard(message.NewDigest(d, c.zone)))
}

// SendNote posts a note. Receipt and errors are those of Send.
func (c *Channel) SendNote(ctx context.Context, n news.Note) (string, error) {
	return c.send(ctx, n.Key, NoteCard(message.NewNote(n)))
}

// Preview gives the blocks that Send posts, as JSON.
func (c *Channel) Preview(a news.Alert) (content []byte, mediaType string, err error) {
	return preview(Of(message.New(a, c.zone)))
}

func preview(c Card) (content []byte, mediaType string, err error) {
	content, err = json.MarshalIndent(c.webhook(), "", "  ")
	return content, "application/json", err
}

func (c *Channel) send(ctx context.Context, key string, card Card) (string, error) {
	body, err := json.Marshal(card.webhook())
	if err != nil {
		return "", &channel.PermanentError{Problem: "the message could not be written as JSON"}
	}
	header := http.Header{}
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("User-Agent", c.userAgent)
	header.Set("Idempotency-Key", key) // Slack passes it by; what stands between may drop a second copy
	receipt, err := c.post.Send(ctx, header, body)
	if gone := (*channel.PermanentError)(nil); errors.As(err, &gone) && gone.Down {
		gone.Problem += webhookAdvice(gone.Problem)
	}
	return receipt, err
}

// webhookAdvice is what an operator can do where an incoming webhook is no good.
func webhookAdvice(problem string) string {
	switch {
	case strings.Contains(problem, "archived"):
		return "; restore the channel, or make a webhook for another"
	case strings.HasPrefix(problem, "answered 404"), strings.HasPrefix(problem, "answered 410"):
		return "; the webhook is gone: make a new one on the app's page and put its address into `webhook_url`"
	case strings.HasPrefix(problem, "answered 403"):
		return "; ask the workspace's administrator whether the app may post"
	}
	return ""
}
