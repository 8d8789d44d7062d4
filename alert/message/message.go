package message

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"driftwatch/guard"
	"driftwatch/news"
)

// Kind is what a message is for.
type Kind string

// The kinds: the first message of a story, a later one of the same story, one
// that only tries whether a channel works, a digest, and a note to the operator.
const (
	Flagged Kind = "story.flagged"
	Updated Kind = "story.updated"
	Test    Kind = "test"

	Digested Kind = "digest"
	Notice   Kind = "note"
)

// Limits of a message, in characters.
const (
	maxTitle    = 300
	maxName     = 100
	maxWhy      = 400
	maxLink     = 2000
	maxSentence = 600
	maxQuotes   = 3
	maxReasons  = 5
)

// Message is an alert in words.
type Message struct {
	Kind  Kind
	Key   string // the delivery's, the same for each attempt
	Route string

	First  time.Time // when the channel was first told of the story; zero: this is the first time, or not known
	Called string    // the story's title, where First is set
	News   []string  // what is new since the channel was last told, a sentence each, the weightiest first; in a first message what has become of pages
	Now    string    // what the story has grown to: reports, outlets, languages, countries; "" where it is one report

	What  Finding   // the strongest
	Why   []Finding // every finding that is told, the strongest first; at most 5
	More  int       // findings beyond these
	Quote []Quote   // the sentences that they rest on; at most 3

	Title     string
	Lang      string    // BCP 47, of title and quotes; "" where unknown
	Outlet    string    // its name and country: "Tengrinews, Kazakhstan"
	Others    int       // further outlets that told the story
	Published time.Time // zero where the outlet doesn't say
	Seen      time.Time
	Gone      string // how the page is gone; "" where it is there, as far as is known
	Link      string // absolute, http or https, without spaces, quotes, < > and |; "" where there is none

	Reports     []Report // further articles of the story, the latest first; at most 5
	MoreReports int      // articles of the story beyond these and the one that is shown
}

// Report is one further article of a story.
type Report struct {
	Title  string
	Outlet string
	Lang   string
	Link   string // as Message.Link
}

// Finding is one hit in words.
type Finding struct {
	Countries []string // names
	Theme     string
	Level     int // 1 to 5
	Direction news.Direction
	Way       string // the direction in words
	Signal    string // the signal's name
	Status    string // how far it has come: "decided", "denied"; "" where not known
	Why       string // why the signal exists; may be empty
}

// String is what happened where: "Kazakhstan · Sanctions · level 4 of 5 · away
// from Russia".
func (f Finding) String() string {
	var parts []string
	if len(f.Countries) > 0 {
		parts = append(parts, strings.Join(f.Countries, ", "))
	}
	if f.Theme != "" {
		parts = append(parts, f.Theme)
	}
	if f.Level > 0 {
		parts = append(parts, fmt.Sprintf("level %d of 5", f.Level))
	}
	if f.Way != "" {
		parts = append(parts, f.Way)
	}
	return strings.Join(parts, " · ")
}

// New puts an alert into words. Times are shown in zone; nil is UTC. An alert
// without hits is a test.
func New(a news.Alert, zone *time.Location) Message {
	if zone == nil {
		zone = time.UTC
	}
	m := Message{
		Kind:   kind(a),
		Key:    a.Delivery.Key,
		Route:  name(a.Delivery.Route),
		Title:  shorten(guard.Line(cmp.Or(a.Article.Title, a.Story.Title)), maxTitle),
		Lang:   tag(a.Article.Lang),
		Outlet: outlet(a),
		Others: others(a),
		Seen:   in(a.Article.Seen, zone),
		Link:   link(cmp.Or(a.Article.Link, a.Article.URL)),
	}
	m.Published = in(a.Article.Published, zone)
	hits := told(a.Hits)
	for _, h := range hits[:min(len(hits), maxReasons)] {
		m.Why = append(m.Why, finding(h))
	}
	m.More = len(hits) - len(m.Why)
	if len(m.Why) > 0 {
		m.What = m.Why[0]
	}
	m.Quote = Quotes(hits)
	m.story(a, zone)
	return m
}

