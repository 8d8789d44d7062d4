package charset

import (
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"
)

const russian = "Парламент Киргизии отложил рассмотрение закона о гражданстве, сообщает «Вестник долины» — №4."

func bytesOf(t *testing.T, m *charmap.Charmap, s string) string {
	t.Helper()
	b, err := m.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecode(t *testing.T) {
	cp1251 := func(s string) string { return bytesOf(t, charmap.Windows1251, s) }
	koi8 := func(s string) string { return bytesOf(t, charmap.KOI8R, s) }
	plain := "Парламент Киргизии отложил рассмотрение закона о гражданстве"
	utf16le, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("<rss>" + russian)
	if err != nil {
		t.Fatal(err)
	}
	hangul, err := korean.EUCKR.NewEncoder().String("한국어")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name        string
		body        string
		contentType string
		want        string
		encoding    string
	}{
		{"UTF-8", "<rss>" + russian, "", "<rss>" + russian, "utf-8"},
		{"byte order mark", "\xef\xbb\xbf<rss>" + russian, "", "<rss>" + russian, "utf-8"},
		{"UTF-8 declared as windows-1251", `<?xml version="1.0" encoding="windows-1251"?>` + russian, "text/xml; charset=windows-1251",
			`<?xml version="1.0" encoding="windows-1251"?>` + russian, "utf-8"},
		{"windows-1251 declared by the header", "<rss>" + cp1251(russian), "text/xml; charset=windows-1251", "<rss>" + russian, "windows-1251"},
		{"windows-1251 declared by the document", `<?xml version="1.0" encoding="cp-1251"?>` + cp1251(russian), "",
			`<?xml version="1.0" encoding="cp-1251"?>` + russian, "windows-1251"},
		{"windows-1251 undeclared", "<rss>" + cp1251(russian), "", "<rss>" + russian, "windows-1251"},
		{"windows-1251 declared as UTF-8", `<?xml version="1.0" encoding="utf-8"?>` + cp1251(russian), "text/xml; charset=utf-8",
			`<?xml version="1.0" encoding="utf-8"?>` + russian, "windows-1251"},
		{"windows-1251 declared as Latin", "<rss>" + cp1251(russian), "text/xml; charset=iso-8859-1", "<rss>" + russian, "windows-1251"},
		{"windows-1251 declared as koi8-r", "<rss>" + cp1251(russian), "text/xml; charset=koi8-r", "<rss>" + russian, "windows-1251"},
		{"koi8-r declared", "<rss>" + koi8(plain), "text/xml; charset=koi8-r", "<rss>" + plain, "koi8-r"},
		{"koi8-r undeclared", "<rss>" + koi8(plain), "", "<rss>" + plain, "koi8-r"},
		{"koi8-r declared as windows-1251", "<rss>" + koi8(plain), "text/xml; charset=windows-1251", "<rss>" + plain, "koi8-r"},
		{"capitals only", "<rss>" + cp1251("НОВОСТИ ТАДЖИКИСТАНА"), "", "<rss>НОВОСТИ ТАДЖИКИСТАНА", "windows-1251"},
		{"Latin undeclared", "<rss>caf\xe9 cr\xe8me \x96 d\xe9j\xe0 vu", "", "<rss>café crème – déjà vu", "windows-1252"},
		{"Turkish declared", "<rss>De\xf0i\xfeim \xfcst\xfcne", "text/xml; charset=iso-8859-9", "<rss>Değişim üstüne", "windows-1254"},
		{"UTF-16 with a mark", utf16le, "text/xml; charset=utf-8", "<rss>" + russian, "utf-16le"},
		{"UTF-16 without a mark", utf16le[2:], "", "<rss>" + russian, "utf-16le"},
		{"Korean declared", `<?xml encoding="euc-kr"?>` + hangul, "", `<?xml encoding="euc-kr"?>한국어`, "euc-kr"},
		{"cut inside a letter", russian + "\xd0", "", russian + "\uFFFD", "utf-8"},
		{"one foreign byte", russian + "\xa0" + russian, "", russian + "\uFFFD" + russian, "utf-8"},
		{"nothing", "", "", "", "utf-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, encoding := XML([]byte(tt.body), tt.contentType)
			if string(got) != tt.want || encoding != tt.encoding {
				t.Errorf("got %q in %s\nwant %q in %s", got, encoding, tt.want, tt.encoding)
			}
		})
	}
}

func TestPageDeclarations(t *testing.T) {
	body := bytesOf(t, charmap.Windows1251, russian)
	for _, head := range []string{
		`<meta charset="windows-1251">`,
		`<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">`,
		`<META http-equiv=Content-Type content='text/html; charset=utf-8'>`,
		`<meta charset="nonsense">`,
		``,
	} {
		got, name := HTML([]byte(head+body), "text/html")
		if string(got) != head+russian || name != "windows-1251" {
			t.Errorf("after %s: got %q in %s", head, got, name)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\xff\xfe<\x00"), "text/xml; charset=koi8-r")
	f.Add([]byte("\xcf\xf0\xe8\xe2\xe5\xf2"), "")
	f.Add([]byte(`<meta charset="iso-2022-jp">`+"\x1b$B"), "text/html; charset=\"")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		for _, decode := range []func([]byte, string) ([]byte, string){XML, HTML} {
			if text, name := decode(body, contentType); !utf8.Valid(text) || name == "" {
				t.Errorf("%q in %q is not UTF-8", text, name)
			}
		}
	})
}

// What was encoded twice is decoded twice, and what looks a little like it isn't.
func TestEncodedTwice(t *testing.T) {
	again := func(m *charmap.Charmap, s string) string {
		var b []rune
		for _, c := range []byte(s) {
			r := m.DecodeByte(c)
			if r == utf8.RuneError {
				r = rune(c)
			}
			b = append(b, r)
		}
		return string(b)
	}
	kazakh := "Үкімет қаңтардан бастап жаңа ережені енгізбек, деді өкіл."
	tests := map[string]string{
		again(charmap.Windows1252, russian): russian,
		again(charmap.Windows1251, russian): russian,
		again(charmap.Windows1252, kazakh):  kazakh,
		again(charmap.Windows1251, kazakh):  kazakh,
		russian:                             russian,
		"Ð is a letter of Icelandic, Ñ one of Spanish: España, Íþróttir": "Ð is a letter of Icelandic, Ñ one of Spanish: España, Íþróttir",
		"РСРСРСРСРСРСРСРСРСРС":                                           "РСРСРСРСРСРСРСРСРСРС",
		"С Р О С С И И С С С Р Р С Ф С Р":                                "С Р О С С И И С С С Р Р С Ф С Р",
	}
	for in, want := range tests {
		if got, name := HTML([]byte("<p>"+in), ""); string(got) != "<p>"+want || name != "utf-8" {
			t.Errorf("%q, got %q as %s, want %q", in, got, name, want)
		}
	}
}
