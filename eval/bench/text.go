package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// feedXML is feed number n: RSS 2.0 with some items of made-up news, the newest
// written at now, of which fresh weren't there in the feed's first edition. The
// same numbers give the same words.
func feedXML(base string, n, items, fresh int, now time.Time) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Bench %d</title><link>%s/</link><description>Made-up news</description>
`, n, base)
	for i := -fresh; i < items-fresh; i++ {
		w := newWriter(n, i)
		at := now.Add(-time.Duration(i+fresh)*time.Hour - time.Duration(n)*time.Second)
		fmt.Fprintf(&b, "<item><title>%s</title><link>%s/news/%d</link><guid>%s/news/%d</guid><pubDate>%s</pubDate>\n<description>%s</description></item>\n",
			w.title(), base, i, base, i, at.UTC().Format(time.RFC1123Z), w.text())
	}
	b.WriteString("</channel></rss>\n")
	return []byte(b.String())
}

// pageHTML is the page of an item: its text six times as long, with a menu, as
// pages of the press have one.
func pageHTML(n, item int) []byte {
	w := newWriter(n, item)
	title := w.title()
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>%s</title></head><body><header><nav><ul>", title)
	for range 40 {
		fmt.Fprintf(&b, `<li class="menu-item"><a class="menu-link" href="/section/%d">%s</a></li>`, w.rand.IntN(1000), w.name())
	}
	fmt.Fprintf(&b, "</ul></nav></header><main><article><h1>%s</h1>\n", title)
	for range 6 {
		fmt.Fprintf(&b, "<p>%s</p>\n", w.text())
	}
	b.WriteString("</article></main><footer><p>Made-up news</p></footer></body></html>\n")
	return []byte(b.String())
}

// writer writes one item. No two write the same: names are put together from
// syllables, and the rest is drawn from a vocabulary.
type writer struct {
	rand *rand.Rand
	tongue
}

// tongue is a language to write in.
type tongue struct{ words, syllables []string }

var tongues = []tongue{
	{
		words: strings.Fields(`город область район дорога школа больница завод рынок театр музей стадион поезд автобус
			мост река озеро гора поле сад урожай хлопок зерно яблоко хлеб вода ветер снег дождь солнце утро вечер неделя
			месяц год весна осень зима лето житель врач учитель водитель фермер строитель студент ученик депутат министр
			акимат мэрия ведомство комитет совет центр проект программа бюджет закон решение встреча форум выставка
			концерт матч турнир команда тренер победа ремонт дом квартира улица площадь парк библиотека книга фильм
			газета компания банк кредит цена тариф доход налог экспорт импорт договор партнер гость делегация посол
			сообщили рассказали отметили открыли построили завершили начали провели обсудили подписали получили выросли
			снизились обещают планируют ожидают считают помогли приехали вернулись новый большой местный крупный
			городской сельский молодой известный первый второй последний важный бесплатный дорогой теплый холодный вчера
			сегодня завтра скоро снова также теперь почти около более менее много мало в на с по для из от до после перед
			между через и но что как если когда Казахстан Кыргызстан Узбекистан Таджикистан Туркменистан Россия Алматы
			Ташкент Бишкек Душанбе Ашхабад`),
		syllables: strings.Fields(`ка ло ми тор бен ша ру дал гу на ве рин со лит мар ту пол ки дан жа рен бо кус зи лай
			чен до фар но вит са бек ир ол ур`),
	},
	{
		words: strings.Fields(`city region district road school hospital factory market theatre museum stadium train bus
			bridge river lake mountain field garden harvest cotton grain apple bread water wind snow rain sun morning
			evening week month year spring autumn winter summer resident doctor teacher driver farmer builder student
			pupil lawmaker minister council office agency committee centre project programme budget law decision meeting
			forum exhibition concert match tournament team coach victory repair house flat street square park library book
			film newspaper company bank loan price tariff income tax export import contract partner guest delegation said
			told noted opened built finished began held discussed signed received grew fell promise plan expect believe
			helped arrived returned new large local major urban rural young famous first second last important free costly
			warm cold yesterday today tomorrow soon again also now almost about more less many few in on with along for
			from to after before between through and but that as if when the a its their Kazakhstan Kyrgyzstan Uzbekistan
			Tajikistan Turkmenistan Russia Almaty Tashkent Bishkek Dushanbe Ashgabat`),
		syllables: strings.Fields(`ka lo mi tor ben sha ru dal gu na ve rin so lit mar tu pol ki dan ja ren bo kus zi lay
			chen do far no vit sa bek ir ol ur`),
	},
}

// newWriter is the writer of an item of a feed. Every third feed is in English.
func newWriter(feed, item int) *writer {
	language := 0
	if feed%3 == 2 {
		language = 1
	}
	return &writer{rand.New(rand.NewPCG(uint64(feed), uint64(item))), tongues[language]}
}

// title is a headline of five to nine words.
func (w *writer) title() string { return capital(w.run(5 + w.rand.IntN(5))) }

// text is four to six sentences, 300 to 600 characters or about it.
func (w *writer) text() string {
	var sentences []string
	for range 4 + w.rand.IntN(3) {
		sentences = append(sentences, capital(w.run(8+w.rand.IntN(7)))+".")
	}
	return strings.Join(sentences, " ")
}

// run is some words in a row, every fifth of them a name.
func (w *writer) run(n int) string {
	words := make([]string, n)
	for i := range words {
		if w.rand.IntN(5) == 0 {
			words[i] = w.name()
		} else {
			words[i] = w.words[w.rand.IntN(len(w.words))]
		}
	}
	return strings.Join(words, " ")
}

// name is a word that hardly any other item has.
func (w *writer) name() string {
	var b strings.Builder
	for range 3 + w.rand.IntN(2) {
		b.WriteString(w.syllables[w.rand.IntN(len(w.syllables))])
	}
	return capital(b.String())
}

// capital is a text with its first letter as a capital.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
