package news

import "time"

// Waiting is where a story stands with the analysts.
type Waiting string

// Where stories can stand. A story waits while one of its hits that stands and
// isn't background has no verdict.
const (
	WaitingVerdict Waiting = "waiting"
	WaitingNothing Waiting = "judged"
	WaitingUnsure  Waiting = "unsure" // judged, and somebody was unsure
	WaitingDiffer  Waiting = "differ" // two analysts said different things of a hit
	WaitingAny     Waiting = "all"    // also stories of which all hits are background
)

// Facet is a side by which the inbox can be filtered.
type Facet string

// The facets. A story has one level and status, those that its strongest hit gives
// it, and may have several of the others: of directions, that of each country.
const (
	FacetTheme     Facet = "theme"
	FacetCountry   Facet = "country"
	FacetLevel     Facet = "level"
	FacetDirection Facet = "direction"
	FacetStatus    Facet = "status"
	FacetLanguage  Facet = "lang"
	FacetOutlet    Facet = "outlet"
)

// Facets are all of them.
var Facets = []Facet{FacetTheme, FacetCountry, FacetLevel, FacetDirection, FacetStatus, FacetLanguage, FacetOutlet}

// InboxOrder is how the inbox is sorted.
type InboxOrder string

// The orders; by level the newer of two comes first.
const (
	InboxNewest InboxOrder = "newest"
	InboxLevel  InboxOrder = "level"
	InboxOldest InboxOrder = "oldest"
)

// InboxFilter says which stories are wanted, and which of them are on the page.
type InboxFilter struct {
	State    Waiting            // empty: WaitingVerdict
	Facets   map[Facet][]string // of each facet one of the values; none: all
	Contains string             // words that one of the articles has, as SearchFilter reads them
	Order    InboxOrder         // empty: InboxNewest
	Skip     int
	Limit    int // 0: the values of facets aren't counted
}

// Inbox is a page of stories.
type Inbox struct {
	Stories []int64
	Total   int // that pass the filter
	// Counts says of each value of a facet how many stories would pass, were it
	// the facet's only value and the rest of the filter as it is.
	Counts map[Facet]map[string]int
	States map[Waiting]int // of all stories, whatever the filter
}

// StoryFile is all that the desk shows of a story but the texts.
type StoryFile struct {
	Story    Story
	Articles []Article  // without text, in the order of sighting
	Hits     []FiledHit // that stand, the strongest first, background ones last
}

// Lead is what a list shows of a story that one of its signals speaks for.
type Lead struct {
	Story    int64
	Signal   string
	Title    string
	Lang     string    // of the article that the evidence stands in
	Evidence *Evidence // the first of the signal's strongest hit; nil: it has none
}

// FiledHit is a hit with what was said of it.
type FiledHit struct {
	Hit
	Verdicts []Said // that weren't taken back, in the order given
}

// Said is a verdict as it was given.
type Said struct {
	Verdict
	ID  int64
	Act int64 // the same for all verdicts given by one press of a key
}

// Revision is a text that an article had.
type Revision struct {
	Article  int64
	Revision int
	Seen     time.Time
	Title    string
	Text     string
}

// Remark is what somebody noted on a story.
type Remark struct {
	ID    int64
	Story int64
	By    string
	Text  string
	Given time.Time
}
