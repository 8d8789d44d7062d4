package main

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"driftwatch/configs"
	"driftwatch/guard"
	"driftwatch/rules"
	"driftwatch/rules/theme"
)

func (a *app) rulesShowCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "show [NAME...]",
		Short: "The signals and concepts that there are, and what each of them says",
		Long: `Shows signals (by id) and concepts (by name, with or without @) as they are with all
packs together, where they stand, and of a concept which signals ask for it. A theme
shows its signals. A signal says which of its languages are unverified: no test of its
in them is passed by verified terms alone. Without a name, all are listed, with how many terms a concept has
in each language.

Which concepts a word is in, "driftwatch explain" shows.

Exit codes: 0 done; 2 there is no such name, or the packs don't compile.`,
		Example: "  driftwatch rules show\n  driftwatch rules show csto\n  driftwatch rules show C8 @exercise",
		RunE: does(func(_ *cobra.Command, args []string) error {
			folders, err := a.packs()
			if err != nil {
				return err
			}
			packs, err := theme.Load(folders...)
			if err != nil {
				return &exitError{exitUsage, err}
			}
			all := packs.Entries()
			entries, err := named(all, packs, args)
			if err != nil {
				return usage("%v", err)
			}
			if len(args) > 0 {
				if entries, err = unverified(entries, folders); err != nil {
					return &exitError{exitUsage, err}
				}
			}
			if asJSON {
				return printJSON(a.stdout, ruleDocs(entries))
			}
			whole := len(args) > 0
			for i, e := range entries {
				a.printEntry(e, whole, i > 0)
			}
			return nil
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// named gives the entries that names mean, in the order of the names.
func named(all []theme.Entry, packs *theme.Packs, names []string) ([]theme.Entry, error) {
	if len(names) == 0 {
		return all, nil
	}
	var out []theme.Entry
	for _, name := range names {
		before := len(out)
		for _, e := range all {
			if e.Name == name || e.Name == "@"+name {
				out = append(out, e)
			}
		}
		for i, s := range packs.Signals { // the entries begin with these
			if string(s.Theme) == name {
				out = append(out, all[i])
			}
		}
		if len(out) == before {
			return nil, noSuchEntry(name, all, packs)
		}
	}
	return out, nil
}

// unverified adds to signals the languages that they claim and that their verified
// terms don't bear out.
func unverified(entries []theme.Entry, folders []fs.FS) ([]theme.Entry, error) {
	if !slices.ContainsFunc(entries, func(e theme.Entry) bool { return !strings.HasPrefix(e.Name, "@") }) {
		return entries, nil
	}
	langs, err := rules.UnverifiedLanguages(folders...)
	if err != nil {
		return nil, err
	}
	entries = slices.Clone(entries)
	for i, e := range entries {
		if of := langs[e.Name]; len(of) > 0 {
			entries[i].Lines = append(slices.Clone(e.Lines), "unverified: "+strings.Join(of, ", "))
		}
	}
	return entries, nil
}

func noSuchEntry(name string, all []theme.Entry, packs *theme.Packs) error {
	var known []string
	for _, e := range all {
		known = append(known, strings.TrimPrefix(e.Name, "@"))
	}
	for _, s := range packs.Signals {
		known = append(known, string(s.Theme))
	}
	hint := ""
	if near := configs.Nearest(strings.TrimPrefix(name, "@"), known); near != "" {
		hint = "; did you mean " + near + "?"
	}
	if slices.Contains(packs.Off(), name) {
		return fmt.Errorf("the signal %s is switched off", name)
	}
	return fmt.Errorf("there is no signal, concept or theme %s%s", name, hint)
}

// ruleDoc is a signal or a concept as scripts read it.
type ruleDoc struct {
	Name  string   `json:"name"` // a signal's id, or @ and a concept's
	File  string   `json:"file"`
	Line  int      `json:"line"`
	Lines []string `json:"lines"`
}

func ruleDocs(entries []theme.Entry) []ruleDoc {
	out := make([]ruleDoc, len(entries))
	for i, e := range entries {
		out[i] = ruleDoc{e.Name, e.Place.File, e.Place.Line, nonNil(e.Lines)}
	}
	return out
}

func (a *app) printEntry(e theme.Entry, whole, follows bool) {
	if !whole {
		fmt.Fprintf(a.stdout, "%s  %s\n", e.Name, guard.Line(e.Short))
		return
	}
	if follows {
		fmt.Fprintln(a.stdout)
	}
	fmt.Fprintf(a.stdout, "%s  %s:%d\n", e.Name, guard.Line(e.Place.File), e.Place.Line)
	for _, l := range e.Lines {
		fmt.Fprintf(a.stdout, "  %s\n", guard.Line(l))
	}
}
