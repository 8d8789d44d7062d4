package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// Place is where one database is kept. It can be opened more than once at a
// time, by several processes too.
type Place struct {
	// Name tells Opener in another process which database is meant.
	Name string
	// Open opens the database, or makes it.
	Open func() (store.Store, error)
	// OpenSmall opens it so that it can grow to about a megabyte only; nil where
	// a store can't.
	OpenSmall func() (store.Store, error)
}

// Run holds a store to the contract. Each test gets a new place.
func Run(t *testing.T, place func(*testing.T) Place) {
	for _, c := range contract {
		t.Run(c.name, func(t *testing.T) {
			p := place(t)
			c.test(&suite{T: t, Store: open(t, p.Open), place: p})
		})
	}
}

var contract = []struct {
	name string
	test func(*suite)
}{
	{"an empty store answers everything with nothing", empty},
	{"an update is kept whole or not at all", atomic},
	{"an update that went wrong inside is not kept", broken},
	{"an update sees what it has filed", filedSeen},
	{"the wait for a turn ends with its context", turns},
	{"of many updates at once each is kept whole or not at all", crowd},
	{"an article is found by its address", articles},
	{"a changed text is a revision", revisions},
	{"items are known again", items},
	{"the paces of hosts are kept until they are idle or old", hostPaces},
	{"robots files are kept as long as they hold", robotsFiles},
	{"stories are found by their keys", candidates},
	{"a key that very many share costs no more", crowdedKey},
	{"reports of an event are found by its terms", eventCandidates},
	{"the latest articles of a story are found", latestOf},
	{"prints out of the window are forgotten", forgetPrints},
	{"an article keeps how it came to its story", joins},
	{"merged stories are one", merged},
	{"what was told of either of two stories is told of the one", mergedDeliveries},
	{"a story is split", split},
	{"what was told of a story stays told of its parts", splitDeliveries},
	{"what an analyst split the program doesn't merge", keptApart},
	{"stories are listed", storyList},
	{"hits keep their identity over revisions", hits},
	{"hits are listed by what they are", hitFilters},
	{"verdicts are added and the last one stands", verdicts},
	{"misses are recorded", misses},
	{"articles are read again", eachArticle},
	{"hits are added up by signal, language and week", signalCounts},
	{"versions of the rules are kept", packVersions},
	{"source states come back as they were", sourceStates},
	{"hits are counted by the source of their article", hitsBySource},
	{"meta values are replaced", meta},
	{"cycles are recorded", cycles},
	{"what is stored is counted", counts},
	{"a delivery is made once", deliveries},
	{"a delivery is leased by one at a time", leases},
	{"a lease that ended is taken over", leaseEnds},
	{"what was sent stays sent", settled},
	{"failed deliveries are retried when asked", retried},
	{"an alert shows the strongest article", alerts},
	{"a story's next version waits, and says what was told", grown},
	{"what isn't sent is kept with its reason", setAside},
	{"digests and notes are owed as stories are", digests},
	{"latencies are told", latencies},
	{"pages are found by their article and their digest", pages},
	{"looks come back when they are due", looks},
	{"what changed on pages comes back with both versions", pageChanges},
	{"what is older than is to be kept goes, but for flagged stories", prune},
	{"what was merged and parted keeps its numbers when its articles go", pruneJoined},
	{"the archive's files are told apart", archiveFiles},
	{"free space is given back in steps", shrink},
	{"names come back as they were", names},
	{"names are listed by what they are", nameFilters},
	{"a list of names is replaced whole or not at all", namesReplaced},
	{"of two imports of a list at once one stands", namesMeet},
	{"others write while a list of names is read", namesLetWrite},
	{"a list of names is removed", namesRemoved},
	{"users are added and changed", users},
	{"sessions end", sessions},
	{"views are a user's own", savedViews},
	{"the audit log is kept", auditLog},
	{"tokens are found by their hash, and end", tokens},
	{"the inbox is listed and counted", inbox},
	{"hostile text comes back as it was", hostile},
	{"odd times are unknown", oddTimes},
	{"everything is there after a reopening", reopen},
	{"readers see whole updates while others write", readers},
	{"two processes write in turns", processes},
	{"a killed process loses nothing that it kept", killed},
	{"a full disk stops a write and nothing else", fullDisk},
	{"a backup is a whole copy", backup},
}

