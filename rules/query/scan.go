package query

import (
	"math/bits"
	"slices"
)

// Span is a place in a text: its first and last word, numbered through the
// whole text, the sentence that holds it, and the number of the name that
// stands there.
type Span struct{ First, Last, Sentence, Name int32 }

// Sentence is a sentence's words, the first and the last, and the paragraph
// that it belongs to. The title is paragraph 0.
type Sentence struct {
	First, Last int32
	Paragraph   int32
}

// Scan is a text to be asked: its sentences and, for each name's number, where
// it stands, ascending. The caller fills it and may use it again for the next
// text; one goroutine at a time.
type Scan struct {
	Sentences []Sentence
	Postings  [][]Span
	// Masks has a bit for each sentence, modulo 64, that a name stands in, so
	// that most of what isn't there isn't looked for. The caller fills it too.
	Masks []uint64
	// Lang, Country and Ownership are the text's language (BCP 47) and its
	// outlet's country and ownership.
	Lang, Country, Ownership string
	// Breaks are the words that part clauses ("but"), ascending: what NEAR asks
	// for stands on one side of them.
	Breaks []int32
	// Negated reports whether the words at a place are negated there.
	Negated func(Span) bool
	// Stretch widens NEAR, in per cent: 100 is as written; more for languages
	// whose verb stands at the end of the sentence.
	Stretch int32
}

// TitleParagraph is the paragraph of the title's sentences.
const TitleParagraph = 0

// window is a run of sentences that a query is asked of.
type window struct{ from, to int32 }

// Match asks the query of the sentences from to to, inclusive, and appends the
// places that the match rests on to dst, in no particular order.
func (q *Query) Match(s *Scan, from, to int, dst []Span) ([]Span, bool) {
	w := window{int32(from), int32(to)}
	if !s.may(q.run, Mask(from, to)) {
		return dst, false
	}
	return q.run.match(s, w, dst)
}

// may says of most windows without a match that they have none, from the masks
// alone.
func (s *Scan) may(m matcher, mask uint64) bool {
	switch m := m.(type) {
	case *postings:
		for _, id := range m.ids {
			if s.Masks[id]&mask != 0 {
				return true
			}
		}
		return false
	case *all:
		for _, p := range m.parts {
			if !s.may(p, mask) {
				return false
			}
		}
	case *some:
		for _, p := range m.parts {
			if s.may(p, mask) {
				return true
			}
		}
		return false
	case *near:
		return s.may(m.a, mask) && s.may(m.b, mask)
	case *within:
		return s.may(m.a, mask) && s.may(m.b, mask)
	case *scope:
		return m.kind != "SENTENCE" || s.may(m.part, mask)
	}
	return true
}

func (p *postings) match(s *Scan, w window, dst []Span) ([]Span, bool) {
	before := len(dst)
	for _, id := range p.ids {
		for _, at := range s.in(id, w) {
			if p.polarity != 0 && s.Negated(at) != (p.polarity < 0) {
				continue
			}
			dst = append(dst, at)
		}
	}
	return dst, len(dst) > before
}

// in returns the places of a name within a window.
func (s *Scan) in(id int, w window) []Span {
	if s.Masks[id]&Mask(int(w.from), int(w.to)) == 0 {
		return nil
	}
	list := s.Postings[id]
	from := first(list, w.from)
	to := from
	for to < len(list) && list[to].Sentence <= w.to {
		to++
	}
	return list[from:to]
}

// first is the index of the first place in a sentence or behind it.
func first(list []Span, sentence int32) int {
	from, to := 0, len(list)
	for from < to {
		middle := int(uint(from+to) >> 1)
		if list[middle].Sentence < sentence {
			from = middle + 1
		} else {
			to = middle
		}
	}
	return from
}

// Mask has the bits of the sentences from one to another.
func Mask(from, to int) uint64 {
	if to-from >= 63 {
		return ^uint64(0)
	}
	return bits.RotateLeft64(1<<(to-from+1)-1, from&63)
}

// match asks for the text's language, with or without its script, or for its
// outlet's country or ownership.
func (m *origin) match(s *Scan, _ window, dst []Span) ([]Span, bool) {
	switch m.of {
	case "lang":
		return dst, s.Lang == m.value || len(s.Lang) > len(m.value) && s.Lang[len(m.value)] == '-' && s.Lang[:len(m.value)] == m.value
	case "source.country":
		return dst, s.Country == m.value
	default:
		return dst, s.Ownership == m.value
	}
}

func (m *all) match(s *Scan, w window, dst []Span) ([]Span, bool) {
	before := len(dst)
	for _, p := range m.parts {
		var ok bool
		if dst, ok = p.match(s, w, dst); !ok {
			return dst[:before], false
		}
	}
	return dst, true
}

func (m *some) match(s *Scan, w window, dst []Span) ([]Span, bool) {
	found, mask := false, Mask(int(w.from), int(w.to))
	for _, p := range m.parts {
		if !s.may(p, mask) {
			continue
		}
		var ok bool
		dst, ok = p.match(s, w, dst)
		found = found || ok
	}
	return dst, found
}

func (m *never) match(s *Scan, w window, dst []Span) ([]Span, bool) {
	places, ok := m.part.match(s, w, dst)
	return places[:len(dst)], !ok // with the room that they needed
}

