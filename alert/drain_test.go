package alert_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"driftwatch/alert"
	"driftwatch/configs"
	"driftwatch/news"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var plain = alert.DrainOptions{Jitter: func() float64 { return 0 }}

func down(context.Context, news.Alert, int) (string, error) {
	return "", &alert.RetryError{Problem: "connection refused"}
}

func mustDrain(t *testing.T, b *box, channels map[string]alert.Channel, o alert.DrainOptions) alert.Report {
	t.Helper()
	r, err := alert.Drain(t.Context(), b, channels, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDrainSendsWhatIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, w := &box{}, &wire{}
		b.file("team", 3, time.Now())
		b.file("team", 1, time.Now().Add(time.Hour)) // later
		b.file("other", 1, time.Now())               // no such channel
		begun := time.Now()
		r := mustDrain(t, b, map[string]alert.Channel{"team": w, "idle": &wire{}}, plain)
		if !slices.Equal(w.heard, []string{"key-1", "key-2", "key-3"}) || r.Channels["team"].Sent != 3 || len(r.Channels) != 2 {
			t.Errorf("heard %v, report %+v", w.heard, r)
		}
		if took := time.Since(begun); took != 2*time.Second {
			t.Errorf("three messages at one a second took %v", took)
		}
		if b.owed[0].Receipt != "ok" || !b.owed[0].Sent.Equal(begun) {
			t.Errorf("%+v", b.owed[0])
		}
	})
}

func TestAChannelThatIsDownDelaysNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, well := &box{}, &wire{}
		ill := &wire{say: down}
		b.file("ill", 50, time.Now())
		b.file("well", 2, time.Now())
		begun := time.Now()
		r := mustDrain(t, b, map[string]alert.Channel{"ill": ill, "well": well}, plain)
		if len(ill.heard) != 1 || len(well.heard) != 2 {
			t.Errorf("%d attempts at the one that is down, %d at the other", len(ill.heard), len(well.heard))
		}
		if time.Since(begun) > time.Second {
			t.Errorf("took %v", time.Since(begun))
		}
		if got := r.Channels["ill"]; got.Retried != 1 || got.Sent+got.Failed != 0 || !slices.Equal(got.Problems, []string{"connection refused"}) {
			t.Errorf("%+v", got)
		}
		if d := b.owed[0]; !d.NextAt.Equal(begun.Add(30*time.Second)) || d.Problem != "connection refused" || d.State != news.DeliveryPending {
			t.Errorf("%+v", d)
		}
		if got := r.Total(); got.Sent != 2 || got.Retried != 1 || !slices.Equal(got.Problems, []string{"ill: connection refused"}) {
			t.Errorf("total %+v", got)
		}
	})
}

func TestARunThatHasNothingToSendEndsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		r := mustDrain(t, &box{}, map[string]alert.Channel{"team": &wire{}}, plain)
		if time.Since(begun) != 0 || r.Total().Sent != 0 {
			t.Errorf("%v, %+v", time.Since(begun), r)
		}
	})
}

func TestTheKeyStaysAndTheWaitGrows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{say: down}
		b := &box{}
		b.file("team", 1, time.Now())
		var waits []time.Duration
		for range 4 {
			begun := time.Now()
			mustDrain(t, b, map[string]alert.Channel{"team": w}, plain)
			waits = append(waits, b.owed[0].NextAt.Sub(begun))
			time.Sleep(waits[len(waits)-1])
		}
		if !slices.Equal(waits, []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute}) {
			t.Errorf("%v", waits)
		}
		if !slices.Equal(w.heard, []string{"key-1", "key-1", "key-1", "key-1"}) {
			t.Errorf("%v", w.heard)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	for asked, want := range map[time.Duration]struct {
		heard int
		took  time.Duration
	}{
		5 * time.Second: {2, 5 * time.Second}, // worth waiting for
		time.Minute:     {1, 0},               // another run's
	} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{say: func(_ context.Context, _ news.Alert, n int) (string, error) {
				if n == 1 {
					return "", &alert.RetryError{Problem: "answered 429", After: asked}
				}
				return "ok", nil
			}}
			b := &box{}
			b.file("team", 1, time.Now())
			begun := time.Now()
			mustDrain(t, b, map[string]alert.Channel{"team": w}, alert.DrainOptions{})
			if len(w.heard) != want.heard || time.Since(begun) != want.took {
				t.Errorf("asked for %v: %d attempts in %v", asked, len(w.heard), time.Since(begun))
			}
			if want.heard == 1 && !b.owed[0].NextAt.Equal(begun.Add(asked)) {
				t.Errorf("due again after %v", b.owed[0].NextAt.Sub(begun))
			}
		})
	}
}

