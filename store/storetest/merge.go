package storetest

import (
	"reflect"
	"slices"
	"strconv"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

var (
	analyst = news.StoryAct{By: "aigul", Why: "one raid, two stations", At: day.Add(time.Hour)}
	program = news.StoryAct{By: news.Program, Why: "a later report joins both", At: day.Add(time.Hour)}
)

func events(keys ...uint32) (out []store.EventKey) {
	for _, k := range keys {
		out = append(out, store.EventKey{Key: k, Weight: uint8(k)})
	}
	return out
}

func eventCandidates(s *suite) {
	one, _ := s.add(undated(1), store.Print{Bytes: []byte("1"), Events: events(10, 20, 30)})
	two, _ := s.add(undated(2), store.Print{Bytes: []byte("2"), Events: events(30, 40)})
	var many []uint32
	for k := range uint32(store.MaxEvents + 1) {
		many = append(many, 100+k)
	}
	three, _ := s.add(undated(3), store.Print{Bytes: []byte("3"), Events: events(many...)})
	s.must(func(tx store.Tx) error {
		for _, c := range []struct {
			name     string
			keys     []store.EventKey
			from, to time.Time
			articles []int64
		}{
			{"the heaviest in common first", events(10, 30, 40), time.Time{}, time.Time{}, []int64{two.ID, one.ID}},
			{"the older first among equals", events(30), time.Time{}, time.Time{}, []int64{one.ID, two.ID}},
			{"from a time", events(10, 30, 40), two.Seen, time.Time{}, []int64{two.ID}},
			{"up to a time", events(10, 30, 40), time.Time{}, one.Seen, []int64{one.ID}},
			{"no key of any", events(99), time.Time{}, time.Time{}, nil},
			{"no key", nil, time.Time{}, time.Time{}, nil},
			{"as many keys as there can be", events(many[:store.MaxEvents]...), time.Time{}, time.Time{}, []int64{three.ID}},
			{"keys kept are the first ones", events(100 + store.MaxEvents), time.Time{}, time.Time{}, nil},
		} {
			got, err := tx.EventCandidates(c.keys, 0, c.from, c.to)
			if err != nil {
				return err
			}
			var ids []int64
			for _, g := range got {
				ids = append(ids, g.Article)
			}
			if !slices.Equal(ids, c.articles) {
				s.Errorf("%s: %v, want %v", c.name, ids, c.articles)
			}
		}
		got, err := tx.EventCandidates(events(10, 30), 901, time.Time{}, time.Time{})
		if err == nil && (len(got) != 1 || got[0].Shared != 1000 || string(got[0].Sketch) != "1" || got[0].Story != one.Story || !got[0].At.Equal(one.Seen)) {
			s.Errorf("%+v", got[0])
		}
		return err
	})
}

func latestOf(s *suite) {
	a, _ := s.add(article(1), store.Print{Bytes: []byte("1")})
	s.must(func(tx store.Tx) error {
		for n := 2; n < 5; n++ {
			if _, err := tx.AddToStory(a.Story, article(n), store.Print{Bytes: []byte(strconv.Itoa(n))}); err != nil {
				return err
			}
		}
		if _, err := tx.PutRevision(article2(a), store.Print{Bytes: []byte("1b")}, day); err != nil {
			return err
		}
		for n, want := range map[int]string{2: "43", 9: "4321b"} {
			got, err := tx.LatestOf(a.Story, n)
			if err != nil {
				return err
			}
			said := ""
			for _, c := range got {
				said += string(c.Sketch)
			}
			if said != want {
				s.Errorf("the latest %d: %q, want %q", n, said, want)
			}
		}
		return nil
	})
}

func forgetPrints(s *suite) {
	const week = 7 * 24 * time.Hour
	for n := range 60 {
		a := undated(n)
		a.Seen = day.Add(time.Duration(n) * 12 * time.Hour)
		k := uint32(n)
		s.add(a, store.Print{Bytes: []byte{byte(n)}, Keys: []uint64{1, uint64(n) * 0x9e3779b97f4a7c15}, Events: []store.EventKey{{Key: 1, Weight: 1}, {Key: 1 << 31 >> (k % 20), Weight: 1}}})
	}
	now := day.Add(30 * 24 * time.Hour)
	s.must(func(tx store.Tx) error {
		for range 60 { // more than a round in small steps
			if err := tx.ForgetPrints(now.Add(-week), now.Add(-2*week), 7); err != nil {
				return err
			}
		}
		for _, c := range []struct {
			name string
			find func() ([]store.Candidate, error)
			from time.Time
		}{
			{"events", func() ([]store.Candidate, error) {
				return tx.EventCandidates([]store.EventKey{{Key: 1, Weight: 1}}, 0, time.Time{}, time.Time{})
			}, now.Add(-week)},
			{"texts", func() ([]store.Candidate, error) { return tx.TextCandidates([]uint64{1}, time.Time{}, time.Time{}) }, now.Add(-2 * week)},
		} {
			found, err := c.find()
			if err != nil {
				return err
			}
			want := int(now.Sub(c.from)/(12*time.Hour)) + 0
			if len(found) != min(want, store.MaxCandidates) || found[0].At.Before(c.from) {
				s.Errorf("%s: %d found, from %v; want %d from %v", c.name, len(found), found[0].At, want, c.from)
			}
		}
		return nil
	})
	s.sound()
}

func joins(s *suite) {
	a, _ := s.add(article(1), store.Print{})
	b := article(2)
	b.Join = news.Join{Relation: news.RelationTranslation, To: a.ID, Score: .875}
	s.must(func(tx store.Tx) (err error) {
		if b, err = tx.AddToStory(a.Story, b, store.Print{}); err != nil {
			return err
		}
		_, err = tx.PutRevision(article2(b), store.Print{}, day)
		return err
	})
	s.must(func(tx store.Tx) error {
		b.Join.Score = .5
		s.is(tx.PutJoin(999, b.Join), store.ErrNotFound)
		return tx.PutJoin(b.ID, b.Join)
	})
	got, err := s.ArticlesOf(s.Context(), a.Story)
	s.ok(err)
	if got[0].Join != (news.Join{Relation: news.RelationFirst}) || got[1].Join != b.Join {
		s.Errorf("%+v and %+v", got[0].Join, got[1].Join)
	}
}

// two makes two stories of two flagged articles each, in two languages.
func (s *suite) two() (a, b []news.Article) {
	for n := range 4 {
		x := article(n)
		if n >= 2 {
			x.Lang = "ky"
		}
		var put news.Article
		s.must(func(tx store.Tx) (err error) {
			if n%2 == 0 {
				put, err = tx.NewStory(x, store.Print{Bytes: []byte("s"), Keys: []uint64{uint64(n + 1)}})
			} else {
				before := append(a, b...)
				to := before[len(before)-1]
				x.Join = news.Join{Relation: news.RelationSameEvent, To: to.ID, Score: .75}
				put, err = tx.AddToStory(to.Story, x, store.Print{})
			}
			if err == nil {
				_, err = tx.PutHits(put.ID, 1, []news.Hit{hit("c3", 4)})
			}
			return err
		})
		if n < 2 {
			a = append(a, put)
		} else {
			b = append(b, put)
		}
	}
	return a, b
}

func (s *suite) merge(into, other int64, act news.StoryAct) {
	s.Helper()
	s.must(func(tx store.Tx) error { return tx.MergeStories(into, other, act) })
}

func merged(s *suite) {
	ctx := s.Context()
	a, b := s.two()
	into, other := a[0].Story, b[0].Story
	s.merge(into, other, program)
	for _, id := range []int64{into, other} { // links to the old one lead there
		st, err := s.Story(ctx, id)
		s.ok(err)
		if st.ID != into || st.Articles != 4 || st.Title != a[0].Title || !slices.Equal(st.Languages, []string{"ky", "ru"}) ||
			!slices.Equal(st.Countries, []string{"KG", "KZ"}) || !st.LastSeen.Equal(b[1].Seen) {
			s.Errorf("story %d is %+v", id, st)
		}
		arts, err := s.ArticlesOf(ctx, id)
		s.ok(err)
		if len(arts) != 4 || arts[2].Join != (news.Join{Relation: news.RelationTranslation, To: a[0].ID}) || arts[3].Join.To != b[0].ID || arts[3].Join.Pinned {
			s.Errorf("articles of %d: %+v", id, arts)
		}
		hits, err := s.Hits(ctx, store.HitFilter{Stories: []int64{id}})
		s.ok(err)
		if len(hits) != 4 || hits[0].Hit.Story != into {
			s.Errorf("%d hits of %d", len(hits), id)
		}
	}
	acts, err := s.StoryActs(ctx, other)
	s.ok(err)
	want := program
	want.ID, want.Kind, want.Story, want.Other, want.Articles = acts[0].ID, news.StoriesMerged, into, other, []int64{b[0].ID, b[1].ID}
	if len(acts) != 1 || !reflect.DeepEqual(acts[0], want) {
		s.Errorf("acts %+v", acts)
	}
	// Later articles come by the old print, and by the old number.
	s.must(func(tx store.Tx) error {
		c, err := tx.TextCandidates([]uint64{3}, time.Time{}, time.Time{})
		if err == nil && (len(c) != 1 || c[0].Story != into) {
			s.Errorf("candidates %+v", c)
		}
		_, gone := tx.AddToStory(other, article(9), store.Print{})
		s.is(gone, store.ErrNotFound)
		s.is(tx.MergeStories(into, 999, program), store.ErrNotFound)
		return err
	})
	s.merge(other, into, program) // they are one already
	third, _ := s.add(article(7), store.Print{})
	s.merge(third.Story, into, analyst) // and what was merged goes along
	for _, id := range []int64{into, other, third.Story} {
		if st, err := s.Story(ctx, id); err != nil || st.ID != third.Story || st.Articles != 5 || st.Title != a[0].Title {
			s.Errorf("story %d is %+v, %v", id, st, err)
		}
	}
	arts, err := s.ArticlesOf(ctx, other)
	s.ok(err)
	if slices.ContainsFunc(arts, func(a news.Article) bool { return !a.Join.Pinned }) {
		s.Error("what a person merged isn't pinned")
	}
	s.sound()
}

func mergedDeliveries(s *suite) {
	ctx := s.Context()
	a, b := s.two()
	into, other := a[0].Story, b[0].Story
	// told of both, of the one, of the other; owed of one that was told of the
	// other, and of both.
	on := func(story int64, channel string) news.Delivery { return delivery(story, channel) }
	ids := s.owe(on(into, "both"), on(other, "both"), on(into, "first"), on(other, "first"),
		on(into, "second"), on(other, "second"), on(into, "owed"), on(other, "owed"), on(other, "only"))
	for _, i := range []int{0, 1, 2, 5} {
		s.ok(s.Sent(ctx, ids[i], "r", nil, day))
	}
	s.merge(into, other, program)
	rows, err := s.Deliveries(ctx, store.DeliveryFilter{Stories: []int64{other}})
	s.ok(err)
	got := map[string][]string{}
	for _, r := range slices.Backward(rows) {
		if r.Story != into {
			s.Errorf("delivery %d is of story %d", r.ID, r.Story)
		}
		got[r.Channel] = append(got[r.Channel], strconv.Itoa(r.Version)+" "+string(r.State))
	}
	want := map[string][]string{"both": {"1 sent", "2 sent"}, "first": {"1 sent"}, "second": {"1 sent"}, "owed": {"1 pending"}, "only": {"1 pending"}}
	if !reflect.DeepEqual(got, want) {
		s.Errorf("deliveries %v\nwant %v", got, want)
	}
	s.must(func(tx store.Tx) error {
		d := delivery(into, "second")
		d.Key = "again"
		_, made, err := tx.PutDelivery(d)
		if made {
			s.Error("a route that was told of the one is told again")
		}
		return err
	})
	// A message that was being sent when its story was merged is of the one story.
	alert, err := s.Alert(ctx, news.Delivery{ID: ids[8], Story: other})
	s.ok(err)
	if alert.Story.ID != into || len(alert.Hits) == 0 {
		s.Errorf("%+v", alert)
	}
	s.sound()
}

func (s *suite) split(story int64, act news.StoryAct, articles ...int64) (id int64) {
	s.Helper()
	s.must(func(tx store.Tx) (err error) {
		id, err = tx.SplitStory(story, articles, act)
		return err
	})
	return id
}

func split(s *suite) {
	ctx := s.Context()
	a, b := s.two()
	s.merge(a[0].Story, b[0].Story, program)
	part := s.split(b[0].Story, analyst, a[0].ID, b[1].ID)
	left, err := s.ArticlesOf(ctx, a[0].Story)
	s.ok(err)
	gone, err := s.ArticlesOf(ctx, part)
	s.ok(err)
	if len(left) != 2 || left[0].Join != (news.Join{Relation: news.RelationFirst}) || left[1].Join != (news.Join{Relation: news.RelationTranslation, To: a[1].ID}) {
		s.Errorf("left are %+v", left)
	}
	if len(gone) != 2 || gone[0].Join != (news.Join{Relation: news.RelationFirst, Pinned: true}) ||
		gone[1].Join != (news.Join{Relation: news.RelationSameEvent, To: a[0].ID, Pinned: true}) {
		s.Errorf("gone are %+v", gone)
	}
	for id, title := range map[int64]string{a[0].Story: a[1].Title, part: a[0].Title} {
		if st, err := s.Story(ctx, id); err != nil || st.Title != title {
			s.Errorf("story %d is %q, %v", id, st.Title, err)
		}
	}
	acts, err := s.StoryActs(ctx, part)
	s.ok(err)
	if n := len(acts); n != 1 || acts[0].Kind != news.StorySplit || acts[0].By != "aigul" || acts[0].Other != part || !slices.Equal(acts[0].Articles, []int64{a[0].ID, b[1].ID}) {
		s.Errorf("acts %+v", acts)
	}
	s.must(func(tx store.Tx) error {
		_, err := tx.SplitStory(part, []int64{a[0].ID, b[1].ID}, analyst)
		s.is(err, store.ErrWhole)
		_, err = tx.SplitStory(part, []int64{a[1].ID}, analyst)
		s.is(err, store.ErrNotFound)
		_, err = tx.SplitStory(part, nil, analyst)
		s.is(err, store.ErrNotFound)
		_, err = tx.SplitStory(999, []int64{1}, analyst)
		s.is(err, store.ErrNotFound)
		return nil
	})
	s.sound()
}

func splitDeliveries(s *suite) {
	ctx := s.Context()
	a, b := s.two()
	into := a[0].Story
	s.merge(into, b[0].Story, program)
	ids := s.owe(delivery(into, "heard"), delivery(into, "before"), delivery(into, "owed"))
	s.ok(s.Sent(ctx, ids[0], "r", nil, day.Add(time.Minute)))
	s.ok(s.Sent(ctx, ids[1], "r", nil, b[0].Seen.Add(-time.Millisecond)))
	part := s.split(into, analyst, b[0].ID, b[1].ID)
	rows, err := s.Deliveries(ctx, store.DeliveryFilter{Stories: []int64{part}})
	s.ok(err)
	got := map[string]news.DeliveryState{}
	for _, r := range rows {
		got[r.Channel] = r.State
		if r.Version != 1 || r.Receipt != "" {
			s.Errorf("%+v", r)
		}
	}
	want := map[string]news.DeliveryState{"heard": news.DeliverySent, "before": news.DeliveryPending, "owed": news.DeliveryPending}
	if !reflect.DeepEqual(got, want) {
		s.Errorf("of the part: %v, want %v", got, want)
	}
	// A part without hits leaves none behind.
	quiet := article(20)
	s.must(func(tx store.Tx) (err error) {
		quiet, err = tx.AddToStory(part, quiet, store.Print{})
		return err
	})
	alone := s.split(part, program, quiet.ID)
	if rows, err := s.Deliveries(ctx, store.DeliveryFilter{Stories: []int64{alone}}); err != nil || len(rows) != 0 {
		s.Errorf("of a part without hits: %v, %v", rows, err)
	}
	s.merge(part, alone, program)
	rest := s.split(part, program, b[0].ID, b[1].ID)
	if rows, err := s.Deliveries(ctx, store.DeliveryFilter{Stories: []int64{rest}}); err != nil || len(rows) != 3 {
		s.Errorf("of the part with all hits: %v, %v", rows, err)
	}
	s.sound()
}

func keptApart(s *suite) {
	a, b := s.two()
	s.merge(a[0].Story, b[0].Story, program)
	part := s.split(a[0].Story, analyst, b[0].ID)
	other, _ := s.add(article(8), store.Print{})
	s.merge(other.Story, part, program) // the part goes on as this one
	s.must(func(tx store.Tx) error {
		s.is(tx.MergeStories(a[0].Story, other.Story, program), store.ErrApart)
		s.is(tx.MergeStories(part, a[0].Story, program), store.ErrApart)
		return nil
	})
	s.merge(a[0].Story, part, analyst) // a person may
	own := s.split(a[0].Story, program, b[0].ID)
	s.merge(a[0].Story, own, program) // and what the program split it may merge
	s.sound()
}

func storyList(s *suite) {
	ctx := s.Context()
	a, b := s.two()
	plain, _ := s.add(article(5), store.Print{})
	for _, c := range []struct {
		name string
		f    store.StoryFilter
		want []int64
	}{
		{"all", store.StoryFilter{}, []int64{plain.Story, b[0].Story, a[0].Story}},
		{"flagged", store.StoryFilter{Flagged: true}, []int64{b[0].Story, a[0].Story}},
		{"of two articles", store.StoryFilter{Articles: 2, Limit: 1}, []int64{b[0].Story}},
		{"since", store.StoryFilter{Since: b[1].Seen}, []int64{plain.Story, b[0].Story}},
	} {
		got, err := s.Stories(ctx, c.f)
		s.ok(err)
		var ids []int64
		for _, st := range got {
			ids = append(ids, st.ID)
		}
		if !slices.Equal(ids, c.want) {
			s.Errorf("%s: %v, want %v", c.name, ids, c.want)
		}
	}
	_, err := s.Store.Story(ctx, 999)
	s.is(err, store.ErrNotFound)
	acts, err := s.StoryActs(ctx, a[0].Story)
	if err != nil || len(acts) != 0 {
		s.Errorf("acts %v, %v", acts, err)
	}
}
