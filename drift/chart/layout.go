package chart

import (
	"fmt"
	"math"
	"strings"

	"driftwatch/drift"
	"driftwatch/news"
)

// Method is the line below a chart.
const Method = "Severity (1–5) × how far the event has come, each story once, at most 3 of a signal and week; irrelevant left out."

// method is Method in the lines that are drawn.
var method = []string{
	Method,
	"Thin line: 95 % band, wide where few stories or outlets carry a sum; it may go on above the strip. Method: docs/drift.md",
}

// names are the countries for people.
var names = map[string]string{"KZ": "Kazakhstan", "KG": "Kyrgyzstan", "UZ": "Uzbekistan", "TJ": "Tajikistan", "TM": "Turkmenistan"}

// ink is what something is drawn with.
type ink string

const (
	ground   ink = "ground"
	words    ink = "words"
	faint    ink = "faint"
	rule     ink = "rule"
	unread   ink = "unread" // the ground of a week of poor coverage
	apart    ink = "apart"
	closer   ink = "closer"
	pressure ink = "pressure"
	band     ink = "band"
)

// mark is one thing that is drawn, in pixels from the upper left corner.
type mark struct {
	kind       kind
	ink        ink
	x, y, w, h float64 // of a line: from x, y to x+w, y+h
	light      bool    // of a box: drawn lighter
	text       string  // of a text; of a box: what it shows
	size       float64 // of a text, pixels
	bold       bool
	anchor     float64 // of a text: 0 begins at x, 0.5 is centred on it, 1 ends there
}

type kind int

const (
	box kind = iota
	hatch
	line
	text
)

// Measures, in pixels.
const (
	width    = 760.0
	side     = 16.0  // margin
	gutter   = 104.0 // what stands left of the strips
	headRoom = 76.0
	strip    = 84.0 // height of a strip's bars
	below    = 30.0 // room below them, for weeks
	footRoom = 46.0
)

// figure is a chart that can be drawn.
type figure struct {
	w, h  float64
	title string
	desc  string
	marks []mark
}

// weeksOf are a country's rows.
type weeksOf struct {
	country string
	rows    []drift.Row
}

// title says what a chart shows, and of which themes, where that isn't all.
func title(themes []news.Theme) string {
	const all = "Apart from Russia and closer to it, by week"
	switch len(themes) {
	case 0:
		return all
	case 1:
		return all + ": theme " + string(themes[0])
	}
	names := make([]string, len(themes))
	for i, t := range themes {
		names[i] = string(t)
	}
	return all + ": themes " + strings.Join(names, ", ")
}

// layout says what is drawn where.
func layout(rows []drift.Row, themes []news.Theme) *figure {
	var countries []weeksOf
	for _, r := range rows {
		if n := len(countries); n == 0 || countries[n-1].country != r.Country {
			countries = append(countries, weeksOf{country: r.Country})
		}
		last := &countries[len(countries)-1]
		last.rows = append(last.rows, r)
	}
	f := &figure{w: width, title: title(themes)}
	f.h = headRoom + float64(max(1, len(countries)))*(strip+below) + footRoom
	f.desc = describe(countries)
	f.put(mark{kind: box, ink: ground, w: f.w, h: f.h})
	f.put(mark{kind: text, ink: words, x: side, y: 28, text: f.title, size: 17, bold: true})
	f.legend(52)
	top := scale(rows)
	y := headRoom
	for _, c := range countries {
		f.strip(c, y, top)
		y += strip + below
	}
	if len(countries) == 0 {
		f.put(mark{kind: text, ink: words, x: side, y: y + strip/2, text: "Nothing has been read yet.", size: 13})
	}
	for i, l := range method {
		f.put(mark{kind: text, ink: faint, x: side, y: f.h - footRoom + 16 + 16*float64(i), text: l, size: 11})
	}
	return f
}

func (f *figure) put(m mark) { f.marks = append(f.marks, m) }

