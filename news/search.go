package news

import "time"

// SearchFilter says which stored articles are looked for; zero fields let all
// pass.
type SearchFilter struct {
	// Words are looked for in all their forms, in every language and script: all
	// of them, those in quotes behind one another, those behind a minus not.
	Words  string
	Facets map[SearchFacet][]string
	Skip   int // so many of the latest are left out
	Limit  int // at most so many come back
}

// SearchFacet is something that found articles are counted by and narrowed to.
type SearchFacet string

// The facets.
const (
	SearchCountry  SearchFacet = "country"  // of a hit
	SearchTheme    SearchFacet = "theme"    // of a hit
	SearchLanguage SearchFacet = "language" // of the article
	SearchOutlet   SearchFacet = "outlet"   // the source's id
	SearchMonth    SearchFacet = "month"    // in which it was seen, UTC: 2026-11
)

// SearchFacets are all of them.
var SearchFacets = []SearchFacet{SearchCountry, SearchTheme, SearchLanguage, SearchOutlet, SearchMonth}

// SearchMost is how many of the latest articles that match are counted.
const SearchMost = 5000

// Search is what was found.
type Search struct {
	Articles []FoundArticle                 // the latest first
	Total    int                            // how many match, SearchMost at most
	More     bool                           // more than that match
	Counts   map[SearchFacet]map[string]int // of the articles that Total counts
	Waiting  int                            // articles that can't be found yet
	Stored   int                            // all articles, where some wait
}

// SiftMost is how many of the latest articles that may match are looked at, at most.
const SiftMost = 1000

// NewSearch is a search that found nothing.
func NewSearch() Search {
	s := Search{Counts: map[SearchFacet]map[string]int{}}
	for _, facet := range SearchFacets {
		s.Counts[facet] = map[string]int{}
	}
	return s
}

// FoundArticle is an article that a search found.
type FoundArticle struct {
	Article
	Hits    []Hit  // that stand, the strongest first; only their kind is told
	InTitle []Span // the words looked for
	InText  []Span
}

// PausedSource is a source that somebody paused at the desk.
type PausedSource struct {
	Source string
	By     string
	Since  time.Time
}
