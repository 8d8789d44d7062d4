package theme

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/sync/errgroup"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/rules/query"
)

// Packs are all packs together, later ones over earlier ones.
type Packs struct {
	Concepts map[string]*Concept
	Signals  []*Signal // by theme and id
	When     map[*Signal]query.Node
	Unless   map[*Signal]query.Node
	Digest   string // of the files' contents: the same packs have the same one

	sources []source
	files   []*file
	last    map[string]*Signal // by id, the last that was read
	homes   map[*Signal]home
	off     map[string]bool // signals that were switched off

	unread    configs.Errors     // files with a wrong name
	displaced map[string]*Signal // by id, the first that a later pack's took the place of
	doubled   []*Concept         // copies in other files of the same pack, which is a fault
}

// file is a document that was read, for faults found later.
type file struct {
	doc  *configs.Document
	held File
	pack int
	name string
}

// Folder is a pack in a folder of the file system, whose name stands before
// those of its files in errors.
type Folder struct {
	fs.FS
	Dir string
}

// Open gives the pack in a folder.
func Open(dir string) Folder { return Folder{os.DirFS(dir), dir} }

// Place is where something stands in the packs.
type Place struct {
	Pack         int // in the order in which they were given, from 0
	File         string
	Line, Column int
}

// Where gives the place of a key of a signal, or, where it doesn't have the
// key, of what leads to it.
func (p *Packs) Where(s *Signal, steps ...any) Place {
	h := p.homes[s]
	return h.file.place(append(configs.At("signals", h.index), steps...))
}

// WhereConcept gives the place of a concept.
func (p *Packs) WhereConcept(c *Concept) Place {
	return c.home.place(configs.At("concepts", c.ID))
}

// WhereTerm gives the place of a term.
func (p *Packs) WhereTerm(c *Concept, lang string, term int) Place {
	f, i := p.termHome(c, lang, term)
	return f.place(configs.At("concepts", c.ID, "terms", lang, i))
}

func (f *file) place(at configs.Path) Place {
	for n := len(at); n > 0; n-- {
		if pos, ok := f.doc.Pos(at[:n]); ok {
			return Place{f.pack, f.name, pos.Line, pos.Column}
		}
	}
	return Place{Pack: f.pack, File: f.name}
}

// home is where a signal stands.
type home struct {
	file  *file
	index int
}

// Load reads packs. Each holds its files in themes/ and lexicon/, or, where it
// has neither, at its root. The error is a configs.Errors with all faults of
// all files; the packs come with it, so that whoever reads on can add to them.
func Load(packs ...fs.FS) (*Packs, error) {
	p := &Packs{
		Concepts: map[string]*Concept{}, When: map[*Signal]query.Node{}, Unless: map[*Signal]query.Node{},
		last: map[string]*Signal{}, homes: map[*Signal]home{}, off: map[string]bool{},
		displaced: map[string]*Signal{},
	}
	sum := sha256.New()
	for i, pack := range packs {
		names, err := Files(pack)
		if err != nil {
			return nil, fmt.Errorf("look for packs: %w", err)
		}
		p.misnamed(pack)
		first := len(p.sources)
		for _, name := range names {
			data, err := fs.ReadFile(pack, name)
			if err != nil {
				return nil, fmt.Errorf("read pack %s: %w", name, err)
			}
			fmt.Fprintf(sum, "%d %s %d\n%s", i, name, len(data), data)
			p.sources = append(p.sources, source{i, name, data})
		}
		files := opened(pack, p.sources[first:])
		seen := map[string]bool{}
		for _, f := range files {
			p.take(f, seen)
		}
		for _, f := range files {
			p.switchOff(f)
		}
	}
	p.Digest = hex.EncodeToString(sum.Sum(nil)[:8])
	p.order()
	p.check()
	return p, p.Err()
}

// misnamed finds files that look like a pack's and aren't read.
func (p *Packs) misnamed(pack fs.FS) {
	for _, dir := range []string{"", "lexicon/", "themes/"} {
		names, _ := fs.Glob(pack, dir+"*.yml") // the pattern is sound
		for _, name := range names {
			if folder, ok := pack.(Folder); ok {
				name = path.Join(filepath.ToSlash(folder.Dir), name)
			}
			p.unread = append(p.unread, &configs.Error{File: name, Msg: "this file isn't read: the name of a pack's file ends in .yaml"})
		}
	}
}

// Broken reports whether parts of a file couldn't be read as YAML: a name that
// seems to be missing may be in them.
func (p *Packs) Broken() bool {
	return slices.ContainsFunc(p.files, func(f *file) bool { return f.doc.Broken() })
}

