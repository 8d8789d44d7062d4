package rules

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"

	"driftwatch/news"
	"driftwatch/rules/query"
	"driftwatch/text"
)

// clausal reports that a mark stands in the sentence of one of the acts, in the
// same clause, and isn't negated.
func (s *state) clausal(mark int, acts []query.Span) bool {
	if mark < 0 {
		return false
	}
	for _, at := range s.scan.Postings[mark] {
		for _, act := range acts {
			if act.Sentence == at.Sentence && at != act && s.scan.SameClause(at, act) && !s.negated(at) {
				return true
			}
		}
	}
	return false
}

// stands reports whether a mark stands in the sentences from one to another,
// not negated.
func (s *state) stands(mark, from, to int) bool {
	if mark < 0 {
		return false
	}
	return slices.ContainsFunc(s.scan.Postings[mark], func(at query.Span) bool {
		return int(at.Sentence) >= from && int(at.Sentence) <= to && !s.negated(at)
	})
}

// contested reports that the evidence is told as denied; for conduct that helps
// or hinders Russia a denial in the title of a short text is enough. A signal
// whose query asks for a denial has said what it means by it, and who denies
// what isn't done ("not leaving") tells that it isn't.
func (s *state) contested(g *signal, acts []query.Span, from, to int) bool {
	if g.Direction != news.Apart && g.Direction != news.Closer || g.turns {
		return false
	}
	if slices.ContainsFunc(acts, s.negated) {
		return g.Direction == news.Apart && conduct(g.Theme) && s.charged(from, to)
	}
	if s.deniesAct(g, acts) || s.deniesFact(acts) || s.deniedBeside(g, acts, from, to) || s.unsaidByTitle(g, from) {
		return true
	}
	return conduct(g.Theme) && !s.long && s.titleSentences > 0 && s.stands(s.engine.marks.deny, 0, s.titleSentences-1)
}

// charged reports that a charge is denied in the title of a short text, in the
// sentences from one to another or in the one behind them: who then says that he
// doesn't do it answers it, and vows nothing.
func (s *state) charged(from, to int) bool {
	if to+1 < len(s.scan.Sentences) && s.scan.Neighbours(to, to+1) {
		to++
	}
	denied := func(i int) bool {
		return s.stands(s.engine.marks.deny, i, i) && (s.stands(s.engine.marks.accuse, i, i) || s.stands(s.engine.marks.claim, i, i))
	}
	for i := from; i <= to; i++ {
		if denied(i) {
			return true
		}
	}
	return !s.long && s.titleSentences > 0 && denied(0)
}

// unsaidByTitle reports that the title of a short text negates what its body tells:
// "No plan to close Russian schools" above the report that they would be closed.
func (s *state) unsaidByTitle(g *signal, from int) bool {
	if s.long || from < s.titleSentences {
		return false
	}
	unsaid := false
	for _, n := range g.affirmed {
		for _, at := range s.scan.Postings[n] {
			if int(at.Sentence) >= s.titleSentences {
				continue
			}
			if !s.negated(at) {
				return false
			}
			unsaid = true
		}
	}
	return unsaid
}

// spread makes the retellings of what the title of a short text denies
// contested too, those of what it says is refused or ended refused, and those of
// what it tells of the past retold.
func (s *state) spread(found []match) {
	if s.long {
		return
	}
	for _, o := range found {
		if o.from < s.titleSentences && o.retold {
			for i := range found {
				found[i].retold = found[i].retold || found[i].signal == o.signal
			}
		}
		if o.from >= s.titleSentences || o.direction != news.Contested && !o.withheld {
			continue
		}
		for i := range found {
			m := &found[i]
			switch {
			case m.signal == o.signal && !o.signal.turns:
				m.direction, m.status = o.direction, o.status
			case o.signal.turns && o.direction == news.Contested && slices.Contains(o.signal.beats, m.signal.index):
				m.direction, m.status = news.Contested, news.StatusDenied // a signal for denials names what is denied by what it beats
			case o.signal.Direction == news.Contested && m.signal.Direction == news.Closer && m.from >= s.titleSentences && conduct(m.signal.Theme) && m.signal.Theme == o.signal.Theme:
				m.direction, m.status = news.Contested, news.StatusDenied // who denies it in the title answers what the body tells
			}
		}
	}
}

