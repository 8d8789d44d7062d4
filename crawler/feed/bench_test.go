package feed

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"
)

// typical is a feed of twenty items with teasers and texts, as an outlet that
// runs WordPress serves it.
func typical() []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Вестник долины</title>
	<atom:link href="https://vestnik.example/feed/" rel="self" type="application/rss+xml" />
	<link>https://vestnik.example</link><description>Новости</description><language>ru-RU</language>`)
	for i := range 20 {
		fmt.Fprintf(&b, `<item><title>Парламент отложил закон о гражданстве &#8212; №%d</title>
		<link>https://vestnik.example/news/%d/</link><dc:creator><![CDATA[Айгуль Примерова]]></dc:creator>
		<pubDate>Tue, 24 Nov 2026 %02d:05:00 +0000</pubDate><category><![CDATA[Политика]]></category>
		<guid isPermaLink="false">https://vestnik.example/?p=%d</guid>
		<description><![CDATA[<p>Депутаты не набрали кворума&#8230; <a href="https://vestnik.example/%d">далее</a></p>]]></description>
		<content:encoded><![CDATA[%s]]></content:encoded></item>`, i, i, i, i, i,
			strings.Repeat("<p>Депутаты <b>не набрали</b> кворума, и заседание перенесли на следующую неделю&nbsp;&mdash; уже в третий раз.</p>\n", 10))
	}
	b.WriteString("</channel></rss>")
	return []byte(b.String())
}

func BenchmarkParse(b *testing.B) {
	body := typical()
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		f, err := Parse(body, Options{ContentType: "text/xml; charset=utf-8", Base: "https://vestnik.example/feed/"})
		if err != nil || len(f.Items) != 20 {
			b.Fatal(f, err)
		}
	}
}

// BenchmarkGofeed reads the same feed with gofeed alone.
func BenchmarkGofeed(b *testing.B) {
	body := typical()
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := gofeed.NewParser().Parse(bytes.NewReader(body)); err != nil {
			b.Fatal(err)
		}
	}
}
