package story_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"driftwatch/story"
	"driftwatch/text"
)

const (
	title = "Нацбанк оштрафовал «Арна Банк» за переводы в Россию"
	body  = `Национальный банк наложил на «Арна Банк» штраф в 40 млн тенге за переводы в Россию, которые банк провёл в обход правил. Об этом рассказала глава надзора Айгуль Сериковна Омарова на брифинге в Астане.

Проверка началась в марте, когда сразу три клиента банка перевели крупные суммы компаниям, попавшим в санкционные списки. По её словам, банк обязан был остановить эти платежи и сообщить о них в течение суток, но сделал это лишь через две недели.

В самом банке с решением согласны и намерены уплатить штраф до конца квартала. Там отметили, что усилили контроль и отказали в обслуживании двенадцати компаниям. Ранее регулятор проверил ещё пять банков и нарушений у них не нашёл.`
)

func read(title, body string) story.Print {
	return story.Fingerprint(text.Read(title, body, "ru"))
}

func Example() {
	here := read("Нацбанк оштрафовал «Арна Банк»", body)
	there := read("Штраф за переводы", "АСТАНА, 5 апр — Вестник. "+body+"\n\nПодписывайтесь на наш канал")
	other := read("Нацбанк оштрафовал «Дала Банк»", strings.ReplaceAll(body, "Арна", "Дала"))

	stored, _ := here.MarshalBinary() // as a store keeps it, under here.Keys()
	var known story.Print
	if err := known.UnmarshalBinary(stored); err != nil {
		fmt.Println(err)
	}
	score, same := story.Same(known, there)
	fmt.Printf("%.2f %t\n", score, same)
	score, same = story.Same(known, other)
	fmt.Printf("%.2f %t\n", score, same)
	// Output:
	// 1.00 true
	// 1.00 false
}

func TestSame(t *testing.T) {
	half := body[:strings.Index(body, "обязан был")]
	english := "Astana rejects talk of a drone plant with Moscow"
	report := `The ministry of defence said on Monday that no drone plant would be built with Russian partners. "There are no such plans and there were none," Colonel Serik Alimov told reporters in Astana. He added that last year's memorandum with a company from Kazan had lapsed in 2024 without a single contract.`
	for _, c := range []struct {
		name           string
		title, body    string
		title2, body2  string
		same           bool
		unrelatedKeys  bool // nothing needs to find it
		leastAmongHits float64
	}{
		{"the text itself", title, body, title, body, true, false, 1},
		{"another headline", title, body, "Регулятор наказал банк", body, true, false, .9},
		{"no headline", title, body, "", body, true, false, .9},
		{"another outlet's frame", "", "АСТАНА, 5 апр — Вестник. " + body + "\n\nАвтор: Анна Ким", "",
			"Алматы. 6 апреля. Степь.kz - " + strings.TrimSuffix(body, ".") + ", сообщает Степь.kz.\n\nАвтор: Олег Цой\n\nЧитайте также: Курс тенге на 7 апреля", true, false, .85},
		{"cut down", title, body, "", "Степь: " + half + "… Читать далее", true, false, .85},
		{"a few words changed", title, body, title, strings.NewReplacer("рассказала", "сообщила", "крупные", "большие", "лишь", "только").Replace(body), true, false, .8},
		{"small letters and dashes", title, body, strings.ToUpper(title), strings.ReplaceAll(body, "ё", "е"), true, false, 1},
		{"in Title Case", english, report, "Astana Denies Plans For Drone Plant With Moscow", report, true, false, .85},
		{"another bank", title, body, strings.ReplaceAll(title, "Арна", "Дала"), strings.ReplaceAll(body, "Арна", "Дала"), false, false, .8},
		{"another bank in the text only", "", body, "", strings.ReplaceAll(body, "Арна", "Дала"), false, false, .8},
		{"another sum", title, body, title, strings.Replace(body, "40 млн", "70 млн", 1), false, false, .9},
		{"another person", title, body, title, strings.Replace(body, "Айгуль Сериковна Омарова", "Динара Маратовна Ким", 1), false, false, .85},
		{"another country", english, report, english, strings.NewReplacer("Russian", "Turkish", "Kazan", "Izmir").Replace(report), false, false, .8},
		{"another year", english, report, english, strings.Replace(report, "2024", "2023", 1), false, false, .9},
		{"the same headline, another text", "Итоги недели в экономике", body, "Итоги недели в экономике",
			"Урожай хлопка собран полностью, говорят в министерстве. Фермеры сдали больше, чем год назад, и получили за тонну дороже. Заводы обещают переработать всё к весне.", false, true, 0},
		{"nothing in common", title, body, english, report, false, true, 0},
		{"part of a roundup", "", half[:strings.Index(half, "\n")], "", "Главное за день. Урожай хлопка собран. Цены на топливо выросли в трёх областях. В столице открыли мост через реку, построенный за два года вместо трёх. Школы перейдут на новое расписание после каникул, решило министерство. Учителя просят не торопиться. Врачи напоминают о прививках. " + half[:strings.Index(half, "\n")], false, false, .9},
		{"only a headline, and the article", title, "", title, body, true, false, 1},
		{"only headlines", title, "", title, "", true, false, 1},
		{"only headlines, in other letters", title, "", strings.ToUpper(title), "Читать далее", true, false, 1},
		{"headlines that differ in one word", title, "", strings.Replace(title, "Россию", "Беларусь", 1), "", false, true, 0},
		{"a brief post twice", "", "Арна Банк оштрафован на 40 млн тенге", "", "Арна Банк оштрафован на 40 млн тенге", true, false, 1},
		{"a headline too short to tell by", "Курс валют", "", "Курс валют", "", false, true, 0},
		{"nothing twice", "", "", "", "", false, true, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := read(c.title, c.body), read(c.title2, c.body2)
			score, same := story.Same(a, b)
			back, again := story.Same(b, a)
			if same != c.same || score < c.leastAmongHits || score > 1 {
				t.Errorf("score %.2f, same %t; want %t and %.2f", score, same, c.same, c.leastAmongHits)
			}
			if back != score || again != same {
				t.Errorf("the other way round: %.2f, %t", back, again)
			}
			if !c.unrelatedKeys && !share(a, b) {
				t.Error("no key leads from one to the other")
			}
		})
	}
}

