package story

import (
	"slices"
	"time"
)

// Relation is how an article came to its story.
type Relation string

const (
	First       Relation = "first"       // it begins one
	SameText    Relation = "same-text"   // a copy of an article, perhaps cut down or reworded
	SameEvent   Relation = "same-event"  // the same event in other words
	Translation Relation = "translation" // the same event in another language
	Digest      Relation = "digest"      // it joins several stories: nothing joins it
)

// How long an article is waited for by others.
const (
	EventWindow = 7 * 24 * time.Hour
	TextWindow  = 90 * 24 * time.Hour
)

// Bounds of the work for one article.
const (
	longestList = 200 // articles looked at for one key, the latest first
	candidates  = 24  // compared, those that share most
	members     = 5   // of a story, that a new article is compared with
	leastMean   = .4  // of the scores with them
)

// Joined says where an article belongs. Articles and stories are numbered from 0
// in the order in which they came.
type Joined struct {
	Article  int
	Story    int
	Relation Relation
	To       int // the article that it joined; -1 for First and Digest
	Score    float64
}

// Index holds the articles of the last 90 days and their stories. The time
// that an article takes depends on how many share its words, up to a bound, not
// on how many there are. An Index isn't safe for concurrent use.
type Index struct {
	base     int // number of the first article that is kept
	articles []entry
	latest   time.Time
	stories  int
	last     map[int]int // story → its latest article
	events   postings
	texts    postings
	tidied   int // articles that were kept when old ones were last dropped

	votes   []float32 // by article, of the search that goes on; 0 between searches
	touched []int32   // articles with votes
	found   [candidates]candidate
}

type entry struct {
	sketch *Sketch
	at     time.Time
	story  int
	before int // the article of the story before it, -1: none
}

// postings are lists of articles by key, the latest first.
type postings struct {
	heads map[uint64]int32 // index into list, from 1
	list  []posting
}

type posting struct {
	article int32 // from the base
	weight  uint8
	next    int32
}

func (p *postings) add(key uint64, article int, weight uint8) {
	p.list = append(p.list, posting{int32(article), weight, p.heads[key]})
	p.heads[key] = int32(len(p.list))
}

// NewIndex gives an empty index.
func NewIndex() *Index {
	x := &Index{last: map[int]int{}}
	x.clear()
	return x
}

func (x *Index) clear() {
	x.events = postings{heads: map[uint64]int32{}}
	x.texts = postings{heads: map[uint64]int32{}}
}

// Add assigns an article to a story and keeps it. at is when it was published;
// the zero time where that isn't known: then the windows don't apply to it.
func (x *Index) Add(s *Sketch, at time.Time) Joined {
	if at.After(x.latest) {
		x.latest = at
	}
	x.forget()
	j := x.assign(s, at)
	j.Article = x.base + len(x.articles)
	before := -1
	if j.To < 0 {
		j.Story = x.stories
		x.stories++
	} else if last, ok := x.last[j.Story]; ok {
		before = last
	}
	x.last[j.Story] = j.Article
	x.articles = append(x.articles, entry{s, at, j.Story, before})
	x.votes = append(x.votes, 0)
	x.post(len(x.articles) - 1)
	return j
}

// assign finds the article that a new one joins.
func (x *Index) assign(s *Sketch, at time.Time) Joined {
	if s.Digest {
		return Joined{Relation: Digest, To: -1}
	}
	best := Joined{Relation: First, To: -1}
	for _, c := range x.sameTexts(s, at) {
		score, same := Same(s.print, x.articles[c.article].sketch.print)
		if same && score > best.Score {
			best = x.join(c.article, SameText, score)
		}
	}
	if best.To >= 0 {
		return best
	}
	rank := 0.0
	for _, c := range x.sameEvents(s, at) {
		e := &x.articles[c.article]
		score, joined := Event(s, e.sketch)
		if !joined {
			continue
		}
		mean := x.mean(s, e.story)
		if mean < leastMean {
			continue
		}
		r := SameEvent
		if e.sketch.Lang != s.Lang {
			r = Translation
		}
		better := score+mean > rank
		if best.To >= 0 && best.Story == e.story && best.Relation != r {
			better = r == SameEvent // of one story, what is in the same language
		}
		if better {
			rank, best = score+mean, x.join(c.article, r, score)
		}
	}
	return best
}

func (x *Index) join(article int, r Relation, score float64) Joined {
	return Joined{Story: x.articles[article].story, Relation: r, To: x.base + article, Score: score}
}

