package text

import (
	"slices"
	"strings"
	"testing"
)

// Sentences end where a reader of each language would say so.
func TestSentencesInEachLanguage(t *testing.T) {
	for _, tc := range []struct{ lang, want string }{
		// abbreviations before what they belong to
		{"ru", "Встреча прошла в г. Бишкек.|Другая будет в с. Кара-Булак, на ул. Мира."},
		{"ru", "Это запрещено, т.е. незаконно.|Это разрешено, т. е. Законно."},
		{"ru", "Дроны, чипы и т. п.|Таможня молчит."},
		{"ru", "Чипы, платы и др. товары задержаны.|Их было 5 тыс. штук."},
		{"ru", "Проф. Исаев и акад. Осмонов ушли.|И. о. министра остался."},
		{"ru", "Тогда было 5 тыс. руб. в год, в 1990-х гг. и позже.|Россия ушла."},
		{"ru", "По ст. 5, п. 3 закона и ч. 2 ст. 7.|Так решил суд."},
		{"ru", "Долг вырос до 3,5 млрд долл. США.|Это много."},
		{"ru", "Об этом говорил А. С. Пушкин.|А.С. Пушкин писал об этом."},
		{"ru", "Он жил в III в. до н. э. в Риме.|Потом уехал."},
		{"en", "He met the U.S. ambassador at 5 p.m. on Monday.|They spoke."},
		{"en", "Gen. Smith and Sen. Jones left, i.e. went home.|Acme Inc. and Foo Ltd. stayed."},
		{"en", "Det. Lee met Sens. Fox and Gray.|They left."},
		{"en", "Prices rose 3.5 percent, to $1.2 bn.|Analysts, e.g. Mr. Lee, said so."},
		{"en", "“We are leaving.”|She left.|'We stay!'|He stayed."},
		{"en", "He asked: “Why?” and left.|Nobody knew."},
		{"kk", "Жиын 2026 ж. қарашада өтті.|Оған депутаттар, әкімдер т.б. қатысты."},
		{"kk", "Ол ХХ ғ. басында, Алматы қ. маңында, Абай к. 5-үйде тұрған.|Кейін көшті."},
		{"kk", "«Біз шығамыз».|Ол кетті.|Қ. Тоқаев пен С. Жапаров келді."},
		{"kk", "Оған депутаттар, әкімдер т.б.|Ол туралы айтылды."},
		{"ky", "Ага министрлер, акимдер ж.б.|Ал эми элчилер келген жок."},
		{"uz", "Unda vazirlar, hokimlar va h.k.|Ular Toshkentga qaytdi."},
		{"tg", "Вазирон, раисон ва ғ.|Онҳо рафтанд."},
		{"tk", "Oňa ministrler, häkimler we ş.m.|Olar gitdi."},
		{"en", "They met at 5 p.m.|He left at 6 p.m. Monday."},
		{"kk", "ҰҚШҰ-ның отырысы өтті.|Ол туралы т.с.с. мәлімет жоқ."},
		{"ky", "Жолугушуу 2026-ж. ноябрда болду.|Ага министрлер ж.б. катышты."},
		{"ky", "Бул мыйзамсыз, б.а. болбойт.|Ош ш. жана Кара-Суу р. тургундары келди."},
		{"ky", "ЖККУнун жыйыны өттү.|С. Жапаров сүйлөдү."},
		{"uz", "Yigʻilish 2026 y. noyabrda boʻldi.|Unda vazirlar, hokimlar va h.k. qatnashdi."},
		{"uz", "Toshkent sh. va Samarqand vil. aholisi keldi.|Sh. Mirziyoyev soʻzladi."},
		{"uz", "“Biz ketamiz”.|U ketdi.|KXShTga aʼzolik toʻxtatildi."},
		{"uz-Cyrl", "Йиғилиш 2026 й. ноябрда бўлди.|Унда вазирлар ва ҳ.к. қатнашди."},
		{"tg", "Ҷаласа с. 2026 дар ш. Душанбе баргузор шуд.|Вазирон ва ғ. омаданд."},
		{"tg", "Э. Раҳмон гуфт: «Мо меравем».|Ӯ рафт."},
		{"tk", "Duşuşyk 2026 ý. noýabrda geçdi.|Oňa ministrler we ş.m. gatnaşdy."},
		{"tk", "Aşgabat ş. we Mary w. ilaty geldi.|S. Berdimuhamedow çykyş etdi."},
		{"tk", "ABŞ-nyň wekili geldi.|«Biz gideris» diýdi."},
		{"ru", "Дж. Байден и Ш.М. Мирзиёев встретились.|Ген. директор ушёл."},
		{"kk", "Бұл 2026 ж. 24 қарашада болды.|А. Байтұрсынұлы көш. 5-үйде."},
		{"ky", "Төрага А.Касымалиев 2026-ж. 24-ноябрда жолугушту.|Ал кетти."},
		{"ru", "- санкции\n|• дроны\n|● чипы"},
		// headlines and lines without a stop
		{"kk", "Қазақстан келісімнен шықты\n|Бұл туралы президент айтты."},
		{"tg", "Тоҷикистон аз созмон баромад\n|Инро вазир гуфт."},
		// decimals, times, versions, addresses
		{"ru", "Рост 3.5 % за 24.11.2026.|В 14.05 всё кончилось.|Сайт kaktus.media закрыт."},
		{"uz", "Narx 1.5 barobar oshdi.|Kun.uz yozdi."},
		// quotes of all kinds
		{"ru", "„Мы уходим.“|‹Мы остаёмся.›|“Мы ждём.”|\"Мы идём.\"|'Мы стоим.'|Все молчат."},
		{"ru", "(Так сказал он.)|[Так сказала она.]|{Так сказали они.}|Все молчат."},
	} {
		text := strings.ReplaceAll(strings.ReplaceAll(tc.want, "\n|", "\n"), "|", " ")
		f := &Read("", text, tc.lang).Body
		var got []string
		for i := range f.Sentences {
			got = append(got, f.Sentence(i))
		}
		if s := strings.Join(got, "|"); s != strings.ReplaceAll(tc.want, "\n|", "|") {
			t.Errorf("%s\n got %s\nwant %s", tc.lang, s, tc.want)
		}
	}
}

