package newsroom

import (
	"time"

	"driftwatch/news"
)

// profile is what makes an outlet what it is: who it is, how it lists its
// articles and how it prints them.
type profile struct {
	news.Source // without addresses, which are known once it listens

	motto string
	zone  *time.Location

	format format
	feed   string // path of the listing
	moved  string // path that the catalogue has and that leads to feed; empty: none
	whole  bool   // the feed carries the whole text
	page   pageStyle
	pages  string // path of a page: %d is its number, %s the piece's id

	charset  string // in which its feed and pages are written; empty: utf-8
	declared string // what the feed's XML declaration says instead; "-": nothing at all
	mime     string // Content-Type of the feed; empty: the format's own

	wordPress bool // its articles are posts of WordPress's REST interface, too

	etag     bool   // answers If-None-Match
	modified bool   // answers If-Modified-Since
	packing  string // Content-Encoding of what it sends, gzip or br; empty: none

	relative bool   // the feed's links are relative
	tracking string // query added to the feed's links
	twice    bool   // the feed's newest item is there once more under another address
	undated  bool   // the feed has neither dates nor ids
	control  bool   // control characters in the feed

	robots string // robots.txt; empty: there is none

	dateline    string // what it prints before and after an agency's text
	boilerplate string

	fault Fault
}

type format string

const (
	rss2    format = "rss.xml"
	rss1    format = "rdf.xml"
	atom    format = "atom.xml"
	json1   format = "feed.json"
	section format = "section.html" // no feed: a page of links
)

type pageStyle string

const (
	withJSONLD    pageStyle = "jsonld.html"
	withMicrodata pageStyle = "microdata.html"
	withBreaks    pageStyle = "breaks.html"  // one block, lines broken by <br>
	withArticle   pageStyle = "article.html" // <article> and <time>
)

var (
	east5 = time.FixedZone("", 5*3600) // Kazakhstan, Uzbekistan, Tajikistan, Turkmenistan
	east6 = time.FixedZone("", 6*3600) // Kyrgyzstan
)

