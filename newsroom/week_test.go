package newsroom_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/newsroom"
)

// weekClock is a clock that tests move.
type weekClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *weekClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *weekClock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t
}

var weekStart = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func startWeek(t *testing.T) (*newsroom.Newsroom, *weekClock) {
	t.Helper()
	c := &weekClock{at: weekStart}
	return start(t, newsroom.Options{Now: c.now, Week: true}), c
}

// TestWeekHasWhatAWeekHas holds the week to what it is for: all languages, all
// ways in which articles belong together, and each story with a first article
// before all others of it.
func TestWeekHasWhatAWeekHas(t *testing.T) {
	room, _ := startWeek(t)
	articles := room.WeekArticles()
	if n := len(articles); n < 60 || n > 90 {
		t.Errorf("%d articles", n)
	}
	count := map[string]int{}
	told := map[string]bool{}
	for _, a := range articles {
		count["lang "+a.Lang]++
		count["outlet "+a.Source]++
		count["relation "+a.Relation]++
		if a.NearMiss != "" {
			count["near miss"]++
		}
		if since := a.Published.Sub(weekStart); since < 0 || since >= 7*24*time.Hour {
			t.Errorf("%s is out at %s", a.ID, a.Published)
		}
		if a.Relation == newsroom.RelationFirst == told[a.Story] && a.Story != "" {
			t.Errorf("%s: %s of a story that began: %v", a.ID, a.Relation, told[a.Story])
		}
		told[a.Story] = true
	}
	for _, l := range []string{"en", "ru", "kk", "ky", "uz", "tg", "tk"} {
		if count["lang "+l] < 4 {
			t.Errorf("%d articles in %s", count["lang "+l], l)
		}
	}
	for what, least := range map[string]int{
		"relation first": 15, "relation same-text": 4, "relation same-event": 8, "relation translation": 8,
		"relation digest": 2, "near miss": 8, "relation ": 15,
	} {
		if count[what] < least {
			t.Errorf("%s: %d, fewer than %d", what, count[what], least)
		}
	}
	if count["outlet "+newsroom.SilentOutlet] != 1 {
		t.Errorf("the silent outlet has %d articles", count["outlet "+newsroom.SilentOutlet])
	}
	for _, s := range room.WeekStories() {
		if !told[s.ID] || s.Gets == "" || s.Theme == "" || len(s.Countries) == 0 {
			t.Errorf("the story %s isn't whole, or nothing tells it", s.ID)
		}
	}
}

func TestWeekComesOutByTheClock(t *testing.T) {
	room, clock := startWeek(t)
	before := 0
	for day := range 8 {
		clock.set(weekStart.AddDate(0, 0, day))
		n := len(room.Articles())
		if n < before || day == 0 && n != 0 || day > 0 && n == before {
			t.Errorf("on day %d %d articles are out, %d were before", day, n, before)
		}
		before = n
	}
	if before != len(room.WeekArticles()) {
		t.Errorf("%d articles came out of %d", before, len(room.WeekArticles()))
	}
}

func TestWeekCorrectsAnArticle(t *testing.T) {
	room, clock := startWeek(t)
	find := func() newsroom.Article {
		all := room.Articles()
		return all[slices.IndexFunc(all, func(a newsroom.Article) bool { return a.ID == "tj-drones-ru" })]
	}
	clock.set(weekStart.AddDate(0, 0, 2).Add(13 * time.Hour))
	first := find()
	clock.set(weekStart.AddDate(0, 0, 2).Add(15 * time.Hour))
	second := find()
	if first.Changed || !second.Changed || first.Title == second.Title || first.URL != second.URL || !second.Modified.After(first.Modified) {
		t.Errorf("first %+v\nthen %+v", first, second)
	}
	if !strings.Contains(second.Text, "Поправка") {
		t.Error("the correction isn't said")
	}
}

func TestWeekOutletBlocks(t *testing.T) {
	room, clock := startWeek(t)
	var source news.Source
	for _, s := range room.Sources() {
		if s.ID == newsroom.BlockedOutlet {
			source = s
		}
	}
	for hours, want := range map[int]int{83: http.StatusOK, 84: http.StatusForbidden, 107: http.StatusForbidden, 108: http.StatusOK} {
		clock.set(weekStart.Add(time.Duration(hours) * time.Hour))
		if res, _ := get(t, source.URL); res.StatusCode != want {
			t.Errorf("after %d hours: %d, want %d", hours, res.StatusCode, want)
		}
	}
}
