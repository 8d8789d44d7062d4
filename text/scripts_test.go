package text

import (
	"strings"
	"testing"
)

func TestScriptsFold(t *testing.T) {
	for _, tc := range []struct {
		lang, term string
		yes, no    string
	}{
		{"uz", "sanksiya", "санкция, санкциялар, санкцияларнинг, sanksiyalar", "санация"},
		{"uz", "санкция", "sanksiya, sanksiyalarga", "sanatsiya"},
		{"uz", "Oʻzbekiston", "Ўзбекистон, Ўзбекистонга, Ozbekistonda", "Озбекистон, ўзбек"},
		{"uz", "Ўзбекистон", "O‘zbekiston, O'zbekistonning", "oʻzbek"},
		{"uz", "yoʻl", "йўл, йўллар", "ел, ол"},
		{"uz", "eksport", "экспорт, экспорти", "експорт"},
		{"uz", "объект", "obyekt, obyektlar", "obekt"},
		{"uz", "yoshlar", "ешлар, ёшларга", "йошлар"},
		{"uz", "bekor qilmoq", "бекор қилди, бекор қилинган", "бекор қолди"},
		{"uz", "конституция", "konstitutsiya, konstitutsiyaga", ""},
		{"kk", "ұшқышсыз", "ushqyshsyz, ūşqyşsyz, úshqyshsyz", "ushqysh"},
		{"kk", "Қазақстан", "Qazaqstan, Qazaqstannyń, Qazaqstannyñ, Qazaqstannyng, Qazaqstanǵa, Qazaqstanğa, Qazaqstangha, QAZAQSTANDA", "qazaqstandyq, Qazaq"},
		{"kk", "Ресей", "Reseı, Reseıdiń, Reseige, Reseidıñ, Resey, Reseyding", "Rese"},
		{"kk", "шығу", "shyǵý, shyqty, shyǵady, şyğu, şyqty, şyğady, shyghu, shyqty, shyghady", "shyǵys, shyghys"},
		{"kk", "әліпби", "álipbı, älıpbi, әlipbi, әlipbige", "álip"},
		{"kk", "мұнай", "munaı, munaıdy, mūnai, mūnaidyñ, múnay, múnaydy", "mun"},
		{"kk", "күш", "kúsh, kúshti, küş, küştıñ, kýsh, kýshting", "kus"},
		{"kk", "Иран", "Iran, Irannyń, Iranda", ""},
		{"kk", "тәуелсіздік", "táýelsizdik, táýelsizdigi, täuelsızdık, täuelsızdıgı, tәuelsizdikting", ""},
		{"kk", "санкция", "sanktsııa, sanksııa, sanksia, sanktsiyalar", ""},
		{"kk", "министрлік", "mınıstrligi, ministrlıgı, ministrligining", ""},
		{"tk", "sanksiýa", "санкция, санкциялар, санкцияның, санкцияларына, санксия", "санация"},
		{"tk", "Türkmenistan", "Түркменистан, Түркменистаның, Түркменистанда, Түркменистандакы", "түркмен"},
		{"tk", "ýurt", "юрт, юрдумыз, юртларың, юрдунда", "юра"},
		{"tk", "çykmak", "чыкды, чыкяр, чыкмак, чыкан, чыкмады", "чыра"},
		{"tk", "hökümet", "хөкүмет, хөкүметиң, хөкүметине", ""},
		{"tk", "eksport", "экспорт, экспорты, экспортдан", ""},
		{"kk", "Украина", "Ýkraına, Ukraina, Ukrainada", ""},
	} {
		t.Run(tc.lang+" "+tc.term, func(t *testing.T) {
			term := Term{Text: tc.term, Lang: tc.lang}
			for form := range strings.SplitSeq(tc.yes, ", ") {
				if len(found(t, form, tc.lang, term)) == 0 {
					t.Errorf("%q isn't taken for a form of %q", form, tc.term)
				}
			}
			for other := range strings.SplitSeq(tc.no, ", ") {
				if len(found(t, other, tc.lang, term)) != 0 {
					t.Errorf("%q is taken for a form of %q", other, tc.term)
				}
			}
		})
	}
}

func TestScriptsFoldInEveryMode(t *testing.T) {
	for _, tc := range []struct {
		text string
		term Term
		want int
	}{
		{"Санкция, санкциялар", Term{Text: "sanksiya", Lang: "uz", Mode: Exact}, 1},
		{"санкцияларнинг, санация", Term{Text: "sanksiya*", Lang: "uz"}, 1},
		{"КХШТга кхштга Кхшт", Term{Text: "KXShT", Lang: "uz", CaseSensitive: true}, 1},
		{"тахримхо, таҳримҳои, тахримот", Term{Text: "таҳрим*", Lang: "tg"}, 3},
		{"рўзнома рузнома", Term{Text: "рӯзн*", Lang: "tg"}, 2},
		{"окмоту єкмєтї өкмөтү", Term{Text: "өкмөт*", Lang: "ky"}, 3},
		{"окмот єкмєт", Term{Text: "өкмөт", Lang: "ky", Mode: Exact}, 2},
		{"коз", Term{Text: "көз*", Lang: "ky"}, 0},
		{"хөкүметиң", Term{Text: "hökümet*", Lang: "tk"}, 1},
		{"Mir mir", Term{Text: "Мир", Lang: "uz", CaseSensitive: true}, 1},
		{"sanksiya", Term{Text: "санкция", Mode: Exact}, 0},
		{"sanksiya", Term{Text: "санкция", Lang: "ru"}, 0},
	} {
		if got := found(t, tc.text, tc.term.Lang, tc.term); len(got) != tc.want {
			t.Errorf("%q in %q: found %q, want %d", tc.term.Text, tc.text, got, tc.want)
		}
	}
}
