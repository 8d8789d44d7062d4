package wall

import (
	"net/url"
	"regexp"
	"strings"

	"driftwatch/crawler/address"
	"driftwatch/crawler/plain"
)

// Kind is what stands where something else was asked for.
type Kind string

// The kinds.
const (
	Bot     Kind = "challenge" // wants proof that one is no robot
	Refused Kind = "blocked"   // refuses, and asks for nothing
	Consent Kind = "consent"   // wants agreement to cookies or data processing first
	Login   Kind = "login"     // wants a name and a password
	Paywall Kind = "paywall"   // wants a subscription
	Missing Kind = "soft 404"  // says with status 200 that there is nothing
	Parked  Kind = "parked"    // the domain has no owner who publishes there
	Home    Kind = "homepage"  // the outlet's front page, whatever was asked for
)

// Finding is what a page is instead of what was asked for. The zero value says
// that it is nothing of that sort.
type Finding struct {
	Kind Kind
	What string // "a page that asks for a login, titled “…”"
}

// Short pages alone are taken for a wall by words that an article may hold too.
const shortText = 1500

// Look says what a page is that holds nothing of what was asked for. Of a page
// that does hold it nothing is to be asked: articles have boxes that ask for
// consent or a login, too.
func Look(page string) Finding {
	if f := Guarded(page); f.Kind != "" {
		return f
	}
	markup := strings.ToLower(page[:min(len(page), mostMarkup)])
	title := strings.ToLower(Title(page))
	text := plain.HTML(page)
	said := strings.ToLower(text[:min(len(text), mostText)])
	for _, s := range signs {
		if s.shows(markup, title, said, len(text)) {
			return Finding{s.kind, s.what + titled(page)}
		}
	}
	return Finding{}
}

// titled adds a page's title to what it is.
func titled(page string) string {
	if t := Title(page); t != "" {
		return ", titled “" + t + "”"
	}
	return ""
}

// sign is how one kind shows: by a mark in the markup, by how its title begins
// or by what it holds, or by words in a text of at most so many bytes.
type sign struct {
	kind   Kind
	what   string
	marks  []string // on pages with no more than mostText bytes of text
	titles []string // begins with one of them
	holds  []string // has one of them in its title
	words  []string
	most   int // bytes of text up to which words count
}

func (s sign) shows(markup, title, said string, length int) bool {
	return begins(title, s.titles) || anyIn(title, s.holds) || length <= mostText && anyIn(markup, s.marks) || length <= s.most && anyIn(said, s.words)
}

func anyIn(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// signs are asked in this order. All is in lower case.
var signs = []sign{
	{
		kind: Parked, what: "the page of a domain that is parked or for sale",
		marks: []string{
			"sedoparking", "parkingcrew", "bodis.com", "hugedomains.com", "afternic.com", "parklogic", "dan.com/buy-domain",
			"parking.reg.ru", "park-web", "window.park =",
		},
		words: []string{
			"domain is for sale", "domain may be for sale", "domain is parked", "buy this domain", "domain has expired",
			"parked free", "домен продается", "домен продаётся", "домен припаркован", "домен выставлен на продажу",
			"срок регистрации домена", "домен не прилинкован",
		},
		most: mostText,
	},
	{
		kind: Missing, what: "a page that says “not found”",
		titles: []string{"404", "error 404", "ошибка 404"},
		holds: []string{
			"page not found", "not found (404)", "страница не найдена", "страница не существует", "бет табылмады", "барак табылган жок",
			"баракча табылган жок", "sahifa topilmadi", "саҳифа топилмади", "саҳифа ёфт нашуд", "sahypa tapylmady",
		},
		words: []string{
			"page not found", "page you are looking for", "страница не найдена", "запрашиваемая страница", "такой страницы не существует",
			"бет табылмады", "барак табылган жок", "sahifa topilmadi", "саҳифа ёфт нашуд", "sahypa tapylmady",
		},
		most: shortText,
	},
	{
		kind: Consent, what: "a page that wants agreement to cookies first",
		marks:  []string{"consent.google.", "consent.yahoo.", "guce.advertising", "collectconsent", "consent-wall", "cookiewall", "cookie-wall"},
		titles: []string{"before you continue", "we value your privacy", "consent"},
		words: []string{
			"accept all cookies", "accept cookies to continue", "before you continue", "agree to the use of cookies", "we value your privacy",
			"принять все cookie", "согласие на использование cookie", "согласие на обработку персональных данных",
		},
		most: shortText,
	},
	{
		kind: Paywall, what: "a page for subscribers",
		marks: []string{`"isaccessibleforfree":false`, `"isaccessibleforfree": false`, `"isaccessibleforfree":"false"`, `"isaccessibleforfree": "false"`},
		words: []string{
			"subscribe to continue", "subscribe to read", "for subscribers only", "subscribers-only", "already a subscriber",
			"только для подписчиков", "доступен по подписке", "доступно по подписке", "оформите подписку", "жазылушыларға ғана",
			"жазылуучулар үчүн гана", "faqat obunachilar uchun",
		},
		most: mostText,
	},
	{
		kind: Login, what: "a page that asks for a login",
		titles: []string{"log in", "login", "sign in", "вход", "войти", "авторизация", "kirish", "кіру"},
		marks:  []string{`type="password"`, `type='password'`, "type=password"},
	},
}

// AtHome reports whether a page is the front page of the site of the address
// that was asked for, though something below it was: by where redirects led, or
// by what the page says its own address is.
func AtHome(page, asked, at string) bool {
	a, err := url.Parse(asked)
	if err != nil || root(a) {
		return false
	}
	if u, err := url.Parse(at); err == nil && root(u) {
		return true
	}
	head := page[:min(len(page), 64<<10)]
	for _, tag := range ownAddress.FindAllString(head, 8) {
		m := inTag.FindStringSubmatch(tag)
		if m == nil {
			continue
		}
		own, err := address.Resolve(at, plain.Unescape(m[1]))
		if err != nil {
			continue
		}
		if u, err := url.Parse(own); err == nil && root(u) && address.Domain(own) == address.Domain(at) {
			return true
		}
	}
	return false
}

// Same reports whether two pages say the same: most of the lines of each stand in the
// other. Clocks, counters and a few new headlines don't matter.
func Same(a, b string) bool {
	if Title(a) != Title(b) {
		return false
	}
	inA, inB := linesOf(a), linesOf(b)
	return mostlyIn(inA, inB) && mostlyIn(inB, inA)
}

// linesOf are the lines of a page's text that aren't empty.
func linesOf(page string) (lines []string) {
	for line := range strings.SplitSeq(plain.HTML(page[:min(len(page), mostMarkup)]), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// mostlyIn reports whether four of five lines stand among others.
func mostlyIn(lines, others []string) bool {
	has := map[string]bool{}
	for _, line := range others {
		has[line] = true
	}
	found := 0
	for _, line := range lines {
		if has[line] {
			found++
		}
	}
	return found*5 >= len(lines)*4
}

// root reports whether an address is that of a site's front page.
func root(u *url.URL) bool { return strings.Trim(u.Path, "/") == "" && u.RawQuery == "" }

var (
	ownAddress = regexp.MustCompile(`(?i)<link\b[^>]*\brel=["']?canonical\b[^>]*>|<meta\b[^>]*\bproperty=["']?og:url\b[^>]*>`)
	inTag      = regexp.MustCompile(`(?i)\b(?:href|content)=["']?([^"'\s>]+)`)
)