// deniedBeside reports a denial in a sentence of the evidence that holds none
// of the acts, or in the one behind it: "The ministry denied the report."
func (s *state) deniedBeside(g *signal, acts []query.Span, from, to int) bool {
	if to+1 < len(s.scan.Sentences) && s.scan.Neighbours(to, to+1) {
		to++
	}
	for i := from; i <= to; i++ {
		holds := func(at query.Span) bool { return int(at.Sentence) == i }
		if !slices.ContainsFunc(acts, holds) && s.stands(s.engine.marks.deny, i, i) && !s.deniesContrary(g, i) {
			return true
		}
	}
	return false
}

// deniesContrary reports that a sentence holds a predicate that would turn the
// signal's direction round, beside its denial: then that is what is denied in it
// ("dismissed talk of leaving"), not the acts.
func (s *state) deniesContrary(g *signal, sentence int) bool {
	return slices.ContainsFunc(g.contrary, func(n int) bool {
		return slices.ContainsFunc(s.scan.Postings[n], func(at query.Span) bool {
			return int(at.Sentence) == sentence && !slices.ContainsFunc(s.scan.Postings[s.engine.marks.deny], func(deny query.Span) bool { return overlap(deny, at) })
		})
	})
}

// deniesAct reports that a denial in the clause of an act is about it: the
// nearest predicate is one of the signal's, not one that would turn it round.
func (s *state) deniesAct(g *signal, acts []query.Span) bool {
	if s.engine.marks.deny < 0 {
		return false
	}
	for _, at := range s.scan.Postings[s.engine.marks.deny] {
		for _, act := range acts {
			if act.Sentence == at.Sentence && at != act && s.scan.SameClause(at, act) && !s.negated(at) &&
				s.apart(at, act) <= s.toContrary(g, at) {
				return true
			}
		}
	}
	return false
}

// facts are how the languages that have one verb for "refuse" and "deny" end the
// word before it where a fact is denied: "yetkazganini rad etdi" denied that it had
// delivered, "yetkazishni rad etdi" refused to deliver.
var facts = map[string][]string{
	"kk": {"ғанын", "генін", "қанын", "кенін"},
	"ky": {"ганын", "генин", "гонун", "гөнүн", "канын", "кенин", "конун", "көнүн"},
	"uz": {"ganini", "kanini", "qanini", "ganligini", "kanligini", "qanligini", "ганини", "канини", "қанини", "ганлигини", "канлигини", "қанлигини"},
	"tk": {"andygyny", "endigini", "ändigini"},
}

// deniesFact reports that an act is the object of a refusal that is a denial by
// the form of the word before it.
func (s *state) deniesFact(acts []query.Span) bool {
	base, _, _ := strings.Cut(s.text.Lang, "-")
	endings := facts[base]
	if endings == nil {
		return false
	}
	for _, act := range acts {
		for _, at := range s.ends(act.Sentence) {
			if overlap(at, act) || !s.governs(at, act) {
				continue
			}
			word := s.folded(at.First-1, at.Sentence)
			if slices.ContainsFunc(endings, func(ending string) bool { return bytes.HasSuffix(word, []byte(ending)) }) {
				return true
			}
		}
	}
	return false
}

// toContrary is how far from a denial the nearest contrary predicate of its
// sentence stands.
func (s *state) toContrary(g *signal, deny query.Span) int32 {
	nearest := int32(math.MaxInt32)
	for _, n := range g.contrary {
		for _, at := range s.scan.Postings[n] {
			if at.Sentence == deny.Sentence {
				nearest = min(nearest, s.apart(deny, at))
			}
		}
	}
	return nearest
}

