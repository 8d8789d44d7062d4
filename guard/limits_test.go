package guard_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/andybalholm/brotli"

	"driftwatch/guard"
)

func brotlied(b []byte) []byte {
	var out bytes.Buffer
	w := brotli.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

func ExampleDecode() {
	bomb := gzipped(bytes.Repeat([]byte("boom "), 1<<20))
	fmt.Println(len(bomb) < 8<<10)

	r, err := guard.Decode(bytes.NewReader(bomb), "gzip", 1000)
	if err != nil {
		fmt.Println(err)
		return
	}
	body, err := io.ReadAll(r)
	fmt.Println(len(body), err)
	// Output:
	// true
	// 1000 more than 1000 bytes came
}

func TestDecode(t *testing.T) {
	const text = "Ташкент, Бишкек, Душанбе: тексты сжимаются хорошо, тексты сжимаются"
	gz, zl, fl, br := gzipped([]byte(text)), zlibbed([]byte(text)), deflated([]byte(text)), brotlied([]byte(text))
	tests := []struct {
		name, encoding string
		body           []byte
		want           string
	}{
		{"as it is", "", []byte(text), text},
		{"identity", "identity", []byte(text), text},
		{"gzip", "gzip", gz, text},
		{"gzip by its old name", "X-GZIP", gz, text},
		{"two gzip members", "gzip", append(bytes.Clone(gz), gz...), text + text},
		{"what follows gzip", "gzip", append(bytes.Clone(gz), "\x00\x00 trailing"...), text},
		{"deflate in zlib", "deflate", zl, text},
		{"deflate alone", "deflate", fl, text},
		{"brotli", "br", br, text},
		{"brotli in gzip", "br, gzip", gzipped(br), text},
		{"nothing, said to be brotli", "br", nil, ""},
		{"gzip in gzip", "gzip, gzip", gzipped(gz), text},
		{"gzip in deflate", "gzip,deflate", zlibbed(gz), text},
		{"nothing, said to be gzip", "gzip", nil, ""},
		{"nothing, said to be deflate", "deflate", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := guard.Decode(iotest.OneByteReader(bytes.NewReader(tt.body)), tt.encoding, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if err != nil || string(got) != tt.want {
				t.Errorf("read %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestDecodeFaults(t *testing.T) {
	gz, zl := gzipped([]byte("a text")), zlibbed([]byte("a text"))
	flipped := bytes.Clone(gz)
	flipped[len(flipped)-6] ^= 1
	tests := []struct {
		name, encoding string
		body           []byte
	}{
		{"gzip cut short", "gzip", gz[:len(gz)-3]},
		{"gzip cut in its header", "gzip", gz[:5]},
		{"gzip with a wrong sum", "gzip", flipped},
		{"no gzip", "gzip", []byte("<html>")},
		{"deflate cut short", "deflate", zl[:len(zl)-3]},
		{"brotli cut short", "br", brotlied([]byte("a text"))[:6]},
		{"no brotli", "br", []byte("<html>")},
		{"no deflate", "deflate", []byte("\xff\xff\xff\xff")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := guard.Decode(bytes.NewReader(tt.body), tt.encoding, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			var damaged *guard.EncodingError
			if got, err := io.ReadAll(r); !errors.As(err, &damaged) {
				t.Errorf("read %q, %v; want an EncodingError", got, err)
			}
		})
	}
	for _, encoding := range []string{"compress", "zstd", "gzip, zstd", "gzip, gzip, gzip", "gzip\x00"} {
		var unknown *guard.EncodingError
		if _, err := guard.Decode(strings.NewReader(""), encoding, 1); !errors.As(err, &unknown) {
			t.Errorf("encoding %q: %v, want an EncodingError", encoding, err)
		}
	}
}

// Answers that have no end, packed and not.
func TestDecodeEndless(t *testing.T) {
	zeros := func() io.Reader { return endless("\x00") }
	tests := []struct {
		name, encoding string
		body           io.Reader
	}{
		{"plain", "", zeros()},
		{"a bomb", "gzip", bytes.NewReader(gzipped(make([]byte, 8<<20)))},
		{"a bomb in a bomb", "gzip, gzip", bytes.NewReader(gzipped(gzipped(make([]byte, 8<<20))))},
		{"a brotli bomb", "br", bytes.NewReader(brotlied(make([]byte, 8<<20)))},
		{"empty brotli blocks", "br", endless("\x0c\x00\x00")},
		{"a deflate bomb", "deflate", bytes.NewReader(deflated(make([]byte, 8<<20)))},
		{"empty gzip members", "gzip", endless(string(gzipped(nil)))},
		{"a gzip header's name", "gzip", io.MultiReader(strings.NewReader("\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\x00"), endless("name"))},
		{"empty deflate blocks", "deflate", endless("\x00\x00\x00\xff\xff")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			const most = 1 << 20
			r, err := guard.Decode(tt.body, tt.encoding, most)
			if err != nil {
				t.Fatal(err)
			}
			n, err := io.Copy(io.Discard, r)
			if n > most || err == nil {
				t.Errorf("read %d bytes, %v", n, err)
			}
		})
	}
}

func TestLimit(t *testing.T) {
	for _, tt := range []struct {
		max  int64
		want string
		ok   bool
	}{{5, "12345", true}, {6, "12345", true}, {4, "1234", false}, {0, "", false}} {
		got, err := io.ReadAll(guard.Limit(strings.NewReader("12345"), tt.max))
		var large *guard.TooLargeError
		if string(got) != tt.want || tt.ok && err != nil || !tt.ok && !errors.As(err, &large) {
			t.Errorf("%d of 5 bytes: %q, %v", tt.max, got, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("gzip", gzipped([]byte("text")))
	f.Add("deflate", zlibbed([]byte("text")))
	f.Add("br", brotlied([]byte("text")))
	f.Add("deflate", deflated([]byte("text")))
	f.Add("gzip, deflate", []byte("\x78\x9c"))
	f.Fuzz(func(t *testing.T, encoding string, body []byte) {
		r, err := guard.Decode(bytes.NewReader(body), encoding, 1000)
		if err != nil {
			return
		}
		if n, _ := io.Copy(io.Discard, r); n > 1000 {
			t.Errorf("%d bytes came through a limit of 1000", n)
		}
	})
}

// endless is a reader of s, again and again.
func endless(s string) io.Reader { return &repeated{s: strings.Repeat(s, 1+4096/len(s))} }

type repeated struct {
	s  string
	at int
}

func (r *repeated) Read(p []byte) (int, error) {
	n := copy(p, r.s[r.at:])
	r.at = (r.at + n) % len(r.s)
	return n, nil
}

func gzipped(b []byte) []byte {
	return packed(b, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
}

func zlibbed(b []byte) []byte {
	return packed(b, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
}

func deflated(b []byte) []byte {
	return packed(b, func(w io.Writer) io.WriteCloser {
		z, _ := flate.NewWriter(w, flate.BestCompression)
		return z
	})
}

func packed(b []byte, open func(io.Writer) io.WriteCloser) []byte {
	var out bytes.Buffer
	w := open(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}
