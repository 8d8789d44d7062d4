package newsroom

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"driftwatch/news"
)

// Article is one article as one outlet prints it, with what a reader should
// make of it.
type Article struct {
	ID        string // of the piece; a syndicated one has the same at each of its outlets
	Source    string // the outlet's id
	Country   string // the outlet's
	URL       string
	Lang      string // BCP 47
	Title     string
	Text      string // paragraphs separated by an empty line
	Authors   []string
	Published time.Time
	Modified  time.Time // when its text was last changed; Published where it wasn't
	Edition   int       // 1, or 2 where it came with the second edition
	Old       bool      // older than two days at Start: to be flagged, not alerted
	Changed   bool      // the text isn't the one that was printed first
	Story     string    // of the week: the WeekStory that it tells; empty: none
	Relation  string    // of the week: how it belongs to its story, one of the Relation words

	// Labels are what is to be flagged; none for near misses and other news.
	Labels []Label
	// NearMiss says why an article that has a theme's words is none of its
	// positives; empty for positives and for other news.
	NearMiss string
	// Claimed reports whether the article's language is one that the embedded
	// packs claim to read. A positive in another language may be missed; a near
	// miss must be silent in every language.
	Claimed bool
}

// Label is one thing to be flagged. Direction is Mixed where the countries act
// both ways in the one article: two hits, apart and closer, say the same.
type Label struct {
	Theme     news.Theme     `yaml:"theme"`
	Countries []string       `yaml:"countries"`
	Direction news.Direction `yaml:"direction"`
}

// Told reports whether the article's story is to be alerted.
func (a Article) Told() bool { return a.Claimed && len(a.Labels) > 0 && !a.Old }

// Claimed are the languages whose positives the embedded packs have to find.
var Claimed = []string{"en", "ru"}

// piece is an article as it was written, before an outlet prints it.
type piece struct {
	ID       string   `yaml:"id"`
	Lang     string   `yaml:"lang"`
	Outlets  []string `yaml:"outlets"` // more than one: syndicated
	Hours    float64  `yaml:"hours"`   // age at Start; of the second edition, at NextEdition
	Edition  int      `yaml:"edition"` // 0 is 1
	Path     string   `yaml:"path"`    // instead of the outlet's own way of naming pages
	Title    string   `yaml:"title"`
	Byline   string   `yaml:"byline"`
	Text     string   `yaml:"text"`
	Added    string   `yaml:"added"` // what the second edition adds to the text
	Labels   []Label  `yaml:"labels"`
	NearMiss string   `yaml:"near_miss"`

	number int     // for addresses
	week   *weekly // nil: the piece is of an edition
}

//go:embed articles/*.yaml
var articleFiles embed.FS

// firstNumber is the number of the first piece in its outlets' addresses.
const firstNumber = 2041

// readPieces reads the embedded articles.
func readPieces() ([]piece, error) {
	files, err := fs.Glob(articleFiles, "articles/*.yaml")
	if err != nil {
		return nil, err
	}
	var all []piece
	for _, name := range files {
		data, err := articleFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var some []piece
		if err := yaml.UnmarshalWithOptions(data, &some, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b piece) int { return strings.Compare(a.ID, b.ID) })
	for i := range all {
		all[i].number = firstNumber + 7*i
		all[i].Edition = max(all[i].Edition, 1)
		all[i].Text = joinLines(all[i].Text)
		all[i].Added = joinLines(all[i].Added)
	}
	return all, nil
}

// joinLines makes each paragraph one line and separates them by an empty one.
func joinLines(text string) string {
	paragraphs := strings.Split(strings.TrimSpace(text), "\n\n")
	for i, p := range paragraphs {
		paragraphs[i] = strings.Join(strings.Fields(p), " ")
	}
	return strings.Join(paragraphs, "\n\n")
}

// article is a piece as this outlet prints it now; ok is false while it isn't
// out.
func (o *outlet) article(p piece) (a Article, ok bool) {
	if p.week != nil {
		since := o.room.now().Sub(o.room.started)
		return o.weekly(p, since), since >= p.week.offset
	}
	edition, started, reissued := o.room.dates()
	if p.Edition > edition {
		return Article{}, false
	}
	a = Article{
		ID: p.ID, Source: o.ID, Country: o.Country, URL: o.base + o.path(p), Lang: p.Lang,
		Title: p.Title, Text: p.Text, Edition: p.Edition,
		Labels: p.Labels, NearMiss: p.NearMiss, Claimed: slices.Contains(Claimed, p.Lang), Old: p.Hours > 48,
	}
	if p.Byline != "" {
		a.Authors = []string{p.Byline}
	}
	if len(p.Outlets) > 1 {
		a.Text = o.dateline + p.Text + "\n\n" + o.boilerplate
		a.Authors = []string{o.Name}
	}
	from := started
	if p.Edition > 1 {
		from = reissued
	}
	a.Published = from.Add(-time.Duration(p.Hours * float64(time.Hour))).Truncate(time.Minute)
	a.Modified = a.Published
	if edition > 1 && p.Added != "" {
		a.Text += "\n\n" + p.Added
		a.Modified, a.Changed = reissued, true
	}
	return a, true
}
