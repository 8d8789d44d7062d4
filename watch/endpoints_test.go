package watch_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/newsroom"
	"driftwatch/watch"
)

// TestWordPress: the posts of an outlet of the newsroom are found from its
// front page and read whole, without a page being asked for.
func TestWordPress(t *testing.T) {
	f := open(t)
	var home string
	for _, s := range f.room.Sources() {
		if s.ID == "saimaluu" {
			home = s.Homepage
		}
	}
	found, err := f.watch.Discover(t.Context(), home, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(found, func(d watch.Discovered) bool { return d.Kind == news.KindJSON })
	if i < 0 || found[i].Problem != "" || found[0].Kind != news.KindFeed {
		t.Fatalf("found %+v", found)
	}
	want := slices.DeleteFunc(f.room.Articles(), func(a newsroom.Article) bool { return a.Source != "saimaluu" })
	if found[i].Items != len(want) || len(want) < 3 {
		t.Errorf("%d posts, want %d", found[i].Items, len(want))
	}
	f.watch.Sources = []news.Source{{ID: "posts", Name: "Posts", Country: "KG", Languages: []string{"en"}, Kind: news.KindJSON, URL: found[i].URL, Enabled: true, Fulltext: news.FulltextNever}}
	if s := f.cycle(watch.Order{}); s.Sources.Polled != 1 || s.Articles.New != len(want) {
		t.Fatalf("%+v", s)
	}
	read := map[string]news.Article{}
	if err := f.watch.Store.EachArticle(t.Context(), time.Time{}, func(a news.Article) error {
		read[a.Title] = a
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, w := range want {
		got := read[w.Title]
		if got.Link != w.URL || got.Text != w.Text || !slices.Equal(got.Authors, w.Authors) || !got.Published.Equal(w.Published.Truncate(time.Second)) {
			t.Errorf("read %+v\nwant %+v", got, w)
		}
	}
}

// TestEndpointStates: what an endpoint answers instead of its JSON is told.
func TestEndpointStates(t *testing.T) {
	f := open(t)
	answers := map[string]struct{ body, state, problem string }{
		"good":  {`{"items":[{"t":"Water in the valley","u":"/1"}]}`, "reading", ""},
		"html":  {`<html><head><title>The Valley</title></head><body><p>News</p></body></html>`, "no json", "it served HTML where JSON was expected: an HTML page titled “The Valley”"},
		"other": {`{"list":[]}`, "no json", "its JSON has no list of items at items (it has list)"},
		"wall":  {`<html><head><title>Just a moment...</title></head><body></body></html>`, "challenge", "it served HTML where JSON was expected"},
		"cut":   {`{"items":[{"t":"Wa`, "cut off", "this is a feed that is cut off"},
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, answers[strings.Trim(r.URL.Path, "/")].body)
	}))
	t.Cleanup(s.Close)
	f.watch.Sources = nil
	for id := range answers {
		f.watch.Sources = append(f.watch.Sources, news.Source{ID: id, Name: id, Country: "KG", Languages: []string{"en"}, Kind: news.KindJSON, URL: fmt.Sprintf("%s/%s", s.URL, id),
			Enabled: true, Fulltext: news.FulltextNever, JSON: news.JSONPaths{Items: "items", Title: "t", URL: "u"}})
	}
	f.cycle(watch.Order{})
	states, err := f.watch.Store.SourceStates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, src := range f.watch.Sources {
		st, want := states[src.ID], answers[src.ID]
		if got := watch.StateOf(src, st); got != want.state || !strings.Contains(st.Problem, want.problem) {
			t.Errorf("%s: %s: %s", src.ID, got, st.Problem)
		}
	}
}
