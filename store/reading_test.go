package store_test

import (
	"context"
	"testing"
	"testing/synctest"

	"driftwatch/store"
)

// TestReading: who asks is told how much was read, or waits until all was.
func TestReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := store.NewReading()
		ended, end := context.WithCancel(t.Context())
		end()
		for _, part := range []float64{0, .25, .5} {
			if got := r.Part(ended); got != part {
				t.Errorf("read is %v, want %v", got, part)
			}
			if part == 0 {
				r.Begin(400)
			}
			r.Add(100)
		}
		r.Add(200)
		if got := r.Part(ended); got >= 1 {
			t.Errorf("before the end %v is read", got)
		}
		waits := make(chan float64, 1)
		go func() { waits <- r.Part(t.Context()) }()
		synctest.Wait()
		select {
		case got := <-waits:
			t.Errorf("who waits is told %v before the end", got)
		default:
		}
		r.End()
		r.End()
		if got := <-waits; got != 1 || r.Part(ended) != 1 {
			t.Errorf("at the end %v is read", got)
		}
	})
}
