package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// How much the heap grows, in per cent, before the collector runs, where more is in
// use than cycleMemory has room for: most of what a cycle holds, it holds to its
// end. Who serves pages holds an index of the inbox besides, which would be gone
// through as often.
const (
	cycleGrowth = 30
	serveGrowth = 50
)

// cycleMemory is what Go's part of a cycle may take before anything has to be
// collected, in bytes: what a cycle over a thousand sources comes to anyway where
// the heap grows by a fifth. With that alone the rules would be read with the
// collector running all the while.
const cycleMemory = 48 << 20

// spareMemory makes the collector run more often than Go has it, but only once
// least bytes are taken, unless $GOGC says otherwise. What is in memory of the
// program's file is given back now, and once more where the heap outgrows that.
func spareMemory(growth int, least int64) {
	runtime.MemProfileRate = 0 // nobody asks for a profile, and its tables take a megabyte
	releaseProgram()
	if os.Getenv("GOGC") != "" {
		return
	}
	p := &pace{growth: growth, least: least}
	p.follow()
}

// pace sets after each collection when the next one begins: when the least memory
// is taken, where what is in use has room in it, else when it has grown so much.
type pace struct {
	growth int   // in per cent
	least  int64 // bytes
	set    mode
}

type mode int

const (
	limited mode = iota + 1 // to the least memory
	growing
)

// follow sets the pace, and does so again after the next collection, which finds
// that nobody holds on to it.
func (p *pace) follow() {
	switch fits := p.fits(inUse()); {
	case fits && p.set != limited:
		p.set = limited
		debug.SetMemoryLimit(p.least)
		debug.SetGCPercent(-1)
	case !fits && p.set != growing:
		if p.set == limited { // all that is read as the program starts has been read
			releaseProgram()
		}
		p.set = growing
		debug.SetGCPercent(p.growth)
		debug.SetMemoryLimit(math.MaxInt64)
	}
	runtime.SetFinalizer(p, (*pace).follow)
}

// fits reports whether a heap of which so many bytes are in use has a tenth to grow
// within the least memory, with what is needed besides.
func (p *pace) fits(live, besides int64) bool { return live+live/10+besides <= p.least }

// inUse is how much of the heap the last collection found in use, in bytes, and
// what Go's memory holds besides objects.
func inUse() (live, besides int64) {
	s := []metrics.Sample{
		{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/heap/free:bytes"}, {Name: "/memory/classes/heap/released:bytes"},
	}
	metrics.Read(s)
	n := func(i int) int64 { return int64(s[i].Value.Uint64()) }
	return n(0), n(1) - n(2) - n(3) - n(4)
}
