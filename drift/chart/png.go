package chart

import (
	"fmt"
	"image/color"
	"io"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"

	"driftwatch/drift"
	"driftwatch/news"
)

// dotsPerInch makes the picture twice as many pixels wide as it is shown.
const dotsPerInch = 144

// PNG writes what SVG does, on a white ground.
func PNG(w io.Writer, rows []drift.Row, themes ...news.Theme) error {
	fonts, err := openFonts()
	if err != nil {
		return fmt.Errorf("draw the drift: %w", err)
	}
	f := layout(rows, themes)
	c := vgimg.NewWith(vgimg.UseWH(vg.Length(f.w), vg.Length(f.h)), vgimg.UseDPI(dotsPerInch))
	p := painter{c: c, height: f.h, fonts: fonts}
	for _, m := range f.marks {
		p.paint(m)
	}
	_, err = vgimg.PngCanvas{Canvas: c}.WriteTo(w)
	return err
}

// inks are the colours of a light page.
var inks = map[ink]color.NRGBA{
	ground: {255, 255, 255, 255}, words: {0x1f, 0x29, 0x37, 255}, faint: {0x5b, 0x64, 0x72, 255},
	rule: {0xe5, 0xe7, 0xeb, 255}, unread: {0xb6, 0xbc, 0xc6, 255}, band: {0x11, 0x18, 0x27, 255},
	apart: {0x0f, 0x76, 0x6e, 255}, closer: {0xc2, 0x61, 0x0c, 255}, pressure: {0x7c, 0x86, 0x94, 255},
}

// openFonts reads the embedded typeface, regular and bold.
func openFonts() (*font.Cache, error) {
	var all font.Collection
	for _, t := range []struct {
		ttf  []byte
		font font.Font
	}{{liberationsansregular.TTF, regular}, {liberationsansbold.TTF, boldFace}} {
		face, err := opentype.Parse(t.ttf)
		if err != nil {
			return nil, err
		}
		all = append(all, font.Face{Font: t.font, Face: face})
	}
	return font.NewCache(all), nil
}

var (
	regular  = font.Font{Typeface: "Liberation", Variant: "Sans"}
	boldFace = font.Font{Typeface: "LiberationBold", Variant: "Sans"}
)

// painter paints marks; the canvas counts from its lower left corner.
type painter struct {
	c      *vgimg.Canvas
	height float64
	fonts  *font.Cache
}

func (p painter) at(x, y float64) vg.Point {
	return vg.Point{X: vg.Length(x), Y: vg.Length(p.height - y)}
}

func (p painter) paint(m mark) {
	p.c.SetColor(inks[m.ink])
	switch m.kind {
	case box:
		p.box(m)
	case hatch:
		p.hatch(m)
	case line:
		p.line(m.x, m.y, m.x+m.w, m.y+m.h, 1)
	case text:
		f := regular
		if m.bold {
			f = boldFace
		}
		face := p.fonts.Lookup(f, vg.Length(m.size))
		at := p.at(m.x, m.y)
		at.X -= face.Width(m.text) * vg.Length(m.anchor)
		p.c.FillString(face, at, m.text)
	}
}

func (p painter) box(m mark) {
	c := inks[m.ink]
	if m.light {
		c.A = 0x61
	}
	p.c.SetColor(c)
	path := p.outline(m)
	p.c.Fill(path)
	if m.light {
		p.c.SetColor(inks[m.ink])
		p.c.SetLineWidth(1)
		p.c.Stroke(path)
	}
}

func (p painter) outline(m mark) vg.Path {
	var path vg.Path
	path.Move(p.at(m.x, m.y))
	path.Line(p.at(m.x+m.w, m.y))
	path.Line(p.at(m.x+m.w, m.y+m.h))
	path.Line(p.at(m.x, m.y+m.h))
	path.Close()
	return path
}

// hatch draws strokes from lower left to upper right, cut at the edges.
func (p painter) hatch(m mark) {
	const apart = 8.5
	for d := apart / 2; d < m.w+m.h; d += apart {
		x1, y1 := max(0, d-m.h), min(d, m.h) // on the left or lower edge
		x2, y2 := min(d, m.w), max(0, d-m.w) // on the upper or right edge
		p.line(m.x+x1, m.y+y1, m.x+x2, m.y+y2, 1.5)
	}
}

func (p painter) line(x1, y1, x2, y2, wide float64) {
	var path vg.Path
	path.Move(p.at(x1, y1))
	path.Line(p.at(x2, y2))
	p.c.SetLineWidth(vg.Length(wide))
	p.c.Stroke(path)
}
