package review

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"driftwatch/news"
)

// Drift is what the countries' weeks add up to, and the files of it.
type Drift interface {
	// Weeks gives the latest weeks of each country, the earliest first, of one
	// theme or, where it is empty, of all.
	Weeks(ctx context.Context, weeks int, theme news.Theme) ([]DriftWeek, error)
	// WriteDrift writes the same as svg, png or csv.
	WriteDrift(ctx context.Context, w io.Writer, format string, weeks int, theme news.Theme) error
}

// DriftWeek is a week of a country.
type DriftWeek struct {
	Country       string
	Week          string // 2026-W48
	Monday        time.Time
	Apart, Closer DriftSum
	Themes        []DriftTheme
	Coverage      float64 // share of the country's sources that were read
	Poor          bool    // too few were, or it isn't known
	Notes         []string
}

// DriftTheme is what one theme adds to a week.
type DriftTheme struct {
	Theme         news.Theme
	Apart, Closer float64
}

// DriftSum is what adds up in one direction.
type DriftSum struct {
	Weight, Low, High float64 // Low and High: the band
	Unjudged          float64 // the part of Weight that no analyst has called relevant
	Events            []DriftEvent
}

// DriftEvent is a story in a sum.
type DriftEvent struct {
	Story    int64
	Theme    news.Theme
	Signal   string
	Severity int
	Status   news.Status
	Weight   float64 // what it adds; 0: as many others of its signal count
	Outlets  []string
	Judged   bool
}

// driftView is what the page of the drift shows.
type driftView struct {
	Weeks  int
	Theme  news.Theme
	Spans  []choice
	Themes []choice
	First  string
	Last   string
	Files  []choice // the addresses of the files
	Lands  []landView
	Table  []weekLine // the latest first
	Picked *pickedWeek
	Nearly int // weeks without figures
}

// landView is a country's row.
type landView struct {
	Country       string
	Apart, Closer string // of the last four weeks
	UsualApart    string // the mean of four weeks before; empty: too few are known
	UsualCloser   string
	Chart         pairChart
	Minis         []pairChart
	Poor          int
	Tile          tileView
}

// pairChart is apart above a line and closer below it, week by week.
type pairChart struct {
	Theme                  news.Theme
	Width, Height, Middle  int
	Up, Down, Low          string // paths
	Top                    string // the figure at the top of the scale
	Apart, Closer          string // of the last week
	Links                  []chartLink
	First, Last            string // weeks that are named; First empty: there are few
	FirstX                 int
	Selected               string // path
	ApartTotal, CloseTotal string
}

type chartLink struct {
	Path, Title string
	X, Width    int
}

// tileView is a country's place among the five.
type tileView struct {
	X, Y, Width, Height int
	BarX, Label         int
	Apart, Closer       string // lengths of the bars
	ApartEnd, CloserEnd string
	NameY, UpY, DownY   int
}

// weekLine is a week of all countries, in their order: the way to each week's events for
// those who don't use a pointer, too.
type weekLine struct {
	Week  string
	Cells []weekCell
}

// weekCell is a week of a country; without a path it has no figures.
type weekCell struct {
	Path          string
	Apart, Closer string
	Poor          bool
}

// pickedWeek is the week whose events are shown.
type pickedWeek struct {
	DriftWeek
	Lines []eventLine
	Sums  [2]string
	Bands [2]string
}

type eventLine struct {
	DriftEvent
	Direction news.Direction
	Title     string
	Lang      string
	Evidence  []piece
	Adds      string
	Names     []string
}

// driftSpans are for how many weeks the drift can be shown, driftSpan for how many it is
// unless another is asked for.
var driftSpans = []int{13, driftSpan, 52}

const driftSpan = 26

// driftThemes are those that the charts part the weeks by.
var driftThemes = []news.Theme{news.ThemeSanctions, news.ThemeCSTO, news.ThemeDecolonization, news.ThemeDualUse}

// driftAsk reads the span and the theme from an address.
func driftAsk(q url.Values) (weeks int, theme news.Theme) {
	weeks = driftSpan
	if n, err := strconv.Atoi(q.Get("span")); err == nil && slices.Contains(driftSpans, n) {
		weeks = n
	}
	if t := news.Theme(q.Get("theme")); slices.Contains(driftThemes, t) {
		theme = t
	}
	return weeks, theme
}

