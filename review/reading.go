package review

import (
	"context"
	"net/http"
	"time"
)

// readingPatience is how long a page waits for what is read after a start before it says
// how far that is.
const readingPatience = time.Second

// readingView is what a page shows while it can't be counted yet.
type readingView struct {
	Page    string // "inbox" or "drift"
	Percent int    // of the stories that were read
}

// partRead is which part of what a page counts has been read; it waits a while for all.
func (v *visit) partRead(read func(context.Context) float64) float64 {
	if read == nil {
		return 1
	}
	ctx, cancel := context.WithTimeout(v.r.Context(), readingPatience)
	defer cancel()
	return read(ctx)
}

// stillReading reports whether what a page counts is still being read. Then it has
// answered how far that is, with a page that asks again by itself.
func (v *visit) stillReading(read func(context.Context) float64, page string) (bool, error) {
	part := v.partRead(read)
	if part >= 1 {
		return false, nil
	}
	v.w.Header().Set("Refresh", "2")
	return true, v.render(http.StatusOK, "reading", readingView{page, int(100 * part)})
}
