package extract

import (
	"strings"
	"testing"
)

func TestHeadline(t *testing.T) {
	const (
		site    = `<meta property="og:site_name" content="Vestnik">`
		council = "Council of the valley puts the bridge off until spring"
		other   = "Why the valley waits for its bridge, explained"
	)
	og := func(s string) string { return `<meta property="og:title" content="` + s + `">` }
	title := func(s string) string { return "<title>" + s + "</title>" }
	ld := func(kind, s string) string {
		return `<script type="application/ld+json">{"@type":"` + kind + `","headline":"` + s + `"}</script>`
	}
	h1 := func(s string) string { return "<h1>" + s + "</h1>" }
	for _, c := range []struct{ name, head, want string }{
		{"og:title before the h1", og(council) + h1(other), council},
		{"the site's name at its end", site + og(council+" | Vestnik") + h1(other), council},
		{"a rubric that the h1 doesn't have", og("Roads / "+council) + h1(council), council},
		{"a rubric that the h1 has", og("Roads / "+council) + h1("Roads "+council) + ld("NewsArticle", council), "Roads / " + council},
		{"meant for search engines, by JSON-LD and h1", og(other) + title(other+" – Vestnik") + site + ld("NewsArticle", council) + h1(council), council},
		{"meant for search engines, by JSON-LD alone", og(other) + title(other) + ld("NewsArticle", council), council},
		{"JSON-LD against the h1", og(other) + title(other) + ld("NewsArticle", council) + h1(other), other},
		{"og:title isn't the title element over again", og(other) + title(council) + ld("NewsArticle", council), other},
		{"JSON-LD breaks off", og(council) + title(council) + ld("NewsArticle", "Council of the valley puts…"), council},
		{"JSON-LD names the page only", og(council) + title(council) + ld("WebPage", "All about the bridge in the valley"), council},
		{"JSON-LD with the site's name", site + og(council) + title(council) + ld("NewsArticle", council+" - Vestnik"), council},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := Page([]byte("<!doctype html><head>"+c.head+"</head><article><p>"+strings.Repeat(sentence, 8)+"</p></article>"), Options{URL: "https://vestnik.example/1"})
			if err != nil {
				t.Fatal(err)
			}
			if a.Title != c.want {
				t.Errorf("got %q, want %q", a.Title, c.want)
			}
		})
	}
}

// Where each part was found is told.
func TestOrigin(t *testing.T) {
	html := `<!doctype html><html lang="ru"><head><title>Мост отложили до весны — Вестник</title>
		<meta property="article:section" content="Общество"><meta name="author" content="Иван Мостовой">
		<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2026-11-24T14:05:00+05:00"}</script></head>
		<body><div class="big">Мост отложили до весны</div><time itemprop="dateModified" datetime="2026-11-24T15:00:00+05:00"></time>
		<article><p>` + strings.Repeat(sentence, 8) + `</p></article>`
	a, err := Page([]byte(html), Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := Origin{Title: FromMeta, Text: FromBlocks, Authors: FromMeta, Published: FromJSONLD, Modified: FromMicrodata, Language: FromBlocks, Section: FromOpenGraph}
	if a.From != want {
		t.Errorf("got  %+v\nwant %+v", a.From, want)
	}
	if a.Title != "Мост отложили до весны" || a.Section != "Общество" {
		t.Errorf("title %q, section %q", a.Title, a.Section)
	}
}

// Without an h1 the date is looked for beside the run that is the title.
func TestDateBesideTitle(t *testing.T) {
	menu := strings.Repeat(`<div><a href="/r/">Rubric</a></div>`, 80)
	html := `<!doctype html><meta property="og:title" content="Council of the valley puts the bridge off">` + menu +
		`<div>Council of the valley puts the bridge off</div><div>24.11.26 | 14:05</div><article><p>` + strings.Repeat(sentence, 8) + `</p></article>`
	a, err := Page([]byte(html), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Published.String(); got != "2026-11-24T14:05:00Z" {
		t.Errorf("published %q", got)
	}
}
