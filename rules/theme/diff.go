package theme

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Change is what is different in one signal or concept of two versions of the
// packs, in an author's words.
type Change struct {
	Name  string   // a signal's id, or @ and a concept's
	What  string   // "added", "removed" or "changed"
	Lines []string // of a changed one: each difference in a line
}

// String gives the change as a few lines.
func (c Change) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", c.Name, c.What)
	for _, l := range c.Lines {
		b.WriteString("\n  " + l)
	}
	return b.String()
}

// Diff says what b changes over a: signals first, then concepts, by name. What
// is only arranged otherwise isn't told.
func Diff(a, b *Packs) []Change {
	signals := func(p *Packs) map[string]*Signal {
		m := make(map[string]*Signal, len(p.Signals))
		for _, s := range p.Signals {
			m[s.ID] = s
		}
		return m
	}
	out := compare("", signals(a), signals(b), describeSignal, signalLines)
	return append(out, compare("@", a.Concepts, b.Concepts, describeConcept, conceptLines)...)
}

// compare lists what is different in two sets.
func compare[T any](prefix string, a, b map[string]*T, describe func(*T) []string, lines func(a, b *T) []string) []Change {
	names := slices.Collect(maps.Keys(a))
	for name := range b {
		if a[name] == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out []Change
	for _, name := range names {
		c := Change{Name: prefix + name}
		switch was, is := a[name], b[name]; {
		case was == nil:
			c.What, c.Lines = "added", describe(is)
		case is == nil:
			c.What = "removed"
		default:
			if c.Lines = lines(was, is); len(c.Lines) == 0 {
				continue
			}
			c.What = "changed"
		}
		out = append(out, c)
	}
	return out
}

func describeSignal(s *Signal) []string {
	return []string{fmt.Sprintf("%s: %s", s.Theme, s.Title), fmt.Sprintf("level %d, %s", s.Level, s.Direction), "when: " + oneLine(s.When)}
}

func describeConcept(c *Concept) []string {
	var out []string
	for _, lang := range slices.Sorted(maps.Keys(c.Terms)) {
		out = append(out, lang+": "+strings.Join(termTexts(c.Terms[lang]), ", "))
	}
	return out
}

// turned collects the lines that say what became of values.
type turned []string

func (t *turned) value(name, was, is string) {
	if was = oneLine(was); was != oneLine(is) {
		*t = append(*t, fmt.Sprintf("%s: %s → %s", name, orNone(was), orNone(oneLine(is))))
	}
}

// query is a value that is too long for one line.
func (t *turned) query(name, was, is string) {
	if was, is = oneLine(was), oneLine(is); was != is {
		*t = append(*t, name+" was: "+orNone(was), name+" is:  "+orNone(is))
	}
}

func (t *turned) list(name string, was, is []string) {
	var parts []string
	for _, x := range is {
		if !slices.Contains(was, x) {
			parts = append(parts, "+ "+x)
		}
	}
	for _, x := range was {
		if !slices.Contains(is, x) {
			parts = append(parts, "− "+x)
		}
	}
	if len(parts) > 0 {
		*t = append(*t, name+": "+strings.Join(parts, ", "))
	}
}

func signalLines(a, b *Signal) []string {
	var t turned
	t.value("theme", string(a.Theme), string(b.Theme))
	t.value("title", a.Title, b.Title)
	t.value("turned", a.Turned, b.Turned)
	t.value("why", a.Why, b.Why)
	t.value("level", fmt.Sprint(a.Level), fmt.Sprint(b.Level))
	t.value("direction", string(a.Direction), string(b.Direction))
	t.query("when", a.When, b.When)
	t.query("unless", a.Unless, b.Unless)
	t.list("beats", a.Beats, b.Beats)
	t.list("countries", a.Countries, b.Countries)
	t.list("languages", a.Languages, b.Languages)
	t.value("tie", a.Tie, b.Tie)
	t.value("by", a.By, b.By)
	t.value("home", fmt.Sprint(a.Home), fmt.Sprint(b.Home))
	t.value("residual", fmt.Sprint(a.Residual), fmt.Sprint(b.Residual))
	t.list("references", a.References, b.References)
	t.list("falsepositives", a.FalsePositives, b.FalsePositives)
	return t
}

func conceptLines(a, b *Concept) []string {
	var t turned
	t.value("country", a.Country, b.Country)
	t.value("neutral", fmt.Sprint(a.Neutral), fmt.Sprint(b.Neutral))
	t.value("place", fmt.Sprint(a.Place), fmt.Sprint(b.Place))
	t.value("tie", fmt.Sprint(a.Tie), fmt.Sprint(b.Tie))
	t.value("negative", fmt.Sprint(a.Negative), fmt.Sprint(b.Negative))
	t.value("swallows", fmt.Sprint(a.Swallows), fmt.Sprint(b.Swallows))
	t.list("hides", a.Hides, b.Hides)
	t.list("unverified", a.Unverified, b.Unverified)
	for _, lang := range Languages {
		t.list(lang, termTexts(a.Terms[lang]), termTexts(b.Terms[lang]))
	}
	return t
}

func termTexts(terms []Term) []string {
	out := make([]string, len(terms))
	for i, t := range terms {
		out[i] = t.String()
	}
	return out
}

// String gives the term with its options in brackets.
func (t Term) String() string {
	var options []string
	if t.Exact {
		options = append(options, "exact")
	}
	if t.Case {
		options = append(options, "case")
	}
	if len(t.Near) > 0 {
		options = append(options, fmt.Sprintf("within %d words of %s", t.Words, strings.Join(t.Near, " or ")))
	}
	if len(options) == 0 {
		return t.Text
	}
	return t.Text + " (" + strings.Join(options, ", ") + ")"
}

// oneLine is a query or sentence as it reads, however it was broken into lines.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
