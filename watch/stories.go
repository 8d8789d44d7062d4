package watch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/store"
	"driftwatch/story"
)

// Concepts are the places of a text as package story wants them: those of
// countries, and of concepts that articles in other languages can have too.
func Concepts(places []rules.Place) []story.Concept {
	out := make([]story.Concept, 0, len(places))
	for _, p := range places {
		if p.Shared || p.Country != "" {
			out = append(out, story.Concept{ID: p.Concept, Country: p.Country, City: p.City, Title: p.Title, From: p.First, To: p.Last + 1})
		}
	}
	return out
}

// Signals are what an article was flagged with as package story compares it. A
// signal that a pack parts by letters (C8b, C8c) tells of the same kind of event.
func Signals(hits []news.Hit) []string {
	var out []string
	for _, h := range hits {
		id := strings.TrimRight(h.Signal, "abcdefghijklmnopqrstuvwxyz")
		if id == "" {
			id = h.Signal
		}
		for _, c := range h.Countries {
			out = append(out, fmt.Sprint(id, " ", c, " ", h.Direction))
		}
	}
	return out
}

// Print is what the store keeps of a sketch.
func Print(s *story.Sketch) store.Print {
	b, err := s.MarshalBinary()
	if err != nil {
		panic(err) // a sketch in memory always has a binary form
	}
	p := store.Print{Bytes: b, Keys: s.Texts()}
	for _, k := range s.Probes() {
		p.Events = append(p.Events, store.EventKey{Key: k.Key, Weight: k.Weight})
	}
	return p
}

// shelf is what is stored, as package story searches it.
type shelf struct {
	tx            store.Tx
	events, texts time.Duration // windows
	oldest        time.Time     // nothing older is looked for by its event
}

func (d *desk) shelf(tx store.Tx) shelf {
	return shelf{tx, d.w.EventWindow, d.w.TextWindow, d.w.Now().Add(-2 * d.w.EventWindow)}
}

// Shelf is what is stored, as package story searches it within the usual windows
// before now. It lives as long as the transaction.
func Shelf(tx store.Tx, now time.Time) story.Shelf {
	return shelf{tx, story.EventWindow, story.TextWindow, now.Add(-2 * story.EventWindow)}
}

// SameTexts implements story.Shelf.
func (s shelf) SameTexts(keys []uint64, at time.Time) ([]story.Kept, error) {
	found, err := s.tx.TextCandidates(keys, at.Add(-s.texts), at.Add(s.texts))
	if err != nil {
		return nil, err
	}
	return kept(found)
}

// SameEvents implements story.Shelf.
func (s shelf) SameEvents(probes []story.Probe, at time.Time) ([]story.Kept, error) {
	if at.Before(s.oldest) {
		return nil, nil
	}
	keys := make([]store.EventKey, len(probes))
	for i, p := range probes {
		keys[i] = store.EventKey{Key: p.Key, Weight: p.Weight}
	}
	found, err := s.tx.EventCandidates(keys, story.Floor(probes), at.Add(-s.events), at.Add(s.events))
	if err != nil {
		return nil, err
	}
	return kept(found)
}

// Latest implements story.Shelf.
func (s shelf) Latest(of int64, n int) ([]story.Kept, error) {
	found, err := s.tx.LatestOf(of, n)
	if err != nil {
		return nil, err
	}
	return kept(found)
}

// kept reads the sketches of candidates.
func kept(found []store.Candidate) ([]story.Kept, error) {
	out := make([]story.Kept, len(found))
	sketches := make([]story.Sketch, len(found))
	for i, c := range found {
		if err := sketches[i].UnmarshalBinary(c.Sketch); err != nil {
			return nil, fmt.Errorf("article %d: %w", c.Article, err)
		}
		out[i] = story.Kept{Article: c.Article, Story: c.Story, At: c.At, Sketch: &sketches[i]}
	}
	return out, nil
}

// putNew files a new article with the story that it tells. Where it shows that
// two stories are one, they are merged.
func (d *desk) putNew(tx store.Tx, dr *draft) (news.Article, error) {
	a := dr.article
	at := a.When()
	j, err := story.Assign(d.shelf(tx), dr.sketch, at)
	if err != nil {
		return news.Article{}, err
	}
	print := Print(dr.sketch)
	late := j.Relation == story.SameText && at.Sub(j.At).Abs() > d.w.EventWindow
	if late || at.Before(d.shelf(tx).oldest) {
		print.Events = nil // a late copy draws no news to its old story
	}
	a.Join = news.Join{Relation: j.Relation}
	if j.To == story.None {
		a, err = tx.NewStory(a, print)
	} else {
		a.Join.To, a.Join.Score = j.To, j.Score
		a, err = tx.AddToStory(j.Story, a, print)
	}
	if err != nil {
		return a, err
	}
	d.filed(a, j.Near)
	for _, other := range j.Same {
		into, from := min(a.Story, other), max(a.Story, other)
		merged, err := d.merge(tx, into, from, fmt.Sprintf("article %d joins both", a.ID))
		if err != nil {
			return a, err
		}
		if merged {
			a.Story = into
		}
	}
	return a, nil
}

// merge makes one story of two, unless an analyst has parted them.
func (d *desk) merge(tx store.Tx, into, from int64, why string) (merged bool, err error) {
	err = tx.MergeStories(into, from, d.act(why))
	if errors.Is(err, store.ErrApart) {
		return false, nil
	}
	return err == nil, err
}

func (d *desk) act(why string) news.StoryAct {
	return news.StoryAct{By: news.Program, Why: why, At: d.w.Now().UTC()}
}