func TestAChannelThatAlwaysAsksForASecondIsNotAskedForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{say: func(context.Context, news.Alert, int) (string, error) {
			return "", &alert.RetryError{Problem: "answered 429", After: time.Second}
		}}
		b := &box{}
		b.file("team", 5, time.Now())
		mustDrain(t, b, map[string]alert.Channel{"team": w}, plain)
		if len(w.heard) != 4 {
			t.Errorf("%d attempts", len(w.heard))
		}
	})
}

func TestRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{say: func(_ context.Context, _ news.Alert, n int) (string, error) {
			switch n {
			case 1:
				return "", &alert.PermanentError{Problem: "answered 400\x1b[31m"}
			case 2:
				return "for 2 of 3", &alert.PartialError{Problem: "not everybody gets it"}
			case 3:
				return "", errors.New("something else")
			}
			return "ok", nil
		}}
		b := &box{}
		b.file("team", 4, time.Now())
		r := mustDrain(t, b, map[string]alert.Channel{"team": w}, plain).Channels["team"]
		if r.Failed != 1 || r.Sent != 1 || r.Retried != 1 || !slices.Equal(r.Problems, []string{"answered 400␛[31m", "not everybody gets it", "something else"}) {
			t.Errorf("%+v", r)
		}
		if !slices.Equal(b.log, []string{"fail 1", "sent 2", "retry 3"}) || b.owed[1].Receipt != "for 2 of 3" {
			t.Errorf("%v", b.log)
		}
	})
}

func TestAChannelThatRefusesAllIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{say: func(context.Context, news.Alert, int) (string, error) {
			return "", &alert.PermanentError{Problem: "answered 404 no_service", Down: true}
		}}
		b := &box{}
		b.file("team", 9, time.Now())
		mustDrain(t, b, map[string]alert.Channel{"team": w}, plain)
		if got := b.states("team"); got[news.DeliveryFailed] != 1 || got[news.DeliveryPending] != 8 {
			t.Errorf("%v", got)
		}
	})
}

func TestGivenUpAfterThreeDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, w := &box{}, &wire{say: down}
		filed := time.Now()
		b.file("team", 1, filed)
		for b.owed[0].State == news.DeliveryPending {
			mustDrain(t, b, map[string]alert.Channel{"team": w}, plain)
			time.Sleep(max(0, time.Until(b.owed[0].NextAt)))
		}
		if d := b.owed[0]; d.State != news.DeliveryFailed || d.Problem != fmt.Sprintf("connection refused (given up after %d attempts)", len(w.heard)) {
			t.Errorf("%+v after %d attempts", d, len(w.heard))
		}
		if age := time.Since(filed); age < 72*time.Hour || age > 79*time.Hour {
			t.Errorf("given up after %v", age)
		}
	})
}

func TestAttemptsEndInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{say: func(ctx context.Context, _ news.Alert, _ int) (string, error) {
			<-ctx.Done()
			return "", &alert.RetryError{Problem: "no answer in time"}
		}}
		b := &box{}
		b.file("team", 2, time.Now())
		begun := time.Now()
		o := plain
		o.Timeout = 40 * time.Second
		mustDrain(t, b, map[string]alert.Channel{"team": w}, o)
		if time.Since(begun) != o.Timeout || len(w.heard) != 1 {
			t.Errorf("%d attempts in %v", len(w.heard), time.Since(begun))
		}
	})
}

// stopIn ends a drain's context after a while, during which each message takes
// as long as the channel needs.
func stopIn(t *testing.T, after, needs time.Duration) (b *box, w *wire, took time.Duration) {
	t.Helper()
	w = &wire{say: func(ctx context.Context, _ news.Alert, _ int) (string, error) {
		select {
		case <-time.After(needs):
			return "ok", nil
		case <-ctx.Done():
			return "", &alert.RetryError{Problem: "stopped before there was an answer"}
		}
	}}
	b = &box{}
	b.file("team", 5, time.Now())
	ctx, cancel := context.WithTimeout(t.Context(), after)
	defer cancel()
	begun := time.Now()
	if _, err := alert.Drain(ctx, b, map[string]alert.Channel{"team": w}, plain); err != nil {
		t.Error(err)
	}
	return b, w, time.Since(begun)
}

