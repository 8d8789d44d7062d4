package feed

import (
	"bytes"
	"cmp"
	"math/bits"
	"strconv"
	"strings"
	"time"

	"driftwatch/crawler/date"

	gofeedatom "github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	gofeedrss "github.com/mmcdole/gofeed/rss"
)

// readRSS reads a mended RSS feed.
func readRSS(m mended) (*Feed, error) {
	r, err := (&gofeedrss.Parser{}).Parse(bytes.NewReader(m.xml))
	if err != nil {
		return nil, err
	}
	x := extra(r.Extensions)
	f := &Feed{
		Title:       m.text(cmp.Or(r.Title, x.first("dc", "title"))),
		Link:        firstLink(r.Links),
		Description: m.text(cmp.Or(r.Description, x.first("dc", "description"))),
		Language:    cmp.Or(r.Language, x.first("dc", "language")),
		Items:       make([]Item, 0, len(r.Items)),
		ID:          x.first("dc", "identifier"),
		Authors:     names(authorsOf(append([]string{r.ManagingEditor}, x.all("dc", "creator")...))),
		Published:   firstDate(r.PubDate, x.first("dcterms", "issued"), x.first("dc", "date")),
		Updated:     firstDate(r.LastBuildDate, x.first("dcterms", "modified"), x.first("dc", "date")),
	}
	if len(f.Authors) == 0 {
		f.Authors = authorsOf([]string{r.WebMaster})
	}
	f.Rest = restOf(r.TTL, x.all("dcterms", "hour"), x.all("dcterms", "day"))
	for _, i := range r.Items {
		f.Items = append(f.Items, rssItemOf(i, m))
	}
	return f, nil
}

// restOf reads what RSS 2.0 says of when not to ask: ttl in minutes, skipHours
// and skipDays. A feed that would never be asked doesn't mean it.
func restOf(ttl string, hours, days []string) Rest {
	var r Rest
	if n, err := strconv.Atoi(strings.TrimSpace(ttl)); err == nil && n > 0 {
		r.TTL = time.Duration(min(n, 7*24*60)) * time.Minute
	}
	for _, h := range hours {
		if n, err := strconv.Atoi(strings.TrimSpace(h)); err == nil && n >= 0 && n <= 24 { // some count from 1
			r.Hours |= 1 << (n % 24)
		}
	}
	for _, d := range days {
		for w := time.Sunday; w <= time.Saturday; w++ {
			if strings.EqualFold(strings.TrimSpace(d), w.String()) {
				r.Days |= 1 << w
			}
		}
	}
	if bits.OnesCount32(r.Hours) == 24 {
		r.Hours = 0
	}
	if bits.OnesCount8(r.Days) == 7 {
		r.Days = 0
	}
	return r
}

func rssItemOf(i *gofeedrss.Item, m mended) Item {
	x := extra(i.Extensions)
	item := Item{
		Link:      firstLink(i.Links),
		Title:     m.text(cmp.Or(i.Title, x.first("dc", "title"))),
		Summary:   m.text(cmp.Or(i.Description, x.first("dc", "description"))),
		Content:   m.text(i.Content),
		Published: firstDate(i.PubDate, x.first("dcterms", "issued"), x.first("dc", "date")),
		Updated:   firstDate(x.first("dcterms", "modified"), x.first("dc", "date")),
		Authors:   names(authorsOf(append([]string{i.Author}, x.all("dc", "creator")...))),
	}
	item.ID = x.first("dc", "identifier")
	if i.GUID != nil {
		item.ID = cmp.Or(i.GUID.Value, item.ID)
		if item.Link == "" && i.GUID.IsPermalink != "false" && isAddress(i.GUID.Value) {
			item.Link = i.GUID.Value
		}
	}
	return item
}

