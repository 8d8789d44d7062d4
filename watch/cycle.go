package watch

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"driftwatch/alert"
	"driftwatch/configs"
	"driftwatch/crawler/fetch"
	"driftwatch/crawler/schedule"
	"driftwatch/news"
	"driftwatch/store"
)

// grace is how long work in hand may go on after a cycle was told to stop;
// well under the 10 s after which cron's and systemd's patience ends.
const grace = 6 * time.Second

// Watch is one configured Driftwatch: what it reads, where it keeps, whom it
// tells. Its fields are set once, before the first cycle.
type Watch struct {
	Store          store.Store
	Database       string // the file, for the summary
	Fetch          *fetch.Client
	Rules          *Rulebook // read when the first article has to be
	Names          Gazetteer
	Router         *alert.Router
	Channels       map[string]alert.Channel
	Sources        []news.Source             // as the configuration named them at the start
	SourceFile     string                    // to which the desk writes sources that are added; empty: none is named
	proxies        proxies                   // clients that ask through the sources' proxies
	recalled       bool                      // the client knows what earlier runs learned of the hosts
	searched       bool                      // a desk searches what is stored: cycles make findable what they file
	MaxAge         time.Duration             // older news is filed, not alerted
	AlertFirstPoll bool                      // alert what a source's first poll finds
	Evidence       Evidence                  // which pages are kept, and when they are looked at again
	Pace           map[string]time.Duration  // least time between two messages, by channel
	Manners        map[string]configs.Manner // how a channel tells what is new in a story, by channel; none: by messages
	Digests        []configs.Digest
	Operator       configs.Operator         // whom to tell of Driftwatch itself
	Feeds          configs.Feeds            // where the flagged stories are written as feeds
	Zone           *time.Location           // of the times in messages; nil: UTC
	Drift          DriftFunc                // the figures of a weekly digest; nil: none
	EventWindow    time.Duration            // how far apart reports of one event are published
	TextWindow     time.Duration            // how far apart copies of one text are
	Concurrency    int                      // requests under way at once; polls are a few times as many
	Hide           func(text string) string // takes secrets out of what repeats a source's address; nil: there are none
	Now            func() time.Time
	Log            *slog.Logger

	Reread     func() (*configs.Config, error) // reads the configuration again; nil: what was read at the start goes on
	fresh      atomic.Pointer[catalogue]       // nil: Sources and Hide hold
	rereading  sync.Mutex
	configured []string // the files of the configuration that name sources
	seen       string   // how they were when they were read last

	way    giveWay // to the desk's pages
	naming sync.Mutex
	names  map[string]string // of the sources, by id
	named  []news.Source     // of which
}

// Order is what one cycle is asked to do.
type Order struct {
	Only     string                // poll this source alone, due or not
	Deadline time.Duration         // start no poll after this long; 0: no deadline
	Progress func(done, total int) // called after each source, from one goroutine at a time
	Keep     bool                  // keep the hits in Summary.Found
	NoAlerts bool                  // file, but send nothing

	// Enough is how long a cycle may take for deliveries' sake: what is still
	// due then is left for the next cycle, though not before leastTelling has
	// passed since the last poll. 0: the deadline, and without one, no end.
	Enough time.Duration
}

// leastTelling is the time that deliveries have after the last poll.
const leastTelling = 30 * time.Second

// telling is how long deliveries may go on when the polls of a cycle have taken
// polled; 0: until nothing is due.
func (o Order) telling(polled time.Duration) time.Duration {
	enough := cmp.Or(o.Enough, o.Deadline)
	if enough <= 0 {
		return 0
	}
	return max(enough-polled, leastTelling)
}

