package slack_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"go.uber.org/goleak"

	"driftwatch/alert/channel"
	"driftwatch/alert/internal/sample"
	"driftwatch/alert/message"
	"driftwatch/alert/slack"
	"driftwatch/news"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var update = flag.Bool("update", false, "rewrite the golden files")

// stand is a stand-in for Slack.
type stand struct {
	*httptest.Server
	status int
	answer string
	header http.Header
	got    [][]byte
}

func newStand(t *testing.T, status int, answer string) *stand {
	s := &stand{status: status, answer: answer, header: http.Header{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			t.Errorf("%s with %s", r.Method, r.Header.Get("Content-Type"))
		}
		s.got = append(s.got, body)
		for k, v := range s.header {
			w.Header()[k] = v
		}
		w.WriteHeader(s.status)
		_, _ = io.WriteString(w, s.answer)
	}))
	t.Cleanup(s.Close)
	return s
}

const path = "/services/T0SECRET/B0SECRET/xyzsecret"

func open(t *testing.T, address string) *slack.Channel {
	t.Helper()
	c, err := slack.New(slack.Settings{WebhookURL: address, UserAgent: "Driftwatch/test", Zone: sample.Zone})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func Example() {
	slackHost := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }))
	defer slackHost.Close()
	c, err := slack.New(slack.Settings{WebhookURL: slackHost.URL + "/services/T0/B0/secret"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Send(context.Background(), sample.Russian()))
	// Output: 200 ok <nil>
}

func TestPayload(t *testing.T) {
	for name, a := range map[string]news.Alert{
		"grown.json":   sample.Grown(),
		"russian.json": sample.Russian(), "kyrgyz.json": sample.Kyrgyz(), "hostile.json": sample.Hostile(),
		"test.json": {Delivery: news.Delivery{Route: "test"}, Article: news.Article{Title: "This is only a test.", Seen: sample.Seen}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStand(t, 200, "ok")
			receipt, err := open(t, s.URL+path).Send(t.Context(), a)
			if err != nil || receipt != "200 ok" {
				t.Fatalf("%q, %v", receipt, err)
			}
			golden(t, name, pretty(t, s.got[0]))
		})
	}
}

func pretty(t *testing.T, raw []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has changed; got:\n%s", file, got)
	}
}

// texts are all strings that Slack would read marks in, and all others.
func texts(t *testing.T, m message.Message) (marked, plain []string) {
	t.Helper()
	raw, err := json.Marshal(slack.Payload(m))
	if err != nil {
		t.Fatal(err)
	}
	var p struct {
		Text   string
		Unfurl bool `json:"unfurl_links"`
		Media  bool `json:"unfurl_media"`
		Blocks []struct {
			Type     string
			Text     struct{ Type, Text string }
			Elements []struct{ Type, Text string }
		}
	}
	p.Unfurl, p.Media = true, true
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatal(err)
	}
	if p.Unfurl || p.Media {
		t.Error("links are unfurled")
	}
	if len(p.Blocks) > 50 {
		t.Errorf("%d blocks", len(p.Blocks))
	}
	marked = append(marked, p.Text)
	for _, b := range p.Blocks {
		switch {
		case len(b.Elements) > 10:
			t.Errorf("a context of %d elements", len(b.Elements))
		case b.Type == "header":
			plain = append(plain, b.Text.Text)
		case b.Type == "section":
			marked = append(marked, b.Text.Text)
		}
		for _, e := range b.Elements {
			marked = append(marked, e.Text)
		}
	}
	return marked, plain
}

func TestNothingForeignActs(t *testing.T) {
	marked, _ := texts(t, message.New(sample.Hostile(), nil))
	for _, s := range marked {
		rest := strings.ReplaceAll(s, "*<https://news.example/a?", "")
		if strings.Count(rest, "<") > 0 || strings.ContainsAny(s, "`_~\x1b\u202e\r") || strings.Contains(s, "@here") {
			t.Errorf("this may act: %q", s)
		}
		if strings.Count(s, "*")%2 != 0 {
			t.Errorf("emphasis that isn't ours: %q", s)
		}
	}
}

