package watch

import (
	"context"
	"time"

	"driftwatch/alert"
	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/store"
)

// AlertOf is what a channel would be told of a story now: by the route that told it
// last, or as a first message. Update makes it a later one, with what is new since
// the channel was told last, if it was. Errors:
// store.ErrNotFound where there is no such story, or it has no hit.
func AlertOf(ctx context.Context, c *configs.Config, st store.Store, story int64, channel string, update bool, now time.Time) (news.Alert, error) {
	d := news.Delivery{Kind: news.DeliveryStory, Route: "preview", Channel: channel, Story: story, Version: 1, Key: "preview", Created: now.UTC()}
	rows, err := st.Deliveries(ctx, store.DeliveryFilter{Stories: []int64{story}, Channels: []string{channel}, States: []news.DeliveryState{news.DeliverySent}})
	if err != nil {
		return news.Alert{}, err
	}
	if update {
		d.Version = 2
		if len(rows) > 0 {
			d.Version = rows[0].Version + 1
		}
	}
	if len(rows) > 0 {
		d.Route = rows[0].Route
	}
	a, err := st.Alert(ctx, d)
	if err != nil {
		return a, err
	}
	if !update {
		a.First, a.Last = nil, nil
	}
	sources := sourcesByID(Sources(c))
	return alert.Complete(a, alert.NewRouter(c.Routes, c.Channels), func(id string) (news.Source, bool) {
		s, ok := sources[id]
		return s, ok
	}), nil
}
