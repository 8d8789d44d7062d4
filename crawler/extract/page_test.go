package extract

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"driftwatch/news"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Each page of testdata is read as the JSON beside it says.
func TestPages(t *testing.T) {
	files, err := filepath.Glob("testdata/*.html")
	if err != nil || len(files) == 0 {
		t.Fatal("no pages", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".html")
		t.Run(name, func(t *testing.T) {
			html, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(file, ".html")+".json", read(html, Options{URL: "https://vestnik.example/news/" + name}))
		})
	}
}

// read gives what Page says as JSON.
func read(html []byte, o Options) []byte {
	var said any
	a, err := Page(html, o)
	if said = a; err != nil {
		said = map[string]string{"error": err.Error()}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(said); err != nil {
		return []byte(err.Error())
	}
	return b.Bytes()
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s:\ngot  %s\nwant %s", file, got, want)
	}
}

const sentence = "The parliament of the Valley Republic on Tuesday put off a vote on the bill for another week, a spokesman said. "

func TestSelectors(t *testing.T) {
	html := `<h1>Site</h1><div class="t">The title</div><span class="d">24 noyabr 2026, 14:05</span>
		<div class="other"><p>` + strings.Repeat(sentence, 20) + `</p></div>
		<div class="body"><p>First.</p><div class="body"><p>Second.</p></div></div><div class="body">And a third one, which is long enough.</div>`
	a, err := Page([]byte(html), Options{Selectors: news.Selectors{Title: ".t", Text: ".body", Date: ".d"}})
	if err != nil {
		t.Fatal(err)
	}
	if a.Title != "The title" || a.Text != "First.\n\nSecond.\n\nAnd a third one, which is long enough." || a.From.Text != FromSelectors {
		t.Errorf("got %q, %q from %s", a.Title, a.Text, a.From.Text)
	}
	if got := a.Published.String(); got != "2026-11-24T14:05:00Z" {
		t.Errorf("published %s", got)
	}
	for _, broken := range []string{"p[", ".nowhere"} {
		a, err := Page([]byte(html), Options{Selectors: news.Selectors{Title: broken, Text: broken, Date: broken}})
		if err != nil || a.From.Text != FromBlocks || !strings.Contains(a.Text, "Valley Republic") {
			t.Errorf("with the selector %q: %v, %v", broken, a, err)
		}
	}
}

