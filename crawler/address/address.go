package address

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// MaxLength is the longest address that is read, in bytes.
const MaxLength = 8 << 10

// Parse reads an absolute http or https address as forgivingly as browsers do
// (WHATWG URL Standard): spaces around it, backslashes, stray percent signs
// and a doubled scheme do no harm, and "//host/path" is read as https. The
// host of the result is in lower case and Punycode. An address with a user or
// a password is an error, as is anything that isn't http or https.
func Parse(raw string) (*url.URL, error) {
	u, err := read(raw)
	if err != nil {
		return nil, err
	}
	if u.Scheme == "" && u.Host != "" {
		u.Scheme = "https"
	}
	return u, finish(u, raw)
}

// Resolve makes ref absolute by base, the address of the document that it
// stands in, and returns it in a form that can be fetched; its fragment stays.
// The errors are those of [Parse].
func Resolve(base, ref string) (string, error) {
	u, err := read(ref)
	if err != nil {
		return "", err
	}
	if !u.IsAbs() {
		b, err := Parse(base)
		if err != nil {
			return "", fmt.Errorf("resolve %s: %w", show(ref), err)
		}
		u = b.ResolveReference(u)
	}
	if err := finish(u, ref); err != nil {
		return "", err
	}
	return u.String(), nil
}

// Host is the name of the host that raw leads to, in lower case and Punycode,
// without port and without "www."; "" when raw is no address.
func Host(raw string) string {
	u, err := Parse(raw)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// Domain is the part of raw's host that its owner registered (by the Public
// Suffix List), or the whole host where that can't be told; "" when raw is no
// address.
func Domain(raw string) string {
	host := Host(raw)
	if isIP(host) {
		return host
	}
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}

// read parses raw, absolute or not, after what browsers repair.
func read(raw string) (*url.URL, error) {
	if len(raw) > MaxLength {
		return nil, fmt.Errorf("address of %d bytes is longer than %d", len(raw), MaxLength)
	}
	s := repair(raw)
	if s == "" {
		return nil, errors.New("address is empty")
	}
	u, err := url.Parse(s)
	if err != nil {
		var inner *url.Error
		if errors.As(err, &inner) {
			err = inner.Err
		}
		return nil, fmt.Errorf("address %s can't be read: %w", show(raw), err)
	}
	return u, nil
}

// finish holds u to what an absolute address must be and tidies its host.
func finish(u *url.URL, raw string) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("address %s is neither http nor https", show(raw))
	case u.User != nil:
		return fmt.Errorf("address at %s has a user or password", u.Hostname())
	case u.Opaque != "" || u.Hostname() == "":
		return fmt.Errorf("address %s has no host", show(raw))
	}
	host, err := asciiHost(u.Hostname())
	if err != nil {
		return fmt.Errorf("address %s has no host that can be looked up: %w", show(raw), err)
	}
	setHost(u, host, u.Port())
	return nil
}

// show is the beginning of raw, quoted, without the user and password that may
// stand before an @ in it.
func show(raw string) string {
	const most = 120
	if i := strings.LastIndexByte(raw, '@'); i >= 0 {
		raw = "…" + raw[i:]
	}
	if len(raw) > most {
		raw = raw[:most] + "…"
	}
	return fmt.Sprintf("%q", raw)
}

// repair does what browsers do before they parse.
func repair(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return r <= ' ' || r == '\u00a0' || r == '\ufeff' })
	s = strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' {
			return -1
		}
		return r
	}, s)
	s = straighten(s)
	s = undouble(s)
	return escapeStray(s)
}

// straighten turns backslashes before the query into slashes.
func straighten(s string) string {
	end := strings.IndexAny(s, "?#")
	if end < 0 {
		end = len(s)
	}
	return strings.ReplaceAll(s[:end], `\`, "/") + s[end:]
}

// undouble takes away the first of two schemes, "http://https://host/".
func undouble(s string) string {
	for {
		rest, ok := cutScheme(s)
		if !ok {
			return s
		}
		if _, again := cutScheme(rest); !again {
			return s
		}
		s = rest
	}
}

func cutScheme(s string) (rest string, ok bool) {
	for _, scheme := range []string{"http://", "https://"} {
		if len(s) >= len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			return s[len(scheme):], true
		}
	}
	return s, false
}

const hexDigits = "0123456789ABCDEF"

// escapeStray escapes the percent signs that begin no escape, and the bytes
// that no address may carry as they are.
func escapeStray(s string) string {
	clean := true
	for i := 0; i < len(s) && clean; i++ {
		clean = s[i] != '%' && s[i] > ' ' && s[i] != 0x7f
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%' && !isEscape(s[i:]), c <= ' ', c == 0x7f:
			b.WriteByte('%')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isEscape(s string) bool { return len(s) >= 3 && isHex(s[1]) && isHex(s[2]) }

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// hostProfile maps names as browsers do, but lets underscores be, which some
// outlets' hosts have.
var hostProfile = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))

// asciiHost is host in lower case and Punycode, without a final dot.
func asciiHost(host string) (string, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		if a.Zone() != "" {
			return "", errors.New("it belongs to a network zone")
		}
		return a.String(), nil
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if !isPlainHost(host) {
		var err error
		if host, err = punycode(host); err != nil {
			return "", err
		}
	}
	if host == "" || host[0] == '.' || strings.HasSuffix(host, ".") || strings.Contains(host, "..") || len(host) > 253 {
		return "", errors.New("it has empty parts or is too long")
	}
	return host, nil
}

// isPlainHost reports whether host needs no mapping.
func isPlainHost(host string) bool {
	for _, c := range []byte(host) {
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '.' || c == '-' || c == '_') {
			return false
		}
	}
	return !strings.Contains(host, "xn--")
}

// punycode maps host (RFC 5891, UTS 46), and makes sure that the result is a
// host that is mapped to itself.
func punycode(host string) (string, error) {
	mapped, err := hostProfile.ToASCII(host)
	if err != nil {
		return "", err
	}
	again, err := hostProfile.ToASCII(mapped)
	if err != nil || again != mapped || strings.ContainsAny(mapped, " /\\?#@:%<>[]^|\"`{}") {
		return "", errors.New("it has characters that no host has")
	}
	return mapped, nil
}

func isIP(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// setHost puts host and port together, IPv6 in brackets.
func setHost(u *url.URL, host, port string) {
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != "" {
		host += ":" + port
	}
	u.Host = host
}
