package feed_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"driftwatch/crawler/feed"
	"driftwatch/crawler/wall"
	"driftwatch/news"
)

func ExampleParseJSON() {
	body := `{"data": {"list": [{"head": "Bridge put off", "slug": "bridge-42", "at": 1795511100, "body": "<p>Until spring.</p>"}]}}`
	f, err := feed.ParseJSON([]byte(body), feed.Options{Base: "https://almaly.example/api/news"},
		news.JSONPaths{Items: "data.list", Title: "head", URL: "/ru/{slug}", Date: "at", Text: "body"})
	if err != nil {
		fmt.Println(err)
		return
	}
	i := f.Items[0]
	fmt.Println(i.Title, i.Link, i.Published, i.Content)
	// Output:
	// Bridge put off https://almaly.example/ru/bridge-42 2026-11-24T09:05:00Z Until spring.
}

const post = `{"id":42,"date":"2026-11-24T14:05:00","date_gmt":"2026-11-24T09:05:00","modified_gmt":"2026-11-24T10:00:00",
	"guid":{"rendered":"https://almaly.example/?p=42"},"link":"https://almaly.example/42/",
	"title":{"rendered":"Bridge &#8212; put off"},"excerpt":{"rendered":"<p>Until spring</p>","protected":false},
	"content":{"rendered":"<p>The council put it off.</p><p>Until spring.</p>","protected":false},
	"_embedded":{"author":[{"name":"A. Reporter"},{"code":"rest_user_invalid_id"}]}}`

func TestWordPress(t *testing.T) {
	secret := strings.NewReplacer(`"protected":false`, `"protected":true`, "42", "43").Replace(post)
	dated := strings.NewReplacer(`"2026-11-24T09:05:00"`, "null", "42", "44").Replace(post)
	zone := time.FixedZone("", 5*3600)
	f, err := feed.ParseJSON([]byte("\xef\xbb\xbf["+post+","+secret+","+dated+`,{"title":{"rendered":""}},null]`), feed.Options{Base: "https://almaly.example/wp-json/wp/v2/posts", Zone: zone}, news.JSONPaths{})
	if err != nil {
		t.Fatal(err)
	}
	if f.Format != "wordpress" || len(f.Items) != 3 {
		t.Fatalf("%s with %d items", f.Format, len(f.Items))
	}
	i := f.Items[0]
	if i.ID != "https://almaly.example/?p=42" || i.Link != "https://almaly.example/42/" || i.Title != "Bridge — put off" || i.Summary != "Until spring" ||
		i.Content != "The council put it off.\n\nUntil spring." || len(i.Authors) != 1 || i.Authors[0] != "A. Reporter" ||
		i.Published.String() != "2026-11-24T09:05:00Z" || i.Updated.String() != "2026-11-24T10:00:00Z" {
		t.Errorf("read %+v", i)
	}
	if i := f.Items[1]; i.Content != "" || i.Summary != "" {
		t.Errorf("a post behind a password: %+v", i)
	}
	if got := f.Items[2].Published; !got.UTC().Equal(i.Published.UTC()) {
		t.Errorf("a date in the outlet's own time is read as %s", got)
	}
}

// What breaks off gives the items that are whole.
func TestEndpointCutOff(t *testing.T) {
	whole := "[" + post + "," + strings.ReplaceAll(post, "42", "43") + "]"
	for _, n := range []int{len(post) + 1, len(post) + 20, len(whole) - 60, len(whole) - 1} {
		f, err := feed.ParseJSON([]byte(whole[:n]), feed.Options{}, news.JSONPaths{})
		if err != nil {
			t.Fatal(n, err)
		}
		if want := 1 + n/(len(whole)-1); !f.Cut || len(f.Items) != want {
			t.Errorf("%d bytes: cut off %v, %d items, want %d", n, f.Cut, len(f.Items), want)
		}
	}
	deep := `{"meta":{"n":1},"data":{"list":[{"t":"One","u":"/1","tags":[{"t":"x"}]},{"t":"Two","u":"/2","tags":[{"t":"y"},`
	f, err := feed.ParseJSON([]byte(deep), feed.Options{Base: "https://almaly.example/"}, news.JSONPaths{Items: "data.list", Title: "t", URL: "u"})
	if err != nil || !f.Cut || len(f.Items) != 1 || f.Items[0].Title != "One" {
		t.Errorf("got %+v, %v", f, err)
	}
	var cut *feed.CutOffError
	if _, err := feed.ParseJSON([]byte(whole[:len(post)/2]), feed.Options{}, news.JSONPaths{}); !errors.As(err, &cut) {
		t.Errorf("cut off before the first item: %v", err)
	}
}

