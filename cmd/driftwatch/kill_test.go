package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/newsroom"
	"driftwatch/newsroom/sink"
	"driftwatch/store"
	"driftwatch/watch"
)

var kills = flag.Int("kills", 3, "how often TestKilledCyclesLoseNothing kills a cycle")

// killsEach is how many of them fall on one database: in its first edition, and
// in the second, which makes some stories grow.
const killsEach = 3

// TestKilledCyclesLoseNothing kills cycles with signal 9 at random moments,
// between writing, sending and recording, while the sinks answer late, with
// errors, or take a message and don't answer at all; a digest is owed, and
// stories grow. Then cycles go on until nothing is owed. Each hit of an
// undisturbed run has to be there; each delivery has to have arrived under its
// key, one for the story of each flagged article and channel and the digest among
// them, and each receiver of events has to know each story as it is in the end. What
// arrived twice did so where a message was accepted and that could not be
// recorded: with a kill, or with an answer that never came.
func TestKilledCyclesLoseNothing(t *testing.T) {
	want := undisturbed(t)
	if len(want.hits) < 10 || len(want.told) < 10 {
		t.Fatalf("the newsroom gives %d hits and %d articles that are told: too few to lose one", len(want.hits), len(want.told))
	}
	var sum outcome
	for done := 0; done < *kills; done += killsEach {
		got := killed(t, want.took, min(killsEach, *kills-done))
		got.compare(t, fmt.Sprintf("kills %d and on", done+1), want)
		if most := got.unanswered + got.killed*sinksEach; got.doubles > most {
			t.Errorf("%d messages arrived twice; %d answers never came and %d cycles were killed, which explains %d", got.doubles, got.unanswered, got.killed, most)
		}
		sum.doubles, sum.unanswered, sum.killed = sum.doubles+got.doubles, sum.unanswered+got.unanswered, sum.killed+got.killed
		sum.arrived, sum.updates = sum.arrived+got.arrived, sum.updates+got.updates
	}
	t.Logf("%d kills, %d messages, %d of them updates: no hit and no message lost; %d arrived twice under the same key, %d answers never came",
		sum.killed, sum.arrived, sum.updates, sum.doubles, sum.unanswered)
}

// sinksEach is how many messages can be on their way when a cycle is killed: one
// to each channel.
const sinksEach = 3

// outcome is what is there after all cycles.
type outcome struct {
	hits    map[string]bool
	told    map[string]bool // channels and flagged articles whose story was sent there: which articles make one story depends on which came first
	digests int             // recorded as sent
	took    time.Duration   // of the first cycle

	arrived, updates, doubles, unanswered, killed int
}

// compare looks for what an undisturbed run had.
func (o outcome) compare(t *testing.T, at string, want outcome) {
	t.Helper()
	for h := range want.hits {
		if !o.hits[h] {
			t.Errorf("%s: hit lost: %s", at, h)
		}
	}
	for f := range want.told {
		if !o.told[f] {
			t.Errorf("%s: message lost: %s", at, f)
		}
	}
	if o.digests != sinksEach {
		t.Errorf("%s: %d digests, want one to each channel", at, o.digests)
	}
}

func undisturbed(t *testing.T) outcome {
	t.Helper()
	c := newCase(t, func(int) sink.Manner { return sink.Manner{} })
	began := time.Now()
	c.run()
	took := time.Since(began)
	c.room.NextEdition()
	c.run()
	o := c.look()
	o.took = took
	return o
}

// killed kills some cycles somewhere, then does others until nothing is owed.
func killed(t *testing.T, took time.Duration, times int) outcome {
	t.Helper()
	var unanswered atomic.Int64
	c := newCase(t, func(attempt int) sink.Manner {
		switch {
		case attempt%29 == 0:
			unanswered.Add(1)
			return sink.Manner{Hang: true}
		case attempt%19 == 0:
			return sink.Manner{Status: 451}
		case attempt%3 == 0:
			return sink.Manner{Wait: 40 * time.Millisecond}
		}
		return sink.Manner{}
	})
	n, window := 0, took
	for n < times {
		if n == times/2+1 {
			c.room.NextEdition()
		}
		if c.kill(time.Duration(rand.Int64N(int64(window)))) {
			n++
		} else {
			window = max(window/2, 40*time.Millisecond) // a later cycle has less to do
		}
	}
	c.run()
	c.room.NextEdition() // the second, where no kill fell on it
	for try := 0; c.run(); try++ {
		if try == 60 {
			t.Fatal("after 60 cycles deliveries are still owed")
		}
	}
	o := c.look()
	o.unanswered, o.killed = int(unanswered.Load()), n
	return o
}

// killCase is a newsroom with sinks, a configuration and a database.
type killCase struct {
	*testing.T
	room             *newsroom.Newsroom
	sinks            *sink.Sinks
	config, database string
}

