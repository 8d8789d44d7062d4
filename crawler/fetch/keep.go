package fetch

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"time"

	"driftwatch/news"
)

// maxRefusal is how much of the body of a refusal is kept, in bytes.
const maxRefusal = 256 << 10

// keeper keeps an answer as it is received. The nil keeper keeps nothing, and
// costs nothing.
type keeper struct {
	asked  *http.Request
	began  time.Time
	remote string
	body   *bytes.Buffer // nil: the decoded body is what was received
}

// newKeeper is the keeper of the answer to req; nil where none is asked for.
func newKeeper(req *http.Request, j job) *keeper {
	if !j.Keep {
		return nil
	}
	return &keeper{asked: req, began: time.Now()}
}

// watch gives the request with which the server's address is learned; a proxy's
// is no server's.
func (k *keeper) watch(req *http.Request, proxied bool) *http.Request {
	if k == nil || proxied {
		return req
	}
	return req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		GotConn: func(c httptrace.GotConnInfo) {
			if host, _, err := net.SplitHostPort(c.Conn.RemoteAddr().String()); err == nil {
				k.remote = host
			}
		},
	}))
}

// tee sees to it that a body which is packed is kept while it is unpacked; it
// is read no further than unpacking goes, which is bounded.
func (k *keeper) tee(resp *http.Response) {
	if k == nil || resp.Header.Get("Content-Encoding") == "" {
		return
	}
	k.body = new(bytes.Buffer)
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.TeeReader(resp.Body, k.body), resp.Body}
}

// capture is the answer whose body was read and decoded.
func (k *keeper) capture(resp *http.Response, decoded []byte) *news.Capture {
	if k == nil {
		return nil
	}
	c := &news.Capture{
		URL: k.asked.URL.String(), Fetched: k.began.UTC(), Status: resp.StatusCode, Proto: resp.Proto,
		Header: resp.Header, Body: decoded, Asked: k.asked.Header, Remote: k.remote,
	}
	if k.body != nil {
		c.Body = k.body.Bytes()
	}
	return c
}

// refused is an answer that isn't what was asked for, with the beginning of its
// body. One that breaks off is kept as far as it came.
func (k *keeper) refused(resp *http.Response) *news.Capture {
	if k == nil {
		return nil
	}
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxRefusal))
	return k.capture(resp, body)
}
