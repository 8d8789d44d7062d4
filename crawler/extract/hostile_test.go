package extract

import (
	"strings"
	"testing"
	"time"
)

// patience is far more than any page may take; what takes longer grows faster
// than its length.
const patience = 20 * time.Second

// Pages built to make a parser go over them again and again end.
func TestHostilePages(t *testing.T) {
	article := "<p>" + strings.Repeat("The ministry said that talks would go on next week. ", 20) + "</p>"
	repeat := func(s string, bytes int) string { return strings.Repeat(s, bytes/len(s)) }
	tests := map[string]string{
		"deep":                  repeat("<div>", 1<<20) + article,
		"deep and closed":       repeat("<div>", 1<<19) + article + repeat("</div>", 1<<19),
		"deep spans":            repeat("<span>", 1<<20) + article,
		"formatting":            repeat("<b><i><font size=1>", 1<<20) + article,
		"formatting reopened":   repeat("<p><b><a href=x>", 1<<20) + article,
		"unclosed paragraphs":   repeat("<p>a", 1<<20) + article,
		"tables":                repeat("<table><tr><td>", 1<<20) + article,
		"misnested":             repeat("<b><div></b>", 1<<20) + article,
		"ruby":                  repeat("<rt>", 1<<20) + article,
		"foreign":               "<svg>" + repeat("<td>", 1<<20) + article,
		"line breaks":           article + repeat("<br>", 1<<20),
		"text and breaks":       article + repeat("some text<br><br>", 1<<20),
		"paragraphs":            repeat("<p>Some words of text, with commas, that count.</p>", 1<<20),
		"nested paragraphs":     repeat("<div><p>Some words of text, with commas, that count.</p>", 1<<20),
		"headings":              repeat("<h1>News</h1>", 1<<20) + article,
		"links":                 repeat(`<a href="/news">Some headline of a story</a> `, 3<<20) + article,
		"attributes":            "<div " + repeat("a=b ", 1<<20) + ">" + article + "</div>",
		"many attributes":       "<div " + manyAttributes(100_000) + ">" + article + "</div>",
		"meta elements":         repeat(`<meta name="date" content="2026">`, 3<<20) + article,
		"times":                 repeat(`<time>24 ноября 2026</time>`, 3<<20) + article,
		"JSON-LD that nests":    `<script type="application/ld+json">` + repeat("[", 1<<20) + `</script>` + article,
		"JSON-LD, many objects": `<script type="application/ld+json">[` + repeat(`{"@type":"NewsArticle"},`, 1<<20) + `{}]</script>` + article,
		"broken JSON-LD":        `<script type="application/ld+json">` + repeat(`"author":[`, 1<<20) + `</script>` + article,
		"scripts":               repeat(`<script type="application/ld+json">{</script>`, 3<<20) + article,
		"comments":              repeat("<!--", 1<<20) + article,
		"entities":              "<p>" + repeat("&amp;lt;", 3<<20) + "</p>" + article,
		"ten megabytes":         article + repeat("<div class=related><a href=/x>Other news of the day</a></div>", 10<<20),
		"clutter in clutter":    repeat("<div class=related>words", 1<<20) + article,
	}
	for name, page := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			a, err := Page([]byte(page), Options{URL: "https://vestnik.example/1"})
			took := time.Since(began)
			if took > patience {
				t.Errorf("%d bytes took %s", len(page), took)
			}
			if a != nil && len(a.Text) > 2*len(page) {
				t.Errorf("%d bytes became %d", len(page), len(a.Text))
			}
			t.Log(took, err)
		})
	}
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("a")
		b.WriteString(strings.Repeat("b", i%7))
		b.WriteByte(byte('a' + i%26))
		b.WriteString("=1 ")
	}
	return b.String()
}
