package message

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"driftwatch/guard"
	"driftwatch/news"
)

// Digest is a digest in words. Its parts are in the order in which a message
// shows them.
type Digest struct {
	Key      string
	Route    string
	Headline string // "Weekly digest: 5 stories, 3 of them new"
	Span     string // from when to when
	Empty    string // said where there is no story; "" otherwise
	Table    Table  // how many stories, by country and theme
	Groups   []Group
	More     string // what was left out, and the command that lists it; "" where nothing was
	Coverage string // how many sources were read and how many weren't; "" where it says nothing of that
	Gaps     []string
	Drift    Table // apart and closer, by country; no rows: none
	Basis    string
	Picture  []byte // PNG of Drift; nil: none
}

// Group is the stories of one country and theme, the strongest first.
type Group struct {
	Country string
	Theme   string
	Entries []Entry
}

// Entry is one story of a digest.
type Entry struct {
	Title  string
	Lang   string // BCP 47
	Link   string // as Message.Link
	New    bool
	What   string   // level, direction and status: "level 4 of 5 · away from Russia · decided"
	Source string   // the outlet, and how many others
	When   string   // when it was published, or seen
	News   []string // what is new since the digest before
}

// Table is figures with names at their rows and columns.
type Table struct {
	Columns []string // the first is of the rows' names
	Rows    [][]string
}

// Empty reports whether there are no figures.
func (t Table) Empty() bool { return len(t.Rows) == 0 }

// maxGaps is how many sources that could not be read a digest names.
const maxGaps = 15

// NewDigest puts a digest into words. Times are shown in zone; nil is UTC.
func NewDigest(d news.Digest, zone *time.Location) Digest {
	if zone == nil {
		zone = time.UTC
	}
	out := Digest{
		Key: d.Key, Route: name(d.Route), Picture: d.Picture,
		Headline: digestHeadline(d),
		Span:     moment(d.From.In(zone)) + " to " + moment(d.To.In(zone)),
		Table:    countTable(d.Items),
		Coverage: coverage(d),
		Drift:    driftTable(d.Drift),
	}
	if len(d.Items) == 0 && d.More == 0 {
		out.Empty = "No story came to this route in this time."
	}
	for _, item := range d.Items {
		out.add(item, zone)
	}
	if d.More > 0 {
		out.More = "and " + counted(d.More, "more story", "more stories")
		if list := guard.Line(d.List); list != "" {
			out.More += "; all of them: " + list
		}
	}
	for i, g := range d.Gaps {
		if i == maxGaps {
			out.Gaps = append(out.Gaps, "and "+counted(len(d.Gaps)-i, "more source", "more sources")+": driftwatch sources list")
			break
		}
		out.Gaps = append(out.Gaps, gapLine(g, zone))
	}
	if !out.Drift.Empty() {
		out.Basis = "Sums of weights, each story once. Apart and closer stand side by side and are never netted. How they are made: docs/drift.md"
	}
	return out
}

func digestHeadline(d news.Digest) string {
	all, fresh := map[int64]bool{}, map[int64]bool{}
	for _, i := range d.Items {
		all[i.Alert.Story.ID] = true
		if i.New {
			fresh[i.Alert.Story.ID] = true
		}
	}
	n := len(all) + d.More
	head := capital(string(d.Period)) + " digest: "
	switch {
	case n == 0:
		return head + "no stories"
	case len(fresh) == n && n == 1:
		return head + "1 story, new"
	case len(fresh) == n:
		return head + counted(n, "story", "stories") + ", all new"
	}
	return head + counted(n, "story", "stories") + fmt.Sprintf(", %d new", len(fresh))
}

