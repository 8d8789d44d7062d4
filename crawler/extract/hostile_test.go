package extract

import (
	"runtime"
	"strings"
	"testing"

	"driftwatch/news"
)

// Pages built to make a parser go over them again and again, or to make it keep
// much, are read within bounds: what is allocated for one is a constant and so
// many times its length. That the work of cutting a page grows no faster than
// its length is tried in package blocks.
func TestHostilePages(t *testing.T) {
	const (
		always = 24 << 20 // bytes; the bounds on elements, blocks and scripts
		each   = 40       // bytes for a byte of the page, tokens of JSON above all
	)
	for name, page := range hostilePages() {
		for _, selectors := range []news.Selectors{{}, {Text: "article", Title: "h1"}} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			a, err := Page([]byte(page), Options{URL: "https://vestnik.example/1", Selectors: selectors})
			runtime.ReadMemStats(&after)
			limit := uint64(always + each*len(page))
			if selectors.Text != "" {
				limit *= 4 // the tree of the page
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > limit {
				t.Errorf("%s: %d bytes took %d of memory, at most %d are expected", name, len(page), used, limit)
			}
			if a != nil && len(a.Text) > 2*len(page) {
				t.Errorf("%s: %d bytes became %d", name, len(page), len(a.Text))
			}
			if (a == nil) == (err == nil) {
				t.Errorf("%s: %v and %v", name, a, err)
			}
		}
	}
}

func hostilePages() map[string]string {
	article := "<p>" + strings.Repeat("The ministry said that talks would go on next week. ", 20) + "</p>"
	repeat := func(s string, bytes int) string { return strings.Repeat(s, bytes/len(s)) }
	const mega = 1 << 17
	return map[string]string{
		"deep":                  repeat("<div>", mega) + article,
		"deep and closed":       repeat("<div>", mega) + article + repeat("</div>", mega),
		"deep spans":            repeat("<span>", mega) + article,
		"formatting":            repeat("<b><i><font size=1>", mega) + article,
		"formatting reopened":   repeat("<p><b><a href=x>", mega) + article,
		"unclosed paragraphs":   repeat("<p>a", mega) + article,
		"tables":                repeat("<table><tr><td>", mega) + article,
		"misnested":             repeat("<b><div></b>", mega) + article,
		"ruby":                  repeat("<rt>", mega) + article,
		"foreign":               "<svg>" + repeat("<td>", mega) + article,
		"line breaks":           article + repeat("<br>", mega),
		"text and breaks":       article + repeat("some text<br><br>", mega),
		"one long sentence":     article + repeat("some text<br>", mega),
		"paragraphs":            repeat("<p>Some words of text, with commas, that count.</p>", mega),
		"nested paragraphs":     repeat("<div><p>Some words of text, with commas, that count.</p>", mega),
		"headings":              repeat("<h1>News</h1>", mega) + article,
		"one long heading":      "<h1>" + repeat("News | ", mega) + "</h1>" + article,
		"one long title":        "<title>" + repeat("News | ", mega) + "</title>" + article,
		"one long og:title":     `<meta property="og:title" content="` + repeat("News | ", mega) + `">` + article,
		"one long site name":    `<meta property="og:site_name" content="` + repeat("News | ", mega) + `"><title>News | News</title>` + article,
		"links":                 repeat(`<a href="/news">Some headline of a story</a> `, mega) + article,
		"attributes":            "<div " + repeat("a=b ", mega) + ">" + article + "</div>",
		"many attributes":       "<div " + manyAttributes(100_000) + ">" + article + "</div>",
		"meta elements":         repeat(`<meta name="date" content="2026">`, mega) + article,
		"times":                 repeat(`<time>24 ноября 2026</time>`, mega) + article,
		"authors":               repeat(`<span class=author>Jane</span>`, mega) + article + repeat("<p>Jane</p>", mega),
		"JSON-LD that nests":    `<script type="application/ld+json">` + repeat("[", mega) + `</script>` + article,
		"JSON-LD, many objects": `<script type="application/ld+json">[` + repeat(`{"@type":"NewsArticle"},`, mega) + `{}]</script>` + article,
		"broken JSON-LD":        `<script type="application/ld+json">` + repeat(`"author":[`, mega) + `</script>` + article,
		"scripts":               repeat(`<script type="application/ld+json">{</script>`, mega) + article,
		"data":                  `<script type="application/json">[` + repeat(`{"text":"a"},`, mega) + `{}]</script>`,
		"a body told at length": `<script type="application/ld+json">{"@type":"Article","articleBody":"` + repeat("a b c d e ", mega) + `"}</script>` + repeat("<p>a b c d e", mega),
		"comments":              repeat("<!--", mega) + article,
		"entities":              "<p>" + repeat("&amp;lt;", mega) + "</p>" + article,
		"a megabyte":            article + repeat("<div class=related><a href=/x>Other news of the day</a></div>", 1<<20),
		"clutter in clutter":    repeat("<div class=related>words", mega) + article,
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
