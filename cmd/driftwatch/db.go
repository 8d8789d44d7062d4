package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"driftwatch/store"
	"driftwatch/watch"
)

func (a *app) dbCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "db",
		Short: "The database: migrate, back up, check",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.dbMigrateCommand(), a.dbBackupCommand(), a.dbCheckCommand())
	return c
}

func (a *app) dbMigrateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database to this program's form, after a backup; make it where there is none",
		Long: `Every command that opens the database does this by itself; here it can be done
at a time of your choosing. A database that a newer program wrote is refused.`,
		Args: cobra.NoArgs,
		RunE: finishes(func(cmd *cobra.Command, _ []string) error {
			c, err := a.load()
			if err != nil {
				return err
			}
			file, err := watch.DatabaseFile(c, os.LookupEnv)
			if err != nil {
				return err
			}
			st, err := watch.OpenStore(cmd.Context(), file)
			if err != nil {
				return err
			}
			defer st.Close()
			s, err := st.Schema(cmd.Context())
			if err != nil {
				return err
			}
			switch {
			case s.From == s.Version:
				fmt.Fprintf(a.stdout, "%s has form %d; nothing to do.\n", file, s.Version)
			case s.Backup != "":
				fmt.Fprintf(a.stdout, "%s was brought from form %d to %d; what it was is in %s.\n", file, s.From, s.Version, s.Backup)
			default:
				fmt.Fprintf(a.stdout, "%s was made, in form %d.\n", file, s.Version)
			}
			return nil
		}),
	}
}

func (a *app) dbBackupCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "backup FILE",
		Short:   "Write a whole copy of the database to FILE, which must not exist; works during a cycle",
		Example: `  driftwatch db backup driftwatch-$(date +%F).db`,
		Args:    cobra.ExactArgs(1),
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
				fmt.Fprintf(a.stdout, "%s: %.1f MB\n", args[0], float64(info.Size())/1e6)
				return nil
			})
		}),
	}
}

func (a *app) dbCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Look for damage in the database; exit code 1 where there is any",
		Args:  cobra.NoArgs,
		RunE: finishes(func(cmd *cobra.Command, _ []string) error {
			return a.withStore(cmd, func(st store.Store) error {
				faults, err := st.Check(cmd.Context())
				if err != nil {
					return err
				}
				for _, f := range faults {
					fmt.Fprintln(a.stdout, f)
				}
				if len(faults) > 0 {
					return &exitError{exitFailed, fmt.Errorf("%d faults; restore a backup, or keep the file and write to the maintainers", len(faults))}
				}
				n, err := st.Counts(cmd.Context())
				if err != nil {
					return err
				}
				fmt.Fprintf(a.stdout, "Sound: %d articles in %d stories, %d verdicts, %.1f MB.\n", n.Articles, n.Stories, n.Verdicts, float64(n.Bytes)/1e6)
				return nil
			})
		}),
	}
}
