package fetch

import (
	"net/url"
	"strings"
	"testing"
)

func TestParseRobots(t *testing.T) {
	const named = "User-agent: *\nDisallow: /\n\nUser-agent: Driftwatch\nDisallow: /admin\n"
	tests := []struct {
		name, file, target string
		want               bool
	}{
		{"no rules", "", "/a", true},
		{"a page in its place", "<html><body>Not found: Disallow</body></html>", "/a", true},
		{"everything", "User-agent: *\nDisallow: /", "/a", false},
		{"nothing", "User-agent: *\nDisallow:", "/a", true},
		{"others only", "User-agent: otherbot\nDisallow: /", "/a", true},
		{"our own group comes before everybody's", named, "/a", true},
		{"our own group's rules", named, "/admin/x", false},
		{"our own group, empty", "User-agent: *\nDisallow: /\nUser-agent: driftwatch\n", "/a", true},
		{"our name with a version", "User-agent: DRIFTWATCH/1.0\nDisallow: /", "/a", false},
		{"a longer name isn't ours", "User-agent: driftwatcher\nDisallow: /", "/a", true},
		{"our name shared", "User-agent: otherbot\nUser-agent: driftwatch\nDisallow: /", "/a", false},
		{"groups of ours add up", "User-agent: driftwatch\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: driftwatch\nDisallow: /b", "/b", false},
		{"rules of nobody", "Disallow: /\nUser-agent: x\nDisallow: /", "/a", true},
		{"a sitemap between names", "User-agent: *\nSitemap: https://outlet.kz/s.xml\nUser-agent: x\nDisallow: /", "/a", false},
		{"the longest match allows", "User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true},
		{"the longest match forbids", "User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", false},
		{"as long, allow wins", "User-agent: *\nDisallow: /a\nAllow: /a", "/a", true},
		{"as long, allow wins in any order", "User-agent: *\nAllow: /a\nDisallow: /a", "/a", true},
		{"a star", "User-agent: *\nDisallow: /*.pdf", "/docs/x.pdf?y", false},
		{"a star and an end", "User-agent: *\nDisallow: /*.pdf$", "/docs/x.pdf?y", true},
		{"a star and an end, at the end", "User-agent: *\nDisallow: /*.pdf$", "/docs/x.pdf", false},
		{"an end alone", "User-agent: *\nDisallow: /$", "/a", true},
		{"an end alone, at the root", "User-agent: *\nDisallow: /$", "/", false},
		{"stars in a row", "User-agent: *\nDisallow: /**a**b", "/xaxb", false},
		{"stars out of order", "User-agent: *\nDisallow: /*a*b*c$", "/bac", true},
		{"the end must follow what stands before it", "User-agent: *\nDisallow: /*ab*b$", "/xab", true},
		{"a query", "User-agent: *\nDisallow: /*?print", "/a?print=1", false},
		{"letters beyond ASCII", "User-agent: *\nDisallow: /поиск", "/%D0%BF%D0%BE%D0%B8%D1%81%D0%BA/a", false},
		{"escapes in small letters", "User-agent: *\nDisallow: /%d0%bf", "/%D0%BF", false},
		{"paths keep their case", "User-agent: *\nDisallow: /A", "/a", true},
		{"comments", "User-agent: * # all\nDisallow: /a # this\n# Disallow: /b", "/b", true},
		{"a comment after a rule", "User-agent: * # all\nDisallow: /a # this", "/a", false},
		{"carriage returns", "User-agent: *\rDisallow: /a\r\n", "/a", false},
		{"a byte order mark", "\ufeffUser-agent: *\nDisallow: /a", "/a", false},
		{"spaces and capitals", "  USER-AGENT :  *  \n  DISALLOW :  /a  ", "/a", false},
		{"a slip", "Useragent: *\nDissallow: /a", "/a", false},
		{"a colon forgotten", "User-agent *\nDisallow /a", "/a", false},
		{"a line without an end", "User-agent: *\nDisallow: /" + strings.Repeat("x", 1<<20), "/a", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := parseRobots([]byte(tt.file), ProductToken).allowTarget(tt.target); got != tt.want {
				t.Errorf("%s allowed: %v, want %v", tt.target, got, tt.want)
			}
		})
	}
}

func TestAllow(t *testing.T) {
	all := parseRobots([]byte("User-agent: *\nDisallow: /"), ProductToken)
	ends := parseRobots([]byte("User-agent: *\nDisallow: /*?$\nDisallow: /b?c"), ProductToken)
	tests := []struct {
		rules *rules
		url   string
		want  bool
	}{
		{all, "https://outlet.kz", false},
		{all, "https://outlet.kz/a", false},
		{all, "https://outlet.kz/robots.txt", true},
		{ends, "https://outlet.kz/a?", false},
		{ends, "https://outlet.kz/a", true},
		{ends, "https://outlet.kz/b?c=1", false},
		{ends, "https://outlet.kz/b#?c", true},
	}
	for _, tt := range tests {
		u, err := url.Parse(tt.url)
		if err != nil {
			t.Fatal(err)
		}
		if got := tt.rules.allow(u); got != tt.want {
			t.Errorf("%s allowed: %v, want %v", tt.url, got, tt.want)
		}
	}
}

// A letter beyond ASCII is sent escaped, and compared so (RFC 9309, 2.2.2), however
// the file or the link writes it.
func TestAllowedEscapes(t *testing.T) {
	for _, rule := range []string{"/новости", "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8", "/%d0%bd%d0%be%d0%b2%d0%be%d1%81%d1%82%d0%b8"} {
		for _, raw := range []string{"https://outlet.kz/новости/1", "https://outlet.kz/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1"} {
			u, err := url.Parse(raw)
			if err != nil {
				t.Fatal(err)
			}
			if Allowed([]byte("User-agent: *\nDisallow: "+rule), ProductToken, u) {
				t.Errorf("%s is allowed by Disallow: %s", raw, rule)
			}
		}
	}
}

func FuzzParseRobots(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /*a*b$\nAllow: /%"), "/xaxb?c")
	f.Add([]byte("user agent driftwatch\r\rallow:*$"), "")
	f.Fuzz(func(t *testing.T, file []byte, target string) {
		r := parseRobots(file, ProductToken)
		if !r.allowTarget(target) && len(r.list) == 0 {
			t.Error("forbidden by no rule")
		}
	})
}
