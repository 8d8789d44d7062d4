package configs

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/cascadia"
	"github.com/goccy/go-yaml/ast"
	"golang.org/x/text/language"
)

// What a source's fields may be.
var (
	kinds      = []string{"feed", "site", "sitemap", "telegram", "json"}
	priorities = []string{"high", "normal", "low"}
	ownerships = []string{"state", "private", "public", "public-foreign", "official", "thinktank", "exile"}
	fulltexts  = []string{"auto", "always", "never"}
)

// SetDefaults makes a source one that is polled every quarter of an hour at
// most and fetches the pages that it needs.
func (s *Source) SetDefaults() {
	s.Enabled = true
	s.Fulltext = "auto"
	s.Interval = 15 * time.Minute
}

// sourceEntry is one entry of the list of sources: a source, a file of
// sources, or sources of the embedded catalogue.
type sourceEntry struct {
	file    string
	builtin *builtin
	source  *Source
}

// builtin names sources of the embedded catalogue.
type builtin struct {
	Builtin oneOrMore `yaml:"builtin"`
	Except  []string  `yaml:"except"`
}

// oneOrMore is `all` or a list of ids.
type oneOrMore struct {
	all bool
	ids []string
}

// DecodeNode reads either form.
func (o *oneOrMore) DecodeNode(n Node) {
	if n.Kind() == List {
		n.Decode(&o.ids)
		return
	}
	var word string
	if n.Kind() == Scalar && n.Decode(&word) {
		o.all = word == "all"
	}
	if !o.all {
		n.Fault("all is expected here, or a list of ids in brackets")
	}
}

// DecodeNode chooses the form by the keys that are there.
func (e *sourceEntry) DecodeNode(n Node) {
	switch {
	case n.Has("builtin"):
		e.builtin = &builtin{}
		n.Decode(e.builtin)
	case n.Has("file"):
		var f struct {
			File string `yaml:"file"`
		}
		n.Decode(&f)
		e.file = f.File
	case n.Kind() == Scalar:
		n.Fault("a source is expected here, or file: and a path, or builtin: all")
	case n.meant("file", "builtin") && !n.Has("id"):
		var either struct {
			File    string    `yaml:"file"`
			Builtin oneOrMore `yaml:"builtin"`
		}
		n.Decode(&either)
	default:
		e.source = &Source{}
		e.source.SetDefaults()
		n.Decode(e.source)
	}
}

// meant reports whether one of the keys is a slip of one of names.
func (n Node) meant(names ...string) bool {
	return slices.ContainsFunc(n.doc.first(n.doc.resolve(n.n)), func(p *ast.MappingValueNode) bool {
		return Nearest(keyText(p.Key), names) != ""
	})
}

// foundSource is a source with its place.
type foundSource struct {
	Source
	doc *Document
	at  Path
}

// place is where the source's id stands, for people.
func (f foundSource) place() string {
	p, _ := f.doc.Pos(slices.Concat(f.at, At("id")))
	return fmt.Sprintf("%s:%d", f.doc.file, p.Line)
}

func (l *loader) sources(entries []sourceEntry) {
	if !l.doc.given(At("sources")) {
		l.config.Sources = l.builtins(nil, &builtin{Builtin: oneOrMore{all: true}})
		return
	}
	first := map[string]string{} // id → its place
	for i, e := range entries {
		at := At("sources", i)
		switch {
		case e.builtin != nil:
			for _, s := range l.builtins(at, e.builtin) {
				if place, twice := first[s.ID]; twice {
					l.doc.Fault(at, fmt.Sprintf("the built-in source %s has the id of another one, at %s: leave it out with except: [%s]", s.ID, place, s.ID))
					continue
				}
				first[s.ID] = "the built-in catalogue"
				l.config.Sources = append(l.config.Sources, s)
			}
		case e.file != "":
			found, data := l.sourceFile(at, e.file)
			l.add(found, first)
			if len(found) > 0 {
				found[0].doc.Rest(data)
			}
		case e.source != nil:
			l.add([]foundSource{{*e.source, l.doc, at}}, first)
		}
	}
	if len(entries) == 0 {
		l.warn("sources is an empty list: nothing will be polled")
	}
}

