package slack

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/slack-go/slack"
)

// Blocks is the text of a message's blocks in Slack's markup, a block a line or more;
// of a message without blocks its own text; of what is no message, all of it.
func Blocks(body []byte) string {
	var msg slack.WebhookMessage
	if json.Unmarshal(body, &msg) != nil {
		return string(body)
	}
	var parts []string
	if msg.Blocks != nil {
		for _, b := range msg.Blocks.BlockSet {
			parts = append(parts, textsOf(b)...)
		}
	}
	if len(parts) == 0 {
		parts = append(parts, msg.Text)
	}
	return strings.Join(parts, "\n")
}

// textsOf are the texts of a block, in order.
func textsOf(b slack.Block) (out []string) {
	add := func(t *slack.TextBlockObject) {
		if t != nil && t.Text != "" {
			out = append(out, t.Text)
		}
	}
	switch v := b.(type) {
	case *slack.HeaderBlock:
		add(v.Text)
	case *slack.SectionBlock:
		add(v.Text)
		for _, f := range v.Fields {
			add(f)
		}
	case *slack.ContextBlock:
		for _, e := range v.ContextElements.Elements {
			if t, ok := e.(*slack.TextBlockObject); ok {
				add(t)
			}
		}
	}
	return out
}

// Read is the text of a message's blocks as a person sees it: marks of emphasis are
// gone, and an address stands behind the words that lead to it.
func Read(body []byte) string {
	var b strings.Builder
	for line := range strings.Lines(Blocks(body)) {
		line = links.ReplaceAllString(line, "$2 ($1)")
		line = bare.ReplaceAllString(line, "$1")
		b.WriteString(unescaper.Replace(line))
	}
	return b.String()
}

var (
	links     = regexp.MustCompile(`<([^<>|]+)\|([^<>]*)>`)
	bare      = regexp.MustCompile(`<(https?:[^<>|]+)>`)
	unescaper = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "*", "", "\u200b", "")
)

// Read gives what a person sees of what Preview gave.
func (c *Channel) Read(content []byte) string { return Read(content) }

// Read gives what a person sees of what Preview gave.
func (b *Bot) Read(content []byte) string { return Read(content) }
