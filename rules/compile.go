package rules

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/rules/query"
	"driftwatch/rules/theme"
	"driftwatch/text"
)

// langs is a set of languages, a bit each; terms written alike everywhere are
// in all of them.
type langs uint16

func langsOf(lang string) langs {
	base, _, _ := strings.Cut(lang, "-")
	switch base {
	case "any", text.Unknown, "":
		return ^langs(0)
	}
	if i := slices.Index(theme.Languages, base); i >= 0 {
		return 1 << i
	}
	return 1 << 15 // a language that no pack has terms in
}

// marks are the concepts that the engine itself asks for. A pack without one
// of them does without what it is for.
type marks struct{ deny, proposed, demanded, opinion, not, venue int }

// compiler resolves names and collects terms.
type compiler struct {
	packs  *theme.Packs
	engine *Engine
	ids    map[string]int // concept → name
	phrase map[string]int
	code   map[string][]int // country → names
	terms  []text.Term
	place  []termPlace
}

// termPlace is where a term stands in its pack; a phrase has none.
type termPlace struct {
	concept *theme.Concept
	lang    string
	index   int
}

func compile(p *theme.Packs) (*Engine, error) {
	e := &Engine{packs: p}
	c := &compiler{packs: p, engine: e, ids: map[string]int{}, phrase: map[string]int{}, code: map[string][]int{}}
	concepts := slices.Sorted(maps.Keys(p.Concepts))
	for _, id := range concepts {
		c.concept(p.Concepts[id])
	}
	for _, id := range concepts {
		c.add(p.Concepts[id])
	}
	for i, s := range p.Signals {
		c.signal(s, i)
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	m, err := text.NewMatcher(c.terms)
	if err != nil {
		return nil, c.fault()
	}
	e.matcher = m
	c.index()
	e.states.New = func() any { return newState(e) }
	return e, nil
}

// concept gives a concept its number.
func (c *compiler) concept(t *theme.Concept) {
	id := len(c.engine.names)
	c.ids[t.ID] = id
	n := name{concept: t}
	if t.Country != "" {
		n.country = codeOf(t)
		c.code[t.Country] = append(c.code[t.Country], id)
		for _, set := range setsOf(t) {
			c.code[set] = append(c.code[set], id)
		}
	}
	c.engine.names = append(c.engine.names, n)
}

// setsOf are the sets of countries that a concept belongs to in queries.
func setsOf(t *theme.Concept) []string {
	switch {
	case slices.Contains(news.Countries, t.Country):
		return []string{"country"}
	case t.Country != "RU" && !t.Neutral:
		return []string{"third"}
	}
	return nil
}

// add gives the matcher a concept's terms.
func (c *compiler) add(t *theme.Concept) {
	id := c.ids[t.ID]
	for _, hidden := range t.Hides {
		c.engine.names[id].hides = append(c.engine.names[id].hides, c.ids[hidden])
	}
	for _, lang := range slices.Sorted(maps.Keys(t.Terms)) {
		for i, one := range t.Terms[lang] {
			at := termPlace{t, lang, i}
			c.term(one, lang, id, at)
			if lang == "uz" {
				if cyrillic := uzbekCyrillic(one.Text); cyrillic != one.Text {
					one.Text = cyrillic
					c.term(one, lang, id, at)
				}
			}
		}
	}
}

func (c *compiler) term(t theme.Term, lang string, id int, at termPlace) {
	out := text.Term{Text: t.Text, CaseSensitive: t.Case}
	if t.Exact {
		out.Mode = text.Exact
	}
	if lang != "any" {
		out.Lang = lang
	}
	held := term{name: int32(id), langs: langsOf(lang), words: int32(t.Words)}
	for _, n := range t.Near {
		held.of = append(held.of, c.ids[strings.TrimPrefix(n, "@")])
	}
	c.terms = append(c.terms, out)
	c.engine.terms = append(c.engine.terms, held)
	c.place = append(c.place, at)
}

// fault finds the terms that the matcher can't take.
func (c *compiler) fault() error {
	for i := range c.terms {
		if _, err := text.NewMatcher(c.terms[i : i+1]); err != nil && c.place[i].concept != nil {
			at := c.place[i]
			c.packs.FaultConcept(at.concept, at.lang, at.index, innermost(err).Error())
		}
	}
	return c.packs.Err()
}

// innermost is what is wrong with the one term of a matcher, without its number.
func innermost(err error) error {
	for {
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			err = joined.Unwrap()[0]
			continue
		}
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// Concept, Country and Phrase make the compiler the query's Names.
func (c *compiler) Concept(name string) ([]int, string, bool) {
	id, ok := c.ids[name]
	if !ok {
		return nil, configs.Nearest(name, slices.Collect(maps.Keys(c.ids))), false
	}
	return []int{id}, "", true
}

// Country resolves a code, or a set: country and third.
func (c *compiler) Country(code string) ([]int, string, bool) {
	ids, ok := c.code[code]
	if !ok {
		return nil, configs.Nearest(code, slices.Collect(maps.Keys(c.code))), false
	}
	return ids, "", true
}

// Phrase gives a phrase of a query postings of its own, in any language.
func (c *compiler) Phrase(words string) ([]int, error) {
	if id, ok := c.phrase[words]; ok {
		return []int{id}, nil
	}
	if _, err := text.NewMatcher([]text.Term{{Text: words}}); err != nil {
		return nil, innermost(err)
	}
	id := len(c.engine.names)
	c.engine.names = append(c.engine.names, name{})
	c.phrase[words] = id
	c.term(theme.Term{Text: words}, "any", id, termPlace{})
	return []int{id}, nil
}

func (c *compiler) signal(t *theme.Signal, index int) {
	s := &signal{Signal: t, index: index}
	if s.when = c.query(t, "when", c.packs.When[t.ID]); s.when != nil {
		s.acts = s.when.Acts()
		s.needs = s.when.Necessary()
	}
	if n := c.packs.Unless[t.ID]; n != nil {
		s.unless = c.query(t, "unless", n)
	}
	for _, id := range t.Beats {
		s.beats = append(s.beats, slices.IndexFunc(c.packs.Signals, func(o *theme.Signal) bool { return o.ID == id }))
	}
	c.engine.signals = append(c.engine.signals, s)
}

func (c *compiler) query(t *theme.Signal, key string, n query.Node) *query.Query {
	q, errs := query.Compile(n, c)
	for _, err := range errs {
		c.packs.FaultIn(t, key, err)
	}
	return q
}

// index finds each signal's anchor, the rarest of the sets that it needs, and
// the concepts that the engine asks for.
func (c *compiler) index() {
	e := c.engine
	weight := make([]int, len(e.names)) // terms: the best guess at how often a name is found
	for i, t := range e.terms {
		weight[t.name]++
		if e.names[t.name].country != 0 {
			weight[t.name] += 1000 // in most texts of these outlets
		}
		if len(t.of) > 0 && c.place[i].concept != nil {
			weight[t.name]--
		}
	}
	e.anchors = make([][]int, len(e.names))
	for i, s := range e.signals {
		s.anchor = slices.MinFunc(s.needs, func(a, b []int) int { return total(weight, a) - total(weight, b) })
		for _, id := range s.anchor {
			e.anchors[id] = append(e.anchors[id], i)
		}
	}
	at := func(id string) int {
		if n, ok := c.ids[id]; ok {
			return n
		}
		return -1
	}
	e.marks = marks{
		deny: at("deny"), proposed: at("proposed"), demanded: at("demanded"),
		opinion: at("opinion"), not: at("not"), venue: at("venue_event"),
	}
}

func total(weight, ids []int) int {
	n := 0
	for _, id := range ids {
		n += weight[id]
	}
	return n
}

// uzbekCyrillic spells an Uzbek term as the Cyrillic editions do.
func uzbekCyrillic(s string) string {
	s = strings.NewReplacer("‘", "'", "’", "'", "ʻ", "'", "ʼ", "'", "`", "'").Replace(strings.ToLower(s))
	s = uzbekPairs.Replace(s)
	var b strings.Builder
	start := true
	for _, r := range s {
		switch to, ok := uzbekLetters[r]; {
		case r == 'e' && start:
			b.WriteRune('э')
		case ok:
			b.WriteRune(to)
		default:
			b.WriteRune(r)
		}
		start = r == ' ' || r == '-'
	}
	return b.String()
}

var uzbekPairs = strings.NewReplacer(
	"o'", "ў", "g'", "ғ", "sh", "ш", "ch", "ч", "yo", "ё", "ya", "я", "yu", "ю", "ye", "е", "ts", "ц")

var uzbekLetters = map[rune]rune{
	'a': 'а', 'b': 'б', 'd': 'д', 'e': 'е', 'f': 'ф', 'g': 'г', 'h': 'ҳ', 'i': 'и', 'j': 'ж', 'k': 'к',
	'l': 'л', 'm': 'м', 'n': 'н', 'o': 'о', 'p': 'п', 'q': 'қ', 'r': 'р', 's': 'с', 't': 'т', 'u': 'у',
	'v': 'в', 'x': 'х', 'y': 'й', 'z': 'з', '\'': 'ъ',
}
