package message_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"driftwatch/alert/internal/sample"
	"driftwatch/alert/message"
	"driftwatch/news"
)

func TestUpdatesDigestsAndNotes(t *testing.T) {
	for name, text := range map[string]string{
		"grown.txt":  message.New(sample.Grown(), sample.Zone).Text(),
		"weekly.txt": message.NewDigest(sample.Weekly(), sample.Zone).Text(),
		"alarm.txt":  message.NewNote(sample.Alarm()).Text(),
	} {
		golden(t, name, text)
	}
}

func TestNews(t *testing.T) {
	a := sample.Russian()
	a.Changes = []news.Change{
		{Kind: news.ChangeArticle, To: "x", Article: 5}, {Kind: news.ChangeArticle, To: "y", Article: 6},
		{Kind: news.ChangeLevel, From: "5", To: "3"},
		{Kind: news.ChangeDirection, Of: "KG", From: "apart", To: "closer"},
		{Kind: news.ChangeGone, From: "New treaty"}, {Kind: news.ChangeSignal, To: "Payment ban"},
		{Kind: news.ChangeOutlet, To: "a", Article: 5}, {Kind: news.ChangeOutlet, To: "b"}, {Kind: news.ChangeOutlet, To: "c"},
		{Kind: news.ChangeOutlet, To: "d"}, {Kind: news.ChangeOutlet, To: "e"}, {Kind: news.ChangeOutlet, To: "f"},
		{Kind: news.ChangeLanguage, To: "uz-Cyrl"}, {Kind: news.ChangeLanguage, To: "??"},
	}
	want := []string{
		"The level fell from 5 to 3.", "Kyrgyzstan: away from Russia → closer to Russia.", "A further signal: Payment ban.",
		"No report says this any more: New treaty.", "Now also told by Ковыль Медиа, b, c, d and 2 more.",
		"Now also in Uzbek (Cyrillic) and ??.", "2 more reports.",
	}
	if got := message.News(a); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestWhatBecameOfAPage(t *testing.T) {
	a := sample.Russian()
	a.Changes = []news.Change{
		{Kind: news.ChangeTitle, From: "a", To: "b\x1b[31m"},
		{Kind: news.ChangeEdited, From: "The drill\nis off.", Of: "Exercise", Article: 99}, {Kind: news.ChangeEdited, From: "a", To: "b"},
		{Kind: news.ChangeRestored, From: "status 404", To: "Bearings"},
		{Kind: news.ChangeTakenDown, From: "Bearings", To: "status 404", Article: a.Article.ID},
		{Kind: news.ChangeLevel, From: "4", To: "0"},
	}
	want := []string{
		"Nothing in it is flagged any more; it was level 4.", "Taken down by Ковыль Медиа: “Bearings” (status 404).",
		"Put back: “Bearings” (it was gone, status 404).", "Cut from the page: “The drill is off”.", "Rewritten: “a” → “b”.",
		"Title changed: “a” → “b␛[31m”.",
	}
	if got := message.News(a); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	down := news.PageChange{ID: 1, Article: a.Article.ID, Kind: news.ChangeTakenDown, To: "status 404"}
	a.State.Pages = []news.PageChange{down}
	if m := message.New(a, nil); m.Gone != "its page was taken down (status 404)" || !strings.Contains(m.Text(), m.Gone) {
		t.Errorf("gone: %q", m.Gone)
	}
	a.State.Pages = append(a.State.Pages, news.PageChange{ID: 2, Article: a.Article.ID, Kind: news.ChangeRestored})
	if m := message.New(a, nil); m.Gone != "" {
		t.Errorf("gone: %q", m.Gone)
	}
}

func TestADigestWithoutStoriesSaysSo(t *testing.T) {
	d := message.NewDigest(news.Digest{Route: "all", Period: news.Daily, Polled: 7}, nil)
	if text := d.Text(); d.Headline != "Daily digest: no stories" || !strings.Contains(text, "No story came to this route") || !strings.Contains(text, "7 sources were read, none was left out.") {
		t.Error(text)
	}
	d = message.NewDigest(news.Digest{Period: news.Hourly}, nil)
	if !strings.Contains(d.Text(), "No source was read in this time: that nothing was found says nothing.") {
		t.Error(d.Text())
	}
}

// A digest after quiet hours says nothing of what could be read.
func TestADigestAfterQuietHoursHasNoCoverage(t *testing.T) {
	d := sample.Weekly()
	d.Period, d.Polled, d.Gaps, d.Drift, d.More = news.QuietHours, 0, nil, nil, 0
	m := message.NewDigest(d, nil)
	if m.Headline != "Quiet hours digest: 3 stories, 2 new" || strings.Contains(strings.ToLower(m.Text()), "coverage") {
		t.Error(m.Text())
	}
}

// A story under two countries is one story.
func TestADigestCountsStories(t *testing.T) {
	d := sample.Weekly()
	d.More = 0
	if got := message.NewDigest(d, nil).Headline; got != "Weekly digest: 3 stories, 2 new" {
		t.Error(got)
	}
}

func TestNotesAreBounded(t *testing.T) {
	n := news.Note{Title: strings.Repeat("а", 900) + "\r\nBcc: x", Lines: slices.Repeat([]string{strings.Repeat("б \x1b[31m", 900)}, 500)}
	text := message.NewNote(n).Text()
	if len([]rune(text)) > 35000 || strings.ContainsAny(text, "\x1b\r") || strings.Count(text, "\n") > 65 {
		t.Errorf("%d characters", len([]rune(text)))
	}
}

// Lists are lists and times are UTC, whatever is left out.
func TestDocumentsHaveNoNulls(t *testing.T) {
	digest, err := message.DigestJSON(news.Digest{Key: "k", Items: []news.DigestItem{{Alert: sample.Russian()}}}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	note, err := message.NoteJSON(news.Note{Key: "n", Title: "x\u202e"}, time.Date(2031, 1, 1, 5, 0, 0, 0, sample.Zone)).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(digest, &got); err != nil || got["type"] != "digest" || got["id"] != "k" {
		t.Errorf("%s, %v", digest, err)
	}
	if s := string(note); s != `{"type":"note","id":"n","timestamp":"2031-01-01T00:00:00Z","data":{"title":"x\u202e","lines":[],"alarm":false}}` {
		t.Error(s)
	}
	if strings.Contains(strings.ReplaceAll(strings.ReplaceAll(string(digest), `"first":null`, ""), `"state":null`, ""), ":null") {
		t.Errorf("%s", digest)
	}
}
