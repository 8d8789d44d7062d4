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

// Card is a message as Slack's blocks, with a plain text for notifications. It
// holds to the limits by the way that it is built: every text is cut where it is
// put in, and what doesn't fit is left out.
type Card struct {
	Text   string // escaped
	Blocks []slack.Block
}

// Of is the card of an alert, at most two dozen blocks. An update of it names
// the first message and says what is new.
func Of(m message.Message) Card {
	c := newCard(m.Headline()+": "+m.Title, m.Headline())
	if m.Kind == message.Updated {
		c.note(escape(m.Told()))
	}
	c.lines(bullets(m.News))
	return c.story(m)
}

// Standing is the card of an alert as it stands in place of its first message.
func Standing(m message.Message) Card {
	c := newCard(m.What.String()+": "+m.Title, m.What.String())
	return c.story(m)
}

// Reply is what is new in a story, for the thread of its first message.
func Reply(m message.Message) Card {
	c := Card{Text: cut(escape(strings.Join(m.News, " ")), maxFallback)}
	lines := bullets(m.News)
	for i, r := range m.Reports {
		if i == maxNewReports {
			break
		}
		lines = append(lines, reported(r))
	}
	c.lines(lines)
	if len(c.Blocks) == 0 {
		c.Text = "The story was updated."
		c.lines([]string{c.Text})
	}
	return c
}

// maxNewReports is how many reports a reply links.
const maxNewReports = 3

func newCard(fallback, headline string) Card {
	return Card{Text: cut(escape(fallback), maxFallback), Blocks: []slack.Block{header(headline)}}
}

// story adds what the message says of its story.
func (c Card) story(m message.Message) Card {
	c.Blocks = append(c.Blocks, section(about(m)))
	for _, q := range m.Quote {
		c.Blocks = append(c.Blocks, section(quote(q)))
	}
	if why := reasons(m); len(why) > 0 {
		c.Blocks = append(c.Blocks, slack.NewContextBlock("", why...))
	}
	if len(m.Reports) > 0 {
		var lines []string
		for _, r := range m.Reports {
			lines = append(lines, reported(r))
		}
		if more := m.FurtherReports(); more != "" {
			lines = append(lines, more)
		}
		c.lines(append([]string{"Also told by:"}, lines...))
	}
	return c
}

// lines adds lines of text in as many sections as they need.
func (c *Card) lines(lines []string) {
	for _, text := range packed(lines, maxSection) {
		c.Blocks = append(c.Blocks, section(text))
	}
}

// note adds a small line.
func (c *Card) note(text string) {
	if text != "" {
		c.Blocks = append(c.Blocks, slack.NewContextBlock("", mrkdwn(text)))
	}
}

// packed joins lines into texts of at most limit characters; a longer line is
// cut.
func packed(lines []string, limit int) []string {
	var out []string
	n := 0
	for _, l := range lines {
		l = cut(l, limit)
		size := utf8.RuneCountInString(l)
		if last := len(out) - 1; last >= 0 && n+1+size <= limit {
			out[last] += "\n" + l
			n += 1 + size
			continue
		}
		out, n = append(out, l), size
	}
	return out
}

func bullets(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = "• " + escape(l)
	}
	return out
}

// reported is a further report with its link.
func reported(r message.Report) string {
	line := "• " + linked(r.Title, r.Link)
	if r.Outlet != "" {
		line += ", " + escape(r.Outlet)
	}
	return line
}

// linked is a title that leads somewhere, or the title alone where the address
// is longer than a line may be.
func linked(title, link string) string {
	shown := strings.ReplaceAll(escape(title), "|", "ǀ")
	switch {
	case link == "" || utf8.RuneCountInString(link) > maxLinked:
		return shown
	case title == "":
		return "<" + address(link) + ">"
	}
	return "<" + address(link) + "|" + shown + ">"
}

// maxLinked is the longest address that is linked in a list of many.
const maxLinked = 500

// Payload is an alert as an incoming webhook takes it.
func Payload(m message.Message) *slack.WebhookMessage { return Of(m).webhook() }

func (c Card) webhook() *slack.WebhookMessage {
	off := false
	return &slack.WebhookMessage{Text: c.Text, Blocks: &slack.Blocks{BlockSet: c.Blocks}, UnfurlLinks: &off, UnfurlMedia: &off}
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
	for _, s := range []string{m.Source(), m.When(), m.Gone, m.Now} {
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
		if f.Status != "" {
			line += ", " + escape(f.Status)
		}
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
