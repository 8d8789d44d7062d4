package story

import (
	"testing"

	"driftwatch/text"
)

// A name has one skeleton in all the region's ways of writing it.
func TestSkeleton(t *testing.T) {
	for _, c := range [][]string{
		{"en:Tokayev", "ru:Токаев", "ru:Токаева", "kk:Тоқаев", "tk:Tokaýew"},
		{"en:Murghob", "tg:Мурғоб", "ru:Мургаб"},
		{"en:Zhetysu", "ru:Жетысу"},
		{"en:Khorezm", "ru:Хорезм", "uz:Xorazm"},
		{"en:Washington", "ru:Вашингтон"},
		{"en:Tashkent", "ru:Ташкент", "uz:Toshkent", "ky:Ташкент"},
	} {
		want := ""
		for i, s := range c {
			lang, word := s[:2], s[3:]
			f := text.Read("", word, lang).Body
			folded := f.AppendFolded(nil, 0)
			key, n := skeleton(nameStem(&f, 0, folded, lang), lang)
			got := string(rune(n)) + string(rune(key&0xffff))
			if i == 0 {
				want = got
			} else if got != want {
				t.Errorf("%s isn't %s", s, c[0])
			}
		}
	}
	a, _ := skeleton([]byte("bishkek"), "en")
	b, _ := skeleton([]byte("tashkent"), "en")
	if a == b {
		t.Error("two cities have one skeleton")
	}
}
