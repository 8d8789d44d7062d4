package news

import "time"

// Article is what was read at one canonical address.
type Article struct {
	ID        int64
	Source    string
	URL       string // canonical and normalised; an article's identity
	Link      string // as the source gave it, for people
	Title     string
	Text      string // paragraphs separated by an empty line
	Lang      string // BCP 47
	Authors   []string
	Site      string
	Section   string    // of the outlet, as the page names it; empty: it doesn't
	Published time.Time // zero: unknown
	Modified  time.Time
	Seen      time.Time // first sighting
	Story     int64
	Join      Join
	Revision  int    // 1 for the first text, one more for each changed text
	From      string // where the text came from: selectors, page, json-ld, script, feed
}

// When is the moment from which the article's age counts: its publication, or
// the first sighting where that is unknown or lies after it.
func (a Article) When() time.Time {
	if a.Published.IsZero() || a.Published.After(a.Seen) {
		return a.Seen
	}
	return a.Published
}

// Address is the one to show people and to ask at: the one that the source gave.
func (a Article) Address() string {
	if a.Link != "" {
		return a.Link
	}
	return a.URL
}

// Story is a set of articles that tell the same thing. Its title is that of the
// article that was seen first, among those that have one.
type Story struct {
	ID        int64
	Title     string
	FirstSeen time.Time
	LastSeen  time.Time
	Published time.Time // earliest When of its articles
	Articles  int
	Sources   []string
	Languages []string // BCP 47
	Countries []string // of the hits that stand and aren't background
}
