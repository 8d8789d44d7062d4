package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// clutter are parts of the class or id of elements that are no part of an
// article anywhere.
var clutter = []string{
	"cookie", "subscribe", "newsletter", "share-", "sharing", "social", "addthis", "ya-share", "pluso", "breadcrumb",
	"related", "read-also", "readalso", "read_also", "also-read", "see-also", "most-read", "popular-news", "comments",
	"disqus", "advert", "banner", "adsbygoogle", "print-only", "error-report", "orphus",
}

// A box of clutter has at the most so many bytes of text, or, where most of its
// text is links, so many beside them. A part of the page that says more is no
// box, whatever it is called.
const (
	smallBox = 400
	linkBox  = 1000
)

func isClutter(n *html.Node) bool {
	switch n.Data {
	case "body", "html", "main", "article", "head":
		return false
	}
	names := attr(n, "class") + " " + attr(n, "id")
	if len(names) <= 3 || !containsAny(names, clutter) {
		return false
	}
	var w writer
	w.write(n, 0)
	return w.Len() <= smallBox || 2*w.links > w.Len() && w.Len()-w.links <= linkBox
}

// tidy leaves out of a text what isn't the article's: the headline and the
// dateline before it, paragraphs that only lead elsewhere, repeated ones, and
// what stands at the end in boxes of its own. links are the parts of the text
// that are links, in order.
func (p *page) tidy(text string, links []span) string {
	var kept []string
	seen := map[string]bool{}
	at := 0
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		var linked int
		linked, links = overlap(links, at, at+len(paragraph))
		at += len(paragraph) + len("\n\n")
		key := fold(paragraph)
		switch {
		case key == "", isInsert(paragraph), 10*linked >= 9*len(paragraph):
			continue
		case utf8.RuneCountInString(key) > 20 && seen[key]:
			continue
		case len(kept) == 0 && p.isDateline(paragraph, key):
			continue
		}
		seen[key] = true
		kept = append(kept, paragraph)
	}
	kept = withoutTail(kept)
	for len(kept) > 1 && p.isAuthor(kept[len(kept)-1]) {
		kept = kept[:len(kept)-1]
	}
	return strings.Join(kept, "\n\n")
}

// overlap is how many bytes from start to end are links, and the links that are
// left for what follows.
func overlap(links []span, start, end int) (linked int, rest []span) {
	for len(links) > 0 && links[0].start < end {
		linked += max(0, min(links[0].end, end)-max(links[0].start, start))
		if links[0].end > end {
			break
		}
		links = links[1:]
	}
	return linked, links
}

// isDateline reports what stands between the headline and the text: the headline
// again, the author, the date. A sentence with a date in it is no dateline.
func (p *page) isDateline(paragraph, key string) bool {
	if key == fold(p.headlineOf()) || slices.ContainsFunc(p.headings, func(h heading) bool { return fold(h.text) == key }) {
		return true
	}
	if p.isAuthor(paragraph) {
		return true
	}
	if len(paragraph) > longDate || !hasDigit(paragraph) || strings.ContainsAny(paragraph[len(paragraph)-1:], ".!?") {
		return false
	}
	_, dated := p.date(paragraph)
	return dated
}

// isAuthor reports a paragraph that is nothing but the name of an author.
func (p *page) isAuthor(paragraph string) bool {
	if len(paragraph) > maxLine {
		return false
	}
	key := fold(withoutBy(paragraph))
	return slices.ContainsFunc(p.authors(), func(name string) bool { return fold(name) == key })
}

// inserts are how paragraphs begin that lead elsewhere, in lower case: they
// stand in the middle of articles and name other stories.
var inserts = []string{
	"читайте также", "читать также", "читайте по теме", "смотрите также", "по теме:", "материалы по теме", "ранее по теме",
	"читайте:", "подробнее:", "read also", "also read", "read more:", "read more about", "see also", "related:", "more on this",
	"сондай-ақ оқыңыз", "тағы оқыңыз", "оқи отырыңыз", "ошондой эле окуңуз", "дагы окуңуз", "shuningdek o‘qing", "shuningdek o'qing",
	"шунингдек ўқинг", "mavzuga oid", "мавзуга оид", "инчунин хонед", "ҳамчунин хонед", "şeýle hem okaň", "advertisement", "реклама",
	"поделиться", "share this", "follow us on", "источник фото", "фото:", "photo:", "сурет:", "foto:", "сүрөт:",
	"подписывайтесь на", "подпишитесь на", "подписаться на", "присоединяйтесь к нам", "наш telegram", "мы в telegram", "наш канал",
	"subscribe to", "sign up for", "telegram каналымызға", "telegram-каналымызға", "бізге жазылыңыз", "kanalimizga obuna", "каналимизга обуна",
	"биздин telegram", "telegramdagi", "нашли ошибку", "заметили ошибку", "если вы нашли ошибку", "увидели ошибку", "нашли опечатку",
	"ctrl+enter", "ctrl + enter", "использование материалов", "при использовании материалов", "при перепечатке", "все права защищены",
	"all rights reserved", "мы используем файлы cookie", "мы используем cookie", "этот сайт использует", "we use cookies", "this site uses cookies",
	"this website uses cookies", "продолжая использовать", "материалдарды пайдалану",
}

// maxInsert is how long such a paragraph is at the most. What is longer is a
// sentence of the article that begins like one.
const maxInsert = 260

func isInsert(paragraph string) bool {
	if len(paragraph) > maxInsert {
		return false
	}
	lower := strings.ToLower(strings.TrimLeft(paragraph, "▶►•→-–—*[(«\"📌👉🔴✅ "))
	for _, begins := range inserts {
		if strings.HasPrefix(lower, begins) {
			return true
		}
	}
	return false
}

// tails are the headings of the boxes after an article, in lower case. What
// follows one of them is other news.
var tails = []string{
	"ссылки по теме", "материалы по теме", "новости по теме", "похожие новости", "похожие материалы", "другие новости",
	"последние новости", "популярные новости", "самое читаемое", "самое популярное", "главные новости", "новости партнеров",
	"новости партнёров", "комментарии", "обсуждение", "оставить комментарий", "добавить комментарий", "еще по теме", "ещё по теме",
	"вам может быть интересно", "рекомендуем", "читайте также", "related articles", "related stories", "related news", "more stories",
	"most popular", "most read", "recommended", "comments", "leave a comment", "leave a reply", "you may also like", "latest news",
	"ұқсас жаңалықтар", "пікірлер", "соңғы жаңалықтар", "окшош жаңылыктар", "комментарийлер", "o‘xshash yangiliklar", "izohlar",
	"изоҳлар", "сўнгги янгиликлар", "хабарҳои монанд", "шарҳҳо", "meňzeş habarlar", "теги", "tags", "поделиться новостью",
}

// withoutTail cuts a text off at the first heading of such a box, if most of the
// text lies before it.
func withoutTail(paragraphs []string) []string {
	before, total := 0, 0
	for _, p := range paragraphs {
		total += len(p)
	}
	for i, p := range paragraphs {
		if before*2 > total && isTail(p) {
			return paragraphs[:i]
		}
		before += len(p)
	}
	return paragraphs
}

func isTail(paragraph string) bool {
	if len(paragraph) > 80 {
		return false
	}
	lower := strings.TrimRight(strings.ToLower(paragraph), " :.…0123456789()")
	for _, t := range tails {
		if lower == t {
			return true
		}
	}
	return false
}
