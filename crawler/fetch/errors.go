package fetch

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"driftwatch/crawler/wall"
	"driftwatch/guard"
	"driftwatch/news"
)

// Kind is why a fetch failed, for programs.
type Kind string

// The kinds.
const (
	KindScheme   Kind = "scheme"   // no http or https address
	KindRefused  Kind = "refused"  // an address, port or user that the guard doesn't let us contact
	KindRobots   Kind = "robots"   // robots.txt forbids the page
	KindWait     Kind = "wait"     // the host asked us to stay away for a while, or its robots.txt can't be had now
	KindDNS      Kind = "dns"      // the host's name couldn't be resolved
	KindTLS      Kind = "tls"      // no secure connection
	KindChain    Kind = "chain"    // no secure connection, for the server sends its certificate without those that vouch for it
	KindTimeout  Kind = "timeout"  // the whole answer didn't come in time
	KindNetwork  Kind = "network"  // no connection, or one that broke off
	KindStatus   Kind = "status"   // an answer, but not with what was asked for
	KindRedirect Kind = "redirect" // too many redirects, a circle of them, or one without a goal
	KindTooLarge Kind = "toolarge" // more bytes than are read
	KindEncoding Kind = "encoding" // packed in a way that can't be undone, or damaged
	KindCanceled Kind = "canceled" // the caller gave up
)

// Error is a failed fetch.
type Error struct {
	Kind       Kind
	URL        string        // what was asked for
	At         string        // where a redirect had led to; "" when nowhere else
	Status     int           // of the answer; 0 when there was none
	RetryAfter time.Duration // not to be asked again before; 0: the host didn't say
	Err        error         // what lies beneath; may be nil
	Wall       wall.Finding  // what kind of page the refusal is, where it says more than its status
	Kept       *news.Capture // the answer, where Request.Keep asked for it and there was one; its body may be cut
}

// Error is a sentence without a final stop, "fetch https://…: status 503".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("fetch " + e.URL + ": ")
	if e.At != "" && e.At != e.URL {
		b.WriteString("redirected to " + e.At + ": ")
	}
	switch {
	case e.Kind == KindStatus || e.Err == nil:
		fmt.Fprintf(&b, "status %d", e.Status)
		if e.Wall.What != "" {
			b.WriteString(", " + clip(e.Wall.What))
		}
	default:
		b.WriteString(clip(e.Err.Error()))
	}
	var beneath *Error
	if said := errors.As(e.Err, &beneath) && beneath.RetryAfter > 0; e.RetryAfter > 0 && !said {
		fmt.Fprintf(&b, ", not to be asked again for %v", e.RetryAfter.Round(time.Second))
	}
	return b.String()
}

// Unwrap returns what lies beneath.
func (e *Error) Unwrap() error { return e.Err }

// clip makes one short line of what a server may have had a hand in.
func clip(s string) string {
	const most = 300
	if len(s) > most {
		s = s[:most] + "…"
	}
	return guard.Line(s)
}

// kindOf finds the kind of what the network or a reader returned.
func kindOf(err error) Kind {
	var (
		refused  *guard.RefusedError
		large    *guard.TooLargeError
		encoding *guard.EncodingError
		dns      *net.DNSError
		timeout  net.Error
	)
	switch {
	case errors.As(err, &refused):
		return KindRefused
	case errors.As(err, &large), isFlood(err):
		return KindTooLarge
	case errors.As(err, &encoding):
		return KindEncoding
	case errors.Is(err, context.DeadlineExceeded):
		return KindTimeout
	case errors.Is(err, context.Canceled):
		return KindCanceled
	case errors.As(err, &dns):
		return KindDNS
	case isChain(err):
		return KindChain
	case isTLS(err):
		return KindTLS
	case errors.As(err, &timeout) && timeout.Timeout():
		return KindTimeout
	default:
		return KindNetwork
	}
}

// isFlood reports whether an answer's header was larger than is read; net/http has no
// type for that.
func isFlood(err error) bool {
	return strings.Contains(err.Error(), "server response headers exceeded") || strings.Contains(err.Error(), "response header list larger than")
}

// isChain reports whether a certificate can't be verified because the server
// sent nothing that leads from it to an authority: its issuer is another, says
// where it can be had, and isn't among what was sent.
func isChain(err error) bool {
	var (
		verify    *tls.CertificateVerificationError
		authority x509.UnknownAuthorityError
	)
	if !errors.As(err, &verify) || !errors.As(err, &authority) || len(verify.UnverifiedCertificates) == 0 {
		return false
	}
	sent := verify.UnverifiedCertificates
	last := sent[0]
	for _, c := range sent[1:] {
		if bytes.Equal(c.RawSubject, last.RawIssuer) {
			last = c
		}
	}
	return !bytes.Equal(last.RawSubject, last.RawIssuer) && len(last.IssuingCertificateURL) > 0
}

func isTLS(err error) bool {
	var (
		verify    *tls.CertificateVerificationError
		record    tls.RecordHeaderError
		alert     tls.AlertError
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
	)
	return errors.As(err, &verify) || errors.As(err, &record) || errors.As(err, &alert) ||
		errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid) ||
		strings.Contains(err.Error(), "tls: ") || strings.Contains(err.Error(), "HTTP response to HTTPS client")
}
