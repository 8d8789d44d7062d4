package guard

import (
	"net/url"
	"strings"
)

// CheckURL returns a *[RefusedError] unless u may be asked for by the rules
// that need no look-up: http or https, a host, no user or password, and the
// ports 80 and 443 alone. Own, when it isn't nil, is the address that the
// operator wrote for this source: on its host its port may be used too.
func CheckURL(u, own *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return &RefusedError{What: "scheme " + quote(u.Scheme), Why: "isn't http or https"}
	case u.Hostname() == "":
		return &RefusedError{What: "an address without a host", Why: "can't be contacted"}
	case u.User != nil:
		return &RefusedError{What: "an address with a user or password", Why: "isn't contacted"}
	case !portAllowed(u, own):
		return &RefusedError{What: "port " + Port(u) + " of " + u.Hostname(), Why: "is neither 80 nor 443 nor the source's own"}
	}
	return nil
}

// Port is the port that u leads to: its own, or its scheme's.
func Port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	default:
		return "80"
	}
}

func quote(s string) string {
	if s == "" {
		return "of nothing"
	}
	return s
}

func portAllowed(u, own *url.URL) bool {
	port := Port(u)
	if port == "80" || port == "443" {
		return true
	}
	return own != nil && port == Port(own) && bareHost(u) == bareHost(own)
}

// bareHost is the host of u without "www.", the twin that sites move between.
func bareHost(u *url.URL) string {
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