func TestLimits(t *testing.T) {
	long := sample.Long()
	quote := long
	quote.Article.Link = "https://long.example/" + strings.Repeat("a", 1500)
	quote.Article.Title = strings.Repeat("<", 5000)
	for _, a := range []news.Alert{long, quote, sample.Hostile()} {
		marked, plain := texts(t, message.New(a, nil))
		for _, s := range marked {
			if n := utf8.RuneCountInString(s); n > 3000 || n == 0 {
				t.Errorf("a text of %d characters", n)
			}
			if i := strings.LastIndexByte(s, '&'); i >= 0 && !strings.Contains(s[i:], ";") {
				t.Errorf("half an entity at the end of %q", s[i:])
			}
		}
		for _, s := range plain {
			if n := utf8.RuneCountInString(s); n > 150 || n == 0 {
				t.Errorf("a header of %d characters", n)
			}
		}
	}
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		status     int
		answer     string
		retryAfter string
		after      time.Duration
		want       string // the problem; "" where it is accepted
		permanent  bool
		down       bool
	}{
		{status: 200, answer: "ok"},
		{status: 200, answer: ""},
		{status: 200, answer: "<!DOCTYPE html><title>Sign in</title>", want: "200 OK, but with a web page: something else answers there"},
		{status: 429, answer: "rate_limited", retryAfter: "30", after: 30 * time.Second, want: "answered 429 rate_limited"},
		{status: 503, answer: "<html>", retryAfter: "x", want: "answered 503 Service Unavailable"},
		{status: 500, answer: "rollup_error", want: "answered 500 rollup_error"},
		{status: 400, answer: "invalid_payload", want: "answered 400 invalid_payload", permanent: true},
		{status: 403, answer: "action_prohibited", want: "answered 403 action_prohibited; ask the workspace's administrator whether the app may post", permanent: true, down: true},
		{status: 404, answer: "no_service", want: "answered 404 no_service; the webhook is gone: make a new one on the app's page and put its address into `webhook_url`", permanent: true, down: true},
		{status: 410, answer: "channel_is_archived", want: "answered 410 channel_is_archived; restore the channel, or make a webhook for another", permanent: true, down: true},
		{status: 404, answer: "xyzsecret", want: "answered 404 Not Found; the webhook is gone: make a new one on the app's page and put its address into `webhook_url`", permanent: true, down: true},
		{status: 404, answer: "no hook at " + path, want: "answered 404 Not Found; the webhook is gone: make a new one on the app's page and put its address into `webhook_url`", permanent: true, down: true},
		{status: 302, want: "answered 302 Found, a redirect, which is not followed: write the address that it leads to", permanent: true, down: true},
	} {
		t.Run(fmt.Sprintf("%d %.20s", c.status, c.answer), func(t *testing.T) {
			s := newStand(t, c.status, c.answer)
			s.header.Set("Retry-After", c.retryAfter)
			s.header.Set("Location", s.URL+"/elsewhere")
			receipt, err := open(t, s.URL+path).Send(t.Context(), sample.Russian())
			if len(s.got) != 1 {
				t.Fatalf("%d requests", len(s.got))
			}
			switch e := err.(type) {
			case nil:
				if c.want != "" || receipt == "" {
					t.Errorf("receipt %q, want problem %q", receipt, c.want)
				}
			case *channel.RetryError:
				if c.permanent || e.Problem != c.want || e.After != c.after {
					t.Errorf("%+v", e)
				}
			case *channel.PermanentError:
				if !c.permanent || e.Problem != c.want || e.Down != c.down {
					t.Errorf("%+v", e)
				}
			default:
				t.Errorf("%T: %v", err, err)
			}
			if all := fmt.Sprint(receipt, err); strings.Contains(strings.ToLower(all), "secret") || strings.Contains(all, "127.0.0.1") {
				t.Errorf("the address is in %q", all)
			}
		})
	}
}

func TestNobodyAnswers(t *testing.T) {
	s := newStand(t, 200, "ok")
	c := open(t, s.URL+path)
	s.Close()
	_, err := c.Send(t.Context(), sample.Russian())
	if retry, ok := err.(*channel.RetryError); !ok || retry.Problem != "connection refused" {
		t.Errorf("%T %v", err, err)
	}
}

func TestSendStopsWithItsContext(t *testing.T) {
	held := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-held }))
	defer s.Close()
	defer close(held)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := open(t, s.URL+path).Send(ctx, sample.Russian())
	if retry, ok := err.(*channel.RetryError); !ok || retry.Problem != "no answer in time" {
		t.Errorf("%T %v", err, err)
	}
}

func TestAddressesThatAreRefused(t *testing.T) {
	for address, want := range map[string]string{
		"":                         "webhook_url: the address must begin with https:// or http://",
		"hooks.example/T0SECRET":   "webhook_url: the address must begin with https:// or http://",
		"http://hooks.example/x":   "webhook_url: must begin with https://, since the address is a secret",
		"https:///services":        "webhook_url: the address has no host",
		"https://hooks\x00example": "webhook_url: the address can't be read as a URL",
	} {
		if _, err := slack.New(slack.Settings{WebhookURL: address}); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", address, err, want)
		}
	}
}

// TestEachAttemptCarriesTheDeliverysKey: what takes messages can tell a second
// copy, also where the text has changed in between.
func TestEachAttemptCarriesTheDeliverysKey(t *testing.T) {
	got := make(chan string, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got <- r.Header.Get("Idempotency-Key")
		_, _ = io.WriteString(w, "ok")
	}))
	defer s.Close()
	c, err := slack.New(slack.Settings{WebhookURL: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Send(t.Context(), news.Alert{Delivery: news.Delivery{Key: "dw_1"}}); err != nil {
		t.Fatal(err)
	}
	if key := <-got; key != "dw_1" {
		t.Errorf("key %q", key)
	}
}
