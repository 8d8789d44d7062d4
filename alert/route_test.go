package alert_test

import (
	"testing"

	"driftwatch/alert"
	"driftwatch/configs"
	"driftwatch/news"
)

// The context theme goes only to routes that name it.
func TestContextIsAskedFor(t *testing.T) {
	routes := alert.Routes([]configs.Route{
		{Name: "all", To: []string{"desk"}},
		{Name: "everything", Match: configs.Match{Lists: configs.Lists{Themes: []string{"csto", "context"}}}, To: []string{"mail"}},
	})
	for theme, want := range map[news.Theme][]string{
		news.ThemeCSTO:    {"desk", "mail"},
		news.ThemeContext: {"mail"},
	} {
		targets := routes.Match(alert.Subject{Hit: news.Hit{Theme: theme, Level: 2, Countries: []string{"KG"}}})
		var got []string
		for _, one := range targets {
			got = append(got, one.Channel)
		}
		if len(got) != len(want) {
			t.Errorf("%s goes to %v, not to %v", theme, got, want)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s goes to %v, not to %v", theme, got, want)
			}
		}
	}
}
