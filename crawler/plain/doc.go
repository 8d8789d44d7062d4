// Package plain turns the markup of feeds and pages into plain text:
// paragraphs separated by an empty line, white space closed up, entities
// resolved, what nobody sees left out (scripts, soft hyphens, zero-width
// spaces, control characters).
//
// The text is not made safe for a terminal, a message or a page: that is done
// where it comes out.
package plain
