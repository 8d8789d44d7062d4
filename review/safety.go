package review

import (
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
)

// policy keeps a page to what the desk itself serves: no inline scripts or
// styles, no frames, no other servers.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// safe sets the headers that every answer has, and turns away requests for a name
// that isn't the desk's: a page elsewhere could have its own name lead here.
func (d *Desk) safe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if d.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if !d.known(r.Host) {
			http.Error(w, "The desk doesn't answer to this name; see serve.desk.base_url.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// known reports whether the desk answers to a host.
func (d *Desk) known(host string) bool {
	if len(d.Hosts) == 0 {
		return true
	}
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.Trim(name, "[]")
	return slices.ContainsFunc(d.Hosts, func(h string) bool { return strings.EqualFold(h, host) || strings.EqualFold(h, name) })
}

// client is the address that a request came from: the peer's, or what a proxy
// that the operator named says in the last entry of X-Forwarded-For.
func (d *Desk) client(r *http.Request) string {
	peer := peerOf(r)
	if !d.trusts(peer) {
		return peer.String()
	}
	all := r.Header.Values("X-Forwarded-For")
	if len(all) == 0 {
		return peer.String()
	}
	hops := strings.Split(all[len(all)-1], ",")
	if ip, err := netip.ParseAddr(strings.TrimSpace(hops[len(hops)-1])); err == nil {
		return ip.String()
	}
	return peer.String()
}

// peerOf is the address at the other end of the connection.
func peerOf(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap().WithZone("")
}

// trusts reports whether the headers of a peer count.
func (d *Desk) trusts(peer netip.Addr) bool {
	return slices.ContainsFunc(d.Proxies, func(p netip.Prefix) bool { return p.Contains(peer) })
}

// zipped packs pages for browsers that take it. Streams and files pass: the
// files are packed once, when the program starts.
func zipped(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept-Encoding")
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			next.ServeHTTP(w, r)
			return
		}
		z := &zipWriter{ResponseWriter: w}
		defer z.close()
		next.ServeHTTP(z, r)
	})
}

// packers are gzip writers to use again.
var packers = sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }}

// zipWriter packs what is text, once it knows what is written.
type zipWriter struct {
	http.ResponseWriter
	pack    *gzip.Writer // nil: what is written passes
	started bool
}

// WriteHeader implements http.ResponseWriter.
func (z *zipWriter) WriteHeader(status int) {
	if !z.started {
		z.started = true
		h := z.Header()
		kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
		if (kind == "text/html" || kind == "text/csv" || kind == "text/plain" || kind == "application/json" || kind == "application/x-ndjson") && h.Get("Content-Encoding") == "" && status != http.StatusNoContent {
			h.Set("Content-Encoding", "gzip")
			h.Del("Content-Length")
			z.pack = packers.Get().(*gzip.Writer)
			z.pack.Reset(z.ResponseWriter)
		}
	}
	z.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (z *zipWriter) Write(b []byte) (int, error) {
	if !z.started {
		if z.Header().Get("Content-Type") == "" {
			z.Header().Set("Content-Type", http.DetectContentType(b))
		}
		z.WriteHeader(http.StatusOK)
	}
	if z.pack != nil {
		return z.pack.Write(b)
	}
	return z.ResponseWriter.Write(b)
}

// FlushError lets http.ResponseController send what was written so far.
func (z *zipWriter) FlushError() error {
	if !z.started {
		z.WriteHeader(http.StatusOK)
	}
	if z.pack != nil {
		if err := z.pack.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(z.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController reach the connection.
func (z *zipWriter) Unwrap() http.ResponseWriter { return z.ResponseWriter }

func (z *zipWriter) close() {
	if z.pack != nil {
		z.pack.Close()
		packers.Put(z.pack)
	}
}
