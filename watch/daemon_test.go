package watch_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/newsroom"
	"driftwatch/store"
	"driftwatch/watch"
)

func TestLockIsHeldByOne(t *testing.T) {
	database := filepath.Join(t.TempDir(), "new", "driftwatch.db")
	release, err := watch.Lock(database)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := watch.Lock(database); !errors.Is(err, watch.ErrLocked) {
		t.Errorf("a second lock: %v, want %v", err, watch.ErrLocked)
	}
	link := filepath.Join(t.TempDir(), "link.db")
	if err := errors.Join(os.WriteFile(database, nil, 0o600), os.Symlink(database, link)); err != nil {
		t.Fatal(err)
	}
	if _, err := watch.Lock(link); !errors.Is(err, watch.ErrLocked) {
		t.Errorf("a second lock by way of a link: %v, want %v", err, watch.ErrLocked)
	}
	release()
	again, err := watch.Lock(database)
	if err != nil {
		t.Fatalf("after its release: %v", err)
	}
	again()
}

func TestDaemonCyclesAndSaysHowItIs(t *testing.T) {
	f := open(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	cycles := make(chan watch.Summary, 100)
	d := watch.NewDaemon(f.watch, time.Hour, func(s watch.Summary, err error) {
		if err != nil {
			t.Errorf("cycle: %v", err)
		}
		cycles <- s
	})
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx, l) }()
	s := <-cycles
	if s.Articles.New == 0 {
		t.Errorf("%+v, want articles", s.Articles)
	}
	base := "http://" + l.Addr().String()
	status, body := get(t, base+"/healthz")
	var h watch.Health
	if err := json.Unmarshal([]byte(body), &h); err != nil || status != http.StatusOK || !h.OK || h.LastCycle == nil {
		t.Errorf("healthz: %d %s %v", status, body, err)
	}
	status, body = get(t, base+"/metrics")
	if status != http.StatusOK || !strings.Contains(body, `driftwatch_cycles_total{result="done"} 1`) || !strings.Contains(body, "driftwatch_coverage_ratio") {
		t.Errorf("metrics: %d\n%s", status, body)
	}
	for _, r := range f.hits() {
		if strings.Contains(body, r.Article.Title) || strings.Contains(body, r.Article.URL) {
			t.Errorf("metrics tell of %q", r.Article.Title)
		}
	}
	f.clock.pass(24 * time.Hour)
	if status, body := get(t, base+"/healthz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "no cycle") {
		t.Errorf("healthz after a day without a cycle: %d %s", status, body)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("daemon: %v", err)
	}
}

// A digest is made at its time, though the next cycle is hours away; feeds are
// served beside it.
func TestDaemonMakesADigestAtItsTime(t *testing.T) {
	f := open(t)
	f.watch.Digests = []configs.Digest{{Name: "d", To: []string{"desk"}, Schedule: configs.Schedule{Every: "hourly", Timezone: configs.ZoneAt(time.UTC)}}}
	f.watch.Feeds = configs.Feeds{Path: t.TempDir(), Days: 30, Limit: 10}
	began := f.clock.now().Truncate(time.Hour).Add(time.Hour - 10*time.Millisecond)
	f.clock.pass(began.Sub(f.clock.now()))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	cycles := make(chan struct{}, 100)
	d := watch.NewDaemon(f.watch, 10*time.Hour, func(watch.Summary, error) {
		f.clock.pass(time.Second) // it is due now
		cycles <- struct{}{}
	})
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx, l) }()
	<-cycles
	<-cycles
	status, body := get(t, "http://"+l.Addr().String()+"/feeds/all.atom")
	if status != http.StatusOK || !strings.Contains(body, "<entry>") {
		t.Errorf("the feed: %d %.200s", status, body)
	}
	for _, no := range []string{"/feeds/", "/feeds/none.atom", "/feeds/..%2fdaemon_test.go", "/feeds/all.txt"} {
		if status, _ := get(t, "http://"+l.Addr().String()+no); status != http.StatusNotFound {
			t.Errorf("%s: %d", no, status)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("daemon: %v", err)
	}
	rows, err := f.watch.Store.Deliveries(t.Context(), store.DeliveryFilter{Kinds: []news.DeliveryKind{news.DeliveryDigest}})
	if err != nil || len(rows) != 1 {
		t.Errorf("%d digests, error %v", len(rows), err)
	}
}

