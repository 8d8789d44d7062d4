package theme

import (
	"crypto/sha256"
	"encoding/binary"

	"driftwatch/configs"
	"driftwatch/news"
)

// File is what a pack's file may hold.
type File struct {
	Concepts map[string]Concept `yaml:"concepts"`
	Signals  []Signal           `yaml:"signals"`
	// Off switches signals of earlier packs off, by id.
	Off []string `yaml:"off"`
}

// Concept is a name for terms that mean the same to a signal.
type Concept struct {
	ID string `yaml:"-"`
	// Note is for authors: where terms come from, what was left out.
	Note string `yaml:"note"`
	// Country is set where the concept names a country: its ISO 3166 code. The
	// five watched countries and RU have roles of their own; any other is a
	// third country.
	Country string `yaml:"country"`
	// Neutral is a country that may act on the watched ones (who imposes a
	// sanction, who asks for something) without the story becoming its own.
	Neutral bool `yaml:"neutral"`
	// Place marks terms that are venues as often as actors: capitals, cities.
	Place bool `yaml:"place"`
	// Tie marks what ties a text to Russia as much as its name does: the bloc, its
	// payment cards, its language.
	Tie bool `yaml:"tie"`
	// Negative says that the terms carry their own negation ("did not attend"):
	// they are affirmed wherever they stand.
	Negative bool `yaml:"negative"`
	// Hides names concepts whose places inside one of this concept's aren't
	// counted: the longest term wins.
	Hides []string `yaml:"hides"`
	// Swallows says that nothing else is counted inside one of this concept's
	// places: names ("Indestructible Brotherhood", "Russia Today") whose words
	// mean nothing by themselves.
	Swallows bool `yaml:"swallows"`
	// Add says that the terms are added to those that an earlier pack gives the
	// concept, whose other keys stay as they are. Without it, the concept takes
	// the earlier one's place.
	Add bool `yaml:"add"`
	// Without are terms, by language, that the earlier pack's concept loses; Add
	// must be set.
	Without map[string][]string `yaml:"without"`
	// Unverified are the languages whose terms no native text has confirmed.
	Unverified []string `yaml:"unverified"`
	// Terms by language; "any" holds those that are written alike everywhere.
	Terms map[string][]Term `yaml:"terms"`

	home  *file
	added map[string][]addedTerms // terms that other files added
}

// Term is a word or a few that stand for their concept.
type Term struct {
	Text  string   // in dictionary form
	Exact bool     // only as it stands
	Case  bool     // capitals count
	Near  []string // concepts, one of which must be near; empty: none need be
	Words int      // how near, in words
}

// termOptions is a term written with its options.
type termOptions struct {
	Term   string   `yaml:"term"`
	Exact  bool     `yaml:"exact"`
	Prefix bool     `yaml:"prefix"`
	Case   bool     `yaml:"case"`
	Near   []string `yaml:"near"`
	Words  int      `yaml:"words"`
}

// nearByDefault is how near a term must be to a concept it depends on.
const nearByDefault = 6

// DecodeNode reads a term: the text alone, or a group of the text and its
// options.
func (t *Term) DecodeNode(n configs.Node) {
	if n.Kind() == configs.Scalar {
		if n.Decode(&t.Text) && t.Text == "" {
			n.Fault("this term is empty")
		}
		return
	}
	o := termOptions{Words: nearByDefault}
	if !n.Decode(&o) {
		return
	}
	switch {
	case o.Term == "":
		n.Fault("a term needs its text: term: …")
	case o.Exact && o.Prefix:
		n.Fault("a term is exact or a prefix, not both")
	case o.Words < 1 || o.Words > 100:
		n.Fault("words must be from 1 to 100")
	}
	if o.Prefix {
		o.Term += "*"
	}
	*t = Term{Text: o.Term, Exact: o.Exact, Case: o.Case, Near: o.Near, Words: o.Words}
}

// Signal is one thing that analysts want to hear of.
type Signal struct {
	ID             string         `yaml:"id"`
	Theme          news.Theme     `yaml:"theme"`
	Title          string         `yaml:"title"`
	Turned         string         `yaml:"turned"` // the title where the act is refused, ended or lifted; empty: Title
	Why            string         `yaml:"why"`
	References     []string       `yaml:"references"`
	FalsePositives []string       `yaml:"falsepositives"`
	Level          int            `yaml:"level"`     // 1 to 5, for an act that happened
	Direction      news.Direction `yaml:"direction"` // of the act affirmed
	When           string         `yaml:"when"`      // a query, asked of a sentence or two neighbours
	Unless         string         `yaml:"unless"`    // a query of the same window that ends the match
	Beats          []string       `yaml:"beats"`     // signals of the theme that this one stands for
	Countries      []string       `yaml:"countries"` // the only ones that it is about; empty: all five
	Languages      []string       `yaml:"languages"` // claimed: tests are required in each
	// Tie says what ties the match to Russia: "" asks for it in the text,
	// "implied" has it in the words of the query.
	Tie string `yaml:"tie"`
	// By says who must do the act: "" anybody but a third country, "own" one of
	// the watched countries, not Russia or the West.
	By string `yaml:"by"`
	// Home lets the outlet's country, or that of the text's language, stand in
	// where a text names none: for acts that can only be domestic.
	Home bool `yaml:"home"`
	// Residual is the second layer of a theme: what no other signal names, kept
	// and never alerted by itself.
	Residual bool  `yaml:"residual"`
	Tests    Tests `yaml:"tests"`
}

// Tests are sentences of made-up events that a signal must and must not match.
type Tests struct {
	Match []Case `yaml:"match"`
	Miss  []Case `yaml:"miss"`
}

// Case is one text. A match says what must be found in it.
type Case struct {
	Lang      string         `yaml:"lang"`
	Title     string         `yaml:"title"`
	Text      string         `yaml:"text"`
	Countries []string       `yaml:"countries"`
	Direction news.Direction `yaml:"direction"` // empty: the signal's own
}

// Unseen reports whether the case is of the third, chosen by a hash of its
// words, that isn't looked at while a signal is tuned, and is reported by
// itself: what a signal does on it is what it will do on new texts.
func (c Case) Unseen() bool {
	sum := sha256.Sum256([]byte(c.Title + "\n" + c.Text))
	return binary.BigEndian.Uint64(sum[:8])%3 == 0
}
