package fetch

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"driftwatch/news"
)

// A client that is told what an earlier one learned asks a host at the pace that
// it has shown.
func TestPaceIsRecalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		status := http.StatusTooManyRequests
		o := outlets{answer: func(*http.Request) (*http.Response, error) { return reply(status, nil), nil }}
		feed := Request{URL: "https://www.outlet.kz/feed"}
		first := paced(t, &o, Config{})
		for range 2 {
			first.Get(t.Context(), feed)
		}
		learned := first.Learned()
		if len(learned) != 1 || learned[0].Host != "outlet.kz" || learned[0].Extra != 30*time.Second {
			t.Fatalf("learned %+v, want 30 s more for outlet.kz", learned)
		}
		if again := first.Learned(); len(again) != 0 {
			t.Errorf("learned %+v once more", again)
		}

		time.Sleep(10 * time.Minute) // the next run
		status = http.StatusOK
		second := paced(t, &o, Config{})
		second.Recall(learned, time.Time{})
		if again := second.Learned(); len(again) != 0 {
			t.Errorf("learned %+v from nobody", again)
		}
		for range 3 { // one after the other: the pace counts the answer before
			second.Get(t.Context(), feed)
		}
		if got, want := o.came["www.outlet.kz"], []int{0, 36, 69}; !slices.Equal(got, want) { // 40, less an eighth of what was added each time
			t.Errorf("asked at %v, want %v", got, want)
		}
		for range 40 {
			second.Get(t.Context(), feed)
		}
		learned = second.Learned()
		if len(learned) != 1 || learned[0].Extra != 0 || learned[0].Usual != slowAnswer/4 {
			t.Errorf("in the end learned %+v, want the operator's pace and quick answers", learned)
		}
	})
}

// A client that begins right after another leaves each host alone for as long as
// its pace wants: any may have been the last that was asked.
func TestPaceHoldsFromOneClientToTheNext(t *testing.T) {
	for _, tt := range []struct {
		rest time.Duration // between the two
		want []int         // seconds after the second began
	}{{0, []int{10, 20}}, {4 * time.Second, []int{6, 16}}, {time.Minute, []int{0, 10}}} {
		synctest.Test(t, func(t *testing.T) {
			var o outlets
			first := paced(t, &o, Config{})
			if !first.Asked().IsZero() {
				t.Error("it has asked before it was asked to")
			}
			ask(t, first, Request{URL: "https://outlet.kz/feed"}).Wait()
			time.Sleep(tt.rest)
			var later outlets
			second := paced(t, &later, Config{})
			second.Recall(first.Learned(), first.Asked())
			ask(t, second, Request{URL: "https://outlet.kz/1"}, Request{URL: "https://outlet.kz/2"}).Wait()
			if got := later.came["outlet.kz"]; !slices.Equal(got, tt.want) {
				t.Errorf("%v after the first, asked at %v, want %v", tt.rest, got, tt.want)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) { // a clock that was wrong costs an interval at most
		var o outlets
		c := paced(t, &o, Config{})
		c.Recall(nil, time.Now().Add(time.Hour))
		ask(t, c, Request{URL: "https://outlet.kz/feed"}).Wait()
		if got := o.came["outlet.kz"]; !slices.Equal(got, []int{10}) {
			t.Errorf("asked at %v", got)
		}
	})
}

func TestRecalledPaceEasesWithTime(t *testing.T) {
	for _, tt := range []struct {
		ago  time.Duration
		want int // seconds between two requests, the interval of 10 included
	}{
		{0, 42 - 5}, {90 * time.Minute, 38 - 4}, {23 * time.Hour, 11}, {25 * time.Hour, 10}, {-time.Hour, 42 - 5},
	} {
		synctest.Test(t, func(t *testing.T) {
			var o outlets
			c := paced(t, &o, Config{})
			c.Recall([]news.HostPace{{Host: "outlet.kz", Extra: 32 * time.Second, Seen: time.Now().Add(-tt.ago)}}, time.Time{})
			feed := Request{URL: "https://outlet.kz/feed"}
			ask(t, c, feed, feed).Wait()
			if came := o.came["outlet.kz"]; came[1]-came[0] < tt.want-1 || came[1]-came[0] > tt.want+1 {
				t.Errorf("seen %v ago: asked after %d s, want %d", tt.ago, came[1]-came[0], tt.want)
			}
		})
	}
}

func TestWhatElseIsRecalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := outlets{answer: func(r *http.Request) (*http.Response, error) {
			if r.URL.Host == "slow.kz" {
				time.Sleep(5 * time.Second)
			}
			return reply(http.StatusOK, nil), nil
		}}
		c := paced(t, &o, Config{})
		c.Recall([]news.HostPace{
			{Host: "busy.kz:80", Aside: time.Now().Add(time.Hour)},
			{Host: "free.kz:80", Aside: time.Now().Add(-time.Hour)},
			{Host: "delay.kz", Delay: 30 * time.Second, Seen: time.Now().AddDate(0, 0, -3)},
			{Host: "slow.kz", Usual: slowAnswer / 4, Seen: time.Now().AddDate(0, 0, -3)},
		}, time.Time{})
		var refused *Error
		if _, err := c.Get(t.Context(), Request{URL: "https://busy.kz/feed"}); !errors.As(err, &refused) || refused.Kind != KindWait {
			t.Errorf("a host that is to be left alone was asked: %v", err)
		}
		var all []Request
		for _, host := range []string{"free.kz", "delay.kz", "delay.kz", "slow.kz", "slow.kz"} {
			all = append(all, Request{URL: "https://" + host + "/feed"})
		}
		ask(t, c, all...).Wait()
		if got := o.came["free.kz"]; len(got) != 1 {
			t.Errorf("a host whose patience is over was asked at %v", got)
		}
		if got := o.came["delay.kz"]; !slices.Equal(got, []int{0, 30}) {
			t.Errorf("a host with a crawl-delay was asked at %v, want 0 and 30", got)
		}
		if got := o.came["slow.kz"]; !slices.Equal(got, []int{0, 15}) {
			t.Errorf("a host slower than it used to be was asked at %v, want 0 and 15", got)
		}
		if learned := c.Learned(); !slices.ContainsFunc(learned, func(p news.HostPace) bool { return p.Host == "busy.kz:80" && p.Aside.After(time.Now()) }) {
			t.Errorf("learned %+v, without the host that asked to be left alone", learned)
		}
	})
}

