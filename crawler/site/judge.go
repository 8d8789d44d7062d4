package site

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"driftwatch/crawler/address"
	"driftwatch/news"
)

// compile makes a judge of a source's link rules: what one of deny matches is
// out; what is left is in when one of allow matches it, or, without any allow,
// when it looks like an article.
func compile(rules news.LinkRules) (func(*link) bool, error) {
	allow, err := compileAll("allow", rules.Allow)
	if err != nil {
		return nil, err
	}
	deny, err := compileAll("deny", rules.Deny)
	if err != nil {
		return nil, err
	}
	return func(l *link) bool {
		u := l.url.String()
		matches := func(r *regexp.Regexp) bool { return r.MatchString(u) }
		switch {
		case slices.ContainsFunc(deny, matches):
			return false
		case len(allow) > 0:
			return slices.ContainsFunc(allow, matches)
		default:
			return looksLikeArticle(l)
		}
	}, nil
}

func compileAll(name string, patterns []string) ([]*regexp.Regexp, error) {
	var all []*regexp.Regexp
	for _, p := range patterns {
		r, err := regexp.Compile(p)
		if err != nil {
			return nil, fmt.Errorf("links.%s: %w", name, err)
		}
		all = append(all, r)
	}
	return all, nil
}

// looksLikeArticle weighs an address and the words and place of its anchors.
// The address must say something for it, and it must stand outside of menus.
func looksLikeArticle(l *link) bool {
	if l.chrome || !sameOutlet(l) || leadsElsewhere(l.url.Path) {
		return false
	}
	of := addressWeight(l.url.Path, l.url.RawQuery)
	return of > 0 && of+anchorWeight(l) >= enough
}

// enough is the weight from which a link is an article. A number in the
// address and a title's worth of words are enough; either alone is not.
const enough = 4

// sameOutlet reports whether a link stays with the outlet whose page it is on.
func sameOutlet(l *link) bool {
	return address.Domain(l.url.String()) == address.Domain(l.page.String())
}

// sections begin the paths of pages that aren't articles.
var sections = words(`
	tag tags tags-list category categories author authors rubric topic topics search login signin signup register
	about contacts contact advertising reklama page pages rss feed wp-content wp-admin wp-login.php static assets
	media-kit privacy terms user users account calendar cdn-cgi share
`)

// files end the paths of what isn't a page.
var files = words(`
	.jpg .jpeg .png .gif .webp .svg .ico .css .js .json .xml .rss .atom .pdf .doc .docx .xls .xlsx .ppt .pptx
	.zip .rar .gz .mp3 .mp4 .avi .mov .webm .apk .exe
`)

// leadsElsewhere reports whether a path is that of a section or of a file.
func leadsElsewhere(p string) bool {
	if files[strings.ToLower(path.Ext(p))] {
		return true
	}
	for part := range strings.SplitSeq(strings.Trim(strings.ToLower(p), "/"), "/") {
		if sections[part] {
			return true
		}
	}
	return false
}

var (
	dated    = regexp.MustCompile(`(^|\D)(19|20)\d\d[-/._]?(0?[1-9]|1[0-2])([-/._]?\d{1,2})?(\D|$)`)
	numbered = regexp.MustCompile(`\d{3,}`)
	byNumber = regexp.MustCompile(`(^|&)(id|newsid|nid|news_id|p|article|article_id|story|post)=\d+`)
)

// addressWeight is what an address says for its being an article's.
func addressWeight(p, query string) int {
	weight := 0
	last := path.Base(strings.TrimSuffix(p, "/"))
	if dated.MatchString(p) {
		weight += 2
	}
	if numbered.MatchString(last) || byNumber.MatchString(strings.ToLower(query)) {
		weight += 2
	}
	switch n := strings.Count(last, "-") + strings.Count(last, "_"); {
	case n >= 3:
		weight += 2
	case n >= 1 && utf8.RuneCountInString(last) >= 15:
		weight++
	}
	return weight
}

// anchorWeight is what the anchors of a link say for its being an article.
func anchorWeight(l *link) int {
	weight := 0
	switch n := len(strings.FieldsFunc(l.title, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })); {
	case n >= 4 || utf8.RuneCountInString(l.title) >= 30:
		weight += 2
	case n >= 3:
		weight++
	}
	if l.heading {
		weight++
	}
	if strings.Count(strings.Trim(l.url.Path, "/"), "/") >= 1 {
		weight++
	}
	return weight
}

func words(list string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}
