package message

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"driftwatch/guard"
	"driftwatch/news"
)

// Limits of what a message says of its story.
const (
	maxReports = 5
	maxNamed   = 4 // outlets, languages or countries that a sentence names
	maxNews    = 8
)

// story fills in what the message says of the story as a whole.
func (m *Message) story(a news.Alert, zone *time.Location) {
	if a.First != nil {
		m.First = in(later(a.First.Sent, a.First.Created), zone)
		m.Called = shorten(guard.Line(a.Story.Title), maxTitle)
	}
	m.News = News(a)
	m.Gone = gone(a)
	m.Now = now(a.State)
	for _, r := range a.Reports {
		if r.Article == a.Article.ID {
			continue
		}
		if len(m.Reports) == maxReports {
			m.MoreReports++
			continue
		}
		m.Reports = append(m.Reports, Report{
			Title: shorten(guard.Line(r.Title), maxTitle), Outlet: name(r.Source), Lang: tag(r.Lang), Link: link(r.Link),
		})
	}
}

// gone says how the page that is shown is gone; "" where it is there, as far as is
// known.
func gone(a news.Alert) string {
	out := ""
	for _, p := range a.State.Pages {
		switch {
		case p.Article != a.Article.ID:
		case p.Kind == news.ChangeTakenDown:
			out = "its page was taken down" + inBrackets(p.To)
		case p.Kind == news.ChangeRestored:
			out = ""
		}
	}
	return out
}

// String is the report on one line: "Ковыль Медиа: Title".
func (r Report) String() string { return joinNonEmpty(": ", r.Outlet, r.Title) }

// Told is the line that names the first message of a story in a later one: when
// it was sent, and its title where another is shown; "" where there was none.
func (m Message) Told() string {
	switch {
	case m.First.IsZero():
		return ""
	case m.Called == "" || m.Called == m.Title:
		return "First told here on " + moment(m.First) + "."
	}
	return "First told here on " + moment(m.First) + ", as “" + m.Called + "”."
}

// FurtherReports says how many reports were left out; "" where none were.
func (m Message) FurtherReports() string {
	switch {
	case m.MoreReports == 1:
		return "and 1 more report"
	case m.MoreReports > 1:
		return fmt.Sprintf("and %d more reports", m.MoreReports)
	}
	return ""
}

func later(t, otherwise time.Time) time.Time {
	if t.IsZero() {
		return otherwise
	}
	return t
}

// now is what a story has grown to: "5 reports in 3 outlets, in Russian and
// Kazakh, about Kazakhstan".
func now(s news.StoryState) string {
	if s.Articles < 2 {
		return ""
	}
	out := fmt.Sprintf("%d reports", s.Articles)
	if n := len(s.Outlets); n > 0 {
		out += " in " + counted(n, "outlet", "outlets")
	}
	if len(s.Languages) > 0 {
		out += ", in " + listed(each(s.Languages, languageName))
	}
	if len(s.Countries) > 0 {
		out += ", about " + listed(countries(s.Countries))
	}
	return out
}

// News puts what is new in a story into sentences, the weightiest first: level,
// status, pages, direction, signals, then countries, outlets, languages and
// reports, each kind of these in one sentence.
func News(a news.Alert) []string { return newsOf(a.Changes, outletNames(a)) }

// alone are the kinds of changes that have a sentence each, the weightiest first.
var alone = []news.ChangeKind{
	news.ChangeLevel, news.ChangeStatus, news.ChangeTakenDown, news.ChangeRestored, news.ChangeEdited, news.ChangeTitle,
	news.ChangeDirection, news.ChangeSignal, news.ChangeGone,
}

func newsOf(changes []news.Change, names outlets) []string {
	var out []string
	of := func(kind news.ChangeKind) []news.Change {
		return slices.DeleteFunc(slices.Clone(changes), func(c news.Change) bool { return c.Kind != kind })
	}
	for _, kind := range alone {
		for _, c := range of(kind) {
			out = append(out, sentenceOf(c, names))
		}
	}
	for _, group := range []struct {
		kind news.ChangeKind
		say  func([]news.Change) string
	}{
		{news.ChangeCountry, func(c []news.Change) string { return "Now also about " + listed(each(tos(c), Country)) + "." }},
		{news.ChangeOutlet, func(c []news.Change) string { return "Now also told by " + listed(each(c, names.brought)) + "." }},
		{news.ChangeLanguage, func(c []news.Change) string { return "Now also in " + listed(each(tos(c), languageName)) + "." }},
		{news.ChangeArticle, func(c []news.Change) string { return counted(len(c), "more report", "more reports") + "." }},
	} {
		if c := of(group.kind); len(c) > 0 {
			out = append(out, group.say(c))
		}
	}
	if len(out) > maxNews {
		out = append(out[:maxNews:maxNews], "And "+counted(len(out)-maxNews, "more change.", "more changes."))
	}
	return out
}

