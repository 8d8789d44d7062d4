package watch

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"driftwatch/alert"
	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/store/sqlite"
)

// readers is a channel that keeps what it was sent.
type readers struct {
	mu      sync.Mutex
	alerts  []news.Alert
	digests []news.Digest
	notes   []news.Note
	down    error
}

func (r *readers) take(keep func()) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.down != nil {
		return "", r.down
	}
	keep()
	return fmt.Sprintf("receipt %d", len(r.alerts)), nil
}

func (r *readers) Send(_ context.Context, a news.Alert) (string, error) {
	return r.take(func() { r.alerts = append(r.alerts, a) })
}

func (r *readers) SendDigest(_ context.Context, d news.Digest) (string, error) {
	return r.take(func() { r.digests = append(r.digests, d) })
}

func (r *readers) SendNote(_ context.Context, n news.Note) (string, error) {
	return r.take(func() { r.notes = append(r.notes, n) })
}

// press is a watch over a store whose articles a test writes.
type press struct {
	*testing.T
	*Watch
	at       time.Time
	n        int64 // articles so far
	channels map[string]*readers
}

var manners = map[string]configs.Manner{"edits": configs.MannerEdits, "events": configs.MannerEvents, "messages": configs.MannerMessages}

// open is a press with a route to a channel of each manner.
func open(t *testing.T, route configs.Route) *press {
	t.Helper()
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "d.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	p := &press{T: t, at: time.Date(2031, 8, 26, 6, 0, 0, 0, time.UTC), channels: map[string]*readers{}}
	channels := map[string]alert.Channel{}
	route.Name = "all"
	for name := range manners {
		p.channels[name] = &readers{}
		channels[name] = p.channels[name]
		route.To = append(route.To, name)
	}
	p.Watch = &Watch{
		Store: st, Router: alert.NewRouter([]configs.Route{route}, nil), Channels: channels, Manners: manners,
		Now: func() time.Time { return p.at },
		Sources: []news.Source{
			{ID: "kovyl", Name: "Ковыль Медиа", Country: "KZ", Enabled: true, Ownership: "private"},
			{ID: "mangysh", Name: "Маңғыш", Country: "KZ", Enabled: true, Ownership: "state"},
		},
	}
	return p
}

func act(level int, status news.Status, countries ...string) news.Hit {
	return news.Hit{
		Theme: news.ThemeCSTO, Signal: "C3", Title: "Exercise", Level: level, Direction: news.Apart, Status: status, Countries: countries,
		Evidence: []news.Evidence{{Field: news.FieldTitle, Quote: "x", Sentence: "x"}},
	}
}

// report files an article a minute later: of a new story where story is 0. It
// gives the story.
func (p *press) report(story int64, source, lang string, hits ...news.Hit) int64 {
	p.Helper()
	p.at = p.at.Add(time.Minute)
	p.n++
	a := news.Article{Source: source, Lang: lang, URL: fmt.Sprintf("https://%s.example/%d", source, p.n), Title: fmt.Sprintf("Report %d", p.n), Text: "x", Seen: p.at}
	err := p.Store.Update(p.Context(), func(tx store.Tx) (err error) {
		if story == 0 {
			a, err = tx.NewStory(a, store.Print{})
		} else {
			a, err = tx.AddToStory(story, a, store.Print{})
		}
		if err != nil {
			return err
		}
		for i := range hits {
			hits[i].Found = p.at
		}
		put, err := tx.PutHits(a.ID, 1, hits)
		if err != nil {
			return err
		}
		return p.tellOf(tx, news.Source{ID: source}, a, put, &counted{})
	})
	if err != nil {
		p.Fatal(err)
	}
	return a.Story
}

// send drains what is due.
func (p *press) send() alert.Report {
	p.Helper()
	r, err := alert.Drain(p.Context(), p.Store, p.Channels, alert.DrainOptions{
		Now: p.Now, Router: p.Router, Manner: p.manner, Pace: func(string) time.Duration { return 0 }, Patience: -1, Jitter: func() float64 { return 0 },
	})
	if err != nil {
		p.Fatal(err)
	}
	return r
}

