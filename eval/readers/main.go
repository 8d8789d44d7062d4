// Readers measures how well feeds and pages are read, beside gofeed and
// go-readability as they are.
//
//	go run ./readers [-v]
//
// It reads the sets that lie in $DRIFTWATCH_EVAL_DATA, or in shared/data beside
// the repository, and says so where there are none. Dates, addresses and texts
// are compared as values: markup, white space and the way a date is written
// don't count.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	verbose := flag.Bool("v", false, "name the cases that fail")
	flag.Parse()
	if err := run(dataFolder(), *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "readers:", err)
		os.Exit(1)
	}
}

func run(data string, verbose bool) error {
	if _, err := os.Stat(data); err != nil {
		fmt.Printf("There is no data in %s: set DRIFTWATCH_EVAL_DATA to the folder that holds feeds/ and pages/.\n", data)
		return nil
	}
	if err := feeds(filepath.Join(data, "feeds"), verbose); err != nil {
		return fmt.Errorf("measure feeds: %w", err)
	}
	if err := pages(verbose, filepath.Join(data, "pages"), filepath.Join(data, "pages-train")); err != nil {
		return fmt.Errorf("measure pages: %w", err)
	}
	return nil
}

// dataFolder is where the sets lie.
func dataFolder() string {
	if dir := os.Getenv("DRIFTWATCH_EVAL_DATA"); dir != "" {
		return dir
	}
	for _, dir := range []string{"../shared/data", "../../shared/data"} {
		if _, err := os.Stat(dir); err == nil {
			return dir
		}
	}
	return "../shared/data"
}
