package rules_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/text"
)

// small compiles the pack of testdata, which no change of the embedded packs
// touches.
func small(tb testing.TB) *rules.Engine {
	tb.Helper()
	e, err := rules.Load(os.DirFS("testdata/pack"))
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

// brief puts hits in a line: signal, direction, countries, level, and what of
// status and actor isn't the usual; a hit of the background in parentheses.
func brief(hits []news.Hit) string {
	var all []string
	for _, h := range hits {
		s := fmt.Sprintf("%s %s %s %d", h.Signal, h.Direction, strings.Join(h.Countries, "+"), h.Level)
		if h.Status != news.StatusHappened {
			s += " " + string(h.Status)
		}
		if h.Background {
			s = "(" + s + ")"
		}
		all = append(all, s)
	}
	return strings.Join(all, "; ")
}

// article is a text with what is to be found in it.
type article struct {
	name, title, body string
	want              string
}

func check(t *testing.T, about rules.About, lang string, cases []article) {
	t.Helper()
	e := small(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			hits := e.Flag(text.Read(c.title, c.body, lang), about)
			if got := brief(hits); got != c.want {
				t.Errorf("%s | %s\ngot  %s\nwant %s", c.title, c.body, got, c.want)
			}
		})
	}
}

// filler is a sentence that says nothing, so often that the text is long.
func filler(n int) string { return strings.Repeat("Nothing else was of note that day. ", n) }

func TestFinding(t *testing.T) {
	check(t, rules.About{}, "en", []article{
		{"a title", "Kyrgyzstan cancels CSTO drill", "", "CANCELS apart KG 4"},
		{"a sentence of the text", "", "Rain fell. Kyrgyzstan cancels CSTO drill. It rained on.", "CANCELS apart KG 4"},
		{"two neighbours", "", "The CSTO was told on Monday. Kyrgyzstan cancels the drill.", "CANCELS apart KG 4"},
		{"the title counts with the first sentence", "The CSTO is told", "Kyrgyzstan cancels the drill.", "CANCELS apart KG 4"},
		{"not with the second", "The CSTO is told", "Rain fell. Kyrgyzstan cancels the drill.", ""},
		{"neighbours of two paragraphs are none", "", "The CSTO was told.\n\nKyrgyzstan cancels the drill.", ""},
		{"words too far apart", "", "Kyrgyzstan cancels what it had for so very many long years been pleased to call a CSTO drill.", "(LEFTOVER none KG 1)"},
		{"no country", "", "The CSTO cancels a drill.", ""},
		{"the title's country", "News of Kyrgyzstan", "Rain fell. The CSTO drill was cancelled.", "CANCELS apart KG 4"},
		{"a short text's country", "", "The CSTO drill was cancelled. Rain fell. It was cold. Kyrgyzstan was calm.", "CANCELS apart KG 4"},
		{"the nearest sentence's country", "", "Kazakhstan was calm. Rain fell. It was cold. The CSTO drill was cancelled. Rain fell. Kyrgyzstan was calm.", "CANCELS apart KG 4"},
		{"both where they are equally near", "", "Kazakhstan was calm. The CSTO drill was cancelled. Kyrgyzstan was calm.", "CANCELS apart KZ+KG 4"},
		{"nothing at all", "", "", ""},
		{"two themes", "Kyrgyzstan cancels CSTO drill and bans drones bound for Russia", "", "CANCELS apart KG 4; BANS apart KG 4"},
		{"two countries share a hit", "Kazakhstan and Kyrgyzstan cancel CSTO drill", "", "CANCELS apart KZ+KG 4"},
		{"the most named country first", "Kyrgyzstan and Kazakhstan cancel CSTO drill, says Kyrgyzstan", "", "CANCELS apart KG+KZ 4"},
	})
}

