package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"driftwatch/rules"
	"driftwatch/rules/theme"
)

func (a *app) rulesFmtCommand() *cobra.Command {
	var check, asJSON bool
	c := &cobra.Command{
		Use:   "fmt FILE|FOLDER...",
		Short: "Put packs in the one form that all of them have",
		Long: `Rewrites each file, or each .yaml file in a folder, and names those that changed:
queries are printed as the program understands them, on one line or, where that
is too long, with a line for each alternative; spaces at the end of lines and
needless empty lines go. Comments and all else stay as they are. A file with
faults is left alone.

--json prints {"changed":[],"faults":[]}: the files that changed, or with --check
would, and what is wrong with those that can't be read.

Exit codes: 0 done; 1 with --check, a file would change; 2 a file has faults.`,
		Example: "  driftwatch rules fmt themes\n  driftwatch rules fmt --check themes lexicon",
		Args:    cobra.MinimumNArgs(1),
		RunE: does(func(_ *cobra.Command, args []string) error {
			files, err := packFiles(args)
			if err != nil {
				return usage("%v", err)
			}
			return a.formatFiles(files, check, asJSON)
		}),
	}
	c.Flags().BoolVar(&check, "check", false, "change nothing; name what would change")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// packFiles lists the files that arguments name, folders' files with them.
func packFiles(args []string) ([]string, error) {
	var files []string
	for _, arg := range args {
		err := filepath.WalkDir(arg, func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && (name == arg || filepath.Ext(name) == ".yaml") {
				files = append(files, name)
			}
			return err
		})
		if err != nil {
			return nil, noSuch(arg, err)
		}
	}
	return files, nil
}

// formattedDoc is what `rules fmt --json` prints.
type formattedDoc struct {
	Changed []string `json:"changed"`
	Faults  []string `json:"faults"`
}

// formatFiles puts the files in form, or with check says which aren't.
func (a *app) formatFiles(files []string, check, asJSON bool) error {
	done := formattedDoc{[]string{}, []string{}}
	for _, name := range files {
		before, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		after, err := theme.Format(name, before)
		if err != nil {
			fmt.Fprintf(a.stderr, "%v\n", err)
			done.Faults = append(done.Faults, err.Error())
			continue
		}
		if bytes.Equal(before, after) {
			continue
		}
		done.Changed = append(done.Changed, name)
		if !asJSON {
			fmt.Fprintln(a.stdout, name)
		}
		if !check {
			if err := os.WriteFile(name, after, 0o644); err != nil {
				return err
			}
		}
	}
	if asJSON {
		if err := printJSON(a.stdout, done); err != nil {
			return err
		}
	}
	switch {
	case len(done.Faults) > 0:
		return &exitError{code: exitUsage}
	case check && len(done.Changed) > 0:
		return &exitError{code: exitFailed}
	}
	return nil
}

var signalID = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

func (a *app) rulesNewCommand() *cobra.Command {
	var themeID string
	c := &cobra.Command{
		Use:   "new ID --theme THEME",
		Short: "Print a new signal to fill in",
		Long: `Prints a pack with one signal to fill in, each key explained. It compiles as it
is; "driftwatch rules check" then says what is left to do. docs/rules.md shows
the way from there.

Exit codes: 0 done; 2 the id or the theme can't be one.`,
		Example: "  mkdir rules && driftwatch rules new X1 --theme sanctions > rules/x1.yaml\n  driftwatch rules check rules",
		Args:    cobra.ExactArgs(1),
		RunE: does(func(_ *cobra.Command, args []string) error {
			id := args[0]
			if !signalID.MatchString(id) {
				return usage("%q can't be a signal's id: it begins with a letter and has letters, digits, _ and -", id)
			}
			if themeID == "" {
				return usage("--theme is missing: sanctions, csto, decolonization, dual-use, or one of your own")
			}
			packs, err := a.packs()
			if err != nil {
				return err
			}
			engine, err := rules.Load(packs...)
			if err != nil {
				return &exitError{exitUsage, err}
			}
			for _, s := range engine.Signals() {
				if s.ID == id {
					return usage("there is a signal %s already: %s. A signal of that id in your pack would take its place", id, s.Title)
				}
			}
			_, err = strings.NewReplacer("ID", id, "THEME", themeID).WriteString(a.stdout, newSignal)
			return err
		}),
	}
	c.Flags().StringVar(&themeID, "theme", "", "the signal's `THEME`")
	return c
}

const newSignal = `# yaml-language-server: $schema=./schema.json
# For that line "driftwatch rules schema > schema.json", in this file's folder,
# writes the schema; your editor then completes keys and marks faults.
concepts:
  # The words of your act, in dictionary form; they are found in all their forms.
  # A word that ends in * stands for whatever begins with it.
  ID_act:
    terms:
      en: [inaugurate]
      ru: [открыть]
signals:
  - id: ID
    theme: THEME
    title: What has happened, in a few words for people
    why: Why an analyst wants to hear of it
    falsepositives: [what looks like it and isn't]
    level: 3             # 1 to 5, for an act that happened
    direction: closer    # apart, closer, contested for a denial that is itself the
                         # news, or none for what is no move of the country's
    # Asked of a sentence or two neighbours. The country and the tie to Russia are
    # looked for by the program; you write what the act is.
    when: "AFFIRMED(@ID_act) NEAR/8 \"space station\""
    languages: [en]      # those that the tests below are in
    tests:
      match:
        - {lang: en, text: "Kazakhstan inaugurated a space station with Russia.", countries: [KZ]}
      miss:
        - {lang: en, text: "Kazakhstan did not inaugurate a space station with Russia."}
`

func (a *app) rulesSchemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of packs, for editors",
		Long: `Prints the JSON Schema (2020-12) of a pack's file. An editor with the YAML
language server completes keys and marks faults once the file's first line is
  # yaml-language-server: $schema=./schema.json

Exit codes: 0 done.`,
		Example: "  driftwatch rules schema > schema.json",
		Args:    cobra.NoArgs,
		RunE: does(func(*cobra.Command, []string) error {
			_, err := a.stdout.Write(theme.Schema)
			return err
		}),
	}
}
