// Langtrain learns the model that tells languages apart and writes it where the
// program embeds it from.
//
//	go run ./langtrain [-o ../text/lang.model] [-steps N] [-seed N]
//
// It learns from $DRIFTWATCH_EVAL_DATA/language: train.jsonl, and for the
// languages and letters that it lacks a share of the other sets, which `go run
// ./language` doesn't report on. The same files, steps and seed give the same
// model.
package main

import (
	"flag"
	"fmt"
	"os"

	"driftwatch/eval/langdata"
	"driftwatch/eval/section"
	"driftwatch/text"
)

func main() {
	out := flag.String("o", "../text/lang.model", "where to write the model")
	var how text.LangTraining
	flag.IntVar(&how.Steps, "steps", 0, "pieces of text to learn from, for each script")
	flag.Uint64Var(&how.Seed, "seed", 1, "of the random numbers")
	flag.IntVar(&how.Rows[0], "cyrillic", 0, "rows of the table of Cyrillic n-grams, a power of two")
	flag.IntVar(&how.Rows[1], "latin", 0, "rows of the table of Latin n-grams")
	flag.IntVar(&how.Rows[2], "arabic", 0, "rows of the table of Arabic n-grams")
	flag.Float64Var(&how.Rate, "rate", 0, "of learning")
	flag.Float64Var(&how.Decay, "decay", 0, "of weights")
	flag.Parse()
	how.Report = func(script, step int, loss float64) {
		if step%500_000 == 0 {
			fmt.Fprintf(os.Stderr, "script %d: %d pieces, loss %.4f\n", script, step, loss)
		}
	}
	if err := run(*out, how); err != nil {
		fmt.Fprintln(os.Stderr, "langtrain:", err)
		os.Exit(1)
	}
}

func run(out string, how text.LangTraining) error {
	sources, err := langdata.Sources(section.Folder())
	if err != nil {
		return fmt.Errorf("read what is learned from (DRIFTWATCH_EVAL_DATA names the folder that holds language/): %w", err)
	}
	model, err := text.TrainLanguages(sources, how)
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, model, 0o644); err != nil {
		return err
	}
	fmt.Printf("%s: %d bytes\n", out, len(model))
	return nil
}
