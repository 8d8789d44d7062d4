package alert_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"driftwatch/alert"
	"driftwatch/configs"
	"driftwatch/news"
)

// levelled makes the box's stories of a level each.
func levelled(b *box, level func(story int64) int) {
	b.alerts = func(d news.Delivery) (news.Alert, error) {
		l := level(d.Story)
		return news.Alert{
			Story: news.Story{ID: d.Story}, Article: news.Article{ID: d.Story, Source: "kovyl"},
			Hits:  []news.Hit{{Theme: news.ThemeCSTO, Signal: "C3", Level: l, Countries: []string{"KG"}, Story: d.Story}},
			State: news.StoryState{Level: l, Articles: 1},
		}, nil
	}
}

func routed(r configs.Route) alert.DrainOptions {
	o := plain
	r.Name, r.To = "all", []string{"team"}
	o.Router = alert.Routes([]configs.Route{r})
	o.Pace = func(string) time.Duration { return 0 }
	return o
}

// What falls into quiet hours goes out when they end, but for what is grave; no
// attempt is counted for the wait.
func TestQuietHoursHoldMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, w := &box{}, &wire{}
		levelled(b, func(story int64) int { return int(story) + 2 }) // 3, 4, 5
		b.file("team", 3, time.Now())
		begin := time.Now().UTC() // midnight, as synctest has it
		o := routed(configs.Route{QuietHours: &configs.QuietHours{To: configs.Clock{Minutes: 7 * 60}, ExceptLevel: 5, Timezone: configs.ZoneAt(time.UTC)}})
		r := mustDrain(t, b, map[string]alert.Channel{"team": w}, o)
		if !slices.Equal(w.heard, []string{"key-3"}) || r.Channels["team"].Waiting != 2 || r.Channels["team"].Sent != 1 {
			t.Fatalf("at night: heard %v, %+v", w.heard, r)
		}
		if d := b.owed[0]; d.Waits != news.WaitQuiet || !d.NextAt.Equal(begin.Add(7*time.Hour)) {
			t.Errorf("it waits %+v", d)
		}
		time.Sleep(7*time.Hour - time.Second)
		if mustDrain(t, b, map[string]alert.Channel{"team": w}, o); len(w.heard) != 1 {
			t.Errorf("heard %v before they end", w.heard)
		}
		time.Sleep(time.Second)
		if mustDrain(t, b, map[string]alert.Channel{"team": w}, o); len(w.heard) != 3 {
			t.Errorf("heard %v in the morning", w.heard)
		}
	})
}

func TestSilencesKeepMessagesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, w := &box{}, &wire{}
		levelled(b, func(int64) int { return 3 })
		b.file("team", 3, time.Now())
		b.silences = []news.Silence{
			{ID: 8, Stories: []int64{1}, Begins: time.Now().Add(-2 * time.Hour), Ends: time.Now().Add(-time.Hour)}, // it has ended
			{ID: 9, Stories: []int64{2}, Begins: time.Now(), Ends: time.Now().Add(time.Hour)},
		}
		r := mustDrain(t, b, map[string]alert.Channel{"team": w}, routed(configs.Route{}))
		if !slices.Equal(w.heard, []string{"key-1", "key-3"}) || r.Channels["team"].Silenced != 1 {
			t.Errorf("heard %v, %+v", w.heard, r)
		}
		if d := b.owed[1]; d.State != news.DeliverySilenced || d.Silence != 9 || d.Told == nil {
			t.Errorf("kept back: %+v", d)
		}
	})
}

// A silence that takes one of a message's hits and not the other keeps nothing
// back.
func TestASilenceOfOneHitOfTwo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, w := &box{}, &wire{}
		b.alerts = func(d news.Delivery) (news.Alert, error) {
			return news.Alert{Hits: []news.Hit{{Signal: "C3", Level: 3}, {Signal: "S1", Level: 3}, {Signal: "C9", Level: 5, Background: true}}}, nil
		}
		b.file("team", 1, time.Now())
		b.silences = []news.Silence{{ID: 1, Signals: []string{"C3"}, Begins: time.Now(), Ends: time.Now().Add(time.Hour)}}
		if mustDrain(t, b, map[string]alert.Channel{"team": w}, routed(configs.Route{})); len(w.heard) != 1 {
			t.Errorf("heard %v", w.heard)
		}
		b.file("team", 1, time.Now())
		b.silences[0].Signals = append(b.silences[0].Signals, "S1")
		if mustDrain(t, b, map[string]alert.Channel{"team": w}, routed(configs.Route{})); len(w.heard) != 1 {
			t.Errorf("both are silenced, and heard %v", w.heard)
		}
	})
}

// notes is a wire that keeps the notes that it is sent.
type notes struct {
	wire
	got []news.Note
}

func (n *notes) SendNote(ctx context.Context, note news.Note) (string, error) {
	n.got = append(n.got, note)
	return n.wire.SendNote(ctx, note)
}

