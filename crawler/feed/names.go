package feed

import "strings"

// vocabulary is one of the sets of names that feeds are written with.
type vocabulary uint8

const (
	core         vocabulary = iota // RSS of any version, Atom of any version, CDF
	atom                           // Atom inside of RSS
	dc                             // Dublin Core 1.1
	dcterms                        // Dublin Core terms
	content                        // RSS 1.0's content module
	itunes                         // podcasts
	xhtml                          // a body written out as XHTML
	fulltext                       // whole texts for search engines: Yandex, Rambler, Mail.ru
	unknown                        // nothing that we read
	vocabularies = int(unknown)
)

// prefixes are the prefixes by which the vocabularies are known where a feed
// uses one without declaring it, and under which gofeed is given them.
var prefixes = map[string]vocabulary{
	"": core, "rss": core, "rdf": core,
	"atom": atom, "atom10": atom, "atom03": atom, "a10": atom,
	"dc": dc, "dcterms": dcterms, "content": content, "itunes": itunes, "xhtml": xhtml,
	"yandex": fulltext, "rambler": fulltext, "mailru": fulltext, "turbo": fulltext,
}

// namespaces are how the addresses of namespaces begin, in lower case and
// without the scheme. Feeds are careless about the rest.
var namespaces = []struct {
	begins string
	vocabulary
}{
	{"purl.org/rss/1.0/modules/content", content},
	{"purl.org/rss/1.0/modules/", unknown},
	{"purl.org/rss/", core},
	{"purl.org/net/rss1.1", core},
	{"my.netscape.com/rdf/", core},
	{"channel.netscape.com/rdf/", core},
	{"backend.userland.com/rss", core},
	{"blogs.law.harvard.edu/tech/rss", core},
	{"cyber.law.harvard.edu/rss/rss", core},
	{"my.theinfo.org/changed/1.0/rss", core},
	{"www.w3.org/1999/02/22-rdf-syntax-ns", core},
	{"www.w3.org/2005/atom", atom},
	{"purl.org/atom", atom},
	{"purl.org/dc/elements/1.", dc},
	{"purl.org/dc/terms", dcterms},
	{"www.itunes.com/dtds/podcast", itunes},
	{"example.com/dtds/podcast", itunes},
	{"www.w3.org/1999/xhtml", xhtml},
	{"news.yandex.ru", fulltext},
	{"turbo.yandex.ru", fulltext},
	{"news.rambler.ru", fulltext},
	{"rambler.ru", fulltext},
	{"news.mail.ru", fulltext},
}

// vocabularyOf gives the vocabulary that a namespace's address names.
func vocabularyOf(address string) vocabulary {
	address = strings.ToLower(strings.TrimSpace(address))
	if address == "" {
		return core
	}
	address = strings.TrimPrefix(strings.TrimPrefix(address, "http://"), "https://")
	for _, n := range namespaces {
		if strings.HasPrefix(address, n.begins) {
			return n.vocabulary
		}
	}
	return unknown
}

// place is where in a feed an element stands.
type place uint8

const (
	outside  place = iota // in nothing that we read
	inFeed                // among what is said of the feed
	inItem                // among what is said of an item
	inPerson              // among what is said of an author
)

// reading is how an element's content is read.
type reading uint8

const (
	skip     reading = iota
	asTitle          // one line of text, plain or HTML
	asBody           // paragraphs of text, plain or HTML
	asWord           // a name or a code, taken as it is
	asLink           // an address in the text, or in href
	asID             // an identifier, which may be a relative address
	asDate           // a date
	asPerson         // an author, with a name and an address inside or as bare text
	opens            // an item
	holds            // the channel: what stands in it stands in the feed
)

// element is what to do with an element: how to read it, and the name by which
// gofeed knows it.
type element struct {
	reading
	name string
}

// table gives the element of each vocabulary's names at a place.
type table [vocabularies]map[string]element

