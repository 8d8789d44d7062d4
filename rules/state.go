package rules

import (
	"cmp"
	"slices"
	"strings"

	"driftwatch/news"
	"driftwatch/rules/query"
	"driftwatch/text"
)

// long is how many sentences of body a text may have and still be taken as one
// report of one event; longer ones are read place by place.
const long = 15

// state is one text being read. It is used again for the next one.
type state struct {
	engine *Engine
	text   *text.Reading
	about  About
	scan   query.Scan

	titleWords     int // in the numbering of scan
	titleSentences int
	long           bool

	raw        []text.Match
	waiting    []waiting
	touched    []int // names with postings
	candidates []int // signals that may match
	seen       []bool
	mentions   []mention
	spans      []query.Span
	ending     []query.Span // what a signal's unless rests on
	predicates []query.Span // of acts
	objects    []query.Span // of withheld
	store      []query.Span // the places of the matches of the text
	found      []match
	lost       []loss
	evident    []news.Evidence
	marked     []news.Span // words of evident
	shown      []leg       // of legs
	anchors    []int32
	endings    []query.Span // of ends
	polarity   []polarity   // of the places that begin at each word
	fold       []byte
}

// polarity is what is known of a place: where it ends, one more than its last
// word, and whether it is negated.
type polarity struct {
	end     int32
	negated bool
}

// waiting is a place of a term that counts only near others.
type waiting struct {
	term *term
	at   query.Span
}

func newState(e *Engine) *state {
	s := &state{engine: e, seen: make([]bool, len(e.signals))}
	s.scan.Postings = make([][]query.Span, len(e.names))
	s.scan.Masks = make([]uint64, len(e.names))
	s.scan.Negated = s.negated
	return s
}

// read fills the postings of a text.
func (s *state) read(r *text.Reading, a About) {
	s.clear()
	s.text, s.about = r, a
	s.scan.Lang, s.scan.Country, s.scan.Ownership = r.Lang, a.Country, a.Ownership
	s.titleWords, s.titleSentences = len(r.Title.Words), len(r.Title.Sentences)
	s.long = len(r.Body.Sentences) > long
	s.scan.Stretch = stretch(r.Lang)
	s.polarity = slices.Grow(s.polarity[:0], s.titleWords+len(r.Body.Words))[:s.titleWords+len(r.Body.Words)]
	clear(s.polarity)
	s.sentences(&r.Title, 0, 0)
	s.sentences(&r.Body, s.titleWords, 1)
	in := langsOf(r.Lang)
	s.match(&r.Title, in, 0, 0)
	s.match(&r.Body, in, s.titleWords, s.titleSentences)
	s.named()
	s.join()
	s.breaks()
	s.near()
	s.hide()
}

// breaks lists the words that part clauses: "but" and its like, what stands behind a
// semicolon, and what a comma parts for a country to be set against another: "а
// Кыргызстан", "Qirg‘iziston esa". One that begins a sentence
// parts nothing, nor does the "yet" of "not yet" and "has yet to".
func (s *state) breaks() {
	s.scan.Breaks = s.scan.Breaks[:0]
	s.semicolons(&s.text.Title, 0)
	s.semicolons(&s.text.Body, s.titleWords)
	for _, at := range s.placesOf(s.engine.marks.but) {
		if at.First != s.scan.Sentences[at.Sentence].First && !s.notYet(at) {
			s.scan.Breaks = append(s.scan.Breaks, at.First)
		}
	}
	for _, at := range s.placesOf(s.engine.marks.setAgainst) {
		if s.flags(at.First, at.Sentence)&text.Apart != 0 && s.namesCountry(at.Last+1, at.Last+topicWords) {
			s.scan.Breaks = append(s.scan.Breaks, at.First)
		}
	}
	for _, at := range s.placesOf(s.engine.marks.asFor) {
		if w, ok := s.topic(at); ok {
			s.scan.Breaks = append(s.scan.Breaks, w)
		}
	}
	slices.Sort(s.scan.Breaks)
	s.scan.Breaks = slices.Compact(s.scan.Breaks)
}

// placesOf are the places of a concept that the engine asks for; none where no pack has it.
func (s *state) placesOf(mark int) []query.Span {
	if mark < 0 {
		return nil
	}
	return s.scan.Postings[mark]
}

// topicWords is among how many words the country stands that is set against another.
const topicWords = 3

// topic is the word behind a comma with which a clause begins that is about another
// country, named before a particle: "Қырғызстан болса", "Қирғизистон бошад".
func (s *state) topic(particle query.Span) (word int32, ok bool) {
	for w := particle.First - 1; w > max(s.scan.Sentences[particle.Sentence].First, particle.First-1-topicWords); w-- {
		if s.flags(w, particle.Sentence)&text.Apart != 0 {
			return w, s.namesCountry(w, particle.First-1)
		}
	}
	return 0, false
}