// Over the cap, the rest is named in one message when the hour is over.
func TestCapsNameTheRestInOneMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, w := &box{}, &notes{}
		levelled(b, func(int64) int { return 3 })
		b.file("team", 25, time.Now())
		o := routed(configs.Route{MaxPerHour: 2})
		r := mustDrain(t, b, map[string]alert.Channel{"team": w}, o)
		if len(w.heard) != 2 || r.Channels["team"].Folded != 23 {
			t.Fatalf("heard %v, %+v", w.heard, r)
		}
		time.Sleep(time.Hour - time.Second)
		if mustDrain(t, b, map[string]alert.Channel{"team": w}, o); len(w.got) != 0 {
			t.Error("named before the hour is over")
		}
		time.Sleep(time.Second)
		mustDrain(t, b, map[string]alert.Channel{"team": w}, o)
		if len(w.got) != 1 || w.got[0].Title != "and 23 more stories on route all" || w.got[0].Key == "" {
			t.Fatalf("told %+v", w.got)
		}
		if lines := w.got[0].Lines; len(lines) != 12 || lines[0] != "- story 3 (level 3)" || lines[10] != "- and 13 others" ||
			!strings.HasSuffix(lines[11], "driftwatch alerts list --in 26") {
			t.Errorf("it names %q", lines)
		}
		b.file("team", 3, time.Now())
		mustDrain(t, b, map[string]alert.Channel{"team": w}, o)
		if len(w.heard) != 5 {
			t.Errorf("in the next hour heard %v", w.heard)
		}
	})
}

// story makes an outbox's one story what a test says of it.
func story(b *box, now *news.StoryState, first, last *news.Delivery) {
	b.alerts = func(d news.Delivery) (news.Alert, error) {
		return news.Alert{Hits: []news.Hit{{Level: now.Level}}, State: *now, First: first, Last: last, Article: news.Article{Seen: time.Now()}}, nil
	}
}

// A later version goes out with what is new since the channel was told, and not
// at all where that isn't worth it any more.
func TestVersionsSayWhatIsNew(t *testing.T) {
	for name, c := range map[string]struct {
		manner configs.Manner
		change func(*news.StoryState)
		want   []news.ChangeKind // nil: it isn't sent
	}{
		"nothing, edited":          {configs.MannerEdits, func(*news.StoryState) {}, nil},
		"an article, edited":       {configs.MannerEdits, func(s *news.StoryState) { s.Articles++ }, []news.ChangeKind{news.ChangeArticle}},
		"an article, an event":     {configs.MannerEvents, func(s *news.StoryState) { s.Articles++ }, []news.ChangeKind{news.ChangeArticle}},
		"an article, by a message": {configs.MannerMessages, func(s *news.StoryState) { s.Articles++ }, nil},
		"a level, by a message": {
			configs.MannerMessages, func(s *news.StoryState) { s.Level, s.Articles = 5, 2 },
			[]news.ChangeKind{news.ChangeLevel, news.ChangeArticle},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				before, now := told(), told()
				c.change(&now)
				b := &box{}
				last := &news.Delivery{Version: 1, Receipt: "r", Told: &before}
				story(b, &now, last, last)
				b.file("team", 1, time.Now())
				b.owed[0].Version = 2
				var got []news.ChangeKind
				w := &wire{say: func(_ context.Context, a news.Alert, _ int) (string, error) {
					for _, ch := range a.Changes {
						got = append(got, ch.Kind)
					}
					if a.First == nil || a.First.Receipt != "r" {
						t.Errorf("it doesn't know the first message: %+v", a.First)
					}
					return "ok", nil
				}}
				o := routed(configs.Route{})
				o.Manner = func(alert.Target) configs.Manner { return c.manner }
				mustDrain(t, b, map[string]alert.Channel{"team": w}, o)
				if !slices.Equal(got, c.want) {
					t.Errorf("told %v, want %v", got, c.want)
				}
				d := b.owed[0]
				switch {
				case c.want == nil && d.State != news.DeliveryCancelled:
					t.Errorf("it became %+v", d)
				case c.want != nil && (d.Told == nil || d.Told.Level != now.Level || d.Told.Articles != now.Articles):
					t.Errorf("what was told isn't kept: %+v", d.Told)
				}
			})
		})
	}
}

// An edit of a message that is there isn't a new one: no cap counts it.
func TestCapsLetEditsThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, w := &box{}, &wire{}
		before, now := told(), told()
		now.Articles++
		last := &news.Delivery{Version: 1, Receipt: "r", Told: &before}
		story(b, &now, last, last)
		b.file("team", 3, time.Now())
		o := routed(configs.Route{MaxPerHour: 1})
		o.Manner = func(alert.Target) configs.Manner { return configs.MannerEdits }
		if mustDrain(t, b, map[string]alert.Channel{"team": w}, o); len(w.heard) != 3 {
			t.Errorf("heard %v", w.heard)
		}
	})
}

