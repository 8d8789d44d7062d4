package watch_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/watch"
)

// visitor is somebody at the desk of a watch.
type visitor struct {
	t      *testing.T
	server *httptest.Server
	client *http.Client
}

// visit opens the desk of a watch and signs a new admin in.
func visit(t *testing.T, w *watch.Watch) *visitor {
	t.Helper()
	pages, err := w.OpenPages(configs.Desk{}, "127.0.0.1:0", watch.Settings{Version: "test", Now: w.Now, Location: time.UTC, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pages.Close() })
	if _, err := w.Store.AddUser(t.Context(), news.User{Name: "dana", Role: news.RoleAdmin, Created: w.Now()}, true); err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t, httptest.NewServer(pages.Desk), &http.Client{Jar: jar, Timeout: time.Minute}}
	t.Cleanup(v.server.Close)
	v.post(pages.Desk.Link("dana"))
	return v
}

func (v *visitor) read(res *http.Response, err error) (int, string) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func (v *visitor) get(path string) (int, string) {
	v.t.Helper()
	return v.read(v.client.Get(v.server.URL + path))
}

func (v *visitor) post(path string, pairs ...string) (int, string) {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return v.read(v.client.PostForm(v.server.URL+path, form))
}

// The page of a flagged article is there as it was received, as text, whatever has
// become of it.
func TestDeskShowsTheArchivedCopy(t *testing.T) {
	r := openOutlet(t, &paper{})
	r.after(time.Minute)
	r.change(func(o *paper) { o.status = http.StatusGone })
	r.after(25 * time.Hour)
	v := visit(t, r.watch)
	if _, body := v.get("/stories/1"); !strings.Contains(body, `href="/stories/1/articles/1"`) {
		t.Error("the story leads to no article")
	}
	status, body := v.get("/stories/1/articles/1?copy=1")
	for _, want := range []string{story[0], "&lt;meta property=", "sha256:", "taken down"} {
		if !strings.Contains(body, want) {
			t.Errorf("%d: nothing of %q", status, want)
		}
	}
	res, err := v.client.Get(v.server.URL + "/stories/1/articles/1/copies/1")
	if err != nil {
		t.Fatal(err)
	}
	kind, saved := res.Header.Get("Content-Type"), res.Header.Get("Content-Disposition")
	if _, body := v.read(res, nil); !strings.HasPrefix(body, "<html") || kind != "text/plain; charset=utf-8" || !strings.HasPrefix(saved, "attachment") {
		t.Errorf("the file: %q %q %.80s", kind, saved, body)
	}
	for _, path := range []string{"/stories/1/articles/2", "/stories/1/articles/1/copies/0", "/stories/1/articles/1/copies/9", "/stories/1/articles/x/copies/1"} {
		if status, _ := v.get(path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}
