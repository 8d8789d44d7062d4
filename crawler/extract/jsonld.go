package extract

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"driftwatch/crawler/plain"
)

// linked is what a page says of its article in JSON-LD (schema.org).
type linked struct {
	kind      string // the @type, in lower case
	headline  string
	published string
	modified  string
	authors   []string
	language  string
	body      string
	site      string // the publisher's name
	url       string
	section   string
}

// Bounds on a page's JSON-LD.
const (
	maxScript  = 1 << 20  // bytes of a script
	maxSalvage = 64 << 10 // bytes of a script that is no JSON
	maxObjects = 2000
	maxNesting = 12
)

// articles are the types of schema.org that are articles, with how much they
// say that this is the page's own.
var articles = map[string]int{
	"newsarticle": 5, "reportagenewsarticle": 5, "analysisnewsarticle": 5, "backgroundnewsarticle": 5,
	"opinionnewsarticle": 5, "reviewnewsarticle": 5, "askpublicnewsarticle": 5,
	"liveblogposting": 4, "blogposting": 4, "article": 4, "report": 3, "scholarlyarticle": 3, "techarticle": 3,
	"socialmediaposting": 3, "webpage": 1, "videoobject": 1,
}

// readLinked gives the article that the scripts describe best, and what kinds of
// things they speak of.
func readLinked(scripts [][]byte, pageURL string) (best linked, kinds map[string]bool) {
	r := ldReader{kinds: map[string]bool{}}
	for _, s := range scripts {
		r.script(string(s[:min(len(s), maxScript)]))
	}
	score := -1
	for _, l := range r.found {
		s := 2 * articles[l.kind]
		if l.published != "" {
			s += 2
		}
		if l.headline != "" {
			s++
		}
		if l.url != "" && pageURL != "" && sameAddress(l.url, pageURL) {
			s += 4
		}
		if s > score {
			best, score = l, s
		}
	}
	return best, r.kinds
}

// ldReader collects articles from JSON-LD.
type ldReader struct {
	found   []linked
	kinds   map[string]bool
	objects int
}

// script reads one script. Where it is no JSON even after mending, what can be
// told from it without parsing is read.
func (r *ldReader) script(s string) {
	s = unwrap(s)
	var v any
	if json.Unmarshal([]byte(s), &v) != nil && json.Unmarshal([]byte(mendJSON(s)), &v) != nil {
		r.salvage(s)
		return
	}
	r.walk(v, 0)
}

// unwrap takes off what scripts are wrapped in for the sake of old browsers.
func unwrap(s string) string {
	s = strings.TrimSpace(strings.TrimPrefix(s, "\ufeff"))
	for _, wrap := range []string{"<!--", "-->", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[", "//]]>", "/*]]>*/", "]]>", "//-->", "//"} {
		s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(s, wrap), wrap))
	}
	return strings.TrimRight(s, "; \t\r\n")
}

var trailingComma = regexp.MustCompile(`,(\s*[}\]])`)

// mendJSON repairs what is commonly wrong: line breaks and tabs within strings,
// backslashes before what needs none, commas before a closing bracket.
func mendJSON(s string) string {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && i+1 < len(s):
			if strings.IndexByte(`"\/bfnrtu`, s[i+1]) >= 0 {
				b.WriteByte(c)
			}
			i++
			b.WriteByte(s[i])
			continue
		case c == '"':
			quoted = !quoted
		case quoted && c < ' ':
			c = ' '
		}
		b.WriteByte(c)
	}
	return trailingComma.ReplaceAllString(b.String(), "$1")
}

var (
	ldField = regexp.MustCompile(`"(@type|headline|datePublished|dateModified|inLanguage)"\s*:\s*"((?:[^"\\]|\\.){1,500})"`)
	ldName  = regexp.MustCompile(`"author"\s*:\s*[\[{][^\]}]{0,300}?"name"\s*:\s*"((?:[^"\\]|\\.){1,200})"`)
)

