package alert

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"driftwatch/alert/message"
	"driftwatch/configs"
	"driftwatch/news"
)

// MaxDigestItems is how many stories a digest has at most; the rest is counted.
const MaxDigestItems = 60

// DigestContent is a digest as it is kept while it is owed: the same for each
// attempt. The stories' words are read when it is sent.
type DigestContent struct {
	Period  news.Period      `json:"period"`
	From    time.Time        `json:"from"`
	To      time.Time        `json:"to"`
	Items   []DigestEntry    `json:"items"`
	More    int              `json:"more,omitempty"`
	List    string           `json:"list"`
	Polled  int              `json:"polled"`
	Gaps    []news.Gap       `json:"gaps,omitempty"`
	Drift   []news.DriftLine `json:"drift,omitempty"`
	Picture []byte           `json:"picture,omitempty"`
}

// DigestEntry is one story of a digest.
type DigestEntry struct {
	Story   int64         `json:"story"`
	Country string        `json:"country"`
	Theme   news.Theme    `json:"theme"`
	Level   int           `json:"level"`
	New     bool          `json:"new,omitempty"`
	Changes []news.Change `json:"changes,omitempty"`
}

// Arrange puts the entries in order, by country and theme and the strongest
// first within them, and counts what there is no room for: the weakest.
func (c *DigestContent) Arrange() {
	if c.More = max(0, len(c.Items)-MaxDigestItems); c.More > 0 {
		slices.SortStableFunc(c.Items, func(a, b DigestEntry) int { return b.Level - a.Level })
		c.Items = c.Items[:MaxDigestItems]
	}
	country := func(code string) int {
		if i := slices.Index(news.Countries, code); i >= 0 {
			return i
		}
		return len(news.Countries)
	}
	slices.SortStableFunc(c.Items, func(a, b DigestEntry) int {
		return cmp.Or(country(a.Country)-country(b.Country), cmp.Compare(a.Country, b.Country), cmp.Compare(a.Theme, b.Theme),
			b.Level-a.Level, cmp.Compare(a.Story, b.Story))
	})
}

// Under is the country under which a digest lists a story by its strongest hit: the
// first that is watched, else the hit's first.
func Under(h news.Hit) string {
	if i := slices.IndexFunc(news.Countries, func(c string) bool { return slices.Contains(h.Countries, c) }); i >= 0 {
		return news.Countries[i]
	}
	if len(h.Countries) > 0 {
		return h.Countries[0]
	}
	return ""
}

// String is the content as a delivery keeps it.
func (c DigestContent) String() string {
	b, err := json.Marshal(c)
	if err != nil { // a figure that is no number
		c.Drift, c.Picture = nil, nil
		b, _ = json.Marshal(c)
	}
	return string(b)
}

// InDigest reports whether a digest is for a hit.
func (r *Router) InDigest(d configs.Digest, s Subject) bool {
	switch {
	case s.Hit.Background || s.Hit.Quiet != "":
		return false
	case refuses(&d.Match, s).key != "":
		return false
	case d.Route != "":
		return r.Takes(d.Route, s)
	}
	return s.Hit.Theme != news.ThemeContext || slices.Contains(d.Themes, string(news.ThemeContext))
}

// Since says what is new in a story since it was told; fresh: it never was. Of a
// fresh one it says what has become of its pages.
func Since(told *news.StoryState, a news.Alert) (changes []news.Change, fresh bool) {
	if told == nil {
		return news.PagesSince(news.StoryState{}, a.State), true
	}
	return Changes(*told, a.State, articles(a)), false
}

// articles are all reports of an alert's story, the one that it shows included.
func articles(a news.Alert) []news.Report {
	own := news.Report{Article: a.Article.ID, Title: a.Article.Title, Source: a.Article.Source, Lang: a.Article.Lang, Link: a.Article.Link, Seen: a.Article.Seen}
	return append(slices.Clone(a.Reports), own)
}

// NoteDelivery is a note as it is owed to a channel.
func NoteDelivery(channel string, n news.Note, now time.Time) news.Delivery {
	b, _ := json.Marshal(n) // texts can always be written
	return news.Delivery{
		Kind: news.DeliveryNote, Route: "operator", Channel: channel, Version: 1, Key: n.Key, Created: now.UTC(), NextAt: now.UTC(), Content: string(b),
	}
}

