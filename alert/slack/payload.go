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
	if why := reasons(m); len(why) > 0 {
		blocks = append(blocks, slack.NewContextBlock("", why...))
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

// about is the title, linked where there is room for the link, the outlet and
// the times.
func about(m message.Message) string {
	rest := ""
	for _, s := range []string{m.Source(), m.When()} {
		if s != "" {
			rest += "\n" + escape(s)
		}
	}
	if linked := linkedTitle(m) + rest; m.Link != "" && utf8.RuneCountInString(linked) <= maxSection {
		return linked
	}
	if m.Title == "" {
		return "(no title)" + rest
	}
	return "*" + escape(m.Title) + "*" + rest
}

func linkedTitle(m message.Message) string {
	if m.Title == "" {
		return "<" + address(m.Link) + ">"
	}
	return "*<" + address(m.Link) + "|" + strings.ReplaceAll(escape(m.Title), "|", "ǀ") + ">*"
}

// address is a link as it stands between < and >, which it doesn't hold.
func address(link string) string { return strings.ReplaceAll(link, "&", "&amp;") }

// quote is a sentence behind Slack's bar, with what matched in bold.
func quote(q message.Quote) string {
	b := []byte("> ")
	open := false // the last piece was bold
	for _, p := range q.Pieces {
		text := escape(p.Text)
		first, _ := utf8.DecodeRuneInString(text)
		last, _ := utf8.DecodeLastRune(b)
		switch {
		case p.Marked:
			b = append(b, apartFrom(last)+"*"+text+"*"...)
		case open:
			b = append(b, apartFrom(first)+text...)
		default:
			b = append(b, text...)
		}
		open = p.Marked
	}
	return string(b)
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
func reasons(m message.Message) []slack.MixedElement {
	var out []slack.MixedElement
	for i, f := range m.Why {
		line := "*" + escape(f.Signal) + "*" + escape(m.Apart(i))
		if f.Why != "" {
			line += ": " + escape(f.Why)
		}
		out = append(out, mrkdwn(line))
	}
	if more := m.MoreFindings(); more != "" {
		out = append(out, mrkdwn(more))
	}
	return out
}

// escape writes text so that Slack shows it and does nothing: & < > as entities
// (https://docs.slack.dev/messaging/formatting-message-text), and what would
// be emphasis, code or a name as a character of the same look.
func escape(s string) string { return escaper.Replace(s) }

var escaper = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;",
	"*", "∗", "_", "ˍ", "~", "∼", "`", "ˋ",
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
