package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"driftwatch/store"
	"driftwatch/watch"
)

// prunedDoc is what `db prune --json` prints.
type prunedDoc struct {
	DryRun    bool  `json:"dry_run"`
	Articles  int64 `json:"articles"`
	Revisions int64 `json:"revisions"`
	Stories   int64 `json:"stories"`
	Cycles    int64 `json:"cycles"`
	Bytes     int64 `json:"bytes"`
	Files     int   `json:"files"`
	FileBytes int64 `json:"file_bytes"`
	Database  int64 `json:"database_bytes"`
}

func (a *app) dbPruneCommand() *cobra.Command {
	var dry, asJSON bool
	c := &cobra.Command{
		Use:   "prune",
		Short: "Remove what is older than store.keep says; flagged stories stay",
		Long: `Removes what is older than store.keep says: articles of stories in which nothing was
flagged, files of the archive that hold the pages of such articles alone, and the
summaries of cycles. What was flagged, or reported as missed, always stays, with the
other articles of its story and its pages. It works in small steps, also during a
cycle, and gives the space back to the disk.

--json prints {"dry_run","articles","revisions","stories","cycles","bytes","files",
"file_bytes","database_bytes"}: bytes is what the rows took, about; database_bytes by
how much the database has become smaller, 0 for a dry run.`,
		Example: `  driftwatch db prune --dry-run
  driftwatch db prune`,
		Args: cobra.NoArgs,
		RunE: finishes(func(cmd *cobra.Command, _ []string) error {
			c, err := a.load()
			if err != nil {
				return err
			}
			return a.withArchive(cmd, func(e watch.Evidence, st store.Store) error {
				p := a.progress("removing articles", dry || asJSON)
				f, err := watch.Prune(cmd.Context(), st, e, c.Store.Keep, a.now(), dry, p.count)
				p.end()
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(a.stdout, prunedDoc{dry, f.Articles, f.Revisions, f.Stories, f.Cycles, f.Bytes, len(f.Files), f.FileBytes, f.Database})
				}
				a.printFreed(f, dry)
				return nil
			})
		}),
	}
	c.Flags().BoolVar(&dry, "dry-run", false, "remove nothing; say what would be")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (a *app) printFreed(f watch.Freed, dry bool) {
	does, files := "Removed", "removed"
	if dry {
		does, files = "Would remove", "would be removed"
	}
	n := func(n int64, one, many string) string { return fmt.Sprintf("%d %s", n, plural(int(n), one, many)) }
	fmt.Fprintf(a.stdout, "%s %s (%s) of %s and %s: about %.1f MB.\n", does, n(f.Articles, "article", "articles"), n(f.Revisions, "text", "texts"),
		n(f.Stories, "story", "stories"), n(f.Cycles, "summary of a cycle", "summaries of cycles"), float64(f.Bytes)/1e6)
	fmt.Fprintf(a.stdout, "Of the archive %s %s: %.1f MB.\n", n(int64(len(f.Files)), "file", "files"), files, float64(f.FileBytes)/1e6)
	if !dry {
		fmt.Fprintf(a.stdout, "The database is %.1f MB smaller.\n", float64(f.Database)/1e6)
	}
}
