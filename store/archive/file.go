package archive

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// file is one WARC file, open at its end.
type file struct {
	*os.File
	name  string
	size  int64
	dirty bool // not all of it has reached the disk
}

// add writes whole records at the end. Where that fails, what was written of
// them is cut off again.
func (f *file) add(records []byte) error {
	f.dirty = true
	if _, err := f.WriteAt(records, f.size); err != nil {
		return errors.Join(err, f.Truncate(f.size))
	}
	f.size += int64(len(records))
	return nil
}

// Each record is one gzip member. Its length stands in the member's header, in
// an extra field of ours (RFC 1952, 2.3.1.1), which others pass over: so the end
// of the last whole record is found without unpacking the ones before it.
const (
	headBytes = 20 // ten of the header, two for the length of the extra field, eight of it
	lengthAt  = 16
)

var (
	extra = []byte{'D', 'w', 4, 0, 0, 0, 0, 0}
	head  = []byte{0x1f, 0x8b, 8, 4} // gzip, deflate, with an extra field
	field = append([]byte{byte(len(extra)), 0}, extra[:4]...)
)

// member packs a record.
func member(record []byte) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Extra = extra
	if _, err := z.Write(record); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	out := b.Bytes()
	binary.LittleEndian.PutUint32(out[lengthAt:], uint32(len(out)))
	return out, nil
}

// unpack is the record in a member.
func unpack(r io.Reader) ([]byte, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	z.Multistream(false)
	return io.ReadAll(z)
}

// resume opens a file to go on with. A record that was half-written is cut off.
// nil: the file holds something else than our records, and is left alone.
func resume(dir, name string) (*file, error) {
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	size, end, ours, err := wholeRecords(f)
	if err == nil && ours && end < size {
		if err = f.Truncate(end); err == nil {
			err = f.Sync()
		}
	}
	if err != nil || !ours || end == 0 {
		return nil, errors.Join(err, f.Close())
	}
	return &file{File: f, name: name, size: end}, nil
}

// wholeRecords finds where the last whole record of a file ends.
func wholeRecords(f *os.File) (size, end int64, ours bool, err error) {
	info, err := f.Stat()
	if err != nil {
		return 0, 0, false, err
	}
	size = info.Size()
	var b [headBytes]byte
	last := int64(0)
	for end < size {
		n, err := f.ReadAt(b[:], end)
		if err != nil && err != io.EOF {
			return 0, 0, false, err
		}
		if !begins(b[:n]) {
			return size, end, false, nil
		}
		length := int64(binary.LittleEndian.Uint32(b[lengthAt:]))
		if n < headBytes || length < headBytes || end+length > size {
			break
		}
		last, end = end, end+length
	}
	if end > 0 { // of the last one the end may be missing, though there is room for it
		if _, err := unpack(io.NewSectionReader(f, last, end-last)); err != nil {
			end = last
		}
	}
	return size, end, true, nil
}

// begins reports whether bytes are the beginning of one of our members, as far
// as they go.
func begins(b []byte) bool {
	same := func(at int, want []byte) bool {
		if len(b) <= at {
			return true
		}
		n := min(len(b)-at, len(want))
		return bytes.Equal(b[at:at+n], want[:n])
	}
	return same(0, head) && same(10, field)
}
