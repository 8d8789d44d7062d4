package alert

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"driftwatch/guard"
	"driftwatch/news"
)

// DrainOptions say how deliveries are made. The zero value is what `run` and
// `serve` use.
type DrainOptions struct {
	Timeout  time.Duration                      // longest that any attempt may take; 0: 2 min
	Pace     func(channel string) time.Duration // least time between two messages of a channel; nil: 1 s
	Patience time.Duration                      // longest Retry-After that is waited for though nothing else is coming; 0: 30 s; below 0: none
	Poll     time.Duration                      // longest time between two looks into the outbox while more may come; 0: 15 s
	Grace    time.Duration                      // what a message in hand may still take after ctx has ended; 0: 5 s

	// Router lets a message begin with the hits that its route asked for; nil:
	// with the strongest.
	Router *Router
	// Source gives what the catalogue knows of a source, for the outlet's name
	// and country; nil: the alert's own.
	Source func(id string) (news.Source, bool)
	// Told is called after each acceptance was recorded, one call at a time.
	Told func(a news.Alert, at time.Time)

	Now    func() time.Time // nil: time.Now
	Jitter func() float64   // 0 to 1; nil: at random
}

func (o DrainOptions) withDefaults() DrainOptions {
	o.Timeout = cmp.Or(o.Timeout, 2*time.Minute)
	if o.Pace == nil {
		o.Pace = func(string) time.Duration { return time.Second }
	}
	o.Patience = cmp.Or(o.Patience, 30*time.Second)
	o.Poll = cmp.Or(o.Poll, 15*time.Second)
	o.Grace = cmp.Or(o.Grace, 5*time.Second)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	return o
}

// Drain makes what deliveries are due and returns: what a run from cron does
// when nothing more will be filed. Deliveries that failed stay for a later
// call. An error is the outbox's; what channels said is in the report.
func Drain(ctx context.Context, box Outbox, channels map[string]Channel, o DrainOptions) (Report, error) {
	d := NewDrainer(box, channels, o)
	d.Finish()
	return d.Run(ctx)
}

// Drainer makes deliveries while others file them.
type Drainer struct {
	box      Outbox
	channels map[string]Channel
	o        DrainOptions
	lines    []*line
	finished chan struct{}
	finish   sync.Once

	mu      sync.Mutex // guards report
	report  Report
	telling sync.Mutex // one call of Told at a time
}

// NewDrainer prepares for making the deliveries of channels.
func NewDrainer(box Outbox, channels map[string]Channel, o DrainOptions) *Drainer {
	d := &Drainer{
		box: box, channels: channels, o: o.withDefaults(),
		finished: make(chan struct{}),
		report:   Report{Channels: make(map[string]ChannelReport, len(channels))},
	}
	for name, ch := range channels {
		d.report.Channels[name] = ChannelReport{}
		d.lines = append(d.lines, &line{Drainer: d, name: name, channel: ch, kick: make(chan struct{}, 1)})
	}
	return d
}

// Kick says that a delivery was filed: it is looked for at once. Any goroutine
// may call it, at any time.
func (d *Drainer) Kick() {
	for _, l := range d.lines {
		select {
		case l.kick <- struct{}{}:
		default: // it was kicked already
		}
	}
}

// Finish says that nothing more will be filed: Run returns once nothing is due.
func (d *Drainer) Finish() { d.finish.Do(func() { close(d.finished) }) }

// Report says what became of deliveries so far. Any goroutine may call it.
func (d *Drainer) Report() Report {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := Report{Channels: make(map[string]ChannelReport, len(d.report.Channels))}
	for name, c := range d.report.Channels {
		c.Problems = append([]string(nil), c.Problems...)
		out.Channels[name] = c
	}
	return out
}

