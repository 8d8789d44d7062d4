package shoutrrr

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nicholas-fedor/shoutrrr/pkg/router"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"

	"driftwatch/alert/channel"
	"driftwatch/alert/message"
	"driftwatch/news"
)

// Settings of a channel.
type Settings struct {
	URL  string         // of the service, with its tokens
	Zone *time.Location // of the times in messages; nil: UTC
}

// Channel sends messages to one service.
type Channel struct {
	url     string
	service types.Service // nil: not opened yet; who holds busy may use it
	name    string        // the service's: "ntfy"
	zone    *time.Location
	limit   int           // bytes of a message
	busy    chan struct{} // holds one: an attempt may outlive its context
}

// refused are services that aren't for messages to people, or have a type of
// channel of their own that does more.
var refused = map[string]string{
	"logger": "it writes to a log; use a channel of type stdout",
}

// New makes a channel of its settings. An error names the setting that is wrong
// and doesn't hold its value.
func New(s Settings) (*Channel, error) {
	scheme, _, found := strings.Cut(strings.TrimSpace(s.URL), "://")
	name, _, _ := strings.Cut(strings.ToLower(scheme), "+")
	var routes router.ServiceRouter
	known := routes.ListServices()
	slices.Sort(known)
	switch {
	case !found || name == "":
		return nil, errors.New("url: the URL of a shoutrrr service is expected, such as ntfy://ntfy.sh/topic")
	case !slices.Contains(known, name):
		return nil, fmt.Errorf("url: shoutrrr has no such service; it has %s", strings.Join(known, ", "))
	case refused[name] != "":
		return nil, fmt.Errorf("url: the service %s can't be used: %s", name, refused[name])
	}
	c := &Channel{url: strings.TrimSpace(s.URL), name: name, zone: s.Zone, limit: limitOf(name), busy: make(chan struct{}, 1)}
	if !logsIn[name] {
		if err := c.open(); err != nil {
			return nil, fmt.Errorf("url: isn't as the service %s has it; see shoutrrr.nickfedor.com for its form", name)
		}
	}
	allow(name, s.URL)
	return c, nil
}

// logsIn are services that the library asks for a login as soon as it reads
// their URL: they are opened with the first message.
var logsIn = map[string]bool{"matrix": true}

// open prepares the service, once.
func (c *Channel) open() error {
	if c.service != nil {
		return nil
	}
	quiet := log.New(io.Discard, "", 0)
	var routes router.ServiceRouter
	routes.SetLogger(quiet)
	service, err := routes.Locate(c.url)
	if err != nil {
		return err
	}
	service.SetLogger(quiet)
	c.service = service
	return nil
}

// limits are how many bytes a message to a service may have, with some room.
var limits = map[string]int{
	"telegram": 4000, "ntfy": 4000, "pushover": 1000, "discord": 3800, "matrix": 20000, "teams": 15000, "zulip": 9000,
	"mattermost": 12000, "rocketchat": 4000, "googlechat": 4000, "hangouts": 4000, "slack": 3000, "gotify": 8000, "smtp": 50000, "generic": 50000,
}

const defaultLimit = 1900

func limitOf(name string) int {
	if n, known := limits[name]; known {
		return n
	}
	return defaultLimit
}

// Send sends an alert. The receipt is the service's name. Errors:
// [*channel.PermanentError] where the service refuses the tokens, the
// address or the message; [*channel.RetryError] for all else.
func (c *Channel) Send(ctx context.Context, a news.Alert) (string, error) {
	m := message.New(a, c.zone)
	return c.send(ctx, m.Text(), m.Link)
}

// SendDigest sends a digest. Receipt and errors are those of Send.
func (c *Channel) SendDigest(ctx context.Context, d news.Digest) (string, error) {
	return c.send(ctx, message.NewDigest(d, c.zone).Text(), "")
}

// SendNote sends a note. Receipt and errors are those of Send.
func (c *Channel) SendNote(ctx context.Context, n news.Note) (string, error) {
	return c.send(ctx, message.NewNote(n).Text(), "")
}

// Preview gives the text that Send sends.
func (c *Channel) Preview(a news.Alert) (content []byte, mediaType string, err error) {
	m := message.New(a, c.zone)
	return []byte(fit(harmless.Replace(m.Text()), m.Link, c.limit)), "text/plain; charset=utf-8", nil
}

