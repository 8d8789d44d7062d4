package alert

import (
	"cmp"
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"driftwatch/configs"
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

	// Router lets a message begin with the hits that its route asked for, and
	// knows of quiet hours and caps; nil: with the strongest, and there are none.
	Router *Router
	// Manner is how a route's channel tells what is new in a story; nil: by messages.
	Manner func(Target) configs.Manner
	// Source gives what the catalogue knows of a source, for the outlet's name
	// and country; nil: the alert's own.
	Source func(id string) (news.Source, bool)
	// Told is called after each acceptance of a story's message was recorded, one
	// call at a time.
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
	if o.Router == nil {
		o.Router = Routes(nil)
	}
	if o.Manner == nil {
		o.Manner = func(Target) configs.Manner { return configs.MannerMessages }
	}
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
	p, err := l.pack(sendCtx, d)
	switch {
	case err != nil:
		return l.put(ctx, d, "the message could not be put together: "+err.Error(), 0)
	case p.aside != nil:
		return l.setAside(ctx, p)
	}
	receipt, err := p.send(sendCtx)
	l.paced = l.o.Now().Add(l.o.Pace(l.name))
	return l.settle(ctx, p, receipt, err)
}

// parcel is a delivery that is ready to be sent, or set aside.
type parcel struct {
	news.Delivery
	alert *news.Alert // of a story's
	send  func(context.Context) (receipt string, err error)

	aside func(context.Context) error // records why it isn't sent now
	count func(*ChannelReport)
}

// told is what the parcel says of its story; nil: it is about none.
func (p parcel) told() *news.StoryState {
	if p.alert == nil {
		return nil
	}
	return &p.alert.State
}

// pack puts a delivery's message together, by its kind.
func (l *line) pack(ctx context.Context, d news.Delivery) (parcel, error) {
	p := parcel{Delivery: d}
	switch d.Kind {
	case news.DeliveryDigest:
		g, err := digestOf(d, func(d news.Delivery) (news.Alert, error) { return l.alert(ctx, d) })
		p.send = func(ctx context.Context) (string, error) { return l.channel.SendDigest(ctx, g) }
		return p, err
	case news.DeliveryNote:
		n, err := noteOf(d)
		p.send = func(ctx context.Context) (string, error) { return l.channel.SendNote(ctx, n) }
		return p, err
	case news.DeliveryMore:
		none, err := l.packMore(ctx, &p)
		if none {
			l.cancel(&p, "there is nothing more to name")
		} else if err == nil {
			l.inQuiet(&p, 0)
		}
		return p, err
	}
	a, err := l.alert(ctx, d)
	if err != nil {
		return p, err
	}
	p.alert = &a
	p.send = func(ctx context.Context) (string, error) { return l.channel.Send(ctx, a) }
	return p, l.judge(ctx, &p)
}

// packMore puts together what names several stories; none: there are none any more.
func (l *line) packMore(ctx context.Context, p *parcel) (none bool, err error) {
	rows, err := l.box.Folded(ctx, p.ID)
	if err != nil || len(rows) == 0 {
		return err == nil, err
	}
	if p.Content == news.WaitQuiet {
		g, err := l.afterQuiet(ctx, p.Delivery, rows)
		p.send = func(ctx context.Context) (string, error) { return l.channel.SendDigest(ctx, g) }
		return false, err
	}
	n := l.more(p.Delivery, rows)
	p.send = func(ctx context.Context) (string, error) { return l.channel.SendNote(ctx, n) }
	return false, nil
}

// judge decides whether a story's message is to go out now. All that keeps it
// back is asked here, at the moment of sending, so that what changes while it
// waits counts: a silence that was added, a level that rose.
func (l *line) judge(ctx context.Context, p *parcel) error {
	a := p.alert
	if len(a.Hits) == 0 {
		p.aside = func(ctx context.Context) error { return l.box.Fail(ctx, p.ID, noHits) }
		p.count = func(c *ChannelReport) { c.Failed++; c.note(noHits) }
		return nil
	}
	manner := l.o.Manner(Target{p.Route, p.Channel})
	if a.Last != nil && !WorthTelling(a.Changes, manner) {
		l.cancel(p, fmt.Sprintf("nothing new since version %d", a.Last.Version))
		return nil
	}
	if done, err := l.silenced(ctx, p); done || err != nil {
		return err
	}
	edits := manner == configs.MannerEdits
	if l.inQuiet(p, a.State.Level) {
		if l.o.Router.QuietDigest(Target{p.Route, p.Channel}) && !(edits && a.First != nil) {
			l.fold(p, news.WaitQuiet, l.o.Router.QuietUntil(Target{p.Route, p.Channel}, a.State.Level, l.o.Now()))
		}
		return nil
	}
	if edits && a.First != nil {
		return nil // it changes a message that is there, and caps are for new ones
	}
	return l.capped(ctx, p, !edits)
}

const noHits = "the story has no hits any more"