// apart is how many words there are from one place to another, whichever comes
// first.
func (s *state) apart(a, b query.Span) int32 {
	return max(b.First-a.Last, a.First-b.Last, 0)
}

// How far from an act the word that lifts it stands at most: before it in English
// and Russian, where it governs it, and on either side of it anywhere.
const (
	liftsBehind  = 8
	liftedWithin = 4
)

// lifted reports that every act is the object of a lifting: a ban is lifted, a
// refusal taken back.
func (s *state) lifted(acts []query.Span) bool {
	return len(acts) > 0 && !slices.ContainsFunc(acts, func(act query.Span) bool {
		done, _ := s.lifting(act)
		return !done
	})
}

// stays reports that an act is the object of a lifting that isn't done: who refuses
// to lift a ban, or doesn't lift it, leaves it as it is.
func (s *state) stays(acts []query.Span) bool {
	return slices.ContainsFunc(acts, func(act query.Span) bool {
		done, not := s.lifting(act)
		return not && !done
	})
}

// lifting reports the liftings that have an act as their object: one that is done,
// and one that is negated or refused.
func (s *state) lifting(act query.Span) (done, not bool) {
	mark := s.engine.marks.lifted
	if mark < 0 {
		return false, false
	}
	for _, at := range s.scan.Postings[mark] {
		if at.Sentence != act.Sentence || overlap(at, act) || !s.lifts(at, act) {
			continue
		}
		if s.negated(at) || slices.ContainsFunc(s.ends(at.Sentence), func(end query.Span) bool { return !overlap(end, at) && s.governs(end, at) }) {
			not = true
			continue
		}
		done = true
	}
	return done, not
}

// lifts reports that a lifting has an act as its object.
func (s *state) lifts(at, act query.Span) bool {
	if s.governs(at, act) {
		return true
	}
	before, behind, reach := min(at.Last, act.Last), max(at.First, act.First), liftedWithin*s.scan.Stretch/100
	if at.Last < act.First && s.scan.Stretch == 100 {
		reach = liftsBehind
	}
	return behind-before <= reach && s.unparted(before, behind, act.Sentence)
}

// retold reports that the acts are told as of the past: in the body of a text by a
// word that says so or by a year that was over a year ago when the text came out; in
// a title by such a year, or by a word for years ago.
func (s *state) retold(from int, acts []query.Span) bool {
	if from >= s.titleSentences {
		return s.clausal(s.engine.marks.retold, acts) || slices.ContainsFunc(acts, func(act query.Span) bool {
			_, ok := s.longPast(act)
			return ok
		})
	}
	return slices.ContainsFunc(acts, func(act query.Span) bool {
		if year, ok := s.longPast(act); ok {
			return !s.belongs(year, act)
		}
		return s.yearsAgo(act)
	})
}

// yearsAgo reports that a word for years ago dates an act in its clause, and not
// what the act is about: "lifts a ban imposed two years ago".
func (s *state) yearsAgo(act query.Span) bool {
	return s.engine.marks.longAgo >= 0 && slices.ContainsFunc(s.scan.Postings[s.engine.marks.longAgo], func(at query.Span) bool {
		return at.Sentence == act.Sentence && s.scan.SameClause(at, act) && !s.belongs(at, act)
	})
}

// participles are how words end that a date may belong to, rather than to the act.
// In the Turkic languages they stand behind the date, in the others before it.
var participles = map[string][]string{
	"en": {"ed"},
	"ru": {"нный", "нного", "нному", "нным", "нном", "нная", "нную", "нной", "нные", "нных", "нными", "нное",
		"вший", "вшего", "вшему", "вшим", "вшем", "вшая", "вшую", "вшей", "вшие", "вших", "вшими"},
	"kk": {"ған", "ген", "қан", "кен"},
	"ky": {"ган", "ген", "гон", "гөн", "кан", "кен", "кон", "көн"},
	"uz": {"gan", "kan", "qan", "ган", "кан", "қан"},
	"tg": {"шуда", "карда"},
	"tk": {"lan", "len", "nan", "nen"},
}