// namesCountry reports that a country is named in the words from one to another.
func (s *state) namesCountry(from, to int32) bool {
	return slices.ContainsFunc(s.touched, func(n int) bool {
		return s.engine.names[n].country != nobody && slices.ContainsFunc(s.scan.Postings[n], func(at query.Span) bool {
			return from <= at.First && at.Last <= to
		})
	})
}

// notYet reports a "yet" that tells of time.
func (s *state) notYet(at query.Span) bool {
	if s.hash(at.First, at.Sentence) != yet {
		return false
	}
	last := s.scan.Sentences[at.Sentence].Last
	return before[s.hash(at.First-1, at.Sentence)] > 0 || at.First < last && string(s.folded(at.First+1, at.Sentence)) == "to"
}

// semicolons lists the words of a field that stand behind a semicolon.
func (s *state) semicolons(f *text.Field, words int) {
	for at := 0; ; {
		i := strings.IndexByte(f.Text[at:], ';')
		if i < 0 {
			return
		}
		at += i + 1
		w, _ := slices.BinarySearchFunc(f.Words, int32(at), func(w text.Word, at int32) int { return cmp.Compare(int32(w.Start), at) })
		if w < len(f.Words) && int32(w) > f.Sentences[f.Words[w].Sentence].FirstWord {
			s.scan.Breaks = append(s.scan.Breaks, int32(w+words))
		}
	}
}

// named gives the names that a gazetteer found to the queries that ask for
// them.
func (s *state) named() {
	if len(s.engine.entities) == 0 {
		return
	}
	for _, n := range s.about.Names {
		at, ok := s.placeOf(n)
		if !ok {
			continue
		}
		for _, id := range [2]string{n.ID, query.AnyEntity} {
			if name, asked := s.engine.entities[id]; asked {
				at.Name = int32(name)
				s.post(at)
			}
		}
	}
}

// placeOf numbers a name's words as the scan does; false for words that the
// text doesn't have.
func (s *state) placeOf(n Named) (query.Span, bool) {
	f, words, sentences := &s.text.Title, int32(0), int32(0)
	if !n.Title {
		f, words, sentences = &s.text.Body, int32(s.titleWords), int32(s.titleSentences)
	}
	if n.First < 0 || n.Last < n.First || int(n.Last) >= len(f.Words) {
		return query.Span{}, false
	}
	return query.Span{First: n.First + words, Last: n.Last + words, Sentence: f.Words[n.First].Sentence + sentences}, true
}

// entities lists the entities in the evidence of matches, in the order in which
// they are named, each once.
func (s *state) entities(same []match) []string {
	var ids []string
	for _, n := range s.about.Names {
		at, ok := s.placeOf(n)
		if !ok || slices.Contains(ids, n.ID) {
			continue
		}
		if slices.ContainsFunc(same, func(m match) bool { return m.from <= int(at.Sentence) && int(at.Sentence) <= m.to }) {
			ids = append(ids, n.ID)
		}
	}
	return ids
}

func (s *state) clear() {
	for _, n := range s.touched {
		s.scan.Postings[n] = s.scan.Postings[n][:0]
		s.scan.Masks[n] = 0
	}
	for _, i := range s.candidates {
		s.seen[i] = false
	}
	s.touched, s.candidates = s.touched[:0], s.candidates[:0]
	s.scan.Sentences, s.waiting = s.scan.Sentences[:0], s.waiting[:0]
	s.mentions, s.store = s.mentions[:0], s.store[:0]
}

// stretch widens NEAR for languages whose verb stands at the end.
func stretch(lang string) int32 {
	switch langsOf(lang) {
	case langsOf("en"), langsOf("ru"):
		return 100
	}
	return 160
}

func (s *state) sentences(f *text.Field, words int, paragraphs int32) {
	for i := range f.Sentences {
		x := &f.Sentences[i]
		s.scan.Sentences = append(s.scan.Sentences, query.Sentence{
			First: x.FirstWord + int32(words), Last: x.LastWord + int32(words),
			Paragraph: x.Paragraph*min(paragraphs, 1) + paragraphs,
		})
	}
}

// match turns a field's matches into postings.
func (s *state) match(f *text.Field, in langs, words, sentences int) {
	s.raw = s.engine.matcher.Match(f, s.text.Lang, s.raw[:0])
	for _, m := range s.raw {
		t := &s.engine.terms[m.Term]
		if t.langs&in == 0 {
			if lang := f.LangAt(int(m.First), s.text.Lang); lang == s.text.Lang || t.langs&langsOf(lang) == 0 {
				continue
			}
		}
		at := query.Span{
			First: m.First + int32(words), Last: m.Last + int32(words),
			Sentence: f.Words[m.First].Sentence + int32(sentences), Name: t.name,
		}
		s.postTerm(t, at)
	}
}

