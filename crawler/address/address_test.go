package address_test

import (
	"fmt"
	"strings"
	"testing"

	"driftwatch/crawler/address"
)

func ExampleCanonical() {
	for _, raw := range []string{
		"http://www.outlet.kz/news/12-drones?utm_source=tg&page=2#comments",
		"https://m.outlet.kz/news/12-drones/amp/?page=2",
		"https://outlet.kz:443/news//12-drones/?from=rss&page=2",
	} {
		id, _ := address.Canonical(raw)
		fmt.Println(id)
	}
	// Output:
	// https://outlet.kz/news/12-drones?page=2
	// https://outlet.kz/news/12-drones?page=2
	// https://outlet.kz/news/12-drones?page=2
}

func TestCanonical(t *testing.T) {
	tests := []struct{ name, raw, want string }{
		{"as it is", "https://outlet.kz/news/12", "https://outlet.kz/news/12"},
		{"the root", "https://outlet.kz", "https://outlet.kz/"},
		{"case of scheme and host", "HTTPS://Outlet.KZ/News/12", "https://outlet.kz/News/12"},
		{"http", "http://outlet.kz/a", "https://outlet.kz/a"},
		{"default ports", "http://outlet.kz:80/a", "https://outlet.kz/a"},
		{"the other scheme's port", "http://outlet.kz:443/a", "https://outlet.kz/a"},
		{"a port of its own", "http://outlet.kz:8080/a", "http://outlet.kz:8080/a"},
		{"a final dot", "https://outlet.kz./a", "https://outlet.kz/a"},
		{"www", "https://www.outlet.kz/a", "https://outlet.kz/a"},
		{"no name but www", "https://www.kz/a", "https://www.kz/a"},
		{"mobile", "https://m.outlet.kz/a", "https://outlet.kz/a"},
		{"mobile beside www", "https://www.mobile.outlet.kz/a", "https://outlet.kz/a"},
		{"an edition is no twin", "https://kaz.outlet.kz/a", "https://kaz.outlet.kz/a"},
		{"AMP by host", "https://amp.outlet.kz/a", "https://outlet.kz/a"},
		{"AMP before", "https://outlet.kz/amp/news/12", "https://outlet.kz/news/12"},
		{"AMP after", "https://outlet.kz/news/12/amp/", "https://outlet.kz/news/12"},
		{"AMP as a suffix", "https://outlet.kz/news/12.amp", "https://outlet.kz/news/12"},
		{"AMP in the query", "https://outlet.kz/news/12?amp=1", "https://outlet.kz/news/12"},
		{"AMP in the query, bare", "https://outlet.kz/news/12?amp", "https://outlet.kz/news/12"},
		{"AMP as an output", "https://outlet.kz/news/12?outputType=amp", "https://outlet.kz/news/12"},
		{"a word that begins like it", "https://outlet.kz/ampere/champ", "https://outlet.kz/ampere/champ"},
		{"a page called AMP", "https://outlet.kz/amp", "https://outlet.kz/amp"},
		{"fragment", "https://outlet.kz/a#b", "https://outlet.kz/a"},
		{"fragment of an application", "https://outlet.kz/a#!/b", "https://outlet.kz/a"},
		{"final slash", "https://outlet.kz/a/", "https://outlet.kz/a"},
		{"double slashes", "https://outlet.kz//a///b", "https://outlet.kz/a/b"},
		{"dot segments", "https://outlet.kz/x/../a/./b", "https://outlet.kz/a/b"},
		{"escaped dot segments", "https://outlet.kz/x/%2e%2E/a", "https://outlet.kz/a"},
		{"too many dots", "https://outlet.kz/../../a", "https://outlet.kz/a"},
		{"an escaped slash", "https://outlet.kz/a%2fb", "https://outlet.kz/a%2Fb"},
		{"escapes of what needs none", "https://outlet.kz/%61%7Eb", "https://outlet.kz/a~b"},
		{"escapes in small letters", "https://outlet.kz/%d1%8f", "https://outlet.kz/%D1%8F"},
		{"letters beyond ASCII", "https://outlet.kz/я", "https://outlet.kz/%D1%8F"},
		{"a stray percent sign", "https://outlet.kz/100%-gas", "https://outlet.kz/100%25-gas"},
		{"spaces", " https://outlet.kz/a b\n", "https://outlet.kz/a%20b"},
		{"a line break within", "https://outlet.kz/a\n\tb", "https://outlet.kz/ab"},
		{"backslashes", `https:\\outlet.kz\a`, "https://outlet.kz/a"},
		{"two schemes", "http://https://outlet.kz/a", "https://outlet.kz/a"},
		{"no scheme", "//outlet.kz/a", "https://outlet.kz/a"},
		{"Cyrillic host", "https://Новости.рф/а", "https://xn--b1amnebsh.xn--p1ai/%D0%B0"},
		{"Punycode host", "https://XN--b1amnebsh.xn--p1ai/", "https://xn--b1amnebsh.xn--p1ai/"},
		{"an underscore in the host", "https://a_b.outlet.kz/", "https://a_b.outlet.kz/"},
		{"IPv4", "http://10.2.3.4/m/a", "https://10.2.3.4/m/a"},
		{"IPv6", "http://[2A00:0::1]:80/a", "https://[2a00::1]/a"},
		{"IPv6 with a port", "http://[2a00::1]:81/a", "http://[2a00::1]:81/a"},
		{"sorted query", "https://outlet.kz/?id=2&a=1", "https://outlet.kz/?a=1&id=2"},
		{"repeated parameters stay in order", "https://outlet.kz/?b=2&a=1&b=1", "https://outlet.kz/?a=1&b=2&b=1"},
		{"an empty query", "https://outlet.kz/a?", "https://outlet.kz/a"},
		{"empty parameters", "https://outlet.kz/a?&&id=1&=", "https://outlet.kz/a?id=1"},
		{"a parameter without a value", "https://outlet.kz/a?print", "https://outlet.kz/a?print"},
		{"utm", "https://outlet.kz/a?utm_source=x&UTM_Medium=y", "https://outlet.kz/a"},
		{"an escaped name", "https://outlet.kz/a?%75tm_source=x", "https://outlet.kz/a"},
		{"click ids", "https://outlet.kz/a?fbclid=1&gclid=2&yclid=3&ysclid=4", "https://outlet.kz/a"},
		{"from a feed", "https://outlet.kz/a?from=rss", "https://outlet.kz/a"},
		{"from a date", "https://outlet.kz/a?from=2026-01-01", "https://outlet.kz/a?from=2026-01-01"},
		{"what chooses an article", "https://outlet.kz/?p=7&id=1&page=2&newsid=3&lang=uz&sid=4", "https://outlet.kz/?id=1&lang=uz&newsid=3&p=7&page=2&sid=4"},
		{"a search at one outlet", "https://www.kommersant.ru/doc/7?query=санкции&sids=1", "https://kommersant.ru/doc/7"},
		{"a search at another", "https://outlet.kz/doc?query=7", "https://outlet.kz/doc?query=7"},
		{"a session", "https://outlet.kz/a;jsessionid=1F?PHPSESSID=2", "https://outlet.kz/a"},
		{"semicolons in a path", "https://outlet.kz/a;b=1", "https://outlet.kz/a;b=1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := address.Canonical(tt.raw)
			if err != nil || got != tt.want {
				t.Errorf("Canonical(%q) = %q, %v; want %q", tt.raw, got, err, tt.want)
			}
		})
	}
}