// A channel that is down for a day gets everything afterwards, each once.
func TestAChannelThatIsDownForADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &box{}
		up := time.Now().Add(24 * time.Hour)
		w := &wire{say: func(context.Context, news.Alert, int) (string, error) {
			if time.Now().Before(up) {
				return "", &alert.RetryError{Problem: "connection refused"}
			}
			return "ok", nil
		}}
		tries := 0
		for range 6 * 31 { // a cycle every ten minutes, and news in each of the first day
			if time.Now().Before(up) {
				b.file("team", 1, time.Now())
			}
			mustDrain(t, b, map[string]alert.Channel{"team": w}, plain)
			if time.Now().Before(up) {
				tries = len(w.heard)
			}
			time.Sleep(10 * time.Minute)
		}
		counted := map[string]int{}
		for _, k := range w.heard[tries:] {
			counted[k]++
		}
		if len(counted) != len(b.owed) || b.states("team")[news.DeliverySent] != len(b.owed) {
			t.Errorf("%d of %d arrived, states %v", len(counted), len(b.owed), b.states("team"))
		}
		for k, n := range counted {
			if n != 1 {
				t.Errorf("%s arrived %d times", k, n)
			}
		}
		if tries > len(b.owed)+60 {
			t.Errorf("%d attempts while it was down, for %d messages", tries, len(b.owed))
		}
	})
}

// Two processes drain one outbox: each message goes out once.
func TestTwoDrainersShareAnOutbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, w := &box{}, &wire{}
		levelled(b, func(int64) int { return 3 })
		w.say = func(context.Context, news.Alert, int) (string, error) {
			time.Sleep(30 * time.Millisecond)
			return "ok", nil
		}
		b.file("team", 40, time.Now())
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if _, err := alert.Drain(t.Context(), b, map[string]alert.Channel{"team": w}, routed(configs.Route{})); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		slices.Sort(w.heard)
		if len(w.heard) != 40 || len(slices.Compact(w.heard)) != 40 {
			t.Errorf("heard %d", len(w.heard))
		}
	})
}

// book is a channel that keeps its digests.
type book struct {
	wire
	got  []news.Digest
	fail error
}

func (b *book) SendDigest(_ context.Context, d news.Digest) (string, error) {
	b.got = append(b.got, d)
	return "ok", b.fail
}

func TestDigestsAreSentAsTheyWereMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, w := &box{}, &book{fail: errors.New("line cut")}
		levelled(b, func(story int64) int { return int(story) })
		c := alert.DigestContent{Period: news.Daily, From: at, To: at.Add(24 * time.Hour), Polled: 7, List: "driftwatch hits list"}
		for i := range 70 {
			c.Items = append(c.Items, alert.DigestEntry{
				Story: int64(i + 1), Country: []string{"TM", "KZ", "KG"}[i%3], Theme: news.ThemeCSTO, Level: i%5 + 1, New: i%2 == 0,
			})
		}
		c.Arrange()
		b.owed = append(b.owed, &news.Delivery{
			ID: 1, Kind: news.DeliveryDigest, Route: "morning", Channel: "team", Key: "dig-1", State: news.DeliveryPending,
			Created: time.Now(), NextAt: time.Now(), Content: c.String(),
		}, &news.Delivery{
			ID: 2, Kind: news.DeliveryDigest, Route: "broken", Channel: "team", Key: "dig-2", State: news.DeliveryPending,
			Created: time.Now(), NextAt: time.Now().Add(time.Minute), Content: "{",
		})
		o := routed(configs.Route{})
		mustDrain(t, b, map[string]alert.Channel{"team": w}, o)
		w.fail = nil
		time.Sleep(5 * time.Minute)
		mustDrain(t, b, map[string]alert.Channel{"team": w}, o)
		if len(w.got) != 2 || w.got[0].Key != "dig-1" || w.got[1].Key != "dig-1" {
			t.Fatalf("sent %d", len(w.got))
		}
		d := w.got[1]
		if len(d.Items) != alert.MaxDigestItems || d.More != 10 || d.Polled != 7 || d.Period != news.Daily || d.Route != "morning" {
			t.Errorf("%d stories, %d more, %+v", len(d.Items), d.More, d)
		}
		place := func(i news.DigestItem) int { return slices.Index(news.Countries, i.Country) }
		if !slices.IsSortedFunc(d.Items, func(a, b news.DigestItem) int { return place(a) - place(b) }) || d.Items[0].Alert.Story.ID == 0 {
			t.Error("the stories aren't by country")
		}
		if b.owed[1].State != news.DeliveryPending || !strings.Contains(b.owed[1].Problem, "can't be read") {
			t.Errorf("what can't be read became %+v", b.owed[1])
		}
	})
}

func ExampleNoteDelivery() {
	n := news.Note{Key: "beat-1", Title: "All is well", Lines: []string{"polled 132"}}
	d := alert.NoteDelivery("desk", n, at)
	fmt.Println(d.Kind, d.Channel, d.Key, d.Content)
	// Output: note desk beat-1 {"Key":"beat-1","Title":"All is well","Lines":["polled 132"],"Alarm":false}
}
