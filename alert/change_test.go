package alert_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"driftwatch/alert"
	"driftwatch/configs"
	"driftwatch/news"
)

// told is a story of one report.
func told() news.StoryState {
	return news.StoryState{
		Articles: 1, Outlets: []string{"kovyl"}, Languages: []string{"ru"}, Countries: []string{"KZ"}, Level: 3,
		Signals: []news.SignalState{{
			Theme: news.ThemeCSTO, Signal: "C3", Title: "Exercise", Level: 3, Direction: news.Apart, Status: news.StatusAnnounced, Countries: []string{"KZ"},
		}},
	}
}

var at = time.Date(2031, 8, 26, 6, 0, 0, 0, time.UTC)

// reports are a story's, the last one seen first, as an outbox gives them.
var reports = []news.Report{
	{Article: 2, Title: "Second", Source: "mangysh", Lang: "kk", Seen: at.Add(time.Hour)},
	{Article: 1, Title: "First", Source: "kovyl", Lang: "ru", Seen: at},
}

func TestChanges(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*news.StoryState)
		want   []news.Change
	}{
		"nothing": {func(*news.StoryState) {}, nil},
		"one more article": {
			func(s *news.StoryState) { s.Articles = 2 },
			[]news.Change{{Kind: news.ChangeArticle, To: "Second", Article: 2}},
		},
		"an outlet and a language": {
			func(s *news.StoryState) {
				s.Articles, s.Outlets, s.Languages = 2, []string{"kovyl", "mangysh"}, []string{"ru", "kk"}
			},
			[]news.Change{
				{Kind: news.ChangeLanguage, To: "kk", Article: 2}, {Kind: news.ChangeOutlet, To: "mangysh", Article: 2},
				{Kind: news.ChangeArticle, To: "Second", Article: 2},
			},
		},
		"the level rose": {
			func(s *news.StoryState) { s.Level = 5 },
			[]news.Change{{Kind: news.ChangeLevel, From: "3", To: "5"}},
		},
		"the level fell": {
			func(s *news.StoryState) { s.Level = 2 },
			[]news.Change{{Kind: news.ChangeLevel, From: "3", To: "2"}},
		},
		"another country": {
			func(s *news.StoryState) { s.Countries = []string{"KZ", "KG"} },
			[]news.Change{{Kind: news.ChangeCountry, To: "KG"}},
		},
		"decided": {
			func(s *news.StoryState) { s.Signals[0].Status = news.StatusDecided },
			[]news.Change{{Kind: news.ChangeStatus, From: "announced", To: "decided", Of: "Exercise"}},
		},
		"a status that isn't known": {func(s *news.StoryState) { s.Signals[0].Status = "" }, nil},
		"denied in another direction": {
			func(s *news.StoryState) {
				d := s.Signals[0]
				d.Direction, d.Status = news.Contested, news.StatusDenied
				s.Signals = append(s.Signals, d)
			},
			[]news.Change{{Kind: news.ChangeStatus, From: "announced", To: "denied", Of: "Exercise"}},
		},
		"turned round": {
			func(s *news.StoryState) { s.Signals[0].Direction = news.Closer },
			[]news.Change{{Kind: news.ChangeDirection, From: "apart", To: "closer", Of: "KZ"}},
		},
		"another signal": {
			func(s *news.StoryState) {
				s.Signals = append(s.Signals, news.SignalState{Signal: "S1", Title: "Cards", Direction: news.Apart, Countries: []string{"KZ"}})
			},
			[]news.Change{{Kind: news.ChangeSignal, To: "Cards"}},
		},
		"no longer said": {
			func(s *news.StoryState) { s.Signals = nil },
			[]news.Change{{Kind: news.ChangeGone, From: "Exercise"}},
		},
		"all at once, the weightiest first": {
			func(s *news.StoryState) {
				s.Level, s.Articles, s.Signals[0].Status, s.Countries = 4, 2, news.StatusHappened, []string{"KZ", "TJ"}
			},
			[]news.Change{
				{Kind: news.ChangeLevel, From: "3", To: "4"}, {Kind: news.ChangeStatus, From: "announced", To: "happened", Of: "Exercise"},
				{Kind: news.ChangeCountry, To: "TJ"}, {Kind: news.ChangeArticle, To: "Second", Article: 2},
			},
		},
		"a page is gone": {
			func(s *news.StoryState) {
				s.Pages = []news.PageChange{{ID: 1, Article: 1, Kind: news.ChangeTakenDown, From: "First", To: "status 404"}}
			},
			[]news.Change{{Kind: news.ChangeTakenDown, From: "First", To: "status 404", Article: 1}},
		},
	} {
		now := told()
		c.change(&now)
		if got := alert.Changes(told(), now, reports); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got  %+v\n want %+v", name, got, c.want)
		}
	}
}

