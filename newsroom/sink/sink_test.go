package sink_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"go.uber.org/goleak"

	"driftwatch/newsroom/sink"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func Example() {
	sinks, err := sink.Start(context.Background(), sink.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sinks.Close()
	defer http.DefaultClient.CloseIdleConnections()

	for range 2 { // the second time by mistake
		res, err := http.Post(sinks.Slack.URL, "application/json",
			strings.NewReader(`{"text":"A story","unfurl_links":false,"unfurl_media":false}`))
		if err != nil {
			fmt.Println(err)
			return
		}
		res.Body.Close()
	}
	fmt.Println(len(sinks.Messages()), "messages,", sinks.Doubles(), "double")
	// Output: 2 messages, 1 double
}

var now = time.Date(2026, time.November, 24, 9, 30, 0, 0, time.UTC)

func start(t *testing.T, o sink.Options) *sink.Sinks {
	t.Helper()
	o.Now = func() time.Time { return now }
	s, err := sink.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func post(t *testing.T, url string, body string, header http.Header) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for name, values := range header {
		req.Header[name] = values
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, strings.TrimSpace(string(answer))
}

// text is a JSON string of n characters.
func text(n int) string { return `"` + strings.Repeat("я", n) + `"` }

func TestSlackRefuses(t *testing.T) {
	s := start(t, sink.Options{})
	for _, tt := range []struct{ name, body, want string }{
		{"not JSON", `text=hello`, "invalid_payload"},
		{"a wrong type", `{"text":7}`, "invalid_payload"},
		{"nothing", `{}`, "no_text"},
		{"too many attachments", `{"attachments":[` + strings.Repeat(`{},`, 100) + `{}]}`, "too_many_attachments"},
		{"too many blocks", `{"blocks":[` + strings.Repeat(`{"type":"divider"},`, 50) + `{"type":"divider"}]}`, "invalid_blocks"},
		{"an unknown block", `{"blocks":[{"type":"paragraph"}]}`, "invalid_blocks"},
		{"a block_id twice", `{"blocks":[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]}`, "invalid_blocks"},
		{"a long block_id", `{"blocks":[{"type":"divider","block_id":` + text(256) + `}]}`, "invalid_blocks"},
		{"an empty section", `{"blocks":[{"type":"section"}]}`, "invalid_blocks"},
		{"a section without a text's type", `{"blocks":[{"type":"section","text":{"text":"a"}}]}`, "invalid_blocks"},
		{"a long section", `{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":` + text(3001) + `}}]}`, "invalid_blocks"},
		{"a long field", `{"blocks":[{"type":"section","fields":[{"type":"mrkdwn","text":` + text(2001) + `}]}]}`, "invalid_blocks"},
		{"too many fields", `{"blocks":[{"type":"section","fields":[` + strings.Repeat(`{"type":"mrkdwn","text":"a"},`, 10) + `{"type":"mrkdwn","text":"a"}]}]}`, "invalid_blocks"},
		{"a long header", `{"blocks":[{"type":"header","text":{"type":"plain_text","text":` + text(151) + `}}]}`, "invalid_blocks"},
		{"a header with markup", `{"blocks":[{"type":"header","text":{"type":"mrkdwn","text":"a"}}]}`, "invalid_blocks"},
		{"an empty context", `{"blocks":[{"type":"context","elements":[]}]}`, "invalid_blocks"},
		{"a context with a button", `{"blocks":[{"type":"context","elements":[{"type":"button"}]}]}`, "invalid_blocks"},
		{"an image without description", `{"blocks":[{"type":"image","image_url":"https://a.example/b.png"}]}`, "invalid_blocks"},
		{"a long button", `{"blocks":[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":` + text(76) + `}}]}]}`, "invalid_blocks"},
		{"a button's long address", `{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"a"},"accessory":{"type":"button","text":{"type":"plain_text","text":"a"},"url":"https://a.example/` + strings.Repeat("b", 3000) + `"}}]}`, "invalid_blocks"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res, answer := post(t, s.Slack.URL, tt.body, nil)
			if res.StatusCode != http.StatusBadRequest || !strings.HasPrefix(answer, tt.want) {
				t.Errorf("%s %q, want 400 %q", res.Status, answer, tt.want)
			}
		})
	}
	if res, answer := post(t, s.Slack.URL+"x", `{"text":"a"}`, nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("another address: %s %s, want 404", res.Status, answer)
	}
	if n := len(s.Slack.Messages()); n != 0 {
		t.Errorf("%d messages were taken, want 0", n)
	}
}

func TestSlackTakes(t *testing.T) {
	s := start(t, sink.Options{})
	body := `{"text":"Story","unfurl_links":false,"unfurl_media":false,"blocks":[
		{"type":"header","text":{"type":"plain_text","text":"Kazakhstan <b> & others"}},
		{"type":"section","text":{"type":"mrkdwn","text":"<https://a.example/?a=1&b=2|R&amp;D &lt;new&gt;>\n> a *quotation*"},
			"fields":[{"type":"mrkdwn","text":"*Level*\n4"}],
			"accessory":{"type":"button","text":{"type":"plain_text","text":"Open"},"url":"https://a.example/"}},
		{"type":"context","elements":[{"type":"mrkdwn","text":"<!date^1700000000^{date}|2023>"},{"type":"image","image_url":"https://a.example/i.png","alt_text":"i"}]},
		{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a"}]}]},
		{"type":"divider"}]}`
	res, answer := post(t, s.Slack.URL, body, http.Header{"Idempotency-Key": {"k1"}})
	if res.StatusCode != http.StatusOK || answer != "ok" {
		t.Fatalf("%s %q, want 200 ok", res.Status, answer)
	}
	m := s.Slack.Messages()
	if len(m) != 1 || m[0].Key != "k1" || string(m[0].Body) != body || !m[0].At.Equal(now) {
		t.Errorf("taken: %+v", m)
	}
	if len(m[0].Problems) != 0 {
		t.Errorf("problems %q, want none", m[0].Problems)
	}
}

func TestSlackProblems(t *testing.T) {
	s := start(t, sink.Options{})
	for _, tt := range []struct{ name, text, want string }{
		{"calls everybody", "<!channel> look", "control sequence <!channel>"},
		{"calls somebody", "<@U123> look", "control sequence <@U123>"},
		{"names a channel", "see <#C123>", "control sequence <#C123>"},
		{"an ampersand", "R&D", `"&" isn't escaped`},
		{"a bracket", "1 < 2", `"<" isn't escaped`},
		{"a script's address", "<javascript:alert(1)|a>", "control sequence"},
		{"too long", strings.Repeat("a", 40001), "cut"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body, err := json.Marshal(map[string]any{"text": tt.text, "unfurl_links": false, "unfurl_media": false})
			if err != nil {
				t.Fatal(err)
			}
			post(t, s.Slack.URL, string(body), nil)
			all := s.Slack.Messages()
			if p := all[len(all)-1].Problems; len(p) != 1 || !strings.Contains(p[0], tt.want) {
				t.Errorf("problems %q, want %q", p, tt.want)
			}
		})
	}
	post(t, s.Slack.URL, `{"blocks":[{"type":"divider"}]}`, nil)
	all := s.Slack.Messages()
	want := []string{"no text for notifications and screen readers", "links may unfold"}
	if p := all[len(all)-1].Problems; !slices.Equal(p, want) {
		t.Errorf("problems %q, want %q", p, want)
	}
}

