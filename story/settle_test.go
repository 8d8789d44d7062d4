package story_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"driftwatch/story"
)

// drifting is a row of reports each of which tells a part of what the one before
// it told, and something else: which of them are one story is hard to say.
func drifting() []*story.Sketch {
	var out []*story.Sketch
	for n := range 8 {
		var b strings.Builder
		for i := n; i < n+5; i++ {
			fmt.Fprintf(&b, "%s %s %s %s %s. ", word(i, 1), name(i, 2), word(i, 3), name(i, 4), word(i, 5))
		}
		title := fmt.Sprintf("%s %s %s %s", word(n+2, 1), name(n+2, 2), word(n+3, 3), name(n+3, 4))
		out = append(out, draw("en", title, b.String()))
	}
	return out
}

// What is settled at the end of a batch doesn't depend on the order in which the
// articles came; what was assigned one by one does.
func TestSettleKnowsNoOrder(t *testing.T) {
	all := append(drifting(), quakeEN, quakeRU, elsewhere, quakeEN2, digest)
	random := rand.New(rand.NewPCG(1, 2))
	online, settled := map[string]bool{}, map[string]bool{}
	for range 30 {
		order := random.Perm(len(all))
		x := story.NewIndex()
		x.Add(made(1), noon.Add(-time.Hour)) // something was there before
		var batch []story.Filed
		was := make([]int64, len(all))
		for _, i := range order {
			at := noon.Add(time.Duration(i) * time.Minute)
			j := x.Add(all[i], at)
			was[i] = j.Story
			batch = append(batch, story.Filed{Kept: story.Kept{Article: j.Article, Story: j.Story, At: at, Sketch: all[i]}, Name: fmt.Sprint(i)})
		}
		online[groups(was)] = true
		out, _, err := story.Settle(x, batch)
		if err != nil {
			t.Fatal(err)
		}
		is := make([]int64, len(all))
		for _, s := range out {
			n, _ := strconv.Atoi(s.Filed.Name)
			is[n] = s.Into
		}
		settled[groups(is)] = true
	}
	if len(settled) != 1 {
		t.Errorf("settled in %d ways: %v", len(settled), settled)
	}
	if len(online) < 2 {
		t.Error("the order made no difference anyway: the articles are too easy")
	}
}

// groups writes which articles are together.
func groups(stories []int64) string {
	first := map[int64]int{}
	var out []string
	for i, s := range stories {
		if _, ok := first[s]; !ok {
			first[s] = i
		}
		out = append(out, fmt.Sprint(first[s]))
	}
	return strings.Join(out, " ")
}

// A report that joins two stories shows that they are one.
func TestOneStoryInTwo(t *testing.T) {
	shelf := twoShelves{en: quakeEN, ru: quakeRU}
	j, err := story.Assign(shelf, quakeEN2, noon)
	if err != nil {
		t.Fatal(err)
	}
	if j.Story+j.Same[0] != 3 || j.To != j.Story {
		t.Errorf("%+v", j)
	}
	settled, merged, err := story.Settle(shelf, []story.Filed{{Kept: story.Kept{Article: 3, Story: 1, At: noon, Sketch: quakeEN2}}})
	if err != nil {
		t.Fatal(err)
	}
	if settled[0].Into != 1 || merged[2] != 1 {
		t.Errorf("settled %+v, merged %v", settled, merged)
	}
}

// twoShelves keeps two reports of one event as two stories.
type twoShelves struct{ en, ru *story.Sketch }

func (s twoShelves) all() []story.Kept {
	return []story.Kept{{Article: 2, Story: 2, Sketch: s.ru}, {Article: 1, Story: 1, Sketch: s.en}}
}

func (s twoShelves) SameTexts([]uint64, time.Time) ([]story.Kept, error) { return nil, nil }
func (s twoShelves) SameEvents([]story.Probe, time.Time) ([]story.Kept, error) {
	return s.all(), nil
}
func (s twoShelves) Latest(story int64, _ int) ([]story.Kept, error) {
	return s.all()[2-story : 3-story], nil
}

func TestSketchIsStored(t *testing.T) {
	for _, s := range []*story.Sketch{quakeEN, quakeRU, digest, draw("", "", "")} {
		b, _ := s.MarshalBinary()
		var out story.Sketch
		if err := out.UnmarshalBinary(b); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(out.Probes(), s.Probes()) || !slices.Equal(out.Texts(), s.Texts()) || out.Lang != s.Lang || out.Digest != s.Digest {
			t.Error("the sketch isn't what it was")
		}
		was, joined := story.Event(s, quakeEN)
		if is, now := story.Event(&out, quakeEN); was != is || joined != now {
			t.Errorf("weighed %f, and %f after it was stored", was, is)
		}
		for n := range b {
			if n > 0 && out.UnmarshalBinary(b[:n]) == nil {
				t.Fatalf("%d of %d bytes are taken for a sketch", n, len(b))
			}
		}
	}
	// A print that an earlier version stored is found as a text.
	p, _ := read(title, body).MarshalBinary()
	var old story.Sketch
	if err := old.UnmarshalBinary(p); err != nil || len(old.Texts()) == 0 || len(old.Probes()) != 0 {
		t.Errorf("%v, %d keys, %d probes", err, len(old.Texts()), len(old.Probes()))
	}
}
