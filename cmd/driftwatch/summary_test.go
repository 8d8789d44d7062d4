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

// What couldn't be read is told from what was, though something is to be known of it.
func TestChecksTellWhatIsReadAllTheSame(t *testing.T) {
	var out bytes.Buffer
	(&app{stdout: &out, location: time.UTC}).printChecks([]watch.Checked{
		{Source: "moved", Status: watch.StatusOK, Problem: "it has moved", Advice: "write the new address"},
		{Source: "shut", Status: "blocked", Problem: "status 403", Advice: "ask it"},
	})
	if got := out.String(); !strings.Contains(got, "\n! moved: it has moved\n") || !strings.Contains(got, "\n✗ shut: status 403\n") || !strings.Contains(got, "\n1 of 2 could be read.\n") {
		t.Error(got)
	}
}