func TestNoAddress(t *testing.T) {
	for _, raw := range []string{
		"", "  ", "outlet.kz/a", "/a", "#top", "javascript:alert(1)", "mailto:desk@outlet.kz", "tel:+77001234567",
		"data:text/html,hi", "ftp://outlet.kz/a", "file:///etc/passwd", "https://", "https:///a", "https:outlet.kz",
		"https://user@outlet.kz/", "https://user:secret@outlet.kz/a", "https://user:secret@out let.kz/", "https:user:secret@outlet.kz", "https://out let.kz/", "https://outlet.kz:port/",
		"https://[::1/", "https://[fe80::1%25eth0]/", "https://%00/", "https://.../", "https://" + strings.Repeat("a", 300) + ".kz/",
		"https://outlet.kz/" + strings.Repeat("a", address.MaxLength),
	} {
		if got, err := address.Canonical(raw); err == nil {
			t.Errorf("Canonical(%.40q) = %q, want an error", raw, got)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error repeats a password: %v", err)
		}
	}
}

func TestResolve(t *testing.T) {
	const base = "https://www.outlet.kz/news/today/?page=2"
	tests := []struct{ ref, want string }{
		{"12", "https://www.outlet.kz/news/today/12"},
		{"../12", "https://www.outlet.kz/news/12"},
		{"/12?a=1#c", "https://www.outlet.kz/12?a=1#c"},
		{"?page=3", "https://www.outlet.kz/news/today/?page=3"},
		{"//other.kz/a", "https://other.kz/a"},
		{"http://Other.KZ/A?utm_source=x", "http://other.kz/A?utm_source=x"},
		{"https://новости.рф/а", "https://xn--b1amnebsh.xn--p1ai/%D0%B0"},
		{" /a b ", "https://www.outlet.kz/a%20b"},
		{`\a\b`, "https://www.outlet.kz/a/b"},
		{"/50%", "https://www.outlet.kz/50%25"},
	}
	for _, tt := range tests {
		if got, err := address.Resolve(base, tt.ref); err != nil || got != tt.want {
			t.Errorf("Resolve(%q) = %q, %v; want %q", tt.ref, got, err, tt.want)
		}
	}
	for _, ref := range []string{"", "javascript:void(0)", "mailto:a@b.kz", "https://u:p@other.kz/"} {
		if got, err := address.Resolve(base, ref); err == nil {
			t.Errorf("Resolve(%q) = %q, want an error", ref, got)
		}
	}
	if got, err := address.Resolve("no address", "a"); err == nil {
		t.Errorf("resolved against no address: %q", got)
	}
}

