package storetest

import (
	"context"
	"errors"
	"slices"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

func eachArticle(s *suite) {
	for n := range 5 {
		s.add(article(n), store.Print{})
	}
	changed := article(2)
	changed.ID, changed.Title, changed.Text = 3, "Иначе", "Другой текст."
	s.must(func(tx store.Tx) error {
		_, err := tx.PutRevision(changed, store.Print{}, day.Add(time.Hour))
		return err
	})
	var urls []string
	s.ok(s.EachArticle(s.Context(), day.Add(2*time.Second), func(a news.Article) error {
		urls = append(urls, a.URL)
		if want := article(len(urls) + 1); a.URL == changed.URL {
			if a.Title != changed.Title || a.Text != changed.Text || a.Revision != 2 {
				s.Errorf("the changed article came as %+v", a)
			}
		} else if a.Title != want.Title || a.Text != want.Text || a.Section != want.Section || !slices.Equal(a.Authors, want.Authors) {
			s.Errorf("article %+v, want %+v", a, want)
		}
		return nil
	}))
	if want := []string{article(2).URL, article(3).URL, article(4).URL}; !slices.Equal(urls, want) {
		s.Errorf("articles %v, want %v", urls, want)
	}
	if err := s.EachArticle(s.Context(), time.Time{}, func(news.Article) error { return errGivenUp }); err != errGivenUp {
		s.Errorf("error %v, want that of the function", err)
	}
	a, err := s.Article(s.Context(), changed.ID)
	if err != nil || a.Text != changed.Text {
		s.Errorf("article %+v, %v", a, err)
	}
	_, err = s.Article(s.Context(), 99)
	s.is(err, store.ErrNotFound)
	if a, err = s.ArticleAt(s.Context(), changed.URL); err != nil || a.ID != changed.ID || a.Text != changed.Text {
		s.Errorf("article at its address: %+v, %v", a, err)
	}
	if of, err := s.ArticlesOf(s.Context(), a.Story); err != nil || len(of) != 1 || of[0].Text != changed.Text {
		s.Errorf("articles of its story: %+v, %v", of, err)
	}
	_, err = s.ArticlesOf(s.Context(), 99)
	s.is(err, store.ErrNotFound)
	_, err = s.ArticleAt(s.Context(), "https://outlet.example/none")
	s.is(err, store.ErrNotFound)
	ended, cancel := context.WithCancel(s.Context())
	cancel()
	if err := s.EachArticle(ended, time.Time{}, func(news.Article) error { return nil }); !errors.Is(err, context.Canceled) {
		s.Errorf("with an ended context: %v", err)
	}
}

func signalCounts(s *suite) {
	monday := time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)
	add := func(n int, lang, signal string, found time.Time, says ...news.Judgement) {
		a, h := article(n), hit(signal, 3)
		a.Lang, h.Found = lang, found
		_, put := s.add(a, store.Print{}, h)
		for _, j := range says {
			s.ok(s.Judge(s.Context(), news.Verdict{Hit: put[0].ID, Says: j, Given: day}))
		}
	}
	add(1, "ru", "C1", monday, news.Irrelevant, news.Relevant)
	add(2, "ru", "C1", monday.Add(7*24*time.Hour-time.Second), news.Irrelevant)
	add(3, "ru", "C1", monday.Add(7*24*time.Hour), news.Unsure)
	add(4, "kk", "C1", monday)
	add(5, "ru", "C2", monday.Add(-time.Second))
	got, err := s.SignalCounts(s.Context(), monday.Add(-time.Hour))
	s.ok(err)
	want := []store.SignalCount{
		{Signal: "C1", Language: "kk", Week: monday, Hits: 1, Last: monday},
		{Signal: "C1", Language: "ru", Week: monday, Hits: 2, Relevant: 1, Irrelevant: 1, Last: monday.Add(7*24*time.Hour - time.Second)},
		{Signal: "C1", Language: "ru", Week: monday.AddDate(0, 0, 7), Hits: 1, Unsure: 1, Last: monday.AddDate(0, 0, 7)},
		{Signal: "C2", Language: "ru", Week: monday.AddDate(0, 0, -7), Hits: 1, Last: monday.Add(-time.Second)},
	}
	for i := range want {
		want[i].Theme = news.ThemeCSTO
	}
	if !slices.Equal(got, want) {
		s.Errorf("counts %+v, want %+v", got, want)
	}
	if later, err := s.SignalCounts(s.Context(), monday.AddDate(0, 0, 8)); err != nil || len(later) != 0 {
		s.Errorf("later: %+v, %v", later, err)
	}
	// What comes, is judged, is taken back, withdrawn or read as another language
	// counts at once.
	since := monday.Add(-time.Hour)
	counted := func(what string, want ...store.SignalCount) {
		s.Helper()
		for i := range want {
			want[i].Theme = news.ThemeCSTO
		}
		got, err := s.SignalCounts(s.Context(), since)
		if err != nil || !slices.Equal(got, want) {
			s.Errorf("%s: counts %+v, want %+v (%v)", what, got, want, err)
		}
	}
	add(6, "kk", "C1", monday.Add(time.Hour))
	want[0].Hits, want[0].Last = 2, monday.Add(time.Hour)
	counted("one more", want...)
	hits, err := s.Hits(s.Context(), store.HitFilter{Languages: []string{"kk"}, Order: store.Newest})
	s.ok(err)
	act, err := s.JudgeHit(s.Context(), news.Verdict{Hit: hits[0].Hit.ID, Says: news.Relevant, By: "dana", Given: day})
	s.ok(err)
	want[0].Relevant = 1
	counted("judged", want...)
	_, err = s.TakeBack(s.Context(), act, "dana", day)
	s.ok(err)
	want[0].Relevant = 0
	counted("taken back", want...)
	changed := article(6)
	changed.ID, changed.Lang, changed.Text = hits[0].Article.ID, "ru", "Иначе."
	s.must(func(tx store.Tx) error {
		_, err := tx.PutRevision(changed, store.Print{}, day)
		return err
	})
	want[0].Hits, want[0].Last = 1, monday
	want[1].Hits++
	counted("of another language", want...)
	since = monday.AddDate(0, 0, 7)
	counted("of the last week", want[2])
}

func packVersions(s *suite) {
	first := store.Pack{Digest: "aa", First: day, Files: []byte{0, 1, 2}}
	second := store.Pack{Digest: "bb", First: day.Add(time.Hour), Changes: "C1 changed\n  level: 1 → 2", Files: []byte("zip")}
	for _, p := range []store.Pack{first, second} {
		if made, err := s.PutPack(s.Context(), p); err != nil || !made {
			s.Errorf("version %s: made %t, %v", p.Digest, made, err)
		}
	}
	other := first
	other.Files, other.First = []byte("other"), day.Add(2*time.Hour)
	if made, err := s.PutPack(s.Context(), other); err != nil || made {
		s.Errorf("a known version: made %t, %v", made, err)
	}
	if p, err := s.Pack(s.Context(), "aa"); err != nil || !slices.Equal(p.Files, first.Files) || !p.First.Equal(first.First) {
		s.Errorf("version %+v, %v; want %+v", p, err, first)
	}
	_, err := s.Pack(s.Context(), "cc")
	s.is(err, store.ErrNotFound)
	all, err := s.Packs(s.Context())
	s.ok(err)
	if len(all) != 2 || all[0].Digest != "bb" || all[0].Changes != second.Changes || all[1].Digest != "aa" {
		s.Errorf("versions %+v", all)
	}
}