// The tables are the whole of what is read of a feed. A name that isn't there
// is left out, with what stands in it.
var (
	rssFeed = table{
		core: {
			"channel": {holds, ""}, "item": {opens, "item"}, "items": {skip, ""},
			"title": {asTitle, "title"}, "link": {asLink, "link"},
			"description": {asBody, "description"}, "abstract": {asBody, "description"}, "tagline": {asBody, "description"},
			"language": {asWord, "language"}, "pubdate": {asDate, "pubDate"}, "lastbuilddate": {asDate, "lastBuildDate"},
			"managingeditor": {asWord, "managingEditor"}, "webmaster": {asWord, "webMaster"},
			"ttl": {asWord, "ttl"}, "skiphours": {holds, ""}, "hour": {asWord, "dcterms:hour"}, "skipdays": {holds, ""}, "day": {asWord, "dcterms:day"},
		},
		atom: {
			"title": {asTitle, "dc:title"}, "link": {asLink, "link"}, "id": {asID, "dc:identifier"},
			"subtitle": {asBody, "dc:description"}, "updated": {asDate, "dcterms:modified"},
		},
		dc: {
			"title": {asTitle, "dc:title"}, "description": {asBody, "dc:description"}, "language": {asWord, "dc:language"},
			"creator": {asWord, "dc:creator"}, "author": {asWord, "dc:creator"}, "date": {asDate, "dc:date"},
		},
		dcterms: {
			"issued": {asDate, "dcterms:issued"}, "created": {asDate, "dcterms:issued"}, "modified": {asDate, "dcterms:modified"},
		},
		itunes: {
			"summary": {asBody, "dc:description"}, "subtitle": {asBody, "dc:description"}, "author": {asWord, "dc:creator"},
		},
	}
	rssItem = table{
		core: {
			"item": {opens, "item"}, "title": {asTitle, "title"}, "link": {asLink, "link"}, "guid": {asID, "guid"},
			"description": {asBody, "description"}, "abstract": {asBody, "description"}, "summary": {asBody, "dc:description"},
			"encoded": {asBody, "content:encoded"}, "fullitem": {asBody, "content:encoded"}, "body": {asBody, "content:encoded"},
			"fulltext": {asBody, "content:encoded"}, "full-text": {asBody, "content:encoded"}, "content": {asBody, "content:encoded"},
			"pubdate": {asDate, "pubDate"}, "date": {asDate, "dc:date"}, "author": {asWord, "author"},
			"published": {asDate, "dcterms:issued"}, "updated": {asDate, "dcterms:modified"},
		},
		atom: {
			"title": {asTitle, "dc:title"}, "link": {asLink, "link"}, "id": {asID, "dc:identifier"},
			"summary": {asBody, "dc:description"}, "content": {asBody, "content:encoded"}, "author": {asPerson, "dc:creator"},
			"published": {asDate, "dcterms:issued"}, "issued": {asDate, "dcterms:issued"},
			"updated": {asDate, "dcterms:modified"}, "modified": {asDate, "dcterms:modified"},
		},
		dc: {
			"title": {asTitle, "dc:title"}, "description": {asBody, "dc:description"}, "identifier": {asID, "dc:identifier"},
			"creator": {asWord, "dc:creator"}, "author": {asWord, "dc:creator"}, "date": {asDate, "dc:date"},
		},
		dcterms: {
			"issued": {asDate, "dcterms:issued"}, "created": {asDate, "dcterms:issued"}, "modified": {asDate, "dcterms:modified"},
		},
		content: {"encoded": {asBody, "content:encoded"}},
		itunes: {
			"title": {asTitle, "dc:title"}, "author": {asWord, "dc:creator"}, "summary": {asBody, "dc:description"},
		},
		xhtml: {"body": {asBody, "content:encoded"}, "div": {asBody, "content:encoded"}},
		fulltext: {
			"full-text": {asBody, "content:encoded"}, "fulltext": {asBody, "content:encoded"}, "content": {asBody, "content:encoded"},
		},
	}
	atomFeed = table{
		core: {
			"entry": {opens, "entry"}, "title": {asTitle, "title"}, "subtitle": {asBody, "subtitle"}, "tagline": {asBody, "subtitle"},
			"info": {skip, ""}, "link": {asLink, "link"}, "id": {asID, "id"}, "author": {asPerson, "author"},
			"updated": {asDate, "updated"}, "modified": {asDate, "updated"},
		},
		dc: {"language": {asWord, "dc:language"}, "creator": {asWord, "dc:creator"}},
	}
	atomItem = table{
		core: {
			"entry": {opens, "entry"}, "title": {asTitle, "title"}, "summary": {asBody, "summary"}, "content": {asBody, "content"},
			"link": {asLink, "link"}, "id": {asID, "id"}, "author": {asPerson, "author"},
			"published": {asDate, "published"}, "issued": {asDate, "published"}, "created": {asDate, "dcterms:created"},
			"updated": {asDate, "updated"}, "modified": {asDate, "updated"},
		},
		dc:       {"creator": {asWord, "dc:creator"}, "date": {asDate, "dcterms:created"}},
		fulltext: {"full-text": {asBody, "content"}},
	}
	person = table{core: {"name": {asWord, "name"}, "email": {asWord, "email"}}}
)
