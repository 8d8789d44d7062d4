package trial

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/text"
)

// File is a file of articles.
type File struct {
	Articles []Article `yaml:"articles"`

	name string
	doc  *configs.Document
}

// Article is a text with what must be found in it.
type Article struct {
	Name    string `yaml:"name"`
	Title   string `yaml:"title"`
	Text    string `yaml:"text,omitempty"`
	Lang    string `yaml:"lang,omitempty"`    // a hint, BCP 47
	Date    string `yaml:"date,omitempty"`    // a day
	URL     string `yaml:"url,omitempty"`     // where it was
	Source  string `yaml:"source,omitempty"`  // id of the outlet
	Country string `yaml:"country,omitempty"` // of the outlet
	Expect  []Hit  `yaml:"expect,omitempty"`
	Never   []Hit  `yaml:"never,omitempty"`
	Silent  bool   `yaml:"silent,omitempty"`
}

// Hit is what may be said of a hit; what is empty may be anything.
type Hit struct {
	Theme     news.Theme     `yaml:"theme"`
	Signal    string         `yaml:"signal,omitempty"`
	Country   string         `yaml:"country,omitempty"`
	Direction news.Direction `yaml:"direction,omitempty"`
	Status    news.Status    `yaml:"status,omitempty"`
	Note      string         `yaml:"note,omitempty"` // why, for people
}

// String gives the hit in a few words.
func (h Hit) String() string {
	var parts []string
	for _, s := range []string{string(h.Theme), h.Signal, h.Country, string(h.Direction), string(h.Status)} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " · ")
}

// matches reports whether a found hit is the one that is meant.
func (h Hit) matches(f news.Hit) bool {
	return h.Theme == f.Theme && (h.Signal == "" || h.Signal == f.Signal) &&
		(h.Country == "" || slices.Contains(f.Countries, h.Country)) &&
		(h.Direction == "" || h.Direction == f.Direction) && (h.Status == "" || h.Status == f.Status)
}

// Read reads a file of articles. The error is a configs.Errors with every fault.
func Read(name string, data []byte) (*File, error) {
	f := &File{name: name, doc: configs.Open(name, data)}
	f.doc.Decode(f)
	for i, a := range f.Articles {
		at := configs.At("articles", i)
		if a.Title == "" && a.Text == "" {
			f.doc.Fault(at, "an article needs a title or a text")
		}
		if _, err := a.date(); err != nil {
			f.doc.Fault(append(at, "date"), "the date must be a day, as in 2026-11-24")
		}
		if len(a.Expect)+len(a.Never) == 0 && !a.Silent {
			f.doc.Fault(at, "an article says what it expects: expect, never, or silent: true")
		}
		if a.Silent && len(a.Expect) > 0 {
			f.doc.Fault(append(at, "silent"), "a silent article expects nothing")
		}
		f.check(append(at, "expect"), a.Expect)
		f.check(append(at, "never"), a.Never)
	}
	return f, f.doc.Err()
}

func (f *File) check(at configs.Path, hits []Hit) {
	directions := []news.Direction{"", news.Apart, news.Closer, news.Contested, news.None}
	for i, h := range hits {
		here := append(slices.Clone(at), i)
		if h.Theme == "" {
			f.doc.Fault(here, "a hit needs its theme")
		}
		if h.Country != "" && !slices.Contains(news.Countries, h.Country) {
			f.doc.Fault(append(here, "country"), "the country must be one of "+strings.Join(news.Countries, ", "))
		}
		if !slices.Contains(directions, h.Direction) {
			f.doc.Fault(append(here, "direction"), "the direction must be one of apart, closer, contested and none").
				Near(string(h.Direction), []string{"apart", "closer", "contested", "none"})
		}
		if h.Status != "" && !slices.Contains(statuses, string(h.Status)) {
			f.doc.Fault(append(here, "status"), "the status must be one of "+strings.Join(statuses, ", ")).Near(string(h.Status), statuses)
		}
	}
}

var statuses = []string{
	string(news.StatusHappened), string(news.StatusDecided), string(news.StatusAnnounced), string(news.StatusProposed),
	string(news.StatusDemanded), string(news.StatusOpinion), string(news.StatusDenied),
}

func (a Article) date() (time.Time, error) {
	if a.Date == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.DateOnly, a.Date)
}

// Result is what became of one article.
type Result struct {
	Article  Article
	File     string
	Line     int
	Problems []string   // none: it passed
	Found    []news.Hit // all of them
}

// Check finds the themes and signals that no pack has: they would fail, or pass,
// whatever the rules do. The error is a configs.Errors with every fault.
func (f *File) Check(e *rules.Engine) error {
	themes, signals := e.Themes(), e.SignalIDs()
	for i, a := range f.Articles {
		for _, list := range []struct {
			key  string
			hits []Hit
		}{{"expect", a.Expect}, {"never", a.Never}} {
			for j, h := range list.hits {
				at := configs.At("articles", i, list.key, j)
				if !slices.Contains(themes, string(h.Theme)) {
					f.doc.Fault(append(slices.Clone(at), "theme"), "no pack has the theme "+string(h.Theme)).Near(string(h.Theme), themes)
				}
				if h.Signal != "" && !slices.Contains(signals, h.Signal) {
					f.doc.Fault(append(slices.Clone(at), "signal"), "no pack has the signal "+h.Signal).Near(h.Signal, signals)
				}
			}
		}
	}
	return f.doc.Err()
}

// Run puts every article to the rules.
func (f *File) Run(e *rules.Engine) []Result {
	out := make([]Result, len(f.Articles))
	for i, a := range f.Articles {
		pos, _ := f.doc.Pos(configs.At("articles", i))
		out[i] = Result{Article: a, File: f.name, Line: pos.Line}
		date, _ := a.date() // was checked when it was read
		out[i].Found = e.Flag(text.Read(a.Title, a.Text, a.Lang), rules.About{
			Source: a.Source, Country: a.Country, URL: a.URL, Date: date,
		})
		out[i].Problems = a.judge(out[i].Found)
	}
	return out
}

// judge says in a sentence each what is wrong with what was found.
func (a Article) judge(found []news.Hit) []string {
	var out []string
	for _, h := range a.Expect {
		if !slices.ContainsFunc(found, h.matches) {
			out = append(out, "not found: "+h.String())
		}
	}
	for _, f := range found {
		if f.Background {
			continue
		}
		never := slices.ContainsFunc(a.Never, func(h Hit) bool { return h.matches(f) })
		if never || a.Silent {
			out = append(out, fmt.Sprintf("found, and must not be: %s · %s · %s · %s", f.Theme, f.Signal, strings.Join(f.Countries, " "), f.Direction))
		}
	}
	return out
}