func TestLongTexts(t *testing.T) {
	check(t, rules.About{}, "en", []article{
		{"one place is background", "", "Kyrgyzstan cancels CSTO drill. " + filler(20), "(CANCELS apart KG 4)"},
		{"two places aren't", "", "Kyrgyzstan cancels CSTO drill. " + filler(20) + "Kyrgyzstan cancels another CSTO drill.", "CANCELS apart KG 4"},
		{"the country must be in the evidence", "", "Kyrgyzstan was calm. " + filler(20) + "The CSTO drill was cancelled.", ""},
		{"or in the title", "News of Kyrgyzstan", filler(20) + "The CSTO drill was cancelled.", "(CANCELS apart KG 4)"},
		{"the tie must be beside it", "", "Russia was calm. " + filler(20) + "Kyrgyzstan bans drones.", ""},
		{"a sentence away is beside it", "", filler(20) + "Moscow objects. Kyrgyzstan bans drones.", "(BANS apart KG 4)"},
		{"two sentences away isn't", "", filler(20) + "Moscow objects. Rain fell. It was cold. Kyrgyzstan bans drones.", ""},
	})
}

func TestTie(t *testing.T) {
	check(t, rules.About{}, "en", []article{
		{"Russia is named", "", "Kyrgyzstan bans drones. Moscow was told.", "BANS apart KG 4"},
		{"a concept ties", "", "Kyrgyzstan renamed streets with Soviet names.", "RENAMES apart KG 3"},
		{"nothing ties", "", "Kyrgyzstan bans drones.", ""},
		{"the signal implies it", "", "Kyrgyzstan cancels CSTO drill.", "CANCELS apart KG 4"},
		{"anywhere in a short text", "", "Kyrgyzstan bans drones. " + filler(8) + "Russia was calm.", "BANS apart KG 4"},
	})
}

func TestWho(t *testing.T) {
	check(t, rules.About{}, "en", []article{
		{"a list of members is nobody", "", "Armenia, Belarus, Kazakhstan, Kyrgyzstan, Russia and Tajikistan are members. A CSTO drill was cancelled.", ""},
		{"beside who acts", "", "Kyrgyzstan cancels a drill of the CSTO, whose members are Armenia, Belarus, Kazakhstan, Russia and Tajikistan.", "CANCELS apart KG 4"},
		{"three names are no list", "", "Kazakhstan, Kyrgyzstan and Tajikistan cancel CSTO drill.", "CANCELS apart KZ+KG+TJ 4"},
		{"five watched names without Russia are no list", "", "Kazakhstan, Kyrgyzstan, Tajikistan, Turkmenistan and Uzbekistan ban drones. Russia was told.", "BANS apart KZ+KG+UZ+TJ+TM 4"},
		{"a venue is nobody where somebody is named", "Kazakhstan cancels CSTO drill at summit in Bishkek", "", "CANCELS apart KZ 4"},
		{"a host is nobody where who stays away is named", "", "Kazakhstan cancels CSTO drill in Tajikistan.", "CANCELS apart KZ 4"},
		{"whose soil it is is nobody where who stays away is named", "", "Kazakhstan cancels CSTO drill on Tajik soil.", "CANCELS apart KZ 4"},
		{"near a host's town, too", "", "Kazakhstan cancels CSTO drill near Dushanbe.", "CANCELS apart KZ 4"},
		{"who cancels on its own soil acts", "", "Kyrgyzstan cancels CSTO drill on Kyrgyz soil.", "CANCELS apart KG 4"},
		{"a host alone cancels", "", "CSTO drill in Tajikistan is cancelled.", "CANCELS apart TJ 4"},
		{"a venue gives way to who is named behind it", "", "A CSTO drill was cancelled at the summit in Bishkek. Kazakhstan joined late.", "CANCELS apart KZ 4"},
		{"a venue nearer than who is named", "", "The CSTO drill was cancelled. There was a summit in Bishkek. Kazakhstan was sorry.", "CANCELS apart KZ 4"},
		{"a venue alone acts", "", "A CSTO drill was cancelled at the summit in Bishkek. Rain fell.", "CANCELS apart KG 4"},
		{"a venue and who is named in the title", "Kyrgyzstan at odds", "A CSTO drill was cancelled at the summit in Bishkek. Kazakhstan joined late.", "CANCELS apart KG 4"},
		{"a capital that speaks is its country", "Bishkek cancels CSTO drill", "", "CANCELS apart KG 4"},
		{"a dateline is nobody where somebody is named", "", "BISHKEK, 4 May. Kazakhstan cancels CSTO drill.", "CANCELS apart KZ 4"},
		{"a third country's act", "Armenia cancels CSTO drill", "", ""},
		{"a third country's act beside a watched country", "Armenia cancels CSTO drill, Kazakhstan is silent", "", ""},
		{"a third country beside a watched one's act", "Armenia is silent as Kazakhstan cancels CSTO drill", "", "CANCELS apart KZ 4"},
		{"not X", "", "It was not Kazakhstan but Kyrgyzstan that cancelled the CSTO drill.", "CANCELS apart KG 4"},
		{"who prints is nobody", "", "Armenia cancelled the CSTO drill, Kazakh media reported.", ""},
		{"who prints is nobody where somebody is named", "", "Kazakh media write that Kyrgyzstan cancelled the CSTO drill.", "CANCELS apart KG 4"},
		{"outlets that do something themselves", "", "Kazakh media cancelled a show about the CSTO drill.", "CANCELS apart KZ 4"},
		{"goods from Russia", "", "Kazakhstan bans drones from Russia.", ""},
		{"goods from Russia and to it", "", "Kazakhstan bans drones from Russia and to Russia.", "BANS apart KZ 4"},
		{"who acts from outside", "", "Washington bans drones for Kazakhstan and Russia.", ""},
		{"Russia acts", "", "Russia bans drones of Kazakhstan.", ""},
	})
}

