package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"driftwatch/news"
	"driftwatch/rules/query"
	"driftwatch/text"
)

// Explanation is a text as the rules see it.
type Explanation struct {
	Lang   string // as it was read
	Long   bool   // read place by place: more sentences than one report has
	Words  []Word // what of the lexicon stands in the text, in order
	Hits   []news.Hit
	Traces []Trace // of the signals that fired, then of those that nearly did, the nearest first
}

// Word is a place of a concept, or of a phrase of a query.
type Word struct {
	Concept string // its id; the phrase in quotes
	Field   string // news.FieldTitle or news.FieldText
	Start   int    // bytes of the field
	End     int
	Country string // the code of the country that it names
	Negated bool
	Ignored string // of a country's name: why it makes nobody the actor
}

// Outcome is how far a signal came.
type Outcome string

// The outcomes.
const (
	Fired   Outcome = "fired"
	Lost    Outcome = "lost"    // all legs are there, but another signal of the theme tells it better
	Refused Outcome = "refused" // the query matches, but something else speaks against it
	Nearly  Outcome = "nearly"  // a leg or more is missing
	Nothing Outcome = "nothing" // not a word of it
)

// Trace is how a signal came to its outcome, at the place of the text that is
// nearest to a match.
type Trace struct {
	Signal        Signal
	Outcome       Outcome
	Field         string // where that place is
	Start         int    // bytes of the field
	End           int
	Sentence      string // one, or two neighbours of one field
	TitleSentence string // the title's, where the place reaches from the title into the text; else empty
	Missing       []Missing
	Nearness      float64 // 0: nothing is missing; 1 for each part that is, half where it is only out of place
	theme         int     // parts of its theme's words that are there
	own           float64 // how much of its own, rare words is there
	present       int     // parts of its query that are there as they must be
}

// Missing is a leg that wasn't found, or what speaks against a match.
type Missing struct {
	Leg   string // theme, country, tie, or unless, actor, signal for what speaks against it
	What  string // what was looked for, or what speaks against it
	Why   string // what is wrong, a clause
	Where string // where it was looked for
	Words []Word // what there is of it
	Other string // the id of the signal that tells the same act more strongly
}

// nearlyAtMost is how much a signal may lack to be among those that nearly fired.
// The nearest one of a theme is told whatever it lacks.
const nearlyAtMost = 2

// Explain says what the rules find in a text and, for the signals that don't fire
// but nearly do, what is missing. With ids only these signals are traced, whatever
// they lack.
func (e *Engine) Explain(r *text.Reading, a About, ids ...string) *Explanation {
	hits := e.Flag(r, a)
	s := e.states.Get().(*state)
	defer e.states.Put(s)
	s.read(r, a)
	s.possible()
	s.who()
	x := &Explanation{Lang: r.Lang, Long: s.long, Words: s.words(), Hits: hits}
	if len(s.scan.Sentences) == 0 {
		return x
	}
	t := tracer{state: s, about: a}
	t.find()
	for _, g := range e.signals {
		if len(ids) == 0 || slices.Contains(ids, g.ID) {
			x.Traces = append(x.Traces, t.trace(g))
		}
	}
	if len(ids) == 0 {
		x.Traces = nearest(x.Traces)
	}
	slices.SortStableFunc(x.Traces, func(a, b Trace) int {
		return cmp.Or(rankOf(a.Outcome)-rankOf(b.Outcome), cmp.Compare(a.far(), b.far()), b.theme-a.theme)
	})
	return x
}

func rankOf(o Outcome) int { return slices.Index([]Outcome{Fired, Lost, Refused, Nearly, Nothing}, o) }

// far orders what nearly fired: what it lacks, less what is there of its own.
func (t Trace) far() float64 { return t.Nearness - t.own }

// nearest keeps what is worth telling: what came near and has a word of its own
// in the text, and of each theme the nearest one. Where a theme has only common
// words in the text, its nearest signal is told if two parts of its query
// are there and one isn't.
func nearest(all []Trace) []Trace {
	best := map[news.Theme]int{}
	for i, t := range all {
		if t.theme == 0 {
			continue
		}
		if b, ok := best[t.Signal.Theme]; !ok || t.telling() && !all[b].telling() || t.telling() == all[b].telling() && t.far() < all[b].far() {
			best[t.Signal.Theme] = i
		}
	}
	var kept []Trace
	for i, t := range all {
		theme := t.Signal.Theme
		first := t.theme > 0 && best[theme] == i && (t.telling() || t.present > 1 && t.Nearness <= 1)
		if t.Outcome != Nearly && t.Outcome != Nothing || first || t.telling() && t.Nearness <= nearlyAtMost {
			kept = append(kept, t)
		}
	}
	return kept
}

// telling reports that a word which tells something of the signal is there.
func (t Trace) telling() bool { return t.own > 0 }

