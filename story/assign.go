package story

import (
	"slices"
	"time"

	"driftwatch/news"
)

// Relation is how an article came to its story.
type Relation = news.Relation

// The relations, as package news has them.
const (
	First       = news.RelationFirst
	SameText    = news.RelationSameText
	SameEvent   = news.RelationSameEvent
	Translation = news.RelationTranslation
	Digest      = news.RelationDigest
)

// How long an article is waited for by others, unless a caller says otherwise.
const (
	EventWindow = 7 * 24 * time.Hour
	TextWindow  = 90 * 24 * time.Hour
)

// Bounds of the work for one article.
const (
	Candidates = 24 // compared, those that share most
	members    = 5  // of a story, that a new article is compared with
	leastMean  = .4 // of the scores with them
)

// None is the article that one joined which joined none.
const None = -1

// Kept is an article that a shelf keeps.
type Kept struct {
	Article int64
	Story   int64
	At      time.Time // when it was published; zero: not known
	Sketch  *Sketch
}

// Probe is a term that an article is found by.
type Probe struct {
	Key    uint32
	Weight uint8 // in sixteenths
}

// Shelf is where articles are kept and found again: an Index, or a store. It
// applies the windows of time. What it gives is valid until it is asked again.
type Shelf interface {
	// SameTexts gives the articles that share keys of a print, those that share
	// most first, at most Candidates.
	SameTexts(keys []uint64, at time.Time) ([]Kept, error)
	// SameEvents gives the articles that share most weight of probes, at most
	// Candidates, and none that share less than Floor.
	SameEvents(probes []Probe, at time.Time) ([]Kept, error)
	// Latest gives the n articles of a story that came last, the last one first.
	Latest(story int64, n int) ([]Kept, error)
}

// Joined says where an article belongs.
type Joined struct {
	Article  int64 // as the shelf numbers it; set by Index.Add
	Story    int64 // the story of the article that it joined
	Relation Relation
	To       int64     // the article that it joined; None for First and Digest
	At       time.Time // when that one was published
	Score    float64

	// Same are further stories that the article shows to be one with Story: it
	// joins them too, and their articles are like those of Story.
	Same []int64
	// Near are all other stories with an article that it might have joined: where
	// it belongs may depend on what came before it. See Settle.
	Near []int64
}

// Texts are the keys that copies of the article are found by; a digest has none.
func (s *Sketch) Texts() []uint64 {
	if s.Digest {
		return nil
	}
	return s.print.Keys()
}

// Probes are the terms that reports of the article's event are found by; a
// digest has none.
func (s *Sketch) Probes() []Probe {
	if s.Digest {
		return nil
	}
	out := make([]Probe, 0, probes)
	for _, t := range s.terms {
		if t.where&isProbe != 0 {
			out = append(out, Probe{t.key, t.weight})
		}
	}
	return out
}

// Floor is the least weight that an article shares with others of its event, as
// the sum of the products of the weights: a twentieth of what it shares with
// itself. What shares less is not worth being looked at.
func Floor(probes []Probe) int {
	sum := 0
	for _, p := range probes {
		sum += int(p.Weight) * int(p.Weight)
	}
	return sum / 20
}

// Assign finds the article on a shelf that a new one joins. at is when it was
// published; the zero time where that isn't known. The errors are the shelf's.
func Assign(shelf Shelf, s *Sketch, at time.Time) (Joined, error) {
	c := choice{shelf: shelf, sketch: s, best: Joined{Relation: First, To: None}}
	if s.Digest {
		c.best.Relation = Digest
		return c.best, nil
	}
	err := c.texts(at)
	if err == nil && c.best.To == None {
		err = c.events(at)
	}
	if err == nil {
		err = c.others()
	}
	return c.best, err
}

// choice is the search for the story of one article.
type choice struct {
	shelf  Shelf
	sketch *Sketch
	best   Joined
	rank   float64
	seen   []standing // the stories that were looked at
}

// standing is a story, how like it the article is, and whether it may join.
type standing struct {
	story int64
	mean  float64
	joins bool
}

