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
	// A version of a story isn't leased while an earlier one of the same route
	// and channel is owed. Attempts counts the leases, this one included.
	Lease(ctx context.Context, channel string, now, until time.Time, n int) ([]news.Delivery, error)
	// Alert builds what the message of a delivery says, but for its Changes:
	// Last has what the channel was told before.
	Alert(ctx context.Context, d news.Delivery) (news.Alert, error)
	// Sent records that the channel accepted a delivery at a time, and what it
	// was told; nil: no story.
	Sent(ctx context.Context, id int64, receipt string, told *news.StoryState, at time.Time) error
	// Retry records a failed attempt; the delivery is due again at next.
	Retry(ctx context.Context, id int64, problem string, next time.Time) error
	// Fail records that a delivery is given up.
	Fail(ctx context.Context, id int64, problem string) error

	// Hold lays a delivery back until a time, without counting the attempt.
	Hold(ctx context.Context, id int64, why string, next time.Time) error
	// Silenced records that a silence keeps a delivery back.
	Silenced(ctx context.Context, id, silence int64, told *news.StoryState) error
	// Cancelled records that a delivery isn't to be made.
	Cancelled(ctx context.Context, id int64, why string) error
	// Fold records that a delivery is named in a message about several: in that
	// which the route's channel is owed and which has the same Content, else in a
	// new one, made of Key, Created, NextAt and Content of more.
	Fold(ctx context.Context, id int64, told *news.StoryState, more news.Delivery) error
	// Folded gives the deliveries that a message names.
	Folded(ctx context.Context, into int64) ([]news.Folded, error)
	// SentTimes gives when a route's channel accepted first messages of stories,
	// and updates where they are asked for, in a span of time, the earliest
	// first.
	SentTimes(ctx context.Context, route, channel string, updates bool, after, until time.Time) ([]time.Time, error)
	// Silences gives those that end after a time.
	Silences(ctx context.Context, after time.Time) ([]news.Silence, error)
}