func TestHome(t *testing.T) {
	for _, c := range []struct {
		name  string
		about rules.About
		lang  string
		body  string
		want  string
	}{
		{"the outlet's country", rules.About{Country: "KZ"}, "en", "Soviet streets were renamed.", "RENAMES apart KZ 3"},
		{"the address's", rules.About{URL: "https://paper.example.kg/1"}, "en", "Soviet streets were renamed.", "RENAMES apart KG 3"},
		{"the language's", rules.About{}, "kk", "Кеңестік көше қайта аталды, деп хабарлады бүгін редакцияға жергілікті тұрғындар.", "RENAMES apart KZ 3"},
		{"nobody's in English", rules.About{Country: "INT"}, "en", "Soviet streets were renamed.", ""},
		{"another country's outlet", rules.About{Country: "DE"}, "en", "Soviet streets were renamed.", ""},
		{"a third country's streets", rules.About{Country: "KZ"}, "en", "Soviet streets were renamed in Armenia.", ""},
		{"not for acts that others do too", rules.About{Country: "KZ"}, "en", "The CSTO drill was cancelled.", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := brief(small(t).Flag(text.Read("", c.body, c.lang), c.about)); got != c.want {
				t.Errorf("%s\ngot  %s\nwant %s", c.body, got, c.want)
			}
		})
	}
}

// TestTurn: negation, denial, lifting, in the order in which a text turns its
// meaning.
func TestTurn(t *testing.T) {
	check(t, rules.About{}, "en", []article{
		{"negated", "", "Kyrgyzstan has not cancelled the CSTO drill.", "(LEFTOVER none KG 1)"},
		{"never", "", "Kyrgyzstan never cancelled the CSTO drill.", "(LEFTOVER none KG 1)"},
		{"not only", "", "Kyrgyzstan not only cancelled the CSTO drill.", "CANCELS apart KG 4"},
		{"negated through the verb that allows it", "", "Kyrgyzstan will not allow its own deputies to cancel the CSTO drill.", "(LEFTOVER none KG 1 announced)"},
		{"a subject of which nothing is true", "", "Not one of the four old generals in Kyrgyzstan cancelled the CSTO drill.", "(LEFTOVER none KG 1)"},
		{"not a single", "", "Not a single one of the generals in Kyrgyzstan cancelled the CSTO drill.", "(LEFTOVER none KG 1)"},
		{"none of them", "", "None of the four old generals in Kyrgyzstan cancelled the CSTO drill.", "(LEFTOVER none KG 1)"},
		{"one of them", "", "One of the four old generals in Kyrgyzstan cancelled the CSTO drill.", "CANCELS apart KG 4"},
		{"a negation that is nine words away", "", "Kyrgyzstan, not known for a love of the old bloc and its ways, has cancelled the CSTO drill.", "CANCELS apart KG 4"},
		{"a negation of the clause before", "", "It was no surprise, Kyrgyzstan cancelled the CSTO drill.", "CANCELS apart KG 4"},
		{"denied", "Kyrgyzstan denies that it cancelled CSTO drill", "", "CANCELS contested KG 4 denied"},
		{"the denial isn't denied", "Kyrgyzstan does not deny that it cancelled CSTO drill", "", "CANCELS apart KG 4"},
		{"denied in the next sentence", "", "Kyrgyzstan cancelled the CSTO drill, a paper wrote. The ministry denied the report.", "CANCELS contested KG 4 denied"},
		{"denied behind but", "", "Kyrgyzstan cancelled the CSTO drill but denied any quarrel.", "CANCELS apart KG 4"},
		{"a title's denial reaches conduct", "Kazakhstan denies everything", "Rain fell. Kazakh firms shipped microchips to Russia.", "SHIPS contested KZ 3 denied"},
		{"a title's denial of the act reaches its retelling", "Tajikistan denies that it cancelled CSTO drill",
			"Rain fell. Tajikistan had cancelled a CSTO drill, the report said.", "CANCELS contested TJ 4 denied"},
		{"lifted", "", "Kazakhstan lifts ban on drones shipped to Russia.", "BANS closer KZ 4"},
		{"not lifted", "", "Kazakhstan does not lift ban on drones shipped to Russia.", "BANS apart KZ 4"},
	})
}