func ExampleChanges() {
	before, now := told(), told()
	now.Level, now.Signals[0].Status = 4, news.StatusDecided
	for _, c := range alert.Changes(before, now, nil) {
		fmt.Println(c.Kind, c.Of, c.From, "→", c.To, "|", alert.WorthOf(c, configs.MannerMessages))
	}
	// Output:
	// level  3 → 4 | message
	// status Exercise announced → decided | message
}

// Where a channel can't edit, only what turns a story round or is taken away from
// it is a message; elsewhere everything is told.
func TestWorth(t *testing.T) {
	rose, fell := news.Change{Kind: news.ChangeLevel, From: "2", To: "10"}, news.Change{Kind: news.ChangeLevel, From: "10", To: "2"}
	cut := news.Change{Kind: news.ChangeEdited, From: "a"}
	for _, c := range []news.Change{
		rose, fell, {Kind: news.ChangeStatus}, {Kind: news.ChangeDirection}, {Kind: news.ChangeSignal}, {Kind: news.ChangeGone},
		{Kind: news.ChangeCountry}, {Kind: news.ChangeLanguage}, {Kind: news.ChangeOutlet}, {Kind: news.ChangeArticle},
		{Kind: news.ChangeTakenDown}, {Kind: news.ChangeRestored}, {Kind: news.ChangeTitle}, cut, {Kind: news.ChangeEdited, From: "a", To: "b"},
	} {
		want := alert.Digest
		if c == rose || c == cut || c.Kind == news.ChangeStatus || c.Kind == news.ChangeTakenDown || c.Kind == news.ChangeRestored {
			want = alert.Message
		}
		alone := want // where no digest has the rest, what becomes of pages is told all the same
		switch {
		case c.Kind == news.ChangeEdited || c.Kind == news.ChangeTitle:
			alone = alert.Message
		case want == alert.Digest:
			alone = alert.Nothing
		}
		for manner, want := range map[configs.Manner]alert.Worth{
			configs.MannerEdits: alert.Edit, configs.MannerEvents: alert.Event, configs.MannerMessages: want, configs.MannerAlone: alone,
		} {
			if got := alert.WorthOf(c, manner); got != want {
				t.Errorf("%+v is worth %q to %s, want %q", c, got, manner, want)
			}
		}
	}
	now := told()
	now.Articles++
	if alert.WorthVersion(told(), now, configs.MannerMessages) || alert.WorthVersion(told(), now, configs.MannerAlone) || !alert.WorthVersion(told(), now, configs.MannerEdits) || alert.WorthVersion(told(), told(), configs.MannerEvents) {
		t.Error("one more article is worth an edit and no message, and nothing is worth nothing")
	}
}

func TestTheTableOfChangesIsInTheDocs(t *testing.T) {
	page, err := os.ReadFile("../docs/alerts.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), alert.ChangeTable()) {
		t.Errorf("docs/alerts.md hasn't the table as it is:\n%s", alert.ChangeTable())
	}
}
