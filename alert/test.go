package alert

import (
	"context"
	"fmt"
	"time"

	"driftwatch/news"
)

// Test sends a message that says that it is a test and that nothing happened,
// and gives the channel's receipt. The errors are the channel's.
func Test(ctx context.Context, name string, c Channel, now time.Time) (receipt string, err error) {
	now = now.UTC()
	return c.Send(ctx, news.Alert{
		Delivery: news.Delivery{Route: "test", Channel: name, Key: fmt.Sprintf("test-%d", now.UnixNano()), Version: 1, Created: now},
		Article: news.Article{
			Title: "This is a test of the channel " + name + ". If you can read it, alerts arrive.",
			Seen:  now, Published: now,
		},
	})
}
