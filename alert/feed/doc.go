// Package feed writes flagged stories as feeds: RSS 2.0, Atom and JSON Feed, for
// a reader or a page of the analysts' own. A story is one entry, whose id stays
// while the story grows. What an outlet wrote is escaped, and nothing in a feed
// is loaded from elsewhere.
package feed
