package alert_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"driftwatch/alert"
	"driftwatch/alert/internal/sample"
	"driftwatch/configs"
	"driftwatch/news"
)

func Example() {
	router := alert.Routes([]configs.Route{
		{Name: "csto-kg", To: []string{"team"}, Match: configs.Match{
			Lists: configs.Lists{Themes: []string{"csto"}, Countries: []string{"KG"}}, MinLevel: 3,
		}},
		{Name: "all", To: []string{"team", "archive"}},
	})
	for _, t := range router.Match(alert.Subject{Hit: news.Hit{Theme: news.ThemeCSTO, Countries: []string{"KG"}, Level: 4}}) {
		fmt.Println(t.Route, "→", t.Channel)
	}
	// Output:
	// csto-kg → team
	// all → team
	// all → archive
}

func ExampleTest() {
	var out bytes.Buffer
	c, err := alert.Open("here", configs.Channel{Type: "stdout"}, alert.Options{Out: &out})
	if err != nil {
		fmt.Println(err)
		return
	}
	receipt, err := alert.Test(context.Background(), c, sample.Seen)
	fmt.Println(receipt, err)
	fmt.Print(out.String())
	// Output:
	// printed <nil>
	// Test message from Driftwatch: nothing happened
	//
	// This is only a test. If you can read it, alerts arrive.
	// sent 26 Aug 2031 06:42 UTC
}

func TestMatch(t *testing.T) {
	hit := news.Hit{Theme: news.ThemeSanctions, Countries: []string{"KZ", "UZ"}, Level: 3}
	quiet, background := hit, hit
	quiet.Quiet = news.QuietOld
	background.Background = true
	for name, c := range map[string]struct {
		match configs.Match
		hit   news.Hit
		want  bool
	}{
		"nothing said":      {configs.Match{}, hit, true},
		"all said":          {configs.Match{Lists: configs.Lists{Themes: []string{"csto", "sanctions"}, Countries: []string{"UZ"}}, MinLevel: 3}, hit, true},
		"small letters":     {configs.Match{Lists: configs.Lists{Countries: []string{"uz"}}}, hit, true},
		"another theme":     {configs.Match{Lists: configs.Lists{Themes: []string{"csto"}}}, hit, false},
		"another country":   {configs.Match{Lists: configs.Lists{Countries: []string{"KG", "TJ"}}}, hit, false},
		"a higher level":    {configs.Match{MinLevel: 4}, hit, false},
		"a quiet hit":       {configs.Match{}, quiet, false},
		"a background hit":  {configs.Match{}, background, false},
		"a hit of nowhere":  {configs.Match{Lists: configs.Lists{Countries: []string{"KG"}}}, news.Hit{Level: 5}, false},
		"anywhere, nowhere": {configs.Match{}, news.Hit{Level: 5}, true},
	} {
		route := configs.Route{Name: "r", Match: c.match, To: []string{"a", "b", "a"}}
		want := []alert.Target(nil)
		if c.want {
			want = []alert.Target{{Route: "r", Channel: "a"}, {Route: "r", Channel: "b"}}
		}
		if got := alert.Routes([]configs.Route{route}).Match(alert.Subject{Hit: c.hit}); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestOpen(t *testing.T) {
	const key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	good := map[string]configs.Channel{
		"team":    {Type: "slack", WebhookURL: "https://hooks.example/services/T0/B0/x"},
		"desk":    {Type: "mail", Host: "mail.example", Username: "u", Password: "p", From: "a@b.example", To: []string{"c@d.example"}},
		"archive": {Type: "webhook", URL: "https://archive.example", Secret: key},
		"here":    {Type: "stdout"},
	}
	all, err := alert.OpenAll(good, alert.Options{})
	if err != nil || len(all) != 4 {
		t.Errorf("%v, %v", all, err)
	}
	for want, c := range map[string]configs.Channel{
		"channel x: webhook_url: the address must begin with https:// or http://": {Type: "slack", WebhookURL: "S3CRET"},
		"channel x: host: is missing":             {Type: "mail", Password: "S3CRET"},
		"channel x: url: the address has no host": {Type: "webhook", URL: "https:///S3CRET"},
		`channel x: type: there is none called "pager"; one of slack, mail, webhook, shoutrrr, stdout`: {Type: "pager"},
	} {
		if _, err := alert.OpenAll(map[string]configs.Channel{"x": c}, alert.Options{}); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestTheChannelsOwnTimeoutHolds(t *testing.T) {
	held := make(chan struct{})
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-held }))
	defer receiver.Close()
	defer close(held)
	c, err := alert.Open("team", configs.Channel{Type: "slack", WebhookURL: configs.Secret(receiver.URL), Timeout: 10 * time.Millisecond}, alert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Send(t.Context(), sample.Russian()); err == nil || !strings.Contains(err.Error(), "no answer in time") {
		t.Error(err)
	}
}
