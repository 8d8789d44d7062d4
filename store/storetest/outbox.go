package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

func deliveries(s *suite) {
	ctx := s.Context()
	a, _ := s.add(article(1), store.Print{}, hit("c3", 4))
	b, _ := s.add(article(2), store.Print{}, hit("c3", 4))
	var first int64
	s.must(func(tx store.Tx) error {
		for _, c := range []struct {
			name   string
			change func(*news.Delivery)
			made   bool
			told   int // to the route "all" about the first story, afterwards
		}{
			{"the first", func(d *news.Delivery) { first = d.ID }, true, 1},
			{"the same with another key", func(d *news.Delivery) { d.Key = "other" }, false, 1},
			{"to another channel", func(d *news.Delivery) { d.Channel, d.Key = "mail", "k2" }, true, 1},
			{"by another route", func(d *news.Delivery) { d.Route, d.Key = "some", "k3" }, true, 1},
			{"of another story", func(d *news.Delivery) { d.Story, d.Key = b.Story, "k4" }, true, 1},
			{"the next version", func(d *news.Delivery) { d.Version, d.Key = 2, "k5" }, true, 2},
		} {
			d := delivery(a.Story, "slack")
			c.change(&d)
			id, made, err := tx.PutDelivery(d)
			if err != nil {
				return err
			}
			if first == 0 {
				first = id
			}
			if made != c.made || !made && id != first {
				s.Errorf("%s: id %d, made %t", c.name, id, made)
			}
			told, err := tx.StoryTold("all", a.Story)
			if err != nil || told != c.told {
				s.Errorf("%s: told %d, %v", c.name, told, err)
			}
		}
		told, err := tx.StoryTold("none", a.Story)
		if told != 0 {
			s.Errorf("a route that knows nothing was told %d", told)
		}
		return err
	})
	for _, c := range []struct {
		filter store.DeliveryFilter
		want   int
	}{
		{store.DeliveryFilter{}, 5},
		{store.DeliveryFilter{Limit: 2}, 2},
		{store.DeliveryFilter{Channels: []string{"mail"}}, 1},
		{store.DeliveryFilter{Routes: []string{"all"}, Stories: []int64{a.Story}}, 3},
		{store.DeliveryFilter{States: []news.DeliveryState{news.DeliverySent, news.DeliveryFailed}}, 0},
		{store.DeliveryFilter{States: []news.DeliveryState{news.DeliveryPending}, Since: day}, 5},
		{store.DeliveryFilter{Since: day.Add(time.Millisecond)}, 0},
	} {
		got, err := s.Deliveries(ctx, c.filter)
		if err != nil || len(got) != c.want {
			s.Errorf("%+v: %d deliveries, %v; want %d", c.filter, len(got), err, c.want)
		}
		if !slices.IsSortedFunc(got, func(a, b store.DeliveryRow) int { return int(b.ID - a.ID) }) {
			s.Errorf("%+v: not the latest first", c.filter)
		}
	}
	rows, err := s.Deliveries(ctx, store.DeliveryFilter{Stories: []int64{b.Story}})
	s.ok(err)
	want := delivery(b.Story, "slack")
	want.ID, want.Kind, want.Key, want.State = rows[0].ID, news.DeliveryStory, "k4", news.DeliveryPending
	if rows[0].Delivery != want || rows[0].Title != b.Title {
		s.Errorf("got %+v\nwant %+v of %q", rows[0], want, b.Title)
	}
	s.sound()
}

