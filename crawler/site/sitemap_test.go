package site_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"driftwatch/crawler/site"
	"driftwatch/news"
)

const newsSitemap = `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>HOST/news/2</loc><news:news><news:publication><news:name>Алмалы</news:name><news:language>ru</news:language></news:publication>
<news:publication_date>2026-11-02T10:00:00+05:00</news:publication_date><news:title><![CDATA[Мост &amp; река]]></news:title></news:news>
<image:image><image:loc>HOST/i/2.jpg</image:loc><image:title>Мост</image:title></image:image></url>
<url><loc> HOST/news/3?utm_source=map </loc><lastmod>2026-11-03</lastmod></url>
<url><loc>/news/1</loc><lastmod>2026-11-01T08:00:00Z</lastmod></url>
<url><loc>HOST/tag/bridge</loc><lastmod>2026-11-03</lastmod></url>
<url><loc>javascript:alert(1)</loc></url>
</urlset>`

// listed is what a listing has, without the host.
func listed(l *site.Listing, host string) []string {
	var out []string
	for _, i := range l.Items {
		out = append(out, fmt.Sprintf("%s|%s|%s", strings.TrimPrefix(i.Link, host), i.Title, i.Published.Format(time.RFC3339)))
	}
	return out
}

func TestSitemap(t *testing.T) {
	plainly := func(s string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, strings.ReplaceAll(s, "HOST", "http://"+r.Host))
		}
	}
	packed := func(w http.ResponseWriter, r *http.Request) {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		io.WriteString(z, strings.ReplaceAll(newsSitemap, "HOST", "http://"+r.Host))
		z.Close()
		w.Write(b.Bytes())
	}
	want := []string{"/news/3?utm_source=map||0001-01-01T00:00:00Z", "/news/2|Мост & река|2026-11-02T05:00:00Z", "/news/1||0001-01-01T00:00:00Z"}
	for _, tt := range []struct {
		name  string
		serve http.HandlerFunc
		want  []string
	}{
		{"news entries", plainly(newsSitemap), want},
		{"packed", packed, want},
		{"cut off", plainly(newsSitemap[:strings.Index(newsSitemap, "<url><loc>/news/1")+20]), want[:2]},
		{"no namespace, no declaration", plainly(`<urlset><url><loc>HOST/news/7</loc></url></urlset>`), []string{"/news/7||0001-01-01T00:00:00Z"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			host := serve(t, tt.serve)
			s := news.Source{ID: "almaly", URL: host + "/sitemap.xml", Kind: news.KindSitemap, Links: news.LinkRules{Deny: []string{"/tag/"}}}
			l, err := site.Sitemap(t.Context(), client(t), s, news.SourceState{})
			if err != nil {
				t.Fatal(err)
			}
			if got := listed(l, host); !slices.Equal(got, tt.want) {
				t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// Of an index the latest sitemaps are read, whatever their order, and one that
// fails doesn't spoil the others.
func TestSitemapIndex(t *testing.T) {
	var asked []string
	host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		host := "http://" + r.Host
		switch r.URL.Path {
		case "/robots.txt":
			http.NotFound(w, r)
			return
		case "/sitemap.xml":
			fmt.Fprintf(w, `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
				<sitemap><loc>%[1]s/posts-9.xml</loc></sitemap><sitemap><loc>%[1]s/tags.xml</loc></sitemap>
				<sitemap><loc>%[1]s/posts-10.xml</loc></sitemap><sitemap><loc>%[1]s/posts-1.xml</loc></sitemap>
				<sitemap><loc>%[1]s/posts-8.xml</loc></sitemap><sitemap><loc>%[1]s/posts-7.xml</loc></sitemap>
				<sitemap><loc>%[1]s/news.xml</loc></sitemap></sitemapindex>`, host)
		case "/posts-9.xml":
			http.Error(w, "broken", http.StatusInternalServerError)
		default:
			fmt.Fprintf(w, `<urlset><url><loc>%s/at%s</loc></url></urlset>`, host, strings.TrimSuffix(r.URL.Path, ".xml"))
		}
		asked = append(asked, r.URL.Path)
	})
	l, err := site.Sitemap(t.Context(), client(t), news.Source{ID: "almaly", URL: host + "/sitemap.xml"}, news.SourceState{})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"/sitemap.xml", "/news.xml", "/posts-10.xml", "/posts-9.xml", "/posts-8.xml", "/posts-7.xml"}; !slices.Equal(asked, want) {
		t.Errorf("asked for %q, want %q", asked, want)
	}
	if len(l.Items) != 4 || l.ETag != "" {
		t.Errorf("%d items, validator %q; want 4 and none, as what the index leads to changes without it", len(l.Items), l.ETag)
	}
}

// A sitemap whose every lastmod is the time of its making says nothing of when
// pages were changed: an item's Updated would make all of them new each time.
func TestSitemapStamps(t *testing.T) {
	var b strings.Builder
	b.WriteString("<urlset>")
	for i := range 300 {
		fmt.Fprintf(&b, "<url><loc>/news/%d</loc><lastmod>2026-11-02T00:00:00+05:00</lastmod></url>", i)
	}
	b.WriteString("</urlset>")
	host := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, b.String()) })
	l, err := site.Sitemap(t.Context(), client(t), news.Source{ID: "almaly", URL: host + "/s.xml"}, news.SourceState{})
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Items) != site.MaxItems || !l.Items[0].Updated.IsZero() {
		t.Errorf("%d items, the first updated %v", len(l.Items), l.Items[0].Updated)
	}
	first, last := listed(l, host)[0], listed(l, host)[site.MaxItems-1]
	if !strings.HasPrefix(first, "/news/0|") || !strings.HasPrefix(last, "/news/299|") {
		t.Errorf("from %s to %s: both ends are to be there", first, last)
	}
}

