package storetest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

func empty(s *suite) {
	ctx := s.Context()
	states, err := s.SourceStates(ctx)
	s.ok(err)
	known, err := s.KnownItems(ctx, "outlet-1", []string{"a", "b"})
	s.ok(err)
	none, err := s.KnownItems(ctx, "outlet-1", nil)
	s.ok(err)
	hits, err := s.Hits(ctx, store.HitFilter{})
	s.ok(err)
	misses, err := s.Misses(ctx)
	s.ok(err)
	cycles, err := s.Cycles(ctx, 10)
	s.ok(err)
	owed, err := s.Deliveries(ctx, store.DeliveryFilter{})
	s.ok(err)
	leased, err := s.Lease(ctx, "slack", day, day, 10)
	s.ok(err)
	took, err := s.Latencies(ctx, day)
	s.ok(err)
	paces, err := s.HostPaces(ctx)
	s.ok(err)
	robots, err := s.RobotsFiles(ctx)
	s.ok(err)
	value, err := s.Meta(ctx, "rules")
	s.ok(err)
	if n := len(states) + len(known) + len(none) + len(hits) + len(misses) + len(cycles) + len(owed) + len(leased) + len(took) + len(paces) + len(robots) + len(value); n != 0 {
		s.Errorf("%d things in an empty store", n)
	}
	_, err = s.Hit(ctx, 1)
	s.is(err, store.ErrNotFound)
	_, err = s.Story(ctx, 1)
	s.is(err, store.ErrNotFound)
	_, err = s.Alert(ctx, news.Delivery{ID: 1, Story: 1})
	s.is(err, store.ErrNotFound)
	s.sound()
}

var errGivenUp = errors.New("given up")

func atomic(s *suite) {
	err := s.Update(s.Context(), func(tx store.Tx) error {
		a, err := tx.NewStory(article(1), store.Print{Keys: []uint64{7}})
		s.ok(err)
		_, err = tx.PutHits(a.ID, 1, []news.Hit{hit("c3", 4)})
		s.ok(err)
		_, _, err = tx.PutDelivery(delivery(a.Story, "slack"))
		s.ok(err)
		return errGivenUp
	})
	if err != errGivenUp {
		s.Errorf("the update's own error comes back as %v", err)
	}
	c, err := s.Counts(s.Context())
	s.ok(err)
	if c.Articles+c.Revisions+c.Stories != 0 || len(c.Hits)+len(c.Deliveries) != 0 {
		s.Errorf("kept %+v", c)
	}
	s.must(func(tx store.Tx) error {
		if _, found, err := tx.ArticleByURL(article(1).URL); found || err != nil {
			s.Errorf("found %t, %v", found, err)
		}
		return nil
	})
	s.sound()
}

// broken: an error that the interface doesn't name may have left half of its
// work, so the whole is given up though fn passes over it.
func broken(s *suite) {
	h := hit("c3", 4)
	err := s.Update(s.Context(), func(tx store.Tx) error {
		a, err := tx.NewStory(article(1), store.Print{})
		s.ok(err)
		_, _, err = tx.PutDelivery(delivery(a.Story, "slack"))
		s.ok(err)
		d := delivery(a.Story, "mail")
		d.Key = delivery(a.Story, "slack").Key
		if _, _, err := tx.PutDelivery(d); err == nil {
			s.Error("two deliveries have the same key")
		}
		return nil
	})
	if err == nil {
		s.Error("an update with an unexpected error was kept")
	}
	s.must(func(tx store.Tx) error { // named errors are no harm
		_, err := tx.AddToStory(99, article(1), store.Print{})
		s.is(err, store.ErrNotFound)
		_, err = tx.PutRevision(news.Article{ID: 99}, store.Print{}, day)
		s.is(err, store.ErrNotFound)
		_, err = tx.PutHits(99, 1, []news.Hit{h})
		s.is(err, store.ErrNotFound)
		_, _, err = tx.PutDelivery(delivery(99, "slack"))
		s.is(err, store.ErrNotFound)
		a, err := tx.NewStory(article(1), store.Print{})
		s.ok(err)
		_, err = tx.NewStory(article(1), store.Print{})
		s.is(err, store.ErrExists)
		_, err = tx.AddToStory(a.Story, article(1), store.Print{})
		s.is(err, store.ErrExists)
		_, err = tx.PutHits(a.ID, 2, nil)
		s.is(err, store.ErrNotFound)
		return nil
	})
	c, err := s.Counts(s.Context())
	s.ok(err)
	if c.Articles != 1 || c.Stories != 1 {
		s.Errorf("kept %+v", c)
	}
	s.sound()
}