func newCase(t *testing.T, manner func(attempt int) sink.Manner) *killCase {
	t.Helper()
	c := &killCase{T: t}
	var err error
	if c.room, err = newsroom.Start(context.Background(), newsroom.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.room.Close() })
	if c.sinks, err = sink.Start(context.Background(), sink.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.sinks.Close() })
	c.sinks.Slack.Behave(httpManner(manner))
	c.sinks.Webhook.Behave(httpManner(manner))
	c.sinks.Mail.Behave(manner)
	dir := t.TempDir()
	c.config, c.database = filepath.Join(dir, "driftwatch.yaml"), filepath.Join(dir, "driftwatch.db")
	var b bytes.Buffer
	if err := c.room.WriteConfig(&b, newsroom.Setup{Store: c.database, Sinks: c.sinks, HostInterval: time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("    type: slack\n", "    type: slack\n    timeout: 1s\n", "    type: mail\n", "    type: mail\n    timeout: 1s\n",
		"    type: webhook\n", "    type: webhook\n    timeout: 1s\n").Replace(b.String())
	// Twelve hours ago: it isn't due once more while this goes on.
	text += fmt.Sprintf("\ndigests:\n  - {name: day, every: daily, at: %q, timezone: UTC}\n", time.Now().UTC().Add(-12*time.Hour).Format("15:04"))
	if err := os.WriteFile(c.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c.withStore(func(st store.Store) { // the digest was made last two days ago: it is due
		ago := time.Now().UTC().AddDate(0, 0, -2).Format(time.RFC3339)
		if err := st.Update(t.Context(), func(tx store.Tx) error { return tx.SetMeta("digest day", ago) }); err != nil {
			t.Fatal(err)
		}
	})
	return c
}

// httpManner answers over HTTP what an SMTP code means.
func httpManner(manner func(int) sink.Manner) func(int) sink.Manner {
	return func(attempt int) sink.Manner {
		m := manner(attempt)
		if m.Status != 0 {
			m.Status = 503
		}
		return m
	}
}

// run does a cycle to its end, in which what waits after a failure is due again,
// and reports whether deliveries are owed after it.
func (c *killCase) run() (owed bool) {
	c.Helper()
	c.withStore(func(st store.Store) {
		if ids := c.owed(st); len(ids) > 0 {
			if _, err := st.RetryDeliveries(c.Context(), time.Now(), ids...); err != nil {
				c.Fatal(err)
			}
		}
	})
	if out, err := driftwatch(c.config, "run").CombinedOutput(); err != nil {
		c.Fatalf("a cycle that isn't killed: %v\n%s", err, out)
	}
	c.withStore(func(st store.Store) { owed = len(c.owed(st)) > 0 })
	return owed
}

// kill begins a cycle and kills it; it reports whether it was still running.
func (c *killCase) kill(after time.Duration) bool {
	c.Helper()
	cmd := driftwatch(c.config, "run")
	if err := cmd.Start(); err != nil {
		c.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { cmd.Process.Signal(syscall.SIGKILL) })
	err := cmd.Wait()
	timer.Stop()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		c.Fatal(err)
	}
	return err != nil
}

func (c *killCase) withStore(do func(store.Store)) {
	c.Helper()
	st, err := watch.OpenStore(c.Context(), c.database)
	if err != nil {
		c.Fatal(err)
	}
	defer st.Close()
	do(st)
}

// owed are the deliveries that are still to be made.
func (c *killCase) owed(st store.Store) (ids []int64) {
	c.Helper()
	rows, err := st.Deliveries(c.Context(), store.DeliveryFilter{States: []news.DeliveryState{news.DeliveryPending, news.DeliveryLeased, news.DeliveryFailed}})
	if err != nil {
		c.Fatal(err)
	}
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	return ids
}

// look says what is stored and what arrived, and fails the test where a delivery
// that is recorded didn't arrive, or one arrived that isn't.
func (c *killCase) look() outcome {
	c.Helper()
	if out, err := driftwatch(c.config, "db", "check").CombinedOutput(); err != nil {
		c.Errorf("the database isn't sound: %v\n%s", err, out)
	}
	o := outcome{hits: map[string]bool{}, told: map[string]bool{}, doubles: c.sinks.Doubles()}
	out, err := driftwatch(c.config, "hits", "export").Output()
	if err != nil {
		c.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		var h hitDoc
		if err := json.Unmarshal([]byte(line), &h); err != nil {
			c.Fatal(err)
		}
		o.hits[fmt.Sprintf("%s %s %s %v", port.ReplaceAllString(h.URL, "/"), h.Signal, h.Direction, h.Countries)] = true
	}
	arrived := map[string]bool{}
	for _, m := range c.sinks.Messages() {
		key, _, _ := strings.Cut(m.Key, "@")
		arrived[key] = true
	}
	o.arrived = len(arrived)
	c.withStore(func(st store.Store) { c.recorded(st, arrived, &o) })
	return o
}

// port is where an outlet of one newsroom listens, and one of another doesn't.
var port = regexp.MustCompile(`:\d+/`)

// recorded compares what is recorded with what arrived.
func (c *killCase) recorded(st store.Store, arrived map[string]bool, o *outcome) {
	c.Helper()
	rows, err := st.Deliveries(c.Context(), store.DeliveryFilter{})
	if err != nil {
		c.Fatal(err)
	}
	known := map[string]bool{}
	told := map[int64]bool{}            // stories whose latest event was looked at
	sent := map[int64]map[string]bool{} // story → channels
	for _, r := range rows {            // the latest first
		known[r.Key] = true
		switch {
		case r.State == news.DeliveryCancelled && strings.HasPrefix(r.Problem, "nothing new"):
			continue
		case r.State != news.DeliverySent:
			c.Errorf("delivery %d, version %d of %q to %s, is %s: %s", r.ID, r.Version, r.Title, r.Channel, r.State, r.Problem)
			continue
		case !arrived[r.Key]:
			c.Errorf("delivery %d, %s %q to %s, is recorded as sent and didn't arrive", r.ID, r.Kind, r.Title, r.Channel)
		}
		switch {
		case r.Kind == news.DeliveryDigest:
			o.digests++
		case r.Version > 1:
			o.updates++
		}
		if sent[r.Story] == nil {
			sent[r.Story] = map[string]bool{}
		}
		sent[r.Story][r.Channel] = true
		if r.Channel == "desk-hook" && r.Kind == news.DeliveryStory && !told[r.Story] {
			told[r.Story] = true
			c.knows(st, r)
		}
	}
	hits, err := st.Hits(c.Context(), store.HitFilter{})
	if err != nil {
		c.Fatal(err)
	}
	for _, h := range hits {
		for channel := range sent[h.Hit.Story] {
			if !h.Hit.Background && h.Hit.Quiet == "" {
				o.told[channel+" "+port.ReplaceAllString(h.Article.URL, "/")] = true
			}
		}
	}
	for key := range arrived {
		if !known[key] {
			c.Errorf("a message arrived under key %s, which no delivery has", key)
		}
	}
}

// knows fails the test where the latest event of a story doesn't say how the
// story is.
func (c *killCase) knows(st store.Store, latest store.DeliveryRow) {
	c.Helper()
	a, err := st.Alert(c.Context(), latest.Delivery)
	if err != nil {
		c.Fatal(err)
	}
	if latest.Told == nil || latest.Told.Articles != a.State.Articles || latest.Told.Level != a.State.Level || len(latest.Told.Signals) != len(a.State.Signals) {
		c.Errorf("of %q the receiver of events knows %+v, and it is %+v", latest.Title, latest.Told, a.State)
	}
}

// driftwatch is this test's own binary, running as the program.
func driftwatch(config string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], append([]string{"--config", config}, args...)...)
	cmd.Env = append(os.Environ(), runAsProgram+"=1")
	return cmd
}

