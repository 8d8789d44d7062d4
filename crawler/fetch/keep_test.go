package fetch_test

import (
	"errors"
	"net/http"
	"testing"

	"driftwatch/crawler/fetch"
)

func TestKeepsWhatWasReceived(t *testing.T) {
	packed := gzipped("<p>Сообщение</p>")
	for _, c := range []struct {
		name, encoding, body, decoded string
	}{
		{"plain", "", "<p>Сообщение</p>", "<p>Сообщение</p>"},
		{"packed", "gzip", packed, "<p>Сообщение</p>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/old" {
					http.Redirect(w, r, "/new", http.StatusFound)
					return
				}
				w.Header().Set("X-Served-By", "one")
				if c.encoding != "" {
					w.Header().Set("Content-Encoding", c.encoding)
				}
				w.Write([]byte(c.body))
			})
			got := get(t, client(t, fetch.Config{}), fetch.Request{URL: url + "/old", Keep: true})
			k := got.Kept
			if k == nil {
				t.Fatal("nothing was kept")
			}
			if string(got.Body) != c.decoded || string(k.Body) != c.body {
				t.Errorf("decoded %q, kept %q", got.Body, k.Body)
			}
			if k.URL != url+"/new" || k.Status != 200 || k.Proto != "HTTP/1.1" || k.Remote != "127.0.0.1" || k.Fetched.IsZero() {
				t.Errorf("kept %+v", k)
			}
			if http.Header(k.Header).Get("X-Served-By") != "one" || http.Header(k.Asked).Get("User-Agent") == "" {
				t.Errorf("headers %v, asked with %v", k.Header, k.Asked)
			}
		})
	}
}

func TestKeepsOnlyWhenAsked(t *testing.T) {
	url := serve(t, say(http.StatusOK, "text"))
	if got := get(t, client(t, fetch.Config{}), fetch.Request{URL: url}); got.Kept != nil {
		t.Errorf("kept %+v", got.Kept)
	}
}

func TestKeepsARefusal(t *testing.T) {
	url := serve(t, say(http.StatusGone, "removed"))
	_, err := client(t, fetch.Config{}).Get(t.Context(), fetch.Request{URL: url, Keep: true})
	var e *fetch.Error
	if !errors.As(err, &e) || e.Kept == nil || e.Kept.Status != http.StatusGone || string(e.Kept.Body) != "removed" {
		t.Errorf("error %v keeps %+v", err, e.Kept)
	}
}
