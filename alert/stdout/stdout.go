// Package stdout prints alerts, digests and notes as text for a terminal, or as JSON Lines for a
// script. Nothing in a message can act on the terminal.
package stdout

import (
	"context"
	"io"
	"sync"
	"time"

	"driftwatch/alert/channel"
	"driftwatch/alert/message"
	"driftwatch/news"
)

// Settings of a channel that prints.
type Settings struct {
	Out  io.Writer
	JSON bool             // one line of JSON for each message, in the form of [message.Document]
	Zone *time.Location   // of the times in the text; nil: UTC
	Now  func() time.Time // of the timestamps of notes; nil: time.Now
}

// Channel prints messages.
type Channel struct {
	s  Settings
	mu sync.Mutex // one message at a time
}

// New makes a channel that prints.
func New(s Settings) *Channel {
	if s.Now == nil {
		s.Now = time.Now
	}
	return &Channel{s: s}
}

// Send prints an alert. The receipt is "printed". Errors:
// [*channel.PermanentError] where the alert can't be written as JSON,
// [*channel.RetryError] where printing fails.
func (c *Channel) Send(_ context.Context, a news.Alert) (string, error) {
	if c.s.JSON {
		return c.line(message.NewJSON(a).Marshal())
	}
	return c.print(message.New(a, c.s.Zone).Text())
}

// SendDigest prints a digest. Receipt and errors are those of Send.
func (c *Channel) SendDigest(_ context.Context, d news.Digest) (string, error) {
	if c.s.JSON {
		return c.line(message.DigestJSON(d).Marshal())
	}
	return c.print(message.NewDigest(d, c.s.Zone).Text())
}

// SendNote prints a note. Receipt and errors are those of Send.
func (c *Channel) SendNote(_ context.Context, n news.Note) (string, error) {
	if c.s.JSON {
		return c.line(message.NoteJSON(n, c.s.Now()).Marshal())
	}
	return c.print(message.NewNote(n).Text())
}

// Preview gives what Send prints.
func (c *Channel) Preview(a news.Alert) (content []byte, mediaType string, err error) {
	if c.s.JSON {
		content, err = message.NewJSON(a).Marshal()
		return content, "application/json", err
	}
	return []byte(message.New(a, c.s.Zone).Text()), "text/plain; charset=utf-8", nil
}

// line prints a document on a line of its own.
func (c *Channel) line(doc []byte, err error) (string, error) {
	if err != nil {
		return "", &channel.PermanentError{Problem: err.Error()}
	}
	return c.print(string(doc))
}

func (c *Channel) print(text string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := io.WriteString(c.s.Out, text+"\n"); err != nil {
		return "", &channel.RetryError{Problem: "printing failed"}
	}
	return "printed", nil
}
