package storetest

import (
	"reflect"
	"slices"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

func articles(s *suite) {
	want := article(1)
	kept, _ := s.add(want, store.Print{Bytes: []byte("p")})
	if kept.ID == 0 || kept.Story == 0 || kept.Revision != 1 || kept.Text != want.Text {
		s.Errorf("kept as %+v", kept)
	}
	s.must(func(tx store.Tx) error {
		k, found, err := tx.ArticleByURL(want.URL)
		if err != nil || !found {
			s.Fatal(found, err)
		}
		want.ID, want.Story, want.Revision, want.Text, want.Join.Relation = kept.ID, kept.Story, 1, "", news.RelationFirst
		if !reflect.DeepEqual(k.Article, want) || k.Hash != store.TextHash(want.Title, article(1).Text) {
			s.Errorf("found %+v\nwant  %+v", k, want)
		}
		if _, found, err := tx.ArticleByURL(want.Link); found || err != nil {
			s.Errorf("under another address: %t, %v", found, err)
		}
		return nil
	})
}

func revisions(s *suite) {
	a, put := s.add(article(1), store.Print{Bytes: []byte("old"), Keys: []uint64{1}}, hit("c3", 4))
	later := day.Add(time.Hour)
	s.must(func(tx store.Tx) error {
		changed := article2(a)
		changed.URL, changed.Source, changed.Story, changed.Seen = "", "", 0, time.Time{}
		b, err := tx.PutRevision(changed, store.Print{Bytes: []byte("new"), Keys: []uint64{2}}, later)
		if err != nil {
			return err
		}
		if b.Revision != 2 || b.Story != a.Story || b.URL != a.URL || b.Source != a.Source || !b.Seen.Equal(a.Seen) {
			s.Errorf("the revision is of %+v", b)
		}
		k, _, err := tx.ArticleByURL(a.URL)
		if err != nil {
			return err
		}
		if k.Article.Title != changed.Title || k.Article.From != "page" || k.Hash != store.TextHash(changed.Title, changed.Text) {
			s.Errorf("the article is now %+v", k)
		}
		// Texts like the old one and like the new one lead to the same story.
		c, err := tx.TextCandidates([]uint64{1, 2}, day.Add(-time.Hour), day)
		if err != nil {
			return err
		}
		if len(c) != 2 || string(c[0].Sketch) != "old" || string(c[1].Sketch) != "new" || !c[1].At.Equal(a.Published) || c[0].Story != c[1].Story {
			s.Errorf("candidates %+v", c)
		}
		return nil
	})
	// The hit is of the first revision still, and is shown with its text.
	h, err := s.Hit(s.Context(), put[0].ID)
	s.ok(err)
	if h.Title != article(1).Title || h.Text != article(1).Text || h.Article.Revision != 2 {
		s.Errorf("shown as %+v", h)
	}
	s.sound()
}

func candidates(s *suite) {
	one, _ := s.add(undated(1), store.Print{Bytes: []byte("1"), Keys: []uint64{10, 11, 12}})
	two, _ := s.add(undated(2), store.Print{Bytes: []byte("2"), Keys: []uint64{12, 13, 13}})
	s.add(undated(3), store.Print{Bytes: []byte("3")})
	s.must(func(tx store.Tx) error {
		third, err := tx.AddToStory(two.Story, undated(4), store.Print{Bytes: []byte("4"), Keys: []uint64{11, 12, 14, 15, 16, 17, 18, 19, 20}})
		if err != nil {
			return err
		}
		for _, c := range []struct {
			name     string
			keys     []uint64
			since    time.Time
			articles []int64
		}{
			{"the most keys in common first, then the oldest", []uint64{10, 11, 12}, time.Time{}, []int64{one.ID, third.ID, two.ID}},
			{"in the window", []uint64{10, 11, 12}, two.Seen, []int64{third.ID, two.ID}},
			{"after the window", []uint64{10}, two.Seen, nil},
			{"no key of any", []uint64{99}, time.Time{}, nil},
			{"no key", nil, time.Time{}, nil},
			{"a key too many is left out", []uint64{1, 2, 3, 4, 5, 6, 7, 8, 10}, time.Time{}, nil},
			{"keys kept are the first ones", []uint64{20}, time.Time{}, nil},
		} {
			got, err := tx.TextCandidates(c.keys, c.since, time.Time{})
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
		return nil
	})
	st, err := s.Store.Story(s.Context(), two.Story)
	s.ok(err)
	want := news.Story{ID: two.Story, Title: two.Title, FirstSeen: two.Seen, LastSeen: article(4).Seen,
		Published: two.When(), Articles: 2, Sources: []string{"outlet-1", "outlet-2"}, Languages: []string{"ru"}}
	if !reflect.DeepEqual(st, want) {
		s.Errorf("the story is %+v\nwant %+v", st, want)
	}
	s.sound()
}

// undated is the n-th article without a time of publication: that of its
// sighting counts.
func undated(n int) news.Article {
	a := article(n)
	a.Published = time.Time{}
	return a
}

func crowdedKey(s *suite) {
	const crowd = 300
	var first int64
	s.must(func(tx store.Tx) error {
		for n := range crowd {
			a, err := tx.NewStory(article(n), store.Print{Keys: []uint64{5, uint64(1000 + n)}})
			if err != nil {
				return err
			}
			if n == 0 {
				first = a.ID
			}
		}
		got, err := tx.TextCandidates([]uint64{5, 1000}, time.Time{}, time.Time{})
		if err != nil {
			return err
		}
		if len(got) != store.MaxCandidates {
			s.Errorf("%d candidates", len(got))
		}
		if !slices.ContainsFunc(got, func(c store.Candidate) bool { return c.Article == first }) {
			s.Error("a crowded key hides the one that is found by another key")
		}
		return nil
	})
}

func oddTimes(s *suite) {
	a := article(1)
	a.Published = time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)
	a.Modified = time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC)
	a.Seen = time.Date(2026, 3, 14, 14, 26, 53, 589_999_999, time.FixedZone("", 5*3600))
	s.add(a, store.Print{})
	s.must(func(tx store.Tx) error {
		k, _, err := tx.ArticleByURL(a.URL)
		if !k.Article.Published.IsZero() || !k.Article.Modified.IsZero() {
			s.Errorf("times %v and %v", k.Article.Published, k.Article.Modified)
		}
		if !k.Article.Seen.Equal(day) || k.Article.Seen.Location() != time.UTC {
			s.Errorf("seen %v, want %v", k.Article.Seen, day)
		}
		return err
	})
}