func TestDaemonSkipsItsTurnWhileAnotherHoldsTheLock(t *testing.T) {
	f := open(t)
	release, err := watch.Lock(f.watch.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	d := watch.NewDaemon(f.watch, 10*time.Millisecond, func(s watch.Summary, err error) {
		t.Errorf("a cycle was done: %+v %v", s, err)
	})
	if err := d.Run(ctx, l); err != nil {
		t.Error(err)
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// TestDaemonThatReadsNothingIsUnwell: no news must never look like no drift.
func TestDaemonThatReadsNothingIsUnwell(t *testing.T) {
	f := open(t, newsroom.Down)
	all := f.watch.Sources
	f.watch.Sources = slices.DeleteFunc(slices.Clone(all), func(s news.Source) bool { return s.ID != "outlet-down" })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	base, n := "http://"+l.Addr().String(), 0
	d := watch.NewDaemon(f.watch, 10*time.Millisecond, func(s watch.Summary, err error) {
		if err != nil {
			t.Errorf("cycle: %v", err)
		}
		status, body := get(t, base+"/healthz")
		_, metrics := get(t, base+"/metrics")
		switch n++; n {
		case 1, 2: // in the second, the source waits after its failure, and nothing is asked
			if (s.Sources.Due == 1) != (n == 1) {
				t.Errorf("cycle %d: %d due", n, s.Sources.Due)
			}
			if status != http.StatusServiceUnavailable || !strings.Contains(body, "nothing has ever been read: the one source failed when it was asked last") {
				t.Errorf("healthz after cycle %d: %d %s", n, status, body)
			}
			if !strings.Contains(metrics, "driftwatch_nothing_read 1") || !strings.Contains(metrics, `driftwatch_sources{state="failing"} 1`) {
				t.Errorf("metrics after cycle %d:\n%s", n, metrics)
			}
			if n == 2 {
				f.watch.Sources = all
			}
		case 3:
			if status != http.StatusOK || !strings.Contains(body, `"last_read":"`) || !strings.Contains(metrics, "driftwatch_nothing_read 0") {
				t.Errorf("once other sources were read: %d %s\n%s", status, body, metrics)
			}
			stop()
		}
	})
	if err := d.Run(ctx, l); err != nil {
		t.Error(err)
	}
}

// TestDaemonThatLosesItsNetIsUnwell, though most sources aren't due.
func TestDaemonThatLosesItsNetIsUnwell(t *testing.T) {
	f := open(t)
	for i := range f.watch.Sources {
		if f.watch.Sources[i].Interval = 6 * time.Hour; i < 3 {
			f.watch.Sources[i].Interval = 15 * time.Minute
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	base, n := "http://"+l.Addr().String(), 0
	d := watch.NewDaemon(f.watch, 10*time.Millisecond, func(s watch.Summary, err error) {
		status, body := get(t, base+"/healthz")
		switch n++; {
		case n == 1:
			if status != http.StatusOK {
				t.Errorf("healthz after the first cycle: %d %s, %v", status, body, err)
			}
			f.room.Close()
			f.clock.pass(70 * time.Minute) // the longest that a quiet outlet waits
		case n <= 3: // in the third, nothing is due
			if (s.Sources.Failed == 3) != (n == 2) || status != http.StatusServiceUnavailable || !strings.Contains(body, "several sources began to fail") {
				t.Errorf("healthz after cycle %d, %+v: %d %s", n, s.Sources, status, body)
			}
		default:
			stop()
		}
	})
	if err := d.Run(ctx, l); err != nil {
		t.Error(err)
	}
}

func TestSummaryRemindsOnceADayThatNothingIsRead(t *testing.T) {
	f := open(t)
	f.cycle(watch.Order{})
	if err := f.room.Close(); err != nil {
		t.Fatal(err)
	}
	var told []int
	for hour := range 72 {
		s := f.cycle(watch.Order{})
		f.clock.pass(59 * time.Minute)
		if s.ToRemind() && len(s.Hand()) == 1 {
			told = append(told, hour)
		}
	}
	if len(told) < 2 || len(told) > 3 || told[1]-told[0] != 24 {
		t.Errorf("told in the hours %v, want once in each 24", told)
	}
}
