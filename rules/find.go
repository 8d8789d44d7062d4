package rules

import (
	"net/url"
	"slices"
	"strings"

	"driftwatch/news"
	"driftwatch/rules/query"
)

// match is a signal found at one place of a text.
type match struct {
	signal     *signal
	from, to   int // sentences of the evidence
	spans      []query.Span
	acts       []query.Span // its predicates; all of spans where it has none
	predicates bool
	direction  news.Direction
	status     news.Status
	actor      news.Actor
	retold     bool       // told of the past, beside the news
	withheld   bool       // what it tells is refused or ended
	by         query.Span // the word that says so
	who        tally
	own        bool // a country is named in the evidence itself
}

// mostMatches is how many places of a signal are weighed in a text: far more than an
// article has, and few enough that weighing them against each other, which takes their
// square, ends soon in a page that repeats itself.
const mostMatches = 200

// find asks a signal's query of every window that holds one of its anchor's
// places, and keeps the matches that have all three legs.
func (s *state) find(g *signal, a About, found []match) []match {
	may := g.when.Windows(&s.scan)
	if may == (query.Windows{}) {
		return found
	}
	last, most := -1, len(found)+mostMatches
	for _, at := range s.anchored(g) {
		if len(found) == most {
			break
		}
		i := int(at)
		if i <= last { // already in the window of an earlier match
			continue
		}
		windows, n := s.windows(i, may)
		for _, w := range windows[:n] {
			m, refused := s.ask(g, w[0], w[1], a)
			if refused != accepted {
				continue
			}
			if o := m.within(found); o != nil {
				m.who, m.own = o.who, o.own
			}
			found = append(found, m)
			last = w[1]
			break
		}
	}
	return found
}

// within is the match of the signal that rests on the same acts in fewer sentences of
// the window: it says whose they are. The neighbour may be about another country.
func (m *match) within(found []match) *match {
	for i := range found {
		o := &found[i]
		if o.signal == m.signal && m.from <= o.from && o.to <= m.to && !slices.ContainsFunc(m.acts, func(at query.Span) bool {
			return !slices.ContainsFunc(o.acts, func(b query.Span) bool { return at.First == b.First && at.Last == b.Last })
		}) {
			return o
		}
	}
	return nil
}

// anchored lists the sentences that hold a place of the rarest, in this text,
// of what the signal can't match without.
func (s *state) anchored(g *signal) []int32 {
	rarest, fewest := g.anchor, s.places(g.anchor)
	for _, set := range g.needs {
		if n := s.places(set); n < fewest {
			rarest, fewest = set, n
		}
	}
	s.anchors = s.anchors[:0]
	for _, n := range rarest {
		for _, at := range s.scan.Postings[n] {
			s.anchors = append(s.anchors, at.Sentence)
		}
	}
	slices.Sort(s.anchors)
	return slices.Compact(s.anchors)
}

// places counts where some names stand.
func (s *state) places(names []int) int {
	n := 0
	for _, id := range names {
		n += len(s.scan.Postings[id])
	}
	return n
}

// windows are the sentence itself, then with its neighbours before and after,
// where the query in hand may match.
func (s *state) windows(i int, may query.Windows) (w [3][2]int, n int) {
	if may.One>>(i&63)&1 != 0 {
		w[n] = [2]int{i, i}
		n++
	}
	if i > 0 && may.Two>>((i-1)&63)&1 != 0 && s.scan.Neighbours(i-1, i) {
		w[n] = [2]int{i - 1, i}
		n++
	}
	if may.Two>>(i&63)&1 != 0 && i+1 < len(s.scan.Sentences) && s.scan.Neighbours(i, i+1) {
		w[n] = [2]int{i, i + 1}
		n++
	}
	return w, n
}

// refusal is why a window gives no match of a signal.
type refusal uint8

const (
	accepted refusal = iota
	unasked          // the query doesn't match
	ended            // the signal's unless does
	governed         // a third country does it
	imposed          // it is done from outside, and the signal asks for the country's own act
	untied           // nothing ties it to Russia
	homeless         // no country
)