// Run makes deliveries, each channel's one after the other and the channels
// side by side, until ctx ends, or [Drainer.Finish] was called and nothing is
// due. When ctx ends, messages in hand are finished within the grace and what
// became of them is recorded; that is no error. An error is the outbox's; the
// channel that met it is not drained further. Run is called once.
func (d *Drainer) Run(ctx context.Context) (Report, error) {
	errs := make([]error, len(d.lines))
	var wg sync.WaitGroup
	for i, l := range d.lines {
		wg.Go(func() {
			if err := l.run(ctx); err != nil {
				errs[i] = fmt.Errorf("deliver to %s: %w", l.name, err)
			}
		})
	}
	wg.Wait()
	return d.Report(), errors.Join(errs...)
}

// count changes a channel's report.
func (d *Drainer) count(channel string, f func(*ChannelReport)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.report.Channels[channel]
	f(&c)
	d.report.Channels[channel] = c
}

// line is one channel's queue while it is drained.
type line struct {
	*Drainer
	name    string
	channel Channel
	kick    chan struct{}
	paced   time.Time // the pace allows no message before
	rested  time.Time // the channel could not take a message and is left alone until then
	asked   bool      // rested is what the channel itself asked for
	down    int       // attempts in a row that found the channel unable
}

// run makes the channel's deliveries until there is nothing more to do.
func (l *line) run(ctx context.Context) error {
	for l.waitRested(ctx) {
		last := isClosed(l.finished) // what was filed before is found by this look
		made, err := l.next(ctx)
		switch {
		case err != nil:
			return err
		case !made && (last || !sleep(ctx, l.o.Poll, l.finished, l.kick)):
			return nil
		}
	}
	return nil
}

// waitRested waits until the channel may be tried. It reports false where that
// isn't worth waiting for: ctx has ended, or nothing more will be filed and the
// channel is down or asks for more time than patience has.
func (l *line) waitRested(ctx context.Context) bool {
	for {
		left := l.rested.Sub(l.o.Now())
		if left <= 0 {
			return ctx.Err() == nil
		}
		finished := l.finished
		if l.asked && left <= l.o.Patience {
			finished = nil // worth waiting for in any case
		} else if isClosed(finished) {
			return false
		}
		if !sleep(ctx, left, finished, nil) {
			return false
		}
	}
}

// sleep waits for d, or until one of the channels has something. It reports
// false where ctx has ended.
func sleep(ctx context.Context, d time.Duration, finished, kick <-chan struct{}) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
	case <-finished:
	case <-kick:
	}
	return true
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// next makes one delivery; made is false where none is due.
func (l *line) next(ctx context.Context) (made bool, err error) {
	now := l.o.Now()
	got, err := l.box.Lease(ctx, l.name, now, now.Add(l.o.Pace(l.name)+2*(l.o.Timeout+l.o.Grace)), 1)
	switch {
	case err != nil && ctx.Err() != nil:
		return false, nil
	case err != nil:
		return false, err
	case len(got) == 0:
		return false, nil
	}
	return true, l.deliver(ctx, got[0])
}

// deliver sends one delivery, once the pace allows it, and records what became
// of it. From here on the end of ctx doesn't stop it; the grace and the timeout
// do.
func (l *line) deliver(ctx context.Context, d news.Delivery) error {
	if left := l.paced.Sub(l.o.Now()); left > 0 {
		sleep(ctx, left, nil, nil)
	}
	sendCtx, cancel := inHand(ctx, l.o.Timeout, l.o.Grace)
	defer cancel()
	a, err := l.alert(sendCtx, d)
	if err != nil {
		return l.put(ctx, d, "the message could not be put together: "+err.Error(), 0)
	}
	if len(a.Hits) == 0 {
		return l.fail(ctx, d, "the story has no hits any more")
	}
	receipt, err := l.channel.Send(sendCtx, a)
	l.paced = l.o.Now().Add(l.o.Pace(l.name))
	return l.settle(ctx, a, receipt, err)
}

// inHand is the context of a message that was begun: it ends after timeout, or
// a while after ctx does.
func inHand(ctx context.Context, timeout, grace time.Duration) (context.Context, context.CancelFunc) {
	out, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	stop := context.AfterFunc(ctx, func() {
		t := time.NewTimer(grace)
		defer t.Stop()
		select {
		case <-t.C:
			cancel()
		case <-out.Done():
		}
	})
	return out, func() { stop(); cancel() }
}

