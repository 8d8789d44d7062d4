package story_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"driftwatch/story"
	"driftwatch/text"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func draw(lang, title, body string) *story.Sketch {
	return story.Draw(text.Read(title, body, lang), nil, noon)
}

// Reports of a made-up earthquake, each in its own words.
var (
	quakeEN = draw("en", "Magnitude 5.8 earthquake shakes Murghob",
		"Two houses collapsed in Murghob in eastern Tajikistan, and nobody died, the emergencies committee in Dushanbe reported. The quake of 5.8 struck at 04:17 at a depth of 110 kilometres. Rescuers led by Rustam Safarzoda are on their way.")
	quakeEN2 = draw("en", "Earthquake in Murghob destroys two houses",
		"Rescuers under Rustam Safarzoda drove to Murghob after an earthquake of 5.8 brought down two houses. It was felt as far as Dushanbe, but the committee for emergencies in Tajikistan knows of no dead. The depth was 110 kilometres.")
	quakeRU = draw("ru", "Землетрясение магнитудой 5,8 произошло в Мургабе",
		"На востоке Таджикистана, в Мургабе, рухнули два дома, погибших нет, сообщили в Душанбе. Толчки на глубине 110 километров зафиксировали в 04:17. Спасателей ведёт Рустам Сафарзода.")
	elsewhere = draw("en", "Magnitude 4.9 earthquake shakes Naryn",
		"Residents ran outdoors in Naryn, but there was no damage, rescuers in Bishkek reported. The quake of 4.9 struck at 05:40 at a depth of 15 kilometres. Rescuers led by Askar Toktorov are on their way.")
	digest = draw("en", "News digest for 2 March", strings.Join([]string{
		"Magnitude 5.8 earthquake shakes Murghob.", "Bus crash in Jizzakh leaves seven dead.", "Karaganda opens a factory for drones with Kanatly.",
		"Wheat ban extended by six months in Astana.", "First rails laid at Makmal for the line to Kashgar."}, "\n\n"))
)

func ExampleIndex() {
	x := story.NewIndex()
	for _, s := range []*story.Sketch{quakeEN, quakeRU, elsewhere, quakeEN2, quakeEN, digest} {
		j := x.Add(s, noon)
		fmt.Println(j.Article, j.Story, j.Relation, j.To)
	}
	// Output:
	// 0 0 first -1
	// 1 0 translation 0
	// 2 1 first -1
	// 3 0 same-event 0
	// 4 0 same-text 0
	// 5 2 digest -1
}

func TestWindows(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		name   string
		sketch *story.Sketch
		at     time.Time
		want   story.Relation
	}{
		{"an event within a week", quakeEN2, noon.Add(6 * day), story.SameEvent},
		{"an event told before", quakeEN2, noon.Add(-6 * day), story.SameEvent},
		{"an event after a week", quakeEN2, noon.Add(8 * day), story.First},
		{"another language after a week", quakeRU, noon.Add(8 * day), story.First},
		{"the same text after a month", quakeEN, noon.Add(30 * day), story.SameText},
		{"the same text after 90 days", quakeEN, noon.Add(91 * day), story.First},
		{"an event without a date", quakeEN2, time.Time{}, story.SameEvent},
	} {
		x := story.NewIndex()
		x.Add(quakeEN, noon)
		if j := x.Add(c.sketch, c.at); j.Relation != c.want {
			t.Errorf("%s: %s, want %s", c.name, j.Relation, c.want)
		}
	}
}