func turns(s *suite) {
	inside, done := make(chan struct{}), make(chan error)
	release := make(chan struct{})
	ctx, cancel := context.WithCancel(s.Context())
	go func() {
		done <- s.Update(ctx, func(tx store.Tx) error {
			close(inside)
			<-release
			return tx.SetMeta("first", "kept")
		})
	}()
	<-inside
	cancel()
	s.is(s.Update(ctx, func(store.Tx) error { return errors.New("had its turn") }), context.Canceled)
	s.is(s.Judge(ctx, news.Verdict{Hit: 1}), context.Canceled)
	close(release)
	s.ok(<-done) // what had begun ends, though its context has
	v, err := s.Meta(s.Context(), "first")
	if err != nil || v != "kept" {
		s.Errorf("kept %q, %v", v, err)
	}
}

// crowd: of updates that come at the same time, one that fails takes none of the
// others with it.
func crowd(s *suite) {
	const n = 100
	var wg sync.WaitGroup
	cancelled, cancel := context.WithCancel(s.Context())
	cancel()
	for i := range n {
		wg.Go(func() {
			ctx, want := s.Context(), error(nil)
			switch i % 10 {
			case 3:
				want = errGivenUp
			case 7:
				ctx, want = cancelled, context.Canceled
			}
			err := s.Update(ctx, func(tx store.Tx) error {
				if err := batch(tx, i); err != nil {
					return err
				}
				return want
			})
			if !errors.Is(err, want) || i%10 == 3 && err != want {
				s.Errorf("update %d: %v, want %v", i, err, want)
			}
		})
	}
	wg.Wait()
	c, err := s.Counts(s.Context())
	s.ok(err)
	if want := int64(n * 8 / 10 * batchSize); c.Articles != want || c.Deliveries[news.DeliveryPending] != want {
		s.Errorf("kept %+v, want %d articles", c, want)
	}
	s.must(func(tx store.Tx) error {
		for i := range n {
			_, found, err := tx.ArticleByURL(article(i * batchSize).URL)
			if err != nil {
				return err
			}
			if want := i%10 != 3 && i%10 != 7; found != want {
				s.Errorf("update %d: kept %t, want %t", i, found, want)
			}
		}
		return nil
	})
	s.sound()
}

func hostPaces(s *suite) {
	slow := news.HostPace{Host: "outlet.kz", Extra: 3 * time.Second, Delay: 10 * time.Second, Usual: time.Second / 4, Seen: day}
	aside := news.HostPace{Host: "busy.kz:80", Aside: day.Add(time.Hour), Seen: day}
	old := news.HostPace{Host: "old.kz", Delay: time.Second, Seen: day.AddDate(0, 0, -40)}
	put := func(forget time.Time, all ...news.HostPace) {
		s.must(func(tx store.Tx) error { return tx.PutHostPaces(all, forget) })
	}
	holds := func(want ...news.HostPace) {
		got, err := s.HostPaces(s.Context())
		s.ok(err)
		if !slices.Equal(got, want) {
			s.Errorf("kept of the hosts: %+v, want %+v", got, want)
		}
	}
	put(day.AddDate(0, 0, -50), slow, aside, old)
	holds(aside, old, slow)
	slow.Extra = 0
	put(day.AddDate(0, 0, -30), slow, news.HostPace{Host: aside.Host, Seen: day})
	holds(slow)
}

func robotsFiles(s *suite) {
	open := news.RobotsFile{Server: "https://open.kz:443", Until: day.Add(time.Hour)}
	rules := news.RobotsFile{Server: "http://rules.kz:80", Rules: "User-agent: *\nDisallow: /тема\n", Until: day.Add(time.Hour)}
	put := func(forget time.Time, all ...news.RobotsFile) {
		s.must(func(tx store.Tx) error { return tx.PutRobotsFiles(all, forget) })
	}
	holds := func(want ...news.RobotsFile) {
		got, err := s.RobotsFiles(s.Context())
		s.ok(err)
		if !slices.Equal(got, want) {
			s.Errorf("kept robots files: %+v, want %+v", got, want)
		}
	}
	put(day, open, rules)
	holds(rules, open)
	rules.Rules, rules.Until = "", day.Add(3*time.Hour)
	put(day.Add(2*time.Hour), rules)
	holds(rules)
}

