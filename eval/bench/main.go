// Command bench measures one cycle of Driftwatch over many feeds, each on its
// own loopback address and without article pages, beside Debian's newsboat in
// the same run: first cold, with an empty database, then unchanged, when every
// feed answers 304.
//
// For each it prints wall time, processor time and peak memory of the process
// alone, as the kernel counts them, and what the feeds were asked for, as their
// own server counts it. The server is a process apart, so that its work counts
// for nobody. The two take turns, and a figure is the median of the runs with
// the least and the greatest beside it.
//
// Driftwatch does more with an item than newsboat does: it reads its language,
// matches the rules and groups the stories. Newsboat has its defaults, but for
// the number of threads and what would keep it busy without need: it neither
// reloads by itself nor tries a download twice.
//
// Then Driftwatch alone, once each: the same feeds with their articles' pages,
// at a pace that doesn't hold it back; and ten times as many feeds without, cold,
// unchanged, and steady, with a new item in every tenth feed. What these take is
// compared with the same feeds as at first, measured once more just before, as a
// machine isn't always as fast.
//
// It is run from the module that it is in, all of it or some parts:
//
//	cd eval && go run ./bench
//	cd eval && go run ./bench -parts beside,grown
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// plan is what is to be measured.
type plan struct {
	feeds, items, runs, threads int
	root                        string   // of the program's module
	binary                      string   // instead of one built from root
	phases                      []string // what is measured, in this order
	pages                       bool     // of the articles are fetched, too
	alone                       bool     // without another program beside it
	parts                       []string // of the measurements
}

// The parts of the measurements.
const (
	beside = "beside" // newsboat
	paged  = "pages"
	grown  = "grown"
)

