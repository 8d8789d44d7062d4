package fetch_test

import (
	"errors"
	"io"
	"net/http"
	"testing"

	"driftwatch/crawler/fetch"
)

func TestTransport(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			io.WriteString(w, "User-agent: *\nDisallow: /private")
		case "/old":
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
		case "/new":
			if r.Header.Get("If-None-Match") == `"1"` {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, gzipped("by "+r.UserAgent()))
		default:
			http.NotFound(w, r)
		}
	})
	library := &http.Client{Transport: client(t, fetch.Config{UserAgent: "Driftwatch/1"}).Transport(nil)}

	resp, err := library.Get(url + "/old")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if string(body) != "by Driftwatch/1" || err != nil || resp.StatusCode != 200 || !resp.Uncompressed ||
		resp.Header.Get("Content-Encoding") != "" || resp.ContentLength != int64(len(body)) || resp.Request.URL.String() != url+"/new" {
		t.Errorf("%q, %v at %s of %+v", body, err, resp.Request.URL, resp)
	}

	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/new", nil)
	req.Header.Set("If-None-Match", `"1"`)
	unchanged, err := library.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer unchanged.Body.Close()
	if unchanged.StatusCode != http.StatusNotModified {
		t.Errorf("status %d, want 304", unchanged.StatusCode)
	}

	for path, want := range map[string]fetch.Kind{"/private/a": fetch.KindRobots, "/missing": fetch.KindStatus} {
		var e *fetch.Error
		if _, err := library.Get(url + path); !errors.As(err, &e) || e.Kind != want {
			t.Errorf("%s: %v, want kind %s", path, err, want)
		}
	}
	if _, err := library.Post(url+"/new", "text/plain", http.NoBody); err == nil {
		t.Error("something was posted")
	}
}
