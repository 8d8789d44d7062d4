package site

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"driftwatch/news"
)

func FuzzCollect(f *testing.F) {
	f.Add(`<base href="//x"><a href="/news/12345"><h2>Мост через реку открыт</h2></a><time datetime="2026-11-02">`)
	f.Add(`<nav><a href="http://[::1">a<a href="?p=1" title="b">`)
	f.Add(`<table><a href=/2026/11/02/a-b-c-d><time>вчера</table>`)
	accept, err := compile(news.LinkRules{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, page string) {
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
		if err != nil {
			return
		}
		links, found := collect(doc, "https://outlet.kz/news/")
		if len(links) > found {
			t.Errorf("%d links of %d anchors", len(links), found)
		}
		for _, i := range items(links, accept, "outlet") {
			if !strings.HasPrefix(i.Link, "http") {
				t.Errorf("an item at %q", i.Link)
			}
		}
	})
}

func TestLooksLikeArticle(t *testing.T) {
	tests := []struct {
		href, words string
		want        bool
	}{
		{"/news/12345", "Мост через реку наконец открыт", true},
		{"/12345/", "Мост через реку наконец открыт", true},
		{"/kk/2026/11/02/kopir", "Көпір ашылды, бірақ кеш", true},
		{"/bridge-over-the-river-opens-late", "Bridge over the river opens late", true},
		{"/index.php?newsid=77", "Bridge over the river opens late", true},
		{"/?p=77", "Bridge over the river opens late", true},
		{"https://kaz.outlet.kz/news/12345", "Bridge over the river opens late", true},
		{"/news/12345", "Далее", false},
		{"/news/", "Все новости дня за сегодня", false},
		{"/politics", "Политика", false},
		{"/about-our-paper-and-team", "О нас", false},
		{"/tag/bridge-2026-river-opens", "Мост через реку наконец открыт", false},
		{"/page/12345", "Мост через реку наконец открыт", false},
		{"/news/12345.pdf", "Мост через реку наконец открыт", false},
		{"https://other.kz/news/12345", "Мост через реку наконец открыт", false},
		{"//outlet.kg/news/12345", "Мост через реку наконец открыт", false},
		{"/", "Мост через реку наконец открыт", false},
		{"/news/today/#12345", "Мост через реку наконец открыт", false},
	}
	for _, tt := range tests {
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(`<a href="` + tt.href + `">` + tt.words + `</a>`))
		if err != nil {
			t.Fatal(err)
		}
		links, _ := collect(doc, "https://www.outlet.kz/news/today/")
		if got := len(links) == 1 && looksLikeArticle(links[0]); got != tt.want {
			t.Errorf("%s %q is an article: %v, want %v", tt.href, tt.words, got, tt.want)
		}
	}
}
