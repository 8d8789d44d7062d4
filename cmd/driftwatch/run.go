package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"driftwatch/configs"
	"driftwatch/guard"
	"driftwatch/store/sqlite"
	"driftwatch/watch"
)

type runFlags struct {
	source   string
	dryRun   bool
	json     bool
	quiet    bool
	deadline time.Duration
}

func (a *app) runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run",
		Short: "Do one cycle and exit: poll, read, flag, keep, tell; made for cron",
		Long: `Polls the sources that are due, reads what is new, flags it, keeps it and sends
the alerts that are owed; then prints a summary.

With --quiet nothing is printed unless something needs a hand: a delivery given
up, nothing could be polled, a source gone. While all sources wait after failures
and none is asked, that is said, too: by the first cycle after each 24 hours in
which nothing was read. SIGTERM finishes what is in hand and exits within 10
seconds; what wasn't polled comes first next time.

Exit codes: 0 done (failures of single sources are in the summary); 1 the cycle
could not do its work: nothing could be polled, another day has passed without
anything read, or nothing could be stored; 2 bad usage or configuration; 75 another
cycle holds the lock.`,
		Example: `  driftwatch run --quiet --deadline 9m
  driftwatch run --source tengrinews --dry-run`,
		Args: cobra.NoArgs,
		RunE: finishes(func(cmd *cobra.Command, _ []string) error {
			if f.deadline < 0 {
				return usage("--deadline is negative")
			}
			spareMemory(cycleGrowth, cycleMemory)
			c, err := a.load()
			if err != nil {
				return err
			}
			if f.source != "" {
				if err := watch.CheckSource(c, f.source); err != nil {
					return configFault(err)
				}
			}
			return a.run(cmd.Context(), c, f)
		}),
	}
	c.Flags().StringVar(&f.source, "source", "", "poll this source alone, due or not (`ID` of: driftwatch sources list)")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "store nothing, send nothing; print what would be")
	c.Flags().BoolVar(&f.json, "json", false, "print the summary as JSON")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "print nothing unless something needs a hand")
	c.Flags().DurationVar(&f.deadline, "deadline", 0, "start no poll after this long, and leave deliveries that have to wait for next time; for example 9m")
	return c
}

func (a *app) run(ctx context.Context, c *configs.Config, f runFlags) error {
	file, err := watch.DatabaseFile(c, os.LookupEnv)
	if err != nil {
		return err
	}
	if f.dryRun {
		var remove func()
		if file, remove, err = scratchCopy(ctx, file); err != nil {
			return err
		}
		defer remove()
	}
	release, err := lock(file)
	if err != nil {
		return err
	}
	defer release()
	if !f.quiet {
		for _, w := range c.Warnings {
			fmt.Fprintf(a.stderr, "driftwatch: %s\n", w)
		}
	}
	set := a.settings(file)
	if f.json {
		set.Stdout = a.stderr // what channels print is no part of the document
	}
	w, err := watch.Open(ctx, c, set)
	if err != nil {
		return configFault(err)
	}
	defer w.Close()
	if len(c.Themes) > 0 { // the operator's may be broken; the built-in ones aren't, and are read with the first article
		if _, err := w.Rules.Engine(); err != nil {
			return configFault(err)
		}
	}
	if f.dryRun {
		w.Evidence = watch.Evidence{} // the archive may lie elsewhere than the copy
	}
	order := watch.Order{Only: f.source, Deadline: f.deadline, Keep: f.dryRun, NoAlerts: f.dryRun}
	progress := a.progress("polling", f.quiet || f.json)
	order.Progress = progress.step
	s, err := w.Cycle(ctx, order)
	progress.end()
	if f.dryRun {
		s.Database = ""
	}
	if printErr := a.printCycle(s, f); printErr != nil && err == nil {
		err = printErr
	}
	switch {
	case err != nil:
		return configFault(err)
	case s.NothingPolled() || s.ToRemind():
		return &exitError{code: exitFailed}
	}
	return nil
}

// settings is what a Watch needs of the command line.
func (a *app) settings(database string) watch.Settings {
	return watch.Settings{
		Version: version, Database: database, Now: a.now, Log: a.logger(),
		Location: a.location, Stdout: a.stdout,
	}
}

