package main

import (
	"math/rand/v2"
	"strings"
	"testing"

	"driftwatch/configs"
	"driftwatch/watch"
)

func TestPlot(t *testing.T) {
	f := &filling{plan: plan{Articles: 20_000, Stories: 1000}}
	f.plot()
	flagged, printed := 0, 0
	for _, is := range f.flagged {
		if is {
			flagged++
		}
	}
	begun := int32(0)
	for i, s := range f.of {
		if f.first[i] != (s == begun) {
			t.Fatalf("article %d is of story %d, and %d have begun", i, s, begun)
		}
		if f.first[i] {
			begun++
		}
		if f.flagged[s] {
			printed++
		}
	}
	if len(f.of) != 20_000 || flagged != 1000 || printed < 2*flagged {
		t.Errorf("%d articles, %d flagged stories with %d articles", len(f.of), flagged, printed)
	}
	if last, before := f.at(19_999), f.at(0); last != f.end || last.Sub(before) < span*9/10 {
		t.Errorf("seen from %s to %s", before, last)
	}
}

func TestWriter(t *testing.T) {
	engine, err := watch.LoadRules(&configs.Config{})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, of := range newTongues(engine.Signals()) {
		for _, w := range of.words {
			all[w] = true
		}
		w := newWriter(of, rand.New(rand.NewPCG(1, 2)))
		count := map[string]int{}
		for range 200 {
			text := w.text("What is flagged.")
			if !strings.Contains(text, "\nWhat is flagged.\n") && strings.Count(text, ".") > 4 {
				t.Fatalf("%s: the text lacks what is to be flagged:\n%s", of.lang, text)
			}
			for _, word := range strings.Fields(text) {
				count[word]++
			}
		}
		if common, rare := count[of.words[1]], count[of.words[50_000]]; common < 200 || rare > 20 {
			t.Errorf("%s: %q stands %d times, %q %d times", of.lang, of.words[1], common, of.words[50_000], rare)
		}
	}
	if len(all) < 200_000 {
		t.Errorf("%d words", len(all))
	}
}
