package configs

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// Hide is text with "[secret]" for each value that a ${…} put into the address
// of a source, as it stands and as it is written in a query or a path. Use it
// on whatever may repeat an address and is stored or shown.
func (c *Config) Hide(text string) string {
	if c.hide == nil {
		return text
	}
	return c.hide(text)
}

// leastHidden is how long a value is, in bytes, that is hidden wherever it
// stands. A shorter one is in too many words that are nobody's secret; it is
// hidden where the whole address stands.
const leastHidden = 4

// hider gives Hide for the sources; nil where none of their addresses holds one
// of the values.
func hider(sources []Source, values []string) func(string) string {
	var pairs [][2]string
	for _, s := range sources {
		for _, addr := range append([]string{s.URL, s.Homepage, s.UserAgent}, s.Mirrors...) {
			shown := addr
			for _, v := range values {
				if v == "" || !strings.Contains(addr, v) {
					continue
				}
				shown = strings.ReplaceAll(shown, v, hidden)
				if len(v) >= leastHidden {
					pairs = append(pairs, [2]string{v, hidden}, [2]string{url.QueryEscape(v), hidden}, [2]string{url.PathEscape(v), hidden})
				}
			}
			if shown != addr {
				pairs = append(pairs, [2]string{addr, shown})
			}
		}
	}
	if len(pairs) == 0 {
		return nil
	}
	// A replacer prefers the pair that comes first: the longest.
	slices.SortFunc(pairs, func(a, b [2]string) int { return cmp.Compare(len(b[0]), len(a[0])) })
	var list []string
	for _, p := range pairs {
		list = append(list, p[0], p[1])
	}
	return strings.NewReplacer(list...).Replace
}
