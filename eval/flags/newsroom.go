package main

import (
	"context"
	"slices"

	"driftwatch/eval/section"
	"driftwatch/news"
	"driftwatch/newsroom"
	"driftwatch/rules"
	"driftwatch/text"
)

// sectionNewsroom counts what is flagged of the demo's articles, each once: the
// labels that are found with their theme, country and direction, and the near
// misses and other news that stay silent.
func (m meter) sectionNewsroom() error {
	room, err := newsroom.Start(context.Background(), newsroom.Options{})
	if err != nil {
		return err
	}
	defer room.Close()
	out := [][]string{{"the demo's articles", "labels found, theme, country and direction [95 %]", "near misses silent", "other news silent"}}
	for _, g := range groups {
		var labels, near, other tally
		seen := map[string]bool{}
		for _, a := range room.Articles() {
			if seen[a.ID] || !g.holds(a.Lang) {
				continue
			}
			seen[a.ID] = true
			hits := m.engine.Flag(text.Read(a.Title, a.Text, a.Lang), rules.About{Source: a.Source, URL: a.URL})
			hits = slices.DeleteFunc(hits, func(h news.Hit) bool { return h.Background })
			for _, l := range a.Labels {
				labels.add(true, holds(hits, l))
			}
			switch {
			case a.NearMiss != "":
				near.add(true, len(hits) == 0)
			case len(a.Labels) == 0:
				other.add(true, len(hits) == 0)
			}
		}
		out = append(out, []string{g.name, section.Share(labels.tp, labels.n()), section.Share(near.tp, near.n()), section.Share(other.tp, other.n())})
	}
	section.Table(m.w, out...)
	return nil
}

// holds reports whether a label is among hits; apart and closer together are
// mixed.
func holds(hits []news.Hit, l newsroom.Label) bool {
	var ways []news.Direction
	for _, h := range hits {
		if h.Theme == l.Theme && !slices.ContainsFunc(l.Countries, func(c string) bool { return !slices.Contains(h.Countries, c) }) {
			ways = append(ways, h.Direction)
		}
	}
	both := slices.Contains(ways, news.Apart) && slices.Contains(ways, news.Closer)
	return slices.Contains(ways, l.Direction) && (l.Direction == news.Mixed || !both) || l.Direction == news.Mixed && both
}