// Each spelling of a word folds to the same one, and its place is in the text
// as given.
func TestSpellingsInEachLanguage(t *testing.T) {
	for _, tc := range []struct {
		lang, want string
		spellings  []string
	}{
		{"ru", "казахстан", []string{"Казахстан", "КАЗАХСТАН", "Кaзaхcтaн", "Каз\u00adахстан", "Ка\u200bзахстан", "Ка\u2060захста\ufeffн", "Казахста\u0301н"}},
		{"ru", "еж", []string{"Ёж", "ёж", "еж", "Е\u0308ж", "ЁЖ"}},
		{"ru", "йод", []string{"Йод", "И\u0306од", "йод", "и\u0306од"}},
		{"en", "sanctions", []string{"Sanctions", "SANCTIONS", "sаnсtiоns", "sanc\u00adtions", "sanc\u200ctions", "sanctions’s"[:len("sanctions")]}},
		{"en", "csto", []string{"CSTO", "СSTO", "CSTО", "CSTO's", "CSTO’s", "CSTOʼs"}},
		{"kk", "қазақстан", []string{"Қазақстан", "ҚАЗАҚСТАН", "Қaзaқстaн", "Қазақ\u00adстан"}},
		{"kk", "ұқшұ", []string{"ҰҚШҰ", "ҰҚШҰ-ның", "ҰҚШҰ‑ға", "ҰҚШҰ–ның", "ҰҚШҰ‐дан", "ҰҚШҰ-\u00adның"[:len("ҰҚШҰ")]}},
		{"kk", "ақш", []string{"АҚШ-пен", "ақш-тың", "АҚШ–тың"}},
		{"kk", "telegram", []string{"Telegram-ға", "Telegram-ның", "telegram-дағы"}},
		{"ky", "үмүт", []string{"Үмүт", "ҮМҮТ", "Ү\u200dмүт"}},
		{"ky", "usaid", []string{"USAIDдин", "USAID", "USAIDге", "USAID'дин"[:5]}},
		{"uz", "ozbekiston", []string{"O‘zbekiston", "O’zbekiston", "Oʻzbekiston", "Oʼzbekiston", "O'zbekiston", "O`zbekiston", "O´zbekiston", "O′zbekiston", "O‛zbekiston", "Oʿzbekiston", "Ozbekiston", "OʻZBEKISTON"}},
		{"uz", "togri", []string{"toʻgʻri", "to'g'ri", "to‘g‘ri", "to’g’ri", "togri", "to`g`ri"}},
		{"uz-Cyrl", "ўзбекистон", []string{"Ўзбекистон", "У\u0306збекистон", "ЎЗБЕКИСТОН"}},
		{"tg", "тоҷикӣ", []string{"Тоҷикӣ", "ТОҶИКӢ", "тоҷики\u0304", "тољикӣ"}},
		{"tg", "рӯз", []string{"рӯз", "ру\u0304з", "РӮЗ"}},
		{"tg", "има", []string{"ИМА-ро", "ИМА"}},
		{"tk", "abş", []string{"ABŞ", "ABŞ-nyň", "ABŞ‑da", "ABS\u0327-nyň", "abş"}},
		{"tk", "türkmeniň", []string{"Türkmeniň", "Tu\u0308rkmenin\u030c", "TÜRKMENIŇ"}},
		{"tk", "aýal", []string{"aýal", "ay\u0301al", "AÝAL"}},
	} {
		for _, s := range tc.spellings {
			text := "«" + s + "»"
			f := &Read("", text, tc.lang).Body
			if len(f.Words) != 1 {
				t.Errorf("%s: %q is %d words: %q", tc.lang, s, len(f.Words), Fold(text))
				continue
			}
			if got := string(f.AppendFolded(nil, 0)); got != tc.want {
				t.Errorf("%s: %q is folded to %q, want %q", tc.lang, s, got, tc.want)
			}
			if got := f.Word(0); got != s {
				t.Errorf("%s: the word of %q is %q", tc.lang, text, got)
			}
		}
	}
}

