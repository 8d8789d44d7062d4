package main

import (
	"slices"
	"strconv"

	"driftwatch/eval/section"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/text"
)

// sectionNearly counts, of the themes that were missed, those that the list of
// signals which nearly fired names: what an analyst who asks why is shown.
func (m meter) sectionNearly(rows []row) {
	missed, named := 0, 0
	for _, r := range rows {
		hits := m.flag(r)
		var x *rules.Explanation
		for _, theme := range r.Themes {
			if has(hits, news.Theme(theme)) {
				continue
			}
			if x == nil {
				x = m.engine.Explain(text.Read(r.Title, r.Text, r.Lang), rules.About{Source: r.Source, URL: r.URL})
			}
			missed++
			if slices.ContainsFunc(x.Traces, func(t rules.Trace) bool { return t.Signal.Theme == news.Theme(theme) }) {
				named++
			}
		}
	}
	section.Table(m.w, []string{"themes that were missed, in all sets", "named among what nearly fired [95 %]"},
		[]string{strconv.Itoa(missed), section.Share(named, missed)})
}