// press are the outlets that can be read.
var press = []profile{
	{
		Source: news.Source{ID: "tulpar", Name: "Tulpar News", Country: "KZ", Languages: []string{"en"}, Ownership: "private"},
		motto:  "Independent reporting from Astana", zone: east5,
		format: rss2, feed: "/feed/rss.xml", page: withJSONLD, pages: "/news/%d/%s",
		etag: true, packing: "gzip",
		robots: "User-agent: *\nDisallow: /search\n",
	},
	{
		Source: news.Source{ID: "saimaluu", Name: "Saimaluu Herald", Country: "KG", Languages: []string{"en"}, Ownership: "private"},
		motto:  "The mountains in English", zone: east6,
		format: atom, feed: "/atom", whole: true, page: withArticle, pages: "/%[2]s.html",
		wordPress: true,
		modified:  true,
	},
	{
		Source: news.Source{ID: "silk-lantern", Name: "Silk Lantern", Country: "INT", Languages: []string{"en"}, Ownership: "public-foreign"},
		motto:  "Five countries, one page", zone: time.UTC,
		format: json1, feed: "/feed.json", whole: true, page: withJSONLD, pages: "/stories/%[2]s",
		etag: true, packing: "br",
	},
	{
		Source: news.Source{ID: "altyn-dala", Name: "Вестник Алтын-Дала", Country: "KZ", Languages: []string{"ru"}, Ownership: "private"},
		motto:  "Новости степного края", zone: east5,
		format: rss2, feed: "/rss.php", page: withMicrodata, pages: "/show/%d.html",
		charset: "windows-1251", declared: "windows-1251", modified: true,
		dateline:    "Вестник Алтын-Дала. ",
		boilerplate: "Подписывайтесь на «Вестник Алтын-Дала», чтобы не пропустить главное.",
	},
	{
		Source: news.Source{ID: "yasnaya-gora", Name: "Ясная Гора", Country: "KG", Languages: []string{"ru"}, Ownership: "private"},
		motto:  "Газета Бишкека и областей", zone: east6,
		format: rss2, feed: "/export/koi.rss", whole: true, page: withBreaks, pages: "/news/%d-%s",
		charset: "koi8-r", declared: "koi8-r", etag: true, modified: true,
		dateline:    "БИШКЕК, Ясная Гора. ",
		boilerplate: "Сообщить о неточности можно по телефону редакции. Перепечатка только со ссылкой на источник.",
	},
	{
		Source: news.Source{ID: "chinar", Name: "Чинар-инфо", Country: "UZ", Languages: []string{"ru"}, Ownership: "private"},
		motto:  "Ташкент, махалля за махаллей", zone: east5,
		format: rss2, feed: "/rss/all.xml", moved: "/rss", page: withJSONLD, pages: "/articles/%d",
		charset: "windows-1251", declared: "utf-8", mime: "text/xml",
		dateline:    "(Чинар-инфо) — ",
		boilerplate: "Читайте нас там, где вам удобно: на сайте и в приложении Чинар-инфо.",
	},
	{
		Source: news.Source{
			ID: "pamir-courier", Name: "Памирский курьер", Country: "TJ", Languages: []string{"ru"}, Ownership: "private",
			Links: news.LinkRules{Allow: []string{`/news/\d+$`}, Deny: []string{`/print/`}},
		},
		motto: "Душанбе и регионы", zone: east5,
		format: section, feed: "/news/", page: withBreaks, pages: "/news/%d",
	},
	{
		Source: news.Source{ID: "murgab", Name: "Мургаб-инфо", Country: "TM", Languages: []string{"ru"}, Ownership: "exile"},
		motto:  "О Туркменистане издалека", zone: east5,
		format: rss1, feed: "/index.rdf", page: withMicrodata, pages: "/n/%d/",
		charset: "windows-1251", declared: "-", mime: "text/xml", relative: true, etag: true,
	},
	{
		Source: news.Source{ID: "steppe-telegraph", Name: "Степной телеграф", Country: "INT", Languages: []string{"ru"}, Ownership: "private"},
		motto:  "Коротко о пяти странах", zone: time.UTC,
		format: rss2, feed: "/rss.xml", page: withArticle, pages: "/line/%[2]s",
		control: true, tracking: "utm_source=rss&utm_medium=feed", twice: true,
		robots: "User-agent: *\nDisallow: /closed/\nDisallow: /admin/\n",
	},
	{
		Source: news.Source{ID: "zhuldyz", Name: "Жұлдыз хабар", Country: "KZ", Languages: []string{"kk"}, Ownership: "private"},
		motto:  "Елдің күнделікті жаңалықтары", zone: east5,
		format: rss2, feed: "/feed/", page: withArticle, pages: "/kk/%[2]s/",
		undated: true, packing: "gzip",
	},
	{
		Source: news.Source{ID: "shumkar", Name: "Ак Шумкар", Country: "KG", Languages: []string{"ky"}, Ownership: "private"},
		motto:  "Күндүн кабарлары", zone: east6,
		format: atom, feed: "/feeds/all.atom", page: withJSONLD, pages: "/kabar/%d",
		relative: true, modified: true,
	},
	{
		Source: news.Source{ID: "lola", Name: "Lola xabar", Country: "UZ", Languages: []string{"uz"}, Ownership: "private"},
		motto:  "Kun yangiliklari", zone: east5,
		format: json1, feed: "/api/feed", page: withMicrodata, pages: "/uz/%d-%s",
		mime: "application/json", packing: "br",
	},
	{
		Source: news.Source{ID: "navruz", Name: "Наврӯзи нав", Country: "TJ", Languages: []string{"tg"}, Ownership: "private"},
		motto:  "Хабарҳои рӯз", zone: east5,
		format: rss2, feed: "/tj/rss.xml", whole: true, page: withArticle, pages: "/tj/%d",
		declared: "-", control: true, etag: true,
	},
	{
		Source: news.Source{ID: "garagum", Name: "Garagum habarlary", Country: "TM", Languages: []string{"tk"}, Ownership: "exile"},
		motto:  "Günüň täzelikleri", zone: east5,
		format: atom, feed: "/atom.xml", page: withBreaks, pages: "/habar/%d/%s.html",
		etag: true,
	},
}