// share reports whether the keys of one lead to the other.
func share(a, b story.Print) bool {
	for _, k := range a.Keys() {
		for _, l := range b.Keys() {
			if k == l {
				return true
			}
		}
	}
	return false
}

func TestKeys(t *testing.T) {
	for _, c := range []struct {
		title, body string
		want        int
	}{
		{title, strings.Repeat(body, 20), 8},
		{title, body, 8},
		{title, "", 7}, // the headline and its six shingles
		{"Курс валют", "", 0},
		{"", "", 0},
	} {
		got := read(c.title, c.body).Keys()
		seen := make(map[uint64]bool)
		for _, k := range got {
			seen[k] = true
		}
		if len(got) != c.want || len(seen) != len(got) {
			t.Errorf("%q with %d bytes has the keys %v, want %d", c.title, len(c.body), got, c.want)
		}
	}
}

func TestMarshal(t *testing.T) {
	for _, p := range []story.Print{{}, read("", ""), read(title, ""), read(title, body), read(title, strings.Repeat(body+" Ещё 17 слов. ", 9))} {
		b, err := p.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		if len(b) > 1100 {
			t.Errorf("%d bytes", len(b))
		}
		var q story.Print
		if err := q.UnmarshalBinary(b); err != nil {
			t.Fatal(err)
		}
		score, same := story.Same(p, q)
		self, itself := story.Same(p, p)
		if score != self || same != itself || !reflect.DeepEqual(p.Keys(), q.Keys()) {
			t.Errorf("%.2f, %t; with itself %.2f, %t", score, same, self, itself)
		}
		for n := 1; n < len(b); n++ {
			if q.UnmarshalBinary(b[:n]) == nil {
				t.Fatalf("%d bytes of %d are a print", n, len(b))
			}
		}
		if q.UnmarshalBinary(append(b, 0)) == nil {
			t.Error("one byte more is a print")
		}
	}
	var q story.Print
	if err := q.UnmarshalBinary([]byte{255, 1, 2, 3}); err != nil {
		t.Error(err)
	}
	if _, same := story.Same(q, q); same {
		t.Error("a print of another format is the same as something")
	}
}

func FuzzUnmarshal(f *testing.F) {
	b, _ := read(title, body).MarshalBinary()
	f.Add(b)
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, b []byte) {
		var p story.Print
		if p.UnmarshalBinary(b) != nil {
			return
		}
		other := read(title, body)
		if score, _ := story.Same(p, other); score < 0 || score > 1 {
			t.Errorf("score %f", score)
		}
		p.Keys()
	})
}

