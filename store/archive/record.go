package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"driftwatch/news"
)

// Digest is how a body is known again: sha256: and hexadecimal digits.
func Digest(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// recordID is the id of the record at a place: a UUID of version 8 (RFC 9562),
// so that a later record can name it.
func recordID(file string, offset int64, what string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s:%d:%s", file, offset, what))
	sum[6] = sum[6]&0x0f | 0x80
	sum[8] = sum[8]&0x3f | 0x80
	return fmt.Sprintf("<urn:uuid:%x-%x-%x-%x-%x>", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// record writes a record of named fields, in pairs, and a block. Empty fields are
// left out.
func record(block []byte, fields ...string) []byte {
	var b bytes.Buffer
	b.WriteString("WARC/1.1\r\n")
	for pair := range slices.Chunk(fields, 2) {
		if pair[1] != "" {
			b.WriteString(pair[0] + ": " + pair[1] + "\r\n")
		}
	}
	b.WriteString("Content-Length: " + strconv.Itoa(len(block)) + "\r\n\r\n")
	b.Write(block)
	b.WriteString("\r\n\r\n")
	return b.Bytes()
}

func date(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// infoRecord is the record that a file begins with.
func infoRecord(name, software string, at time.Time) []byte {
	block := []byte("software: " + software + "\r\n" +
		"format: WARC File Format 1.1\r\n" +
		"conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n" +
		"robots: obey\r\n")
	return record(block,
		"WARC-Type", "warcinfo",
		"WARC-Record-ID", recordID(name, 0, "warcinfo"),
		"WARC-Date", date(at),
		"WARC-Filename", name,
		"Content-Type", "application/warc-fields",
	)
}

// revisitProfile is that of a record whose body is an earlier record's.
const revisitProfile = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"

// pageRecord is the record of a response, or the revisit of an earlier one.
func pageRecord(p news.PagePlace, c *news.Capture, same *news.KeptPage) []byte {
	block := responseHead(c)
	fields := []string{
		"WARC-Type", p.Type,
		"WARC-Record-ID", recordID(p.File, p.Offset, p.Type),
		"WARC-Date", date(c.Fetched),
		"WARC-Target-URI", target(c.URL),
		"WARC-IP-Address", c.Remote,
		"WARC-Payload-Digest", p.Digest,
	}
	if same != nil {
		fields = append(fields,
			"WARC-Profile", revisitProfile,
			"WARC-Refers-To", recordID(same.File, same.Offset, same.Type),
			"WARC-Refers-To-Target-URI", target(same.URL),
			"WARC-Refers-To-Date", date(same.Fetched),
		)
	} else {
		block = append(block, c.Body...)
		fields = append(fields, "WARC-Truncated", truncated(c))
	}
	fields = append(fields, "WARC-Block-Digest", Digest(block), "Content-Type", "application/http;msgtype=response")
	return record(block, fields...)
}

// target is an address as a record may name it.
func target(raw string) string {
	if u, err := url.Parse(raw); err == nil {
		u.Fragment, u.RawFragment, u.User = "", "", nil
		return u.String()
	}
	return raw
}

// truncated says that a body is shorter than the server said.
func truncated(c *news.Capture) string {
	n, err := strconv.Atoi(http.Header(c.Header).Get("Content-Length"))
	if err == nil && n > len(c.Body) {
		return "length"
	}
	return ""
}

// responseHead is the status line and the header fields, as HTTP/1.1 has them
// whatever version was spoken: readers know no other form.
func responseHead(c *news.Capture) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %03d %s\r\n", c.Status, http.StatusText(c.Status))
	http.Header(c.Header).Write(&b)
	b.WriteString("\r\n")
	return b.Bytes()
}

// requestRecord is the record of the request for a page.
func requestRecord(p news.PagePlace, c *news.Capture) []byte {
	path, host := "/", ""
	if u, err := url.Parse(c.URL); err == nil {
		path, host = u.RequestURI(), u.Host
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nHost: %s\r\n", path, host)
	http.Header(c.Asked).Write(&b)
	b.WriteString("\r\n")
	return record(b.Bytes(),
		"WARC-Type", "request",
		"WARC-Record-ID", recordID(p.File, p.Offset, "request"),
		"WARC-Date", date(c.Fetched),
		"WARC-Target-URI", target(c.URL),
		"WARC-Concurrent-To", recordID(p.File, p.Offset, p.Type),
		"WARC-Block-Digest", Digest(b.Bytes()),
		"Content-Type", "application/http;msgtype=request",
	)
}