func leases(s *suite) {
	ctx := s.Context()
	var owed []news.Delivery
	for n := range 40 {
		a, _ := s.add(article(n), store.Print{}, hit("c3", 4))
		d := delivery(a.Story, "slack")
		d.NextAt = day.Add(time.Duration(40-n) * time.Second)
		owed = append(owed, d)
	}
	s.owe(owed...)
	if early, err := s.Lease(ctx, "slack", day, day.Add(time.Hour), 10); err != nil || len(early) != 0 {
		s.Errorf("%d leased before they are due, %v", len(early), err)
	}
	now := day.Add(30 * time.Second) // thirty are due
	var mu sync.Mutex
	var wg sync.WaitGroup
	taken := make(map[int64]int)
	for range 8 {
		wg.Go(func() {
			for {
				got, err := s.Lease(ctx, "slack", now, now.Add(time.Minute), 3)
				if err != nil {
					s.Error(err)
				}
				if len(got) == 0 {
					return
				}
				if !slices.IsSortedFunc(got, func(a, b news.Delivery) int { return a.NextAt.Compare(b.NextAt) }) {
					s.Error("not the longest due first")
				}
				mu.Lock()
				for _, d := range got {
					taken[d.ID]++
					if d.State != news.DeliveryLeased || !d.LeaseUntil.Equal(now.Add(time.Minute)) || d.Attempts != 1 {
						s.Errorf("leased %+v", d)
					}
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(taken) != 30 {
		s.Errorf("%d leased, want 30", len(taken))
	}
	for id, n := range taken {
		if n != 1 {
			s.Errorf("delivery %d was leased %d times", id, n)
		}
	}
	if other, err := s.Lease(ctx, "mail", now.Add(time.Hour), now.Add(2*time.Hour), 10); err != nil || len(other) != 0 {
		s.Errorf("%d leased for another channel, %v", len(other), err)
	}
	s.sound()
}

func leaseEnds(s *suite) {
	ctx := s.Context()
	a, _ := s.add(article(1), store.Print{}, hit("c3", 4))
	s.owe(delivery(a.Story, "slack"))
	lease := func(now time.Time) []news.Delivery {
		s.Helper()
		got, err := s.Lease(ctx, "slack", now, now.Add(time.Minute), 10)
		s.ok(err)
		return got
	}
	if got := lease(day); len(got) != 1 {
		s.Fatalf("leased %d", len(got))
	}
	if got := lease(day.Add(time.Minute - time.Millisecond)); len(got) != 0 {
		s.Error("leased again before the lease ended")
	}
	if got := lease(day.Add(time.Minute)); len(got) != 1 || got[0].Attempts != 2 {
		s.Errorf("a lease that ended: %+v", got)
	}
	n, err := s.ReleaseLeases(ctx, day.Add(time.Minute))
	if err != nil || n != 1 {
		s.Errorf("released %d, %v", n, err)
	}
	if n, err := s.ReleaseLeases(ctx, day.Add(time.Minute)); err != nil || n != 0 {
		s.Errorf("released %d once more, %v", n, err)
	}
	got := lease(day.Add(time.Minute))
	if len(got) != 1 || got[0].Key != delivery(a.Story, "slack").Key {
		s.Fatalf("a lease that was released: %+v", got)
	}
	s.ok(s.Retry(ctx, got[0].ID, "down", day.Add(time.Hour)))
	if n, err := s.ReleaseLeases(ctx, day.Add(2*time.Minute)); err != nil || n != 0 {
		s.Errorf("released %d that wait for their time, %v", n, err)
	}
	if n, err := s.ReleaseLeases(ctx, day.AddDate(-1, 0, 0)); err != nil || n != 1 {
		s.Errorf("released %d once the clock was set back, %v", n, err)
	}
	if got := lease(day.AddDate(-1, 0, 0)); len(got) != 1 {
		s.Errorf("%d are due once the clock was set back", len(got))
	}
	s.sound()
}

func settled(s *suite) {
	ctx := s.Context()
	a, _ := s.add(article(1), store.Print{}, hit("c3", 4))
	ids := s.owe(delivery(a.Story, "slack"), delivery(a.Story, "mail"))
	later := day.Add(time.Hour)
	s.ok(s.Retry(ctx, ids[0], "status 503", later))
	d := s.one(ids[0])
	if d.State != news.DeliveryPending || d.Problem != "status 503" || !d.NextAt.Equal(later) {
		s.Errorf("put off: %+v", d)
	}
	s.ok(s.Sent(ctx, ids[0], "r1", nil, later))
	s.ok(s.Sent(ctx, ids[0], "r2", nil, later.Add(time.Hour)))
	s.is(s.Retry(ctx, ids[0], "x", later), store.ErrSent)
	s.is(s.Fail(ctx, ids[0], "x"), store.ErrSent)
	d = s.one(ids[0])
	if d.State != news.DeliverySent || d.Receipt != "r1" || !d.Sent.Equal(later) || d.Problem != "" || !d.LeaseUntil.IsZero() {
		s.Errorf("sent: %+v", d)
	}
	// An acceptance counts, though the lease has ended and the rest was given up.
	s.ok(s.Fail(ctx, ids[1], "gone"))
	if d := s.one(ids[1]); d.State != news.DeliveryFailed || d.Problem != "gone" {
		s.Errorf("given up: %+v", d)
	}
	s.ok(s.Sent(ctx, ids[1], "late", nil, later))
	if got, err := s.Lease(ctx, "slack", later.Add(time.Hour), later.Add(2*time.Hour), 10); err != nil || len(got) != 0 {
		s.Errorf("leased after it was sent: %+v, %v", got, err)
	}
	s.is(s.Sent(ctx, 99, "", nil, day), store.ErrNotFound)
	s.is(s.Retry(ctx, 99, "", day), store.ErrNotFound)
	s.is(s.Fail(ctx, 99, ""), store.ErrNotFound)
	s.sound()
}

// one gives the delivery with an id.
func (s *suite) one(id int64) news.Delivery {
	s.Helper()
	all, err := s.Deliveries(s.Context(), store.DeliveryFilter{})
	s.ok(err)
	for _, d := range all {
		if d.ID == id {
			return d.Delivery
		}
	}
	s.Fatalf("delivery %d is gone", id)
	return news.Delivery{}
}

func retried(s *suite) {
	ctx := s.Context()
	a, _ := s.add(article(1), store.Print{}, hit("c3", 4))
	ids := s.owe(delivery(a.Story, "one"), delivery(a.Story, "two"), delivery(a.Story, "three"), delivery(a.Story, "four"))
	later := day.Add(time.Hour)
	s.ok(s.Fail(ctx, ids[0], "gone"))
	s.ok(s.Retry(ctx, ids[1], "busy", day.AddDate(0, 0, 1)))
	s.ok(s.Sent(ctx, ids[2], "", nil, day))
	_, err := s.Lease(ctx, "four", day, day.AddDate(0, 0, 1), 1)
	s.ok(err)

	_, err = s.RetryDeliveries(ctx, later, ids[0], ids[2])
	s.is(err, store.ErrSent)
	_, err = s.RetryDeliveries(ctx, later, ids[0], 99)
	s.is(err, store.ErrNotFound)
	if d := s.one(ids[0]); d.State != news.DeliveryFailed {
		s.Errorf("changed by a retry that went wrong: %+v", d)
	}
	if n, err := s.RetryDeliveries(ctx, later, ids[0], ids[1], ids[3]); err != nil || n != 2 {
		s.Errorf("retried %d, %v", n, err)
	}
	for _, id := range ids[:2] {
		if d := s.one(id); d.State != news.DeliveryPending || !d.NextAt.Equal(later) || d.Attempts != 0 {
			s.Errorf("retried: %+v", d)
		}
	}
	if d := s.one(ids[3]); d.State != news.DeliveryLeased {
		s.Errorf("what is being sent became %+v", d)
	}
	s.ok(s.Fail(ctx, ids[0], "gone"))
	s.ok(s.Fail(ctx, ids[1], "gone"))
	if n, err := s.RetryDeliveries(ctx, later); err != nil || n != 2 {
		s.Errorf("retried %d of all, %v", n, err)
	}
	s.sound()
}

func latencies(s *suite) {
	ctx := s.Context()
	early, late := article(1), article(2)
	early.Published = time.Time{}
	a, _ := s.add(late, store.Print{}, hit("c3", 4))
	s.must(func(tx store.Tx) error {
		_, err := tx.AddToStory(a.Story, early, store.Print{})
		return err
	})
	b, _ := s.add(article(3), store.Print{}, hit("c3", 4))
	ids := s.owe(delivery(a.Story, "slack"), delivery(b.Story, "slack"), delivery(b.Story, "mail"))
	s.ok(s.Sent(ctx, ids[0], "", nil, day.Add(time.Minute)))
	s.ok(s.Sent(ctx, ids[1], "", nil, day.Add(2*time.Minute)))
	got, err := s.Latencies(ctx, day)
	s.ok(err)
	want := []store.Latency{
		{Seen: early.Seen, Sent: day.Add(time.Minute)},
		{Published: b.Published, Seen: b.Seen, Sent: day.Add(2 * time.Minute)},
	}
	if !slices.Equal(got, want) {
		s.Errorf("got %+v\nwant %+v", got, want)
	}
	if got, err := s.Latencies(ctx, day.Add(2*time.Minute)); err != nil || len(got) != 1 {
		s.Errorf("since the second: %+v, %v", got, err)
	}
}

func reopen(s *suite) {
	ctx := s.Context()
	a, put := s.add(article(1), store.Print{Bytes: []byte("p"), Keys: []uint64{1}}, hit("c3", 4))
	ids := s.owe(delivery(a.Story, "slack"))
	s.ok(s.Sent(ctx, ids[0], "r", nil, day))
	second := open(s.T, s.place.Open)
	for _, st := range []store.Store{s.Store, second} {
		h, err := st.Hit(ctx, put[0].ID)
		if err != nil || h.Article.URL != a.URL {
			s.Errorf("%+v, %v", h, err)
		}
	}
	other := &suite{T: s.T, Store: second, place: s.place}
	if d := other.one(ids[0]); d.State != news.DeliverySent || d.Receipt != "r" {
		s.Errorf("the delivery is %+v", d)
	}
	other.must(func(tx store.Tx) error {
		c, err := tx.TextCandidates([]uint64{1}, time.Time{}, time.Time{})
		if err == nil && len(c) != 1 {
			err = fmt.Errorf("%d candidates", len(c))
		}
		told, more := tx.StoryTold("all", a.Story)
		if told != 1 {
			s.Errorf("told %d", told)
		}
		return errors.Join(err, more)
	})
	schema, err := second.Schema(ctx)
	if err != nil || schema.Version != schema.Newest || schema.From != schema.Newest || schema.Backup != "" {
		s.Errorf("the form is %+v, %v", schema, err)
	}
	other.sound()
}
