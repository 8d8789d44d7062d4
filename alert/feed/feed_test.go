package feed_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"driftwatch/alert/feed"
	"driftwatch/alert/internal/sample"
)

func Example() {
	doc, err := feed.Write(feed.Atom, feed.Settings{Title: "Sanctions, Kazakhstan"}, []feed.Entry{{Alert: sample.Russian(), Updated: sample.Seen}})
	if err != nil {
		fmt.Println(err)
		return
	}
	read, err := gofeed.NewParser().Parse(bytes.NewReader(doc))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(read.Title, "-", len(read.Items), "story")
	fmt.Println(read.Items[0].Title)
	// Output:
	// Sanctions, Kazakhstan - 1 story
	// Kazakhstan · Sanctions · level 4 of 5 · away from Russia: Подшипники: что меняется на границе
}

func entries() []feed.Entry {
	kyrgyz, hostile, long := sample.Kyrgyz(), sample.Hostile(), sample.Long()
	kyrgyz.Story.ID, hostile.Story.ID, long.Story.ID = 4, 5, 6
	hostile.Article.Title += "]]>\ufffe\uffff\x00"
	hostile.Hits[0].Why += "]]> \x01"
	return []feed.Entry{
		{Alert: sample.Russian(), Updated: sample.Seen}, {Alert: kyrgyz, Updated: sample.Seen.Add(time.Hour)},
		{Alert: hostile, Updated: sample.Seen}, {Alert: long, Updated: sample.Seen.Add(-time.Hour)},
	}
}

// Each format is read back by a parser that isn't ours, entry by entry.
func TestFeedsAreReadBack(t *testing.T) {
	for _, f := range feed.Formats {
		for _, link := range []string{"", "https://news.example/feeds/all." + string(f)} {
			doc, err := feed.Write(f, feed.Settings{Title: "All stories", Link: link, Zone: sample.Zone}, entries())
			if err != nil {
				t.Fatal(err)
			}
			read, err := gofeed.NewParser().Parse(bytes.NewReader(doc))
			if err != nil {
				t.Fatalf("%s: %v\n%s", f, err, doc)
			}
			if read.Title != "All stories" || len(read.Items) != 4 || read.FeedType != string(f) {
				t.Errorf("%s: %q, %d items, %s", f, read.Title, len(read.Items), read.FeedType)
			}
			first := read.Items[0]
			if first.GUID != "urn:driftwatch:stories:4" || !strings.HasPrefix(first.Title, "Update: ") && !strings.Contains(first.Title, "Күзгү машыгуу") {
				t.Errorf("%s: %s %q", f, first.GUID, first.Title)
			}
			if f != feed.RSS && !first.UpdatedParsed.Equal(sample.Seen.Add(time.Hour)) || first.PublishedParsed == nil || !first.PublishedParsed.Equal(sample.Seen) {
				t.Errorf("%s: %v, %v", f, first.PublishedParsed, first.UpdatedParsed)
			}
			if first.Link != "https://news.example/a?from=feed" || !strings.Contains(first.Content, "<mark>") {
				t.Errorf("%s: %s %s", f, first.Link, first.Content)
			}
			for _, item := range read.Items {
				if strings.Contains(item.Content, "<script>") || strings.ContainsAny(item.Title+item.Content, "\x1b\u202e") {
					t.Errorf("%s: this may act: %s", f, item.Content)
				}
			}
		}
	}
}

// What hasn't changed is the same to the byte, in whatever order it is given.
func TestTheSameStoriesGiveTheSameFeed(t *testing.T) {
	for _, f := range feed.Formats {
		all := entries()
		a, err1 := feed.Write(f, feed.Settings{Title: "x"}, all)
		all[0], all[3] = all[3], all[0]
		b, err2 := feed.Write(f, feed.Settings{Title: "x"}, all)
		if err1 != nil || err2 != nil || !bytes.Equal(a, b) {
			t.Errorf("%s: %v, %v\n%s\n%s", f, err1, err2, a, b)
		}
	}
}

func TestAnEmptyFeed(t *testing.T) {
	for _, f := range feed.Formats {
		doc, err := feed.Write(f, feed.Settings{Title: "Nothing <yet>"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if read, err := gofeed.NewParser().Parse(bytes.NewReader(doc)); err != nil || read.Title != "Nothing <yet>" || len(read.Items) != 0 {
			t.Errorf("%s: %v\n%s", f, err, doc)
		}
	}
	if _, err := feed.Write("csv", feed.Settings{}, nil); err == nil {
		t.Error("there is a feed of CSV")
	}
}

func TestAStoryWithoutALink(t *testing.T) {
	a := sample.Russian()
	a.Article.Link, a.Article.URL = "javascript:1", ""
	for _, f := range feed.Formats {
		doc, err := feed.Write(f, feed.Settings{Title: "x"}, []feed.Entry{{Alert: a}})
		if err != nil || strings.Contains(string(doc), "javascript") {
			t.Errorf("%s: %v\n%s", f, err, doc)
		}
	}
}
