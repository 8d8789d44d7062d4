package alert

import (
	"context"
	"fmt"
	"time"

	"driftwatch/news"
)

// Test sends a message that says that it is a test and that nothing happened,
// and gives the channel's receipt. The errors are those of [Channel].
func Test(ctx context.Context, c Channel, now time.Time) (receipt string, err error) {
	now = now.UTC()
	return c.Send(ctx, news.Alert{
		Delivery: news.Delivery{Route: "test", Key: fmt.Sprintf("test_%d", now.UnixNano()), Version: 1, Created: now},
		Article:  news.Article{Title: "This is only a test. If you can read it, alerts arrive.", Seen: now},
	})
}
