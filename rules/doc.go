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
// What becomes of an act is told by rules that all packs share, from words that
// the lexicon gives them by name (deny, lifted, decided, …; AsksFor). The
// clauses on both sides of "but" are read apart. The direction comes from the
// act, its negation, its denial and its lifting: what is denied is contested,
// a ban that is lifted points the other way. The level is the signal's for an act
// that happened, less for what is only proposed, demanded or believed, and for
// who can't decide.
//
// In a text of more than 15 sentences a hit from a single place is background;
// so are what is retold of the past and every residual signal's hit: kept, and
// never alerted by itself. Where two signals of a theme rest on the same act,
// one of them tells it.
//
// The package is pure: nothing but Load reads, and nothing depends on the clock.
package rules
