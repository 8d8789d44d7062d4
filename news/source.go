package news

import "time"

// Kind is how a source lists what it publishes.
type Kind string

// The kinds of source.
const (
	KindFeed     Kind = "feed"     // RSS, Atom, JSON Feed
	KindSite     Kind = "site"     // a section page
	KindSitemap  Kind = "sitemap"  // a sitemap or an index of them
	KindTelegram Kind = "telegram" // a channel's public preview
	KindJSON     Kind = "json"     // the posts of WordPress, or another endpoint that answers JSON
)

// Fulltext says where the text of a source's articles is taken from.
type Fulltext string

// FulltextAuto fetches the page unless the item already carries a whole
// article; FulltextAlways fetches it in any case; FulltextNever keeps to what
// the item itself says.
const (
	FulltextAuto   Fulltext = "auto"
	FulltextAlways Fulltext = "always"
	FulltextNever  Fulltext = "never"
)

// Source is one outlet's listing, as the catalogue describes it.
type Source struct {
	ID        string
	Name      string
	Country   string   // ISO 3166 alpha-2, or INT for a source of no single country
	Languages []string // BCP 47
	Kind      Kind
	URL       string
	Shown     string   // URL without the secrets in it, to be stored and shown; empty: URL has none
	Mirrors   []string // other addresses of the listing, tried in order when URL can't be read
	Proxy     string   // URL of a proxy for what is barred to us; may hold a password; empty: none
	Homepage  string
	Ownership string // state, private, public, public-foreign, official, thinktank, exile
	Fulltext  Fulltext
	Interval  time.Duration // least time between two polls; 0: the default
	UserAgent string        // empty: the program's own
	Links     LinkRules     // for KindSite; Pages for KindJSON too
	JSON      JSONPaths     // for KindJSON
	Selectors Selectors
	Zone      *time.Location // of dates that are written without one; nil: UTC
	Enabled   bool
	Leaning   string   // whose side it is on, where that is common knowledge; empty: not said
	PerDay    int      // items that it usually has a day; 0: not known
	Priority  Priority // which of those due is polled first
	Note      string
}

// Priority is how much a source matters to the operator.
type Priority string

// The priorities. Empty is normal.
const (
	PriorityHigh   Priority = "high"
	PriorityNormal Priority = "normal"
	PriorityLow    Priority = "low"
)

// Address is the source's URL as it may be stored and shown.
func (s Source) Address() string {
	if s.Shown != "" {
		return s.Shown
	}
	return s.URL
}

// LinkRules says which links of a section page are articles: regular
// expressions on the absolute address. A link is followed when it matches one
// of Allow (or Allow is empty and the link looks like an article) and none of
// Deny.
type LinkRules struct {
	Allow []string
	Deny  []string
	Pages string // where the list goes on, from its second page on: an address, %d in it for the page's number, {before} for the oldest date so far
	Depth int    // pages of the list that a poll reads at most, as long as they have something new; 0: one

	// Archive is where the outlet lists what it published on a day: an address with {date}
	// (2006-01-02) in it, or {year}, {month} and {day}. For any kind but JSON and Telegram.
	Archive string
}

// JSONPaths says where a JSON endpoint has what it lists: names of fields parted by
// dots, numbers for the elements of arrays. The zero value is for the posts of
// WordPress and for JSON Feed, which are known by their shape.
type JSONPaths struct {
	Items string // the array of items; empty: the answer itself
	Title string // these within an item
	URL   string // a path, or an address with paths in braces: https://host/news/{slug}
	Date  string
	Text  string
}

// Selectors are CSS selectors for an outlet whose pages need them.
type Selectors struct {
	Title string
	Text  string
	Date  string
}

// SourceState is what the polls of a source have taught so far.
type SourceState struct {
	Source string
	URL    string // the address that this state was learned at; another address starts anew

	ETag         string // validators of the last listing that was handled whole
	LastModified string

	LastPoll    time.Time // last attempt
	LastSuccess time.Time // last attempt that gave a listing, or "not modified"; zero: never
	NextPoll    time.Time // not to be polled before
	Failures    int       // attempts failed since the last success
	Problem     string    // what was wrong with the last attempt, a sentence; empty when it went well
	Gone        bool      // the source answered 410; polled no more until its address changes
	Status      string    // what stands in the way, a word of those that watch.States explains; empty: nothing
	Format      string    // rss, atom, json, site, …
	Items       int       // in the last listing
	NewestItem  time.Time // newest date in the last listing
	Rhythm      Rhythm    // when it publishes

	Moved      string // where the address has led to by permanent redirects; empty: nowhere
	MovedPolls int    // polls in a row in which it led there
}

// Rhythm is when a source publishes: its items, by hour of the day and day of
// the week, both in UTC, each counting less the older it is. The zero value
// knows nothing.
type Rhythm struct {
	Since time.Time   `json:"since"` // from when on items are counted
	As    time.Time   `json:"as"`    // the moment that the counts hold for
	Hours [24]float64 `json:"hours"`
	Days  [7]float64  `json:"days"` // from Sunday on
}

// FirstPoll reports whether the source has never been handled whole at its
// present address.
func (s SourceState) FirstPoll() bool { return s.LastSuccess.IsZero() }

// Item is one entry of a listing.
type Item struct {
	Source    string
	ID        string // the listing's own id; may be empty
	Link      string // absolute
	Title     string
	Summary   string // plain text
	Content   string // plain text, paragraphs separated by an empty line; empty where the listing carries none
	Authors   []string
	Published time.Time // zero: the listing doesn't say
	Updated   time.Time
}