// silenced sets a message aside whose hits are all kept back by silences.
func (l *line) silenced(ctx context.Context, p *parcel) (bool, error) {
	silences, err := l.box.Silences(ctx, l.o.Now())
	if err != nil || len(silences) == 0 {
		return false, err
	}
	hits := l.o.Router.taken(p.Route, *p.alert)
	by := int64(0)
	for _, h := range hits {
		i := slices.IndexFunc(silences, func(s news.Silence) bool {
			return s.Active(l.o.Now()) && s.Takes(h, p.alert.Article.Source)
		})
		if i < 0 {
			return false, nil
		}
		by = cmp.Or(by, silences[i].ID)
	}
	if by == 0 {
		return false, nil
	}
	p.aside = func(ctx context.Context) error { return l.box.Silenced(ctx, p.ID, by, p.told()) }
	p.count = func(c *ChannelReport) { c.Silenced++ }
	return true, nil
}

// inQuiet sets a message aside until quiet hours end.
func (l *line) inQuiet(p *parcel, level int) bool {
	until := l.o.Router.QuietUntil(Target{p.Route, p.Channel}, level, l.o.Now())
	if until.IsZero() {
		return false
	}
	p.aside = func(ctx context.Context) error { return l.box.Hold(ctx, p.ID, news.WaitQuiet, until) }
	p.count = func(c *ChannelReport) { c.Waiting++ }
	return true
}

// capped sets a message aside that its route may not send in this hour: it is
// named in one message with the others, when the hour is over. Updates count
// where they are messages of their own.
func (l *line) capped(ctx context.Context, p *parcel, updates bool) error {
	most := l.o.Router.MaxPerHour(p.Route)
	if most == 0 {
		return nil
	}
	now := l.o.Now()
	sent, err := l.box.SentTimes(ctx, p.Route, p.Channel, updates, now.Add(-time.Hour), now)
	if err != nil || len(sent) < most {
		return err
	}
	l.fold(p, "", sent[len(sent)-most].Add(time.Hour))
	return nil
}

// fold sets a message aside that is named with others at a time; why is what
// gathers them, "" a cap.
func (l *line) fold(p *parcel, why string, at time.Time) {
	more := news.Delivery{Key: NewKey(), Created: l.o.Now().UTC(), NextAt: at, Content: why}
	p.aside = func(ctx context.Context) error { return l.box.Fold(ctx, p.ID, p.told(), more) }
	p.count = func(c *ChannelReport) { c.Folded++ }
}

// cancel sets a message aside that there is no need for.
func (l *line) cancel(p *parcel, why string) {
	p.aside = func(ctx context.Context) error { return l.box.Cancelled(ctx, p.ID, why) }
	p.count = func(*ChannelReport) {}
}

// setAside records why a message isn't sent.
func (l *line) setAside(ctx context.Context, p parcel) error {
	if err := l.record(ctx, p.aside); err != nil {
		return fmt.Errorf("record why delivery %d isn't sent: %w", p.ID, err)
	}
	l.count(l.name, p.count)
	return nil
}

// NewKey makes a delivery's key.
func NewKey() string { return "dw_" + crand.Text() }

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
	return Complete(a, l.o.Router, l.o.Source), nil
}

// Complete fills in what an outbox leaves open of an alert: what is new, in a first
// message what has become of the story's pages, and what the catalogue knows of
// its sources, source nil for nothing. The hits that the alert's route takes come
// first.
func Complete(a news.Alert, router *Router, source func(id string) (news.Source, bool)) news.Alert {
	if a.Last != nil {
		a.Changes = Changes(*a.Last.Told, a.State, articles(a))
	} else {
		a.Changes = news.PagesSince(news.StoryState{}, a.State)
	}
	if source != nil {
		if s, ok := source(cmp.Or(a.Source.ID, a.Article.Source)); ok {
			a.Source = s
		}
		for i, r := range a.Reports {
			if s, ok := source(r.Source); ok {
				a.Reports[i].Source = cmp.Or(s.Name, r.Source)
			}
		}
	}
	a.Hits = router.first(a.Delivery.Route, a)
	return a
}

// settle records what the channel said to a message.
func (l *line) settle(ctx context.Context, p parcel, receipt string, err error) error {
	var partial *PartialError
	var permanent *PermanentError
	var retry *RetryError
	switch {
	case err == nil, errors.As(err, &partial):
		return l.sent(ctx, p, receipt, partial)
	case errors.As(err, &permanent):
		if permanent.Down {
			l.rest(0)
		}
		return l.fail(ctx, p.Delivery, permanent.Problem)
	case errors.As(err, &retry):
		l.rest(retry.After)
		return l.put(ctx, p.Delivery, retry.Problem, retry.After)
	}
	l.rest(0)
	return l.put(ctx, p.Delivery, err.Error(), 0)
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
func (l *line) sent(ctx context.Context, p parcel, receipt string, partial *PartialError) error {
	l.down, l.asked = 0, false
	at := l.o.Now()
	err := l.record(ctx, func(ctx context.Context) error {
		return l.box.Sent(ctx, p.ID, guard.Line(receipt), p.told(), at)
	})
	if err != nil {
		return fmt.Errorf("record that delivery %d was accepted: %w", p.ID, err)
	}
	l.count(l.name, func(c *ChannelReport) {
		c.Sent++
		if partial != nil {
			c.note(guard.Line(partial.Problem))
		}
	})
	if l.o.Told != nil && p.alert != nil {
		l.telling.Lock()
		defer l.telling.Unlock()
		l.o.Told(*p.alert, at)
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
