package wall

import (
	"fmt"
	"strings"
	"testing"
)

func ExampleLook() {
	f := Look(`<title>Вход</title><form><input name=user><input type="password" name=secret></form>`)
	fmt.Println(f.Kind, "-", f.What)
	// Output: login - a page that asks for a login, titled “Вход”
}

func TestLook(t *testing.T) {
	long := "<p>" + strings.Repeat("The council spoke of water for an hour, and of the road after that. ", 60) + "</p>"
	tests := []struct {
		page string
		want Kind
	}{
		{`<title>Just a moment...</title><script>window._cf_chl_opt = {}</script>`, Bot},
		{`<title>Before you continue</title><form action="/save">Accept all</form>`, Consent},
		{`<title>Vestnik</title><h1>We value your privacy</h1><p>Accept all cookies or manage them.</p>`, Consent},
		{`<title>Вестник</title><p>Нажмите, чтобы дать согласие на обработку персональных данных.</p>`, Consent},
		{`<title>Members</title><form><input type="password"></form>`, Login},
		{`<title>Авторизация</title><p>Введите имя.</p>`, Login},
		{`<title>Gas</title><script type="application/ld+json">{"isAccessibleForFree": false}</script><p>The ministry said</p>`, Paywall},
		{`<title>Газ</title><p>Министерство сообщило…</p><p>Материал доступен по подписке</p>`, Paywall},
		{`<title>404 — Вестник</title>` + long, Missing},
		{`<title>Вестник: страница не найдена</title>`, Missing},
		{`<title>Жаршы</title><h1>Барак табылган жок</h1>`, Missing},
		{`<title>vestnik.example</title><script src="//img.sedoparking.com/js/x.js"></script>`, Parked},
		{`<title>vestnik.example</title><p>This domain is for sale. Make an offer.</p>`, Parked},
		{`<title>vestnik.example</title><p>Домен припаркован</p>`, Parked},
		{`<title>Rain</title><p>It rained.</p>`, ""},
		{`<title>Rain</title><div>We value your privacy</div><form><input type="password"></form>` + long, ""},
		{`<title>Domain names: who sells them</title>` + long + `<p>This domain is for sale</p>`, ""},
		{``, ""},
	}
	for _, tt := range tests {
		if got := Look(tt.page); got.Kind != tt.want || (got.Kind == "") != (got.What == "") {
			t.Errorf("%.90s: got %+v, want %q", tt.page, got, tt.want)
		}
	}
}

func TestAtHome(t *testing.T) {
	front := `<html><head><link rel="canonical" href="https://vestnik.example/"><title>Вестник</title></head></html>`
	tests := []struct {
		page, asked, at string
		want            bool
	}{
		{"<html></html>", "https://vestnik.example/rss", "https://vestnik.example/", true},
		{front, "https://vestnik.example/rss", "https://vestnik.example/rss", true},
		{`<meta property="og:url" content="https://www.vestnik.example">`, "https://vestnik.example/a/1", "https://vestnik.example/a/1", true},
		{`<link href='/' rel=canonical>`, "https://vestnik.example/a/1", "https://vestnik.example/a/1", true},
		{front, "https://vestnik.example/", "https://vestnik.example/", false}, // it was asked for
		{`<link rel="canonical" href="https://vestnik.example/a/1">`, "https://vestnik.example/a/1", "https://vestnik.example/a/1", false},
		{`<link rel="canonical" href="https://elsewhere.example/">`, "https://vestnik.example/a/1", "https://vestnik.example/a/1", false},
	}
	for _, tt := range tests {
		if got := AtHome(tt.page, tt.asked, tt.at); got != tt.want {
			t.Errorf("%q asked for %s, at %s: got %v", tt.page, tt.asked, tt.at, got)
		}
	}
}

func TestSame(t *testing.T) {
	page := func(title string, lines ...string) string {
		return "<title>" + title + "</title><p>" + strings.Join(lines, "</p><p>")
	}
	lines := []string{"Water came back", "The bridge is open", "Prices rose", "Rain is expected", "Read by many today"}
	later := append([]string{"Just in"}, lines...)
	other := []string{"Water came back", "Who writes here", "How to reach us", "Advertise", "Terms"}
	tests := []struct {
		name string
		a, b string
		want bool
	}{
		{"the same", page("Valley", lines...), page("Valley", lines...), true},
		{"one line more", page("Valley", lines...), page("Valley", later...), true},
		{"other lines", page("Valley", lines...), page("Valley", other...), false},
		{"a part of it", page("Valley", lines[:2]...), page("Valley", lines...), false},
		{"another title", page("Valley", lines...), page("Rain", lines...), false},
		{"shells", "<title>Valley</title><div id=app></div>", "<title>Valley</title><div id=app></div><script></script>", true},
	}
	for _, tt := range tests {
		if got := Same(tt.a, tt.b); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
