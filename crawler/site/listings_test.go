package site_test

import (
	"fmt"
	"slices"
	"testing"

	"driftwatch/crawler/site"
	"driftwatch/news"
)

func ExampleListings() {
	page := []byte(`<html><head><link rel="alternate" type="application/rss+xml" title="Вести" href="/rss/all"></head></html>`)
	fmt.Println(site.Listings(page, "text/html", "https://almaly.example/")[0])
	// Output:
	// {https://almaly.example/rss/all feed Вести the page declares it}
}

func TestListings(t *testing.T) {
	page := []byte(`<html><head>
		<link rel="alternate" type="application/rss+xml" title="Комментарии" href="/comments/feed/">
		<link rel="alternate" type="application/rss+xml; charset=utf-8" href="https://almaly.example/feed/">
		<link rel="https://api.w.org/" href="https://almaly.example/wp-json/">
		<link rel="alternate" hreflang="kk" href="/kk/"><link rel="stylesheet alternate" type="text/css" href="/a.css">
		</head><body><a href="/news.rss">RSS</a><a href="/feed">RSS</a><a href="https://other.example/rss">чужой</a>
		<a href="https://t.me/almalynews">Телеграм</a><a href="https://t.me/share/url?url=x">Поделиться</a><a href="https://t.me/almaly_bot">Бот</a>
		<a href="javascript:alert(1)">rss</a></body></html>`)
	var got []string
	for _, c := range site.Listings(page, "", "https://almaly.example/ru/") {
		got = append(got, string(c.Kind)+" "+c.URL)
	}
	want := []string{
		"feed https://almaly.example/feed/", "feed https://almaly.example/news.rss",
		"json https://almaly.example/wp-json/wp/v2/posts?" + wordPress, "feed https://almaly.example/rss",
		"feed https://almaly.example/rss.xml", "feed https://almaly.example/feed.xml", "feed https://almaly.example/api/",
		"telegram https://t.me/s/almalynews",
	}
	if !slices.Equal(got, want) {
		t.Errorf("found\n%q\nwant\n%q", got, want)
	}
}

const wordPress = "_embed=author&_fields=guid%2Clink%2Ctitle%2Cexcerpt%2Ccontent%2Cdate%2Cdate_gmt%2Cmodified%2Cmodified_gmt%2C_links%2C_embedded&per_page=50"

// Where addresses are plain, the interface is a parameter.
func TestListingsPlainWordPress(t *testing.T) {
	page := []byte(`<link rel="https://api.w.org/" href="/?rest_route=/">`)
	want := "https://almaly.example/?" + wordPress + "&rest_route=%2Fwp%2Fv2%2Fposts"
	for _, c := range site.Listings(page, "", "https://almaly.example/") {
		if c.Kind == news.KindJSON {
			if c.URL != want {
				t.Errorf("found %s, want %s", c.URL, want)
			}
			return
		}
	}
	t.Error("found nothing")
}

func TestSitemapsIn(t *testing.T) {
	robots := "User-agent: *\nDisallow: /a\nSitemap: https://almaly.example/sitemap.xml\n sitemap : https://almaly.example/sitemap-news.xml\nSitemap: nothing\nSitemap: ftp://x.example/\n"
	var got []string
	for _, c := range site.SitemapsIn([]byte(robots)) {
		got = append(got, c.URL)
	}
	if want := []string{"https://almaly.example/sitemap-news.xml", "https://almaly.example/sitemap.xml"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}