func TestManners(t *testing.T) {
	s := start(t, sink.Options{})
	s.Slack.Behave(func(attempt int) sink.Manner {
		switch attempt {
		case 1:
			return sink.Manner{Status: http.StatusTooManyRequests, RetryAfter: 30 * time.Second}
		case 2:
			return sink.Manner{Status: http.StatusInternalServerError}
		case 3:
			return sink.Manner{Wait: time.Millisecond}
		}
		return sink.Manner{Hang: true}
	})
	const message = `{"text":"a"}`
	if res, answer := post(t, s.Slack.URL, message, nil); res.StatusCode != 429 || res.Header.Get("Retry-After") != "30" || answer != "rate_limited" {
		t.Errorf("first: %s, Retry-After %q, %q", res.Status, res.Header.Get("Retry-After"), answer)
	}
	if res, _ := post(t, s.Slack.URL, message, nil); res.StatusCode != 500 {
		t.Errorf("second: %s", res.Status)
	}
	if n := len(s.Slack.Messages()); n != 0 {
		t.Errorf("%d messages were taken by now, want 0", n)
	}
	if res, _ := post(t, s.Slack.URL, message, nil); res.StatusCode != 200 {
		t.Errorf("third: %s", res.Status)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		if err := s.Await(t.Context(), 2); err != nil {
			t.Error(err)
		}
	}()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Slack.URL, strings.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if res, err := http.DefaultClient.Do(req); err == nil {
		res.Body.Close()
		t.Errorf("fourth: %s", res.Status)
	}
	if n := s.Doubles(); n != 1 {
		t.Errorf("%d doubles, want 1", n)
	}
	if n := s.Slack.Attempts(); n != 4 {
		t.Errorf("%d attempts, want 4", n)
	}
	if err := s.Await(ctx, 3); err == nil {
		t.Error("a third message was awaited in vain without an error")
	}
}

