// Package story says which articles tell the same story, in three ways.
//
// The same text, however it was passed on: a copy under another byline, with
// another outlet's boilerplate around it, cut down to its first half or so, or
// lightly edited; the same report with another bank, sum, day or country in it
// is not. An article gets a [Print]; a store keeps it, and finds the prints that
// may be of the same text by its keys; [Same] compares two.
//
// The same event in other words, and the same event in another language. An
// article gets a [Sketch] of its heaviest words, its names by their consonants
// (Токаев, Tokayev, Toqayev), its numbers, and the concepts and countries that
// the caller's word lists found in it. [Event] weighs what two sketches share
// and excludes those whose titles name another country, name, number or day in
// the same place.
//
// [Assign] finds the article that a new one joins among those that a [Shelf] keeps:
// an [Index] in memory, or a store. It also says which stories a new article shows
// to be one. [Settle] assigns the articles of a batch once more, in an order that is
// theirs, not that in which they happened to come.
//
// Everything is pure: what comes out depends on the articles alone. Where in
// doubt two articles are apart: a join that is missed tells a story twice, a
// wrong one hides it.
package story