// heard are the versions that a channel was sent, with what each said is new.
func (p *press) heard(channel string) []string {
	var out []string
	for _, a := range p.channels[channel].alerts {
		line := fmt.Sprintf("%d:", a.Delivery.Version)
		for _, c := range a.Changes {
			line += " " + string(c.Kind)
		}
		out = append(out, line)
	}
	return out
}

func (p *press) wants(channel string, want ...string) {
	p.Helper()
	if got := p.heard(channel); !slices.Equal(got, want) {
		p.Errorf("%s heard\n %q, want\n %q", channel, got, want)
	}
}

func TestAStoryGrows(t *testing.T) {
	p := open(t, configs.Route{})
	story := p.report(0, "kovyl", "ru", act(3, news.StatusAnnounced, "KZ"))
	p.send()
	p.report(story, "mangysh", "kk", act(3, news.StatusAnnounced, "KZ")) // another outlet and language
	p.send()
	p.report(story, "kovyl", "ru") // an article without hits
	p.send()
	p.report(story, "kovyl", "ru", act(4, news.StatusDecided, "KG")) // a level, a status, a country
	p.send()
	p.report(story, "kovyl", "ru", act(3, news.StatusDenied, "KZ")) // denied
	p.send()
	p.send()
	grown := []string{"1:", "2: language outlet article", "3: article", "4: level status country article", "5: status article"}
	p.wants("edits", grown...)
	p.wants("events", grown...)
	p.wants("messages", "1:", "2: level status country language outlet article article article", "3: status article")
	last := p.channels["messages"].alerts[2]
	if last.First == nil || last.First.Version != 1 || last.First.Receipt != "receipt 1" || len(last.Reports) != 4 || last.State.Articles != 5 {
		t.Errorf("first %+v, %d reports, state %+v", last.First, len(last.Reports), last.State)
	}
}

// Several changes before a message goes out are in that one message.
func TestChangesBeforeSendingCollapse(t *testing.T) {
	p := open(t, configs.Route{})
	story := p.report(0, "kovyl", "ru", act(3, news.StatusAnnounced, "KZ"))
	p.report(story, "mangysh", "kk", act(5, news.StatusDecided, "KG"))
	p.send()
	for range 3 {
		p.report(story, "mangysh", "kk", act(5, news.StatusDecided, "KG"))
	}
	p.send()
	p.wants("edits", "1:", "2: article article article")
	p.wants("messages", "1:")
	if a := p.channels["edits"].alerts[0]; a.State.Level != 5 || a.State.Articles != 2 {
		t.Errorf("the first message says %+v", a.State)
	}
}

// What comes while a message is on its way is told by a further version, unless
// that message had it already.
func TestNewsWhileAMessageIsOnItsWay(t *testing.T) {
	for name, later := range map[string]int{"already told": 3, "not told": 5} {
		t.Run(name, func(t *testing.T) {
			p := open(t, configs.Route{})
			story := p.report(0, "kovyl", "ru", act(3, news.StatusAnnounced, "KZ"))
			got, err := p.Store.Lease(t.Context(), "messages", p.at, p.at.Add(time.Hour), 1)
			if err != nil || len(got) != 1 {
				t.Fatal(got, err)
			}
			a, err := p.Store.Alert(t.Context(), got[0])
			if err != nil {
				t.Fatal(err)
			}
			p.report(story, "mangysh", "ru", act(later, news.StatusAnnounced, "KZ"))
			p.send() // the other process: it must not send the second version before the first
			if n := len(p.channels["messages"].alerts); n != 0 {
				t.Fatalf("%d messages while the first is on its way", n)
			}
			if err := p.Store.Sent(t.Context(), got[0].ID, "r", &a.State, p.at); err != nil {
				t.Fatal(err)
			}
			p.send()
			if later == 5 {
				p.wants("messages", "2: level outlet article")
			} else {
				p.wants("messages")
			}
		})
	}
}

// A story that waits for the morning goes out at once when it becomes grave.
func TestAGraveTurnBreaksQuietHours(t *testing.T) {
	q := &configs.QuietHours{From: configs.Clock{Minutes: 5 * 60}, To: configs.Clock{Minutes: 9 * 60}, ExceptLevel: 5, Timezone: configs.ZoneAt(time.UTC)}
	p := open(t, configs.Route{QuietHours: q})
	one := p.report(0, "kovyl", "ru", act(3, news.StatusAnnounced, "KZ"))
	p.report(0, "kovyl", "ru", act(3, news.StatusAnnounced, "KG"))
	p.send()
	p.wants("messages")
	p.report(one, "mangysh", "ru", act(5, news.StatusDecided, "KZ"))
	p.send()
	p.wants("messages", "1:")
	p.at = time.Date(2031, 8, 26, 9, 0, 0, 0, time.UTC)
	p.send()
	p.wants("messages", "1:", "1:")
	p.wants("edits", "1:", "1:")
}

