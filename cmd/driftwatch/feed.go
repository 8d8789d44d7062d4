package main

import (
	"github.com/spf13/cobra"

	"driftwatch/crawler/feed"
)

func (a *app) feedCommand() *cobra.Command {
	var url string
	c := &cobra.Command{
		Use:     "feed [FILE|-]",
		Short:   "What a feed says: RSS, Atom or JSON Feed in, JSON out; no database, no network",
		Example: `  driftwatch feed feed.xml`,
		Long: `Prints what is read from a feed, a file or what comes in:
{"format","title","link","description","language","items":[{"id","link","title",
"summary","content","published","updated","authors":[]}]}. What is unknown is left
out. Exit code 1 where the file is no feed, with what it is instead.`,
		Args: cobra.MaximumNArgs(1),
		RunE: does(func(_ *cobra.Command, args []string) error {
			data, err := a.readAll(args)
			if err != nil {
				return err
			}
			f, err := feed.Parse(data, "", url)
			if err != nil {
				return err
			}
			return printJSON(a.stdout, f)
		}),
	}
	c.Flags().StringVar(&url, "url", "", "the address that the feed was fetched from; relative links are resolved against it")
	return c
}
