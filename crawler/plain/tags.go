package plain

import "strings"

var (
	// blocks are the elements that stand on lines of their own.
	blocks = set(`address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure
		footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html li main nav ol option p pre section summary table
		tbody tfoot thead title tr ul video`)
	// raw are the elements whose content is no text.
	raw = set(`script style template noscript iframe object svg math select textarea audio canvas`)
	// void are the elements that have no end tag, or often go without.
	void = set(`br hr img input wbr p li`)
	// inline are the other elements of HTML that text is written with.
	inline = set(`a abbr acronym b bdi bdo big cite code col colgroup data del dfn em font i img input ins kbd label map
		mark meta link nobr picture q rp rt ruby s samp small source span strike strong sub sup td th time tt u var wbr
		br button area caption embed param center track`)
	known = union(blocks, raw, void, inline)
	// spelt saves making a lower-case copy of the names that are met most.
	spelt = func() map[string]string {
		names := make(map[string]string)
		for name := range known {
			names[name] = name
		}
		return names
	}()
)

func set(names string) map[string]bool {
	m := make(map[string]bool)
	for name := range strings.FieldsSeq(names) {
		m[name] = true
	}
	return m
}

func union(sets ...map[string]bool) map[string]bool {
	m := make(map[string]bool)
	for _, s := range sets {
		for name := range s {
			m[name] = true
		}
	}
	return m
}
