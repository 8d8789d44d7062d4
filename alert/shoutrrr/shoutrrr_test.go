package shoutrrr_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"go.uber.org/goleak"

	"driftwatch/alert/channel"
	"driftwatch/alert/internal/sample"
	"driftwatch/alert/shoutrrr"
	"driftwatch/news"
)

func TestMain(m *testing.M) {
	http.DefaultTransport = shoutrrr.Guard()
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("net/http.(*persistConn).writeLoop"), goleak.IgnoreTopFunction("internal/poll.runtime_pollWait"))
}

func Example() {
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		fmt.Println(strings.SplitN(string(body), "\n", 2)[0], err)
		_, _ = io.WriteString(w, "{}")
	}))
	defer service.Close()
	c, err := shoutrrr.New(shoutrrr.Settings{URL: ntfy(service)})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Send(context.Background(), sample.Russian()))
	// Output:
	// Kazakhstan · Sanctions · level 4 of 5 · away from Russia <nil>
	// ntfy took it <nil>
}

// ntfy is the URL of a topic of a stand-in.
func ntfy(s *httptest.Server) string {
	return "ntfy://:s3cret@" + strings.TrimPrefix(s.URL, "http://") + "/t0pic?scheme=http"
}

func generic(s *httptest.Server) string {
	return "generic://" + strings.TrimPrefix(s.URL, "http://") + "/s3cret?disabletls=yes"
}

func TestEveryKindFits(t *testing.T) {
	var got []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, string(body))
		_, _ = io.WriteString(w, "{}")
	}))
	defer s.Close()
	c, err := shoutrrr.New(shoutrrr.Settings{URL: ntfy(s), Zone: sample.Zone})
	if err != nil {
		t.Fatal(err)
	}
	digest := sample.Weekly()
	for range 100 {
		digest.Items = append(digest.Items, sample.Weekly().Items...)
	}
	for _, a := range []news.Alert{sample.Grown(), sample.Long(), sample.Hostile()} {
		if _, err := c.Send(t.Context(), a); err != nil {
			t.Error(err)
		}
	}
	if _, err := c.SendDigest(t.Context(), digest); err != nil {
		t.Error(err)
	}
	if _, err := c.SendNote(t.Context(), sample.Alarm()); err != nil {
		t.Error(err)
	}
	for _, text := range got {
		if len(text) > 4000 || !utf8.ValidString(text) || strings.Contains(text, "@here") || strings.Contains(text, "<!") || strings.ContainsAny(text, "\x1b\r\u202e") {
			t.Errorf("%d bytes: %.200q", len(text), text)
		}
	}
	if len(got) != 5 || !strings.Contains(got[0], "The level rose from 4 to 5.") || !strings.Contains(got[0], "First told here on") || !strings.HasSuffix(got[3], "…\n") {
		t.Errorf("%d messages, %.300q", len(got), got)
	}
	// What is cut still leads to the article.
	if long := got[1]; !strings.Contains(long, "https://long.example/") {
		t.Errorf("%q", long)
	}
}

func TestWhatAServiceAnswers(t *testing.T) {
	for _, c := range []struct {
		status    int
		want      string
		permanent bool
	}{
		{200, "", false},
		{401, "answered 401 Unauthorized; look at the tokens and names in `url`", true},
		{404, "answered 404 Not Found; look at the tokens and names in `url`", true},
		{400, "answered 400 Bad Request", true},
		{429, "answered 429 Too Many Requests", false},
		{503, "answered 503 Service Unavailable", false},
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, `{"code":`+fmt.Sprint(c.status)+`,"error":"s3cret"}`)
		}))
		for _, raw := range []string{generic(s), ntfy(s)} {
			ch, err := shoutrrr.New(shoutrrr.Settings{URL: raw})
			if err != nil {
				t.Fatal(err)
			}
			_, err = ch.Send(t.Context(), sample.Russian())
			_, permanent := err.(*channel.PermanentError)
			if permanent != c.permanent || (err == nil) != (c.want == "") || err != nil && !strings.HasSuffix(err.Error(), c.want) {
				t.Errorf("%d of %.7s: %T %v", c.status, raw, err, err)
			}
			if text := fmt.Sprint(err); strings.Contains(text, "s3cret") || strings.Contains(text, "127.0.0.1") || strings.Contains(text, "t0pic") {
				t.Errorf("the address is in %q", text)
			}
		}
		s.Close()
	}
}

func TestNobodyAnswersAService(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	for _, raw := range []string{generic(s), ntfy(s)} {
		c, err := shoutrrr.New(shoutrrr.Settings{URL: raw})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Send(t.Context(), sample.Russian()); err == nil || err.Error() != "connection refused" {
			t.Errorf("%.7s: %v", raw, err)
		}
	}
}

// An attempt that outlives its time is not made twice at once.
func TestAServiceThatIsSlow(t *testing.T) {
	var asked atomic.Int32
	held := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1); <-held }))
	defer s.Close()
	c, err := shoutrrr.New(shoutrrr.Settings{URL: generic(s)})
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < 3 || asked.Load() == 0; n++ { // on a slow machine an attempt may end before it is made
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		if _, err := c.Send(ctx, sample.Russian()); err == nil || err.Error() != "no answer in time" {
			t.Error(err)
		}
		cancel()
	}
	close(held)
	if _, err := c.Send(t.Context(), sample.Russian()); err != nil || asked.Load() != 2 {
		t.Errorf("%v, asked %d times", err, asked.Load())
	}
}

func TestOtherHostsAreNotReached(t *testing.T) {
	reached := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer other.Close()
	elsewhere := strings.Replace(other.URL, "127.0.0.1", "localhost", 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere+"/x", http.StatusTemporaryRedirect)
	}))
	defer s.Close()
	c, err := shoutrrr.New(shoutrrr.Settings{URL: generic(s)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Send(t.Context(), sample.Russian()); err == nil || reached || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("%v, reached: %v", err, reached)
	}
}

func TestURLsThatAreRefused(t *testing.T) {
	for raw, want := range map[string]string{
		"s3cret":             "url: the URL of a shoutrrr service is expected, such as ntfy://ntfy.sh/topic",
		"pigeon://s3cret@x":  "url: shoutrrr has no such service; it has bark, ",
		"logger://":          "url: the service logger can't be used: it writes to a log; use a channel of type stdout",
		"telegram://s3cret@": "url: isn't as the service telegram has it; see shoutrrr.nickfedor.com for its form",
		"discord://s3cret":   "url: isn't as the service discord has it; see shoutrrr.nickfedor.com for its form",
	} {
		if _, err := shoutrrr.New(shoutrrr.Settings{URL: raw}); err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v, want %s", raw, err, want)
		}
	}
	for _, raw := range []string{
		"telegram://110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw@telegram?chats=@news",
		"discord://Token_1234567890@692123456789012345", "matrix://user:s3cret@matrix.example/?rooms=!room:matrix.example",
		"ntfy://ntfy.sh/topic", "gotify://gotify.example/Aaa.bbb.ccc.ddd",
	} {
		if _, err := shoutrrr.New(shoutrrr.Settings{URL: raw}); err != nil {
			t.Errorf("%.8s: %v", raw, err)
		}
	}
}