// add checks sources and takes them over, each id once.
func (l *loader) add(found []foundSource, first map[string]string) {
	for _, f := range found {
		checkSource(f)
		if place, twice := first[f.ID]; twice && f.ID != "" {
			f.doc.Fault(slices.Concat(f.at, At("id")), "another source has this id already: "+place)
			continue
		}
		first[f.ID] = f.place()
		l.config.Sources = append(l.config.Sources, f.Source)
	}
}

// sourceFile reads a file of sources, relative to the configuration, and gives
// its bytes too.
func (l *loader) sourceFile(entry Path, name string) ([]foundSource, []byte) {
	at := slices.Concat(entry, At("file"))
	if l.tilde(at, name) {
		return nil, nil
	}
	data, err := l.disk.read(name)
	if err != nil {
		l.doc.Fault(at, "the file "+l.doc.quote(at, l.disk.shown(name))+" can't be read: "+cause(err))
		return nil, nil
	}
	if l.disk.folder != "" { // not one of the embedded files
		l.config.Files = append(l.config.Files, l.disk.path(name))
	}
	shown := l.disk.shown(name)
	if n, _, ok := l.doc.find(at); ok && l.doc.expanded[l.doc.resolve(n)] {
		shown = "the file named in " + l.doc.file
	}
	doc := open(&Document{file: shown, expand: expander(l.getenv, l.disk.folder, l.note)}, data)
	l.others = append(l.others, doc)
	return readSources(doc), data
}

// readSources reads a list of sources, or one below the key sources.
func readSources(doc *Document) []foundSource {
	var wrapped struct {
		Sources []Source `yaml:"sources"`
	}
	at, list := At(), []Source{}
	if (Node{doc, doc.root}).Kind() == Group {
		at = At("sources")
		doc.Decode(&wrapped)
		list = wrapped.Sources
	} else {
		doc.Decode(&list)
	}
	var found []foundSource
	for i, one := range list {
		found = append(found, foundSource{one, doc, slices.Concat(at, At(i))})
	}
	return found
}

// builtins are those sources of the embedded catalogue that an entry names.
func (l *loader) builtins(at Path, b *builtin) []Source {
	all, err := Catalogue()
	if err != nil {
		l.broken = append(l.broken, err.(Errors)...)
		return nil
	}
	ids := make([]string, len(all))
	for i, s := range all {
		ids[i] = s.ID
	}
	l.known(slices.Concat(at, At("except")), b.Except, ids)
	if !b.Builtin.all {
		l.known(slices.Concat(at, At("builtin")), b.Builtin.ids, ids)
	}
	for _, s := range all {
		if !s.Enabled && slices.Contains(b.Builtin.ids, s.ID) {
			l.warn("the built-in source %s is switched off: %s", s.ID, s.Note)
		}
	}
	return slices.DeleteFunc(all, func(s Source) bool {
		return slices.Contains(b.Except, s.ID) || !b.Builtin.all && !slices.Contains(b.Builtin.ids, s.ID)
	})
}

// known reports the ids that the embedded catalogue doesn't have.
func (l *loader) known(at Path, named, ids []string) {
	for i, id := range named {
		if one := slices.Concat(at, At(i)); !slices.Contains(ids, id) {
			l.doc.Fault(one, "no built-in source has the id "+l.doc.quote(one, id)).Hint = l.doc.near(one, id, ids)
		}
	}
}

var sourceID = regexp.MustCompile(`^[a-z0-9-]+$`)

