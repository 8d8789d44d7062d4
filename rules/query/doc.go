// Package query is the language that signals are written in: the Boolean
// dialect of media monitors, and what judging these themes needs beside it.
//
//	@export_ban NEAR/8 @goods            at most eight words apart, in one sentence
//	SENTENCE(@csto AND AFFIRMED(@leave)) both in one sentence, the leaving not negated
//	@mir_card W/2S @refuse               in one sentence or two neighbours
//	ATLEAST 2 OF (@bank, @company, #KZ)  two of the three
//	TITLE(#country) AND NOT "light show"
//	@csto AND lang:ru AND NOT source.ownership:state
//
// A query is parsed to a tree of small types (Parse), each of which prints
// itself as an author would type it; faults come all at once, each with its
// place. Simplify gives a tree with less to ask. Compile binds the tree's names to the
// postings of a text, and tells which names any match must contain, so that a
// text without them never comes to be evaluated. The result is immutable and
// safe for concurrent use; what a match needs while it runs is in its Scan.
//
// A query is asked of a window: one sentence, or two neighbours. AND, OR and
// NOT are about the whole window; NEAR, SENTENCE and the words of a phrase stay
// inside one sentence, NEAR inside one clause. PARAGRAPH and TITLE look beyond
// the window.
package query
