package feed

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func TestOPML(t *testing.T) {
	list := []Subscription{
		{Title: "Вести & Алмалы", URL: "https://almaly.example/rss?a=1&b=2", Homepage: "https://almaly.example/", Language: "ru", Folder: "KZ"},
		{Title: "Тулпар", URL: "https://tulpar.example/feed", Folder: "KG"},
		{Title: "<b>Third</b>", URL: "https://third.example/feed", Folder: "KZ"},
	}
	var b bytes.Buffer
	if err := WriteOPML(&b, "Mine", list); err != nil {
		t.Fatal(err)
	}
	got, err := ReadOPML(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if want := []Subscription{list[0], list[2], list[1]}; !slices.Equal(got, want) {
		t.Errorf("read back %+v, want %+v", got, want)
	}
}

func TestReadOPML(t *testing.T) {
	got, err := ReadOPML([]byte(`<?xml version="1.0"?><OPML version="1.1"><body>
		<outline text="Asia"><outline text="Central"><outline text="A" xmlUrl="https://a.example/rss"/></outline>
		<outline text="B &amp; C" xmlurl="https://b.example/rss"></outline></outline><outline title="D" text="d" XMLURL="https://d.example/">
		</body></opml>`))
	if err != nil {
		t.Fatal(err)
	}
	want := []Subscription{
		{Title: "A", URL: "https://a.example/rss", Folder: "Asia/Central"},
		{Title: "B & C", URL: "https://b.example/rss", Folder: "Asia"},
		{Title: "D", URL: "https://d.example/"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("read %+v, want %+v", got, want)
	}
	for body, want := range map[string]string{
		"<html><title>News</title></html>": "an HTML page",
		"":                                 "the body is empty",
		`<rss version="2.0"/>`:             "this is no list of feeds (OPML) but an XML document whose root is <rss>",
		`{"version": "1"}`:                 "this is no list of feeds (OPML) but JSON",
		"\x01\x02<":                        "this is no list of feeds (OPML) but text that begins",
	} {
		if _, err := ReadOPML([]byte(body)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q in it", body, err, want)
		}
	}
	list, err := ReadOPML([]byte(`<opml><body><outline xmlUrl="https://a.example/rss"/><outline <`))
	if err == nil || len(list) != 1 || !strings.Contains(err.Error(), "breaks off after 1 feed") {
		t.Errorf("a list that breaks off: %v, %v", list, err)
	}
}
