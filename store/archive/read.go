package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/textproto"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"driftwatch/news"
)

// ErrDamaged says that what lies at a page's place isn't what was kept.
var ErrDamaged = errors.New("the archive is damaged")

// maxRecord is how much of a record is read, in bytes.
const maxRecord = 64 << 20

// Read gives a page as it was kept, with the body of the record that a revisit
// refers to. Errors: fs.ErrNotExist where the file is gone, ErrDamaged where the
// digest isn't that of the body.
func Read(dir string, p news.KeptPage) (*news.Capture, error) {
	c, err := read(dir, p)
	if err != nil {
		return nil, fmt.Errorf("read the page %s at byte %d of %s: %w", p.URL, p.Offset, filepath.Join(dir, p.File), err)
	}
	return c, nil
}

func read(dir string, p news.KeptPage) (*news.Capture, error) {
	c, err := readRecord(dir, p.PagePlace)
	if err != nil {
		return nil, err
	}
	if p.Same != nil {
		same, err := readRecord(dir, p.Same.PagePlace)
		if err != nil {
			return nil, err
		}
		c.Body = same.Body
	}
	if got := Digest(c.Body); got != p.Digest {
		return nil, fmt.Errorf("%w: the digest is %s, not %s", ErrDamaged, got, p.Digest)
	}
	c.URL, c.Fetched = p.URL, p.Fetched
	return c, nil
}

// readRecord reads the record at a place.
func readRecord(dir string, p news.PagePlace) (*news.Capture, error) {
	if filepath.Base(p.File) != p.File {
		return nil, fmt.Errorf("%w: %q is no name of a file", ErrDamaged, p.File)
	}
	f, err := os.Open(filepath.Join(dir, p.File))
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("the file isn't there: %w", fs.ErrNotExist)
		}
		return nil, err
	}
	defer f.Close()
	data, err := unpack(io.LimitReader(io.NewSectionReader(f, p.Offset, p.Length), maxRecord))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	c, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return c, nil
}

// parse reads a record of a response.
func parse(data []byte) (*news.Capture, error) {
	fields, block, err := split(data, "WARC/1.1")
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(fields.Get("Content-Length"))
	if err != nil || n < 0 || n > len(block) {
		return nil, errors.New("the record's length is wrong")
	}
	header, body, err := split(block[:n], "HTTP/")
	if err != nil {
		return nil, err
	}
	c := &news.Capture{Header: header, Body: body, Remote: fields.Get("WARC-IP-Address")}
	status, _, _ := strings.Cut(string(block[:min(n, 64)]), "\r\n")
	if _, err := fmt.Sscanf(status, "%s %d", &c.Proto, &c.Status); err != nil {
		return nil, errors.New("the record has no status line")
	}
	return c, nil
}

// split takes a first line that begins in a certain way, and the header fields
// after it, from what follows them.
func split(data []byte, first string) (http.Header, []byte, error) {
	if !bytes.HasPrefix(data, []byte(first)) {
		return nil, nil, fmt.Errorf("%s was expected", first)
	}
	end := bytes.Index(data, []byte("\r\n\r\n"))
	if end < 0 {
		return nil, nil, errors.New("the header has no end")
	}
	r := textproto.NewReader(bufio.NewReader(bytes.NewReader(data[:end+4])))
	if _, err := r.ReadLine(); err != nil {
		return nil, nil, err
	}
	fields, err := r.ReadMIMEHeader()
	return http.Header(fields), data[end+4:], err
}