// filed notes an article whose story may depend on what came before it, with
// the stories that it may depend on.
func (d *desk) filed(a news.Article, near []int64) {
	if d.begins == 0 {
		d.begins = a.ID
	}
	if len(near) == 0 {
		return
	}
	d.unsettled[a.Story] = true
	for _, s := range near {
		d.unsettled[s] = true
	}
}

// mostSettled is how many articles of a story are settled anew.
const mostSettled = 200

// forgottenEach is how many keys are looked at after each cycle, besides some
// for each article that was filed: so the whole index is gone through within a
// window.
const (
	forgottenEach = 20_000
	forgottenMore = 64
)

// settle ends a cycle. Articles that might have joined more than one story are
// assigned once more, as if all of them had come in the order of their times, so
// that the stories don't depend on which outlet answered first. Then what is out
// of the windows is forgotten, a part each time.
func (d *desk) settle(ctx context.Context) error {
	var c counted
	err := d.w.Store.Update(context.WithoutCancel(ctx), func(tx store.Tx) error {
		c = counted{}
		if len(d.unsettled) > 0 {
			if err := d.settleStories(tx, &c); err != nil {
				return err
			}
		}
		now := d.w.Now()
		return tx.ForgetPrints(now.Add(-2*d.w.EventWindow), now.Add(-d.w.TextWindow), forgottenEach+forgottenMore*d.articles)
	})
	if err != nil {
		return fmt.Errorf("settle the stories: %w", err)
	}
	c.add(d.tally, false)
	if c.queued > 0 {
		d.kick()
	}
	return nil
}

// settleStories also tells what became new in a story by that, to those who
// were told of it.
func (d *desk) settleStories(tx store.Tx, c *counted) error {
	changed := map[int64]bool{}
	var batch []story.Filed
	seen := map[int64]bool{}
	for _, of := range slices.Sorted(maps.Keys(d.unsettled)) {
		found, err := tx.LatestOf(of, mostSettled)
		if err != nil {
			return err
		}
		found = slices.DeleteFunc(found, func(c store.Candidate) bool {
			return c.Article < d.begins || c.Pinned || seen[c.Article]
		})
		articles, err := kept(found)
		if err != nil {
			return err
		}
		for i, k := range articles {
			seen[k.Article] = true
			batch = append(batch, story.Filed{Kept: k, Name: string(found[i].Sketch)})
		}
	}
	settled, merged, err := story.Settle(d.shelf(tx), batch)
	if err != nil {
		return err
	}
	for _, from := range slices.Sorted(maps.Keys(merged)) {
		if _, err := d.merge(tx, merged[from], from, "articles of a cycle join both"); err != nil {
			return err
		}
		changed[merged[from]] = true
	}
	if err := (&settling{d: d, tx: tx, all: settled, changed: changed}).apply(); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(changed)) {
		last, err := tx.LastDeliveries(id)
		if err != nil {
			return err
		}
		if err := d.w.tellNews(tx, id, last, c); err != nil {
			return err
		}
	}
	return nil
}

// settling moves articles to where they were settled.
type settling struct {
	d   *desk
	tx  store.Tx
	all []story.Settled
	now map[int64]int64 // article → the story that it is in

	changed map[int64]bool // stories that have other articles now
}

// apply goes through the groups that belong together, in the order of their
// first articles. A group that joined no older story keeps one of those that its
// articles are in, unless another one keeps it.
func (s *settling) apply() error {
	s.now = map[int64]int64{}
	groups := map[int64][]story.Settled{}
	var order []int64
	taken := map[int64]bool{}
	for _, x := range s.all {
		s.now[x.Filed.Article] = x.Filed.Story
		if groups[x.Into] == nil {
			order = append(order, x.Into)
		}
		groups[x.Into] = append(groups[x.Into], x)
		if x.Into >= 0 {
			taken[x.Into] = true
		}
	}
	for _, into := range order {
		target := into
		if into < 0 {
			target = s.free(groups[into], taken)
			taken[target] = true
		}
		if err := s.gather(target, groups[into]); err != nil {
			return err
		}
	}
	return nil
}

// free gives the first story of a group's articles that no other group keeps, 0
// where there is none.
func (s *settling) free(group []story.Settled, taken map[int64]bool) int64 {
	of := int64(0)
	for _, x := range group {
		if c := s.now[x.Filed.Article]; !taken[c] && (of == 0 || c < of) {
			of = c
		}
	}
	return of
}

// gather brings the articles of a group into one story; 0: a new one.
func (s *settling) gather(into int64, group []story.Settled) error {
	from := map[int64][]int64{}
	for _, x := range group {
		if c := s.now[x.Filed.Article]; c != into {
			from[c] = append(from[c], x.Filed.Article)
		}
	}
	for _, c := range slices.Sorted(maps.Keys(from)) {
		part, err := s.tx.SplitStory(c, from[c], s.d.act("settled at the end of the cycle"))
		switch {
		case errors.Is(err, store.ErrWhole):
			part = c
		case err != nil:
			return err
		}
		if into == 0 {
			into = part
		}
		if into != part {
			if _, err := s.d.merge(s.tx, into, part, "settled at the end of the cycle"); err != nil {
				return err
			}
		}
		for _, a := range from[c] {
			s.now[a] = into
		}
	}
	if len(from) == 0 {
		return nil
	}
	s.changed[into] = true
	for _, x := range group {
		if x.Join.To == story.None {
			continue
		}
		if err := s.tx.PutJoin(x.Filed.Article, news.Join{Relation: x.Join.Relation, To: x.Join.To, Score: x.Join.Score}); err != nil {
			return err
		}
	}
	return nil
}
