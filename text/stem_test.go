package text

import (
	"strings"
	"testing"
)

func TestStem(t *testing.T) {
	for lang, words := range map[string]string{
		"ru": "санкци|ями отмени|ла президент|а стол Росси|я",
		"en": "sanction|s cancell|ed the",
		"kk": "санкция|ларды шық|паған ҰҚШҰ",
		"ky": "өкмөт|түн токто|тулган",
		"uz": "vazirlik|ning toʻxtat|ildi",
		"tg": "кишвар|ҳои гуфт|анд",
		"tk": "ýurt|laryň gel|di",
		"":   "санкциями",
	} {
		for w := range strings.FieldsSeq(words) {
			stem, ending, _ := strings.Cut(w, "|")
			f := &Read("", stem+ending, "").Body
			if got, want := f.Stem(0, lang), len([]rune(Fold(stem))); got != want {
				t.Errorf("%s %s: a stem of %d letters, want %d", lang, w, got, want)
			}
		}
	}
}

// TestFormsBegin: a prefix that a word begins with isn't what all its forms do.
func TestFormsBegin(t *testing.T) {
	for _, c := range []struct {
		lang, word, prefix string
		want               bool
	}{
		{"en", "turn", "turn", true},
		{"en", "bring", "bring", false}, // brought
		{"en", "brings", "bring", true},
		{"ru", "санкция", "санкци", true},
		{"ru", "идти", "ид", false}, // шёл
		{"ru", "Ёлка", "елк", false},
		{"kk", "тоқтату", "тоқтат", true},
		{"kk", "сату", "сату", false}, // сатты
		{"uz", "bank", "ban", true},
		{"", "drone", "dro", true},
	} {
		f := &Read("", c.word, "").Body
		if got := f.FormsBegin(0, c.lang, c.prefix); got != c.want {
			t.Errorf("%s: all forms of %s begin with %s: %t", c.lang, c.word, c.prefix, got)
		}
	}
}
