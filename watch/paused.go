package watch

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"driftwatch/news"
	"driftwatch/store"
)

// pausedMeta is the name under which the store keeps the sources that somebody
// paused.
const pausedMeta = "paused sources"

// Paused gives the sources that somebody paused at the desk: cycles leave them out,
// until they are resumed there; polled by name they are all the same.
func Paused(ctx context.Context, st store.Store) ([]news.PausedSource, error) {
	value, err := st.Meta(ctx, pausedMeta)
	if err != nil || value == "" {
		return nil, err
	}
	var out []news.PausedSource
	if err := json.Unmarshal([]byte(value), &out); err != nil {
		return nil, fmt.Errorf("read which sources are paused: %w", err)
	}
	return out, nil
}

// pause keeps a source from being polled, or lets it be.
func (w *Watch) pause(ctx context.Context, id, by string, paused bool) error {
	all, err := Paused(ctx, w.Store)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(p news.PausedSource) bool { return p.Source == id })
	if paused {
		all = append(all, news.PausedSource{Source: id, By: by, Since: w.Now().UTC()})
	}
	doc, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return w.Store.Update(ctx, func(tx store.Tx) error { return tx.SetMeta(pausedMeta, string(doc)) })
}

// unpaused drops those sources that are paused.
func (w *Watch) unpaused(ctx context.Context, due []news.Source) ([]news.Source, error) {
	paused, err := Paused(ctx, w.Store)
	if err != nil || len(paused) == 0 {
		return due, err
	}
	return slices.DeleteFunc(due, func(s news.Source) bool {
		return slices.ContainsFunc(paused, func(p news.PausedSource) bool { return p.Source == s.ID })
	}), nil
}
