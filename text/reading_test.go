package text

import (
	"slices"
	"strings"
	"testing"
)

func TestSentences(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"plain", "Первое. Второе! Третье? Четвёртое… Пятое", "Первое.|Второе!|Третье?|Четвёртое…|Пятое"},
		{"city", "В г. Бишкек об этом сообщили.", "В г. Бишкек об этом сообщили."},
		{"year", "Об этом сообщили в 2022 г. Позже стало тихо.", "Об этом сообщили в 2022 г.|Позже стало тихо."},
		{"street", "Митинг прошёл на ул. Пушкина, д. 5. Полиции не было.", "Митинг прошёл на ул. Пушкина, д. 5.|Полиции не было."},
		{"т. е.", "Карты «Мир», т. е. Национальная система, не работают.", "Карты «Мир», т. е. Национальная система, не работают."},
		{"т. д.", "Чипы, платы и т. д. Таможня молчит.", "Чипы, платы и т. д.|Таможня молчит."},
		{"им.", "Театр им. Навои открыт.", "Театр им. Навои открыт."},
		{"initials", "Памятник А. С. Пушкину снесён. Ш. М. Мирзиёев приехал.", "Памятник А. С. Пушкину снесён.|Ш. М. Мирзиёев приехал."},
		{"U.S.", "The U.S. Treasury acted. It came from the U.S. The bank closed.", "The U.S. Treasury acted.|It came from the U.S.|The bank closed."},
		{"Mr. and Dr.", "Mr. Smith met Dr. Jones on Oct. 9 at No. 5. They left.", "Mr. Smith met Dr. Jones on Oct. 9 at No. 5.|They left."},
		{"sums", "Ущерб 5 млн. руб. Банк закрыт. Рост 3.5 процента, 1,5 млрд. Точка.", "Ущерб 5 млн. руб.|Банк закрыт.|Рост 3.5 процента, 1,5 млрд.|Точка."},
		{"quotes", "«Мы выходим». Он ушёл. «Мы выходим.» Он ушёл. He said: \"We go.\" She left.", "«Мы выходим».|Он ушёл.|«Мы выходим.»|Он ушёл.|He said: \"We go.\"|She left."},
		{"speech", "— Вы выходите? — спросил он. — Нет!", "— Вы выходите? — спросил он.|— Нет!"},
		{"opening quote", "Он сказал. «Вернёмся» — и ушёл.", "Он сказал.|«Вернёмся» — и ушёл."},
		{"brackets", "Он (по данным К-News) ушёл. (Позже вернулся.) Всё.", "Он (по данным К-News) ушёл.|(Позже вернулся.)|Всё."},
		{"headline", "Казахстан выходит из договора\n\nОб этом сообщил президент.", "Казахстан выходит из договора|Об этом сообщил президент."},
		{"single line", "Казахстан выходит из договора\nОб этом сообщил президент.", "Казахстан выходит из договора|Об этом сообщил президент."},
		{"wrapped", "Об этом сообщил\nпрезидент страны,\nКасым-Жомарт Токаев.", "Об этом сообщил\nпрезидент страны,\nКасым-Жомарт Токаев."},
		{"list", "Запрещены:\n- чипы;\n- дроны.", "Запрещены:|- чипы;|- дроны."},
		{"no space", "Учения отменены.Причина не названа. Сайт Kun.uz и example.com.", "Учения отменены.|Причина не названа.|Сайт Kun.uz и example.com."},
		{"lower case", "Версия ок. пяти лет. и ещё", "Версия ок. пяти лет. и ещё"},
		{"numbers", "1. Первый пункт. Так было в 2022. Потом нет.", "1. Первый пункт.|Так было в 2022.|Потом нет."},
		{"Kazakh", "Бұл 2022 ж. Астанада болды. Ол келді.", "Бұл 2022 ж.|Астанада болды.|Ол келді."},
		{"Persian", "سلام دنیا. این متن است؟ بله", "سلام دنیا.|این متن است؟|بله"},
		{"nothing", " \n\n — !", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := &Read("", tc.text, "").Body
			var got []string
			for i := range f.Sentences {
				got = append(got, f.Sentence(i))
			}
			if s := strings.Join(got, "|"); s != tc.want {
				t.Errorf("\n got %s\nwant %s", s, tc.want)
			}
		})
	}
}

