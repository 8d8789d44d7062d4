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
//	go run ./endings [-v]
package main

import (
	"flag"
	"io"
	"path/filepath"

	"driftwatch/eval/section"
)

func main() {
	verbose := flag.Bool("v", false, "list the errors in the part to tune on, and each concept of the packs")
	flag.Parse()
	section.Main("endings", func(w io.Writer, data string) error { return report(w, data, *verbose) })
}

// report writes both measurements as Markdown.
func report(w io.Writer, data string, verbose bool) error {
	rows, err := readForms(filepath.Join(data, "language", "forms.tsv"))
	if err != nil {
		return err
	}
	if err := reportForms(w, rows, verbose); err != nil {
		return err
	}
	return reportConcepts(w, data, verbose)
}
