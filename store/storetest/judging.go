package storetest

import (
	"reflect"
	"slices"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

func hitFilters(s *suite) {
	ctx := s.Context()
	// Four hits in two articles, found an hour apart.
	csto, weak := hit("c3", 4), hit("c7", 1)
	weak.Direction = news.Closer
	bank, old := hit("s1", 5), hit("d4", 2)
	bank.Theme, bank.Countries, bank.Found = news.ThemeSanctions, []string{"UZ"}, day.Add(time.Hour)
	old.Theme, old.Countries, old.Found, old.Quiet = news.ThemeDecolonization, []string{"KZ", "UZ"}, day.Add(time.Hour), news.QuietOld
	ru, en := article(1), article(2)
	en.Lang = "en"
	a, first := s.add(ru, store.Print{}, csto, weak)
	b, second := s.add(en, store.Print{}, bank, old)
	id := []int64{first[0].ID, first[1].ID, second[0].ID, second[1].ID} // csto, weak, bank, old
	s.ok(s.Judge(ctx, news.Verdict{Hit: id[0], Says: news.Irrelevant, By: "a", Given: day}))
	s.ok(s.Judge(ctx, news.Verdict{Hit: id[0], Says: news.Relevant, By: "b", Note: "after all", Given: day}))
	s.ok(s.Judge(ctx, news.Verdict{Hit: id[3], Says: news.Unsure, Given: day}))

	for _, c := range []struct {
		name   string
		filter store.HitFilter
		want   []int64
	}{
		{"all, the newest first", store.HitFilter{}, []int64{id[2], id[3], id[0], id[1]}},
		{"oldest first", store.HitFilter{Order: store.Oldest}, []int64{id[0], id[1], id[2], id[3]}},
		{"strongest first", store.HitFilter{Order: store.Strongest}, []int64{id[2], id[0], id[3], id[1]}},
		{"limited", store.HitFilter{Limit: 1}, []int64{id[2]}},
		{"themes", store.HitFilter{Themes: []news.Theme{news.ThemeSanctions, news.ThemeDecolonization}}, []int64{id[2], id[3]}},
		{"a country among several", store.HitFilter{Countries: []string{"KZ"}}, []int64{id[3], id[0], id[1]}},
		{"countries", store.HitFilter{Countries: []string{"UZ", "KZ"}}, []int64{id[2], id[3], id[0], id[1]}},
		{"level", store.HitFilter{MinLevel: 4}, []int64{id[2], id[0]}},
		{"language", store.HitFilter{Languages: []string{"en"}}, []int64{id[2], id[3]}},
		{"source", store.HitFilter{Sources: []string{a.Source}}, []int64{id[0], id[1]}},
		{"since", store.HitFilter{Since: day.Add(time.Hour)}, []int64{id[2], id[3]}},
		{"until", store.HitFilter{Until: day.Add(time.Hour)}, []int64{id[0], id[1]}},
		{"the last verdict counts", store.HitFilter{Verdicts: []news.Judgement{news.Irrelevant}}, nil},
		{"verdicts", store.HitFilter{Verdicts: []news.Judgement{news.Relevant, news.Unsure}}, []int64{id[3], id[0]}},
		{"unjudged", store.HitFilter{Unjudged: true}, []int64{id[2], id[1]}},
		{"unjudged excludes verdicts", store.HitFilter{Unjudged: true, Verdicts: []news.Judgement{news.Relevant}}, []int64{id[2], id[1]}},
		{"stories", store.HitFilter{Stories: []int64{b.Story}}, []int64{id[2], id[3]}},
		{"all at once", store.HitFilter{Themes: []news.Theme{news.ThemeSanctions}, Countries: []string{"UZ"}, MinLevel: 5,
			Languages: []string{"en"}, Sources: []string{b.Source}, Since: day, Unjudged: true, Limit: 5}, []int64{id[2]}},
		{"none", store.HitFilter{Countries: []string{"TM"}}, nil},
	} {
		rows, err := s.Hits(ctx, c.filter)
		s.ok(err)
		var got []int64
		for _, r := range rows {
			got = append(got, r.Hit.ID)
		}
		if !slices.Equal(got, c.want) {
			s.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}

	rows, err := s.Hits(ctx, store.HitFilter{Themes: []news.Theme{news.ThemeCSTO}, MinLevel: 4})
	s.ok(err)
	want := csto
	want.ID, want.Article, want.Story, want.Revision = id[0], a.ID, a.Story, 1
	if !reflect.DeepEqual(rows[0].Hit, want) {
		s.Errorf("the hit is %+v\nwant %+v", rows[0].Hit, want)
	}
	a.Text = ""
	if !reflect.DeepEqual(rows[0].Article, a) {
		s.Errorf("its article is %+v\nwant %+v", rows[0].Article, a)
	}
	verdict := news.Verdict{Hit: id[0], Says: news.Relevant, By: "b", Note: "after all", Given: day}
	if v := rows[0].Verdict; v == nil || *v != verdict {
		s.Errorf("its verdict is %+v, want %+v", v, verdict)
	}
}

func verdicts(s *suite) {
	ctx := s.Context()
	_, put := s.add(article(1), store.Print{}, hit("c3", 4))
	said := []news.Verdict{
		{Hit: put[0].ID, Says: news.Relevant, By: "a", Note: "x", Given: day.Add(time.Hour)},
		{Hit: put[0].ID, Says: news.Unsure, Given: day}, // a clock set back changes no order
	}
	for _, v := range said {
		s.ok(s.Judge(ctx, v))
	}
	s.is(s.Judge(ctx, news.Verdict{Hit: 99, Says: news.Relevant, Given: day}), store.ErrNotFound)
	if s.Judge(ctx, news.Verdict{Hit: put[0].ID, Says: "perhaps", Given: day}) == nil {
		s.Error("any word is a verdict")
	}
	h, err := s.Hit(ctx, put[0].ID)
	s.ok(err)
	if !slices.Equal(h.Verdicts, said) || *h.Verdict != said[1] {
		s.Errorf("said %+v", h.Verdicts)
	}
	s.sound()
}

func misses(s *suite) {
	ctx := s.Context()
	first := news.Miss{URL: "https://x.example/1", Theme: news.ThemeCSTO, Signal: "c3", Country: "KG", By: "a", Note: "n", Given: day}
	second := news.Miss{URL: "https://x.example/1", Theme: news.ThemeSanctions, Country: "KZ", Given: day}
	var err error
	first.ID, err = s.AddMiss(ctx, first)
	s.ok(err)
	second.ID, err = s.AddMiss(ctx, second)
	s.ok(err)
	got, err := s.Misses(ctx)
	s.ok(err)
	if !slices.Equal(got, []news.Miss{second, first}) {
		s.Errorf("got %+v", got)
	}
}

func alerts(s *suite) {
	ctx := s.Context()
	loud, background, strong := hit("c3", 3), hit("c7", 5), hit("c1", 5)
	background.Quiet, strong.Quiet = news.QuietBackground, news.QuietOld
	a, _ := s.add(article(1), store.Print{}, strong) // strong, but quiet
	s.must(func(tx store.Tx) error {
		b, err := tx.AddToStory(a.Story, article(2), store.Print{})
		if err != nil {
			return err
		}
		_, err = tx.PutHits(b.ID, 1, []news.Hit{background, loud, hit("c5", 2)})
		return err
	})
	ids := s.owe(delivery(a.Story, "slack"))
	owed, err := s.Lease(ctx, "slack", day, day.Add(time.Minute), 1)
	s.ok(err)
	got, err := s.Alert(ctx, owed[0])
	s.ok(err)
	if got.Delivery.ID != ids[0] || got.Story.Articles != 2 || got.Source.ID != article(2).Source || got.Article.Text != article(2).Text {
		s.Errorf("the alert is %+v", got)
	}
	var signals []string
	for _, h := range got.Hits {
		signals = append(signals, h.Signal)
	}
	if !slices.Equal(signals, []string{"c3", "c5", "c7"}) {
		s.Errorf("its hits are %v", signals)
	}
	if e := got.Hits[0].Evidence; !reflect.DeepEqual(e, loud.Evidence) {
		s.Errorf("its evidence is %+v", e)
	}

	// What was withdrawn is left out, unless there is nothing else.
	for revision, c := range []struct {
		hits []news.Hit
		want []string
	}{{[]news.Hit{loud}, []string{"c3"}}, {nil, []string{"c1"}}} {
		s.must(func(tx store.Tx) error {
			b, err := tx.PutRevision(got.Article, store.Print{}, day)
			if err != nil {
				return err
			}
			_, err = tx.PutHits(b.ID, b.Revision, c.hits)
			return err
		})
		again, err := s.Alert(ctx, owed[0])
		s.ok(err)
		signals = nil
		for _, h := range again.Hits {
			signals = append(signals, h.Signal)
		}
		if !slices.Equal(signals, c.want) {
			s.Errorf("in revision %d its hits are %v, want %v", revision+2, signals, c.want)
		}
	}
	s.must(func(tx store.Tx) error {
		_, err := tx.PutHits(a.ID, 1, nil)
		return err
	})
	last, err := s.Alert(ctx, owed[0])
	s.ok(err)
	if len(last.Hits) == 0 {
		s.Error("a story whose hits were all withdrawn can't be told")
	}
	s.sound()
}
