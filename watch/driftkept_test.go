package watch

import (
	"reflect"
	"testing"
	"time"

	"driftwatch/configs"
	"driftwatch/drift"
	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/store/sqlite"
)

// TestDriftKept holds what is kept in memory to what is added up from the store,
// through new hits, verdicts, cycles and merged stories.
func TestDriftKept(t *testing.T) {
	ctx := t.Context()
	db, err := sqlite.Open(ctx, t.TempDir()+"/d.db", sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	now := time.Date(2031, 9, 4, 12, 0, 0, 0, time.UTC)
	w := &Watch{Store: db, Rules: NewRulebook(&configs.Config{}), Now: func() time.Time { return now }}
	engine, err := w.Rules.Engine()
	if err != nil {
		t.Fatal(err)
	}
	signals := engine.Signals()
	kept := newDriftKept(w)
	stories := map[int]int64{}
	file := func(n, story int, at time.Time) {
		t.Helper()
		a := news.Article{Source: []string{"a", "b", "c"}[n%3], URL: "https://a.example/" + time.Duration(n).String(), Title: "T", Text: "T", Lang: "ru", Published: at.Add(-time.Hour), Seen: at}
		s := signals[n%len(signals)]
		err := db.Update(ctx, func(tx store.Tx) error {
			var put news.Article
			var err error
			if id, ok := stories[story]; ok {
				put, err = tx.AddToStory(id, a, store.Print{})
			} else if put, err = tx.NewStory(a, store.Print{}); err == nil {
				stories[story] = put.Story
			}
			if err == nil {
				country := news.Countries[n%len(news.Countries)]
				_, err = tx.PutHits(put.ID, 1, []news.Hit{{Theme: s.Theme, Signal: s.ID, Level: 3, Direction: news.Apart, Countries: []string{country},
					Acts: []news.Act{{Country: country, Direction: news.Apart}}, Found: at, Status: news.StatusDecided}})
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	same := func(when string) {
		t.Helper()
		for _, o := range []DriftOrder{
			{Since: now.AddDate(0, 0, -7*25), Now: now},
			{Since: now.AddDate(0, 0, -7*12), Now: now, Themes: []news.Theme{news.ThemeSanctions}},
			{Since: now.AddDate(0, 0, -7*51), Now: now, Countries: []string{"KZ", "TM"}},
			{Since: now.AddDate(-3, 0, 0), Now: now},
		} {
			want, err := Drift(ctx, db, engine, o)
			if err != nil {
				t.Fatal(err)
			}
			if err := kept.follow(ctx); err != nil {
				t.Fatal(err)
			}
			for range 2 { // read anew, and remembered
				got, err := kept.add(ctx, o)
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(got, want) {
					t.Fatalf("%s, since %s: %d rows differ from the %d of the store", when, o.Since, len(got), len(want))
				}
			}
		}
	}
	same("with nothing stored")
	for n := range 40 {
		file(n, n*2/3, now.AddDate(0, 0, -10*(40-n)))
	}
	same("with hits of a year")
	cycle := func(at time.Time, read string) {
		t.Helper()
		id, err := db.PutCycle(ctx, store.Cycle{Started: at})
		if err == nil {
			same("while a cycle runs")
			_, err = db.PutCycle(ctx, store.Cycle{ID: id, Started: at, Ended: at.Add(time.Minute), Summary: []byte(`{"coverage":{"countries":[{"key":"KZ","read":` + read + `,"total":4}]}}`)})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	cycle(now.Add(-2*time.Hour), "1")
	cycle(now.Add(-time.Hour), "3")
	cycle(now.Add(-time.Minute), "2")
	same("after cycles")
	if _, err := db.JudgeStories(ctx, []int64{stories[25]}, news.Verdict{Says: news.Irrelevant, By: "dana", Given: now}); err != nil {
		t.Fatal(err)
	}
	same("after a verdict")
	if err := db.Update(ctx, func(tx store.Tx) error {
		return tx.MergeStories(stories[24], stories[23], news.StoryAct{By: "dana", At: now})
	}); err != nil {
		t.Fatal(err)
	}
	same("after a merge")
	file(100, 24, now.Add(-time.Minute))
	same("after one more report")
	if _, err := db.JudgeStories(ctx, []int64{stories[24]}, news.Verdict{Says: news.Relevant, By: "aigul", Given: now}); err != nil {
		t.Fatal(err)
	}
	same("after a verdict on it")
	file(101, 3, now.Add(-time.Minute)) // on a story that began before most spans
	same("after a late report of an old story")
	if rows, err := kept.add(ctx, DriftOrder{Since: now, Now: now}); err != nil || len(rows) == 0 || rows[0].Week != drift.WeekOf(now) {
		t.Errorf("this week alone: %v (%v)", rows, err)
	}
}
