package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"driftwatch/crawler/date"
)

// Names of meta elements that hold the time of publication and of change, the
// likeliest first.
var (
	publishedNames = []string{
		"article:published_time", "og:article:published_time", "og:published_time", "article:published", "article:publish_date",
		"datepublished", "mediator_published_time", "parsely-pub-date", "sailthru.date", "published_time", "publishdate",
		"publish-date", "publish_date", "publication_date", "pubdate", "article.published", "cxenseparse:recs:publishtime",
		"date.release", "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dc.date", "dcterms.date",
		"article_date_original", "originalpublicationdate", "displaydate", "citation_date", "datecreated", "ptime", "date",
	}
	modifiedNames = []string{
		"article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified", "dcterms.modified",
		"dc.date.modified", "article.updated", "last-modified", "lastmod", "mediator_modified_time", "revised",
	}
)

// ahead is how far a time may lie after the moment of fetching: a time without
// a zone is read as UTC and may be half a day off.
const ahead = 14 * time.Hour

// published gives when the article was published: as JSON-LD says, then meta
// elements, marked elements, the address, and at last what is written beside
// the headline.
func (p *page) published() date.Date {
	d, from := p.publishedOf()
	if !d.IsZero() {
		p.from.Published = from
	}
	return d
}

func (p *page) publishedOf() (date.Date, string) {
	if d, ok := p.date(p.ld.published); ok {
		return p.sharpen(d), FromJSONLD
	}
	for _, name := range publishedNames {
		for _, written := range p.all(name) {
			if d, ok := p.date(written); ok {
				return p.sharpen(d), fromMeta(name)
			}
		}
	}
	if d, from := p.markedDate(); from != "" {
		return p.sharpen(d), from
	}
	if p.address != nil {
		if d, ok := inAddress(p.address.Path); ok && p.possible(d) {
			return p.sharpen(d), FromAddress
		}
	}
	d, _ := p.visibleDate(date.Date{})
	return d, FromBlocks
}

// modified gives when the article was last changed.
func (p *page) modified() date.Date {
	if d, ok := p.date(p.ld.modified); ok {
		p.from.Modified = FromJSONLD
		return d
	}
	for _, name := range modifiedNames {
		if d, ok := p.date(p.first(name)); ok {
			p.from.Modified = fromMeta(name)
			return d
		}
	}
	for _, m := range p.Marks {
		if m.Item == "datemodified" {
			if d, ok := p.date(m.Value); ok {
				p.from.Modified = FromMicrodata
				return d
			}
		}
	}
	return date.Date{}
}

// date reads a date that can be the article's.
func (p *page) date(written string) (date.Date, bool) {
	if written == "" {
		return date.Date{}, false
	}
	d, ok := date.Parse(written, date.Options{Now: p.o.Fetched, Zone: p.o.Zone})
	return d, ok && p.possible(d)
}

// possible reports whether an article can be of that date: none is published
// after it was fetched.
func (p *page) possible(d date.Date) bool {
	return p.o.Fetched.IsZero() || !d.Time.After(p.o.Fetched.Add(ahead))
}

// markedDate gives the date of the elements that are marked as one: the one that
// says so, or the time beside the headline; with where it was found, empty: there
// is none.
func (p *page) markedDate() (date.Date, string) {
	for _, m := range p.Marks {
		if m.Item == "datepublished" || m.Item == "datecreated" || m.Time && m.Pubdate {
			if d, ok := p.date(m.Value); ok {
				return d, FromMicrodata
			}
		}
	}
	best, distance := date.Date{}, 1<<30
	for _, m := range p.Marks {
		if !m.Time || m.Aside || m.Item == "datemodified" {
			continue
		}
		if d, ok := p.date(m.Value); ok {
			if far := p.fromHeadline(m.Run); far < distance {
				best, distance = d, far
			}
		}
	}
	if best.IsZero() {
		return best, ""
	}
	return best, FromBlocks
}

