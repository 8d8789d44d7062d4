package watch

import (
	"net/http"
	"runtime"
	"sync/atomic"
)

// giveWay lets a cycle's reading of articles, which takes all processors that it can
// have, wait for the desk's pages: while any is asked for, one processor is left to
// them, and where there is only one, articles are read one at a time. The zero value
// is ready.
type giveWay struct {
	asked atomic.Int64 // pages that are being made
	turns atomic.Pointer[chan struct{}]
}

// pages counts the requests that a handler answers. A stream of events is none: it
// waits.
func (g *giveWay) pages(next http.Handler, streams string) http.Handler {
	turns := make(chan struct{}, max(1, runtime.NumCPU()-1))
	g.turns.Store(&turns)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != streams {
			g.asked.Add(1)
			defer g.asked.Add(-1)
		}
		next.ServeHTTP(w, r)
	})
}

// reading waits until an article may be read; what it gives is called when it has
// been.
func (g *giveWay) reading() (done func()) {
	if g.asked.Load() == 0 {
		return func() {}
	}
	turns := *g.turns.Load()
	turns <- struct{}{}
	return func() { <-turns }
}
