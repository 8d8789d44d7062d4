package site_test

import (
	"fmt"
	"slices"
	"testing"

	"driftwatch/crawler/site"
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
		<link rel="alternate" hreflang="kk" href="/kk/"><link rel="stylesheet alternate" type="text/css" href="/a.css">
		</head><body><a href="/news.rss">RSS</a><a href="/feed">RSS</a><a href="https://other.example/rss">чужой</a>
		<a href="https://t.me/almalynews">Телеграм</a><a href="https://t.me/share/url?url=x">Поделиться</a><a href="https://t.me/almaly_bot">Бот</a>
		<a href="javascript:alert(1)">rss</a></body></html>`)
	var got []string
	for _, c := range site.Listings(page, "", "https://almaly.example/ru/") {
		got = append(got, string(c.Kind)+" "+c.URL)
	}
	want := []string{
		"feed https://almaly.example/feed/", "feed https://almaly.example/news.rss", "feed https://almaly.example/rss",
		"feed https://almaly.example/rss.xml", "feed https://almaly.example/feed.xml", "feed https://almaly.example/api/",
		"telegram https://t.me/s/almalynews",
	}
	if !slices.Equal(got, want) {
		t.Errorf("found\n%q\nwant\n%q", got, want)
	}
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
