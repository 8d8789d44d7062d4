package rules

import (
	"errors"
	"math"
	"slices"

	"driftwatch/news"
	"driftwatch/rules/query"
	"driftwatch/rules/theme"
	"driftwatch/text"
)

// Question is a query by itself, without a signal: it may be asked of texts by any
// number of goroutines at once.
type Question struct {
	engine  *Engine // with the phrases of the query as names of its own
	query   *query.Query
	phrases *text.Matcher
	of      []int // phrase → name
	words   map[int][]string
}

// Asked is where a text has what a query asks for, in bytes of its fields.
type Asked struct{ Title, Text []news.Span }

// Ask compiles a query with the engine's lexicon. The error is a query.Errors with
// every fault.
func (e *Engine) Ask(src string) (*Question, error) {
	tree, err := query.Parse(src)
	var wrong query.Errors
	if errors.As(err, &wrong) && tree == nil {
		return nil, wrong
	}
	own := &Engine{packs: e.packs, matcher: e.matcher, terms: e.terms, place: e.place, gaps: e.gaps, gapsBy: e.gapsBy, names: slices.Clone(e.names), entities: map[string]int{}, marks: e.marks}
	c := &compiler{packs: e.packs, engine: own, ids: map[string]int{}, phrase: map[string]int{}, code: map[string][]int{}}
	for id, n := range e.names {
		if n.concept == nil {
			continue
		}
		c.ids[n.concept.ID] = id
		if n.concept.Country != "" {
			c.code[n.concept.Country] = append(c.code[n.concept.Country], id)
			for _, set := range setsOf(n.concept) {
				c.code[set] = append(c.code[set], id)
			}
		}
	}
	own.terms = slices.Clip(own.terms) // phrases are added to copies
	compiled, faults := query.Compile(tree, c)
	if wrong = append(wrong, faults...); len(wrong) > 0 {
		slices.SortStableFunc(wrong, func(a, b *query.Error) int { return a.Place.Start - b.Place.Start })
		return nil, wrong
	}
	q := &Question{engine: own, query: compiled, words: map[int][]string{}}
	own.terms = e.terms
	phrases := make([]text.Term, 0, len(c.phrase))
	for words, id := range c.phrase {
		phrases = append(phrases, text.Term{Text: words})
		q.of, q.words[id] = append(q.of, id), []string{words}
	}
	if len(phrases) > 0 {
		if q.phrases, err = text.NewMatcher(phrases); err != nil {
			return nil, innermost(err)
		}
	}
	own.states.New = func() any { return newState(own) }
	return q, nil
}

// setsMost is how many words a set may have to be worth looking up.
const setsMost = 300

// Sets gives groups of terms of each of which a text must have one to match. Groups
// that are too large to narrow anything are left out, unless all are.
func (q *Question) Sets() [][]string {
	var all [][]string
	for _, set := range q.query.Necessary() {
		var terms []string
		known := true
		for _, id := range set {
			own := q.termsOf(id)
			known = known && len(own) > 0
			terms = append(terms, own...)
		}
		if known {
			slices.Sort(terms)
			all = append(all, slices.Compact(terms))
		}
	}
	slices.SortStableFunc(all, func(a, b []string) int { return len(a) - len(b) })
	n := slices.IndexFunc(all, func(set []string) bool { return len(set) > setsMost })
	if n < 0 {
		n = len(all)
	}
	return all[:min(len(all), max(n, 1))]
}

// termsOf are the terms that stand for a name.
func (q *Question) termsOf(id int) []string {
	if words, ok := q.words[id]; ok {
		return words
	}
	var out []string
	if c := q.engine.names[id].concept; c != nil {
		for _, list := range c.Terms {
			out = append(out, textsOf(list)...)
		}
	}
	return out
}

func textsOf(list []theme.Term) []string {
	var out []string
	for _, t := range list {
		if t.Text != "" {
			out = append(out, t.Text)
		}
	}
	return out
}

// Match asks the query of each sentence of a text and of each two neighbours, and
// gives all places that matches rest on.
func (q *Question) Match(r *text.Reading, a About) (Asked, bool) {
	s := q.read(r, a)
	defer q.engine.states.Put(s)
	var out Asked
	found := false
	for i := range s.scan.Sentences {
		var ok bool
		s.spans, ok = q.query.Match(&s.scan, i, i, s.spans[:0])
		if !ok && i+1 < len(s.scan.Sentences) && s.scan.Neighbours(i, i+1) {
			s.spans, ok = q.query.Match(&s.scan, i, i+1, s.spans[:0])
		}
		if ok {
			found = true
			for _, at := range s.spans {
				out.add(s, at)
			}
		}
	}
	return out, found
}

// Lacking says of a text that the query doesn't match what it lacks, at the sentence
// or two neighbours that are nearest to a match.
func (q *Question) Lacking(r *text.Reading, a About) []Missing {
	s := q.read(r, a)
	defer q.engine.states.Put(s)
	t := tracer{state: s, about: a}
	var out []Missing
	least := math.Inf(1)
	look := func(from, to int, where string) {
		if lacks, nearness, _ := q.query.Lacking(&s.scan, from, to); nearness < least {
			least, out = nearness, t.missing(lacks, where)
		}
	}
	for i := range s.scan.Sentences {
		look(i, i, "in a sentence")
		if i+1 < len(s.scan.Sentences) && s.scan.Neighbours(i, i+1) {
			look(i, i+1, "in two sentences")
		}
	}
	return out
}

// read fills a state with a text's places, those of the query's own phrases among
// them. Whoever calls it gives it back.
func (q *Question) read(r *text.Reading, a About) *state {
	s := q.engine.states.Get().(*state)
	s.read(r, a)
	q.post(s, &r.Title, 0, 0)
	q.post(s, &r.Body, s.titleWords, s.titleSentences)
	return s
}

// post adds the places of the query's own phrases.
func (q *Question) post(s *state, f *text.Field, words, sentences int) {
	if q.phrases == nil {
		return
	}
	s.raw = q.phrases.Match(f, s.text.Lang, s.raw[:0])
	for _, m := range s.raw {
		s.post(query.Span{First: m.First + int32(words), Last: m.Last + int32(words), Sentence: f.Words[m.First].Sentence + int32(sentences), Name: int32(q.of[m.Term])})
	}
}

// add keeps a place, once.
func (a *Asked) add(s *state, at query.Span) {
	f, words, _ := s.field(at.Sentence)
	span := news.Span{Start: int(f.Words[at.First-words].Start), End: int(f.Words[at.Last-words].End)}
	list := &a.Text
	if int(at.Sentence) < s.titleSentences {
		list = &a.Title
	}
	if !slices.Contains(*list, span) {
		*list = append(*list, span)
	}
}
