package rules_test

import (
	"testing"

	"driftwatch/configs"
	"driftwatch/rules"
	"driftwatch/text"
)

// TestTitleOfThePast: in each language a title that tells of years ago is background,
// and one whose act is about something years old isn't.
func TestTitleOfThePast(t *testing.T) {
	e, err := rules.Load(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lang, title string
		past        bool
	}{
		{"en", "More than ten years ago Uzbekistan left the CSTO", true},
		{"en", "Kazakhstan lifts drone export ban to Russia imposed two years ago", false},
		{"en", "Kazakhstan ships drones to Russia faster than two years ago", false},
		{"ru", "Узбекистан десять лет назад вышел из ОДКБ", true},
		{"ru", "Казахстан снял введённый два года назад запрет на вывоз дронов в Россию", false},
		{"kk", "Он жыл бұрын Өзбекстан ҰҚШҰ-дан шықты", true},
		{"kk", "Қазақстан екі жыл бұрын енгізілген Ресейге дрон шығаруға тыйымды алып тастады", false},
		{"ky", "Он жыл мурун Өзбекстан ЖККУдан чыккан", true},
		{"uz", "O‘n yil oldin O‘zbekiston KXShTdan chiqdi", true},
		{"uz", "O‘zbekiston ikki yil oldin kiritilgan Rossiyaga dron eksporti taqiqini bekor qildi", false},
		{"tg", "Даҳ сол пеш Ӯзбекистон аз СААД баромад", true},
		{"tk", "On ýyl öň Özbegistan KHYG-dan çykdy", true},
	} {
		hits := e.Flag(text.Read(c.title, "", c.lang), rules.About{})
		if len(hits) == 0 {
			t.Errorf("%s: nothing found in %s", c.lang, c.title)
			continue
		}
		for _, h := range hits {
			if h.Background != c.past {
				t.Errorf("%s: %s is background: %v, want %v", c.title, h.Signal, h.Background, c.past)
			}
		}
	}
}
