package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"driftwatch/crawler/extract/blocks"
)

// headlineOf gives the article's headline.
//
// On pages with JSON-LD og:title comes first: where their titles were checked it
// was right most often, before the h1 and JSON-LD's headline. It often has the
// site's name at its end, which is cut off where it is the site's name. Where it
// is no more than the title element over again, JSON-LD has a headline of its own,
// and no h1 says otherwise, that one is the article's: the other is meant for
// search engines. On pages without, what they show was right more often than
// og:title: an h1 that the title element has too. Where there is no og:title, an h1
// that nothing else on the page has may be a rubric or the site's name, and the
// part of the title element that the page shows as a line of its own goes before
// it.
func (p *page) headlineOf() string {
	given := p.withoutSite(clean(short(firstOf(p.first("og:title"), p.first("twitter:title")))))
	heading, linked := p.mainHeading(), p.withoutSite(p.ld.headline)
	if given != "" && !p.isSiteName(given) {
		switch {
		case p.outdoes(linked, given, heading.text):
			p.from.Title = FromJSONLD
			return linked
		case heading.sure && len(p.Linked) == 0 && p.showsOther(heading.text, given):
			p.from.Title = FromBlocks
			return heading.text
		}
		p.from.Title = FromOpenGraph
		return given
	}
	named := p.withoutSite(clean(short(firstOf(p.first("dc.title", "parsely-title", "headline", "title"), p.Title))))
	if !heading.sure && named != "" && !p.isSiteName(named) {
		if part, ok := p.shownPart(named); ok && (part == named || 4*len(part) > 3*len(heading.text)) {
			p.from.Title = FromMeta
			return part
		}
	}
	switch {
	case heading.text != "":
		p.from.Title = FromBlocks
		return heading.text
	case linked != "":
		p.from.Title = FromJSONLD
		return linked
	case named != "":
		p.from.Title = FromMeta
	}
	return named
}

// showsOther reports whether the h1 is another headline than the given one. It
// isn't where it is that one with more behind a separator or in brackets, or a
// rubric that stands beside that one in the title element. Where the given one is
// the h1 with more, it is unless the title element has the more, too.
func (p *page) showsOther(heading, given string) bool {
	title, own, other := fold(short(p.Title)), fold(heading), fold(given)
	if own == other {
		return false
	}
	if rest, ok := strings.CutPrefix(heading, given); ok {
		return !parted(rest)
	}
	if rest, ok := strings.CutPrefix(given, heading); ok {
		return parted(rest) || !strings.Contains(title, other) ||
			slices.ContainsFunc(partsOf(short(p.Title)), func(part part) bool { return part.key == own })
	}
	return len(own) >= len(other) || strings.HasSuffix(other, own) || !strings.Contains(title, other) || !strings.Contains(title, own)
}

// parted reports whether what follows on a headline is parted from it.
func parted(rest string) bool {
	if strings.HasPrefix(strings.TrimSpace(rest), "(") {
		return true
	}
	return slices.ContainsFunc(separators, func(sep string) bool { return strings.HasPrefix(rest, sep) })
}

