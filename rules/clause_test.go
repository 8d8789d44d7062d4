package rules_test

import (
	"fmt"
	"testing"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/text"
)

// TestTwoCountriesInOneSentence: words that set one country against another part
// what they do, in each language.
func TestTwoCountriesInOneSentence(t *testing.T) {
	e, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ lang, title, want string }{
		{"en", "Kazakhstan banned drone exports to Russia, but Kyrgyzstan supplied microchips to Russia", "[{KZ apart} {KG closer}]"},
		{"en", "Kazakhstan banned drone exports to Russia; Kyrgyzstan supplied microchips to Russia", "[{KZ apart} {KG closer}]"},
		{"ru", "Казахстан запретил вывоз дронов в Россию, а Кыргызстан поставляет микрочипы в Россию", "[{KZ apart} {KG closer}]"},
		{"kk", "Қазақстан Ресейге дрон шығаруға тыйым салды, ал Қырғызстан Ресейге микрочип жеткізді", "[{KZ apart} {KG closer}]"},
		{"kk", "Қазақстан Ресейге дрон шығаруға тыйым салды, Қырғызстан болса Ресейге микрочип жеткізді", "[{KZ apart} {KG closer}]"},
		{"ky", "Казакстан Орусияга дрон чыгарууга тыюу салды, ал эми Кыргызстан Орусияга микрочип жеткирди", "[{KZ apart} {KG closer}]"},
		{"ky", "Казакстан Орусияга дрон чыгарууга тыюу салды, Кыргызстан болсо Орусияга микрочип жеткирди", "[{KZ apart} {KG closer}]"},
		{"uz", "Qozog‘iston Rossiyaga dron eksportini taqiqladi, Qirg‘iziston esa Rossiyaga mikrochip yetkazib berdi", "[{KZ apart} {KG closer}]"},
		{"uz", "Қозоғистон Россияга дрон экспортини тақиқлади, Қирғизистон эса Россияга микрочип етказиб берди", "[{KZ apart} {KG closer}]"},
		{"tg", "Қазоқистон содироти дронро ба Русия манъ кард, Қирғизистон бошад ба Русия микрочип фиристод", "[{KZ apart} {KG closer}]"},
		{"tk", "Gazagystan Russiýa dron eksportyny gadagan etdi, Gyrgyzystan bolsa Russiýa mikroçip iberdi", "[{KZ apart} {KG closer}]"},
		{"tk", "Gazagystan Russiýa dron eksportyny gadagan etdi, welin Gyrgyzystan Russiýa mikroçip iberdi", "[{KZ apart} {KG closer}]"},
		{"en", "China supplies drones to Russia; Kazakhstan watches", "[]"},
		{"en", "China supplies drones to Russia, while Kazakhstan looks on", "[]"},
		{"ru", "Китай поставляет дроны в Россию, а Казахстан наблюдает", "[]"},
		{"en", "China supplies drones to Russia through Kazakhstan", "[{KZ closer}]"},
		{"en", "US sanctions Kyrgyz bank over Russia; Bishkek protests", "[{KG closer}]"},
	} {
		if got := fmt.Sprint(news.Overall(e.Flag(text.Read(c.title, "", c.lang), rules.About{}))); got != c.want {
			t.Errorf("%s: %s, want %s", c.title, got, c.want)
		}
	}
}

// TestDoerAtHome: who is named with the place where it is at home is not that
// place's government.
func TestDoerAtHome(t *testing.T) {
	e, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lang, title string
		want        news.Actor
	}{
		{"en", "Kazakhstan ships drones to Russia", news.ActorGovernment},
		{"en", "Trading house in Almaty ships drones to Russia", news.ActorCompany},
		{"en", "Kazakh trading house ships drones to Russia", news.ActorCompany},
		{"en", "A family in Kazakhstan ships drones to Russia", ""},
		{"ru", "Казахстан поставил дроны в Россию", news.ActorGovernment},
		{"ru", "Торговый дом из Казахстана поставил микрочипы в Россию", news.ActorCompany},
		{"ru", "Семья из Казахстана поставила дроны в Россию", ""},
		{"ru", "В Казахстане запретили вывоз дронов в Россию", news.ActorGovernment},
	} {
		hits := e.Flag(text.Read(c.title, "", c.lang), rules.About{})
		if len(hits) == 0 {
			t.Errorf("nothing found in %s", c.title)
			continue
		}
		if hits[0].Actor != c.want {
			t.Errorf("%s: by %q, want %q", c.title, hits[0].Actor, c.want)
		}
	}
}
