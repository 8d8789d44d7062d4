package channel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Post sends messages to one address by HTTP.
type Post struct {
	url    *url.URL
	client *http.Client
}

// maxAnswer is how many bytes of an answer are read.
const maxAnswer = 4 << 10

// NewPost prepares for posting to address, which must be absolute, http or
// https. An error doesn't hold the address.
func NewPost(address string) (*Post, error) {
	u, err := Address(address)
	if err != nil {
		return nil, err
	}
	return &Post{url: u, client: Client(u)}, nil
}

// Address reads the address that an operator wrote for a channel: absolute,
// http or https. An error doesn't hold it.
func Address(address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil:
		return nil, errors.New("the address can't be read as a URL")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("the address must begin with https:// or http://")
	case u.Hostname() == "":
		return nil, errors.New("the address has no host")
	}
	return u, nil
}

// Client is an HTTP client that reaches the host and port of u and no other,
// follows no redirect, uses no proxy, and reads no more of an answer than any
// channel gives.
func Client(u *url.URL) *http.Client {
	return &http.Client{
		Transport: short{&http.Transport{
			DialContext:            onlyTo(u),
			DisableKeepAlives:      true, // alerts are rare; an idle connection would outlive them
			MaxResponseHeaderBytes: 64 << 10,
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// short reads answers up to a length.
type short struct{ http.RoundTripper }

// longestAnswer is how many bytes of an answer can be read at all.
const longestAnswer = 1 << 20

// RoundTrip makes a request whose answer ends at the limit.
func (s short) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := s.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, longestAnswer), resp.Body}
	}
	return resp, err
}

// Plain reports whether messages travel unencrypted to another machine.
func (p *Post) Plain() bool { return Plain(p.url) }

// Plain reports whether what goes to u travels unencrypted to another machine.
func Plain(u *url.URL) bool {
	host := u.Hostname()
	ip := net.ParseIP(host)
	return u.Scheme == "http" && host != "localhost" && (ip == nil || !ip.IsLoopback())
}

// onlyTo dials the host and port of u and refuses all others.
func onlyTo(u *url.URL) func(ctx context.Context, network, address string) (net.Conn, error) {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	only := net.JoinHostPort(u.Hostname(), port)
	var d net.Dialer
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if !strings.EqualFold(address, only) {
			return nil, errors.New("not the host that the channel is for")
		}
		return d.DialContext(ctx, network, address)
	}
}

// Send posts body with the given header and gives what was answered: the
// status with a short code word where there was one, such as "200 ok". What is
// not 2xx is a [*RetryError] or a [*PermanentError]:
//
//   - no connection, no answer, 408, 425, 429 and 5xx are for later, with the
//     answer's Retry-After (RFC 9110, 10.2.3);
//   - redirects and other 4xx are final.
func (p *Post) Send(ctx context.Context, header http.Header, body []byte) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url.String(), bytes.NewReader(body))
	if err != nil {
		return "", &PermanentError{Problem: "no request can be made to the address"}
	}
	req.Header = header
	resp, err := p.client.Do(req)
	if err != nil {
		return "", &RetryError{Problem: Network(err)}
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	answer := p.answer(resp.StatusCode, string(text))
	switch status := resp.StatusCode; {
	case 200 <= status && status < 300 && isPage(text):
		return "", &RetryError{Problem: answer + ", but with a web page: something else answers there"}
	case 200 <= status && status < 300:
		return answer, nil // accepted, even where the rest of the answer was lost
	case err != nil && status >= 500:
		return "", &RetryError{Problem: answer}
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status == http.StatusTooManyRequests, status >= 500:
		return "", &RetryError{Problem: "answered " + answer, After: retryAfter(resp.Header.Get("Retry-After"), time.Now())}
	case 300 <= status && status < 400:
		return "", &PermanentError{Problem: "answered " + answer + ", a redirect, which is not followed: write the address that it leads to", Down: true}
	default:
		return "", &PermanentError{Problem: "answered " + answer, Down: !aboutMessage(status)}
	}
}

// aboutMessage reports whether a refusal is of the one message, and not of all.
func aboutMessage(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return true
	}
	return false
}

// codeWord is an answer that is a name for what happened and nothing else:
// longer or freer text could hold what was sent, or the address.
var codeWord = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

func (p *Post) answer(status int, text string) string {
	text = strings.TrimSpace(text)
	if len(text) <= 40 && codeWord.MatchString(text) && !strings.Contains(p.url.String(), text+"/") && !strings.HasSuffix(p.url.String(), text) {
		return fmt.Sprintf("%d %s", status, text)
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

func isPage(text []byte) bool {
	return strings.HasPrefix(http.DetectContentType(text), "text/html")
}

// retryAfter reads the seconds or the date of a Retry-After field; 0 where it
// says neither, or a time that is past.
func retryAfter(field string, now time.Time) time.Duration {
	field = strings.TrimSpace(field)
	if seconds, err := strconv.ParseUint(field, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(field); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
