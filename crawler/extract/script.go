package extract

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"driftwatch/crawler/plain"
)

// Bounds on the data of scripts. The names are those that content systems give
// the text of an article.
const (
	minTold   = 500 // bytes of a text that is an article's, where the page doesn't say that it is one
	maxValues = 50_000
)

var bodyNames = set("articlebody body bodyhtml bodytext content contenthtml description_full fulltext full_text html text story maintext")

// toldByScripts gives the longest text that the data of a page's scripts holds
// under a name that says that it is an article's, for pages that are put
// together in the reader's browser. declared is whether the page says that it is an
// article.
func toldByScripts(scripts [][]byte, declared bool) string {
	var best string
	for _, s := range scripts {
		s = s[:min(len(s), maxScript)]
		start := bytes.IndexAny(s, "{[")
		if start < 0 {
			continue
		}
		var v any
		if json.NewDecoder(bytes.NewReader(s[start:])).Decode(&v) != nil {
			continue
		}
		values := maxValues
		if text := longest(v, "", maxNesting, &values); len(text) > len(best) {
			best = text
		}
	}
	best = plain.GuessRich(best)
	size, sentences := minTold, 3
	if declared {
		size, sentences = minText/2, 2
	}
	if len(best) < size || strings.Count(best, ". ")+strings.Count(best, ".\n") < sentences {
		return ""
	}
	return best
}

// longest gives the longest string in a value that stands under such a name.
func longest(v any, name string, depth int, values *int) (best string) {
	if *values--; depth < 0 || *values < 0 {
		return ""
	}
	keep := func(s string) {
		if len(s) > len(best) {
			best = s
		}
	}
	switch v := v.(type) {
	case string:
		if bodyNames[strings.ToLower(name)] {
			return v
		}
	case []any:
		for _, e := range v {
			keep(longest(e, name, depth-1, values))
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			keep(longest(v[key], key, depth-1, values))
		}
	}
	return best
}
