package theme

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Entry is a signal or a concept as it is with all packs together, in an
// author's words.
type Entry struct {
	Name  string // a signal's id, or @ and a concept's
	Place Place
	Short string   // what it is, in a line
	Lines []string // all that it says
}

// Entries lists the signals by theme and id, then the concepts by name.
func (p *Packs) Entries() []Entry {
	var out []Entry
	for _, s := range p.Signals {
		out = append(out, Entry{s.ID, p.Where(s), fmt.Sprintf("%s, level %d, %s: %s", s.Theme, s.Level, s.Direction, s.Title), wholeSignal(s)})
	}
	users := p.users()
	for _, id := range slices.Sorted(maps.Keys(p.Concepts)) {
		c := p.Concepts[id]
		out = append(out, Entry{"@" + id, p.WhereConcept(c), counted(c), wholeConcept(c, users[id])})
	}
	return out
}

// name is a concept's name in a query.
var name = regexp.MustCompile(`@[\pL\pN_-]+`)

// users lists the signals whose queries ask for each concept.
func (p *Packs) users() map[string][]string {
	out := map[string][]string{}
	for _, s := range p.Signals {
		names := name.FindAllString(s.When+" "+s.Unless, -1)
		slices.Sort(names)
		for _, n := range slices.Compact(names) {
			out[n[1:]] = append(out[n[1:]], s.ID)
		}
	}
	return out
}

// said collects lines, but for those without a value.
type said []string

func (l *said) add(key, value string) {
	if value = oneLine(value); value != "" {
		*l = append(*l, key+": "+value)
	}
}

func (l *said) list(key string, values []string) { l.add(key, strings.Join(values, ", ")) }

func (l *said) flag(key string, set bool) {
	if set {
		l.add(key, "true")
	}
}

func wholeSignal(s *Signal) []string {
	l := said(describeSignal(s))
	l.add("unless", s.Unless)
	l.add("turned", s.Turned)
	l.add("why", s.Why)
	l.list("beats", s.Beats)
	l.list("countries", s.Countries)
	l.list("languages", s.Languages)
	l.add("tie", s.Tie)
	l.add("by", s.By)
	l.flag("home", s.Home)
	l.flag("residual", s.Residual)
	l.list("falsepositives", s.FalsePositives)
	l.list("references", s.References)
	l.add("tests", fmt.Sprintf("%d that match, %d that don't", len(s.Tests.Match), len(s.Tests.Miss)))
	return l
}

func wholeConcept(c *Concept, users []string) []string {
	var l said
	l.add("note", c.Note)
	l.add("country", c.Country)
	l.flag("neutral", c.Neutral)
	l.flag("place", c.Place)
	l.flag("tie", c.Tie)
	l.flag("negative", c.Negative)
	l.flag("swallows", c.Swallows)
	l.list("hides", c.Hides)
	l.list("unverified", c.Unverified)
	l = append(l, describeConcept(c)...)
	l.list("asked for by", users)
	return l
}

// counted says how many terms a concept has in each language.
func counted(c *Concept) string {
	var parts []string
	for _, lang := range Languages {
		if n := len(c.Terms[lang]); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", lang, n))
		}
	}
	return strings.Join(parts, ", ")
}
