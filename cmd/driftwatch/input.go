package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// maxInput bounds a file that a command reads whole, in bytes.
const maxInput = 64 << 20

// open gives FILE, or standard input for "-" or nothing.
func (a *app) open(args []string) (io.ReadCloser, error) {
	if len(args) == 0 || args[0] == "-" {
		return io.NopCloser(a.stdin), nil
	}
	f, err := os.Open(args[0])
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, fmt.Errorf("read %s: it is a folder", args[0])
	}
	return f, nil
}

// readAll reads FILE or standard input whole, up to maxInput.
func (a *app) readAll(args []string) ([]byte, error) {
	in, err := a.open(args)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, maxInput+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxInput {
		return nil, fmt.Errorf("the input is over %d MiB", maxInput>>20)
	}
	return data, nil
}

// errLongLine marks a line that was skipped for its length.
var errLongLine = errors.New("the line is over 8 MiB")

// lines gives the lines of r one at a time without their ends. A line longer
// than max bytes is skipped and reported as errLongLine; the next call goes on
// after it. The slice is valid until the next call.
type lines struct {
	r   *bufio.Reader
	max int
	buf []byte
	n   int // number of the line that was given last, from 1
}

func newLines(r io.Reader, max int) *lines {
	return &lines{r: bufio.NewReaderSize(r, 64<<10), max: max}
}

// Next returns the next line, errLongLine, or io.EOF after the last.
func (l *lines) Next() ([]byte, error) {
	l.buf = l.buf[:0]
	long, any := false, false
	for {
		part, err := l.r.ReadSlice('\n')
		any = any || len(part) > 0
		if long || len(l.buf)+len(part) > l.max+1 { // one more for the line end
			long, l.buf = true, l.buf[:0]
		} else {
			l.buf = append(l.buf, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err != nil && err != io.EOF:
			return nil, err
		case err == io.EOF && !any:
			return nil, io.EOF
		}
		l.n++
		if long {
			return nil, errLongLine
		}
		line := bytes.TrimRight(l.buf, "\r\n")
		if l.n == 1 {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		}
		return line, nil
	}
}
