package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"driftwatch/watch"
)

// A source that is polled no more is told of once: it stands first, however many failed.
func TestSummaryTellsOfSourcesThatAreGone(t *testing.T) {
	s := watch.Summary{Started: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)}
	for i := range 25 {
		s.Failures = append(s.Failures, watch.Failure{Source: fmt.Sprintf("outlet-%02d", i), Problem: "status 500"})
	}
	s.Failures = append(s.Failures, watch.Failure{Source: "zenith", Problem: "status 410", Gone: true})
	var out bytes.Buffer
	(&app{stdout: &out, location: time.UTC}).printSummary(&out, s)
	lines := strings.Split(out.String(), "\n")
	if want := "            ✗ zenith: status 410; it is polled no more: give it a new address or disable it"; lines[2] != want {
		t.Errorf("%q, want %q", lines[2], want)
	}
	if !strings.Contains(lines[3], "outlet-00") || !strings.Contains(out.String(), "… and 6 more") {
		t.Errorf("the others:\n%s", &out)
	}
}
