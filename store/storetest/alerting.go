package storetest

import (
	"slices"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// grown: what was told is kept with each delivery, and a story's next version
// waits for the one before it.
func grown(s *suite) {
	ctx := s.Context()
	a, _ := s.add(article(1), store.Print{}, hit("c3", 3))
	first := s.owe(delivery(a.Story, "slack"))[0]
	alert := func(d news.Delivery) news.Alert {
		s.Helper()
		out, err := s.Alert(ctx, d)
		s.ok(err)
		return out
	}
	before := alert(s.one(first))
	if before.First != nil || before.Last != nil || before.State.Level != 3 || before.State.Articles != 1 || len(before.Reports) != 0 {
		s.Errorf("before anything was told: %+v", before.State)
	}
	second := delivery(a.Story, "slack")
	second.Version, second.Key = 2, "second"
	id := s.owe(second)[0]
	got, err := s.Lease(ctx, "slack", day, day.Add(time.Minute), 10)
	s.ok(err)
	if len(got) != 1 || got[0].ID != first {
		s.Fatalf("leased %+v, want the first version alone", got)
	}
	s.ok(s.Sent(ctx, first, "r1", &before.State, day))
	denied := hit("c3", 4)
	denied.Status = news.StatusDecided
	s.must(func(tx store.Tx) error {
		b, err := tx.AddToStory(a.Story, article(2), store.Print{})
		s.ok(err)
		_, err = tx.PutHits(b.ID, 1, []news.Hit{denied})
		s.ok(err)
		last, err := tx.LastDeliveries(a.Story)
		s.ok(err)
		if len(last) != 1 || last[0].ID != id || last[0].Told == nil || last[0].Told.Level != 3 {
			s.Errorf("the last of the channel is %+v", last)
		}
		state, err := tx.StoryState(a.Story)
		if state.Level != 4 || state.Articles != 2 || len(state.Outlets) != 2 || state.Signals[0].Status != news.StatusDecided {
			s.Errorf("the story says %+v", state)
		}
		return err
	})
	got, err = s.Lease(ctx, "slack", day, day.Add(time.Minute), 10)
	s.ok(err)
	if len(got) != 1 || got[0].ID != id {
		s.Fatalf("leased %+v, want the second version", got)
	}
	now := alert(got[0])
	if now.First == nil || now.First.Receipt != "r1" || now.Last == nil || now.Last.Told.Level != 3 || now.State.Level != 4 || len(now.Reports) != 1 {
		s.Errorf("first %+v, last %+v, state %+v, reports %+v", now.First, now.Last, now.State, now.Reports)
	}
	s.ok(s.Sent(ctx, id, news.Posted+"C1 2", &now.State, day.Add(time.Minute)))
	third := delivery(a.Story, "slack")
	third.ID, third.Version, third.Key = 99, 3, "third"
	if again := alert(third); again.First == nil || again.First.ID != id {
		s.Errorf("first %+v, want the second: it was posted anew", again.First)
	}
	for updates, want := range map[bool]int{false: 1, true: 2} {
		if times, err := s.SentTimes(ctx, "all", "slack", updates, day.Add(-time.Hour), day.Add(time.Hour)); err != nil || len(times) != want {
			s.Errorf("sent, updates %t: %v, %v", updates, times, err)
		}
	}
	s.sound()
}

// setAside: what isn't sent is kept, with the reason.
func setAside(s *suite) {
	ctx := s.Context()
	var ids []int64
	var stories []int64
	for n := range 5 {
		a, _ := s.add(article(n), store.Print{}, hit("c3", 3))
		stories = append(stories, a.Story)
		ids = append(ids, s.owe(delivery(a.Story, "slack"))...)
	}
	leased, err := s.Lease(ctx, "slack", day, day.Add(time.Minute), 10)
	s.ok(err)
	if len(leased) != 5 {
		s.Fatalf("leased %d", len(leased))
	}
	told := &news.StoryState{Level: 3, Articles: 1}
	morning := day.Add(8 * time.Hour)
	s.ok(s.Hold(ctx, ids[0], news.WaitQuiet, morning))
	if d := s.one(ids[0]); d.State != news.DeliveryPending || d.Waits != news.WaitQuiet || d.Attempts != 0 || !d.NextAt.Equal(morning) {
		s.Errorf("held: %+v", d)
	}
	if n, err := s.ReleaseLeases(ctx, day.Add(time.Minute)); err != nil || n != 4 {
		s.Errorf("%d released, %v; want the leased ones and not what waits for the morning", n, err)
	}
	if n, err := s.ReleaseLeases(ctx, day.AddDate(0, 0, -2)); err != nil || n == 0 {
		s.Errorf("%d released though the clock was days ahead, %v", n, err)
	}
	silence, err := s.AddSilence(ctx, news.Silence{Themes: []news.Theme{news.ThemeCSTO}, Stories: stories[:2], Reason: "known", By: "me", Begins: day, Ends: morning})
	s.ok(err)
	s.ok(s.Silenced(ctx, ids[1], silence, told))
	list, err := s.Silences(ctx, day)
	s.ok(err)
	if len(list) != 1 || list[0].Kept != 1 || list[0].Reason != "known" || !slices.Equal(list[0].Stories, stories[:2]) || !list[0].Ends.Equal(morning) {
		s.Errorf("silences %+v", list)
	}
	s.ok(s.EndSilence(ctx, silence, day.Add(time.Hour)))
	s.is(s.EndSilence(ctx, silence, day.Add(2*time.Hour)), store.ErrExists)
	s.is(s.EndSilence(ctx, 99, day), store.ErrNotFound)
	if list, err := s.Silences(ctx, day.Add(time.Hour)); err != nil || len(list) != 0 {
		s.Errorf("%+v hold after their end, %v", list, err)
	}
	s.ok(s.Cancelled(ctx, ids[2], "nothing new"))
	more := news.Delivery{Key: "more-1", NextAt: day.Add(time.Hour), Created: day}
	s.ok(s.Fold(ctx, ids[3], told, more))
	more.Key = "more-2"
	s.ok(s.Fold(ctx, ids[4], told, more))
	into := s.one(ids[3]).Into
	named, err := s.Folded(ctx, into)
	s.ok(err)
	if m := s.one(into); m.Kind != news.DeliveryMore || m.Key != "more-1" || m.State != news.DeliveryPending || m.Story != 0 || !m.NextAt.Equal(day.Add(time.Hour)) {
		s.Errorf("the message about several is %+v", m)
	}
	if len(named) != 2 || named[0].Delivery.ID != ids[3] || named[1].Title != article(4).Title || named[0].Delivery.Told.Level != 3 {
		s.Errorf("it names %+v", named)
	}
	s.sound()
	s.roused(ids, into)
}

// roused makes due what was set aside.
func (s *suite) roused(ids []int64, into int64) {
	ctx := s.Context()
	s.must(func(tx store.Tx) error {
		for _, id := range ids {
			s.ok(tx.Rouse(id, day))
		}
		return nil
	})
	var states []news.DeliveryState
	for _, id := range ids {
		states = append(states, s.one(id).State)
	}
	if want := []news.DeliveryState{news.DeliveryPending, news.DeliveryPending, news.DeliveryCancelled, news.DeliveryFolded, news.DeliveryFolded}; !slices.Equal(states, want) {
		s.Errorf("roused: %v", states)
	}
	if n, err := s.RetryDeliveries(ctx, day, ids[2], ids[3]); err != nil || n != 2 {
		s.Errorf("retried %d, %v", n, err)
	}
	if named, err := s.Folded(ctx, into); err != nil || len(named) != 1 {
		s.Errorf("after one was retried it names %+v, %v", named, err)
	}
	if n, err := s.CancelDeliveries(ctx, "by hand", ids[0]); err != nil || n != 1 || s.one(ids[0]).Problem != "by hand" {
		s.Errorf("cancelled %d, %v", n, err)
	}
	s.ok(s.Sent(ctx, ids[1], "r", &news.StoryState{}, day.Add(time.Minute)))
	_, err := s.CancelDeliveries(ctx, "by hand", ids[2], ids[1])
	s.is(err, store.ErrSent)
	_, err = s.CancelDeliveries(ctx, "by hand", 99)
	s.is(err, store.ErrNotFound)
	if d := s.one(ids[2]); d.State != news.DeliveryPending {
		s.Errorf("changed by a cancelling that went wrong: %+v", d)
	}
	times, err := s.SentTimes(ctx, "all", "slack", true, day, day.Add(time.Hour))
	if err != nil || len(times) != 1 || !times[0].Equal(day.Add(time.Minute)) {
		s.Errorf("sent at %v, %v", times, err)
	}
	if times, err := s.SentTimes(ctx, "all", "slack", true, day.Add(time.Minute), day.Add(time.Hour)); err != nil || len(times) != 0 {
		s.Errorf("sent at %v after a minute, %v", times, err)
	}
	s.sound()
}

// digests: a digest has no story, and remembers what it said of each.
func digests(s *suite) {
	ctx := s.Context()
	a, _ := s.add(article(1), store.Print{}, hit("c3", 3))
	quiet := hit("c3", 3)
	quiet.Quiet = news.QuietOld
	s.add(article(2), store.Print{}, quiet)
	s.add(article(3), store.Print{})
	stories := func(from, to time.Time) []store.DigestStory {
		s.Helper()
		out, err := s.DigestStories(ctx, "week", from, to)
		s.ok(err)
		return out
	}
	if got := stories(day, day.Add(time.Hour)); len(got) != 1 || got[0].Story != a.Story || got[0].Told != nil {
		s.Errorf("stories %+v, want the one with a hit that may be told", got)
	}
	if got := stories(day.Add(time.Hour), day.Add(2*time.Hour)); len(got) != 0 {
		s.Errorf("stories %+v of an hour without news", got)
	}
	gone := article(8)
	gone.Seen = day.AddDate(0, 0, -3)
	s.must(func(tx store.Tx) error {
		b, err := tx.NewStory(gone, store.Print{})
		if err != nil {
			return err
		}
		loud := hit("c3", 4)
		loud.Found = gone.Seen
		if _, err := tx.PutHits(b.ID, 1, []news.Hit{loud}); err != nil {
			return err
		}
		b.Text = "Другой текст."
		if _, err := tx.PutRevision(b, store.Print{}, gone.Seen); err != nil {
			return err
		}
		if _, err := tx.PutHits(b.ID, 2, nil); err != nil { // withdrawn
			return err
		}
		gone.Story = b.Story
		_, err = tx.PutPageChange(store.PageChange{PageChange: news.PageChange{Article: b.ID, Kind: news.ChangeEdited, From: "x", Found: day.AddDate(0, 0, 2)}})
		return err
	})
	if got := stories(day.AddDate(0, 0, 2), day.AddDate(0, 0, 3)); len(got) != 1 || got[0].Story != gone.Story {
		s.Errorf("stories %+v, want the one whose page was edited", got)
	}
	d := news.Delivery{Kind: news.DeliveryDigest, Route: "week", Channel: "mail", Version: 1, Key: "d1", Created: day, NextAt: day, Content: `{"items":[]}`}
	note := news.Delivery{Kind: news.DeliveryNote, Route: "operator", Channel: "mail", Version: 1, Key: "n1", Created: day, NextAt: day, Content: `{}`}
	s.owe(d, note)
	s.must(func(tx store.Tx) error {
		return tx.PutDigestTold("week", map[int64]news.StoryState{a.Story: {Level: 3}}, day, day.AddDate(0, 0, -90))
	})
	if got := stories(day, day.Add(time.Hour)); len(got) != 1 || got[0].Told == nil || got[0].Told.Level != 3 {
		s.Errorf("what was said is %+v", got)
	}
	s.must(func(tx store.Tx) error {
		return tx.PutDigestTold("week", nil, day.AddDate(0, 0, 91), day.AddDate(0, 0, 1))
	})
	if got := stories(day, day.Add(time.Hour)); len(got) != 1 || got[0].Told != nil {
		s.Errorf("after a season it remembers %+v", got)
	}
	leased, err := s.Lease(ctx, "mail", day, day.Add(time.Minute), 5)
	s.ok(err)
	if len(leased) != 2 || leased[0].Kind != news.DeliveryDigest || leased[0].Content != d.Content || leased[0].Story != 0 {
		s.Errorf("leased %+v", leased)
	}
	s.ok(s.Sent(ctx, leased[0].ID, "r", nil, day))
	if times, err := s.SentTimes(ctx, "week", "mail", true, day.Add(-time.Hour), day); err != nil || len(times) != 0 {
		s.Errorf("a digest counts as a message about a story: %v, %v", times, err)
	}
	rows, err := s.Deliveries(ctx, store.DeliveryFilter{Kinds: []news.DeliveryKind{news.DeliveryNote}})
	if err != nil || len(rows) != 1 || rows[0].Key != "n1" || rows[0].Title != "" {
		s.Errorf("notes %+v, %v", rows, err)
	}
	s.sound()
}
