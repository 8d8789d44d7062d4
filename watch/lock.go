package watch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// ErrLocked says that another cycle holds the lock.
var ErrLocked = errors.New("another cycle is running")

// Lock takes the cycle's lock: flock(2) on a file beside the database, which
// the kernel frees when its holder ends in whatever way. It doesn't wait:
// ErrLocked when another process holds it. Links to a database lead to its one
// lock.
func Lock(database string) (release func(), err error) {
	if real, err := filepath.EvalSymlinks(database); err == nil {
		database = real // else it isn't there yet
	}
	file := database + ".lock"
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fmt.Errorf("lock the cycle: %w", err)
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the cycle: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrLocked
		}
		return nil, fmt.Errorf("lock %s: %w", file, err)
	}
	return func() { f.Close() }, nil
}
