package news

import "time"

// DeliveryState is where a delivery stands.
type DeliveryState string

// The states. A pending delivery is due at NextAt; a leased one is being sent
// and becomes pending again when its lease ends; sent and failed are final
// unless an operator retries a failed one.
const (
	DeliveryPending DeliveryState = "pending"
	DeliveryLeased  DeliveryState = "leased"
	DeliverySent    DeliveryState = "sent"
	DeliveryFailed  DeliveryState = "failed"
)

// Delivery is one message owed to one route's channel about one story.
type Delivery struct {
	ID         int64
	Route      string // the route's name
	Channel    string // the channel's name in the configuration
	Story      int64
	Version    int    // 1 for the first message of a story
	Key        string // the same for every attempt, so that a receiver can drop a second one
	State      DeliveryState
	NextAt     time.Time
	Attempts   int
	LeaseUntil time.Time
	Receipt    string // what the channel answered, without secrets
	Problem    string // what was wrong with the last attempt, without secrets
	Created    time.Time
	Sent       time.Time
}

// Alert is what a message is made of: a story, the article that tells it best,
// and that article's hits, the strongest first.
type Alert struct {
	Delivery Delivery
	Story    Story
	Article  Article
	Source   Source // at least ID, Name, Country, Ownership
	Hits     []Hit
	State    StoryState
	Reports  []Report  // the story's other articles, the latest first
	First    *Delivery // what the route's channel was told first of the story, with its receipt; nil: this is the first
	Changes  []Change  // what is new since the channel was last told; empty: this is the first
}