// harmless takes away what calls everybody in one service or another.
var harmless = strings.NewReplacer(
	"@everyone", "＠everyone", "@here", "＠here", "@channel", "＠channel", "@all", "＠all", "@room", "＠room", "<@", "<＠", "<!", "<ǃ",
)

// fit cuts a text at a line, or else at a character, and keeps the link.
func fit(text, link string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := "…\n"
	if len(link) < limit/2 && link != "" {
		end += link + "\n"
	}
	cut := text[:limit-len(end)]
	for !utf8.ValidString(cut) {
		cut = cut[:len(cut)-1]
	}
	if i := strings.LastIndexByte(cut, '\n'); i > len(cut)/2 {
		cut = cut[:i+1]
	}
	if strings.Contains(cut, link) {
		end = "…\n"
	}
	return cut + end
}

// send hands a text over. The library knows no context: an attempt that doesn't
// end in time goes on by itself, and the next one waits for it.
func (c *Channel) send(ctx context.Context, text, link string) (string, error) {
	select {
	case c.busy <- struct{}{}:
	case <-ctx.Done():
		return "", &channel.RetryError{Problem: "no answer in time"}
	}
	said := make(chan error, 1)
	go func() {
		defer func() { <-c.busy }()
		if err := c.open(); err != nil {
			said <- err
			return
		}
		said <- c.service.Send(fit(harmless.Replace(text), link, c.limit), &types.Params{})
	}()
	select {
	case err := <-said:
		if err != nil {
			return "", c.problem(err)
		}
		return c.name + " took it", nil
	case <-ctx.Done():
		return "", &channel.RetryError{Problem: channel.Network(ctx.Err())}
	}
}

// status is where an error of the library names one. Its words are not kept:
// they hold the address.
var status = regexp.MustCompile(`(?i)(?:status|code|response|error|failed)[^0-9]{0,60}\b([1-5][0-9]{2})\b`)

// bracketed is a status as ntfy has it, with two digits of its own behind it.
var bracketed = regexp.MustCompile(`\(([1-5][0-9]{2})[0-9]{0,2}\)`)

// wayWords are errors of the network where the library keeps only their text.
var wayWords = [][2]string{
	{"connection refused", "connection refused"},
	{"no such host", "the host's name doesn't exist"},
	{"deadline exceeded", "no answer in time"},
	{"timed out", "no answer in time"},
	{"i/o timeout", "no answer in time"},
	{"certificate", "the host's certificate isn't valid for it"},
	{"connection reset", "the host closed the connection"},
	{errOther.Error(), "it leads to a host that the channel isn't for"},
}

// problem is what becomes of an error of the library.
func (c *Channel) problem(err error) error {
	var way *url.Error
	var op *net.OpError
	if errors.As(err, &way) {
		err = way.Err // without the address, which could hold digits like a status
	}
	switch {
	case way != nil, errors.As(err, &op):
		return &channel.RetryError{Problem: channel.Network(err)}
	}
	text := err.Error()
	for _, w := range wayWords {
		if strings.Contains(text, w[0]) {
			return &channel.RetryError{Problem: w[1]}
		}
	}
	m := status.FindStringSubmatch(text)
	if m == nil {
		m = bracketed.FindStringSubmatch(text)
	}
	if m == nil {
		return &channel.RetryError{Problem: c.name + " didn't take it"}
	}
	code, err := strconv.Atoi(m[1])
	said := strings.TrimSpace(fmt.Sprintf("%s answered %s %s", c.name, m[1], http.StatusText(code)))
	switch {
	case err != nil:
		return &channel.RetryError{Problem: c.name + " didn't take it"}
	case code == http.StatusUnauthorized, code == http.StatusForbidden, code == http.StatusNotFound, code == http.StatusGone:
		return &channel.PermanentError{Problem: said + "; look at the tokens and names in `url`", Down: true}
	case code == http.StatusBadRequest, code == http.StatusRequestEntityTooLarge, code == http.StatusUnprocessableEntity:
		return &channel.PermanentError{Problem: said}
	}
	return &channel.RetryError{Problem: said}
}