// ask asks a signal of one window.
func (s *state) ask(g *signal, from, to int, a About) (match, refusal) {
	spans, ok := g.when.Match(&s.scan, from, to, s.spans[:0])
	s.spans = spans[:0]
	if !ok {
		return match{}, unasked
	}
	acts, over := s.ended(g, s.acts(g, spans), spans, from, to)
	if over {
		return match{}, ended
	}
	switch {
	case s.governed(acts, from, to) || g.Theme == news.ThemeDualUse && s.others(acts):
		return match{}, governed
	case g.By == "own" && s.imposed(acts):
		return match{}, imposed
	case g.Tie == "" && !s.tied(from, to):
		return match{}, untied
	}
	m := match{signal: g, from: from, to: to, direction: g.Direction}
	if m.who, m.own = s.country(g, acts, from, to, a); !m.who.any() {
		return match{}, homeless
	}
	m.spans = s.kept(spans)
	m.turn(s, acts)
	return m, accepted
}

// ended reports that a signal's unless stands in the window. What is told behind
// a "but" doesn't end what is told before it, nor the other way round: then the acts
// of the other clause are left, where they have an object in it.
func (s *state) ended(g *signal, acts, spans []query.Span, from, to int) ([]query.Span, bool) {
	for _, q := range g.ends {
		var ok bool
		if s.ending, ok = q.Match(&s.scan, from, to, s.ending[:0]); !ok || s.elsewhere(s.ending, acts) {
			continue
		}
		acts = slices.DeleteFunc(acts, func(act query.Span) bool { return !s.told(g, act, s.ending, spans) })
		if len(acts) == 0 {
			return nil, true
		}
	}
	return acts, false
}

// told reports that an act stands in another clause of its sentence than some places,
// and isn't all that a match has there.
func (s *state) told(g *signal, act query.Span, places, spans []query.Span) bool {
	return among(g.acts, act.Name) && s.elsewhere(places, []query.Span{act}) && slices.ContainsFunc(spans, func(at query.Span) bool {
		return at.Sentence == act.Sentence && !overlap(at, act) && s.scan.SameClause(at, act) && s.engine.names[at.Name].country == nobody
	})
}

// elsewhere reports that places stand in the sentences of acts, and none of them
// in the clause of one.
func (s *state) elsewhere(places, acts []query.Span) bool {
	if len(s.scan.Breaks) == 0 || len(places) == 0 {
		return false
	}
	for _, at := range places {
		beside := false
		for _, act := range acts {
			if at.Sentence != act.Sentence {
				continue
			}
			if s.scan.SameClause(at, act) {
				return false
			}
			beside = true
		}
		if !beside {
			return false
		}
	}
	return true
}

// kept copies places to where they stay until the next text is read.
func (s *state) kept(spans []query.Span) []query.Span {
	n := len(s.store)
	s.store = append(s.store, spans...)
	return s.store[n:len(s.store):len(s.store)]
}

// turn reads what becomes of the acts: denied, lifted, only proposed, told of
// the past, and by whom.
func (m *match) turn(s *state, acts []query.Span) {
	g := m.signal
	m.acts = s.kept(acts)
	m.predicates = slices.ContainsFunc(acts, func(at query.Span) bool { return among(g.acts, at.Name) })
	m.status = s.status(acts)
	m.retold = s.retold(m.from, acts)
	m.actor = s.actor(acts, m.from, m.to)
	switch {
	case g.Direction == news.Contested:
		m.status = news.StatusDenied
	case s.contested(g, acts, m.from, m.to):
		m.direction, m.status = news.Contested, news.StatusDenied
	case m.direction == news.Apart && !g.turns && s.lifted(acts):
		m.direction = news.Closer
	case m.direction == news.Apart && s.stays(acts):
	case m.predicates || g.Direction == news.Closer:
		if by, ok := s.withheld(g, m.spans, acts); ok && !g.turns {
			m.direction, m.withheld, m.by = s.opposite(g.Direction, by), true, by
		}
	}
}

// acts are the predicates among the places of a match, or all of its places
// where none is among them; valid until the next call.
func (s *state) acts(g *signal, spans []query.Span) []query.Span {
	s.predicates = s.predicates[:0]
	for _, at := range spans {
		if among(g.acts, at.Name) {
			s.predicates = append(s.predicates, at)
		}
	}
	if len(s.predicates) == 0 {
		return spans
	}
	return s.predicates
}

