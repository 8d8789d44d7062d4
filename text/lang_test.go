package text

import "testing"

func TestDetect(t *testing.T) {
	for _, tc := range []struct{ want, hint, text string }{
		{"en", "", "The ministry said on Monday that the exports would be stopped."},
		{"ru", "", "Министерство сообщило в понедельник, что вывоз будет остановлен."},
		{"kk", "", "Министрлік дүйсенбі күні шығарылымды тоқтататынын мәлімдеді."},
		{"ky", "", "Министрлик дүйшөмбү күнү чыгарууну токтотоорун билдирди."},
		{"uz", "", "Vazirlik dushanba kuni eksport toʻxtatilishini maʼlum qildi."},
		{"uz-Cyrl", "", "Вазирлик душанба куни экспорт тўхтатилишини маълум қилди."},
		{"tg", "", "Вазорат рӯзи душанбе гуфт, ки содирот боздошта мешавад."},
		{"tk", "", "Ministrlik duşenbe güni eksportyň togtadyljakdygyny habar berdi."},
		{"tk-Cyrl", "", "Министрлик душенбе гүни экспортың тогтадылҗакдыгыны хабар берди, бу барада билдирилди."},
		{"kk-Latn", "", "Mınıstrlik dúısenbi kúni shyǵarylymdy toqtatatynyn málimdedi."},
		{"kk-Arab", "", "مينيسترلىك دۇيسەنبى كۇنى شىعارىلىمدى توقتاتاتىنىن مالىمدەدى"},
		{"tr", "", "Bakanlık pazartesi günü ihracatın durdurulacağını açıkladı."},
		{"az", "", "Nazirlik bazar ertəsi ixracın dayandırılacağını bildirdi."},
		{"uk", "", "Міністерство повідомило в понеділок, що вивезення буде зупинено."},
		{"be", "", "Міністэрства паведаміла ў панядзелак, што вываз будзе спынены."},
		{"fa", "", "وزارتخانه روز دوشنبه اعلام کرد که صادرات متوقف می\u200cشود."},
		{"de", "", "Das Ministerium teilte am Montag mit, dass die Ausfuhr nicht mehr erlaubt ist und von der Regierung geprüft wird."},
		{"ru", "", "Команда git commit --amend меняет последний commit, а git push --force отправляет branch в remote."},
		{"ru", "kk", "Министерство сообщило в понедельник, что вывоз будет остановлен."},
		{"kk", "ru", "Министрлік дүйсенбі күні шығарылымды тоқтататынын мәлімдеді."},
		{"ky", "ky", "Министр"},
		{"ru", "ru-RU", "Министр"},
		{"uz", "uz-Latn", "2026"},
		{"und", "", "2026"},
		{"und", "", "საქართველო"},
		{"und", "", "中国外交部"},
		{"und", "", ""},
	} {
		if got := Detect(tc.text, tc.hint); got != tc.want {
			t.Errorf("%q, said to be %q: got %s, want %s", tc.text, tc.hint, got, tc.want)
		}
	}
}

func TestNormalizeLang(t *testing.T) {
	for in, want := range map[string]string{
		"ru": "ru", "ru-RU": "ru", "ru_RU": "ru", "RU": "ru", "rus": "ru", "eng": "en", "en-US": "en",
		"uz-Latn": "uz", "uz-Cyrl": "uz-Cyrl", "uz-cyrl-UZ": "uz-Cyrl", "uz-Latn-UZ": "uz", "uzb": "uz",
		"kz": "kk", "kk-Cyrl": "kk", "kk-Latn": "kk-Latn", "kk-Arab-CN": "kk-Arab", "kg": "ky", "tj": "tg",
		"tuk": "tk", "tk-Cyrl": "tk-Cyrl", "ua": "uk", " en ": "en", "": "und", "x": "und", "und": "und",
		"russian": "ru", "de-DE": "de", "12": "und", "klingonese": "und",
	} {
		if got := NormalizeLang(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