// configFault gives faults of configuration files, which some steps find late,
// and ids of no source or signal their exit code.
func configFault(err error) error {
	var faults configs.Errors
	var fault *configs.Error
	var unknown *watch.UnknownSourceError
	var signal *watch.UnknownSignalError
	if errors.As(err, &faults) || errors.As(err, &fault) || errors.As(err, &unknown) || errors.As(err, &signal) {
		return &exitError{exitUsage, err}
	}
	return err
}

// scratchCopy gives a throw-away copy of the database to try things on.
func scratchCopy(ctx context.Context, file string) (copied string, remove func(), err error) {
	dir, err := os.MkdirTemp("", "driftwatch-dry-run-")
	if err != nil {
		return "", nil, err
	}
	remove = func() { os.RemoveAll(dir) }
	copied = filepath.Join(dir, "driftwatch.db")
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return copied, remove, nil
	}
	if err := sqlite.Copy(ctx, file, copied); err != nil {
		remove()
		return "", nil, fmt.Errorf("copy the database to try on: %w", err)
	}
	return copied, remove, nil
}

func (a *app) printCycle(s watch.Summary, f runFlags) error {
	switch {
	case f.quiet:
		for _, line := range s.Hand() {
			fmt.Fprintf(a.stdout, "driftwatch: %s\n", guard.Line(line))
		}
		return nil
	case f.json:
		return printJSON(a.stdout, summaryJSON(s))
	}
	if f.dryRun {
		a.printFound(a.stdout, s.Found)
	}
	a.printSummary(a.stdout, s)
	return nil
}

// summaryDoc is the summary's JSON form with what was found.
type summaryDoc struct {
	watch.Summary
	Found []hitDoc `json:"found,omitempty"`
}

func summaryJSON(s watch.Summary) summaryDoc {
	doc := summaryDoc{Summary: s}
	for _, f := range s.Found {
		doc.Found = append(doc.Found, hitOf(f.Hit, f.Article, nil, 0))
	}
	return doc
}

// goneFirst puts those failures first that an operator is told of once.
func goneFirst(all []watch.Failure) []watch.Failure {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b watch.Failure) int {
		switch {
		case a.Gone == b.Gone:
			return 0
		case a.Gone:
			return -1
		}
		return 1
	})
	return all
}