func driftPath(page string, weeks int, theme news.Theme, more ...string) string {
	q := url.Values{}
	if weeks != driftSpan {
		q.Set("span", strconv.Itoa(weeks))
	}
	if theme != "" {
		q.Set("theme", string(theme))
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return addressOf(page, q.Encode())
}

func (v *visit) driftPage() error {
	if reads, err := v.stillReading(v.DriftRead, "drift"); reads {
		return err
	}
	q := v.r.URL.Query()
	weeks, theme := driftAsk(q)
	all, err := v.Options.Drift.Weeks(v.r.Context(), weeks, theme)
	if err != nil {
		return err
	}
	view := &driftView{Weeks: weeks, Theme: theme}
	for _, n := range driftSpans {
		value := strconv.Itoa(n)
		if n == driftSpan {
			value = ""
		}
		view.Spans = append(view.Spans, choice{Value: value, Name: count(v.lang, "%d week|%d weeks", n), On: n == weeks})
	}
	view.Themes = []choice{{Value: "", Name: v.t("All themes"), On: theme == ""}}
	for _, t := range driftThemes {
		view.Themes = append(view.Themes, choice{Value: string(t), Name: themeName(v.lang, t), On: t == theme})
	}
	for _, f := range []choice{{Value: "svg", Name: "SVG"}, {Value: "png", Name: "PNG"}, {Value: "csv", Name: "CSV"}, {Value: "jsonl", Name: "JSON Lines"}} {
		view.Files = append(view.Files, choice{Name: f.Name, Value: driftPath("/drift."+f.Value, weeks, theme)})
	}
	if len(all) == 0 {
		return v.render(http.StatusOK, "drift", view)
	}
	view.First, view.Last = all[0].Week, all[len(all)-1].Week
	country, week := q.Get("country"), q.Get("week")
	view.fill(v, all, country, week)
	if i := slices.IndexFunc(all, func(w DriftWeek) bool { return w.Country == country && w.Week == week }); i >= 0 {
		if view.Picked, err = v.pickedWeek(all[i]); err != nil {
			return err
		}
	}
	return v.render(http.StatusOK, "drift", view)
}

// fill makes the countries' rows, all charts in one scale, those of themes in
// another.
func (d *driftView) fill(v *visit, all []DriftWeek, country, week string) {
	var top, small, sums float64
	byCountry := map[string][]DriftWeek{}
	for _, w := range all {
		byCountry[w.Country] = append(byCountry[w.Country], w)
		top = max(top, w.Apart.Weight, w.Closer.Weight)
		for _, t := range w.Themes {
			small = max(small, t.Apart, t.Closer)
		}
	}
	for _, c := range news.Countries {
		weeks := byCountry[c]
		if len(weeks) == 0 {
			continue
		}
		a, b := lastWeeks(weeks[max(0, len(weeks)-4):])
		sums = max(sums, a, b)
		land := landView{Country: c, Apart: figure(a), Closer: figure(b)}
		if before := weeks[:max(0, len(weeks)-4)]; len(before) >= 4 {
			ua, ub := lastWeeks(before)
			n := float64(len(before)) / 4
			land.UsualApart, land.UsualCloser = figure(ua/n), figure(ub/n)
		}
		for _, w := range weeks {
			if w.Poor {
				land.Poor++
			}
		}
		land.Chart = d.chart(v, c, weeks, top, week, country == c)
		if d.Theme == "" {
			for _, t := range driftThemes {
				land.Minis = append(land.Minis, miniChart(weeks, t, small))
			}
		}
		d.Lands = append(d.Lands, land)
	}
	d.table(all)
	for i := range d.Lands {
		weeks := byCountry[d.Lands[i].Country]
		a, b := lastWeeks(weeks[max(0, len(weeks)-4):])
		d.Lands[i].Tile = tile(d.Lands[i].Country, a, b, sums)
	}
}

// table lists the weeks, the countries beside each other.
func (d *driftView) table(all []DriftWeek) {
	column, line := map[string]int{}, map[string]int{}
	for i, l := range d.Lands {
		column[l.Country] = i
	}
	for _, w := range all {
		line[w.Week] = 0
	}
	for i, week := range slices.Backward(slices.Sorted(maps.Keys(line))) {
		line[week] = len(line) - 1 - i
		d.Table = append(d.Table, weekLine{week, make([]weekCell, len(d.Lands))})
	}
	for _, w := range all {
		if i, ok := column[w.Country]; ok {
			d.Table[line[w.Week]].Cells[i] = weekCell{d.weekPath(w), figure(w.Apart.Weight), figure(w.Closer.Weight), w.Poor}
		}
	}
}

// weekPath is where the events of a week are shown.
func (d *driftView) weekPath(w DriftWeek) string {
	return driftPath("/drift", d.Weeks, d.Theme, "country", w.Country, "week", w.Week) + "#week"
}

func lastWeeks(weeks []DriftWeek) (apart, closer float64) {
	for _, w := range weeks {
		apart, closer = apart+w.Apart.Weight, closer+w.Closer.Weight
	}
	return apart, closer
}

// figure is a weight as it is shown.
func figure(w float64) string { return strings.TrimSuffix(strconv.FormatFloat(w, 'f', 1, 64), ".0") }

// tilePlaces are where the five countries stand, roughly as on a map: left, top,
// width.
var tilePlaces = map[string][3]int{"KZ": {6, 6, 388}, "UZ": {80, 88, 150}, "KG": {238, 88, 156}, "TM": {6, 170, 170}, "TJ": {184, 170, 150}}

func tile(country string, apart, closer, most float64) tileView {
	at := tilePlaces[country]
	t := tileView{X: at[0], Y: at[1], Width: at[2], Height: 74, Label: at[0] + 9, BarX: at[0] + 62}
	t.NameY, t.UpY, t.DownY = t.Y+20, t.Y+28, t.Y+49
	room := 52.0
	length := func(w float64) float64 {
		if most == 0 {
			return 0
		}
		return w / most * room
	}
	t.Apart, t.Closer = fmt.Sprintf("%.1f", length(apart)), fmt.Sprintf("%.1f", length(closer))
	t.ApartEnd = fmt.Sprintf("%.1f", float64(t.BarX)+length(apart)+4)
	t.CloserEnd = fmt.Sprintf("%.1f", float64(t.BarX)+length(closer)+5)
	return t
}

// chart is a country's chart, with a link for each week.
func (d *driftView) chart(v *visit, country string, weeks []DriftWeek, top float64, week string, here bool) pairChart {
	c := pairChart{Width: 390, Height: 140, Middle: 62, Top: figure(top)}
	const left, right = 42, 388
	step := float64(right-left) / float64(slots(weeks))
	at := func(i int) float64 { return right - step*float64(len(weeks)-i) }
	var up, down, selected strings.Builder
	for i, w := range weeks {
		x := at(i)
		bar(&up, x+1, step-2, w.Apart.Weight, top, float64(c.Middle), -56)
		bar(&down, x+1, step-2, w.Closer.Weight, top, float64(c.Middle), 56)
		if here && w.Week == week {
			fmt.Fprintf(&selected, "M%.1f 5h%.1fv114h-%.1fz", x, step, step)
		}
		title := fmt.Sprintf("%s: %s %s, %s %s", w.Week, v.t("apart"), figure(w.Apart.Weight), v.t("closer"), figure(w.Closer.Weight))
		c.Links = append(c.Links, chartLink{Path: d.weekPath(w), Title: title, X: int(x), Width: max(1, int(step))})
	}
	last := weeks[len(weeks)-1]
	c.Up, c.Down, c.Low, c.Selected = up.String(), down.String(), poorWeeks(weeks, at, 5, 114), selected.String()
	c.Apart, c.Closer = figure(last.Apart.Weight), figure(last.Closer.Weight)
	if c.Last = last.Week; len(weeks) >= fewWeeks {
		c.First, c.FirstX = weeks[0].Week, int(at(0))
	}
	return c
}

// fewWeeks is below how many weeks a chart keeps room for more: a first week
// doesn't fill it.
const fewWeeks = 8

// slots is for how many weeks a chart has room; the last week is at the right.
func slots(weeks []DriftWeek) int { return max(len(weeks), fewWeeks) }

// poorWeeks frames the weeks in which few sources were read, those side by side in
// one frame.
func poorWeeks(weeks []DriftWeek, at func(int) float64, top, height int) string {
	var b strings.Builder
	for i := 0; i < len(weeks); i++ {
		from := i
		for i < len(weeks) && weeks[i].Poor {
			i++
		}
		if i > from {
			wide := at(i) - at(from)
			fmt.Fprintf(&b, "M%.1f %dh%.1fv%dh-%.1fz", at(from), top, wide, height, wide)
		}
	}
	return b.String()
}

// miniChart is the part of one theme.
func miniChart(weeks []DriftWeek, theme news.Theme, top float64) pairChart {
	c := pairChart{Theme: theme, Width: 130, Height: 60, Middle: 30}
	step := float64(c.Width) / float64(slots(weeks))
	at := func(i int) float64 { return float64(c.Width) - step*float64(len(weeks)-i) }
	c.Low = poorWeeks(weeks, at, 1, 58)
	var up, down strings.Builder
	var apart, closer float64
	for i, w := range weeks {
		for _, t := range w.Themes {
			if t.Theme == theme {
				bar(&up, at(i)+.5, step-1, t.Apart, top, float64(c.Middle), -28)
				bar(&down, at(i)+.5, step-1, t.Closer, top, float64(c.Middle), 28)
				apart, closer = apart+t.Apart, closer+t.Closer
			}
		}
	}
	c.Up, c.Down = up.String(), down.String()
	c.ApartTotal, c.CloseTotal = figure(apart), figure(closer)
	return c
}

// bar appends a bar to a path: room is how far the top of the scale is from the
// middle, below zero upwards.
func bar(b *strings.Builder, x, width, w, top, middle, room float64) {
	if w > 0 && top > 0 {
		fmt.Fprintf(b, "M%.1f %gh%.1fv%.1fh-%.1fz", x, middle, max(width, .5), w/top*room, max(width, .5))
	}
}

// pickedWeek reads the stories behind the sums of a week.
func (v *visit) pickedWeek(w DriftWeek) (*pickedWeek, error) {
	w.Notes = v.driftNotes(w.Notes)
	p := &pickedWeek{DriftWeek: w, Sums: [2]string{figure(w.Apart.Weight), figure(w.Closer.Weight)}}
	for i, s := range []DriftSum{w.Apart, w.Closer} {
		p.Bands[i] = figure(s.Low) + "–" + figure(s.High)
		for _, e := range s.Events {
			line := eventLine{DriftEvent: e, Direction: []news.Direction{news.Apart, news.Closer}[i], Adds: figure(e.Weight)}
			for _, o := range e.Outlets {
				line.Names = append(line.Names, v.outlet(o))
			}
			p.Lines = append(p.Lines, line)
		}
	}
	leads := make([]news.Lead, len(p.Lines))
	for i, l := range p.Lines {
		leads[i] = news.Lead{Story: l.Story, Signal: l.Signal}
	}
	if err := v.Stories.FillLeads(v.r.Context(), leads); err != nil {
		return nil, err
	}
	for i, l := range leads {
		line := &p.Lines[i]
		line.Title, line.Lang = l.Title, l.Lang
		if l.Evidence != nil {
			line.Evidence = marked(l.Evidence.Sentence, l.Evidence.SentenceStart, l.Evidence.Words)
		}
	}
	slices.SortStableFunc(p.Lines, func(a, b eventLine) int {
		return cmp.Or(strings.Compare(string(a.Direction), string(b.Direction)), cmp.Compare(b.Weight, a.Weight))
	})
	return p, nil
}

// weekNotes are what is noted of a week.
var weekNotes = []phrase{
	phrased(`apart rests on (\d+) stor(?:y|ies)`, "apart rests on %s story|apart rests on %s stories", ""), phrased(`closer rests on (\d+) stor(?:y|ies)`, "closer rests on %s story|closer rests on %s stories", ""),
	phrased(`apart rests on (.+): ([\d.]+) without it`, "apart rests on %s: %s without it", ""), phrased(`closer rests on (.+): ([\d.]+) without it`, "closer rests on %s: %s without it", ""),
	phrased(`(\d+) denied stor(?:y counts|ies count) for nothing`, "%s denied story counts for nothing|%s denied stories count for nothing", ""),
	phrased(`nothing was read then`, "nothing was read then", ""), phrased(`only (\d+) % of the sources were read`, "only %s %% of the sources were read", ""),
}

// driftNotes are the notes on a week in the visitor's language.
func (v *visit) driftNotes(notes []string) []string {
	var out []string
	for _, n := range notes {
		says, _ := v.told(n, weekNotes)
		out = append(out, says)
	}
	return out
}

var driftKinds = map[string]string{"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}

// driftFile hands out the figures.
func (v *visit) driftFile() error {
	_, format, _ := strings.Cut(v.r.URL.Path, ".")
	kind := driftKinds[format]
	weeks, theme := driftAsk(v.r.URL.Query())
	var b bytes.Buffer
	var err error
	if format == "csv" {
		b.WriteString(byteOrderMark)
	}
	if format == "jsonl" {
		err = v.driftLines(&b, weeks, theme)
	} else {
		err = v.Options.Drift.WriteDrift(v.r.Context(), &b, format, weeks, theme)
	}
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", kind)
	name := "drift"
	if theme != "" {
		name += "-" + string(theme)
	}
	v.w.Header().Set("Content-Disposition", `attachment; filename="`+name+"."+format+`"`)
	_, err = b.WriteTo(v.w)
	return err
}

// driftLines writes the weeks as the API tells them, one a line.
func (v *visit) driftLines(w io.Writer, weeks int, theme news.Theme) error {
	var themes []news.Theme
	if theme != "" {
		themes = append(themes, theme)
	}
	told, err := v.Data.DriftWeeks(v.r.Context(), nil, themes, v.now.AddDate(0, 0, -7*(weeks-1)))
	if err != nil {
		return err
	}
	lines := json.NewEncoder(w)
	for _, week := range told {
		if err := lines.Encode(week); err != nil {
			return err
		}
	}
	return nil
}
