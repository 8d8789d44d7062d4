package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"driftwatch/alert/channel"
	"driftwatch/alert/message"
	"driftwatch/news"
)

// BotSettings are those of a Slack channel that is written to with a bot token.
type BotSettings struct {
	Token     string // xoxb-…, with the scope chat:write
	Channel   string // its id (C024BE91L) or name (#newsroom)
	API       string // where Slack's methods are; "": https://slack.com/api/
	UserAgent string
	Zone      *time.Location // of the times in messages; nil: UTC
	Buttons   bool           // messages have buttons; somebody must listen, see [Listener]
}

// Bot writes to one Slack channel with a bot token: it edits what it wrote, and
// replies in its thread.
type Bot struct {
	api     *slack.Client
	channel string
	zone    *time.Location
	buttons bool
}

// slackAPI is where Slack's methods are.
const slackAPI = "https://slack.com/api/"

// NewBot makes a channel of its settings. An error names the setting that is
// wrong and doesn't hold its value.
func NewBot(s BotSettings) (*Bot, error) {
	api, err := client(s.Token, s.API, s.UserAgent)
	switch {
	case err != nil:
		return nil, err
	case !strings.HasPrefix(s.Token, "xoxb-"):
		return nil, errors.New("token: a bot token is expected, which begins with xoxb-")
	case s.Channel == "":
		return nil, errors.New("channel: is missing")
	}
	return &Bot{api: api, channel: s.Channel, zone: s.Zone, buttons: s.Buttons}, nil
}

// client speaks to Slack's methods and to no other host.
func client(token, api, userAgent string, more ...slack.Option) (*slack.Client, error) {
	u, err := channel.Address(cmp.Or(api, slackAPI))
	if err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	if channel.Plain(u) {
		return nil, errors.New("api: must begin with https://, since the token is a secret")
	}
	if !strings.HasSuffix(u.Path, "/") {
		u.Path += "/"
	}
	web := channel.Client(u)
	web.Transport = named{web.Transport, userAgent}
	options := append([]slack.Option{
		slack.OptionAPIURL(u.String()), slack.OptionHTTPClient(web), slack.OptionLog(log.New(io.Discard, "", 0)),
	}, more...)
	return slack.New(token, options...), nil
}

// named says who asks.
type named struct {
	http.RoundTripper
	userAgent string
}

// RoundTrip makes a request under the program's name.
func (n named) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", n.userAgent)
	return n.RoundTripper.RoundTrip(r)
}

// Edits reports that a later message of a story changes the first one.
func (b *Bot) Edits() bool { return true }

// Send posts an alert, or edits the message that the alert's First left and
// says in its thread what is new. The receipt is "posted" or "edited" with the
// channel's id and the message's time, by which a later update finds it. Where
// the message is gone a new one is posted: its receipt begins with "posted"
// again. Errors: [*channel.RetryError] where Slack is busy, down or asks to
// wait; [*channel.PermanentError] with advice where the channel or the token is
// no good, or a message is refused.
func (b *Bot) Send(ctx context.Context, a news.Alert) (string, error) {
	m := message.New(a, b.zone)
	if a.First == nil {
		return b.post(ctx, a.Delivery.Key, b.withButtons(Of(m), a))
	}
	at, ok := placeOf(a.First.Receipt)
	if !ok { // the first went out by other means
		return b.post(ctx, a.Delivery.Key, b.withButtons(Of(m), a))
	}
	err := b.edit(ctx, at, b.withButtons(Standing(m), a))
	switch code := codeOf(err); {
	case code == "message_not_found" || code == "channel_not_found" && at.channel != b.channel:
		return b.post(ctx, a.Delivery.Key, b.withButtons(Of(m), a))
	case code == "edit_window_closed" || code == "cant_update_message":
		// this workspace doesn't let it be edited; the thread tells what is new
	case err != nil:
		return "", problemOf(err)
	}
	reply, err := b.reply(ctx, a.Delivery.Key, at, Reply(m))
	if err != nil {
		return "", problemOf(err)
	}
	return "edited " + at.String() + ", reply " + reply, nil
}

// SendDigest posts a digest. Receipt and errors are those of Send.
func (b *Bot) SendDigest(ctx context.Context, d news.Digest) (string, error) {
	return b.post(ctx, d.Key, DigestCard(message.NewDigest(d, b.zone)))
}

// SendNote posts a note. Receipt and errors are those of Send.
func (b *Bot) SendNote(ctx context.Context, n news.Note) (string, error) {
	return b.post(ctx, n.Key, NoteCard(message.NewNote(n)))
}

// Preview gives the blocks that Send posts, as JSON.
func (b *Bot) Preview(a news.Alert) (content []byte, mediaType string, err error) {
	return preview(b.withButtons(Of(message.New(a, b.zone)), a))
}

// place is where a message stands.
type place struct{ channel, ts string }

func (p place) String() string { return p.channel + " " + p.ts }

var placed = regexp.MustCompile(`\b([A-Z][A-Z0-9]{4,20}) ([0-9]{6,12}\.[0-9]{4,8})\b`)

func placeOf(receipt string) (place, bool) {
	m := placed.FindStringSubmatch(receipt)
	if m == nil {
		return place{}, false
	}
	return place{m[1], m[2]}, true
}

// keyEvent is the type of the metadata that carries a delivery's key, by which
// a second copy can be told.
const keyEvent = "driftwatch_delivery"

