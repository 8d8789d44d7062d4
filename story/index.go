package story

import (
	"slices"
	"time"
)

// Bounds of an Index.
const (
	longestList = 200     // articles looked at for one key, the latest first
	mostKept    = 100_000 // articles, whatever their times
)

// Index holds the articles of the last 90 days and their stories, the latest
// 100,000 at most. The time that an article takes depends on how many share its
// words, up to a bound, not on how many there are. An Index isn't safe for
// concurrent use.
type Index struct {
	base     int // number of the first article that is kept
	articles []entry
	latest   time.Time
	stories  int64
	last     map[int64]int // story → its latest article
	events   postings
	texts    postings
	tidied   int // articles that were kept when old ones were last dropped
	most     int // articles that are kept

	votes   []float32 // by article, of the search that goes on; 0 between searches
	touched []int32   // articles with votes
	found   [Candidates]candidate
	given   [Candidates]Kept
	members []Kept
}

type entry struct {
	sketch *Sketch
	at     time.Time
	story  int64
	before int  // the article of the story before it, -1: none
	old    bool // a copy of what is out of the window of events: nothing joins it for its event
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
	x := &Index{last: map[int64]int{}, most: mostKept}
	x.clear()
	return x
}

func (x *Index) clear() {
	x.events = postings{heads: map[uint64]int32{}}
	x.texts = postings{heads: map[uint64]int32{}}
}

// Add assigns an article to a story and keeps it. at is when it was published;
// the zero time where that isn't known: then the windows don't apply to it.
// Articles and stories are numbered from 0 in the order in which they came. What
// was assigned stays so: Joined.Same is left out of account.
func (x *Index) Add(s *Sketch, at time.Time) Joined {
	if at.After(x.latest) {
		x.latest = at
	}
	x.forget()
	j, _ := Assign(x, s, at) // an index has no errors
	e := entry{sketch: s, at: at, before: -1}
	if j.To == None {
		j.Story = x.stories
		x.stories++
	} else {
		if last, ok := x.last[j.Story]; ok {
			e.before = last
		}
		e.old = j.Relation == SameText && !within(at, j.At, EventWindow)
	}
	e.story = j.Story
	j.Article = int64(x.base + len(x.articles))
	x.last[j.Story] = int(j.Article)
	x.articles = append(x.articles, e)
	x.votes = append(x.votes, 0)
	x.post(len(x.articles) - 1)
	return j
}

type candidate struct {
	article int
	weight  float32
}

// SameTexts implements Shelf: the articles of the last 90 days.
func (x *Index) SameTexts(keys []uint64, at time.Time) ([]Kept, error) {
	for _, k := range keys {
		x.vote(&x.texts, k, 1, at, TextWindow)
	}
	return x.kept(x.elected(0)), nil
}

// SameEvents implements Shelf: the articles of the last week.
func (x *Index) SameEvents(probes []Probe, at time.Time) ([]Kept, error) {
	for _, p := range probes {
		x.vote(&x.events, uint64(p.Key), p.Weight, at, EventWindow)
	}
	return x.kept(x.elected(float32(Floor(probes)))), nil
}

// Latest implements Shelf.
func (x *Index) Latest(story int64, n int) ([]Kept, error) {
	x.members = x.members[:0]
	last, ok := x.last[story]
	for i := last; ok && i >= x.base && len(x.members) < n; i = x.articles[i-x.base].before {
		x.members = append(x.members, x.keptAt(i-x.base))
	}
	return x.members, nil
}

func (x *Index) kept(found []candidate) []Kept {
	for i, c := range found {
		x.given[i] = x.keptAt(c.article)
	}
	return x.given[:len(found)]
}

func (x *Index) keptAt(i int) Kept {
	e := &x.articles[i]
	return Kept{int64(x.base + i), e.story, e.at, e.sketch}
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

// elected are the articles with most votes, and at least so many, the earlier
// first among equals. They are valid until the next election.
func (x *Index) elected(least float32) []candidate {
	best := x.found[:0]
	for _, a := range x.touched {
		c := candidate{int(a), x.votes[a]}
		x.votes[a] = 0
		if c.weight < least {
			continue
		}
		if len(best) == Candidates && c.before(best[Candidates-1]) {
			best = best[:Candidates-1]
		}
		if len(best) < Candidates {
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
	e := &x.articles[article]
	for _, k := range e.sketch.Texts() {
		x.texts.add(k, article, 1)
	}
	if e.old {
		return
	}
	for _, p := range e.sketch.Probes() {
		x.events.add(uint64(p.Key), article, p.Weight)
	}
}

// forget drops the articles that came first and are out of all windows, or too
// many, once there are twice as many as when it did so last, or as may be kept:
// each article is moved a bounded number of times.
func (x *Index) forget() {
	const few = 1024
	if len(x.articles) < min(2*x.tidied+few, x.most) {
		return
	}
	n := 0
	if len(x.articles) >= x.most {
		n = x.most / 4
	}
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
func (x *Index) Near(s *Sketch, n int) []int64 {
	var out []int64
	found, _ := x.SameEvents(s.Probes(), time.Time{})
	for _, k := range found[:min(n, len(found))] {
		out = append(out, k.Article)
	}
	return out
}

// Len is how many articles are kept.
func (x *Index) Len() int { return len(x.articles) }

// Oldest is the number of the first article that is kept; nothing joins those
// before it any more.
func (x *Index) Oldest() int64 { return int64(x.base) }
