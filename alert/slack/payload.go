package slack

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"driftwatch/alert/message"
)

// Slack's limits, in characters
// (https://docs.slack.dev/reference/block-kit/blocks). A text counts after
// escaping.
const (
	maxHeader   = 150
	maxSection  = 3000
	maxFallback = 3000
)

// Payload is a message as Slack's blocks, at most a dozen, with a plain text
// for notifications.
func Payload(m message.Message) *slack.WebhookMessage {
	off := false
	blocks := []slack.Block{header(m.Headline()), section(about(m))}
	for _, q := range m.Quote {
		blocks = append(blocks, section(quote(q)))
	}
	if why := reasons(m); why != "" {
		blocks = append(blocks, slack.NewContextBlock("", mrkdwn(why)))
	}
	return &slack.WebhookMessage{
		Text:        cut(escape(m.Headline()+": "+m.Title), maxFallback),
		Blocks:      &slack.Blocks{BlockSet: blocks},
		UnfurlLinks: &off,
		UnfurlMedia: &off,
	}
}

func header(text string) slack.Block {
	return slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, cutRunes(text, maxHeader), false, false))
}

func section(text string) slack.Block { return slack.NewSectionBlock(mrkdwn(text), nil, nil) }

// mrkdwn is a text in which nothing but our own marks means anything.
func mrkdwn(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, cut(text, maxSection), false, true)
}

// about is the title, with the link, the outlet and the times.
func about(m message.Message) string {
	lines := []string{title(m)}
	for _, s := range []string{m.Source(), m.When()} {
		if s != "" {
			lines = append(lines, escape(s))
		}
	}
	return strings.Join(lines, "\n")
}

func title(m message.Message) string {
	text := escape(m.Title)
	switch {
	case text == "" && m.Link != "":
		return "<" + address(m.Link) + ">"
	case m.Link != "":
		return "*<" + address(m.Link) + "|" + text + ">*"
	case text != "":
		return "*" + text + "*"
	}
	return "(no title)"
}

// address is a link between < and >: what would end it is percent-encoded.
func address(link string) string {
	return strings.NewReplacer("&", "&amp;", "<", "%3C", ">", "%3E", "|", "%7C", " ", "%20").Replace(link)
}

// quote is a sentence behind Slack's bar, with what matched in bold.
func quote(q message.Quote) string {
	var b strings.Builder
	b.WriteString("> ")
	for i, p := range q.Pieces {
		if !p.Marked {
			b.WriteString(escape(p.Text))
			continue
		}
		b.WriteString(apartFrom(before(q.Pieces, i)) + "*" + escape(p.Text) + "*" + apartFrom(after(q.Pieces, i)))
	}
	return b.String()
}

func before(p []message.Piece, i int) rune {
	if i == 0 {
		return ' '
	}
	r, _ := utf8.DecodeLastRuneInString(p[i-1].Text)
	return r
}

func after(p []message.Piece, i int) rune {
	if i == len(p)-1 {
		return ' '
	}
	r, _ := utf8.DecodeRuneInString(p[i+1].Text)
	return r
}

// apartFrom is what parts a mark of emphasis from its neighbour: Slack takes an
// asterisk for one only next to a space or a plain punctuation mark, and a
// zero-width space is enough of a space.
func apartFrom(r rune) string {
	if unicode.IsSpace(r) || r < utf8.RuneSelf && unicode.IsPunct(r) {
		return ""
	}
	return "\u200b"
}

// reasons are the signals and why they exist.
func reasons(m message.Message) string {
	var lines []string
	for i, f := range m.Why {
		line := "*" + escape(f.Signal) + "*" + escape(m.Apart(i))
		if f.Why != "" {
			line += ": " + escape(f.Why)
		}
		lines = append(lines, line)
	}
	if more := m.MoreFindings(); more != "" {
		lines = append(lines, more)
	}
	return strings.Join(lines, "\n")
}

// escape writes text so that Slack shows it and does nothing: & < > as entities
// (https://docs.slack.dev/messaging/formatting-message-text), and what would
// be emphasis, code or a name as a character of the same look.
func escape(s string) string { return escaper.Replace(s) }

var escaper = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;",
	"*", "∗", "_", "ˍ", "~", "∼", "`", "ˋ", "|", "ǀ",
	"@channel", "＠channel", "@here", "＠here", "@everyone", "＠everyone",
)

// cut keeps at most limit characters of text that was escaped, and no part of
// an entity.
func cut(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	s = cutRunes(s, limit)
	if i := strings.LastIndexByte(s, '&'); i >= 0 && !strings.Contains(s[i:], ";") {
		s = s[:i] + "…"
	}
	return s
}

func cutRunes(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	r := []rune(s)
	return strings.TrimRight(string(r[:limit-1]), " ") + "…"
}
