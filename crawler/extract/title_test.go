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
	line := func(s string) string { return "<div>" + s + "</div>" }
	for _, c := range []struct{ name, head, want string }{
		{"og:title before an h1 that nothing else has", og(council) + h1("Roads and bridges"), council},
		{"og:title before the h1 where JSON-LD has it", og(council) + title(other) + h1(other) + ld("NewsArticle", council), council},
		{"og:title before the h1 where JSON-LD has none", og(council) + title(other) + h1(other) + ld("WebSite", ""), council},
		{"the h1 that the title element has", og(council) + title(other+" - Vestnik") + h1(other), other},
		{"the h1 in other words than the title element", og("Bridge put off") + title("Council puts the bridge off") + h1("Council of the valley puts the bridge off again"), "Council of the valley puts the bridge off again"},
		{"og:title is the h1 with something in brackets", og(council+" (first told in 2019)") + title(council) + h1(council), council},
		{"og:title is the h1 with the site's name, that nothing gives", og(council+": PRAVEC") + title(council+" - PRAVEC agency") + h1(council), council},
		{"og:title goes on after a colon", og(council+": again") + title(council+": again - Vestnik") + h1(council), council + ": again"},
		{"the h1 goes on behind a separator", og(council) + title(council+" | Roads") + h1(council+" | Roads"), council},
		{"a rubric in the title element is the h1", og(council) + title(council+" | Roads and bridges") + h1("Roads and bridges"), council},
		{"a rubric is the h1, the headline a line of its own", title(council+" | Roads and bridges") + h1("Roads and bridges") + line(council), council},
		{"a rubric is the h1 and nowhere else", title(council) + h1("All the news of the day") + line(council), council},
		{"the site's name is the h1", title("Voice of the Valley - "+council) + h1("Voice of the Valley") + line(council), council},
		{"the longest h1 that the title element has", title("Insurance - Roads - "+council) + h1("Insurance") + h1(council), council},
		{"an h1 with a date in it", title(council+" / 04.01.12") + "<h1><span>" + council + "</span> <em>04.01.12 20:42</em></h1>", council},
		{"an h1 with a second line in it", title("Vestnik / "+council+" / Work is to begin in spring, after floods") + "<h1>" + council + "<br>Work is to begin in spring, after floods<br>04.01.12</h1>", council},
		{"a title element of the whole site", title("Roads - Vestnik") + h1(council) + line("Roads"), council},
		{"the site's name after a colon", site + og(council+": Vestnik"), council},
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