// legend says what the bars are.
func (f *figure) legend(y float64) {
	x := side
	for _, l := range []struct {
		mark mark
		text string
		room float64
	}{
		{mark{kind: box, ink: apart, text: "apart"}, "apart", 62},
		{mark{kind: box, ink: closer, text: "closer"}, "closer", 66},
		{mark{kind: box, ink: pressure, text: "pressure"}, "pressure, not a move", 160},
		{mark{kind: box, ink: apart, light: true, text: "unjudged"}, "lighter: unjudged", 138},
		{mark{kind: hatch, ink: unread, text: "poor coverage"}, "over a fifth of the press not read", 0},
	} {
		m := l.mark
		m.x, m.y, m.w, m.h = x, y-10, 12, 12
		f.put(m)
		f.put(mark{kind: text, ink: words, x: x + 17, y: y, text: l.text, size: 12})
		x += 17 + l.room - 17 + 10
	}
}

// scale is what the height of a strip stands for.
func scale(rows []drift.Row) float64 {
	most := 4.0
	for _, r := range rows {
		most = max(most, r.Apart.Weight, r.Closer.Weight, r.Pressure.Weight)
	}
	step := math.Pow(10, math.Floor(math.Log10(most)))
	for _, s := range []float64{1.5, 2, 3, 4, 5, 6, 8, 10, 12, 15} {
		if s*step >= 1.25*most {
			return s * step
		}
	}
	return 20 * step
}

// strip draws a country's weeks.
func (f *figure) strip(c weeksOf, y, top float64) {
	name := names[c.country]
	if name == "" {
		name = c.country
	}
	left, right, foot := side+gutter, f.w-side, y+strip
	f.put(mark{kind: text, ink: words, x: side, y: y + strip/2 + 2, text: name, size: 13, bold: true})
	f.put(mark{kind: text, ink: faint, x: left - 6, y: y + 10, text: drift.Figure(top), size: 10, anchor: 1})
	f.put(mark{kind: text, ink: faint, x: left - 6, y: foot, text: "0", size: 10, anchor: 1})
	group := min(120, (right-left)/float64(len(c.rows)))
	for i, r := range c.rows {
		if x := left + float64(i)*group; r.Coverage.Poor() {
			f.put(mark{kind: hatch, ink: unread, x: x, y: y, w: group, h: strip, text: coverage(r)})
		}
	}
	for _, at := range []float64{0, 0.5} {
		f.put(mark{kind: line, ink: rule, x: left, y: y + at*strip, w: float64(len(c.rows)) * group})
	}
	for i, r := range c.rows {
		f.week(r, left+float64(i)*group, y, group, top)
		f.named(r, i, left+float64(i)*group, foot, group)
	}
	f.put(mark{kind: line, ink: faint, x: left, y: foot, w: float64(len(c.rows)) * group})
	if beside := left + float64(len(c.rows))*group + 12; right-beside > 280 {
		f.says(c.rows[len(c.rows)-1], beside, y+14)
	}
}

// says writes what the last week is, where there is room beside the bars.
func (f *figure) says(r drift.Row, x, y float64) {
	lines := []string{fmt.Sprintf("%s: apart %s, closer %s", r.Week, figured(r.Apart), figured(r.Closer))}
	if r.Pressure.Weight > 0 {
		lines[0] += ", pressure " + drift.Figure(r.Pressure.Weight)
	}
	for i, l := range append(lines, r.Notes()...) {
		look := mark{kind: text, ink: faint, x: x, y: y + 15*float64(i), text: l, size: 11}
		if i == 0 {
			look.ink, look.size = words, 12
		}
		f.put(look)
	}
}

// figured is a sum with its band.
func figured(s drift.Sum) string {
	if s.Weight == 0 {
		return "0"
	}
	return fmt.Sprintf("%s (%.0f–%.0f)", drift.Figure(s.Weight), s.Low, s.High)
}

// week draws the bars of a week.
func (f *figure) week(r drift.Row, x, y, group, top float64) {
	bar := min(30, group*0.34)
	thin := bar * 0.35
	at := x + (group-2*bar-thin-4)/2
	foot := y + strip
	for _, b := range []struct {
		sum  drift.Sum
		ink  ink
		wide float64
		name string
	}{{r.Apart, apart, bar, "apart"}, {r.Closer, closer, bar, "closer"}, {r.Pressure, pressure, thin, "pressure"}} {
		f.bar(b.sum, b.ink, at, foot, b.wide, top, fmt.Sprintf("%s %s %s", r.Country, r.Week, b.name))
		at += b.wide + 2
	}
}

