package story

import (
	"cmp"
	"slices"
	"time"

	"driftwatch/text"
)

// Concept is an occurrence of something that the caller's word lists know in
// all languages: CSTO and ОДКБ are one concept.
type Concept struct {
	ID      string
	Country string // ISO 3166 alpha-2 of a country or a place in it; else empty
	City    bool   // names a city or region there: which one is told by its words
	Title   bool   // in the title
	From    int    // its words in the title or the body are [From, To)
	To      int
}

// kind is what a term of a sketch is.
type kind uint8

const (
	stemKind    kind = iota // a word's stem, of one language
	nameKind                // a name by its skeleton
	wordKind                // another long word by its skeleton: loanwords
	numberKind              // at least two digits
	conceptKind             // of the word lists
	countryKind             // of the word lists
	dayKind                 // a date that is written in the title
	signalKind              // what the article was flagged with
	cityKind                // in the title, by its skeleton
	kinds
)

// kept is how many terms of a kind a sketch keeps.
var kept = [kinds]int{stemKind: 40, nameKind: 16, wordKind: 10, numberKind: 8, conceptKind: 10, countryKind: 6, dayKind: 2, signalKind: 8, cityKind: 3}

// term is a word of a sketch.
type term struct {
	key    uint32 // of kind and word
	kind   kind
	weight uint8 // of its idf and how often it occurs, in sixteenths
	where  uint8 // bits: inTitle, isProbe
}

// inTitle is where a term stands: in the title, or in the first sentence of an
// article without one.
const (
	inTitle uint8 = 1 << iota
	isProbe       // one of those that the article is found by
)

// probes is how many of its heaviest terms an article is found by.
const probes = 32

// Sketch is what is kept of an article to find its story: the heaviest of its
// words, names, numbers and concepts, and its print.
type Sketch struct {
	Lang     string // as text.Reading has it
	Digest   bool   // joins several stories, and belongs to none
	untitled bool
	print    Print
	terms    []term // ascending by key
}

// Draw makes the sketch of an article. at is when it was published, by which
// days of the week are read; the zero time where that isn't known.
func Draw(r *text.Reading, concepts []Concept, at time.Time) *Sketch {
	d := collect(r, concepts)
	d.days(&r.Title, at)
	s := DrawText(r)
	s.terms = d.terms()
	return s
}

// Flagged adds what the article was flagged with, one string for each signal,
// country and direction: that two articles have one in common makes it likelier
// that they tell of one event. Of more than eight the first count.
func (s *Sketch) Flagged(signals []string) {
	for _, id := range signals[:min(len(signals), kept[signalKind])] {
		t := term{key: uint32(mix(hashOf(id), uint64(signalKind)+1) >> 32), kind: signalKind, weight: 16}
		i, found := slices.BinarySearchFunc(s.terms, t, func(x, y term) int { return cmp.Compare(x.key, y.key) })
		if !found {
			s.terms = slices.Insert(s.terms, i, t)
		}
	}
}

// DrawText makes a sketch of an article by which copies of its text are found,
// and nothing else.
func DrawText(r *text.Reading) *Sketch {
	return &Sketch{Lang: r.Lang, Digest: IsDigest(r), untitled: len(r.Title.Words) == 0, print: Fingerprint(r)}
}