// A robots file is asked for once a day, by whatever client: what one was told, rules,
// a delay, or that there is no file, the next one goes by. A file that couldn't be had
// is asked for again.
func TestRobotsFilesAreRecalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const file = "User-agent: *\nDisallow: /closed # all of it\nAllow: /closed/open$\nDisallow: /поиск*?q=\nCrawl-delay: 2.5\nUser-agent: else\nDisallow: /\n"
		o := outlets{answer: func(r *http.Request) (*http.Response, error) {
			switch {
			case r.URL.Path != "/robots.txt":
			case r.URL.Host == "rules.kz":
				resp := reply(http.StatusOK, nil)
				resp.Body = io.NopCloser(strings.NewReader(file))
				return resp, nil
			case r.URL.Host == "none.kz":
				return reply(http.StatusNotFound, nil), nil
			case r.URL.Host == "down.kz":
				return reply(http.StatusInternalServerError, nil), nil
			}
			return reply(http.StatusOK, nil), nil
		}}
		look := func(c *Client) (said []string) {
			for _, at := range []string{"rules.kz/closed/1", "rules.kz/closed/open", "rules.kz/поиск/x?q=1", "rules.kz/1", "none.kz/closed/1", "down.kz/1"} {
				_, err := c.Get(t.Context(), Request{URL: "http://" + at, Purpose: Page})
				var e *Error
				if errors.As(err, &e) {
					said = append(said, string(e.Kind))
				} else {
					said = append(said, "fetched")
				}
			}
			return said
		}
		want := []string{"robots", "fetched", "robots", "fetched", "fetched", "wait"}
		first := paced(t, &o, Config{})
		if got := look(first); !slices.Equal(got, want) {
			t.Errorf("at first: %v, want %v", got, want)
		}
		learned := first.LearnedRobots()
		if len(learned) != 2 || len(first.LearnedRobots()) != 0 {
			t.Fatalf("learned %+v", learned)
		}
		time.Sleep(23 * time.Hour)
		second := paced(t, &o, Config{})
		second.RecallRobots(learned)
		o.line = nil
		if got := look(second); !slices.Equal(got, want) {
			t.Errorf("in the next run: %v, want %v", got, want)
		}
		if want := []string{"/closed/open", "/1", "/closed/1", "/robots.txt"}; !slices.Equal(o.line, want) {
			t.Errorf("asked for %q, want %q", o.line, want)
		}
		if again := second.LearnedRobots(); len(again) != 0 {
			t.Errorf("learned %+v from nobody", again)
		}
		time.Sleep(2 * time.Hour)
		third := paced(t, &o, Config{})
		third.RecallRobots(append(learned, news.RobotsFile{Server: "http://rules.kz:80", Rules: "User-agent: *\nDisallow: /\n", Until: time.Now().AddDate(1, 0, 0)}))
		if got := look(third); !slices.Equal(got, want) {
			t.Errorf("a day later: %v, want %v", got, want)
		}
		if n := len(third.LearnedRobots()); n != 2 {
			t.Errorf("a day later %d files were asked for, want 2", n)
		}
	})
}