// comparing are the words that make a date one that today is compared with.
var comparing = words("than", "from", "чем", "против")

// amounts are the words before a "than" that compares nothing: "more than ten years ago".
var amounts = words("more", "less", "fewer", "более", "менее", "больше", "меньше")

// datedWithin is how far from a date the participle stands that it belongs to.
const datedWithin = 4

// belongs reports that a date belongs to a participle beside it that is no act, or
// says what today is compared with.
func (s *state) belongs(date, act query.Span) bool {
	base, _, _ := strings.Cut(s.text.Lang, "-")
	endings := participles[base]
	participle := func(w int32) bool {
		word := s.folded(w, date.Sentence)
		return slices.ContainsFunc(endings, func(e string) bool { return bytes.HasSuffix(word, []byte(e)) })
	}
	switch base {
	case "kk", "ky", "uz", "tk", "tg":
		last := min(date.Last+datedWithin, s.scan.Sentences[date.Sentence].Last)
		if act.First > date.Last {
			last = min(last, act.First-1)
		}
		for w := date.Last + 1; w <= last; w++ {
			if participle(w) {
				return true
			}
		}
		return false
	}
	for w := date.First - 1; w >= max(s.scan.Sentences[date.Sentence].First, date.First-datedWithin); w-- {
		if act.First <= w && w <= act.Last {
			return false
		}
		if participle(w) || comparing[s.hash(w, date.Sentence)] && (w == s.scan.Sentences[date.Sentence].First || !amounts[s.hash(w-1, date.Sentence)]) {
			return true
		}
	}
	return false
}

// longPast is the year before the last one to which the sentence of an act dates it:
// "in 2014", "в 2014 году", "2014-жылы", "2014-yilda", "соли 2014"; false where none does.
func (s *state) longPast(act query.Span) (query.Span, bool) {
	if s.about.Date.IsZero() {
		return query.Span{}, false
	}
	sentence := s.scan.Sentences[act.Sentence]
	for w := sentence.First; w <= sentence.Last; w++ {
		if s.flags(w, act.Sentence)&text.Digit == 0 {
			continue
		}
		year, err := strconv.Atoi(string(s.folded(w, act.Sentence)))
		if err != nil || year < 1900 || year >= s.about.Date.Year()-1 {
			continue
		}
		if s.dates(w, sentence.First, act.Sentence) || w < sentence.Last && yearBehind(s.folded(w+1, act.Sentence)) {
			return query.Span{First: w, Last: w, Sentence: act.Sentence}, true
		}
	}
	return query.Span{}, false
}

// dates reports that what stands before a year dates an act: "in 2014", "in October
// 2014", "в октябре 2014 года", "3 октября 2014 года". "The treaty of 2014" does not.
func (s *state) dates(year, first, sentence int32) bool {
	if year > first && yearBefore[s.hash(year-1, sentence)] {
		return true
	}
	if year-1 <= first || !month(s.folded(year-1, sentence)) {
		return false
	}
	return yearBefore[s.hash(year-2, sentence)] || s.flags(year-2, sentence)&text.Digit != 0
}

// month reports the name of a month in English or Russian.
func month(word []byte) bool {
	return slices.ContainsFunc(months[:], func(stem string) bool { return bytes.HasPrefix(word, []byte(stem)) })
}

var months = [...]string{
	"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
	"январ", "феврал", "март", "апрел", "мае", "мая", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр",
}

// yearBefore are the words before a year that date an act.
var yearBefore = words("in", "since", "в", "с", "соли")

// yearBehind reports the word "year" as it follows a number.
func yearBehind(word []byte) bool {
	for _, stem := range []string{"жыл", "yil", "йил", "ýyl", "nji", "njy"} {
		if bytes.HasPrefix(word, []byte(stem)) {
			return true
		}
	}
	return false
}

