package rules_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/rules/theme"
	"driftwatch/text"
)

// TestEventsInEachLanguage holds the embedded words for status and actor to a
// few sentences in each language, whatever signal finds them.
func TestEventsInEachLanguage(t *testing.T) {
	e, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lang, title string
		status      news.Status
		actor       news.Actor
	}{
		{"en", "Kyrgyz president signs decree: CSTO exercise cancelled", news.StatusDecided, news.ActorHead},
		{"en", "Kyrgyz lawmaker proposes to cancel CSTO exercise", news.StatusProposed, news.ActorMember},
		{"en", "Activists urge Kyrgyzstan to cancel CSTO exercise", news.StatusDemanded, news.ActorSociety},
		{"en", "Kyrgyzstan will cancel CSTO exercise, defence ministry says", news.StatusAnnounced, news.ActorGovernment},
		{"en", "Kyrgyzstan cancels CSTO exercise", news.StatusHappened, news.ActorGovernment},
		{"ru", "Президент Кыргызстана решил отменить учения ОДКБ", news.StatusDecided, news.ActorHead},
		{"ru", "Депутат парламента Кыргызстана предложил отменить учения ОДКБ", news.StatusProposed, news.ActorMember},
		{"ru", "Парламент Кыргызстана предложил отменить учения ОДКБ", news.StatusProposed, news.ActorParliament},
		{"en", "Kyrgyz deputy minister says CSTO exercise is cancelled", news.StatusHappened, news.ActorGovernment},
		{"ru", "Активисты в Кыргызстане призвали отменить учения ОДКБ", news.StatusDemanded, news.ActorSociety},
		{"ru", "Минобороны Кыргызстана отменило учения ОДКБ", news.StatusHappened, news.ActorGovernment},
		{"kk", "Қазақстан президенті ҰҚШҰ жаттығуын тоқтату туралы шешім қабылдады", news.StatusDecided, news.ActorHead},
		{"kk", "Қазақстан қорғаныс министрлігі ҰҚШҰ жаттығуына қатысудан бас тартты", news.StatusHappened, news.ActorGovernment},
		{"ky", "Кыргызстандын депутаты ЖККУ машыгуусун токтотууну сунуштады", news.StatusProposed, news.ActorMember},
		{"ky", "Кыргызстандын коргоо министрлиги ЖККУ машыгуусунан баш тартты", news.StatusHappened, news.ActorGovernment},
		{"uz", "O‘zbekiston deputati KXShT mashg‘ulotini bekor qilishni taklif qildi", news.StatusProposed, news.ActorMember},
		{"uz", "O‘zbekiston mudofaa vazirligi KXShT mashg‘ulotini bekor qildi", news.StatusHappened, news.ActorGovernment},
		{"tg", "Вазорати мудофиаи Тоҷикистон аз иштирок дар машқи СААД даст кашид", news.StatusHappened, news.ActorGovernment},
		{"tk", "Türkmenistanyň goranmak ministrligi KHYG maslahatyna gatnaşmady", news.StatusHappened, news.ActorGovernment},
	} {
		hits := e.Flag(text.Read(c.title, "", c.lang), rules.About{})
		if len(hits) == 0 {
			t.Errorf("%s: nothing found in %s", c.lang, c.title)
			continue
		}
		if h := hits[0]; h.Status != c.status || h.Actor != c.actor {
			t.Errorf("%s\ngot  %s by %q (%s)\nwant %s by %q", c.title, h.Status, h.Actor, h.Signal, c.status, c.actor)
		}
	}
}

// TestVerifiedByListsAlone: the embedded packs have lists of verified terms, beside
// which a concept's word on its languages says nothing.
func TestVerifiedByListsAlone(t *testing.T) {
	packs, err := theme.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	for id, c := range packs.Concepts {
		if len(c.Unverified) > 0 {
			t.Errorf("@%s says unverified, and the lists say what is", id)
		}
	}
}

// TestQuoteInAnotherLanguage finds what only a paragraph in another language than
// the article's says.
func TestQuoteInAnotherLanguage(t *testing.T) {
	e, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	const russian = "Журналисты спросили министра о том, как идут дела в области образования и здравоохранения, и он подробно рассказал о планах на будущий год."
	const kazakh = "«Қазақстан қорғаныс министрлігі ҰҚШҰ жаттығуына қатысудан бас тартты, бұл туралы шешім бұрын қабылданған», — деді ол өз сөзінде."
	r := text.Read("Министр ответил журналистам", russian+"\n\n"+kazakh+"\n\n"+russian, "ru")
	if r.Lang != "ru" {
		t.Fatalf("read as %s", r.Lang)
	}
	for _, h := range e.Flag(r, rules.About{}) {
		if h.Theme == "csto" && h.Direction == news.Apart {
			return
		}
	}
	t.Error("the Kazakh quote isn't read with Kazakh terms")
}

// TestEmbeddedPacksAreSound runs the embedded signals' own tests, and looks for
// signals that can't match what they claim.
func TestEmbeddedPacksAreSound(t *testing.T) {
	r, err := rules.Check(nil, rules.From(0), configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		if f.Error {
			t.Errorf("%s:%d: %s: %s", f.File, f.Line, f.Name, f.Message)
		}
	}
	t.Logf("tests: %d of %d pass; of the unseen third %d of %d", r.Seen.Passed, r.Seen.Tests, r.Unseen.Passed, r.Unseen.Tests)
}