// TestMade holds the measures on made-up reports, each a handful of sentences
// from a small stock with names and numbers put in, so that different reports
// share whole sentences.
func TestMade(t *testing.T) {
	const reports = 300
	var made [reports]report
	var prints [reports]story.Print
	for i := range made {
		made[i] = newReport(uint64(i))
		prints[i] = read("", made[i].String())
	}
	found := map[string]int{}
	for i, r := range made {
		for name, other := range map[string]string{
			"copies":   r.String(),
			"framed":   "БИШКЕК, 3 мая — Курьер. " + r.String() + "\n\nФото: Анна Ким\n\nПодписывайтесь на Курьер",
			"cut down": "Курьер: " + firstWords(r.String(), .6) + "… Читать далее",
			"edited":   everyNth(r.String(), 12, "заметно"),
		} {
			if _, same := story.Same(prints[i], read("", other)); same && share(prints[i], read("", other)) {
				found[name]++
			}
		}
		for name, other := range map[string]report{"other bank": r.with("bank", i+1), "other sum": r.with("sum", i+1), "other town": r.with("town", i+1)} {
			if _, same := story.Same(prints[i], read("", other.String())); same {
				found[name]++
			}
		}
		for j := range i {
			if _, same := story.Same(prints[i], prints[j]); same {
				found["different reports"]++
			}
		}
	}
	t.Log(found)
	for name, least := range map[string]float64{"copies": 1, "framed": 1, "cut down": .95, "edited": .9} {
		if found[name] < int(least*reports) {
			t.Errorf("%s: %d of %d found", name, found[name], reports)
		}
	}
	for _, name := range []string{"other bank", "other sum", "other town"} {
		if found[name] > reports/50 {
			t.Errorf("%s: %d of %d joined", name, found[name], reports)
		}
	}
	if n := found["different reports"]; n > reports/100 {
		t.Errorf("%d pairs of different reports joined", n)
	}
}

// report is a made-up report: which sentences, and what is put into them.
type report struct {
	sentences []int
	names     map[string]string
}

var stock = []string{
	"Центробанк оштрафовал {bank} на {sum} млн сумов за платежи в обход санкций",
	"По словам представителя ведомства, {bank} не остановил переводы вовремя",
	"Отделение в городе {town} закрыто до конца проверки",
	"Жители, стоявшие у входа в {bank}, рассказали, что карты не работают со вчерашнего дня",
	"В самом учреждении назвали решение слишком строгим и обещали его обжаловать",
	"Ущерб оценили в {sum} млн, и это больше, чем за весь прошлый год",
	"Прокуратура города {town} начала свою проверку и просит откликнуться пострадавших",
	"Напомним, что весной регулятор уже предупреждал участников рынка о вторичных санкциях",
	"Эксперты ждут, что следом проверят и тех, кто работает через посредников",
	"Руководство {bank} собирает совет, чтобы решить, как вернуть доверие вкладчиков",
	"На вокзале в городе {town} раздают листовки с адресами других отделений",
	"Новые правила вступят в силу через месяц, и времени на подготовку почти не остаётся",
}

func newReport(seed uint64) report {
	order := make([]int, 0, 7)
	for x := seed*2654435761 + 12345; len(order) < 7; x = x*6364136223846793005 + 1442695040888963407 {
		order = append(order, int(x>>33)%len(stock))
	}
	order[0], order[1] = 0, 2
	n := int(seed)
	return report{order, map[string]string{"bank": bank(n), "sum": fmt.Sprint(100 + 7*n), "town": town(n)}}
}

func (r report) with(name string, n int) report {
	names := map[string]string{"bank": r.names["bank"], "sum": r.names["sum"], "town": r.names["town"]}
	names[name] = map[string]string{"bank": bank(n + 1), "sum": fmt.Sprint(101 + 7*n), "town": town(n + 1)}[name]
	return report{r.sentences, names}
}

func (r report) String() string {
	var b strings.Builder
	for _, s := range r.sentences {
		line := stock[s]
		for k, v := range r.names {
			line = strings.ReplaceAll(line, "{"+k+"}", v)
		}
		b.WriteString(line + ". ")
	}
	return b.String()
}

func bank(n int) string {
	return []string{"Арна Банк", "Дала Банк", "Хамкор", "Турон Капитал", "Сардор Банк"}[n%5]
}

func town(n int) string {
	return []string{"Навои", "Термез", "Ургенч", "Карши", "Нукус", "Гулистан", "Джизак"}[n%7]
}

func firstWords(s string, part float64) string {
	w := strings.Fields(s)
	return strings.Join(w[:int(part*float64(len(w)))], " ")
}

func everyNth(s string, n int, word string) string {
	w := strings.Fields(s)
	for i := n / 2; i < len(w); i += n {
		if strings.ToLower(w[i]) == w[i] && !strings.HasSuffix(w[i], ".") {
			w[i] = word
		}
	}
	return strings.Join(w, " ")
}

func BenchmarkFingerprint(b *testing.B) {
	r := text.Read(title, strings.Repeat(body+"\n\n", 3), "ru") // about 270 words
	b.ReportAllocs()
	for b.Loop() {
		p := story.Fingerprint(r)
		p.Keys()
		p.MarshalBinary()
	}
}

func BenchmarkSame(b *testing.B) {
	x, y := read(title, body), read("", body)
	for b.Loop() {
		story.Same(x, y)
	}
}