// mean is the mean score with the latest members of a story: an article that is
// like one of them only would make a chain. One that is excluded counts as 0.
func (x *Index) mean(s *Sketch, story int) float64 {
	sum, n := 0.0, 0
	for i := x.last[story]; i >= x.base && n < members; i = x.articles[i-x.base].before {
		v, veto := compare(s, x.articles[i-x.base].sketch)
		if !veto {
			j := &eventJudge
			if s.Lang != x.articles[i-x.base].sketch.Lang {
				j = &translationJudge
			}
			sum += j.probability(&v)
		}
		n++
	}
	return sum / float64(max(n, 1))
}

type candidate struct {
	article int
	weight  float32
}

// sameTexts are the articles that share a key of their prints, of the last 90
// days.
func (x *Index) sameTexts(s *Sketch, at time.Time) []candidate {
	for _, k := range s.print.Keys() {
		x.vote(&x.texts, k, 1, at, TextWindow)
	}
	return x.elected()
}

// sameEvents are the articles that share the heaviest terms, of the last week.
func (x *Index) sameEvents(s *Sketch, at time.Time) []candidate {
	for _, t := range s.terms {
		if t.where&isProbe != 0 {
			x.vote(&x.events, uint64(t.key), t.weight, at, EventWindow)
		}
	}
	return x.elected()
}

func (x *Index) vote(p *postings, key uint64, weight uint8, at time.Time, window time.Duration) {
	n := 0
	for i := p.heads[key]; i != 0 && n < longestList; i = p.list[i-1].next {
		n++
		e := &p.list[i-1]
		if within(at, x.articles[e.article].at, window) {
			if x.votes[e.article] == 0 {
				x.touched = append(x.touched, e.article)
			}
			x.votes[e.article] += float32(weight) * float32(e.weight)
		}
	}
}

// within reports whether two times are no further apart than a window. A time
// that isn't known is near to all.
func within(a, b time.Time, window time.Duration) bool {
	return a.IsZero() || b.IsZero() || a.Sub(b).Abs() <= window
}

// elected are the articles with most votes, the earlier first among equals. They
// are valid until the next election.
func (x *Index) elected() []candidate {
	best := x.found[:0]
	for _, a := range x.touched {
		c := candidate{int(a), x.votes[a]}
		x.votes[a] = 0
		if len(best) == candidates && c.before(best[candidates-1]) {
			best = best[:candidates-1]
		}
		if len(best) < candidates {
			at, _ := slices.BinarySearchFunc(best, c, func(x, c candidate) int {
				if x.before(c) {
					return -1
				}
				return 1
			})
			best = slices.Insert(best, at, c)
		}
	}
	x.touched = x.touched[:0]
	return best
}

func (c candidate) before(d candidate) bool {
	return c.weight > d.weight || c.weight == d.weight && c.article < d.article
}

// post makes an article findable. Nothing joins a digest.
func (x *Index) post(article int) {
	s := x.articles[article].sketch
	if s.Digest {
		return
	}
	for _, k := range s.print.Keys() {
		x.texts.add(k, article, 1)
	}
	for _, t := range s.terms {
		if t.where&isProbe != 0 {
			x.events.add(uint64(t.key), article, t.weight)
		}
	}
}

// forget drops the articles that came first and are out of all windows, once
// there are twice as many as when it did so last: each article is moved a
// bounded number of times.
func (x *Index) forget() {
	const few = 1024
	if len(x.articles) < 2*x.tidied+few {
		return
	}
	n := 0
	for n < len(x.articles) && !within(x.latest, x.articles[n].at, TextWindow) {
		n++
	}
	x.tidied = len(x.articles) - n
	if n == 0 {
		return
	}
	x.articles = slices.Clone(x.articles[n:])
	x.votes = x.votes[:len(x.articles)]
	x.base += n
	for s, last := range x.last {
		if last < x.base {
			delete(x.last, s)
		}
	}
	x.clear()
	for i := range x.articles {
		x.post(i)
	}
}

// Near gives the articles that share most with one, at most n, whether they are
// of its event or not.
func (x *Index) Near(s *Sketch, n int) []int {
	var out []int
	for _, c := range x.sameEvents(s, time.Time{}) {
		if len(out) < n {
			out = append(out, x.base+c.article)
		}
	}
	return out
}

// Len is how many articles are kept.
func (x *Index) Len() int { return len(x.articles) }
