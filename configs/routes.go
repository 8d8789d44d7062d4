package configs

import (
	"encoding/base64"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// settings are the keys of each type of channel beside type, timeout and pace, the
// ones it needs first.
var settings = map[string]setting{
	ChannelSlack:    {takes: []string{"webhook_url", "token", "channel", "app_token", "api"}},
	ChannelMail:     {needs: []string{"host", "from", "to"}, takes: []string{"port", "username", "password", "tls", "unsubscribe"}},
	ChannelWebhook:  {needs: []string{"url", "secret"}},
	ChannelShoutrrr: {needs: []string{"url"}},
	ChannelStdout:   {takes: []string{"format"}},
}

type setting struct{ needs, takes []string }

func (s setting) has(key string) bool {
	return slices.Contains(s.needs, key) || slices.Contains(s.takes, key)
}

var channelTypes = []string{ChannelSlack, ChannelMail, ChannelWebhook, ChannelShoutrrr, ChannelStdout}

// SetDefaults gives an attempt half a minute.
func (c *Channel) SetDefaults() { c.Timeout = 30 * time.Second }

var channelName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*$`)

func (l *loader) channels() {
	for _, name := range names(l.config.Channels) {
		at := At("channels", name)
		if !channelName.MatchString(name) {
			l.doc.FaultKey(at, "a channel's name is made of letters, digits, dots, hyphens and underscores")
		}
		c := l.config.Channels[name]
		l.channel(at, name, &c)
		l.config.Channels[name] = c
	}
}

func (l *loader) channel(at Path, name string, c *Channel) {
	doc := l.doc
	in := func(steps ...any) Path { return slices.Concat(at, steps) }
	if !doc.isGroup(at) {
		return
	}
	if len(doc.missing(at, "type")) > 0 {
		doc.FaultKey(at, "the channel has no type: it is one of "+strings.Join(channelTypes, ", "))
	}
	if !doc.oneOf(in("type"), c.Type, channelTypes...) {
		return
	}
	l.belongs(at, c.Type)
	doc.judge(in("timeout"), noTime(c.Timeout))
	l.quiet(in("quiet_hours"), c.QuietHours)
	if c.Type == ChannelSlack && !doc.given(in("pace")) {
		c.Pace = time.Second // what Slack asks of incoming webhooks and bots
	}
	if c.Type == ChannelShoutrrr && !doc.given(in("pace")) {
		c.Pace = 3 * time.Second // what the strictest of its services asks of groups
	}
	switch c.Type {
	case ChannelSlack:
		l.slack(in, name, c)
	case ChannelStdout:
		if doc.given(in("format")) {
			doc.oneOf(in("format"), c.Form, "text", "json")
		}
	case ChannelShoutrrr:
		if scheme, rest, found := strings.Cut(c.URL.Reveal(), "://"); !found || scheme == "" || rest == "" || unprintable(c.URL.Reveal()) {
			doc.judge(in("url"), "the URL of a shoutrrr service is expected here, such as telegram://… or ntfy://…")
		}
	case ChannelWebhook:
		l.address(in("url"), name, c.URL)
		l.signing(in("secret"), name, c.Secret)
	case ChannelMail:
		l.mail(in, name, c)
	}
}

// belongs reports the settings that a type needs and hasn't, and those that it
// has and that are another's.
func (l *loader) belongs(at Path, kind string) {
	its := settings[kind]
	if lacks := l.doc.missing(at, slices.Clone(its.needs)...); len(lacks) > 0 {
		l.doc.FaultKey(at, fmt.Sprintf("a channel of type %s needs %s", kind, strings.Join(lacks, " and ")))
	}
	for _, key := range l.doc.keys(at) {
		for _, other := range channelTypes {
			if other != kind && settings[other].has(key) && !settings[kind].has(key) {
				l.doc.FaultKey(slices.Concat(at, At(key)), fmt.Sprintf("%s belongs to channels of type %s, this one is of type %s", key, other, kind))
			}
		}
	}
}

// slack checks the two ways into Slack: a webhook, or a token and a channel.
func (l *loader) slack(in func(...any) Path, name string, c *Channel) {
	doc := l.doc
	hook, token := doc.given(in("webhook_url")), doc.given(in("token"))
	switch {
	case hook && token:
		doc.FaultKey(in("token"), "a slack channel has a webhook_url or a token, not both")
	case hook:
		l.address(in("webhook_url"), name, c.WebhookURL)
		for _, key := range []string{"channel", "app_token", "api"} {
			if doc.given(in(key)) {
				doc.FaultKey(in(key), key+" goes with a token: a webhook has its channel already, and no buttons")
			}
		}
	case !token:
		if len(doc.missing(in(), "webhook_url", "token")) == 2 { // and not one of them misspelt
			doc.FaultKey(in(), "a channel of type slack needs webhook_url, or token and channel")
		}
	default:
		l.bot(in, c)
	}
}

// bot checks the settings that go with a bot token.
func (l *loader) bot(in func(...any) Path, c *Channel) {
	doc := l.doc
	if !strings.HasPrefix(c.Token.Reveal(), "xoxb-") {
		doc.judge(in("token"), "a bot token is expected here, which begins with xoxb-")
	}
	if len(doc.missing(in(), "channel")) > 0 {
		doc.FaultKey(in(), "a token needs a channel to write to: its id, such as C024BE91L, or its name")
	}
	if unprintable(c.Channel) || strings.ContainsAny(c.Channel, " ") {
		doc.judge(in("channel"), "a channel's id or name is expected here")
	}
	if c.AppToken.IsSet() && !strings.HasPrefix(c.AppToken.Reveal(), "xapp-") {
		doc.judge(in("app_token"), "an app-level token is expected here, which begins with xapp-")
	}
	if doc.given(in("api")) {
		doc.judge(in("api"), badURL(c.API, "https", "http"))
	}
}

// address checks the URL that a channel posts to.
func (l *loader) address(at Path, name string, u Secret) {
	l.doc.judge(at, badURL(u.Reveal(), "https", "http"))
	if parsed, err := url.Parse(u.Reveal()); err == nil && parsed.Scheme == "http" && !isLoopback(parsed.Hostname()) {
		l.warn("channel %s is posted to over http: anyone on the way can read and change what is sent", name)
	}
}

// signing checks a secret of the form that the Standard Webhooks specification
// gives: whsec_ and base64 of 24 to 64 bytes.
func (l *loader) signing(at Path, name string, s Secret) {
	text, prefixed := strings.CutPrefix(s.Reveal(), "whsec_")
	key, err := base64.StdEncoding.DecodeString(text)
	switch {
	case !prefixed || err != nil || len(key) == 0:
		l.doc.judge(at, "a signing secret is expected here: whsec_ and then base64, as `echo whsec_$(head -c 32 /dev/urandom | base64)` prints one")
	case len(key) > 64:
		l.doc.judge(at, "the signing secret is longer than 64 bytes")
	case len(key) < 24:
		l.warn("channel %s is signed with a secret shorter than 24 bytes", name)
	}
}

// mailPorts are the ports that the ways of TLS are spoken on (RFC 8314).
var mailPorts = map[string]int{TLSStartTLS: 587, TLSImplicit: 465, TLSNone: 25}

func (l *loader) mail(in func(...any) Path, name string, c *Channel) {
	doc := l.doc
	if c.TLS == "" {
		c.TLS = TLSStartTLS
	}
	doc.oneOf(in("tls"), c.TLS, TLSStartTLS, TLSImplicit, TLSNone)
	doc.judge(in("port"), outside(c.Port, 65535))
	if !doc.given(in("port")) {
		c.Port = mailPorts[c.TLS]
	}
	if !isHost(c.Host) {
		doc.judge(in("host"), "the name or address of a mail server is expected here, without a port")
	}
	if doc.given(in("username")) != doc.given(in("password")) {
		doc.FaultKey(in(), "a login needs both username and password")
	}
	if c.Password.IsSet() && c.TLS == TLSNone && !isLoopback(c.Host) {
		l.warn("channel %s sends its password without TLS: anyone on the way can read it", name)
	}
	if !strings.HasPrefix(c.Unsubscribe, "mailto:") && badURL(c.Unsubscribe, "https") != "" {
		doc.judge(in("unsubscribe"), "an address that begins with mailto: or https:// is expected here")
	} else if unprintable(c.Unsubscribe) || strings.ContainsAny(c.Unsubscribe, "<>, ") {
		doc.judge(in("unsubscribe"), "an address such as mailto:desk@example.org is expected here")
	}
	l.mailAddress(in("from"), c.From)
	for i, to := range c.To {
		l.mailAddress(in("to", i), to)
	}
	if len(c.To) == 0 {
		doc.judge(in("to"), "the list of receivers is empty")
	}
}

func (l *loader) mailAddress(at Path, address string) {
	if _, err := mail.ParseAddress(address); err != nil || unprintable(address) {
		l.doc.judge(at, "a mail address is expected here, such as desk@example.org or Desk <desk@example.org>")
	}
}

// badURL says what is wrong with an absolute address, without quoting it.
func badURL(raw string, schemes ...string) string {
	u, err := url.Parse(raw)
	expected := fmt.Sprintf("an address that begins with %s:// is expected here", strings.Join(schemes, ":// or "))
	switch {
	case err != nil || unprintable(raw) || strings.ContainsAny(raw, " \\"):
		return "this isn't an address: " + expected
	case !slices.Contains(schemes, u.Scheme):
		return expected
	case u.Hostname() == "" || !isHost(u.Hostname()):
		return "the address has no host"
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return "the address has a port that doesn't exist"
		}
	}
	return ""
}

// isHost reports whether s is an IP address or could be a host's name.
func isHost(s string) bool {
	if net.ParseIP(s) != nil {
		return true
	}
	return s != "" && len(s) <= 253 && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !strings.ContainsRune("-._", r)
	})
}

func isHostPort(s string) bool {
	host, port, err := net.SplitHostPort(s)
	if err != nil || host != "" && !isHost(host) {
		return false
	}
	n, err := strconv.Atoi(port)
	return err == nil && n >= 0 && n <= 65535
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// unprintable reports control characters, which could end a header line.
func unprintable(s string) bool { return strings.ContainsFunc(s, unicode.IsControl) }
