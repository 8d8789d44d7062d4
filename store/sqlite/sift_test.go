package sqlite_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"driftwatch/news"
	"driftwatch/store/sqlite"
)

// sifted are the titles of what a sift shows, and what it gives where all of it is
// kept.
func sifted(t *testing.T, db *sqlite.DB, f news.SearchFilter, sets ...[]string) (string, news.Search) {
	t.Helper()
	var shown []string
	s, err := db.Sift(t.Context(), f, sets, func(part []news.FoundArticle) ([]news.FoundArticle, bool) {
		for _, a := range part {
			shown = append(shown, a.Title)
		}
		return part, true
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(shown, " "), s
}

// A sift shows all that may have a term of each set, the latest first.
func TestSift(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "watch.db"), sqlite.Options{})
	filed(t, db, "ru: А | Новые санкции против завода.", "ru: Б | Подсанкционный груз.", "en: C | The ban on all transactions.", "kk: Д | Жалтарды.", "ru: Е | Ничего такого.")
	for _, c := range []struct {
		sets [][]string
		want string
	}{
		{[][]string{{"санкция"}}, "А"},
		{[][]string{{"подсанкц*"}}, "Б"},
		{[][]string{{"bar* transactions"}}, "C"}, // a word of it stands there
		{[][]string{{"ban * transactions", "жалтар*"}}, "Д C"},
		{[][]string{{"санкция"}, {"завод"}}, "А"},
		{[][]string{{"санкция"}, {"груз"}}, ""},
		{[][]string{{"!", "санкция"}}, "Е Д C Б А"}, // what has no letters may stand anywhere
		{nil, "Е Д C Б А"},
	} {
		if got, _ := sifted(t, db, news.SearchFilter{}, c.sets...); got != c.want {
			t.Errorf("%q: shown %q, want %q", c.sets, got, c.want)
		}
	}
	f := news.SearchFilter{Facets: map[news.SearchFacet][]string{news.SearchLanguage: {"ru"}}, Skip: 1, Limit: 1}
	shown, s := sifted(t, db, f)
	if shown != "Е Б А" || s.Total != 3 || s.More || len(s.Articles) != 1 || s.Articles[0].Title != "Б" || s.Counts[news.SearchLanguage]["ru"] != 3 {
		t.Errorf("in Russian: shown %q, %+v", shown, s)
	}
}

// What isn't kept counts for nothing, and what isn't looked at is said.
func TestSiftEnds(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "watch.db"), sqlite.Options{})
	var all []string
	for i := range 60 {
		all = append(all, fmt.Sprintf("en: %d | A drone.", i))
	}
	filed(t, db, all...)
	for _, c := range []struct {
		parts, total int
		more         bool
	}{{1, 25, true}, {2, 30, false}} {
		looks := 0
		s, err := db.Sift(t.Context(), news.SearchFilter{Limit: 20}, [][]string{{"drone"}}, func(part []news.FoundArticle) ([]news.FoundArticle, bool) {
			looks++
			return slices.DeleteFunc(part, func(a news.FoundArticle) bool { return a.ID%2 == 0 }), looks < c.parts
		})
		if err != nil || looks != c.parts || s.Total != c.total || s.More != c.more || len(s.Articles) != 20 || s.Counts[news.SearchLanguage]["en"] != c.total {
			t.Errorf("%d parts: %d of %d, more %t, counts %v, %v", looks, len(s.Articles), s.Total, s.More, s.Counts, err)
		}
	}
}
