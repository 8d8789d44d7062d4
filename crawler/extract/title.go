package extract

import (
	"strings"
	"unicode"
)

// headlineOf gives the article's headline.
//
// og:title comes first: on pages with checked titles it was right most often,
// before the h1 and JSON-LD's headline. It often has the site's name at its
// end, which is cut off where it is the site's name.
func (p *page) headlineOf() string {
	title := p.withoutSite(clean(firstOf(p.first("og:title"), p.first("twitter:title"))))
	if title != "" && !p.isSiteName(title) {
		return title
	}
	if h := p.mainHeading(); h != "" {
		return h
	}
	if p.ld.headline != "" {
		return p.ld.headline
	}
	return p.withoutSite(clean(firstOf(p.first("dc.title", "parsely-title", "headline", "title"), p.title)))
}

// mainHeading gives the h1 that is the article's: one marked as such, the one
// that the page's title begins with, the only one.
func (p *page) mainHeading() string {
	for _, h := range p.headings {
		if len(h.text) > 8 && strings.HasPrefix(fold(p.title), fold(h.text)) {
			return h.text
		}
	}
	for _, h := range p.headings {
		if h.own && !p.isSiteName(h.text) {
			return h.text
		}
	}
	for _, h := range p.headings {
		if len(h.text) > 15 && !p.isSiteName(h.text) {
			return h.text
		}
	}
	return ""
}

// separators stand between a headline and the site's name.
var separators = []string{" | ", " — ", " – ", " - ", " :: ", " » ", " / ", " // ", " • ", " · ", " : ", " * ", "|", "｜", "："}

// withoutSite cuts the site's name off a title: from where it stands to the
// title's end, or at its beginning.
func (p *page) withoutSite(title string) string {
	for _, sep := range separators {
		parts := strings.Split(title, sep)
		for i, part := range parts {
			left := strings.TrimSpace(strings.Join(parts[:i], sep))
			if i > 0 && (p.isSiteName(part) || p.isHeadline(left)) {
				return left
			}
		}
		if rest := strings.Join(parts[1:], sep); p.isSiteName(parts[0]) && len(rest) > 15 {
			return strings.TrimSpace(rest)
		}
	}
	return title
}

// isHeadline reports whether the page gives s as a headline somewhere.
func (p *page) isHeadline(s string) bool {
	s = fold(s)
	if len(s) < 15 {
		return false
	}
	for _, h := range p.headings {
		if fold(h.text) == s {
			return true
		}
	}
	return fold(p.ld.headline) == s
}

// isSiteName reports whether s names the site: as it says itself, or as its host
// is called.
func (p *page) isSiteName(s string) bool {
	s = fold(s)
	if s == "" {
		return false
	}
	for _, name := range []string{p.first("og:site_name"), p.ld.site, p.first("application-name"), p.first("apple-mobile-web-app-title")} {
		if name = fold(name); name != "" && (s == name || len(name) > 3 && strings.HasPrefix(s, name) && len(s) < 2*len(name)+10) {
			return true
		}
	}
	if p.address == nil {
		return false
	}
	host := hostname(p.address.Host)
	label, _, _ := strings.Cut(host, ".")
	label = fold(label)
	return s == fold(host) || s == label || len(label) >= 3 && len(s) < len(label)+12 && strings.HasPrefix(s, label)
}

// fold keeps the letters and digits of s in lower case, so that two ways of
// writing a name compare as one.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// site gives the outlet's name.
func (p *page) site() string {
	if name := clean(firstOf(p.first("og:site_name"), p.ld.site, p.first("application-name"), p.first("apple-mobile-web-app-title"))); name != "" {
		return name
	}
	if p.address != nil {
		return hostname(p.address.Host)
	}
	return ""
}

// authors gives the names of those who wrote the article. The outlet itself is
// given only where the page names it as the author, and nobody else.
func (p *page) authors() []string {
	var outlet []string
	for _, written := range [][]string{
		p.ld.authors,
		p.meta["author"], p.meta["article:author"], p.meta["og:article:author"], p.meta["parsely-author"], p.meta["sailthru.author"],
		p.meta["dc.creator"], p.meta["dcterms.creator"], p.meta["byl"], p.meta["mediator_author"], p.bylines,
	} {
		people, itself := p.names(written)
		if len(people) > 0 {
			return people
		}
		if outlet == nil {
			outlet = itself
		}
	}
	return outlet
}

// names keeps what can be names, each once: those of people, and those of the
// outlet.
func (p *page) names(written []string) (people, outlet []string) {
	seen := map[string]bool{}
	for _, w := range written {
		name := withoutBy(clean(w))
		key := fold(name)
		if key == "" || seen[key] || len(name) > 100 || strings.Contains(name, "://") || strings.Contains(name, "@") {
			continue
		}
		seen[key] = true
		if p.isSiteName(name) {
			outlet = append(outlet, name)
		} else {
			people = append(people, name)
		}
	}
	return people, outlet
}

// by are the words before an author's name.
var by = []string{"by ", "автор:", "автор ", "авторы:", "текст:", "text:", "авторы ", "muallif:", "муаллиф:", "автору:", "жазған:", "müəllif:", "awtor:"}

func withoutBy(name string) string {
	lower := strings.ToLower(name)
	for _, word := range by {
		if strings.HasPrefix(lower, word) && len(lower) == len(name) {
			return strings.TrimSpace(name[len(word):])
		}
	}
	return name
}

// languageOf gives the language that the page declares, as BCP 47 has it.
func (p *page) languageOf() string {
	for _, written := range []string{p.language, p.ld.language, p.first("og:locale"), p.first("content-language"), p.first("dc.language", "language")} {
		written, _, _ = strings.Cut(strings.TrimSpace(written), ",")
		if tag, err := bcp47(written); err == nil {
			return tag
		}
	}
	return ""
}
