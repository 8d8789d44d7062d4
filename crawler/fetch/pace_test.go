package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// outlets is a made-up network: every host answers, and each request is noted
// with the second that it came at.
type outlets struct {
	began  time.Time
	answer func(*http.Request) (*http.Response, error) // nil: 200

	mu   sync.Mutex
	came map[string][]int // by host: seconds since began, in order
	line []string         // paths, in the order they came
}

func (o *outlets) RoundTrip(r *http.Request) (*http.Response, error) {
	o.mu.Lock()
	o.came[r.URL.Host] = append(o.came[r.URL.Host], int(time.Since(o.began)/time.Second))
	o.line = append(o.line, r.URL.Path)
	o.mu.Unlock()
	if o.answer != nil {
		return o.answer(r)
	}
	return reply(http.StatusOK, nil), nil
}

func reply(status int, header http.Header) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(""))}
}

// paced is a client of o that asks a host every 10 seconds. It must be called
// in a bubble.
func paced(t *testing.T, o *outlets, config Config) *Client {
	t.Helper()
	config.HostInterval = 10 * time.Second
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	o.began, o.came = time.Now(), make(map[string][]int)
	c.transport = o
	return c
}

// ask starts the requests one after another, each in its own goroutine.
func ask(t *testing.T, c *Client, requests ...Request) *sync.WaitGroup {
	t.Helper()
	var wg sync.WaitGroup
	for _, r := range requests {
		wg.Go(func() {
			if _, err := c.Get(t.Context(), r); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait() // in line before the next
	}
	return &wg
}

func TestOnePaceForAHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var o outlets
		c := paced(t, &o, Config{})
		ask(t, c,
			Request{URL: "https://outlet.kz/feed"},
			Request{URL: "https://outlet.kz/page", Purpose: Page},
			Request{URL: "http://www.outlet.kz:8080/other-feed"},
			Request{URL: "https://other.kz/feed"},
			Request{URL: "https://Outlet.kz/last"},
		).Wait()
		all := slices.Concat(o.came["outlet.kz"], o.came["www.outlet.kz:8080"])
		slices.Sort(all)
		if want := []int{0, 10, 20, 30, 40}; !slices.Equal(all, want) { // with robots.txt
			t.Errorf("one host was asked at %v, want %v", all, want)
		}
		if got := o.came["other.kz"]; !slices.Equal(got, []int{0}) {
			t.Errorf("another host was asked at %v, want 0", got)
		}
		if robots, page := slices.Index(o.line, "/robots.txt"), slices.Index(o.line, "/page"); robots < 0 || page < robots {
			t.Errorf("asked for %v, want the page after robots.txt", o.line)
		}
	})
}

func TestRedirectsKeepThePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := outlets{answer: func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/new" {
				return reply(http.StatusOK, nil), nil
			}
			return reply(http.StatusFound, http.Header{"Location": {"https://outlet.kz/new"}}), nil
		}}
		c := paced(t, &o, Config{})
		ask(t, c, Request{URL: "http://outlet.kz/old"}).Wait()
		if got := o.came["outlet.kz"]; !slices.Equal(got, []int{0, 10}) {
			t.Errorf("asked at %v, want 0 and 10", got)
		}
	})
}

func TestFirstComeFirstServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var o outlets
		c := paced(t, &o, Config{})
		var requests []Request
		var want []string
		for i := range 20 {
			want = append(want, fmt.Sprintf("/%d", i))
			requests = append(requests, Request{URL: "https://outlet.kz" + want[i]})
		}
		ask(t, c, requests...).Wait()
		if !slices.Equal(o.line, want) {
			t.Errorf("asked for %v", o.line)
		}
	})
}

// Who gives up leaves the line, and costs those behind no turn.
func TestGivingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var o outlets
		c := paced(t, &o, Config{})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		first := ask(t, c, Request{URL: "https://outlet.kz/1"})
		var impatient sync.WaitGroup
		for range 3 {
			impatient.Go(func() {
				_, err := c.Get(ctx, Request{URL: "https://outlet.kz/2"})
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("gave up with %v", err)
				}
			})
			synctest.Wait()
		}
		last := ask(t, c, Request{URL: "https://outlet.kz/3"})
		first.Wait()
		impatient.Wait()
		last.Wait()
		if got := o.came["outlet.kz"]; !slices.Equal(got, []int{0, 10}) {
			t.Errorf("asked at %v, want 0 and 10", got)
		}
	})
}

// Waiting for a host's turn takes no slot from the others, and doesn't count
// towards the timeout.
func TestWaitingHoldsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var o outlets
		c := paced(t, &o, Config{Concurrency: 1, Timeout: time.Second})
		ask(t, c,
			Request{URL: "https://outlet.kz/1"}, Request{URL: "https://outlet.kz/2"}, Request{URL: "https://outlet.kz/3"},
			Request{URL: "https://other.kz/1"}, Request{URL: "https://third.kz/1"},
		).Wait()
		want := map[string][]int{"outlet.kz": {0, 10, 20}, "other.kz": {0}, "third.kz": {0}}
		if !maps.EqualFunc(o.came, want, slices.Equal) {
			t.Errorf("asked at %v, want %v", o.came, want)
		}
	})
}

