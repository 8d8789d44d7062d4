package review

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// feed tells open pages which stories changed. It looks at the store only while
// somebody listens, and once for all of them.
type feed struct {
	mu    sync.Mutex
	open  map[chan []int64]bool
	nudge chan struct{} // asks for a look at once
	stop  context.CancelFunc
}

// How often the store is looked at, and how many pages may listen.
const (
	feedEvery = 2 * time.Second
	feedMost  = 200
	feedLasts = 10 * time.Minute // then the page asks anew, and who it is is looked at again
	feedAlive = 25 * time.Second // a sign of life for proxies that end silent streams
)

// join gives a channel of the changes after a number, and maybe of some before it, or
// nil where too many listen.
func (f *feed) join(d *Desk, after int64) chan []int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.open) >= feedMost {
		return nil
	}
	if f.open == nil {
		f.open, f.nudge = map[chan []int64]bool{}, make(chan struct{}, 1)
	}
	c := make(chan []int64, 16)
	f.open[c] = true
	if len(f.open) == 1 {
		ctx, stop := context.WithCancel(context.Background())
		f.stop = stop
		go f.watch(ctx, d, after)
	}
	return c
}

func (f *feed) leave(c chan []int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.open, c)
	if len(f.open) == 0 {
		f.stop()
	}
}

// kick has the store looked at now.
func (f *feed) kick() {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case f.nudge <- struct{}{}:
	default: // nobody listens, or a look is asked for already
	}
}

// watch looks for changes after a number until nobody listens any more. A page that
// doesn't read loses changes, never holds up the others.
func (f *feed) watch(ctx context.Context, d *Desk, at int64) {
	tick := time.NewTicker(feedEvery)
	defer tick.Stop()
	for {
		stories, now, err := d.Stories.StoryChanges(ctx, at)
		if err == nil {
			at = now
		}
		if len(stories) > 0 {
			f.mu.Lock()
			for c := range f.open {
				select {
				case c <- stories:
				default:
				}
			}
			f.mu.Unlock()
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-f.nudge:
		}
	}
}

// changesMost is how many stories one event names; where more changed the page
// only says so.
const changesMost = 200

// events streams which stories changed, as server-sent events, from the moment
// that the page was made at.
func (v *visit) events() error {
	// Asked for first: what changes before the feed's own look is found by that.
	_, now, err := v.Stories.StoryChanges(v.r.Context(), -1)
	if err != nil {
		return err
	}
	c := v.feed.join(v.Desk, now)
	if c == nil {
		v.w.Header().Set("Retry-After", "60")
		return problem(http.StatusServiceUnavailable, "Too many pages listen.")
	}
	defer v.feed.leave(c)
	ctx, cancel := context.WithTimeout(v.r.Context(), feedLasts)
	defer cancel()
	v.w.Header().Set("Content-Type", "text/event-stream")
	v.w.Header().Set("X-Accel-Buffering", "no")
	rc := http.NewResponseController(v.w)
	since, err := strconv.ParseInt(v.r.URL.Query().Get("since"), 10, 64)
	if err != nil || since <= 0 {
		since = -1
	}
	stories, _, err := v.Stories.StoryChanges(ctx, since)
	if err != nil {
		return err
	}
	alive := time.NewTicker(feedAlive)
	defer alive.Stop()
	if _, err := fmt.Fprint(v.w, "retry: 5000\n\n"); err != nil {
		return nil
	}
	for {
		if len(stories) > 0 {
			data, err := json.Marshal(stories[:min(len(stories), changesMost)])
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(v.w, "event: stories\ndata: %s\n\n", data); err != nil {
				return nil
			}
		}
		if rc.Flush() != nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case stories = <-c:
		case <-alive.C:
			stories = nil
			if _, err := fmt.Fprint(v.w, ": \n\n"); err != nil {
				return nil
			}
		}
	}
}