func TestEndpointErrors(t *testing.T) {
	paths := news.JSONPaths{Items: "data.list", Title: "head", URL: "slug"}
	for _, c := range []struct {
		body  string
		paths news.JSONPaths
		want  string
	}{
		{`<!doctype html><html><head><title>Almaly</title></head><body><p>News</p></body></html>`, news.JSONPaths{}, "it served HTML where JSON was expected: an HTML page titled “Almaly”"},
		{``, news.JSONPaths{}, "this is no JSON but nothing: the body is empty"},
		{`<rss version="2.0"><channel><title>A</title></channel></rss>`, news.JSONPaths{}, "this is no JSON but an XML document whose root is <rss>"},
		{`{"code":"rest_no_route","message":"No route was found","data":{"status":404}}`, news.JSONPaths{}, "it answers with an error: No route was found (rest_no_route)"},
		{`{"data":{"list":[]},"total":0}`, news.JSONPaths{}, "its JSON is neither WordPress's posts nor a JSON Feed (it has data, total): say with json: where its items are"},
		{`[{"id":1,"name":"x"}]`, news.JSONPaths{}, "its JSON is an array, but not of WordPress's posts (it has id, name): say with json: what the items have where"},
		{`{"data":{"items":[]},"total":0}`, paths, "its JSON has no list of items at data.list (it has items)"},
		{`{"data":{"list":{"a":1}}}`, paths, "its JSON has no list of items at data.list"},
		{`{"data":{"list":[{"title":"x","url":"/x"}]}}`, paths, "none of its 1 items has both a title at head and an address at slug (it has title, url)"},
		{`{"data":{"list":[}]}}`, paths, "its JSON can't be read: invalid character '}'"},
	} {
		_, err := feed.ParseJSON([]byte(c.body), feed.Options{Base: "https://almaly.example/"}, c.paths)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%.40q:\ngot  %v\nwant %s", c.body, err, c.want)
		}
	}
	var not *feed.NotJSONError
	challenge := `<html><head><title>Just a moment...</title></head><body><script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script></body></html>`
	if _, err := feed.ParseJSON([]byte(challenge), feed.Options{}, news.JSONPaths{}); !errors.As(err, &not) || not.Wall.Kind != wall.Bot {
		t.Errorf("a challenge page: %v", err)
	}
}

// An empty list is a listing, and more items than are read are told.
func TestEndpointSizes(t *testing.T) {
	if f, err := feed.ParseJSON([]byte(`[]`), feed.Options{}, news.JSONPaths{}); err != nil || len(f.Items) != 0 {
		t.Errorf("an empty list: %+v, %v", f, err)
	}
	var b strings.Builder
	for i := range feed.MaxItems + 5 {
		fmt.Fprintf(&b, `,{"t":"Story %d","u":"/%d"}`, i, i)
	}
	f, err := feed.ParseJSON([]byte("["+b.String()[1:]+"]"), feed.Options{Base: "https://almaly.example/"}, news.JSONPaths{Title: "t", URL: "u"})
	if err != nil || len(f.Items) != feed.MaxItems || !f.More {
		t.Errorf("%d items, more: %v, %v", len(f.Items), f.More, err)
	}
	monster := `[{"t":"One","u":"/1","x":[` + strings.Repeat("0,", 1<<20) + `0]},{"t":"Two","u":"/2"}]`
	f, err = feed.ParseJSON([]byte(monster), feed.Options{Base: "https://almaly.example/"}, news.JSONPaths{Title: "t", URL: "u"})
	if err != nil || len(f.Items) != 1 || f.Items[0].Title != "Two" {
		t.Errorf("beside a monster: %+v, %v", f, err)
	}
}
