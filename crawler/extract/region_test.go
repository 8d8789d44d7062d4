package extract_test

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"driftwatch/crawler/extract"
	"driftwatch/newsroom"
)

// No checked pages in the region's languages are to be had. These are the
// newsroom's articles: as its outlets print them, in windows-1251 and koi8-r
// too, and in further styles that outlets of the region have, with menus, boxes,
// inserts and notices around and between their paragraphs. They are short, three
// paragraphs most of them. They show that the reader works on such pages, not
// how often it does on the outlets' own.
func TestPagesOfTheRegion(t *testing.T) {
	room, err := newsroom.Start(context.Background(), newsroom.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	all := room.Articles()
	for _, a := range all {
		// One outlet ends an agency's text with a call to subscribe, which is left out.
		if f1 := check(t, a, "as printed", printed(t, a.URL), nil); f1 < 0.96 {
			t.Errorf("%s, as printed: F1 %.3f", a.ID, f1)
		}
	}
	for name, style := range styles {
		if f1 := readStyled(t, all, name, style); f1 < 0.97 {
			t.Errorf("%s: F1 %.3f; more was reached before", name, f1)
		}
	}
	for name, style := range shapes {
		if f1 := readStyled(t, all, name, style); f1 < 0.99 {
			t.Errorf("%s: F1 %.3f; more was reached before", name, f1)
		}
	}
}

// readStyled prints the articles in the region's languages in a style, has them
// read and gives the mean F1.
func readStyled(t *testing.T, all []newsroom.Article, name string, style func(newsroom.Article, []newsroom.Article, surroundings) string) float64 {
	t.Helper()
	sum, n := 0., 0.
	for _, a := range all {
		s, ok := region[a.Lang]
		if !ok {
			continue
		}
		var others []newsroom.Article
		for _, o := range all {
			if o.Lang == a.Lang && o.ID != a.ID {
				others = append(others, o)
			}
		}
		never := slices.Concat(s.menu[1:], titles(others), consent[a.Lang])
		sum += check(t, a, name, style(a, others, s), never)
		n++
	}
	t.Logf("%s: F1 %.3f over %g pages", name, sum/n, n)
	if n < 20 {
		t.Errorf("%s: only %g pages", name, n)
	}
	return sum / n
}

// check has a page read and gives the F1 of its words. What must never be in a
// text is the menu and the headlines of others.
func check(t *testing.T, a newsroom.Article, style, page string, never []string) float64 {
	t.Helper()
	got, err := extract.Page([]byte(page), extract.Options{URL: a.URL})
	if err != nil {
		t.Errorf("%s, %s: %v", a.ID, style, err)
		return 0
	}
	if got.Title != a.Title {
		t.Errorf("%s, %s: title %q, want %q", a.ID, style, got.Title, a.Title)
	}
	text := strings.TrimPrefix(got.Text, a.Title+"\n\n")
	for _, n := range never {
		if strings.Contains(text, n) && !strings.Contains(a.Text, n) {
			t.Errorf("%s, %s: %q is in the text: %s", a.ID, style, n, text)
		}
	}
	return f1(strings.Fields(a.Text), strings.Fields(text))
}

// f1 is the harmonic mean of precision and recall over words.
func f1(want, got []string) float64 {
	count := map[string]int{}
	for _, w := range want {
		count[w]++
	}
	hits := 0
	for _, w := range got {
		if count[w] > 0 {
			count[w]--
			hits++
		}
	}
	return 2 * float64(hits) / float64(len(want)+len(got))
}

func printed(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// surroundings are what stands around an article, in its language.
type surroundings struct {
	menu                                        []string
	also, share, photo, subscribe, rights       string
	comments, cookie, latest, views, tags, name string
}

var region = map[string]surroundings{
	"kk": {
		menu: []string{"Басты бет", "Ресейге қарсы санкциялар", "ҰҚШҰ-дан шығу", "Деколонизация", "Дрондар мен микрочиптер", "Спорт"},
		also: "Сондай-ақ оқыңыз: ", share: "Бөлісу", photo: "Сурет: баспасөз қызметі", subscribe: "Telegram-каналымызға жазылыңыз!",
		rights: "Барлық құқықтар қорғалған. Материалдарды пайдалану кезінде сілтеме міндетті.", comments: "Пікірлер", cookie: "Біз cookie файлдарын пайдаланамыз.",
		latest: "Соңғы жаңалықтар", views: "125 рет қаралды", tags: "Тегтер", name: "Дала хабары",
	},
	"ky": {
		menu: []string{"Башкы бет", "Россияга каршы санкциялар", "ЖККУдан чыгуу", "Деколонизация", "Дрондор жана микрочиптер", "Спорт"},
		also: "Ошондой эле окуңуз: ", share: "Бөлүшүү", photo: "Сүрөт: басма сөз кызматы", subscribe: "Биздин Telegram каналга жазылыңыз!",
		rights: "Бардык укуктар корголгон. Материалдарды пайдаланууда шилтеме милдеттүү.", comments: "Комментарийлер", cookie: "Биз cookie файлдарын колдонобуз.",
		latest: "Акыркы жаңылыктар", views: "125 жолу көрүүлөр", tags: "Тегдер", name: "Тоо кабары",
	},
	"uz": {
		menu: []string{"Bosh sahifa", "Rossiyaga qarshi sanksiyalar", "KXShTdan chiqish", "Dekolonizatsiya", "Dronlar va mikrochiplar", "Sport"},
		also: "Shuningdek o‘qing: ", share: "Ulashish", photo: "Foto: matbuot xizmati", subscribe: "Telegram kanalimizga obuna bo‘ling!",
		rights: "Barcha huquqlar himoyalangan. Materiallardan foydalanilganda havola shart.", comments: "Izohlar", cookie: "Biz cookie fayllaridan foydalanamiz.",
		latest: "So‘nggi yangiliklar", views: "125 marta ko‘rildi", tags: "Teglar", name: "Vodiy xabari",
	},
	"tg": {
		menu: []string{"Саҳифаи асосӣ", "Таҳримҳо алайҳи Русия", "Баромадан аз СААД", "Дронҳо ва микрочипҳо", "Варзиш", "Фарҳанг"},
		also: "Инчунин хонед: ", share: "Мубодила", photo: "Акс: хадамоти матбуот", subscribe: "Ба канали Telegram-и мо обуна шавед!",
		rights: "Ҳамаи ҳуқуқҳо ҳифз шудаанд. Ҳангоми истифода истинод ҳатмист.", comments: "Шарҳҳо", cookie: "Мо аз файлҳои cookie истифода мебарем.",
		latest: "Хабарҳои охирин", views: "125 бор дида шуд", tags: "Барчаспҳо", name: "Паёми водӣ",
	},
	"tk": {
		menu: []string{"Baş sahypa", "Orsýete garşy sanksiýalar", "KHYG-den çykmak", "Dronlar we mikroçipler", "Sport", "Medeniýet"},
		also: "Şeýle hem okaň: ", share: "Paýlaşmak", photo: "Surat: metbugat gullugy", subscribe: "Telegram kanalymyza ýazylyň!",
		rights: "Ähli hukuklar goralan. Materiallar ulanylanda salgylanma hökmany.", comments: "Teswirler", cookie: "Biz cookie faýllaryny ulanýarys.",
		latest: "Soňky habarlar", views: "125 gezek okaldy", tags: "Bellikler", name: "Jülge habary",
	},
}

// styles print an article on a page.
var styles = map[string]func(newsroom.Article, []newsroom.Article, surroundings) string{
	"divisions": divisions,
	"tables":    tables,
	"inserts":   inserts,
	"amp":       amp,
}

func list(names []string, each string) string {
	var b strings.Builder
	for i, n := range names {
		fmt.Fprintf(&b, each, i, html.EscapeString(n))
	}
	return b.String()
}

func titles(all []newsroom.Article) []string {
	var t []string
	for _, a := range all {
		t = append(t, a.Title)
	}
	return t
}

func teasers(all []newsroom.Article) string {
	var b strings.Builder
	for i, a := range all {
		first, _, _ := strings.Cut(a.Text, "\n\n")
		fmt.Fprintf(&b, `<div class="card"><a href="/n/%d"><h3>%s</h3></a><p>%s</p><span class="date">24.11.2026</span></div>`, i, html.EscapeString(a.Title), html.EscapeString(first))
	}
	return b.String()
}

func paragraphs(a newsroom.Article) []string {
	var all []string
	for p := range strings.SplitSeq(a.Text, "\n\n") {
		all = append(all, html.EscapeString(p))
	}
	return all
}

// divisions is a page of div elements, with boxes before, beside and after the
// article.
func divisions(a newsroom.Article, others []newsroom.Article, s surroundings) string {
	return fmt.Sprintf(`<!DOCTYPE html><html><head><title>%[1]s - %[2]s</title><meta property="og:title" content="%[1]s"></head><body>
<div class="cookie-bar">%[3]s <button>OK</button></div><div class="top-menu">%[4]s</div>
<div class="container"><div class="row"><div class="col-8"><div class="news-detail"><h1>%[1]s</h1><div class="info"><span>24.11.2026 14:05</span> <span>%[5]s</span></div>
<div class="img"><img src="a.jpg"><span class="credit">%[6]s</span></div><div class="detail-text"><p>%[7]s</p></div>
<div class="share">%[8]s: <a href="#">Facebook</a> <a href="#">Telegram</a></div><div class="tags">%[9]s: %[4]s</div></div>
<div class="more-news"><h2>%[10]s</h2>%[11]s</div><div class="comments"><h2>%[12]s</h2></div></div>
<div class="col-4"><div class="widget"><h2>%[10]s</h2><ul>%[13]s</ul></div></div></div></div><div class="bottom">%[14]s</div></body></html>`,
		html.EscapeString(a.Title), s.name, s.cookie, list(s.menu, `<a href="/t/%d">%s</a>`), s.views, s.photo, strings.Join(paragraphs(a), "</p><p>"),
		s.share, s.tags, s.latest, teasers(others), s.comments, list(titles(others), `<li><a href="/n/%d">%s</a></li>`), s.rights)
}

// tables is a page laid out in tables, its paragraphs parted by line breaks.
func tables(a newsroom.Article, others []newsroom.Article, s surroundings) string {
	return fmt.Sprintf(`<html><head><title>%[1]s</title></head><body><table width=100%%><tr><td colspan=3>%[2]s</td></tr>
<tr><td width=150>%[3]s</td><td><font size=4><b>%[1]s</b></font><br>24.11.2026<br><br>%[4]s<br><br><a href="/print">%[5]s</a></td>
<td width=200><b>%[6]s</b><br>%[7]s</td></tr><tr><td colspan=3>%[8]s</td></tr></table></body></html>`,
		html.EscapeString(a.Title), s.name, list(s.menu, `<a href="/t/%d">%s</a><br>`), strings.Join(paragraphs(a), "<br><br>"), s.share,
		s.latest, list(titles(others), `<a href="/n/%d">%s</a><br><br>`), s.rights)
}

// inserts is a page in whose article links to others, a subscription and a
// picture stand between the paragraphs.
func inserts(a newsroom.Article, others []newsroom.Article, s surroundings) string {
	all := paragraphs(a)
	between := fmt.Sprintf(`<p><strong>%s</strong><a href="/n/9">%s</a></p><figure><img src="b.jpg"><figcaption>%s</figcaption></figure>
<p><a href="https://t.me/example">%s</a></p>`, s.also, html.EscapeString(others[0].Title), s.photo, s.subscribe)
	return fmt.Sprintf(`<!DOCTYPE html><html><head><title>%[1]s | %[2]s</title><meta property="og:title" content="%[1]s"></head><body><header><nav><ul>%[3]s</ul></nav></header>
<main><article class="post"><h1 class="entry-title">%[1]s</h1><div class="entry-meta"><time datetime="2026-11-24">24.11.2026</time></div>
<div class="entry-content"><p>%[4]s</p>%[5]s<p>%[6]s</p></div></article><aside>%[3]s</aside></main><footer><p>%[7]s</p><ul>%[3]s</ul></footer></body></html>`,
		html.EscapeString(a.Title), s.name, list(s.menu, `<li><a href="/t/%d">%s</a></li>`), all[0], between, strings.Join(all[1:], "</p><p>"), s.rights)
}

// amp is an AMP page (https://amp.dev/documentation/guides-and-tutorials/learn/spec/amphtml).
func amp(a newsroom.Article, others []newsroom.Article, s surroundings) string {
	return fmt.Sprintf(`<!doctype html><html ⚡ lang="%[1]s"><head><meta charset="utf-8"><title>%[2]s</title><style amp-custom>p{margin:0}</style></head><body>
<amp-sidebar id="menu" layout="nodisplay"><ul>%[3]s</ul></amp-sidebar><header class="amp-header"><a href="/">%[4]s</a></header>
<article class="amp-article"><h1>%[2]s</h1><amp-img src="a.jpg" width="4" height="3"></amp-img><div class="amp-article-content"><p>%[5]s</p></div>
<amp-social-share type="telegram">%[6]s</amp-social-share></article><div class="amp-related"><h3>%[7]s</h3><ul>%[8]s</ul></div>
<amp-consent id="c"><div>%[9]s</div></amp-consent></body></html>`,
		a.Lang, html.EscapeString(a.Title), list(s.menu, `<li><a href="/t/%d">%s</a></li>`), s.name, strings.Join(paragraphs(a), "</p><p>"),
		s.share, s.latest, list(titles(others), `<li><a href="/n/%d">%s</a></li>`), s.cookie)
}
