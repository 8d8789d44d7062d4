package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strconv"
	"syscall"
	"time"

	"driftwatch/eval/section"
)

// The two things that are measured.
const (
	cold      = "cold"
	unchanged = "unchanged"
)

var phases = []string{cold, unchanged}

// measurement is what one process took.
type measurement struct {
	wall   time.Duration
	cpu    time.Duration // user and system
	memory float64       // greatest resident set, in MB of 10^6 bytes
	counts counts
}

// measured runs a command to its end.
func measured(c *exec.Cmd) (measurement, error) {
	var stderr bytes.Buffer
	c.Stderr = &stderr
	start := time.Now()
	err := c.Run()
	wall := time.Since(start)
	if err != nil {
		return measurement{}, fmt.Errorf("%w\n%s", err, lastBytes(stderr.Bytes(), 2000))
	}
	usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return measurement{}, errors.New("this system doesn't say what a process used")
	}
	return measurement{
		wall:   wall,
		cpu:    c.ProcessState.UserTime() + c.ProcessState.SystemTime(),
		memory: float64(usage.Maxrss) * 1024 / 1e6, // Linux counts in kilobytes
	}, nil
}

// lastBytes is at most the last n bytes of b.
func lastBytes(b []byte, n int) []byte { return b[max(0, len(b)-n):] }

// results are the measurements by reader and phase.
type results map[string][]measurement

func (r results) add(name, phase string, m measurement) {
	r[name+" "+phase] = append(r[name+" "+phase], m)
}

// spread is the median, the least and the greatest of one figure.
type spread struct{ median, least, greatest float64 }

func (r results) spread(name, phase string, of func(measurement) float64) spread {
	var all []float64
	for _, m := range r[name+" "+phase] {
		all = append(all, of(m))
	}
	slices.Sort(all)
	return spread{all[len(all)/2], all[0], all[len(all)-1]}
}

// figures are the columns of the table.
var figures = []struct {
	name, format string
	of           func(measurement) float64
}{
	{"wall, s", "%.2f", func(m measurement) float64 { return m.wall.Seconds() }},
	{"processor, s", "%.2f", func(m measurement) float64 { return m.cpu.Seconds() }},
	{"memory, MB", "%.0f", func(m measurement) float64 { return m.memory }},
}

// report prints the table and the ratios.
func report(w io.Writer, p plan, readers []reader, all results) {
	head := []string{fmt.Sprintf("%d feeds", p.feeds), "program"}
	for _, f := range figures {
		head = append(head, f.name)
	}
	rows := [][]string{append(head, "requests", "200", "304", "other")}
	for _, phase := range phases {
		for _, r := range readers {
			row := []string{phase, r.name()}
			for _, f := range figures {
				s := all.spread(r.name(), phase, f.of)
				row = append(row, fmt.Sprintf(f.format+" ("+f.format+"–"+f.format+")", s.median, s.least, s.greatest))
			}
			runs := all[r.name()+" "+phase]
			c := runs[len(runs)-1].counts
			for _, n := range []int{c.Requests, c.OK, c.NotModified, c.Requests - c.OK - c.NotModified} {
				row = append(row, strconv.Itoa(n))
			}
			rows = append(rows, row)
		}
		if len(readers) == 2 {
			row := []string{phase, readers[0].name() + "/" + readers[1].name()}
			for _, f := range figures {
				row = append(row, fmt.Sprintf("%.2f", all.spread(readers[0].name(), phase, f.of).median/all.spread(readers[1].name(), phase, f.of).median))
			}
			rows = append(rows, row)
		}
	}
	section.Table(w, rows...)
	fmt.Fprintln(w, "Where this must go: cold in a third of newsboat's time and under 100 MB, unchanged in a tenth.")
	for _, doubt := range doubts(p, readers, all) {
		fmt.Fprintln(w, "\nDoubtful:", doubt)
	}
}

// doubts says where a reader didn't do what was to be measured.
func doubts(p plan, readers []reader, all results) []string {
	var some []string
	for _, r := range readers {
		for _, m := range all[r.name()+" "+cold] {
			if m.counts.OK != p.feeds {
				some = append(some, fmt.Sprintf("%s read %d of %d feeds when cold", r.name(), m.counts.OK, p.feeds))
			}
		}
		for _, m := range all[r.name()+" "+unchanged] {
			if m.counts.NotModified != p.feeds {
				some = append(some, fmt.Sprintf("%s got 304 from %d of %d feeds when nothing had changed", r.name(), m.counts.NotModified, p.feeds))
			}
		}
	}
	return some
}