// Forget lets go of where things stand in the files, which takes several times
// the room of what they say. No place can be asked for after it, and no fault
// added.
func (p *Packs) Forget() {
	p.files, p.last, p.homes, p.displaced, p.doubled = nil, nil, nil, nil, nil
	for _, c := range p.Concepts {
		c.home, c.added = nil, nil
	}
}

// Err gives every fault found so far, file by file.
func (p *Packs) Err() error {
	all := slices.Clone(p.unread)
	for _, f := range p.files {
		if errs, ok := f.doc.Err().(configs.Errors); ok {
			all = append(all, errs...)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// Files lists a pack's files in the order of their names, the lexicon first.
func Files(pack fs.FS) ([]string, error) {
	var names []string
	for _, dir := range []string{"lexicon", "themes"} {
		found, err := fs.Glob(pack, dir+"/*.yaml")
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
	if len(names) > 0 {
		return names, nil
	}
	return fs.Glob(pack, "*.yaml")
}

// atOnce is how many files are read at once at most: their syntax trees take room.
const atOnce = 4

// opened reads the files of a pack, several at once.
func opened(pack fs.FS, sources []source) []*file {
	files := make([]*file, len(sources))
	var all errgroup.Group
	all.SetLimit(min(atOnce, runtime.GOMAXPROCS(0)))
	for i, s := range sources {
		all.Go(func() error {
			files[i] = open(pack, s)
			return nil
		})
	}
	all.Wait()
	return files
}

func open(pack fs.FS, s source) *file {
	name := s.name
	if folder, ok := pack.(Folder); ok {
		name = path.Join(filepath.ToSlash(folder.Dir), name)
	}
	f := &file{doc: configs.Open(path.Clean(name), s.data), pack: s.pack, name: path.Clean(name)}
	f.doc.Decode(&f.held)
	f.doc.Rest(s.data)
	return f
}

// take takes a file's concepts and signals over those read before; seen tells
// what this pack has given already.
func (p *Packs) take(f *file, seen map[string]bool) {
	p.files = append(p.files, f)
	for _, id := range slices.Sorted(maps.Keys(f.held.Concepts)) {
		c := f.held.Concepts[id]
		if seen["@"+id] {
			f.doc.FaultKey(configs.At("concepts", id), fmt.Sprintf("the concept %s is in another file of this pack too", id))
		}
		if strings.ContainsFunc(id, notInNames) {
			f.doc.FaultKey(configs.At("concepts", id), "a concept's name has letters, digits, _ and - in it, or no query can ask for it")
		}
		if id == "terms" {
			f.doc.FaultKey(configs.At("concepts", id), "terms is a key of a concept, not the name of one: indent it further than the concept's name")
		}
		c.ID, c.home = id, f
		if c.Add {
			p.add(f, &c)
			continue
		}
		if len(c.Without) > 0 {
			f.doc.FaultKey(configs.At("concepts", id, "without"), "without takes terms from an earlier pack's concept: it needs add: true")
		}
		if first := p.Concepts[id]; seen["@"+id] && first != nil {
			p.doubled = append(p.doubled, first) // its faults are told too
		}
		seen["@"+id] = true
		p.Concepts[id] = &c
	}
	for i := range f.held.Signals {
		s := &f.held.Signals[i]
		p.homes[s] = home{f, i}
		if was := p.last[s.ID]; was != nil {
			p.follow(was, s, seen[s.ID])
		}
		seen[s.ID] = true
		delete(p.off, s.ID)
		p.last[s.ID] = s
		p.Signals = append(p.Signals, s)
	}
}

// follow is what happens to a signal when another of its id is read: a later pack's
// takes its place. Within a pack that is a fault, or the second of two without an
// id, and both stay for their other faults to be told.
func (p *Packs) follow(was, s *Signal, samePack bool) {
	from, old := p.homes[s].file, p.homes[was].file
	switch {
	case !samePack:
		if p.displaced[s.ID] == nil {
			p.displaced[s.ID] = was
		}
		p.Signals = slices.DeleteFunc(p.Signals, func(x *Signal) bool { return x.ID == s.ID })
	case s.ID != "":
		other := fmt.Sprintf("line %d", p.Where(was, "id").Line)
		if old != from {
			other = fmt.Sprintf("%s:%d", old.name, p.Where(was, "id").Line)
		}
		from.doc.Fault(configs.At("signals", p.homes[s].index, "id"), fmt.Sprintf("the pack has two signals %q: the other is in %s", s.ID, other))
	}
}

// notInNames are the characters that end a name in a query.
func notInNames(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-'
}

// add adds a concept's terms to those of an earlier pack's, and takes away the
// ones that it is to be without.
func (p *Packs) add(f *file, c *Concept) {
	old := p.Concepts[c.ID]
	if old == nil && p.Broken() {
		return
	}
	if old == nil {
		f.doc.FaultKey(configs.At("concepts", c.ID), "no earlier pack has the concept "+c.ID+" to add to").Near(c.ID, p.names())
		return
	}
	sum := *old
	sum.Terms = maps.Clone(old.Terms)
	for _, lang := range slices.Sorted(maps.Keys(c.Without)) {
		for i, gone := range c.Without[lang] {
			is := func(t Term) bool { return t.Text == gone }
			if !slices.ContainsFunc(sum.Terms[lang], is) {
				f.doc.Fault(configs.At("concepts", c.ID, "without", lang, i), fmt.Sprintf("%s has no term %q in %s", c.ID, gone, lang)).
					Near(gone, texts(sum.Terms[lang]))
			}
			sum.Terms[lang] = slices.DeleteFunc(slices.Clone(sum.Terms[lang]), is)
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(c.Terms)) {
		if sum.Terms == nil {
			sum.Terms = map[string][]Term{}
		}
		if sum.added == nil {
			sum.added = map[string][]addedTerms{}
		} else {
			sum.added = maps.Clone(sum.added)
		}
		sum.added[lang] = append(slices.Clone(sum.added[lang]), addedTerms{f, len(sum.Terms[lang])})
		sum.Terms[lang] = slices.Concat(sum.Terms[lang], c.Terms[lang])
	}
	p.Concepts[c.ID] = &sum
}

// texts are the terms as they are written.
func texts(terms []Term) []string {
	all := make([]string, len(terms))
	for i, t := range terms {
		all[i] = t.Text
	}
	return all
}

// Displaced is the earlier pack's signal of the same id that a signal stands in
// the place of; nil where there was none.
func (p *Packs) Displaced(s *Signal) *Signal { return p.displaced[s.ID] }

// Off lists the ids of the signals that are switched off.
func (p *Packs) Off() []string { return slices.Sorted(maps.Keys(p.off)) }

// switchOff takes out the signals that a file switches off.
func (p *Packs) switchOff(f *file) {
	for i, id := range f.held.Off {
		if p.last[id] == nil {
			f.doc.Fault(configs.At("off", i), "there is no signal "+id+" to switch off").Near(id, slices.Collect(maps.Keys(p.last)))
			continue
		}
		p.off[id] = true
		p.Signals = slices.DeleteFunc(p.Signals, func(s *Signal) bool { return s.ID == id })
	}
}

// order makes the result independent of the order of files.
func (p *Packs) order() {
	slices.SortStableFunc(p.Signals, func(a, b *Signal) int {
		return cmp.Or(cmp.Compare(a.Theme, b.Theme), cmp.Compare(a.ID, b.ID))
	})
}

// Languages are those that a term or a signal may be in; "any" is for terms.
var Languages = []string{"en", "ru", "kk", "ky", "uz", "tg", "tk", "any"}

func (p *Packs) check() {
	for _, id := range slices.Sorted(maps.Keys(p.Concepts)) {
		p.checkConcept(p.Concepts[id])
	}
	for _, c := range p.doubled {
		p.checkConcept(c)
	}
	for _, s := range p.Signals {
		p.checkSignal(s)
	}
}

func (p *Packs) checkConcept(c *Concept) {
	doc := c.home.doc
	at := func(steps ...any) configs.Path { return append(configs.At("concepts", c.ID), steps...) }
	for i, id := range c.Hides {
		if p.Concepts[id] == nil && !p.Broken() {
			doc.Fault(at("hides", i), "there is no concept "+id).Near(id, p.names())
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(c.Terms)) {
		terms := c.Terms[lang]
		if !slices.Contains(Languages, lang) {
			doc.FaultKey(at("terms", lang), lang+" is none of the languages that are read: "+strings.Join(Languages, ", ")).Hint = query.NearestLanguage(lang)
		}
		if terms != nil && len(terms) == 0 {
			doc.Fault(at("terms", lang), "a list without terms: give it one, or leave "+lang+" out")
		}
		for i, t := range terms {
			if strings.HasPrefix(t.Text, "@") || strings.HasPrefix(t.Text, "#") {
				p.FaultConcept(c, lang, i, "a term is words, not a name: where one name or another may stand, the query says (@one OR @other)")
			}
			for _, name := range t.Near {
				if p.Concepts[strings.TrimPrefix(name, "@")] == nil && !p.Broken() {
					p.FaultConcept(c, lang, i, "there is no concept "+name).Near(name, p.namesAs(name))
				}
			}
		}
	}
}

// namesAs are the concepts' names, with the sign where a wrong one has it.
func (p *Packs) namesAs(wrong string) []string {
	names := p.names()
	if strings.HasPrefix(wrong, "@") {
		for i := range names {
			names[i] = "@" + names[i]
		}
	}
	return names
}

func (p *Packs) names() []string { return slices.Sorted(maps.Keys(p.Concepts)) }

func (p *Packs) checkSignal(s *Signal) {
	for _, text := range []struct{ key, value, lacks string }{
		{"id", s.ID, "a signal needs an id"},
		{"theme", string(s.Theme), "a signal needs a theme"},
		{"title", s.Title, "a signal needs a title for people"},
	} {
		if text.value == "" {
			p.needs(s, text.key, text.lacks, text.lacks)
		}
	}
	if at := strings.IndexFunc(s.ID, notInNames); at >= 0 {
		p.Fault(s, "id", fmt.Sprintf("a signal's id is made of letters, digits, _ and -: %q isn't one of them", []rune(s.ID[at:])[0]))
	}
	if s.Level < 1 || s.Level > 5 {
		p.needs(s, "level", "a signal needs a level from 1 to 5", "the level must be from 1 to 5")
	}
	if !slices.Contains(directions, s.Direction) {
		p.needs(s, "direction", "a signal needs a direction: apart, closer, contested or none",
			"the direction must be one of apart, closer, contested and none").
			Near(string(s.Direction), []string{"apart", "closer", "contested", "none"})
	}
	if s.Tie != "" && s.Tie != "implied" {
		p.Fault(s, "tie", "the tie is left out or implied")
	}
	if s.By != "" && s.By != "own" {
		p.Fault(s, "by", "who acts is left out or own")
	}
	for i, c := range s.Countries {
		if !slices.Contains(news.Countries, c) {
			p.fault(s, configs.At("countries", i), "the country must be one of "+strings.Join(news.Countries, ", "))
		}
	}
	for i, id := range s.Beats {
		p.checkBeaten(s, i, id)
	}
	for i, lang := range s.Languages {
		if !slices.Contains(Languages[:len(Languages)-1], lang) {
			p.fault(s, configs.At("languages", i), lang+" is none of the languages that are read: "+strings.Join(Languages[:len(Languages)-1], ", ")).
				Hint = query.NearestLanguage(lang)
		}
	}
	p.checkTests(s)
	p.parse(s, "when", s.When, p.When)
	p.parse(s, "unless", s.Unless, p.Unless)
}

// checkBeaten looks at one of the signals that a signal stands for.
func (p *Packs) checkBeaten(s *Signal, i int, id string) {
	at := configs.At("beats", i)
	o := p.last[id]
	switch {
	case o == nil && p.Broken():
	case o == nil:
		p.fault(s, at, "there is no signal "+id).Near(id, slices.Collect(maps.Keys(p.last)))
	case id == s.ID:
		p.fault(s, at, "a signal can't stand for itself")
	default:
		if o.Theme != s.Theme && s.Theme != "" && o.Theme != "" && p.displaced[id] == nil {
			p.fault(s, at, fmt.Sprintf("%s is of the theme %s: a signal stands for others of its own theme, %s", id, o.Theme, s.Theme))
		}
		if round := p.round(s, o, map[string]bool{}); slices.Contains(o.Beats, s.ID) && !p.off[id] {
			p.fault(s, at, fmt.Sprintf("%s and %s beat each other: where both match, neither would be told", s.ID, id))
		} else if len(round) > 0 {
			p.fault(s, at, fmt.Sprintf("these beat each other in a round: %s: where all match, none would be told", strings.Join(round, " beats ")))
		}
	}
}

// round is the way back to a signal along the signals that o stands for, each once;
// nil where there is none.
func (p *Packs) round(s, o *Signal, seen map[string]bool) []string {
	seen[o.ID] = true
	for _, id := range o.Beats {
		if id == s.ID {
			return []string{s.ID, o.ID, s.ID}
		}
		next := p.last[id]
		if next == nil || seen[id] || p.off[id] {
			continue
		}
		if way := p.round(s, next, seen); way != nil {
			return slices.Insert(way, 1, o.ID)
		}
	}
	return nil
}

// checkTests holds a signal's tests to what can be run.
func (p *Packs) checkTests(s *Signal) {
	for _, kind := range []struct {
		key   string
		cases []Case
	}{{"match", s.Tests.Match}, {"miss", s.Tests.Miss}} {
		for i, c := range kind.cases {
			at := func(steps ...any) configs.Path { return append(configs.At("tests", kind.key, i), steps...) }
			if h := p.homes[s]; h.file.doc.Faulty(append(configs.At("signals", h.index), at()...)) {
				continue // it is no group of keys and values
			}
			if !slices.Contains(Languages[:len(Languages)-1], c.Lang) {
				p.fault(s, at("lang"), "a test says what language it is in: one of "+strings.Join(Languages[:len(Languages)-1], ", ")).
					Hint = query.NearestLanguage(c.Lang)
			}
			if c.Title == "" && c.Text == "" && !p.slipped(s, at(), "text", "title") {
				p.fault(s, at(), "a test needs a text, a title or both")
			}
			for j, code := range c.Countries {
				if !slices.Contains(news.Countries, code) {
					p.fault(s, at("countries", j), "the country must be one of "+strings.Join(news.Countries, ", "))
				}
			}
			if c.Direction != "" && !slices.Contains(directions, c.Direction) {
				p.fault(s, at("direction"), "the direction must be one of apart, closer, contested and none").
					Near(string(c.Direction), []string{"apart", "closer", "contested", "none"})
			}
			if kind.key == "miss" && (len(c.Countries) > 0 || c.Direction != "") {
				p.fault(s, at(), "a miss finds nothing: it has neither countries nor a direction")
			}
		}
	}
}

var directions = []news.Direction{news.Apart, news.Closer, news.Contested, news.None}

func (p *Packs) parse(s *Signal, key, src string, into map[*Signal]query.Node) {
	if src == "" {
		if key == "when" {
			p.needs(s, key, "a signal needs a query: when: …",
				"a query is missing here: it stands in quotes, since a # outside them begins a comment in YAML")
		}
		return
	}
	n, err := query.Parse(src)
	if err != nil {
		for _, one := range err.(query.Errors) {
			p.FaultIn(s, key, one)
		}
	}
	if n != nil {
		into[s] = n
	}
}

// needs adds a fault at a key whose value can't be: lacks where the signal is
// without the key, else wrong. Where a fault tells of it already, as of a slip
// in the key or a value of another type, it adds none, and gives one that
// nobody sees.
func (p *Packs) needs(s *Signal, key, lacks, wrong string) *configs.Error {
	h := p.homes[s]
	doc, at := h.file.doc, configs.At("signals", h.index, key)
	switch _, given := doc.Pos(at); {
	case given && !doc.Faulty(at):
		return p.Fault(s, key, wrong)
	case !given && !p.slipped(s, nil, key):
		return p.Fault(s, key, lacks)
	}
	return &configs.Error{}
}

// slipped reports whether a group of a signal's has one of the keys under a name
// that was taken for a slip.
func (p *Packs) slipped(s *Signal, at configs.Path, keys ...string) bool {
	h := p.homes[s]
	in := append(configs.At("signals", h.index), at...)
	return slices.ContainsFunc(keys, func(key string) bool { return h.file.doc.Slipped(in, key) })
}

// Fault adds a fault at a key of a signal.
func (p *Packs) Fault(s *Signal, key, msg string) *configs.Error {
	return p.fault(s, configs.At(key), msg)
}

func (p *Packs) fault(s *Signal, at configs.Path, msg string) *configs.Error {
	h := p.homes[s]
	return h.file.doc.Fault(append(configs.At("signals", h.index), at...), msg)
}

// FaultIn adds a fault at a place of a signal's query.
func (p *Packs) FaultIn(s *Signal, key string, e *query.Error) {
	h := p.homes[s]
	f := h.file.doc.FaultIn(configs.At("signals", h.index, key), e.Place.Start, e.Msg)
	f.Hint = e.Hint
}

// FaultConcept adds a fault at a term of a concept.
func (p *Packs) FaultConcept(c *Concept, lang string, term int, msg string) *configs.Error {
	f, i := p.termHome(c, lang, term)
	return f.doc.Fault(configs.At("concepts", c.ID, "terms", lang, i), msg)
}

// termHome is the file that a term stands in, and its number there.
func (p *Packs) termHome(c *Concept, lang string, term int) (*file, int) {
	f, from := c.home, 0
	for _, added := range c.added[lang] {
		if term >= added.from {
			f, from = added.file, added.from
		}
	}
	return f, term - from
}

// TermPack gives the number of the pack that a term stands in; those of later
// packs come after those of earlier ones.
func (p *Packs) TermPack(c *Concept, lang string, term int) int {
	f, _ := p.termHome(c, lang, term)
	return f.pack
}

// addedTerms are the terms of a language from a number on that another file
// added to a concept.
type addedTerms struct {
	file *file
	from int
}