func (b *Bot) post(ctx context.Context, key string, c Card) (string, error) {
	ch, ts, err := b.api.PostMessageContext(ctx, b.channel, options(key, c)...)
	if err != nil {
		return "", problemOf(err)
	}
	return news.Posted + place{ch, ts}.String(), nil
}

func (b *Bot) edit(ctx context.Context, at place, c Card) error {
	_, _, _, err := b.api.UpdateMessageContext(ctx, at.channel, at.ts, slack.MsgOptionText(c.Text, false), slack.MsgOptionBlocks(c.Blocks...))
	return err
}

func (b *Bot) reply(ctx context.Context, key string, at place, c Card) (ts string, err error) {
	_, ts, err = b.api.PostMessageContext(ctx, at.channel, append(options(key, c), slack.MsgOptionTS(at.ts))...)
	return ts, err
}

func options(key string, c Card) []slack.MsgOption {
	return []slack.MsgOption{
		slack.MsgOptionText(c.Text, false), slack.MsgOptionBlocks(c.Blocks...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: keyEvent, EventPayload: map[string]any{"key": key}}),
	}
}

// withButtons adds the buttons to the card of a story.
func (b *Bot) withButtons(c Card, a news.Alert) Card {
	if !b.buttons || a.Story.ID == 0 || len(a.Hits) == 0 {
		return c
	}
	story := strconv.FormatInt(a.Story.ID, 10)
	button := func(action, text string) *slack.ButtonBlockElement {
		return slack.NewButtonBlockElement(action, story, slack.NewTextBlockObject(slack.PlainTextType, text, false, false))
	}
	c.Blocks = append(c.Blocks, slack.NewActionBlock("driftwatch",
		button(actionRelevant, "Relevant"), button(actionIrrelevant, "Not relevant"), button(actionSilence, "Silence 24 h")))
	return c
}

// codeOf is the word with which Slack refused; "" where it said none.
func codeOf(err error) string {
	if said := (slack.SlackErrorResponse{}); errors.As(err, &said) {
		return said.Err
	}
	return ""
}

// advice is what an operator can do where a channel or token is no good.
var advice = map[string]string{
	"channel_not_found":         "there is no such channel for this token; correct `channel`, or invite the app into it: /invite @app",
	"not_in_channel":            "the app isn't in the channel; invite it: /invite @app",
	"is_archived":               "the channel is archived; restore it, or name another in `channel`",
	"restricted_action":         "the workspace doesn't let the app post there; ask its administrator, or name another channel",
	"account_inactive":          "the app was removed from the workspace; install it again and put its new token into `token`",
	"token_revoked":             "the token was revoked; install the app again and put its new token into `token`",
	"token_expired":             "the token has expired; turn token rotation off or put a new one into `token`",
	"invalid_auth":              "Slack doesn't know the token; copy it anew into `token`",
	"not_authed":                "Slack got no token; put one into `token`",
	"missing_scope":             "the app lacks the scope chat:write; add it under OAuth & Permissions and install the app again",
	"no_permission":             "the app lacks a permission; install it again with the scope chat:write",
	"org_login_required":        "the workspace is being moved; ask its administrator",
	"ekm_access_denied":         "the workspace's administrators have suspended posting",
	"team_access_not_granted":   "the token isn't for this workspace; install the app there",
	"two_factor_setup_required": "the account needs two-factor authentication",
}

// aboutMessage are refusals of one message, and not of all.
var aboutMessage = map[string]bool{
	"invalid_blocks": true, "invalid_blocks_format": true, "msg_too_long": true, "msg_blocks_too_long": true, "no_text": true,
	"too_many_attachments": true, "invalid_arguments": true, "metadata_too_large": true, "invalid_metadata_format": true,
	"invalid_metadata_schema": true, "metadata_must_be_sent_from_app": true, "message_not_found": true, "cannot_reply_to_message": true,
}

// problemOf is what becomes of an error that Slack answered, or that came up on
// the way.
func problemOf(err error) error {
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var way *url.Error
	code := codeOf(err)
	switch {
	case errors.As(err, &limited):
		return &channel.RetryError{Problem: "answered 429 ratelimited", After: limited.RetryAfter}
	case errors.As(err, &status) && (status.Code >= 500 || status.Code == http.StatusTooManyRequests || status.Code == http.StatusRequestTimeout):
		return &channel.RetryError{Problem: answered(status.Code)}
	case errors.As(err, &status):
		return &channel.PermanentError{Problem: answered(status.Code) + ": something other than Slack's methods is at `api`", Down: true}
	case advice[code] != "":
		return &channel.PermanentError{Problem: code + ": " + advice[code], Down: true}
	case aboutMessage[code]:
		return &channel.PermanentError{Problem: "Slack refuses the message: " + code}
	case plainCode.MatchString(code):
		return &channel.RetryError{Problem: "Slack answered " + code}
	case errors.As(err, &way), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &channel.RetryError{Problem: channel.Network(err)}
	case errors.As(err, &syntax), errors.As(err, &kind), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &channel.RetryError{Problem: "what answers isn't Slack: no JSON"}
	}
	return &channel.RetryError{Problem: "Slack's answer can't be read"}
}

func answered(status int) string {
	return strings.TrimSpace(fmt.Sprintf("answered %d %s", status, http.StatusText(status)))
}

// plainCode is an answer that is a word for what happened, and holds no secret.
var plainCode = regexp.MustCompile(`^[a-z][a-z0-9_]{2,40}$`)