// postTerm posts a place of a term, or keeps it until it is known what stands
// near it.
func (s *state) postTerm(t *term, at query.Span) {
	if len(t.of) > 0 {
		s.waiting = append(s.waiting, waiting{t, at})
		return
	}
	s.post(at)
}

// post appends a place to its name's, once.
func (s *state) post(at query.Span) {
	list := s.scan.Postings[at.Name]
	if len(list) == 0 {
		s.touched = append(s.touched, int(at.Name))
	}
	for i := len(list) - 1; i >= 0 && list[i].First == at.First; i-- {
		if list[i] == at {
			return
		}
	}
	s.scan.Postings[at.Name] = append(list, at)
	s.scan.Masks[at.Name] |= query.Mask(int(at.Sentence), int(at.Sentence))
}

// near lets those places in whose term stands near what it needs.
func (s *state) near() {
	for _, w := range s.waiting {
		t := w.term
		if !slices.ContainsFunc(t.of, func(n int) bool { return s.anyNear(n, w.at, t.words) }) {
			continue
		}
		s.post(w.at)
		s.inOrder(int(t.name))
	}
}

func (s *state) anyNear(n int, at query.Span, words int32) bool {
	reach := words * s.scan.Stretch / 100
	return slices.ContainsFunc(s.scan.Postings[n], func(o query.Span) bool {
		return o.Sentence == at.Sentence && o.First-at.Last <= reach && at.First-o.Last <= reach &&
			(o.Last < at.First || o.First > at.Last) && s.scan.SameClause(at, o)
	})
}

// hide drops the places that a longer term of another concept swallows.
func (s *state) hide() {
	for _, n := range s.touched {
		name := &s.engine.names[n]
		for _, hidden := range name.hides {
			s.swallow(n, hidden)
		}
		if !name.swallows {
			continue
		}
		for _, hidden := range s.touched {
			if hidden != n {
				s.swallow(n, hidden)
			}
		}
	}
}

// swallow drops the places of one name that lie inside those of another.
func (s *state) swallow(by, hidden int) {
	long, short := s.scan.Postings[by], s.scan.Postings[hidden]
	if len(long) == 0 || len(short) == 0 {
		return
	}
	s.scan.Postings[hidden] = slices.DeleteFunc(short, func(h query.Span) bool {
		return slices.ContainsFunc(long, func(o query.Span) bool { return o.First <= h.First && h.Last <= o.Last })
	})
}

// possible collects the signals all of whose needs the text has.
func (s *state) possible() bool {
	for _, n := range s.touched {
		for _, i := range s.engine.anchors[n] {
			if !s.seen[i] && s.has(s.engine.signals[i].needs) {
				s.seen[i] = true
				s.candidates = append(s.candidates, i)
			}
		}
	}
	slices.Sort(s.candidates)
	return len(s.candidates) > 0
}

func (s *state) has(needs [][]int) bool {
	for _, set := range needs {
		if !slices.ContainsFunc(set, func(n int) bool { return len(s.scan.Postings[n]) > 0 }) {
			return false
		}
	}
	return true
}

// field gives the field of a word or sentence, and what to take off its number.
func (s *state) field(sentence int32) (f *text.Field, words, sentences int32) {
	if int(sentence) < s.titleSentences {
		return &s.text.Title, 0, 0
	}
	return &s.text.Body, int32(s.titleWords), int32(s.titleSentences)
}

// folded is a word's folded form, valid until the next call.
func (s *state) folded(word, sentence int32) []byte {
	f, words, _ := s.field(sentence)
	s.fold = f.AppendFolded(s.fold[:0], int(word-words))
	return s.fold
}

// hash is that of a word's folded form.
func (s *state) hash(word, sentence int32) uint64 {
	f, words, _ := s.field(sentence)
	return f.Words[word-words].Hash
}

// hashed is a table of folded words by their hashes, with which no word of a
// text has to be folded to be looked for.
func hashed[V any](words map[string]V) map[uint64]V {
	m := make(map[uint64]V, len(words))
	for w, v := range words {
		m[text.Hash(w)] = v
	}
	return m
}

// words is a set of folded words by their hashes, as [hashed] has tables of them.
func words(list ...string) map[uint64]bool {
	m := make(map[uint64]bool, len(list))
	for _, w := range list {
		m[text.Hash(w)] = true
	}
	return m
}

// flags are how a word is written.
func (s *state) flags(word, sentence int32) text.Flags {
	f, words, _ := s.field(sentence)
	return f.Words[word-words].Flags
}
