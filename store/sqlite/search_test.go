package sqlite_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/store/sqlite"
)

// filed files articles of one line each, "lang: title | text", and makes them
// findable in steps of two.
func filed(t testing.TB, db *sqlite.DB, lines ...string) []news.Article {
	t.Helper()
	var all []news.Article
	err := db.Update(t.Context(), func(tx store.Tx) error {
		for i, line := range lines {
			lang, rest, _ := strings.Cut(line, ": ")
			title, body, _ := strings.Cut(rest, " | ")
			a, err := tx.NewStory(news.Article{Source: "outlet-" + lang, URL: fmt.Sprintf("https://one.example/%s/%d", lang, i), Title: title, Text: body,
				Lang: lang, Seen: moment.AddDate(0, i, 0)}, store.Print{})
			if err != nil {
				return err
			}
			all = append(all, a)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	index(t, db)
	return all
}

func index(t testing.TB, db *sqlite.DB) {
	t.Helper()
	for left := true; left; {
		var err error
		if left, err = db.IndexArticles(t.Context(), 2); err != nil {
			t.Fatal(err)
		}
	}
}

// titles are those of what a search found, in alphabetical order.
func titles(t *testing.T, db *sqlite.DB, f news.SearchFilter) string {
	t.Helper()
	f.Limit = 50
	s, err := db.Search(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, a := range s.Articles {
		out = append(out, a.Article.Title)
	}
	if len(out) != s.Total {
		t.Errorf("%+v: %d counted, %d shown", f, s.Total, len(out))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestSearch(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "watch.db"), sqlite.Options{})
	filed(t, db,
		"ru: А | Банк попал под новые санкции, а завод боится вторичных санкций.",
		"kk: Ә | Банк жаңа санкцияларға ілікті.",
		"ky: Б | Банк жаңы санкцияларга кабылды.",
		"uz: V | Bank yangi sanksiyalarga tushdi. Oʻzbekistonda zavod ochildi.",
		"uz-Cyrl: Г | Ўзбекистонда янги завод очилди.",
		"tg: Д | Бонк ба таҳримҳо ва санксияҳои нав дучор шуд.",
		"tk: E | Banka täze sanksiýalara sezewar boldy.",
		"en: F | The bank fears secondary sanctions.",
		"ru: Ж | Завод открыл новый цех.",
	)
	for _, c := range []struct{ asked, want string }{
		{"санкция", "E V А Б Д Ә"},
		{"sanksiya", "E V А Б Д Ә"},
		{"санкциями", "E V А Б Д Ә"},
		{"Ўзбекистон", "V Г"},
		{"O'zbekiston", "V Г"},
		{"sanction", "F"},
		{"санкция завод", "V А"},
		{"санкция -завод", "E Б Д Ә"},
		{`"новые санкции"`, "А"},
		{`"санкции новые"`, ""},
		{"цех*", "Ж"},
		{"", ""},
		{"-завод", ""},
		{`"`, ""},
		{`found : NEAR(a b) OR * ^ {title}`, ""},
		{`санкция" OR "завод`, ""},
	} {
		if got := titles(t, db, news.SearchFilter{Words: c.asked}); got != c.want {
			t.Errorf("%q: found %q, want %q", c.asked, got, c.want)
		}
	}
	if got := titles(t, db, news.SearchFilter{Words: "завод", Facets: map[news.SearchFacet][]string{news.SearchLanguage: {"ru"}, news.SearchMonth: {"2026-03"}}}); got != "А" {
		t.Errorf("narrowed to Russian and March: %q", got)
	}
}

// What was found is marked where it stands, and counted by what it is.
func TestSearchShows(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "watch.db"), sqlite.Options{})
	all := filed(t, db, "ru: Санкции | Про санкциями пугают.", "kk: Санкциялар | Банк туралы.")
	err := db.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.PutHits(all[0].ID, 1, []news.Hit{{Theme: news.ThemeSanctions, Signal: "S1", Direction: news.Apart, Level: 3, Countries: []string{"KZ"}, Found: moment}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := db.Search(t.Context(), news.SearchFilter{Words: "санкция", Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	a := s.Articles[1]
	if len(a.InTitle) != 1 || len(a.InText) != 1 || a.Text[a.InText[0].Start:a.InText[0].End] != "санкциями" {
		t.Errorf("marked %v in the title, %v in the text %q", a.InTitle, a.InText, a.Text)
	}
	if len(a.Hits) != 1 || a.Hits[0].Level != 3 {
		t.Errorf("hits: %+v", a.Hits)
	}
	want := "map[country:map[KZ:1] language:map[kk:1 ru:1] month:map[2026-03:1 2026-04:1] outlet:map[outlet-kk:1 outlet-ru:1] theme:map[sanctions:1]]"
	if got := fmt.Sprint(s.Counts); got != want {
		t.Errorf("counts: %s, want %s", got, want)
	}
	for _, f := range []map[news.SearchFacet][]string{{news.SearchCountry: {"KZ"}}, {news.SearchTheme: {"sanctions"}, news.SearchCountry: {"KZ", "UZ"}}} {
		if got := titles(t, db, news.SearchFilter{Words: "санкция", Facets: f}); got != "Санкции" {
			t.Errorf("%v with words: %q", f, got)
		}
		if got := titles(t, db, news.SearchFilter{Facets: f}); got != "Санкции" {
			t.Errorf("%v alone: %q", f, got)
		}
	}
	if got := titles(t, db, news.SearchFilter{Words: "санкция", Facets: map[news.SearchFacet][]string{news.SearchCountry: {"UZ"}}}); got != "" {
		t.Errorf("no hit of Uzbekistan: %q", got)
	}
	days, err := db.ItemsByDay(t.Context(), moment.AddDate(0, 0, 1))
	if got := fmt.Sprint(days); err != nil || got != "map[outlet-kk:map[2026-04-14:1]]" {
		t.Errorf("items by day: %s, %v", got, err)
	}
}

// A new revision is found by its own words, once it is indexed, and an article
// that was removed by none.
func TestSearchFollows(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "watch.db"), sqlite.Options{})
	a := filed(t, db, "ru: А | Дрон упал.")[0]
	a.Text = "Самолёт упал."
	err := db.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.PutRevision(a, store.Print{}, moment.Add(time.Hour))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := db.Search(t.Context(), news.SearchFilter{Words: "дрон"})
	if err != nil || s.Total != 1 || s.Waiting != 1 {
		t.Errorf("before it is indexed: %+v, %v", s, err)
	}
	index(t, db)
	if old, fresh := titles(t, db, news.SearchFilter{Words: "дрон"}), titles(t, db, news.SearchFilter{Words: "самолет"}); old != "" || fresh != "А" {
		t.Errorf("found by the old words %q, by the new ones %q", old, fresh)
	}
	if _, err := db.Prune(t.Context(), store.PruneBefore{Articles: moment.AddDate(1, 0, 0)}, 10); err != nil {
		t.Fatal(err)
	}
	if s, err := db.Search(t.Context(), news.SearchFilter{Words: "самолет"}); err != nil || s.Total != 0 {
		t.Errorf("after it was removed: %+v, %v", s, err)
	}
}

// BenchmarkSearch looks for words, common and rare, in made-up articles of 60 words
// whose frequencies follow Zipf's law.
func BenchmarkSearch(b *testing.B) {
	const articles = 100_000
	db := open(b, filepath.Join(b.TempDir(), "watch.db"), sqlite.Options{})
	rnd := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 50_000)
	for i := range words {
		w := make([]rune, 4+rnd.IntN(6))
		for j := range w {
			w[j] = []rune("абвгдежзиклмнопрстуфхцчшыэя")[rnd.IntN(27)]
		}
		words[i] = string(w)
	}
	zipf := rand.NewZipf(rnd, 1.1, 8, uint64(len(words)-1))
	for i := 0; i < articles; {
		err := db.Update(b.Context(), func(tx store.Tx) error {
			for end := min(articles, i+2000); i < end; i++ {
				var text strings.Builder
				for range 60 {
					text.WriteString(words[zipf.Uint64()] + " ")
				}
				_, err := tx.NewStory(news.Article{Source: fmt.Sprintf("outlet-%d", i%40), URL: fmt.Sprintf("https://one.example/%d", i), Title: words[zipf.Uint64()],
					Text: text.String(), Lang: "ru", Seen: moment.Add(time.Duration(i) * time.Minute)}, store.Print{})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	begun := time.Now()
	for left := true; left; {
		var err error
		if left, err = db.IndexArticles(b.Context(), 1000); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("indexed %d articles in %s", articles, time.Since(begun).Round(time.Second))
	for _, c := range []struct {
		name  string
		words string
	}{{"commonest", words[0]}, {"common", words[40]}, {"rare", words[9000]}, {"two", words[3] + " " + words[200]}, {"not", words[1] + " -" + words[2]}, {"phrase", `"` + words[0] + " " + words[1] + `"`}} {
		b.Run(c.name, func(b *testing.B) {
			found := 0
			for b.Loop() {
				s, err := db.Search(b.Context(), news.SearchFilter{Words: c.words, Limit: 20})
				if err != nil {
					b.Fatal(err)
				}
				found = s.Total
			}
			b.ReportMetric(float64(found), "found")
		})
	}
}