func TestWebhook(t *testing.T) {
	s := start(t, sink.Options{})
	sign, err := standardwebhooks.NewWebhook(s.Webhook.Secret)
	if err != nil {
		t.Fatal(err)
	}
	signed := func(id string, at time.Time, body string) http.Header {
		signature, err := sign.Sign(id, at, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return http.Header{
			"Webhook-Id": {id}, "Webhook-Timestamp": {strconv.FormatInt(at.Unix(), 10)}, "Webhook-Signature": {signature},
		}
	}
	const good = `{"type":"story.flagged","timestamp":"2026-11-24T09:30:00Z","data":{}}`
	for _, tt := range []struct {
		name, body string
		header     http.Header
		want       int
	}{
		{"signed", good, signed("msg_1", now, good), 204},
		{"signed, again", good, signed("msg_1", now.Add(time.Minute), good), 204},
		{"not signed", good, nil, 401},
		{"another body", `{}`, signed("msg_2", now, good), 401},
		{"too old", good, signed("msg_3", now.Add(-6*time.Minute), good), 401},
		{"too new", good, signed("msg_4", now.Add(6*time.Minute), good), 401},
		{"not JSON", `{`, signed("msg_5", now, `{`), 400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if res, answer := post(t, s.Webhook.URL, tt.body, tt.header); res.StatusCode != tt.want {
				t.Errorf("%s %q, want %d", res.Status, answer, tt.want)
			}
		})
	}
	m := s.Webhook.Messages()
	if len(m) != 2 || m[0].Key != "msg_1" || len(m[0].Problems) != 0 || s.Doubles() != 1 {
		t.Errorf("taken: %+v, %d doubles", m, s.Doubles())
	}
	post(t, s.Webhook.URL, `{}`, signed("msg_6", now, `{}`))
	m = s.Webhook.Messages()
	if want := []string{"no type", "no timestamp in RFC 3339", "no data"}; !slices.Equal(m[len(m)-1].Problems, want) {
		t.Errorf("problems %q, want %q", m[len(m)-1].Problems, want)
	}
}

const letter = "From: Desk <desk@a.example>\r\nTo: <b@b.example>\r\nDate: Tue, 24 Nov 2026 09:30:00 +0000\r\n" +
	"Message-ID: <1.k@a.example>\r\nSubject: =?utf-8?q?=D0=9C=D0=B8=D1=80?=\r\nMIME-Version: 1.0\r\n" +
	"Content-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n"

