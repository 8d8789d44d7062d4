package rules_test

import (
	"strings"
	"testing"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/text"
)

// TestWithheldInEachLanguage: what is refused, rejected or brought to an end is
// no act, and points the other way.
func TestWithheldInEachLanguage(t *testing.T) {
	expectDirections(t, []directed{
		{"en", "Turkmenistan declined to sell drones to Russia, the ministry said", news.Apart},
		{"en", "Sales of Uzbek microchips to Russia were discontinued", news.Apart},
		{"en", "Exports of microchips from Kazakhstan to Russia have been halted", news.Apart},
		{"en", "Tajikistan spurns Moscow's plan to deploy more troops at the Russian base", news.Apart},
		{"en", "Kyrgyz ministry turned down a Russian offer to assemble attack drones for Moscow", news.Apart},
		{"en", "Kazakhstan refused to help Moscow evade sanctions", news.Apart},
		{"en", "Kazakhstan has not stopped supplying drones to Russia", news.Closer},
		{"en", "Kazakhstan refused to stop supplying drones to Russia", news.Closer},
		{"en", "Uzbekistan did not refuse to supply drones to Russia", news.Closer},
		{"en", "Uzbekistan refused to ban re-export of sanctioned goods to Russia", news.Closer},
		{"en", "Kyrgyzstan refuses to leave the CSTO", news.Closer},
		{"en", "Halyk Bank refused to stop serving Mir cards", news.Closer},
		{"en", "Kazakhstan refused to rename streets bearing Soviet names", news.Closer},
		{"en", "Kazakhstan ended up supplying drones to Russia", news.Closer},
		{"en", "Kazakhstan refused to join the statement and supplies drones to Russia", news.Closer},
		{"en", "Russia refuses to extend the lease of its Russian military base in Kyrgyzstan", news.None},
		{"ru", "Экспорт микросхем из Узбекистана в Россию прекращён", news.Apart},
		{"ru", "Киргизия отвергла предложение Москвы открыть ещё десять русских школ", news.Apart},
		{"ru", "Таджикистан отклонил просьбу Москвы продлить договор о российской военной базе", news.Apart},
		{"ru", "Бишкек не будет расширять российскую авиабазу", news.Apart},
		{"ru", "Казахстан не прекратил поставки дронов в Россию", news.Closer},
		{"ru", "Казахстан отказался запретить реэкспорт санкционных товаров в Россию", news.Closer},
		{"ru", "Киргизия не отказалась поставлять дроны в Россию", news.Closer},
		{"kk", "Қазақстан Ресейге микрочип сатуды доғарды", news.Apart},
		{"kk", "Қазақстан Ресейге санкцияны айналып өтуге көмектесуден бас тартты", news.Apart},
		{"kk", "Қазақстан Ресей әскери базасын кеңейту туралы өтінішті кері қақты", news.Apart},
		{"kk", "Қазақстан Ресейге дрон жеткізуді тоқтатқан жоқ", news.Closer},
		{"ky", "Кыргызстан Россияга дрон жеткирүүдөн баш тартты", news.Apart},
		{"ky", "Кыргызстан Орусиянын аскер базасын кеңейтүүдөн баш тартты", news.Apart},
		{"ky", "Кыргызстан Россияга дрон жеткирүүнү токтоткон жок", news.Closer},
		{"uz", "O‘zbekiston Rossiyaga sanksiyalarni chetlab o‘tishda yordam berishdan bosh tortdi", news.Apart},
		{"uz", "Ўзбекистон Россияга дрон етказиб беришдан бош тортди", news.Apart},
		{"uz", "Toshkent Rossiyaning harbiy bazasini kengaytirish taklifini rad etdi", news.Apart},
		{"uz", "Tojikiston Rossiyaga dron yetkazganini rad etdi", news.Contested},
		{"uz", "Тожикистон Россияга дрон етказганлигини рад этди", news.Contested},
		{"ky", "Тажикстан Орусияга дрон жеткиргенин четке какты", news.Contested},
		{"tk", "Täjigistan Russiýa dron iberendigini ret etdi", news.Contested},
		{"uz", "Tojikiston Rossiyaga dron yetkazishni rad etdi", news.Apart},
		{"tg", "Тоҷикистон аз интиқоли дрон ба Русия даст кашид", news.Apart},
		{"tg", "Содироти микросхема аз Тоҷикистон ба Русия қатъ шуд", news.Apart},
		{"tg", "Тоҷикистон интиқоли дрон ба Русияро қатъ накард", news.Closer},
		{"tk", "Türkmenistan Russiýa dron ibermekden ýüz öwürdi", news.Apart},
		{"tk", "Türkmenistan Russiýa mikroçip eksportyny bes etdi", news.Apart},
		{"tk", "Türkmenistan Russiýa dron ibermegi bes etmedi", news.Closer},
	})
}

