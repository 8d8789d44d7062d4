package sqlite

import (
	"cmp"
	"context"
	"slices"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// toldAt is when an article was published, as news.Article.When says it.
const toldAt = `CASE WHEN published = '' OR published > seen THEN seen ELSE published END`

// StoryMoves implements store.Desk.
func (d *DB) StoryMoves(ctx context.Context, stories []int64, since time.Time) ([]store.Move, error) {
	const some = 1000
	var out []store.Move
	columns := hitColumnsRead{map[string][]string{}, map[string][]news.Act{}}
	for part := range slices.Chunk(stories, some) {
		facts, err := d.facts(ctx, part)
		for story, f := range facts {
			if err == nil {
				out, err = f.moves(out, story, since, columns)
			}
		}
		if err != nil {
			return nil, d.read("read the hits of stories", err)
		}
	}
	slices.SortFunc(out, func(a, b store.Move) int {
		return cmp.Or(b.Hit.Found.Compare(a.Hit.Found), cmp.Compare(b.Hit.ID, a.Hit.ID))
	})
	return out, nil
}

// moves appends the hits of a story that were found at or after a time.
func (f *storyFacts) moves(out []store.Move, story int64, since time.Time, columns hitColumnsRead) ([]store.Move, error) {
	began := noMoment
	for i, a := range f.articles {
		if i == 0 || a.told < began {
			began = a.told
		}
	}
	for i := range f.hits {
		h := &f.hits[i]
		found := h.found.time()
		if found.Before(since) {
			continue
		}
		of := f.of(h)
		m := store.Move{Outlet: of.source, When: of.told.time(), Began: began.time(), Hit: news.Hit{ID: h.id, Article: h.article, Story: story, Theme: news.Theme(h.theme), Signal: h.signal,
			Level: h.level, Direction: news.Direction(h.direction), Background: h.background, Found: found, Status: news.Status(h.status)}}
		if err := columns.into(&m.Hit, h); err != nil {
			return out, err
		}
		if n := len(h.said); n > 0 {
			last := h.said[n-1]
			m.Verdict = &news.Verdict{Hit: h.id, Says: news.Judgement(last.says), By: last.by, Given: last.given.time()}
		}
		out = append(out, m)
	}
	return out, nil
}
