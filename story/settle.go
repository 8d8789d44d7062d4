package story

import (
	"cmp"
	"slices"
	"time"
)

// Filed is an article of a batch that was filed, and by what it is ordered.
type Filed struct {
	Kept
	Name string // orders articles of the same time
}

// Settled is where an article of a batch belongs.
type Settled struct {
	Filed Filed
	Join  Joined

	// Into is the story that it belongs to: one from before the batch, or, below
	// 0, one that the batch has begun.
	Into int64
}

// Settle assigns the articles of a batch, all of which are on the shelf, as if
// they had come in the order of their times: what comes out doesn't depend on
// the order in which they were filed. The shelf's other articles stay where they
// are, but their stories may be found to be one: merged gives those, and the
// story that each is part of.
//
// What a shelf leaves out for want of room may still depend on the order.
func Settle(shelf Shelf, batch []Filed) (settled []Settled, merged map[int64]int64, err error) {
	batch = slices.Clone(batch)
	slices.SortFunc(batch, func(a, b Filed) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Article, b.Article))
	})
	o := &overlay{shelf: shelf, of: make(map[int64]int64, len(batch)), merged: map[int64]int64{}}
	for _, f := range batch {
		o.of[f.Article] = hidden
	}
	for i, f := range batch {
		j, err := Assign(o, f.Sketch, f.At)
		if err != nil {
			return nil, nil, err
		}
		story := j.Story
		if j.To == None {
			story = int64(-i - 1)
		}
		o.put(f.Kept, story)
		for _, s := range j.Same {
			o.merge(story, s)
		}
		settled = append(settled, Settled{Filed: f, Join: j})
	}
	for i := range settled {
		settled[i].Into = o.story(o.of[settled[i].Filed.Article])
	}
	for s := range o.merged {
		if s < 0 {
			delete(o.merged, s)
			continue
		}
		o.merged[s] = o.story(s)
	}
	return settled, o.merged, nil
}

// hidden is the story of an article that hasn't come yet; no story has that
// number.
const hidden = -1 << 62

// overlay is a shelf on which the articles of a batch come again.
type overlay struct {
	shelf  Shelf
	of     map[int64]int64 // article of the batch → its story
	merged map[int64]int64 // story → the one that it is part of
	came   []Kept          // articles of the batch that have come
}

func (o *overlay) put(k Kept, story int64) {
	k.Story = story
	o.of[k.Article] = story
	o.came = append(o.came, k)
}

// story is the story that another one is part of.
func (o *overlay) story(s int64) int64 {
	for {
		next, ok := o.merged[s]
		if !ok {
			return s
		}
		s = next
	}
}

// merge makes two stories one: the one from before the batch stays, of two the
// earlier.
func (o *overlay) merge(a, b int64) {
	a, b = o.story(a), o.story(b)
	if a == b {
		return
	}
	if a < 0 && b >= 0 || a >= 0 && b >= 0 && b < a || a < 0 && b < 0 && b > a {
		a, b = b, a
	}
	o.merged[b] = a
}

// show gives the articles that have come, with the stories that they have now.
func (o *overlay) show(found []Kept, err error) ([]Kept, error) {
	out := make([]Kept, 0, len(found))
	for _, k := range found {
		if s, ours := o.of[k.Article]; ours {
			k.Story = s
		}
		if k.Story != hidden {
			k.Story = o.story(k.Story)
			out = append(out, k)
		}
	}
	return out, err
}

// SameTexts implements Shelf.
func (o *overlay) SameTexts(keys []uint64, at time.Time) ([]Kept, error) {
	return o.show(o.shelf.SameTexts(keys, at))
}

// SameEvents implements Shelf.
func (o *overlay) SameEvents(probes []Probe, at time.Time) ([]Kept, error) {
	return o.show(o.shelf.SameEvents(probes, at))
}

// Latest implements Shelf: what came of the batch, and then what was there
// before it.
func (o *overlay) Latest(story int64, n int) ([]Kept, error) {
	var out []Kept
	for i := len(o.came) - 1; i >= 0 && len(out) < n; i-- {
		if k := o.came[i]; o.story(k.Story) == story {
			out = append(out, k)
		}
	}
	parts := []int64{story}
	for s := range o.merged {
		if o.story(s) == story {
			parts = append(parts, s)
		}
	}
	slices.Sort(parts)
	for _, s := range parts {
		if s < 0 || len(out) >= n {
			continue
		}
		before, err := o.shelf.Latest(s, n+len(o.of))
		if err != nil {
			return nil, err
		}
		for _, k := range before {
			if _, ours := o.of[k.Article]; !ours && len(out) < n {
				out = append(out, k)
			}
		}
	}
	return out, nil
}
