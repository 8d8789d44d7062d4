package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/configs"
	"driftwatch/rules"
	"driftwatch/store"
	"driftwatch/watch"
)

// withStore opens the configured database for a command that asks it something
// or writes a little; it needs no lock. A database that isn't there is a fault:
// only cycles and `db migrate` make one.
func (a *app) withStore(cmd *cobra.Command, f func(store.Store) error) error {
	return a.withStoreIn(cmd, existingDatabase, func(_ string, st store.Store) error { return f(st) })
}

// withNewStore is withStore for a command that may be the first to need the
// database, and makes it where it isn't there; f is told its file.
func (a *app) withNewStore(cmd *cobra.Command, f func(file string, st store.Store) error) error {
	return a.withStoreIn(cmd, func(c *configs.Config) (string, error) { return watch.DatabaseFile(c, os.LookupEnv) }, f)
}

func (a *app) withStoreIn(cmd *cobra.Command, find func(*configs.Config) (string, error), f func(file string, st store.Store) error) error {
	c, err := a.load()
	if err != nil {
		return err
	}
	file, err := find(c)
	if err != nil {
		return err
	}
	st, err := watch.OpenStore(cmd.Context(), file)
	if err != nil {
		return err
	}
	defer st.Close()
	return f(file, st)
}

// existingDatabase is where the configured database is; a fault where it isn't
// there.
func existingDatabase(c *configs.Config) (string, error) {
	file, err := watch.DatabaseFile(c, os.LookupEnv)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("there is no database at %s yet; run: driftwatch run", file)
	}
	return file, nil
}

// lock takes the cycle's lock for a command that must not run beside a cycle.
func lock(file string) (release func(), err error) {
	release, err = watch.Lock(file)
	if errors.Is(err, watch.ErrLocked) {
		return nil, &exitError{exitLocked, fmt.Errorf("%w; this one doesn't start", err)}
	}
	return release, err
}

// loadEngine compiles the packs; faults in them are faults of configuration.
func loadEngine(c *configs.Config) (*rules.Engine, error) {
	engine, err := watch.LoadRules(c)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	return engine, nil
}

// parseSpan reads a length of time, days and weeks included.
func parseSpan(s string) (time.Duration, error) {
	if weeks, isWeeks := strings.CutSuffix(s, "w"); isWeeks {
		n, err := strconv.ParseUint(weeks, 10, 12)
		return time.Duration(n) * 7 * 24 * time.Hour, err
	}
	return configs.ParseDuration(s)
}
