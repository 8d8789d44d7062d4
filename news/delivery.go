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
	// A silenced delivery is kept back by a silence, a folded one is named in a
	// message about several, a cancelled one is not to be made: an operator said
	// so, or there was nothing new to say.
	DeliverySilenced  DeliveryState = "silenced"
	DeliveryFolded    DeliveryState = "folded"
	DeliveryCancelled DeliveryState = "cancelled"
)

// DeliveryKind is what a delivery tells.
type DeliveryKind string

// The kinds: one story, a digest, a note, and the stories that a route's cap
// had no room for.
const (
	DeliveryStory  DeliveryKind = "story"
	DeliveryDigest DeliveryKind = "digest"
	DeliveryNote   DeliveryKind = "note"
	DeliveryMore   DeliveryKind = "more"
)

// WaitQuiet is why a delivery waits for the end of quiet hours.
const WaitQuiet = "quiet hours"

// Posted begins the receipt of a message that stands by itself where later ones
// can change it. The last one is what an update changes: somebody may have deleted
// those before.
const Posted = "posted "

// Delivery is one message owed to a channel, mostly a route's about one story.
type Delivery struct {
	ID         int64
	Kind       DeliveryKind
	Route      string // the route's name, or the digest's
	Channel    string // the channel's name in the configuration
	Story      int64  // 0: about none, or several
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
	Waits      string      // why a pending one waits though nothing failed: WaitQuiet; empty otherwise
	Silence    int64       // what keeps a silenced one
	Into       int64       // the delivery that names a folded one
	Told       *StoryState // what its message said of the story; nil: nothing yet
	Content    string      // of a digest or a note, JSON
}

// Folded is a delivery that a message about several names.
type Folded struct {
	Delivery Delivery
	Title    string // of its story
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
	Last     *Delivery // what the channel was told last, with what was Told; nil: nothing
	Changes  []Change  // what is new since the channel was last told; empty: this is the first
}