// TestTurnInEachLanguage: the same three sentences, an act, its negation and its
// denial, in each language.
func TestTurnInEachLanguage(t *testing.T) {
	e := small(t)
	for _, c := range []struct{ lang, act, negated, denied string }{
		{"en", "Kyrgyzstan cancelled the CSTO drill.", "Kyrgyzstan has not cancelled the CSTO drill.", "Kyrgyzstan denied that it cancelled the CSTO drill."},
		{"ru", "Кыргызстан отменил учения ОДКБ.", "Кыргызстан не отменил учения ОДКБ.", "Кыргызстан опроверг, что отменил учения ОДКБ."},
		{"kk", "Қырғызстан ҰҚШҰ жаттығуын тоқтатты.", "Қырғызстан ҰҚШҰ жаттығуын тоқтатпады.", "Қырғызстан ҰҚШҰ жаттығуын тоқтатты дегенді жоққа шығарды."},
		{"ky", "Кыргызстан ЖККУ машыгуусун токтотту.", "Кыргызстан ЖККУ машыгуусун токтоткон эмес.", "Кыргызстан ЖККУ машыгуусун токтотту дегенди төгүндөдү."},
		{"uz", "O‘zbekiston KXShT mashg‘ulotini bekor qildi.", "O‘zbekiston KXShT mashg‘ulotini bekor qilmadi.", "O‘zbekiston KXShT mashg‘uloti bekor qilinganini inkor etdi."},
		{"tg", "Тоҷикистон машқи СААД-ро бекор кард.", "Тоҷикистон машқи СААД-ро бекор накард.", "Тоҷикистон хабари бекор кардани машқи СААД-ро инкор кард."},
		{"tk", "Türkmenistan KHYG türgenleşigini ýatyrdy.", "Türkmenistan KHYG türgenleşigini ýatyrmady däl, ýatyrmaz.", "Türkmenistan KHYG türgenleşigini ýatyrandygyny inkär etdi."},
	} {
		t.Run(c.lang, func(t *testing.T) {
			for _, one := range []struct{ body, want string }{{c.act, "apart"}, {c.negated, "none"}, {c.denied, "contested"}} {
				hits := e.Flag(text.Read("", one.body, c.lang), rules.About{})
				if len(hits) != 1 || string(hits[0].Direction) != one.want {
					t.Errorf("%s\ngot  %s\nwant %s", one.body, brief(hits), one.want)
				}
			}
		})
	}
}

