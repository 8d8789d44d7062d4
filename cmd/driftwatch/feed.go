package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"driftwatch/crawler/feed"
)

func (a *app) feedCommand() *cobra.Command {
	var url, zone string
	c := &cobra.Command{
		Use:     "feed [FILE|-]",
		Short:   "What a feed says: RSS, Atom or JSON Feed in, JSON out; no database, no network",
		Example: `  driftwatch feed feed.xml`,
		Long: `Prints what is read from a feed, a file or what comes in:
{"format","id","title","link","description","language","authors":[],"published",
"updated","items":[{"id","link","title","summary","content","published","updated",
"authors":[]}]}. What is unknown is left out. A feed that is cut off gives the items that are whole, and "cut_off":true; one
of more than 2,000 items gives the first 2,000, and "more":true; a line on stderr
says either.

A time that the feed writes without a zone is the outlet's: --timezone says which, else the
catalogue does where --url is of a source's host, else it is taken for UTC.

Exit codes: 0 done; 1 the file is no feed, with what it is instead, or is cut off
before its first item is whole; 2 bad usage.`,
		Args: cobra.MaximumNArgs(1),
		RunE: does(func(_ *cobra.Command, args []string) error {
			if err := pageAddress(url); err != nil {
				return err
			}
			at, err := a.zoneOf(zone, url)
			if err != nil {
				return err
			}
			data, err := a.readAll(args)
			if err != nil {
				return err
			}
			f, err := feed.Parse(data, feed.Options{Base: url, Zone: at})
			if err != nil {
				return err
			}
			if f.Cut {
				fmt.Fprintf(a.stderr, "driftwatch: the feed is cut off; what is given are the items before that are whole: %d\n", len(f.Items))
			}
			if f.More {
				fmt.Fprintf(a.stderr, "driftwatch: the feed has more than %d items; the first %d are given\n", feed.MaxItems, feed.MaxItems)
			}
			return printJSON(a.stdout, f)
		}),
	}
	jsonAnyway(c)
	c.Flags().StringVar(&url, "url", "", "the address that the feed was fetched from; relative links are resolved against it")
	zoneFlag(c, &zone)
	return c
}
