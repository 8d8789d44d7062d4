package alert

import (
	"testing"
	"time"
)

func TestWait(t *testing.T) {
	for _, c := range []struct {
		n      int
		asked  time.Duration
		jitter float64
		want   time.Duration
	}{
		{1, 0, 0, 30 * time.Second},
		{1, 0, 1, 45 * time.Second},
		{2, 0, 0, time.Minute},
		{2, 0, .5, 75 * time.Second},
		{5, 0, 0, 8 * time.Minute},
		{10, 0, 0, 256 * time.Minute},
		{10, 0, 1, 6 * time.Hour},
		{11, 0, 0, 6 * time.Hour},
		{1000, 0, 1, 6 * time.Hour},
		{0, 0, 0, 30 * time.Second},
		{1, time.Second, 1, time.Second},
		{3, time.Second, 1, time.Second},
		{4, time.Second, 0, 4 * time.Minute},
		{4, time.Hour, 0, time.Hour},
		{1, 90 * 24 * time.Hour, 0, 24 * time.Hour},
	} {
		if got := wait(c.n, c.asked, c.jitter); got != c.want {
			t.Errorf("wait(%d, %v, %v) = %v, want %v", c.n, c.asked, c.jitter, got, c.want)
		}
	}
}

func TestGivenUp(t *testing.T) {
	filed := time.Date(2031, 8, 26, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		n    int
		age  time.Duration
		want bool
	}{
		{1, time.Minute, false},
		{50, 71 * time.Hour, false},
		{5, 72 * time.Hour, true},
		{4, 72 * time.Hour, false}, // the machine was off, not the channel
	} {
		if got := givenUp(c.n, filed, filed.Add(c.age)); got != c.want {
			t.Errorf("attempt %d after %v: %v, want %v", c.n, c.age, got, c.want)
		}
	}
}
