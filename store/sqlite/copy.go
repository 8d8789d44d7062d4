package sqlite

import (
	"context"
	"fmt"
)

// Copy writes a whole copy of the database in a file, which is neither brought
// up to date nor written to, to another file, which must not exist. Errors:
// store.ErrExists, store.ErrCorrupt, store.ErrBusy.
func Copy(ctx context.Context, from, to string) error {
	if err := copyTo(ctx, from, to); err != nil {
		return fmt.Errorf("copy database %s to %s: %w", from, to, explain(err))
	}
	return nil
}
