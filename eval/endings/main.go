// Command endings measures how terms are found in their forms, and concepts in
// translations.
//
// Endings: every lemma of language/forms.tsv is a term of its language, and
// every form that differs from its lemma a text. Counted are the forms in
// which their lemma is found, and those in which a lemma is found that no row
// gives the form to. Lemmas are split by hash into a part to tune on and the
// rest, which is the figure to quote; all lemmas are looked for in both.
//
// Concepts: the articles of language/ntrex.jsonl are the same in seven
// languages. For each concept of lexicon.csv whose English terms occur in at
// least five English articles, it is counted in how many of their translations
// the concept's terms of that language occur. The same is asked of the
// program's own packs.
//
//	go run ./endings [-v] [-data DIR]
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
)

func main() {
	verbose := flag.Bool("v", false, "list the errors in the part to tune on")
	data := flag.String("data", folder(), "folder of the measuring data")
	flag.Parse()
	if err := report(os.Stdout, *data, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "endings:", err)
		os.Exit(1)
	}
}

// folder is where the measuring data lies by default.
func folder() string {
	if dir := os.Getenv("DRIFTWATCH_EVAL_DATA"); dir != "" {
		return dir
	}
	return filepath.Join("..", "..", "shared", "data")
}

// report writes both measurements as Markdown.
func report(w io.Writer, data string, verbose bool) error {
	rows, err := readForms(filepath.Join(data, "language", "forms.tsv"))
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(w, "No measuring data in %s: set DRIFTWATCH_EVAL_DATA.\n", data)
		return nil
	}
	if err != nil {
		return err
	}
	if err := reportForms(w, rows, verbose); err != nil {
		return err
	}
	return reportConcepts(w, data)
}

// share prints k of n in per cent with its 95 % interval by Wilson's score.
func share(k, n int) string {
	if n == 0 {
		return "–"
	}
	const z = 1.96
	p, m := float64(k)/float64(n), float64(n)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return fmt.Sprintf("%.1f %% [%.1f, %.1f]", 100*p, 100*max(middle-half, 0), 100*min(middle+half, 1))
}
