package chart_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"driftwatch/drift"
	"driftwatch/drift/chart"
	"driftwatch/news"
)

var monday = time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)

// rows are some weeks of made-up events: many, few, none, and one week that was
// poorly read.
func rows(weeks int) []drift.Row {
	var events []drift.Event
	var days []drift.Day
	story := int64(0)
	add := func(country string, week, n int, d news.Direction, level int) {
		for i := range n {
			story++
			e := drift.Event{
				Hit:  news.Hit{Story: story, Theme: news.ThemeCSTO, Signal: fmt.Sprint("C", i%4), Level: level, Direction: d, Countries: []string{country}},
				When: monday.AddDate(0, 0, 7*week+1), Outlet: fmt.Sprint("o", i%3),
			}
			if i%2 == 0 {
				e.Verdict = &news.Verdict{Says: news.Relevant}
			}
			events = append(events, e)
		}
	}
	for w := range weeks {
		add("KZ", w, 2+w%5, news.Apart, 3)
		add("KZ", w, 1+w%3, news.Closer, 4)
		add("KG", w, w%3, news.Apart, 4)
		add("KG", w, 3, news.Closer, 3)
		add("UZ", w, w%2, news.Mixed, 2)
		add("TJ", w, w%4/3, news.Closer, 3)
		add("KZ", w, w%2, news.None, 2)
		for d := range 7 {
			for _, c := range news.Countries {
				read := 4
				if w == 3 && c != "KZ" || c == "TM" && w < 2 {
					read = 2
				}
				days = append(days, drift.Day{Country: c, When: monday.AddDate(0, 0, 7*w+d), Read: read, Total: 4})
			}
		}
	}
	return drift.Fill(drift.Add(events), news.Countries, monday, monday.AddDate(0, 0, 7*weeks-1), days)
}

func ExampleSVG() {
	var b bytes.Buffer
	if err := chart.SVG(&b, rows(2)); err != nil {
		fmt.Println(err)
	}
	first, _, _ := strings.Cut(b.String()[strings.Index(b.String(), "<title"):], "\n")
	fmt.Println(first)
	// Output:
	// <title id="title">Apart from Russia and closer to it, by week</title>
}

// TestPictures draws both, and leaves them in the folder that
// $DRIFTWATCH_PICTURES names, to be looked at.
func TestPictures(t *testing.T) {
	for _, weeks := range []int{0, 1, 8, 12, 52} {
		var svg, pic bytes.Buffer
		some := rows(weeks)
		if weeks == 0 {
			some = nil
		}
		if err := errors.Join(chart.SVG(&svg, some), chart.PNG(&pic, some)); err != nil {
			t.Fatal(err)
		}
		if dir := os.Getenv("DRIFTWATCH_PICTURES"); dir != "" {
			os.WriteFile(fmt.Sprintf("%s/drift-%d.svg", dir, weeks), svg.Bytes(), 0o600)
			os.WriteFile(fmt.Sprintf("%s/drift-%d.png", dir, weeks), pic.Bytes(), 0o600)
		}
		shape, err := png.DecodeConfig(&pic)
		if err != nil || shape.Width != 1520 {
			t.Errorf("%d weeks: a picture %d wide, %v", weeks, shape.Width, err)
		}
		for _, want := range []string{`role="img"`, "<title", "<desc", "prefers-color-scheme:dark", "docs/drift.md"} {
			if !strings.Contains(svg.String(), want) {
				t.Errorf("%d weeks: no %s", weeks, want)
			}
		}
		wellFormed(t, svg.Bytes())
	}
}

func wellFormed(t *testing.T, doc []byte) {
	t.Helper()
	for d := xml.NewDecoder(bytes.NewReader(doc)); ; {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// A picture that is handed on says of which themes it is.
func TestPictureNamesItsThemes(t *testing.T) {
	for _, c := range []struct {
		themes []news.Theme
		want   string
	}{
		{nil, "by week</title>"}, {[]news.Theme{news.ThemeCSTO}, "by week: theme csto</title>"},
		{[]news.Theme{news.ThemeCSTO, news.ThemeDualUse}, "by week: themes csto, dual-use</title>"},
	} {
		var b bytes.Buffer
		if err := chart.SVG(&b, rows(1), c.themes...); err != nil || !strings.Contains(b.String(), c.want) {
			t.Errorf("%v: not %q (%v)", c.themes, c.want, err)
		}
	}
}

func TestPictureShowsWhatTheFiguresAre(t *testing.T) {
	var b bytes.Buffer
	if err := chart.SVG(&b, rows(4)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"KZ 2026-W11 apart: 6, band 0.7 to 21.7, 3 unjudged, 2 stories", // two stories of level 3
		"KG 2026-W14 closer: 9",
		"TJ 2026-W14 closer: 3, band 0 to 16.7, 0 unjudged, 1 story</title>",
		"50 % read",
		"Tajikistan, 2026-W14: apart 0, closer 3, pressure 0 (closer rests on 1 story; only 50 % of the sources were read).",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the picture doesn't say %q", want)
		}
	}
}
