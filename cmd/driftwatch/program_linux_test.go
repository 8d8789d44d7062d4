package main

import (
	"slices"
	"strings"
	"testing"
)

// TestUnchanged: only what can't be written to and hasn't been is given back, and
// only of the program's own file.
func TestUnchanged(t *testing.T) {
	smaps := `00400000-00403000 r--p 00000000 fe:00 12     /opt/a b/driftwatch
Size:                 12 kB
Anonymous:             0 kB
00403000-014b1000 r-xp 00003000 fe:00 12     /opt/a b/driftwatch
Anonymous:             0 kB
VmFlags: rd ex mr mw me
028dc000-028df000 r--p 024db000 fe:00 12     /opt/a b/driftwatch
Anonymous:             4 kB
028df000-02dfb000 rw-p 024de000 fe:00 12     /opt/a b/driftwatch
Anonymous:             0 kB
7f0000000000-7f0000010000 r-xp 00000000 fe:00 13     /usr/lib/libc.so.6
Anonymous:             0 kB
7f0000020000-7f0000030000 r--p 00000000 00:00 0 
Anonymous:             0 kB
`
	want := []mapping{{0x400000, 0x403000}, {0x403000, 0x14b1000}}
	if got := unchanged(strings.NewReader(smaps), "/opt/a b/driftwatch"); !slices.Equal(got, want) {
		t.Errorf("given back is %x, not %x", got, want)
	}
}

// TestReleaseProgram: the program goes on when its own pages were given back.
func TestReleaseProgram(t *testing.T) {
	done := make(chan int)
	go func() {
		n := 0
		for range 100 {
			n += len(strings.Fields("what is under way meanwhile goes on"))
		}
		done <- n
	}()
	releaseProgram()
	if n := <-done; n != 700 {
		t.Errorf("%d words were counted, not 700", n)
	}
}