func TestSitemapFaults(t *testing.T) {
	for body, want := range map[string]string{
		"<html><body>Not found</body></html>": "this is no sitemap: it begins with <html>",
		"":                                    "this is no sitemap: it is no XML",
		"User-agent: *":                       "this is no sitemap: it is no XML",
		"<urlset></urlset>":                   "lists nothing",
		"<urlset><url><loc>/tag/a</loc></url></urlset>":                     "has 1 addresses, none of which the source's links let through",
		"<sitemapindex><sitemap><loc>/s.xml</loc></sitemap></sitemapindex>": "indexes lead to indexes more than 3 deep",
	} {
		host := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				http.NotFound(w, r)
				return
			}
			io.WriteString(w, body)
		})
		_, err := site.Sitemap(t.Context(), client(t), news.Source{ID: "a", URL: host + "/s.xml", Links: news.LinkRules{Deny: []string{"/tag/"}}}, news.SourceState{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q in it", body, err, want)
		}
	}
	_, err := site.Sitemap(t.Context(), client(t), news.Source{ID: "a", URL: "http://127.0.0.1:1/", Links: news.LinkRules{Allow: []string{"("}}}, news.SourceState{})
	if err == nil || !strings.Contains(err.Error(), "links.allow") {
		t.Errorf("a rule that can't be compiled: %v", err)
	}
	var empty *site.EmptyError
	host := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<urlset/>") })
	if _, err := site.Sitemap(t.Context(), client(t), news.Source{ID: "a", URL: host}, news.SourceState{}); !errors.As(err, &empty) {
		t.Errorf("%v, want an EmptyError", err)
	}
}

func TestSitemapNotModified(t *testing.T) {
	host := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"1"`)
		io.WriteString(w, "<urlset><url><loc>/news/1</loc></url></urlset>")
	})
	s := news.Source{ID: "a", URL: host + "/s.xml"}
	l, err := site.Sitemap(t.Context(), client(t), s, news.SourceState{})
	if err != nil || l.ETag != `"1"` {
		t.Fatalf("%+v, %v", l, err)
	}
	l, err = site.Sitemap(t.Context(), client(t), s, news.SourceState{URL: s.URL, ETag: l.ETag})
	if err != nil || !l.NotModified {
		t.Errorf("%+v, %v: want not modified", l, err)
	}
}
