package extract

import (
	"os"
	"testing"
)

func BenchmarkPage(b *testing.B) {
	html, err := os.ReadFile("testdata/json-ld.html")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(html)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Page(html, Options{URL: "https://vestnik.example/news/1"}); err != nil {
			b.Fatal(err)
		}
	}
}