// checkSource reports what is wrong with a source that was read.
func checkSource(f foundSource) {
	doc := f.doc
	if !doc.isGroup(f.at) {
		return
	}
	in := func(steps ...any) Path { return slices.Concat(f.at, steps) }
	if lacks := doc.missing(f.at, "id", "name", "country", "languages", "kind", "url"); len(lacks) > 0 {
		doc.Fault(f.at, "the source lacks "+strings.Join(lacks, ", "))
	}
	if !sourceID.MatchString(f.ID) {
		doc.judge(in("id"), "a source's id is made of small Latin letters, digits and hyphens")
	}
	if !isCountry(f.Country) {
		doc.judge(in("country"), "a country's two capital letters are expected here, such as KZ, or INT").Hint = doc.near(in("country"), f.Country, append([]string{"INT", "RU"}, watched...))
	}
	for i, lang := range f.Languages {
		if _, err := language.Parse(lang); err != nil {
			doc.judge(in("languages", i), "the tag of a language is expected here, such as ru, kk or uz-Cyrl")
		}
	}
	doc.oneOf(in("kind"), f.Kind, kinds...)
	doc.oneOf(in("ownership"), f.Ownership, ownerships...)
	doc.oneOf(in("fulltext"), f.Fulltext, fulltexts...)
	if f.Priority != "" {
		doc.oneOf(in("priority"), f.Priority, priorities...)
	}
	doc.judge(in("url"), badPage(f.URL))
	if f.Homepage != "" {
		doc.judge(in("homepage"), badPage(f.Homepage))
	}
	for i, m := range f.Mirrors {
		doc.judge(in("mirrors", i), badPage(m))
	}
	if f.Proxy.IsSet() {
		doc.judge(in("proxy"), badURL(f.Proxy.Reveal(), "http", "https", "socks5"))
	}
	if _, err := f.Zone(); err != nil {
		doc.judge(in("timezone"), "the name of a time zone is expected here, such as Asia/Almaty")
	}
	if f.PerDay < 0 {
		doc.judge(in("per_day"), "a number of items a day is expected here")
	}
	if unprintable(f.UserAgent) {
		doc.judge(in("user_agent"), "a User-Agent can't hold line ends or other control characters")
	}
	f.links(in)
	f.paths(in)
	f.selectors(in)
}

// zones are those of the countries' capitals, for outlets that don't name one.
var zones = map[string]string{
	"KZ": "Asia/Almaty", "KG": "Asia/Bishkek", "UZ": "Asia/Tashkent", "TJ": "Asia/Dushanbe", "TM": "Asia/Ashgabat",
	"RU": "Europe/Moscow", "BY": "Europe/Minsk", "UA": "Europe/Kyiv", "AM": "Asia/Yerevan", "AZ": "Asia/Baku", "GE": "Asia/Tbilisi", "TR": "Europe/Istanbul",
}

