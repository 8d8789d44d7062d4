package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"driftwatch/alert/message"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/watch"
)

// flagged is what one story is flagged with on one theme and in one direction.
// A story that several outlets carry is shown once.
type flagged struct {
	article news.Article // the first that carries it
	hits    []news.Hit   // of that article
	level   int          // the highest
	signals []string     // of all articles
	outlets []string     // names
}

// flaggedStories puts hits together by story: those that are alerted first, and
// of them the highest level.
func flaggedStories(found []watch.Found) []*flagged {
	var all []*flagged
	byKey := map[string]*flagged{}
	for _, f := range found {
		h := f.Hit
		key := fmt.Sprint(h.Story, h.Theme, h.Direction, h.Countries, h.Quiet)
		if h.Story == 0 {
			key = fmt.Sprint(f.Article.ID, key)
		}
		s := byKey[key]
		if s == nil {
			s = &flagged{article: f.Article}
			byKey[key] = s
			all = append(all, s)
		}
		if s.article.ID == f.Article.ID {
			s.hits = append(s.hits, h)
		}
		s.level = max(s.level, h.Level)
		s.signals = appendNew(s.signals, guard.Line(h.Signal))
		s.outlets = appendNew(s.outlets, guard.Line(f.Source.Name))
	}
	for _, s := range all {
		slices.Sort(s.signals)
		slices.Sort(s.outlets)
	}
	slices.SortStableFunc(all, func(a, b *flagged) int {
		return cmp.Or(strings.Compare(a.hits[0].Quiet, b.hits[0].Quiet),
			cmp.Compare(b.level, a.level),
			slices.Compare(a.hits[0].Countries, b.hits[0].Countries),
			cmp.Compare(a.hits[0].Theme, b.hits[0].Theme),
			cmp.Compare(a.article.Title, b.article.Title))
	})
	return all
}

func appendNew(to []string, s string) []string {
	if slices.Contains(to, s) {
		return to
	}
	return append(to, s)
}

// printFound shows flagged stories as the demo and dry runs do: a row for each,
// the title under it, and the sentences that set it off where these say more
// than the title. On a terminal what matched stands out.
func (a *app) printFound(out io.Writer, found []watch.Found) {
	if len(found) == 0 {
		fmt.Fprintln(out, "Nothing was flagged.")
		return
	}
	stories := flaggedStories(found)
	rows := [][]string{{"COUNTRY", "THEME", "LEVEL", "DIRECTION", "SIGNAL", "OUTLET"}}
	for _, s := range stories {
		h := s.hits[0]
		rows = append(rows, []string{strings.Join(h.Countries, " "), guard.Line(string(h.Theme)), strconv.Itoa(s.level),
			string(h.Direction), strings.Join(s.signals, " "), strings.Join(s.outlets, ", ")})
	}
	lines := columns(rows)
	fmt.Fprintln(out, a.style.faint(lines[0]))
	for i, s := range stories {
		a.fold(out, a.style.direction(s.hits[0].Direction, lines[i+1]), "    ")
		a.printQuotes(out, s)
	}
	fmt.Fprintln(out)
}

// printQuotes shows a story's title and the sentences that set it off.
func (a *app) printQuotes(out io.Writer, s *flagged) {
	title, sentences := guard.Line(s.article.Title), []string(nil)
	for _, q := range message.Quotes(s.hits) {
		marked := q.Marked(a.style.open(bold), a.style.shut(), guard.Line)
		switch {
		case q.Field == news.FieldTitle:
			title = marked
		case q.String() != s.article.Title:
			sentences = append(sentences, marked)
		}
	}
	a.fold(out, "  "+title, "  ")
	if len(s.hits[0].Evidence) > 0 && s.hits[0].Evidence[0].Field == news.FieldTitle {
		sentences = nil
	}
	for _, q := range sentences {
		a.fold(out, "  “"+q+"”", "   ")
	}
	if s.hits[0].Quiet != "" {
		fmt.Fprintf(out, "  not alerted: %s\n", guard.Line(s.hits[0].Quiet))
	}
}

// columns aligns rows, two spaces between their columns; the last is left as
// long as it is.
func columns(rows [][]string) []string {
	widths := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, cell := range r {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	out := make([]string, len(rows))
	for n, r := range rows {
		var b strings.Builder
		for i, cell := range r {
			b.WriteString(cell)
			if i < len(r)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
			}
		}
		out[n] = strings.TrimRight(b.String(), " ")
	}
	return out
}
