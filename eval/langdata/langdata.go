// Package langdata reads the texts that languages are learned from and measured
// on, and writes them in the other letters that they occur in.
package langdata

import (
	"bufio"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
)

// Text is one text of a set.
type Text struct {
	ID, Set string // Set: ntrex, sib200, udhr, or what train.jsonl calls it
	Lang    string // BCP 47, with its script where that isn't the usual one
	Title   string // of an article
	Text    string
	Learn   bool // in the share that may be learned from or tuned on
}

// Read reads one of the sets in the folder language of data: ntrex, sib200,
// udhr or train.
func Read(data, set string) ([]Text, error) {
	name := filepath.Join(data, "language", set+".jsonl")
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var texts []Text
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		var t struct{ ID, Set, Lang, Doc, Title, Text string }
		if err := json.Unmarshal(lines.Bytes(), &t); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		if t.Set == "" {
			t.Set = set
		}
		texts = append(texts, Text{t.ID, t.Set, tag(t.Lang, t.ID), t.Title, t.Text, set == "train" || learned(share(t.ID, t.Doc))})
	}
	return texts, lines.Err()
}

// tag adds the script of a text to its language, which the declaration of human
// rights has only in its ids.
func tag(lang, id string) string {
	switch {
	case strings.Contains(id, "_cyrl-"):
		return lang + "-Cyrl"
	case strings.HasPrefix(id, "udhr-uig_latn"):
		return lang + "-Latn"
	}
	return lang
}

// share is what decides on which side a text is: the same article or sentence
// is on the same one in all languages.
func share(id, doc string) string {
	if doc != "" {
		return doc
	}
	if i := strings.LastIndexByte(id, '-'); strings.HasPrefix(id, "sib-") {
		return "sib" + id[i:]
	}
	return id
}

// learned puts two texts of three on the side that is learned from.
func learned(key string) bool {
	h := fnv.New64a()
	h.Write([]byte(key))
	return h.Sum64()>>8%3 != 0
}