// Quiet hours may end in one digest of what waited, each story once; an edit waits
// by itself.
func TestADigestAfterQuietHours(t *testing.T) {
	q := &configs.QuietHours{From: configs.Clock{Minutes: 7 * 60}, To: configs.Clock{Minutes: 9 * 60}, ExceptLevel: 5, Timezone: configs.ZoneAt(time.UTC), Then: configs.ThenDigest}
	p := open(t, configs.Route{QuietHours: q})
	known := p.report(0, "kovyl", "ru", act(3, news.StatusAnnounced, "KZ"))
	p.send()
	p.at = time.Date(2031, 8, 26, 7, 0, 0, 0, time.UTC)
	one := p.report(0, "kovyl", "ru", act(3, news.StatusAnnounced, "KZ"))
	p.report(0, "kovyl", "ru", act(4, news.StatusAnnounced, "KG"))
	p.send()
	p.report(one, "mangysh", "ru", act(4, news.StatusDecided, "KZ"))
	p.report(known, "mangysh", "ru", act(4, news.StatusDecided, "KZ"))
	p.send()
	grave := p.report(0, "kovyl", "ru", act(5, news.StatusDecided, "UZ"))
	p.send()
	p.wants("messages", "1:", "1:")
	p.at = time.Date(2031, 8, 26, 9, 0, 0, 0, time.UTC)
	p.send()
	p.send()
	p.wants("messages", "1:", "1:")
	for channel, want := range map[string]string{"messages": "KZ new=false KZ new=true KG new=true", "edits": "KZ new=true KG new=true"} {
		got := p.channels[channel].digests
		if len(got) != 1 {
			t.Fatalf("%s got %d digests", channel, len(got))
		}
		var said []string
		for _, i := range got[0].Items {
			said = append(said, fmt.Sprintf("%s new=%t", i.Country, i.New))
			if i.Alert.Story.ID == grave || i.Alert.Story.ID == known && len(i.Changes) == 0 {
				t.Errorf("%s: item %+v", channel, i)
			}
		}
		if s := strings.Join(said, " "); s != want {
			t.Errorf("%s: digest of %q, want %q", channel, s, want)
		}
	}
	p.wants("edits", "1:", "1:", "2: level status outlet article")
	p.report(one, "kovyl", "ru", act(5, news.StatusDecided, "KZ")) // it goes on from what the digest told
	p.send()
	p.wants("messages", "1:", "1:", "3: level article")
}

