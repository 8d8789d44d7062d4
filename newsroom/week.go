package newsroom

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"driftwatch/news"
	"driftwatch/newsroom/sink"
)

// WeekStory is one story of the week, as an analyst should get it.
type WeekStory struct {
	ID        string         `yaml:"id"`
	Theme     news.Theme     `yaml:"theme"`
	Countries []string       `yaml:"countries"`
	Direction news.Direction `yaml:"direction"`
	Status    news.Status    `yaml:"status"`  // where it stands on Sunday; empty: not said
	Told      bool           `yaml:"told"`    // it is to be alerted
	Changes   []string       `yaml:"changes"` // what changes in the course of it: level, status
	Gets      string         `yaml:"gets"`    // what an analyst should get, in words
}

// How an article of the week belongs to its story.
const (
	RelationFirst       = "first"
	RelationSameText    = "same-text"   // a copy, however late
	RelationSameEvent   = "same-event"  // in other words, of any language
	RelationTranslation = "translation" // sentence by sentence
	RelationDigest      = "digest"      // joins several stories, and belongs to none
)

// The outlets of the week that can't be read as they should.
const (
	SilentOutlet  = "murgab"       // publishes on Monday and then no more
	BlockedOutlet = "yasnaya-gora" // answers 403 from Thursday noon to Friday noon
)

const (
	blockedFrom  = 3*24*time.Hour + 12*time.Hour
	blockedUntil = blockedFrom + 24*time.Hour
)

// weekly is what a piece of the week has besides.
type weekly struct {
	offset   time.Duration // from the beginning of the week
	story    string
	relation string
	copied   bool
	edited   *edit
}

// edit is a later text of an article.
type edit struct {
	At    string `yaml:"at"`
	Title string `yaml:"title"`
	Text  string `yaml:"text"`

	offset time.Duration
}

// writing is an article of the week as its file has it.
type writing struct {
	ID        string         `yaml:"id"`
	Copy      string         `yaml:"copy"` // of this article, word for word
	Lang      string         `yaml:"lang"`
	Outlet    string         `yaml:"outlet"`
	At        string         `yaml:"at"` // Mon 07:10, UTC
	Story     string         `yaml:"story"`
	Relation  string         `yaml:"relation"`
	Direction news.Direction `yaml:"direction"` // where it isn't the story's
	Title     string         `yaml:"title"`
	Byline    string         `yaml:"byline"`
	Text      string         `yaml:"text"`
	Edited    *edit          `yaml:"edited"`
	NearMiss  string         `yaml:"near_miss"`
}

//go:embed week/*.yaml
var weekFiles embed.FS

const storiesFile = "week/stories.yaml"

// readWeek reads the week's stories, and its articles as pieces.
func readWeek() ([]WeekStory, []piece, error) {
	var stories []WeekStory
	if err := readYAML(weekFiles, storiesFile, &stories); err != nil {
		return nil, nil, err
	}
	files, err := fs.Glob(weekFiles, "week/*.yaml")
	if err != nil {
		return nil, nil, err
	}
	var all []writing
	for _, name := range files {
		if name == storiesFile {
			continue
		}
		var some []writing
		if err := readYAML(weekFiles, name, &some); err != nil {
			return nil, nil, err
		}
		all = append(all, some...)
	}
	pieces := make([]piece, len(all))
	for i, w := range all {
		if pieces[i], err = w.piece(all, stories); err != nil {
			return nil, nil, fmt.Errorf("read the week's article %s: %w", w.ID, err)
		}
		pieces[i].number = firstNumber + 7*i
	}
	return stories, pieces, nil
}

func readYAML(files fs.FS, name string, into any) error {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	if err := yaml.UnmarshalWithOptions(data, into, yaml.Strict()); err != nil {
		return fmt.Errorf("read %s: %w", path.Base(name), err)
	}
	return nil
}

