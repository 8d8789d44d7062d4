package guard

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Bounds on what one request may lead to.
const (
	MaxRedirects   = 10       // hops after the first request
	MaxHeaderBytes = 64 << 10 // of one answer's header
	MaxCodings     = 2        // content codings around one another
)

// AcceptEncoding is what [Decode] can undo, as the value of an Accept-Encoding
// header.
const AcceptEncoding = "gzip, deflate"

// TooLargeError says that more came than was to be read.
type TooLargeError struct {
	Max int64 // bytes
}

// Error is a sentence without a final stop.
func (e *TooLargeError) Error() string { return fmt.Sprintf("more than %d bytes came", e.Max) }

// EncodingError says that an answer is packed in a way that wasn't asked for.
type EncodingError struct {
	Encoding string // the value of the Content-Encoding header
}

// Error is a sentence without a final stop.
func (e *EncodingError) Error() string {
	return fmt.Sprintf("content encoding %q can't be read", e.Encoding)
}

// Limit returns a reader of at most max bytes of r. When r has more, the
// bytes up to max are read and then a *[TooLargeError] is returned.
func Limit(r io.Reader, max int64) io.Reader { return &limited{r: r, left: max, max: max} }

// Decode returns a reader that undoes encoding, the value of a
// Content-Encoding header (RFC 9110, 8.4), and gives at most max decoded
// bytes; more is a *[TooLargeError], as are packed bytes beyond max and a
// little. Gzip, and deflate with and without its zlib wrapping, are
// understood; anything else is an *[EncodingError]. What follows a whole gzip
// member without being one is ignored, as browsers do.
func Decode(r io.Reader, encoding string, max int64) (io.Reader, error) {
	const slack = 64 << 10 // headers and blocks of data that doesn't shrink
	codings := strings.FieldsFunc(strings.ToLower(encoding), func(c rune) bool {
		return c == ',' || c == ' ' || c == '\t'
	})
	if len(codings) > MaxCodings {
		return nil, &EncodingError{Encoding: encoding}
	}
	for i := len(codings) - 1; i >= 0; i-- {
		switch codings[i] {
		case "identity":
		case "gzip", "x-gzip":
			r = &gunzip{from: bufio.NewReaderSize(Limit(r, max+slack), 4<<10)}
		case "deflate":
			r = &inflate{from: bufio.NewReaderSize(Limit(r, max+slack), 4<<10)}
		default:
			return nil, &EncodingError{Encoding: encoding}
		}
	}
	return Limit(r, max), nil
}

type limited struct {
	r         io.Reader
	left, max int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, &TooLargeError{Max: l.max}
	}
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	l.left -= int64(n)
	if l.left < 0 {
		return n - 1, &TooLargeError{Max: l.max}
	}
	return n, err
}

// gunzip reads gzip members (RFC 1952) one after another.
type gunzip struct {
	from *bufio.Reader
	z    *gzip.Reader
	done bool
}

func (g *gunzip) Read(p []byte) (int, error) {
	if g.done {
		return 0, io.EOF
	}
	if g.z == nil {
		z, err := gzip.NewReader(g.from)
		if err != nil {
			return 0, cut(err)
		}
		z.Multistream(false)
		g.z = z
	}
	n, err := g.z.Read(p)
	if err != io.EOF {
		return n, err
	}
	err = g.next()
	return n, err
}

// next goes to the following member, if there is one.
func (g *gunzip) next() error {
	err := g.z.Reset(g.from)
	if err == io.EOF || errors.Is(err, gzip.ErrHeader) {
		g.done = true
		return io.EOF
	}
	if err != nil {
		return cut(err)
	}
	g.z.Multistream(false)
	return nil
}

// inflate reads deflate data, which servers send with the zlib wrapping that
// RFC 9110 asks for, and without.
type inflate struct {
	from *bufio.Reader
	z    io.Reader
}

func (d *inflate) Read(p []byte) (int, error) {
	if d.z == nil {
		z, err := d.open()
		if err != nil {
			return 0, cut(err)
		}
		d.z = z
	}
	return d.z.Read(p)
}

// open tells the two forms apart by the two bytes of a zlib header (RFC 1950).
func (d *inflate) open() (io.Reader, error) {
	head, err := d.from.Peek(2)
	if err != nil {
		return nil, err
	}
	if head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0 {
		return zlib.NewReader(d.from)
	}
	return flate.NewReader(d.from), nil
}

// cut is err of a stream that ends where a header should begin.
func cut(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