// Cycle polls what is due, files what is new and sends what is owed. It returns
// an error where the work itself could not be done: no rules, no store, a full
// disk; the summary then says how far it came. Failures of single sources and
// deliveries are in the summary alone.
//
// When ctx ends, no new source is asked, what is in hand is finished within a
// few seconds, and the rest comes first next time. The caller holds the cycle's
// lock.
func (w *Watch) Cycle(ctx context.Context, o Order) (Summary, error) {
	t, began := newTally(w.Now()), time.Now()
	t.s.Database = w.Database
	w.Names.expire()
	states, err := w.Store.SourceStates(ctx)
	if err != nil {
		return t.s, fmt.Errorf("read what earlier polls said: %w", err)
	}
	due, err := w.due(ctx, o, states)
	if err == nil && o.Only == "" {
		due, err = w.unpaused(ctx, due)
	}
	if err != nil {
		return t.s, err
	}
	if err := w.recallPaces(ctx); err != nil {
		return t.s, err
	}
	before, err := w.lastBegan(ctx)
	if err != nil {
		return t.s, err
	}
	id, err := w.Store.PutCycle(ctx, store.Cycle{Started: t.s.Started})
	if err != nil {
		return t.s, fmt.Errorf("record the cycle: %w", err)
	}
	t.s.Sources.Enabled, t.s.Sources.Due = enabled(w.sources()), len(due)

	soft, stopAsking := softDeadline(ctx, o.Deadline)
	defer stopAsking()
	work, stopWork := withGrace(ctx, grace)
	defer stopWork()

	tell, err := w.startTelling(ctx, t, o)
	if err != nil {
		return t.s, err
	}
	d := w.startDesk(work, t, o, tell.kick)
	var looks sync.WaitGroup
	if o.Only == "" {
		looks.Go(func() { w.lookAgain(soft, work, d, t) })
	}
	w.pollAll(soft, work, d, due, states, t, o)
	looks.Wait()
	deskErr := d.close()
	digestErr := w.makeDigests(ctx, states, t, tell.kick, o)
	report, tellErr := tell.finish(o.telling(time.Since(began)))
	if w.searched {
		deskErr = errors.Join(deskErr, w.indexNew(work, t.filed()))
	}
	t.s.Stopped = why(ctx, soft)
	s := t.close(w.Now(), before, w.sources(), states, report)
	err = errors.Join(deskErr, digestErr, tellErr, w.keepPaces(ctx))
	s.Problems = append(s.Problems, w.after(ctx, o, s, t, report, err)...)
	return s, errors.Join(err, w.record(ctx, id, s))
}

// lastBegan is when the last cycle began; zero: this is the first one.
func (w *Watch) lastBegan(ctx context.Context) (time.Time, error) {
	last, err := w.Store.Cycles(ctx, 1)
	if err != nil {
		return time.Time{}, fmt.Errorf("look up the last cycle: %w", err)
	}
	if len(last) == 0 {
		return time.Time{}, nil
	}
	return last[0].Started, nil
}

// record keeps the summary, also where the cycle was told to stop.
func (w *Watch) record(ctx context.Context, id int64, s Summary) error {
	doc, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("record the cycle: %w", err)
	}
	c := store.Cycle{ID: id, Started: s.Started, Ended: w.Now().UTC(), Summary: doc}
	if _, err := w.Store.PutCycle(context.WithoutCancel(ctx), c); err != nil {
		return fmt.Errorf("record the cycle: %w", err)
	}
	return nil
}

// worthFor is how far back hits say that a source is worth asking sooner.
const worthFor = 90 * 24 * time.Hour

// due lists the sources to poll, the first first.
func (w *Watch) due(ctx context.Context, o Order, states map[string]news.SourceState) ([]news.Source, error) {
	if o.Only == "" {
		hits, err := w.Store.HitsBySource(ctx, w.Now().Add(-worthFor))
		if err != nil {
			return nil, err
		}
		return schedule.Due(w.Now(), w.sources(), states, hits), nil
	}
	for _, s := range w.sources() {
		if s.ID == o.Only {
			return []news.Source{s}, nil
		}
	}
	return nil, w.unknownSource(o.Only)
}

func enabled(sources []news.Source) int {
	n := 0
	for _, s := range sources {
		if s.Enabled {
			n++
		}
	}
	return n
}

// pollAll polls the sources in order, several at once, until soft ends.
func (w *Watch) pollAll(soft, work context.Context, d *desk, due []news.Source, states map[string]news.SourceState, t *tally, o Order) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, max(64, 8*w.Concurrency))
	barred := w.barredLately(work, due)
	done := 0
	var mu sync.Mutex
	finish := func() {
		<-slots
		mu.Lock()
		defer mu.Unlock()
		done++
		if o.Progress != nil {
			o.Progress(done, len(due))
		}
	}
	for i, src := range due {
		select {
		case slots <- struct{}{}:
		case <-soft.Done():
		}
		if soft.Err() != nil {
			t.do(func(s *Summary) { s.Sources.Left += len(due) - i })
			break
		}
		wg.Go(func() {
			defer finish()
			p := poll{w: w, desk: d, tally: t, source: src, state: stateOf(src, states), barred: barred[src.ID]}
			p.run(soft, work)
		})
	}
	wg.Wait()
}

// stateOf is what is known of a source at its present address.
func stateOf(src news.Source, states map[string]news.SourceState) news.SourceState {
	if st, ok := states[src.ID]; ok && st.URL == src.Address() {
		return st
	}
	return news.SourceState{Source: src.ID, URL: src.Address()}
}

// softDeadline ends with ctx, or after d where d is given.
func softDeadline(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if d <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, d)
}

// withGrace gives a context that outlives ctx by d.
func withGrace(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel()
		case <-out.Done():
		}
	})
	return out, func() { stop(); cancel() }
}

func why(ctx, soft context.Context) string {
	switch {
	case ctx.Err() != nil:
		return "signal"
	case soft.Err() != nil:
		return "deadline"
	}
	return ""
}