// status is how far what is told has come. The weakest word of the act's own
// clause counts; what is only asked or supposed is somebody's opinion.
func (s *state) status(acts []query.Span) news.Status {
	if s.allAsked(acts) {
		return news.StatusOpinion
	}
	for _, one := range s.engine.marks.status {
		if s.clausal(one.mark, acts) || one.status == news.StatusAnnounced && s.ahead(acts) {
			return one.status
		}
	}
	return news.StatusHappened
}

// drop is what a status takes off the level.
func drop(status news.Status) int {
	switch status {
	case news.StatusProposed:
		return 1
	case news.StatusDemanded, news.StatusOpinion:
		return 2
	}
	return 0
}

// lowers is what an actor takes off the level of what happened: a member of
// parliament or a party binds nobody, nor do those who only speak.
func lowers(actor news.Actor) int {
	switch actor {
	case news.ActorMember, news.ActorSociety:
		return 1
	}
	return 0
}

// Behind an act, or in another sentence of the evidence, an actor counts as so
// many words further away.
const (
	behindAct     = 8
	otherSentence = 40
)

// actor is who does the acts: the body or person named nearest to them, before
// them rather than behind; where none is, a foreigner who governs them, or the
// country itself, which stands for its government.
func (s *state) actor(acts []query.Span, from, to int) news.Actor {
	if s.imposed(acts) {
		return news.ActorForeigner
	}
	best, nearest := news.Actor(""), int32(otherSentence*4)
	var where query.Span
	for _, one := range s.engine.marks.actor {
		if one.mark < 0 {
			continue
		}
		for _, at := range s.scan.Postings[one.mark] {
			if int(at.Sentence) < from || int(at.Sentence) > to {
				continue
			}
			for _, act := range acts {
				d := s.distance(at, act)
				if one.actor == news.ActorCompany && overlap(at, act) {
					d = otherSentence - 1 // part of what is done, as in "leave the development bank"
				}
				if d < nearest {
					best, nearest, where = one.actor, d, at
				}
			}
		}
	}
	switch {
	case best == news.ActorParliament && s.beside(s.engine.marks.member, where, 2):
		return news.ActorMember
	case best == news.ActorCompany && s.beside(s.engine.marks.largeBank, where, 1):
		return news.ActorBank
	}
	if best == "" && slices.ContainsFunc(acts, func(act query.Span) bool { return s.subject(act).watched() && !s.housed(act) }) {
		return news.ActorGovernment
	}
	return best
}

// housed reports that the country named last before an act is where its doer is at
// home, and not the doer: "a family in Almaty ships".
func (s *state) housed(act query.Span) bool {
	var last *mention
	for i := range s.mentions {
		if m := &s.mentions[i]; m.Sentence == act.Sentence && m.Last < act.First && !m.out && m.who.watched() {
			last = m
		}
	}
	if last == nil || last.First <= s.scan.Sentences[act.Sentence].First+1 {
		return false
	}
	switch string(s.folded(last.First-1, act.Sentence)) {
	case "in", "from", "в", "из", "аз":
		return true
	}
	return false
}

// beside reports a mark that names an actor more closely, at most so many words from
// it: "депутат парламента", "member of parliament", "Halyk" before "Bank".
func (s *state) beside(mark int, actor query.Span, words int32) bool {
	return mark >= 0 && slices.ContainsFunc(s.scan.Postings[mark], func(at query.Span) bool {
		return at.Sentence == actor.Sentence && s.apart(at, actor) <= words
	})
}

func (s *state) distance(at, act query.Span) int32 {
	switch {
	case at.Sentence != act.Sentence || !s.scan.SameClause(at, act):
		return otherSentence + max(at.First-act.Last, act.First-at.Last)
	case at.Last < act.First:
		return act.First - at.Last
	default:
		return behindAct + max(0, at.First-act.Last)
	}
}
