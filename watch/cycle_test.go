package watch_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"driftwatch/alert"
	"driftwatch/configs"
	"driftwatch/crawler/fetch"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/newsroom"
	"driftwatch/store"
	"driftwatch/text/names"
	"driftwatch/watch"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// clock is a clock that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// desk is a channel that keeps what it is sent.
type desk struct {
	mu      sync.Mutex
	down    error
	got     []news.Alert
	digests []news.Digest
	notes   []news.Note
}

func (d *desk) Send(_ context.Context, a news.Alert) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down != nil {
		return "", d.down
	}
	d.got = append(d.got, a)
	return "kept", nil
}

func (d *desk) SendDigest(_ context.Context, g news.Digest) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down != nil {
		return "", d.down
	}
	d.digests = append(d.digests, g)
	return "kept", nil
}

func (d *desk) SendNote(_ context.Context, n news.Note) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down != nil {
		return "", d.down
	}
	d.notes = append(d.notes, n)
	return "kept", nil
}

func (d *desk) titles() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []string
	for _, a := range d.got {
		out = append(out, a.Story.Title)
	}
	return out
}

// fixture is a newsroom and a watch over it with two channels of its own.
type fixture struct {
	t      *testing.T
	clock  *clock
	room   *newsroom.Newsroom
	watch  *watch.Watch
	desk   *desk
	second *desk
}