// TestAskedForConceptsAreThere: what the engine asks for by its name is in the
// embedded lexicon.
func TestAskedForConceptsAreThere(t *testing.T) {
	packs, err := theme.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range rules.AskedFor() {
		if packs.Concepts[id] == nil {
			t.Errorf("the lexicon has no @%s", id)
		}
	}
}

// TestReadIsFlagAndPlaces: what is flagged comes with its places, what isn't with
// none.
func TestReadIsFlagAndPlaces(t *testing.T) {
	e, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		title   string
		flagged bool
	}{
		{"Kyrgyzstan cancels CSTO exercise near Bishkek", true},
		{"CSTO members met in Bishkek", false},
		{"Rain in Bishkek", false},
	} {
		r := text.Read(c.title, "", "en")
		hits, places := e.Read(r, rules.About{})
		if len(hits) > 0 != c.flagged || !reflect.DeepEqual(hits, e.Flag(r, rules.About{})) {
			t.Errorf("%s: %+v", c.title, hits)
		}
		want := e.Places(r)
		if len(want) == 0 {
			t.Errorf("%s: no places", c.title)
		}
		if !c.flagged {
			want = nil
		}
		if !reflect.DeepEqual(places, want) {
			t.Errorf("%s: places %+v, want %+v", c.title, places, want)
		}
		for _, p := range places {
			if p.City != (p.Title && p.First == 5) {
				t.Errorf("%s: %+v", c.title, p)
			}
		}
	}
}

// TestMixed tells articles that report two acts of a country, one each way, from
// those that report one.
func TestMixed(t *testing.T) {
	e, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ lang, title, body, want string }{
		{"en", "Kyrgyz news of the week", "Bishkek-based Tulpar Bank will stop accepting Mir cards from Monday, its management said. The Kyrgyz government signed an order that widens supplies of machine tools to Russia.", "[{KG mixed}]"},
		{"en", "Dala Bank of Kazakhstan stops Mir cards", "The lender gave customers two weeks. Rain fell in Almaty. Separately, the Kazakh government approved a plan to increase deliveries of microchips to Russian plants.", "[{KZ mixed}]"},
		{"en", "Kyrgyzstan skips CSTO drill", "Kyrgyzstan refused to send troops to the CSTO exercise, but its government increased deliveries of microchips to Russia.", "[{KG mixed}]"},
		{"en", "Dala Bank of Kazakhstan stops Mir cards", "Dala Bank of Kazakhstan stopped Mir cards on Monday. The Kazakh government denied that it would increase deliveries of microchips to Russia.", "[{KZ apart}]"},
		{"en", "Kazakh bank stops Mir cards", "Dala Bank of Kazakhstan stopped Mir cards on Monday. The Kyrgyz government increased deliveries of microchips to Russia.", "[{KZ apart} {KG closer}]"},
		{"ru", "Казахстан: итоги недели", "Казахстанский банк «Дала» перестал принимать карты «Мир». Власти Казахстана открыли в Павлодаре новую русскую школу при поддержке Москвы.", "[{KZ mixed}]"},
		{"ru", "Казахстанский банк отключил «Мир»", "Банк «Дала» в Казахстане прекратил обслуживание карт «Мир». В 2015 году Казахстан открыл новую русскую школу при поддержке Москвы.", "[{KZ apart}]"},
		{"kk", "Апта жаңалықтары", "Қазақстандық «Дала» банкі «Мир» карталарын қабылдауды тоқтатты. Қазақстан үкіметі Ресейге микрочип жеткізуді көбейтті.", "[{KZ mixed}]"},
		{"kk", "Орал кеденшілері Ресейге бет алған төрт жүк көлігін кері қайтарды", "Көліктерде санкция салынған жапон білдектері болған.", "[{KZ apart}]"},
		{"ky", "Жуманын жаңылыктары", "Кыргызстандык «Тулпар» банкы «Мир» карталарын тейлөөнү токтотту. Кыргызстан өкмөтү Орусияга микрочип жеткирүүнү көбөйттү.", "[{KG mixed}]"},
		{"uz", "Hafta yangiliklari", "O‘zbekistondagi “Navro‘z” banki “Mir” kartalarini qabul qilishni to‘xtatdi. O‘zbekiston hukumati Rossiyaga mikrochiplar yetkazib berishni ko‘paytirdi.", "[{UZ mixed}]"},
		{"tg", "Хабарҳои ҳафта", "Бонки тоҷикистонии «Наврӯз» қабули кортҳои «Мир»-ро қатъ кард. Ҳукумати Тоҷикистон содироти микрочипҳоро ба Русия зиёд кард.", "[{TJ mixed}]"},
		{"tk", "Hepdäniň habarlary", "Türkmenistanyň «Bahar» banky «Mir» kartlaryny kabul etmegi bes etdi. Türkmenistanyň hökümeti Russiýa mikroçip ibermegi artdyrdy.", "[{TM mixed}]"},
		{"tk", "Aşgabat KHYG-nyň çakylygyny kabul etmedi", "Çakylyk Moskwadan baharda gelipdi.", "[{TM apart}]"},
	} {
		about := rules.About{Date: time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)}
		hits := e.Flag(text.Read(c.title, c.body, c.lang), about)
		if got := fmt.Sprint(news.Overall(hits)); got != c.want {
			t.Errorf("%s | %s\ngot  %s by %s\nwant %s", c.title, c.body, got, brief(hits), c.want)
		}
	}
}
