package news

import "time"

// Theme is what a hit is about: one of the packs' theme ids.
type Theme string

// The themes of the embedded packs: the four that are watched, and what pushes
// and pulls beside them, which feeds the drift figures and is alerted only where
// a route names it.
const (
	ThemeSanctions      Theme = "sanctions"
	ThemeCSTO           Theme = "csto"
	ThemeDecolonization Theme = "decolonization"
	ThemeDualUse        Theme = "dual-use"
	ThemeContext        Theme = "context"
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
	Quiet      string   // why it isn't alerted: "" or one of the Quiet words
	Status     Status   // how far what is told has come; empty: not known
	Actor      Actor    // who does it; empty: not known
	Acts       []Act    // which way each of the countries moves
	Entities   []string // names found in the evidence, by id
	Parts      []Part   // what Score is made of; they add up to it
}

// Status is how far what a hit tells of has come.
type Status string

// The statuses, the strongest first.
const (
	StatusHappened  Status = "happened"
	StatusDecided   Status = "decided"
	StatusAnnounced Status = "announced"
	StatusProposed  Status = "proposed"
	StatusDemanded  Status = "demanded"
	StatusOpinion   Status = "opinion"
	StatusDenied    Status = "denied"
)

// act reports that somebody does what is told, or is about to: it isn't only asked
// for, believed or denied.
func (s Status) act() bool {
	return s != StatusDemanded && s != StatusOpinion && s != StatusDenied
}

// Actor is who does what a hit tells of.
type Actor string

// The actors, those who bind their country the most first.
const (
	ActorHead       Actor = "head of state"
	ActorGovernment Actor = "government"
	ActorBank       Actor = "central or large bank"
	ActorParliament Actor = "parliament"
	ActorMember     Actor = "member of parliament or party"
	ActorCompany    Actor = "company"
	ActorSociety    Actor = "civil society"
	ActorForeigner  Actor = "foreigner"
)

// Act is which way a country moves in what a hit tells of.
type Act struct {
	Country   string    `json:"country"`
	Direction Direction `json:"direction"`
}

// Part is what one reason adds to a score, or takes off it.
type Part struct {
	Name  string  `json:"part"`
	Value float64 `json:"value"`
}

// Reasons for which a hit is kept without an alert.
const (
	QuietOld        = "old"
	QuietFirstPoll  = "first-poll"
	QuietBackground = "background"
	QuietBackfill   = "backfill" // of the past, which was read later by order
	QuietRules      = "rules"    // found in a stored article by rules that came later
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
	Signal  string // that should have found it; empty: only the theme is known
	Country string
	By      string
	Note    string
	Given   time.Time
}
