package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/configs"
	"driftwatch/guard"
	"driftwatch/rules"
	"driftwatch/store"
	"driftwatch/watch"
)

// The names that `rules diff` knows besides folders and digests.
const (
	packsBuiltin = "builtin"
	packsNow     = "now"
)

func (a *app) rulesDiffCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "diff A [B]",
		Short: "What one version of the rules changes over another, in an author's words",
		Long: `Tells what B (default: now) changes over A: signals and concepts that came, went or
changed, with each term. What is only arranged otherwise isn't told. A and B are each
one of:

  builtin      the packs that are built in
  now          the packs as configured
  DIR          the built-in packs with those of a folder over them
  DIGEST       a version that articles were read with (driftwatch rules log)

Exit codes: 0 done, whether there is a difference or not; 1 a version isn't known;
2 bad usage, or a fault in the packs.`,
		Example: `  driftwatch rules diff builtin
  driftwatch rules diff packs drafts`,
		Args: cobra.RangeArgs(1, 2),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				args = append(args, packsNow)
			}
			before, err := a.version(cmd, args[0])
			if err != nil {
				return err
			}
			after, err := a.version(cmd, args[1])
			if err != nil {
				return err
			}
			changes := rules.Diff(before, after)
			if asJSON {
				return printJSON(a.stdout, changeLinesOf(changes))
			}
			if len(changes) == 0 {
				fmt.Fprintln(a.stdout, "No difference.")
				return nil
			}
			fmt.Fprintln(a.stdout, guard.Text(watch.Lines(changes)))
			return nil
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// changeLines is a change of rules as scripts read it.
type changeLines struct {
	Name  string   `json:"name"` // a signal's id, or @ and a concept's
	What  string   `json:"what"` // added, removed or changed
	Lines []string `json:"lines"`
}

func changeLinesOf(changes []rules.Change) []changeLines {
	out := make([]changeLines, len(changes))
	for i, c := range changes {
		out[i] = changeLines{c.Name, c.What, nonNil(c.Lines)}
	}
	return out
}

// version reads the rules that a word of `rules diff` means.
func (a *app) version(cmd *cobra.Command, name string) (*rules.Engine, error) {
	switch info, err := os.Stat(name); {
	case name == packsBuiltin:
		return rules.Load(configs.FS())
	case name == packsNow:
		c, err := a.load()
		if err != nil {
			return nil, err
		}
		return loadEngine(c)
	case err == nil && info.IsDir():
		return loadEngine(&configs.Config{Themes: []string{name}})
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	return a.storedVersion(cmd, name)
}

// storedVersion reads rules that articles were read with.
func (a *app) storedVersion(cmd *cobra.Command, digest string) (engine *rules.Engine, err error) {
	err = a.withStore(cmd, func(st store.Store) error {
		p, err := st.Pack(cmd.Context(), digest)
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("%q is neither builtin, now, a folder, nor a version that articles were read with; see: driftwatch rules log", digest)
		}
		if err != nil {
			return err
		}
		engine, err = rules.Unpack(p.Files)
		return configFault(err)
	})
	return engine, err
}

func (a *app) rulesLogCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "log",
		Short:   "The versions of the rules that articles were read with, and what each changed",
		Example: "  driftwatch rules log --json",
		Args:    cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			return a.withStore(cmd, func(st store.Store) error {
				packs, err := st.Packs(cmd.Context())
				if err != nil {
					return err
				}
				now, err := a.digestNow()
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(a.stdout, packDocs(packs, now))
				}
				a.printPacks(packs, now)
				return nil
			})
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// packDoc is a version of the rules as scripts read it.
type packDoc struct {
	Digest  string    `json:"digest"`
	First   time.Time `json:"first"`
	Changes string    `json:"changes"` // over the version before it, a line each
	Now     bool      `json:"now"`     // it is the version in force
}

// digestNow names the rules as configured.
func (a *app) digestNow() (string, error) {
	c, err := a.load()
	if err != nil {
		return "", err
	}
	engine, err := loadEngine(c)
	if err != nil {
		return "", err
	}
	return engine.Digest(), nil
}

func packDocs(packs []store.Pack, now string) []packDoc {
	out := make([]packDoc, len(packs))
	for i, p := range packs {
		out[i] = packDoc{p.Digest, p.First.UTC(), p.Changes, p.Digest == now}
	}
	return out
}

func (a *app) printPacks(packs []store.Pack, now string) {
	if len(packs) == 0 {
		fmt.Fprintln(a.stdout, "No article has been read with rules yet; run: driftwatch run")
	}
	for i, p := range packs {
		if i > 0 {
			fmt.Fprintln(a.stdout)
		}
		force := ""
		if p.Digest == now {
			force = "  in force"
		}
		fmt.Fprintf(a.stdout, "%s  first used %s%s\n", p.Digest, a.moment(p.First), force)
		if p.Changes != "" {
			fmt.Fprintln(a.stdout, guard.Text(p.Changes))
		}
	}
	if len(packs) > 0 && !slices.ContainsFunc(packs, func(p store.Pack) bool { return p.Digest == now }) {
		fmt.Fprintf(a.stdout, "\n%s is in force; no article has been read with it yet.\n", now)
	}
}