// piece is the writing as its outlet prints it.
func (w writing) piece(all []writing, stories []WeekStory) (piece, error) {
	at, err := weekTime(w.At)
	if err != nil {
		return piece{}, err
	}
	wk := &weekly{offset: at, story: w.Story, relation: w.Relation, copied: w.Copy != ""}
	if w.Copy != "" {
		i := slices.IndexFunc(all, func(o writing) bool { return o.ID == w.Copy })
		if i < 0 {
			return piece{}, fmt.Errorf("it copies %s, which isn't there", w.Copy)
		}
		w.Lang, w.Title, w.Text = all[i].Lang, all[i].Title, all[i].Text
	}
	p := piece{
		ID: w.ID, Lang: w.Lang, Outlets: []string{w.Outlet}, Edition: 1,
		Title: w.Title, Byline: w.Byline, Text: joinLines(w.Text), NearMiss: w.NearMiss, week: wk,
	}
	if w.Edited != nil {
		e := *w.Edited
		if e.offset, err = weekTime(e.At); err != nil {
			return piece{}, err
		}
		e.Text = joinLines(e.Text)
		wk.edited = &e
	}
	if w.Story != "" {
		i := slices.IndexFunc(stories, func(s WeekStory) bool { return s.ID == w.Story })
		if i < 0 {
			return piece{}, fmt.Errorf("it belongs to %s, which isn't among the stories", w.Story)
		}
		s := stories[i]
		p.Labels = []Label{{Theme: s.Theme, Countries: s.Countries, Direction: cmp.Or(w.Direction, s.Direction)}}
	}
	return p, nil
}

// weekTime reads "Wed 14:30" as the time since the week began.
func weekTime(s string) (time.Duration, error) {
	day, clock, _ := strings.Cut(s, " ")
	n := slices.Index([]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}, day)
	t, err := time.Parse("15:04", clock)
	if n < 0 || err != nil {
		return 0, fmt.Errorf("%q is no time of the week such as Wed 14:30", s)
	}
	return time.Duration(n)*24*time.Hour + time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}

// WeekStories are the stories of the week; none where the newsroom prints
// editions.
func (n *Newsroom) WeekStories() []WeekStory { return n.stories }

// WeekArticles are all the articles of the week, those that aren't out yet
// included, as they are first printed, in the order in which they come out.
func (n *Newsroom) WeekArticles() []Article {
	var all []Article
	for _, p := range n.pieces {
		if p.week != nil {
			all = append(all, n.outlet(p.Outlets[0]).weekly(p, p.week.offset))
		}
	}
	slices.SortStableFunc(all, func(a, b Article) int { return a.Published.Compare(b.Published) })
	return all
}

// weekly is a piece of the week as the outlet prints it at a time since the
// week began.
func (o *outlet) weekly(p piece, since time.Duration) Article {
	a := Article{
		ID: p.ID, Source: o.ID, Country: o.Country, URL: o.base + o.path(p), Lang: p.Lang,
		Title: p.Title, Text: p.Text, Edition: 1, Labels: p.Labels, NearMiss: p.NearMiss,
		Claimed: slices.Contains(Claimed, p.Lang), Story: p.week.story, Relation: p.week.relation,
		Published: o.room.started.Add(p.week.offset),
	}
	a.Modified = a.Published
	if p.Byline != "" {
		a.Authors = []string{p.Byline}
	}
	if p.week.copied {
		a.Text = o.dateline + p.Text
		if o.boilerplate != "" {
			a.Text += "\n\n" + o.boilerplate
		}
	}
	if e := p.week.edited; e != nil && since >= e.offset {
		a.Title, a.Text, a.Changed, a.Modified = e.Title, e.Text, true, o.room.started.Add(e.offset)
	}
	return a
}

// blocked reports whether the outlet turns readers away now.
func (o *outlet) blocked() bool {
	if o.room.stories == nil || o.ID != BlockedOutlet {
		return false
	}
	since := o.room.now().Sub(o.room.started)
	return since >= blockedFrom && since < blockedUntil
}

// turnAway answers as a guard in front of a site does that takes the reader for
// a robot.
func turnAway(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusForbidden)
	fmt.Fprint(w, "<!DOCTYPE html><html><head><title>Проверка</title></head><body><p>Подтвердите, что вы не робот.</p></body></html>")
}

// WeekRoute is a route of the week's configuration.
type WeekRoute struct {
	Sink      string   // where its channel leads, as sink.Message.Sink has it
	Countries []string // those that it takes; empty: all
}

// weekRoutes are those that WriteConfig writes for a week.
var weekRoutes = []WeekRoute{
	{Sink: sink.SlackSink},
	{Sink: sink.MailSink, Countries: []string{"KG"}},
	{Sink: sink.WebhookSink},
}

// WeekRoutes are the routes that the configuration of a week has.
func (n *Newsroom) WeekRoutes() []WeekRoute { return slices.Clone(weekRoutes) }

// Takes reports whether a story goes to the route.
func (r WeekRoute) Takes(s WeekStory) bool {
	return s.Told && (len(r.Countries) == 0 || slices.ContainsFunc(s.Countries, func(c string) bool { return slices.Contains(r.Countries, c) }))
}
