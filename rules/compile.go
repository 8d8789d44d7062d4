package rules

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/rules/query"
	"driftwatch/rules/theme"
	"driftwatch/text"
	"driftwatch/text/names"
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
type marks struct {
	deny, accuse, claim, lifted, retold, longAgo, but, setAgainst, asFor, venue, member, largeBank int

	withheld [2]int // a refusal or an end; one with its own negation

	toRussia, fromRussia int // where goods go or come from, which is nobody's act
	language             int // Russian, which does nothing either

	status []struct { // the weakest first
		mark   int
		status news.Status
	}
	actor []struct {
		mark  int
		actor news.Actor
	}
}

// statusMarks are the concepts that tell how far an act has come.
var statusMarks = []struct {
	concept string
	status  news.Status
}{
	{"opinion", news.StatusOpinion},
	{"demanded", news.StatusDemanded},
	{"proposed", news.StatusProposed},
	{"announced", news.StatusAnnounced},
	{"decided", news.StatusDecided},
}

// actorMarks are the concepts that tell who acts.
var actorMarks = []struct {
	concept string
	actor   news.Actor
}{
	{"head_of_state", news.ActorHead},
	{"government", news.ActorGovernment},
	{"large_bank", news.ActorBank},
	{"parliament", news.ActorParliament},
	{"member_of_parliament", news.ActorMember},
	{"business", news.ActorCompany},
	{"civil_society", news.ActorSociety},
	{"foreign_speaker", news.ActorForeigner},
}

// otherMarks are the rest of the concepts that the engine asks for by name.
var otherMarks = []string{"deny", "accuse", "claim", "lifted", "retold", "long_ago", "but", "set_against", "as_for", "venue_event", "to_russia", "from_russia", "russian_language", "withheld", "turned_down"}

