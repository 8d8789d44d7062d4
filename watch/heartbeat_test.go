package watch_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"driftwatch/alert"
	"driftwatch/alert/channel"
	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/newsroom/sink"
	"driftwatch/watch"
)

// operator makes the second channel the operator's.
func operator(f *fixture) {
	f.watch.Operator = configs.Operator{Channel: "second", At: configs.Clock{Minutes: 7 * 60}, Silence: 24 * time.Hour, Stall: 2 * time.Hour, Pending: 100}
	f.watch.Router = alert.Routes([]configs.Route{{Name: "all", To: []string{"desk"}}})
}

func (d *desk) notesSoFar() []news.Note {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]news.Note(nil), d.notes...)
}

func TestTheOperatorHearsOfIt(t *testing.T) {
	f := open(t)
	operator(f)
	f.cycle(watch.Order{})
	if n := f.second.notesSoFar(); len(n) != 0 {
		t.Errorf("%+v", n)
	}
	f.clock.pass(24 * time.Hour)
	s := f.cycle(watch.Order{})
	notes := f.second.notesSoFar()
	if len(notes) != 2 || notes[0].Title != "no cycle had ended for a while" || !notes[0].Alarm || notes[1].Title != "it runs" {
		t.Fatalf("%+v, problems %+v", notes, s.Problems)
	}
	if text := strings.Join(notes[1].Lines, "\n"); !strings.Contains(text, "2 cycles, ") || !strings.Contains(text, "Failing: no source.") || strings.Contains(text, "Found: 0 new") {
		t.Error(text)
	}
	f.cycle(watch.Order{})
	if n := f.second.notesSoFar(); len(n) != 2 {
		t.Errorf("told again: %+v", n)
	}
}

// A channel that is no good is told once, and what it was told isn't lost.
func TestAChannelThatIsGoneIsToldOnce(t *testing.T) {
	f := open(t)
	operator(f)
	f.desk.down = &channel.PermanentError{Problem: "token_revoked: make a new one", Down: true}
	f.cycle(watch.Order{})
	f.cycle(watch.Order{})
	notes := f.second.notesSoFar()
	if len(notes) != 1 || notes[0].Title != "a channel takes nothing" || notes[0].Lines[0] != "desk: token_revoked: make a new one" {
		t.Errorf("%+v", notes)
	}
}

// Notes wait in the outbox while the operator's channel is down.
func TestNotesWaitForTheirChannel(t *testing.T) {
	f := open(t)
	operator(f)
	f.clock.pass(f.clock.now().Truncate(24 * time.Hour).Add(36 * time.Hour).Sub(f.clock.now())) // to noon: the daily note is of the morning
	f.cycle(watch.Order{})
	f.second.down = &channel.RetryError{Problem: "answered 503"}
	f.clock.pass(24 * time.Hour)
	f.cycle(watch.Order{})
	f.second.down = nil
	f.clock.pass(time.Hour)
	f.cycle(watch.Order{})
	if n := f.second.notesSoFar(); len(n) != 2 {
		t.Errorf("%+v", n)
	}
}

func TestThePingFollowsGoodCycles(t *testing.T) {
	var pings atomic.Int32
	status := http.StatusOK
	watcher := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == "/s3cret" {
			pings.Add(1)
		}
		w.WriteHeader(status)
	}))
	defer watcher.Close()
	f := open(t)
	f.watch.Operator.Ping = configs.Secret(watcher.URL + "/s3cret")
	f.cycle(watch.Order{})
	f.cycle(watch.Order{NoAlerts: true})
	if pings.Load() != 1 {
		t.Errorf("%d pings", pings.Load())
	}
	status = http.StatusNotFound
	s := f.cycle(watch.Order{})
	if len(s.Problems) != 1 || s.Problems[0] != (watch.ChannelProblem{Channel: "ping", Problem: "answered 404 Not Found"}) {
		t.Errorf("%+v", s.Problems)
	}
	watcher.Close()
	if s := f.cycle(watch.Order{}); len(s.Problems) != 1 || strings.Contains(s.Problems[0].Problem, "s3cret") {
		t.Errorf("%+v", s.Problems)
	}
}