// Zone is the time zone of dates that the outlet writes without one: its own,
// else that of its country's capital; nil where neither is known.
func (s Source) Zone() (*time.Location, error) {
	name := s.Timezone
	if name == "" {
		name = zones[s.Country]
	}
	if name == "" {
		return nil, nil
	}
	if known, ok := locations.Load(name); ok {
		return known.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err == nil {
		locations.Store(name, zone)
	}
	return zone, err
}

// locations are the zones that were loaded, by name: thousands of sources lie in
// a few.
var locations sync.Map

// badPage says what is wrong with an address that is to be fetched.
func badPage(raw string) string {
	if u, err := url.Parse(raw); err == nil && u.User != nil {
		return "an address with a name or password can't be fetched"
	}
	return badURL(raw, "https", "http")
}

// jsonPath is a path into a JSON answer.
var jsonPath = regexp.MustCompile(`^[^.\s{}]+(\.[^.\s{}]+)*$`)

// paths checks where a JSON endpoint has what it lists.
func (f foundSource) paths(in func(...any) Path) {
	if !f.doc.given(in("json")) {
		return
	}
	if f.Kind != "json" {
		f.doc.FaultKey(in("json"), "json belongs to sources of kind json, this one is of kind "+f.Kind)
		return
	}
	if lacks := f.doc.missing(in("json"), "title", "url"); len(lacks) > 0 {
		f.doc.Fault(in("json"), "json lacks "+strings.Join(lacks, ", ")+"; leave the whole of it out for the posts of WordPress")
	}
	const path = "a path into the JSON is expected here: names of fields parted by dots, such as data.items or title.rendered"
	for key, value := range map[string]string{"items": f.JSON.Items, "title": f.JSON.Title, "date": f.JSON.Date, "text": f.JSON.Text} {
		if value != "" && !jsonPath.MatchString(value) {
			f.doc.judge(in("json", key), path)
		}
	}
	if u := f.JSON.URL; u != "" && !jsonPath.MatchString(u) && !jsonAddress.MatchString(u) {
		f.doc.judge(in("json", "url"), "a path into the JSON is expected here, or an address with paths in braces, such as https://gazette.example.org/news/{slug}")
	}
}

// jsonAddress is an address, or the path of one, with paths into JSON in it.
var jsonAddress = regexp.MustCompile(`^(https?:/)?/[^\s{}]*(\{[^.\s{}]+(\.[^.\s{}]+)*\}[^\s{}]*)+$`)

// links checks the rules for links. Only section pages and sitemaps have links
// to choose from; a JSON endpoint may have further pages.
func (f foundSource) links(in func(...any) Path) {
	switch given := f.doc.given(in("links")); {
	case given && f.Kind == "feed" && f.Links.Archive != "" && f.Links.Pages == "" && f.Links.Depth == 0:
	case given && (f.Kind == "feed" || f.Kind == "telegram"):
		f.doc.FaultKey(in("links"), "links belong to sources of kind site, this one is of kind "+f.Kind)
	case given && f.Kind == "json" && (len(f.Links.Allow)+len(f.Links.Deny)+f.Links.Depth > 0 || f.Links.Archive != ""):
		f.doc.FaultKey(in("links"), "a source of kind json has no links but links.pages; the others belong to sources of kind site")
	}
	f.patterns(in, "allow", f.Links.Allow)
	f.patterns(in, "deny", f.Links.Deny)
	if p := f.Links.Pages; p != "" && !(f.Kind == "json" && strings.Count(p, "{before}") == 1 && !strings.Contains(p, "%")) &&
		(strings.Count(p, "%d") != 1 || strings.Count(p, "%") != 1) {
		f.doc.judge(in("links", "pages"), "the address of the further pages is expected here, with %d once for the page's number, such as ?page=%d or /news/page/%d/")
	}
	if a := f.Links.Archive; a != "" && !isArchive(a) {
		f.doc.judge(in("links", "archive"), "the address of a day's page is expected here, with {date}, or with {year}, {month} and {day}, such as /archive/{year}/{month}/{day}/")
	}
	if d := f.Links.Depth; d < 0 || d > 20 {
		f.doc.judge(in("links", "depth"), "a number of pages from 1 to 20 is expected here")
	} else if d > 1 && f.Links.Pages == "" {
		f.doc.judge(in("links", "depth"), "more than one page can be read only where links.pages says where the others are")
	}
}

// isArchive reports whether an address has a day in it, and nothing else in braces.
func isArchive(at string) bool {
	whole := strings.Contains(at, "{date}")
	parts := strings.Contains(at, "{year}") && strings.Contains(at, "{month}") && strings.Contains(at, "{day}")
	rest := strings.NewReplacer("{date}", "", "{year}", "", "{month}", "", "{day}", "").Replace(at)
	return (whole || parts) && !strings.ContainsAny(rest, "{} ")
}

func (f foundSource) patterns(in func(...any) Path, key string, exprs []string) {
	for i, expr := range exprs {
		at := in("links", key, i)
		if _, err := regexp.Compile(expr); err != nil {
			f.doc.judge(at, "this regular expression can't be read: "+f.doc.why(at, err))
		}
	}
}

// why is what is wrong with a regular expression, without the part at fault
// where that must not be printed.
func (d *Document) why(at Path, err error) string {
	var bad *syntax.Error
	if !errors.As(err, &bad) {
		return "it is too large"
	}
	if d.privateAt(at) {
		return string(bad.Code)
	}
	return strings.TrimSpace(fmt.Sprintf("%s: %q", bad.Code, abridge(bad.Expr)))
}

func (f foundSource) selectors(in func(...any) Path) {
	for key, value := range map[string]string{"title": f.Selectors.Title, "text": f.Selectors.Text, "date": f.Selectors.Date} {
		if _, err := cascadia.ParseGroup(value); err != nil {
			f.doc.judge(in("selectors", key), "this isn't a CSS selector")
		}
	}
}

// isCountry reports whether s is INT or an ISO 3166 alpha-2 code.
func isCountry(s string) bool {
	if s == "INT" {
		return true
	}
	if len(s) != 2 || s != strings.ToUpper(s) {
		return false
	}
	r, err := language.ParseRegion(s)
	return err == nil && r.IsCountry()
}
