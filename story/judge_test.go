package story

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"driftwatch/text"
)

// barely gives reports of one event in two languages that share so many concepts
// and have so many of their own; city is the second one's.
func barely(shared, own int, city string) (a, b *Sketch) {
	draw := func(title, body, lang string) *Sketch {
		concepts := []Concept{{ID: "uzbekistan_place", Country: "UZ", City: true, Title: true, To: 1}}
		for i := range shared {
			concepts = append(concepts, Concept{ID: fmt.Sprint("shared", i)})
		}
		for i := range own {
			concepts = append(concepts, Concept{ID: fmt.Sprint(lang, i)})
		}
		return Draw(text.Read(title, body, lang), concepts, time.Time{})
	}
	return draw("Tashkent gives a road another name", "The old one is no more, deputies say.", "en"),
		draw(city+" меняет название дороги", "Старого больше нет, говорят депутаты.", "ru")
}

// Two reports that were flagged alike need less to be joined, unless they name
// different cities or came at different times.
func TestFlaggedAlike(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	fewer := 0
	for shared := range 8 {
		for own := range 6 {
			a, b := barely(shared, own, "Ташкент")
			_, plain := Event(a, b)
			a.Flagged([]string{"rename UZ apart", "other UZ apart"})
			b.Flagged([]string{"rename UZ apart"})
			_, flagged := Event(a, b)
			if plain && !flagged {
				t.Errorf("%d shared, %d own: apart because they were flagged", shared, own)
			}
			if plain || !flagged {
				continue
			}
			fewer++
			other, c := barely(shared, own, "Самарканд")
			other.Flagged([]string{"rename UZ apart"})
			c.Flagged([]string{"rename UZ apart"})
			if _, joined := Event(other, c); joined {
				t.Errorf("%d shared, %d own: joined, though the cities differ", shared, own)
			}
			for _, w := range []struct {
				after time.Duration
				want  Relation
			}{{47 * time.Hour, Translation}, {49 * time.Hour, First}} {
				x := NewIndex()
				x.Add(a, now)
				if j := x.Add(b, now.Add(w.after)); j.Relation != w.want {
					t.Errorf("%d shared, %d own, %v later: %s, want %s", shared, own, w.after, j.Relation, w.want)
				}
			}
		}
	}
	if fewer == 0 {
		t.Error("being flagged alike made no difference")
	}
}

// What an article was flagged with is stored with it.
func TestFlaggedIsStored(t *testing.T) {
	a, b := barely(3, 0, "Ташкент")
	signals := []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}
	a.Flagged(signals)
	a.Flagged(signals)
	stored, err := a.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var back Sketch
	if err := back.UnmarshalBinary(stored); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]bool{"1": true, "8": true, "9": false} {
		other := *b
		other.terms = slices.Clone(b.terms)
		other.Flagged([]string{id})
		if _, flagged, _, _ := compare(&back, &other); flagged != want {
			t.Errorf("signal %s in common: %t, want %t", id, flagged, want)
		}
	}
}