// TestBut: clauses on both sides of "but" are read apart.
func TestBut(t *testing.T) {
	check(t, rules.About{}, "en", []article{
		{"both acts", "Kyrgyzstan cancels CSTO drill but will host CSTO exercise", "", "CANCELS apart KG 4; HOSTS closer KG 2 announced"},
		{"an act and another's object", "Kyrgyzstan cancels concert but CSTO drill goes on", "", "(LEFTOVER none KG 1)"},
		{"a but that begins a sentence parts nothing", "", "But Kyrgyzstan cancels CSTO drill.", "CANCELS apart KG 4"},
		{"a semicolon", "", "Kyrgyzstan cancels CSTO drill; it hosts CSTO drill in spring.", "CANCELS apart KG 4; HOSTS closer KG 2"},
		{"an unless of the other clause", "", "Kyrgyzstan hosts CSTO drill, but ministers bid farewell.", "HOSTS closer KG 2"},
		{"two countries", "Kazakhstan bans drones to Russia but Uzbekistan ships drones to Russia", "", "BANS apart KZ 4; SHIPS closer UZ 3"},
		{"a clause without a country is the other's", "Kyrgyzstan cancels CSTO drill but will host CSTO exercise near Kazakhstan", "", "CANCELS apart KG 4; HOSTS closer KZ 2 announced"},
		{"a clause that names a country and no act", "Kyrgyzstan cancels CSTO drill, but Kazakhstan yawns", "", "CANCELS apart KG 4"},
		{"an unless of the other clause where this one has an act without an object", "", "Kazakhstan bans drones to Russia but it ships.", "BANS apart KZ 4"},
		{"the other clause's status", "Kyrgyzstan cancels CSTO drill but analysts yawn", "", "CANCELS apart KG 4"},
	})
	check(t, rules.About{}, "ru", []article{
		{"Russian", "Кыргызстан отменил учения ОДКБ, но примет учения ОДКБ весной", "", "CANCELS apart KG 4; HOSTS closer KG 2 announced"},
	})
}

func TestBeats(t *testing.T) {
	check(t, rules.About{}, "en", []article{
		{"the same evidence", "Kyrgyzstan cancels CSTO drill that it was to host", "", "CANCELS apart KG 4"},
		{"a specific signal over the residual one", "", "Kyrgyzstan hosts CSTO drill. The CSTO drill is long.", "HOSTS closer KG 2"},
		{"unless", "Kyrgyzstan hosts CSTO drill as a farewell", "", "(LEFTOVER none KG 1)"},
		{"a swallowed word is not there", "Kyrgyzstan hosts CSTO drill Long Farewell", "", "HOSTS closer KG 2"},
		{"two acts of one country in a short text", "", "Kazakhstan bans drones to Russia. Rain fell. Kazakhstan shipped drones to Russia.", "BANS apart KZ 4; SHIPS closer KZ 3"},
		{"what the same sentences say of one act", "", "Kazakhstan bans drones shipped to Russia.", "BANS apart KZ 4"},
		{"two signals of one act", "Kyrgyzstan cancels CSTO drill and bans drones and CSTO chips to Russia", "", "CANCELS apart KG 4; BANS apart KG 4"},
		{"two acts of two countries", "", "Kazakhstan bans drones to Russia. Rain fell. Uzbekistan shipped drones to Russia.", "BANS apart KZ 4; SHIPS closer UZ 3"},
	})
}