// suite is one test's store with helpers.
type suite struct {
	*testing.T
	store.Store
	place Place
}

func open(t testing.TB, open func() (store.Store, error)) store.Store {
	t.Helper()
	s, err := open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// day is the moment that the tests take place at.
var day = time.Date(2026, 3, 14, 9, 26, 53, 589e6, time.UTC)

// article makes the n-th made-up article.
func article(n int) news.Article {
	return news.Article{
		Source:    fmt.Sprintf("outlet-%d", n%3),
		URL:       fmt.Sprintf("https://outlet.example/%d", n),
		Link:      fmt.Sprintf("https://outlet.example/%d?from=feed", n),
		Title:     fmt.Sprintf("Сообщение %d", n),
		Text:      fmt.Sprintf("Первый абзац %d.\n\nВторой абзац.", n),
		Lang:      "ru",
		Authors:   []string{"А. Автор", `Q"uote`},
		Site:      "Outlet",
		Section:   "Общество",
		Published: day.Add(-time.Hour),
		Modified:  day.Add(-time.Minute),
		Seen:      day.Add(time.Duration(n) * time.Second),
		From:      "selectors",
	}
}

// hit makes a hit of a signal.
func hit(signal string, level int) news.Hit {
	return news.Hit{
		Theme: news.ThemeCSTO, Signal: signal, Title: "Refuses a drill", Why: "An act, not a word.",
		Level: level, Direction: news.Apart, Countries: []string{"KG", "KZ"}, Score: 0.75, Pack: "p1", Found: day,
		Status: news.StatusAnnounced, Actor: news.ActorHead, Entities: []string{"csto"},
		Acts:  []news.Act{{Country: "KG", Direction: news.Apart}, {Country: "KZ", Direction: news.Apart}},
		Parts: []news.Part{{Name: "signal", Value: 0.45}, {Name: "lead", Value: 0.3}},
		Evidence: []news.Evidence{{
			Field: news.FieldText, Start: 3, End: 9, Quote: "абв", Sentence: "О абв.", SentenceStart: 0,
			Words: []news.Span{{Start: 3, End: 9, Leg: "theme"}},
		}},
	}
}

// delivery makes the first delivery of a story.
func delivery(story int64, channel string) news.Delivery {
	return news.Delivery{
		Route: "all", Channel: channel, Story: story, Version: 1, Key: fmt.Sprintf("key-%s-%d", channel, story),
		NextAt: day, Created: day,
	}
}

// must runs an update that has to succeed.
func (s *suite) must(fn func(store.Tx) error) {
	s.Helper()
	if err := s.Update(s.Context(), fn); err != nil {
		s.Fatal(err)
	}
}

// add keeps a new article as a story of its own, with hits.
func (s *suite) add(a news.Article, p store.Print, hits ...news.Hit) (news.Article, []store.PutHit) {
	s.Helper()
	var put []store.PutHit
	s.must(func(tx store.Tx) (err error) {
		if a, err = tx.NewStory(a, p); err != nil {
			return err
		}
		put, err = tx.PutHits(a.ID, a.Revision, hits)
		return err
	})
	return a, put
}

// owe writes deliveries.
func (s *suite) owe(ds ...news.Delivery) (ids []int64) {
	s.Helper()
	s.must(func(tx store.Tx) error {
		for _, d := range ds {
			id, made, err := tx.PutDelivery(d)
			if err != nil || !made {
				return errors.Join(err, fmt.Errorf("delivery to %s: made %t", d.Channel, made))
			}
			ids = append(ids, id)
		}
		return nil
	})
	return ids
}

// sound fails the test where the store isn't.
func (s *suite) sound() {
	s.Helper()
	found, err := s.Check(context.WithoutCancel(s.Context()))
	if err != nil {
		s.Fatal(err)
	}
	for _, f := range found {
		s.Error(f)
	}
}

// is fails the test where err isn't of that kind.
func (s *suite) is(err, kind error) {
	s.Helper()
	if !errors.Is(err, kind) {
		s.Errorf("error %v, want %v", err, kind)
	}
}

// ok stops the test where err isn't nil.
func (s *suite) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}
