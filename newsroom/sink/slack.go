package sink

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"

	"driftwatch/newsroom/internal/loopback"
)

// Slack is a Slack incoming webhook
// (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
// It answers as Slack does: 200 "ok", 400 "invalid_payload", "no_text" or
// "invalid_blocks" where a limit of Block Kit is passed, 404 at another address.
// What Slack would take but show wrong, a message's Problems have.
//
// It is a workspace with one channel, too, that a bot token writes to, see
// [SlackAPI].
type Slack struct {
	desk
	URL string
	API *SlackAPI

	server *loopback.Server
	ledger *ledger
}

// slackPath has the form of a real webhook's path: workspace, app, token.
const slackPath = "/services/T0NEWSROOM/B0NEWSROOM/madeupforthenewsroom0000"

func startSlack(ctx context.Context, l *ledger) (*Slack, error) {
	s := &Slack{ledger: l}
	var err error
	s.API = newSlackAPI(&s.desk, l)
	if s.server, err = loopback.Serve(ctx, address, http.HandlerFunc(s.receive)); err != nil {
		return nil, err
	}
	s.URL, s.API.URL = s.server.Base+slackPath, s.server.Base+apiPath
	return s, nil
}

// Messages are what Slack took, in order.
func (s *Slack) Messages() []Message { return s.ledger.list(SlackSink) }

func (s *Slack) receive(w http.ResponseWriter, r *http.Request) {
	if s.API.serve(w, r) {
		return
	}
	if r.URL.Path != slackPath {
		http.Error(w, "no_service", http.StatusNotFound)
		return
	}
	manner := s.next()
	if manner.Status != 0 {
		refuse(w, manner, slackError(manner.Status))
		return
	}
	raw, err := body(r)
	if err != nil {
		http.Error(w, "invalid_payload", http.StatusBadRequest)
		return
	}
	p, problem := readPayload(r, raw)
	if problem == "" {
		problem = p.refusal()
	}
	if problem != "" {
		http.Error(w, problem, http.StatusBadRequest)
		return
	}
	s.ledger.take(Message{
		Sink: SlackSink, Key: slackKey(r, raw), Header: r.Header.Clone(),
		Body: bytes.Clone(raw), Problems: p.problems(),
	})
	if manner.hold(r.Context()) {
		fmt.Fprint(w, "ok")
	}
}

// slackError is the word that Slack sends with a status.
func slackError(status int) string {
	switch status {
	case http.StatusForbidden:
		return "action_prohibited"
	case http.StatusNotFound:
		return "channel_not_found"
	case http.StatusGone:
		return "channel_is_archived"
	case http.StatusTooManyRequests:
		return "rate_limited"
	}
	return "rollup_error"
}

// slackKey tells one delivery from another: by the sender's Idempotency-Key,
// which Slack ignores, or else by the message's bytes.
func slackKey(r *http.Request, raw []byte) string {
	if key := r.Header.Get("Idempotency-Key"); key != "" {
		return key
	}
	return fmt.Sprintf("%x", sha256.Sum256(raw))
}

// payload is a message as it is sent to an incoming webhook, as far as it has
// limits.
type payload struct {
	Text        string            `json:"text"`
	Blocks      []block           `json:"blocks"`
	Attachments []json.RawMessage `json:"attachments"`
	UnfurlLinks *bool             `json:"unfurl_links"`
	UnfurlMedia *bool             `json:"unfurl_media"`
}

// block is a block or an element of one; which fields it may have depends on
// its type.
type block struct {
	Type      string          `json:"type"`
	BlockID   string          `json:"block_id"`
	ActionID  string          `json:"action_id"`
	Text      json.RawMessage `json:"text"` // a text object, or the text itself where the block is one
	Fields    []textObject    `json:"fields"`
	Elements  []block         `json:"elements"`
	Accessory *block          `json:"accessory"`
	URL       string          `json:"url"`
	Value     string          `json:"value"`
	ImageURL  string          `json:"image_url"`
	AltText   string          `json:"alt_text"`
}