// Near misses have another name, number, country or day in the same place.
func TestNearMissesAreApart(t *testing.T) {
	report := func(bank, sum, day string) *story.Sketch {
		return draw("en", bank+" fined "+sum+" million tenge on "+day,
			"The regulator fined "+bank+" "+sum+" million tenge on "+day+" for transfers that broke the rules, and the lender accepted the decision. It promised to strengthen its checks by the end of the quarter.")
	}
	one := report("Arna Bank", "40", "Monday")
	if !story.Together(one, report("Arna Bank", "40", "Monday")) {
		t.Error("the same report is apart")
	}
	for name, s := range map[string]*story.Sketch{
		"bank": report("Dala Bank", "40", "Monday"),
		"sum":  report("Arna Bank", "75", "Monday"),
		"day":  report("Arna Bank", "40", "Friday"),
	} {
		if story.Together(one, s) {
			t.Errorf("another %s is joined", name)
		}
	}
	concept := func(lang, title, body, country string) *story.Sketch {
		return story.Draw(text.Read(title, body, lang), []story.Concept{
			{ID: "csto", Title: true}, {ID: "drill", Title: true}, {ID: country, Country: country, Title: true}}, noon)
	}
	en := concept("en", "Kyrgyzstan cancels CSTO drill", "The 27 tanks stay at Balykchy.", "KG")
	if !story.Together(en, concept("ru", "Киргизия отменила учения ОДКБ", "27 танков остались в Балыкчи.", "KG")) {
		t.Error("two reports of a drill, joined by its concepts, are apart")
	}
	if story.Together(en, concept("ru", "Таджикистан отменил учения ОДКБ", "27 танков остались в Балыкчи.", "TJ")) {
		t.Error("another country is joined")
	}
}

