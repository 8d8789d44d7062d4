package watch

import (
	"context"
	"fmt"
	"time"

	"driftwatch/store"
)

// pacesKept is for how long what a host has shown is kept when nobody sees it.
const pacesKept = 30 * 24 * time.Hour

// recallPaces gives the client what earlier runs learned of the hosts.
func (w *Watch) recallPaces(ctx context.Context) error {
	if w.recalled {
		return nil
	}
	all, err := w.Store.HostPaces(ctx)
	if err != nil {
		return err
	}
	w.Fetch.Recall(all)
	w.recalled = true
	return nil
}

// keepPaces keeps what the client has learned of the hosts for the next run,
// also where this one was told to stop.
func (w *Watch) keepPaces(ctx context.Context) error {
	all := w.Fetch.Learned()
	if len(all) == 0 {
		return nil
	}
	err := w.Store.Update(context.WithoutCancel(ctx), func(tx store.Tx) error {
		return tx.PutHostPaces(all, w.Now().Add(-pacesKept))
	})
	if err != nil {
		return fmt.Errorf("keep the paces of hosts: %w", err)
	}
	return nil
}
