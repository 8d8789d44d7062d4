package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"driftwatch/alert/feed"
	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/watch"
)

func (a *app) hitsFeedCommand() *cobra.Command {
	var format, theme, country, from string
	var limit int
	c := &cobra.Command{
		Use:   "feed",
		Short: "Print the flagged stories as a feed: RSS, Atom or JSON",
		Long: `Prints the flagged stories as a feed, one entry a story, those flagged last
first. What was judged not relevant, and side remarks, are left out; so is the
theme context, unless it is asked for.

A cycle writes such feeds to a folder where feeds.path says so.`,
		Example: `  driftwatch hits feed > stories.atom
  driftwatch hits feed --format rss --theme sanctions --country KZ --since 7d`,
		Args: cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			if !slices.Contains(feed.Formats, feed.Format(format)) {
				return usage("--format is %q; it may be rss, atom or json", format)
			}
			f := watch.Feed{Theme: news.Theme(theme), Country: strings.ToUpper(country), Limit: limit}
			if f.Country != "" && !slices.Contains(news.Countries, f.Country) {
				return usage("--country %s is none of %s", f.Country, strings.Join(news.Countries, ", "))
			}
			if limit < 1 {
				return usage("--limit is %d; it may be 1 and above", limit)
			}
			conf, err := a.load()
			if err != nil {
				return err
			}
			if theme != "" {
				if err := knownTheme(conf, theme); err != nil {
					return usage("%v", err)
				}
			}
			if f.Since, err = since(from, a.now(), a.location); err != nil {
				return err
			}
			return a.withStore(cmd, func(st store.Store) error {
				stories, err := watch.Stories(cmd.Context(), st, watch.Sources(conf), f)
				if err != nil {
					return err
				}
				doc, err := feed.Write(feed.Format(format), feed.Settings{Title: f.Title(), Zone: a.location}, stories)
				if err != nil {
					return err
				}
				_, err = a.stdout.Write(doc)
				return err
			})
		}),
	}
	c.Flags().StringVar(&format, "format", "atom", "rss, atom or json")
	c.Flags().StringVar(&theme, "theme", "", "only this theme: sanctions, csto, decolonization, dual-use, context, or one of your packs")
	c.Flags().StringVar(&country, "country", "", "only stories about this one: KZ, KG, UZ, TJ or TM")
	c.Flags().StringVar(&from, "since", "14d", "flagged since: a length of time (36h, 7d), a day, or RFC 3339")
	c.Flags().IntVar(&limit, "limit", 200, "at most so many stories")
	return c
}
