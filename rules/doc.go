// Package rules flags articles: it finds what the packs' signals describe, in
// which country and in which direction, and shows the words that it rests on.
//
// A hit has three legs: the words of a theme, one of the five countries, and a
// tie to Russia. A signal's query is asked of one sentence or of two
// neighbours, the title counting with the first; the country is the one in
// that evidence, then the title's; the tie may be a sentence away. Only texts
// of up to 15 sentences may take a leg from anywhere in the text. A third
// country that governs the act, a list of members, a venue or a dateline don't
// make a country the actor.
//
// The direction comes from the act, its negation, and its denial: what a text
// reports as denied is contested. The level drops for what is only proposed,
// demanded or believed. In a text of more than 15 sentences a hit from a single
// place is background, and so is every residual signal's hit: kept, and never
// alerted by itself.
//
// The package is pure: nothing but Load reads, and nothing depends on the clock.
package rules