// A silenced story is told when it grows after the silence has ended.
func TestASilencedStoryGrows(t *testing.T) {
	p := open(t, configs.Route{})
	story := p.report(0, "kovyl", "ru", act(3, news.StatusAnnounced, "KZ"))
	_, err := p.Store.AddSilence(t.Context(), news.Silence{Stories: []int64{story}, Begins: p.at, Ends: p.at.Add(24 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	p.send()
	p.report(story, "mangysh", "ru", act(5, news.StatusDecided, "KZ"))
	if r := p.send().Total(); r.Sent != 0 || r.Silenced != 3 {
		t.Errorf("%+v", r)
	}
	rows, err := p.Store.Deliveries(t.Context(), store.DeliveryFilter{States: []news.DeliveryState{news.DeliverySilenced}})
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d kept back, %v; want one for each channel", len(rows), err)
	}
	p.at = p.at.Add(24 * time.Hour)
	p.report(story, "mangysh", "ru", act(5, news.StatusHappened, "KZ"))
	p.send()
	p.wants("messages", "1:")
}

// A route that is gone from the configuration is told nothing more.
func TestARouteThatIsGone(t *testing.T) {
	p := open(t, configs.Route{})
	story := p.report(0, "kovyl", "ru", act(3, news.StatusAnnounced, "KZ"))
	p.send()
	p.Router = alert.Routes([]configs.Route{{Name: "new", To: []string{"messages"}}})
	p.report(story, "mangysh", "ru", act(5, news.StatusDecided, "KZ"))
	p.send()
	p.wants("edits", "1:")
	p.wants("messages", "1:", "1:") // the new route's first
}

// digest is a daily one at 08:00 UTC to the messages channel.
func digest(d configs.Digest) configs.Digest {
	d.Name, d.To = "morning", []string{"messages"}
	d.Schedule = configs.Schedule{Every: "daily", At: configs.Clock{Minutes: 8 * 60}, Timezone: configs.ZoneAt(time.UTC)}
	return d
}

// cycle makes digests and sends them, as a cycle does.
func (p *press) cycle(states map[string]news.SourceState) error {
	t := newTally(p.at)
	err := p.makeDigests(p.Context(), states, t, func() {}, Order{})
	if err == nil {
		p.send()
	}
	return err
}

func TestDigestSaysWhatIsNew(t *testing.T) {
	p := open(t, configs.Route{})
	p.Digests = []configs.Digest{digest(configs.Digest{Match: configs.Match{MinLevel: 2}})}
	states := map[string]news.SourceState{"kovyl": {LastSuccess: p.at}, "mangysh": {LastSuccess: p.at, Failures: 3, Problem: "status 503"}}
	go1 := func(day int, hour int) {
		t.Helper()
		p.at = time.Date(2031, 8, day, hour, 0, 0, 0, time.UTC)
		if err := p.cycle(states); err != nil {
			t.Fatal(err)
		}
	}
	go1(26, 6) // it begins here
	kz := p.report(0, "kovyl", "ru", act(3, news.StatusAnnounced, "KZ"))
	p.report(0, "kovyl", "ru", act(4, news.StatusAnnounced, "TM"))
	p.report(0, "kovyl", "ru", act(1, news.StatusAnnounced, "KG")) // under its level
	p.report(0, "kovyl", "ru")
	go1(26, 9)
	go1(26, 10)
	p.report(kz, "mangysh", "kk", act(3, news.StatusAnnounced, "KZ"))
	go1(31, 9) // it slept for days
	go1(31, 10)
	go1(31, 23)
	p.at = p.at.Add(time.Hour * 10) // September 1st
	if err := p.cycle(states); err != nil {
		t.Fatal(err)
	}
	got := p.channels["messages"].digests
	var said []string
	for _, d := range got {
		line := d.From.Format("02T15") + "–" + d.To.Format("02T15")
		for _, it := range d.Items {
			line += fmt.Sprintf(" %s/%s new=%t", it.Country, it.Theme, it.New)
			for _, c := range it.Changes {
				line += " " + string(c.Kind)
			}
		}
		said = append(said, line)
	}
	want := []string{
		"26T06–26T08 KZ/csto new=true TM/csto new=true",
		"26T08–31T08 KZ/csto new=false language outlet article",
		"31T08–01T08",
	}
	if !slices.Equal(said, want) {
		t.Fatalf("said\n%s\nwant\n%s", strings.Join(said, "\n"), strings.Join(want, "\n"))
	}
	last := got[2]
	if last.Polled != 1 || len(last.Gaps) != 1 || last.Gaps[0].Source != "Маңғыш" || last.Gaps[0].Problem != "status 503" || last.Gaps[0].Since.IsZero() {
		t.Errorf("coverage: %d read, gaps %+v", last.Polled, last.Gaps)
	}
	if a := got[0].Items[0].Alert; a.Story.ID != kz || len(a.Hits) != 1 || a.Delivery.Route != "morning" {
		t.Errorf("the first story is %+v", a)
	}
}

// A digest that was written and not sent goes out later under its key; one whose
// transaction died is made again, whole.
func TestDigestsSurvive(t *testing.T) {
	p := open(t, configs.Route{})
	p.Digests = []configs.Digest{digest(configs.Digest{})}
	if err := p.cycle(nil); err != nil {
		t.Fatal(err)
	}
	p.report(0, "kovyl", "ru", act(3, news.StatusAnnounced, "KZ"))
	whole := p.Store
	p.at = time.Date(2031, 8, 26, 9, 0, 0, 0, time.UTC)
	p.Store = dying{whole}
	if err := p.cycle(nil); !errors.Is(err, errDied) {
		t.Fatalf("it died with %v", err)
	}
	p.Store = whole
	p.channels["messages"].down = errors.New("line cut")
	if err := p.cycle(nil); err != nil {
		t.Fatal(err)
	}
	rows := p.digestRows()
	if len(rows) != 1 || rows[0].State != news.DeliveryPending {
		t.Fatalf("owed: %+v", rows)
	}
	p.channels["messages"].down = nil
	p.at = p.at.Add(time.Hour)
	if err := p.cycle(nil); err != nil {
		t.Fatal(err)
	}
	got := p.channels["messages"].digests
	if len(got) != 1 || got[0].Key != rows[0].Key || len(got[0].Items) != 1 {
		t.Fatalf("sent %+v", got)
	}
	if rows := p.digestRows(); len(rows) != 1 || rows[0].State != news.DeliverySent {
		t.Errorf("recorded: %+v", rows)
	}
}

func (p *press) digestRows() []store.DeliveryRow {
	p.Helper()
	rows, err := p.Store.Deliveries(p.Context(), store.DeliveryFilter{Kinds: []news.DeliveryKind{news.DeliveryDigest}})
	if err != nil {
		p.Fatal(err)
	}
	return rows
}

var errDied = errors.New("killed")

// dying is a store whose updates die before they are kept.
type dying struct{ store.Store }

func (d dying) Update(ctx context.Context, fn func(store.Tx) error) error {
	return d.Store.Update(ctx, func(tx store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errDied
	})
}

// The clock goes back by a year and on again: a digest is made once a day all
// the same, and no message is lost or doubled.
func TestTheClockMoves(t *testing.T) {
	p := open(t, configs.Route{})
	p.Digests = []configs.Digest{digest(configs.Digest{})}
	day := func(at time.Time) {
		t.Helper()
		p.at = at
		if _, err := p.Store.ReleaseLeases(t.Context(), p.at); err != nil {
			t.Fatal(err)
		}
		if err := p.cycle(nil); err != nil {
			t.Fatal(err)
		}
	}
	right := p.at
	ahead := right.AddDate(1, 0, 0)
	p.channels["messages"].down = errors.New("line cut")
	day(ahead)
	p.report(0, "kovyl", "ru", act(3, news.StatusAnnounced, "KZ"))
	day(ahead.Add(3 * time.Hour))
	p.channels["messages"].down = nil
	day(right)
	if n := len(p.channels["messages"].alerts); n != 1 {
		t.Errorf("%d messages after the clock was set back, want the one that waits for next year", n)
	}
	for h := range 48 {
		day(right.Add(time.Duration(h) * time.Hour))
	}
	if n := len(p.channels["messages"].digests); n != 3 { // the one of next year, and one for each morning
		t.Errorf("%d digests, want 3", n)
	}
	if n := len(p.channels["edits"].alerts); n != 1 {
		t.Errorf("%d messages to another channel", n)
	}
}

func TestWeeklyDigestsHaveTheDrift(t *testing.T) {
	p := open(t, configs.Route{})
	d := digest(configs.Digest{})
	d.Schedule.Every, d.Schedule.Weekday = "weekly", "wed"
	p.Digests = []configs.Digest{d}
	var asked []time.Time
	p.Drift = func(_ context.Context, from, to time.Time) ([]news.DriftLine, []byte, error) {
		asked = append(asked, from, to)
		return []news.DriftLine{{Country: "KZ", Apart: 2.5, Closer: 1, Events: 3}}, []byte("png"), nil
	}
	for i := range 9 {
		p.at = time.Date(2031, 8, 26+i, 6, 0, 0, 0, time.UTC)
		if err := p.cycle(nil); err != nil {
			t.Fatal(err)
		}
	}
	got := p.channels["messages"].digests
	if len(got) != 1 || got[0].Period != news.Weekly || len(got[0].Drift) != 1 || got[0].Drift[0].Apart != 2.5 || string(got[0].Picture) != "png" {
		t.Fatalf("%d digests: %+v", len(got), got)
	}
	if len(asked) != 2 || !asked[0].Equal(got[0].From) || !asked[1].Equal(got[0].To) {
		t.Errorf("asked for %v, the digest is of %v to %v", asked, got[0].From, got[0].To)
	}
}
