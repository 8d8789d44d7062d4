package address

import (
	"cmp"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
)

// Canonical is the identity of the article that raw leads to: two addresses of
// one article have the same, whatever the visit counters, layouts and
// spellings in them. The errors are those of [Parse].
//
// Taken away are: the fragment, default ports, "www.", the hosts, paths and
// parameters of AMP and mobile twins, tracking parameters, an empty query, dot
// segments, doubled and final slashes. The parameters that remain are sorted,
// escapes are spelled in one way, and the scheme is https unless the address
// names a port of its own. Applied to its own result, Canonical changes
// nothing.
func Canonical(raw string) (string, error) {
	u, err := Parse(raw)
	if err != nil {
		return "", err
	}
	host, port := bareHost(u.Hostname()), u.Port()
	if port == "80" || port == "443" {
		port = ""
	}
	if port == "" {
		u.Scheme = "https"
	}
	setHost(u, host, port)
	setPath(u, barePath(u.EscapedPath()))
	u.RawQuery = bareQuery(u.RawQuery, host)
	u.ForceQuery = false
	u.Fragment, u.RawFragment = "", ""
	id := u.String()
	if len(id) > MaxLength { // escaping made it longer
		return "", fmt.Errorf("canonical address of %d bytes is longer than %d", len(id), MaxLength)
	}
	return id, nil
}

// twins are the first labels of hosts that show the same pages elsewhere.
var twins = []string{"www.", "m.", "mobile.", "amp."}

// bareHost takes the labels of twins from host as long as a name remains.
func bareHost(host string) string {
	if isIP(host) {
		return host
	}
	for i := 0; i < len(twins); i++ {
		rest, ok := strings.CutPrefix(host, twins[i])
		if ok && strings.Contains(rest, ".") {
			host, i = rest, -1
		}
	}
	return host
}

// barePath is the escaped path p in one spelling, without an AMP twin's marks.
func barePath(p string) string {
	p = respell(p, "/;=@:!$&'()*+,")
	for {
		was := p
		p = path.Clean("/" + p)
		p = withoutSession(p)
		p = withoutAMP(p)
		if p == was {
			return p
		}
	}
}

// withoutSession takes away ";jsessionid=…" at the end.
func withoutSession(p string) string {
	if i := strings.LastIndexByte(p, ';'); i >= 0 {
		if strings.HasPrefix(strings.ToLower(p[i+1:]), "jsessionid=") {
			return p[:i]
		}
	}
	return p
}

// withoutAMP takes away "/amp" before, "/amp" and ".amp" after the rest.
func withoutAMP(p string) string {
	if rest, ok := strings.CutPrefix(p, "/amp/"); ok && rest != "" {
		p = "/" + rest
	}
	if rest, ok := strings.CutSuffix(p, "/amp"); ok && rest != "" {
		p = rest
	}
	if rest, ok := strings.CutSuffix(p, ".amp"); ok && !strings.HasSuffix(rest, "/") {
		p = rest
	}
	return p
}

// setPath gives u the escaped path p.
func setPath(u *url.URL, p string) {
	u.RawPath = p
	u.Path, _ = url.PathUnescape(p)
}

// respell decodes the escapes of characters that need none (RFC 3986, 2.3),
// writes the others with capitals, and escapes what must be, except the
// characters of keep.
func respell(s, keep string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		c, escaped := s[i], false
		if c == '%' && isEscape(s[i:]) {
			c, escaped = unhex(s[i+1])<<4|unhex(s[i+2]), true
			i += 2
		}
		if isUnreserved(c) || !escaped && strings.IndexByte(keep, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hexDigits[c>>4])
		b.WriteByte(hexDigits[c&15])
	}
	return b.String()
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	default:
		return c - 'a' + 10
	}
}

func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// bareQuery is the query q of a page on host, in one spelling, sorted, without
// what doesn't choose the article.
func bareQuery(q, host string) string {
	var pairs []string
	for pair := range strings.SplitSeq(q, "&") {
		pair = respell(pair, "=;/?:@!$'()*+,")
		key, value, _ := strings.Cut(pair, "=")
		if pair == "" || pair == "=" || tracks(strings.ToLower(key), strings.ToLower(value), host) {
			continue
		}
		pairs = append(pairs, pair)
	}
	slices.SortStableFunc(pairs, func(a, b string) int {
		ka, _, _ := strings.Cut(a, "=")
		kb, _, _ := strings.Cut(b, "=")
		return cmp.Compare(ka, kb)
	})
	return strings.Join(pairs, "&")
}
