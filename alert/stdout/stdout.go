// Package stdout prints alerts as text for a terminal, or as JSON Lines for a
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
	JSON bool           // one line of JSON for each alert, in the form of [message.JSON]
	Zone *time.Location // of the times in the text; nil: UTC
}

// Channel prints alerts.
type Channel struct {
	s  Settings
	mu sync.Mutex // one message at a time
}

// New makes a channel that prints.
func New(s Settings) *Channel { return &Channel{s: s} }

// Send prints an alert. The receipt is "printed". Errors:
// [*channel.PermanentError] where the alert can't be written as JSON,
// [*channel.RetryError] where printing fails.
func (c *Channel) Send(_ context.Context, a news.Alert) (string, error) {
	text, err := c.text(a)
	if err != nil {
		return "", &channel.PermanentError{Problem: err.Error()}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.s.Out.Write(text); err != nil {
		return "", &channel.RetryError{Problem: "printing failed"}
	}
	return "printed", nil
}

func (c *Channel) text(a news.Alert) ([]byte, error) {
	if !c.s.JSON {
		return []byte(message.New(a, c.s.Zone).Text() + "\n"), nil
	}
	line, err := message.NewJSON(a).Marshal()
	return append(line, '\n'), err
}
