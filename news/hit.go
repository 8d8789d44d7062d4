package news

import "time"

// Theme is what a hit is about: one of the packs' theme ids.
type Theme string

// The four themes of the embedded packs.
const (
	ThemeSanctions      Theme = "sanctions"
	ThemeCSTO           Theme = "csto"
	ThemeDecolonization Theme = "decolonization"
	ThemeDualUse        Theme = "dual-use"
)

// Direction is which way a country moves relative to Russia.
type Direction string

// The directions. Contested: what is reported is denied. None: pressure or
// context, no move of the country itself.
const (
	Apart     Direction = "apart"
	Closer    Direction = "closer"
	Mixed     Direction = "mixed"
	Contested Direction = "contested"
	None      Direction = "none"
)

// Countries are the five that Driftwatch watches, ISO 3166 alpha-2.
var Countries = []string{"KZ", "KG", "UZ", "TJ", "TM"}

// Fields of an article that evidence can lie in.
const (
	FieldTitle = "title"
	FieldText  = "text"
)

// Hit is one signal found in an article, in one direction, with the countries
// that share it.
type Hit struct {
	ID         int64
	Article    int64
	Story      int64
	Revision   int // of the article that it was found in
	Theme      Theme
	Signal     string
	Title      string // the signal's name for people
	Why        string // why the signal exists
	Level      int    // 1 to 5
	Direction  Direction
	Countries  []string
	Score      float64 // 0 to 1
	Evidence   []Evidence
	Background bool   // a side remark in a long text, or a residual signal: kept, never alerted by itself
	Pack       string // digest of the packs that made it
	Found      time.Time
	Quiet      string // why it isn't alerted: "", QuietOld, QuietFirstPoll, QuietBackground
}

// Reasons for which a hit is kept without an alert.
const (
	QuietOld        = "old"
	QuietFirstPoll  = "first-poll"
	QuietBackground = "background"
)

// Evidence is a place in an article that a hit rests on.
type Evidence struct {
	Field    string // FieldTitle or FieldText
	Start    int    // bytes of that field
	End      int
	Quote    string // exactly the bytes [Start:End) of the field
	Sentence string // the sentence or two around it
	Words    []Span // the words that matched, bytes of the field, ascending, inside the sentence
	// SentenceStart is where Sentence begins in the field, so that a Word's
	// place in Sentence is Word.Start-SentenceStart.
	SentenceStart int
}

// Span is a run of bytes with the role that it plays in a hit.
type Span struct {
	Start, End int
	Leg        string // theme, country, tie, turn (a word that turns the meaning)
}

// Judgement is what an analyst says of a hit.
type Judgement string

// The judgements.
const (
	Relevant   Judgement = "relevant"
	Irrelevant Judgement = "irrelevant"
	Unsure     Judgement = "unsure"
)

// Verdict is one judgement of one hit. Later verdicts stand over earlier ones;
// none is overwritten.
type Verdict struct {
	Hit   int64
	Says  Judgement
	By    string
	Note  string
	Given time.Time
}

// Miss is a story that should have been flagged and wasn't.
type Miss struct {
	ID      int64
	URL     string
	Theme   Theme
	Country string
	By      string
	Note    string
	Given   time.Time
}
