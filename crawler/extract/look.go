package extract

import (
	"net/url"
	"slices"

	"driftwatch/crawler/charset"
	"driftwatch/crawler/extract/blocks"
)

// page is a page cut into blocks, and what is known of it besides.
type page struct {
	*blocks.Page
	address *url.URL // nil where it isn't known
	o       Options
	ld      linked
	kinds   map[string]bool // the types that its JSON-LD speaks of
	title   string          // what headlineOf finds
	people  []string        // what authors finds
	kept    string          // the title in letters and digits only
	from    Origin
}

// look reads a page and its JSON-LD.
func look(decoded []byte, o Options) *page {
	p := &page{Page: blocks.Read(decoded), o: o}
	if u, err := url.Parse(o.URL); err == nil && u.Host != "" {
		p.address = u
	}
	p.ld, p.kinds = readLinked(p.Linked, o.URL)
	p.title, p.people = p.headlineOf(), p.authors()
	p.kept = fold(p.title)
	if p.Headline < 0 {
		p.Headline = p.runOf(p.kept)
	}
	return p
}

// runOf finds a headline where no h1 holds it: the run that is it word for word,
// folded as key is; -1 where there is none.
func (p *page) runOf(key string) int {
	if len(key) < minHeadline {
		return -1
	}
	return slices.IndexFunc(p.Runs, func(r blocks.Run) bool {
		return !r.Aside && r.Len() >= len(key) && r.Len() < 2*len(key) && fold(p.RunText(&r)) == key
	})
}

// Blocks cuts a page into blocks just as Page does before the model is asked,
// for those who train one.
func Blocks(body []byte, o Options) *blocks.Page {
	decoded, _ := charset.HTML(body, o.ContentType)
	p := look(decoded, o)
	p.Tell(p.ld.body)
	return p.Page
}

// first gives the first content of the first of the named meta elements that has
// one.
func (p *page) first(names ...string) string {
	for _, name := range names {
		for _, m := range p.Meta {
			if m.Name == name {
				return m.Content
			}
		}
	}
	return ""
}

// all gives the contents of the meta elements of a name.
func (p *page) all(name string) []string {
	var all []string
	for _, m := range p.Meta {
		if m.Name == name {
			all = append(all, m.Content)
		}
	}
	return all
}
