// Command stories measures how well package story tells which articles are of
// one story, and learns what it tells it by.
//
//	go run ./stories -markdown         # the section of docs/evaluation.md
//	go run ./stories -train [-o DIR]   # learn story/idf.model and story/weights.go
//
// What is learned from and what is reported on are kept apart by a hash of the
// id: see seen, and langdata for the translations. The same data give the same
// model. Learning has two steps, as the weights depend on the tables: -train idf,
// then -train weights.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"driftwatch/configs"
	"driftwatch/eval/section"
	"driftwatch/rules"
)

func main() {
	train := flag.String("train", "", "what to learn: idf or weights")
	out := flag.String("o", "../story", "folder of the package")
	flag.Bool("markdown", true, "print the section of docs/evaluation.md")
	verbose := flag.Bool("v", false, "list the errors in what is learned from")
	flag.Parse()
	section.Main("stories", func(w io.Writer, data string) error {
		engine, err := rules.Load(configs.FS())
		if err != nil {
			return err
		}
		r := reader{engine}
		switch *train {
		case "":
			return r.report(w, data, *verbose)
		case "idf":
			return r.learnIDF(data, *out)
		case "weights":
			return r.learnWeights(data, *out)
		}
		fmt.Fprintf(os.Stderr, "-train %s: it must be idf or weights\n", *train)
		os.Exit(2)
		return nil
	})
}