func TestFeedsAreWrittenToTheirFolder(t *testing.T) {
	f := open(t)
	dir := filepath.Join(t.TempDir(), "feeds")
	f.watch.Feeds = configs.Feeds{Path: dir, Days: 14, Limit: 200, Link: "https://news.example/feeds/"}
	f.cycle(watch.Order{})
	read := func(name string) *gofeed.Feed {
		t.Helper()
		file, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		feed, err := gofeed.NewParser().Parse(file)
		if err != nil {
			t.Fatal(err)
		}
		return feed
	}
	all := read("all.rss")
	titles := map[string]bool{}
	for _, item := range all.Items {
		titles[item.GUID] = true
	}
	if len(titles) != len(all.Items) || len(all.Items) < len(f.desk.titles()) {
		t.Errorf("%d entries, %d of them different; %d were alerted", len(all.Items), len(titles), len(f.desk.titles()))
	}
	byCountry := 0
	for _, c := range news.Countries {
		byCountry += len(read(strings.ToLower(c) + ".json").Items)
		read("sanctions-" + strings.ToLower(c) + ".atom")
	}
	if byCountry < len(all.Items) || len(read("sanctions.atom").Items) >= len(all.Items) {
		t.Errorf("%d by country, %d in all", byCountry, len(all.Items))
	}
	// What hasn't changed isn't written again, and nothing is left beside it.
	before, err := os.Stat(filepath.Join(dir, "all.atom"))
	if err != nil {
		t.Fatal(err)
	}
	f.cycle(watch.Order{})
	after, err := os.Stat(filepath.Join(dir, "all.atom"))
	if err != nil || !os.SameFile(before, after) {
		t.Errorf("%v: the file was written anew", err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(left) > 0 {
		t.Error(left, err)
	}
}

// A verdict by button leaves the story out of the feeds.
func TestButtonsReachTheStore(t *testing.T) {
	f := open(t)
	sinks, err := sink.Start(t.Context(), sink.Options{Now: f.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	defer sinks.Close()
	api := sinks.Slack.API
	set := configs.Channel{
		Type: configs.ChannelSlack, Token: configs.Secret(api.Token), AppToken: configs.Secret(api.AppToken), Channel: api.Channel, API: api.URL,
	}
	f.watch.Channels["desk"], err = alert.Open("desk", set, alert.Options{Listens: true})
	if err != nil {
		t.Fatal(err)
	}
	f.cycle(watch.Order{})
	if len(api.Posts()) == 0 {
		t.Fatal("nothing was posted")
	}
	listeners := f.watch.Listeners(map[string]configs.Channel{"a": set, "b": set, "mail": {Type: configs.ChannelMail}}, "Driftwatch/test", func(name string, err error) { t.Error(name, err) })
	if len(listeners) != 1 {
		t.Fatalf("%d listeners", len(listeners))
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { watch.Listen(ctx, listeners); close(ended) }()
	hit := f.hits()[0].Hit
	for _, r := range f.hits() {
		if !r.Hit.Background && r.Hit.Quiet == "" {
			hit = r.Hit
			break
		}
	}
	story := strconv.FormatInt(hit.Story, 10)
	for _, action := range []string{"driftwatch_irrelevant", "driftwatch_silence", "driftwatch_irrelevant"} {
		if err := api.Press(t.Context(), action, story, "Aida"); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	<-ended
	silences, err := f.watch.Store.Silences(t.Context(), time.Time{})
	if err != nil || len(silences) != 1 || silences[0].By != "Aida" || silences[0].Stories[0] != hit.Story || silences[0].Ends.Sub(silences[0].Begins) != 24*time.Hour {
		t.Errorf("%+v, %v", silences, err)
	}
	detail, err := f.watch.Store.Hit(t.Context(), hit.ID)
	if err != nil || len(detail.Verdicts) == 0 || detail.Verdicts[0].Says != news.Irrelevant || detail.Verdicts[0].By != "Aida" {
		t.Errorf("%+v, %v", detail.Verdicts, err)
	}
	entries, err := watch.Stories(t.Context(), f.watch.Store, f.watch.Sources, watch.Feed{})
	for _, e := range entries {
		if e.Alert.Story.ID == hit.Story {
			t.Errorf("story %d is in the feed, %v", hit.Story, err)
		}
	}
}