type textObject struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// readPayload reads a request as Slack does; problem is the word that it
// refuses it with.
func readPayload(r *http.Request, raw []byte) (p payload, problem string) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.Method != http.MethodPost || err != nil || media != "application/json" || !utf8.Valid(raw) {
		return p, "invalid_payload"
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return p, "invalid_payload"
	}
	return p, ""
}

// Limits of a message (https://docs.slack.dev/reference/block-kit/blocks), in
// characters.
const (
	maxText        = 40000
	maxBlocks      = 50
	maxAttachments = 100
	maxSection     = 3000
	maxField       = 2000
	maxFields      = 10
	maxHeader      = 150
	maxContext     = 10
	maxContextText = 3000
	maxActions     = 25
	maxID          = 255
	maxButton      = 75
	maxURL         = 3000
	maxValue       = 2000
	maxAlt         = 2000
)

// refusal is the word that Slack answers with to a payload that it doesn't
// take; empty where it takes it.
func (p payload) refusal() string {
	switch {
	case p.Text == "" && len(p.Blocks) == 0 && len(p.Attachments) == 0:
		return "no_text"
	case len(p.Attachments) > maxAttachments:
		return "too_many_attachments"
	case len(p.Blocks) > maxBlocks:
		return "invalid_blocks"
	}
	ids := map[string]bool{}
	for i, b := range p.Blocks {
		if b.BlockID != "" && ids[b.BlockID] {
			return fmt.Sprintf("invalid_blocks: block %d: block_id %q is there twice", i, b.BlockID)
		}
		ids[b.BlockID] = true
		if err := b.check(); err != nil {
			return fmt.Sprintf("invalid_blocks: block %d: %v", i, err)
		}
	}
	return ""
}

// check holds a block to its type's limits.
func (b block) check() error {
	if utf8.RuneCountInString(b.BlockID) > maxID {
		return fmt.Errorf("block_id is longer than %d", maxID)
	}
	switch b.Type {
	case "section":
		return b.checkSection()
	case "header":
		return b.checkText("header", maxHeader, "plain_text")
	case "context":
		return b.checkContext()
	case "actions":
		return b.checkActions()
	case "image":
		return b.checkImage()
	case "divider", "rich_text":
		return nil
	}
	return fmt.Errorf("a block of type %q", b.Type)
}

func (b block) checkSection() error {
	if len(b.Text) == 0 && len(b.Fields) == 0 {
		return fmt.Errorf("a section without text and fields")
	}
	if len(b.Text) > 0 {
		if err := b.checkText("section", maxSection, "mrkdwn", "plain_text"); err != nil {
			return err
		}
	}
	if len(b.Fields) > maxFields {
		return fmt.Errorf("%d fields, at most %d", len(b.Fields), maxFields)
	}
	for _, f := range b.Fields {
		if err := f.check("field", maxField, "mrkdwn", "plain_text"); err != nil {
			return err
		}
	}
	if b.Accessory != nil {
		return b.Accessory.checkElement()
	}
	return nil
}

func (b block) checkContext() error {
	if n := len(b.Elements); n == 0 || n > maxContext {
		return fmt.Errorf("a context of %d elements, 1 to %d", n, maxContext)
	}
	for _, e := range b.Elements {
		if e.Type == "image" {
			if err := e.checkImage(); err != nil {
				return err
			}
			continue
		}
		if err := e.object().check("context", maxContextText, "mrkdwn", "plain_text"); err != nil {
			return err
		}
	}
	return nil
}

func (b block) checkActions() error {
	if n := len(b.Elements); n == 0 || n > maxActions {
		return fmt.Errorf("%d actions, 1 to %d", n, maxActions)
	}
	for _, e := range b.Elements {
		if err := e.checkElement(); err != nil {
			return err
		}
	}
	return nil
}

// checkElement holds a button or an image to its limits.
func (b block) checkElement() error {
	switch b.Type {
	case "image":
		return b.checkImage()
	case "button":
		if utf8.RuneCountInString(b.ActionID) > maxID || len(b.URL) > maxURL || utf8.RuneCountInString(b.Value) > maxValue {
			return fmt.Errorf("a button whose action_id, url or value is too long")
		}
		return b.checkText("button", maxButton, "plain_text")
	}
	return fmt.Errorf("an element of type %q", b.Type)
}

