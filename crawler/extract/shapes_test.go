package extract_test

import (
	"encoding/json"
	"fmt"
	"html"
	"strings"

	"driftwatch/newsroom"
)

// consent is what boxes say that ask for consent to cookies.
var consent = map[string][]string{
	"kk": {"Біз сайттың жұмысын жақсарту және келуді талдау үшін cookie файлдарын пайдаланамыз.", "Сіз келісіміңізді кез келген уақытта баптауларда өзгерте аласыз, серіктестеріміз де деректеріңізді өңдейді.", "Жалғастыра отырып, сіз құпиялылық саясатымен келісесіз."},
	"ky": {"Биз сайттын ишин жакшыртуу жана кирүүнү талдоо үчүн cookie файлдарын колдонобуз.", "Сиз макулдугуңузду каалаган убакта жөндөөлөрдөн өзгөртө аласыз, өнөктөштөрүбүз да маалыматыңызды иштетет.", "Улантуу менен сиз купуялык саясатына макул болосуз."},
	"uz": {"Biz sayt ishini yaxshilash va tashriflarni tahlil qilish uchun cookie fayllaridan foydalanamiz.", "Siz roziligingizni istalgan vaqtda sozlamalarda o‘zgartirishingiz mumkin, hamkorlarimiz ham maʼlumotlaringizni qayta ishlaydi.", "Davom etish bilan siz maxfiylik siyosatiga rozilik bildirasiz."},
	"tg": {"Мо барои беҳтар кардани кори сомона ва таҳлили боздидҳо аз файлҳои cookie истифода мебарем.", "Шумо метавонед розигии худро ҳар вақт дар танзимот тағйир диҳед, шарикони мо низ маълумоти шуморо коркард мекунанд.", "Бо идома додан шумо бо сиёсати махфият розӣ мешавед."},
	"tk": {"Biz saýtyň işini gowulandyrmak we girişleri seljermek üçin cookie faýllaryny ulanýarys.", "Siz razylygyňyzy islän wagtyňyz sazlamalarda üýtgedip bilersiňiz, hyzmatdaşlarymyz hem maglumatlaryňyzy işleýär.", "Dowam etmek bilen siz gizlinlik syýasaty bilen razylaşýarsyňyz."},
}

