package watch

import (
	"context"
	"fmt"
	"testing"
	"time"

	"driftwatch/alert"
	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/store/sqlite"
)

// BenchmarkDeliveries sends deliveries that wait, 1,000 to each of ten channels,
// of which one takes 20 ms for a message: the time is that of
// the nine others until all of theirs are sent, and "slow" how many of its own
// the slow one had sent by then.
func BenchmarkDeliveries(b *testing.B) {
	for range b.N {
		b.StopTimer()
		st, err := sqlite.Open(b.Context(), b.TempDir()+"/d.db", sqlite.Options{})
		if err != nil {
			b.Fatal(err)
		}
		const each = 1000
		channels := map[string]alert.Channel{}
		quick := make(chan struct{}, 9*each)
		for c := range 10 {
			channels[fmt.Sprint("c", c)] = counting{done: quick}
		}
		late := make(chan struct{}, each)
		channels["c0"] = counting{wait: 20 * time.Millisecond, done: late}
		owe(b, st, each)
		ctx, stop := context.WithCancel(b.Context())
		d := alert.NewDrainer(st, channels, alert.DrainOptions{
			Pace: func(string) time.Duration { return 0 }, Manner: func(alert.Target) configs.Manner { return configs.MannerMessages },
		})
		d.Finish()
		ended := make(chan struct{})
		b.StartTimer()
		go func() {
			defer close(ended)
			d.Run(ctx)
		}()
		for range 9 * each {
			<-quick
		}
		b.StopTimer()
		b.ReportMetric(float64(len(late)), "slow")
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64((b.N)*9*each), "µs/message")
		stop()
		<-ended
		st.Close()
	}
}

// counting is a channel that says of each message that it is there.
type counting struct {
	alert.Channel
	wait time.Duration
	done chan struct{}
}

func (c counting) Send(context.Context, news.Alert) (string, error) {
	time.Sleep(c.wait)
	c.done <- struct{}{}
	return "ok", nil
}

func owe(b *testing.B, st store.Store, each int) {
	b.Helper()
	now := time.Now()
	err := st.Update(b.Context(), func(tx store.Tx) error {
		for i := range each {
			a, err := tx.NewStory(news.Article{Source: "kovyl", URL: fmt.Sprint("https://kovyl.example/", i), Title: "x", Text: "x", Seen: now}, store.Print{})
			if err != nil {
				return err
			}
			if _, err := tx.PutHits(a.ID, 1, []news.Hit{act(3, news.StatusAnnounced, "KZ")}); err != nil {
				return err
			}
			for c := range 10 {
				if _, _, err := tx.PutDelivery(news.Delivery{Route: "all", Channel: fmt.Sprint("c", c), Story: a.Story, Version: 1, Key: alert.NewKey(), Created: now, NextAt: now}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
