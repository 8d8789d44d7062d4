package message

import "strings"

// Text is the message as plain text, for a terminal or a mail: what happened
// where, title, outlet, times, the sentences with *what matched* between
// asterisks, the link, and why. It ends in a line feed.
func (m Message) Text() string {
	var b strings.Builder
	line := func(s string) {
		if s != "" {
			b.WriteString(s + "\n")
		}
	}
	line(m.Headline())
	line(m.Told())
	for _, n := range m.News {
		line("- " + n)
	}
	b.WriteString("\n")
	line(m.Title)
	line(m.Source())
	line(m.When())
	line(m.Gone)
	line(m.Now)
	for _, q := range m.Quote {
		b.WriteString("\n    " + q.Marked("*", "*", asIs) + "\n")
	}
	if m.Link != "" {
		b.WriteString("\n" + m.Link + "\n")
	}
	if len(m.Why) > 0 {
		b.WriteString("\nWhy:\n")
	}
	for i, f := range m.Why {
		line("- " + f.Signal + m.Apart(i))
		if f.Status != "" {
			line("  as it stands: " + f.Status)
		}
		if f.Why != "" {
			line("  " + f.Why)
		}
	}
	line(m.MoreFindings())
	if len(m.Reports) > 0 {
		b.WriteString("\nAlso told by:\n")
	}
	for _, r := range m.Reports {
		line("- " + r.String())
		if r.Link != "" {
			line("  " + r.Link)
		}
	}
	line(m.FurtherReports())
	return b.String()
}

// Apart is what the i-th finding says differently from the headline, as " (…)";
// "" where it says the same.
func (m Message) Apart(i int) string {
	if f := m.Why[i].String(); f != m.What.String() {
		return " (" + f + ")"
	}
	return ""
}

func asIs(s string) string { return s }
