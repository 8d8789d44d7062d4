package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"driftwatch/configs"
)

func (a *app) initCommand() *cobra.Command {
	var force bool
	c := &cobra.Command{
		Use:     "init [FOLDER]",
		Short:   "Write a commented driftwatch.yaml, and the sources, themes and lexicon to edit, beside it",
		Example: `  driftwatch init /etc/driftwatch`,
		Long: `Writes the embedded defaults as files: driftwatch.yaml with each key explained,
sources.yaml, and the folders themes and lexicon. Where one of these files is
there already nothing is written, and it is named; --force overwrites.`,
		Args: cobra.MaximumNArgs(1),
		RunE: does(func(_ *cobra.Command, args []string) error {
			dir := "."
			if len(args) == 1 {
				dir = args[0]
			}
			files, err := configs.Init(dir, force)
			if err != nil {
				return err
			}
			for _, f := range files {
				fmt.Fprintln(a.stdout, "wrote", f)
			}
			fmt.Fprintln(a.stdout, "\nNext: set network.contact and a channel in driftwatch.yaml, then: driftwatch config check")
			return nil
		}),
	}
	c.Flags().BoolVar(&force, "force", false, "overwrite files that are there")
	return c
}
