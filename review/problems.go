package review

import (
	"regexp"
	"strings"
)

// problemSaid is why something can't be read, as a page shows it.
type problemSaid struct {
	Says string
	Lang string // of Says; empty: the page's own
}

// problemLink is how a problem begins that tells of another one: "fetch ADDRESS: " and why.
type problemLink struct {
	form *regexp.Regexp // its last part is the other problem
	says string         // a key of the catalogue
}

var problemLinks = []problemLink{
	{regexp.MustCompile(`^fetch (\S+): (.+)$`), "fetch %s: "},
	{regexp.MustCompile(`^redirected to (\S+): (.+)$`), "redirected to %s: "},
	{regexp.MustCompile(`^connect: (.+)$`), "connect: "},
	{regexp.MustCompile(`^its robots.txt can't be had: (.+)$`), "its robots.txt can't be had: "},
}

// problemEnds are what lies beneath.
var problemEnds = []phrase{
	phrased(`status (\d+)`, "status %s", ""),
	phrased(`(\S+) is a private address`, "%s is a private address", ""),
	phrased(`(\S+) is a loopback address`, "%s is a loopback address", ""),
	phrased(`(\S+) is a link-local address`, "%s is a link-local address", ""),
	phrased(`port (\d+) of (\S+) is neither 80 nor 443 nor the source's own`, "port %s of %s is neither 80 nor 443 nor the source's own", ""),
	phrased(`lookup (\S+?)(?: on \S+)?: no such host`, "no such host: %s", ""),
	phrased(`no whole answer came within (\S+)`, "no whole answer came within %s", ""),
	phrased(`more than (\d+) redirects`, "more than %s redirects", ""),
	phrased(`redirects go round in a circle`, "redirects go round in a circle", ""),
	phrased(`redirected to what is no address`, "redirected to what is no address", ""),
	phrased(`robots.txt forbids it`, "robots.txt forbids it", ""),
	phrased(`the host asked to be left alone`, "the host asked to be left alone", ""),
	phrased(`connection refused`, "connection refused", ""),
	phrased(`connection reset by peer`, "connection reset by peer", ""),
	phrased(`(?:i/o|connection) timeout|connection timed out`, "connection timed out", ""),
	phrased(`the feed lists nothing`, "the feed lists nothing", ""),
	phrased(`the feed lists nothing \(it listed (\d+) before\)`, "the feed lists nothing; before: %s", ""),
	phrased(`it lists nothing`, "it lists nothing", ""),
	phrased(`cancelled by (.+)`, "cancelled by %s", ""),
	phrased(`network is unreachable|no route to host`, "no way leads there", ""),
}

var notBefore = regexp.MustCompile(`^(.+), not to be asked again for (\S+)$`)

// problemIn puts into a language what other rooms say in English of an address that
// can't be read, or of a message that wasn't sent. What the catalogue doesn't know whole stays as it is, and is marked as
// English: half a sentence in each of two languages helps nobody.
func problemIn(lang, text string) problemSaid {
	if lang == "en" || text == "" {
		return problemSaid{Says: text}
	}
	if says, ok := problemKnown(lang, text); ok {
		return problemSaid{Says: says}
	}
	return problemSaid{Says: text, Lang: "en"}
}

func problemKnown(lang, text string) (says string, ok bool) {
	for _, l := range problemLinks {
		parts := l.form.FindStringSubmatch(text)
		if parts == nil {
			continue
		}
		rest, ok := problemKnown(lang, parts[len(parts)-1])
		return sayParts(lang, l.says, parts[1:len(parts)-1]) + rest, ok
	}
	if parts := notBefore.FindStringSubmatch(text); parts != nil {
		rest, ok := problemKnown(lang, parts[1])
		return rest + say(lang, ", not to be asked again for %s", parts[2]), ok
	}
	for _, phrases := range [][]phrase{problemEnds, refusals} {
		if p, parts, ok := among(phrases, text); ok {
			return sayParts(lang, p.says, parts), true
		}
	}
	return text, false
}

// sayParts is a sentence of the interface with parts of another one.
func sayParts(lang, key string, parts []string) string {
	args := make([]any, len(parts))
	for i, part := range parts {
		args[i] = strings.TrimSpace(part)
	}
	return say(lang, key, args...)
}