func items(s *suite) {
	a, _ := s.add(article(1), store.Print{})
	s.must(func(tx store.Tx) error {
		return errors.Join(
			tx.PutItem(store.ItemState{Source: "one", Key: "a", Hash: 1<<63 | 5, Article: a.ID, First: day}),
			tx.PutItem(store.ItemState{Source: "one", Key: "b\x00\"й", Hash: 6, First: day}),
			tx.PutItem(store.ItemState{Source: "two", Key: "a", Hash: 7, First: day}))
	})
	known, err := s.KnownItems(s.Context(), "one", []string{"a", "b", "a"})
	s.ok(err)
	want := store.ItemState{Source: "one", Key: "a", Hash: 1<<63 | 5, Article: a.ID, First: day}
	if len(known) != 1 || known["a"] != want {
		s.Errorf("known %+v", known)
	}
	s.must(func(tx store.Tx) error {
		return tx.PutItem(store.ItemState{Source: "one", Key: "a", Hash: 8, First: day.AddDate(0, 0, 1)})
	})
	s.must(func(tx store.Tx) error {
		got, found, err := tx.Item("one", "a")
		s.ok(err)
		want = store.ItemState{Source: "one", Key: "a", Hash: 8, First: day}
		if !found || got != want {
			s.Errorf("a changed item is %+v", got)
		}
		if _, found, err := tx.Item("one", "c"); found || err != nil {
			s.Errorf("an unknown item: %t, %v", found, err)
		}
		return nil
	})
}

func hitsBySource(s *suite) {
	background := hit("c5", 2)
	background.Quiet = news.QuietBackground
	s.must(func(tx store.Tx) error {
		for n, hits := range map[int][]news.Hit{1: {hit("c3", 4), hit("c4", 3), background}, 2: {hit("c3", 4)}, 4: {hit("c3", 4)}, 3: nil} {
			a, err := tx.NewStory(article(n), store.Print{})
			if err != nil {
				return err
			}
			if _, err := tx.PutHits(a.ID, 1, hits); err != nil {
				return err
			}
		}
		return nil
	})
	got, err := s.HitsBySource(s.Context(), day)
	s.ok(err)
	if len(got) != 2 || got["outlet-1"] != 3 || got["outlet-2"] != 1 {
		s.Errorf("got %v", got)
	}
	got, err = s.HitsBySource(s.Context(), day.Add(time.Second))
	s.ok(err)
	if len(got) != 0 {
		s.Errorf("since later: %v", got)
	}
}

func sourceStates(s *suite) {
	one := news.SourceState{
		Source: "one", URL: "https://one.example/feed", ETag: `"x"`, LastModified: "Sat, 14 Mar 2026 09:26:53 GMT",
		LastPoll: day, LastSuccess: day, NextPoll: day.AddDate(0, 0, 1), Failures: 3, Problem: "status 503", Gone: true,
		Format: "rss", Items: 20, NewestItem: day, Status: "blocked", Moved: "https://one.example/rss", MovedPolls: 2,
		Rhythm: news.Rhythm{Since: day, As: day, Hours: [24]float64{7: 1.25}, Days: [7]float64{1: 1.25}},
	}
	two := news.SourceState{Source: "two"}
	s.must(func(tx store.Tx) error {
		return errors.Join(tx.SaveSourceState(news.SourceState{Source: "one", ETag: "old"}), tx.SaveSourceState(two))
	})
	s.must(func(tx store.Tx) error { return tx.SaveSourceState(one) })
	got, err := s.SourceStates(s.Context())
	s.ok(err)
	if len(got) != 2 || got["one"] != one || got["two"] != two {
		s.Errorf("got %+v", got)
	}
	if s2 := got["two"]; !s2.FirstPoll() {
		s.Error("an unknown success counts as one")
	}
}

func meta(s *suite) {
	s.must(func(tx store.Tx) error { return errors.Join(tx.SetMeta("rules", "1"), tx.SetMeta("rules", "2")) })
	if v, err := s.Meta(s.Context(), "rules"); err != nil || v != "2" {
		s.Errorf("%q, %v", v, err)
	}
	s.must(func(tx store.Tx) error {
		return errors.Join(tx.SetMeta("barred one", "a"), tx.SetMeta("barred б_%", "b"), tx.SetMeta("Barred two", "c"))
	})
	if all, err := s.Metas(s.Context(), "barred "); err != nil || !maps.Equal(all, map[string]string{"one": "a", "б_%": "b"}) {
		s.Errorf("%q, %v", all, err)
	}
}