// salvage reads the simple fields of a script that is no JSON.
func (r *ldReader) salvage(s string) {
	s = s[:min(len(s), maxSalvage)]
	var l linked
	for _, m := range ldField.FindAllStringSubmatch(s, 200) {
		value := unquote(m[2])
		switch kind := strings.ToLower(value); m[1] {
		case "@type":
			if articles[kind] > articles[l.kind] {
				l.kind = kind
			}
		case "headline":
			l.headline = firstOf(l.headline, clean(value))
		case "datePublished":
			l.published = firstOf(l.published, value)
		case "dateModified":
			l.modified = firstOf(l.modified, value)
		case "inLanguage":
			l.language = firstOf(l.language, value)
		}
	}
	for _, m := range ldName.FindAllStringSubmatch(s, 5) {
		l.authors = append(l.authors, clean(unquote(m[1])))
	}
	if l.kind != "" {
		r.kinds[l.kind] = true
		r.found = append(r.found, l)
	}
}

func unquote(s string) string {
	var out string
	if json.Unmarshal([]byte(`"`+s+`"`), &out) != nil {
		return s
	}
	return out
}

// walk finds the articles in a value, wherever they are nested.
func (r *ldReader) walk(v any, depth int) {
	if depth > maxNesting || r.objects > maxObjects {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			r.walk(e, depth+1)
		}
	case map[string]any:
		r.objects++
		r.object(v)
		for _, key := range slices.Sorted(maps.Keys(v)) {
			switch key {
			case "itemListElement", "hasPart", "comment", "review", "citation", "mentions", "relatedLink", "isBasedOn":
				// Articles in there are others.
			default:
				r.walk(v[key], depth+1)
			}
		}
	}
}

// object reads one object if it is an article.
func (r *ldReader) object(o map[string]any) {
	best := ""
	for _, t := range stringsOf(o["@type"]) {
		t = strings.ToLower(t[strings.LastIndexAny(t, "/:#")+1:])
		r.kinds[t] = true
		if best == "" || articles[t] > articles[best] {
			best = t
		}
	}
	if articles[best] == 0 {
		return
	}
	l := linked{
		kind:      best,
		headline:  clean(firstOf(stringOf(o["headline"]), stringOf(o["name"]))),
		published: firstOf(stringOf(o["datePublished"]), stringOf(o["dateCreated"]), stringOf(o["uploadDate"])),
		modified:  stringOf(o["dateModified"]),
		language:  firstOf(stringOf(o["inLanguage"]), member(o["inLanguage"], "alternateName")),
		body:      stringOf(o["articleBody"]),
		section:   clean(short(stringOf(o["articleSection"]))),
		site:      clean(firstOf(member(o["publisher"], "name"), stringOf(o["publisher"]))),
		url:       firstOf(stringOf(o["url"]), stringOf(o["mainEntityOfPage"]), member(o["mainEntityOfPage"], "@id"), stringOf(o["@id"])),
	}
	for _, key := range []string{"author", "creator"} {
		if len(l.authors) == 0 {
			l.authors = people(o[key])
		}
	}
	r.found = append(r.found, l)
}

// people gives the names of persons. An organisation is given only where no
// person is.
func people(v any) []string {
	var persons, others []string
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	for _, e := range list[:min(len(list), 20)] {
		switch e := e.(type) {
		case string:
			persons = append(persons, clean(e))
		case map[string]any:
			for _, name := range stringsOf(e["name"]) {
				if strings.Contains(strings.ToLower(strings.Join(stringsOf(e["@type"]), " ")), "organization") {
					others = append(others, clean(name))
				} else {
					persons = append(persons, clean(name))
				}
			}
		}
	}
	if len(persons) == 0 {
		return others
	}
	return persons
}

// stringOf gives a string, or the first of several.
func stringOf(v any) string {
	if all := stringsOf(v); len(all) > 0 {
		return strings.TrimSpace(all[0])
	}
	return ""
}

func stringsOf(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, e := range v {
			if s, ok := e.(string); ok {
				all = append(all, s)
			}
		}
		return all
	}
	return nil
}

// member gives a string field of an object, or of the first of several.
func member(v any, key string) string {
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	if o, ok := v.(map[string]any); ok {
		return stringOf(o[key])
	}
	return ""
}

// clean makes one line of plain text of what a page's metadata holds.
func clean(s string) string { return strings.Join(strings.Fields(plain.Guess(s)), " ") }

func firstOf(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}
