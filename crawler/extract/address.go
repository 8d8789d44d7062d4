package extract

import (
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// canonical gives the address that the page calls its own, where that can be
// believed: on the same site, and not the homepage unless that is what was
// read.
func (p *page) canonical() string {
	for _, written := range []string{p.Canonical, p.first("og:url")} {
		u := p.resolve(written)
		if u == nil || p.address == nil && u.Host == "" {
			continue
		}
		if p.address != nil && (!sameSite(u.Host, p.address.Host) || isHome(u) && !isHome(p.address)) {
			continue
		}
		u.Fragment = ""
		return u.String()
	}
	return ""
}

// resolve makes an address of the page absolute. It gives nil for what is no
// address of a page.
func (p *page) resolve(written string) *url.URL {
	written = strings.TrimSpace(written)
	if written == "" {
		return nil
	}
	u, err := url.Parse(written)
	if err != nil {
		return nil
	}
	if p.address != nil {
		u = p.address.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil
	}
	return u
}

// isHome reports whether an address is that of a site's front page, or of its
// front page in a language.
func isHome(u *url.URL) bool {
	path := strings.ToLower(strings.Trim(u.Path, "/"))
	return u.RawQuery == "" && (path == "" || homes[path])
}

// homes are the paths of front pages.
var homes = set(`index.html index.htm index.php ru rus en eng kk kz kaz qaz ky kg kyr uz oz uzb uzk lat cyr kr tg tj taj
	tk tm tkm qr hy am arm tr tur`)

// sameSite reports whether two hosts belong to one registered domain.
func sameSite(a, b string) bool {
	a, b = hostname(a), hostname(b)
	if a == b {
		return true
	}
	site, err := publicsuffix.EffectiveTLDPlusOne(a)
	if err != nil {
		return false
	}
	other, err := publicsuffix.EffectiveTLDPlusOne(b)
	return err == nil && site == other
}

func hostname(host string) string {
	u := url.URL{Host: strings.ToLower(host)}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// sameAddress reports whether two addresses differ in nothing that matters to
// which article they name.
func sameAddress(a, b string) bool {
	return bare(a) == bare(b)
}

func bare(address string) string {
	address, _, _ = strings.Cut(address, "#")
	address, _, _ = strings.Cut(address, "?")
	_, after, found := strings.Cut(address, "://")
	if found {
		address = after
	}
	return strings.Trim(strings.TrimPrefix(strings.ToLower(address), "www."), "/")
}
