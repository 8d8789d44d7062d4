package watch_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/newsroom"
	"driftwatch/watch"
)

// No outlet of the newsroom is asked more often than it allows: within a run of
// cron's that reads its pages, and from the end of one run that finds nothing new to
// the beginning of the next.
func TestPaceOverRunsOfCron(t *testing.T) {
	at := &clock{at: time.Now().UTC()}
	room, err := newsroom.Start(t.Context(), newsroom.Options{Now: at.now})
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	database := filepath.Join(t.TempDir(), "driftwatch.db")
	var slow time.Time // when the first run at the slow pace began
	for n, interval := range []time.Duration{50 * time.Millisecond, time.Second, time.Second} {
		var text strings.Builder
		if err := room.WriteConfig(&text, newsroom.Setup{Store: database, HostInterval: interval}); err != nil {
			t.Fatal(err)
		}
		at.pass(time.Minute) // sooner than flagged articles are looked at again
		began := time.Now()
		if n == 1 {
			slow = began
		}
		w, err := watch.Open(t.Context(), config(t, text.String()), watch.Settings{Version: "test", Database: database, Now: at.now, Stdout: io.Discard, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		s, err := w.Cycle(t.Context(), watch.Order{})
		if err = errors.Join(err, w.Close()); err != nil || s.Sources.Failed > 0 || s.Sources.Due == 0 {
			t.Fatalf("run %d: %+v, %v", n, s.Failures, err)
		}
		said := room.Hurried(began, interval)
		if n == 2 {
			said = append(said, room.Hurried(slow, interval)...)
		}
		for _, one := range said {
			t.Errorf("after run %d: %s", n, one)
		}
	}
}

// A host that answered 429 in one run of cron's is asked at its pace in the next,
// which is another process with the same database.
func TestPaceIsKeptBetweenRuns(t *testing.T) {
	var mu sync.Mutex
	var busy bool
	var came []time.Time
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		came = append(came, time.Now())
		if busy {
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		fmt.Fprint(w, `<rss version="2.0"><channel><title>One</title><item><title>Bridge opened</title><link>http://127.0.0.1/1</link></item></channel></rss>`)
	}))
	defer host.Close()
	const interval = 50 * time.Millisecond
	database := filepath.Join(t.TempDir(), "driftwatch.db")
	at := &clock{at: time.Now().UTC()}
	run := func() (gap time.Duration) {
		came = nil
		at.pass(time.Hour)
		text := fmt.Sprintf("network: {allow: [127.0.0.0/8], host_interval: %v}\nsources:\n", interval)
		for n := range 3 {
			text += fmt.Sprintf("  - {id: feed-%d, name: Feed, country: KZ, languages: [ru], kind: feed, url: %q, ownership: private, fulltext: never}\n", n, fmt.Sprint(host.URL, "/", n))
		}
		w, err := watch.Open(t.Context(), config(t, text), watch.Settings{Version: "test", Database: database, Now: at.now, Stdout: io.Discard, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		if s, err := w.Cycle(t.Context(), watch.Order{}); err != nil || s.Sources.Due != 3 || len(came) != 3 {
			t.Fatalf("%d requests; %+v, %v", len(came), s.Sources, err)
		}
		return came[1].Sub(came[0])
	}
	busy = true
	run() // 50 ms apart, then 100, 200, and 400 from now on
	busy = false
	// What is sent at its time may arrive late, and the next one not: more than after
	// two refusals is enough.
	if gap := run(); gap < 5*interval {
		t.Errorf("in the run after three refusals a host was asked after %v, want 400 ms", gap)
	}
}

// What a host has asked for is on disk while the cycle still runs, so that a run that
// is killed doesn't forget it; a robots file is asked for by one run, not by the next.
func TestWhatHostsAskForSurvives(t *testing.T) {
	feed := func(w http.ResponseWriter, link string) {
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>One</title><item><title>Bridge opened</title><link>%s</link></item></channel></rss>`, link)
	}
	var refused atomic.Int32
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		refused.Add(1)
		w.Header().Set("Retry-After", "7200")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	defer busy.Close()
	database := filepath.Join(t.TempDir(), "driftwatch.db")
	kept := false
	watcher := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // the cycle waits for it
		for !kept && r.Context().Err() == nil {
			kept = setAside(t, database)
		}
		feed(w, "")
	}))
	defer watcher.Close()
	var robots, page atomic.Int32
	paged := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			robots.Add(1)
			http.NotFound(w, r)
		case "/feed":
			feed(w, fmt.Sprint("http://", r.Host, "/news/", page.Add(1)))
		default:
			fmt.Fprint(w, "<html><title>Bridge opened</title><p>A bridge was opened.</p></html>")
		}
	}))
	defer paged.Close()
	text := "network: {allow: [127.0.0.0/8], host_interval: 1ms, timeout: 5m}\nsources:\n"
	for id, url := range map[string]string{"busy": busy.URL, "watcher": watcher.URL, "paged": paged.URL + "/feed"} {
		text += fmt.Sprintf("  - {id: %s, name: Feed, country: KZ, languages: [en], kind: feed, url: %q, ownership: private}\n", id, url)
	}
	at := &clock{at: time.Now().UTC()}
	for range 2 {
		w, err := watch.Open(t.Context(), config(t, text), watch.Settings{Version: "test", Database: database, Now: at.now, Stdout: io.Discard, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Cycle(t.Context(), watch.Order{}); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if !kept {
			t.Fatal("that a host is to be left alone wasn't kept while the cycle ran")
		}
		at.pass(time.Hour)
	}
	if robots.Load() != 1 || page.Load() != 2 {
		t.Errorf("two runs read %d feeds with new pages, and asked for robots.txt %d times", page.Load(), robots.Load())
	}

	// Nor does a check, which keeps nothing itself, ask a host that wants to be left alone.
	w, err := watch.New(config(t, text), watch.Settings{Version: "test", Now: at.now, Stdout: io.Discard, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	w.Heed(t.Context(), database+".none")
	w.Heed(t.Context(), database)
	checked, err := w.Check(t.Context(), []string{"busy"}, func(int, int) {})
	if err != nil || checked[0].Status != "wait" || refused.Load() != 1 {
		t.Errorf("checked: %+v, %v; asked %d times", checked, err, refused.Load())
	}
}

// setAside reports whether the database has a host that is to be left alone.
func setAside(t *testing.T, database string) bool {
	st, err := watch.OpenStore(t.Context(), database)
	if err != nil {
		t.Error(err)
		return true
	}
	defer st.Close()
	paces, err := st.HostPaces(t.Context())
	if err != nil {
		t.Error(err)
	}
	return slices.ContainsFunc(paces, func(p news.HostPace) bool { return time.Until(p.Aside) > time.Hour })
}
