package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"driftwatch/store"
)

// pacesKept is for how long what a host has shown is kept when nobody sees it.
const pacesKept = 30 * 24 * time.Hour

// recallPaces gives the client what earlier runs learned of the hosts, and when they
// asked last.
func (w *Watch) recallPaces(ctx context.Context) error {
	if w.recalled {
		return nil
	}
	err := w.recallFrom(ctx, w.Store)
	w.recalled = err == nil
	return err
}

func (w *Watch) recallFrom(ctx context.Context, st store.Store) error {
	all, err := st.HostPaces(ctx)
	if err != nil {
		return err
	}
	value, err := st.Meta(ctx, lastAsked)
	if err != nil {
		return err
	}
	robots, err := st.RobotsFiles(ctx)
	if err != nil {
		return err
	}
	asked, _ := time.Parse(time.RFC3339Nano, value) // nothing, at first
	w.Fetch.Recall(all, asked)
	w.Fetch.RecallRobots(robots)
	return nil
}

// Heed gives the client what the runs that keep their work in a database learned of
// the hosts, for a Watch that has no store: who asked them for patience gets it from
// whatever command. What can't be read of it is no error: a check has to work without.
func (w *Watch) Heed(ctx context.Context, database string) {
	if _, err := os.Stat(database); err != nil || w.Store != nil {
		return
	}
	st, err := OpenStore(ctx, database)
	if err == nil {
		err = errors.Join(w.recallFrom(ctx, st), st.Close())
	}
	if err != nil {
		w.Log.Info("what hosts have shown isn't known", "problem", err)
	}
}

// lastAsked is the name under which the time of the latest request is kept, by the
// machine's clock, which paces go by.
const lastAsked = "fetch.asked"

// keepPaces keeps what the client has learned of the hosts for the next run,
// also where this one was told to stop.
func (w *Watch) keepPaces(ctx context.Context) error {
	if err := w.Store.Update(context.WithoutCancel(ctx), w.putPaces); err != nil {
		return fmt.Errorf("keep the paces of hosts: %w", err)
	}
	return nil
}

// putPaces keeps, with what else is written, what the client has learned of the
// hosts since this was done last.
func (w *Watch) putPaces(tx store.Tx) error {
	if asked := w.Fetch.Asked(); !asked.IsZero() {
		if err := tx.SetMeta(lastAsked, asked.UTC().Format(time.RFC3339Nano)); err != nil {
			return err
		}
	}
	if all := w.Fetch.Learned(); len(all) > 0 {
		if err := tx.PutHostPaces(all, w.Now().Add(-pacesKept)); err != nil {
			return err
		}
	}
	if files := w.Fetch.LearnedRobots(); len(files) > 0 {
		return tx.PutRobotsFiles(files, time.Now())
	}
	return nil
}
