package fetch

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"driftwatch/guard"
)

// newTransport makes the connections: to addresses that the policy allows, or
// to the proxy alone.
func newTransport(c Config, proxy *url.URL) *http.Transport {
	t := &http.Transport{
		DialContext:            c.Policy.DialContext,
		DisableCompression:     true, // it is asked for and undone here, with limits
		ForceAttemptHTTP2:      true,
		MaxResponseHeaderBytes: guard.MaxHeaderBytes,
		MaxIdleConns:           2 * c.Concurrency,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        20 * time.Second,
		HTTP2: &http.HTTP2Config{
			MaxReceiveBufferPerConnection: 1 << 20,
			MaxReceiveBufferPerStream:     256 << 10,
		},
	}
	if proxy != nil {
		t.Proxy = http.ProxyURL(proxy)
		t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}
	}
	return t
}

// scratch are buffers that bodies are read into before they are copied to
// their size.
var scratch = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readBody reads and decodes the body of resp within the limits of j.
func readBody(resp *http.Response, j job) ([]byte, error) {
	if resp.ContentLength > j.max && !j.cut {
		return nil, &guard.TooLargeError{Max: j.max}
	}
	r, err := guard.Decode(resp.Body, resp.Header.Get("Content-Encoding"), j.max)
	if err != nil {
		return nil, err
	}
	if j.cut {
		r = io.LimitReader(r, j.max)
	}
	const keep = 1 << 20 // larger buffers aren't kept
	buf := scratch.Get().(*bytes.Buffer)
	defer func() {
		if buf.Cap() <= keep {
			buf.Reset()
			scratch.Put(buf)
		}
	}()
	if _, err := buf.ReadFrom(r); err != nil {
		return nil, err
	}
	return bytes.Clone(buf.Bytes()), nil
}