// tied reports a tie to Russia in the evidence or a sentence away from it, in
// short texts anywhere.
func (s *state) tied(from, to int) bool {
	from, to = s.around(from, to)
	for _, n := range s.touched {
		c := s.engine.names[n].concept
		if c == nil || !c.Tie && c.Country != "RU" {
			continue
		}
		for _, at := range s.scan.Postings[n] {
			if int(at.Sentence) >= from && int(at.Sentence) <= to {
				return true
			}
		}
	}
	return false
}

// around widens a window by a sentence on both sides, a short text's to the
// whole of it.
func (s *state) around(from, to int) (int, int) {
	if !s.long {
		return 0, len(s.scan.Sentences) - 1
	}
	return max(from-1, 0), min(to+1, len(s.scan.Sentences)-1)
}

// country says whose act it is: the countries of the evidence, with the title's
// in short texts, unless it names them as venues alone and a sentence beside it
// says who came; else the title's; else, in short texts, those of the nearest
// sentence that names any; else, for acts that can only be domestic, the
// outlet's.
func (s *state) country(g *signal, acts []query.Span, from, to int, a About) (who tally, own bool) {
	who = s.doers(acts, from, to).only(g.Countries)
	title := s.count(0, s.titleSentences-1).only(g.Countries)
	if who.any() {
		if guest := s.guestOf(g, from, to); guest.any() {
			return guest, false
		}
		return who, true
	}
	if title.any() {
		return title, false
	}
	if !s.long {
		if near := s.nearest(g, from, to); near.any() {
			return near, false
		}
	}
	if g.Home && !s.foreignTitle() {
		who[s.home(a)]++
		who[nobody] = 0
	}
	return who.only(g.Countries), false
}

// guestOf are the countries that the sentence behind evidence names which itself
// names but a venue, in short texts whose title names no other: "ministers who met in
// Dushanbe called the measures unlawful. Turkmenistan joined them."
func (s *state) guestOf(g *signal, from, to int) tally {
	if s.long || to+1 >= len(s.scan.Sentences) || s.namedAsActor(0, s.titleSentences-1) || s.namedAsActor(from, to) {
		return tally{}
	}
	if !s.namedAsActor(to+1, to+1) {
		return tally{}
	}
	return s.count(to+1, to+1).only(g.Countries)
}

// namedAsActor reports that one of the watched countries is named in the sentences from
// one to another, and not as a venue.
func (s *state) namedAsActor(from, to int) bool {
	return slices.ContainsFunc(s.mentions, func(m mention) bool {
		return !m.out && !m.weak && m.who.watched() && int(m.Sentence) >= from && int(m.Sentence) <= to
	})
}

// nearest are the countries of the nearest sentence before or behind the
// evidence that names any, and not as a venue alone where another sentence names
// one that acts; both where they are equally near.
func (s *state) nearest(g *signal, from, to int) tally {
	acting := s.namedAsActor(0, len(s.scan.Sentences)-1)
	for d := 1; from-d >= 0 || to+d < len(s.scan.Sentences); d++ {
		who := tally{}
		for _, i := range [...]int{from - d, to + d} {
			if acting && !s.namedAsActor(i, i) {
				continue
			}
			for c, n := range s.count(i, i).only(g.Countries) {
				who[c] += n
			}
		}
		if who.any() {
			return who
		}
	}
	return tally{}
}

// foreignTitle reports that the text names a third country: then it isn't
// about its outlet's own.
func (s *state) foreignTitle() bool {
	return slices.ContainsFunc(s.mentions, func(m mention) bool { return m.who.foreign() || m.who == neutral })
}

// home is the country that a text without a name is at home in: its outlet's,
// its address's, or that of its language.
func (s *state) home(a About) country {
	if i := slices.Index(news.Countries, a.Country); i >= 0 {
		return country(i + 1)
	}
	if a.Country != "" && a.Country != "INT" {
		return nobody
	}
	if u, err := url.Parse(a.URL); err == nil {
		domain := u.Hostname()
		domain = domain[strings.LastIndexByte(domain, '.')+1:]
		if i := slices.Index(news.Countries, strings.ToUpper(domain)); i >= 0 {
			return country(i + 1)
		}
	}
	base, _, _ := strings.Cut(s.text.Lang, "-")
	return country(slices.Index([]string{"kk", "ky", "uz", "tg", "tk"}, base) + 1)
}