// TestWithheldInTheTitle: a retelling of what the title says is refused isn't
// told as done.
func TestWithheldInTheTitle(t *testing.T) {
	e, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	hits := e.Flag(text.Read("Kyrgyz exchange refuses to sell chips to Russia", "Moscow had asked Kyrgyzstan to sell chips to Russia.", "en"), rules.About{})
	var got []string
	for _, h := range hits {
		got = append(got, h.Signal+" "+string(h.Direction))
	}
	if s := strings.Join(got, ", "); s != "G2 apart" {
		t.Errorf("got %s, want G2 apart", s)
	}
}

// TestWhatOnlyLooksLikeIt: works that tell of an act, a customer's own card,
// toys; and what is told in words of its own.
func TestWhatOnlyLooksLikeIt(t *testing.T) {
	e, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ lang, title, want string }{
		{"en", "A novel about Kyrgyzstan leaving the CSTO is on sale", ""},
		{"ru", "В Бишкеке показали фильм о том, как Киргизия выходит из ОДКБ", ""},
		{"en", "An exhibition about Russian schools opened in Tashkent", ""},
		{"en", "Mir card of a visitor to Uzbekistan blocked: he had entered the wrong PIN", ""},
		{"ru", "Банкомат в Ташкенте заблокировал карту Мир: турист забыл пин-код", ""},
		{"en", "Kazakhstan sends toy drones to Russia for a festival", ""},
		{"en", "Kazakhstan's president skips Victory parade in Moscow", "C4"},
		{"ru", "Жапаров не поедет на парад Победы в Москву", "C4"},
		{"en", "Kyrgyz firm ships jammers to Russia", "G2"},
		{"en", "Kazakhstan's microchips were delivered to Votkinsk", "G2"},
		{"ru", "Микросхемы из Казахстана вывозят в Воткинск", "G2"},
		{"kk", "Қазақстан Ижевскіге микрочип жөнелтті", "G2"},
		{"uz", "O‘zbekiston rus telekanallarini yopdi", "D8"},
		{"ky", "Кыргызстан орус телеканалдарын жапты", "D8"},
		{"tk", "Türkmenistan Russiýanyň telekanallaryny ýapdy", "D8"},
	} {
		var got []string
		for _, h := range e.Flag(text.Read(c.title, "", c.lang), rules.About{}) {
			if !h.Background {
				got = append(got, h.Signal)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s\ngot  %q\nwant %q", c.title, s, c.want)
		}
	}
}

// TestTurnedTitle: a hit that points the other way than its signal is told in
// words that fit it, a denial in the signal's own.
func TestTurnedTitle(t *testing.T) {
	e, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		title     string
		direction news.Direction
		want      string
	}{
		{"Kazakhstan supplied drones to Russia", news.Closer, "Drones or their parts go to Russia"},
		{"Kazakhstan refused to supply drones to Russia", news.Apart, "Drones or their parts are kept from Russia"},
		{"Kazakhstan's ministry denied that drones were made and sold to Russia", news.Contested, "Deliveries of military goods are denied"},
	} {
		hits := e.Flag(text.Read(c.title, "", "en"), rules.About{})
		if len(hits) != 1 || hits[0].Direction != c.direction || hits[0].Title != c.want {
			t.Errorf("%s: got %+v, want one hit, %s, titled %q", c.title, hits, c.direction, c.want)
		}
	}
}

// TestJoining: who won't join sanctions on Russia moves closer, in every language.
func TestJoining(t *testing.T) {
	e, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	for lang, title := range map[string]string{
		"en": "Kazakhstan declines to join sanctions against Russia",
		"ru": "Казахстан не станет присоединяться к санкциям против России",
		"kk": "Қазақстан Ресейге қарсы санкцияларға қосылудан бас тартты",
		"ky": "Кыргызстан Орусияга каршы санкцияларга кошулбайт",
		"uz": "O‘zbekiston Rossiyaga qarshi sanksiyalarga qo‘shilmaydi",
		"tg": "Тоҷикистон ба таҳримҳо алайҳи Русия ҳамроҳ намешавад",
		"tk": "Türkmenistan Russiýa garşy sanksiýalara goşulmakdan ýüz öwürdi",
	} {
		hits := e.Flag(text.Read(title, "", lang), rules.About{})
		if len(hits) != 1 || hits[0].Signal != "S9" || hits[0].Direction != news.Closer {
			t.Errorf("%s: %s: got %+v, want S9, closer", lang, title, hits)
		}
	}
}
