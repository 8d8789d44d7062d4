// Package slack tells alerts to a Slack channel through an incoming webhook.
//
// What an outlet wrote can't act in Slack: & < > are escaped as Slack asks, so
// that neither a mention nor a link can be made of them; the characters of
// emphasis are replaced by others of their look; nothing is parsed for names,
// and no link is unfurled. The webhook's address is a secret and in no error or
// receipt.
package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
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

// Channel posts alerts to one incoming webhook.
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

// Send posts an alert. The receipt is what Slack answered, "200 ok". Errors: as
// of [channel.Post.Send]: 429 and 5xx are for later; invalid_payload, no_service,
// channel_is_archived and the like are permanent
// (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
func (c *Channel) Send(ctx context.Context, a news.Alert) (string, error) {
	body, err := json.Marshal(Payload(message.New(a, c.zone)))
	if err != nil {
		return "", &channel.PermanentError{Problem: "the message could not be written as JSON"}
	}
	header := http.Header{}
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("User-Agent", c.userAgent)
	header.Set("Idempotency-Key", a.Delivery.Key) // Slack passes it by; what stands between may drop a second copy
	return c.post.Send(ctx, header, body)
}
