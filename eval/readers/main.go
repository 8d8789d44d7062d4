// Readers measures how well feeds, robots files and pages are read, beside gofeed,
// go-readability and go-trafilatura as they are, and prints it as Markdown.
//
//	go run ./readers [-v]
//
// Dates, addresses and texts
// are compared as values: markup, white space and the way a date is written
// don't count.
package main

import (
	"flag"
	"fmt"
	"io"
	"path/filepath"

	"driftwatch/eval/section"
)

func main() {
	verbose := flag.Bool("v", false, "name the cases that fail")
	flag.Parse()
	section.Main("readers", func(w io.Writer, data string) error {
		if err := feeds(w, filepath.Join(data, "feeds"), *verbose); err != nil {
			return fmt.Errorf("measure feeds: %w", err)
		}
		if err := robots(w, filepath.Join(data, "robots.jsonl"), *verbose); err != nil {
			return fmt.Errorf("measure robots files: %w", err)
		}
		if err := pages(w, *verbose, filepath.Join(data, "pages"), filepath.Join(data, "pages-train")); err != nil {
			return fmt.Errorf("measure pages: %w", err)
		}
		return nil
	})
}
