package watch

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// While a page is made, articles are read by one processor less, and all of them are
// read; a stream of events holds nobody up.
func TestGiveWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g giveWay
		g.reading()() // without a desk
		leave := make(chan struct{})
		handler := g.pages(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-leave }), "/inbox/events")
		ask := func(path string) {
			go handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
			synctest.Wait()
		}
		most := max(1, runtime.NumCPU()-1)
		read := func(n int) (at int64) {
			var reading, read atomic.Int64
			end := make(chan struct{})
			for range n {
				go func() {
					defer read.Add(1)
					defer g.reading()()
					reading.Add(1)
					<-end
				}()
			}
			synctest.Wait()
			at = reading.Load()
			close(end)
			synctest.Wait()
			if read.Load() != int64(n) {
				t.Errorf("%d of %d articles were read", read.Load(), n)
			}
			return at
		}
		if got := read(most + 5); got != int64(most+5) {
			t.Errorf("%d articles at once while nobody asks for a page", got)
		}
		ask("/inbox/events")
		if got := read(most + 5); got != int64(most+5) {
			t.Errorf("%d articles at once beside a stream", got)
		}
		ask("/inbox")
		if got := read(most + 5); got != int64(most) {
			t.Errorf("%d articles at once beside a page, want %d", got, most)
		}
		close(leave)
		synctest.Wait()
		if got := read(most + 5); got != int64(most+5) {
			t.Errorf("%d articles at once after the page", got)
		}
	})
}