func TestParagraphs(t *testing.T) {
	f := &Read("", "Заголовок\n\nПервый. Ещё.\nВторой абзац.\n\n\nТретий", "").Body
	var got []string
	for _, p := range f.Paragraphs {
		got = append(got, f.Text[p.Start:p.End])
	}
	want := []string{"Заголовок", "Первый. Ещё.", "Второй абзац.", "Третий"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for i, p := range f.Paragraphs {
		for s := p.FirstSentence; s <= p.LastSentence; s++ {
			if f.Sentences[s].Paragraph != int32(i) {
				t.Errorf("sentence %d is in paragraph %d, want %d", s, f.Sentences[s].Paragraph, i)
			}
		}
	}
}

func TestWords(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"case and ё", "ВЫЁМКА Ёлки", "выемка елки"},
		{"composed", "и\u0306од е\u0308лка o\u0308z Nu\u0308r", "йод елка öz nür"},
		{"stress", "за\u0301мок", "замок"},
		{"soft hyphen", "сан\u00adкции са\u200bнк\u200dции \ufeffдрон", "санкции санкции дрон"},
		{"no-break space", "Центральная\u00a0Азия", "центральная азия"},
		{"Uzbek apostrophes", "O'zbekiston O‘zbekiston Oʻzbekiston O’zbekiston Oʼzbekiston O`zbekiston Ozbekiston", "ozbekiston ozbekiston ozbekiston ozbekiston ozbekiston ozbekiston ozbekiston"},
		{"apostrophe at the end", "togʻ 'quoted' ‘word’", "tog quoted word"},
		{"possessive", "Kazakhstan’s the country's James' Россия", "kazakhstan the country james россия"},
		{"look-alikes", "Pоссия сaнкции Кaзaхстан Қaзақстан iстеу СSTO Mocква", "россия санкции казахстан қазақстан істеу csto москва"},
		{"hyphen", "анти-санкционный dual-use Мир-карта", "анти санкционный dual use мир карта"},
		{"suffix", "ҰҚШҰ-ның ABŞ-nyň ЕАЭО-ға 5-ші 2022-жылы МИД-а", "ұқшұ abş еаэо 5 ші 2022 жылы мид"},
		{"glued suffix", "ЖККУнун KXShTga", "жккунун kxshtga"},
		{"numbers", "8542.31 1,5 5G 24.11.2026 3. 4", "8542.31 1,5 5g 24.11.2026 3 4"},
		{"quotes", "«Мир» „Мир“ “Mir” \"Mir\" (Mir) [Mir]", "мир мир mir mir mir mir"},
		{"abbreviation", "U.S. т.е. А.С.Пушкин", "u s т е а с пушкин"},
		{"broken", "a\xffб\xd0 \xd0\xd0б\xed\xa0\x80в", "a б б в"},
		{"Persian", "كتاب يک کتاب", "کتاب یک کتاب"},
		{"Turkish", "İstanbul Işık", "istanbul işık"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := Fold(tc.text); got != tc.want {
				t.Errorf("\n got %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestWordSpans(t *testing.T) {
	f := &Read("", "«ҰҚШҰ-ның» Kazakhstan’s сан\u00adкции togʻ.", "").Body
	var words, stems []string
	for i, w := range f.Words {
		words = append(words, f.Word(i))
		stems = append(stems, f.Text[w.Start:w.Stem])
	}
	if want := []string{"ҰҚШҰ-ның", "Kazakhstan’s", "сан\u00adкции", "togʻ"}; !slices.Equal(words, want) {
		t.Errorf("words %q, want %q", words, want)
	}
	if want := []string{"ҰҚШҰ", "Kazakhstan", "сан\u00adкции", "togʻ"}; !slices.Equal(stems, want) {
		t.Errorf("stems %q, want %q", stems, want)
	}
}