func open(t *testing.T, faults ...newsroom.Fault) *fixture {
	t.Helper()
	f := &fixture{t: t, clock: &clock{at: time.Now().UTC().Truncate(time.Second)}, desk: &desk{}, second: &desk{}}
	ctx := context.Background()
	room, err := newsroom.Start(ctx, newsroom.Options{Now: f.clock.now, Faults: faults})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { room.Close() })
	f.room = room
	database := filepath.Join(t.TempDir(), "driftwatch.db")
	var b strings.Builder
	if err := room.WriteConfig(&b, newsroom.Setup{Store: database, HostInterval: time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	c := config(t, b.String())
	w, err := watch.Open(ctx, c, watch.Settings{
		Version: "test", Database: database, Now: f.clock.now, Stdout: io.Discard, Location: time.UTC,
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	w.Channels = map[string]alert.Channel{"desk": f.desk, "second": f.second}
	w.Router = alert.Routes([]configs.Route{
		{Name: "all", To: []string{"desk"}},
		{Name: "grave", To: []string{"second"}},
	})
	f.watch = w
	return f
}

func config(t testing.TB, text string) *configs.Config {
	t.Helper()
	file := filepath.Join(t.TempDir(), "driftwatch.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := configs.Load(file, func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// cycle does one cycle a minute after the last.
func (f *fixture) cycle(o watch.Order) watch.Summary {
	f.t.Helper()
	f.clock.pass(time.Minute)
	s, err := f.watch.Cycle(f.t.Context(), o)
	if err != nil {
		f.t.Fatalf("cycle: %v", err)
	}
	return s
}

func (f *fixture) hits() []store.HitRow {
	f.t.Helper()
	rows, err := f.watch.Store.Hits(f.t.Context(), store.HitFilter{})
	if err != nil {
		f.t.Fatal(err)
	}
	return rows
}

// told are the pieces that have to be alerted, by id, in the present edition.
func (f *fixture) told() map[string]bool {
	out := map[string]bool{}
	for _, a := range f.room.Articles() {
		if a.Told() {
			out[a.ID] = true
		}
	}
	return out
}

func TestEachStoryIsToldOnceToEachRoute(t *testing.T) {
	f := open(t)
	want := f.told()
	s := f.cycle(watch.Order{})
	if s.Sources.Failed > 0 {
		t.Fatalf("failures: %+v", s.Failures)
	}
	for name, d := range map[string]*desk{"desk": f.desk, "second": f.second} {
		titles := d.titles()
		for i, title := range titles {
			if slices.Contains(titles[:i], title) {
				t.Errorf("%s was told twice of %q", name, title)
			}
		}
		if len(titles) < len(want) {
			t.Errorf("%s was told of %d stories, want %d", name, len(titles), len(want))
		}
	}
	if again := f.cycle(watch.Order{}); again.Articles.New+again.Alerts.Sent > 0 {
		t.Errorf("the second cycle filed %d articles and sent %d messages, though nothing is new", again.Articles.New, again.Alerts.Sent)
	}
}

// The newsroom tells some events in two languages: each is one story, and one
// message to each channel.
func TestOneEventInTwoLanguagesIsToldOnce(t *testing.T) {
	f := open(t)
	f.cycle(watch.Order{})
	firsts := map[int64]int{} // story → first messages; what became new while a cycle went on may follow
	several := 0
	for _, a := range f.desk.got {
		if a.First != nil {
			continue
		}
		s, err := f.watch.Store.Story(t.Context(), a.Story.ID)
		if err != nil {
			t.Fatal(err)
		}
		if firsts[s.ID]++; firsts[s.ID] > 1 {
			t.Errorf("told twice of %q", s.Title)
		}
		if len(s.Languages) > 1 {
			several++
		}
	}
	if several == 0 {
		t.Error("no event in two languages was told")
	}
}

func TestSecondEditionTellsItsOneNewStory(t *testing.T) {
	f := open(t)
	f.cycle(watch.Order{})
	before := len(f.desk.titles())
	f.clock.pass(time.Hour)
	f.room.NextEdition()
	s := f.cycle(watch.Order{})
	if s.Articles.Revised != 1 {
		t.Errorf("%d articles revised, want the one that was changed", s.Articles.Revised)
	}
	if got := f.desk.titles()[before:]; len(got) != 1 {
		t.Errorf("told of %q, want the one new story", got)
	}
}

// The part of the outlet that an article's page names is kept with it and shown.
func TestSectionIsKept(t *testing.T) {
	f := open(t)
	f.cycle(watch.Order{})
	v, found := visit(t, f.watch), false
	for _, h := range f.hits() {
		switch a := h.Article; {
		case a.Source == "tulpar" && a.Section != "Politics", a.Source == "shumkar" && a.Section != "Саясат":
			t.Errorf("an article of %s is in %q", a.Source, a.Section)
		case a.Source == "saimaluu" && a.Section != "": // it names none
			t.Errorf("an article of %s is in %q", a.Source, a.Section)
		case a.Source == "tulpar":
			found = true
			for _, page := range []string{fmt.Sprintf("/stories/%d", h.Hit.Story), fmt.Sprintf("/stories/%d/articles/%d", h.Hit.Story, a.ID)} {
				if status, body := v.get(page); status != http.StatusOK || !strings.Contains(body, "Politics") {
					t.Errorf("%s, %d: nothing of the section", page, status)
				}
			}
		}
	}
	if !found {
		t.Error("nothing of tulpar was flagged")
	}
}

func TestFirstPollIsQuiet(t *testing.T) {
	f := open(t)
	f.watch.AlertFirstPoll = false
	s := f.cycle(watch.Order{})
	if len(f.desk.got) > 0 {
		t.Errorf("told of %d stories at the first poll", len(f.desk.got))
	}
	if s.Quiet[news.QuietFirstPoll] == 0 {
		t.Errorf("quiet: %v, want some found at a first poll", s.Quiet)
	}
	f.clock.pass(time.Hour)
	f.room.NextEdition()
	if f.cycle(watch.Order{}); len(f.desk.got) != 1 {
		t.Errorf("told of %q after the first poll, want the one new story", f.desk.titles())
	}
}

func TestAnotherAddressIsAFirstPoll(t *testing.T) {
	f := open(t)
	f.watch.AlertFirstPoll = false
	all := f.watch.Sources
	moved := slices.Clone(all)
	for i := range moved {
		moved[i].URL += "?moved=1"
	}
	f.cycle(watch.Order{})
	f.clock.pass(time.Hour)
	f.room.NextEdition()
	f.watch.Sources = moved
	if f.cycle(watch.Order{}); len(f.desk.got) > 0 {
		t.Errorf("told of %q, though every source is new at its address", f.desk.titles())
	}
}

func TestOldNewsIsKeptQuietly(t *testing.T) {
	f := open(t)
	f.watch.MaxAge = time.Second
	s := f.cycle(watch.Order{})
	for _, r := range f.hits() {
		if r.Hit.Quiet == "" && !r.Article.Published.IsZero() {
			t.Errorf("%q, published %v, is alerted", r.Article.Title, r.Article.Published)
		}
	}
	if s.Quiet[news.QuietOld] == 0 {
		t.Errorf("quiet: %v, want old ones", s.Quiet)
	}
}

func TestDeadlineLeavesTheRestForNextTime(t *testing.T) {
	f := open(t)
	s := f.cycle(watch.Order{Deadline: time.Nanosecond})
	if s.Stopped != "deadline" || s.Sources.Left != s.Sources.Due || s.Sources.Polled > 0 {
		t.Errorf("stopped %q, %+v; want all left", s.Stopped, s.Sources)
	}
	if s := f.cycle(watch.Order{}); s.Sources.Left > 0 || s.Sources.Polled != len(f.watch.Sources) {
		t.Errorf("%+v; want all polled", s.Sources)
	}
}

func TestStoppedCycleGoesOnNextTime(t *testing.T) {
	f := open(t)
	ctx, stop := context.WithCancel(t.Context())
	f.clock.pass(time.Minute)
	s, err := f.watch.Cycle(ctx, watch.Order{Progress: func(int, int) { stop() }})
	if err != nil {
		t.Fatalf("a cycle that is told to stop is no fault: %v", err)
	}
	if s.Stopped != "signal" {
		t.Errorf("stopped %q", s.Stopped)
	}
	f.cycle(watch.Order{})
	if got, want := len(f.desk.titles()), len(f.told()); got < want {
		t.Errorf("told of %d stories after both cycles, want %d", got, want)
	}
}

func TestChannelThatIsDownDelaysNothingElse(t *testing.T) {
	f := open(t)
	f.desk.down = &alert.RetryError{Problem: "connection refused"}
	s := f.cycle(watch.Order{})
	if len(f.second.got) == 0 {
		t.Error("the other channel was told of nothing")
	}
	if s.Alerts.Retried == 0 || len(s.Problems) == 0 || s.Problems[0].Channel != "desk" {
		t.Errorf("%+v, problems %+v; want the retries of desk", s.Alerts, s.Problems)
	}
	f.desk.down = nil
	f.clock.pass(2 * time.Hour)
	f.cycle(watch.Order{})
	if got, want := len(f.desk.got), len(f.second.got); got != want {
		t.Errorf("once it is up it was told of %d stories, want %d", got, want)
	}
}

func TestChannelThatIsNoMoreIsSaidOnce(t *testing.T) {
	f := open(t)
	f.second.down = &alert.RetryError{Problem: "connection refused"}
	waiting := f.cycle(watch.Order{}).Alerts.Retried
	if waiting == 0 {
		t.Fatal("nothing waits for the channel")
	}
	delete(f.watch.Channels, "second")
	f.clock.pass(time.Hour)
	if s := f.cycle(watch.Order{}); s.Alerts.Failed > 0 {
		t.Errorf("%d deliveries given up after an hour", s.Alerts.Failed)
	}
	f.clock.pass(alert.GiveUpAge)
	s := f.cycle(watch.Order{})
	if s.Alerts.Failed < waiting || len(s.Problems) != 1 || s.Problems[0].Channel != "second" || len(s.Hand()) == 0 {
		t.Errorf("%+v, problems %+v; want what waited for second given up, said once", s.Alerts, s.Problems)
	}
	f.clock.pass(time.Hour)
	if s := f.cycle(watch.Order{}); s.Alerts.Failed > 0 {
		t.Errorf("%d deliveries given up again", s.Alerts.Failed)
	}
}

func TestEachFaultIsReported(t *testing.T) {
	f := open(t, newsroom.Faults...)
	all, patient := f.watch.Sources, f.watch.Fetch
	hangs := func(s news.Source) bool { return s.ID == "outlet-"+string(newsroom.Hang) }
	f.watch.Sources = slices.DeleteFunc(slices.Clone(all), hangs)
	s := f.cycle(watch.Order{})
	// The outlet that hangs alone is given up soon: on a slow machine others may take long.
	hasty, err := fetch.New(fetch.Config{Timeout: 50 * time.Millisecond, Policy: guard.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	if err != nil {
		t.Fatal(err)
	}
	defer hasty.Close()
	f.watch.Sources, f.watch.Fetch = slices.DeleteFunc(slices.Clone(all), func(s news.Source) bool { return !hangs(s) }), hasty
	s.Failures = append(s.Failures, f.cycle(watch.Order{}).Failures...)
	f.watch.Fetch = patient
	for _, fault := range newsroom.Faults {
		i := slices.IndexFunc(s.Failures, func(x watch.Failure) bool { return x.Source == "outlet-"+string(fault) })
		if i < 0 {
			t.Errorf("the outlet that is %s isn't reported", fault)
			continue
		}
		if s.Failures[i].Gone != (fault == newsroom.Gone) {
			t.Errorf("%s: gone %v", fault, s.Failures[i].Gone)
		}
	}
	if len(s.Failures) != len(newsroom.Faults) {
		t.Errorf("%d failures, want %d: %+v", len(s.Failures), len(newsroom.Faults), s.Failures)
	}
	if len(f.desk.got) == 0 {
		t.Error("the outlets that answer were not read")
	}
}

// full is a store that is full from a moment on.
type full struct {
	store.Store
	left int
}

func (s *full) Update(ctx context.Context, fn func(store.Tx) error) error {
	if s.left--; s.left < 0 {
		return store.ErrFull
	}
	return s.Store.Update(ctx, fn)
}

func TestFullDiskEndsTheCycleWithASentence(t *testing.T) {
	f := open(t)
	whole := f.watch.Store
	f.watch.Store = &full{whole, 3}
	f.clock.pass(time.Minute)
	_, err := f.watch.Cycle(t.Context(), watch.Order{})
	if !errors.Is(err, store.ErrFull) {
		t.Fatalf("cycle: %v, want %v", err, store.ErrFull)
	}
	f.watch.Store = whole
	f.cycle(watch.Order{})
	if got, want := len(f.desk.titles()), len(f.told()); got < want {
		t.Errorf("once there is room, told of %d stories, want %d", got, want)
	}
}

// TestCycleFindsImportedNames: what a list names is found in the evidence of a
// hit, a single word by itself isn't.
func TestCycleFindsImportedNames(t *testing.T) {
	f := open(t)
	f.list("lists", "id,schema,name,aliases,countries\nNK-7,Company,Ala-Archa Settlement Bank,,kg\nNK-8,Company,Bishkek,,kg\nNK-9,Company,Bishkek Settlement Works,,kg\n")
	f.cycle(watch.Order{})
	found := map[string]bool{}
	for _, h := range f.hits() {
		for _, id := range h.Hit.Entities {
			found[id] = true
			if id == "NK-7" && h.Hit.Theme != news.Theme("sanctions") {
				t.Errorf("NK-7 is in a hit of %s", h.Hit.Theme)
			}
		}
	}
	if !found["NK-7"] || found["NK-8"] || found["NK-9"] {
		t.Errorf("found %v, want NK-7 of the three", slices.Sorted(maps.Keys(found)))
	}
}

// list imports a list of names.
func (f *fixture) list(source, csv string) {
	f.t.Helper()
	r, err := names.NewReader(strings.NewReader(csv), "")
	if err != nil {
		f.t.Fatal(err)
	}
	_, err = f.watch.Store.ImportNames(f.t.Context(), news.NameSource{Name: source, Imported: f.clock.now()}, r.Next,
		func() time.Time { return time.Time{} })
	if err != nil {
		f.t.Fatal(err)
	}
}
