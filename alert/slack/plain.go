package slack

import (
	"context"
	"encoding/json"
	"net/http"

	"driftwatch/alert/channel"
	"driftwatch/alert/message"
	"driftwatch/news"
)

// SendDigest posts a digest as text. Receipt and errors: as of Send.
func (c *Channel) SendDigest(ctx context.Context, d news.Digest) (string, error) {
	return c.plain(ctx, d.Key, message.PlainDigest(d, c.zone))
}

// SendNote posts a note as text. Receipt and errors: as of Send.
func (c *Channel) SendNote(ctx context.Context, n news.Note) (string, error) {
	return c.plain(ctx, n.Key, message.PlainNote(n))
}

func (c *Channel) plain(ctx context.Context, key, text string) (string, error) {
	body, err := json.Marshal(map[string]any{"text": cut(escape(text), maxPlain), "unfurl_links": false, "unfurl_media": false})
	if err != nil {
		return "", &channel.PermanentError{Problem: "the message could not be written as JSON"}
	}
	header := http.Header{}
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("User-Agent", c.userAgent)
	header.Set("Idempotency-Key", key)
	return c.post.Send(ctx, header, body)
}

// maxPlain is how long a text without blocks may be, in characters.
const maxPlain = 38000
