package alert

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"driftwatch/configs"
	"driftwatch/news"
)

// Changes says what is new in a story between two of its states, the weightiest
// first. Of the articles, those that were seen last stand for what was added. A
// status that isn't known says nothing, neither before nor after.
func Changes(before, now news.StoryState, articles []news.Report) []news.Change {
	var out []news.Change
	if before.Level != now.Level {
		out = append(out, news.Change{Kind: news.ChangeLevel, From: strconv.Itoa(before.Level), To: strconv.Itoa(now.Level)})
	}
	out = append(out, signalChanges(before.Signals, now.Signals)...)
	out = append(out, news.PagesSince(before, now)...)
	out = append(out, directionChanges(before, now)...)
	added := latest(articles, now.Articles-before.Articles)
	by := func(is func(news.Report) bool) int64 { // the article that brought something
		if i := slices.IndexFunc(added, is); i >= 0 {
			return added[i].Article
		}
		return 0
	}
	for _, c := range without(now.Countries, before.Countries) {
		out = append(out, news.Change{Kind: news.ChangeCountry, To: c})
	}
	for _, l := range without(now.Languages, before.Languages) {
		out = append(out, news.Change{Kind: news.ChangeLanguage, To: l, Article: by(func(r news.Report) bool { return r.Lang == l })})
	}
	for _, o := range without(now.Outlets, before.Outlets) {
		out = append(out, news.Change{Kind: news.ChangeOutlet, To: o, Article: by(func(r news.Report) bool { return r.Source == o })})
	}
	for _, r := range added {
		out = append(out, news.Change{Kind: news.ChangeArticle, To: r.Title, Article: r.Article})
	}
	return out
}

// signalChanges are new and vanished signals, and those whose status changed.
// One that is denied in another direction than before has changed its status.
func signalChanges(before, now []news.SignalState) []news.Change {
	var statuses, fresh, gone []news.Change
	for _, s := range now {
		same := slices.IndexFunc(before, func(b news.SignalState) bool { return b.Signal == s.Signal && b.Direction == s.Direction })
		other := slices.IndexFunc(before, func(b news.SignalState) bool { return b.Signal == s.Signal })
		was := same
		if same < 0 && s.Status == news.StatusDenied {
			was = other
		}
		switch {
		case was >= 0:
			if from := before[was].Status; from != "" && s.Status != "" && from != s.Status {
				statuses = append(statuses, news.Change{Kind: news.ChangeStatus, From: string(from), To: string(s.Status), Of: title(s)})
			}
		case other < 0:
			fresh = append(fresh, news.Change{Kind: news.ChangeSignal, To: title(s)})
		}
	}
	for _, b := range before {
		if !slices.ContainsFunc(now, func(s news.SignalState) bool { return s.Signal == b.Signal }) {
			gone = append(gone, news.Change{Kind: news.ChangeGone, From: title(b)})
		}
	}
	return unique(slices.Concat(statuses, fresh, gone))
}

func title(s news.SignalState) string { return cmp.Or(s.Title, s.Signal) }

// unique drops what was said before: a signal can stand in two directions.
func unique(changes []news.Change) []news.Change {
	var out []news.Change
	for _, c := range changes {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// directionChanges are those of countries that were there before and still are.
func directionChanges(before, now news.StoryState) []news.Change {
	var out []news.Change
	for _, c := range now.Countries {
		from, to := direction(before, c), direction(now, c)
		if from != "" && to != "" && from != to {
			out = append(out, news.Change{Kind: news.ChangeDirection, From: string(from), To: string(to), Of: c})
		}
	}
	return out
}

// direction is which way a country moves by all signals of a story.
func direction(s news.StoryState, country string) news.Direction {
	var hits []news.Hit
	for _, one := range s.Signals {
		if slices.Contains(one.Countries, country) {
			hits = append(hits, news.Hit{Status: one.Status, Acts: []news.Act{{Country: country, Direction: one.Direction}}})
		}
	}
	for _, a := range news.Overall(hits) {
		if a.Country == country {
			return a.Direction
		}
	}
	return ""
}

// latest are the n articles that were seen last, in the order of sighting.
func latest(articles []news.Report, n int) []news.Report {
	if n <= 0 {
		return nil
	}
	sorted := slices.Clone(articles)
	slices.SortStableFunc(sorted, func(a, b news.Report) int {
		return cmp.Or(a.Seen.Compare(b.Seen), cmp.Compare(a.Article, b.Article))
	})
	return sorted[max(0, len(sorted)-n):]
}

func without(list, known []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(known, s) })
}

