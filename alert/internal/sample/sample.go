// Package sample holds alerts for the tests of the channels. No outlet, person
// or event in it is real.
package sample

import (
	"strings"
	"time"

	"driftwatch/news"
)

// Seen is when the sample articles were first seen.
var Seen = time.Date(2031, 8, 26, 6, 42, 0, 0, time.UTC)

// Zone is the zone in which the samples are shown.
var Zone = time.FixedZone("+05", 5*60*60)

// Russian is a plain alert: one hit, one sentence.
func Russian() news.Alert {
	const sentence = "Правительство Казахстана запретило реэкспорт подшипников в Россию без справки о покупателе."
	text := "Решение опубликовано утром.\n\n" + sentence
	a := alert("ru", "Подшипники: что меняется на границе", text)
	a.Source = news.Source{ID: "kovyl", Name: "Ковыль Медиа", Country: "KZ", Ownership: "private"}
	a.Story.Sources = []string{"kovyl", "mangysh", "steppe"}
	a.Hits = []news.Hit{{
		ID: 7, Theme: news.ThemeSanctions, Signal: "export-control", Title: "Export control", Level: 4, Score: .9,
		Why:       "A ban on re-export closes a way around sanctions.",
		Direction: news.Apart, Countries: []string{"KZ"},
		Evidence: []news.Evidence{Evidence(news.FieldText, text, sentence, "Казахстана", "запретило", "реэкспорт", "Россию")},
	}}
	return a
}

// Kyrgyz is an update with two hits that share a sentence and point different
// ways, and a third that isn't alerted.
func Kyrgyz() news.Alert {
	const first = "Кыргызстан ЖККУнун машыгууларына катышпайт, деп билдирди министрлик."
	const second = "Ошол эле күнү Россия менен жаңы келишимге кол коюлду."
	text := first + " " + second
	a := alert("ky", "Күзгү машыгуу: ким барат, ким калат", text)
	a.Delivery.Version = 2
	a.Source = news.Source{ID: "ozgon", Name: "Өзгөн кабары", Country: "KG"}
	a.Story.Sources = []string{"ozgon", "steppe"}
	a.Article.Published = time.Time{}
	a.Hits = []news.Hit{
		{
			Theme: news.ThemeCSTO, Signal: "no-exercise", Title: "Exercise declined", Level: 3, Direction: news.Apart, Countries: []string{"KG"},
			Why:      "Staying away from exercises is a step away from the CSTO.",
			Evidence: []news.Evidence{Evidence(news.FieldText, text, first, "Кыргызстан", "ЖККУнун", "катышпайт")},
		},
		{
			Theme: news.ThemeCSTO, Signal: "treaty", Title: "New treaty", Level: 2, Direction: news.Closer, Countries: []string{"KG", "TJ"},
			Evidence: []news.Evidence{
				Evidence(news.FieldText, text, first, "машыгууларына"),
				Evidence(news.FieldText, text, second, "Россия", "менен", "келишимге"),
			},
		},
		{Theme: news.ThemeCSTO, Signal: "residue", Title: "Not for alerts", Level: 5, Background: true},
	}
	return a
}

// Grown is an update of Russian: the story has spread, its level rose, and what
// was decided is denied.
func Grown() news.Alert {
	a := Russian()
	a.Delivery.ID, a.Delivery.Version, a.Delivery.Key, a.Delivery.Created = 9, 3, "dw_SAMPLE9KEY", Seen.Add(4*time.Hour)
	a.Hits[0].Level, a.Hits[0].Status = 5, news.StatusDenied
	a.First = &news.Delivery{
		ID: 1, Route: "all", Channel: "team", Story: 3, Version: 1, Key: "dw_SAMPLE7KEY", State: news.DeliverySent,
		Receipt: "C024BE91L 1945406520.000400", Created: Seen.Add(time.Minute), Sent: Seen.Add(2 * time.Minute),
	}
	a.Story.Articles = 4
	a.State = news.StoryState{
		Articles: 4, Outlets: []string{"kovyl", "mangysh", "steppe"}, Languages: []string{"ru", "kk"}, Countries: []string{"KZ", "KG"}, Level: 5,
		Signals: []news.SignalState{{
			Theme: news.ThemeSanctions, Signal: "export-control", Title: "Export control", Level: 5,
			Direction: news.Apart, Status: news.StatusDenied, Countries: []string{"KZ"},
		}},
	}
	a.Reports = []news.Report{
		{Article: 12, Title: "Подшипниктер: шектеу жоққа шығарылды", Source: "Маңғыш үні", Link: "https://mangysh.example/12", Lang: "kk", Published: Seen.Add(3 * time.Hour)},
		{Article: 11, Title: "Bearings & borders: what the ban says", Source: "Steppe Wire", Link: "https://steppe.example/11?a=1&b=2", Lang: "en"},
	}
	a.Changes = []news.Change{
		{Kind: news.ChangeArticle, To: a.Reports[0].Title, Article: 12},
		{Kind: news.ChangeOutlet, To: "mangysh", Article: 12},
		{Kind: news.ChangeOutlet, To: "steppe", Article: 11},
		{Kind: news.ChangeLanguage, To: "kk", Article: 12},
		{Kind: news.ChangeCountry, To: "KG", Article: 12},
		{Kind: news.ChangeLevel, From: "4", To: "5", Article: 12},
		{Kind: news.ChangeStatus, Of: "Export control", From: "decided", To: "denied", Article: 12},
	}
	return a
}

