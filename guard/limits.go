package guard

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// Bounds on what one request may lead to.
const (
	MaxRedirects   = 10       // hops after the first request
	MaxHeaderBytes = 64 << 10 // of one answer's header
	MaxCodings     = 2        // content codings around one another
)

// AcceptEncoding is what [Decode] can undo, as the value of an Accept-Encoding
// header.
const AcceptEncoding = "gzip, deflate, br"

// TooLargeError says that more came than was to be read.
type TooLargeError struct {
	Max int64 // bytes
}

// Error is a sentence without a final stop.
func (e *TooLargeError) Error() string { return fmt.Sprintf("more than %d bytes came", e.Max) }

// EncodingError says that an answer is packed in a way that can't be undone.
type EncodingError struct {
	Encoding string // the value of the Content-Encoding header
	Err      error  // what is damaged; nil: the encoding wasn't asked for
}

// Error is a sentence without a final stop.
func (e *EncodingError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("content encoding %q is damaged: %v", e.Encoding, e.Err)
	}
	return fmt.Sprintf("content encoding %q wasn't asked for", e.Encoding)
}

// Unwrap returns what is damaged.
func (e *EncodingError) Unwrap() error { return e.Err }

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
	for _, coding := range slices.Backward(codings) {
		var unpack unpacker
		switch coding {
		case "identity":
			continue
		case "gzip", "x-gzip":
			unpack = new(gunzip)
		case "deflate":
			unpack = new(inflate)
		case "br":
			unpack = new(unbrotli)
		default:
			return nil, &EncodingError{Encoding: encoding}
		}
		r = &decoded{coding: coding, unpack: unpack, from: watched{r: Limit(r, max+slack)}}
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

// unpacker undoes one coding. It returns io.EOF where the coding ends.
type unpacker interface {
	open(from *bufio.Reader) error
	Read(p []byte) (int, error)
}

// decoded reads from through unpack, and tells faults of the coding from those
// of what it came through.
type decoded struct {
	coding string
	unpack unpacker
	from   watched
	opened bool
	err    error // sticks
}

// watched keeps the error of a reader.
type watched struct {
	r   io.Reader
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	w.err = err
	return n, err
}

func (d *decoded) Read(p []byte) (int, error) {
	if d.err == nil && !d.opened {
		d.opened = true
		d.err = d.begin()
	}
	if d.err != nil {
		return 0, d.err
	}
	n, err := d.unpack.Read(p)
	d.err = d.blame(err)
	return n, d.err
}

// begin opens the coding; nothing at all, however packed, is nothing.
func (d *decoded) begin() error {
	from := bufio.NewReaderSize(&d.from, 4<<10)
	if _, err := from.Peek(1); err != nil {
		return err
	}
	err := d.unpack.open(from)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return d.blame(err)
}

// blame is the error to return for err of the unpacker.
func (d *decoded) blame(err error) error {
	switch {
	case err == nil, err == io.EOF:
		return err
	case d.from.err != nil && d.from.err != io.EOF:
		return d.from.err
	default:
		return &EncodingError{Encoding: d.coding, Err: err}
	}
}

// gzips are readers whose tables are used again.
var gzips sync.Pool

// gunzip reads gzip members (RFC 1952) one after another.
type gunzip struct {
	from *bufio.Reader
	z    *gzip.Reader
}

func (g *gunzip) open(from *bufio.Reader) (err error) {
	g.from = from
	if z, ok := gzips.Get().(*gzip.Reader); ok {
		g.z, err = z, z.Reset(from)
	} else {
		g.z, err = gzip.NewReader(from)
	}
	if err == nil {
		g.z.Multistream(false)
	}
	return err
}

func (g *gunzip) Read(p []byte) (int, error) {
	n, err := g.z.Read(p)
	if err == io.EOF {
		err = g.next()
	}
	return n, err
}

// next goes to the following member; where there is none, it is io.EOF.
func (g *gunzip) next() error {
	err := g.z.Reset(g.from)
	if err == io.EOF || errors.Is(err, gzip.ErrHeader) {
		gzips.Put(g.z)
		return io.EOF
	}
	if err == nil {
		g.z.Multistream(false)
	}
	return err
}

// inflate reads deflate data, which servers send with the zlib wrapping that
// RFC 9110 asks for, and without.
type inflate struct{ io.Reader }

// open tells the two forms apart by the two bytes of a zlib header (RFC 1950).
func (d *inflate) open(from *bufio.Reader) (err error) {
	head, err := from.Peek(2)
	switch {
	case err != nil:
		return err
	case head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0:
		d.Reader, err = zlib.NewReader(from)
	default:
		d.Reader = flate.NewReader(from)
	}
	return err
}

// brotlis are readers whose tables are used again.
var brotlis sync.Pool

// unbrotli reads Brotli (RFC 7932). Its window is 16 MB at most: the extension to
// larger ones is off.
type unbrotli struct{ z *brotli.Reader }

func (u *unbrotli) open(from *bufio.Reader) error {
	z, ok := brotlis.Get().(*brotli.Reader)
	if !ok {
		u.z = brotli.NewReader(from)
		return nil
	}
	u.z = z
	return z.Reset(from)
}

func (u *unbrotli) Read(p []byte) (int, error) {
	if u.z == nil {
		return 0, io.EOF
	}
	n, err := u.z.Read(p)
	if err == io.EOF {
		brotlis.Put(u.z)
		u.z = nil
	}
	return n, err
}