// named writes below a week which it is, as far as there is room.
func (f *figure) named(r drift.Row, i int, x, foot, group float64) {
	label := fmt.Sprintf("W%02d", r.Week.Number)
	switch {
	case i == 0 && group < 54:
		f.put(mark{kind: text, ink: faint, x: x, y: foot + 13, text: r.Week.String(), size: 10})
	case i == 0 || r.Week.Number == 1 && group >= 54:
		f.put(mark{kind: text, ink: faint, x: x + group/2, y: foot + 13, text: r.Week.String(), size: 10, anchor: 0.5})
	case float64(i)*group >= 48 && (group >= 24 || r.Week.Number%4 == 0) || group >= 54:
		f.put(mark{kind: text, ink: faint, x: x + group/2, y: foot + 13, text: label, size: 10, anchor: 0.5})
	}
	if r.Coverage.Poor() && group >= 44 {
		f.put(mark{kind: text, ink: faint, x: x + group/2, y: foot + 24, text: coverage(r), size: 9, anchor: 0.5})
	}
}

// bar draws a sum: what is judged at the foot, what isn't above it, the band and
// the figure.
func (f *figure) bar(s drift.Sum, i ink, x, foot, wide, top float64, what string) {
	if s.Weight == 0 {
		return
	}
	high := func(w float64) float64 { return min(w, top) / top * strip }
	judged := high(s.Weight - s.Unjudged)
	all := high(s.Weight)
	says := fmt.Sprintf("%s: %s, band %s to %s, %s unjudged, %d stories", what, drift.Figure(s.Weight), drift.Figure(s.Low), drift.Figure(s.High), drift.Figure(s.Unjudged), len(s.Stories))
	if len(s.Stories) == 1 {
		says = strings.TrimSuffix(says, "1 stories") + "1 story"
	}
	f.put(mark{kind: box, ink: ground, x: x, y: foot - all, w: wide, h: all})
	if judged > 0 {
		f.put(mark{kind: box, ink: i, x: x, y: foot - judged, w: wide, h: judged, text: says})
	}
	if all > judged {
		f.put(mark{kind: box, ink: i, x: x, y: foot - all, w: wide, h: all - judged, light: true, text: says})
	}
	if i == pressure {
		return
	}
	at := x + wide*0.82
	f.put(mark{kind: line, ink: band, x: at, y: foot - high(s.Low), h: high(s.Low) - high(s.High)})
	if wide < 8 {
		return
	}
	if s.High <= top {
		f.put(mark{kind: line, ink: band, x: at - 2.5, y: foot - high(s.High), w: 5})
	}
	f.put(mark{kind: line, ink: band, x: at - 2.5, y: foot - high(s.Low), w: 5})
	if wide >= 14 {
		f.put(mark{kind: text, ink: words, x: at - 3.5, y: foot - all - 3, text: drift.Figure(s.Weight), size: min(11, wide*0.6), anchor: 1})
	}
}

// coverage says how much of the press was read.
func coverage(r drift.Row) string {
	if !r.Coverage.Known {
		return "not read"
	}
	return fmt.Sprintf("%.0f %% read", 100*r.Coverage.Share)
}

// describe is the chart in words: the last week of each country, and what it
// rests on.
func describe(countries []weeksOf) string {
	var b strings.Builder
	b.WriteString(Method)
	for _, c := range countries {
		r := c.rows[len(c.rows)-1]
		fmt.Fprintf(&b, " %s, %s: apart %s, closer %s, pressure %s", names[c.country], r.Week, drift.Figure(r.Apart.Weight), drift.Figure(r.Closer.Weight), drift.Figure(r.Pressure.Weight))
		if notes := r.Notes(); len(notes) > 0 {
			fmt.Fprintf(&b, " (%s)", strings.Join(notes, "; "))
		}
		b.WriteString(".")
	}
	return b.String()
}
