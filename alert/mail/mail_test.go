package mail_test

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"driftwatch/alert/channel"
	"driftwatch/alert/internal/sample"
	"driftwatch/alert/mail"
	"driftwatch/alert/message"
	"driftwatch/news"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var update = flag.Bool("update", false, "rewrite the golden files")

func settings(s *server) mail.Settings {
	return mail.Settings{
		Host: "127.0.0.1", Port: s.port, TLS: "starttls", Username: user, Password: password,
		From: "Driftwatch <alerts@driftwatch.example>", To: []string{"Aida <aida@readers.example>", "bek@readers.example", "cholpon@readers.example"},
		Roots: s.roots, Zone: sample.Zone, Now: func() time.Time { return sample.Seen },
	}
}

func open(t *testing.T, s mail.Settings) *mail.Channel {
	t.Helper()
	c, err := mail.New(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func Example() {
	c, err := mail.New(mail.Settings{
		Host: "localhost", Port: 1, // where nobody listens
		From: "Driftwatch <alerts@driftwatch.example>", To: []string{"aida@readers.example"}, Now: time.Now,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = c.Send(context.Background(), sample.Russian())
	var retry *channel.RetryError
	fmt.Println(errors.As(err, &retry), err)
	// Output: true connection refused
}

// parts are a mail's headers and its two bodies.
func parts(t *testing.T, raw string) (h netmail.Header, text, html string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s, %v", kind, err)
	}
	r := multipart.NewReader(m.Body, params["boundary"])
	for _, body := range []*string{&text, &html} {
		p, err := r.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		*body = strings.ReplaceAll(string(b), "\r\n", "\n")
	}
	return m.Header, text, html
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

func TestWhatArrives(t *testing.T) {
	for name, a := range map[string]news.Alert{
		"grown": sample.Grown(), "russian": sample.Russian(), "kyrgyz": sample.Kyrgyz(), "hostile": sample.Hostile(),
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, kind{})
			receipt, err := open(t, settings(s)).Send(t.Context(), a)
			if err != nil || receipt != "250, accepted for 3 of 3" {
				t.Fatalf("%q, %v", receipt, err)
			}
			got := s.got()
			if len(got) != 1 || !got[0].tls || got[0].from != "alerts@driftwatch.example" || len(got[0].to) != 3 {
				t.Fatalf("%+v", got)
			}
			h, text, html := parts(t, got[0].mail)
			golden(t, name+".txt", headers(t, h)+text)
			golden(t, name+".html", html)
			if strings.Contains(got[0].mail, "readers.example") {
				t.Error("readers are shown to each other")
			}
		})
	}
}

func headers(t *testing.T, h netmail.Header) string {
	t.Helper()
	var b strings.Builder
	for _, name := range []string{"From", "To", "Subject", "Date", "Message-Id", "Auto-Submitted", "List-Unsubscribe"} {
		if len(h[name]) != 1 {
			t.Errorf("%d fields %s", len(h[name]), name)
		}
		value, err := new(mime.WordDecoder).DecodeHeader(h.Get(name))
		if err != nil {
			t.Error(err)
		}
		fmt.Fprintf(&b, "%s: %s\n", name, value)
	}
	for _, name := range []string{"In-Reply-To", "References"} {
		for _, value := range h[name] {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	for name := range h {
		if name == "Bcc" || name == "Cc" {
			t.Errorf("there is a field %s", name)
		}
	}
	return b.String() + "\n"
}

func TestHTMLIsInert(t *testing.T) {
	html, err := mail.HTML(message.New(sample.Hostile(), nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range regexp.MustCompile(`<(/?[a-zA-Z!]+)[^>]*>`).FindAllString(html, -1) {
		name := strings.ToLower(regexp.MustCompile(`[a-zA-Z!0-9]+`).FindString(tag))
		if !strings.Contains(" !doctype html head meta title style body div p h1 a blockquote mark h2 ul li b span ", " "+name+" ") {
			t.Errorf("there is a %s", tag)
		}
		if strings.Contains(tag, " on") || strings.Contains(tag, " src") || strings.Contains(tag, "javascript:") {
			t.Errorf("this may act: %s", tag)
		}
	}
	if strings.Contains(html, "url(") || strings.Contains(html, "@import") {
		t.Error("the style loads something")
	}
}

func TestOneReaderIsNamed(t *testing.T) {
	s := serve(t, kind{})
	set := settings(s)
	set.To = set.To[:1]
	if _, err := open(t, set).Send(t.Context(), sample.Russian()); err != nil {
		t.Fatal(err)
	}
	if h, _, _ := parts(t, s.got()[0].mail); h.Get("To") != "<aida@readers.example>" {
		t.Errorf("To: %s", h.Get("To"))
	}
}

func TestMessageIDIsTheSameForEachAttempt(t *testing.T) {
	s := serve(t, kind{})
	c := open(t, settings(s))
	a := sample.Russian()
	for _, key := range []string{"dw_ONE", "dw_ONE", "all/team/3\r\n1", "all/team/3\r\n1"} {
		a.Delivery.Key = key
		if _, err := c.Send(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	ids := map[string]int{}
	for _, e := range s.got() {
		h, _, _ := parts(t, e.mail)
		ids[h.Get("Message-Id")]++
	}
	if len(ids) != 2 || ids["<dw_ONE@driftwatch.example>"] != 2 {
		t.Errorf("%v", ids)
	}
}

func TestWaysOfTLS(t *testing.T) {
	for name, c := range map[string]struct {
		server  kind
		change  func(*mail.Settings)
		problem string // "" where it is accepted
		retry   bool
	}{
		"implicit":                     {kind{implicit: true}, func(s *mail.Settings) { s.TLS = "implicit" }, "", false},
		"none, no login":               {kind{noTLS: true}, func(s *mail.Settings) { s.TLS = "none"; s.Username, s.Password = "", "" }, "", false},
		"starttls is the default":      {kind{}, func(s *mail.Settings) { s.TLS = "" }, "", false},
		"starttls isn't offered":       {kind{noTLS: true}, func(*mail.Settings) {}, "the server offers no STARTTLS, and nothing is sent without it; if its port speaks TLS from the first byte, set tls: implicit", false},
		"a certificate of nobody":      {kind{}, func(s *mail.Settings) { s.Roots = nil }, "the host's certificate isn't valid for it", true},
		"a certificate of another":     {kind{name: "other.example"}, func(*mail.Settings) {}, "the host's certificate isn't valid for it", true},
		"implicit where it isn't":      {kind{}, func(s *mail.Settings) { s.TLS = "implicit" }, "the host doesn't speak TLS on this port", true},
		"a wrong password":             {kind{}, func(s *mail.Settings) { s.Password = "wrong-" + password }, "the server answered 535 5.7.8 to the login: it doesn't accept the username and password", false},
		"no login where one is wanted": {kind{}, func(s *mail.Settings) { s.Username, s.Password = "", "" }, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, c.server)
			set := settings(s)
			c.change(&set)
			_, err := open(t, set).Send(t.Context(), sample.Russian())
			check(t, err, c.problem, c.retry)
			if c.problem != "" && len(s.got()) > 0 {
				t.Error("it was sent nevertheless")
			}
		})
	}
}

func check(t *testing.T, err error, problem string, retry bool) {
	t.Helper()
	if err == nil && problem == "" {
		return
	}
	if err == nil || err.Error() != problem {
		t.Fatalf("%v, want: %s", err, problem)
	}
	if _, again := err.(*channel.RetryError); again != retry {
		t.Errorf("%T", err)
	}
	for _, secret := range []string{"s3cret", "example", "127.0.0.1"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("%q is in: %v", secret, err)
		}
	}
}

func TestPasswordStaysHomeWithoutTLS(t *testing.T) {
	s := serve(t, kind{noTLS: true})
	set := settings(s)
	set.TLS, set.Host = "none", "localhost.localdomain.invalid"
	c := open(t, set)
	_, err := c.Send(t.Context(), sample.Russian())
	check(t, err, "the host's name doesn't exist", true)

	set.Host = "127.0.0.1" // a login to this machine itself is fine
	if _, err := open(t, set).Send(t.Context(), sample.Russian()); err != nil {
		t.Error(err)
	}
	if len(s.logins) != 1 {
		t.Errorf("%d logins", len(s.logins))
	}
}

func TestRefusals(t *testing.T) {
	const aida, bek, cholpon = "aida@readers.example", "bek@readers.example", "cholpon@readers.example"
	for name, c := range map[string]struct {
		refuse   map[string]error
		attempts int // recorded before
		receipt  string
		problem  string
		retry    bool
	}{
		"login put off":        {refuse: map[string]error{"login": answer(454, 4, 7, 0)}, problem: "the server answered 454 4.7.0 to the login: logging in doesn't work for now", retry: true},
		"sender put off":       {refuse: map[string]error{"from": answer(451, 4, 3, 0)}, problem: "the server answered 451 4.3.0 to the sender: it failed by itself", retry: true},
		"sender refused":       {refuse: map[string]error{"from": answer(550, 5, 7, 1)}, problem: "the server answered 550 5.7.1 to the sender: there is no such mailbox, or its rules forbid it"},
		"message put off":      {refuse: map[string]error{"data": answer(452)}, problem: "the server answered 452 to the message: it is out of room", retry: true},
		"message refused":      {refuse: map[string]error{"data": answer(554, 5, 6, 0)}, problem: "the server answered 554 5.6.0 to the message: it refuses"},
		"one reader refused":   {refuse: map[string]error{bek: answer(550, 5, 1, 1)}, receipt: "250, accepted for 2 of 3", problem: "not everybody gets the mail: the server answered 550 5.1.1 to reader 2 of 3: there is no such mailbox, or its rules forbid it"},
		"all readers refused":  {refuse: map[string]error{aida: answer(550), bek: answer(550), cholpon: answer(599)}, problem: "the server answered 550 to reader 1 of 3: there is no such mailbox, or its rules forbid it; the server answered 550 to reader 2 of 3: there is no such mailbox, or its rules forbid it; the server answered 599 to reader 3 of 3"},
		"one reader put off":   {refuse: map[string]error{bek: answer(450, 4, 7, 1)}, attempts: 3, problem: "the server answered 450 4.7.1 to reader 2 of 3: the mailbox is busy", retry: true},
		"closing at a reader":  {refuse: map[string]error{bek: answer(421, 4, 7, 0)}, attempts: 9, problem: "the server answered 421 4.7.0 to reader 2 of 3: it is closing", retry: true},
		"put off for too long": {refuse: map[string]error{bek: answer(450, 4, 7, 1)}, attempts: 4, receipt: "250, accepted for 2 of 3", problem: "not everybody gets the mail: the server answered 450 4.7.1 to reader 2 of 3: the mailbox is busy"},
		"all put off, or gone": {refuse: map[string]error{aida: answer(550), bek: answer(450), cholpon: answer(450)}, attempts: 9, problem: "the server answered 550 to reader 1 of 3: there is no such mailbox, or its rules forbid it; the server answered 450 to reader 2 of 3: the mailbox is busy; the server answered 450 to reader 3 of 3: the mailbox is busy", retry: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, kind{})
			s.refuse = c.refuse
			a := sample.Russian()
			a.Delivery.Attempts = c.attempts
			receipt, err := open(t, settings(s)).Send(t.Context(), a)
			check(t, err, c.problem, c.retry)
			if receipt != c.receipt {
				t.Errorf("receipt %q, want %q", receipt, c.receipt)
			}
			if _, partial := err.(*channel.PartialError); partial != (c.receipt != "") || len(s.got()) != map[bool]int{true: 1}[partial] {
				t.Errorf("%T, and %d were sent", err, len(s.got()))
			}
		})
	}
}

// script is a server that says lines, whatever it hears, and hangs up at the
// end of them; an empty line means that it says no more and waits.
func script(t *testing.T, lines ...string) mail.Settings {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		heard := bufio.NewReader(conn)
		for i, line := range lines {
			if line == "" {
				_, _ = io.Copy(io.Discard, heard)
				return
			}
			if i > 0 {
				if _, err := heard.ReadString('\n'); err != nil {
					return
				}
			}
			if _, err := io.WriteString(conn, line); err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	set := settings(&server{port: l.Addr().(*net.TCPAddr).Port})
	set.TLS, set.Username, set.Password = "none", "", ""
	return set
}

func TestServersThatMisbehave(t *testing.T) {
	for name, c := range map[string]struct {
		lines   []string
		problem string
	}{
		"says nothing":          {[]string{""}, "no answer in time"},
		"falls silent":          {[]string{"220 hello\r\n", "250 hello\r\n", ""}, "no answer in time"},
		"hangs up":              {[]string{"220 hello\r\n"}, "the host closed the connection"},
		"is closing":            {[]string{"421 bek@readers.example\r\n"}, "the server answered 421 to its greeting: it is closing"},
		"says no SMTP":          {[]string{"HTTP/1.1 400 Bad Request\r\n"}, "the connection failed"},
		"never stops talking":   {[]string{strings.Repeat("220-bla bla bla bla bla bla bla\r\n", 20_000)}, "the server says too much"},
		"never ends its line":   {[]string{strings.Repeat("220-bla bla bla bla bla bla bla", 20_000)}, "the server says too much"},
		"hangs up after DATA":   {[]string{"220 hello\r\n", "250 hello\r\n", "250 ok\r\n", "250 ok\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n"}, "the host closed the connection"},
		"answers what isn't so": {[]string{"220 hello\r\n", "250 hello\r\n", "354 go\r\n"}, "the server answered 354 to the sender"},
	} {
		t.Run(name, func(t *testing.T) {
			patience := time.Minute
			if c.problem == "no answer in time" {
				patience = 100 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			_, err := open(t, script(t, c.lines...)).Send(ctx, sample.Russian())
			check(t, err, c.problem, true)
		})
	}
}

func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	set := settings(&server{port: l.Addr().(*net.TCPAddr).Port})
	l.Close()
	_, err = open(t, set).Send(t.Context(), sample.Russian())
	check(t, err, "connection refused", true)
}

func TestSettingsThatAreRefused(t *testing.T) {
	for want, change := range map[string]func(*mail.Settings){
		"host: is missing":                                 func(s *mail.Settings) { s.Host = "" },
		"tls: must be starttls, implicit or none":          func(s *mail.Settings) { s.TLS = "yes" },
		"port: must be from 1 to 65535":                    func(s *mail.Settings) { s.Port = 70000 },
		"username, password: one is set without the other": func(s *mail.Settings) { s.Password = "" },
		"from: is not one mail address":                    func(s *mail.Settings) { s.From = "Driftwatch" },
		"to: is missing":                                   func(s *mail.Settings) { s.To = nil },
		"to: entry 2 is not one mail address":              func(s *mail.Settings) { s.To = []string{"a@b.example", "a@b.example, c@d.example"} },
		"to: entry 1 is not one mail address":              func(s *mail.Settings) { s.To = []string{"\"a b\"@c.example"} },
	} {
		set := settings(&server{port: 1})
		change(&set)
		if _, err := mail.New(set); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
