package webhook_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"go.uber.org/goleak"

	"driftwatch/alert/channel"
	"driftwatch/alert/internal/sample"
	"driftwatch/alert/message"
	"driftwatch/alert/webhook"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func Example() {
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		verify, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			fmt.Println(err)
			return
		}
		body, err := io.ReadAll(r.Body)
		fmt.Println(r.Header.Get("webhook-id"), err, verify.Verify(body, r.Header))
	}))
	defer receiver.Close()
	c, err := webhook.New(webhook.Settings{URL: receiver.URL, Secret: secret, Now: time.Now})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Send(context.Background(), sample.Russian()))
	// Output:
	// dw_SAMPLE7KEY <nil> <nil>
	// 200 OK <nil>
}

// The example of the Standard Webhooks specification's reference
// implementations.
func TestSignature(t *testing.T) {
	sign, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	got, err := sign.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; err != nil || got != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
}

func TestRequest(t *testing.T) {
	var header []http.Header
	var bodies []string
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		header, bodies = append(header, r.Header), append(bodies, string(body))
		w.WriteHeader(http.StatusAccepted)
	}))
	defer receiver.Close()
	now := sample.Seen
	c, err := webhook.New(webhook.Settings{URL: receiver.URL, Secret: secret, UserAgent: "Driftwatch/test", Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if receipt, err := c.Send(t.Context(), sample.Hostile()); err != nil || receipt != "202 Accepted" {
			t.Fatalf("%q, %v", receipt, err)
		}
		now = now.Add(time.Hour)
	}
	if bodies[0] != bodies[1] || header[0].Get("webhook-id") != header[1].Get("webhook-id") {
		t.Error("a second attempt differs from the first")
	}
	if header[0].Get("webhook-timestamp") != "1945492920" || header[1].Get("webhook-timestamp") != "1945496520" {
		t.Errorf("timestamps: %s, %s", header[0].Get("webhook-timestamp"), header[1].Get("webhook-timestamp"))
	}
	if header[0].Get("Content-Type") != "application/json" || header[0].Get("User-Agent") != "Driftwatch/test" {
		t.Errorf("%v", header[0])
	}
	verify, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	for i := range bodies {
		if err := verify.VerifyIgnoringTimestamp([]byte(bodies[i]), header[i]); err != nil {
			t.Error(err)
		}
	}
	var doc message.JSON
	if err := json.Unmarshal([]byte(bodies[0]), &doc); err != nil || doc.Type != message.Flagged || doc.ID != header[0].Get("webhook-id") {
		t.Errorf("%+v, %v", doc, err)
	}
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		status    int
		after     string
		want      string
		permanent bool
		wait      time.Duration
	}{
		{status: 204},
		{status: 410, want: "answered 410 Gone", permanent: true},
		{status: 401, want: "answered 401 Unauthorized", permanent: true},
		{status: 429, after: "120", want: "answered 429 Too Many Requests", wait: 2 * time.Minute},
		{status: 503, after: time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat), want: "answered 503 Service Unavailable"},
		{status: 502, want: "answered 502 Bad Gateway"},
		{status: 307, want: "answered 307 Temporary Redirect, a redirect, which is not followed: write the address that it leads to", permanent: true},
	} {
		t.Run(fmt.Sprint(c.status), func(t *testing.T) {
			asked := 0
			receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked++
				if c.after != "" {
					w.Header().Set("Retry-After", c.after)
				}
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(c.status)
			}))
			defer receiver.Close()
			ch, err := webhook.New(webhook.Settings{URL: receiver.URL + "/hook?token=T0KEN", Secret: secret, Now: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			_, err = ch.Send(t.Context(), sample.Russian())
			retry, again := err.(*channel.RetryError)
			switch {
			case err == nil && c.want == "":
			case err == nil || err.Error() != c.want || again == c.permanent:
				t.Errorf("%T %v", err, err)
			case again && retry.After != c.wait:
				t.Errorf("asks for %v, want %v", retry.After, c.wait)
			}
			if asked != 1 {
				t.Errorf("%d requests", asked)
			}
		})
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	for _, c := range []struct{ url, secret, want string }{
		{"ftp://a.example/T0KEN", secret, "url: the address must begin with https:// or http://"},
		{"https://a.example", "", "secret: must be"},
		{"https://a.example", "whsec_not base64!", "secret: must be"},
		{"https://a.example", "whsec_" + base64.StdEncoding.EncodeToString([]byte("too short")), "secret: must be"},
		{"https://a.example", "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 65)), "secret: must be"},
	} {
		_, err := webhook.New(webhook.Settings{URL: c.url, Secret: c.secret})
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "T0KEN") {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}
