package stdout

import (
	"context"
	"encoding/json"

	"driftwatch/alert/channel"
	"driftwatch/alert/message"
	"driftwatch/news"
)

// SendDigest prints a digest. Receipt and errors: as of Send.
func (c *Channel) SendDigest(_ context.Context, d news.Digest) (string, error) {
	return c.plain("digest", d.Key, message.PlainDigest(d, c.s.Zone))
}

// SendNote prints a note. Receipt and errors: as of Send.
func (c *Channel) SendNote(_ context.Context, n news.Note) (string, error) {
	return c.plain("note", n.Key, message.PlainNote(n))
}

func (c *Channel) plain(kind, key, text string) (string, error) {
	if c.s.JSON {
		line, err := json.Marshal(map[string]string{"type": kind, "id": key, "text": text})
		if err != nil {
			return "", &channel.PermanentError{Problem: err.Error()}
		}
		text = string(line)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.s.Out.Write([]byte(text + "\n")); err != nil {
		return "", &channel.RetryError{Problem: "printing failed"}
	}
	return "printed", nil
}