func TestHostAndDomain(t *testing.T) {
	tests := []struct{ raw, host, domain string }{
		{"https://www.outlet.kz:8080/a", "outlet.kz", "outlet.kz"},
		{"https://Kaz.Outlet.kz/", "kaz.outlet.kz", "outlet.kz"},
		{"https://news.gov.kg/", "news.gov.kg", "news.gov.kg"},
		{"https://127.0.0.1:99/", "127.0.0.1", "127.0.0.1"},
		{"https://[::1]/", "::1", "::1"},
		{"https://localhost/", "localhost", "localhost"},
		{"mailto:a@b.kz", "", ""},
	}
	for _, tt := range tests {
		if h, d := address.Host(tt.raw), address.Domain(tt.raw); h != tt.host || d != tt.domain {
			t.Errorf("%s: host %q, domain %q; want %q, %q", tt.raw, h, d, tt.host, tt.domain)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, raw := range []string{
		"https://www.m.outlet.kz:80/amp/a/../b.amp/amp/?utm_a=1&b=%zz&amp#c", "http://https://[::1]:8/;jsessionid=1",
		"//новости.рф/%2e%2e/%", `http:\\a\b?c\d`, "https://a.kz/amp/amp/amp", "https://a.kz/x.amp.amp?=&=&a==b",
	} {
		f.Add(raw)
	}
	f.Add("//0/A" + strings.Repeat("\x95", 3000))
	f.Fuzz(func(t *testing.T, raw string) {
		once, err := address.Canonical(raw)
		if err != nil {
			return
		}
		twice, err := address.Canonical(once)
		if err != nil || twice != once {
			t.Errorf("%q: once %q, twice %q, %v", raw, once, twice, err)
		}
		resolved, err := address.Resolve("https://outlet.kz/", raw)
		if err != nil {
			return
		}
		if id, err := address.Canonical(resolved); err == nil && id != once {
			t.Errorf("%q: %q, but resolved to %q it is %q", raw, once, resolved, id)
		}
	})
}

func BenchmarkCanonical(b *testing.B) {
	for b.Loop() {
		address.Canonical("http://www.outlet.kz/news/2026/11/24/12345-a-long-name/?utm_source=telegram&id=12#top")
	}
}
