package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"driftwatch/news"
)

// What a silence keeps back has the name that the desk's API gives it, and the older
// one for scripts that read it.
func TestSilenceSaysWhatItKeepsBack(t *testing.T) {
	out, err := json.Marshal(silenceOf(news.Silence{ID: 1, Kept: 3}, time.Now()))
	if err != nil || !strings.Contains(string(out), `"kept_back":3,"kept":3`) {
		t.Errorf("%s %v", out, err)
	}
}
