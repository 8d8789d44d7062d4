package store

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"sync"
	"time"

	"driftwatch/news"
)

// MaxCandidates is how many candidates TextCandidates and EventCandidates give at
// most.
const MaxCandidates = 24

// Of a print so many keys are kept at most; further ones are left out.
const (
	MaxKeys   = 8
	MaxEvents = 32
)

// TextHash is the fingerprint by which a changed text is told from the same
// one: the first 64 bits of SHA-256 over title and text.
func TextHash(title, text string) uint64 {
	b := hashed.Get().(*[]byte)
	defer hashed.Put(b)
	*b = append(append(append((*b)[:0], title...), 0), text...)
	sum := sha256.Sum256(*b)
	return binary.BigEndian.Uint64(sum[:])
}

// hashed is room for texts that are hashed.
var hashed = sync.Pool{New: func() any { return new([]byte) }}

// Known is an article that is stored, without its text.
type Known struct {
	Article news.Article
	Hash    uint64 // TextHash of its latest revision
}

// ItemState is what is remembered of an entry of a source's listing.
type ItemState struct {
	Source  string
	Key     string    // the entry's identity within its source
	Hash    uint64    // fingerprint of the entry as it was last handled
	Article int64     // what it led to; 0: no article
	First   time.Time // first sighting
}

// Print is what a store keeps of a text so that later ones can be compared
// with it, as bytes, and the keys to find it by. A print without keys is never
// found: its story stays its own.
type Print struct {
	Bytes  []byte
	Keys   []uint64   // copies of the text share some
	Events []EventKey // reports of its event share some
}

// EventKey is a term that reports of an event are found by, and what it weighs.
type EventKey struct {
	Key    uint32
	Weight uint8
}

// Candidate is a stored text that another one may belong to.
type Candidate struct {
	Article int64
	Story   int64
	Sketch  []byte    // Print.Bytes
	At      time.Time // when the article was published
	Shared  int       // how many keys, or the sum of the products of the weights
	Pinned  bool      // an analyst put it where it is; set by LatestOf alone
}

// PutHit is a hit as it was recorded.
type PutHit struct {
	news.Hit
	New bool // no earlier revision of the article carried it
}

// Order is how hits are listed.
type Order string

// The orders. Of hits found at the same time the stronger one comes first, of
// those of the same strength the one found later.
const (
	Newest    Order = "newest" // the default
	Oldest    Order = "oldest"
	Strongest Order = "strongest"
)

// HitFilter chooses hits; what is left zero chooses all.
type HitFilter struct {
	Themes    []news.Theme
	Countries []string // any of them among the hit's
	MinLevel  int
	Languages []string // of the article, BCP 47, as stored
	Sources   []string // IDs
	Since     time.Time
	Until     time.Time        // found in [Since, Until)
	Verdicts  []news.Judgement // the last verdict is one of these
	Unjudged  bool             // no verdict yet; excludes Verdicts
	Withdrawn bool             // include hits that a later revision no longer carries
	Stories   []int64
	Order     Order
	Limit     int // 0: no limit
}

// HitRow is a hit as lists and exports show it.
type HitRow struct {
	Hit       news.Hit
	Withdrawn int           // the revision that no longer carries it; 0: it stands
	Article   news.Article  // without text
	Verdict   *news.Verdict // the one that stands; nil: none
}

// Move is a hit as the drift is added up from it.
type Move struct {
	Hit     news.Hit      // without what it rests on, and without the names of things
	Outlet  string        // the source of its article
	When    time.Time     // of its article, as Article.When says
	Began   time.Time     // the same of the earliest article of its story
	Verdict *news.Verdict // the one that stands, without its note; nil: none
}

// HitDetail is all that is known of a hit.
type HitDetail struct {
	HitRow
	Title    string // of the revision that the hit's evidence lies in
	Text     string
	Verdicts []news.Verdict // in the order given
}

// SignalCount is how often a signal fired in a language and week, and what was
// said of it: of each hit the verdict that stands.
type SignalCount struct {
	Theme      news.Theme
	Signal     string
	Language   string    // of the article, BCP 47
	Week       time.Time // the Monday that it begins with, 00:00 UTC
	Hits       int
	Relevant   int
	Irrelevant int
	Unsure     int
	Last       time.Time // when it was last found
}

// Pack is a version of the rules.
type Pack struct {
	Digest  string
	First   time.Time // when it was first used
	Changes string    // over the version before it, a line each
	Files   []byte    // as rules.Engine.Archive gives them
}

