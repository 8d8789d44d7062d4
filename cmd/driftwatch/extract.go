package main

import (
	"github.com/spf13/cobra"

	"driftwatch/crawler/extract"
)

func (a *app) extractCommand() *cobra.Command {
	var url, zone string
	c := &cobra.Command{
		Use:   "extract [FILE|-]",
		Short: "What a page's article is: HTML in, JSON out; no database, no network",
		Long: `Prints what is read from a page, a file or what comes in:
{"url","canonical","title","text","authors":[],"published","modified","language",
"section","site","from":{}}, paragraphs of the text separated by an empty line. What
is unknown is left out. Times keep the page's own offset; a bare day where only a day
is known. "from" says where each was found: the source's selectors first, then json-ld,
open graph, meta, microdata, the address, and what the page shows; of titles open graph
first, of texts the page.

A time that the page writes without a zone is the outlet's: --timezone says which, else the
catalogue does where --url is of a source's host, else it is taken for UTC.

Exit code 1 where the page holds no article.`,
		Example: `  driftwatch extract --url https://example.org/news/1 page.html
  driftwatch extract --timezone Asia/Dushanbe page.html`,
		Args: cobra.MaximumNArgs(1),
		RunE: does(func(_ *cobra.Command, args []string) error {
			if err := pageAddress(url); err != nil {
				return err
			}
			at, err := a.zoneOf(zone, url)
			if err != nil {
				return err
			}
			page, err := a.readAll(args)
			if err != nil {
				return err
			}
			article, err := extract.Page(page, extract.Options{URL: url, Fetched: a.now(), Zone: at})
			if err != nil {
				return err
			}
			return printJSON(a.stdout, article)
		}),
	}
	jsonAnyway(c)
	c.Flags().StringVar(&url, "url", "", "the address that the page was fetched from; relative links are resolved against it")
	zoneFlag(c, &zone)
	return c
}