// Headline begins the message: what happened where, or what else it is.
func (m Message) Headline() string {
	switch m.Kind {
	case Test:
		return "Test message from Driftwatch: nothing happened"
	case Updated:
		return "Update: " + m.What.String()
	}
	return m.What.String()
}

// When is the line with the times, to the minute, each with its zone.
func (m Message) When() string {
	seen := ""
	if !m.Seen.IsZero() {
		seen = "seen " + moment(m.Seen)
	}
	switch {
	case m.Kind == Test:
		return "sent " + moment(m.Seen)
	case m.Published.IsZero():
		return joinNonEmpty(", ", "publication time not given", seen)
	}
	return joinNonEmpty(", ", "published "+moment(m.Published), seen)
}

// Source is the line with the outlet and how many others told the story.
func (m Message) Source() string {
	switch {
	case m.Others == 1:
		return m.Outlet + ", and 1 other outlet"
	case m.Others > 1:
		return fmt.Sprintf("%s, and %d other outlets", m.Outlet, m.Others)
	}
	return m.Outlet
}

// MoreFindings says how many findings were left out; "" where none were.
func (m Message) MoreFindings() string {
	switch {
	case m.More == 1:
		return "and 1 other signal"
	case m.More > 1:
		return fmt.Sprintf("and %d other signals", m.More)
	}
	return ""
}

func kind(a news.Alert) Kind {
	switch {
	case len(a.Hits) == 0:
		return Test
	case a.First != nil, a.Delivery.Version > 1:
		return Updated
	}
	return Flagged
}

// told are the hits that a message speaks of: those that are alerted, or all
// where none is.
func told(hits []news.Hit) []news.Hit {
	loud := slices.DeleteFunc(slices.Clone(hits), func(h news.Hit) bool { return h.Background || h.Quiet != "" })
	if len(loud) == 0 {
		return hits
	}
	return loud
}

func finding(h news.Hit) Finding {
	return Finding{
		Countries: countries(h.Countries),
		Theme:     Theme(h.Theme),
		Level:     h.Level,
		Direction: h.Direction,
		Way:       Way(h.Direction),
		Signal:    name(cmp.Or(h.Title, h.Signal)),
		Status:    name(string(h.Status)),
		Why:       shorten(guard.Line(h.Why), maxWhy),
	}
}

func outlet(a news.Alert) string {
	return joinNonEmpty(", ", name(cmp.Or(a.Source.Name, a.Article.Site, a.Source.ID, a.Article.Source)), Country(a.Source.Country))
}

// others counts the outlets of the story but for the article's own.
func others(a news.Alert) int {
	own := cmp.Or(a.Article.Source, a.Source.ID)
	n := 0
	for _, s := range a.Story.Sources {
		if s != own {
			n++
		}
	}
	return n
}

// link is the address where it may be followed: absolute and of the web.
func link(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(s) > maxLink {
		return ""
	}
	u.User = nil
	return linkSafe.Replace(guard.Header(u.String()))
}

// linkSafe encodes what ends an address where it is found in text.
var linkSafe = strings.NewReplacer("<", "%3C", ">", "%3E", `"`, "%22", " ", "%20", "|", "%7C", "`", "%60")

func tag(tag string) string {
	if tag == "und" || strings.ContainsFunc(tag, func(r rune) bool {
		return r != '-' && (r < '0' || '9' < r) && (r < 'A' || 'Z' < r) && (r < 'a' || 'z' < r)
	}) {
		return ""
	}
	return tag
}

func in(t time.Time, zone *time.Location) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(zone)
}

func moment(t time.Time) string { return t.Format("2 Jan 2006 15:04 MST") }

func name(s string) string { return shorten(guard.Header(s), maxName) }

func joinNonEmpty(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), sep)
}