// match walks both lists once: of each place of a, only the nearest places of b
// before and after it can be near enough.
func (m *near) match(s *Scan, w window, dst []Span) ([]Span, bool) {
	before := len(dst)
	dst, ok := m.a.match(s, w, dst)
	if !ok {
		return dst[:before], false
	}
	middle := len(dst)
	if dst, ok = m.b.match(s, w, dst); !ok {
		return dst[:before], false
	}
	end := len(dst)
	reach := m.words * s.Stretch / 100
	byPlace(dst[before:middle])
	byPlace(dst[middle:end])
	previous, next := middle, middle
	for i := before; i < middle; i++ {
		a := dst[i]
		for previous+1 < end && dst[previous+1].Last < a.First {
			previous++
		}
		for next < end && dst[next].First <= a.Last {
			next++
		}
		found := false
		if b := dst[previous]; b.Last < a.First && b.Sentence == a.Sentence && a.First-b.Last <= reach && s.SameClause(a, b) {
			dst, found = append(dst, b), true
		}
		if next < end {
			if b := dst[next]; b.Sentence == a.Sentence && b.First-a.Last <= reach && s.SameClause(a, b) {
				dst, found = append(dst, b), true
			}
		}
		if found {
			dst = append(dst, a)
		}
	}
	n := copy(dst[before:], dst[end:])
	return dst[:before+n], n > 0
}

// byPlace sorts places; those of one name are in order already.
func byPlace(spans []Span) {
	if !slices.IsSortedFunc(spans, comparePlaces) {
		slices.SortFunc(spans, comparePlaces)
	}
}

func comparePlaces(a, b Span) int {
	if a.First != b.First {
		return int(a.First - b.First)
	}
	return int(a.Last - b.Last)
}

func (m *within) match(s *Scan, w window, dst []Span) ([]Span, bool) {
	before := len(dst)
	dst, ok := m.a.match(s, w, dst)
	if !ok {
		return dst[:before], false
	}
	middle := len(dst)
	if dst, ok = m.b.match(s, w, dst); !ok {
		return dst[:before], false
	}
	end := len(dst)
	byPlace(dst[before:middle])
	byPlace(dst[middle:end])
	for i := before; i < middle; i++ {
		if s.neighboured(dst[i], dst[middle:end]) {
			dst = append(dst, dst[i])
		}
	}
	for i := middle; i < end; i++ {
		if s.neighboured(dst[i], dst[before:middle]) {
			dst = append(dst, dst[i])
		}
	}
	n := copy(dst[before:], dst[end:])
	return dst[:before+n], n > 0
}

// neighboured reports that one of the places in a list, which is in order,
// stands in the sentence of another place or in a neighbour of it.
func (s *Scan) neighboured(at Span, list []Span) bool {
	for sentence := max(at.Sentence-1, 0); sentence <= at.Sentence+1; sentence++ {
		i := first(list, sentence)
		if i < len(list) && list[i].Sentence == sentence && s.Neighbours(int(at.Sentence), int(sentence)) {
			return true
		}
	}
	return false
}

// Break reports whether a word parts two clauses.
func (s *Scan) Break(word int32) bool {
	_, ok := slices.BinarySearch(s.Breaks, word)
	return ok
}

// SameClause reports that no word that parts clauses stands between two places, nor
// begins the second of them.
func (s *Scan) SameClause(a, b Span) bool {
	if len(s.Breaks) == 0 {
		return true
	}
	if a.First > b.First {
		a, b = b, a
	}
	i, _ := slices.BinarySearch(s.Breaks, a.Last+1)
	return i == len(s.Breaks) || s.Breaks[i] > b.First
}

// Neighbours reports whether two sentences are the same one, or follow one
// another in a paragraph, or are the title's last and the text's first.
func (s *Scan) Neighbours(i, j int) bool {
	if i > j {
		i, j = j, i
	}
	if j-i > 1 {
		return false
	}
	a, b := s.Sentences[i].Paragraph, s.Sentences[j].Paragraph
	return a == b || a == TitleParagraph
}

func (m *scope) match(s *Scan, w window, dst []Span) ([]Span, bool) {
	switch m.kind {
	case "TITLE":
		w = s.paragraph(0)
		if s.Sentences[0].Paragraph != TitleParagraph {
			return dst, false
		}
	case "PARAGRAPH":
		w = s.paragraph(int(w.to))
	default:
		return m.sentences(s, w, dst)
	}
	return m.part.match(s, w, dst)
}

// sentences asks for each sentence of the window on its own.
func (m *scope) sentences(s *Scan, w window, dst []Span) ([]Span, bool) {
	found := false
	for i := w.from; i <= w.to; i++ {
		var ok bool
		dst, ok = m.part.match(s, window{i, i}, dst)
		found = found || ok
	}
	return dst, found
}

// paragraph is the run of sentences that share a sentence's paragraph.
func (s *Scan) paragraph(i int) window {
	from, to := i, i
	for from > 0 && s.Sentences[from-1].Paragraph == s.Sentences[i].Paragraph {
		from--
	}
	for to+1 < len(s.Sentences) && s.Sentences[to+1].Paragraph == s.Sentences[i].Paragraph {
		to++
	}
	return window{int32(from), int32(to)}
}

func (m *atLeast) match(s *Scan, w window, dst []Span) ([]Span, bool) {
	before, n := len(dst), 0
	for _, p := range m.parts {
		var ok bool
		if dst, ok = p.match(s, w, dst); ok {
			n++
		}
	}
	if n < m.n {
		return dst[:before], false
	}
	return dst, true
}
