package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/store/sqlite"
)

// What a cycle over many feeds keeps.
const (
	feeds = 1000
	items = 20
)

var moment = time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)

// BenchmarkColdCycle keeps what a first cycle finds: for each feed its entries
// and their articles, each a story, in one update, sixteen feeds at a time.
func BenchmarkColdCycle(b *testing.B) {
	text := strings.Repeat("Слова, из которых состоит заметка. ", 20) // 1.2 KB
	print := make([]byte, 500)
	b.ReportAllocs()
	for b.Loop() {
		db := open(b, filepath.Join(b.TempDir(), "watch.db"), sqlite.Options{})
		var g errgroup.Group
		g.SetLimit(16)
		for f := range feeds {
			g.Go(func() error { return poll(b.Context(), db, f, text, print) })
		}
		if err := g.Wait(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*feeds*items), "µs/article")
}

// poll keeps what one feed has.
func poll(ctx context.Context, db *sqlite.DB, f int, text string, print []byte) error {
	source := fmt.Sprintf("feed-%04d", f)
	keys, urls := make([]string, items), make([]string, items)
	for i := range items {
		urls[i] = fmt.Sprintf("https://%s.example/2026/03/14/some-longer-name-of-an-article-%d", source, i)
		keys[i] = urls[i] + "#guid"
	}
	if _, err := db.KnownItems(ctx, source, keys); err != nil {
		return err
	}
	return db.Update(ctx, func(tx store.Tx) error {
		for i := range items {
			if err := keep(tx, source, keys[i], urls[i], text, print, uint64(f*items+i)); err != nil {
				return err
			}
		}
		return tx.SaveSourceState(news.SourceState{Source: source, URL: source, ETag: "x", LastPoll: moment, LastSuccess: moment})
	})
}

// keep does for one entry what a cycle does.
func keep(tx store.Tx, source, key, url, text string, print []byte, n uint64) error {
	if _, found, err := tx.ArticleByURL(url); err != nil || found {
		return err
	}
	keys := make([]uint64, store.MaxKeys)
	for i := range keys {
		keys[i] = (n*8 + uint64(i)) * 0x9e3779b97f4a7c15 >> 16
	}
	if _, err := tx.TextCandidates(keys, moment.AddDate(0, 0, -90), moment); err != nil {
		return err
	}
	a, err := tx.NewStory(news.Article{
		Source: source, URL: url, Link: url, Title: "Заголовок заметки", Text: text, Lang: "ru",
		Published: moment, Seen: moment, From: "feed",
	}, store.Print{Bytes: print, Keys: keys})
	if err != nil {
		return err
	}
	return tx.PutItem(store.ItemState{Source: source, Key: key, Hash: n, Article: a.ID, First: moment})
}

// BenchmarkUnchangedCycle reads all states and saves them again, a hundred
// sources in an update.
func BenchmarkUnchangedCycle(b *testing.B) {
	db := open(b, filepath.Join(b.TempDir(), "watch.db"), sqlite.Options{})
	save := func(states []news.SourceState) {
		for len(states) > 0 {
			n := min(len(states), 100)
			err := db.Update(b.Context(), func(tx store.Tx) error {
				for _, s := range states[:n] {
					if err := tx.SaveSourceState(s); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
			states = states[n:]
		}
	}
	states := make([]news.SourceState, feeds)
	for i := range states {
		states[i] = news.SourceState{
			Source: fmt.Sprintf("feed-%04d", i), URL: fmt.Sprintf("https://feed-%04d.example/rss.xml", i),
			ETag: `"0123456789abcdef"`, LastPoll: moment, LastSuccess: moment, NextPoll: moment, Format: "rss", Items: items, NewestItem: moment,
		}
	}
	save(states)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := db.SourceStates(b.Context()); err != nil {
			b.Fatal(err)
		}
		save(states)
	}
}