// What stands around and between words parts them, whatever it is.
func TestMarksPartWords(t *testing.T) {
	want := []string{"мир", "чип"}
	for _, pair := range []string{"«»", "„“", "“”", "‹›", "\"\"", "()", "[]", "{}", "⟨⟩", "《》", "「」", "（）", "【】", "〈〉", "❝❞", "＂＂", "〝〞", "‟”"} {
		r := []rune(pair)
		for _, text := range []string{
			string(r[0]) + "Мир" + string(r[1]) + " чип",
			"Мир " + string(r[0]) + "чип" + string(r[1]),
			string(r[0]) + "Мир" + string(r[1]) + string(r[0]) + "чип" + string(r[1]) + ".",
			"Мир" + string(r[1]) + "чип",
		} {
			f := &Read("", text, "").Body
			var got []string
			for i := range f.Words {
				got = append(got, string(f.AppendFolded(nil, i)))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: words %q", text, got)
			}
			if len(f.Sentences) == 1 && f.Sentences[0].Start != 0 {
				t.Errorf("%s: the sentence begins at %d", text, f.Sentences[0].Start)
			}
		}
	}
	for _, space := range []string{" ", "\u00a0", "\u202f", "\u2009", "\u3000", "\t", "\u2003", "\u205f"} {
		if got := Fold("Мир" + space + "чип"); got != "мир чип" {
			t.Errorf("%q between words: %q", space, got)
		}
	}
}