// Weekly is a digest of a route: three stories in two countries, one of them
// under both, sources that could not be read, and the drift of the week.
func Weekly() news.Digest {
	kyrgyz := Kyrgyz()
	kyrgyz.Story.ID, kyrgyz.Story.Sources = 4, []string{"ozgon", "steppe"}
	kyrgyz.Article.Published = Seen.Add(-2 * time.Hour)
	chips := Russian()
	chips.Story.ID, chips.Story.Sources, chips.Article.Title = 5, []string{"kovyl"}, "Микросхемы в посылках: задержаны три партии"
	chips.Hits[0].Theme, chips.Hits[0].Countries, chips.Hits[0].Level = news.ThemeDualUse, []string{"KZ", "KG"}, 3
	return news.Digest{
		Route: "all", Channel: "mail", Key: "dg_SAMPLE", Period: news.Weekly, From: Seen.Add(-7 * 24 * time.Hour), To: Seen,
		Items: []news.DigestItem{
			{Country: "KZ", Theme: news.ThemeSanctions, Alert: Grown(), Changes: Grown().Changes},
			{Country: "KZ", Theme: news.ThemeDualUse, Alert: chips, New: true},
			{Country: "KG", Theme: news.ThemeCSTO, Alert: kyrgyz, New: true},
			{Country: "KG", Theme: news.ThemeDualUse, Alert: chips, New: true},
		},
		More: 23, List: "driftwatch alerts list --route all --since 2031-08-19", Polled: 212,
		Gaps: []news.Gap{
			{Source: "Көл кабары", Country: "KG", Since: Seen.Add(-50 * time.Hour), Problem: "status 503"},
			{Source: "Тоғыз жол", Country: "KZ", Problem: "the host's name doesn't exist"},
		},
		Drift: []news.DriftLine{
			{Country: "KZ", Apart: 4.2, Closer: 1, Events: 5},
			{Country: "KG", Apart: 1.5, Closer: 2.5, Events: 2, Note: "rests on 2 events"},
		},
	}
}

// Alarm is a note that needs a hand.
func Alarm() news.Note {
	return news.Note{Key: "alarm_SAMPLE", Title: "2 sources have fallen silent", Alarm: true, Lines: []string{
		"Көл кабары: nothing new for 3 days, usually every 2 h", "Тоғыз жол <b>: nothing new for 4 days, usually every 5 h", "See: driftwatch sources list",
	}}
}

// Hostile is an alert whose every foreign part tries to act where it comes out.
func Hostile() news.Alert {
	const sentence = "Export <!channel> to *Russia* `rm -rf` @here </blockquote><script>alert(1)</script> " +
		"\x1b[31m\u202eetirw\u202c _through_ ~Kyrgyzstan~ <https://evil.example|click> & more."
	a := alert("en", "Chips\r\nBcc: all@example.org\r\n\r\n<!channel> *bold* | <b>now</b> \x1b]0;own\x07", sentence)
	a.Source = news.Source{ID: "x", Name: "Evil\r\nNews <!here> \u202e", Country: "KG"}
	a.Article.Link = "https://news.example/a?b=1&c=<script>|x>\"y z"
	a.Hits = []news.Hit{{
		Theme: news.ThemeDualUse, Signal: "s", Title: "Chips <@U123>", Level: 5, Direction: news.Closer, Countries: []string{"KG"},
		Why:      "because *of* <!everyone>",
		Evidence: []news.Evidence{Evidence(news.FieldText, sentence, sentence, "Export", "Russia", "Kyrgyzstan", "<!channel>")},
	}}
	return a
}

// Long is an alert whose parts are longer than any message should be.
func Long() news.Alert {
	filler := strings.Repeat("о том, как всё было на самом деле ", 60)
	sentence := filler + "Узбекистан " + filler + "обходит " + filler + "санкции" + filler
	a := alert("ru", strings.Repeat("Очень длинный заголовок & ", 60), sentence)
	a.Source = news.Source{ID: "long", Name: strings.Repeat("Долгая газета ", 40), Country: "UZ"}
	a.Article.Link = "https://long.example/" + strings.Repeat("&", 1900)
	for range 12 {
		a.Hits = append(a.Hits, news.Hit{
			Theme: news.ThemeSanctions, Signal: "evasion", Title: "Evasion", Level: 5, Direction: news.Closer, Countries: news.Countries,
			Why: strings.Repeat("Why & why. ", 200), Evidence: []news.Evidence{Evidence(news.FieldText, sentence, sentence, "Узбекистан", "обходит", "санкции")},
		})
	}
	return a
}

// Evidence finds the words, each at its first place, in a sentence of a field.
func Evidence(field, text, sentence string, words ...string) news.Evidence {
	at := strings.Index(text, sentence)
	e := news.Evidence{Field: field, Sentence: sentence, SentenceStart: at, Start: at, End: at + len(sentence), Quote: sentence}
	for _, w := range words {
		start := at + strings.Index(sentence, w)
		e.Words = append(e.Words, news.Span{Start: start, End: start + len(w)})
	}
	return e
}

func alert(lang, title, text string) news.Alert {
	return news.Alert{
		Delivery: news.Delivery{
			ID: 1, Route: "all", Channel: "team", Story: 3, Version: 1, Key: "dw_SAMPLE7KEY", Created: Seen.Add(time.Minute),
		},
		Story: news.Story{ID: 3, Title: title, FirstSeen: Seen, Published: Seen.Add(-time.Hour), Articles: 1},
		Article: news.Article{
			ID: 5, URL: "https://news.example/a", Link: "https://news.example/a?from=feed", Title: title, Text: text, Lang: lang,
			Published: Seen.Add(-14 * time.Minute), Seen: Seen,
		},
	}
}
