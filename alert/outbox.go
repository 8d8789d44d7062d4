package alert

import (
	"context"
	"time"

	"driftwatch/news"
)

// Outbox is where deliveries wait. A store is one.
type Outbox interface {
	// Lease takes up to n of a channel's deliveries that are due at now, the
	// longest due first: pending ones, and leased ones whose lease has ended.
	// They are leased until the given time; no other caller gets them before.
	// Attempts counts those that were recorded, without the one to come.
	Lease(ctx context.Context, channel string, now, until time.Time, n int) ([]news.Delivery, error)
	// Alert builds what the message of a delivery says.
	Alert(ctx context.Context, d news.Delivery) (news.Alert, error)
	// Sent records that the channel accepted a delivery at a time.
	Sent(ctx context.Context, id int64, receipt string, at time.Time) error
	// Retry records a failed attempt; the delivery is due again at next.
	Retry(ctx context.Context, id int64, problem string, next time.Time) error
	// Fail records that a delivery is given up.
	Fail(ctx context.Context, id int64, problem string) error
}
