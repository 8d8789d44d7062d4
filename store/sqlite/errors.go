package sqlite

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/mattn/go-sqlite3"

	"driftwatch/store"
)

// explain gives an error of SQLite the name that callers know it by, and the
// sentence that helps its reader. Other errors pass unchanged.
func explain(err error) error {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return err
	}
	switch {
	case e.Code == sqlite3.ErrFull, e.SystemErrno == syscall.ENOSPC, e.SystemErrno == syscall.EDQUOT:
		return fmt.Errorf("%w: free some space and run again; nothing of this step was stored (%v)", store.ErrFull, e)
	case e.Code == sqlite3.ErrBusy, e.Code == sqlite3.ErrLocked:
		return fmt.Errorf("%w, and went on doing so: try again when it is done (%v)", store.ErrBusy, e)
	case e.Code == sqlite3.ErrReadonly, e.Code == sqlite3.ErrPerm, e.SystemErrno == syscall.EACCES, e.SystemErrno == syscall.EROFS:
		return fmt.Errorf("%w: give its owner the right to write the file and its folder (%v)", store.ErrReadOnly, e)
	case e.Code == sqlite3.ErrCorrupt, e.Code == sqlite3.ErrNotADB:
		return fmt.Errorf("%w: put it aside and copy a backup in its place (%v)", store.ErrCorrupt, e)
	}
	return err
}
