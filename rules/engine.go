package rules

import (
	"io/fs"
	"slices"
	"sync"
	"time"

	"driftwatch/news"
	"driftwatch/rules/query"
	"driftwatch/rules/theme"
	"driftwatch/text"
)

// Signal is a signal as its pack describes it.
type Signal = theme.Signal

// Engine holds compiled packs. It doesn't change and may be used by any number
// of goroutines at once.
type Engine struct {
	packs    *theme.Packs
	signals  []*signal
	matcher  *text.Matcher
	terms    []term
	place    []termPlace // of terms
	gaps     []gapped
	gapsBy   [][]int // name → the gaps that begin with it
	names    []name
	entities map[string]int // that queries ask for → name
	anchors  [][]int        // name → signals that can't match without it or one of its peers
	marks    marks
	verbs    []bool // names that are a predicate of some signal
	states   sync.Pool
	rare     func() []float64 // name → how much it tells, worked out when it is first asked for
}

// signal is a signal with its queries.
type signal struct {
	*theme.Signal
	when, unless *query.Query
	ends         []*query.Query // the alternatives of unless
	acts         []int
	affirmed     []int // of acts, those that must not be negated
	index        int
	beats        []int
	contrary     []int // predicates of the theme's signals of the other direction that aren't its own
	anchor       []int
	needs        [][]int
	turns        bool // the query says itself what a denial means
}

// term says what a matched term stands for.
type term struct {
	name  int32
	langs langs
	of    []int // names of which one must be near; empty: none need be
	words int32 // how near
}

// name is what postings are kept for: a concept, or a phrase of a query.
type name struct {
	concept  *theme.Concept // nil for a phrase
	country  country
	hides    []int
	swallows bool // nothing else is counted inside its places
	shared   bool // has terms in each language
	na       bool // has a Tajik term in which на- is no negation
}

// About is what is known of an article beside its text.
type About struct {
	Source    string
	Country   string // the outlet's, ISO 3166; INT or empty: of no single country
	Ownership string // the outlet's: state, private, …
	Languages []string
	URL       string
	Date      time.Time
	Names     []Named // found in the text by a gazetteer, ascending
}

// Named is a place where an entity is named.
type Named struct {
	ID          string // the entity's
	Title       bool   // in the title, not in the text
	First, Last int32  // words of that field, inclusive
}

// Load reads and compiles packs. Each holds themes/*.yaml and lexicon/*.yaml,
// or *.yaml at its root; a later pack replaces concepts and signals by id. The
// error is a configs.Errors that names every fault with its place.
func Load(packs ...fs.FS) (*Engine, error) {
	e, err := load(packs...)
	if err != nil {
		return nil, err
	}
	e.packs.Forget()
	return e, nil
}

// load is Load for who asks where things stand in the packs' files.
func load(packs ...fs.FS) (*Engine, error) {
	p, err := theme.Load(packs...)
	if p == nil {
		return nil, err
	}
	return compile(p)
}

// Digest names the packs' contents: it changes whenever one of their files
// does.
func (e *Engine) Digest() string { return e.packs.Digest }

// Signals lists the signals by theme and id.
func (e *Engine) Signals() []Signal {
	all := make([]Signal, len(e.signals))
	for i, s := range e.signals {
		all[i] = *s.Signal
	}
	return all
}

// Flag gives the hits of an article: one for each signal and direction, the
// strongest first, without ids.
func (e *Engine) Flag(r *text.Reading, a About) []news.Hit {
	s := e.states.Get().(*state)
	defer e.states.Put(s)
	s.read(r, a)
	if !s.possible() {
		return nil
	}
	return s.flag()
}

// Read gives the hits of an article as Flag does, and, where there are any, its
// concepts as Places does, of one reading.
func (e *Engine) Read(r *text.Reading, a About) ([]news.Hit, []Place) {
	s := e.states.Get().(*state)
	defer e.states.Put(s)
	s.read(r, a)
	if !s.possible() {
		return nil, nil
	}
	hits := s.flag()
	if len(hits) == 0 {
		return nil, nil
	}
	return hits, s.occurrences()
}

// flag gives the hits of the candidates.
func (s *state) flag() []news.Hit {
	s.who()
	s.found = s.found[:0]
	for _, i := range s.candidates {
		s.found = s.find(s.engine.signals[i], s.about, s.found)
	}
	s.spread(s.found)
	return s.hits(s.settle(s.found))
}

// slices.Contains on the few names of a signal is faster than a set.
func among(ids []int, id int32) bool { return slices.Contains(ids, int(id)) }
