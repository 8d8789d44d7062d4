package slack_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"driftwatch/alert/channel"
	"driftwatch/alert/internal/sample"
	"driftwatch/alert/slack"
	"driftwatch/news"
	"driftwatch/newsroom/sink"
)

func workspace(t *testing.T) *sink.SlackAPI {
	t.Helper()
	sinks, err := sink.Start(t.Context(), sink.Options{Now: func() time.Time { return sample.Seen }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sinks.Close(); err != nil {
			t.Error(err)
		}
	})
	return sinks.Slack.API
}

// behave makes the workspace answer as one manner says, until told otherwise.
func behaving(t *testing.T, m sink.Manner) *sink.SlackAPI {
	t.Helper()
	sinks, err := sink.Start(t.Context(), sink.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sinks.Close() })
	sinks.Slack.Behave(func(int) sink.Manner { return m })
	return sinks.Slack.API
}

func bot(t *testing.T, api *sink.SlackAPI, change func(*slack.BotSettings)) *slack.Bot {
	t.Helper()
	s := slack.BotSettings{Token: api.Token, Channel: "#" + sink.SlackChannelName, API: api.URL, UserAgent: "Driftwatch/test", Zone: sample.Zone}
	if change != nil {
		change(&s)
	}
	b, err := slack.NewBot(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAStoryIsOneMessageThatGrows(t *testing.T) {
	api := workspace(t)
	b := bot(t, api, nil)
	receipt, err := b.Send(t.Context(), sample.Russian())
	if err != nil || !strings.HasPrefix(receipt, "posted C0NEWSROOM ") {
		t.Fatalf("%q, %v", receipt, err)
	}
	grown := sample.Grown()
	grown.First.Receipt = receipt
	for _, want := range []string{"1.", "2."} {
		if got, err := b.Send(t.Context(), grown); err != nil || !strings.HasPrefix(got, "edited "+strings.TrimPrefix(receipt, "posted ")+", reply ") {
			t.Fatalf("update %s %q, %v", want, got, err)
		}
	}
	posts := api.Posts()
	if len(posts) != 3 || posts[0].Edits != 2 || posts[1].Thread != posts[0].TS || posts[2].Thread != posts[0].TS {
		t.Fatalf("%d posts", len(posts))
	}
	if posts[0].Key != "dw_SAMPLE7KEY" || posts[1].Key != "dw_SAMPLE9KEY" {
		t.Errorf("keys %s, %s", posts[0].Key, posts[1].Key)
	}
	golden(t, "standing.json", pretty(t, posts[0].Body))
	golden(t, "reply.json", pretty(t, posts[1].Body))
	for _, p := range posts {
		if len(p.Problems) > 0 {
			t.Errorf("%v in %s", p.Problems, p.Body)
		}
	}
}

func TestAMessageThatIsGoneIsPostedAnew(t *testing.T) {
	api := workspace(t)
	b := bot(t, api, nil)
	receipt, err := b.Send(t.Context(), sample.Russian())
	if err != nil {
		t.Fatal(err)
	}
	api.Delete(api.Posts()[0].TS)
	grown := sample.Grown()
	grown.First.Receipt = receipt
	again, err := b.Send(t.Context(), grown)
	if err != nil || !strings.HasPrefix(again, "posted ") || again == receipt {
		t.Fatalf("%q, %v", again, err)
	}
	if posts := api.Posts(); len(posts) != 2 || !strings.Contains(posts[1].Text, "Update: ") || posts[1].Thread != "" {
		t.Errorf("%d posts, the last: %s", len(posts), posts[len(posts)-1].Text)
	}
	grown.First.Receipt = again
	if got, err := b.Send(t.Context(), grown); err != nil || !strings.HasPrefix(got, "edited ") {
		t.Errorf("%q, %v", got, err)
	}
}

// The first message went out through a webhook, before there was a token.
func TestAFirstMessageThatCannotBeFound(t *testing.T) {
	api := workspace(t)
	grown := sample.Grown()
	grown.First.Receipt = "200 ok"
	if got, err := bot(t, api, nil).Send(t.Context(), grown); err != nil || !strings.HasPrefix(got, "posted ") {
		t.Errorf("%q, %v", got, err)
	}
}

// Where the workspace forbids edits the thread still tells what is new.
func TestEditsThatAreForbidden(t *testing.T) {
	sinks, err := sink.Start(t.Context(), sink.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer sinks.Close()
	b := bot(t, sinks.Slack.API, nil)
	receipt, err := b.Send(t.Context(), sample.Russian())
	if err != nil {
		t.Fatal(err)
	}
	sinks.Slack.Behave(func(attempt int) sink.Manner {
		if attempt == 2 {
			return sink.Manner{Error: "edit_window_closed"}
		}
		return sink.Manner{}
	})
	grown := sample.Grown()
	grown.First.Receipt = receipt
	if _, err := b.Send(t.Context(), grown); err != nil || len(sinks.Slack.API.Posts()) != 2 {
		t.Errorf("%v, %d posts", err, len(sinks.Slack.API.Posts()))
	}
}

func TestDigestsAndNotesOnSlack(t *testing.T) {
	api := workspace(t)
	b := bot(t, api, nil)
	_, err1 := b.SendDigest(t.Context(), sample.Weekly())
	_, err2 := b.SendNote(t.Context(), sample.Alarm())
	posts := api.Posts()
	if err1 != nil || err2 != nil || len(posts) != 2 || posts[0].Key != "dg_SAMPLE" {
		t.Fatal(err1, err2, len(posts))
	}
	golden(t, "digest.json", pretty(t, posts[0].Body))
	golden(t, "note.json", pretty(t, posts[1].Body))
	for _, p := range posts {
		if len(p.Problems) > 0 {
			t.Errorf("%v", p.Problems)
		}
	}
}

// Whatever a digest, note or story holds, Slack takes it.
func TestNothingPassesTheLimits(t *testing.T) {
	api := workspace(t)
	b := bot(t, api, func(s *slack.BotSettings) { s.Buttons = true })
	digest := sample.Weekly()
	digest.List = strings.Repeat("driftwatch alerts list & ", 300)
	for i := range 400 {
		a := sample.Hostile()
		if i%2 == 0 {
			a = sample.Long()
		}
		a.Story.ID = int64(1000 + i)
		digest.Items = append(digest.Items, news.DigestItem{Country: fmt.Sprintf("C%d", i/3), Theme: "csto", Alert: a, New: true, Changes: sample.Grown().Changes})
		digest.Gaps = append(digest.Gaps, news.Gap{Source: strings.Repeat("<!channel> ", 90), Problem: strings.Repeat("& ", 900)})
		digest.Drift = append(digest.Drift, news.DriftLine{Country: strings.Repeat("`", 200), Note: strings.Repeat("<", 2000)})
	}
	if _, err := b.SendDigest(t.Context(), digest); err != nil {
		t.Error(err)
	}
	if _, err := b.SendNote(t.Context(), news.Note{Key: "n", Title: strings.Repeat("<&", 4000), Lines: strings.Split(strings.Repeat("<!here>& ", 9000), " ")}); err != nil {
		t.Error(err)
	}
	long := sample.Long()
	long.First = &news.Delivery{Receipt: "200 ok"}
	for range 300 {
		long.Changes = append(long.Changes, news.Change{Kind: news.ChangeStatus, Of: strings.Repeat("&", 400), To: strings.Repeat("<", 400)})
		long.Reports = append(long.Reports, news.Report{Article: 77, Title: strings.Repeat("|*&", 900), Link: "https://long.example/" + strings.Repeat("a", 1500)})
	}
	for _, first := range []*news.Delivery{nil, long.First} {
		long.First = first
		receipt, err := b.Send(t.Context(), long)
		if err != nil {
			t.Error(err)
		}
		long.First = &news.Delivery{Receipt: receipt}
		if _, err := b.Send(t.Context(), long); err != nil {
			t.Error(err)
		}
	}
	for _, p := range api.Posts() {
		if len(p.Problems) > 0 {
			t.Errorf("%.300v", p.Problems)
		}
	}
}

// A digest that doesn't fit says how much it left out, and how to see it.
func TestADigestThatDoesNotFit(t *testing.T) {
	api := workspace(t)
	digest := sample.Weekly()
	for i := range 200 {
		a := sample.Russian()
		a.Story.ID = int64(100 + i)
		digest.Items = append(digest.Items, news.DigestItem{Country: "UZ", Theme: "csto", Alert: a})
	}
	if _, err := bot(t, api, nil).SendDigest(t.Context(), digest); err != nil {
		t.Fatal(err)
	}
	body := string(api.Posts()[0].Body)
	shown := strings.Count(body, "• ") - len(digest.Gaps)
	want := fmt.Sprintf("and %d more that don't fit into one message of Slack, and 23 more stories; all of them: driftwatch alerts list", len(digest.Items)-shown)
	if shown < 20 || !strings.Contains(body, want) {
		t.Errorf("%d shown; no %q", shown, want)
	}
}

func TestWhatSlackAnswersToABot(t *testing.T) {
	for _, c := range []struct {
		manner    sink.Manner
		want      string
		permanent bool
		down      bool
		after     time.Duration
	}{
		{manner: sink.Manner{Error: "channel_not_found"}, want: "channel_not_found: there is no such channel for this token; correct `channel`, or invite the app into it: /invite @app", permanent: true, down: true},
		{manner: sink.Manner{Error: "not_in_channel"}, want: "not_in_channel: the app isn't in the channel; invite it: /invite @app", permanent: true, down: true},
		{manner: sink.Manner{Error: "is_archived"}, want: "is_archived: the channel is archived; restore it, or name another in `channel`", permanent: true, down: true},
		{manner: sink.Manner{Error: "account_inactive"}, want: "account_inactive: the app was removed from the workspace; install it again and put its new token into `token`", permanent: true, down: true},
		{manner: sink.Manner{Error: "token_revoked"}, want: "token_revoked: the token was revoked; install the app again and put its new token into `token`", permanent: true, down: true},
		{manner: sink.Manner{Error: "invalid_blocks"}, want: "Slack refuses the message: invalid_blocks", permanent: true},
		{manner: sink.Manner{Error: "internal_error"}, want: "Slack answered internal_error"},
		{manner: sink.Manner{Error: "something_new"}, want: "Slack answered something_new"},
		{manner: sink.Manner{Status: 429, RetryAfter: 40 * time.Second}, want: "answered 429 ratelimited", after: 40 * time.Second},
		{manner: sink.Manner{Status: 429}, want: "answered 429 Too Many Requests"},
		{manner: sink.Manner{Status: 503}, want: "answered 503 Service Unavailable"},
		{manner: sink.Manner{Status: 404}, want: "answered 404 Not Found: something other than Slack's methods is at `api`", permanent: true, down: true},
	} {
		t.Run(fmt.Sprint(c.manner.Error, c.manner.Status), func(t *testing.T) {
			_, err := bot(t, behaving(t, c.manner), nil).Send(t.Context(), sample.Russian())
			switch e := err.(type) {
			case *channel.RetryError:
				if c.permanent || e.After != c.after {
					t.Errorf("%+v", e)
				}
			case *channel.PermanentError:
				if !c.permanent || e.Down != c.down {
					t.Errorf("%+v", e)
				}
			}
			if fmt.Sprint(err) != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

// Real refusals, not told by a manner.
func TestATokenOrChannelThatIsWrong(t *testing.T) {
	api := workspace(t)
	_, err := bot(t, api, func(s *slack.BotSettings) { s.Token = "xoxb-s3cret" }).Send(t.Context(), sample.Russian())
	if err == nil || !strings.HasPrefix(err.Error(), "invalid_auth: ") || strings.Contains(err.Error(), "s3cret") {
		t.Error(err)
	}
	_, err = bot(t, api, func(s *slack.BotSettings) { s.Channel = "C0OTHER" }).Send(t.Context(), sample.Russian())
	if err == nil || !strings.HasPrefix(err.Error(), "channel_not_found: ") {
		t.Error(err)
	}
}

func TestNobodyAnswersABot(t *testing.T) {
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "<html>Sign in") }))
	set := slack.BotSettings{Token: "xoxb-s3cret", Channel: "C0NEWSROOM", API: page.URL}
	b, err := slack.NewBot(set)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Send(t.Context(), sample.Russian()); err == nil || err.Error() != "what answers isn't Slack: no JSON" {
		t.Error(err)
	}
	page.Close()
	if _, err := b.Send(t.Context(), sample.Russian()); err == nil || err.Error() != "connection refused" {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Send(ctx, sample.Russian()); err == nil || err.Error() != "stopped before there was an answer" {
		t.Error(err)
	}
}

func TestBotSettingsThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		set  slack.BotSettings
		want string
	}{
		{slack.BotSettings{Token: "xoxp-S3CRET", Channel: "c"}, "token: a bot token is expected, which begins with xoxb-"},
		{slack.BotSettings{Token: "xoxb-S3CRET"}, "channel: is missing"},
		{slack.BotSettings{Token: "xoxb-S3CRET", Channel: "c", API: "http://slack.example/api/"}, "api: must begin with https://, since the token is a secret"},
		{slack.BotSettings{Token: "xoxb-S3CRET", Channel: "c", API: "slack"}, "api: the address must begin with https:// or http://"},
	} {
		if _, err := slack.NewBot(c.set); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

func TestButtonsBecomeVerdicts(t *testing.T) {
	api := workspace(t)
	b := bot(t, api, func(s *slack.BotSettings) { s.Buttons = true })
	if _, err := b.Send(t.Context(), sample.Russian()); err != nil {
		t.Fatal(err)
	}
	var body struct {
		Blocks []struct {
			Type     string
			Elements []struct {
				ActionID string `json:"action_id"`
				Value    string
				Text     json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(api.Posts()[0].Body, &body); err != nil {
		t.Fatal(err)
	}
	buttons := body.Blocks[len(body.Blocks)-1]
	if buttons.Type != "actions" || len(buttons.Elements) != 3 {
		t.Fatalf("%+v", buttons)
	}

	heard := make(chan string, 10)
	full := errors.New("the disk is full")
	l := &slack.Listener{
		Token: api.AppToken, API: api.URL, Now: func() time.Time { return sample.Seen },
		Verdict: func(_ context.Context, story int64, says news.Judgement, person string) error {
			heard <- fmt.Sprintf("story %d is %s, says %s", story, says, person)
			if person == "Bek" {
				return full
			}
			return nil
		},
		Silence: func(_ context.Context, story int64, person string, until time.Time) error {
			heard <- fmt.Sprintf("%s silences story %d until %s", person, story, until.Format(time.RFC3339))
			return nil
		},
		Failed: func(err error) { heard <- err.Error() },
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Run(ctx) }()
	press := func(button int, person string, want ...string) {
		t.Helper()
		if err := api.Press(t.Context(), buttons.Elements[button].ActionID, buttons.Elements[button].Value, person); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if got := <-heard; got != w {
				t.Errorf("%q, want %q", got, w)
			}
		}
	}
	press(0, "Aida", "story 3 is relevant, says Aida")
	api.Drop() // it comes back by itself
	press(1, "Bek", "story 3 is irrelevant, says Bek", "the disk is full")
	press(2, "Cholpon\r\n\u202e", "Cholpon silences story 3 until 2031-08-27T06:42:00Z")
	if err := api.Press(t.Context(), "somebody_elses", "3", "Aida"); err != nil {
		t.Error(err)
	}
	press(0, "Dana", "story 3 is relevant, says Dana") // the answers before it are made
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	told := strings.Join(api.Told(), "|")
	for _, want := range []string{"Noted as relevant, by Aida.", "That didn't work: the disk is full", "This story is silent for 24 hours."} {
		if !strings.Contains(told, want) {
			t.Errorf("nobody was told %q: %s", want, told)
		}
	}
}

func TestAnAppTokenThatIsWrong(t *testing.T) {
	api := workspace(t)
	for token, want := range map[string]string{
		"xoxb-s3cret": "app_token: an app-level token is expected, which begins with xapp-",
		"xapp-s3cret": "invalid_auth: Slack doesn't know the token; copy it anew into `token`",
	} {
		if err := (&slack.Listener{Token: token, API: api.URL}).Run(t.Context()); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