// printSummary tells an operator what a cycle did.
func (a *app) printSummary(out io.Writer, s watch.Summary) {
	line := func(name, format string, args ...any) {
		a.fold(out, fmt.Sprintf("%-11s %s", name, guard.Line(fmt.Sprintf(format, args...))), strings.Repeat(" ", 12))
	}
	end := ""
	switch s.Stopped {
	case "signal":
		end = "; stopped by a signal"
	case "deadline":
		end = "; stopped at its deadline"
	}
	line("cycle", "%s, took %s%s", a.moment(s.Started), took(time.Duration(s.Seconds*float64(time.Second))), end)
	src := fmt.Sprintf("%d enabled, %d due, %d polled", s.Sources.Enabled, s.Sources.Due, s.Sources.Polled)
	if s.Sources.Unchanged > 0 {
		src += fmt.Sprintf(" (%d unchanged)", s.Sources.Unchanged)
	}
	src += fmt.Sprintf(", %d failed", s.Sources.Failed)
	if s.Sources.Left > 0 {
		src += fmt.Sprintf(", %d left for next time", s.Sources.Left)
	}
	line("sources", "%s", src)
	if s.Blind() {
		line("", "✗ %s", s.BlindWords(a.location))
	}
	const shown = 20
	for i, f := range goneFirst(s.Failures) {
		if i == shown {
			line("", "… and %d more; see: driftwatch sources list", len(s.Failures)-shown)
			break
		}
		text := f.Problem
		if f.Gone {
			text += "; it is polled no more: give it a new address or disable it"
		}
		line("", "✗ %s: %s", f.Source, text)
	}
	line("coverage", "%s", covers(s.Coverage.Countries))
	line("", "%s", covers(s.Coverage.Languages))
	articles := fmt.Sprintf("%d new, %d revised", s.Articles.New, s.Articles.Revised)
	if s.Articles.Failed > 0 {
		articles += fmt.Sprintf("; %d of %d pages could not be read (the listing's words were used)", s.Articles.Failed, s.Articles.Failed+s.Articles.Pages)
	}
	line("articles", "%s", articles)
	line("hits", "%s", counts(s.Hits, "none"))
	if len(s.Quiet) > 0 {
		line("", "of these kept without an alert: %s", counts(s.Quiet, ""))
	}
	line("deliveries", "%d queued, %d sent, %d to be retried, %d given up%s", s.Alerts.Queued, s.Alerts.Sent, s.Alerts.Retried, s.Alerts.Failed, asideWords(s.Alerts))
	for _, p := range s.Problems {
		line("", "✗ %s: %s", p.Channel, p.Problem)
	}
	if e := s.Evidence; e != (watch.EvidenceCount{}) {
		text := fmt.Sprintf("%d %s kept", e.Kept, plural(e.Kept, "page", "pages"))
		if e.Looked > 0 {
			text += fmt.Sprintf(", %d looked at again: %d %s, %d taken down", e.Looked, e.Changed-e.TakenDown, plural(e.Changed-e.TakenDown, "change", "changes"), e.TakenDown)
		}
		line("evidence", "%s", text)
		if e.Lost > 0 {
			line("", "✗ %d could not be kept: %s", e.Lost, e.Problem)
		}
	}
	if s.Latency.PublishedSeen.N > 0 {
		line("latency", "published → seen %s", spreadText(s.Latency.PublishedSeen))
	}
	if s.Latency.SeenAlerted.N > 0 {
		line("", "seen → alerted %s", spreadText(s.Latency.SeenAlerted))
	}
	if s.Database != "" {
		line("database", "%s", s.Database)
	} else {
		line("database", "untouched: this was a dry run")
	}
}

func spreadText(s watch.Spread) string {
	d := func(sec float64) string { return took(time.Duration(sec * float64(time.Second))) }
	return fmt.Sprintf("median %s, p95 %s (n=%d)", d(s.Median), d(s.P95), s.N)
}

func covers(list []watch.Cover) string {
	parts := make([]string, len(list))
	for i, c := range list {
		parts[i] = fmt.Sprintf("%s %d/%d", c.Key, c.Read, c.Total)
	}
	return strings.Join(parts, "  ")
}

// counts prints a map as "a 3, b 1", the most first.
func counts(m map[string]int, none string) string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		if m[keys[i]] != m[keys[j]] {
			return m[keys[i]] > m[keys[j]]
		}
		return keys[i] < keys[j]
	})
	for i, k := range keys {
		keys[i] = fmt.Sprintf("%s %d", k, m[k])
	}
	if len(keys) == 0 {
		return none
	}
	return strings.Join(keys, ", ")
}

// progress shows how far something is, on a terminal; elsewhere nothing.
type progress struct {
	doing string
	bar   *progressbar.ProgressBar
	out   io.Writer
}

func (a *app) progress(doing string, silent bool) *progress {
	if silent || !isTerminal(a.stderr) {
		return &progress{}
	}
	return &progress{doing: doing, out: a.stderr}
}

// count shows how much is done where nobody knows how much there is.
func (p *progress) count(done int) { p.step(done, -1) }

func (p *progress) step(done, total int) {
	if p.out == nil {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(p.out),
			progressbar.OptionSetDescription(p.doing), progressbar.OptionShowCount(),
			progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(80*time.Millisecond))
	}
	p.bar.Set(done)
}

func (p *progress) end() {
	if p.bar != nil {
		p.bar.Finish()
	}
}

// asideWords say what was set aside, where anything was.
func asideWords(c watch.DeliveryCount) string {
	var out string
	for _, one := range []struct {
		n    int
		what string
	}{{c.Waiting, "waiting for quiet hours to end"}, {c.Silenced, "silenced"}, {c.Folded, "to be named with others"}} {
		if one.n > 0 {
			out += fmt.Sprintf(", %d %s", one.n, one.what)
		}
	}
	return out
}
