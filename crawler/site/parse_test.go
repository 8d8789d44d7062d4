package site

import (
	"strings"
	"testing"
)

func FuzzSitemap(f *testing.F) {
	f.Add([]byte(`<urlset><url><loc>/a</loc><lastmod>2026-11-02</lastmod></url></urlset>`))
	f.Add([]byte(`<sitemapindex><sitemap><loc>http://a.example/s.xml.gz</loc></sitemap>`))
	f.Add([]byte("\x1f\x8b\x08"))
	f.Fuzz(func(t *testing.T, body []byte) {
		entries, parts, err := parseSitemap(body, "", "https://outlet.example/sitemap.xml")
		if err != nil && len(entries)+len(parts) > 0 {
			t.Errorf("%d entries beside the error %v", len(entries)+len(parts), err)
		}
		for _, e := range append(entries, parts...) {
			if !strings.HasPrefix(e.url, "http://") && !strings.HasPrefix(e.url, "https://") {
				t.Errorf("address %q", e.url)
			}
		}
		forgetStamps(entries)
		latestParts(parts)
	})
}
