package watch

import (
	"context"

	"driftwatch/alert"
	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/store"
)

// AlertOf is what a channel would be told of a story now: by the first route
// that it was told by, or as a first message. Update makes it a later one, with
// what is new since the channel was told last, if it was. Errors:
// store.ErrNotFound where there is no such story, or it has no hit.
func AlertOf(ctx context.Context, c *configs.Config, st store.Store, story int64, channel string, update bool) (news.Alert, error) {
	d := news.Delivery{Kind: news.DeliveryStory, Route: "preview", Channel: channel, Story: story, Version: 1, Key: "preview"}
	if update {
		d.Version = 2
		rows, err := st.Deliveries(ctx, store.DeliveryFilter{Stories: []int64{story}, Channels: []string{channel}, States: []news.DeliveryState{news.DeliverySent}})
		if err != nil {
			return news.Alert{}, err
		}
		if len(rows) > 0 {
			d.Route, d.Version = rows[0].Route, rows[0].Version+1
		}
	}
	a, err := st.Alert(ctx, d)
	if err != nil {
		return a, err
	}
	sources := sourcesByID(Sources(c))
	return alert.Complete(a, alert.NewRouter(c.Routes, c.Channels), func(id string) (news.Source, bool) {
		s, ok := sources[id]
		return s, ok
	}), nil
}