func hits(s *suite) {
	ctx := s.Context()
	quiet, background := hit("c8", 2), hit("c9", 2)
	quiet.Quiet, background.Quiet = news.QuietOld, news.QuietBackground
	a, put := s.add(article(1), store.Print{}, hit("c3", 4), hit("c7", 1), quiet, background)
	for i, p := range put {
		if !p.New || p.ID == 0 || p.Article != a.ID || p.Story != a.Story || p.Revision != 1 {
			s.Errorf("hit %d was put as %+v", i, p)
		}
	}
	s.ok(s.Judge(ctx, news.Verdict{Hit: put[0].ID, Says: news.Irrelevant, Given: day}))

	// The next revision has the first one, stronger and at another place, the
	// third one, which stays quiet, the fourth one, no longer in the background,
	// and the second one's signal in another direction.
	again := hit("c3", 5)
	again.Found, again.Quiet = day.Add(time.Hour), news.QuietOld
	again.Evidence[0].Start, again.Countries = 1, []string{"TJ"}
	other := hit("c7", 1)
	other.Direction = news.Closer
	loud, fore := hit("c8", 2), hit("c9", 2)
	s.must(func(tx store.Tx) error {
		b, err := tx.PutRevision(article2(a), store.Print{}, day)
		if err != nil {
			return err
		}
		now, err := tx.PutHits(b.ID, b.Revision, []news.Hit{again, other, loud, fore})
		if err != nil {
			return err
		}
		if now[0].New || now[0].ID != put[0].ID || now[0].Quiet != "" || !now[0].Found.Equal(day) {
			s.Errorf("the same hit again: %+v", now[0])
		}
		if !now[1].New || now[1].ID == put[1].ID {
			s.Errorf("a hit in another direction: %+v", now[1])
		}
		if now[2].New || now[2].Quiet != news.QuietOld {
			s.Errorf("a hit that was quiet: %+v", now[2])
		}
		if now[3].New || now[3].Quiet != "" {
			s.Errorf("a hit that is no longer background: %+v", now[3])
		}
		return nil
	})
	h, err := s.Hit(ctx, put[0].ID)
	s.ok(err)
	if h.Hit.Level != 5 || h.Hit.Revision != 2 || h.Hit.Countries[0] != "TJ" || h.Hit.Evidence[0].Start != 1 ||
		h.Text != article2(a).Text || h.Verdict == nil || h.Verdict.Says != news.Irrelevant || h.Withdrawn != 0 {
		s.Errorf("the hit is now %+v", h)
	}
	h, err = s.Hit(ctx, put[1].ID)
	s.ok(err)
	if h.Withdrawn != 2 || h.Hit.Revision != 1 || h.Text != article(1).Text {
		s.Errorf("the hit that is gone: %+v", h)
	}
	// A hit that comes back stands again.
	s.must(func(tx store.Tx) error {
		b, err := tx.PutRevision(a, store.Print{}, day)
		if err != nil {
			return err
		}
		now, err := tx.PutHits(b.ID, b.Revision, []news.Hit{hit("c7", 1)})
		if err == nil && (now[0].New || now[0].ID != put[1].ID) {
			s.Errorf("a hit that comes back: %+v", now[0])
		}
		return err
	})
	rows, err := s.Hits(ctx, store.HitFilter{})
	s.ok(err)
	if len(rows) != 1 || rows[0].Hit.ID != put[1].ID || rows[0].Withdrawn != 0 {
		s.Errorf("standing: %+v", rows)
	}
	s.sound()
}