// alert reads what the message of a delivery says.
func (l *line) alert(ctx context.Context, d news.Delivery) (news.Alert, error) {
	a, err := l.box.Alert(ctx, d)
	if err != nil {
		return a, err
	}
	a.Delivery = d
	if l.o.Router != nil {
		a.Hits = l.o.Router.first(d.Route, a.Hits)
	}
	if l.o.Source != nil {
		if s, ok := l.o.Source(cmp.Or(a.Source.ID, a.Article.Source)); ok {
			a.Source = s
		}
	}
	return a, nil
}

// settle records what the channel said to a message.
func (l *line) settle(ctx context.Context, a news.Alert, receipt string, err error) error {
	var partial *PartialError
	var permanent *PermanentError
	var retry *RetryError
	switch {
	case err == nil, errors.As(err, &partial):
		return l.sent(ctx, a, receipt, partial)
	case errors.As(err, &permanent):
		if permanent.Down {
			l.rest(0)
		}
		return l.fail(ctx, a.Delivery, permanent.Problem)
	case errors.As(err, &retry):
		l.rest(retry.After)
		return l.put(ctx, a.Delivery, retry.Problem, retry.After)
	}
	l.rest(0)
	return l.put(ctx, a.Delivery, err.Error(), 0)
}

// rest leaves a channel alone that couldn't take a message: for as long as it
// asked, or else for longer each time it can't.
func (l *line) rest(asked time.Duration) {
	l.down++
	l.asked = asked > 0
	l.rested = l.o.Now().Add(wait(l.down, asked, l.o.Jitter()))
}

// sent records an acceptance. It tries more than once: what isn't recorded is
// sent a second time.
func (l *line) sent(ctx context.Context, a news.Alert, receipt string, partial *PartialError) error {
	l.down, l.asked = 0, false
	at := l.o.Now()
	err := l.record(ctx, func(ctx context.Context) error {
		return l.box.Sent(ctx, a.Delivery.ID, guard.Line(receipt), at)
	})
	if err != nil {
		return fmt.Errorf("record that delivery %d was accepted: %w", a.Delivery.ID, err)
	}
	l.count(l.name, func(c *ChannelReport) {
		c.Sent++
		if partial != nil {
			c.note(guard.Line(partial.Problem))
		}
	})
	if l.o.Told != nil {
		l.telling.Lock()
		defer l.telling.Unlock()
		l.o.Told(a, at)
	}
	return nil
}

// put lays a delivery back for later, or gives it up where it has been tried
// for long enough.
func (l *line) put(ctx context.Context, d news.Delivery, problem string, asked time.Duration) error {
	now := l.o.Now()
	tries := d.Attempts + 1
	if givenUp(tries, d.Created, now) {
		return l.fail(ctx, d, fmt.Sprintf("%s (given up after %d attempts)", problem, tries))
	}
	problem = guard.Line(problem)
	next := now.Add(wait(tries, asked, l.o.Jitter()))
	err := l.record(ctx, func(ctx context.Context) error { return l.box.Retry(ctx, d.ID, problem, next) })
	if err != nil {
		return fmt.Errorf("record that delivery %d was not accepted: %w", d.ID, err)
	}
	l.count(l.name, func(c *ChannelReport) { c.Retried++; c.note(problem) })
	return nil
}

// fail gives a delivery up.
func (l *line) fail(ctx context.Context, d news.Delivery, problem string) error {
	problem = guard.Line(problem)
	err := l.record(ctx, func(ctx context.Context) error { return l.box.Fail(ctx, d.ID, problem) })
	if err != nil {
		return fmt.Errorf("record that delivery %d is given up: %w", d.ID, err)
	}
	l.count(l.name, func(c *ChannelReport) { c.Failed++; c.note(problem) })
	return nil
}

// record writes what is known, up to three times, also after ctx has ended.
func (l *line) record(ctx context.Context, write func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.o.Grace)
	defer cancel()
	var err error
	for range 3 {
		if err = write(ctx); err == nil || !sleep(ctx, 100*time.Millisecond, nil, nil) {
			return err
		}
	}
	return err
}
