package chart

import (
	"bufio"
	"fmt"
	"html"
	"io"

	"driftwatch/drift"
	"driftwatch/news"
)

// SVG writes the rows, which are ordered by country and week as drift.Fill
// gives them, and the themes that they are of; none: of all.
func SVG(w io.Writer, rows []drift.Row, themes ...news.Theme) error {
	f := layout(rows, themes)
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%g" height="%g" role="img" aria-labelledby="title desc">`+"\n", f.w, f.h, f.w, f.h)
	fmt.Fprintf(b, "<title id=\"title\">%s</title>\n<desc id=\"desc\">%s</desc>\n", html.EscapeString(f.title), html.EscapeString(f.desc))
	b.WriteString(sheet)
	for _, m := range f.marks {
		m.svg(b)
	}
	b.WriteString("</svg>\n")
	return b.Flush()
}

// sheet colours the inks, in light and in dark.
const sheet = `<style>
text{font-family:system-ui,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif}
.ground{fill:#fff}.words{fill:#1f2937}.faint{fill:#5b6472;stroke:#5b6472}text.faint{stroke:none}
.rule{stroke:#e5e7eb}.band{stroke:#111827}.lines{stroke:#b6bcc6}.unread{fill:url(#hatched)}
.apart{fill:#0f766e;stroke:#0f766e}.closer{fill:#c2610c;stroke:#c2610c}.pressure{fill:#7c8694;stroke:#7c8694}
.light{fill-opacity:.38}
@media screen and (prefers-color-scheme:dark){
.ground{fill:#111827}.words{fill:#e5e7eb}.faint{fill:#9ca3af;stroke:#9ca3af}
.rule{stroke:#263143}.band{stroke:#f3f4f6}.lines{stroke:#4b5563}
.apart{fill:#2dd4bf;stroke:#2dd4bf}.closer{fill:#fb9a3c;stroke:#fb9a3c}.pressure{fill:#8b95a5;stroke:#8b95a5}
}
</style>
<defs><pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="lines" d="M0 0V6" stroke-width="1.5"/></pattern></defs>
`

// svg writes a mark.
func (m mark) svg(b *bufio.Writer) {
	switch m.kind {
	case box, hatch:
		class := string(m.ink)
		if m.light {
			class += " light"
		}
		fmt.Fprintf(b, `<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"`, class, m.x, m.y, m.w, m.h)
		if m.text == "" {
			b.WriteString("/>\n")
			return
		}
		fmt.Fprintf(b, "><title>%s</title></rect>\n", html.EscapeString(m.text))
	case line:
		fmt.Fprintf(b, `<path class="%s" d="M%.1f %.1fl%.1f %.1f"/>`+"\n", m.ink, m.x, m.y, m.w, m.h)
	case text:
		fmt.Fprintf(b, `<text class="%s" x="%.1f" y="%.1f" font-size="%g"`, m.ink, m.x, m.y, m.size)
		if m.bold {
			b.WriteString(` font-weight="600"`)
		}
		if m.anchor > 0 {
			fmt.Fprintf(b, ` text-anchor="%s"`, map[float64]string{0.5: "middle", 1: "end"}[m.anchor])
		}
		fmt.Fprintf(b, ">%s</text>\n", html.EscapeString(m.text))
	}
}
