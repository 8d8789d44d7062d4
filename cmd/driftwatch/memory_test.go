package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
)

// TestPace: the collector waits for the least memory while what is in use fits
// into it, and goes by how much that has grown where it doesn't.
func TestPace(t *testing.T) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	for _, c := range []struct {
		least, limit int64
		percent      int
	}{{1 << 40, 1 << 40, -1}, {0, math.MaxInt64, 20}} {
		p := &pace{growth: 20, least: c.least}
		p.follow()
		if limit := debug.SetMemoryLimit(-1); limit != c.limit {
			t.Errorf("with %d bytes given, the limit is %d", c.least, limit)
		}
		if percent := debug.SetGCPercent(100); percent != c.percent {
			t.Errorf("with %d bytes given, the heap grows by %d %%", c.least, percent)
		}
		runtime.SetFinalizer(p, nil)
	}
}
