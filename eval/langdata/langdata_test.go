package langdata

import (
	"os"
	"path/filepath"
	"testing"
)

func TestVariants(t *testing.T) {
	for _, tc := range []struct{ lang, name, in, want string }{
		{"uz", "Cyrillic", "Oʻzbekiston shahri, gʻalaba va yangi elchi", "Ўзбекистон шаҳри, ғалаба ва янги элчи"},
		{"uz", "Cyrillic without special letters", "oʻqish haqqi", "укиш хакки"},
		{"uz", "without apostrophes", "oʻqish maʼlum o'zi", "oqish malum ozi"},
		{"kk", "Latin of 2018 (á ǵ ı ń ó ú ý)", "Ұшқышсыз әліпби, қиындық, шаңғы", "Ushqyshsyz álipbı, qıyndyq, shańǵy"},
		{"kk", "Latin of 2021 (ä ğ ı ñ ö ū ü ş)", "Ұшқышсыз әліпби", "Ūşqyşsyz älıpbi"},
		{"kk", "Latin of converters (gh ng ә)", "адамға тәңір", "adamgha tәngir"},
		{"kk", "Arabic letters", "жол үшін", "جول ءۇشىن"},
		{"kk", "without special letters", "Әкім көпір", "Аким копир"},
		{"ky", "legacy font (Ї Є Ў)", "Өкмөт жаңы үй", "Єкмєт жаўы їй"},
		{"tg", "legacy font (Љ Њ Ќ Ў)", "Ҷумҳурии қарз, рӯз, ғалаба, тоҷикӣ", "Љумњурии ќарз, рўз, ѓалаба, тољикї"},
		{"tg", "without special letters", "ҳукумат қарор", "хукумат карор"},
		{"tk", "Cyrillic", "Türkmenistanyň ýoly, çaga, eýe, Ýaş", "Түркменистаның ёлы, чага, эе, Яш"},
		{"tk", "without special letters", "ýoluň öňi", "yolun oni"},
	} {
		found := false
		for _, v := range Variants[tc.lang] {
			if v.Name != tc.name {
				continue
			}
			found = true
			if got := v.Writes(tc.in); got != tc.want {
				t.Errorf("%s, %s: %q gives %q, want %q", tc.lang, tc.name, tc.in, got, tc.want)
			}
		}
		if !found {
			t.Errorf("%s has no variant %q", tc.lang, tc.name)
		}
	}
}

func TestReadPutsAnArticleOnOneSideInAllLanguages(t *testing.T) {
	data := t.TempDir()
	if err := os.Mkdir(filepath.Join(data, "language"), 0o755); err != nil {
		t.Fatal(err)
	}
	lines := `{"id":"sib-ru-7","lang":"ru","text":"а"}
{"id":"sib-tg-7","lang":"tg","text":"б"}
{"id":"ntrex-ru-x","doc":"x","lang":"ru","title":"т","text":"в"}
{"id":"ntrex-tg-x","doc":"x","lang":"tg","title":"т","text":"г"}
{"id":"udhr-uzn_cyrl-0","lang":"uz","text":"д"}
{"id":"udhr-uig_latn-2","lang":"ug","text":"e"}
`
	if err := os.WriteFile(filepath.Join(data, "language", "sib200.jsonl"), []byte(lines), 0o644); err != nil {
		t.Fatal(err)
	}
	texts, err := Read(data, "sib200")
	if err != nil {
		t.Fatal(err)
	}
	if texts[0].Learn != texts[1].Learn || texts[2].Learn != texts[3].Learn {
		t.Errorf("the same text is on both sides: %+v", texts)
	}
	if texts[4].Lang != "uz-Cyrl" || texts[5].Lang != "ug-Latn" {
		t.Errorf("got %s and %s, want uz-Cyrl and ug-Latn", texts[4].Lang, texts[5].Lang)
	}
	if _, err := Read(data, "udhr"); err == nil {
		t.Error("a set that isn't there is read without an error")
	}
}
