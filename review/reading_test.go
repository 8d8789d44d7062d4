package review_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"driftwatch/review"
)

// TestStillReading: while the stories are being read after a start, the pages that count
// them say how far that is and ask again by themselves; the others are there.
func TestStillReading(t *testing.T) {
	var all atomic.Bool
	part := func(context.Context) float64 {
		if all.Load() {
			return 1
		}
		return .4
	}
	r := open(t, func(o *review.Options) { o.InboxRead, o.DriftRead = part, part })
	a := r.as("analyst")
	for _, path := range []string{"/inbox", "/inbox?state=all&country=KZ", "/drift"} {
		status, body, header := a.get(path)
		if status != http.StatusOK || header.Get("Refresh") == "" || !strings.Contains(body, "The stories are being read") || !strings.Contains(body, "40 %") || !strings.Contains(body, `<progress max="100" value="40"`) {
			t.Errorf("%s while the stories are read: %d, Refresh %q: %s", path, status, header.Get("Refresh"), body)
		}
	}
	if status, body, header := a.get("/search"); status != http.StatusOK || header.Get("Refresh") != "" || strings.Contains(body, "stories are being read") {
		t.Errorf("the search waits, too: %d, Refresh %q", status, header.Get("Refresh"))
	}
	all.Store(true)
	for _, path := range []string{"/inbox", "/drift"} {
		if status, body, header := a.get(path); status != http.StatusOK || header.Get("Refresh") != "" || strings.Contains(body, "stories are being read") {
			t.Errorf("%s once they are read: %d, Refresh %q", path, status, header.Get("Refresh"))
		}
	}
}