// Kept is what a digest or a note says, as text; alert reads what is told of a story.
func Kept(d news.Delivery, alert func(news.Delivery) (news.Alert, error), zone *time.Location) (string, error) {
	if d.Kind == news.DeliveryDigest {
		out, err := digestOf(d, alert)
		return message.NewDigest(out, zone).Text(), err
	}
	n, err := noteOf(d)
	return message.NewNote(n).Text(), err
}

// digestOf reads what a digest says.
func digestOf(d news.Delivery, alert func(news.Delivery) (news.Alert, error)) (news.Digest, error) {
	var c DigestContent
	if err := json.Unmarshal([]byte(d.Content), &c); err != nil {
		return news.Digest{}, fmt.Errorf("its content can't be read: %w", err)
	}
	out := news.Digest{
		Route: d.Route, Channel: d.Channel, Key: d.Key, Period: c.Period, From: c.From, To: c.To,
		More: c.More, List: c.List, Polled: c.Polled, Gaps: c.Gaps, Drift: c.Drift, Picture: c.Picture,
	}
	for _, e := range c.Items {
		a, err := alert(news.Delivery{Kind: news.DeliveryStory, Route: d.Route, Channel: d.Channel, Story: e.Story, Version: 1})
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, news.DigestItem{Country: e.Country, Theme: e.Theme, Alert: a, New: e.New, Changes: e.Changes})
	}
	return out, nil
}

// noteOf reads what a note says.
func noteOf(d news.Delivery) (n news.Note, err error) {
	if err := json.Unmarshal([]byte(d.Content), &n); err != nil {
		return n, fmt.Errorf("its content can't be read: %w", err)
	}
	n.Key = d.Key
	return n, nil
}

// maxNamed is how many stories a message about several names.
const maxNamed = 10

// more is the message about the stories that a cap had no room for.
func (l *line) more(d news.Delivery, rows []news.Folded) (n news.Note) {
	stories := "stories"
	if len(rows) == 1 {
		stories = "story"
	}
	n = news.Note{Key: d.Key, Title: fmt.Sprintf("and %d more %s on route %s", len(rows), stories, d.Route)}
	for _, r := range rows[:min(len(rows), maxNamed)] {
		line := "- " + r.Title
		if told := r.Delivery.Told; told != nil {
			line += fmt.Sprintf(" (level %d)", told.Level)
		}
		if r.Delivery.Version > 1 {
			line += " (update)"
		}
		n.Lines = append(n.Lines, line)
	}
	switch left := len(rows) - maxNamed; {
	case left == 1:
		n.Lines = append(n.Lines, "- and 1 other")
	case left > 1:
		n.Lines = append(n.Lines, fmt.Sprintf("- and %d others", left))
	}
	n.Lines = append(n.Lines, fmt.Sprintf("Messages that the route may send an hour: %d. All of these: driftwatch alerts list --in %d", l.o.Router.MaxPerHour(d.Route), d.ID))
	return n
}

// afterQuiet is the digest of what waited for quiet hours to end, each story once,
// as it is now.
func (l *line) afterQuiet(ctx context.Context, d news.Delivery, rows []news.Folded) (news.Digest, error) {
	out := news.Digest{
		Route: d.Route, Channel: d.Channel, Key: d.Key, Period: news.QuietHours, From: d.Created, To: l.o.Now(),
		List: fmt.Sprintf("driftwatch alerts list --in %d", d.ID),
	}
	last := map[int64]news.Folded{} // by story
	fresh := map[int64]bool{}
	for _, r := range rows {
		last[r.Delivery.Story] = r
		fresh[r.Delivery.Story] = fresh[r.Delivery.Story] || r.Delivery.Version == 1
	}
	content, items := DigestContent{}, map[int64]news.DigestItem{}
	for id, r := range last {
		a, err := l.alert(ctx, r.Delivery)
		if err != nil {
			return out, err
		}
		item := news.DigestItem{Alert: a, New: fresh[id]}
		if !item.New {
			item.Changes = a.Changes
		}
		if len(a.Hits) > 0 {
			item.Country, item.Theme = Under(a.Hits[0]), a.Hits[0].Theme
		}
		items[id] = item
		content.Items = append(content.Items, DigestEntry{Story: id, Country: item.Country, Theme: item.Theme, Level: a.State.Level})
	}
	content.Arrange()
	out.More = content.More
	for _, e := range content.Items {
		out.Items = append(out.Items, items[e.Story])
	}
	return out, nil
}
