package message

import (
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"driftwatch/guard"
	"driftwatch/news"
)

// Document is a message as a script or another program reads it: the envelope
// that the Standard Webhooks specification recommends, with all that the
// message holds. Text is as the outlet wrote it; [Document.Marshal] writes what
// could act on a terminal as \u escapes.
type Document[D any] struct {
	Type      Kind      `json:"type"`
	ID        string    `json:"id"`        // the same for each attempt
	Timestamp time.Time `json:"timestamp"` // when the delivery was filed; of a digest, the end of its time
	Data      D         `json:"data"`
}

// JSON is an alert as a document.
type JSON = Document[Data]

// Data is the alert itself. Fields may be added; none changes its name or
// meaning.
type Data struct {
	Route   string           `json:"route"`
	Version int              `json:"version"` // 1 for the first message of a story
	First   *First           `json:"first"`   // the first message of the story to this channel; null: this is it
	Changes []news.Change    `json:"changes"` // what is new since the channel was last told
	State   *news.StoryState `json:"state"`   // what the story says now; null: not known
	Story   Story            `json:"story"`
	Article Article          `json:"article"` // the one that tells the story best
	Hits    []Hit            `json:"hits"`    // of the article, the strongest first; none in a test
	Reports []ReportJSON     `json:"reports"` // the story's other articles, the latest first
}

// First is the message by which a channel was first told of a story.
type First struct {
	ID   string     `json:"id"` // of that document
	Sent *time.Time `json:"sent,omitempty"`
}

// ReportJSON is one further article of a story.
type ReportJSON struct {
	Article   int64      `json:"article"`
	Title     string     `json:"title"`
	Source    string     `json:"source"` // the outlet's name
	Link      string     `json:"link"`
	Language  string     `json:"language,omitempty"`
	Published *time.Time `json:"published,omitempty"`
}

// Story is the story that the alert is about.
type Story struct {
	ID        int64      `json:"id"`
	Title     string     `json:"title"`
	Published *time.Time `json:"published,omitempty"`
	FirstSeen *time.Time `json:"first_seen,omitempty"`
	Articles  int        `json:"articles"`
	Sources   []string   `json:"sources"` // ids
}

// Article is one article of the story.
type Article struct {
	ID        int64      `json:"id"`
	URL       string     `json:"url"`  // canonical
	Link      string     `json:"link"` // as the outlet gave it
	Title     string     `json:"title"`
	Language  string     `json:"language,omitempty"` // BCP 47
	Authors   []string   `json:"authors,omitempty"`
	Published *time.Time `json:"published,omitempty"`
	Modified  *time.Time `json:"modified,omitempty"`
	Seen      *time.Time `json:"seen,omitempty"`
	Source    Source     `json:"source"`
}

// Source is the article's outlet.
type Source struct {
	ID        string `json:"id"`
	Name      string `json:"name,omitempty"`
	Country   string `json:"country,omitempty"` // ISO 3166 alpha-2, or INT
	Ownership string `json:"ownership,omitempty"`
}

// Hit is one signal found in the article.
type Hit struct {
	ID        int64          `json:"id"`
	Theme     news.Theme     `json:"theme"`
	Signal    string         `json:"signal"`
	Title     string         `json:"title,omitempty"`
	Why       string         `json:"why,omitempty"`
	Level     int            `json:"level"` // 1 to 5
	Direction news.Direction `json:"direction"`
	Status    news.Status    `json:"status,omitempty"` // how far it has come
	Countries []string       `json:"countries"`
	Score     float64        `json:"score"` // 0 to 1
	Evidence  []Evidence     `json:"evidence"`
}

// Evidence is a place in the article; offsets are bytes of its field.
type Evidence struct {
	Field         string `json:"field"` // title or text
	Start         int    `json:"start"`
	End           int    `json:"end"`
	Quote         string `json:"quote"`
	Sentence      string `json:"sentence"`
	SentenceStart int    `json:"sentence_start"`
	Words         []Word `json:"words"`
}

