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

// The things that are measured.
const (
	cold      = "cold"
	unchanged = "unchanged"
	steady    = "steady" // a tenth of the feeds have a new item
)

// measurement is what one process took.
type measurement struct {
	wall   time.Duration
	cpu    time.Duration // user and system
	memory float64       // greatest resident set, in MB of 10^6 bytes
	wrote  float64       // handed to the disk, in MB
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
		wrote:  float64(usage.Oublock) * 512 / 1e6, // and in blocks
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

// figure is a column of the table.
type figure struct {
	name, format string
	of           func(measurement) float64
}

var figures = []figure{
	{"wall, s", "%.2f", func(m measurement) float64 { return m.wall.Seconds() }},
	{"processor, s", "%.2f", func(m measurement) float64 { return m.cpu.Seconds() }},
	{"memory, MB", "%.0f", func(m measurement) float64 { return m.memory }},
	{"written, MB", "%.0f", func(m measurement) float64 { return m.wrote }},
}

// report prints the table and the ratios. Where before has the results of fewer
// feeds, it says how many times these are.
func report(w io.Writer, p plan, readers []reader, all, before results) {
	head := []string{fmt.Sprintf("%d feeds", p.feeds), "program"}
	for _, f := range figures {
		head = append(head, f.name)
	}
	rows := [][]string{append(head, "requests", "200", "304", "pages", "other")}
	for _, phase := range p.phases {
		for _, r := range readers {
			row := []string{phase, r.name()}
			for _, f := range figures {
				s := all.spread(r.name(), phase, f.of)
				row = append(row, fmt.Sprintf(f.format+" ("+f.format+"–"+f.format+")", s.median, s.least, s.greatest))
			}
			runs := all[r.name()+" "+phase]
			c := runs[len(runs)-1].counts
			for _, n := range []int{c.Requests, c.OK, c.NotModified, c.Pages, c.Requests - c.OK - c.NotModified - c.Pages} {
				row = append(row, strconv.Itoa(n))
			}
			rows = append(rows, row)
		}
		own := readers[0].name()
		if len(readers) == 2 {
			rows = append(rows, ratios(phase, own+"/"+readers[1].name(), func(f figure) float64 {
				return all.spread(own, phase, f.of).median / all.spread(readers[1].name(), phase, f.of).median
			}))
		}
		if len(before[own+" "+phase]) > 0 {
			rows = append(rows, ratios(phase, "times those of fewer feeds", func(f figure) float64 {
				return all.spread(own, phase, f.of).median / before.spread(own, phase, f.of).median
			}))
		}
	}
	section.Table(w, rows...)
	if runs := all[readers[0].name()+" "+steady]; len(runs) > 0 {
		fmt.Fprintf(w, "Every ten minutes, a cycle in which a tenth of the feeds have a new item takes %.3f of a core.\n", runs[len(runs)-1].cpu.Minutes()/10)
	}
	for _, doubt := range doubts(p, readers, all) {
		fmt.Fprintln(w, "\nDoubtful:", doubt)
	}
}

// ratios is a row of a table.
func ratios(phase, name string, of func(figure) float64) []string {
	row := []string{phase, name}
	for _, f := range figures {
		row = append(row, fmt.Sprintf("%.2f", of(f)))
	}
	return row
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
		for _, m := range all[r.name()+" "+steady] {
			if want := (p.feeds + 9) / 10; m.counts.OK != want || m.counts.NotModified != p.feeds-want {
				some = append(some, fmt.Sprintf("%s read %d of %d feeds when %d had a new item", r.name(), m.counts.OK, p.feeds, want))
			}
		}
	}
	return some
}
