package wall

import (
	"fmt"
	"strings"
	"testing"
)

func ExampleChallenge() {
	what, ok := Challenge(`<title>Just a moment...</title><script>window._cf_chl_opt = {}</script>`)
	fmt.Println(ok, what)
	// Output: true a challenge page of Cloudflare
}

func TestChallenge(t *testing.T) {
	article := "<p>" + strings.Repeat("The provider said that DDoS-Guard had kept the ministry's site up. ", 60) + "</p>"
	tests := map[string]bool{
		`<title>DDoS-Guard</title><script src="/.well-known/ddos-guard/js-challenge/index.js"></script>`: true,
		`<TITLE>Доступ ограничен</TITLE><p>Ваш адрес заблокирован</p>`:                                   true,
		`<html><head><title>403 Forbidden</title></head><center>nginx</center>`:                          true,
		`<title>Парламент отложил закон</title><p>Кворума не было.</p>`:                                  false,
		`<title>Access denied: how the border was closed</title>` + article:                              false,
		article: false,
		"<title>Attack</title><p>The provider said that DDoS-Guard had kept the site up.</p>": false,
		"": false,
	}
	for page, want := range tests {
		if what, ok := Challenge(page); ok != want || ok != (what != "") {
			t.Errorf("%.80q: got %q, %v", page, what, ok)
		}
	}
}

func TestTitle(t *testing.T) {
	tests := map[string]string{
		`<title>A &amp; B</title>`:                    "A & B",
		"<TITLE lang=ru>\n Вестник\n долины </TITLE>": "Вестник долины",
		`<title></title>`:                             "",
		`<title`:                                      "",
		``:                                            "",
		`<title>` + strings.Repeat("ю", 150) + `</title>`: strings.Repeat("ю", 100) + "…",
	}
	for page, want := range tests {
		if got := Title(page); got != want {
			t.Errorf("%.60q: got %q, want %q", page, got, want)
		}
	}
}
