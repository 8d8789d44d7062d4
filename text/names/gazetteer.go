package names

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"
	"unicode"

	"driftwatch/news"
	"driftwatch/text"
)

// Entity is what a Gazetteer knows of a name.
type Entity struct {
	ID        string
	Kind      string
	Countries []string
	Source    string // the list that it is from; empty: written for the project
	Offices   []Office
}

// Office is what a person holds, or held.
type Office struct {
	Title   string // president, prime minister, foreign minister
	Country string // ISO 3166
	From    Day
	To      Day // the last day; empty: still held
}

// On gives the office that a person held on a day.
func (e Entity) On(day time.Time) (Office, bool) {
	d := Day(day.Format(time.DateOnly))
	for _, o := range e.Offices {
		if o.From <= d && (o.To == "" || d <= o.To) {
			return o, true
		}
	}
	return Office{}, false
}

// Mention is a place where a name stands.
type Mention struct {
	Entity      int32 // for Gazetteer.Entity
	Title       bool  // in the title, not in the text
	First, Last int32 // words of that field, inclusive
}

// Gazetteer finds names. It doesn't change after it is made, and any number of
// goroutines may use it at once; where the names change, another one takes its
// place.
type Gazetteer struct {
	matcher  *text.Matcher
	spelling []spelling // by the number of the matcher's term
	entities []entity
	ids      string
	places   [][]string // countries, each list once
	sources  []string
	offices  map[int32][]Office
}

// spelling is one way to write an entity.
type spelling struct {
	entity   int32
	capitals uint16 // words that must have a capital letter, a bit each
	held     bool
}

// entity is an Entity in few bytes.
type entity struct {
	id     uint32 // its end in ids; it begins where the one before ends
	source uint16
	places uint16
	kind   uint8
}

// Builder collects the names of a Gazetteer.
type Builder struct {
	terms   *text.Builder
	g       *Gazetteer
	reader  text.Reader
	field   text.Field
	word    []byte
	ids     strings.Builder
	places  map[string]uint16
	sources map[string]uint16
}

// NewBuilder makes a Builder without names.
func NewBuilder() *Builder {
	return &Builder{terms: text.NewBuilder(), g: &Gazetteer{}, places: map[string]uint16{}, sources: map[string]uint16{}}
}

// maxSources is how many lists, and how many different lists of countries, a
// Gazetteer tells apart.
const maxSources = 1<<16 - 1

// Add adds a name of a list. A spelling that can't be looked for is an error;
// the others of the name are added.
func (b *Builder) Add(n news.Name) error {
	id := b.entity(n)
	var failed error
	for _, list := range [2][]string{n.Spellings, n.Respelled} {
		for _, s := range list {
			if err := b.spell(id, text.Term{Text: s}, false); err != nil {
				failed = cmp.Or(failed, fmt.Errorf("%s: %q %w", n.ID, s, err))
			}
		}
	}
	return failed
}

// AddOwn adds a name written by hand: its spellings of one word count by
// themselves, and take the endings of their language only.
func (b *Builder) AddOwn(o Own) error {
	id := b.entity(o.Name)
	if len(o.Offices) > 0 {
		if b.g.offices == nil {
			b.g.offices = map[int32][]Office{}
		}
		b.g.offices[id] = o.Offices
	}
	for _, t := range o.Terms {
		if err := b.spell(id, t, true); err != nil {
			return fmt.Errorf("%s: %q %w", o.ID, t.Text, err)
		}
	}
	return nil
}

func (b *Builder) entity(n news.Name) int32 {
	b.ids.WriteString(n.ID)
	b.g.entities = append(b.g.entities, entity{
		id: uint32(b.ids.Len()), kind: uint8(max(0, slices.Index(news.NameKinds, n.Kind))),
		places: b.place(n.Countries), source: b.source(n.SourceName),
	})
	return int32(len(b.g.entities) - 1)
}

func (b *Builder) spell(id int32, t text.Term, own bool) error {
	t.CaseSensitive = t.CaseSensitive || own && abbreviation(t.Text)
	if _, err := b.terms.Add(&t); err != nil {
		b.g.spelling = append(b.g.spelling, spelling{entity: id, held: true})
		return err
	}
	b.reader.Split(&b.field, t.Text)
	b.g.spelling = append(b.g.spelling, spelling{entity: id, capitals: capitals(&b.field), held: !own && b.heldBack()})
	return nil
}

// abbreviation reports a single word in capitals: it is looked for as it is
// written, for its letters are often those of another word.
func abbreviation(s string) bool {
	n := 0
	for _, r := range s {
		if !unicode.IsUpper(r) && !unicode.IsDigit(r) {
			return false
		}
		n++
	}
	return n <= 6
}

// capitals are the words that begin with a capital letter.
func capitals(f *text.Field) uint16 {
	var set uint16
	for i, w := range f.Words {
		if w.Flags&text.Initial != 0 {
			set |= 1 << i
		}
	}
	return set
}