// compiler resolves names and collects terms.
type compiler struct {
	packs  *theme.Packs
	engine *Engine
	ids    map[string]int // concept → name
	phrase map[string]int
	parts  map[partKey]int  // of terms with gaps → names
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
	e := &Engine{packs: p, entities: map[string]int{}}
	c := &compiler{packs: p, engine: e, ids: map[string]int{}, phrase: map[string]int{}, parts: map[partKey]int{}, code: map[string][]int{}}
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
	m, err := text.NewMatcher(c.terms)
	if err != nil {
		return nil, c.fault()
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	e.matcher, e.place = m, c.place
	c.index()
	e.states.New = func() any { return newState(e) }
	e.rare = sync.OnceValue(e.rarities)
	return e, nil
}

// concept gives a concept its number.
func (c *compiler) concept(t *theme.Concept) {
	id := len(c.engine.names)
	c.ids[t.ID] = id
	n := name{concept: t, shared: inEach(t), na: beginsWithNa(t)}
	if t.Country != "" {
		n.country = codeOf(t)
		c.code[t.Country] = append(c.code[t.Country], id)
		for _, set := range setsOf(t) {
			c.code[set] = append(c.code[set], id)
		}
	}
	c.engine.names = append(c.engine.names, n)
}

// inEach reports that a concept has terms in each language.
func inEach(t *theme.Concept) bool {
	return len(t.Terms["any"]) > 0 || !slices.ContainsFunc(theme.Languages, func(lang string) bool {
		return lang != "any" && len(t.Terms[lang]) == 0
	})
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
	c.engine.names[id].swallows = t.Swallows
	for _, hidden := range t.Hides {
		c.engine.names[id].hides = append(c.engine.names[id].hides, c.ids[hidden])
	}
	for _, lang := range slices.Sorted(maps.Keys(t.Terms)) {
		for i, one := range t.Terms[lang] {
			if one.Text == "" {
				continue // it is a fault already
			}
			at := termPlace{t, lang, i}
			c.term(one, lang, id, at)
		}
	}
}

func (c *compiler) term(t theme.Term, lang string, id int, at termPlace) {
	held := term{name: int32(id), langs: langsOf(lang), words: int32(t.Words)}
	for _, n := range t.Near {
		held.of = append(held.of, c.ids[strings.TrimPrefix(n, "@")])
	}
	if parts, after := gaps(t.Text); len(parts) > 1 && at.concept != nil {
		c.gap(t, lang, parts, after, held, at)
		return
	}
	c.terms = append(c.terms, matcherTerm(t, lang))
	c.engine.terms = append(c.engine.terms, held)
	c.place = append(c.place, at)
}

// fault finds the terms that the matcher can't take.
func (c *compiler) fault() error {
	for i := range c.terms {
		if _, err := text.NewMatcher(c.terms[i : i+1]); err != nil && c.place[i].concept != nil {
			at := c.place[i]
			c.packs.FaultConcept(at.concept, at.lang, at.index, "this term "+innermost(err).Error())
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
	if !ok && c.packs.Broken() {
		return []int{0}, "", true // it may be in what couldn't be read
	}
	if !ok {
		return nil, cmp.Or(configs.Nearest(name, slices.Collect(maps.Keys(c.ids))), c.withTerm(name)), false
	}
	return []int{id}, "", true
}

// withTerm is the concept that has a word among its terms: authors write @дрон for
// @drone. Of several it is the first that has the fewest terms.
func (c *compiler) withTerm(word string) string {
	written, found, fewest := strings.ReplaceAll(word, "_", " "), "", 0
	for _, id := range slices.Sorted(maps.Keys(c.packs.Concepts)) {
		terms, has := 0, false
		for _, list := range c.packs.Concepts[id].Terms {
			terms += len(list)
			has = has || slices.ContainsFunc(list, func(t theme.Term) bool { return strings.EqualFold(strings.TrimSuffix(t.Text, "*"), written) })
		}
		if has && (found == "" || terms < fewest) {
			found, fewest = id, terms
		}
	}
	return found
}

// Country resolves a code, or a set: country and third.
func (c *compiler) Country(code string) ([]int, string, bool) {
	ids, ok := c.code[code]
	if !ok && c.packs.Broken() {
		return []int{0}, "", true
	}
	if !ok {
		if near, ok := countrySlips[code]; ok {
			return nil, near, false
		}
		return nil, configs.Nearest(code, slices.Collect(maps.Keys(c.code))), false
	}
	return ids, "", true
}

// countrySlips are the codes of languages that people write for the country's.
var countrySlips = map[string]string{"KK": "KZ", "KY": "KG", "TG": "TJ", "TK": "TM"}

// Entity gives an entity, or any of them, postings of its own. The ids of lists
// that are imported are the gazetteer's to know: what has a digit or a sign in
// it is taken for one. What is only letters must be an id of the embedded names.
func (c *compiler) Entity(id string) ([]int, string, bool) {
	if id != query.AnyEntity && !strings.ContainsAny(id, "0123456789.:-_/") {
		if known := embeddedNames(); !slices.Contains(known, id) {
			return nil, c.nearestName(id, known), false
		}
	}
	n, ok := c.engine.entities[id]
	if !ok {
		n = len(c.engine.names)
		c.engine.names = append(c.engine.names, name{})
		c.engine.entities[id] = n
	}
	return []int{n}, "", true
}

// nearestName is what an unknown #name is most likely meant for: a country, also
// where it is named as its concept is, a set of them or a name; of a code with a
// letter too many, the code.
func (c *compiler) nearestName(id string, known []string) string {
	if concept := c.packs.Concepts[strings.ToLower(id)]; concept != nil && concept.Country != "" {
		return concept.Country
	}
	codes := slices.DeleteFunc(slices.Sorted(maps.Keys(c.code)), func(code string) bool { return code == "XX" }) // which is no country's
	if near := configs.Nearest(id, slices.Concat(codes, known, []string{query.AnyEntity})); near != "" || len(id) != 3 {
		return near
	}
	for i := range id {
		if code := strings.ToUpper(id[:i] + id[i+1:]); slices.Contains(codes, code) {
			return code
		}
	}
	return ""
}

// embeddedNames lists the ids of the names that come with the program.
var embeddedNames = sync.OnceValue(func() []string {
	written, _ := names.Written(configs.FS()) // are tested to be sound
	ids := make([]string, len(written))
	for i, n := range written {
		ids[i] = n.ID
	}
	return slices.Clip(ids)
})

// Phrase gives a phrase of a query postings of its own, in any language.
func (c *compiler) Phrase(words string) ([]int, error) {
	if id, ok := c.phrase[words]; ok {
		return []int{id}, nil
	}
	if _, err := text.NewMatcher([]text.Term{{Text: words}}); err != nil {
		return nil, fmt.Errorf("this phrase %w", innermost(err))
	}
	id := len(c.engine.names)
	c.engine.names = append(c.engine.names, name{})
	c.phrase[words] = id
	c.term(theme.Term{Text: words}, "any", id, termPlace{})
	return []int{id}, nil
}

func (c *compiler) signal(t *theme.Signal, index int) {
	s := &signal{Signal: t, index: index}
	if n := c.packs.When[t]; n != nil {
		s.when = c.query(t, "when", n)
	}
	if s.when != nil {
		s.acts, s.affirmed = s.when.Acts(), s.when.Affirmed()
		s.turns = slices.Contains(s.when.Rests(), c.idOf("deny"))
		s.needs = s.when.Necessary()
	}
	if n := c.packs.Unless[t]; n != nil {
		s.unless = c.query(t, "unless", n)
		s.ends = c.alternatives(t, "unless", n, s.unless)
	}
	for _, id := range t.Beats {
		if i := slices.IndexFunc(c.packs.Signals, func(o *theme.Signal) bool { return o.ID == id }); i >= 0 { // else it is switched off
			s.beats = append(s.beats, i)
		}
	}
	c.engine.signals = append(c.engine.signals, s)
}

// idOf is the number of a concept, -1 where there is none.
func (c *compiler) idOf(concept string) int {
	if id, ok := c.ids[concept]; ok {
		return id
	}
	return -1
}

func (c *compiler) query(t *theme.Signal, key string, n query.Node) *query.Query {
	q, errs := query.Compile(n, c)
	for _, err := range errs {
		c.packs.FaultIn(t, key, err)
	}
	return q
}

// alternatives compiles each alternative of a query by itself: of those that
// match, one may stand in another clause than the acts, and another not.
func (c *compiler) alternatives(t *theme.Signal, key string, n query.Node, whole *query.Query) []*query.Query {
	or, several := n.(*query.Or)
	if !several || whole == nil {
		return []*query.Query{whole}
	}
	all := make([]*query.Query, len(or.Parts))
	for i, part := range or.Parts {
		all[i] = c.query(t, key, part)
	}
	return all
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
	e.verbs = make([]bool, len(e.names))
	for _, s := range e.signals {
		for _, id := range s.acts {
			e.verbs[id] = true
		}
		s.contrary = contrary(e.signals, s)
	}
	c.byPart()
	c.marks()
}

// contrary lists the predicates that would turn a signal's direction round.
func contrary(all []*signal, s *signal) []int {
	if s.Direction != news.Apart && s.Direction != news.Closer {
		return nil
	}
	var ids []int
	for _, o := range all {
		if o.Theme != s.Theme || o.Direction == s.Direction || o.Direction != news.Apart && o.Direction != news.Closer {
			continue
		}
		for _, id := range o.affirmed {
			if !slices.Contains(s.affirmed, id) {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// marks finds the concepts that the engine itself asks for.
func (c *compiler) marks() {
	at, m := c.idOf, &c.engine.marks
	m.accuse, m.claim = at("accuse"), at("claim")
	m.deny, m.lifted, m.retold, m.but, m.venue = at("deny"), at("lifted"), at("retold"), at("but"), at("venue_event")
	m.longAgo, m.setAgainst, m.asFor = at("long_ago"), at("set_against"), at("as_for")
	m.toRussia, m.fromRussia, m.language = at("to_russia"), at("from_russia"), at("russian_language")
	m.withheld = [...]int{at("withheld"), at("turned_down")}
	m.member, m.largeBank = at("member_of_parliament"), at("large_bank")
	for _, one := range statusMarks {
		m.status = append(m.status, struct {
			mark   int
			status news.Status
		}{at(one.concept), one.status})
	}
	for _, one := range actorMarks {
		m.actor = append(m.actor, struct {
			mark  int
			actor news.Actor
		}{at(one.concept), one.actor})
	}
}

func total(weight, ids []int) int {
	n := 0
	for _, id := range ids {
		n += weight[id]
	}
	return n
}
