package newsroom

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	html "html/template"
	"slices"
	"strings"
	text "text/template"
	"time"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
)

// menuPath is where the outlets' menus lead: to their front page again.
const menuPath = "/topic/"

// front is what a section page is made of.
type front struct {
	Outlet   *outlet
	Articles []Article
}

// sheet is what an article's page is made of.
type sheet struct {
	Outlet  *outlet
	Article Article
	Others  []Article // its neighbours, for the sidebar
}

//go:embed templates
var templateFiles embed.FS

var feeds = text.Must(text.New("").Funcs(text.FuncMap{
	"x":       html.HTMLEscapeString, // leaves control characters in, as some outlets do
	"rfc822":  func(t time.Time) string { return t.Format(time.RFC1123Z) },
	"rfc3339": func(t time.Time) string { return t.Format(time.RFC3339) },
}).ParseFS(templateFiles, "templates/*.xml"))

var pages = html.Must(html.New("").Funcs(html.FuncMap{
	"rfc3339": func(t time.Time) string { return t.Format(time.RFC3339) },
	"day":     func(t time.Time) string { return t.Format("02.01.2006, 15:04") },
}).ParseFS(templateFiles, "templates/*.html"))

// entry is an article as a feed lists it.
type entry struct {
	Article
	Link    string
	Teaser  string
	Content string // HTML; empty where the feed has teasers only
	Updated time.Time
}

// listing is what a feed's template is given.
type listing struct {
	Outlet   *outlet
	Declared string // the XML declaration's encoding; empty: none
	Entries  []entry
	Updated  time.Time
}

// render is the outlet's feed of some articles, in the bytes that it sends.
func (o *outlet) render(all []Article) ([]byte, error) {
	l := listing{Outlet: o, Declared: o.declared, Entries: o.entries(all)}
	switch l.Declared {
	case "":
		l.Declared = "utf-8"
	case "-":
		l.Declared = ""
	}
	if o.twice && len(l.Entries) > 0 {
		again := l.Entries[0]
		again.ID, again.Link = again.ID+"-again", again.URL+"?utm_source=front&utm_campaign=top#comments"
		l.Entries = slices.Insert(l.Entries, 1, again)
	}
	for _, e := range l.Entries {
		l.Updated = latest(l.Updated, e.Updated)
	}
	if o.format == json1 {
		return l.jsonFeed()
	}
	var b bytes.Buffer
	if err := feeds.ExecuteTemplate(&b, string(o.format), l); err != nil {
		return nil, fmt.Errorf("print the feed of %s: %w", o.ID, err)
	}
	return o.encode(b.String())
}

// entries are articles as the outlet's feed lists them.
func (o *outlet) entries(all []Article) []entry {
	var list []entry
	for _, a := range all {
		e := entry{Article: a, Link: o.link(a), Teaser: teaser(a.Text), Updated: a.Modified.In(o.zone)}
		e.Published = a.Published.In(o.zone)
		if o.whole {
			e.Content = paragraphsHTML(a.Text)
		}
		if o.control {
			e.Title = strings.Replace(e.Title, " ", "\x0b ", 1)
			e.Teaser = "\x02" + e.Teaser + "\x1f"
		}
		list = append(list, e)
	}
	return list
}

// teaser is the first sentence of a text.
func teaser(text string) string {
	first, _, _ := strings.Cut(text, "\n\n")
	for i, r := range first {
		if strings.ContainsRune(".!?", r) && strings.HasPrefix(first[i+1:], " ") && i > 60 {
			return first[:i+1]
		}
	}
	return first
}

// paragraphsHTML is a text as HTML paragraphs.
func paragraphsHTML(text string) string {
	var b strings.Builder
	for p := range strings.SplitSeq(text, "\n\n") {
		fmt.Fprintf(&b, "<p>%s</p>\n", html.HTMLEscapeString(p))
	}
	return b.String()
}

