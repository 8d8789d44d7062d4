package news

import "time"

// StoryState is what a story says at a moment, as far as telling of it goes:
// what stands in its hits that are neither background, quiet nor withdrawn. Two
// of them compared say what is new in between.
type StoryState struct {
	Articles  int           `json:"articles"`
	Outlets   []string      `json:"outlets"`         // ids of sources, in the order of sighting
	Languages []string      `json:"languages"`       // BCP 47, in the order of sighting
	Countries []string      `json:"countries"`       // of the hits, in the order of Countries
	Level     int           `json:"level"`           // of the strongest hit
	Signals   []SignalState `json:"signals"`         // the strongest first
	Pages     []PageChange  `json:"pages,omitempty"` // what later looks at its articles' pages found, the earliest first
}

// SignalState is one signal of a story, in one direction.
type SignalState struct {
	Theme     Theme     `json:"theme"`
	Signal    string    `json:"signal"`
	Title     string    `json:"title"` // the signal's name for people
	Level     int       `json:"level"`
	Direction Direction `json:"direction"`
	Status    Status    `json:"status"`
	Countries []string  `json:"countries"`
}

// ChangeKind says what is new in a story.
type ChangeKind string

// What can be new in a story since a route was last told of it.
const (
	ChangeArticle   ChangeKind = "article"   // one more report; To is its title
	ChangeOutlet    ChangeKind = "outlet"    // an outlet that hadn't told it; To is the source's id
	ChangeLanguage  ChangeKind = "language"  // To is BCP 47
	ChangeCountry   ChangeKind = "country"   // To is ISO 3166
	ChangeLevel     ChangeKind = "level"     // the strongest level rose or fell; digits
	ChangeStatus    ChangeKind = "status"    // a signal's status: announced → decided, happened → denied
	ChangeDirection ChangeKind = "direction" // a country's direction
	ChangeSignal    ChangeKind = "signal"    // a signal that wasn't there; To is its title
	ChangeGone      ChangeKind = "gone"      // a signal that no revision carries any more; From is its title
	ChangeEdited    ChangeKind = "edited"    // a page's evidence was rewritten or cut; From is the sentence, To what stands there now, Of the signal's title
	ChangeTitle     ChangeKind = "title"     // a page has another title
	ChangeTakenDown ChangeKind = "takendown" // a page is gone; From is its title, To how it went
	ChangeRestored  ChangeKind = "restored"  // a page that was taken down is back; To is its title
)

// Change is one thing that is new in a story.
type Change struct {
	Kind    ChangeKind `json:"kind"`
	From    string     `json:"from,omitempty"`
	To      string     `json:"to,omitempty"`
	Of      string     `json:"of,omitempty"`      // the signal's title, or the country, that it is about
	Article int64      `json:"article,omitempty"` // the article that brought it; 0: not known
}

// Report is one more article of a story, as a message lists it.
type Report struct {
	Article   int64
	Title     string
	Source    string // the outlet's name
	Link      string
	Lang      string
	Published time.Time // zero: unknown
	Seen      time.Time // first sighting
}

// Period is how often a digest is made.
type Period string

// The periods.
const (
	Hourly Period = "hourly"
	Daily  Period = "daily"
	Weekly Period = "weekly"

	QuietHours Period = "quiet hours" // what waited for them to end; it says nothing of coverage
)

// Digest is one message about many stories: what a route had between two
// moments, and what could not be read meanwhile. It is sent though it has no
// stories, and says so.
type Digest struct {
	Route   string
	Channel string
	Key     string // the same for every attempt
	Period  Period
	From    time.Time
	To      time.Time
	Items   []DigestItem // by country and theme, the strongest first within them
	More    int          // stories that there was no room for
	List    string       // the command that lists all of them
	Polled  int          // sources that were read
	Gaps    []Gap        // sources that were not
	Drift   []DriftLine  // of a weekly digest; empty otherwise
	Picture []byte       // PNG of Drift; nil: none
}

// DigestItem is one story of a digest, under one country and theme.
type DigestItem struct {
	Country string
	Theme   Theme
	Alert   Alert
	New     bool     // the digest before this one didn't have it
	Changes []Change // since the digest before this one
}

// Gap is a source that could not be read.
type Gap struct {
	Source  string // the outlet's name
	Country string
	Since   time.Time // the last time that it was read; zero: never
	Problem string
}

// DriftLine is a country's week, as figures.
type DriftLine struct {
	Country string
	Apart   float64
	Closer  float64
	Events  int
	Note    string // what the figures rest on, where that is little; empty: nothing to say
}

// Note is a message to the operator: the daily sign of life, or an alarm.
type Note struct {
	Key   string // the same for every attempt
	Title string
	Lines []string
	Alarm bool // it needs a hand
}