func TestDigests(t *testing.T) {
	items := []string{"В Мургабе рухнули два дома после толчков.", "Автобус перевернулся под Джизаком на трассе.", "Караганда открыла завод фирмы «Канатлы».",
		"Астана продлила запрет на ввоз пшеницы.", "Макмал встретил первые рельсы новой дороги.", "Пенджикент насчитал 23 дома после селя."}
	one := strings.Repeat("В Мургабе рухнули два дома, сказал Рустам Сафарзода.\n\nСафарзода едет в Мургаб с 40 спасателями.\n\n", 3)
	for _, c := range []struct {
		name, title, body string
		want              bool
	}{
		{"a day's headlines", "Главное за день", strings.Join(items, "\n\n"), true},
		{"a list that says nothing of itself", "Утро", "— " + strings.Join(items, "\n\n— "), true},
		{"a digest in Kazakh", "Басты жаңалықтар", strings.Join(items, "\n\n"), true},
		{"a post that begins with it", "", "Главные новости к утру:\n\n" + strings.Join(items, "\n\n"), true},
		{"paragraphs of one story", "В Мургабе рухнули два дома", one, false},
		{"one story under such a title", "Главное за день", one, false},
		{"three items", "Главное за день", strings.Join(items[:3], "\n\n"), false},
		{"nothing", "Главное за день", "", false},
	} {
		if got := story.IsDigest(text.Read(c.title, c.body, "ru")); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// A digest joins nothing, and nothing joins it, not even itself.
func TestNothingJoinsADigest(t *testing.T) {
	x := story.NewIndex()
	for _, s := range []*story.Sketch{digest, digest, quakeEN, digest} {
		if j := x.Add(s, noon); j.To >= 0 {
			t.Errorf("article %d joined %d as %s", j.Article, j.To, j.Relation)
		}
	}
}

// Old articles are dropped as new ones come, and the numbers go on.
func TestIndexForgets(t *testing.T) {
	x := story.NewIndex()
	var last story.Joined
	for i := range 6000 {
		last = x.Add(made(i), noon.Add(time.Duration(i)*time.Hour))
	}
	if last.Article != 5999 || x.Len() > 2*90*24+1024+1 {
		t.Errorf("article %d, %d kept", last.Article, x.Len())
	}
	if j := x.Add(made(5999), noon.Add(6000*time.Hour)); j.Relation != story.SameText || j.To != 5999 || j.Story != last.Story {
		t.Errorf("a copy after that: %+v", j)
	}
}

// What a text is made of decides, not the order of the input: the groups of
// articles that are clearly alike are the same in any order.
func TestOrder(t *testing.T) {
	all := []*story.Sketch{quakeEN, quakeRU, elsewhere, quakeEN2, digest, made(1), made(2)}
	for turn := range all {
		x := story.NewIndex()
		of := map[*story.Sketch]int64{}
		for i := range all {
			s := all[(i+turn)%len(all)]
			of[s] = x.Add(s, noon).Story
		}
		if of[quakeEN] != of[quakeRU] || of[quakeEN] != of[quakeEN2] {
			t.Errorf("from %d: the reports of the quake are in %d, %d and %d", turn, of[quakeEN], of[quakeRU], of[quakeEN2])
		}
		stories := map[int64]bool{}
		for _, s := range of {
			stories[s] = true
		}
		if len(stories) != 5 {
			t.Errorf("from %d: %d stories", turn, len(stories))
		}
	}
}

var nouns = strings.Fields("regulator governor pipeline harvest railway museum hospital customs reservoir satellite orchestra glacier textile parliament " +
	"championship airport turbine bakery library mosque dam stadium cotton uranium tariff subsidy verdict protest election treaty quarry furnace")

// made is an article from a stock of words, like no other.
func made(i int) *story.Sketch { return draw("en", madeTitle(i), madeBody(i)) }

func word(i, n int) string { return nouns[(i*(2*n+7)+i/len(nouns)*(n+3)+n*n)%len(nouns)] }

func name(i, n int) string {
	const syllables = "barkelmonsutvindoragnep"
	h := uint32(i*31+n)*2654435761 + 12345
	out := ""
	for range 4 {
		at := int(h>>8) % (len(syllables) - 3)
		out += syllables[at : at+3]
		h = h*1664525 + 1013904223
	}
	return strings.ToUpper(out[:1]) + out[1:]
}

func madeTitle(i int) string {
	return fmt.Sprintf("the %s of %s awaits a %s by %s", word(i, 1), name(i, 1), word(i, 2), name(i, 2))
}

func madeBody(i int) string {
	var b strings.Builder
	for n := range 8 {
		fmt.Fprintf(&b, "the %s and the %s of %s met %d people from the %s near %s. ", word(i, n), word(i, n+3), name(i, n), 100+(i*7+n)%900, word(i, n+5), name(i, n+9))
	}
	return b.String()
}

// BenchmarkAdd assigns an article where so many are stored, all of them within
// the window.
func BenchmarkAdd(b *testing.B) {
	for _, stored := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(stored), func(b *testing.B) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			x := story.NewIndex()
			for i := range stored {
				x.Add(made(i), noon)
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			next := stored
			for b.Loop() {
				b.StopTimer()
				s := made(next)
				next++
				b.StartTimer()
				x.Add(s, noon)
			}
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(stored), "bytes/article")
		})
	}
}

func BenchmarkDraw(b *testing.B) {
	r := text.Read(madeTitle(1), madeBody(1), "en")
	b.SetBytes(int64(len(madeBody(1))))
	for b.Loop() {
		story.Draw(r, nil, noon)
	}
}

func FuzzDraw(f *testing.F) {
	f.Add("Киргизия отменила учения ОДКБ", "27 танков остались в Балыкчи.\n\n— Второе.", "ru")
	f.Add("", "", "")
	f.Add("\xff5,8", "\x00 ң 12:30\n\n\n•", "kk")
	f.Fuzz(func(t *testing.T, title, body, lang string) {
		s := draw(lang, title, body)
		x := story.NewIndex()
		x.Add(quakeEN, noon)
		j := x.Add(s, noon)
		if j.Score < 0 || j.Score > 1 || (j.To < 0) != (j.Relation == story.First || j.Relation == story.Digest) {
			t.Errorf("%+v", j)
		}
		if one, _ := story.Event(s, quakeRU); one < 0 || one > 1 {
			t.Errorf("score %f", one)
		}
		a, b := story.Together(s, quakeRU), story.Together(quakeRU, s)
		if a != b {
			t.Errorf("%v one way, %v the other", a, b)
		}
	})
}