// Word is what matched.
type Word struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Leg   string `json:"leg,omitempty"`
}

// NewJSON puts an alert into its JSON form.
func NewJSON(a news.Alert) JSON {
	j := JSON{
		Type: kind(a), ID: a.Delivery.Key, Timestamp: a.Delivery.Created.UTC(),
		Data: Data{
			Route: a.Delivery.Route, Version: a.Delivery.Version,
			Changes: append([]news.Change{}, a.Changes...), State: stateJSON(a.State),
			Story: Story{
				ID: a.Story.ID, Title: a.Story.Title, Published: known(a.Story.Published), FirstSeen: known(a.Story.FirstSeen),
				Articles: a.Story.Articles, Sources: append([]string{}, a.Story.Sources...),
			},
			Article: articleJSON(a),
			Hits:    []Hit{}, Reports: []ReportJSON{},
		},
	}
	if a.First != nil {
		j.Data.First = &First{ID: a.First.Key, Sent: known(a.First.Sent)}
	}
	for _, h := range told(a.Hits) {
		j.Data.Hits = append(j.Data.Hits, jsonHit(h))
	}
	for _, r := range a.Reports {
		j.Data.Reports = append(j.Data.Reports, ReportJSON{r.Article, r.Title, r.Source, r.Link, r.Lang, known(r.Published)})
	}
	return j
}

func articleJSON(a news.Alert) Article {
	return Article{
		ID: a.Article.ID, URL: a.Article.URL, Link: a.Article.Link, Title: a.Article.Title, Language: a.Article.Lang,
		Authors: a.Article.Authors, Published: known(a.Article.Published), Modified: known(a.Article.Modified), Seen: known(a.Article.Seen),
		Source: Source{ID: a.Source.ID, Name: a.Source.Name, Country: a.Source.Country, Ownership: a.Source.Ownership},
	}
}

// stateJSON is the state with its empty lists as lists.
func stateJSON(s news.StoryState) *news.StoryState {
	if s.Articles == 0 {
		return nil
	}
	s.Outlets, s.Languages, s.Countries = append([]string{}, s.Outlets...), append([]string{}, s.Languages...), append([]string{}, s.Countries...)
	s.Signals = append([]news.SignalState{}, s.Signals...)
	for i := range s.Signals {
		s.Signals[i].Countries = append([]string{}, s.Signals[i].Countries...)
	}
	return &s
}

// Marshal writes the document on one line, without a line feed.
func (j Document[D]) Marshal() ([]byte, error) {
	raw, err := json.Marshal(j)
	if err != nil {
		return nil, fmt.Errorf("write the message as JSON: %w", err)
	}
	return escape(raw), nil
}

func jsonHit(h news.Hit) Hit {
	out := Hit{
		ID: h.ID, Theme: h.Theme, Signal: h.Signal, Title: h.Title, Why: h.Why, Level: h.Level, Direction: h.Direction,
		Status: h.Status, Countries: append([]string{}, h.Countries...), Score: h.Score, Evidence: []Evidence{},
	}
	for _, e := range h.Evidence {
		words := []Word{}
		for _, w := range e.Words {
			words = append(words, Word{Start: w.Start, End: w.End, Leg: w.Leg})
		}
		out.Evidence = append(out.Evidence, Evidence{
			Field: e.Field, Start: e.Start, End: e.End, Quote: e.Quote, Sentence: e.Sentence, SentenceStart: e.SentenceStart, Words: words,
		})
	}
	return out
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// escape writes characters that a terminal could obey, or that can't be seen,
// as \u escapes, which mean the same to whoever reads JSON (RFC 8259, 7).
func escape(raw []byte) []byte {
	if s := string(raw); guard.Line(s) == s {
		return raw
	}
	out := make([]byte, 0, len(raw)+64)
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		if s := string(raw[:size]); r < utf8.RuneSelf && r != 0x7f || guard.Line(s) == s {
			out = append(out, raw[:size]...)
		} else if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		} else {
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		raw = raw[size:]
	}
	return out
}