// heldBack reports that the spelling in b.field counts only where another one
// of its name stands in the same article: it is a single word, or none of its
// words tells it from others.
func (b *Builder) heldBack() bool {
	if len(b.field.Words) < 2 {
		return true
	}
	for i, w := range b.field.Words {
		b.word = b.field.AppendFolded(b.word[:0], i)
		if w.Letters > 2 && w.Flags&(text.Upper|text.Lower|text.Other) != 0 && !common[string(b.word)] {
			return false
		}
	}
	return true
}

func (b *Builder) place(list []string) uint16 {
	key := strings.Join(list, " ")
	i, ok := b.places[key]
	if !ok {
		if len(b.g.places) == maxSources {
			return 0
		}
		i = uint16(len(b.g.places))
		b.places[key], b.g.places = i, append(b.g.places, slices.Clone(list))
	}
	return i
}

func (b *Builder) source(name string) uint16 {
	i, ok := b.sources[name]
	if !ok {
		if len(b.g.sources) == maxSources {
			return 0
		}
		i = uint16(len(b.g.sources))
		b.sources[name], b.g.sources = i, append(b.g.sources, strings.Clone(name))
	}
	return i
}

// Gazetteer gives the Gazetteer of all names added. The Builder is used up.
func (b *Builder) Gazetteer() *Gazetteer {
	b.g.matcher = b.terms.Matcher()
	b.g.ids = b.ids.String()
	b.g.spelling, b.g.entities = slices.Clip(b.g.spelling), slices.Clip(b.g.entities)
	return b.g
}

// Len is how many names there are.
func (g *Gazetteer) Len() int { return len(g.entities) }

// Entity gives a name's entity.
func (g *Gazetteer) Entity(i int32) Entity {
	e := &g.entities[i]
	start := uint32(0)
	if i > 0 {
		start = g.entities[i-1].id
	}
	return Entity{ID: g.ids[start:e.id], Kind: news.NameKinds[e.kind], Countries: g.places[e.places],
		Source: g.sources[e.source], Offices: g.offices[i]}
}

// Finder finds names in one article after another without garbage. It isn't
// safe for concurrent use; the zero value is ready.
type Finder struct {
	matches []text.Match
	held    []text.Match
	fields  int     // how many of held are the title's
	sure    []int32 // entities that something else than held names, ascending
	found   []Mention
}

// Find gives the names in an article, by field and place, the longer first; of
// places inside another of the same name only the outer one. The slice is valid
// until the next call.
func (fd *Finder) Find(g *Gazetteer, r *text.Reading) []Mention {
	fd.found, fd.held = fd.found[:0], fd.held[:0]
	if g == nil || len(g.entities) == 0 {
		return nil
	}
	fd.field(g, &r.Title, r.Lang, true)
	fd.fields = len(fd.held)
	fd.field(g, &r.Body, r.Lang, false)
	fd.sure = fd.sure[:0]
	for _, m := range fd.found {
		fd.sure = append(fd.sure, m.Entity)
	}
	slices.Sort(fd.sure)
	for i, m := range fd.held {
		id := g.spelling[m.Term].entity
		if _, ok := slices.BinarySearch(fd.sure, id); ok {
			fd.found = append(fd.found, Mention{id, i < fd.fields, m.First, m.Last})
		}
	}
	slices.SortFunc(fd.found, compare)
	fd.found = slices.Compact(fd.found)
	return fd.outer()
}

func (fd *Finder) field(g *Gazetteer, f *text.Field, lang string, title bool) {
	fd.matches = g.matcher.Match(f, lang, fd.matches[:0])
	for _, m := range fd.matches {
		s := g.spelling[m.Term]
		if !written(f, m, s.capitals) {
			continue
		}
		if s.held {
			fd.held = append(fd.held, m)
		} else {
			fd.found = append(fd.found, Mention{s.entity, title, m.First, m.Last})
		}
	}
}

// written reports whether the words that have a capital letter in the name have
// one in the text.
func written(f *text.Field, m text.Match, capitals uint16) bool {
	for ; capitals != 0; capitals &= capitals - 1 {
		i := int(m.First) + bits.TrailingZeros16(capitals)
		if i <= int(m.Last) && f.Words[i].Flags&text.Initial == 0 {
			return false
		}
	}
	return true
}

func compare(a, b Mention) int {
	if a.Title != b.Title {
		if a.Title {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(b.Last, a.Last), cmp.Compare(a.Entity, b.Entity))
}

// outer drops the places that lie inside another of the same name.
func (fd *Finder) outer() []Mention {
	out := fd.found[:0]
	for _, m := range fd.found {
		inside := false
		for k := len(out) - 1; k >= 0 && k >= len(out)-8; k-- {
			o := out[k]
			inside = inside || o.Entity == m.Entity && o.Title == m.Title && o.First <= m.First && m.Last <= o.Last
		}
		if !inside {
			out = append(out, m)
		}
	}
	fd.found = out
	return out
}
