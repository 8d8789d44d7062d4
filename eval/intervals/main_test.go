package main

import (
	"testing"
	"time"

	"driftwatch/crawler/schedule"
)

// TestWatch: asked every 15 minutes, an outlet's items are seen within that time,
// all of them; by its rhythm, one that publishes in bursts is asked less often.
func TestWatch(t *testing.T) {
	o := outlets[4]
	times := o.publish(4)
	steady, followed := watch(times, own, true), watch(times, own, false)
	if days := int(counted.Hours() / 24); steady.polls != 96*days {
		t.Errorf("%d polls in %d days, want 96 a day", steady.polls, days)
	}
	if most := steady.late[len(steady.late)-1]; most > own {
		t.Errorf("an item was seen after %v", most)
	}
	if 3*followed.polls > 2*steady.polls {
		t.Errorf("%d polls by its rhythm, %d without", followed.polls, steady.polls)
	}
	if most := followed.late[len(followed.late)-1]; most > schedule.LongestInterval {
		t.Errorf("by its rhythm, an item was seen after %v", most)
	}
	if len(steady.late) != len(followed.late) || len(steady.late) == 0 {
		t.Errorf("%d items were seen one way and %d the other", len(steady.late), len(followed.late))
	}
}

// TestLost: what has left a listing before the next poll is counted, not seen.
func TestLost(t *testing.T) {
	at := begin.Add(learning + time.Hour + time.Second)
	var times []time.Time
	for range listed + 7 {
		times = append(times, at)
	}
	if w := watch(times, own, true); w.lost != 7 || len(w.late) != listed {
		t.Errorf("%d seen and %d lost, want %d and 7", len(w.late), w.lost, listed)
	}
}