// dial opens a session with the mail sink, with STARTTLS where it has a
// certificate.
func dial(t *testing.T, m *sink.Mail) *smtp.Client {
	t.Helper()
	addr := net.JoinHostPort(m.Host, strconv.Itoa(m.Port))
	if len(m.Cert) == 0 {
		c, err := smtp.Dial(addr)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(m.Cert) {
		t.Fatal("the certificate can't be read")
	}
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	c, err := smtp.NewClientStartTLS(conn, &tls.Config{RootCAs: roots, ServerName: m.Host, Time: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestMail(t *testing.T) {
	for _, tt := range []struct {
		name    string
		options sink.Options
	}{
		{"plain", sink.Options{}},
		{"STARTTLS", sink.Options{STARTTLS: true}},
		{"STARTTLS and login", sink.Options{STARTTLS: true, Username: "desk", Password: "secret"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t, tt.options)
			c := dial(t, s.Mail)
			defer c.Close()
			if tt.options.Username != "" {
				if err := c.SendMail("desk@a.example", []string{"b@b.example"}, strings.NewReader(letter)); err == nil {
					t.Error("a mail without login was taken")
				}
				if err := c.Auth(sasl.NewPlainClient("", "desk", "wrong")); err == nil {
					t.Error("a wrong password was taken")
				}
				if err := c.Auth(sasl.NewPlainClient("", "desk", "secret")); err != nil {
					t.Fatal(err)
				}
			}
			if err := c.SendMail("desk@a.example", []string{"b@b.example"}, strings.NewReader(letter)); err != nil {
				t.Fatal(err)
			}
			all := s.Mail.Messages()
			if len(all) != 1 {
				t.Fatalf("%d mails, want 1", len(all))
			}
			m := all[0]
			if m.Key != "1.k@a.example" || m.Subject != "Мир" || m.From != "desk@a.example" ||
				!slices.Equal(m.To, []string{"b@b.example"}) || m.TLS != tt.options.STARTTLS {
				t.Errorf("taken: %+v", m)
			}
			if !bytes.HasSuffix(m.Body, []byte("\r\n\r\nHello\r\n")) || len(m.Problems) != 0 {
				t.Errorf("body %q, problems %q", m.Body, m.Problems)
			}
		})
	}
}

// A server may be closed before its goroutine has begun to listen.
func TestSinksThatCloseAtOnce(t *testing.T) {
	for range 300 {
		sinks, err := sink.Start(t.Context(), sink.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := sinks.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMailManners(t *testing.T) {
	s := start(t, sink.Options{})
	s.Mail.Behave(func(attempt int) sink.Manner {
		return []sink.Manner{{Status: 451}, {Status: 550}, {}}[attempt-1]
	})
	for i, want := range []int{451, 550, 0} {
		c := dial(t, s.Mail)
		err := c.SendMail("desk@a.example", []string{"b@b.example"}, strings.NewReader(letter))
		code := 0
		if e, ok := err.(*smtp.SMTPError); ok {
			code = e.Code
		} else if err != nil {
			t.Error(err)
		}
		if code != want {
			t.Errorf("attempt %d: %d, want %d", i+1, code, want)
		}
		c.Close()
	}
	if n := len(s.Mail.Messages()); n != 1 {
		t.Errorf("%d mails were taken, want 1", n)
	}
}

func TestMailWantsSTARTTLS(t *testing.T) {
	s := start(t, sink.Options{STARTTLS: true})
	c, err := smtp.Dial(net.JoinHostPort(s.Mail.Host, strconv.Itoa(s.Mail.Port)))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SendMail("desk@a.example", []string{"b@b.example"}, strings.NewReader(letter)); err == nil {
		t.Error("a mail without TLS was taken")
	}
}

func TestMailHangs(t *testing.T) {
	s := start(t, sink.Options{})
	s.Mail.Behave(func(int) sink.Manner { return sink.Manner{Hang: true} })
	c := dial(t, s.Mail)
	done := make(chan error)
	go func() { done <- c.SendMail("desk@a.example", []string{"b@b.example"}, strings.NewReader(letter)) }()
	if err := s.Await(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	c.Close()
	if err := <-done; err == nil {
		t.Error("the mail was answered")
	}
}

func TestMailProblems(t *testing.T) {
	s := start(t, sink.Options{})
	c := dial(t, s.Mail)
	defer c.Close()
	const poor = "From: nobody\r\nSubject: a\r\nSubject: b\r\n\r\nHello\r\n"
	if err := c.SendMail("desk@a.example", []string{"b@b.example"}, strings.NewReader(poor)); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(s.Mail.Messages()[0].Problems, "\n")
	for _, want := range []string{"0 header fields Message-Id", "2 header fields Subject", "date can't be read", "sender can't be read"} {
		if !strings.Contains(got, want) {
			t.Errorf("problems\n%s\nlack %q", got, want)
		}
	}
}