// TestKilledImportKeepsTheEarlierList kills an import with signal 9 in the middle
// of its list: the earlier list stands, the database is sound, and the next import
// takes the list's place.
func TestKilledImportKeepsTheEarlierList(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "driftwatch.yaml")
	if err := os.WriteFile(config, []byte("store: {path: names.db}\nsources: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	imported := func(first, n int) {
		t.Helper()
		cmd := driftwatch(config, "names", "import", "-", "--source", "lists")
		cmd.Stdin = strings.NewReader(madeUpNames(first, n))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("import: %v\n%s", err, out)
		}
	}
	listed := func(want string, not string) {
		t.Helper()
		out, err := driftwatch(config, "names", "list", "--limit", "0").CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) || strings.Contains(string(out), not) {
			t.Errorf("want %s and not %s (%v):\n%s", want, not, err, out)
		}
		if out, err := driftwatch(config, "db", "check").CombinedOutput(); err != nil {
			t.Errorf("the database isn't sound: %v\n%s", err, out)
		}
	}
	imported(0, 20)
	cmd := driftwatch(config, "names", "import", "-", "--source", "lists")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// Most of it is read by the time it is written: a pipe holds little.
	if _, err := in.Write([]byte(madeUpNames(100_000, 30_000))); err != nil {
		t.Fatal(err)
	}
	cmd.Process.Signal(syscall.SIGKILL)
	if err := cmd.Wait(); err == nil {
		t.Fatal("the import ended by itself, though its list goes on")
	}
	listed("NK-19 ", "NK-100")
	imported(50, 20)
	listed("NK-69 ", "NK-19 ")
}

// madeUpNames is a list of n made-up names.
func madeUpNames(first, n int) string {
	var b strings.Builder
	b.WriteString("id,name,kind\n")
	for i := first; i < first+n; i++ {
		fmt.Fprintf(&b, "NK-%d,Asan Tumanbek %d,person\n", i, i)
	}
	return b.String()
}
