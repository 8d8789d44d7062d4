package extract

import (
	"strings"
	"unicode"
)

// headlineOf gives the article's headline.
//
// og:title comes first: on pages with checked titles it was right most often,
// before the h1 and JSON-LD's headline. It often has the site's name at its
// end, which is cut off where it is the site's name. Where it is no more than the
// title element over again, JSON-LD has a headline of its own, and no h1 says
// otherwise, that one is the article's: the other is meant for search engines.
func (p *page) headlineOf() string {
	given := p.withoutSite(clean(short(firstOf(p.first("og:title"), p.first("twitter:title")))))
	heading, linked := p.mainHeading(), p.withoutSite(p.ld.headline)
	switch {
	case given != "" && !p.isSiteName(given):
		if p.outdoes(linked, given, heading) {
			p.from.Title = FromJSONLD
			return linked
		}
		p.from.Title = FromOpenGraph
		return given
	case heading != "":
		p.from.Title = FromBlocks
		return heading
	case linked != "":
		p.from.Title = FromJSONLD
		return linked
	}
	title := p.shownPart(p.withoutSite(clean(short(firstOf(p.first("dc.title", "parsely-title", "headline", "title"), p.Title)))))
	if title != "" {
		p.from.Title = FromMeta
	}
	return title
}

// shownPart gives the part of a title that the page shows by itself, where the
// rest of it is parted from that by a separator.
func (p *page) shownPart(title string) string {
	for _, sep := range separators {
		if left, right, ok := strings.Cut(title, sep); ok {
			for _, part := range []string{left, right} {
				if p.runOf(fold(part)) >= 0 {
					return strings.TrimSpace(part)
				}
			}
		}
	}
	return title
}

// outdoes reports whether JSON-LD's headline is rather the article's than the
// given title. One that breaks off is not.
func (p *page) outdoes(linked, given, heading string) bool {
	own, other := fold(linked), fold(given)
	if own == "" || own == other || articles[p.ld.kind] < 3 || other != fold(p.withoutSite(clean(short(p.Title)))) {
		return false
	}
	if heading == "" {
		return !strings.HasPrefix(other, own)
	}
	return own == fold(heading)
}

// maxTitle is how many bytes of a title are looked at.
const maxTitle = 600

// short cuts a title off where no reader would read on.
func short(title string) string {
	if len(title) <= maxTitle {
		return title
	}
	return strings.ToValidUTF8(title[:maxTitle], "")
}

// mainHeading gives the h1 that is the article's: one marked as such, the one
// that the page's title begins with, the only one.
func (p *page) mainHeading() string {
	for _, h := range p.Headings {
		if len(h.Text) > 8 && strings.HasPrefix(fold(p.Title), fold(h.Text)) {
			return h.Text
		}
	}
	for _, h := range p.Headings {
		if h.Own && !p.isSiteName(h.Text) {
			return h.Text
		}
	}
	for _, h := range p.Headings {
		if len(h.Text) > 15 && !p.isSiteName(h.Text) {
			return h.Text
		}
	}
	return ""
}

// separators stand between a headline and the site's name.
var separators = []string{" | ", " — ", " – ", " - ", " :: ", " » ", " / ", " // ", " • ", " · ", " : ", " * ", "|", "｜", "："}

// withoutSite cuts off a title what isn't the headline: the site's name, from
// where it stands to the title's end or at its beginning, and a rubric before or
// after what the page gives as a headline elsewhere.
func (p *page) withoutSite(title string) string {
	for _, sep := range separators {
		parts := strings.Split(title, sep)
		for i, part := range parts {
			left := strings.TrimSpace(strings.Join(parts[:i], sep))
			if i > 0 && (p.isSiteName(part) || p.isHeadline(left)) {
				return p.withoutRubric(left)
			}
		}
		if rest := strings.Join(parts[1:], sep); p.isSiteName(parts[0]) && len(rest) > 15 {
			return p.withoutRubric(strings.TrimSpace(rest))
		}
	}
	return p.withoutRubric(title)
}

// withoutRubric gives the part of a title that is a headline of the page, where
// the rest of it is parted from that by a separator. A headline of the page that
// has the rubric in it keeps it.
func (p *page) withoutRubric(title string) string {
	if p.isHeadline(title) {
		return title
	}
	for _, sep := range separators {
		if left, right, ok := strings.Cut(title, sep); ok {
			if p.isHeadline(right) {
				return strings.TrimSpace(right)
			}
			if p.isHeadline(left) {
				return strings.TrimSpace(left)
			}
		}
	}
	return title
}

// minHeadline is how many bytes a headline has at the least, its letters and
// digits alone.
const minHeadline = 15

// isHeadline reports whether the page gives s as a headline somewhere.
func (p *page) isHeadline(s string) bool {
	s = fold(s)
	if len(s) < minHeadline {
		return false
	}
	for _, h := range p.Headings {
		if fold(h.Text) == s {
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
	from := ""
	try := func(written []string, found string) bool {
		people, itself := p.names(written)
		if len(people) > 0 {
			outlet, from = people, found
			return true
		}
		if outlet == nil && itself != nil {
			outlet, from = itself, found
		}
		return false
	}
	done := try(p.ld.authors, FromJSONLD)
	for _, name := range authorNames {
		done = done || try(p.all(name), fromMeta(name))
	}
	if !done {
		try(p.bylines(), FromBlocks)
	}
	p.from.Authors = from
	return outlet
}

// authorNames are the names of meta elements that hold an author's, the likeliest
// first.
var authorNames = []string{
	"author", "article:author", "og:article:author", "parsely-author", "sailthru.author",
	"dc.creator", "dcterms.creator", "byl", "mediator_author",
}

// sectionNames are those that hold the part of the outlet that an article is in.
var sectionNames = []string{"article:section", "og:article:section", "articlesection", "parsely-section", "sailthru.section", "section", "cxenseparse:category", "category"}

// section gives the part of the outlet that the article is in.
func (p *page) section() string {
	if p.ld.section != "" {
		p.from.Section = FromJSONLD
		return p.ld.section
	}
	for _, name := range sectionNames {
		if s := clean(short(p.first(name))); s != "" && len(s) <= maxLine {
			p.from.Section = fromMeta(name)
			return s
		}
	}
	return ""
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

// bylines are the names that stand where the page marks an author's.
func (p *page) bylines() []string {
	var names []string
	for _, m := range p.Marks {
		if m.Byline && !m.Aside && m.Text != "" && len(names) < 10 {
			names = append(names, m.Text)
		}
	}
	return names
}

// languageOf gives the language that the page declares, as BCP 47 has it.
func (p *page) languageOf() string {
	for _, said := range []struct{ written, from string }{
		{p.Language, FromBlocks}, {p.ld.language, FromJSONLD}, {p.first("og:locale"), FromOpenGraph},
		{p.first("content-language"), FromMeta}, {p.first("dc.language", "language"), FromMeta},
	} {
		written, _, _ := strings.Cut(strings.TrimSpace(said.written), ",")
		if tag, err := bcp47(written); err == nil {
			p.from.Language = said.from
			return tag
		}
	}
	return ""
}