func TestDates(t *testing.T) {
	fetched := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	body := "<article><p>" + strings.Repeat(sentence, 5) + "</p></article>"
	tests := []struct{ name, url, html, want string }{
		{"address", "https://vestnik.example/2026/11/20/zakon", "", "2026-11-20"},
		{"address in one number", "https://vestnik.example/20261120/zakon", "", "2026-11-20"},
		{"address, day first", "https://vestnik.example/20-11-2026-zakon", "", "2026-11-20"},
		{"address with a name", "https://vestnik.example/2026/nov/20/zakon", "", "2026-11-20"},
		{"address, and the time beside the headline", "https://vestnik.example/2026/11/20/zakon", "<h1>A headline</h1><i>20.11.2026 09:15</i>", "2026-11-20T09:15:00Z"},
		{"after fetching", "", `<meta name="date" content="2026-12-24"><h1>A headline</h1><i>20.11.2026</i>`, "2026-11-20"},
		{"today", "", `<h1>A headline</h1><span>Сегодня, 09:15</span>`, "2026-11-24T09:15:00Z"},
		{"without a year", "", `<h1>A headline</h1><span>20 ноября, 09:15</span>`, "2026-11-20T09:15:00Z"},
		{"day and time apart", "", `<h1>A headline</h1><span>20 ноября 2026</span><span>09:15</span>`, "2026-11-20T09:15:00Z"},
		{"masthead", "", `<div>24 ноября 2026</div><p>a</p><p>b</p><p>c</p><h1>A headline</h1><p>x</p><div class="news__date">20 ноября 2026</div>`, "2026-11-20"},
		{"other news", "", `<h1>A headline</h1><div class="related"><time datetime="2026-11-01">1</time></div><time datetime="2026-11-20T10:00:00+05:00">2</time>`, "2026-11-20T10:00:00+05:00"},
		{"without a number", "", `<h1>A headline</h1><span class="date">час назад</span>`, "2026-11-24T11:00:00Z"},
		{"yesterday alone", "", `<h1>A headline</h1><div class="news-date">Вчера</div>`, "2026-11-23"},
		{"a day beside the masthead's", "", `<div class="date">Сегодня</div><h1>A headline</h1><p>x</p><p>y</p><div class="date">20.11.2026 09:15</div>`, "2026-11-20T09:15:00Z"},
		{"a word in a sentence", "", `<h1>A headline</h1><p>Вчера в городе был дождь</p>`, ""},
		{"none", "", "<h1>A headline</h1>", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := Page([]byte(tt.html+body), Options{URL: tt.url, Fetched: fetched})
			if err != nil {
				t.Fatal(err)
			}
			if got := a.Published.String(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// Relative dates are counted from the moment of fetching, in the outlet's zone:
// at 22:30 UTC it is the next day there.
func TestRelativeDates(t *testing.T) {
	o := Options{Fetched: time.Date(2026, 11, 24, 22, 30, 0, 0, time.UTC), Zone: time.FixedZone("", 5*3600)}
	body := "<article><p>" + strings.Repeat(sentence, 5) + "</p></article>"
	for written, want := range map[string]string{
		"Today, 02:05":     "2026-11-25T02:05:00+05:00",
		"Сегодня, 02:05":   "2026-11-25T02:05:00+05:00",
		"Вчера, 14:05":     "2026-11-24T14:05:00+05:00",
		"Бүгін, 02:05":     "2026-11-25T02:05:00+05:00",
		"2 сағат бұрын":    "2026-11-25T01:30:00+05:00",
		"Бүгүн, 02:05":     "2026-11-25T02:05:00+05:00",
		"Кечээ, 14:05":     "2026-11-24T14:05:00+05:00",
		"Bugun, 02:05":     "2026-11-25T02:05:00+05:00",
		"kecha 14:05":      "2026-11-24T14:05:00+05:00",
		"2 соат олдин":     "2026-11-25T01:30:00+05:00",
		"Имрӯз, 02:05":     "2026-11-25T02:05:00+05:00",
		"Дирӯз, 14:05":     "2026-11-24T14:05:00+05:00",
		"Bügün, 02:05":     "2026-11-25T02:05:00+05:00",
		"Düýn, 14:05":      "2026-11-24T14:05:00+05:00",
		"25.11.2026 02:05": "2026-11-25T02:05:00+05:00",
	} {
		a, err := Page([]byte("<h1>A headline of the day</h1><span>"+written+"</span>"+body), o)
		if err != nil {
			t.Fatal(err)
		}
		if got := a.Published.String(); got != want {
			t.Errorf("%q: got %q, want %q", written, got, want)
		}
	}
}

func TestCanonical(t *testing.T) {
	tests := []struct{ url, link, want string }{
		{"https://vestnik.example/a?utm_source=x", "/a", "https://vestnik.example/a"},
		{"https://m.vestnik.example/a", "https://www.vestnik.example/a", "https://www.vestnik.example/a"},
		{"https://vestnik.example/a", "https://vestnik.example/", ""},
		{"https://vestnik.example/a", "https://vestnik.example/ru", ""},
		{"https://vestnik.example/a", "https://elsewhere.example/a", ""},
		{"https://vestnik.example/a", "javascript:void(0)", ""},
		{"https://vestnik.example/a", "http://[::1", ""},
		{"", "https://vestnik.example/a", "https://vestnik.example/a"},
		{"", "/a", ""},
	}
	for _, tt := range tests {
		html := `<link rel="canonical" href="` + tt.link + `"><article>` + strings.Repeat(sentence, 5) + `</article>`
		a, err := Page([]byte(html), Options{URL: tt.url})
		if err != nil {
			t.Fatal(err)
		}
		if a.Canonical != tt.want {
			t.Errorf("%s with %s: got %q, want %q", tt.url, tt.link, a.Canonical, tt.want)
		}
	}
}

func TestAuthors(t *testing.T) {
	body := "<article><p>" + strings.Repeat(sentence, 5) + "</p><p>By Jane Sample</p></article>"
	tests := []struct {
		html string
		want []string
	}{
		{`<meta name="author" content="By Jane Sample"><meta property="article:author" content="https://elsewhere.example/jane">`, []string{"Jane Sample"}},
		{`<meta property="og:site_name" content="Herald"><meta name="author" content="Herald"><p class="byline">Jane Sample</p>`, []string{"Jane Sample"}},
		{`<meta property="og:site_name" content="Herald"><meta name="author" content="Herald">`, []string{"Herald"}},
		{`<script type="application/ld+json">{"@type":"Article","author":[{"@type":"Organization","name":"Desk"},"Jane Sample","jane sample"]}</script>`, []string{"Jane Sample"}},
		{`<meta name="author" content="desk@herald.example">`, nil},
	}
	for _, tt := range tests {
		a, err := Page([]byte(tt.html+body), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(a.Authors, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.html, a.Authors, tt.want)
		}
		if slices.Equal(tt.want, []string{"Jane Sample"}) == strings.Contains(a.Text, "Jane") {
			t.Errorf("%s: the author's name is no part of the text, but what is no author's stays: %q", tt.html, a.Text)
		}
	}
}

func TestLanguages(t *testing.T) {
	for written, want := range map[string]string{
		"ru": "ru", "ru_RU": "ru-RU", "kz": "kk", "kk-KZ": "kk-KZ", "tj": "tg", "KG": "ky", "uz-Cyrl": "uz-Cyrl", "": "", "xx-nonsense-": "", "und": "", "russian": "",
	} {
		got, err := bcp47(written)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v", written, got, err)
		}
	}
}

func TestNoArticle(t *testing.T) {
	for _, html := range []string{"", "\x00\x01\x02", "<", "<html>", "not a page", "<p>Short.</p>", `{"a":1}`} {
		if a, err := Page([]byte(html), Options{}); !errors.Is(err, ErrNoArticle) {
			t.Errorf("%q: %v, %v", html, a, err)
		}
	}
}

func FuzzPage(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.html")
	for _, file := range files {
		if html, err := os.ReadFile(file); err == nil {
			f.Add(html, "https://vestnik.example/news/1", ".body")
		}
	}
	f.Fuzz(func(t *testing.T, html []byte, address, selector string) {
		if len(html) > 32<<10 {
			t.Skip("what is large is tried in TestHostilePages")
		}
		a, err := Page(html, Options{URL: address, Selectors: news.Selectors{Text: selector}})
		if (a == nil) == (err == nil) {
			t.Fatalf("got %v and %v", a, err)
		}
		if err != nil {
			if !errors.Is(err, ErrNoArticle) {
				t.Error(err)
			}
			return
		}
		if a.Text == "" || !utf8.ValidString(a.Text) || a.Text != strings.TrimSpace(a.Text) || strings.Contains(a.Title, "\n") {
			t.Errorf("title %q, text %q", a.Title, a.Text)
		}
	})
}

func TestNoPage(t *testing.T) {
	noise := make([]byte, 3000) // a linear congruential generator's
	for i, n := 0, uint32(1); i < len(noise); i++ {
		n = n*1664525 + 1013904223
		noise[i] = byte(n >> 24)
	}
	for body, want := range map[string]string{
		"\x1f\x8b\x08" + string(noise):            "this is no page but a file of type application/x-gzip",
		"%PDF-1.7\n" + string(noise):              "this is no page but a file of type application/pdf",
		"\x89PNG\x0d\x0a\x1a\x0a" + string(noise): "this is no page but a file of type image/png",
		string(noise): "this is no page but data of a kind that isn't known",
	} {
		if _, err := Page([]byte(body), Options{}); !errors.Is(err, ErrNoArticle) || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%.8q: %v, want %s", body, err, want)
		}
	}
	stray := "\x01\x02 <div>" + strings.Repeat("The ministry said on Monday that the law was passed. ", 20) + "</div>"
	if _, err := Page([]byte(stray), Options{}); err != nil {
		t.Errorf("a page with two control characters: %v", err)
	}
}

// A box that asks for consent is no text, but what an article says of cookies is;
// the next story on the page is none, but a part of this one with an h1 is.
func TestBesideTheArticle(t *testing.T) {
	p := "<p>" + sentence + "</p><p>He said that the members wanted to hear from the courts first, and that there was no hurry.</p>"
	cookies := "<p>The regulator fined the shop because it had set cookies before anybody agreed to them, the paper writes.</p>"
	consent := "<div><div>We and our partners use cookies to measure who reads this site.</div><p>You may take back your consent at any time, and we will forget what we know of you.</p></div>"
	next := "<article><h1>Another story of the day</h1><p>The melon fair ended on Sunday, and growers said that it was the best in many years of fairs.</p></article>"
	tests := map[string]struct {
		html     string
		has, not string
	}{
		"an article about cookies":     {"<h1>A vote is put off again</h1>" + p + cookies + "<p>The paper has the ruling.</p>", "set cookies", ""},
		"at its end":                   {"<div><h1>A vote is put off again</h1><div>" + p + cookies + "</div></div>", "set cookies", ""},
		"a box before":                 {consent + "<div><h1>A vote is put off again</h1>" + p + "</div>", "Valley Republic", "partners"},
		"a box after":                  {"<div><h1>A vote is put off again</h1>" + p + "</div>" + consent, "Valley Republic", "consent"},
		"the next story":               {"<article><h1>A vote is put off again</h1>" + p + "</article>" + next + next, "Valley Republic", "melon"},
		"a part of the story":          {"<article><h1>A vote is put off again</h1>" + p + p + next + "</article>", "melon", ""},
		"a headline above the article": {"<h1>A vote is put off again</h1><article><h1>A vote is put off again</h1>" + p + "</article>" + next, "Valley Republic", "melon"},
	}
	for name, tt := range tests {
		a, err := Page([]byte("<!DOCTYPE html><title>A vote is put off again</title><body>"+tt.html), Options{})
		switch {
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case !strings.Contains(a.Text, tt.has), tt.not != "" && strings.Contains(a.Text, tt.not):
			t.Errorf("%s: want %q and not %q in %q", name, tt.has, tt.not, a.Text)
		}
	}
}
