package watch_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"driftwatch/watch"
)

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
	const interval = 20 * time.Millisecond
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
	run() // 20 ms apart, then 40, 80, and 160 from now on
	busy = false
	if gap := run(); gap < 7*interval {
		t.Errorf("in the run after three refusals a host was asked after %v, want 140 ms", gap)
	}
}
