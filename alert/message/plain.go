package message

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"driftwatch/guard"
	"driftwatch/news"
)

// PlainDigest is a digest as plain text: a headline, the stories by country and
// theme, what could not be read, and the week's figures. Times are shown in
// zone; nil is UTC.
func PlainDigest(d news.Digest, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", DigestTitle(d, zone))
	place := ""
	for _, it := range d.Items {
		if at := joinNonEmpty(" · ", Country(it.Country), Theme(it.Theme)); at != place {
			fmt.Fprintf(&b, "\n%s\n", at)
			place = at
		}
		plainItem(&b, it, zone)
	}
	switch {
	case len(d.Items) == 0 && d.Polled == 0:
		b.WriteString("\nNo story, but no source was read either.\n")
	case len(d.Items) == 0:
		b.WriteString("\nNo story in this time.\n")
	case d.More > 0:
		fmt.Fprintf(&b, "\nand %d more: %s\n", d.More, guard.Line(d.List))
	}
	fmt.Fprintf(&b, "\nSources read: %d. Not read: %d.\n", d.Polled, len(d.Gaps))
	for _, g := range d.Gaps {
		since := "never read"
		if !g.Since.IsZero() {
			since = "last read " + moment(g.Since.In(zone))
		}
		fmt.Fprintf(&b, "- %s: %s (%s)\n", joinNonEmpty(", ", name(g.Source), Country(g.Country)), guard.Line(g.Problem), since)
	}
	for i, l := range d.Drift {
		if i == 0 {
			b.WriteString("\nThe week, apart and closer:\n")
		}
		fmt.Fprintf(&b, "- %s: apart %.1f, closer %.1f, %d events", Country(l.Country), l.Apart, l.Closer, l.Events)
		if l.Note != "" {
			fmt.Fprintf(&b, " (%s)", guard.Line(l.Note))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// DigestTitle says which digest it is, of which time and of how many stories.
func DigestTitle(d news.Digest, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	stories := map[int64]bool{}
	for _, it := range d.Items {
		stories[it.Alert.Story.ID] = true
	}
	said := fmt.Sprintf("%d stories", len(stories)+d.More)
	switch len(stories) + d.More {
	case 0:
		said = "no story"
	case 1:
		said = "1 story"
	}
	kind := string(d.Period)
	if kind != "" {
		kind = strings.ToUpper(kind[:1]) + kind[1:] + " digest"
	} else {
		kind = "Digest"
	}
	return fmt.Sprintf("%s, %s to %s: %s", kind, moment(d.From.In(zone)), moment(d.To.In(zone)), said)
}

func plainItem(b *strings.Builder, it news.DigestItem, zone *time.Location) {
	m := New(it.Alert, zone)
	mark := ""
	if it.New {
		mark = "new: "
	}
	fmt.Fprintf(b, "- %s%s\n  %s\n", mark, m.Title, joinNonEmpty(" · ", m.What.String(), m.Source()))
	if m.Link != "" {
		fmt.Fprintf(b, "  %s\n", m.Link)
	}
	for _, c := range it.Changes {
		fmt.Fprintf(b, "  %s\n", PlainChange(c))
	}
}

// PlainChange is one thing that is new in a story, in words.
func PlainChange(c news.Change) string {
	from, to, of := guard.Line(c.From), guard.Line(c.To), guard.Line(c.Of)
	switch c.Kind {
	case news.ChangeArticle:
		return "one more report: " + to
	case news.ChangeOutlet:
		return "also told by " + to
	case news.ChangeLanguage:
		return "also told in " + to
	case news.ChangeCountry:
		return "now also about " + Country(c.To)
	case news.ChangeLevel:
		return "level " + from + " → " + to
	case news.ChangeStatus:
		return joinNonEmpty(": ", of, cmp.Or(from, "not known")+" → "+cmp.Or(to, "not known"))
	case news.ChangeDirection:
		return joinNonEmpty(": ", Country(c.Of), Way(news.Direction(c.From))+" → "+Way(news.Direction(c.To)))
	case news.ChangeSignal:
		return "new signal: " + to
	case news.ChangeGone:
		return "no longer said: " + from
	}
	return joinNonEmpty(" ", string(c.Kind), to)
}

// PlainNote is a note as plain text.
func PlainNote(n news.Note) string {
	var b strings.Builder
	b.WriteString(guard.Line(n.Title) + "\n")
	for _, l := range n.Lines {
		b.WriteString(guard.Line(l) + "\n")
	}
	return b.String()
}
