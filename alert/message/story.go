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
// status, direction, signals, then countries, outlets, languages and reports,
// each kind of these in one sentence.
func News(a news.Alert) []string { return newsOf(a.Changes, outletNames(a)) }

func newsOf(changes []news.Change, outlet func(news.Change) string) []string {
	var out []string
	of := func(kind news.ChangeKind) []news.Change {
		return slices.DeleteFunc(slices.Clone(changes), func(c news.Change) bool { return c.Kind != kind })
	}
	for _, kind := range []news.ChangeKind{news.ChangeLevel, news.ChangeStatus, news.ChangeDirection, news.ChangeSignal, news.ChangeGone} {
		for _, c := range of(kind) {
			out = append(out, sentenceOf(c))
		}
	}
	for _, group := range []struct {
		kind news.ChangeKind
		say  func([]news.Change) string
	}{
		{news.ChangeCountry, func(c []news.Change) string { return "Now also about " + listed(each(tos(c), Country)) + "." }},
		{news.ChangeOutlet, func(c []news.Change) string { return "Now also told by " + listed(each(c, outlet)) + "." }},
		{news.ChangeLanguage, func(c []news.Change) string { return "Now also in " + listed(each(tos(c), languageName)) + "." }},
		{news.ChangeArticle, func(c []news.Change) string { return counted(len(c), "more report", "more reports") + "." }},
	} {
		if c := of(group.kind); len(c) > 0 {
			out = append(out, group.say(c))
		}
	}
	if len(out) > maxNews {
		out = append(out[:maxNews:maxNews], fmt.Sprintf("And %d more changes.", len(out)-maxNews))
	}
	return out
}

// sentenceOf is one change that has a sentence to itself.
func sentenceOf(c news.Change) string {
	of, from, to := name(c.Of), name(c.From), name(c.To)
	switch c.Kind {
	case news.ChangeLevel:
		before, err := strconv.Atoi(c.From)
		after, err2 := strconv.Atoi(c.To)
		if err == nil && err2 == nil && after < before {
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
	}
	return "No report says this any more: " + cmp.Or(from, of) + "."
}

func about(of string) string {
	if of == "" {
		return ""
	}
	return of + ": "
}

// outletNames gives the name of the outlet that a change brought in, where the
// alert knows it.
func outletNames(a news.Alert) func(news.Change) string {
	names := map[int64]string{a.Article.ID: a.Source.Name}
	for _, r := range a.Reports {
		names[r.Article] = r.Source
	}
	return func(c news.Change) string {
		if c.To == a.Source.ID && a.Source.Name != "" {
			return name(a.Source.Name)
		}
		if c.Article == 0 {
			return name(c.To)
		}
		return name(cmp.Or(names[c.Article], c.To))
	}
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