func (b block) checkImage() error {
	if b.ImageURL == "" || len(b.ImageURL) > maxURL || b.AltText == "" || utf8.RuneCountInString(b.AltText) > maxAlt {
		return fmt.Errorf("an image without address or description, or with one that is too long")
	}
	return nil
}

// checkText holds a block's text object to its limits.
func (b block) checkText(where string, most int, types ...string) error {
	return b.textObject().check(where, most, types...)
}

// textObject is the block's text; empty where it has none.
func (b block) textObject() textObject {
	var t textObject
	if err := json.Unmarshal(b.Text, &t); err != nil {
		return textObject{}
	}
	return t
}

// object is a context's element as the text object that it is.
func (b block) object() textObject {
	t := textObject{Type: b.Type}
	if err := json.Unmarshal(b.Text, &t.Text); err != nil {
		return textObject{}
	}
	return t
}

// check holds a text to its limits.
func (t textObject) check(where string, most int, types ...string) error {
	if !strings.Contains(" "+strings.Join(types, " ")+" ", " "+t.Type+" ") || t.Type == "" {
		return fmt.Errorf("a %s's text of type %q", where, t.Type)
	}
	if n := utf8.RuneCountInString(t.Text); n == 0 || n > most {
		return fmt.Errorf("a %s's text of %d characters, 1 to %d", where, n, most)
	}
	return nil
}

// problems says what Slack would show wrong: text that is cut, that calls
// people, that isn't escaped, links that unfold.
func (p payload) problems() []string {
	var problems []string
	if utf8.RuneCountInString(p.Text) > maxText {
		problems = append(problems, "the text is cut")
	}
	if p.Text == "" {
		problems = append(problems, "no text for notifications and screen readers")
	}
	if p.UnfurlLinks == nil || *p.UnfurlLinks || p.UnfurlMedia == nil || *p.UnfurlMedia {
		problems = append(problems, "links may unfold")
	}
	for _, text := range p.marked() {
		problems = append(problems, markup(text)...)
	}
	return problems
}

// marked are the texts in which Slack reads markup.
func (p payload) marked() []string {
	all := []string{p.Text}
	add := func(t textObject) {
		if t.Type == "mrkdwn" {
			all = append(all, t.Text)
		}
	}
	for _, b := range p.Blocks {
		add(b.textObject())
		for _, f := range b.Fields {
			add(f)
		}
		for _, e := range b.Elements {
			add(e.object())
		}
	}
	return all
}

// Control sequences: whatever stands between angle brackets; a link with its
// label is a harmless one.
var (
	sequence  = regexp.MustCompile(`<[^<>]*>`)
	link      = regexp.MustCompile(`^<(https?://|mailto:)[^|\s<>]+(\|[^|<>\n]+)?>$`)
	date      = regexp.MustCompile(`^<!date\^[0-9]+\^[^|<>]+\|[^<>]+>$`)
	entity    = regexp.MustCompile(`&(amp|lt|gt);`)
	quotation = regexp.MustCompile(`(?m)^>`)
	unescaped = regexp.MustCompile(`[&<>]`)
)

// markup says what in a text would call somebody or isn't escaped
// (https://docs.slack.dev/messaging/formatting-message-text).
func markup(text string) []string {
	var problems []string
	rest := sequence.ReplaceAllStringFunc(text, func(s string) string {
		if !link.MatchString(s) && !date.MatchString(s) {
			problems = append(problems, "the control sequence "+s)
		}
		return strings.ReplaceAll(strings.Trim(s, "<>"), "&", "&amp;")
	})
	rest = quotation.ReplaceAllString(entity.ReplaceAllString(rest, ""), "")
	if bad := unescaped.FindString(rest); bad != "" {
		problems = append(problems, fmt.Sprintf("%q isn't escaped in %q", bad, text))
	}
	return problems
}