// DeliveryFilter chooses deliveries; what is left zero chooses all.
type DeliveryFilter struct {
	States   []news.DeliveryState
	Channels []string
	Routes   []string
	Stories  []int64
	Kinds    []news.DeliveryKind
	Into     int64 // folded into this delivery
	IDs      []int64
	Since    time.Time // created at or after
	Before   int64     // only those with a smaller id; 0: all
	Limit    int       // 0: no limit
}

// MaxReports is how many reports an alert has at most.
const MaxReports = 200

// DigestStory is a story for a digest.
type DigestStory struct {
	Story int64
	Told  *news.StoryState // what the digest said last of it; nil: nothing
}

// DeliveryRow is a delivery with the title of its story.
type DeliveryRow struct {
	news.Delivery
	Title string
}

// NameFilter chooses names; what is left zero chooses all.
type NameFilter struct {
	Sources   []string
	Kinds     []string
	Countries []string // any of them among the name's
	ID        string
	Contains  string // in one of the spellings, letter by letter but for case
	Limit     int    // 0: no limit
}

// Passes reports whether a name passes the filter; Limit isn't asked.
func (f NameFilter) Passes(n news.Name) bool {
	part := strings.ToLower(f.Contains)
	has := func(s string) bool { return strings.Contains(strings.ToLower(s), part) }
	return (len(f.Sources) == 0 || slices.Contains(f.Sources, n.SourceName)) &&
		(len(f.Kinds) == 0 || slices.Contains(f.Kinds, n.Kind)) &&
		(len(f.Countries) == 0 || slices.ContainsFunc(n.Countries, func(c string) bool { return slices.Contains(f.Countries, c) })) &&
		(f.ID == "" || f.ID == n.ID) &&
		(slices.ContainsFunc(n.Spellings, has) || slices.ContainsFunc(n.Respelled, has))
}

// Cycle is one run over the sources.
type Cycle struct {
	ID      int64
	Started time.Time
	Ended   time.Time // zero: it never came to its end
	Summary []byte    // JSON, as the cycle itself wrote it
}

// Counts is what is stored, added up.
type Counts struct {
	Articles   int64
	Revisions  int64
	Stories    int64
	Hits       map[news.Theme]int64 // standing ones
	Unjudged   int64                // of the standing hits
	Verdicts   int64
	Misses     int64
	Deliveries map[news.DeliveryState]int64
	Bytes      int64 // size of the database, without its log
}

// Latency is how long a story took: the times of its article that was seen
// first, and of the delivery.
type Latency struct {
	Published time.Time // zero: unknown
	Seen      time.Time
	Sent      time.Time
}

// Schema is the form of a database.
type Schema struct {
	Version int64  // the form that it has
	Newest  int64  // the form that this program writes
	From    int64  // the form that it had when it was opened
	Backup  string // the copy made before the form was changed; "" where none was
}

// StoryFilter chooses stories; what is left zero chooses all.
type StoryFilter struct {
	Since    time.Time // an article was seen at or after
	Articles int       // at least so many
	Flagged  bool      // with a hit that stands and isn't background
	Limit    int       // 0: no limit
}

// Look is when a flagged article's page is looked at again, and what it said
// when it was read last: what later looks are compared with.
type Look struct {
	Article      int64
	Flagged      time.Time // the looks' times count from here
	Due          time.Time // zero: it isn't looked at any more
	Tries        int       // looks in a row at which the page could not be had
	ETag         string    // validators of what the page said
	LastModified string
	Down         string       // how the page was found to be gone; empty: it is there
	Said         news.Version // zero: the page has not been read yet
}

// PageChange is what has changed on a page, with both versions of it.
type PageChange struct {
	news.PageChange
	Before, After news.Version
}

// PruneBefore says up to when things may be removed; a zero time keeps all.
type PruneBefore struct {
	Articles time.Time // seen before, of stories without a hit that nobody reported as missed
	Cycles   time.Time // begun before
}

// Pruned counts what was removed, or could be.
type Pruned struct {
	Articles  int64
	Revisions int64
	Stories   int64
	Cycles    int64
	Bytes     int64 // of texts and summaries, about
}

// Add counts more.
func (p *Pruned) Add(q Pruned) {
	p.Articles += q.Articles
	p.Revisions += q.Revisions
	p.Stories += q.Stories
	p.Cycles += q.Cycles
	p.Bytes += q.Bytes
}

// ArchiveFile is a file of the archive.
type ArchiveFile struct {
	Name    string
	Pages   int64
	Latest  time.Time // when its last page was fetched
	Flagged bool      // it has a page of a story with a hit, or a body that another file's page refers to
}
