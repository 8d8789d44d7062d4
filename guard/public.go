package guard

import "net/netip"

// nat64 is the well-known prefix of RFC 6052: the last four bytes are the IPv4
// address that a gateway connects to.
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// embedded is the IPv4 address in the last four bytes of a.
func embedded(a netip.Addr) netip.Addr {
	b := a.As16()
	return netip.AddrFrom4([4]byte(b[12:]))
}

// globalUnicast is the only part of IPv6 that has been given out for public
// addresses (IANA, Internet Protocol Version 6 Address Space).
var globalUnicast = netip.MustParsePrefix("2000::/3")

// A special is a range of IANA's special-purpose registries (RFC 6890 and its
// updates) that is no public server's.
type special struct {
	prefix netip.Prefix
	why    string
}

var specials = []special{
	{netip.MustParsePrefix("0.0.0.0/8"), "is an address of this network"},
	{netip.MustParsePrefix("10.0.0.0/8"), "is a private address"},
	{netip.MustParsePrefix("100.64.0.0/10"), "is a carrier's inner address"},
	{netip.MustParsePrefix("127.0.0.0/8"), "is a loopback address"},
	{netip.MustParsePrefix("169.254.0.0/16"), "is a link-local address"},
	{netip.MustParsePrefix("168.63.129.16/32"), "is a cloud's inner address"},
	{netip.MustParsePrefix("172.16.0.0/12"), "is a private address"},
	{netip.MustParsePrefix("192.0.0.0/24"), "is a protocol's address"},
	{netip.MustParsePrefix("192.0.2.0/24"), "is a documentation address"},
	{netip.MustParsePrefix("192.88.99.0/24"), "is a 6to4 relay's address"},
	{netip.MustParsePrefix("192.168.0.0/16"), "is a private address"},
	{netip.MustParsePrefix("198.18.0.0/15"), "is a benchmarking address"},
	{netip.MustParsePrefix("198.51.100.0/24"), "is a documentation address"},
	{netip.MustParsePrefix("203.0.113.0/24"), "is a documentation address"},
	{netip.MustParsePrefix("224.0.0.0/4"), "is a multicast address"},
	{netip.MustParsePrefix("255.255.255.255/32"), "is the broadcast address"},
	{netip.MustParsePrefix("240.0.0.0/4"), "is a reserved address"},
	{netip.MustParsePrefix("::/128"), "is the unspecified address"},
	{netip.MustParsePrefix("::1/128"), "is a loopback address"},
	{netip.MustParsePrefix("::/96"), "is an IPv4-compatible address"},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "is a local translator's address"},
	{netip.MustParsePrefix("2001::/32"), "is a Teredo address"},
	{netip.MustParsePrefix("2001::/23"), "is a protocol's address"},
	{netip.MustParsePrefix("2001:db8::/32"), "is a documentation address"},
	{netip.MustParsePrefix("2002::/16"), "is a 6to4 address"},
	{netip.MustParsePrefix("3fff::/20"), "is a documentation address"},
	{netip.MustParsePrefix("fc00::/7"), "is a private address"},
	{netip.MustParsePrefix("fe80::/10"), "is a link-local address"},
	{netip.MustParsePrefix("fec0::/10"), "is a site-local address"},
	{netip.MustParsePrefix("ff00::/8"), "is a multicast address"},
}

// notPublic says why a, unmapped and without a zone, is no public address; ""
// when it is one.
func notPublic(a netip.Addr) string {
	for _, s := range specials {
		if s.prefix.Contains(a) {
			return s.why
		}
	}
	if a.Is6() && !globalUnicast.Contains(a) {
		return "is a reserved address"
	}
	return ""
}
