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
// unchanged, and steady, with a new item in every tenth feed.
//
// It is run from the module that it is in:
//
//	cd eval && go run ./bench
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
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
}

func main() {
	p := plan{phases: []string{cold, unchanged}}
	var serving bool
	var grown int
	flag.IntVar(&p.feeds, "feeds", 1000, "number of feeds")
	flag.IntVar(&grown, "grown", 10_000, "number of feeds of the last measurement; 0: none")
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

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	do := func(ctx context.Context) error { return p.all(ctx, grown) }
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
func (p plan) all(ctx context.Context, grown int) error {
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
	fmt.Printf("%d feeds of %d items, %d requests at a time; median (least–greatest) of %d runs\n\n", p.feeds, p.items, p.threads, p.runs)
	few, err := p.measure(ctx, dir, nil)
	if err != nil {
		return err
	}
	p.alone, p.runs = true, 1
	paged := p
	paged.pages = true
	fmt.Print("\nThe same with the articles' pages, once\n\n")
	if _, err := paged.measure(ctx, dir, nil); err != nil || grown == 0 {
		return err
	}
	p.feeds, p.phases = grown, append(p.phases, steady)
	fmt.Printf("\n%d feeds without pages, once\n\n", p.feeds)
	_, err = p.measure(ctx, dir, few)
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

// build builds the program to a path.
func (p plan) build(ctx context.Context, path string) error {
	c := exec.CommandContext(ctx, "go", "build", "-tags", "sqlite_fts5", "-trimpath", "-o", path, "./cmd/driftwatch")
	c.Dir, c.Stderr = p.root, os.Stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("build driftwatch in %s: %w", p.root, err)
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
