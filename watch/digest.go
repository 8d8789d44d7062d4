package watch

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"driftwatch/alert"
	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/store"
)

// DriftFunc gives the figures of a span of time: a line a country, and a picture
// of them (PNG, or nil).
type DriftFunc func(ctx context.Context, from, to time.Time) ([]news.DriftLine, []byte, error)

// digestMeta is where it is kept up to when a digest was made.
func digestMeta(d configs.Digest) string { return "digest " + d.Name }

// forgetTold is how long a digest remembers what it said of a story.
const forgetTold = 90 * 24 * time.Hour

// makeDigests writes the digests that are due, into the outbox: the drainer
// sends them. Of those that were missed while the machine slept there is one.
func (w *Watch) makeDigests(ctx context.Context, states map[string]news.SourceState, t *tally, kick func(), o Order) error {
	if o.NoAlerts || ctx.Err() != nil {
		return nil
	}
	for _, d := range w.Digests {
		last, err := w.digestMade(ctx, d)
		if err != nil {
			return err
		}
		span, made, due := alert.DueDigest(d.Schedule, last, w.Now())
		switch {
		case due:
			err = w.makeDigest(ctx, d, span, states, t)
			kick()
		case !made.Equal(last):
			err = w.Store.Update(ctx, func(tx store.Tx) error { return tx.SetMeta(digestMeta(d), made.Format(time.RFC3339)) })
		}
		if err != nil {
			return fmt.Errorf("make digest %s: %w", d.Name, err)
		}
	}
	return nil
}

// digestMade is up to when a digest was made last; zero: never.
func (w *Watch) digestMade(ctx context.Context, d configs.Digest) (time.Time, error) {
	text, err := w.Store.Meta(ctx, digestMeta(d))
	if err != nil || text == "" {
		return time.Time{}, err
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, nil // not ours: it begins anew
	}
	return at, nil
}

// makeDigest writes one digest for each of its channels, and what it says, in
// one transaction with the time that it is about.
func (w *Watch) makeDigest(ctx context.Context, d configs.Digest, span alert.Span, states map[string]news.SourceState, t *tally) error {
	content := alert.DigestContent{
		Period: news.Period(d.Every), From: span.From, To: span.To,
		List: "driftwatch hits list --since " + span.From.UTC().Format(time.RFC3339),
	}
	told, err := w.gather(ctx, d, span, &content)
	if err != nil {
		return err
	}
	content.Arrange()
	t.do(func(*Summary) { content.Polled, content.Gaps = t.gaps(w.sources(), states) })
	if d.Every == string(news.Weekly) && w.Drift != nil {
		if content.Drift, content.Picture, err = w.Drift(ctx, span.From, span.To); err != nil {
			return err
		}
	}
	now, queued := w.Now().UTC(), 0
	err = w.Store.Update(ctx, func(tx store.Tx) error {
		queued = 0
		for _, channel := range d.To {
			_, _, err := tx.PutDelivery(news.Delivery{
				Kind: news.DeliveryDigest, Route: d.Name, Channel: channel, Version: 1, Key: alert.NewKey(),
				NextAt: now, Created: now, Content: content.String(),
			})
			if err != nil {
				return err
			}
			queued++
		}
		if err := tx.PutDigestTold(d.Name, told, now, now.Add(-forgetTold)); err != nil {
			return err
		}
		return tx.SetMeta(digestMeta(d), span.To.Format(time.RFC3339))
	})
	if err == nil {
		t.do(func(s *Summary) { s.Alerts.Queued += queued })
	}
	return err
}

// gather finds the stories of a digest, and gives what it says of each.
func (w *Watch) gather(ctx context.Context, d configs.Digest, span alert.Span, content *alert.DigestContent) (map[int64]news.StoryState, error) {
	stories, err := w.Store.DigestStories(ctx, d.Name, span.From, span.To)
	if err != nil {
		return nil, err
	}
	hits, err := w.digestHits(ctx, d, stories)
	if err != nil {
		return nil, err
	}
	told := make(map[int64]news.StoryState, len(stories))
	for _, s := range stories {
		h, wanted := hits[s.Story]
		if !wanted {
			continue
		}
		a, err := w.Store.Alert(ctx, news.Delivery{Kind: news.DeliveryStory, Route: d.Name, Story: s.Story})
		if err != nil {
			return nil, err
		}
		changes, fresh := alert.Since(s.Told, a)
		if !fresh && len(changes) == 0 {
			continue
		}
		told[s.Story] = a.State
		content.Items = append(content.Items, alert.DigestEntry{
			Story: s.Story, Country: alert.Under(h), Theme: h.Theme, Level: a.State.Level, New: fresh, Changes: changes,
		})
	}
	return told, nil
}

// digestHits gives the strongest hit of each story that a digest is for.
func (w *Watch) digestHits(ctx context.Context, d configs.Digest, stories []store.DigestStory) (map[int64]news.Hit, error) {
	if len(stories) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(stories))
	for i, s := range stories {
		ids[i] = s.Story
	}
	rows, err := w.Store.Hits(ctx, store.HitFilter{Stories: ids, Withdrawn: true, Order: store.Strongest})
	if err != nil {
		return nil, err
	}
	// Withdrawn ones stand for stories in which nothing else is left.
	slices.SortStableFunc(rows, func(a, b store.HitRow) int { return cmp.Compare(min(a.Withdrawn, 1), min(b.Withdrawn, 1)) })
	sources := sourcesByID(w.sources())
	out := map[int64]news.Hit{}
	for _, r := range rows {
		subject := alert.Subject{Hit: r.Hit, Article: r.Article, Source: sources[r.Article.Source]}
		if _, there := out[r.Hit.Story]; !there && w.Router.InDigest(d, subject) {
			out[r.Hit.Story] = r.Hit
		}
	}
	return out, nil
}

// gaps are the enabled sources that could not be read when they were asked last, or
// listed nothing, in this cycle or before, by country and name, and how many others
// were read.
func (t *tally) gaps(sources []news.Source, states map[string]news.SourceState) (polled int, out []news.Gap) {
	problems := map[string]string{}
	for _, f := range t.s.Failures {
		problems[f.Source] = f.Problem
	}
	for _, s := range sources {
		if !s.Enabled {
			continue
		}
		st := stateOf(s, states)
		read, asked := t.ready[s.ID]
		switch {
		case asked && read && !t.empty[s.ID], !asked && isRead(st):
			polled++
			continue
		case asked && read:
			st.Problem = "the feed lists nothing"
		case asked:
			st.Problem = problems[s.ID]
		case st.FirstPoll() && st.Problem == "":
			st.Problem = "not asked yet"
		}
		out = append(out, news.Gap{Source: s.Name, Country: s.Country, Since: st.LastSuccess, Problem: st.Problem})
	}
	slices.SortStableFunc(out, func(a, b news.Gap) int {
		return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.Source, b.Source))
	})
	return polled, out
}
