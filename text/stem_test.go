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