func cycles(s *suite) {
	ctx := s.Context()
	id, err := s.PutCycle(ctx, store.Cycle{Started: day})
	s.ok(err)
	second, err := s.PutCycle(ctx, store.Cycle{Started: day.AddDate(0, 0, 1)})
	s.ok(err)
	_, err = s.PutCycle(ctx, store.Cycle{ID: id, Started: day, Ended: day.AddDate(0, 0, 1), Summary: []byte(`{"polled":3}`)})
	s.ok(err)
	_, err = s.PutCycle(ctx, store.Cycle{ID: 99, Started: day})
	s.is(err, store.ErrNotFound)
	got, err := s.Cycles(ctx, 5)
	s.ok(err)
	if len(got) != 2 || got[0].ID != second || !got[0].Ended.IsZero() || got[0].Summary != nil {
		s.Fatalf("got %+v", got)
	}
	if string(got[1].Summary) != `{"polled":3}` || !got[1].Ended.Equal(day.AddDate(0, 0, 1)) || !got[1].Started.Equal(day) {
		s.Errorf("got %+v", got[1])
	}
	if got, err := s.Cycles(ctx, 1); err != nil || len(got) != 1 || got[0].ID != second {
		s.Errorf("the latest cycle: %+v, %v", got, err)
	}
	var each []int64
	keep := func(c store.Cycle) error { each = append(each, c.ID); return nil }
	s.ok(s.EachCycle(ctx, time.Time{}, keep))
	s.ok(s.EachCycle(ctx, day.AddDate(0, 0, 1), keep))
	if !slices.Equal(each, []int64{id, second, second}) {
		s.Errorf("each cycle, and those of the second day: %v", each)
	}
	enough := errors.New("enough")
	s.is(s.EachCycle(ctx, time.Time{}, func(store.Cycle) error { return enough }), enough)
}

func counts(s *suite) {
	ctx := s.Context()
	a, put := s.add(article(1), store.Print{}, hit("c3", 4), hit("c4", 2))
	s.add(article(2), store.Print{})
	other := hit("s1", 3)
	other.Theme = news.ThemeSanctions
	s.must(func(tx store.Tx) error {
		b, err := tx.PutRevision(article2(a), store.Print{}, day)
		s.ok(err)
		_, err = tx.PutHits(b.ID, b.Revision, []news.Hit{hit("c3", 4), other})
		return err
	})
	s.ok(s.Judge(ctx, news.Verdict{Hit: put[0].ID, Says: news.Relevant, Given: day}))
	_, err := s.AddMiss(ctx, news.Miss{URL: "https://x.example/", Given: day})
	s.ok(err)
	s.owe(delivery(a.Story, "slack"), delivery(a.Story, "mail"))
	c, err := s.Counts(ctx)
	s.ok(err)
	if c.Articles != 2 || c.Revisions != 3 || c.Stories != 2 || c.Unjudged != 1 || c.Verdicts != 1 || c.Misses != 1 || c.Bytes <= 0 {
		s.Errorf("counted %+v", c)
	}
	if len(c.Hits) != 2 || c.Hits[news.ThemeCSTO] != 1 || c.Hits[news.ThemeSanctions] != 1 || c.Deliveries[news.DeliveryPending] != 2 {
		s.Errorf("counted %+v", c)
	}
}

// article2 is the article with another text.
func article2(a news.Article) news.Article {
	a.Title += ", уточнено"
	a.Text += "\n\nДобавлено."
	a.Modified = day
	a.From = "page"
	return a
}

