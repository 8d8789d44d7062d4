// Package story says which articles tell the same story. So far it knows one
// way: the same text, however it was passed on. A copy under another byline,
// with another outlet's boilerplate around it, cut down to its first half or so,
// or lightly edited, is the same text; the same report with another bank, sum,
// day or country in it is not.
//
// An article gets a [Print]. A store keeps it, and finds the prints that may be
// of the same text by its keys; [Same] compares two. Everything is pure: what
// comes out depends on the texts alone.
//
// Where in doubt two texts are different: a join that is missed tells a story
// twice, a wrong one hides it.
package story
