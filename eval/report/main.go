// Command report runs the programs of the evaluation and writes what they print
// into docs/evaluation.md.
//
// The file is the list of what is run: see package section. What stands outside
// the marked lines is written by hand and is kept; so are the figures of a
// program whose data isn't there, or that fails.
//
//	go run -tags sqlite_fts5 ./report [-o FILE] [NAME…]
//
// With names it runs only these; without, all but those that are run by hand.
// Exit code 1 where a program failed; no data is no failure.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	file := flag.String("o", "../docs/evaluation.md", "file to write to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	r := report{run: program, out: os.Stdout, log: os.Stderr, stamp: stamp(ctx, time.Now())}
	if err := r.update(ctx, *file, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		stop()
		os.Exit(1)
	}
}