// Worth is what becomes of a change.
type Worth string

// What becomes of a change.
const (
	Edit    Worth = "edit and reply" // the first message is edited, and a reply in its thread says what is new
	Event   Worth = "story.updated"  // an event with the next version
	Message Worth = "message"        // one further message, which names the first
	Digest  Worth = "digest"         // it waits for the digest
	Nothing Worth = "–"              // it isn't told
)

// worths is the one table of what a change is worth. Everything is told where
// telling disturbs nobody; where each change would be a message of its own, only
// what turns a story round, or takes something away from what was told, is one; and
// where no digest has the rest, all that becomes of a page that was told.
var worths = []struct {
	kind     news.ChangeKind
	less     bool // as lessens has it
	what     string
	messages Worth
}{
	{news.ChangeLevel, false, "the level rose", Message},
	{news.ChangeLevel, true, "the level fell", Digest},
	{news.ChangeStatus, false, "a signal's status changed (announced → decided, happened → denied)", Message},
	{news.ChangeTakenDown, false, "a page was taken down", Message},
	{news.ChangeRestored, false, "a page that was taken down is back", Message},
	{news.ChangeEdited, true, "a sentence that set off a hit was cut from its page", Message},
	{news.ChangeEdited, false, "such a sentence was rewritten", Digest},
	{news.ChangeTitle, false, "a page has another title", Digest},
	{news.ChangeDirection, false, "a country's direction changed", Digest},
	{news.ChangeSignal, false, "a new signal", Digest},
	{news.ChangeGone, false, "a signal is no longer said", Digest},
	{news.ChangeCountry, false, "a new country", Digest},
	{news.ChangeLanguage, false, "a new language", Digest},
	{news.ChangeOutlet, false, "a new outlet", Digest},
	{news.ChangeArticle, false, "one more article", Digest},
}

// WorthOf says what a change is worth to a channel of a manner.
func WorthOf(c news.Change, m configs.Manner) Worth {
	switch m {
	case configs.MannerEdits:
		return Edit
	case configs.MannerEvents:
		return Event
	}
	worth, less := Digest, lessens(c)
	for _, w := range worths {
		if w.kind == c.Kind && w.less == less {
			worth = w.messages
		}
	}
	switch {
	case m != configs.MannerAlone || worth != Digest:
		return worth
	case c.Kind == news.ChangeEdited || c.Kind == news.ChangeTitle:
		return Message
	}
	return Nothing
}

// lessens reports whether a level fell, or nothing was put in a sentence's place.
func lessens(c news.Change) bool {
	switch c.Kind {
	case news.ChangeLevel:
		return level(c.To) < level(c.From)
	case news.ChangeEdited:
		return c.To == ""
	}
	return false
}

func level(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// WorthTelling reports whether one of the changes doesn't wait for the digest.
func WorthTelling(changes []news.Change, m configs.Manner) bool {
	return slices.ContainsFunc(changes, func(c news.Change) bool {
		w := WorthOf(c, m)
		return w != Digest && w != Nothing
	})
}

// WorthVersion reports whether what is new in a story between two of its states
// doesn't wait for the digest.
func WorthVersion(before, now news.StoryState, m configs.Manner) bool {
	added := make([]news.Report, max(0, now.Articles-before.Articles))
	return WorthTelling(Changes(before, now, added), m)
}

// ChangeTable is the table of what a change is worth, in Markdown.
func ChangeTable() string {
	var b strings.Builder
	b.WriteString("| what is new | edits | events | messages | and no digest |\n|---|---|---|---|---|\n")
	for _, w := range worths {
		c := news.Change{Kind: w.kind, From: "1", To: "2"}
		if w.less {
			c.From, c.To = "2", ""
		}
		fmt.Fprintf(&b, "| %s", w.what)
		for _, m := range []configs.Manner{configs.MannerEdits, configs.MannerEvents, configs.MannerMessages, configs.MannerAlone} {
			fmt.Fprintf(&b, " | %s", WorthOf(c, m))
		}
		b.WriteString(" |\n")
	}
	return b.String()
}
