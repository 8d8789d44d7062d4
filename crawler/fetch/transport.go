package fetch

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"driftwatch/crawler/address"
)

// Transport is the client in the shape that other libraries ask for. Each
// GET that goes through it has its turn, is checked, obeys robots.txt and
// is bounded like any other; redirects are followed inside, and the answer's
// Request names where they led. Its header fields User-Agent, If-None-Match,
// If-Modified-Since and Accept count, others don't; the body of an answer is
// whole and decoded. The address of a request counts as one that the operator
// wrote. Every failure, a status of 400 too, is an *[Error]. saw, which may be nil,
// is called with each answer before it is handed on.
func (c *Client) Transport(saw func(*Response)) http.RoundTripper { return roundTripper{c, saw} }

type roundTripper struct {
	client *Client
	saw    func(*Response)
}

// RoundTrip implements [http.RoundTripper].
func (t roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		req.Body.Close()
	}
	if req.Method != "" && req.Method != http.MethodGet {
		return nil, fmt.Errorf("send %s to %s: only GET is sent", req.Method, req.URL.Redacted())
	}
	resp, err := t.client.Get(req.Context(), Request{
		URL:          req.URL.String(),
		Origin:       req.URL.String(),
		Purpose:      Page,
		UserAgent:    req.Header.Get("User-Agent"),
		ETag:         req.Header.Get("If-None-Match"),
		LastModified: req.Header.Get("If-Modified-Since"),
		Accept:       req.Header.Get("Accept"),
	})
	if err != nil {
		return nil, err
	}
	if t.saw != nil {
		t.saw(resp)
	}
	final := req.Clone(req.Context())
	final.URL, err = address.Parse(resp.URL)
	if err != nil {
		return nil, err
	}
	header := resp.Header.Clone()
	header.Del("Content-Encoding")
	header.Del("Content-Length")
	return &http.Response{
		Status:        strconv.Itoa(resp.Status) + " " + http.StatusText(resp.Status),
		StatusCode:    resp.Status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        header,
		Body:          io.NopCloser(bytes.NewReader(resp.Body)),
		ContentLength: int64(len(resp.Body)),
		Uncompressed:  true,
		Request:       final,
	}, nil
}
