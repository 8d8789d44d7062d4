package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"driftwatch/eval/langdata"
)

// sample is a text whose language is known.
type sample struct{ set, lang, text string }

// seven are the languages that the program is for, in all their letters.
var seven = []string{"en", "ru", "kk", "ky", "uz", "uz-Cyrl", "tg", "tk", "tk-Cyrl"}

// load reads the texts of a set that nothing was learned from: articles of
// ntrex as a whole, sentences of sib200, paragraphs of udhr.
func load(data string, tune bool, set string) ([]sample, error) {
	texts, err := langdata.Read(data, set)
	if err != nil {
		return nil, err
	}
	var out []sample
	for _, t := range texts {
		if t.Learn == tune {
			out = append(out, sample{set, t.Lang, strings.TrimSpace(t.Title + "\n\n" + t.Text)})
		}
	}
	return out, nil
}

// digests are the short restatements of articles, written by somebody else than
// those of the other sets; nothing is learned from any of them.
func digests(data string) ([]sample, error) {
	f, err := os.Open(filepath.Join(data, "flags", "digests.jsonl"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []sample
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var d struct{ Lang, Title, Text string }
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			return nil, err
		}
		out = append(out, sample{"digests", d.Lang, d.Title + "\n\n" + d.Text})
	}
	return out, nil
}

// cut gives the first n words of every sentence of the samples, leaving out
// what has fewer. An article's sentences are its lines, cut at stops.
func cut(samples []sample, n int) []sample {
	var out []sample
	for _, s := range samples {
		for line := range strings.SplitSeq(s.text, "\n") {
			for sentence := range strings.SplitSeq(line, ". ") {
				if f := strings.Fields(sentence); len(f) >= n {
					out = append(out, sample{s.set, s.lang, strings.Join(f[:n], " ")})
				}
			}
		}
	}
	return out
}

func in(langs []string, lang string) bool {
	for _, l := range langs {
		if l == lang {
			return true
		}
	}
	return false
}

// of keeps the samples of some languages.
func of(samples []sample, keep func(string) bool) []sample {
	var out []sample
	for _, s := range samples {
		if keep(s.lang) {
			out = append(out, s)
		}
	}
	return out
}
