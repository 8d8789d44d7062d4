package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"driftwatch/store"
)

func (a *app) dbCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "db",
		Short: "The database: migrate, back up, check, prune",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.dbMigrateCommand(), a.dbBackupCommand(), a.dbCheckCommand(), a.dbPruneCommand())
	return c
}

func (a *app) dbMigrateCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database to this program's form, after a backup; make it where there is none",
		Long: `Every command that opens the database does this by itself; here it can be done
at a time of your choosing. A database that a newer program wrote is refused.

--json prints {"file","from","version","backup"}: the forms that it had (0: it was
made) and has, and the copy of what it was, left out where there is none.`,
		Example: `  driftwatch db migrate --json`,
		Args:    cobra.NoArgs,
		RunE: finishes(func(cmd *cobra.Command, _ []string) error {
			return a.withNewStore(cmd, func(file string, st store.Store) error {
				s, err := st.Schema(cmd.Context())
				if err != nil {
					return err
				}
				switch {
				case asJSON:
					return printJSON(a.stdout, migrationDoc{file, s.From, s.Version, s.Backup})
				case s.From == s.Version:
					fmt.Fprintf(a.stdout, "%s has form %d; nothing to do.\n", file, s.Version)
				case s.Backup != "":
					fmt.Fprintf(a.stdout, "%s was brought from form %d to %d; what it was is in %s.\n", file, s.From, s.Version, s.Backup)
				default:
					fmt.Fprintf(a.stdout, "%s was made, in form %d.\n", file, s.Version)
				}
				return nil
			})
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// migrationDoc is what `db migrate --json` prints.
type migrationDoc struct {
	File    string `json:"file"`
	From    int64  `json:"from"`
	Version int64  `json:"version"`
	Backup  string `json:"backup,omitempty"`
}

func (a *app) dbBackupCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "backup FILE",
		Short:   "Write a whole copy of the database to FILE, which must not exist; works during a cycle",
		Example: `  driftwatch db backup driftwatch-$(date +%F).db`,
		Long: `Writes a whole copy of the database, also while a cycle writes to it. A file that
is there already is left alone.

--json prints {"file","bytes"}.`,
		Args: cobra.ExactArgs(1),
		RunE: finishes(func(cmd *cobra.Command, args []string) error {
			return a.withStore(cmd, func(st store.Store) error {
				if err := st.Backup(cmd.Context(), args[0]); err != nil {
					if errors.Is(err, store.ErrExists) {
						return fmt.Errorf("%s is there already; name a new file", args[0])
					}
					return err
				}
				info, err := os.Stat(args[0])
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(a.stdout, backupDoc{args[0], info.Size()})
				}
				fmt.Fprintf(a.stdout, "%s: %.1f MB\n", args[0], float64(info.Size())/1e6)
				return nil
			})
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// backupDoc is what `db backup --json` prints.
type backupDoc struct {
	File  string `json:"file"`
	Bytes int64  `json:"bytes"`
}

// soundDoc is what `db check --json` prints.
type soundDoc struct {
	Sound    bool     `json:"sound"`
	Faults   []string `json:"faults"`
	Articles int64    `json:"articles"`
	Stories  int64    `json:"stories"`
	Verdicts int64    `json:"verdicts"`
	Bytes    int64    `json:"bytes"`
}

func (a *app) dbCheckCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "check",
		Short: "Look for damage in the database; exit code 1 where there is any",
		Long: `Looks through the whole database for damage, and counts what is in it.

--json prints {"sound","faults":[],"articles","stories","verdicts","bytes"}; where
there are faults, nothing is counted.

Exit codes: 0 sound; 1 damaged, or not to be read; 2 bad usage or configuration.`,
		Example: `  driftwatch db check || echo "restore a backup"`,
		Args:    cobra.NoArgs,
		RunE: finishes(func(cmd *cobra.Command, _ []string) error {
			return a.withStore(cmd, func(st store.Store) error {
				faults, err := st.Check(cmd.Context())
				if err != nil {
					return err
				}
				if len(faults) > 0 {
					return a.tellFaults(faults, asJSON)
				}
				n, err := st.Counts(cmd.Context())
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(a.stdout, soundDoc{true, []string{}, n.Articles, n.Stories, n.Verdicts, n.Bytes})
				}
				fmt.Fprintf(a.stdout, "Sound: %d %s in %d %s, %d %s, %.1f MB.\n",
					n.Articles, plural(int(n.Articles), "article", "articles"), n.Stories, plural(int(n.Stories), "story", "stories"),
					n.Verdicts, plural(int(n.Verdicts), "verdict", "verdicts"), float64(n.Bytes)/1e6)
				return nil
			})
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// tellFaults prints what is damaged in the database; the error is exit code 1.
func (a *app) tellFaults(faults []string, asJSON bool) error {
	if asJSON {
		if err := printJSON(a.stdout, soundDoc{Faults: faults}); err != nil {
			return err
		}
	} else {
		for _, f := range faults {
			fmt.Fprintln(a.stdout, f)
		}
	}
	return fmt.Errorf("%d %s; restore a backup, or keep the file and write to the maintainers", len(faults), plural(len(faults), "fault", "faults"))
}
