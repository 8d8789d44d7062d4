package news_test

import (
	"fmt"
	"testing"

	"driftwatch/news"
)

func TestPagesSince(t *testing.T) {
	edited := news.PageChange{ID: 1, Article: 7, Kind: news.ChangeEdited, Of: "signal", From: "a", To: "b"}
	gone := news.PageChange{ID: 2, Article: 7, Kind: news.ChangeTakenDown, From: "title", To: "status 404"}
	before, now := news.StoryState{Pages: []news.PageChange{edited}}, news.StoryState{Pages: []news.PageChange{edited, gone}}
	for _, c := range []struct {
		before, now news.StoryState
		want        string
	}{
		{before, now, "[{takendown title status 404  7}]"},
		{now, now, "[]"},
		{news.StoryState{}, before, "[{edited a b signal 7}]"},
	} {
		if got := fmt.Sprint(news.PagesSince(c.before, c.now)); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}