// sentenceOf is one change that has a sentence to itself.
func sentenceOf(c news.Change, names outlets) string {
	of, from, to := name(c.Of), name(c.From), name(c.To)
	switch c.Kind {
	case news.ChangeLevel:
		before, err := strconv.Atoi(c.From)
		after, err2 := strconv.Atoi(c.To)
		switch {
		case err == nil && err2 == nil && after == 0:
			return fmt.Sprintf("Nothing in it is flagged any more; it was level %d.", before)
		case err == nil && err2 == nil && after < before:
			return fmt.Sprintf("The level fell from %d to %d.", before, after)
		}
		return fmt.Sprintf("The level rose from %s to %s.", from, to)
	case news.ChangeStatus:
		return about(of) + cmp.Or(from, "not known") + " → " + cmp.Or(to, "not known") + "."
	case news.ChangeDirection:
		if len(c.Of) == 2 {
			of = Country(c.Of)
		}
		return about(of) + cmp.Or(Way(news.Direction(c.From)), "no direction") + " → " + cmp.Or(Way(news.Direction(c.To)), "no direction") + "."
	case news.ChangeSignal:
		return "A further signal: " + to + "."
	case news.ChangeTakenDown, news.ChangeRestored, news.ChangeEdited, news.ChangeTitle:
		return ofPage(c, names.by(c.Article))
	}
	return "No report says this any more: " + cmp.Or(from, of) + "."
}

// maxOfPage bounds what is repeated of a page, in characters.
const maxOfPage = 240

// ofPage is what has become of a page; by is " by " and its outlet, or "".
func ofPage(c news.Change, by string) string {
	was, is := quoted(c.From), quoted(c.To)
	switch {
	case c.Kind == news.ChangeTakenDown:
		return joinNonEmpty(": ", "Taken down"+by, was) + inBrackets(c.To) + "."
	case c.Kind == news.ChangeRestored:
		return joinNonEmpty(": ", "Put back"+by, is) + inBrackets(joinNonEmpty(" ", "it was gone,", c.From)) + "."
	case c.Kind == news.ChangeTitle:
		return "Title changed" + by + ": " + was + " → " + is + "."
	case c.To == "":
		return "Cut from the page" + by + ": " + was + "."
	}
	return "Rewritten" + by + ": " + was + " → " + is + "."
}

func quoted(s string) string {
	if s = strings.TrimSuffix(shorten(guard.Line(s), maxOfPage), "."); s == "" {
		return ""
	}
	return "“" + s + "”"
}

// inBrackets is how a page was gone: " (status 404)".
func inBrackets(s string) string {
	if s = name(s); s == "" {
		return ""
	}
	return " (" + s + ")"
}

func about(of string) string {
	if of == "" {
		return ""
	}
	return of + ": "
}

// outlets are the names of a story's outlets, as far as its alert knows them.
type outlets struct {
	own news.Source
	of  map[int64]string // by article
}

func outletNames(a news.Alert) outlets {
	out := outlets{a.Source, map[int64]string{a.Article.ID: cmp.Or(a.Source.Name, a.Source.ID)}}
	for _, r := range a.Reports {
		out.of[r.Article] = r.Source
	}
	return out
}

// brought is the outlet that a change brought in.
func (o outlets) brought(c news.Change) string {
	switch {
	case c.To == o.own.ID && o.own.Name != "":
		return name(o.own.Name)
	case c.Article == 0:
		return name(c.To)
	}
	return name(cmp.Or(o.of[c.Article], c.To))
}

// by is " by " and an article's outlet; "" where it isn't known.
func (o outlets) by(article int64) string {
	if of := name(o.of[article]); of != "" {
		return " by " + of
	}
	return ""
}

func tos(changes []news.Change) []string {
	return each(changes, func(c news.Change) string { return c.To })
}

func each[T, R any](all []T, f func(T) R) []R {
	out := make([]R, len(all))
	for i, one := range all {
		out[i] = f(one)
	}
	return out
}

// listed is a list as a sentence has it: "a, b and c", "a, b, c, d and 3 more".
func listed(all []string) string {
	if n := len(all); n > maxNamed {
		return strings.Join(all[:maxNamed], ", ") + fmt.Sprintf(" and %d more", n-maxNamed)
	} else if n > 1 {
		return strings.Join(all[:n-1], ", ") + " and " + all[n-1]
	}
	return strings.Join(all, "")
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// languageName is a language's English name, or its tag where it has none.
func languageName(bcp47 string) string {
	parsed, err := language.Parse(bcp47)
	if err != nil {
		return name(bcp47)
	}
	return cmp.Or(display.English.Tags().Name(parsed), name(bcp47))
}
