// Package news holds the words that every room of Driftwatch speaks: a source
// is polled for items, an item leads to an article, an article carries hits,
// articles that tell the same thing are a story, a story is told to a route by
// a delivery, and an analyst answers with a verdict.
//
// The package imports nothing of the project, touches neither clock nor
// network nor disk, and keeps to values that any room may copy. Times are UTC.
package news
