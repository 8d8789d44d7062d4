package webhook

import (
	"context"
	"encoding/json"

	"driftwatch/alert/channel"
	"driftwatch/alert/message"
	"driftwatch/news"
)

// SendDigest posts a digest, as text in an envelope of type "digest". Receipt
// and errors: as of Send.
func (c *Channel) SendDigest(ctx context.Context, d news.Digest) (string, error) {
	return c.plain(ctx, "digest", d.Key, message.PlainDigest(d, nil))
}

// SendNote posts a note, as text in an envelope of type "note". Receipt and
// errors: as of Send.
func (c *Channel) SendNote(ctx context.Context, n news.Note) (string, error) {
	return c.plain(ctx, "note", n.Key, message.PlainNote(n))
}

func (c *Channel) plain(ctx context.Context, kind, key, text string) (string, error) {
	body, err := json.Marshal(map[string]any{
		"type": kind, "id": key, "timestamp": c.now().UTC(), "data": map[string]string{"text": text},
	})
	if err != nil {
		return "", &channel.PermanentError{Problem: err.Error()}
	}
	header, err := c.header(key, body)
	if err != nil {
		return "", &channel.PermanentError{Problem: "the message could not be signed"}
	}
	return c.post.Send(ctx, header, body)
}
