package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"driftwatch/configs"
	"driftwatch/guard"
	"driftwatch/rules"
	"driftwatch/rules/theme"
)

func (a *app) rulesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "rules",
		Short: "The signals: check and change them, see what a change would do and how they do",
		Long:  "What a rule author needs; docs/rules.md shows how to write a signal.\n\nExit codes: 0 done; 1 something is wrong; 2 bad usage, or packs that don't compile.",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.rulesCheckCommand(), a.rulesFmtCommand(), a.rulesNewCommand(), a.rulesSchemaCommand(),
		a.rulesBacktestCommand(), a.rulesApplyCommand(), a.rulesStatsCommand(), a.rulesDiffCommand(), a.rulesLogCommand(),
		a.rulesTestCommand(), a.rulesTryCommand(), a.rulesShowCommand())
	return c
}

func (a *app) rulesCheckCommand() *cobra.Command {
	var asJSON, quiet, all bool
	var background string
	c := &cobra.Command{
		Use:   "check [FOLDER...]",
		Short: "Compile all packs, run the signals' own tests, and list what looks wrong",
		Long: `Compiles the embedded packs, those of the configuration and those in the given
folders, later ones over earlier ones, and runs the signals' own tests. Then it
lists

  failed-test    a signal's own test that doesn't pass
  untested       a language that a signal claims without a match and a near miss
  no-terms       a language that a signal claims and can't match in
  never-matches  a signal that can never match
  unverified     a claimed language in which no test is passed by verified terms alone
  near-theme     a theme that no earlier pack has, and that looks like a slip of one
  displaced      a signal of another theme had this id, and isn't asked any more
  breaks         a signal of an earlier pack that fails tests because of yours
  unused         a concept that nothing asks for
  covered        a term that another term makes needless, or hides
  stray-star     a * in a term where it stands for nothing
  everywhere     a term or signal that fires on everything

Errors are listed in full. What is only worth a look is listed by kind, the first
five of each; --all lists all of it.

Where folders are given, only what stands in them is listed. A third of the
tests, chosen by hash, is counted and never shown: what a signal does on them is
what it will do on new texts.

A term is verified where lexicon/verified of its pack has it; of a pack without that
folder, all are but those of the languages that a concept calls unverified.

--background is a file of JSON Lines {"title","text","lang"}, as "driftwatch flag"
reads them, of texts that are mostly about other things; 50 or more in a
language. Without it the tests of the signals that your packs build on stand in,
and only what is in a quarter of them is listed.

Exit codes: 0 nothing is wrong (what is only worth a look is no fault); 1 a test
fails, or a finding is an error; 2 the packs don't compile.`,
		Example: "  driftwatch rules check\n  driftwatch rules check themes --background news.jsonl",
		RunE: does(func(_ *cobra.Command, args []string) error {
			packs, err := a.packs()
			if err != nil {
				return err
			}
			packs, own, err := withFolders(packs, args)
			if err != nil {
				return usage("%v", err)
			}
			texts, closeTexts, err := backgroundTexts(background)
			if err != nil {
				return err
			}
			defer closeTexts()
			r, err := rules.Check(texts, own, packs...)
			if err != nil {
				return &exitError{exitUsage, err}
			}
			return a.tellReport(r, asJSON, listing{quiet, all})
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().BoolVar(&quiet, "quiet", false, "list errors only")
	c.Flags().BoolVar(&all, "all", false, "list all that is worth a look")
	c.Flags().StringVar(&background, "background", "", "`FILE` of texts that are mostly about other things")
	return c
}

// withFolders lays the packs of folders over others, and says which are theirs:
// all where no folder is named. A folder that the configuration names already
// stays where it is.
func withFolders(packs []fs.FS, dirs []string) ([]fs.FS, rules.Own, error) {
	if len(dirs) == 0 {
		return packs, rules.From(0), nil
	}
	own := map[int]bool{}
	for _, dir := range dirs {
		info, err := isFolder(dir)
		if err != nil {
			return nil, nil, err
		}
		if err := hasPack(dir); err != nil {
			return nil, nil, err
		}
		at := slices.IndexFunc(packs, func(p fs.FS) bool {
			f, ok := p.(theme.Folder)
			if !ok {
				return false
			}
			other, err := os.Stat(f.Dir)
			return err == nil && os.SameFile(info, other)
		})
		if at < 0 {
			at, packs = len(packs), append(packs, nil)
		}
		packs[at], own[at] = theme.Open(dir), true
	}
	return packs, func(pack int) bool { return own[pack] }, nil
}

// hasPack says what is wrong with a folder that holds no file of a pack.
func hasPack(dir string) error {
	names, err := theme.Files(theme.Open(dir))
	if other, _ := filepath.Glob(filepath.Join(dir, "*.yml")); err != nil || len(names)+len(other) > 0 {
		return err // rules.Check tells of the others
	}
	return fmt.Errorf("%s: there is no pack in this folder: its files end in .yaml, and are in it or in its themes and lexicon", dir)
}

// packs are the embedded packs and those of the configuration.
func (a *app) packs() ([]fs.FS, error) {
	packs := []fs.FS{configs.FS()}
	c, err := a.load()
	if err != nil {
		return nil, err
	}
	for _, dir := range c.Themes {
		packs = append(packs, theme.Open(dir))
	}
	return packs, nil
}

func isFolder(dir string) (fs.FileInfo, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, noSuch(dir, err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is a file; rules check takes folders", dir)
	}
	return info, nil
}

// noSuch says in words why what was named can't be read.
func noSuch(name string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: no such file or folder", name)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: may not be read by this user", name)
	}
	return err
}

// backgroundTexts reads a file of texts, one after another as they are asked
// for; nil for no file. A line that can't be read is passed over.
func backgroundTexts(name string) (texts func(func(rules.Text) bool), done func(), err error) {
	if name == "" {
		return nil, func() {}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	return func(yield func(rules.Text) bool) {
		lines := newLines(bufio.NewReader(f), maxLine)
		for {
			line, err := lines.Next()
			if err != nil && !errors.Is(err, errLongLine) { // io.EOF, or the file can't be read
				return
			}
			var doc textIn
			if err != nil || json.Unmarshal(line, &doc) != nil {
				continue
			}
			if !yield(rules.Text{Title: doc.Title, Body: doc.Text, Lang: doc.Lang}) {
				return
			}
		}
	}, func() { f.Close() }, nil
}

// tellReport prints a report. Its errors are exit code 1.
func (a *app) tellReport(r *rules.Report, asJSON bool, l listing) error {
	wrong, looks := 0, 0
	for _, f := range r.Findings {
		if f.Error {
			wrong++
		} else {
			looks++
		}
	}
	if asJSON {
		if err := printJSON(a.stdout, r); err != nil {
			return err
		}
	} else {
		a.printReport(r, wrong, looks, l)
	}
	if wrong > 0 {
		return &exitError{code: exitFailed}
	}
	return nil
}

// listing says which findings are listed: errors always, of others none, the first
// few of each kind, or all.
type listing struct{ quiet, all bool }

// fewOfAKind are listed of what is only worth a look.
const fewOfAKind = 5

// list prints findings: the errors, then what is worth a look, kind by kind, the
// rarest first.
func (a *app) list(findings []rules.Finding, l listing) {
	byKind := map[rules.FindingKind][]rules.Finding{}
	for _, f := range findings {
		if f.Error {
			a.printFinding(f, "error")
			continue
		}
		byKind[f.Kind] = append(byKind[f.Kind], f)
	}
	if l.quiet {
		return
	}
	for _, kind := range slices.SortedFunc(maps.Keys(byKind), func(a, b rules.FindingKind) int {
		return cmp.Or(len(byKind[a])-len(byKind[b]), cmp.Compare(a, b))
	}) {
		some := byKind[kind]
		if !l.all {
			some = some[:min(len(some), fewOfAKind)]
		}
		for _, f := range some {
			a.printFinding(f, "look")
		}
		if more := len(byKind[kind]) - len(some); more > 0 {
			fmt.Fprintf(a.stdout, "… and %d more (%s); --all lists them\n", more, kind)
		}
	}
}

func (a *app) printFinding(f rules.Finding, as string) {
	fmt.Fprintf(a.stdout, "%s:%d:%d: %s: %s: %s (%s)\n", f.File, f.Line, f.Column, as, f.Name, guard.Line(f.Message), f.Kind)
}

// claims says for how many of the signals that claim a language it is verified.
func claims(all []rules.Claim) string {
	out := make([]string, len(all))
	for i, c := range all {
		out[i] = fmt.Sprintf("%s %d of %d", c.Lang, c.Verified, c.Signals)
	}
	return strings.Join(out, ", ")
}

func (a *app) printReport(r *rules.Report, wrong, looks int, l listing) {
	a.list(r.Findings, l)
	fmt.Fprintf(a.stdout, "%d %s, %d %s, %d %s\n", r.Signals, plural(r.Signals, "signal", "signals"),
		r.Concepts, plural(r.Concepts, "concept", "concepts"), r.Terms, plural(r.Terms, "term", "terms"))
	if len(r.Untried) > 0 {
		fmt.Fprintf(a.stdout, "without a test: %s\n", strings.Join(r.Untried, ", "))
	}
	fmt.Fprintf(a.stdout, "tests: %d of %d pass; of the unseen third %d of %d\n", r.Seen.Passed, r.Seen.Tests, r.Unseen.Passed, r.Unseen.Tests)
	if len(r.Claims) > 0 {
		fmt.Fprintf(a.stdout, "languages verified: %s\n", claims(r.Claims))
	}
	if few := tooFew(r.Background); few != "" {
		fmt.Fprintf(a.stdout, "background: too few texts in %s; %d in a language say something of its terms\n", few, rules.Enough)
	}
	fmt.Fprintf(a.stdout, "findings: %s\n", strings.Join([]string{fmt.Sprintf("%d %s", wrong, plural(wrong, "error", "errors")), fmt.Sprintf("%d worth a look", looks)}, ", "))
}

// tooFew lists the languages of a background with too few texts to say anything.
func tooFew(background map[string]int) string {
	var few []string
	for _, lang := range slices.Sorted(maps.Keys(background)) {
		if n := background[lang]; n < rules.Enough {
			few = append(few, fmt.Sprintf("%s (%d)", lang, n))
		}
	}
	return strings.Join(few, ", ")
}