// shownPart gives the part of a title that the page shows by itself: all of it,
// or what a separator parts from the rest.
func (p *page) shownPart(title string) (part string, ok bool) {
	for _, part := range partsOf(title) {
		if p.runOf(part.key) >= 0 {
			return part.text, true
		}
	}
	return "", false
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

// heading is an h1 that may be the article's.
type heading struct {
	text string
	sure bool // something else on the page says so too
}

// mainHeading gives the h1 that is the article's: one that the title element
// gives as a part of it, one that has most of its words there, one marked as the
// article's, the first that isn't the site's name.
func (p *page) mainHeading() heading {
	if named := p.namedHeading(); named != "" {
		return heading{named, true}
	}
	title := strings.Fields(strings.ToLower(short(p.Title)))
	var own, any string
	for _, h := range p.Headings {
		words := strings.Fields(h.Text)
		switch {
		case len(h.Text) < minHeadline || p.isSiteName(h.Text):
		case isMostlyOf(words, title):
			return heading{h.Text, true}
		case own == "" && h.Own && len(words) > maxRubric:
			own = h.Text
		case any == "":
			any = h.Text
		}
	}
	if own != "" {
		return heading{own, true}
	}
	return heading{any, false}
}

// maxRubric is how many words a heading has at the most that may be a rubric.
const maxRubric = 3

// isMostlyOf reports whether most of the longer words are in a title, whose own
// are in lower case.
func isMostlyOf(words, title []string) bool {
	found, all := 0, 0
	for _, w := range words {
		if utf8.RuneCountInString(w) < 4 {
			continue
		}
		all++
		if slices.Contains(title, strings.ToLower(w)) {
			found++
		}
	}
	return found >= 2 && 2*found > all
}

// namedHeading gives the longest h1 that is a part of the title element. Of an h1
// that has more in it, a date or a second line, it gives that part. An h1 that
// isn't marked as the article's is none where the page shows a longer part of the
// title: it is a rubric or the site's name then, and the headline is that part.
func (p *page) namedHeading() string {
	if len(p.Headings) == 0 {
		return ""
	}
	best, marked := "", false
	parts := partsOf(short(p.Title))
	for _, h := range p.Headings {
		if text := p.namedPart(h.Text, parts); len(text) > len(best) {
			best, marked = text, h.Own
		}
	}
	if best == "" || marked {
		return best
	}
	for _, part := range parts {
		if len(part.text) > len(best) && !strings.Contains(part.text, best) && p.runOf(part.key) >= 0 {
			return part.text
		}
	}
	return best
}

// namedPart gives what of an h1 is one of the title's parts: all of it, or the
// first part that the page shows by itself.
func (p *page) namedPart(h string, parts []part) string {
	own := fold(h)
	best, at := "", len(own)
	for _, part := range parts {
		i := strings.Index(own, part.key)
		switch {
		case i < 0 || len(part.key) < minNamed || p.isSiteName(part.text):
		case own == part.key:
			return h
		case i < at && len(part.key) >= minHeadline && p.runOf(part.key) >= 0:
			best, at = part.text, i
		}
	}
	return best
}

// minNamed is how many bytes of letters and digits an h1 has at the least that
// is taken for the headline because the title element has it too.
const minNamed = 8

// part is a part of a title, and that in letters and digits only.
type part struct{ text, key string }

// partsOf gives a title and its parts between separators, also several that
// stand side by side as one, the longest first.
func partsOf(title string) []part {
	starts, ends := []int{0}, []int{len(title)}
	for _, sep := range separators {
		for at := 0; len(starts) < maxParts; {
			i := strings.Index(title[at:], sep)
			if i < 0 {
				break
			}
			ends, starts = append(ends, at+i), append(starts, at+i+len(sep))
			at += i + len(sep)
		}
	}
	all := make([]part, 0, len(starts)*(len(starts)+1)/2)
	for _, i := range starts {
		for _, j := range ends {
			if i < j {
				text := clean(title[i:j])
				all = append(all, part{text, fold(text)})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b part) int { return len(b.text) - len(a.text) })
	return all
}

// maxParts is in how many parts a title is cut.
const maxParts = 6

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

// separators stand between a headline and the site's name.
var separators = []string{" | ", " — ", " – ", " - ", " :: ", " » ", " / ", " // ", " • ", " · ", " : ", " * ", ":: ", " > ", "|", "｜", "："}

// marks stand between a headline and the site's name, where that is known for sure.
const marks = "|｜-–—:：·•_/»"

// withoutSite cuts off a title what isn't the headline: the site's name, from
// where it stands to the title's end or at its beginning, and a rubric before or
// after what the page gives as a headline elsewhere.
func (p *page) withoutSite(title string) string {
	for _, name := range p.siteNames() {
		if left, ok := strings.CutSuffix(title, name); ok && name != "" {
			if bare := strings.TrimRight(left, " "); bare != strings.TrimRight(bare, marks) {
				return p.withoutRubric(strings.TrimRight(left, " "+marks))
			}
		}
	}
	for _, sep := range separators {
		if !strings.Contains(title, sep) {
			continue
		}
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
	return len(s) >= minHeadline && (p.isHeading(s) || fold(p.ld.headline) == s)
}

// isHeading reports whether a folded text is an h1 of the page.
func (p *page) isHeading(key string) bool {
	var short [256]byte
	return slices.ContainsFunc(p.Headings, func(h blocks.Heading) bool { return string(appendFolded(short[:0], h.Text)) == key })
}

// isSiteName reports whether s names the site: as it says itself, or as its host
// is called.
func (p *page) isSiteName(s string) bool {
	s = fold(s)
	if s == "" {
		return false
	}
	for _, name := range p.siteNames() {
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

// siteNames are the names that the page gives the site, some of them empty.
func (p *page) siteNames() [4]string {
	return [...]string{p.first("og:site_name"), p.ld.site, p.first("application-name"), p.first("apple-mobile-web-app-title")}
}

// fold keeps the letters and digits of s in lower case, so that two ways of
// writing a name compare as one.
func fold(s string) string {
	var short [256]byte
	return string(appendFolded(short[:0], s))
}

// appendFolded appends what fold gives.
func appendFolded[T string | []byte](b []byte, s T) []byte {
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(string(s[i:min(i+utf8.UTFMax, len(s))]))
		}
		i += n
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b = append(b, byte(r))
		case r >= 'A' && r <= 'Z':
			b = append(b, byte(r|0x20))
		case r < utf8.RuneSelf:
		case r >= 'а' && r <= 'я':
			b = append(b, 0xd0|byte(r>>6&1), 0x80|byte(r&0x3f))
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b = utf8.AppendRune(b, unicode.ToLower(r))
		}
	}
	return b
}

// site gives the outlet's name.
func (p *page) site() string {
	names := p.siteNames()
	if name := clean(firstOf(names[:]...)); name != "" {
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
