package text_test

import (
	"slices"
	"strings"
	"testing"

	"driftwatch/text"
)

// keyOf is the key of a text of one word.
func keyOf(word, lang string) string {
	r := text.Read("", word, "")
	return string(r.Body.AppendKey(nil, 0, lang))
}

// A word is found by any of its forms, and a loanword in any of the languages and
// scripts, though it isn't known which language the question is in.
func TestKeysMeet(t *testing.T) {
	for _, c := range []struct {
		asked string
		texts string // word/lang
	}{
		{"санкция", "санкция/ru санкциями/ru санкций/ru санкциялар/kk санкцияларды/ky sanksiyalar/uz санкциялар/uz-Cyrl санксияҳо/tg sanksiýalar/tk"},
		{"санкциялар", "санкциями/ru санкциялар/kk sanksiyalari/uz"},
		{"sanksiya", "санкциями/ru санкциялар/ky санкция/uz-Cyrl sanksiýalaryň/tk"},
		{"Oʻzbekiston", "Oʻzbekistonda/uz Ўзбекистонда/uz-Cyrl"},
		{"Ўзбекистон", "Oʻzbekistonning/uz Ўзбекистонда/uz-Cyrl"},
		{"конституция", "конституции/ru konstitutsiyasi/uz конституциясы/kk"},
		{"sanctions", "sanction/en sanctions/en"},
		{"дрон", "дронов/ru дрондар/kk dronlar/uz дронҳо/tg dronlaryň/tk"},
	} {
		r := text.Read("", c.asked, "")
		keys := r.Body.Keys(0, "")
		for _, w := range strings.Fields(c.texts) {
			word, lang, _ := strings.Cut(w, "/")
			if key := keyOf(word, lang); !slices.Contains(keys, key) {
				t.Errorf("asked for %s %q: %s has the key %q", c.asked, keys, w, key)
			}
		}
	}
}

// Words that only begin alike have keys of their own.
func TestKeysPart(t *testing.T) {
	for _, c := range [][3]string{
		{"чип", "чипсы", "ru"}, {"сталь", "столица", "ru"}, {"дрон", "дворец", "ru"}, {"bank", "bazaar", "en"},
	} {
		if a, b := keyOf(c[0], c[2]), keyOf(c[1], c[2]); a == b {
			t.Errorf("%s and %s are both %q", c[0], c[1], a)
		}
	}
}