func capital(s string) string {
	if s == "" {
		return "A"
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// add puts a story behind those of its country and theme.
func (d *Digest) add(item news.DigestItem, zone *time.Location) {
	country, theme := Country(item.Country), Theme(item.Theme)
	at := slices.IndexFunc(d.Groups, func(g Group) bool { return g.Country == country && g.Theme == theme })
	if at < 0 {
		at = len(d.Groups)
		d.Groups = append(d.Groups, Group{Country: country, Theme: theme})
	}
	d.Groups[at].Entries = append(d.Groups[at].Entries, entry(item, zone))
}

func entry(item news.DigestItem, zone *time.Location) Entry {
	m := New(item.Alert, zone)
	what := hitOf(item)
	parts := []string{}
	if what.Level > 0 {
		parts = append(parts, fmt.Sprintf("level %d of 5", what.Level))
	}
	parts = append(parts, Way(what.Direction), name(string(what.Status)))
	e := Entry{
		Title: cmp.Or(m.Title, "(no title)"), Lang: m.Lang, Link: m.Link, New: item.New,
		What: joinNonEmpty(" · ", parts...), Source: m.Source(), When: moment(m.Seen),
		News: newsOf(item.Changes, outletNames(item.Alert)),
	}
	if !m.Published.IsZero() {
		e.When = moment(m.Published)
	}
	return e
}

// hitOf is the strongest hit of the story under the item's country and theme, or
// the strongest of all.
func hitOf(item news.DigestItem) news.Hit {
	hits := told(item.Alert.Hits)
	for _, h := range hits {
		if h.Theme == item.Theme && (item.Country == "" || slices.Contains(h.Countries, item.Country)) {
			return h
		}
	}
	if len(hits) == 0 {
		return news.Hit{}
	}
	return hits[0]
}

// countTable counts the stories by country and theme, both in the order of
// their first mention.
func countTable(items []news.DigestItem) Table {
	var rows, columns []string
	type cell struct {
		country, theme string
		story          int64
	}
	cells := map[cell]bool{}
	for _, i := range items {
		country, theme := Country(i.Country), Theme(i.Theme)
		if !slices.Contains(rows, country) {
			rows = append(rows, country)
		}
		if !slices.Contains(columns, theme) {
			columns = append(columns, theme)
		}
		cells[cell{country, theme, i.Alert.Story.ID}] = true
	}
	t := Table{Columns: append([]string{""}, columns...)}
	for _, country := range rows {
		row := []string{country}
		for _, theme := range columns {
			n := 0
			for c := range cells {
				if c.country == country && c.theme == theme {
					n++
				}
			}
			row = append(row, figure(n))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func figure(n int) string {
	if n == 0 {
		return "–"
	}
	return strconv.Itoa(n)
}

func coverage(d news.Digest) string {
	if d.Period == news.QuietHours {
		return ""
	}
	read := counted(d.Polled, "source was read", "sources were read")
	switch n := len(d.Gaps); {
	case n == 0 && d.Polled == 0:
		return "No source was read in this time: that nothing was found says nothing."
	case n == 0:
		return read + ", none was left out."
	case n == 1:
		return read + ", 1 could not be read:"
	default:
		return read + fmt.Sprintf(", %d could not be read:", n)
	}
}

func gapLine(g news.Gap, zone *time.Location) string {
	since := "never read"
	if !g.Since.IsZero() {
		since = "last read " + moment(g.Since.In(zone))
	}
	return joinNonEmpty(", ", name(g.Source), Country(g.Country), since) + because(shorten(guard.Line(g.Problem), maxWhy))
}

func because(problem string) string {
	if problem == "" {
		return ""
	}
	return ": " + problem
}

func driftTable(lines []news.DriftLine) Table {
	t := Table{Columns: []string{"", "apart", "closer", "events", ""}}
	for _, l := range lines {
		t.Rows = append(t.Rows, []string{
			Country(l.Country), strconv.FormatFloat(l.Apart, 'f', 1, 64), strconv.FormatFloat(l.Closer, 'f', 1, 64),
			strconv.Itoa(l.Events), shorten(guard.Line(l.Note), maxWhy),
		})
	}
	return t
}

// Text is the digest as plain text, the tables in columns. It ends in a line
// feed.
func (d Digest) Text() string {
	var b strings.Builder
	para := func(s string) {
		if s != "" {
			b.WriteString("\n" + s + "\n")
		}
	}
	b.WriteString(d.Headline + "\n" + d.Span + "\n")
	para(d.Empty)
	if !d.Table.Empty() {
		para(strings.TrimSuffix(d.Table.Text(), "\n"))
	}
	country := ""
	for _, g := range d.Groups {
		if g.Country != country {
			para(strings.ToUpper(g.Country))
			country = g.Country
		}
		para(g.Theme)
		for _, e := range g.Entries {
			b.WriteString(e.text())
		}
	}
	para(d.More)
	if !d.Drift.Empty() {
		para("APART AND CLOSER")
		b.WriteString("\n" + d.Drift.Text() + d.Basis + "\n")
	}
	if d.Coverage != "" {
		para("COVERAGE")
		para(d.Coverage)
	}
	for _, g := range d.Gaps {
		b.WriteString("- " + g + "\n")
	}
	return b.String()
}

func (e Entry) text() string {
	var b strings.Builder
	b.WriteString("- " + e.Mark() + e.Title + "\n")
	for _, l := range append([]string{e.What, joinNonEmpty(", ", e.Source, e.When)}, e.News...) {
		if l != "" {
			b.WriteString("  " + l + "\n")
		}
	}
	if e.Link != "" {
		b.WriteString("  " + e.Link + "\n")
	}
	return b.String()
}

// Mark is "NEW " before a story that the digest before didn't have.
func (e Entry) Mark() string {
	if e.New {
		return "NEW "
	}
	return ""
}

// Text is the table in columns of equal width: names to the left, figures to
// the right, a last column without a name to the left again.
func (t Table) Text() string {
	widths := make([]int, len(t.Columns))
	for _, row := range append([][]string{t.Columns}, t.Rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	for _, row := range append([][]string{t.Columns}, t.Rows...) {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-len([]rune(cell)))
			switch {
			case i == 0:
				line.WriteString(cell + pad)
			case t.Columns[i] == "":
				line.WriteString("  " + cell)
			default:
				line.WriteString("  " + pad + cell)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}
