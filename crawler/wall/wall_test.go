package wall

import (
	"fmt"
	"strings"
	"testing"
)

func ExampleGuarded() {
	f := Guarded(`<title>Just a moment...</title><script>window._cf_chl_opt = {}</script>`)
	fmt.Println(f.Kind, "-", f.What)
	// Output: challenge - a challenge page of Cloudflare
}

func TestGuarded(t *testing.T) {
	article := "<p>" + strings.Repeat("The provider said that DDoS-Guard had kept the ministry's site up. ", 60) + "</p>"
	tests := map[string]Kind{
		`<title>DDoS-Guard</title><script src="/.well-known/ddos-guard/js-challenge/index.js"></script>`: Bot,
		`<title>Are you a robot?</title>`: Bot,
		`<TITLE>Доступ ограничен</TITLE><p>Ваш адрес заблокирован</p>`:                   Refused,
		`<html><head><title>403 Forbidden</title></head><center>nginx</center>`:          Refused,
		`<title>Error</title><div class="cf-error-details">Sorry, you are blocked</div>`: Refused,
		`<title>Парламент отложил закон</title><p>Кворума не было.</p>`:                  "",
		`<title>Access denied: how the border was closed</title>` + article:              "",
		"<title>Forbidden fruit</title><p>Apples were brought in.</p>":                   "",
		"<title>Forbidden</title>": Refused,
		article:                    "",
		"<title>Attack</title><p>The provider said that DDoS-Guard had kept the site up.</p>": "",
		"": "",
	}
	for page, want := range tests {
		if got := Guarded(page); got.Kind != want || (got.Kind == "") != (got.What == "") {
			t.Errorf("%.80q: got %+v, want %q", page, got, want)
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
