// Package webhook posts messages as JSON to another program, signed as the
// Standard Webhooks specification asks (github.com/standard-webhooks), so that
// the receiver can verify who sent a message and drop one that it had before.
//
// The body is a [message.Document]: story.flagged, story.updated, digest, note or
// test. The headers are webhook-id, the delivery's key
// and the same for every attempt; webhook-timestamp, the attempt's time in
// seconds since 1970; webhook-signature, "v1," and the base64 of the
// HMAC-SHA-256 of "id.timestamp.body".
package webhook

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"driftwatch/alert/channel"
	"driftwatch/alert/message"
	"driftwatch/news"
)

// Settings of a webhook.
type Settings struct {
	URL       string // https, or http within one's own network
	Secret    string // "whsec_" and base64, or base64 alone, of 24 to 64 bytes
	UserAgent string
	Now       func() time.Time
}

// Channel posts messages to one webhook.
type Channel struct {
	post      *channel.Post
	sign      *standardwebhooks.Webhook
	userAgent string
	now       func() time.Time
}

// New makes a channel of its settings. An error names the setting that is wrong
// and doesn't hold its value.
func New(s Settings) (*Channel, error) {
	post, err := channel.NewPost(s.URL)
	if err != nil {
		return nil, fmt.Errorf("url: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s.Secret, "whsec_"))
	if err != nil || len(key) < 24 || len(key) > 64 {
		return nil, errors.New(`secret: must be "whsec_" and the base64 of 24 to 64 random bytes; make one with: echo whsec_$(openssl rand -base64 32)`)
	}
	sign, err := standardwebhooks.NewWebhookRaw(key)
	if err != nil {
		return nil, errors.New("secret: can't be used for signing")
	}
	return &Channel{post: post, sign: sign, userAgent: s.UserAgent, now: s.Now}, nil
}

// Send posts an alert. The receipt is the status that was answered. Errors: as
// of [channel.Post.Send]; so 410, by which a receiver says that it wants no
// more, is permanent.
func (c *Channel) Send(ctx context.Context, a news.Alert) (string, error) {
	body, err := message.NewJSON(a).Marshal()
	return c.send(ctx, a.Delivery.Key, body, err)
}

// SendDigest posts a digest. Receipt and errors are those of Send.
func (c *Channel) SendDigest(ctx context.Context, d news.Digest) (string, error) {
	body, err := message.DigestJSON(d).Marshal()
	return c.send(ctx, d.Key, body, err)
}

// SendNote posts a note. Receipt and errors are those of Send.
func (c *Channel) SendNote(ctx context.Context, n news.Note) (string, error) {
	body, err := message.NoteJSON(n, c.now()).Marshal()
	return c.send(ctx, n.Key, body, err)
}

// Preview gives the body that Send posts.
func (c *Channel) Preview(a news.Alert) (content []byte, mediaType string, err error) {
	body, err := message.NewJSON(a).Marshal()
	return body, mediaTypeJSON, err
}

func (c *Channel) send(ctx context.Context, key string, body []byte, err error) (string, error) {
	if err != nil {
		return "", &channel.PermanentError{Problem: err.Error()}
	}
	header, err := c.header(key, body)
	if err != nil {
		return "", &channel.PermanentError{Problem: "the message could not be signed"}
	}
	return c.post.Send(ctx, header, body)
}

const mediaTypeJSON = "application/json"

func (c *Channel) header(id string, body []byte) (http.Header, error) {
	at := c.now()
	signature, err := c.sign.Sign(id, at, body)
	if err != nil {
		return nil, err
	}
	h := http.Header{}
	h.Set("Content-Type", mediaTypeJSON)
	h.Set("User-Agent", c.userAgent)
	h.Set(standardwebhooks.HeaderWebhookID, id)
	h.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	h.Set(standardwebhooks.HeaderWebhookSignature, signature)
	return h, nil
}
