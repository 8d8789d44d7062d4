package guard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
)

// Policy says which addresses may be contacted: every public one, and those in
// Allow. The zero Policy allows the public ones alone. A Policy isn't changed
// by its methods and may be used by many goroutines.
type Policy struct {
	// Allow are ranges that may be contacted though they aren't public.
	Allow []netip.Prefix
	// Resolver looks names up; nil stands for the system's configuration, read
	// by Go's own resolver.
	Resolver *net.Resolver
}

// RefusedError says that an address, a port or a scheme is not to be
// contacted.
type RefusedError struct {
	What string // the address, port or URL that was refused
	Why  string // a phrase: "is a loopback address"
}

// Error is a sentence without a final stop.
func (e *RefusedError) Error() string { return e.What + " " + e.Why }

// Check returns a *[RefusedError] unless a may be contacted. An IPv4 address
// in IPv6 clothes is judged as the IPv4 address that it leads to.
func (p Policy) Check(a netip.Addr) error {
	if !a.IsValid() {
		return &RefusedError{What: "no address", Why: "can't be contacted"}
	}
	if a.Zone() != "" {
		return &RefusedError{What: a.String(), Why: "belongs to a network zone"}
	}
	a = a.Unmap()
	if p.allows(a) {
		return nil
	}
	if nat64.Contains(a) {
		inner := embedded(a)
		var refused *RefusedError
		if errors.As(p.Check(inner), &refused) {
			return &RefusedError{What: a.String(), Why: fmt.Sprintf("leads to %s, which %s", refused.What, refused.Why)}
		}
		return nil
	}
	if why := notPublic(a); why != "" {
		return &RefusedError{What: a.String(), Why: why}
	}
	return nil
}

// CheckHost resolves host, a name or an address, and returns a
// *[RefusedError] when any of its addresses may not be contacted, or the
// resolver's error. It is for connections that somebody else makes, such as a
// proxy; for its own the program checks at [Policy.DialContext].
func (p Policy) CheckHost(ctx context.Context, host string) error {
	if a, err := netip.ParseAddr(host); err == nil {
		return p.Check(a)
	}
	addrs, err := p.resolver().LookupNetIP(ctx, "ip", host)
	if err != nil {
		return err
	}
	for _, a := range addrs {
		if err := p.Check(a); err != nil {
			return err
		}
	}
	return nil
}

// DialContext connects to address, "host:port", over TCP. Each address that
// host resolves to is checked when its socket is about to connect; the error
// for one that may not be contacted wraps a *[RefusedError].
func (p Policy) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if !strings.HasPrefix(network, "tcp") {
		return nil, &RefusedError{What: "network " + network, Why: "isn't TCP"}
	}
	d := net.Dialer{Resolver: p.resolver(), KeepAlive: -1, ControlContext: p.control}
	return d.DialContext(ctx, network, address)
}

// allows reports whether the operator named a range with a in it.
func (p Policy) allows(a netip.Addr) bool {
	for _, r := range p.Allow {
		if r.Addr().Is4In6() && r.Bits() >= 96 {
			r = netip.PrefixFrom(r.Addr().Unmap(), r.Bits()-96)
		}
		if r.Contains(a) {
			return true
		}
	}
	return false
}

// ownResolver reads the system's configuration without the C library, whose
// lookups hold a thread each.
var ownResolver = &net.Resolver{PreferGo: true}

func (p Policy) resolver() *net.Resolver {
	if p.Resolver != nil {
		return p.Resolver
	}
	return ownResolver
}

// control is called by the dialer with the address that is about to be
// connected to.
func (p Policy) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return &RefusedError{What: address, Why: "is no address"}
	}
	return p.Check(ap.Addr())
}
