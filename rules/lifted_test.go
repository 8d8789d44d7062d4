package rules_test

import (
	"testing"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/text"
)

// TestLiftedInEachLanguage: a ban that is lifted points the other way, in whatever
// order the two stand; one that somebody refuses to lift, or doesn't, stays.
func TestLiftedInEachLanguage(t *testing.T) {
	expectDirections(t, []directed{
		{"en", "Kazakhstan scraps ban on drone exports to Russia", news.Closer},
		{"en", "Kazakhstan has lifted its two-year-old blanket export ban on drones to Russia", news.Closer},
		{"en", "The ban on exports of drones to Russia was lifted by Kazakhstan", news.Closer},
		{"en", "Ban on exports of drones to Russia lifted in Kazakhstan", news.Closer},
		{"en", "Kazakhstan's ban on drone exports to Russia is no longer in force", news.Closer},
		{"en", "Uzbekistan ends ban on Russian films", news.Closer},
		{"en", "Kyrgyzstan drops ban on Russian TV channels", news.Closer},
		{"en", "Kazakhstan refuses to lift ban on drone exports to Russia", news.Apart},
		{"en", "Kazakhstan will not lift its ban on drone exports to Russia", news.Apart},
		{"en", "Kazakhstan lifted tariffs on cars and banned drone exports to Russia", news.Apart},
		{"ru", "Казахстан отменил запрет на вывоз дронов в Россию", news.Closer},
		{"ru", "В Казахстане отменён запрет на экспорт дронов в Россию", news.Closer},
		{"ru", "Запрет на вывоз дронов в Россию снят в Казахстане", news.Closer},
		{"ru", "Казахстан снял введённый весной запрет на вывоз дронов в Россию", news.Closer},
		{"ru", "Казахстан решил снять временный запрет на вывоз дронов в Россию", news.Closer},
		{"ru", "Казахстан отказался снимать запрет на вывоз дронов в Россию", news.Apart},
		{"ru", "Казахстан не снимет запрет на вывоз дронов в Россию", news.Apart},
		{"ru", "Казахстан не отменил запрет на экспорт дронов в Россию", news.Apart},
		{"ru", "Казахстан снял пошлины и запретил вывоз дронов в Россию", news.Apart},
		{"kk", "Қазақстан Ресейге дрон шығаруға тыйымды жойды", news.Closer},
		{"kk", "Қазақстан Ресейге дрон экспортына салынған тыйымды алып тастайды", news.Closer},
		{"kk", "Қазақстан Ресейге дрон шығаруға тыйымды алып тастаудан бас тартты", news.Apart},
		{"ky", "Кыргызстан Орусияга дрон чыгарууга коюлган тыюуну алып салды", news.Closer},
		{"ky", "Кыргызстанда Орусияга дрон чыгарууга тыюу алынды", news.Closer},
		{"uz", "O‘zbekiston Rossiyaga dron eksportiga qo‘yilgan taqiqni bekor qildi", news.Closer},
		{"uz", "O‘zbekiston Rossiyaga dron eksportiga taqiqni olib tashlamoqda", news.Closer},
		{"tg", "Тоҷикистон манъи содироти дрон ба Русияро бардошт", news.Closer},
		{"tg", "Манъи содироти дрон ба Русия дар Тоҷикистон бекор шуд", news.Closer},
		{"tk", "Türkmenistan Russiýa dron eksportyna girizilen gadaganlygy ýatyrdy", news.Closer},
	})
}

// directed is a title and the direction of each of its hits.
type directed struct {
	lang, title string
	want        news.Direction
}

// expectDirections flags titles with the embedded packs.
func expectDirections(t *testing.T, titles []directed) {
	t.Helper()
	e, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range titles {
		hits := e.Flag(text.Read(c.title, "", c.lang), rules.About{})
		if len(hits) == 0 {
			t.Errorf("%s: nothing found in %s", c.lang, c.title)
		}
		for _, h := range hits {
			if h.Direction != c.want {
				t.Errorf("%s\ngot  %s (%s)\nwant %s", c.title, h.Direction, h.Signal, c.want)
			}
		}
	}
}
