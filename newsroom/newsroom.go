package newsroom

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"driftwatch/news"
	"driftwatch/newsroom/internal/loopback"
)

// Options say what kind of newsroom to start.
type Options struct {
	// Now is the clock that articles are dated by: those of the first edition
	// some hours before Start, those of the second shortly before NextEdition.
	// Nil is time.Now.
	Now func() time.Time

	// Week has the outlets publish a week of news instead of editions, by the
	// clock and from the moment of Start on. See WeekStories.
	Week bool

	// Faults are the outlets to add that can't be read, one for each.
	Faults []Fault

	// Port is the port that every outlet listens on, each on its own address.
	// 0 lets the system choose, so that several newsrooms can run at once.
	Port int
}

// Newsroom is a set of outlets that are being served.
type Newsroom struct {
	now      func() time.Time
	pieces   []piece
	stories  []WeekStory // of the week; nil: editions
	outlets  []*outlet
	servers  []*loopback.Server
	mu       sync.Mutex // guards edition and dates
	edition  int
	started  time.Time
	reissued time.Time // when the second edition came out
}

// Start opens the first edition. The outlets answer until Close; cancelling ctx
// ends the requests in hand, and an answer that never comes with them.
func Start(ctx context.Context, o Options) (*Newsroom, error) {
	n := &Newsroom{now: o.Now, edition: 1}
	var err error
	if o.Week {
		n.stories, n.pieces, err = readWeek()
	} else {
		n.pieces, err = readPieces()
	}
	if err != nil {
		return nil, err
	}
	if n.now == nil {
		n.now = time.Now
	}
	n.started = n.now().UTC().Truncate(time.Second)
	for _, p := range append(slices.Clone(press), faulty(o.Faults)...) {
		n.outlets = append(n.outlets, &outlet{profile: p, room: n})
	}
	for i, out := range n.outlets {
		if err := n.open(ctx, out, netAddr(i, o.Port)); err != nil {
			return nil, errors.Join(err, n.Close())
		}
	}
	return n, nil
}

// Close ends every outlet and waits until the last answer has ended.
func (n *Newsroom) Close() error {
	var errs []error
	for _, s := range n.servers {
		errs = append(errs, s.Close())
	}
	n.servers = nil
	return errors.Join(errs...)
}

// NextEdition brings in the second edition: one new story that is to be told,
// and one article with a changed text. A second call changes nothing.
func (n *Newsroom) NextEdition() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.edition == 1 {
		n.edition = 2
		n.reissued = n.now().UTC().Truncate(time.Second)
	}
}

// Sources are the outlets as a catalogue would describe them, those that can't
// be read at the end.
func (n *Newsroom) Sources() []news.Source {
	var all []news.Source
	for _, o := range n.outlets {
		all = append(all, o.source())
	}
	return all
}

// Articles are all the articles of the present edition, as their outlets print
// them, in the order of their ids.
func (n *Newsroom) Articles() []Article {
	var all []Article
	for _, p := range n.pieces {
		for _, id := range p.Outlets {
			o := n.outlet(id)
			if a, ok := o.article(p); ok {
				all = append(all, a)
			}
		}
	}
	return all
}

// Visits are the requests that an outlet has had, in order. An outlet that is
// down has had none that it knows of.
func (n *Newsroom) Visits(source string) []Visit {
	return n.outlet(source).visits.list()
}

// Hurried says which outlets were asked more often since a moment of the machine's
// clock than an interval between two requests allows: the n-th of them may come n-1
// intervals after that moment at the soonest, whatever process asks. It accuses
// nobody for a slow machine, on which requests come later than they were sent.
func (n *Newsroom) Hurried(since time.Time, interval time.Duration) []string {
	var all []string
	for _, o := range n.outlets {
		asked := 0
		for _, v := range o.visits.list() {
			if v.At.Before(since) {
				continue
			}
			if took := v.At.Sub(since); took < time.Duration(asked)*interval {
				all = append(all, fmt.Sprintf("%s was asked %d times in %v, for %s at last: no more often than each %v was allowed", o.ID, asked+1, took.Round(time.Millisecond), v.Path, interval))
				break
			}
			asked++
		}
	}
	return all
}

// open listens on addr and serves the outlet there.
func (n *Newsroom) open(ctx context.Context, o *outlet, addr string) error {
	if o.fault == Down {
		return n.reserve(ctx, o, addr)
	}
	s, err := loopback.Serve(ctx, addr, o)
	if err != nil {
		return fmt.Errorf("open the outlet %s: %w", o.ID, err)
	}
	o.base = s.Base
	n.servers = append(n.servers, s)
	return nil
}

// reserve finds an address where nobody listens.
func (n *Newsroom) reserve(ctx context.Context, o *outlet, addr string) error {
	l, err := loopback.Listen(ctx, addr)
	if err != nil {
		return fmt.Errorf("find the outlet %s a closed door: %w", o.ID, err)
	}
	o.base = "http://" + l.Addr().String()
	return l.Close()
}

// netAddr is the address of the outlet with a number: its own in 127.77.0.0/24.
func netAddr(i, port int) string {
	return net.JoinHostPort(fmt.Sprintf("127.77.0.%d", i+1), strconv.Itoa(port))
}

// outlet finds an outlet by its id; asking for one that isn't there is a
// mistake of the program.
func (n *Newsroom) outlet(id string) *outlet {
	i := slices.IndexFunc(n.outlets, func(o *outlet) bool { return o.ID == id })
	if i < 0 {
		panic(fmt.Sprintf("newsroom: no outlet %q", id))
	}
	return n.outlets[i]
}

// dates says which edition is out, when the newsroom was started and when the
// second edition came out.
func (n *Newsroom) dates() (edition int, started, reissued time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.edition, n.started, n.reissued
}