// shapes are styles in which there is more on the page than an article, or less.
var shapes = map[string]func(newsroom.Article, []newsroom.Article, surroundings) string{
	"cookie wall": func(a newsroom.Article, others []newsroom.Article, s surroundings) string {
		return fmt.Sprintf(`<!DOCTYPE html><html lang="%[1]s"><head><title>%[2]s</title><meta property="og:title" content="%[2]s"><meta property="og:type" content="article"></head><body><div id="overlay"><div><h2>Cookie</h2><p>%[3]s</p><div>OK</div></div></div>
<div id="page"><div>%[4]s</div><h1>%[2]s</h1><div><p>%[5]s</p></div><div>%[6]s</div></div></body></html>`, a.Lang, html.EscapeString(a.Title), strings.Join(consent[a.Lang], "</p><p>"), list(s.menu, `<a href="/t/%d">%s</a> `), strings.Join(paragraphs(a), "</p><p>"), s.rights)
	},
	"cookie wall after": func(a newsroom.Article, others []newsroom.Article, s surroundings) string {
		return fmt.Sprintf(`<!DOCTYPE html><html lang="%[1]s"><head><title>%[2]s</title><meta property="og:title" content="%[2]s"><meta property="og:type" content="article"></head><body>
<div id="page"><div>%[4]s</div><h1>%[2]s</h1><div><p>%[5]s</p></div><div>%[6]s</div></div><div class="gdpr-modal" role="dialog"><div><h2>Cookie</h2><p>%[3]s</p><div>OK</div></div></div></body></html>`, a.Lang, html.EscapeString(a.Title), strings.Join(consent[a.Lang], "</p><p>"), list(s.menu, `<a href="/t/%d">%s</a> `), strings.Join(paragraphs(a), "</p><p>"), s.rights)
	},
	"gallery": func(a newsroom.Article, others []newsroom.Article, s surroundings) string {
		var b strings.Builder
		for i, p := range paragraphs(a) {
			fmt.Fprintf(&b, `<div class="slide"><img src="/%d.jpg"><div class="slide-text">%s</div><div class="slide-credit">%s</div></div>`, i, p, s.photo)
		}
		return fmt.Sprintf(`<!DOCTYPE html><html lang="%[1]s"><head><title>%[2]s | %[3]s</title><meta property="og:title" content="%[2]s"><meta property="og:type" content="article"></head><body><header><nav>%[4]s</nav></header><main><h1>%[2]s</h1><div class="gallery swiper">%[5]s</div><section><h3>%[6]s</h3><ul>%[7]s</ul></section></main><footer>%[8]s</footer></body></html>`,
			a.Lang, html.EscapeString(a.Title), s.name, list(s.menu, `<a href="/t/%d">%s</a>`), b.String(), s.latest, list(titles(others), `<li><a href="/n/%d">%s</a></li>`), s.rights)
	},
	"live blog": func(a newsroom.Article, others []newsroom.Article, s surroundings) string {
		var b strings.Builder
		for i, p := range paragraphs(a) {
			fmt.Fprintf(&b, `<div class="live-entry" id="e%d"><time datetime="2026-11-24T1%d:05:00+05:00">1%d:05</time><div class="live-text"><p>%s</p></div><a class="live-share" href="#e%d">%s</a></div>`, i, i, i, p, i, s.share)
		}
		return fmt.Sprintf(`<!DOCTYPE html><html lang="%[1]s"><head><title>%[2]s | %[3]s</title><meta property="og:title" content="%[2]s"><meta property="og:type" content="article"></head><body><header><nav>%[4]s</nav></header><main><article><h1>%[2]s</h1><div class="live-feed">%[5]s</div></article><aside><h3>%[6]s</h3>%[7]s</aside></main><footer>%[8]s</footer></body></html>`,
			a.Lang, html.EscapeString(a.Title), s.name, list(s.menu, `<a href="/t/%d">%s</a>`), b.String(), s.latest, teasers(others), s.rights)
	},
	"text in a table": func(a newsroom.Article, others []newsroom.Article, s surroundings) string {
		return fmt.Sprintf(`<html><head><title>%[1]s</title></head><body><table><tr><td>%[2]s</td></tr></table><table class="main"><tr><td valign=top><h1>%[1]s</h1></td></tr><tr><td>24.11.2026 14:05</td></tr><tr><td>%[3]s</td></tr></table><table><tr><td>%[4]s</td></tr><tr><td>%[5]s</td></tr></table></body></html>`,
			html.EscapeString(a.Title), list(s.menu, `<a href="/t/%d">%s</a> | `), strings.Join(paragraphs(a), "</td></tr><tr><td>"), list(titles(others), `<a href="/n/%d">%s</a><br>`), s.rights)
	},
	"script": func(a newsroom.Article, others []newsroom.Article, s surroundings) string {
		var ps strings.Builder
		for _, p := range paragraphs(a) {
			ps.WriteString("<p>" + p + "</p>")
		}
		data, _ := json.Marshal(map[string]any{"props": map[string]any{"article": map[string]any{"title": a.Title, "body": ps.String()}, "menu": s.menu}})
		return fmt.Sprintf(`<!DOCTYPE html><html lang="%[1]s"><head><title>%[2]s</title><meta property="og:title" content="%[2]s"><meta property="og:type" content="article"></head><body><div id="root"><nav>%[3]s</nav></div><script id="__NEXT_DATA__" type="application/json">%[4]s</script></body></html>`,
			a.Lang, html.EscapeString(a.Title), list(s.menu, `<a href="/t/%d">%s</a>`), data)
	},
	"script window": func(a newsroom.Article, others []newsroom.Article, s surroundings) string {
		data, _ := json.Marshal(map[string]any{"article": map[string]any{"title": a.Title, "content": "<p>" + strings.Join(paragraphs(a), "</p><p>") + "</p>"}, "menu": s.menu})
		return fmt.Sprintf(`<!DOCTYPE html><html lang="%[1]s"><head><title>%[2]s</title><meta property="og:title" content="%[2]s"><meta property="og:type" content="article"></head><body><div id="root">%[3]s</div><script>window.__INITIAL_STATE__ = %[4]s;</script></body></html>`,
			a.Lang, html.EscapeString(a.Title), s.cookie, data)
	},
	"next article": func(a newsroom.Article, others []newsroom.Article, s surroundings) string {
		return fmt.Sprintf(`<!DOCTYPE html><html lang="%[1]s"><head><title>%[2]s</title><meta property="og:title" content="%[2]s"><meta property="og:type" content="article"></head><body><nav>%[4]s</nav><article><h1>%[2]s</h1><p>%[5]s</p></article><article><h1>%[6]s</h1><p>%[7]s</p></article></body></html>`,
			a.Lang, html.EscapeString(a.Title), s.name, list(s.menu, `<a href="/t/%d">%s</a>`), strings.Join(paragraphs(a), "</p><p>"), html.EscapeString(others[0].Title), strings.Join(paragraphs(others[0]), "</p><p>"))
	},
	"lead and quotes": func(a newsroom.Article, others []newsroom.Article, s surroundings) string {
		ps := paragraphs(a)
		return fmt.Sprintf(`<!DOCTYPE html><html lang="%[1]s"><head><title>%[2]s</title><meta property="og:title" content="%[2]s"><meta property="og:type" content="article"></head><body><nav>%[3]s</nav><div class="content"><h1>%[2]s</h1><div class="lead">%[4]s</div><blockquote>%[5]s</blockquote><div class="tags">%[3]s</div><div class="likes">%[6]s 12</div></div><div class="footer">%[7]s</div></body></html>`,
			a.Lang, html.EscapeString(a.Title), list(s.menu, `<a href="/t/%d">%s</a>`), ps[0], strings.Join(ps[1:], "</blockquote><blockquote>"), s.share, s.rights)
	},
}
