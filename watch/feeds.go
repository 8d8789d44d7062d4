package watch

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"driftwatch/alert/feed"
	"driftwatch/alert/message"
	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/store"
)

// Feed is what a feed of flagged stories is to hold.
type Feed struct {
	Theme   news.Theme // "": every theme but context
	Country string     // "": every country
	Since   time.Time
	Limit   int
}

// Title is what the feed is called.
func (f Feed) Title() string {
	parts := []string{"Driftwatch"}
	if f.Theme != "" {
		parts = append(parts, message.Theme(f.Theme))
	}
	if f.Country != "" {
		parts = append(parts, message.Country(f.Country))
	}
	return strings.Join(parts, " · ")
}

// name is that of the feed's file, without its format.
func (f Feed) name() string {
	switch {
	case f.Theme == "" && f.Country == "":
		return "all"
	case f.Country == "":
		return string(f.Theme)
	case f.Theme == "":
		return strings.ToLower(f.Country)
	}
	return string(f.Theme) + "-" + strings.ToLower(f.Country)
}

// Stories are the flagged stories of a feed, one entry each: the article with
// the strongest hit. Background hits, those that no revision carries any more,
// and those judged not relevant are left out; those that nobody was alerted of
// because they are old are not.
func Stories(ctx context.Context, st store.Store, sources []news.Source, f Feed) ([]feed.Entry, error) {
	filter := store.HitFilter{Since: f.Since}
	if f.Theme != "" {
		filter.Themes = []news.Theme{f.Theme}
	}
	if f.Country != "" {
		filter.Countries = []string{f.Country}
	}
	rows, err := st.Hits(ctx, filter)
	if err != nil {
		return nil, fmt.Errorf("read the stories of a feed: %w", err)
	}
	entries := entriesOf(rows, sourcesByID(sources), f)
	if f.Limit > 0 && len(entries) > f.Limit {
		entries = entries[:f.Limit]
	}
	return entries, nil
}

// entriesOf makes one entry of each story, the last flagged first.
func entriesOf(rows []store.HitRow, sources map[string]news.Source, f Feed) []feed.Entry {
	stories := map[int64][]store.HitRow{}
	for _, r := range rows {
		if fed(r, f) {
			stories[r.Hit.Story] = append(stories[r.Hit.Story], r)
		}
	}
	var out []feed.Entry
	for id, rows := range stories {
		slices.SortStableFunc(rows, func(a, b store.HitRow) int {
			return cmp.Or(cmp.Compare(b.Hit.Level, a.Hit.Level), a.Article.Seen.Compare(b.Article.Seen), cmp.Compare(a.Hit.ID, b.Hit.ID))
		})
		e := feed.Entry{Alert: news.Alert{Story: news.Story{ID: id}, Article: rows[0].Article, Source: sources[rows[0].Article.Source]}}
		if e.Alert.Source.ID == "" {
			e.Alert.Source.ID = rows[0].Article.Source
		}
		for _, r := range rows {
			if r.Hit.Article == rows[0].Hit.Article {
				e.Alert.Hits = append(e.Alert.Hits, r.Hit)
			}
			if !slices.Contains(e.Alert.Story.Sources, r.Article.Source) {
				e.Alert.Story.Sources = append(e.Alert.Story.Sources, r.Article.Source)
			}
			if r.Hit.Found.After(e.Updated) {
				e.Updated = r.Hit.Found
			}
		}
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b feed.Entry) int {
		return cmp.Or(b.Updated.Compare(a.Updated), cmp.Compare(b.Alert.Story.ID, a.Alert.Story.ID))
	})
	return out
}

// fed reports whether a hit is for a feed.
func fed(r store.HitRow, f Feed) bool {
	switch {
	case r.Hit.Background, r.Withdrawn > 0, r.Verdict != nil && r.Verdict.Says == news.Irrelevant:
		return false
	case f.Theme == "":
		return r.Hit.Theme != news.ThemeContext
	}
	return r.Hit.Theme == f.Theme
}

// writeFeeds writes the feeds to their folder: of all stories, of each theme,
// of each country, and of each theme of each country. A file is replaced whole,
// and only where it changes.
func writeFeeds(ctx context.Context, st store.Store, sources []news.Source, c configs.Feeds, zone *time.Location, now time.Time) error {
	if err := os.MkdirAll(c.Path, 0o755); err != nil {
		return fmt.Errorf("write the feeds: %w", err)
	}
	since := now.AddDate(0, 0, -c.Days)
	rows, err := st.Hits(ctx, store.HitFilter{Since: since})
	if err != nil {
		return fmt.Errorf("read the stories of the feeds: %w", err)
	}
	know := sourcesByID(sources)
	for _, f := range feedsOf(rows) {
		entries := entriesOf(ofFeed(rows, f), know, f)
		entries = entries[:min(len(entries), c.Limit)]
		for _, format := range feed.Formats {
			file := f.name() + "." + string(format)
			s := feed.Settings{Title: f.Title(), Zone: zone}
			if c.Link != "" {
				s.Link = strings.TrimSuffix(c.Link, "/") + "/" + file
			}
			doc, err := feed.Write(format, s, entries)
			if err != nil {
				return err
			}
			if err := replaceFile(filepath.Join(c.Path, file), doc); err != nil {
				return fmt.Errorf("write the feeds: %w", err)
			}
		}
	}
	return nil
}

// feedsOf are the feeds that there are: for all that is watched, whether or not
// something was found, and for the themes of the operator's own.
func feedsOf(rows []store.HitRow) []Feed {
	themes := []news.Theme{""}
	for _, t := range configs.Themes {
		themes = append(themes, news.Theme(t))
	}
	for _, r := range rows {
		if !slices.Contains(themes, r.Hit.Theme) && !strings.ContainsAny(string(r.Hit.Theme), "/\\.") {
			themes = append(themes, r.Hit.Theme)
		}
	}
	var out []Feed
	for _, t := range themes {
		for _, c := range append([]string{""}, news.Countries...) {
			out = append(out, Feed{Theme: t, Country: c})
		}
	}
	return out
}

func ofFeed(rows []store.HitRow, f Feed) []store.HitRow {
	if f.Country == "" {
		return rows
	}
	var out []store.HitRow
	for _, r := range rows {
		if slices.Contains(r.Hit.Countries, f.Country) {
			out = append(out, r)
		}
	}
	return out
}

// replaceFile puts a whole file in place of one that says something else.
func replaceFile(file string, doc []byte) error {
	switch there, err := os.ReadFile(file); {
	case err == nil && bytes.Equal(there, doc):
		return nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".feed-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already where all went well
	_, err = f.Write(doc)
	chmod := f.Chmod(0o644)
	if err := cmp.Or(err, chmod, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}
