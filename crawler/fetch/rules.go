package fetch

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// rules are those of a robots file that apply to us.
type rules struct {
	list  []rule
	delay time.Duration // between two requests, which the file asks for; 0: it doesn't
}

type rule struct {
	pattern string
	allow   bool
}

// String gives the rules as a robots file that says the same to everybody; "" where
// there are none.
func (r *rules) String() string {
	if len(r.list) == 0 && r.delay == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	for _, one := range r.list {
		key := "Disallow: "
		if one.allow {
			key = "Allow: "
		}
		b.WriteString(key + one.pattern + "\n")
	}
	if r.delay > 0 {
		b.WriteString("Crawl-delay: " + strconv.FormatFloat(r.delay.Seconds(), 'f', -1, 64) + "\n")
	}
	return b.String()
}

// allow reports whether u may be fetched: the longest pattern that matches
// decides, and of two as long, the one that allows (RFC 9309, 2.2.2).
func (r *rules) allow(u *url.URL) bool {
	target := u.EscapedPath()
	if target == "" {
		target = "/"
	}
	if u.RawQuery != "" || u.ForceQuery {
		target += "?" + u.RawQuery
	}
	if target == "/robots.txt" {
		return true
	}
	return r.allowTarget(target)
}

func (r *rules) allowTarget(target string) bool {
	allowed, length := true, -1
	for _, one := range r.list {
		if len(one.pattern) < length || len(one.pattern) == length && (allowed || !one.allow) {
			continue
		}
		if matches(one.pattern, target) {
			allowed, length = one.allow, len(one.pattern)
		}
	}
	return allowed
}

// matches reports whether pattern, in which * stands for anything and a final
// $ for the end, matches the beginning of target.
func matches(pattern, target string) bool {
	pattern, whole := strings.CutSuffix(pattern, "$")
	first, rest, starred := strings.Cut(pattern, "*")
	target, ok := strings.CutPrefix(target, first)
	if !ok || !starred {
		return ok && (!whole || target == "")
	}
	for {
		part, more, again := strings.Cut(rest, "*")
		if !again && whole {
			return strings.HasSuffix(target, part)
		}
		i := strings.Index(target, part)
		if i < 0 {
			return false
		}
		if !again {
			return true
		}
		target, rest = target[i+len(part):], more
	}
}

// Allowed reports whether a robots file lets agent, a product token, fetch u. It is
// what a [Client] goes by, for those who measure it. An address is compared as it is
// sent, with what isn't ASCII escaped.
func Allowed(file []byte, agent string, u *url.URL) bool { return parseRobots(file, agent).allow(u) }

// parseRobots takes from a robots file the rules of the groups that name
// agent, a product token, or of those for everybody where none does. It reads
// what people write as well as what RFC 9309 says: any line ending, names in
// any case and with the usual slips, a missing colon.
func parseRobots(file []byte, agent string) *rules {
	var (
		own, all     rules
		named        bool // some group names agent
		toOwn, toAll bool // whom the present group is for
		inRules      bool // the present group has begun its rules
	)
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	for line := range bytes.FieldsFuncSeq(file, func(r rune) bool { return r == '\n' || r == '\r' }) {
		key, value := robotsLine(line)
		switch key {
		case "user-agent":
			if inRules {
				toOwn, toAll, inRules = false, false, false
			}
			switch {
			case value == "*" || strings.HasPrefix(value, "* "):
				toAll = true
			case strings.EqualFold(productToken(value), agent):
				toOwn, named = true, true
			}
		case "allow", "disallow":
			inRules = true
			if value == "" {
				continue
			}
			r := rule{pattern: respell(value), allow: key == "allow"}
			if toOwn {
				own.list = append(own.list, r)
			}
			if toAll {
				all.list = append(all.list, r)
			}
		case "crawl-delay":
			inRules = true
			delay := crawlDelay(value)
			if toOwn {
				own.delay = max(own.delay, delay)
			}
			if toAll {
				all.delay = max(all.delay, delay)
			}
		}
	}
	if named {
		return &own
	}
	return &all
}

// crawlDelay reads a number of seconds, which may have a fraction; 0 where it is
// none.
func crawlDelay(value string) time.Duration {
	n, err := strconv.ParseFloat(strings.Replace(value, ",", ".", 1), 64)
	if err != nil || !(n > 0) {
		return 0
	}
	return time.Duration(min(n, maxDelay.Seconds()) * float64(time.Second))
}

// slips are names as people mistype them.
var slips = map[string]string{
	"user-agent": "user-agent", "useragent": "user-agent", "user agent": "user-agent",
	"allow":    "allow",
	"disallow": "disallow", "dissallow": "disallow", "dissalow": "disallow", "disalow": "disallow",
	"diasllow": "disallow", "disallaw": "disallow",
	"crawl-delay": "crawl-delay", "crawldelay": "crawl-delay", "crawl delay": "crawl-delay",
}

// robotsLine takes a line apart; key is "" unless it is one that matters.
func robotsLine(line []byte) (key, value string) {
	const most = 16 << 10
	if len(line) > most {
		line = line[:most]
	}
	if i := bytes.IndexByte(line, '#'); i >= 0 {
		line = line[:i]
	}
	k, v, ok := bytes.Cut(line, []byte(":"))
	if !ok {
		fields := bytes.Fields(line)
		if len(fields) != 2 {
			return "", ""
		}
		k, v = fields[0], fields[1]
	}
	return slips[strings.ToLower(string(bytes.TrimSpace(k)))], string(bytes.TrimSpace(v))
}

// productToken is the beginning of value that can be one (RFC 9309, 2.2.1).
func productToken(value string) string {
	end := strings.IndexFunc(value, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '_' || r == '-')
	})
	if end < 0 {
		return value
	}
	return value[:end]
}

// respell writes a pattern as addresses are written on the wire: bytes beyond
// ASCII escaped, escapes in capitals.
func respell(pattern string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		switch {
		case c == '%' && len(pattern) >= i+3:
			b.WriteString(strings.ToUpper(pattern[i : i+3]))
			i += 2
		case c >= 0x80:
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
