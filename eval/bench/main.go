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
	root                        string // of the program's module
	binary                      string // instead of one built from root
}

func main() {
	var p plan
	var serving bool
	flag.IntVar(&p.feeds, "feeds", 1000, "number of feeds")
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
	do := p.measure
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

// measure builds the program, serves the feeds, runs both and prints what came
// of it.
func (p plan) measure(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "driftwatch-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	readers, err := p.readers(ctx, dir)
	if err != nil {
		return err
	}
	server, err := startServer(ctx, p)
	if err != nil {
		return err
	}
	defer server.stop()

	fmt.Printf("%d feeds of %d items, %d requests at a time; median (least–greatest) of %d runs\n\n", p.feeds, p.items, p.threads, p.runs)
	results, err := p.runAll(ctx, dir, readers, server)
	if err != nil {
		return err
	}
	report(os.Stdout, p, readers, results)
	return nil
}

// readers are the programs to measure: Driftwatch, and newsboat where it is
// installed.
func (p plan) readers(ctx context.Context, dir string) ([]reader, error) {
	binary := p.binary
	if binary == "" {
		binary = filepath.Join(dir, "driftwatch")
		if err := p.build(ctx, binary); err != nil {
			return nil, err
		}
	}
	all := []reader{driftwatch{binary}}
	path, err := exec.LookPath("newsboat")
	if err != nil {
		fmt.Println("newsboat isn't installed, so there is nothing to compare with: apt-get install newsboat")
		return all, nil
	}
	return append(all, newsboat{path}), nil
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

// runOne measures a reader with an empty home, cold and then unchanged.
func (p plan) runOne(ctx context.Context, home string, r reader, s *server, all results) error {
	if err := os.Mkdir(home, 0o700); err != nil {
		return err
	}
	if err := r.prepare(home, p, s.Feeds); err != nil {
		return fmt.Errorf("prepare %s: %w", r.name(), err)
	}
	for _, phase := range phases {
		if phase == unchanged {
			if err := settle(ctx, home, r); err != nil {
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
