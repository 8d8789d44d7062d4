package names

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/text"
)

// Own is a name written by hand, in YAML: its spellings by language.
type Own struct {
	news.Name
	Terms   []text.Term
	Offices []Office
}

// Day is a day, 2006-01-02; empty: unknown.
type Day string

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Day) UnmarshalText(b []byte) error {
	if _, err := time.Parse(time.DateOnly, string(b)); err != nil {
		return errors.New("a day is expected, as 2024-03-01")
	}
	*d = Day(b)
	return nil
}

// Languages are what spellings may be given in: the seven that are read, and
// any, which takes the endings of the text's language.
var Languages = []string{"any", "en", "ru", "kk", "ky", "uz", "tg", "tk"}

type ownFile struct {
	Names []ownName `yaml:"names"`
}

type ownName struct {
	ID        string              `yaml:"id"`
	Kind      string              `yaml:"kind"`
	Countries []string            `yaml:"countries"`
	Terms     map[string][]string `yaml:"terms"`
	Demonyms  map[string][]string `yaml:"demonyms"`
	Offices   []ownOffice         `yaml:"offices"`
	Note      string              `yaml:"note"`
}

type ownOffice struct {
	Title   string `yaml:"title"`
	Country string `yaml:"country"`
	From    Day    `yaml:"from"`
	To      Day    `yaml:"to"`
}

// Written reads the names written by hand in names/*.yaml of a file system. The
// error is a configs.Errors with every fault and its place.
func Written(fsys fs.FS) ([]Own, error) {
	files, err := fs.Glob(fsys, "names/*.yaml")
	if err != nil {
		return nil, err
	}
	var all []Own
	var faults []error
	place := map[string]string{}
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, err
		}
		own, err := writtenIn(file, data, place)
		all = append(all, own...)
		faults = append(faults, err)
	}
	return all, errors.Join(faults...)
}

// writtenIn reads one file; place says where the ids of earlier ones stand.
func writtenIn(file string, data []byte, place map[string]string) ([]Own, error) {
	doc := configs.Open(file, data)
	var f ownFile
	doc.Decode(&f)
	var all []Own
	for i, n := range f.Names {
		at := func(steps ...any) configs.Path { return slices.Concat(configs.At("names", i), configs.At(steps...)) }
		switch where, twice := place[n.ID]; {
		case n.ID == "":
			doc.Fault(at(), "a name needs an id")
		case twice:
			doc.Fault(at("id"), "the id "+n.ID+" is taken in "+where)
		}
		if p, ok := doc.Pos(at("id")); ok {
			place[n.ID] = fmt.Sprintf("%s:%d", file, p.Line)
		}
		if !slices.Contains(news.NameKinds, n.Kind) {
			doc.Fault(at("kind"), "kind may be one of "+strings.Join(news.NameKinds, ", ")).Near(n.Kind, news.NameKinds)
		}
		own := Own{Name: news.Name{ID: n.ID, Kind: n.Kind, Countries: n.Countries}}
		for _, o := range n.Offices {
			own.Offices = append(own.Offices, Office(o))
		}
		for _, lang := range slices.Sorted(maps.Keys(n.Terms)) {
			own.add(doc, at("terms", lang), lang, n.Terms[lang])
		}
		for _, lang := range slices.Sorted(maps.Keys(n.Demonyms)) {
			own.add(doc, at("demonyms", lang), lang, n.Demonyms[lang])
		}
		if len(own.Spellings) == 0 {
			doc.Fault(at(), "the name "+n.ID+" has no terms")
		}
		all = append(all, own)
	}
	return all, doc.Err()
}

// add adds the spellings of a language.
func (o *Own) add(doc *configs.Document, at configs.Path, lang string, list []string) {
	if !slices.Contains(Languages, lang) {
		doc.FaultKey(at, "the language may be one of "+strings.Join(Languages, ", "))
		return
	}
	for i, s := range list {
		if text.Fold(s) == "" {
			doc.Fault(slices.Concat(at, configs.At(i)), "there is no word in it")
			continue
		}
		t := text.Term{Text: s}
		if lang != "any" {
			t.Lang = lang
		}
		o.Terms = append(o.Terms, t)
		if !slices.Contains(o.Spellings, s) {
			o.Spellings = append(o.Spellings, s)
		}
	}
}
