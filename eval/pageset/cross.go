package pageset

import (
	"strings"
	"unicode"

	"driftwatch/crawler/extract/blocks"
)

// CutAll cuts and labels all pages.
func CutAll(pages []*Page) { each(len(pages), func(i int) { pages[i].Cut() }) }

// Fold is the number of the fold of n that a page is in, by its outlet.
func (p *Page) Fold(n int) int { return p.fold(n, "cross ") }

// Cross trains n models, each on the pages of all folds but one, and calls read
// with each page and the model that has seen nothing of its outlet.
func Cross(pages []*Page, n int, s Settings, read func(p *Page, m *blocks.Model)) error {
	for fold := range n {
		var rest, these []*Page
		for _, p := range pages {
			if p.Fold(n) == fold {
				these = append(these, p)
			} else {
				rest = append(rest, p)
			}
		}
		file, err := Fit(rest, s).Encode() // as it would be read from the file
		if err != nil {
			return err
		}
		m, err := blocks.Decode(file)
		if err != nil {
			return err
		}
		for _, p := range these {
			read(p, m)
		}
	}
	return nil
}

// F1 is the harmonic mean of precision and recall over words, whatever their
// order.
func F1(want, got []string) float64 {
	count := map[string]int{}
	for _, s := range want {
		count[s]++
	}
	hits := 0
	for _, s := range got {
		if count[s] > 0 {
			count[s]--
			hits++
		}
	}
	if len(want)+len(got) == 0 {
		return 1
	}
	return 2 * float64(hits) / float64(len(want)+len(got))
}

// Words are the words of a text in lower case.
func Words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_'
	})
}
