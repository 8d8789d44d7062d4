package wall

import (
	"regexp"
	"strings"

	"driftwatch/crawler/plain"
)

// marks are what only the pages of a wall have in their markup, in lower case,
// and what they are. An article that speaks of such a guard has it in its text.
var marks = []struct{ mark, what string }{
	{"_cf_chl_opt", "a challenge page of Cloudflare"},
	{"/cdn-cgi/challenge-platform/h/", "a challenge page of Cloudflare"},
	{"cf-browser-verification", "a challenge page of Cloudflare"},
	{"cf-error-details", "a refusal by Cloudflare"},
	{"ddos-guard", "a challenge page of DDoS-Guard"},
	{"/__qrator/", "a challenge page of Qrator"},
	{"stormwall", "a challenge page of StormWall"},
	{"servicepipe.ru", "a challenge page of Servicepipe"},
	{"variti", "a challenge page of Variti"},
	{"_incapsula_resource", "a challenge page of Imperva"},
	{"sucuri_cloudproxy_js", "a challenge page of Sucuri"},
	{"/.well-known/sgcaptcha/", "a challenge page of SiteGround"},
	{"slowaes.decrypt", "a challenge page that sets a cookie by script"},
	{"wsidchk", "a challenge page of Imunify360"},
}

// titles are how the titles of such pages begin, in lower case.
var titles = []string{
	"just a moment", "attention required", "access denied", "ddos-guard", "checking your browser", "are you a robot",
	"one moment, please", "please wait", "bot verification", "robot check", "verify you are human", "403 forbidden",
	"проверка браузера", "проверка безопасности", "подтвердите, что вы не робот", "вы не робот", "доступ запрещен",
	"доступ запрещён", "доступ ограничен", "ой!", "captcha",
}

// A page of a wall has at the most so many bytes, and so many of text.
const (
	mostMarkup = 256 << 10
	mostText   = 3000
)

// Challenge reports whether a page is a wall, and which.
func Challenge(page string) (what string, ok bool) {
	if len(page) > mostMarkup {
		return "", false
	}
	text := plain.HTML(page)
	if len(text) > mostText {
		return "", false
	}
	markup, said := strings.ToLower(page), strings.ToLower(text)
	for _, m := range marks {
		if strings.Contains(markup, m.mark) && !strings.Contains(said, m.mark) {
			return m.what, true
		}
	}
	title := Title(page)
	for _, t := range titles {
		if strings.HasPrefix(strings.ToLower(title), t) {
			return "a page that refuses or wants to know whether we are a robot, titled “" + title + "”", true
		}
	}
	return "", false
}

// Title is the title of a page, in one line, cut at 200 bytes; empty where there
// is none.
func Title(page string) string {
	m := titleTag.FindStringSubmatch(page[:min(len(page), 64<<10)])
	if m == nil {
		return ""
	}
	title := plain.Line(plain.Unescape(m[1]))
	if len(title) > 200 {
		title = strings.ToValidUTF8(title[:200], "") + "…"
	}
	return title
}

var titleTag = regexp.MustCompile(`(?i)<title[^>]*>([^<]*)`)