// words lists what of the lexicon stands in the text.
func (s *state) words() []Word {
	var out []Word
	for _, n := range s.touched {
		for _, at := range s.scan.Postings[n] {
			out = append(out, s.word(at))
		}
	}
	for _, m := range s.mentions {
		ignored := ""
		switch {
		case m.out:
			ignored = "in a list of members, or “not” this country"
		case m.weak:
			ignored = "a venue or a dateline, unless nobody else is named"
		default:
			continue
		}
		w := s.word(m.Span)
		if i := slices.IndexFunc(out, func(o Word) bool { return o.Concept == w.Concept && o.Field == w.Field && o.Start == w.Start }); i >= 0 {
			out[i].Ignored = ignored
		}
	}
	slices.SortFunc(out, func(a, b Word) int {
		return cmp.Or(-cmp.Compare(a.Field, b.Field), cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End), cmp.Compare(a.Concept, b.Concept))
	})
	return out
}

// word is a place as people are shown it.
func (s *state) word(at query.Span) Word {
	f, words, _ := s.field(at.Sentence)
	w := Word{Field: news.FieldText, Start: int(f.Words[at.First-words].Start), End: int(f.Words[at.Last-words].End)}
	if int(at.Sentence) < s.titleSentences {
		w.Field = news.FieldTitle
	}
	n := s.engine.names[at.Name]
	if n.concept == nil {
		w.Concept = fmt.Sprintf("%q", f.Text[w.Start:w.End])
		return w
	}
	w.Concept, w.Country = n.concept.ID, n.concept.Country
	if w.Country == "" {
		w.Negated = s.negated(at)
	}
	return w
}

// tracer explains one text.
type tracer struct {
	*state
	about About
	found []match
	lost  []loss
}

// find flags the text, and keeps what Flag throws away.
func (t *tracer) find() {
	for _, i := range t.candidates {
		t.found = t.state.find(t.engine.signals[i], t.about, t.found)
	}
	t.spread(t.found)
	t.lost = t.losses(t.found)
}

func (t *tracer) trace(g *signal) Trace {
	if x, ok := t.matched(g); ok {
		return x
	}
	best := Trace{Signal: *g.Signal, Outcome: Nothing, Nearness: -1}
	for _, w := range t.touching(g) {
		x := t.at(g, w[0], w[1])
		if best.Nearness < 0 || x.Nearness < best.Nearness || x.Nearness == best.Nearness && x.own > best.own {
			best = x
		}
	}
	if best.Nearness < 0 {
		best.Nearness = 0
		lacks, n, _ := g.when.Lacking(&t.scan, 0, len(t.scan.Sentences)-1)
		best.Nearness, best.Missing = n, t.missing(lacks, "in the whole text")
	}
	return best
}

// matched is the trace of a signal that has a match; one that fired stands for
// those of its matches that didn't.
func (t *tracer) matched(g *signal) (x Trace, ok bool) {
	for i, m := range t.found {
		if m.signal != g {
			continue
		}
		one := Trace{Signal: *g.Signal, Outcome: Fired, theme: len(m.spans)}
		t.place(&one, m.from, m.to)
		if l := t.lost[i]; l.why != won {
			one.Outcome = Lost
			one.Missing = []Missing{{Leg: "signal", What: l.to.ID + ": " + l.to.Title, Why: lossWords[l.why], Where: "in the same text"}}
			if l.why == doubled {
				one.Missing[0].Other = l.to.ID
			}
		}
		if !ok || one.Outcome == Fired && x.Outcome != Fired {
			x, ok = one, true
		}
	}
	return x, ok
}

var lossWords = map[lossKind]string{
	residual: "is a specific signal of the theme, and this one is for what no other names",
	beaten:   "stands for it",
	aside:    "tells what the title's country does, and this is a remark about another",
	doubled:  "tells of the same act, more strongly",
}

// touching lists the windows that hold a word of the signal other than a country.
func (t *tracer) touching(g *signal) [][2]int {
	var in []int
	for _, n := range g.when.Concepts() {
		if t.engine.names[n].country != nobody {
			continue
		}
		for _, at := range t.scan.Postings[n] {
			in = append(in, int(at.Sentence))
		}
	}
	slices.Sort(in)
	var out [][2]int
	for _, i := range slices.Compact(in) {
		w, n := t.windows(i, query.Everywhere)
		out = append(out, w[:n]...)
	}
	return out
}