func (c *choice) texts(at time.Time) error {
	keys := c.sketch.Texts()
	if len(keys) == 0 {
		return nil
	}
	found, err := c.shelf.SameTexts(keys, at)
	for _, k := range found {
		score, same := Same(c.sketch.print, k.Sketch.print)
		if !same {
			continue
		}
		if c.standing(k.Story) == nil {
			c.seen = append(c.seen, standing{k.Story, 1, true})
		}
		if score > c.best.Score {
			c.join(k, SameText, score)
		}
	}
	return err
}

func (c *choice) join(k Kept, r Relation, score float64) {
	c.best = Joined{Story: k.Story, Relation: r, To: k.Article, At: k.At, Score: score}
}

func (c *choice) standing(story int64) *standing {
	for i := range c.seen {
		if c.seen[i].story == story {
			return &c.seen[i]
		}
	}
	return nil
}

func (c *choice) events(at time.Time) error {
	probes := c.sketch.Probes()
	if len(probes) == 0 {
		return nil
	}
	found, err := c.shelf.SameEvents(probes, at)
	if err != nil {
		return err
	}
	// The shelf's answer is valid until it is asked for a story's articles.
	type likely struct {
		Kept
		score float64
	}
	var likelies []likely
	for _, k := range found {
		if score, joined := event(c.sketch, k.Sketch, within(at, k.At, soon)); joined {
			likelies = append(likelies, likely{k, score})
		}
	}
	for _, l := range likelies {
		st, err := c.mean(l.Story)
		if err != nil {
			return err
		}
		if st.mean < min(leastMean, l.score) { // less is enough for one only where it was flagged alike
			continue
		}
		st.joins = true
		r := SameEvent
		if l.Sketch.Lang != c.sketch.Lang {
			r = Translation
		}
		rank := l.score + st.mean
		better := rank > c.rank
		if c.best.To != None && c.best.Story == l.Story && c.best.Relation != r {
			better = r == SameEvent // of one story, what is in the same language
		}
		if better {
			c.rank = rank
			c.join(l.Kept, r, l.score)
		}
	}
	return nil
}

// mean is how like the latest members of a story the article is: one that is
// like a single one of them would make a chain.
func (c *choice) mean(story int64) (*standing, error) {
	if st := c.standing(story); st != nil {
		return st, nil
	}
	latest, err := c.shelf.Latest(story, members)
	if err != nil {
		return nil, err
	}
	c.seen = append(c.seen, standing{story: story, mean: mean(c.sketch, latest)})
	return &c.seen[len(c.seen)-1], nil
}

// mean is the mean likelihood that an article tells the event of others. One
// that is excluded counts as 0.
func mean(s *Sketch, others []Kept) float64 {
	sum := 0.0
	for _, o := range others {
		v, _, _, veto := compare(s, o.Sketch)
		if veto {
			continue
		}
		j := &eventJudge
		if s.Lang != o.Sketch.Lang {
			j = &translationJudge
		}
		sum += j.probability(&v)
	}
	return sum / float64(max(len(others), 1))
}

// others finds out which of the other stories that the article might have joined
// are one with its own.
func (c *choice) others() error {
	for _, st := range c.seen {
		if c.best.To != None && st.story == c.best.Story {
			continue
		}
		c.best.Near = append(c.best.Near, st.story)
		if !st.joins {
			continue
		}
		one, err := c.one(c.best.Story, st.story)
		if err != nil {
			return err
		}
		if one {
			c.best.Same = append(c.best.Same, st.story)
		}
	}
	slices.Sort(c.best.Same)
	return nil
}

// one reports whether the latest articles of two stories are as like each other
// as those of one story have to be.
func (c *choice) one(a, b int64) (bool, error) {
	of, err := c.shelf.Latest(a, members)
	if err != nil {
		return false, err
	}
	of = slices.Clone(of)
	others, err := c.shelf.Latest(b, members)
	if err != nil {
		return false, err
	}
	sum := 0.0
	for _, o := range others {
		sum += mean(o.Sketch, of)
	}
	return len(of) > 0 && len(others) > 0 && sum/float64(len(others)) >= leastMean, nil
}
