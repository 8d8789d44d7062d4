package review

import (
	"strings"
	"unicode"

	"github.com/aymanbagabas/go-udiff/lcs"
)

// change is a run of text that two revisions share, or that one of them has.
type change struct {
	Text string
	Kind string // same, ins or del
}

// paragraph is one of a comparison.
type paragraph struct {
	N       int // counted from 1, in the later text; of one that is gone the place where it was
	Changes []change
	Same    bool
}

// compareMost is how many words of a text are compared; a longer one is shown as
// replaced.
const compareMost = 20000

// compare says what was changed between two texts, word by word.
func compare(before, after string) []paragraph {
	a, b := tokens(before), tokens(after)
	var all []change
	if len(a) > compareMost || len(b) > compareMost {
		all = []change{{before, "del"}, {after, "ins"}}
	} else {
		at := 0
		for _, d := range lcs.DiffLines(a, b) {
			all = append(all, change{strings.Join(a[at:d.Start], ""), "same"},
				change{strings.Join(a[d.Start:d.End], ""), "del"}, change{strings.Join(b[d.ReplStart:d.ReplEnd], ""), "ins"})
			at = d.End
		}
		all = append(all, change{strings.Join(a[at:], ""), "same"})
	}
	return paragraphs(all)
}

// tokens cuts a text into words with the spaces behind them, and line ends.
func tokens(text string) []string {
	var out []string
	start := 0
	space := false
	for i, r := range text {
		if i > start && (space && !unicode.IsSpace(r) || r == '\n' || text[i-1] == '\n') {
			out = append(out, text[start:i])
			start = i
		}
		space = unicode.IsSpace(r)
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}

// paragraphs cuts changes at empty lines.
func paragraphs(all []change) []paragraph {
	var out []paragraph
	n := 1
	now := paragraph{N: n}
	end := func() {
		var kept []change
		same := true
		for _, c := range now.Changes {
			if strings.TrimSpace(c.Text) == "" {
				continue
			}
			same = same && c.Kind == "same"
			kept = append(kept, c)
		}
		if len(kept) > 0 {
			out = append(out, paragraph{now.N, kept, same})
			if len(kept) > 1 || kept[0].Kind != "del" {
				n++
			}
		}
		now = paragraph{N: n}
	}
	for _, c := range all {
		for i, part := range strings.Split(c.Text, "\n") {
			if i > 0 {
				end()
			}
			if part != "" {
				now.Changes = append(now.Changes, change{part, c.Kind})
			}
		}
	}
	end()
	return out
}