// TestOneActOneHit: what two signals of a theme tell of one act is told once.
func TestOneActOneHit(t *testing.T) {
	e, err := rules.Load(os.DirFS("testdata/pack"), pack(`
signals:
  - {id: STOPS, theme: dual-use, title: T, level: 3, direction: apart, when: "AFFIRMED(@ban) AND @to_russia"}
  - {id: THINGS, theme: dual-use, title: T, level: 2, direction: closer, when: "@goods NEAR/8 @to_russia"}
  - {id: DENIES, theme: dual-use, title: T, level: 2, direction: contested, when: "@deny NEAR/8 @ship"}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ body, want string }{
		{"Kazakhstan bans drones that go to Russia.", "BANS apart KZ 4"},
		{"Kazakhstan bans what goes to Russia.", "STOPS apart KZ 3"},
		{"Kazakhstan has drones that go to Russia.", "THINGS closer KZ 2"},
		{"Kazakhstan denies that its firms shipped drones to Russia.", "SHIPS contested KZ 3 denied"},
		{"Kazakhstan bans drones to Russia, and it bans what goes to Russia.", "BANS apart KZ 4"},
		{"Kazakhstan bans drones to Russia. Uzbekistan bans what goes to Russia.", "BANS apart KZ 4; STOPS apart UZ 3"},
	} {
		if got := brief(e.Flag(text.Read("", c.body, "en"), rules.About{})); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.body, got, c.want)
		}
	}
}

// TestStatusAndLevel: the level is that of an act that happened, less for what
// is only proposed, demanded or believed, and for who can't decide.
func TestStatusAndLevel(t *testing.T) {
	e := small(t)
	for _, c := range []struct {
		lang, body string
		status     news.Status
		actor      news.Actor
		level      int
	}{
		{"en", "Kyrgyzstan cancelled the CSTO drill.", news.StatusHappened, news.ActorGovernment, 4},
		{"en", "The president of Kyrgyzstan ordered the CSTO drill cancelled.", news.StatusDecided, news.ActorHead, 4},
		{"en", "The ministry said Kyrgyzstan will cancel the CSTO drill.", news.StatusAnnounced, news.ActorGovernment, 4},
		{"en", "Kyrgyzstan's parliament proposed to cancel the CSTO drill.", news.StatusProposed, news.ActorParliament, 3},
		{"en", "Activists in Kyrgyzstan urged the army to cancel the CSTO drill.", news.StatusDemanded, news.ActorSociety, 2},
		{"en", "An analyst said Kyrgyzstan cancelled the CSTO drill.", news.StatusOpinion, news.ActorGovernment, 2},
		{"en", "A lawmaker in Kyrgyzstan cancelled the CSTO drill.", news.StatusHappened, news.ActorMember, 3},
		{"en", "A company in Kyrgyzstan shipped microchips to Russia.", news.StatusHappened, news.ActorCompany, 3},
		{"en", "Kyrgyzstan's central bank banned drones to Russia.", news.StatusHappened, news.ActorBank, 4},
		{"en", "Ulken Bank of Kyrgyzstan banned drones to Russia.", news.StatusHappened, news.ActorBank, 4},
		{"en", "The Tian Bank of Kyrgyzstan banned drones to Russia.", news.StatusHappened, news.ActorCompany, 4},
		{"en", "The Kremlin said Kyrgyzstan cancelled the CSTO drill.", news.StatusHappened, news.ActorForeigner, 4},
		{"en", "On 9 May Kyrgyzstan cancelled the CSTO drill.", news.StatusHappened, news.ActorGovernment, 4},
		{"ru", "Кыргызстан отменит учения ОДКБ.", news.StatusAnnounced, news.ActorGovernment, 4},
		{"ru", "Кыргызстан отменяет учения ОДКБ.", news.StatusHappened, news.ActorGovernment, 4},
		{"ru", "Казахстан ввел запрет дронов в Россию.", news.StatusHappened, news.ActorGovernment, 4},
		{"kk", "Қазақстан ҰҚШҰ жаттығуын тоқтатады.", news.StatusAnnounced, news.ActorGovernment, 4},
		{"kk", "Қазақстан ҰҚШҰ жаттығуын тоқтатты.", news.StatusHappened, news.ActorGovernment, 4},
		{"ky", "Кыргызстан ЖККУ машыгуусун токтотот.", news.StatusAnnounced, news.ActorGovernment, 4},
		{"ky", "Кыргызстан ЖККУ машыгуусун токтотту.", news.StatusHappened, news.ActorGovernment, 4},
		{"uz", "O‘zbekiston KXShT mashg‘ulotini bekor qiladi.", news.StatusAnnounced, news.ActorGovernment, 4},
		{"uz", "O‘zbekiston KXShT mashg‘ulotini bekor qilmoqchi.", news.StatusAnnounced, news.ActorGovernment, 4},
		{"uz", "O‘zbekiston KXShT mashg‘ulotini bekor qildi.", news.StatusHappened, news.ActorGovernment, 4},
		{"tk", "Türkmenistan KHYG türgenleşigini ýatyrjak.", news.StatusAnnounced, news.ActorGovernment, 4},
		{"tk", "Türkmenistan KHYG türgenleşigini ýatyrdy.", news.StatusHappened, news.ActorGovernment, 4},
		{"en", "Kyrgyzstan denied that it cancelled the CSTO drill.", news.StatusDenied, news.ActorGovernment, 4},
		{"ru", "Президент Кыргызстана решил отменить учения ОДКБ.", news.StatusDecided, news.ActorHead, 4},
		{"ru", "Депутат в Кыргызстане предложил отменить учения ОДКБ.", news.StatusProposed, news.ActorMember, 3},
		{"ru", "Эксперт сказал, что Кыргызстан отменил учения ОДКБ.", news.StatusOpinion, news.ActorGovernment, 2},
		{"kk", "Қазақстан президенті ҰҚШҰ жаттығуын тоқтатуды шешті.", news.StatusDecided, news.ActorHead, 4},
		{"ky", "Кыргызстандын депутаты ЖККУ машыгуусун токтотууну сунуштады.", news.StatusProposed, news.ActorMember, 3},
		{"uz", "O‘zbekiston parlamenti KXShT mashg‘ulotini bekor qilishni taklif qildi.", news.StatusProposed, news.ActorParliament, 3},
		{"tg", "Тоҷикистон қарор кард, ки машқи СААД-ро бекор кунад ва бекор кард.", news.StatusDecided, news.ActorGovernment, 4},
		{"tk", "Türkmenistanyň ministrligi KHYG türgenleşigini ýatyrmagy teklip etdi.", news.StatusProposed, news.ActorGovernment, 3},
	} {
		hits := e.Flag(text.Read("", c.body, c.lang), rules.About{})
		if len(hits) != 1 {
			t.Errorf("%s\n%d hits: %s", c.body, len(hits), brief(hits))
			continue
		}
		if h := hits[0]; h.Status != c.status || h.Actor != c.actor || h.Level != c.level {
			t.Errorf("%s\ngot  %s by %q, level %d\nwant %s by %q, level %d", c.body, h.Status, h.Actor, h.Level, c.status, c.actor, c.level)
		}
	}
}

// TestTextThatRepeatsItself: of a signal's places in a text so many are weighed and no
// more, whatever a page sends.
func TestTextThatRepeatsItself(t *testing.T) {
	hits := small(t).Flag(text.Read("", strings.Repeat("Kyrgyzstan cancelled the CSTO drill. ", 1000), "en"), rules.About{})
	if len(hits) != 1 || len(hits[0].Evidence) != 200 {
		t.Errorf("%d hits, %s; want one with 200 places", len(hits), brief(hits))
	}
}

// TestPast: what is told of the past beside the news is kept and not alerted.
func TestPast(t *testing.T) {
	check(t, rules.About{Date: time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)}, "en", []article{
		{"retold in the text", "News of Kyrgyzstan", "Rain fell. Last year Kyrgyzstan cancelled the CSTO drill.", "(CANCELS apart KG 4)"},
		{"a year long past", "News of Kyrgyzstan", "Rain fell. In 2014 Kyrgyzstan cancelled the CSTO drill.", "(CANCELS apart KG 4)"},
		{"a month of a year long past", "News of Kyrgyzstan", "Rain fell. In October 2014 Kyrgyzstan cancelled the CSTO drill.", "(CANCELS apart KG 4)"},
		{"a day of it", "News of Kyrgyzstan", "Rain fell. On 3 March 2014 Kyrgyzstan cancelled the CSTO drill.", "(CANCELS apart KG 4)"},
		{"what is named after a year", "News of Kyrgyzstan", "Rain fell. Kyrgyzstan cancelled the 2014 CSTO drill.", "CANCELS apart KG 4"},
		{"this year", "News of Kyrgyzstan", "Rain fell. In 2026 Kyrgyzstan cancelled the CSTO drill.", "CANCELS apart KG 4"},
		{"the news itself", "Kyrgyzstan cancels CSTO drill", "Rain fell. Last year Kyrgyzstan cancelled the CSTO drill.", "CANCELS apart KG 4"},
		{"last year is news in a title", "Last year Kyrgyzstan cancelled CSTO drill", "", "CANCELS apart KG 4"},
		{"a title of a year long past", "In 2014 Kyrgyzstan cancelled CSTO drill", "", "(CANCELS apart KG 4)"},
		{"and what its text retells", "How Kyrgyzstan cancelled CSTO drill in 2014", "Kyrgyzstan cancelled the CSTO drill.", "(CANCELS apart KG 4)"},
		{"the year of what the title's act is about", "Kyrgyzstan cancels CSTO drill agreed in 2014", "", "CANCELS apart KG 4"},
	})
}

// TestOrigin: conditions of the outlet, and names of a gazetteer.
func TestOrigin(t *testing.T) {
	e, err := rules.Load(os.DirFS("testdata/pack"), pack(`
off: [CANCELS, HOSTS, LEFTOVER, BANS, SHIPS, RENAMES]
signals:
  - {id: RU, theme: t, title: T, level: 1, direction: none, tie: implied, when: "@drill AND lang:ru"}
  - {id: UZ, theme: t, title: T, level: 1, direction: none, tie: implied, when: "@drill AND lang:uz"}
  - {id: STATE, theme: t, title: T, level: 1, direction: none, tie: implied, when: "@drill AND source.ownership:state AND NOT source.country:KG"}
  - {id: BANK, theme: t, title: T, level: 1, direction: none, tie: implied, when: "@drill NEAR/5 #steppe-bank"}
  - {id: NAME, theme: t, title: T, level: 1, direction: none, tie: implied, when: "@drill NEAR/5 #entity"}
`))
	if err != nil {
		t.Fatal(err)
	}
	english, other := "The drill of Steppe Bank in Kazakhstan went well.", "The drill in Kazakhstan went very well, it was said."
	bank := []rules.Named{{ID: "steppe-bank", First: 3, Last: 4}}
	for _, c := range []struct {
		name, lang, body string
		about            rules.About
		want, entities   string
	}{
		{"English", "en", other, rules.About{}, "", ""},
		{"Russian", "ru", "Учения в Казахстане прошли хорошо.", rules.About{}, "RU none KZ 1", ""},
		{"Uzbek in Cyrillic", "", "Қозоғистонда машғулот бўлди, деб ёзади бугун газета. Ўзбекистонда ҳам бўлди.", rules.About{}, "UZ none KZ 1", ""},
		{"a state's outlet", "en", other, rules.About{Ownership: "state", Country: "KZ"}, "STATE none KZ 1", ""},
		{"a state's outlet elsewhere", "en", other, rules.About{Ownership: "state", Country: "KG"}, "", ""},
		{"a name", "en", english, rules.About{Names: bank}, "BANK none KZ 1; NAME none KZ 1", "[steppe-bank]"},
		{"another name", "en", english, rules.About{Names: []rules.Named{{ID: "other", First: 3, Last: 4}}}, "NAME none KZ 1", "[other]"},
		{"a name in a title", "en", "Rain fell.", rules.About{Names: []rules.Named{{ID: "other", Title: true, First: 0, Last: 0}}}, "", ""},
		{"words that the text doesn't have", "en", english, rules.About{Names: []rules.Named{{ID: "x", First: 90, Last: 91}, {ID: "x", First: -1, Last: 0}, {ID: "x", First: 2, Last: 1}}}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			hits := e.Flag(text.Read("", c.body, c.lang), c.about)
			if got := brief(hits); got != c.want {
				t.Errorf("%s\ngot  %s\nwant %s", c.body, got, c.want)
			}
			if c.entities != "" && (len(hits) == 0 || fmt.Sprint(hits[0].Entities) != c.entities) {
				t.Errorf("entities %v, want %s", hits, c.entities)
			}
		})
	}
}

func TestActsAndParts(t *testing.T) {
	hits := small(t).Flag(text.Read("Kazakhstan and Kyrgyzstan cancel CSTO drill", "", "en"), rules.About{})
	if len(hits) != 1 {
		t.Fatal(brief(hits))
	}
	h := hits[0]
	if got, want := fmt.Sprint(h.Acts), "[{KZ apart} {KG apart}]"; got != want {
		t.Errorf("acts %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(h.Parts), "[{signal 0.45} {lead 0.2} {country 0.2}]"; got != want {
		t.Errorf("parts %s, want %s", got, want)
	}
	for _, body := range []string{
		"Kyrgyzstan cancels CSTO drill. " + filler(20),
		"Kyrgyzstan cancels CSTO drill. " + filler(20) + "Kyrgyzstan cancels another CSTO drill.",
		"An analyst said Kyrgyzstan cancelled the CSTO drill.",
	} {
		for _, h := range small(t).Flag(text.Read("", body, "en"), rules.About{}) {
			sum := 0.0
			for _, p := range h.Parts {
				sum += p.Value
			}
			if d := sum - h.Score; d > 1e-9 || d < -1e-9 {
				t.Errorf("%.40s: the parts %v add up to %v, the score is %v", body, h.Parts, sum, h.Score)
			}
		}
	}
}