// at traces a signal in one window.
func (t *tracer) at(g *signal, from, to int) Trace {
	x := Trace{Signal: *g.Signal, Outcome: Nearly}
	x.theme, x.own = t.touches(g, from, to)
	t.place(&x, from, to)
	where := "in this sentence"
	if to > from {
		where = "in these two sentences"
	}
	lacks, nearness, present := g.when.Lacking(&t.scan, from, to)
	x.present = present
	x.Nearness, x.Missing = nearness, t.missing(lacks, where)
	if len(lacks) == 0 {
		_, refused := t.ask(g, from, to, t.about)
		if refused == ended || refused == governed || refused == imposed {
			x.Outcome = Refused
			x.add(t.against(g, refused, from, to, where), .5)
		}
	}
	if g.Tie == "" && !t.tied(from, to) {
		x.add(Missing{Leg: legTie, What: "a tie to Russia", Why: "isn't there", Where: t.tieWhere()}, 1)
	}
	if who, _ := t.country(g, nil, from, to, t.about); !who.any() {
		x.add(Missing{Leg: legCountry, What: watchedWords(g), Why: "isn't named as the one who acts", Where: t.countryWhere(g)}, 1)
	}
	return x
}

func (x *Trace) add(m Missing, nearness float64) {
	x.Missing = append(x.Missing, m)
	x.Nearness += nearness
}

// touches counts the words of a signal, countries left out, that stand in a
// window, and adds up how much they tell.
func (t *tracer) touches(g *signal, from, to int) (n int, own float64) {
	rare := t.engine.rare()
	for _, id := range g.when.Concepts() {
		if t.engine.names[id].country != nobody {
			continue
		}
		if slices.ContainsFunc(t.scan.Postings[id], func(at query.Span) bool { return int(at.Sentence) >= from && int(at.Sentence) <= to }) {
			n++
			own += rare[id]
		}
	}
	return n, own
}

// place notes where a window is. Of one that reaches from the title into the text
// both parts are shown.
func (t *tracer) place(x *Trace, from, to int) {
	if from < t.titleSentences && to >= t.titleSentences {
		title := &t.text.Title
		x.TitleSentence = title.Text[title.Sentences[from].Start:title.Sentences[t.titleSentences-1].End]
		from = t.titleSentences
	}
	f, _, sentences := t.state.field(int32(from))
	x.Field = news.FieldText
	if from < t.titleSentences {
		x.Field = news.FieldTitle
	}
	x.Start, x.End = int(f.Sentences[from-int(sentences)].Start), int(f.Sentences[to-int(sentences)].End)
	x.Sentence = f.Text[x.Start:x.End]
}

// missing puts what a query lacks into words.
func (t *tracer) missing(lacks []query.Lack, where string) []Missing {
	var out []Missing
	for _, l := range lacks {
		m := Missing{Leg: t.legOf(l.Part), What: l.Part.String(), Why: l.Why, Where: where}
		for _, at := range l.Found {
			if w := t.word(at); !slices.Contains(m.Words, w) {
				m.Words = append(m.Words, w)
			}
		}
		out = append(out, m)
	}
	return out
}

// legOf is the leg that a part of a query belongs to.
func (t *tracer) legOf(n query.Node) string {
	if c, ok := n.(*query.Country); ok {
		if c.Code == "RU" {
			return legTie
		}
		return legCountry
	}
	if c, ok := n.(*query.Concept); ok {
		switch concept := t.engine.packs.Concepts[c.Name]; {
		case concept == nil:
		case concept.Country == "RU", concept.Tie && strings.Contains(concept.ID, "russia"):
			return legTie
		case concept.Country != "":
			return legCountry
		}
	}
	return legTheme
}

// against puts into words what speaks against a match.
func (t *tracer) against(g *signal, r refusal, from, to int, where string) Missing {
	switch r {
	case ended:
		m := Missing{Leg: "unless", What: g.unless.String(), Why: "is there, which ends the signal", Where: where}
		spans, _ := g.unless.Match(&t.scan, from, to, nil)
		for _, at := range spans {
			m.Words = append(m.Words, t.word(at))
		}
		return m
	case governed:
		m := Missing{Leg: "actor", What: "a third country", Why: "does it", Where: where}
		for _, c := range t.mentions {
			if int(c.Sentence) >= from && int(c.Sentence) <= to && c.who.foreign() {
				m.Words = append(m.Words, t.word(c.Span))
			}
		}
		return m
	}
	return Missing{Leg: "actor", What: "the country's own act", Why: "isn't told: it is done from outside", Where: where}
}

func (t *tracer) tieWhere() string {
	if t.long {
		return "in the evidence and a sentence before and after it"
	}
	return "in the whole of this short text"
}

func (t *tracer) countryWhere(g *signal) string {
	where := []string{"in the evidence", "in the title"}
	if !t.long {
		where = append(where, "in the whole of this short text")
	}
	if g.Home {
		where = append(where, "in the outlet's country and the text's language")
	}
	return strings.Join(where, ", ")
}

func watchedWords(g *signal) string {
	switch len(g.Countries) {
	case 0:
	case 1:
		return g.Countries[0]
	default:
		return "one of " + strings.Join(g.Countries, ", ")
	}
	return "one of the five countries"
}