func TestTheMessageInHandIsFinished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, w, took := stopIn(t, time.Second, 4*time.Second)
		if took != 4*time.Second || len(w.heard) != 1 || !slices.Equal(b.log, []string{"sent 1"}) {
			t.Errorf("took %v: %v", took, b.log)
		}
	})
}

func TestTheMessageInHandHasOnlySoLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, w, took := stopIn(t, time.Second, time.Minute)
		if took != 6*time.Second || len(w.heard) != 1 || !slices.Equal(b.log, []string{"retry 1"}) {
			t.Errorf("took %v: %v", took, b.log)
		}
	})
}

func TestDeliveriesAreMadeWhileOthersAreFiled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, w := &box{}, &wire{}
		d := alert.NewDrainer(b, map[string]alert.Channel{"team": w}, plain)
		reports := make(chan alert.Report)
		go func() {
			r, err := d.Run(t.Context())
			if err != nil {
				t.Error(err)
			}
			reports <- r
		}()
		synctest.Wait()

		begun := time.Now()
		b.file("team", 1, time.Now())
		d.Kick()
		synctest.Wait()
		if len(w.times) != 1 || !w.times[0].Equal(begun) {
			t.Fatalf("after a kick: %v", w.times)
		}
		if d.Report().Channels["team"].Sent != 1 {
			t.Errorf("%+v", d.Report())
		}

		b.file("team", 1, time.Now()) // nobody kicks
		time.Sleep(15 * time.Second)
		synctest.Wait()
		if len(w.times) != 2 {
			t.Fatalf("without a kick: %v", w.times)
		}

		b.file("team", 1, time.Now())
		d.Finish()
		d.Finish()
		if r := <-reports; r.Channels["team"].Sent != 3 {
			t.Errorf("%+v", r)
		}
	})
}

func TestAChannelComesBackWhileServing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{say: func(_ context.Context, _ news.Alert, n int) (string, error) {
			if n <= 3 {
				return "", &alert.RetryError{Problem: "connection refused"}
			}
			return "ok", nil
		}}
		b := &box{}
		b.file("team", 10, time.Now())
		d := alert.NewDrainer(b, map[string]alert.Channel{"team": w}, plain)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		go func() {
			for range 600 { // deliveries are filed all the time
				time.Sleep(time.Second)
				d.Kick()
			}
		}()
		if _, err := d.Run(ctx); err != nil {
			t.Error(err)
		}
		if got := b.states("team"); got[news.DeliverySent] != 10 {
			t.Errorf("%v", got)
		}
		if len(w.heard) != 13 {
			t.Errorf("%d attempts, want 13: one at a time while it was down", len(w.heard))
		}
		synctest.Wait()
	})
}

func TestFinishEndsTheWaitForAChannelThatIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &box{}
		b.file("team", 2, time.Now())
		d := alert.NewDrainer(b, map[string]alert.Channel{"team": &wire{say: down}}, plain)
		go func() {
			time.Sleep(3 * time.Second)
			d.Finish()
		}()
		begun := time.Now()
		if _, err := d.Run(t.Context()); err != nil || time.Since(begun) != 3*time.Second {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
	})
}

func TestTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &box{}
		b.file("a", 2, time.Now())
		b.file("b", 1, time.Now())
		var told []string
		o := plain
		o.Pace = func(string) time.Duration { return 0 }
		o.Source = func(id string) (news.Source, bool) {
			return news.Source{ID: id, Name: "Ковыль Медиа"}, id == "kovyl"
		}
		o.Told = func(a news.Alert, at time.Time) {
			told = append(told, a.Delivery.Key+" "+a.Source.Name)
			if !at.Equal(time.Now()) {
				t.Errorf("told at %v", at)
			}
		}
		mustDrain(t, b, map[string]alert.Channel{"a": &wire{}, "b": &wire{}}, o)
		slices.Sort(told)
		if want := []string{"key-1 Ковыль Медиа", "key-2 Ковыль Медиа", "key-3 Ковыль Медиа"}; !slices.Equal(told, want) {
			t.Errorf("%q", told)
		}
	})
}

func TestAMessageBeginsWithWhatItsRouteAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hits := []news.Hit{
			{Signal: "a", Theme: news.ThemeSanctions, Level: 5}, {Signal: "b", Theme: news.ThemeCSTO, Level: 4},
			{Signal: "c", Theme: news.ThemeSanctions, Level: 4}, {Signal: "d", Theme: news.ThemeCSTO, Level: 3},
		}
		b := &box{alerts: func(d news.Delivery) (news.Alert, error) { return news.Alert{Hits: hits}, nil }}
		b.file("team", 3, time.Now())
		for i, route := range []string{"csto", "all", "gone"} {
			b.owed[i].Route = route
		}
		var order []string
		w := &wire{say: func(_ context.Context, a news.Alert, _ int) (string, error) {
			s := a.Delivery.Route + ":"
			for _, h := range a.Hits {
				s += " " + h.Signal
			}
			order = append(order, s)
			return "ok", nil
		}}
		o := plain
		o.Router = alert.Routes([]configs.Route{{Name: "all"}, {Name: "csto", Match: configs.Match{Lists: configs.Lists{Themes: []string{"csto"}}}}})
		mustDrain(t, b, map[string]alert.Channel{"team": w}, o)
		if want := []string{"csto: b d a c", "all: a b c d", "gone: a b c d"}; !slices.Equal(order, want) {
			t.Errorf("%q", order)
		}
	})
}

func TestMessagesThatCannotBeMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		b := &box{alerts: func(d news.Delivery) (news.Alert, error) {
			if d.ID == 1 {
				return news.Alert{}, errors.New("no such story")
			}
			return news.Alert{}, nil
		}}
		b.file("team", 2, time.Now())
		r := mustDrain(t, b, map[string]alert.Channel{"team": w}, plain).Channels["team"]
		if len(w.heard) != 0 || !slices.Equal(b.log, []string{"retry 1", "fail 2"}) {
			t.Errorf("%v", b.log)
		}
		if want := []string{"the message could not be put together: no such story", "the story has no hits any more"}; !slices.Equal(r.Problems, want) {
			t.Errorf("%q", r.Problems)
		}
	})
}

func TestTheOutboxFails(t *testing.T) {
	full := errors.New("the disk is full")
	for name, c := range map[string]struct {
		times int // that the box fails
		on    string
		err   string
		log   []string
	}{
		"an acceptance is recorded at the third try": {2, "sent", "", []string{"sent 1", "sent 2"}},
		"an acceptance can't be recorded":            {3, "sent", "deliver to team: record that delivery 1 was accepted: the disk is full", nil},
		"nothing can be leased":                      {9, "lease", "deliver to team: the disk is full", nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				failed := 0
				b := &box{broken: func(what string, _ int64) error {
					if what != c.on || failed == c.times {
						return nil
					}
					failed++
					return full
				}}
				b.file("team", 2, time.Now())
				_, err := alert.Drain(t.Context(), b, map[string]alert.Channel{"team": &wire{}}, plain)
				if got := fmt.Sprint(err); got != c.err && (err != nil || c.err != "") {
					t.Errorf("%v", got)
				}
				if c.err != "" && !errors.Is(err, full) {
					t.Errorf("%v hides its cause", err)
				}
				if !slices.Equal(b.log, c.log) {
					t.Errorf("%v", b.log)
				}
			})
		})
	}
}

func TestWhatAKilledRunHeldIsSentAgainUnderItsKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, w := &box{}, &wire{}
		b.file("team", 1, time.Now())
		if _, err := b.Lease(t.Context(), "team", time.Now(), time.Now().Add(time.Minute), 1); err != nil {
			t.Fatal(err)
		}
		mustDrain(t, b, map[string]alert.Channel{"team": w}, plain)
		if len(w.heard) != 0 {
			t.Error("a lease was broken")
		}
		time.Sleep(time.Minute)
		mustDrain(t, b, map[string]alert.Channel{"team": w}, plain)
		if strings.Join(w.heard, " ") != "key-1" {
			t.Errorf("%v", w.heard)
		}
	})
}
