package sink

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Names of the stand-ins, as Message.Sink has them.
const (
	SlackSink   = "slack"
	MailSink    = "mail"
	WebhookSink = "webhook"
)

// Message is something that was taken.
type Message struct {
	Sink     string
	Key      string      // what tells one delivery from another
	At       time.Time   // by the sinks' clock
	Subject  string      // of a mail; otherwise empty
	From     string      // of a mail: the envelope's sender
	To       []string    // of a mail: the envelope's recipients
	TLS      bool        // of a mail: it came over TLS
	Header   http.Header // of a mail, its own; otherwise the request's
	Body     []byte      // as it was received; of a mail, the header included
	Problems []string    // what the real receiver would show wrong, though it takes it
}

// Manner is how a sink treats one message. The zero Manner takes it and says so.
type Manner struct {
	// Status is what is answered instead of taking the message: an HTTP status,
	// or an SMTP reply code. 0 takes it.
	Status int
	// Error is the word that a method of Slack's refuses with, under status 200.
	Error string
	// RetryAfter is sent with Status, in whole seconds.
	RetryAfter time.Duration
	// Wait is how long the answer is held back once the message is taken.
	Wait time.Duration
	// Hang takes the message and never answers.
	Hang bool
}

// Options say what kind of sinks to start.
type Options struct {
	Now      func() time.Time // nil: time.Now
	STARTTLS bool             // the mail server wants STARTTLS before any mail
	Username string           // the mail server wants this login, over TLS; empty: none
	Password string
	Secret   string // of the webhook's signature, whsec_…; empty: DefaultSecret
}

// DefaultSecret signs the webhooks of the demo.
const DefaultSecret = "whsec_TWFkZSB1cCBmb3IgdGhlIG5ld3Nyb29tJ3Mgc2luay4="

// Sinks are the three stand-ins, running.
type Sinks struct {
	Slack   *Slack
	Mail    *Mail
	Webhook *Webhook

	ledger *ledger
}

// address is where each sink listens: a port that the system chooses.
const address = "127.0.0.1:0"

// Start starts the three on loopback. Cancelling ctx ends the answers that are
// being held back; Close has to be called in any case.
func Start(ctx context.Context, o Options) (*Sinks, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Secret == "" {
		o.Secret = DefaultSecret
	}
	s := &Sinks{ledger: &ledger{now: o.Now}}
	var slackErr, mailErr, hookErr error
	s.Slack, slackErr = startSlack(ctx, s.ledger)
	s.Mail, mailErr = startMail(ctx, s.ledger, o)
	s.Webhook, hookErr = startWebhook(ctx, s.ledger, o)
	if err := errors.Join(slackErr, mailErr, hookErr); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close ends all three and waits for them.
func (s *Sinks) Close() error {
	var errs []error
	if s.Slack != nil {
		s.Slack.API.hangUp()
		errs = append(errs, s.Slack.server.Close())
	}
	if s.Mail != nil {
		errs = append(errs, s.Mail.close())
	}
	if s.Webhook != nil {
		errs = append(errs, s.Webhook.server.Close())
	}
	return errors.Join(errs...)
}

// Messages are all that were taken, in order.
func (s *Sinks) Messages() []Message { return s.ledger.list("") }

// Doubles counts the messages that were taken more than once: three times the
// same is two.
func (s *Sinks) Doubles() int {
	seen := map[string]bool{}
	var n int
	for _, m := range s.Messages() {
		id := m.Sink + " " + m.Key
		if seen[id] {
			n++
		}
		seen[id] = true
	}
	return n
}

// Await waits until n messages have been taken in all; an error says that ctx
// ended before.
func (s *Sinks) Await(ctx context.Context, n int) error {
	for {
		taken, more := s.ledger.watch()
		if taken >= n {
			return nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return fmt.Errorf("wait for message %d, %d taken so far: %w", n, taken, ctx.Err())
		}
	}
}

// ledger keeps what was taken, in order.
type ledger struct {
	now  func() time.Time
	mu   sync.Mutex
	all  []Message
	more chan struct{} // closed with the next message; nil while nobody waits
}

// watch says how many messages there are, and gives a channel that is closed
// with the next.
func (l *ledger) watch() (taken int, more <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.more == nil {
		l.more = make(chan struct{})
	}
	return len(l.all), l.more
}

// take keeps a message.
func (l *ledger) take(m Message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m.At = l.now()
	l.all = append(l.all, m)
	if l.more != nil {
		close(l.more)
		l.more = nil
	}
}

// list is what one sink took, or all of them.
func (l *ledger) list(sink string) []Message {
	l.mu.Lock()
	defer l.mu.Unlock()
	if sink == "" {
		return slices.Clone(l.all)
	}
	var some []Message
	for _, m := range l.all {
		if m.Sink == sink {
			some = append(some, m)
		}
	}
	return some
}

// desk counts the attempts at a sink and says how each is to be treated.
type desk struct {
	mu       sync.Mutex
	attempts int
	manner   func(attempt int) Manner
}

// Behave sets how the sink treats messages: manner is asked with the number of
// the attempt, counted from 1 since the sink was started. Nil takes them all.
func (d *desk) Behave(manner func(attempt int) Manner) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.manner = manner
}

// Attempts counts the messages that were brought, taken or not.
func (d *desk) Attempts() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.attempts
}

// next counts an attempt and says how to treat it.
func (d *desk) next() Manner {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.attempts++
	if d.manner == nil {
		return Manner{}
	}
	return d.manner(d.attempts)
}

// hold waits as m says before the answer to a message that was taken. It
// returns false where no answer is to be given.
func (m Manner) hold(ctx context.Context) bool {
	if m.Hang {
		<-ctx.Done()
		return false
	}
	if m.Wait == 0 {
		return true
	}
	timer := time.NewTimer(m.Wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
