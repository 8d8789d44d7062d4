package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"driftwatch/watch"
)

func TestHealthTellsWhatTheDaemonSays(t *testing.T) {
	for _, tt := range []struct {
		health watch.Health
		code   int
		says   string // on stdout and stderr together
	}{
		{watch.Health{OK: true}, exitDone, "well\n"},
		{watch.Health{Problem: "nothing has ever been read"}, exitFailed, "driftwatch: not well: nothing has ever been read\n"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if !tt.health.OK {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
			json.NewEncoder(w).Encode(tt.health)
		}))
		t.Cleanup(server.Close)
		listen := strings.TrimPrefix(server.URL, "http://")
		var said, doc bytes.Buffer
		if code := Main([]string{"health", "--listen", listen}, nil, &said, &said); code != tt.code || said.String() != tt.says {
			t.Errorf("code %d: %s", code, said.String())
		}
		var got watch.Health
		code := Main([]string{"health", "--json", "--listen", listen}, nil, &doc, io.Discard)
		if err := json.Unmarshal(doc.Bytes(), &got); err != nil || code != tt.code || got != tt.health {
			t.Errorf("code %d, %v: %s", code, err, doc.String())
		}
	}
}
