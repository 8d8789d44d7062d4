package watch

import (
	"cmp"
	"context"
	"slices"
	"time"

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
	v.Signals = signalStates(hits)
	if v.Acts, err = st.StoryActs(ctx, id); err != nil {
		return v, err
	}
	v.Told, err = st.Deliveries(ctx, store.DeliveryFilter{Stories: []int64{id}})
	slices.Reverse(v.Told)
	return v, err
}

// signalStates sums up the hits of a story, the strongest first: of each signal
// and direction one state. Its status is that of the article that was published
// last, which knows best.
func signalStates(hits []store.HitRow) []news.SignalState {
	var out []news.SignalState
	var told []time.Time
	for _, h := range hits {
		if h.Hit.Background {
			continue
		}
		i := slices.IndexFunc(out, func(s news.SignalState) bool { return s.Signal == h.Hit.Signal && s.Direction == h.Hit.Direction })
		if i < 0 {
			i = len(out)
			out = append(out, news.SignalState{Theme: h.Hit.Theme, Signal: h.Hit.Signal, Title: h.Hit.Title, Level: h.Hit.Level, Direction: h.Hit.Direction})
			told = append(told, time.Time{})
		}
		s := &out[i]
		s.Level = max(s.Level, h.Hit.Level)
		if at := h.Article.When(); at.After(told[i]) {
			s.Status, told[i] = h.Hit.Status, at
		}
		for _, c := range h.Hit.Countries {
			if !slices.Contains(s.Countries, c) {
				s.Countries = append(s.Countries, c)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b news.SignalState) int { return cmp.Compare(b.Level, a.Level) })
	return out
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
