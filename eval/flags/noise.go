package main

import (
	"fmt"
	"slices"
	"strings"

	"driftwatch/news"
)

// noise counts the hits on texts of which hardly any is on a theme, and on
// posts that are graded.
func (m meter) noise(data string, list bool) error {
	for _, set := range []string{"stream/uzbekistan_ru.jsonl", "language/ntrex.jsonl"} {
		rows, err := read(data, set)
		if err != nil {
			return err
		}
		n, loud := 0, 0
		for _, r := range rows {
			if r.Lang == "" {
				r.Lang = "ru"
			}
			hits := m.flag(r)
			if len(hits) == 0 {
				continue
			}
			n++
			if slices.ContainsFunc(hits, func(h news.Hit) bool { return !h.Background }) {
				loud++
			}
			if list {
				fmt.Fprintf(m.w, "%s: %s\n    %s\n", r.ID, describe(hits, ""), strings.TrimSpace(r.Title+" "+r.Text))
			}
		}
		fmt.Fprintf(m.w, "\n%s: %d texts, %d with a hit, %d of them not only in the background\n", set, len(rows), n, loud)
	}
	return m.posts(data, list)
}

// posts counts the graded posts: 2 is on the theme, 1 borderline, 0 off.
func (m meter) posts(data string, list bool) error {
	rows, err := read(data, "flags/posts_ru.jsonl")
	if err != nil {
		return err
	}
	fmt.Fprintf(m.w, "\nflags/posts_ru.jsonl: posts with a hit, by grade\n")
	for _, theme := range themes {
		var of, found [3]int
		for _, r := range rows {
			hits := m.flag(r)
			grade := r.Grades[string(theme)]
			of[grade]++
			if !has(hits, theme) {
				if list && grade == 2 {
					fmt.Fprintf(m.w, "missed %s %s: %s %s\n", theme, r.ID, r.Title, r.Text)
				}
				continue
			}
			found[grade]++
			if list && grade == 0 {
				fmt.Fprintf(m.w, "wrong %s: %s\n    %s %s\n", r.ID, describe(hits, theme), r.Title, r.Text)
			}
		}
		fmt.Fprintf(m.w, "%-16s on %d of %d, borderline %d of %d, off %d of %d\n", theme, found[2], of[2], found[1], of[1], found[0], of[0])
	}
	return nil
}
