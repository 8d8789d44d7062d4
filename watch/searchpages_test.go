package watch_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/store"
	"driftwatch/store/sqlite"
	"driftwatch/text"
	"driftwatch/watch"
)

// Every text in which the rules find a concept is shown by a sift for its terms: asked
// of the texts of all signals' tests.
func TestSiftMissesNothing(t *testing.T) {
	engine, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "watch.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var texts []news.Article
	err = db.Update(t.Context(), func(tx store.Tx) error {
		for _, s := range engine.Signals() {
			for _, c := range s.Tests.Match[:min(3, len(s.Tests.Match))] {
				a, err := tx.NewStory(news.Article{Source: "outlet", URL: fmt.Sprintf("https://one.example/%d", len(texts)), Title: c.Title, Text: c.Text, Lang: c.Lang, Seen: time.Date(2031, 9, 4, 12, 0, 0, 0, time.UTC)}, store.Print{})
				if err != nil {
					return err
				}
				texts = append(texts, a)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if left, err := db.IndexArticles(t.Context(), len(texts)+1); err != nil || left {
		t.Fatal(left, err)
	}
	asked := 0
	for _, query := range []string{"@csto", "@sanctions", "@evade", "@drone", "@to_russia", "@russia", "@reexport", "@central_asia", "@stop", "@bank", "@decolonize AND @russia"} {
		q, err := engine.Ask(query)
		if err != nil {
			continue // there is no such concept any more
		}
		asked++
		shown := map[int64]bool{}
		_, err = db.Sift(t.Context(), news.SearchFilter{}, q.Sets(), func(part []news.FoundArticle) ([]news.FoundArticle, bool) {
			for _, a := range part {
				shown[a.ID] = true
			}
			return nil, true
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(shown) == news.SiftMost {
			t.Fatalf("%s: more may match than are shown", query)
		}
		matched := 0
		for _, a := range texts {
			if _, ok := q.Match(text.Read(a.Title, a.Text, a.Lang), rules.About{Source: a.Source}); !ok {
				continue
			}
			if matched++; !shown[a.ID] {
				t.Errorf("%s: matches but isn't shown: %s %s | %s", query, a.Lang, a.Title, a.Text)
			}
		}
		t.Logf("%s: %d of %d texts match, %d are shown", query, matched, len(texts), len(shown))
	}
	if asked < 6 {
		t.Errorf("only %d of the concepts are there", asked)
	}
}

// busyOnce is a store that another process is in the way of when articles are made
// findable first.
type busyOnce struct {
	store.Store
	asked int
	stop  func()
}

func (s *busyOnce) IndexArticles(context.Context, int) (left bool, err error) {
	if s.asked++; s.asked == 1 {
		return false, fmt.Errorf("make articles searchable: %w", store.ErrBusy)
	}
	s.stop()
	return false, nil
}

// What was stored before is made findable later where another process writes for long.
func TestIndexOlderOutlastsABusyDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		s := &busyOnce{stop: stop}
		if err := (&watch.Watch{Store: s}).IndexOlder(ctx); err != nil || s.asked != 2 {
			t.Errorf("tried %d times, %v", s.asked, err)
		}
	})
}
