package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"driftwatch/alert"
	"driftwatch/configs"
	"driftwatch/guard"
	"driftwatch/rules"
	"driftwatch/watch"
)

func (a *app) configCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "The configuration: check it",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.configCheckCommand())
	return c
}

// configDoc is what `config check --json` prints.
type configDoc struct {
	File    string `json:"file"` // empty: the embedded defaults
	Sources int    `json:"sources"`
	Enabled int    `json:"enabled"`
	Signals int    `json:"signals"`
	Rules   string `json:"rules"` // digest of the packs

	// LikeBuiltin is set where the configuration's folders of packs change
	// nothing: they hold copies of the built-in ones.
	LikeBuiltin bool `json:"like_builtin,omitempty"`

	Channels int      `json:"channels"`
	Routes   int      `json:"routes"`
	Warnings []string `json:"warnings"`
}

func (a *app) configCheckCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "check",
		Short:   "Read the configuration, sources, packs and channels, and list every fault",
		Example: `  driftwatch config check --config /etc/driftwatch/driftwatch.yaml`,
		Long:    "Reads everything that a cycle would and lists every fault with file, line and column. Asks no network. Exit code 2 where there is a fault.",
		Args:    cobra.NoArgs,
		RunE: does(func(*cobra.Command, []string) error {
			doc, err := a.checkConfig()
			switch {
			case err != nil && asJSON:
				return errors.Join(err, printJSON(a.stdout, faultsOf(err)))
			case err != nil:
				return err
			case asJSON:
				return printJSON(a.stdout, doc)
			}
			a.printConfig(doc)
			return nil
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// checkConfig reads all that a cycle would.
func (a *app) checkConfig() (configDoc, error) {
	c, err := a.load()
	if err != nil {
		return configDoc{}, a.withPackFaults(err)
	}
	engine, err := loadEngine(c)
	if err != nil {
		return configDoc{}, err
	}
	if _, err := alert.OpenAll(c.Channels, a.settings("").Channels()); err != nil {
		return configDoc{}, &exitError{exitUsage, err}
	}
	faults, err := watch.CheckCertificate(c.Serve.Desk, a.now())
	if err != nil {
		return configDoc{}, &exitError{exitUsage, err}
	}
	doc := configDocOf(c, len(engine.Signals()), engine.Digest())
	doc.Warnings = append(doc.Warnings, faults...)
	if len(c.Themes) > 0 {
		builtin, err := rules.Load(configs.FS())
		if err != nil {
			return configDoc{}, err
		}
		doc.LikeBuiltin = len(rules.Diff(builtin, engine)) == 0
	}
	return doc, nil
}

// faultsDoc is what `config check --json` prints where there are faults.
type faultsDoc struct {
	Faults []faultDoc `json:"faults"`
}

type faultDoc struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`   // from 1; left out: the fault has no place
	Column  int    `json:"column,omitempty"` // from 1, in characters
	Message string `json:"message"`
	Nearest string `json:"nearest,omitempty"` // the name that was probably meant
}

func faultsOf(err error) faultsDoc {
	var all configs.Errors
	var one *configs.Error
	switch {
	case errors.As(err, &all):
	case errors.As(err, &one):
		all = configs.Errors{one}
	default:
		all = configs.Errors{{Msg: err.Error()}}
	}
	doc := faultsDoc{Faults: make([]faultDoc, len(all))}
	for i, e := range all {
		doc.Faults[i] = faultDoc{File: e.File, Line: e.Line, Column: e.Column, Message: e.Msg, Nearest: e.Hint}
	}
	return doc
}

// withPackFaults adds the faults of the packs to those of the configuration
// that names them, so that all come at once.
func (a *app) withPackFaults(err error) error {
	var all configs.Errors
	if !errors.As(err, &all) {
		return err
	}
	file, findErr := configs.Find(a.configFile, os.LookupEnv)
	if findErr != nil {
		return err
	}
	r := configs.Check(file, os.LookupEnv)
	_, packErr := watch.LoadRules(&configs.Config{Themes: r.Themes})
	var more configs.Errors
	if errors.As(packErr, &more) {
		all = append(all, more...)
	}
	return &exitError{exitUsage, all}
}

func configDocOf(c *configs.Config, signals int, digest string) configDoc {
	d := configDoc{
		File: c.File, Sources: len(c.Sources), Signals: signals, Rules: digest,
		Channels: len(c.Channels), Warnings: nonNil(c.Warnings),
	}
	configs.EachRoute(c.Routes, func(*configs.Route, int) { d.Routes++ })
	for _, s := range watch.Sources(c) {
		if s.Enabled {
			d.Enabled++
		}
	}
	for _, name := range c.WithoutDigest() {
		d.Warnings = append(d.Warnings, "channel "+name+": no digest goes to it, so what isn't worth a message is never told there; see `digests` (docs/alerts.md)")
	}
	return d
}

func (a *app) printConfig(d configDoc) {
	for _, w := range d.Warnings {
		fmt.Fprintf(a.stderr, "driftwatch: %s\n", guard.Line(w))
	}
	file := d.File
	if file == "" {
		file = "the embedded defaults (driftwatch init writes them as files to edit)"
	}
	like := ""
	if d.LikeBuiltin {
		like = ", which say what the built-in ones do"
	}
	fmt.Fprintf(a.stdout, "%s: no fault.\n%d %s, %d of them enabled; %d %s (rules %s%s); %d %s, %d %s.\n",
		file, d.Sources, plural(d.Sources, "source", "sources"), d.Enabled, d.Signals, plural(d.Signals, "signal", "signals"), d.Rules, like,
		d.Channels, plural(d.Channels, "channel", "channels"), d.Routes, plural(d.Routes, "route", "routes"))
}
