package watch

import (
	"fmt"
	"runtime/debug"
)

// FaultError is that something which an outlet sent made the program itself fail.
type FaultError struct {
	URL  string
	What string // how it failed
}

// Error is a sentence.
func (e *FaultError) Error() string {
	return fmt.Sprintf("%s can't be read: Driftwatch itself fails at it (%s); the log says where", e.URL, e.What)
}

// sound runs what reads something that an outlet sent. Where that panics, nothing
// that it holds is shared: it becomes an error, so that the rest goes on.
func (p *poll) sound(url string, read func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &FaultError{URL: url, What: fmt.Sprint(r)}
			p.w.Log.Error("a fault of the program: something can't be read", "source", p.source.ID,
				"url", p.w.hide(url), "problem", fmt.Sprint(r), "stack", string(debug.Stack()))
		}
	}()
	return read()
}
