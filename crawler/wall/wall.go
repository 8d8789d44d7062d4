package wall

import (
	"regexp"
	"strings"

	"driftwatch/crawler/plain"
)

// marks are what only the pages of a guard have in their markup, in lower case,
// and what they are. An article that speaks of such a guard has it in its text.
var marks = []struct{ mark, what string }{
	{"_cf_chl_opt", "a challenge page of Cloudflare"},
	{"/cdn-cgi/challenge-platform/h/", "a challenge page of Cloudflare"},
	{"cf-browser-verification", "a challenge page of Cloudflare"},
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

// refusalMark is what only the page has with which Cloudflare refuses, without asking
// for anything.
const refusalMark = "cf-error-details"

// titles are how the titles of pages begin that want to know whether we are a robot,
// in lower case; refusals those of pages that just refuse.
var (
	titles = []string{
		"just a moment", "attention required", "ddos-guard", "checking your browser", "are you a robot",
		"one moment, please", "please wait", "bot verification", "robot check", "verify you are human",
		"проверка браузера", "проверка безопасности", "подтвердите, что вы не робот", "вы не робот", "ой!", "captcha",
	}
	refusals = []string{
		"403 forbidden", "403 - forbidden", "error 403", "ошибка 403", "access denied", "access to this page has been denied",
		"доступ запрещен", "доступ запрещён", "доступ ограничен", "доступ закрыт",
	}
)

// A page of a wall has at the most so many bytes, and so many of text.
const (
	mostMarkup = 256 << 10
	mostText   = 3000
)

// Guarded says whether a page is that of a guard that keeps programs out, by a
// challenge or by a plain refusal. The zero Finding: it is neither.
func Guarded(page string) Finding {
	if len(page) > mostMarkup {
		return Finding{}
	}
	text := plain.HTML(page)
	if len(text) > mostText {
		return Finding{}
	}
	markup, said := strings.ToLower(page), strings.ToLower(text)
	for _, m := range marks {
		if strings.Contains(markup, m.mark) && !strings.Contains(said, m.mark) {
			return Finding{Bot, m.what}
		}
	}
	if strings.Contains(markup, refusalMark) && !strings.Contains(said, refusalMark) {
		return Finding{Refused, "a refusal by Cloudflare"}
	}
	title := strings.ToLower(Title(page))
	switch {
	case begins(title, titles):
		return Finding{Bot, "a page that wants to know whether we are a robot" + titled(page)}
	case title == "403", title == "forbidden", begins(title, refusals):
		return Finding{Refused, "a page that refuses" + titled(page)}
	}
	return Finding{}
}

func begins(title string, with []string) bool {
	for _, t := range with {
		if strings.HasPrefix(title, t) {
			return true
		}
	}
	return false
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