// The pace counts from when a request starts, not from when it got its turn
// and had to wait for a slot.
func TestPaceCountsFromTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := outlets{answer: func(r *http.Request) (*http.Response, error) {
			if r.URL.Host == "slow.kz" {
				time.Sleep(25 * time.Second)
			}
			return reply(http.StatusOK, nil), nil
		}}
		c := paced(t, &o, Config{Concurrency: 1})
		ask(t, c,
			Request{URL: "https://slow.kz/"},
			Request{URL: "https://outlet.kz/1"}, Request{URL: "https://outlet.kz/2"},
		).Wait()
		if got := o.came["outlet.kz"]; !slices.Equal(got, []int{25, 35}) {
			t.Errorf("asked at %v, want 25 and 35", got)
		}
	})
}

// A host that asks for patience gets it from those in line, too, and is asked
// again when the time is over.
func TestLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		busy := true
		o := outlets{answer: func(*http.Request) (*http.Response, error) {
			if busy {
				busy = false
				return reply(http.StatusTooManyRequests, http.Header{"Retry-After": {"60"}}), nil
			}
			return reply(http.StatusOK, nil), nil
		}}
		c := paced(t, &o, Config{})
		var wg sync.WaitGroup
		kinds := make([]Kind, 3)
		for i := range kinds {
			wg.Go(func() {
				_, err := c.Get(t.Context(), Request{URL: "https://outlet.kz/"})
				var e *Error
				if errors.As(err, &e) {
					kinds[i] = e.Kind
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		if want := []Kind{KindStatus, KindWait, KindWait}; !slices.Equal(kinds, want) {
			t.Errorf("came to %v, want %v", kinds, want)
		}
		ask(t, c, Request{URL: "https://outlet.kz:8443/"}).Wait() // another server of that name
		time.Sleep(time.Minute)
		ask(t, c, Request{URL: "http://www.outlet.kz/"}).Wait()
		if got := slices.Concat(o.came["outlet.kz"], o.came["outlet.kz:8443"], o.came["www.outlet.kz"]); len(got) != 3 || got[2] < 60 {
			t.Errorf("asked at %v", got)
		}
	})
}

// A robots file is asked for again when it is a day old, and sooner where it
// couldn't be had.
func TestRobotsGrowOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		status := http.StatusServiceUnavailable
		files := 0
		o := outlets{answer: func(r *http.Request) (*http.Response, error) {
			if r.URL.Path != "/robots.txt" {
				return reply(http.StatusOK, nil), nil
			}
			files++
			return reply(status, nil), nil
		}}
		c := paced(t, &o, Config{})
		page := Request{URL: "https://outlet.kz/page", Purpose: Page}
		if _, err := c.Get(t.Context(), page); err == nil {
			t.Error("a page without its robots.txt was fetched")
		}
		time.Sleep(robotsTrouble)
		status = http.StatusNotFound
		for range 3 {
			ask(t, c, page).Wait()
		}
		if files != 2 {
			t.Errorf("robots.txt was asked for %d times, want 2", files)
		}
		time.Sleep(robotsFresh)
		ask(t, c, page).Wait()
		if files != 3 {
			t.Errorf("a day later robots.txt had been asked for %d times, want 3", files)
		}
	})
}

// Of those who wait for a robots file, one takes over when the one that asked
// for it gives up.
func TestRobotsTakenOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := 0
		o := outlets{answer: func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/robots.txt" {
				files++
				if files == 1 {
					<-r.Context().Done()
					return nil, r.Context().Err()
				}
			}
			return reply(http.StatusOK, nil), nil
		}}
		c := paced(t, &o, Config{})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := c.Get(ctx, Request{URL: "https://outlet.kz/1", Purpose: Page}); !errors.Is(err, context.Canceled) {
				t.Errorf("gave up with %v", err)
			}
		})
		synctest.Wait()
		second := ask(t, c, Request{URL: "https://outlet.kz/2", Purpose: Page})
		cancel()
		wg.Wait()
		second.Wait()
		if files != 2 {
			t.Errorf("robots.txt was asked for %d times, want 2", files)
		}
	})
}

// What is remembered of hosts doesn't grow with the hosts met.
func TestHostsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHosts(time.Second)
		for i := range 20 * leastSweep {
			u := &url.URL{Scheme: "https", Host: fmt.Sprintf("outlet-%d.kz", i)}
			turn, err := h.wait(t.Context(), u)
			if err != nil {
				t.Fatal(err)
			}
			turn.start()
			h.setAside(u, time.Second)
			time.Sleep(time.Second / 10)
		}
		if n := len(h.queues) + len(h.aside); n > 2*leastSweep {
			t.Errorf("%d hosts are remembered", n)
		}

		r := newRobotsCache()
		for i := range 2 * robotsKept {
			f, mine := r.claim(fmt.Sprint(i))
			if !mine {
				t.Fatal("a new server's file was there already")
			}
			f.until = time.Now().Add(robotsFresh)
			close(f.done)
		}
		if len(r.files) > robotsKept {
			t.Errorf("%d robots files are remembered", len(r.files))
		}
	})
}

func TestPaceFollowsTheHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		status, took := http.StatusOK, time.Duration(0)
		o := outlets{answer: func(*http.Request) (*http.Response, error) {
			time.Sleep(took)
			return reply(status, nil), nil
		}}
		c := paced(t, &o, Config{})
		next := func() (waited int) {
			before := len(o.came["outlet.kz"])
			c.Get(t.Context(), Request{URL: "https://outlet.kz/feed"})
			if came := o.came["outlet.kz"]; before > 0 {
				return came[before] - came[before-1]
			}
			return 0
		}
		next()
		if w := next(); w != 10 {
			t.Fatalf("waited %d s, want the operator's 10", w)
		}
		status = http.StatusTooManyRequests
		next() // the host refuses
		if first, second := next(), next(); first != 20 || second != 40 {
			t.Errorf("refused: waited %d and %d s, want 20 and 40", first, second)
		}
		status = http.StatusOK
		slowest := next()
		if slowest != 80 {
			t.Errorf("refused again: waited %d s, want 80", slowest)
		}
		for last := slowest; last > 10; {
			w := next()
			if w > last+1 || w < last*3/4 || w < 10 { // whole seconds, cut
				t.Fatalf("speeding up: waited %d s after %d", w, last)
			}
			last = w
		}
		took = 100 * time.Millisecond
		for range 30 {
			next()
		}
		took = 5 * time.Second
		next()
		if w := next(); w != 15 {
			t.Errorf("after a slow answer: waited %d s, want 15", w)
		}
	})
}

func TestPaceObeysCrawlDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := outlets{answer: func(r *http.Request) (*http.Response, error) {
			resp := reply(http.StatusOK, nil)
			if r.URL.Path == "/robots.txt" {
				resp.Body = io.NopCloser(strings.NewReader("User-agent: *\nCrawl-delay: 30\nDisallow: /no\n"))
			}
			return resp, nil
		}}
		c := paced(t, &o, Config{})
		ask(t, c, Request{URL: "https://outlet.kz/1", Purpose: Page}, Request{URL: "https://outlet.kz/2", Purpose: Page}, Request{URL: "https://outlet.kz/3", Purpose: Page}).Wait()
		if got, want := o.came["outlet.kz"], []int{0, 30, 60, 90}; !slices.Equal(got, want) {
			t.Errorf("asked at %v, want %v", got, want)
		}
	})
}

// Where the program itself fails at a host's robots file, that ends the request which
// fetched it, and no other: who waited for the file is told that it can't be had, and the
// host's next turn comes.
func TestAFaultLetsOthersGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := outlets{answer: func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/robots.txt" {
				time.Sleep(time.Minute)
				panic("out of range")
			}
			return reply(http.StatusOK, nil), nil
		}}
		c := paced(t, &o, Config{Concurrency: 1, Timeout: time.Hour})
		var wg sync.WaitGroup
		failed := make([]any, 2)
		told := make([]error, 2)
		for i := range failed {
			wg.Go(func() {
				defer func() { failed[i] = recover() }()
				_, told[i] = c.Get(t.Context(), Request{URL: fmt.Sprintf("https://outlet.kz/%d", i), Purpose: Page})
			})
			synctest.Wait() // the second waits for the file of the first
		}
		wg.Wait()
		if failed[0] != "out of range" || failed[1] != nil {
			t.Errorf("failed at %v, want the first alone to", failed)
		}
		var e *Error
		if !errors.As(told[1], &e) || e.Kind != KindWait || !strings.Contains(e.Error(), "Driftwatch itself fails at it") {
			t.Errorf("who waited is told %v", told[1])
		}
		if _, err := c.Get(t.Context(), Request{URL: "https://outlet.kz/feed"}); err != nil {
			t.Errorf("the next request of the host: %v", err)
		}
		if got := o.came["outlet.kz"]; !slices.Equal(got, []int{0, 60}) {
			t.Errorf("asked at %v, want 0 and 60: the file and the feed", got)
		}
	})
}

// A fault while a turn is waited for leaves the line to the next.
func TestAFaultLeavesTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHosts(time.Minute)
		u := &url.URL{Scheme: "https", Host: "outlet.kz"}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no fault")
				}
			}()
			h.wait(failing{t.Context()}, u)
		}()
		turn, err := h.wait(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		turn.start()
	})
}

// failing is a context that the program fails at when it is asked for its end.
type failing struct{ context.Context }

func (failing) Err() error { panic("out of range") }
