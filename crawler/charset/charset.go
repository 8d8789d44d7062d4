package charset

import (
	"bytes"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// XML decodes an XML document. contentType is the response's Content-Type
// header, which may be empty. The result is valid UTF-8 without a byte order
// mark; it shares the memory of body where nothing had to be changed. name is
// the WHATWG name of the encoding that was found.
func XML(body []byte, contentType string) (text []byte, name string) {
	return decode(body, contentType, xmlDeclared)
}

// HTML decodes a page, as XML does a document.
func HTML(body []byte, contentType string) (text []byte, name string) {
	return decode(body, contentType, metaDeclared)
}

func decode(body []byte, contentType string, declared func([]byte) string) ([]byte, string) {
	if enc, name, skip := marked(body); enc != nil {
		return transform(enc, body[skip:]), name
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	hints := []string{label(headerDeclared(contentType)), label(declared(body))}
	if name, ok := shifted(body, hints); ok {
		return transform(named(name), body), name
	}
	if utf8.Valid(body) {
		if once := twice(body); once != nil {
			return once, "utf-8"
		}
		return body, "utf-8"
	}
	if mostlyUTF8(body) {
		return bytes.ToValidUTF8(body, []byte("\uFFFD")), "utf-8"
	}
	for _, h := range hints {
		if multibyte[h] {
			if text := transform(named(h), body); sound(text) {
				return text, h
			}
		}
	}
	name := likeliest(body, hints)
	return transform(named(name), body), name
}

// marked finds the byte order mark of UTF-16 and UTF-32, or the zero bytes that
// give an unmarked UTF-16 away, and how many bytes to skip. It finds nothing for
// UTF-8.
func marked(b []byte) (enc encoding.Encoding, name string, skip int) {
	utf16 := func(e unicode.Endianness) encoding.Encoding { return unicode.UTF16(e, unicode.IgnoreBOM) }
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe\x00\x00")):
		return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), "utf-32le", 4
	case bytes.HasPrefix(b, []byte("\x00\x00\xfe\xff")):
		return utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), "utf-32be", 4
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return utf16(unicode.LittleEndian), "utf-16le", 2
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return utf16(unicode.BigEndian), "utf-16be", 2
	case len(b) >= 4 && b[0] != 0 && b[1] == 0 && b[2] != 0 && b[3] == 0:
		return utf16(unicode.LittleEndian), "utf-16le", 0
	case len(b) >= 4 && b[0] == 0 && b[1] != 0 && b[2] == 0 && b[3] != 0:
		return utf16(unicode.BigEndian), "utf-16be", 0
	}
	return nil, "", 0
}

// shifted reports a declared encoding that writes everything in seven bits, so
// that its bytes look like UTF-8: only the declaration can tell.
func shifted(b []byte, hints []string) (string, bool) {
	for _, h := range hints {
		if h == "iso-2022-jp" && bytes.IndexByte(b, 0x1b) >= 0 {
			return h, true
		}
	}
	return "", false
}

// mostlyUTF8 reports whether the bytes are UTF-8 with an accident in it: cut in
// the middle of a letter, or a few bytes of something else pasted in.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		switch {
		case r != utf8.RuneError || n > 1:
			good++
		case utf8.FullRune(b):
			bad++
		}
		b = b[n:]
	}
	return good >= 10*bad && good > 0
}

// multibyte are the encodings that take several bytes to a letter and are
// believed when declared and decoded without faults.
var multibyte = map[string]bool{
	"euc-kr": true, "euc-jp": true, "shift_jis": true,
	"gbk": true, "gb18030": true, "big5": true,
}

// sound reports whether hardly anything of a decoded text is a replacement
// character.
func sound(text []byte) bool {
	return bytes.Count(text, []byte("\uFFFD"))*50 <= utf8.RuneCount(text)
}

func transform(enc encoding.Encoding, b []byte) []byte {
	text, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return bytes.ToValidUTF8(b, []byte("\uFFFD"))
	}
	return bytes.TrimPrefix(text, []byte("\uFEFF"))
}

// named gives the encoding of a WHATWG name, windows-1252 for an unknown one.
func named(name string) encoding.Encoding {
	if enc, err := htmlindex.Get(name); err == nil {
		return enc
	}
	enc, _ := htmlindex.Get("windows-1252")
	return enc
}

// label brings a declared label to its WHATWG name, and to nothing where it
// names no encoding.
func label(s string) string {
	s = strings.ToLower(strings.Trim(s, " \t\r\n'\";"))
	if std, ok := misspelt[s]; ok {
		s = std
	}
	enc, err := htmlindex.Get(s)
	if err != nil {
		return ""
	}
	name, err := htmlindex.Name(enc)
	if err != nil {
		return ""
	}
	return name
}

// misspelt are labels met in the wild that the WHATWG's table doesn't have.
var misspelt = map[string]string{
	"cp-1251": "windows-1251", "win-1251": "windows-1251", "win1251": "windows-1251",
	"windows1251": "windows-1251", "windows_1251": "windows-1251", "windows-cp1251": "windows-1251",
	"koi-8": "koi8-r", "koi8r": "koi8-r", "koi8-ru": "koi8-u", "cp866": "ibm866", "cp-866": "ibm866",
	"utf_8": "utf-8", "utf-8-sig": "utf-8", "cp-1252": "windows-1252", "win-1252": "windows-1252",
}

func headerDeclared(contentType string) string {
	if contentType == "" {
		return ""
	}
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		return params["charset"]
	}
	if _, after, ok := strings.Cut(strings.ToLower(contentType), "charset="); ok {
		return after
	}
	return ""
}

var (
	xmlEncoding  = regexp.MustCompile(`^[^<]*<\?xml[^>]*?encoding\s*=\s*["']?([A-Za-z0-9._:-]+)`)
	metaEncoding = regexp.MustCompile(`(?i)<meta\s[^>]*?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]+)`)
)

// declaredWithin is how many bytes of a document are searched for its
// declaration. The HTML standard asks for 1,024; pages put it later.
const declaredWithin = 4096

func xmlDeclared(b []byte) string {
	return firstGroup(xmlEncoding, b[:min(len(b), declaredWithin)])
}

func metaDeclared(b []byte) string {
	b = b[:min(len(b), declaredWithin)]
	if s := firstGroup(metaEncoding, b); s != "" {
		return s
	}
	return firstGroup(xmlEncoding, b)
}

func firstGroup(re *regexp.Regexp, b []byte) string {
	if m := re.FindSubmatch(b); m != nil {
		return string(m[1])
	}
	return ""
}
