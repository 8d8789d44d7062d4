// Command deliveries measures how what is owed to many channels goes out: so many
// pending deliveries in a database on disk, shared out to webhooks on loopback
// that each have a pace, first with all of them quick, then with one that takes
// its time to answer. For each channel it prints when its last message was taken
// beside when its pace alone would have let it be, so that it can be seen that a
// slow channel delays no other.
//
// It is run from the module that it is in:
//
//	cd eval && go run -tags sqlite_fts5 ./deliveries
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"driftwatch/alert"
	"driftwatch/alert/webhook"
	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/store/sqlite"
)

// plan is what is to be measured.
type plan struct {
	deliveries, channels int
	pace, slow           time.Duration
}

func main() {
	var p plan
	flag.IntVar(&p.deliveries, "deliveries", 10_000, "pending deliveries, all channels together")
	flag.IntVar(&p.channels, "channels", 10, "channels")
	flag.DurationVar(&p.pace, "pace", 80*time.Millisecond, "least time between two messages of a channel")
	flag.DurationVar(&p.slow, "slow", 120*time.Millisecond, "how long the slow channel takes to answer")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := p.measure(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "deliveries:", err)
		stop()
		os.Exit(1)
	}
}

// measure does both runs and prints what came of them.
func (p plan) measure(ctx context.Context, out io.Writer) error {
	each := p.deliveries / p.channels
	ideal := time.Duration(each-1) * p.pace
	fmt.Fprintf(out, "%d deliveries to %d channels, %d each, one every %v: by their pace alone done after %.1f s\n", each*p.channels, p.channels, each, p.pace, ideal.Seconds())
	var quick time.Duration
	for _, slow := range []time.Duration{0, p.slow} {
		done, doubles, err := p.run(ctx, slow)
		if err != nil {
			return err
		}
		others := slices.Clone(done)
		if slow > 0 {
			others = others[1:] // the first is the slow one
		}
		slices.Sort(others)
		last := others[len(others)-1]
		if slow == 0 {
			quick = last
			fmt.Fprintf(out, "all quick:        the first channel was done after %.1f s, the last after %.1f s (%.2f of its pace); %d doubles\n", others[0].Seconds(), last.Seconds(), last.Seconds()/ideal.Seconds(), doubles)
			continue
		}
		fmt.Fprintf(out, "one takes %-6v: the others were done after %.1f to %.1f s (%.2f of all quick), the slow one after %.1f s; %d doubles\n",
			slow, others[0].Seconds(), last.Seconds(), last.Seconds()/quick.Seconds(), done[0].Seconds(), doubles)
	}
	return nil
}

// run makes the deliveries once, and gives when each channel took its last one.
func (p plan) run(ctx context.Context, slow time.Duration) (done []time.Duration, doubles int, err error) {
	dir, err := os.MkdirTemp("", "driftwatch-deliveries-")
	if err != nil {
		return nil, 0, err
	}
	defer os.RemoveAll(dir)
	st, err := sqlite.Open(ctx, filepath.Join(dir, "driftwatch.db"), sqlite.Options{})
	if err != nil {
		return nil, 0, err
	}
	defer st.Close()
	if err := p.owe(ctx, st); err != nil {
		return nil, 0, err
	}
	desks, channels, stop, err := p.open(slow)
	if err != nil {
		return nil, 0, err
	}
	defer stop()
	began := time.Now()
	report, err := alert.Drain(ctx, st, channels, alert.DrainOptions{
		Pace: func(string) time.Duration { return p.pace }, Router: alert.Routes([]configs.Route{{Name: "all"}}),
		Manner: func(alert.Target) configs.Manner { return configs.MannerEvents },
	})
	if err != nil {
		return nil, 0, err
	}
	if total := report.Total(); total.Sent != p.deliveries/p.channels*p.channels {
		return nil, 0, fmt.Errorf("%d were sent: %v", total.Sent, total.Problems)
	}
	for _, d := range desks {
		done = append(done, d.last.Sub(began))
		doubles += d.doubles
	}
	return done, doubles, nil
}

func name(i int) string { return fmt.Sprintf("channel-%02d", i) }

// owe fills a store with stories and what is owed about them.
func (p plan) owe(ctx context.Context, st store.Store) error {
	at := time.Now().Add(-time.Minute).UTC()
	each := p.deliveries / p.channels
	for from := 0; from < each; from += 200 {
		err := st.Update(ctx, func(tx store.Tx) error {
			for i := from; i < min(from+200, each); i++ {
				if err := p.oweStory(tx, i, at); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("file what is owed: %w", err)
		}
	}
	return nil
}

// oweStory files one story with a hit, and a delivery to each channel.
func (p plan) oweStory(tx store.Tx, i int, at time.Time) error {
	const sentence = "The ministry closed the warehouse."
	a, err := tx.NewStory(news.Article{
		Source: "bench", URL: fmt.Sprintf("https://bench.example/%d", i), Title: fmt.Sprintf("Story %d", i), Text: sentence, Lang: "en", Published: at, Seen: at,
	}, store.Print{})
	if err != nil {
		return err
	}
	_, err = tx.PutHits(a.ID, a.Revision, []news.Hit{{
		Theme: news.ThemeSanctions, Signal: "warehouse", Title: "Warehouse", Level: 3, Direction: news.Apart, Countries: []string{"KZ"}, Found: at,
		Evidence: []news.Evidence{{Field: news.FieldText, End: len(sentence), Quote: sentence, Sentence: sentence}},
	}})
	if err != nil {
		return err
	}
	for c := range p.channels {
		_, _, err := tx.PutDelivery(news.Delivery{
			Kind: news.DeliveryStory, Route: "all", Channel: name(c), Story: a.Story, Version: 1, Key: fmt.Sprintf("%d-%d", i, c), NextAt: at, Created: at,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// desk is a webhook's other end.
type desk struct {
	wait time.Duration

	mu      sync.Mutex
	seen    map[string]bool
	last    time.Time
	doubles int
}

// ServeHTTP takes a message, after a while where it is slow.
func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	if d.wait > 0 {
		time.Sleep(d.wait)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	key := r.Header.Get("webhook-id")
	if d.seen[key] {
		d.doubles++
	}
	d.seen[key], d.last = true, time.Now()
}

// open serves the channels' other ends, the first of them slow, and opens the
// channels.
func (p plan) open(slow time.Duration) (desks []*desk, channels map[string]alert.Channel, stop func(), err error) {
	var servers []*http.Server
	stop = func() {
		for _, s := range servers {
			_ = s.Close()
		}
	}
	channels = map[string]alert.Channel{}
	for i := range p.channels {
		d := &desk{seen: map[string]bool{}}
		if i == 0 {
			d.wait = slow
		}
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			stop()
			return nil, nil, nil, err
		}
		s := &http.Server{Handler: d, ReadHeaderTimeout: time.Minute}
		servers, desks = append(servers, s), append(desks, d)
		go func() { _ = s.Serve(l) }()
		c, err := webhook.New(webhook.Settings{URL: "http://" + l.Addr().String(), Secret: secret, Now: time.Now})
		if err != nil {
			stop()
			return nil, nil, nil, err
		}
		channels[name(i)] = c
	}
	return desks, channels, stop, nil
}

// secret signs what is posted.
const secret = "whsec_TWFkZSB1cCBmb3IgdGhlIG5ld3Nyb29tJ3Mgc2luay4="
