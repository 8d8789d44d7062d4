package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/configs"
	"driftwatch/guard"
	"driftwatch/watch"
)

type backfillFlags struct {
	source, since string
	pace          time.Duration
	dryRun, again bool
	json          bool
}

func (a *app) backfillCommand() *cobra.Command {
	var f backfillFlags
	c := &cobra.Command{
		Use:   "backfill --source ID --since DATE",
		Short: "Read a source's past: its archive, sitemaps or earlier posts; nobody is told",
		Long: `Reads what a source published since a day: through the further pages of its feed
(?paged=2, as WordPress has it) or of its list (links.pages), its archive day by day
(links.archive), the sitemaps that its robots.txt names, or the earlier posts of its
Telegram channel. What is found is
stored and flagged like any other article, and no alert is sent for it.

It asks a host less often than a cycle does (--pace), and pauses while a cycle runs,
so it may be left running beside cron. Stopped, the same command goes on where it
came to, and where an outlet couldn't be read for a while, from there. Pages that are
stored already aren't asked for.

Exit codes: 0 done; 1 nothing of the past could be read, or nothing could be stored;
2 bad usage or configuration.`,
		Example: `  driftwatch backfill --source kabar --since 2026-01-01 --dry-run
  driftwatch backfill --source kabar --since 2026-01-01 --pace 10s`,
		Args: cobra.NoArgs,
		RunE: finishes(func(cmd *cobra.Command, _ []string) error {
			since, err := time.ParseInLocation("2006-01-02", f.since, time.UTC)
			switch {
			case f.source == "" || f.since == "":
				return usage("backfill wants --source ID and --since DATE")
			case err != nil:
				return usage("--since %s is no day such as 2026-01-31", f.since)
			case since.After(a.now()):
				return usage("--since %s is yet to come", f.since)
			case f.pace < 0:
				return usage("--pace is negative")
			}
			c, err := a.load()
			if err != nil {
				return err
			}
			if err := watch.CheckSource(c, f.source); err != nil {
				return configFault(err)
			}
			c.Network.HostInterval = max(c.Network.HostInterval, f.pace)
			return a.backfill(cmd.Context(), c, f, since)
		}),
	}
	c.Flags().StringVar(&f.source, "source", "", "the source to read (`ID` of: driftwatch sources list)")
	c.Flags().StringVar(&f.since, "since", "", "the first day (`DATE`, UTC) that is wanted")
	c.Flags().DurationVar(&f.pace, "pace", 5*time.Second, "least time between two requests to one host; never less than network.host_interval")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "read the lists only, and say how much would be read; nothing is stored")
	c.Flags().BoolVar(&f.again, "again", false, "begin anew instead of where an earlier run came to")
	c.Flags().BoolVar(&f.json, "json", false, "print JSON")
	return c
}

func (a *app) backfill(ctx context.Context, c *configs.Config, f backfillFlags, since time.Time) error {
	spareMemory(cycleGrowth, cycleMemory)
	file, err := watch.DatabaseFile(c, os.LookupEnv)
	if err != nil {
		return err
	}
	w, err := watch.Open(ctx, c, a.settings(file))
	if err != nil {
		return configFault(err)
	}
	defer w.Close()
	p := a.progress("reading the past of "+f.source, f.json)
	b, err := w.Backfill(ctx, watch.BackfillOrder{
		Source: f.source, Since: since, DryRun: f.dryRun, Again: f.again,
		Step: func(b watch.Backfilled) { p.count(b.Listed) },
	})
	p.end()
	if ctx.Err() != nil { // how far it came is kept
		err = nil
	}
	if err != nil {
		return configFault(err)
	}
	if f.json {
		err = printJSON(a.stdout, b)
	} else {
		a.printBackfill(b, f, ctx.Err() != nil)
	}
	if err == nil && b.Lists == 0 && !b.Done && ctx.Err() == nil {
		return &exitError{code: exitFailed}
	}
	return err
}

func (a *app) printBackfill(b watch.Backfilled, f backfillFlags, stopped bool) {
	say := func(format string, args ...any) { a.fold(a.stdout, fmt.Sprintf(format, args...), "  ") }
	if b.Done && b.Lists == 0 {
		say("The past of %s since %s was read before. To read it again: --again", b.Source, f.since)
		return
	}
	if len(b.Ways) > 0 {
		say("By: %s.", guard.Line(strings.Join(b.Ways, "; ")))
	}
	say("%d %s read, %d %s on them since %s, %d known before.", b.Lists, plural(b.Lists, "list", "lists"), b.Listed, plural(b.Listed, "item", "items"), f.since, b.Known)
	if f.dryRun {
		say("%d would be read. Nothing was stored.", b.New)
	} else {
		say("%d new %s stored, %d %s flagged, nobody told.", b.New, plural(b.New, "article", "articles"), b.Hits, plural(b.Hits, "time", "times"))
	}
	if b.Oldest != nil {
		say("The oldest date that was met: %s.", a.moment(*b.Oldest))
	}
	for _, p := range b.Problems {
		say("✗ %s", guard.Line(p))
	}
	switch {
	case stopped:
		say("Stopped. The same command goes on from here.")
	case !b.Done && b.Lists > 0 && !f.dryRun:
		say("Not all could be had. The same command asks for the rest.")
	}
}
