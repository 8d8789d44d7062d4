package extract

import (
	"bytes"
	"hash/maphash"
	"slices"
	"strings"
	"unicode/utf8"
)

// tidy leaves out of a text what isn't the article's: the headline and the
// dateline before it, paragraphs that only lead elsewhere, repeated ones, and
// what stands at the end in boxes of its own.
func (p *page) tidy(all []paragraph) string {
	var kept []string
	seen := map[uint64]bool{}
	seed := maphash.MakeSeed()
	var key []byte
	for _, a := range all {
		key = appendFolded(key[:0], a.text)
		hash := maphash.Bytes(seed, key)
		switch {
		case len(key) == 0, isInsert(a.text), 10*a.linked >= 9*len(a.text):
			continue
		case utf8.RuneCount(key) > 20 && seen[hash]:
			continue
		case (len(kept) == 0 || len(kept) == 1 && p.isHeadlineKey(fold(kept[0]))) && p.isDateline(a.text, string(key)):
			continue
		}
		seen[hash] = true
		kept = append(kept, a.text)
	}
	kept = withoutTail(kept)
	for len(kept) > 1 && p.isAuthor(kept[len(kept)-1]) {
		kept = kept[:len(kept)-1]
	}
	return strings.Join(kept, "\n\n")
}

// paragraphs are those of a plain text.
func paragraphs(text string) []paragraph {
	var all []paragraph
	for t := range strings.SplitSeq(text, "\n\n") {
		all = append(all, paragraph{text: t})
	}
	return all
}

// isDateline reports what stands between the headline and the text: the headline
// again, the author, the date. A sentence with a date in it is no dateline.
func (p *page) isDateline(paragraph, key string) bool {
	if p.titled() && p.isHeadlineKey(key) {
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

// isHeadlineKey reports whether a folded text is the page's headline.
func (p *page) isHeadlineKey(key string) bool {
	return key == p.kept || p.isHeading(key)
}

// isAuthor reports a paragraph that is nothing but the name of an author.
func (p *page) isAuthor(paragraph string) bool {
	if len(paragraph) > maxLine {
		return false
	}
	key := fold(withoutBy(paragraph))
	return slices.ContainsFunc(p.people, func(name string) bool { return fold(name) == key })
}

// inserts are how paragraphs begin that lead elsewhere, in lower case: they
// stand in the middle of articles and name other stories.
var inserts = []string{
	"читайте также", "читать также", "читайте по теме", "смотрите также", "по теме:", "материалы по теме", "ранее по теме",
	"читайте:", "подробнее:", "read also", "also read", "read more:", "read more about", "see also", "related:", "more on this",
	"сондай-ақ оқыңыз", "тағы оқыңыз", "оқи отырыңыз", "ошондой эле окуңуз", "дагы окуңуз", "shuningdek o‘qing", "shuningdek o'qing",
	"шунингдек ўқинг", "mavzuga oid", "мавзуга оид", "инчунин хонед", "ҳамчунин хонед", "şeýle hem okaň", "advertisement", "реклама",
	"поделиться", "share this", "follow us on", "источник фото", "фото:", "photo:", "сурет:", "foto:", "сүрөт:", "сурат:", "акс:", "surat:",
	"подписывайтесь на", "подпишитесь на", "подписаться на", "присоединяйтесь к нам", "наш telegram", "мы в telegram", "наш канал",
	"subscribe to", "sign up for", "telegram каналымызға", "telegram-каналымызға", "бізге жазылыңыз", "kanalimizga obuna", "каналимизга обуна",
	"биздин telegram", "telegramdagi", "нашли ошибку", "заметили ошибку", "если вы нашли ошибку", "увидели ошибку", "нашли опечатку",
	"ctrl+enter", "ctrl + enter", "использование материалов", "при использовании материалов", "при перепечатке", "все права защищены",
	"all rights reserved", "мы используем файлы cookie", "мы используем cookie", "этот сайт использует", "we use cookies", "this site uses cookies",
	"this website uses cookies", "продолжая использовать", "материалдарды пайдалану", "барлық құқықтар қорғалған", "бардык укуктар корголгон", "barcha huquqlar himoyalangan", "барча ҳуқуқлар ҳимояланган",
	"ҳамаи ҳуқуқҳо ҳифз", "ähli hukuklar goralan",
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
	"ұқсас жаңалықтар", "пікірлер", "соңғы жаңалықтар", "тақырып бойынша", "окшош жаңылыктар", "комментарийлер", "акыркы жаңылыктар",
	"o‘xshash yangiliklar", "so‘nggi yangiliklar", "izohlar", "изоҳлар", "сўнгги янгиликлар", "ўхшаш янгиликлар", "хабарҳои монанд",
	"хабарҳои охирин", "шарҳҳо", "meňzeş habarlar", "soňky habarlar", "teswirler", "теги", "tags", "поделиться новостью",
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

// longTail is how many bytes such a heading has at the most.
const longTail = 80

func isTail[T string | []byte](paragraph T) bool {
	if len(paragraph) > longTail {
		return false
	}
	var short [longTail]byte
	key := bytes.TrimRight(appendFolded(short[:0], paragraph), "0123456789") // their number
	return tailKeys[string(key)]
}

// tailKeys are the tails folded.
var tailKeys = func() map[string]bool {
	keys := map[string]bool{}
	for _, t := range tails {
		keys[fold(t)] = true
	}
	return keys
}()
