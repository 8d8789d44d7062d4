package slack

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"driftwatch/alert/channel"
	"driftwatch/guard"
	"driftwatch/news"
)

// The actions of the buttons.
const (
	actionRelevant   = "driftwatch_relevant"
	actionIrrelevant = "driftwatch_irrelevant"
	actionSilence    = "driftwatch_silence"
)

// silenceFor is how long the third button silences a story.
const silenceFor = 24 * time.Hour

// Listener hears the buttons of a bot's messages over Socket Mode: a connection
// that this side opens, so that nothing needs to be reached from outside
// (https://docs.slack.dev/apis/events-api/using-socket-mode).
type Listener struct {
	Token     string // xapp-…, an app-level token with the scope connections:write
	API       string // as of [BotSettings]
	UserAgent string
	Now       func() time.Time // nil: time.Now

	// Verdict and Silence are called for each button that was pressed, one call
	// at a time, with the name of who pressed it. What they return is shown to
	// that person alone. An error is shown as a failure and goes to Failed.
	Verdict func(ctx context.Context, story int64, says news.Judgement, person string) error
	Silence func(ctx context.Context, story int64, person string, until time.Time) error

	// Failed is told what went wrong, a sentence without secrets; nil: nobody is.
	Failed func(problem error)
}

// Run listens until ctx ends, and connects anew whenever the connection is
// lost. An error is one that no further attempt helps with: a token that Slack
// doesn't know.
func (l *Listener) Run(ctx context.Context) error {
	if !strings.HasPrefix(l.Token, "xapp-") {
		return errors.New("app_token: an app-level token is expected, which begins with xapp-")
	}
	api, err := client("", l.API, l.UserAgent, slack.OptionAppLevelToken(l.Token))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	socket := socketmode.New(api,
		socketmode.OptionDialer(l.dialer()), socketmode.OptionReadLimit(longestEvent),
		socketmode.OptionLog(log.New(io.Discard, "", 0)))
	ended := make(chan error, 1)
	go func() { ended <- socket.RunContext(ctx) }()
	for {
		select {
		case err := <-ended:
			if ctx.Err() != nil {
				return nil
			}
			return problemOf(err)
		case e := <-socket.Events:
			l.event(ctx, socket, e)
		}
	}
}

// longestEvent is more than any event of a button has, in bytes.
const longestEvent = 4 << 20

// dialer reaches the hosts of Slack and no other: which of them the connection
// goes to is Slack's to say.
func (l *Listener) dialer() *websocket.Dialer {
	var d net.Dialer
	return &websocket.Dialer{
		HandshakeTimeout: 15 * time.Second,
		NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			host, _, err := net.SplitHostPort(address)
			if err != nil || !l.isSlack(host) {
				return nil, errors.New("not a host of Slack")
			}
			return d.DialContext(ctx, network, address)
		},
	}
}

// event deals with one event of the connection.
func (l *Listener) event(ctx context.Context, socket *socketmode.Client, e socketmode.Event) {
	switch e.Type {
	case socketmode.EventTypeConnectionError:
		if said, ok := e.Data.(*slack.ConnectionErrorEvent); ok && ctx.Err() == nil {
			l.fail(problemOf(said.ErrorObj))
		}
	case socketmode.EventTypeInteractive:
		// Slack wants to hear within three seconds that the event has arrived.
		if err := socket.AckCtx(ctx, e.Request.EnvelopeID, nil); err != nil {
			l.fail(errors.New("the answer to a button could not be sent"))
		}
		if pressed, ok := e.Data.(slack.InteractionCallback); ok {
			l.pressed(ctx, pressed)
		}
	default:
		if e.Request != nil && e.Request.EnvelopeID != "" {
			if err := socket.AckCtx(ctx, e.Request.EnvelopeID, nil); err != nil {
				l.fail(errors.New("the answer to an event could not be sent"))
			}
		}
	}
}

// pressed does what the buttons say.
func (l *Listener) pressed(ctx context.Context, c slack.InteractionCallback) {
	if c.Type != slack.InteractionTypeBlockActions {
		return
	}
	person := guard.Header(cmp.Or(c.User.Profile.DisplayName, c.User.Profile.RealName, c.User.RealName, c.User.Name, c.User.ID))
	for _, action := range c.ActionCallback.BlockActions {
		story, err := strconv.ParseInt(action.Value, 10, 64)
		if err != nil || story <= 0 {
			continue // no button of ours
		}
		said, err := l.act(ctx, action.ActionID, story, person)
		if err != nil {
			l.fail(err)
			said = "That didn't work: " + err.Error()
		}
		if said != "" {
			l.answer(ctx, c.ResponseURL, said)
		}
	}
}

// act does what one button says, and gives what the person is told.
func (l *Listener) act(ctx context.Context, action string, story int64, person string) (string, error) {
	switch action {
	case actionRelevant:
		return "Noted as relevant, by " + person + ".", l.Verdict(ctx, story, news.Relevant, person)
	case actionIrrelevant:
		return "Noted as not relevant, by " + person + ".", l.Verdict(ctx, story, news.Irrelevant, person)
	case actionSilence:
		until := l.now().Add(silenceFor)
		return "This story is silent for 24 hours.", l.Silence(ctx, story, person, until)
	}
	return "", nil
}

// answer tells the person who pressed a button what came of it. Where to is the
// event's to say; it is a host of Slack or nothing is sent.
func (l *Listener) answer(ctx context.Context, to, text string) {
	u, err := channel.Address(to)
	if err != nil || channel.Plain(u) || !l.isSlack(u.Hostname()) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	m := &slack.WebhookMessage{Text: escape(guard.Line(text)), ResponseType: slack.ResponseTypeEphemeral}
	if err := slack.PostWebhookCustomHTTPContext(ctx, u.String(), channel.Client(u), m); err != nil && ctx.Err() == nil {
		l.fail(errors.New("the person who pressed a button could not be told: " + channel.Network(err)))
	}
}

// isSlack reports whether a host is Slack's, by the host of its methods.
func (l *Listener) isSlack(host string) bool {
	u, err := url.Parse(cmp.Or(l.API, slackAPI))
	if err != nil {
		return false
	}
	home := strings.ToLower(u.Hostname())
	host = strings.ToLower(host)
	return host == home || strings.HasSuffix(host, "."+home)
}

func (l *Listener) now() time.Time {
	if l.Now == nil {
		return time.Now()
	}
	return l.Now()
}

func (l *Listener) fail(err error) {
	if l.Failed != nil {
		l.Failed(err)
	}
}