// jsonFeed is a listing in JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).
func (l listing) jsonFeed() ([]byte, error) {
	type author struct {
		Name string `json:"name"`
	}
	type item struct {
		ID        string   `json:"id"`
		URL       string   `json:"url"`
		Title     string   `json:"title"`
		Summary   string   `json:"summary,omitempty"`
		HTML      string   `json:"content_html,omitempty"`
		Published string   `json:"date_published"`
		Modified  string   `json:"date_modified,omitempty"`
		Authors   []author `json:"authors,omitempty"`
	}
	feed := struct {
		Version  string `json:"version"`
		Title    string `json:"title"`
		Home     string `json:"home_page_url"`
		Language string `json:"language"`
		Items    []item `json:"items"`
	}{"https://jsonfeed.org/version/1.1", l.Outlet.Name, l.Outlet.base + "/", l.Outlet.Languages[0], nil}
	for _, e := range l.Entries {
		it := item{
			ID: e.ID, URL: e.Link, Title: e.Title, Summary: e.Teaser, HTML: e.Content,
			Published: e.Published.Format(time.RFC3339),
		}
		if e.Changed {
			it.Modified = e.Updated.Format(time.RFC3339)
		}
		for _, name := range e.Authors {
			it.Authors = append(it.Authors, author{name})
		}
		feed.Items = append(feed.Items, it)
	}
	return json.MarshalIndent(feed, "", "  ")
}

// printed is an HTML page in the bytes that the outlet sends.
func (o *outlet) printed(name string, values any) ([]byte, error) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, values); err != nil {
		return nil, fmt.Errorf("print a page of %s: %w", o.ID, err)
	}
	return o.encode(b.String())
}

// Topic is an entry of an outlet's menu.
type Topic struct {
	Path string
	Name string
}

// topics are the menus, which name the themes beside every article.
var topics = map[string][]Topic{
	"en": {
		{"sanctions", "Sanctions on Russia"}, {"csto", "Leaving the CSTO"},
		{"decolonisation", "Decolonisation in Kazakhstan"}, {"drones", "Drones and microchips for Russia"}, {"sport", "Sport"},
	},
	"ru": {
		{"sanctions", "Санкции против России"}, {"odkb", "Выход из ОДКБ"},
		{"names", "Переименование советских улиц"}, {"drones", "Дроны и микрочипы для России"}, {"sport", "Спорт"},
	},
	"kk": {
		{"sanctions", "Ресейге қарсы санкциялар"}, {"csto", "ҰҚШҰ"}, {"names", "Деколонизация"}, {"sport", "Спорт"},
	},
	"ky": {
		{"sanctions", "Россияга каршы санкциялар"}, {"csto", "ЖККУ"}, {"names", "Деколонизация"}, {"sport", "Спорт"},
	},
	"uz": {
		{"sanctions", "Rossiyaga qarshi sanksiyalar"}, {"csto", "KXShT"}, {"drones", "Dronlar"}, {"sport", "Sport"},
	},
	"tg": {
		{"sanctions", "Таҳримҳо алайҳи Русия"}, {"csto", "СААД"}, {"sport", "Варзиш"},
	},
	"tk": {
		{"sanctions", "Orsýete garşy sanksiýalar"}, {"csto", "KHYG"}, {"sport", "Sport"},
	},
}

// Topics are the menu's entries: a theme's words beside every article.
func (o *outlet) Topics() []Topic { return topics[o.Languages[0]] }

// Base is the outlet's address without a path.
func (o *outlet) Base() string { return o.base }

// Motto is what stands below the outlet's name.
func (o *outlet) Motto() string { return o.motto }

// Feed is the path of the outlet's listing.
func (o *outlet) Feed() string { return o.feed }

// FeedType is the Content-Type of the outlet's feed; empty where it has none.
func (o *outlet) FeedType() string { return o.feedType() }

// Undated reports whether the outlet's feed has neither dates nor ids.
func (o *outlet) Undated() bool { return o.undated }

// Charset is the name of the encoding of the outlet's pages.
func (o *outlet) Charset() string { return o.encodingName() }

// Paragraphs are the paragraphs of an article's text.
func (a Article) Paragraphs() []string { return strings.Split(a.Text, "\n\n") }

// Author is the article's first author, or nobody.
func (a Article) Author() string {
	if len(a.Authors) == 0 {
		return ""
	}
	return a.Authors[0]
}

// encodingName is the charset that the outlet writes in.
func (o *outlet) encodingName() string {
	if o.charset == "" {
		return "utf-8"
	}
	return o.charset
}

// encode writes text in the outlet's charset; a character that it lacks becomes
// a numeric reference.
func (o *outlet) encode(s string) ([]byte, error) {
	if o.charset == "" {
		return []byte(s), nil
	}
	e, _ := charset.Lookup(o.charset)
	if e == nil {
		return nil, fmt.Errorf("write in %s: no such encoding", o.charset)
	}
	b, err := encoding.HTMLEscapeUnsupported(e.NewEncoder()).Bytes([]byte(s))
	if err != nil {
		return nil, fmt.Errorf("write in %s: %w", o.charset, err)
	}
	return b, nil
}
