package query

import (
	"strconv"
	"strings"
)

// Node is a part of a query. String gives it as an author would type it; Where
// is where it stood in the query's text, for errors.
type Node interface {
	String() string
	Where() Place
}

// Place is a run of bytes of a query's text.
type Place struct{ Start, End int }

// Where returns the run itself, so that a type which embeds one is placed.
func (p Place) Where() Place { return p }

// And matches where each of its parts does.
type And struct {
	Place
	Parts []Node
}

// Or matches where one of its parts does.
type Or struct {
	Place
	Parts []Node
}

// Not matches where its part doesn't.
type Not struct {
	Place
	Part Node
}

// Near matches where a place of A and one of B, not overlapping, are at most
// Words apart in one sentence, in either order; neighbours are one apart.
type Near struct {
	Place
	Words int
	A, B  Node
}

// Within matches where A and B are in one sentence, or in two neighbours of one
// paragraph; the title and the first sentence are neighbours too.
type Within struct {
	Place
	A, B Node
}

// Scope narrows or widens its part to one sentence of the window, to the
// window's paragraph, or to the title.
type Scope struct {
	Place
	Kind string // SENTENCE, PARAGRAPH, TITLE
	Part Node
}

// AtLeast matches where N of its parts do.
type AtLeast struct {
	Place
	N     int
	Parts []Node
}

// Concept is a name of the lexicon, @name.
type Concept struct {
	Place
	Name string
}

// Country is a country by its code, #KZ, or one of a set: #country is any of
// the watched ones, #third any other but Russia and those that are neutral.
type Country struct {
	Place
	Code string
}

// Entity is a name of the gazetteer by its id, or any name (#entity).
type Entity struct {
	Place
	ID string
}

// AnyEntity is the ID of an Entity that stands for any name.
const AnyEntity = "entity"

// Condition is about where a text comes from, not about its words: lang,
// source.country, source.ownership. It has no place in the text.
type Condition struct {
	Place
	Of, Value string
}

// Phrase is words as they stand in quotes, inflected as their language does.
type Phrase struct {
	Place
	Text string
}

// Polarity matches the places of a concept that are not negated (AFFIRMED) or
// that are (NEGATED).
type Polarity struct {
	Place
	Negated bool
	Of      Concept
}

// unread stands where a part couldn't be read, with what could be of it, so that the
// rest of a query is still checked.
type unread struct {
	Place
	part Node
}

func (n *unread) String() string { return "…" }

func (n *And) String() string { return join(n.Parts, " AND ", precedence(n)) }
func (n *Or) String() string  { return join(n.Parts, " OR ", precedence(n)) }
func (n *Not) String() string { return "NOT " + inside(n.Part, precedence(n)) }

func (n *Near) String() string {
	return inside(n.A, precedence(n)) + " NEAR/" + strconv.Itoa(n.Words) + " " + inside(n.B, precedence(n)+1)
}

func (n *Within) String() string {
	return inside(n.A, precedence(n)) + " W/2S " + inside(n.B, precedence(n)+1)
}

func (n *Scope) String() string { return n.Kind + "(" + n.Part.String() + ")" }

func (n *AtLeast) String() string {
	return "ATLEAST " + strconv.Itoa(n.N) + " OF (" + join(n.Parts, ", ", 0) + ")"
}

func (n *Concept) String() string { return "@" + n.Name }
func (n *Country) String() string { return "#" + n.Code }
func (n *Entity) String() string  { return "#" + n.ID }
func (n *Phrase) String() string  { return `"` + n.Text + `"` }

func (n *Condition) String() string { return n.Of + ":" + n.Value }

func (n *Polarity) String() string {
	if n.Negated {
		return "NEGATED(" + n.Of.String() + ")"
	}
	return "AFFIRMED(" + n.Of.String() + ")"
}

// join prints parts, each in parentheses where it binds less than they do.
func join(parts []Node, sep string, bind int) string {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(inside(p, bind))
	}
	return b.String()
}

func inside(n Node, bind int) string {
	if precedence(n) < bind {
		return "(" + n.String() + ")"
	}
	return n.String()
}

func precedence(n Node) int {
	switch n.(type) {
	case *Or:
		return 1
	case *And:
		return 2
	case *Not:
		return 3
	case *Near, *Within:
		return 4
	default:
		return 6
	}
}