// readAtom reads a mended Atom feed. An entry without authors has the feed's
// (RFC 4287, 4.2.1).
func readAtom(m mended) (*Feed, error) {
	a, err := (&gofeedatom.Parser{}).Parse(bytes.NewReader(m.xml))
	if err != nil {
		return nil, err
	}
	x := extra(a.Extensions)
	f := &Feed{
		Title:       m.text(a.Title),
		Link:        atomLink(a.Links),
		Description: m.text(a.Subtitle),
		Language:    cmp.Or(a.Language, x.first("dc", "language")),
		Items:       make([]Item, 0, len(a.Entries)),
		ID:          a.ID,
		Authors:     names(append(persons(a.Authors), authorsOf(x.all("dc", "creator"))...)),
		Updated:     firstDate(a.Updated),
	}
	for _, e := range a.Entries {
		item := atomItemOf(e, m)
		if len(item.Authors) == 0 {
			item.Authors = f.Authors
		}
		f.Items = append(f.Items, item)
	}
	return f, nil
}

func atomItemOf(e *gofeedatom.Entry, m mended) Item {
	x := extra(e.Extensions)
	item := Item{
		ID:        e.ID,
		Link:      atomLink(e.Links),
		Title:     m.text(e.Title),
		Summary:   m.text(e.Summary),
		Published: firstDate(e.Published, x.first("dcterms", "created")),
		Updated:   firstDate(e.Updated),
		Authors:   names(append(persons(e.Authors), authorsOf(x.all("dc", "creator"))...)),
	}
	if e.Content != nil {
		item.Content = m.text(e.Content.Value)
	}
	if item.Link == "" && isAddress(e.ID) {
		item.Link = e.ID
	}
	return item
}

// extra is what gofeed keeps of the elements that it has no field for.
type extra ext.Extensions

func (x extra) first(prefix, name string) string {
	if found := x[prefix][name]; len(found) > 0 {
		return found[0].Value
	}
	return ""
}

func (x extra) all(prefix, name string) []string {
	var values []string
	for _, e := range x[prefix][name] {
		values = append(values, e.Value)
	}
	return values
}

func firstLink(links []string) string {
	for _, l := range links {
		if l != "" {
			return l
		}
	}
	return ""
}

// atomLink prefers a page among the alternates of an entry.
func atomLink(links []*gofeedatom.Link) string {
	first := ""
	for _, l := range links {
		if l.Type == "" || strings.HasPrefix(l.Type, "text/html") || strings.HasPrefix(l.Type, "application/xhtml") {
			return l.Href
		}
		first = cmp.Or(first, l.Href)
	}
	return first
}

func firstDate(written ...string) date.Date {
	for _, s := range written {
		var d date.Date
		if s != "" && d.UnmarshalText([]byte(s)) == nil {
			return d
		}
	}
	return date.Date{}
}

func isAddress(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// authorsOf gives the names in what feeds write of authors, without mail addresses
// beside them: "mail@host (Name)", "Name (mail@host)", "Name <mail@host>". An address
// that stands alone is kept.
func authorsOf(written []string) []string {
	var found []string
	for _, s := range written {
		if s != "" {
			found = append(found, authorOf(s))
		}
	}
	return found
}

func authorOf(s string) string {
	before, inside, found := strings.Cut(strings.TrimRight(s, ")>"), "(")
	if !found {
		before, inside, found = strings.Cut(strings.TrimRight(s, ")>"), "<")
	}
	before, inside = strings.TrimSpace(before), strings.TrimSpace(inside)
	switch {
	case found && inside != "" && strings.Contains(before, "@"):
		return inside
	case found && before != "" && strings.Contains(inside, "@"):
		return before
	}
	return s
}

func persons(ps []*gofeedatom.Person) []string {
	var written []string
	for _, p := range ps {
		if s := cmp.Or(p.Name, p.Email); s != "" {
			written = append(written, s)
		}
	}
	return written
}

// names leaves out what is empty or there already.
func names(written []string) []string {
	var kept []string
next:
	for _, s := range written {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		for _, k := range kept {
			if strings.EqualFold(k, s) {
				continue next
			}
		}
		kept = append(kept, s)
	}
	return kept
}