// Vocabulary gives the keys of all terms of an article, for Counts.
func Vocabulary(r *text.Reading, concepts []Concept) []uint32 {
	d := collect(r, concepts)
	keys := make([]uint32, 0, len(d.found))
	for h := range d.found {
		keys = append(keys, uint32(h>>32))
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// collect finds the terms of an article, all but the days.
func collect(r *text.Reading, concepts []Concept) *drawing {
	d := &drawing{lang: r.Lang, found: map[uint64]*finding{}, lead: -1}
	if len(r.Title.Words) == 0 {
		d.lead = 0
	}
	d.field(&r.Title, inTitle, !allCapitals(&r.Title), covered(concepts, true, len(r.Title.Words)))
	d.field(&r.Body, 0, true, covered(concepts, false, len(r.Body.Words)))
	for _, c := range concepts {
		where := uint8(0)
		if c.Title {
			where = inTitle
		}
		if c.Country != "" {
			d.add(countryKind, hashOf(c.Country), where)
		} else {
			d.add(conceptKind, hashOf(c.ID), where)
		}
	}
	return d
}

// What covers a word.
const (
	byConcept uint8 = 1 << iota
	byCity
)

// covered says which words of a field are of a concept. They count as that, not
// as names and loanwords too.
func covered(concepts []Concept, title bool, words int) []uint8 {
	out := make([]uint8, words)
	for _, c := range concepts {
		if c.Title != title {
			continue
		}
		for i := max(c.From, 0); i < min(c.To, words); i++ {
			out[i] |= byConcept
			if c.City {
				out[i] |= byCity
			}
		}
	}
	return out
}

// hashOf hashes a name that isn't of a text.
func hashOf(s string) uint64 {
	h := uint64(6)
	for i := range len(s) {
		h = mix(h, uint64(s[i]))
	}
	return h
}

// drawing collects the terms of an article.
type drawing struct {
	lang  string
	lead  int32 // the sentence of the body that stands for the title, -1: none
	found map[uint64]*finding
	buf   []byte
}

type finding struct {
	kind  kind
	times int
	where uint8
	order int
}

func (d *drawing) add(k kind, h uint64, where uint8) {
	if k == wordKind { // the same name may begin a sentence elsewhere
		h = mix(h, uint64(nameKind)+1)
	} else {
		h = mix(h, uint64(k)+1)
	}
	f := d.found[h]
	if f == nil {
		f = &finding{kind: k, order: len(d.found)}
		d.found[h] = f
	}
	f.kind = min(f.kind, k)
	f.times++
	f.where |= where
}

// field adds the words of a field. Without capitals a capital letter says
// nothing of a name.
func (d *drawing) field(f *text.Field, where uint8, capitals bool, covered []uint8) {
	for i := range f.Words {
		w := &f.Words[i]
		if w.Letters > text.MaxWord {
			continue
		}
		at := where
		if where == 0 && w.Sentence == d.lead {
			at = inTitle
		}
		d.buf = f.AppendFolded(d.buf[:0], i)
		if w.Flags&text.Digit != 0 {
			d.number(at)
			continue
		}
		lang := d.lang
		if p := f.Paragraphs[w.Paragraph].Lang; p != "" {
			lang = p
		}
		stem := d.buf[:runeBytes(d.buf, f.Stem(i, lang))]
		if w.Letters >= 3 {
			d.add(stemKind, stemHash(stem, lang), at)
		}
		city := covered[i]&byCity != 0 && at&inTitle != 0
		if covered[i] != 0 && !city {
			continue
		}
		begins := int32(i) == f.Sentences[w.Sentence].FirstWord
		name := capitals && w.Flags&text.Initial != 0 && (!begins || w.Flags&text.Lower == 0)
		key, n := skeleton(nameStem(f, i, d.buf, lang), lang)
		switch {
		case city:
			d.add(cityKind, key, at)
		case name && n >= 2 && w.Letters >= 3:
			d.add(nameKind, key, at)
		case n >= 4, n == 3 && begins && w.Flags&text.Initial != 0:
			d.add(wordKind, key, at)
		}
	}
}

// number adds the number in buf: its digits, so that 12,5 is 12.5.
func (d *drawing) number(where uint8) {
	h, n := uint64(7), 0
	for _, c := range d.buf {
		if c >= '0' && c <= '9' {
			h, n = mix(h, uint64(c)), n+1
		}
	}
	if n >= 2 || n == 1 && where&inTitle != 0 {
		d.add(numberKind, h, where)
	}
}

// days adds the days that are written in a title.
func (d *drawing) days(f *text.Field, at time.Time) {
	if at.IsZero() {
		at = time.Date(2000, 1, 5, 12, 0, 0, 0, time.UTC)
	}
	for _, day := range text.Dates(nil, f, at) {
		if day.Precision == text.PrecisionDay {
			d.add(dayKind, uint64(day.Time.Unix()), inTitle)
		}
	}
}

// stemHash is the hash of a stem of a language.
func stemHash(stem []byte, lang string) uint64 {
	h := hashOf(lang)
	for _, c := range stem {
		h = mix(h, uint64(c))
	}
	return h
}

// terms are the heaviest of what was found.
func (d *drawing) terms() []term {
	var of [kinds][]ranked
	for h, f := range d.found {
		key := uint32(h >> 32)
		w := weight(d.lang, f.kind, key) * tf(f)
		if w > 0 {
			of[f.kind] = append(of[f.kind], ranked{term{key, f.kind, uint8(min(16*w, 255)), f.where}, w, f.order})
		}
	}
	var out []term
	for k, list := range of {
		slices.SortFunc(list, func(a, b ranked) int {
			return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.order, b.order))
		})
		for _, r := range list[:min(len(list), kept[k])] {
			out = append(out, r.term)
		}
	}
	slices.SortFunc(out, func(a, b term) int { return cmp.Compare(a.key, b.key) })
	out = slices.CompactFunc(out, func(a, b term) bool { return a.key == b.key })
	markProbes(out)
	return out
}

// markProbes marks the terms that an article is found by: not its countries and
// days, which too many share.
func markProbes(terms []term) {
	order := make([]int, 0, len(terms))
	for i, t := range terms {
		if t.kind < countryKind {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(terms[j].weight, terms[i].weight), cmp.Compare(i, j))
	})
	for _, i := range order[:min(len(order), probes)] {
		terms[i].where |= isProbe
	}
}

type ranked struct {
	term
	weight float64
	order  int
}

// tf is how much more a term counts that occurs often, or in the title.
func tf(f *finding) float64 {
	n := min(f.times, 8)
	if f.where&inTitle != 0 {
		n += 2
	}
	return logs[n]
}

// logs are 1 + ln n.
var logs = [...]float64{0, 1, 1.69, 2.10, 2.39, 2.61, 2.79, 2.95, 3.08, 3.20, 3.30}
