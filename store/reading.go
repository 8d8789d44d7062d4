package store

import (
	"context"
	"sync"
	"sync/atomic"
)

// Reading says how far something has been read that is read as a whole once, and from
// then on only where it changed.
type Reading struct {
	done, of atomic.Int64
	once     sync.Once
	all      chan struct{}
}

// NewReading is one of which nothing is read yet.
func NewReading() *Reading { return &Reading{all: make(chan struct{})} }

// Begin says that so many are read from here on.
func (r *Reading) Begin(of int) {
	r.done.Store(0)
	r.of.Store(int64(of))
}

// Add says that so many more were read.
func (r *Reading) Add(n int) { r.done.Add(int64(n)) }

// End says that all were read, for good.
func (r *Reading) End() { r.once.Do(func() { close(r.all) }) }

// Part waits until all were read, or ctx ends, and says which part of them was: 1 where
// it was all, else less than that.
func (r *Reading) Part(ctx context.Context) float64 {
	select {
	case <-r.all:
		return 1
	default:
	}
	select {
	case <-r.all:
		return 1
	case <-ctx.Done():
		return min(float64(r.done.Load())/float64(max(r.of.Load(), 1)), .99)
	}
}
