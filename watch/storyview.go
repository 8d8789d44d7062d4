package watch

import (
	"context"
	"slices"

	"driftwatch/news"
	"driftwatch/store"
)

// StoryView is all that is known of a story.
type StoryView struct {
	Story   news.Story
	TitleOf int64          // the article that the title is of
	Reports []news.Article // in the order of sighting, without texts
	Signals []news.SignalState
	Acts    []news.StoryAct
	Told    []store.DeliveryRow // the first first
}

// ReadStory reads a story, or the one that it is part of now. Errors:
// store.ErrNotFound.
func ReadStory(ctx context.Context, st store.Store, id int64) (StoryView, error) {
	var v StoryView
	var err error
	if v.Story, err = st.Story(ctx, id); err != nil {
		return v, err
	}
	id = v.Story.ID
	if v.Reports, err = st.ArticlesOf(ctx, id); err != nil {
		return v, err
	}
	for i := range v.Reports {
		v.Reports[i].Text = ""
		if v.TitleOf == 0 && v.Reports[i].Title != "" {
			v.TitleOf = v.Reports[i].ID
		}
	}
	hits, err := st.Hits(ctx, store.HitFilter{Stories: []int64{id}, Order: store.Strongest})
	if err != nil {
		return v, err
	}
	stand := make([]news.Hit, len(hits))
	for i, h := range hits {
		stand[i] = h.Hit
		stand[i].Quiet = "" // what isn't alerted stands in the story all the same
	}
	v.Signals = news.StateOf(v.Reports, stand).Signals
	if v.Acts, err = st.StoryActs(ctx, id); err != nil {
		return v, err
	}
	v.Told, err = st.Deliveries(ctx, store.DeliveryFilter{Stories: []int64{id}})
	slices.Reverse(v.Told)
	return v, err
}

// MergeStories makes others a part of a story, as a person says. Errors:
// store.ErrNotFound; nothing has changed then.
func MergeStories(ctx context.Context, st store.Store, into int64, others []int64, act news.StoryAct) error {
	return st.Update(ctx, func(tx store.Tx) error {
		for _, other := range others {
			if err := tx.MergeStories(into, other, act); err != nil {
				return err
			}
		}
		return nil
	})
}

// SplitStory takes articles out of a story, as a person says, and gives the
// number of their own. Errors: store.ErrNotFound, store.ErrWhole.
func SplitStory(ctx context.Context, st store.Store, story int64, articles []int64, act news.StoryAct) (part int64, err error) {
	err = st.Update(ctx, func(tx store.Tx) (err error) {
		part, err = tx.SplitStory(story, articles, act)
		return err
	})
	return part, err
}