// hostile text must neither change a query nor come back changed.
func hostile(s *suite) {
	a := article(1)
	a.Title = "'; DROP TABLE articles; --\x00\u202e"
	a.Text = "a\x00b\n\n\"%_?1:x$" + string([]byte{0xff, 0xfe}) + "🇰🇬"
	a.Source, a.Lang, a.Site, a.Section, a.From = `"`, `'`, `%`, `'); --`, `_`
	a.Authors = []string{`","`, "]", ""}
	h := hit(`s'"`, 1)
	h.Evidence[0].Quote, h.Countries = `</script>"'`, []string{`K"Z`}
	kept, put := s.add(a, store.Print{Bytes: []byte{0, 1, 0xff}, Keys: []uint64{0, 1<<64 - 1}}, h)
	got, err := s.Hit(s.Context(), put[0].ID)
	s.ok(err)
	if got.Title != a.Title || got.Text != a.Text || got.Article.Site != "%" || got.Article.Section != a.Section || !slices.Equal(got.Article.Authors, a.Authors) {
		s.Errorf("got %+v", got)
	}
	if got.Hit.Evidence[0].Quote != `</script>"'` || got.Hit.Signal != `s'"` {
		s.Errorf("got %+v", got.Hit)
	}
	for _, f := range []store.HitFilter{{Sources: []string{`"`}}, {Languages: []string{`'`}}, {Countries: []string{`K"Z`}}} {
		if rows, err := s.Hits(s.Context(), f); err != nil || len(rows) != 1 {
			s.Errorf("%+v finds %d hits, %v", f, len(rows), err)
		}
	}
	s.must(func(tx store.Tx) error {
		c, err := tx.TextCandidates([]uint64{1<<64 - 1, 0}, day.Add(-2*3600e9), day)
		if err == nil && (len(c) != 1 || c[0].Shared != 2 || string(c[0].Sketch) != "\x00\x01\xff" || c[0].Story != kept.Story) {
			s.Errorf("candidates %+v", c)
		}
		return err
	})
	s.sound()
}

// filedSeen files in one update what each step of it leads to, then as many
// articles as are written with several statements.
func filedSeen(s *suite) {
	print := func(n int) store.Print {
		return store.Print{Bytes: []byte{byte(n)}, Keys: []uint64{1<<40 + uint64(n)/2}, Events: events(1<<20 + uint32(n)/2)}
	}
	const many = 77
	last := make([]news.Article, 0, many)
	s.must(func(tx store.Tx) error {
		last = last[:0]
		for n := range many {
			a, err := tx.NewStory(article(n), print(n))
			if err != nil {
				return err
			}
			if err := tx.PutItem(store.ItemState{Source: a.Source, Key: a.URL, Hash: 8, Article: a.ID, First: a.Seen}); err != nil {
				return err
			}
			last = append(last, a)
			switch n % 7 {
			case 0:
				_, err = tx.NewStory(article(n), print(n))
				s.is(err, store.ErrExists)
			case 1:
				k, found, err := tx.ArticleByURL(a.URL)
				if err != nil || !found || k.Article.ID != a.ID || k.Article.Story != a.Story {
					s.Errorf("article %d is found as %+v: %t, %v", a.ID, k.Article, found, err)
				}
			case 2:
				i, found, err := tx.Item(a.Source, a.URL)
				if err != nil || !found || i.Article != a.ID {
					s.Errorf("the item of article %d is %+v: %t, %v", a.ID, i, found, err)
				}
			case 3:
				c, err := tx.TextCandidates(print(n).Keys, day.Add(-time.Hour), day.Add(time.Hour))
				if err != nil || len(c) == 0 || c[len(c)-1].Article != a.ID || string(c[len(c)-1].Sketch) != string(print(n).Bytes) {
					s.Errorf("by the keys of article %d: %+v, %v", a.ID, c, err)
				}
			case 4:
				b, err := tx.PutRevision(a, store.Print{Bytes: []byte("new")}, day)
				if err != nil || b.Revision != 2 {
					s.Errorf("revision %d of article %d: %v", b.Revision, a.ID, err)
				}
			case 5:
				put, err := tx.PutHits(a.ID, 1, []news.Hit{hit("c3", 4)})
				if err != nil || len(put) != 1 || put[0].Story != a.Story {
					s.Errorf("the hits of article %d are %+v: %v", a.ID, put, err)
				}
			}
		}
		return nil
	})
	ids := map[int64]bool{}
	for n, a := range last {
		k, found, err := store.Known{}, false, error(nil)
		s.must(func(tx store.Tx) error {
			k, found, err = tx.ArticleByURL(article(n).URL)
			return err
		})
		if !found || k.Article.ID != a.ID || k.Article.Story != a.Story || ids[a.ID] {
			s.Errorf("article %d is kept as %+v", a.ID, k.Article)
		}
		ids[a.ID] = true
	}
	s.sound()
}
