package news_test

import (
	"reflect"
	"testing"
	"time"

	"driftwatch/news"
)

var noon = time.Date(2031, 8, 26, 12, 0, 0, 0, time.UTC)

// report is the n-th article of a story, an hour after the one before it.
func report(n int64) news.Article {
	return news.Article{ID: n, Source: []string{"kovyl", "mangysh"}[n%2], Lang: []string{"ru", "kk"}[n%2], Seen: noon.Add(time.Duration(n) * time.Hour)}
}

func TestStateOfAddsUp(t *testing.T) {
	articles := []news.Article{report(2), report(1), report(3)}
	hits := []news.Hit{
		{Article: 1, Theme: news.ThemeCSTO, Signal: "C3", Title: "Exercise", Level: 3, Direction: news.Apart, Status: news.StatusAnnounced, Countries: []string{"KG"}},
		{Article: 2, Theme: news.ThemeCSTO, Signal: "C3", Title: "Exercise", Level: 4, Direction: news.Apart, Status: news.StatusDecided, Countries: []string{"KZ"}},
		{Article: 2, Signal: "S1", Level: 5, Background: true, Countries: []string{"TM"}},
		{Article: 3, Signal: "S2", Level: 5, Quiet: news.QuietOld, Countries: []string{"UZ"}},
	}
	want := news.StoryState{
		Articles: 3, Outlets: []string{"mangysh", "kovyl"}, Languages: []string{"kk", "ru"}, Countries: []string{"KZ", "KG"}, Level: 4,
		Signals: []news.SignalState{{
			Theme: news.ThemeCSTO, Signal: "C3", Title: "Exercise", Level: 4, Direction: news.Apart, Status: news.StatusDecided, Countries: []string{"KZ", "KG"},
		}},
	}
	if got := news.StateOf(articles, hits); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// A copy of an older report doesn't turn a denial round; a further step does.
func TestStateOfStatus(t *testing.T) {
	for name, c := range map[string]struct {
		said []news.Status // by articles, one after the other
		want news.Status
	}{
		"nothing known":                  {[]news.Status{"", ""}, ""},
		"the strongest":                  {[]news.Status{news.StatusDecided, news.StatusAnnounced}, news.StatusDecided},
		"denied afterwards":              {[]news.Status{news.StatusHappened, news.StatusDenied}, news.StatusDenied},
		"denied, and copied":             {[]news.Status{news.StatusAnnounced, news.StatusDenied, news.StatusAnnounced}, news.StatusDenied},
		"denied, and done all the same":  {[]news.Status{news.StatusAnnounced, news.StatusDenied, news.StatusHappened}, news.StatusHappened},
		"denied before it was known":     {[]news.Status{news.StatusDenied, news.StatusHappened}, news.StatusHappened},
		"denied alone":                   {[]news.Status{news.StatusDenied, ""}, news.StatusDenied},
		"done, denied, and told by more": {[]news.Status{news.StatusHappened, news.StatusDenied, news.StatusHappened, news.StatusHappened}, news.StatusDenied},
	} {
		var articles []news.Article
		var hits []news.Hit
		for i, s := range c.said {
			a := report(int64(i + 1))
			articles = append(articles, a)
			hits = append(hits, news.Hit{Article: a.ID, Signal: "C3", Level: 3, Direction: news.Apart, Status: s})
		}
		if got := news.StateOf(articles, hits).Signals[0].Status; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestSilenceTakes(t *testing.T) {
	h := news.Hit{Theme: news.ThemeCSTO, Signal: "C3", Countries: []string{"KG", "KZ"}, Story: 7}
	for name, c := range map[string]struct {
		s    news.Silence
		want bool
	}{
		"theme":                {news.Silence{Themes: []news.Theme{news.ThemeCSTO}}, true},
		"another theme":        {news.Silence{Themes: []news.Theme{news.ThemeSanctions}}, false},
		"one of its countries": {news.Silence{Countries: []string{"KZ"}}, true},
		"another country":      {news.Silence{Countries: []string{"TM"}}, false},
		"story and source":     {news.Silence{Stories: []int64{7}, Sources: []string{"kovyl"}}, true},
		"another source":       {news.Silence{Stories: []int64{7}, Sources: []string{"mangysh"}}, false},
		"another signal":       {news.Silence{Signals: []string{"C4"}}, false},
	} {
		if got := c.s.Takes(h, "kovyl"); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
		if c.s.Whole() {
			t.Errorf("%s names nothing", name)
		}
	}
	s := news.Silence{Begins: noon, Ends: noon.Add(time.Hour)}
	if !s.Active(noon) || s.Active(noon.Add(time.Hour)) || s.Active(noon.Add(-time.Second)) || !s.Whole() {
		t.Error("a silence holds from its beginning to before its end")
	}
}