func main() {
	p := plan{phases: []string{cold, unchanged}}
	var serving bool
	var most int
	var parts string
	flag.IntVar(&p.feeds, "feeds", 1000, "number of feeds")
	flag.IntVar(&most, "grown", 10_000, "number of feeds of the last measurement")
	flag.StringVar(&parts, "parts", beside+","+paged+","+grown, "what is measured")
	flag.IntVar(&p.items, "items", 20, "items in each feed")
	flag.IntVar(&p.runs, "runs", 3, "runs, each with an empty database")
	flag.IntVar(&p.threads, "threads", 16, "requests at a time, of both programs")
	flag.StringVar(&p.root, "root", "..", "folder of Driftwatch's module")
	flag.StringVar(&p.binary, "driftwatch", "", "the program to measure, instead of one built from root")
	var stored, database, keep string
	flag.StringVar(&stored, "stories", "", "measure instead how long the story of an article takes to find, with so many stored: numbers with commas")
	flag.StringVar(&database, "database", "", "only measure that in this database")
	flag.StringVar(&keep, "keep", "", "the folder in which -stories leaves its databases")
	flag.BoolVar(&serving, "serve", false, "only serve the feeds, until stdin ends")
	flag.Parse()
	p.parts = strings.Split(parts, ",")

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	do := func(ctx context.Context) error { return p.all(ctx, most) }
	switch {
	case serving:
		do = p.serve
	case database != "":
		do = func(ctx context.Context) error { return assign(ctx, database) }
	case stored != "":
		do = func(ctx context.Context) error { return stories(ctx, stored, keep) }
	}
	if err := do(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

// all builds the program and makes the measurements, one after the other.
func (p plan) all(ctx context.Context, most int) error {
	dir, err := os.MkdirTemp("", "driftwatch-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if p.binary == "" {
		p.binary = filepath.Join(dir, "driftwatch")
		if err := p.build(ctx, p.binary); err != nil {
			return err
		}
	}
	return p.each(ctx, dir, most)
}

// each makes those of the measurements that are asked for.
func (p plan) each(ctx context.Context, dir string, most int) error {
	measure := func(p plan, before results, title string, args ...any) (results, error) {
		fmt.Printf(title+"\n\n", args...)
		return p.measure(ctx, dir, before)
	}
	if slices.Contains(p.parts, beside) {
		if _, err := measure(p, nil, "%d feeds of %d items, %d requests at a time; median (least–greatest) of %d runs", p.feeds, p.items, p.threads, p.runs); err != nil {
			return err
		}
	}
	p.alone, p.runs = true, 1
	if slices.Contains(p.parts, paged) {
		with := p
		with.pages = true
		if _, err := measure(with, nil, "\nThe same with the articles' pages, once"); err != nil {
			return err
		}
	}
	if !slices.Contains(p.parts, grown) {
		return nil
	}
	few, err := measure(p, nil, "\n%d feeds without pages, just before more of them", p.feeds)
	if err != nil {
		return err
	}
	p.feeds, p.phases = most, append(p.phases, steady)
	_, err = measure(p, few, "\n%d feeds without pages, once", p.feeds)
	return err
}

// measure serves the feeds, runs the programs and prints what came of it, and how
// many times what came of fewer feeds before that is.
func (p plan) measure(ctx context.Context, dir string, before results) (results, error) {
	readers := p.readers()
	server, err := startServer(ctx, p)
	if err != nil {
		return nil, err
	}
	defer server.stop()
	results, err := p.runAll(ctx, dir, readers, server)
	if err != nil {
		return nil, err
	}
	report(os.Stdout, p, readers, results, before)
	return results, nil
}

// readers are the programs to measure: Driftwatch, and newsboat where it is
// installed.
func (p plan) readers() []reader {
	all := []reader{driftwatch{p.binary}}
	if p.alone {
		return all
	}
	path, err := exec.LookPath("newsboat")
	if err != nil {
		fmt.Println("newsboat isn't installed, so there is nothing to compare with: apt-get install newsboat")
		return all
	}
	return append(all, newsboat{path})
}

// build builds the program and copies it to a path, as make build does: how much of
// it is in memory depends on how it was written.
func (p plan) build(ctx context.Context, path string) error {
	linked := path + ".linked"
	defer os.Remove(linked)
	c := exec.CommandContext(ctx, "go", "build", "-tags", "sqlite_fts5", "-trimpath", "-o", linked, "./cmd/driftwatch")
	c.Dir, c.Stderr = p.root, os.Stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("build driftwatch in %s: %w", p.root, err)
	}
	if out, err := exec.CommandContext(ctx, "cp", linked, path).CombinedOutput(); err != nil {
		return fmt.Errorf("copy driftwatch: %w: %s", err, out)
	}
	return nil
}

// runAll measures each reader, in turns.
func (p plan) runAll(ctx context.Context, dir string, readers []reader, s *server) (results, error) {
	all := results{}
	for run := range p.runs {
		for i := range readers {
			r := readers[(i+run)%len(readers)] // each begins in its turn
			home := filepath.Join(dir, fmt.Sprintf("%s-%d", r.name(), run))
			if err := p.runOne(ctx, home, r, s, all); err != nil {
				return nil, err
			}
			if err := os.RemoveAll(home); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// runOne measures a reader with an empty home, one phase after the other.
func (p plan) runOne(ctx context.Context, home string, r reader, s *server, all results) error {
	if err := os.Mkdir(home, 0o700); err != nil {
		return err
	}
	if err := r.prepare(home, p, s.Feeds); err != nil {
		return fmt.Errorf("prepare %s: %w", r.name(), err)
	}
	for _, phase := range p.phases {
		switch phase {
		case unchanged:
			if err := settle(ctx, home, r); err != nil {
				return err
			}
		case steady:
			if err := s.publish(ctx); err != nil {
				return err
			}
		}
		if err := s.reset(ctx); err != nil {
			return err
		}
		m, err := measured(r.command(ctx, home))
		if err != nil {
			return fmt.Errorf("run %s %s: %w", r.name(), phase, err)
		}
		if m.counts, err = s.counts(ctx); err != nil {
			return err
		}
		all.add(r.name(), phase, m)
	}
	return nil
}

// settle lets a reader poll, unmeasured, until it has the feeds' validators.
func settle(ctx context.Context, home string, r reader) error {
	for range r.settling() {
		if _, err := measured(r.command(ctx, home)); err != nil {
			return fmt.Errorf("let %s settle: %w", r.name(), err)
		}
	}
	return nil
}
