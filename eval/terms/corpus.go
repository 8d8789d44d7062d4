package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"driftwatch/rules"
)

// corpus is the texts by native writers, or by professional translators, of the
// measuring data.
type corpus struct {
	data string
	err  error
}

// files are those of the corpus.
var files = []string{
	"language/train.jsonl", "language/ntrex.jsonl", "language/sib200.jsonl", "language/udhr.jsonl",
	"flags/posts_ru.jsonl", "stream/uzbekistan_ru.jsonl", "pages/pages.jsonl", "pages-train/pages.jsonl", "stories/pairs.jsonl",
}

// each gives one text after another, then the words of the treebanks' forms.
func (c *corpus) each(yield func(rules.Text) bool) {
	for _, name := range files {
		if !c.lines(name, func(line []byte) bool { return row(line, yield) }) {
			return
		}
	}
	c.lines("language/forms.tsv", func(line []byte) bool {
		cells := strings.Split(string(line), "\t")
		return len(cells) < 3 || yield(rules.Text{Body: cells[2], Lang: cells[0]})
	})
}

// article is a text of any of the files.
type article struct{ Lang, Title, Text string }

// row gives the texts of a line, a pair's both.
func row(line []byte, yield func(rules.Text) bool) bool {
	var one struct {
		article
		A, B *article
	}
	if json.Unmarshal(line, &one) != nil {
		return true
	}
	all := []article{one.article}
	for _, side := range []*article{one.A, one.B} {
		if side != nil {
			all = append(all, article{one.Lang, side.Title, side.Text})
		}
	}
	for _, a := range all {
		if a.Text != "" && !yield(rules.Text{Title: a.Title, Body: a.Text, Lang: a.Lang}) {
			return false
		}
	}
	return true
}

// lines gives each line of a file; false where it is to end or can't be read.
func (c *corpus) lines(name string, take func(line []byte) bool) bool {
	f, err := os.Open(filepath.Join(c.data, name))
	if err != nil {
		c.err = err
		return false
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 8<<20)
	for s.Scan() {
		if !take(s.Bytes()) {
			return false
		}
	}
	if c.err = s.Err(); c.err != nil {
		c.err = fmt.Errorf("read %s: %w", name, c.err)
	}
	return c.err == nil
}