// fromHeadline is how far a run lies from the headline. Before it counts twice:
// what stands there is the site's more often than the article's.
func (p *page) fromHeadline(at int) int {
	from := max(p.Headline, 0)
	if at >= from {
		return at - from
	}
	return 2 * (from - at)
}

// sharpen gives the time of day to a bare day, where the page shows it beside
// the headline.
func (p *page) sharpen(d date.Date) date.Date {
	if !d.Day {
		return d
	}
	if seen, ok := p.visibleDate(d); ok && !seen.Day && seen.String()[:len("2006-01-02")] == d.String() {
		return seen
	}
	return d
}

// Where a date is looked for, in lines from the headline.
const (
	linesBefore = 12
	linesAfter  = 60
)

// visibleDate reads the date that is written nearest to the headline; where day
// is given, the nearest of that day.
func (p *page) visibleDate(day date.Date) (date.Date, bool) {
	best, distance := date.Date{}, 1<<30
	from := max(p.Headline, 0)
	for i := max(0, from-linesBefore); i < min(len(p.Runs), from+linesAfter); i++ {
		l := &p.Runs[i]
		numbered := hasDigit(p.line(i))
		if l.Aside || !numbered && !(l.Dated && len(p.line(i)) <= longDate) { // час назад
			continue
		}
		d, ok := p.dateIn(i)
		if !ok || !day.IsZero() && d.String()[:len("2006-01-02")] != day.String() {
			continue
		}
		far := p.fromHeadline(i)
		if l.Dated && numbered {
			far -= linesAfter
		}
		if far < distance {
			best, distance = d, far
		}
	}
	return best, !best.IsZero()
}

// longDate is how much text may stand around a date for it to be a dateline and
// not a part of a sentence.
const longDate = 70

// dateIn reads the date that a line holds, by itself or with the next, where the
// time of day may stand.
func (p *page) dateIn(i int) (date.Date, bool) {
	text := p.line(i)
	if len(text) > longDate && !p.Runs[i].Dated {
		return date.Date{}, false
	}
	d, ok := p.date(text)
	if ok && !d.Day {
		return d, true
	}
	if i+1 < len(p.Runs) {
		next := p.line(i + 1)
		if next == "" || len(next) > longDate/2 {
			return d, ok
		}
		if both, found := p.date(text + " " + next); found && (!ok || !both.Day) {
			return both, true
		}
	}
	return d, ok
}

// line is a run of text that is short enough to be a date.
func (p *page) line(i int) string {
	text := p.RunText(&p.Runs[i])
	if len(text) > maxLine {
		return ""
	}
	return text
}

// maxLine is how many bytes such a run has at the most.
const maxLine = 160

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// Dates in addresses: /2026/11/24/, /2026-11-24-title, /20261124/, /24-11-2026/,
// and /2026/nov/24/.
var (
	yearFirst = regexp.MustCompile(`(?:^|[/_.-])((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?:[/_.T-]|$)`)
	dayFirst  = regexp.MustCompile(`(?:^|[/_-])(0[1-9]|[12]\d|3[01])[/_.-](0[1-9]|1[0-2])[/_.-]((?:19|20)\d\d)(?:[/_.-]|$)`)
	monthName = regexp.MustCompile(`(?i)/((?:19|20)\d\d)/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/(\d\d?)(?:/|$)`)
)

// inAddress reads the day that an address names.
func inAddress(path string) (date.Date, bool) {
	if m := yearFirst.FindStringSubmatch(path); m != nil {
		return date.Parse(m[1]+"-"+m[2]+"-"+m[3], date.Options{})
	}
	if m := dayFirst.FindStringSubmatch(path); m != nil {
		return date.Parse(m[3]+"-"+m[2]+"-"+m[1], date.Options{})
	}
	if m := monthName.FindStringSubmatch(path); m != nil {
		day, _ := strconv.Atoi(m[3])
		return date.Parse(strconv.Itoa(day)+" "+m[2]+" "+m[1], date.Options{})
	}
	return date.Date{}, false
}
